// How every page looks to everybody: phone and desktop, light and dark, without
// serious accessibility faults, light in weight, and nothing from elsewhere.
// Screenshots are for people to look at.
import { equal, note, test, truth, until } from "./check.mjs";
import { arrived, base, configure, mailbox, makeHistory, messages, pitchward, read, send, shots, signInLink } from "./stack.mjs";
import { axeSource, leave, row, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const quinn = "quinn@buyer.example", tara = "tara@buyer.example";
const who = name => name + "@buyer.example";
const max = 50 * 1024;

const get = path => async page => (await page.goto(path)).text();

async function profileWith(page, change, button) {
	await page.goto("/profile");
	await page.fill("#text", change(await page.inputValue("#text")));
	await page.getByRole("button", { name: button }).click();
	return page.content();
}

async function noted(page) {
	await page.goto("/queue");
	await page.locator(".row").first().getByRole("button", { name: "Not for me" }).click();
	return page.content();
}

async function keyList(page) {
	await page.goto("/queue");
	await page.keyboard.press("?");
	await page.waitForSelector("dialog");
	return page.content();
}

export async function digestLinks() {
	const before = mailbox(quinn).length;
	pitchward("digest", "--for", quinn, "--resend");
	const mail = await until(10, () => mailbox(quinn).length > before && mailbox(quinn).pop(), "no digest");
	const text = read(mail).replace(/=\r?\n/g, "").replace(/=3D/g, "=");
	return [...new Set(text.match(new RegExp(base + "/[^\\s\"'<>)]+", "g")))].map(link => link.replace(/&amp;/g, "&").slice(base.length));
}

async function pages() {
	const folded = (await arrived("l3", quinn)).id;
	const link = (await digestLinks()).find(one => one.startsWith("/l/"));
	const widest = (await messages("--for", "xena@buyer.example")).pop();
	return [
		["sign-in", null, get("/sign-in")],
		["sign-in-link", null, get(signInLink(quinn).slice(base.length))],
		["digest-link", null, get(link)],
		["board", quinn, get("/")],
		["queue", quinn, get("/queue")],
		["queue-empty", quinn, get("/queue?q=nothing+of+that+kind")],
		["queue-note", quinn, noted],
		["keys", quinn, keyList],
		["message", quinn, get("/message/" + folded)],
		["missing", quinn, get("/message/nothing")],
		["profile", quinn, get("/profile")],
		["profile-fault", quinn, page => profileWith(page, text => text.replace("weight: 1.0", "weight: hgih"), "Save")],
		["profile-trial", quinn, page => profileWith(page, text => text.replace("accept: 1.0, tag: 0.9", "accept: 0.0, tag: 0.0"), "What would it change?")],
		["models", quinn, get("/models")],
		["vendors", quinn, get("/vendors")],
		["vendor", quinn, get("/vendors/fold.example")],
		["vendors-siblings", quinn, get("/vendors/siblings")],
		["research", quinn, get("/research")],
		["research-found", quinn, get("/research?q=backups+that+ransomware+cannot+delete")],
		["research-nothing", quinn, get("/research?q=zeppelin")],
		["brief", quinn, get("/brief")],
		["groups", quinn, get("/groups")],
		["group", quinn, get("/groups/edr")],
		["account", quinn, get("/account")],
		["board-approver", who("april"), get("/")],
		["queue-delegate", who("della"), get("/queue")],
		["admin", who("ada"), get("/admin")],
		["audit", who("ada"), get("/admin/audit")],
		...(widest ? [["queue-hostile", who("xena"), get("/queue")], ["message-hostile", who("xena"), get("/message/" + widest.id)]] : []),
	];
}

const axe = (page, colours) => page.evaluate(async only => {
	const result = await window.axe.run(document, { resultTypes: ["violations"], ...(only ? { runOnly: { type: "rule", values: ["color-contrast", "scrollable-region-focusable"] } } : {}) });
	return result.violations.filter(one => ["serious", "critical"].includes(one.impact))
		.map(one => `${one.id} (${one.nodes.length}): ${one.nodes[0].target} ${one.nodes[0].failureSummary}`);
}, colours);

const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// What is not asked again of a page that is like another: its colours are.
const looks = [
	{ width: 1280, scheme: "light", shot: true }, { width: 390, scheme: "dark", shot: true },
	{ width: 1280, scheme: "dark", colours: true }, { width: 390, scheme: "light", colours: true },
];
const kinds = ["board", "queue-note", "message", "profile-trial", "models", "audit", "sign-in", "vendors", "vendor", "research-found", "brief", "group"];

async function lookAt([name, as, open]) {
	const page = await visit({ as, reducedMotion: "reduce" });
	const html = await open(page);
	equal(await page.textContent("h1") === "Nothing is here", name === "missing", "nothing is here:");
	equal(await page.$$eval("th", heads => heads.filter(one => !one.textContent.trim()).length), 0, "heads without a word:");
	const weight = Buffer.byteLength(html);
	truth(weight < max, `${weight} bytes`);
	await page.evaluate(axeSource);
	for (const { width, scheme, colours, shot } of looks) {
		await page.setViewportSize({ width, height: 900 });
		await page.emulateMedia({ colorScheme: scheme });
		equal(await overflow(page), 0, `wider than ${width} px:`);
		if (!colours || kinds.includes(name)) equal(await axe(page, colours), [], `${width} px, ${scheme}:`);
		if (shot) await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png`, fullPage: true });
	}
	await leave(page);
	return weight;
}

async function weights(sizes) {
	const page = await visit();
	const files = [];
	page.on("response", response => { if (!response.url().endsWith("/sign-in")) files.push(response.body()); });
	await page.goto("/sign-in");
	await page.waitForLoadState("networkidle");
	const fixed = (await Promise.all(files)).reduce((sum, body) => sum + body.length, 0);
	await leave(page);
	note("bytes: style sheet and script " + fixed + "; " + sizes.join(", "));
	await test("style sheet and script are light, too", async () => truth(fixed < max / 2, fixed + " bytes"));
}

// A row is as high as the others, whoever it is of.
async function wideVendor() {
	const page = await visit({ as: quinn });
	await page.goto("/vendors");
	const rows = await page.locator(".vendors tbody tr").all();
	truth(rows.length > 1, "too few vendors");
	const heights = await Promise.all(rows.map(async one => Math.round((await one.boundingBox()).height)));
	truth(Math.max(...heights) < 110, "heights: " + heights);
	const first = await page.locator(".vendors tbody tr td:first-child").first().boundingBox();
	truth(first.width <= 23 * 16, "the first column: " + first.width);
	await leave(page);
}

// On a phone: all that can be done with the selected is seen, wherever they are.
async function bulkOnPhone(width) {
	const page = await visit({ as: quinn, viewport: { width, height: 844 }, hasTouch: true });
	const seen = async () => {
		const boxes = await Promise.all((await page.locator("div.bulk > :not([hidden])").all()).map(one => one.boundingBox()));
		return boxes.every(box => box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= 844);
	};
	await page.goto("/queue");
	truth(await page.locator("div.bulk button").count() === 6, "not all the buttons");
	const last = page.locator(".row").last().locator(".pick input");
	await last.scrollIntoViewIfNeeded();
	truth(!await seen(), "one screen shows it all: nothing is tested");
	await last.check();
	truth(await seen(), "a button is out of sight");
	const height = (await page.locator("div.bulk").boundingBox()).height;
	truth(height < 240, `${height} px of 844 are taken`);
	await page.screenshot({ path: `${shots}/bulk-${width}.png` });
	const [label, select] = [await page.locator("label[for=order]").boundingBox(), await page.locator("#order").boundingBox()];
	truth(select.y >= label.y && select.y + select.height <= label.y + label.height + 1, "Order is parted from its choices");
	await leave(page);
}

async function prepare() {
	await send("sam@fold.example", [quinn, tara], letter({ tag: "l1", n: 91, vendor: "fold.example", subject: "Backups that even ransomware cannot delete" }));
	for (const tag of ["l2", "l3"]) await send("sam@fold.example", quinn, letter({ tag, n: 91, vendor: "fold.example", subject: "Re: Backups that even ransomware cannot delete" }));
	await send("sam@ask.example", tara, letter({ tag: "l4", n: 92, vendor: "ask.example", to: tara }));
	await arrived("l4");
	await send("sam@many.example", quinn, ...["w".repeat(50), "two", "three", "four"].map((name, i) => letter({ tag: "l" + (5 + i), n: 93 + i, vendor: name + ".example" })));
	await arrived("l8");
	makeHistory("quinn");
	await configure("asking");
	const page = await visit({ as: tara });
	await page.goto("/queue");
	await row(page, "l4").getByRole("button", { name: "Ask for release" }).click();
	await leave(page);
}

export default async function () {
	const sizes = [];
	await prepare();
	const approver = (await pages()).find(([name]) => name === "board-approver");
	await test("looks: " + approver[0], async () => sizes.push(`${approver[0]} ${await lookAt(approver)}`));
	await configure("plain");
	for (const one of await pages())
		if (one !== approver && one[0] !== approver[0])
			await test("looks: " + one[0], async () => sizes.push(`${one[0]} ${await lookAt(one)}`));
	await test("looks: one vendor's name makes no row of the others high", wideVendor);
	for (const width of [390, 320]) await test(`looks: what is done with the selected, at ${width} px`, () => bulkOnPhone(width));
	await weights(sizes);
}
