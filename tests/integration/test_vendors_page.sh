#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Vendors as pages: the list, its filters and files, a card with its quotations,
# what people change and take back, and who sees what.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
WEB=${WEB:-$BUILD/bin/pitchward-web}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

conf=$T_DIR/pitchward.yaml
PORT=$(free_port)
mkdir "$T_DIR/profiles.d"
cat >"$T_DIR/profiles.d/priya.yaml" <<-'EOF'
	version: 1
	buyer: {name: Priya Nair, addresses: [priya@buyer.example]}
	priorities: [{id: edr, name: Endpoint defence, keywords: [EDR]}]
	vendor_fit: {must_have: ["SOC 2 Type II", "HIPAA BAA"], regions: [EU]}
EOF
cat >"$T_DIR/profiles.d/dana.yaml" <<-'EOF'
	version: 1
	buyer: {name: Dana Cole, addresses: [dana@buyer.example]}
	priorities: [{id: edr, name: Warehouse robots, keywords: [robots]}]
EOF
cat >"$conf" <<-EOF
	version: 1
	profiles: $T_DIR/profiles.d
	store: sqlite:$T_DIR/store.db
	key: $T_DIR/key
	spool: {path: $T_DIR/spool}
	models: $top/models
	web:
	  listen: 127.0.0.1:$PORT
	  sign_in: {mail: no, header: X-Auth-Email}
	  users:
	    - {address: ada@buyer.example, roles: [admin]}
	    - {address: avi@buyer.example, roles: [approver], buyers: ["*"]}
	    - {address: della@buyer.example, roles: [delegate], buyers: [priya]}
EOF

# holds BUYER NAME DOMAIN: the mail's text is standard input; the id in $id
holds() {
	id=$({ printf 'From: %s <sam.seller@%s>\r\nSubject: Better EDR of %s\r\n\r\n' "$2" "$3" "$3" && cat; } |
		"$BUILD/tests/hold" "$conf" "$1" "sam@$3" "$1@buyer.example" relevance=0.5) || bail "nothing held"
}

# client WHO PATH                        the status and the page
# client WHO PAGE ACTION FIELD=VALUE...  sends the page's form of that action, or
#                                        (forged=yes) one that is not there; the
#                                        page after it without tags, and its undo
client() {
	PYTHONPATH=$T_LIB "$PYTHON" - "http://127.0.0.1:$PORT" "$@" <<-'PYEOF'
		import html, re, sys
		import web_client
		url, who, path = sys.argv[1:4]
		browser = web_client.Browser(url)
		headers = {'X-Auth-Email': who + '@buyer.example'}
		reply = browser.get(path, headers=headers)
		if len(sys.argv) == 4:
		    print(reply.status, reply.headers.get('Content-Type'))
		    print(reply.text)
		    sys.exit()
		wanted = dict(pair.split('=', 1) for pair in sys.argv[5:])
		if wanted.pop('forged', None):
		    account = browser.get('/account', headers=headers)
		    where, fields = sys.argv[4], dict(account.form('/sign-out')[1])
		else:
		    where, fields = reply.form(sys.argv[4])
		fields.update(wanted)
		reply = browser.post(where, fields, headers=headers)
		print(reply.status)
		if reply.status == 303:
		    print('at', reply.headers['Location'])
		    reply = browser.get(reply.headers['Location'], headers=headers)
		note = re.search(r'(?s)role="status">(.*?)</div>', reply.text)
		undo = re.search(r'action="([^"]*)"', note.group(1)) if note else None
		print('undo', html.unescape(undo.group(1)) if undo else 'none')
		text = re.sub(r'(?s)<svg.*?</svg>', '', reply.text)
		print(' '.join(html.unescape(re.sub(r'<[^>]*>', ' ', text)).split()))
	PYEOF
}

# undo_of TEXT: what a client's answer offers to take it back
undo_of() {
	printf '%s\n' "$1" | sed -n 's/^undo //p'
}

# cards TEXT: the ids of the cards in a list, in order
cards() {
	printf '%s\n' "$1" | grep -o '<tr><td><a href="/vendors/[^"]*' | sed 's|.*/||' | paste -sd ' '
}

serves() {
	"$PYTHON" - "$PORT" <<-'PYEOF' 2>/dev/null
		import sys, urllib.request
		urllib.request.urlopen('http://127.0.0.1:%s/healthz' % sys.argv[1], timeout=2)
	PYEOF
}

holds priya 'Sam Seller' acme.example <<'MAIL'
We cut alert volume by 40 % for hospitals of your size.
It is $4 per user per month. We are SOC 2 Type II audited.
MAIL
first=$id
holds priya 'Sam Seller' tryacme.example <<'MAIL'
One more thing: our agent is 3x faster than before.
MAIL
holds priya 'Sam Seller' tryacme.example <<'MAIL'
Did you see what I wrote?
MAIL
holds dana 'Sam Seller' acme.example <<'MAIL'
Our robots cut picking cost by 25 %. We are ISO 27001 certified.
MAIL
holds dana '"Eve <b>Bold</b>"' dana-only.example <<'MAIL'
=HYPERLINK("http://evil.example") saves 12 hours a week.
MAIL
"$PITCHWARD" vendor update --config "$conf" >"$T_DIR/log/update" 2>&1 || bail "nothing read"
bg web "$WEB" --config "$conf" --log=stderr
wait_for 30 serves || bail "pitchward-web does not serve"

# --- the list

page=$(client priya /vendors)
like "the list is there" "$page" '^200 text/html'
like "with the cards that wrote to her, who wrote last first" "$(cards "$page")" 'tryacme.example acme.example$'
unlike "not those that wrote to others" "$page" 'dana-only'
like "marked in the navigation" "$page" 'href="/vendors" aria-current="page"'
like "messages, people, claims, the priority by its name" "$(printf '%s' "$page" | tr -d '\n')" \
	'tryacme.example</a></td><td>2</td><td>1</td>.*</time></td><td>1</td><td>Endpoint defence</td>'
page=$(client dana /vendors)
is "each sees their own" "$(cards "$page")" "dana-only.example acme.example"
like "whose numbers are their mail's" "$(printf '%s' "$page" | tr -d '\n')" \
	'acme.example</a></td><td>1</td><td>1</td>'
page=$(client avi "/vendors?order=touches")
like "who sees everybody's mail sees all, most mail first" "$(cards "$page")" '^tryacme.example acme.example|^acme.example tryacme.example'
like "people are counted" "$(printf '%s' "$page" | tr -d '\n')" \
	'/acme.example">acme.example</a></td><td>2</td><td>2</td>'
is "by name" "$(cards "$(client avi '/vendors?order=name&q=a')" | cut -d ' ' -f 1)" "acme.example"
like "an admin does not read mail" "$(client ada /vendors)" '^403'
like "a stranger does not sign in" "$(client nobody /vendors)" '^(303|401|403)'
is "search by domain" "$(cards "$(client priya '/vendors?q=TRYA')")" tryacme.example
like "nothing matches" "$(client priya '/vendors?q=nowhere')" 'No vendor matches'
is "by priority" "$(cards "$(client avi '/vendors?priority=dana/edr')")" "dana-only.example acme.example"
like "too long" "$(client priya "/vendors?q=$(printf '%0300d' 7)")" '^400'
like "a page beyond the last" "$(client priya '/vendors?page=9')" '^200'

# --- a card

page=$(client priya /vendors/acme.example)
flat=$(printf '%s' "$page" | tr -d '\n')
like "a card is there" "$page" '^200 text/html'
like "a claim is the sentence, with its message" "$flat" "We cut alert volume by 40 % for hospitals of your size\.</q> <a href=\"/message/$first\""
like "a price" "$flat" 'It is \$4 per user per month\.</q>'
like "fit that they say, with the quote" "$flat" "SOC 2 Type II</td><td>Priya Nair</td><td><a href=\"/message/$first\"><q>We are SOC 2"
like "fit that nobody knows" "$flat" 'HIPAA BAA</td><td>Priya Nair</td><td>not known'
like "a region is not known" "$flat" 'Region</td><td>Priya Nair</td><td>not known'
unlike "nothing of what others got" "$page" 'Dana|picking|ISO 27001|Warehouse'
like "senders" "$page" 'Sam Seller, sam.seller@acme.example'
like "campaigns by their subject" "$page" 'Better EDR of acme.example'
page=$(client avi /vendors/acme.example)
like "who sees everybody sees both" "$page" 'picking cost by 25 %'
like "and whom they wrote to" "$page" '>Dana Cole<'
unlike "but decides for nobody" "$page" 'method="post"[^>]*action="/vendor'
unlike "and changes nothing" "$page" 'Put on this card|>Save<'
page=$(client priya /vendors/dana-only.example)
like "what came to others is not there" "$page" '^404'
is "as what is nowhere is not there" "$page" "$(client priya /vendors/dana-only.example)"
like "nor as a file" "$(client priya /vendors/dana-only.example/json)" '^404'
page=$(client dana /vendors/dana-only.example)
like "names are text" "$page" 'Eve &lt;b&gt;Bold'

# --- files

page=$(client priya /vendors/csv)
like "CSV" "$page" '^200 text/csv'
like "its header" "$page" '^vendor,name,touches,held,people,first,last,claims,priority,ruled,owner,note'
like "its lines" "$page" '^"acme.example","",1,1,1,"20..-..-..T.*Z","20..-..-..T.*Z",1,"Endpoint defence","","",""'
unlike "with what is theirs" "$page" 'dana'
page=$(client dana "/vendors/json?q=only" | tail -n +2)
is "JSON, filtered as the list" "$(printf '%s' "$page" | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin); print(len(d), d[0]["vendor"], d[0]["claims"], d[0]["buyers"])')" "1 dana-only.example 1 ['dana']"
page=$(client priya /vendors/acme.example/json | tail -n +2)
is "a card as JSON: only their mail" "$(printf '%s' "$page" | "$PYTHON" -c 'import json, sys
d = json.load(sys.stdin); print(d["touches"], [q["buyer"] for q in d["quotes"]], [b["buyer"] for b in d["buyers"]], d["fit"][0]["proof"])')" \
	"1 ['priya', 'priya', 'priya'] ['priya'] $first"

# --- what becomes of their mail

done=$(client priya /vendors/acme.example /vendor/acme.example do=wanted)
like "always let in" "$done" 'acme.example: its offers are always let in'
like "the card says so" "$done" 'Priya Nair : wanted by priya@buyer.example'
is "so does the list" "$(cards "$(client priya '/vendors?status=wanted')")" acme.example
unlike "it is hers alone" "$(client dana /vendors/acme.example)" '<dd>wanted|wanted by'
unlike "others' lists do not have it" "$(cards "$(client dana '/vendors?status=wanted')")" acme
done=$(client priya /vendors/acme.example /vendor/acme.example do=not-now until=2099-01-31)
like "not now" "$(client priya /vendors)" 'not now until 2099-01-31'
like "needs a date" "$(client priya /vendors/acme.example /vendor/acme.example do=not-now)" 'needs a date to come'
client priya /vendors/acme.example "$(undo_of "$done")" forged=yes >/dev/null
like "undo brings back what was" "$(client priya /vendors/acme.example)" '<dd>wanted</dd>'
like "not for others" "$(client priya /vendors /vendor/acme.example forged=yes for=dana do=never)" '^403'
like "nor without a token" "$(client priya /vendors/acme.example /vendor/acme.example csrf=x do=never)" '^403'

# --- one company

page=$(client priya "/vendors/siblings?of=acme.example")
like "a sender of both suggests one card" "$page" 'value="(try)?acme.example"/><button>They are one company'
unlike "who does not see all is not told of what" "$page" 'Sam'
like "who does is" "$(client avi /vendors/siblings)" 'Sam|sam'
done=$(client priya /vendors/acme.example /vendors/acme.example/merge other=www.TRYACME.example)
like "merged" "$done" 'tryacme.example: now on the card acme.example'
like "the card counts both" "$done" '3, of which 3 are held'
is "one row" "$(cards "$(client priya '/vendors?q=acme')")" acme.example
like "an old address leads to the card" "$(client priya /vendors/tryacme.example)" '<title>acme.example'
like "again: they are one" "$(client priya /vendors/acme.example /vendors/acme.example/merge other=tryacme.example)" 'one card already'
like "what came to others cannot be merged" "$(client priya /vendors/acme.example /vendors/acme.example/merge other=dana-only.example)" '^404'
like "nor what is no domain" "$(client priya /vendors/acme.example /vendors/acme.example/merge other='a b')" 'no domain'
both=$(client priya /vendors/acme.example /vendor/acme.example,tryacme.example do=never)
like "a ruling is for all their domains" "$both" 'acme.example, tryacme.example: its offers are held'
is "indeed" "$("$PITCHWARD" vendor status tryacme.example --for priya --config "$conf" | grep -c never)" 1
client priya /vendors/acme.example "$(undo_of "$both")" forged=yes >"$T_DIR/both"
like "and is taken back for all" "$(cat "$T_DIR/both")" 'Taken back'
is "each to what it was" "$("$PITCHWARD" vendor status tryacme.example --for priya --config "$conf" | grep -c never)" 0
like "the first, too" "$(client priya /vendors/acme.example)" '<dd>wanted</dd>'
like "undo of the merge" "$(client priya /vendors/acme.example "$(undo_of "$done")" forged=yes)" 'tryacme.example: now a card of its own'
is "two rows again" "$(cards "$(client priya '/vendors?q=acme')" | wc -w)" 2
client priya /vendors/acme.example /vendors/acme.example/merge other=tryacme.example >/dev/null
done=$(client priya /vendors/acme.example /vendors/acme.example/split domain=acme.example)
like "split off, even the card's own" "$done" 'acme.example: now a card of its own'
like "undo of the split" "$(client priya /vendors "$(undo_of "$done")" forged=yes)" 'tryacme.example: now on the card acme.example'
like "what is not on it cannot leave" "$(client priya /vendors /vendors/acme.example/split forged=yes domain=dana-only.example)" 'not on this card'
client priya /vendors /vendors/acme.example/split forged=yes domain=tryacme.example >/dev/null
like "nothing is left without one" "$(client priya /vendors /vendors/acme.example/split forged=yes domain=acme.example)" 'cannot be'
like "who only approves changes no card" "$(client avi /vendors /vendors/acme.example/merge forged=yes other=tryacme.example)" '^403'
like "a delegate does" "$(client della /vendors/acme.example /vendors/acme.example/merge other=tryacme.example)" 'now on the card'
like "what was done is in the log" "$("$PYTHON" -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT who, action, object, detail FROM audit"): print(*row)' "$T_DIR/store.db")" \
	'^della@buyer.example vendor-merge acme.example tryacme.example$'

# --- on the card

done=$(client priya /vendors/acme.example /vendors/acme.example/write name='Acme <Ltd>' owner=priya note="met in
May")
like "written" "$done" 'Written on the card'
like "the list has the name" "$(client priya /vendors)" '>Acme &lt;Ltd&gt;</a>'
is "and finds by owner" "$(cards "$(client priya '/vendors?q=Priya')")" acme.example
like "all see it who see the card" "$(client dana /vendors/acme.example)" '^May</textarea>'
done=$(client dana /vendors/acme.example /vendors/acme.example/write note='')
unlike "a note can be taken away" "$(client priya /vendors/acme.example)" '^May'
client dana /vendors/acme.example "$(undo_of "$done")" forged=yes >/dev/null
like "and put back" "$(client priya /vendors/acme.example)" '^May</textarea>'
like "the same again is no change" "$(client priya /vendors/acme.example /vendors/acme.example/write owner=priya)" 'Nothing was changed'

# --- the front page

done=$(client priya /vendors/acme.example /vendors/acme.example/front)
like "somebody asks for their front page" "$done" 'is read with the next run'
like "which the card says" "$(client dana /vendors/acme.example)" 'Somebody asked for it'
client priya /vendors/acme.example "$(undo_of "$done")" forged=yes >/dev/null
unlike "and takes it back" "$(client dana /vendors/acme.example)" 'Somebody asked for it'

# --- a ruling on whoever wrote to others only opens nothing

client dana /vendors/dana-only.example /vendors/dana-only.example/write name=Quiet owner=dana note=hushed >/dev/null
done=$(client priya /vendors /vendor/dana-only.example forged=yes for=priya do=never)
like "who never wrote may be ruled on" "$done" 'its offers are held from now on'
page=$(client priya /vendors/dana-only.example)
like "the card tells of the ruling" "$page" '<dd>never</dd>'
unlike "and not of what others wrote on it" "$page" 'Quiet|hushed|/write|/merge|/split|/front'
unlike "nor does the list" "$(client priya /vendors)$(client priya /vendors/json)$(client priya /vendors/csv)" 'Quiet|hushed'
is "nor is it found by that" "$(cards "$(client priya '/vendors?q=quiet')")" ''
like "nor is there a file" "$(client priya /vendors/dana-only.example/json)" '^404'
for what in write merge split front front/off was/note/dHg merge/acme.example split/dana-only.example; do
	like "nor can she change it: $what" "$(client priya /vendors "/vendors/dana-only.example/$what" forged=yes \
		note=x other=acme.example domain=dana-only.example)" '^404'
done
like "nor put it on a card of hers" "$(client priya /vendors/acme.example /vendors/acme.example/merge other=dana-only.example)" '^404'
client priya /vendors "$(undo_of "$done")" forged=yes >/dev/null
like "without the ruling it is not there" "$(client priya /vendors/dana-only.example)" '^404'

# --- weight

for path in /vendors /vendors/acme.example /vendors/siblings; do
	ok "$path is under 50 kB with its style sheet" test \
		$(($(client avi $path | wc -c) + $(wc -c <"$top/src/web/static/style.css"))) -lt 50000
done
is "nothing went wrong on the way" "$(grep -ciE 'error|warning|sanitizer' "$T_DIR/log/web")" 0

done_testing
