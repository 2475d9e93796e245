// What a buyer says of mail without taking it, and what the next mail meets.
import { equal, matches, test, truth, until } from "./check.mjs";
import { arrived, fate, label, send, vendorWord } from "./stack.mjs";
import { leave, row, said, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const quinn = "quinn@buyer.example";
const vendors = ["for.example", "sales.example", "again.example", "later.example", "bulk1.example", "bulk2.example", "ruled.example", "undone.example"];

const labelled = async tag => label((await arrived(tag)).id);

async function comes(tag, n, vendor, more = {}) {
	await send("sam@" + vendor, quinn, letter({ tag, n, vendor, ...more }));
	return until(5, () => fate(tag), "no verdict");
}

const invoice = `Dear Sir or Madam,

please find attached invoice 2210457 for your order PO-88213, delivery note
55120 of last Thursday (240 base plates, drawing AI-3307 rev. D).

Amount due: GBP 11,424.00, payable within 30 days to the account you know.

Accounts receivable`;

async function press(page, tag, name) {
	await page.goto("/queue");
	await row(page, tag).getByRole("button", { name }).click();
}

async function labels(page) {
	await test("not for me: the label, and the row is among the decided", async () => {
		await page.goto("/queue");
		const before = await page.locator(".row").count(), heading = await page.textContent("h1");
		await press(page, "d1", "Not for me");
		matches(await said(page), /^1 message marked as not for you\.$/);
		equal(await labelled("d1"), "irrelevant");
		equal([await row(page, "d1").count(), await page.locator(".row").count()], [0, before - 1]);
		matches(heading, new RegExp(`^${before} (mails|campaigns, \\d+ mails) held$`));
		await page.getByRole("link", { name: "Decided" }).click();
		equal([await page.textContent("h1"), await page.locator(".row").count()], ["1 mail decided", 1]);
		matches(await row(page, "d1").textContent(), /decided/);
		await page.getByRole("link", { name: /remove/ }).click();
		equal(await row(page, "d1").count(), 0);
	});
	await test("its page says what was said of it", async () => {
		const list = page.url();
		await page.goto("/message/" + (await arrived("d1")).id);
		matches(await page.textContent(".said p"), /^Said of it: Not for me, by quinn@buyer\.example/);
		await page.getByRole("button", { name: "Take it back" }).click();
		equal([await labelled("d1"), await page.locator(".said").count()], ["", 0]);
		await page.goto(list);
		await press(page, "d1", "Not for me");
	});
	await test("undo: as before", async () => {
		await page.click("[data-undo]");
		equal(await labelled("d1"), "");
	});
	await test("no sales mail: the next of its campaign comes in", async () => {
		await press(page, "d2", "No sales mail");
		equal(await labelled("d2"), "not-outreach");
		matches(await comes("d2b", 12, vendors[1]), /deliver|tag/);
	});
	await test("never again: no offer of that vendor comes in, its bills do", async () => {
		await press(page, "d3", "Never again");
		equal([await labelled("d3"), vendorWord("quinn", vendors[2])], ["irrelevant", "never"]);
		equal(await comes("d3a", 33, vendors[2]), "quarantine");
		matches(await comes("d3b", 13, vendors[2], { subject: "Invoice 2210457, your order PO-88213", text: invoice }), /deliver|tag/);
	});
	await test("undo takes the vendor's ruling back, too", async () => {
		await press(page, "d8", "Never again");
		equal(vendorWord("quinn", vendors[7]), "never");
		await page.click("[data-undo]");
		equal([await labelled("d8"), vendorWord("quinn", vendors[7])], ["", ""]);
	});
}

async function later(page) {
	await test("put off: not in the queue, still held, and back with undo", async () => {
		await page.goto("/message/" + (await arrived("d4")).id);
		await page.locator("article .actions").getByRole("button", { name: "Next week" }).click();
		matches(await said(page), /^1 message put off for a week\.$/);
		await page.goto("/queue");
		equal(await row(page, "d4").count(), 0);
		equal((await arrived("d4")).state, "held");
	});
	await test("undo of putting off leaves the label alone", async () => {
		await press(page, "d1", "Not for me");
		await page.goto("/message/" + (await arrived("d1")).id);
		await page.locator("article .actions").getByRole("button", { name: "Next week" }).click();
		await page.click("[data-undo]");
		await page.goto("/queue?decided=1");
		equal([await row(page, "d1").count(), await labelled("d1")], [1, "irrelevant"]);
	});
}

async function several(page) {
	await test("two selected are labelled at once, and taken back at once", async () => {
		await page.goto("/queue");
		for (const tag of ["d5", "d6"]) await row(page, tag).getByRole("checkbox").check();
		await page.locator(".bulk").getByRole("button", { name: "Relevant" }).click();
		matches(await said(page), /^2 messages marked relevant/);
		equal([await labelled("d5"), await labelled("d6")], ["relevant", "relevant"]);
		await page.click("[data-undo]");
		matches(await said(page), /^Taken back for 2 messages\.$/);
		equal([await labelled("d5"), await labelled("d6")], ["", ""]);
	});
	await test("none selected: it says so, and does nothing", async () => {
		await page.goto("/queue");
		await page.locator(".bulk").getByRole("button", { name: "Release" }).click();
		equal(await said(page), "Select the messages first.");
	});
	await test("a vendor's rows alone, and all again", async () => {
		await row(page, "d5").getByRole("link", { name: vendors[4], exact: true }).click();
		equal(await page.locator(".row").count(), 1);
		await page.locator("a.chip").filter({ hasText: "remove" }).click();
		truth(await page.locator(".row").count() > 1, "the filter stays");
	});
	await test("past the last page is the last one", async () => {
		await page.goto("/queue?page=99");
		truth(await page.locator(".row").count() > 1, "an empty page");
	});
	await test("search finds by subject, and says when it finds nothing", async () => {
		await page.fill("#q", "[d6]");
		await page.getByRole("button", { name: "Show" }).click();
		equal(await page.locator(".row").count(), 1);
		await page.fill("#q", "nobody wrote that");
		await page.getByRole("button", { name: "Show" }).click();
		matches(await page.textContent(".empty"), /matches/);
	});
}

async function rule(page, name, until_) {
	await page.goto("/message/" + (await arrived("d7")).id);
	await page.locator("details.vendor summary").click();
	if (until_) await page.fill("input[name=until]", until_);
	await page.locator("details.vendor").getByRole("button", { name, exact: true }).click();
}

async function rulings(page) {
	const vendor = vendors[6], word = () => vendorWord("quinn", vendor);

	await test("a vendor is always let in", async () => {
		await rule(page, "Always let in");
		equal(word(), "wanted");
		matches(await comes("d7b", 27, vendor), /deliver|tag/);
	});
	await test("not now needs a day to come", async () => {
		await rule(page, "Not now");
		equal([await said(page), word()], ["\"Not now\" needs a date to come.", "wanted"]);
		await rule(page, "Not now", "2099-01-31");
		equal(word(), "not-now");
		equal(await comes("d7c", 28, vendor), "quarantine");
	});
	await test("never, and undo brings back what was ruled before", async () => {
		await rule(page, "Never");
		equal(word(), "never");
		await page.click("[data-undo]");
		equal(word(), "not-now");
	});
	await test("as the models say: no ruling is left, and undo knows", async () => {
		await rule(page, "As the models say");
		equal(word(), "");
		await page.click("[data-undo]");
		equal(word(), "not-now");
		await rule(page, "As the models say");
	});
}

export default async function () {
	await send("sam@many.example", quinn, ...vendors.map((vendor, i) => letter({ tag: "d" + (i + 1), n: 11 + i, vendor })));
	await arrived("d8");
	const page = await visit({ as: quinn });
	await labels(page);
	await later(page);
	await several(page);
	await rulings(page);
	await leave(page);
}
