// Whoever follows every link of every page, and of the digest, changes nothing:
// mail scanners do so, and browsers that fetch ahead.
import { equal, note, test, truth } from "./check.mjs";
import { pitchward, storeDump } from "./stack.mjs";
import { leave, visit } from "./browser.mjs";
import { digestLinks } from "./looks.mjs";

const most = 140;

const where = html => [...html.matchAll(/ (?:href|src|action|formaction)="([^"]*)"/g)].map(found => found[1].replace(/&amp;/g, "&"));

async function crawl(page, first) {
	const seen = new Set(), todo = [...first];
	while (todo.length && seen.size < most) {
		const path = todo.shift().replace(/#.*/, "");
		if (!/^\/([^/]|$)/.test(path) || seen.has(path)) continue;
		seen.add(path);
		const reply = await page.request.get(path);
		truth(reply.status() < 500, `${path}: ${reply.status()}`);
		const head = await page.request.head(path);
		equal(head.status(), reply.status(), "HEAD " + path);
		if ((reply.headers()["content-type"] || "").startsWith("text/html")) todo.push(...where(await reply.text()));
	}
	return seen.size;
}

export default async function () {
	const links = await digestLinks();
	await test("the digest has links", async () => truth(links.length > 3, links.join(" ")));
	// Who asks has new mail read first: that is done by now.
	pitchward("vendor", "update");
	const before = storeDump();
	truth(before.length > 1000, "the store looks empty");
	for (const name of ["quinn", "april", "ada", "otto", null]) {
		const page = await visit({ as: name && name + "@buyer.example" });
		let seen = 0;
		await test(`the links that ${name || "nobody"} sees lead somewhere`, async () => { seen = await crawl(page, ["/", "/queue", "/vendors", "/research", "/research?q=backup", "/brief", "/groups", "/profile", "/models", "/admin", "/account", ...links]); });
		note(`crawl: ${seen} pages as ${name || "nobody"}`);
		await leave(page);
	}
	await test("and change nothing in the store", async () => {
		const after = storeDump();
		if (after === before) return;
		const old = new Set(before.split("\n"));
		equal(after.split("\n").filter(line => !old.has(line)).slice(0, 3).map(line => line.slice(0, 150)), []);
		equal(after.length, before.length);
	});
}
