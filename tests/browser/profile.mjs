// The profile's page: faults, what a change would do, saving, and going back.
import { equal, matches, test, truth, until } from "./check.mjs";
import { arrived, fate, filterLog, pitchward, send } from "./stack.mjs";
import { leave, said, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const quinn = "quinn@buyer.example";

const history = () => pitchward("profile", "history", "quinn");
const followed = () => filterLog().split("profiles follow the store").length - 1;

const text = page => page.inputValue("#text");
const press = (page, name) => page.locator("form.editor").getByRole("button", { name, exact: true }).first().click();

async function open(page) {
	await page.goto("/profile");
	return text(page);
}

async function comes(tag, n) {
	await send("sam@profile.example", quinn, letter({ tag, n, vendor: `profile${n}.example` }));
	return until(5, () => fate(tag), "no verdict");
}

async function faults(page) {
	await test("a fault is shown with its line, and nothing is saved", async () => {
		const before = history();
		const bad = (await open(page)).replace("weight: 1.0", "weight: hgih");
		await page.fill("#text", bad);
		await press(page, "Save");
		const line = bad.split("\n").findIndex(one => one.includes("hgih")) + 1;
		matches(await page.textContent("[role=alert]"), new RegExp(`profile:${line}:\\d+: weight`));
		equal(await text(page), bad, "what was typed:");
		equal(history(), before);
	});
	await test("what no limit allows is a fault, too", async () => {
		await page.fill("#text", (await open(page)).replace("hold: 0.5", "hold: 0.01"));
		await press(page, "Save");
		const told = await page.textContent("main");
		matches(told, /Not saved|limit|hold/);
	});
}

async function trial(page) {
	await test("before saving it shows what would change", async () => {
		const before = history();
		await page.fill("#text", (await open(page)).replace("accept: 1.0", "accept: 0.0").replace("tag: 0.9", "tag: 0.0"));
		await press(page, "What would it change?");
		matches(await page.textContent("section h2"), /would have changed/);
		truth(await page.locator(".decisions a[href^='/message/']").count() > 0, "no message is named");
		equal(history(), before);
	});
	await test("the replay of what serves changes nothing", async () => {
		await open(page);
		await press(page, "What would it change?");
		equal(await page.locator("section").first().locator(".empty").textContent(), "Nothing.");
	});
}

async function buttons(page) {
	await test("a weight is written into the text", async () => {
		await open(page);
		await page.fill("[name=weight-edr]", "0.7");
		await page.locator("button[value='weight edr']").click();
		matches(await text(page), /id: edr.*weight: 0\.7/);
		equal(await page.textContent("[role=status]"), "Written into the text. It is not saved yet.");
	});
	await test("then a keyword, on top of that", async () => {
		await page.fill("[name=keyword-backup]", "tape: \"cold\"");
		await page.locator("button[value='keyword backup']").click();
		matches(await text(page), /weight: 0\.7/);
		matches(await text(page), /tape: /);
	});
	await test("then a priority and what is not wanted", async () => {
		await page.fill("[name=priority]", "Keys for doors");
		await page.locator("button[value=priority]").click();
		await page.fill("[name=refusal]", "Office plants");
		await page.locator("button[value=refusal]").click();
		matches(await text(page), /Keys for doors[^]*Office plants/);
		await press(page, "What would it change?");
		equal(await page.locator("[role=alert]").count(), 0, "faults:");
	});
	await test("a weight that is none is refused", async () => {
		await open(page);
		await page.locator("form.editor").evaluate(form => { form.noValidate = true; });
		await page.fill("[name=weight-edr]", "7");
		await page.locator("button[value='weight edr']").click();
		matches(await page.textContent("[role=status]"), /from 0 to 1/);
	});
}

async function save(page) {
	const served = followed();
	await page.fill("#text", (await open(page)).replace("accept: 1.0", "accept: 0.0").replace("tag: 0.9", "tag: 0.0"));
	await page.fill("[name=note]", "all of it, for a day");
	await press(page, "Save");
	matches(await said(page), /^Saved as version 1;/);
	await until(3, () => followed() > served, "the filter does not follow within 3 s");
}

async function versions(page) {
	const file = await open(page);
	const other = await visit({ as: quinn });
	await other.goto("/profile");
	await test("saved, it serves within three seconds", async () => {
		equal(await comes("p1", 61), "quarantine");
		await save(page);
		equal(await comes("p2", 62), "deliver");
	});
	await test("who opened it before cannot save over it", async () => {
		await other.fill("#text", (await text(other)) + "# mine\n");
		await press(other, "Save");
		matches(await other.textContent("[role=status]"), /Somebody else changed/);
		truth(!/version 2|^\*? *2 /m.test(history()), "it was saved");
		await leave(other);
	});
	await test("history tells who, why and what", async () => {
		await open(page);
		const item = page.locator(".history li").filter({ hasText: "Version 1" });
		matches(await item.textContent(), /by quinn@buyer\.example.*all of it, for a day/s);
		matches(await item.locator(".diff .add").allTextContents().then(all => all.join("")), /accept: 0\.0/);
	});
	await test("the old text is opened and saved again", async () => {
		const served = followed();
		await page.locator(".history").getByRole("link", { name: "The administrator's file" }).click();
		equal(await text(page), file);
		await press(page, "Save");
		matches(await said(page), /^Saved as version 2;/);
		await until(3, () => followed() > served, "the filter does not follow within 3 s");
		equal(await comes("p3", 63), "quarantine");
	});
}

export default async function () {
	await send("sam@profile.example", quinn, letter({ tag: "p0", n: 60, vendor: "profile60.example" }));
	await arrived("p0");
	const page = await visit({ as: quinn });
	await faults(page);
	await trial(page);
	await buttons(page);
	await versions(page);
	await leave(page);
}
