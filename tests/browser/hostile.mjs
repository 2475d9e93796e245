// Hostile text in every field of mail, and in every field of a request: no page
// runs it, fetches for it, or loses its form.
import { readFileSync } from "node:fs";
import { equal, note, test, truth, until } from "./check.mjs";
import { messages, send } from "./stack.mjs";
import { leave, visit } from "./browser.mjs";
import { letter } from "./letters.mjs";

const xena = "xena@buyer.example";
const long = "<i>&\"'" + "overlong ".repeat(900);

// Of bytes, as Latin-1 text.
const unescape = line => line.replace(/\\x(..)|\\([rnt])/g, (all, hex, name) =>
	hex ? String.fromCharCode(parseInt(hex, 16)) : { r: "\r", n: "\n", t: "\t" }[name]);

const payloads = readFileSync(new URL("xss.txt", import.meta.url), "latin1").split("\n")
	.filter(line => line && !line.startsWith("#")).map(unescape).concat([long, "<".repeat(3000)]);

const base64 = text => Buffer.from(text, "latin1").toString("base64");
const word = (text, charset = "utf-8") => `=?${charset}?B?${base64(text)}?=`;
const raw = text => text.replace(/[\r\n\0]+/g, "\n ").slice(0, 900);
const quoted = text => '"' + raw(text).replace(/[\\"]/g, "\\$&") + '"';
const percent = text => [...text].map(one => "%" + one.charCodeAt(0).toString(16).padStart(2, "0")).join("").slice(0, 2400);

// The payload everywhere, in the encodings that mail has for that place.
function hostile(payload, n) {
	const plain = letter({ tag: "x" + n, n: 400 + n }).split("\n\n").slice(1).join("\n\n");
	const odd = n % 2 === 1;
	return Buffer.from([
		`From: ${odd ? word(payload) : quoted(payload)} <${quoted(payload).slice(0, 60).replace(/\\?$/, "").replace(/"?$/, '"')}@evil${n}.example>`,
		`To: ${word(payload)} <${xena}>, ${quoted(payload)} <someone@buyer.example>`,
		`Subject: ${odd ? word(payload) : raw(payload)} [x${n}]`,
		`Message-ID: <${raw(payload).replace(/\s+/g, "").slice(0, 200)}x${n}@evil${n}.example>`,
		`List-Id: ${raw(payload)} <list.evil${n}.example>`,
		`X-${n}: ${raw(payload)}`,
		"MIME-Version: 1.0",
		"Content-Type: multipart/mixed; boundary=cut",
		"", "--cut",
		"Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
		plain, payload.replace(/\0/g, ""), "",
		"> " + raw(payload), "-- ", raw(payload), "", "--cut",
		`Content-Type: text/html; charset=${quoted(payload)}`, "Content-Transfer-Encoding: base64", "",
		base64(`<p>${plain}</p>${payload}<div style="display:none">hidden ${payload}</div>`).replace(/.{76}/g, "$&\n"), "--cut",
		`Content-Type: application/pdf; name*=utf-8''${percent(payload)}`,
		`Content-Disposition: attachment; filename=${quoted(payload)}`, "", "x", "--cut--", "",
	].join("\n"), "latin1");
}

// In the page: what should not be there.
function inspect(source) {
	const found = [];
	const parsed = source && new DOMParser().parseFromString(source, "application/xml");
	const wrong = source && parsed.querySelector("parsererror");
	if (wrong) found.push("not well-formed: " + wrong.textContent.slice(0, 200));
	for (const one of document.querySelectorAll("*")) {
		const name = one.localName;
		if (/^(img|iframe|object|embed|base|style|math|video|audio|image|foreignObject|template|marquee)$/.test(name)) found.push("<" + name + ">");
		if (name === "script" && !/^\/keys\.js/.test(one.getAttribute("src") || "")) found.push("<script>");
		if (name === "meta" && one.httpEquiv) found.push("<meta http-equiv>");
		for (const { name: key, value } of one.attributes) {
			if (/^(on|style$|srcdoc|formaction|xlink)/i.test(key)) found.push(name + " " + key);
			if (/^(href|src|action)$/.test(key) && !/^[/#?]([^/\\]|$)/.test(value)) found.push(`${name} ${key}=${value.slice(0, 80)}`);
		}
	}
	if (window.pwned !== undefined || document.cookie) found.push("it ran");
	const control = /[\0-\x08\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/.exec(document.documentElement.textContent);
	if (control) found.push("control character " + control[0].codePointAt(0).toString(16));
	return found;
}

let heaviest = 0;

async function look(page, path, response) {
	const source = response ? await response.text() : await page.content();
	heaviest = Math.max(heaviest, Buffer.byteLength(source));
	// A reply to a form can only be had as the browser writes it, which is not XML.
	const found = await page.evaluate(inspect, response ? source : "");
	equal(found, [], path);
	equal(page.faults, [], path);
	truth(Buffer.byteLength(source) < 50 * 1024, `${path}: ${Buffer.byteLength(source)} bytes`);
}

async function go(page, path) {
	const response = await page.goto(path);
	truth(response.status() < 500, `${path}: ${response.status()}`);
	await look(page, path, response);
}

async function inMail(page) {
	const ids = [];
	for (const state of ["held", "delivered"]) ids.push(...messages("--for", xena, "--state", state).map(one => one.id));
	await test("all of it is in the store", async () => equal(ids.length, payloads.length));
	await test("hostile mail on its own page is text", async () => {
		for (const id of ids) await go(page, "/message/" + id);
		await page.goto("/message/" + ids[0]);
		for (const summary of await page.locator("summary").all()) await summary.click();
	});
	await test("and in the queue, on the board, in what is suggested", async () => {
		for (const path of ["/queue", "/queue?page=2", "/queue?page=3", "/queue?order=vendor", "/", "/profile"]) await go(page, path);
	});
	await test("and the original is a file", async () => {
		for (const id of ids.slice(0, 6)) {
			const reply = await page.request.get(`/message/${id}/original`);
			equal(reply.headers()["content-type"], "text/plain; charset=utf-8");
			truth(reply.headers()["content-disposition"].startsWith("attachment; filename="), "shown in place");
		}
	});
	await test("notes about it are text", async () => {
		await page.goto("/queue");
		await page.locator(".row").first().getByRole("button", { name: "Never again" }).click();
		await look(page, "note");
		await page.click("[data-undo]");
	});
}

async function inRequests(page) {
	const utf8 = payloads.filter(one => Buffer.from(one, "latin1").equals(Buffer.from(Buffer.from(one, "latin1").toString("utf8"))))
		.map(one => Buffer.from(one, "latin1").toString("utf8").replace(/\0/g, "").slice(0, 250));
	await test("in addresses of pages", async () => {
		for (const one of utf8.map(encodeURIComponent)) await go(page, `/queue?q=${one}&vendor=${one}&priority=${one}&order=${one}&page=${one}`);
		equal((await page.request.get("/queue?q=" + "%3C".repeat(300))).status(), 400, "a long one:");
		for (const one of utf8.slice(0, 6).map(encodeURIComponent)) {
			await go(page, "/queue?for=" + one);
			await go(page, `/profile?version=${one}`);
			await go(page, `/message/${one.replace(/%2F/g, "")}?back=${one}`);
		}
	});
	await test("signed out: where to go on", async () => {
		const other = await visit();
		for (const one of utf8.slice(0, 20).map(encodeURIComponent)) await go(other, "/sign-in?next=" + one);
		await leave(other);
	});
	await test("in the profile's form", async () => {
		for (const one of utf8.slice(0, 8).concat(utf8.slice(-4))) {
			await page.goto("/profile");
			await page.fill("#text", one.replace(/\r/g, ""));
			await page.fill("[name=note]", one.replace(/[\r\n]/g, "").slice(0, 200));
			await page.getByRole("button", { name: "What would it change?" }).click();
			await look(page, "profile");
			await page.fill("[name=priority]", one.replace(/[\r\n]/g, "").slice(0, 120));
			await page.locator("button[value=priority]").click();
			await look(page, "profile");
		}
	});
}

export default async function () {
	await send("sam@evil.example", xena, ...payloads.map(hostile));
	await until(10, () => messages("--for", xena).length + messages("--for", xena, "--state", "delivered").length >= payloads.length, "not all is stored");
	const page = await visit({ as: xena });
	await inMail(page);
	await inRequests(page);
	note(`hostile: ${payloads.length} payloads, the heaviest page ${heaviest} bytes`);
	await leave(page);
}
