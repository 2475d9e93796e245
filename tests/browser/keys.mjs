// The keyboard, with and without shortcuts.
import { equal, matches, test, truth } from "./check.mjs";
import { arrived, label, send } from "./stack.mjs";
import { leave, said, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const quinn = "quinn@buyer.example";

const here = page => page.evaluate(() => [...document.querySelectorAll(".row")].findIndex(row => row.classList.contains("here")));
const keys = async (page, ...names) => { for (const name of names) await page.keyboard.press(name); };

// The tag of the row that the keyboard is on.
const tagHere = async page => /\[(\w+)\]/.exec(await page.textContent(".row.here h2"))[1];

async function moving(page) {
	await test("j and k go through the rows, and stop at the ends", async () => {
		await keys(page, "j");
		equal(await here(page), 0);
		await keys(page, "j");
		equal(await here(page), 1);
		await keys(page, "k", "k", "k");
		equal(await here(page), 0);
		truth(await page.evaluate(() => document.querySelector(".row.here").contains(document.activeElement)), "the focus is elsewhere");
	});
	await test("x selects, / searches, and there a letter is a letter", async () => {
		await keys(page, "x");
		truth(await page.locator(".row.here input[type=checkbox]").isChecked(), "not selected");
		await keys(page, "x", "/", "j");
		matches(await page.inputValue("#q"), /j/);
		equal(await here(page), 0);
	});
}

async function acting(page) {
	await test("i labels, u takes it back, each a key", async () => {
		await page.goto("/queue?q=" + encodeURIComponent("[k"));
		await keys(page, "j");
		const tag = await tagHere(page);
		await keys(page, "i");
		await page.waitForSelector("[data-undo]");
		equal(label((await arrived(tag)).id), "irrelevant");
		await keys(page, "u");
		await page.waitForSelector("text=Taken back");
		equal(label((await arrived(tag)).id), "");
	});
	await test("n means never again, not the button before it", async () => {
		await keys(page, "j", "n");
		await page.waitForSelector("[data-undo]");
		matches(await said(page), /offers are held/);
		await keys(page, "u");
		await page.waitForSelector("text=Taken back");
	});
	await test("o opens a message, where r releases it", async () => {
		await keys(page, "j");
		const tag = await tagHere(page);
		await keys(page, "o");
		await page.waitForSelector("article.message");
		await keys(page, "r");
		await page.waitForSelector(".note");
		equal((await arrived(tag)).state, "released");
	});
}

async function help(page) {
	await test("? lists the keys, Escape closes the list", async () => {
		await page.goto("/queue");
		await keys(page, "?");
		const listed = await page.locator("dialog kbd").allTextContents();
		for (const key of ["j", "k", "o", "x", "u", "/", "r", "i", "s", "n"]) truth(listed.includes(key), key + " is not listed");
		equal(new Set(listed).size, listed.length, "a key listed twice:");
		await keys(page, "Escape");
		equal(await page.locator("dialog").count(), 0);
	});
	await test("they can be turned off, and on again", async () => {
		await keys(page, "?");
		await page.locator("dialog input").uncheck();
		await keys(page, "Escape", "j");
		equal(await here(page), -1);
		await page.reload();
		await keys(page, "j");
		equal(await here(page), -1);
		await keys(page, "?");
		await page.locator("dialog input").check();
		await keys(page, "Escape", "j");
		equal(await here(page), 0);
	});
}

async function plain() {
	const page = await visit({ as: quinn, javaScriptEnabled: false });
	await test("with Tab alone: past the navigation, to a message, without a script", async () => {
		await page.goto("/queue");
		await keys(page, "Tab");
		equal(await page.locator(":focus").textContent(), "Skip to the content");
		await keys(page, "Enter", "Tab", "Tab", "Tab", "Tab");
		truth(await page.locator("main :focus").count() === 1, "the focus is not in the content");
	});
	await leave(page);
}

export default async function () {
	await send("sam@many.example", quinn, ...[1, 2, 3].map(n => letter({ tag: "k" + n, n: 80 + n, vendor: `keys${n}.example` })));
	await arrived("k3");
	const page = await visit({ as: quinn });
	await page.goto("/queue?q=" + encodeURIComponent("[k"));
	await moving(page);
	await acting(page);
	await help(page);
	await plain();
	await leave(page);
}
