#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# The links of a digest, opened as a person would and as a mail scanner would:
# what only looks changes nothing, a button does one thing once, and a link that
# is not ours, not for them or too old does nothing.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
WEB=${WEB:-$BUILD/bin/pitchward-web}
if [ ! -x "$PITCHWARD" ] || [ ! -x "$WEB" ]; then
	skip_all "no $PITCHWARD or no $WEB: run make"
fi
etc=$T_DIR/etc
conf=$etc/pitchward.yaml
rcpt=priya@buyer.example
box=$T_DIR/box

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

pw() {
	"$PITCHWARD" "$@" --config "$conf"
}

hold() {
	id=$(printf 'From: Sam Seller <sam@seller.example>\r\nSubject: %s\r\n\r\nbody\r\n' "$1" |
		"$BUILD/tests/hold" "$conf" priya sam@seller.example $rcpt) || bail "nothing held"
}

serves() {
	"$PYTHON" -c 'import sys, urllib.request
urllib.request.urlopen("http://127.0.0.1:%s/healthz" % sys.argv[1], timeout=2)' "$port" 2>/dev/null
}

setup() {
	local sink
	sink=$(free_port)
	port=$(free_port)
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $rcpt --template ciso --mta postfix
	sed -i '/^release:/d; /^web:/d; /^models:/d' "$conf"
	cat >>"$conf" <<-END
		models: $top/models
		release: {smtp: "smtp://127.0.0.1:$sink", timeout: 5s}
		web: {listen: "127.0.0.1:$port"}
	END
	bg sink "$PYTHON" "$T_LIB/sink.py" "$sink" "$box"
	wait_for 10 listening "$sink" || bail "the sink does not listen"
	hold 'Quick <b>question</b> about EDR'
	web_start
}

web_start() {
	bg web "$WEB" --config "$conf" --log=stderr
	web=$T_PID
	wait_for 30 serves || bail "pitchward-web does not serve"
}

# link ACTION: of the digest, for $id
link() {
	pw digest --for priya | grep -o "/l/$id\\.$1\\.[^ ]*"
}

# forge ACTION UNTIL [BUYER]: a link with the site's own key
forge() {
	"$PYTHON" - "$etc/state/key" "$id.$1.$2" "${3:-priya}" <<-'PYTHON'
		import hashlib, hmac, sys
		key = open(sys.argv[1], 'rb').read()
		data = b'link\0' + sys.argv[2].encode() + b'\n' + sys.argv[3].encode()
		print('/l/%s.%s' % (sys.argv[2], hmac.new(key, data, hashlib.sha256).hexdigest()[:32]))
	PYTHON
}

# ask METHOD PATH: the status in $code, the page in $T_DIR/page
ask() {
	code=$("$PYTHON" - "$1" "127.0.0.1:$port" "$2" "$T_DIR/page" <<-'PYTHON'
		import http.client, sys
		method, host, path, out = sys.argv[1:]
		line = http.client.HTTPConnection(host, timeout=20)
		headers = {}
		if method == 'POST':
		    headers = {'Content-Type': 'application/x-www-form-urlencoded', 'Origin': 'http://' + host}
		line.request(method, path, b'' if method == 'POST' else None, headers)
		reply = line.getresponse()
		body = reply.read()
		open(out, 'wb').write(body)
		assert not any('session' in (v or '') for v in reply.headers.get_all('Set-Cookie', [])), 'signed in'
		print(reply.status)
	PYTHON
	)
}

page() {
	cat "$T_DIR/page"
}

# picture: everything that a link could change
picture() {
	"$PYTHON" - "$etc/state/pitchward.db" <<-'PYTHON'
		import sqlite3, sys
		db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
		for table in ('message', 'feedback', 'ruling', 'audit', 'job', 'pending'):
		    rows = sorted(map(repr, db.execute('SELECT * FROM %s' % table)))
		    # The pages look after the key by themselves.
		    print(table, [row for row in rows if 'site-key' not in row])
	PYTHON
}

state() {
	pw quarantine show --json "$id" | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["state"])'
}

mails() {
	find "$box" -name '*.eml' 2>/dev/null | wc -l
}

test_crawler() {
	local before path codes=
	before=$(picture)
	for path in $(pw digest --for priya | grep -o '/l/[^ ]*'); do
		ask GET "$path"
		codes="$codes $code"
		ask HEAD "$path"
		codes="$codes $code"
	done
	is "a crawler is shown all pages" "$codes" " 200 200 200 200 200 200 200 200"
	is "and changes nothing" "$(picture)" "$before"
	is "and nothing is sent" "$(mails)" 0
}

test_show() {
	ask GET "$(link show)"
	like "show: the subject, escaped" "$(page)" 'Quick &lt;b&gt;question'
	unlike "show: no button" "$(page)" '<form'
	ask GET "$(link release)"
	like "release: what will happen" "$(page)" 'delivered to your mailbox'
	like "release: a button" "$(page)" '<form method="post" action="/l/'
	is "release: still held" "$(state)" held
}

test_wrong() {
	local path release
	release=$(link release)
	for path in "${release%?}" "${release%?????}00000" "/l/x" "/l/$id" "/l/$id.release.1.x" \
		"$(forge release 99999999999)" "$(forge release 2000000000 quinn)" \
		"/l/01AAAAAAAAAAAAAAAAAAAAAAAA.${release#*.}" "${release%release*}never${release##*release}"; do
		ask POST "$path"
		is "forged or foreign: nothing is there ($path)" "$code" 404
		ask GET "$path"
		is "forged or foreign: nor to look at" "$code" 404
	done
	ask POST "$(forge release 1000000000)"
	is "too old" "$code" 410
	like "too old: says so" "$(page)" 'limited time, which is over'
	like "too old: how to go on" "$(page)" '[Ss]ign in'
	is "still held" "$(state)" held
	ask POST "$(forge release 2000000000)"
	is "the forgery was right but for key or time" "$code" 200
	is "so it is released" "$(state) $(mails)" "released 1"
}

test_release() {
	local path
	hold 'Another question'
	path=$(link release)
	ask POST "$path"
	is "release: done" "$code $(state)" "200 released"
	like "release: says so" "$(page)" 'on its way to your mailbox'
	ask POST "$path"
	is "release: again is no second mail" "$code $(mails)" "200 2"
	ask GET "$path"
	like "release: nothing is left to do" "$(page)" 'nothing to release'
	unlike "release: no button" "$(page)" '<form'
}

undo_path() {
	grep -o "/l/$id\\.undo\\.[^\"]*" "$T_DIR/page"
}

test_labels() {
	hold 'A third question'
	ask POST "$(link relevant)"
	is "relevant: done" "$code" 200
	like "relevant: noted, with the ruling" "$(picture)" "^feedback .*$id"
	is "relevant: still held" "$(state)" held
	like "relevant: which the page says, with a way out" "$(page)" "It is still held[.].*/l/${id}[.]release[.]"
	ask POST "$(undo_path)"
	like "undo: says so" "$(page)" 'Taken back'
	is "undo: undone" "$(pw feedback undo "$id" 2>&1 | grep -c 'nothing was said')" 1
	ask POST "$(link never)"
	like "never: the vendor" "$(pw vendor list)" '^seller.example .*never'
	ask POST "$(undo_path)"
	unlike "never: taken back" "$(pw vendor list)" '^seller.example .*never'
	like "the audit log has it" "$(picture)" "^audit .*'never'.*$id"
	unlike "without contents" "$(picture | grep '^audit')" 'question'
}

# Where releases need an approver a link of a buyer cannot go round them.
test_asking() {
	stop_pid "$web" 10
	sed -i "s/^web:.*/web: {listen: \"127.0.0.1:$port\", request_release: yes}/" "$conf"
	web_start
	hold 'A fourth question'
	like "with approvers: the digest offers to ask" "$(pw digest --for priya)" 'Ask for it'
	ask POST "$(link release)"
	like "with approvers: it is asked for" "$code $(page)" 'an approver decides'
	is "with approvers: still held" "$(state) $(mails)" "held 2"
	like "with approvers: it waits" "$(picture)" "^pending .*$id"
}

setup
test_crawler
test_show
test_wrong
test_release
test_labels
test_asking
done_testing
