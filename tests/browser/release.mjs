// Mail arrives, is held, and its buyer gives it back to themselves.
import { equal, matches, test, truth, until } from "./check.mjs";
import { arrived, base, fate, label, mailbox, pitchward, read, send, show, sign, verifies } from "./stack.mjs";
import { leave, row, said, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const quinn = "quinn@buyer.example";

async function signInByMail(options) {
	const page = await visit(options);
	const before = mailbox(quinn).length;
	await page.goto("/queue");
	matches(page.url(), /\/sign-in\?next=%2Fqueue$/);
	await page.fill("#address", quinn);
	await page.click("main button");
	equal(await page.textContent("h1"), "Look into your mailbox");
	const mail = await until(10, () => mailbox(quinn).length > before && mailbox(quinn).pop(), "no mail with a link");
	const link = read(mail).replace(/=\r?\n/g, "").match(new RegExp(base + "/sign-in/[\\w-]{43}\\S*"))[0].replace(/=3D/g, "=");
	await page.goto(link);
	await page.click("main button");
	equal(new URL(page.url()).pathname, "/queue", "after signing in:");
	return page;
}

// The newest of the mailbox with that tag.
function released(tag) {
	return until(10, () => mailbox(quinn).reverse().find(path => read(path).includes(`[${tag}]`)), `[${tag}] is in no mailbox`);
}

async function releaseAndLook(page, tag) {
	await row(page, tag).getByRole("button", { name: "Release" }).click();
	matches(await said(page), /^1 message released/);
	equal(await row(page, tag).count(), 0, "rows left:");
	const path = await released(tag);
	truth(verifies(path), "the DKIM signature does not hold");
	truth(/^X-Pitchward-Release: id=/m.test(read(path)), "no header of ours");
	const { id } = await arrived(tag);
	equal([show(id).state, label(id)], ["released", "relevant"]);
}

async function undoAndLook(page, tag) {
	await page.click("[data-undo]");
	matches(await said(page), /^Taken back for 1 message\. What was released stays in the mailbox\.$/);
	const { id } = await arrived(tag);
	equal([show(id).state, label(id)], ["released", ""]);
	equal(await page.locator("[data-undo]").count(), 0, "undo after undo:");
}

async function withoutScript() {
	const page = await signInByMail({ javaScriptEnabled: false });
	await test("a held mail is in the queue, with why", async () => {
		equal(await row(page, "r1").count(), 1);
		matches(await row(page, "r1").locator(".why").textContent(), /\w+/);
	});
	await test("its page shows what a person would see, and no more than text", async () => {
		await row(page, "r1").getByRole("link", { name: /r1/ }).click();
		matches(await page.textContent(".mail > pre"), /15-minute demo/);
		equal(await page.locator(".mail img, .mail a[href^=http]").count(), 0);
		await page.goBack();
	});
	await test("one click releases, without JavaScript; the signature holds", () => releaseAndLook(page, "r1"));
	await test("undo takes the label back, not the mail", () => undoAndLook(page, "r1"));
	await test("what was said is said once", async () => {
		await page.goto("/queue");
		equal(await page.locator(".note").count(), 0);
	});
	await leave(page);
}

async function withScript() {
	const page = await visit({ as: quinn });
	await page.goto("/queue");
	await test("one click releases with JavaScript, too", () => releaseAndLook(page, "r2"));
	await test("a second mail of that campaign is let in", async () => {
		await send("sam@second.example", quinn, letter({ tag: "r2b", n: 2, vendor: "second.example" }));
		matches(await until(5, () => fate("r2b"), "no verdict"), /deliver|tag/);
	});
	await test("from its own page, and back there", async () => {
		await row(page, "r3").getByRole("link", { name: /r3/ }).click();
		const path = page.url();
		await page.locator("article .actions").getByRole("button", { name: "Release" }).click();
		equal(page.url(), path);
		matches(await said(page), /^1 message released/);
		equal(await page.textContent("article .from .chip"), "released");
		await released("r3");
	});
	await leave(page);
}

export default async function () {
	for (const [n, vendor] of [[1, "first.example"], [2, "second.example"], [3, "third.example"]])
		await send("sam@" + vendor, quinn, sign(letter({ tag: "r" + n, n, vendor })));
	for (const tag of ["r1", "r2", "r3"]) equal((await arrived(tag)).state, "held", tag);
	await test("the mailbox is empty of it before", async () => equal(mailbox(quinn).filter(path => /\[r\d\]/.test(read(path))), []));
	await withoutScript();
	await withScript();
	await test("the command line tells the same", async () =>
		matches(pitchward("quarantine", "show", (await arrived("r2")).id), /released/));
}
