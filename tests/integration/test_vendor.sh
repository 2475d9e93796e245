#!/bin/sh
# shellcheck disable=SC2317,SC2016,SC2154  # functions called by name; set by command.sh
# Vendors' cards: what is read out of held mail, and what people make of it.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/command.sh"

# holds NAME DOMAIN: the mail's text is standard input; the id in $id
holds() {
	id=$({ printf 'From: %s <sam.seller@%s>\r\nSubject: Better EDR\r\n\r\n' "$1" "$2" && cat; } |
		"$BUILD/tests/hold" "$conf" priya "sam@$2" priya@buyer.example) || bail "nothing held"
}

setup() {
	"$PITCHWARD" init "$etc" --name 'Priya Nair' --email priya@buyer.example \
		--template ciso --mta postfix --zone Europe/Berlin >"$T_DIR/log/init" 2>&1 || return
	cat >"$etc/profiles.d/priya.yaml" <<-'EOF' && mkdir -p "$etc/state"
		version: 1
		buyer: {name: Priya Nair, role: CISO, addresses: [priya@buyer.example]}
		priorities:
		  - {id: edr, name: Endpoint detection and response, keywords: [EDR]}
		vendor_fit: {must_have: ["SOC 2 Type II", "HIPAA BAA"]}
	EOF
}

ok "an installation" setup
pw vendor update
is "update without a store" "$status $(cat "$T_DIR/out")" "0 "
holds 'Sam Seller' acme.example <<'MAIL'
Hello Priya,

we cut alert volume by 40 % for hospitals of your size.
It is $4 per user per month. We are SOC 2 Type II audited.
Could we save you 90% in 15 minutes?

On Monday Priya wrote:
> the other offer is $9 per user per month and saves 70 % of cost
MAIL
first=$id
holds 'Sam Seller' tryacme.example <<'MAIL'
One more thing: our agent is 3x faster than before.
It is $4 per user per month. We are SOC 2 Type II audited.
MAIL
holds 'Eve Other' other.example <<'MAIL'
=HYPERLINK("http://evil.example") saves 12 hours a week.
MAIL

# --- reading

pw vendor show acme.example
ok "before anything is read there is a card" says '^touches +1, 1 of them held'
ok "without a claim" says_not '40 %'
pw vendor update
is "update reads each" "$(cat "$T_DIR/out")" "3 messages read, 7 quotations kept"
pw vendor update
is "once" "$(cat "$T_DIR/out")" "0 messages read, 0 quotations kept"
pw vendor show acme.example
is "show: status" "$status" 0
ok "a claim is the sentence" says '^claims +we cut alert volume by 40 % for hospitals of your size\.$'
ok "with its message" says "$first to priya: 40 %\$"
ok "a price with what it is for" says ': \$4 a user per month$'
ok "proof" says '^proof +We are SOC 2 Type II audited\.$'
ok "fit that they say" says "SOC 2 Type II: they say so in $first"
ok "fit that nobody knows" says 'HIPAA BAA: not known'
ok "nothing of a question" says_not '90%'
ok "nothing of what is quoted" says_not '\$9|70 %'
pw vendor show acme.example --json
is "JSON: kinds" "$(field '[q["kind"] for q in d["quotes"]]')" "['claim', 'price', 'proof']"
is "JSON: the number" "$(field '[d["quotes"][1][k] for k in ("value", "unit", "currency", "period")]')" \
	"[4.0, 'user', '\$', 'month']"
is "JSON: fit" "$(field '[f["proof"] for f in d["fit"]]')" "['$first', None]"
is "JSON: whom" "$(field 'd["buyers"][0]["buyer"]')" priya

# --- cards

pw vendor merge --suggest
ok "a sender of both suggests one card" says '^pitchward vendor merge (try)?acme.example (try)?acme.example$'
ok "and why" says 'the sender Sam Seller writes as sam.seller@ from both'
pw vendor merge acme.example tryacme.example
is "merge: status" $status 0
ok "merge says how to undo it" says 'to undo: pitchward vendor split tryacme.example$'
pw vendor merge acme.example tryacme.example
is "again: they are one" "$status" 64
pw vendor show tryacme.example
ok "one card for both" says '^vendor +acme.example$'
ok "with the claims of both" says '3x faster'
ok "the same words once" test "$(grep -c 'audited' "$T_DIR/out")" = 1
pw vendor list
is "one line in the list" "$(grep -c 'acme.example' "$T_DIR/out")" 1
pw vendor merge --suggest
is "no more to suggest" "$(cat "$T_DIR/out")" ""
pw vendor split tryacme.example
ok "split says how to undo it" says 'to undo: pitchward vendor merge acme.example tryacme.example$'
pw vendor show tryacme.example
ok "two cards again" says '^vendor +tryacme.example$'
pw vendor split acme.example
is "nothing would be left" "$status" 64
pw vendor merge acme.example tryacme.example
pw vendor split acme.example
pw vendor show tryacme.example
ok "who stays has a card of theirs" says '^vendor +tryacme.example$'

# --- what people write

pw vendor name acme.example 'Acme Ltd'
pw vendor owner acme.example priya
pw vendor note acme.example 'met in May'
pw vendor note acme.example 'met in June'
ok "a note can be put back" says "to undo: pitchward vendor note acme.example 'met in May'\$"
pw vendor show 'acme ltd'
ok "a card is found by its name" says '^vendor +acme.example$'
ok "owner" says '^owner +priya$'
ok "note" says '^note +met in June$'
pw vendor status acme.example never --for priya
pw vendor show acme.example
ok "what was ruled" says '^ruled +priya: never$'
ok "and its end" says 'to undo: pitchward vendor status acme.example clear'
pw vendor note other.example '=1+2,"x"'
pw vendor list --csv
ok "CSV has the header that the page's has" says '^vendor,name,touches,held,people,first,last,claims,priority,ruled,owner,note'
ok "people, first and last, and claims, as there" says '^"acme.example","Acme Ltd",1,1,1,"20..-..-..T[0-9:.]*Z","20..-..-..T[0-9:.]*Z",1,"[^"]*","priya: never","priya","met in June"'
ok "a formula is a text" says "\"'=1\+2,\"\"x\"\"\""
pw vendor list --csv --json
is "CSV or JSON" $status 64
pw vendor show nobody.example
is "nobody's card" $status 66
pw vendor show gmail.com
is "a public domain is no vendor" $status 64

done_testing
