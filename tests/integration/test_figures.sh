#!/bin/sh
# shellcheck disable=SC3043,SC2317,SC2154  # local; functions called by name; set by command.sh
# Figures that different pages and commands tell of the same mail agree: what is
# spent of a buyer's attention, what counts for a priority, and weeks.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/command.sh"

WEB=${WEB:-$BUILD/bin/pitchward-web}
conf=$T_DIR/pitchward.yaml
PORT=$(free_port)
# Where the day began one to two hours ago: hardly ever that of UTC.
ahead=$(((25 - $(date -u +%-H)) % 24))
[ $ahead -le 12 ] || ahead=$((ahead - 24))
zone=$(printf 'Etc/GMT%+d' $((-ahead)))
midnight=$(TZ=$zone date -d "$(TZ=$zone date +%F)" +%s)

mkdir "$T_DIR/profiles.d"
cat >"$T_DIR/profiles.d/priya.yaml" <<-EOF
	version: 1
	buyer: {name: Priya Nair, addresses: [priya@buyer.example]}
	priorities: [{id: edr, name: Endpoint defence, keywords: [EDR]}]
	attention: {per_day: 14, per_week: 40}
	digest: {zone: "$zone"}
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
EOF

# holds VENDOR NAME=VALUE...: the id in $id
holds() {
	local vendor=$1
	shift
	id=$(printf 'From: Sam <sam@%s>\r\nSubject: EDR of %s\r\n\r\nBetter.\r\n' "$vendor" "$vendor" |
		"$BUILD/tests/hold" "$conf" priya "sam@$vendor" priya@buyer.example "$@") || bail "nothing held"
}

plant() {
	holds a.example verdict=deliver relevance=0.9
	holds b.example verdict=deliver relevance=0.9
	holds c.example verdict=tag relevance=0.5
	holds d.example verdict=deliver relevance=0.9 \
		'reasons=[{"name":"ruling: campaign wanted","value":1,"weight":0}]'
	holds e.example verdict=tag relevance=0.2
	holds near.example relevance=0.5
	holds far.example relevance=0.34
	holds farther.example relevance=0.01
	# Ids are of now, and sort by it: what came before is put in last.
	holds f.example verdict=deliver relevance=0.9 time=$((midnight - 3600))
	holds first.example relevance=0.6 time=$((midnight - 6 * 86400))
	holds before.example relevance=0.6 time=$((midnight - 6 * 86400 - 1))
}

# get PATH: the page, without tags when it has any
get() {
	"$PYTHON" - "http://127.0.0.1:$PORT$1" <<-'PYEOF'
		import html, re, sys, urllib.request
		ask = urllib.request.Request(sys.argv[1], headers={'X-Auth-Email': 'priya@buyer.example'})
		text = urllib.request.urlopen(ask, timeout=20).read().decode()
		if text.startswith('<!DOCTYPE'):
		    text = re.sub(r'href="([^"]*)"[^>]*>', r'>[\1] ', text)
		    text = re.sub(r'(?s)<svg.*?</svg>', '', text)
		    text = ' '.join(html.unescape(re.sub(r'<[^>]*>', ' ', text)).split())
		print(text)
	PYEOF
}

# part JSON ID: mails of the part now and in the time before
part() {
	printf '%s\n' "$1" | "$PYTHON" -c '
import json, sys
for part in json.load(sys.stdin)["parts"]:
    if (part["priority"] or "none") == sys.argv[1]:
        print(part["messages"], part["before"])' "$2"
}

# span JSON: from when to when
span() {
	printf '%s\n' "$1" | "$PYTHON" -c '
import json, sys
brief = json.load(sys.stdin)
print(brief["since"], brief["until"], brief["messages"])'
}

# at SECONDS: as JSON has it
at() {
	date -u -d "@$1" +%FT%TZ
}

serves() {
	"$PYTHON" - "$PORT" <<-'PYEOF' 2>/dev/null
		import sys, urllib.request
		urllib.request.urlopen('http://127.0.0.1:%s/healthz' % sys.argv[1], timeout=2)
	PYEOF
}

test_attention() {
	local board week=4
	[ "$(TZ=$zone date +%u)" -ne 1 ] || week=3
	board=$(get /)
	like "today: as the filter counts, in the buyer's zone" "$board" 'let in today: 3 of 14 '
	like "this week: the same" "$board" "since Monday: $week of 40 "
	unlike "no day of another zone" "$board" '\(UTC\): [0-9]+ of'
}

test_priority() {
	local brief vendors
	like "board: what is near enough" "$(get /)" 'Let in \[[^]]*priority=edr\] Endpoint defence 4 4 '
	like "queue: no more is behind the board's link" "$(get '/queue?priority=edr')" ': 3 rows'
	brief=$(get /brief/json)
	is "brief: what is near enough, and before it" "$(part "$brief" edr)" '7 1'
	is "brief: the rest is of no priority" "$(part "$brief" none)" '3 0'
	like "brief: in words" "$(get /brief)" '7 mails near it, 1 in the time before'
	vendors=$(get /vendors/csv)
	like "vendors: near" "$vendors" '^"near.example.*Endpoint'
	unlike "vendors: far, but nearest" "$vendors" '^"far.*Endpoint'
	like "in words: closest, but not near enough" "$(get /queue)" \
		'It comes closest to "Endpoint defence", but not near enough[.]'
}

test_weeks() {
	local before brief last
	last=$(TZ=$zone date -d "@$((midnight - 6 * 86400 - 1))" +%F)
	brief=$(get /brief/json)
	is "this week: whole days" "$(span "$brief")" \
		"$(at $((midnight - 6 * 86400))) $(at $((midnight + 86400))) 10"
	before=$(get "/brief/json?until=$last")
	is "the week before ends where it begins" "$(span "$before")" \
		"$(at $((midnight - 13 * 86400))) $(at $((midnight - 6 * 86400))) 1"
	like "its button leads there" "$(get /brief)" "until=$last\] The week before"
	is "the command tells the same" \
		"$(span "$("$PITCHWARD" insight --config "$conf" --for priya --json)")" "$(span "$brief")"
	is "and of the week before" \
		"$(span "$("$PITCHWARD" insight --config "$conf" --for priya --until "$last" --json)")" \
		"$(span "$before")"
}

# act PATH DO: the button that the note after it has, and the note
act() {
	"$PYTHON" - "$T_LIB" "http://127.0.0.1:$PORT" "$@" <<-'PYEOF'
		import html, re, sys
		lib, url, path, what = sys.argv[1:5]
		sys.path.insert(0, lib)
		from web_client import Browser
		me = Browser(url)
		who = {'X-Auth-Email': 'priya@buyer.example'}
		page = me.get(path, headers=who)
		where, fields = page.form('/queue/act')
		fields['do'] = what
		page = me.post(where, fields, headers=who)
		page = me.get(page.headers['Location'], headers=who)
		note = re.search(r'(?s)<div class="note" role="status">(.*?)</div>', page.text)
		print(' '.join(re.findall(r'value="((?:release|ask) [^"]*)"', note.group(1))))
		print(' '.join(html.unescape(re.sub(r'<[^>]*>', ' ', note.group(1))).split()))
	PYEOF
}

# A word alone lets nothing out; so what is called wanted is not buried.
test_wanted() {
	local wanted said
	holds wanted.example relevance=0.01 time=$(($(date +%s) - 2 * 86400))
	wanted=$id
	said=$(act "/queue?for=priya" "not-outreach $wanted")
	is "no sales mail: the button beside it" "$(printf '%s\n' "$said" | sed -n 1p)" "release $wanted"
	like "no sales mail: in words" "$said" '^1 message marked as no sales mail[.] It is still held: release it .* Release Undo$'
	like "it leads the queue" "$(get /queue)" '^.* held .*EDR of wanted.example.*EDR of near.example'
	like "and is no decided one" "$(get '/queue?vendor=wanted.example')" 'wanted, but still held'
	like "its page says so" "$(get "/message/$wanted")" 'Said of it: No sales mail ?, .*It is still held: release it'
	holds useless.example relevance=0.01 time=$(($(date +%s) - 2 * 86400))
	said=$(act "/queue?for=priya" "irrelevant $id")
	is "not for me: nothing more to do" "$said" "$(printf '\n1 message marked as not for you. Undo')"
	is "expire: how much would go" \
		"$("$PITCHWARD" quarantine expire --older-than 1d --dry-run --config "$conf")" '3 would expire'
	"$PITCHWARD" quarantine expire --older-than 1d --config "$conf" >"$T_DIR/expired" ||
		t_fail "expire" "$(cat "$T_DIR/expired")"
	"$PITCHWARD" quarantine list --json --config "$conf" >"$T_DIR/list"
	ok "expire: what is wanted stays" grep -q "$wanted" "$T_DIR/list"
	ok "expire: what is not goes" sh -c "! grep -q '$id' '$T_DIR/list'"
}

plant
bg web "$WEB" --config "$conf" --log=stderr
wait_for 20 serves || bail "pitchward-web does not serve"
test_attention
test_priority
test_weeks
test_wanted
done_testing
