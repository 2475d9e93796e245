// Runs the named stories, or all of them, in one browser.
//
//   run.mjs [STORY...]
import { failures, note, test } from "./check.mjs";
import { close, open } from "./browser.mjs";

const all = ["release", "decide", "learn", "profile", "roles", "hostile", "keys", "looks", "crawl"];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all;

await open();
for (const name of wanted) {
	const began = Date.now();
	const story = await import(`./${name}.mjs`);
	await test(name + " runs to its end", story.default);
	note(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
await close();
process.exitCode = failures() ? 1 : 0;
