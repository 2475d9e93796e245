// Pictures of the board and the queue, light, 1280 wide.
//
//   pages.mjs LINK FOLDER      LINK signs in (pitchward-web --link)
//
// PW_NODE is a folder of modules with playwright-core in it.
import { createRequire } from "node:module";

const modules = process.env.PW_NODE;
const { chromium } = createRequire(modules + "/")(modules + "/playwright-core");
const [link, folder] = process.argv.slice(2);
const heights = { board: 1250, queue: 860 };

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
const page = await context.newPage();
await page.goto(link);
await page.click("main button");
for (const [name, height] of Object.entries(heights)) {
	await page.setViewportSize({ width: 1280, height });
	await page.goto(new URL(name === "board" ? "/" : "/" + name, link).href);
	await page.screenshot({ path: `${folder}/${name}.png` });
}
await browser.close();
