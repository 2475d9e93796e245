// Pictures of the board, the queue and an answer of research, light, 1280 wide.
//
//   pages.mjs LINK FOLDER      LINK signs in (pitchward-web --link)
//
// PW_NODE is a folder of modules with playwright-core in it.
import { createRequire } from "node:module";

const modules = process.env.PW_NODE;
const { chromium } = createRequire(modules + "/")(modules + "/playwright-core");
const [link, folder] = process.argv.slice(2);
const pages = [
	["board", "/", 1250],
	["queue", "/queue", 860],
	["research", "/research?q=" + encodeURIComponent(process.env.PW_QUESTION), 1000],
];

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
const page = await context.newPage();
await page.goto(link);
await page.click("main button");
for (const [name, path, height] of pages) {
	await page.setViewportSize({ width: 1280, height });
	await page.goto(new URL(path, link).href);
	await page.screenshot({ path: `${folder}/${name}.png` });
}
await browser.close();
