// Who may see and do what: a buyer, another one, delegate, approver, admin and
// auditor; and asking for a release.
import { equal, matches, test, truth, until } from "./check.mjs";
import { arrived, configure, label, mailbox, read, send, show } from "./stack.mjs";
import { leave, row, said, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const tara = "tara@buyer.example";
const who = name => name + "@buyer.example";

const status = async (page, path) => (await page.request.get(path, { maxRedirects: 0 })).status();
const inBox = tag => mailbox(tara).filter(path => read(path).includes(`[${tag}]`)).length;

// What a form would send, from another's hand.
async function forge(page, fields) {
	await page.goto("/account");
	const csrf = await page.inputValue("form[action='/sign-out'] [name=csrf]");
	return page.request.post("/queue/act", { form: { csrf, back: "/queue", ...fields }, maxRedirects: 0,
		headers: { Origin: new URL(page.url()).origin } });
}

async function strangers(id) {
	const page = await visit({ as: who("quinn") });
	await test("another buyer's message is not there", async () => {
		equal(await status(page, "/message/" + id), 404);
		equal(await status(page, `/message/${id}/original`), 404);
		equal(await status(page, "/queue?for=tara"), 404);
		equal(await status(page, "/profile?for=tara"), 404);
		equal(await status(page, "/vendors/tara1.example"), 404);
		equal(await status(page, "/vendors/tara1.example/json"), 404);
		equal(await status(page, "/research?q=laptop&for=tara"), 404);
		equal(await status(page, "/brief?for=tara"), 404);
		equal(await status(page, "/admin"), 403);
	});
	await test("nor can they decide about it", async () => {
		for (const verb of ["release", "relevant", "never", "snooze", "ask", "grant"]) await forge(page, { do: `${verb} ${id}` });
		await page.goto("/queue");
		equal([show(id).state, label(id)], ["held", ""]);
		equal(inBox("t1"), 0);
	});
	await leave(page);
}

async function delegate(id) {
	const page = await visit({ as: who("della") });
	await test("a delegate lists, reads and decides", async () => {
		await page.goto("/queue");
		equal(await row(page, "t1").count(), 1);
		await page.goto("/message/" + id);
		matches(await page.textContent(".mail > pre"), /15-minute demo/);
		await page.locator("article .actions").getByRole("button", { name: "Not for me" }).click();
		equal(label(id), "irrelevant");
		await page.click("[data-undo]");
	});
	await test("but changes no profile, and sees nobody else's mail", async () => {
		equal(await page.locator("header nav a").allTextContents(), ["Board", "Queue", "Vendors", "Research", "Brief", "Groups"]);
		truth([403, 404].includes(await status(page, "/profile?for=tara")), "the profile is open");
		equal(await status(page, "/queue?for=quinn"), 404);
	});
	await leave(page);
}

async function ask(page, tag) {
	await page.goto("/queue");
	equal(await row(page, tag).getByRole("button", { name: "Release", exact: true }).count(), 0, "release:");
	await row(page, tag).getByRole("button", { name: "Ask for release" }).click();
	matches(await said(page), /^1 message asked for/);
}

async function asking() {
	const buyer = await visit({ as: tara });
	const approver = await visit({ as: who("april") });
	const asked = () => approver.locator("section").filter({ hasText: "Asked of you" }).locator("li");

	await test("a buyer asks, an approver grants, and the mail comes", async () => {
		await ask(buyer, "t1");
		await approver.goto("/");
		equal(await asked().count(), 1);
		await asked().getByRole("button", { name: "Release" }).click();
		matches(await said(approver), /^1 message released/);
		await until(10, () => inBox("t1") === 1, "not in the mailbox");
		await approver.goto("/");
		equal(await asked().count(), 0, "still asked:");
	});
	await test("or refuses, and it stays held", async () => {
		await ask(buyer, "t2");
		await approver.goto("/");
		await asked().getByRole("button", { name: "Refuse" }).click();
		matches(await said(approver), /^1 message refused/);
		equal((await arrived("t2")).state, "held");
		equal(await asked().count(), 0, "still asked:");
	});
	await test("what was asked for is taken back", async () => {
		await ask(buyer, "t2");
		await buyer.click("[data-undo]");
		await approver.goto("/");
		equal(await asked().count(), 0);
	});
	await test("who asks cannot release, nor grant it themself", async () => {
		const id = (await arrived("t2")).id;
		for (const verb of ["release", "grant"]) await forge(buyer, { do: `${verb} ${id}` });
		equal((await arrived("t2")).state, "held");
	});
	await leave(buyer);
	await leave(approver);
}

async function figures(name, id) {
	const page = await visit({ as: who(name) });
	await test(`the ${name === "ada" ? "admin" : "auditor"} sees counts, and no contents`, async () => {
		const seen = [];
		for (const path of ["/admin", "/admin/audit", "/models", "/"]) {
			await page.goto(path);
			seen.push(await page.textContent("body"));
		}
		truth(!/\[[dtrp]\d\]|15-minute/.test(seen.join("\n")), "a subject or text is shown");
		matches(seen[0], /held/);
		truth(seen[1].includes("grant") === true, "the log does not tell of the release");
		equal([await status(page, "/message/" + id), await status(page, `/message/${id}/original`)], [404, 404]);
		for (const path of ["/queue", "/vendors", "/vendors/csv", "/research", "/brief", "/groups/edr"])
			truth([403, 404].includes(await status(page, path)), path + " is open");
	});
	await leave(page);
}

export default async function () {
	for (const n of [1, 2]) await send("sam@many.example", tara, letter({ tag: "t" + n, n: 70 + n, vendor: `tara${n}.example`, to: tara }));
	const id = (await arrived("t1")).id;
	await arrived("t2");
	await strangers(id);
	await delegate(id);
	await configure("asking");
	await asking();
	await configure("plain");
	await figures("ada", id);
	await figures("otto", id);
}
