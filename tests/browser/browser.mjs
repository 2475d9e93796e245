// Chromium, and pages that are watched: whatever a page of ours should never do
// is noted down.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { base, signInLink } from "./stack.mjs";

const modules = process.env.PW_NODE;
const { chromium } = createRequire(modules + "/")(modules + "/playwright-core");
export const axeSource = readFileSync(modules + "/axe-core/axe.min.js", "utf8");

let browser;
const sessions = new Map();

// Messages of a browser that are no fault of a page.
const usual = /^Failed to load resource: the server responded with a status of (403|404)/;

export async function open() {
	browser = await chromium.launch({
		executablePath: process.env.PW_CHROMIUM || "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
	});
}

export const close = () => browser.close();

function watch(context, faults) {
	context.on("console", message => {
		if (["error", "warning"].includes(message.type()) && !usual.test(message.text())) faults.push("console: " + message.text());
	});
	context.on("dialog", dialog => {
		faults.push("dialog: " + dialog.message());
		dialog.dismiss();
	});
	context.on("weberror", error => faults.push("script: " + error.error().message));
	context.on("request", request => {
		if (!request.url().startsWith(base + "/")) faults.push("foreign request: " + request.url());
	});
	context.setDefaultTimeout(8000);
}

// A browser of its own; `as` signs in, once an address. page.faults is what went
// wrong.
export async function visit({ as, ...options } = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: base,
		storageState: as && sessions.get(as), ...options });
	const faults = [];
	watch(context, faults);
	const page = await context.newPage();
	page.faults = faults;
	if (as && !sessions.has(as)) {
		await page.goto(signInLink(as));
		await page.click("main button");
		sessions.set(as, await context.storageState());
	}
	return page;
}

export async function leave(page) {
	const faults = page.faults;
	await page.context().close();
	if (faults.length) throw new Error(faults.slice(0, 3).join("; "));
}

// What the last action said.
export const said = page => page.textContent(".note p");

export const row = (page, tag) => page.locator(".row").filter({ hasText: `[${tag}]` });
