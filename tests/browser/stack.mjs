// The stack under test as its administrator and the outside world see it: mail
// in, mailboxes, the command line, the store, the logs.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { matches, until } from "./check.mjs";

const env = process.env;
export const base = env.PW_BASE;
export const shots = env.PW_SHOTS;
const temp = env.PW_TEMP;
let written = 0;

function python(script, args, options) {
	return execFileSync(env.PW_PYTHON, [script, ...args], { encoding: "utf8", ...options });
}

// --- mail

// All of one session; a message is text or bytes, sent as it is.
export async function send(from, to, ...messages) {
	const files = messages.map(message => {
		const path = `${temp}/message.${written++}`;
		writeFileSync(path, message);
		return path;
	});
	python(env.PW_LIB + "/smtp.py", ["send", env.PW_SMTP, from, ...[].concat(to), "--", ...files.flatMap(file => ["--file", file])]);
	await idle();
}

const queued = ["maildrop", "incoming", "active", "deferred"];

export function idle() {
	return until(20, () => !queued.some(name => readdirSync(`${env.PW_QUEUE}/${name}`, { recursive: true, withFileTypes: true })
		.some(entry => entry.isFile())), "Postfix does not deliver");
}

export function mailbox(address) {
	const folder = `${env.PW_MAIL}/${address}/new`;
	try {
		return readdirSync(folder).sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map(name => `${folder}/${name}`);
	} catch {
		return [];
	}
}

export const read = path => readFileSync(path, "latin1");

export function sign(message) {
	const path = `${temp}/unsigned`;
	writeFileSync(path, message.replace(/\r?\n/g, "\r\n"));
	return execFileSync(env.PW_PYTHON, [env.PW_LIB + "/signed.py", "sign", temp + "/dkim.pem", path]);
}

export function verifies(path) {
	return spawnSync(env.PW_PYTHON, [env.PW_LIB + "/signed.py", "verify", temp + "/dkim.pem", path]).status === 0;
}

// --- the command line

export function pitchward(...args) {
	return execFileSync(env.PW_BIN, [...args, "--config", env.PW_FOLDER + "/pitchward.yaml"], { encoding: "utf8" });
}

// One object a line, or one in all.
const objects = text => text.split("\n").filter(Boolean).map(line => JSON.parse(line));

export const messages = (...filter) => objects(pitchward("quarantine", "list", "--json", "--limit", "1000", ...filter));
export const show = id => JSON.parse(pitchward("quarantine", "show", "--json", id));

// What was said of it last and not taken back, or "".
export const label = id => (show(id).labels.pop() || { label: "" }).label;

// The one whose subject has [tag]: written by the filter a little later.
export function arrived(tag, buyer) {
	const whose = buyer ? ["--for", buyer] : [];
	const states = ["held", "released", "delivered"];
	return until(10, () => states.map(state => messages("--state", state, "--search", `[${tag}]`, ...whose)[0]).find(Boolean), `[${tag}] is not in the store`);
}

export function vendorWord(buyer, vendor) {
	const status = objects(pitchward("vendor", "status", vendor, "--for", buyer, "--json"))[0];
	return status && status.scope === "vendor" ? status.word : "";
}

// The verdict on a mail by its Message-ID, as the filter logged it.
export function fate(id) {
	const lines = read(env.PW_LOG + "/filter").split("\n").filter(line => line.includes(`<${id}@`));
	const found = / verdict=(\w+) /.exec(lines[lines.length - 1] || "");
	return found ? found[1] : "";
}

export const filterLog = () => read(env.PW_LOG + "/filter");
export const webLog = () => read(env.PW_LOG + "/web");

export async function reloadFilter() {
	const before = filterLog().length;
	process.kill(Number(env.PW_FILTER_PID), "SIGHUP");
	await until(10, () => /serving|reloaded/.test(filterLog().slice(before)), "the filter does not reload");
}

// "plain" or "asking": where buyers have to ask an approver for a release.
export async function configure(name) {
	const before = webLog().length;
	copyFileSync(`${env.PW_FOLDER}/${name}.yaml`, `${env.PW_FOLDER}/pitchward.yaml`);
	process.kill(Number(env.PW_WEB_PID), "SIGHUP");
	await until(10, () => webLog().slice(before).includes("reloaded: asked to"), "pitchward-web does not reload");
}

export function signInLink(address) {
	const link = execFileSync(env.PW_WEB, ["--config", env.PW_FOLDER + "/pitchward.yaml", "--link", address], { encoding: "utf8" }).trim();
	matches(link, /^http:\/\/127\.0\.0\.1:\d+\/sign-in\/[\w-]{43}$/);
	return link;
}

// --- the store

const sqlite = (script, ...args) => python("-c", ["import sqlite3, sys, random; db = sqlite3.connect(sys.argv[1], timeout=10)\n" + script,
	env.PW_FOLDER + "/state/pitchward.db", ...args], { maxBuffer: 1 << 28 });

// All of it but who is signed in, what they did, and when mail was last read for
// who asks: nothing that anybody decides by.
export const storeDump = () => sqlite(`
tables = [t for (t,) in db.execute("select name from sqlite_master where type = 'table'") if t not in ('pass', 'audit')]
for t in sorted(tables):
    for row in db.execute('select * from "%s"' % t):
        if (t, row[0]) != ('job', 'glean'):
            print(t, row)`);

// Four weeks of mail for the board of a buyer, as if they had been.
export const makeHistory = buyer => sqlite(`
dice = random.Random(7)
today, = db.execute('select max(day) from flow').fetchone()
unit = 1 if today < 10 ** 6 else 86400 if today < 10 ** 10 else 86400 * 10 ** 6
for back in range(1, 28):
    for priority in ('edr', 'backup', ''):
        held, tagged, relevant = (dice.randrange(0, n) for n in (9, 4, 3))
        db.execute('insert or ignore into flow (buyer, day, priority, delivered, tagged, held, released, relevant) values (?, ?, ?, ?, ?, ?, ?, ?)',
                   (sys.argv[2], today - back * unit, priority, dice.randrange(20, 60), tagged, held, held // 5, relevant))
db.commit()`, buyer);
