// Tests that say one line each, as test_browser.sh reads them.
let failed = 0;

const one = text => String(text).replace(/\x1b\[\d+m/g, "").replace(/\s+/g, " ").trim().slice(0, 600);

export async function test(name, body) {
	try {
		await body();
		console.log("pass " + name);
	} catch (error) {
		failed++;
		const at = /\((?:file:\/\/)?[^()]*\/browser\/(\w+\.mjs:\d+)/.exec(error.stack || "");
		console.log("fail " + name.replace(/: /g, ", ") + ": " + one(error.message) + (at ? " [" + at[1] + "]" : ""));
	}
}

export function note(text) {
	console.log("note " + one(text));
}

export function equal(got, wanted, what = "") {
	const a = JSON.stringify(got), b = JSON.stringify(wanted);
	if (a !== b) throw new Error(`${what} got ${a}, wanted ${b}`);
}

export function truth(value, what) {
	if (!value) throw new Error(what);
}

export function matches(text, pattern, what = "") {
	if (!pattern.test(text)) throw new Error(`${what} got "${one(text)}", wanted ${pattern}`);
}

// until(5, () => ...): the first value that is true; what it takes, no longer.
export async function until(seconds, body, what = "it never came") {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const value = await body();
		if (value) return value;
		if (Date.now() > end) throw new Error(what);
		await new Promise(done => setTimeout(done, 50));
	}
}

export const failures = () => failed;
