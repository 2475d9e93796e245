// Mail that sells, as it is sent: each with words of its own, so that no two are
// taken for one campaign.

const words = `bridge garden winter figure corner letter market river castle engine window
	harbour orchard lantern pepper marble thunder velvet copper meadow falcon anchor puzzle
	ribbon saddle timber valley walnut`.split(/\s+/);

function dice(seed) {
	let state = seed * 2654435761 >>> 0;
	return list => {
		state = (state * 1664525 + 1013904223) >>> 0;
		return list[(state >>> 16) % list.length];
	};
}

const line = (pick, own) => [0, 1, 2, 3, 4].map(() => pick(words)).concat([0, 1, 2].map(() => pick(own))).join(" ") + ".";

// fields: what stands in the header besides the usual; text: in place of the body
export function letter({ tag, n = 1, vendor = "seller.example", name = "Sam Seller", to = "quinn@buyer.example",
	about = ["endpoint", "laptop", "agent"], subject, fields = [], text }) {
	const pick = dice(n);
	return [
		`From: ${name} <sam@${vendor}>`,
		`To: ${to}`,
		`Subject: ${subject || "Quick question about your " + about[0]} [${tag}]`,
		`Message-ID: <${tag}@${vendor}>`,
		`Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
		`List-Unsubscribe: <https://track.${vendor}/u/${n}>`,
		...fields,
		"",
		text || `Hello,

I hope this email finds you well. My name is Sam and we help companies like
yours with ${about[0]} and ${about[1]}: 63% less effort for Northgate and
Fairview. ${line(pick, about)} ${line(pick, about)} ${line(pick, about)}

I noticed that you are hiring. Are you open to a 15-minute demo next Tuesday or
Thursday? ${line(pick, about)} ${line(pick, about)}
Book a slot that suits you: https://calendly.example/sam/${n}

Our customers see a return on investment within six months. If you are not the
right person, could you point me to whoever owns this? If you would rather not
hear from me again, just reply "no thanks".

Sam Seller
Account Executive`, ""].join("\n");
}

// The same campaign again: the text of another with a few words changed.
export const followUp = (one, tag) => letter({ ...one, tag, n: one.n });
