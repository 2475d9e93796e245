// Labels given on the page, a model trained of them, and the next mail passes.
import { equal, matches, test, truth, until } from "./check.mjs";
import { arrived, fate, pitchward, reloadFilter, send } from "./stack.mjs";
import { leave, said, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const rita = "rita@buyer.example";
const topics = {
	robots: "robot conveyor pallet forklift picking gripper automation depot shelving storage dispatch".split(" "),
	loyalty: "voucher shopper retail coupon membership rewards basket checkout promotion points".split(" "),
};
const each = 12; // of a topic, labelled in two halves: the newest labels should be of both kinds

const offer = (topic, n) => letter({ tag: `${topic}-${n}`, n: 300 + n, vendor: `${topic}${n}.example`, to: rita, about: topics[topic] });

async function comes(topic, n) {
	await send(`sam@${topic}${n}.example`, rita, offer(topic, n));
	return until(5, () => fate(`${topic}-${n}`), "no verdict");
}

async function label(page, topic, first, rows, button, wanted) {
	await page.goto(`/queue?q=${encodeURIComponent("[" + topic)}&order=newest`);
	const boxes = await page.locator(".row input[type=checkbox]").all();
	equal(boxes.length, rows, "rows:");
	for (const box of boxes.slice(first, first + each / 2)) await box.check();
	await page.locator(".bulk").getByRole("button", { name: button }).click();
	matches(await said(page), wanted);
}

export default async function () {
	for (const topic of ["robots", "loyalty"])
		await send("sam@many.example", rita, ...Array.from({ length: each }, (_, i) => offer(topic, i + 1)));
	await arrived(`loyalty-${each}`);
	const page = await visit({ as: rita });
	await test("a dozen of each kind are labelled on the page", async () => {
		for (const done of [0, each / 2]) {
			await label(page, "robots", done, each, "Relevant", /^6 messages marked relevant/);
			// What is decided leaves the queue.
			await label(page, "loyalty", 0, each - done, "Not for me", /^6 messages marked as not for you/);
		}
	});
	await test("before training such mail is held", async () => equal(await comes("robots", 51), "quarantine"));
	await test("training promotes a model", async () => matches(pitchward("train", "--for", rita), /buyers\/rita\/relevance/));
	await test("the page about models shows it", async () => {
		await page.goto("/models");
		matches(await page.textContent("main"), /rita-relevance-/);
	});
	await test("the filter takes it, and such mail passes", async () => {
		await reloadFilter();
		matches(await comes("robots", 52), /deliver|tag/);
	});
	await test("the other kind does not", async () => equal(await comes("loyalty", 53), "quarantine"));
	truth(page.faults.length === 0, page.faults.join("; "));
	await leave(page);
}
