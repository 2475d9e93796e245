#!/bin/sh
# shellcheck disable=SC3043,SC2317,SC2154  # local; functions called by name; set by command.sh
# The brief: as it is shown, as it is mailed once a week, and what an endpoint
# that words it is given, which is a stub here.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/command.sh"

WEB=${WEB:-$BUILD/bin/pitchward-web}
buyer=priya
rcpt=priya@buyer.example
web=https://mail.buyer.example
box=$T_DIR/box
today=$(TZ=Europe/Berlin date +%a | tr 'A-Z' 'a-z')

# configure INSIGHT [DIGEST-SETTING]: without pages unless $pages is yes
configure() {
	sed -i '/^release:/d; /^web:/d; /^digest:/d; /^insight:/d' "$conf"
	cat >>"$conf" <<-EOF
		release: {smtp: "smtp://127.0.0.1:$port", timeout: 2s}
		digest: {from: pitchward@buyer.example${2:+, $2}}
		insight: {$1}
	EOF
	[ "$pages" = no ] || echo "web: {url: \"$web\"}" >>"$conf"
}

sink_start() {
	rm -rf "$box"
	port=$(free_port)
	bg sink "$PYTHON" "$T_LIB/sink.py" "$port" "$box"
	wait_for 10 listening "$port" || bail "the sink does not listen"
}

# mails: how many came
mails() {
	find "$box" -name '*.eml' | wc -l
}

# fresh: nothing is held and no brief was sent
fresh() {
	rm -rf "$etc/state"
	mkdir -p "$etc/state"
}

# hold VENDOR SUBJECT TEXT
hold() {
	printf 'From: Sam Seller <sam@%s>\r\nSubject: %s\r\n\r\n%s\r\n' "$1" "$2" "$3" |
		"$BUILD/tests/hold" "$conf" $buyer "sam@$1" $rcpt >/dev/null ||
		bail "nothing held"
}

plant() {
	fresh
	hold north.com 'Quick question about EDR' 'We cut alert volume by 30 %. It is USD 12 per month.'
	hold south.com 'EDR for you' 'Customers cut alert volume by 80 %. Only USD 30 per month.'
	hold west.com '<script>alert(1)</script>' 'Alert volume is cut by 45 %. From USD 20 per month. Many leave South behind.'
}

setup() {
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $rcpt --template ciso --mta postfix --zone Europe/Berlin
	# Due all day, on every day.
	sed -i 's/^digest:.*/digest: {at: "00:00", zone: Europe\/Berlin, days: [mon, tue, wed, thu, fri, sat, sun]}/' \
		"$etc/profiles.d/$buyer.yaml"
}

# --- as it is shown

test_shown() {
	plant
	pages=yes configure "day: $today"
	pw insight --for $buyer
	is "shown: status" $status 0
	like "shown: whose and of when" "$(cat "$T_DIR/out")" '^Brief for Priya Nair, [0-9]+ [A-Z][a-z][a-z] to'
	like "shown: mail was read first" "$(cat "$T_DIR/out")" '^3 mails of 3 vendors'
	like "shown: what several claim" "$(cat "$T_DIR/out")" '3 vendors claim the like, from 30 % to 80 %'
	like "shown: prices and their spread" "$(cat "$T_DIR/out")" 'USD 12 to USD 30, USD 20 in the middle'
	like "shown: who is named" "$(cat "$T_DIR/out")" 'south.com is named in 1 mail of west.com'
	like "shown: evidence is linked" "$(cat "$T_DIR/out")" "^ +$web/message/01"
	pw insight --for $rcpt --json
	is "as JSON: a part for each priority with mail" "$("$PYTHON" -c '
import json, sys
brief = json.load(sys.stdin)
print(sum(part["messages"] for part in brief["parts"]), brief["tests"])' <"$T_DIR/out")" '3 0'
	pw insight --for $buyer --html "$T_DIR/brief.html"
	ok "as a file: HTML that is well formed" "$PYTHON" -c '
import sys, xml.etree.ElementTree as tree
text = open(sys.argv[1]).read()
tree.fromstring(text.replace("<!DOCTYPE html>", ""))
assert "<script>" not in text and "src=" not in text' "$T_DIR/brief.html"
	pw insight --for $buyer --since 2020-01-01 --until 2020-01-31
	like "another time: nothing of now" "$(cat "$T_DIR/out")" '^0 mails of 0 vendors'
	like "another time: its days" "$(cat "$T_DIR/out")" '^Brief for Priya Nair, 1 Jan to 31 Jan$'
	is "shown only: nothing was sent" "$(mails)" 0
}

test_wrong() {
	pw insight --due --mail
	is "two ways at once" $status 64
	pw insight --html x --for $buyer --json
	is "two forms at once" $status 64
	pw insight --for nobody@buyer.example
	is "nobody's" $status 64
	pw insight --since yesterday
	is "no day" $status 64
	like "no day: what is allowed" "$(cat "$T_DIR/err")" 'neither a day such as 2026-11-22 nor a length of time'
	pw insight --since 2026-01-02 --until 2026-01-01
	is "the wrong way round" $status 64
}

# --- once a week

ended() {
	for i in 1 2 3 4 5 6; do
		[ -s "$T_DIR/status.$i" ] || return 1
	done
}

test_due() {
	local i
	pages=yes configure "day: never"
	pw insight --due
	is "never: not sent" "$status $(mails)" "0 0"
	pages=yes configure "day: $today"
	rm -f "$T_DIR"/status.*
	for i in 1 2 3 4 5 6; do
		{
			"$PITCHWARD" insight --due --config "$conf" >"$T_DIR/race.$i" 2>&1
			echo $? >"$T_DIR/status.$i"
		} &
	done
	ok "six at once end" wait_for 30 ended
	is "six at once: no failure" "$(cat "$T_DIR"/status.* | sort -u)" 0
	is "six at once: one mail" "$(mails)" 1
	pw insight --due
	is "again: no second one" "$status $(cat "$T_DIR/out") $(mails)" "0  1"
	ok "to the buyer" grep -q "^RCPT TO:<$rcpt>" "$box/001.env"
	like "with a subject" "$(sed '/^\r$/q' "$box/001.eml")" '^Subject: Brief, .*: 3 mails'
	pages=yes configure "day: $today" "redirect: admin@buyer.example"
	pw insight --mail --for $buyer
	like "now: sent again" "$(cat "$T_DIR/out")" "^$buyer brief sent$"
	ok "redirect: to the administrator" grep -q '^RCPT TO:<admin@buyer.example>' "$box/002.env"
	like "redirect: the header says for whom" "$(sed '/^\r$/q' "$box/002.eml")" "^X-Pitchward-For: $rcpt"
	fresh
	hold north.com x x
	pw quarantine list --json
	pw insight --mail --for $buyer
	is "little to say: sent all the same" "$status $(mails)" "0 3"
	fresh
	"$PITCHWARD" store verify --config "$conf" >"$T_DIR/log/store" 2>&1
	pw insight --due
	is "nothing to say: not sent" "$(mails)" 3
}

# --- wording

# stub_start MODE: an endpoint that writes down what it was given
stub_start() {
	stub=$(free_port)
	rm -f "$T_DIR"/given.*
	cat >"$T_DIR/stub.py" <<-'PYTHON'
		import http.server, json, sys
		port, mode, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
		count = 0
		class Stub(http.server.BaseHTTPRequestHandler):
		    def do_POST(self):
		        global count
		        body = self.rfile.read(int(self.headers['Content-Length']))
		        count += 1
		        with open('%s/given.%d' % (folder, count), 'w') as out:
		            json.dump({'path': self.path, 'headers': dict(self.headers),
		                       'body': body.decode()}, out)
		        text = {'good': 'All is calm.\x1b[2J \u202eEDR leads.',
		                'long': 'word ' * 10000}.get(mode, '')
		        answer = json.dumps({'choices': [{'message': {'content': text}}]}).encode()
		        if mode == 'odd':
		            answer = b'<html>no</html>'
		        if mode == 'huge':
		            answer = b' ' * (1 << 20)
		        self.send_response({'error': 500, 'moved': 307}.get(mode, 200))
		        if mode == 'moved':
		            self.send_header('Location', '/elsewhere')
		        self.send_header('Content-Length', str(len(answer)))
		        self.end_headers()
		        self.wfile.write(answer)
		    def log_message(self, *args):
		        pass
		http.server.HTTPServer(('127.0.0.1', port), Stub).serve_forever()
	PYTHON
	bg stub "$PYTHON" "$T_DIR/stub.py" "$stub" "$1" "$T_DIR"
	stub_pid=$T_PID
	wait_for 10 listening "$stub" || bail "the stub does not listen"
	configure "wording: {url: \"http://127.0.0.1:$stub/v1\", model: small-1, key: token, timeout: 5s}"
}

given() {
	find "$T_DIR" -name 'given.*' | wc -l
}

test_wording() {
	plant
	pages=no
	configure "day: mon"
	printf 'sesame\n' >"$etc/token"
	chmod 600 "$etc/token"
	pw insight --for $buyer
	cp "$T_DIR/out" "$T_DIR/plain"
	unlike "off by default: no wording" "$(cat "$T_DIR/plain")" 'Worded by'
	stub_start good
	http_proxy=http://127.0.0.1:9 pw insight --for $buyer
	is "worded: status" $status 0
	like "worded: marked as such" "$(cat "$T_DIR/out")" 'Worded by small-1; the figures above are what counts'
	like "worded: the text" "$(cat "$T_DIR/out")" 'All is calm[.]'
	unlike "worded: nothing steers the terminal" "$(cat "$T_DIR/out")" "$(printf '\033')"
	is "worded: asked once" "$(given)" 1
	"$PYTHON" - "$T_DIR" >"$T_DIR/asked" <<-'PYTHON'
		import json, sys
		given = json.load(open(sys.argv[1] + '/given.1'))
		body = json.loads(given['body'])
		plain = open(sys.argv[1] + '/plain').read()
		print(given['path'], given['headers'].get('Authorization'))
		print(sorted(body), body['model'], [m['role'] for m in body['messages']])
		print(body['messages'][1]['content'].strip() == plain.strip())
		print([w for w in ('priya@', 'sam@', 'Sam Seller') if w in given['body']])
		print(sorted(h.lower() for h in given['headers']))
	PYTHON
	is "given: where, with which token" "$(sed -n 1p "$T_DIR/asked")" '/v1/chat/completions Bearer sesame'
	is "given: these keys" "$(sed -n 2p "$T_DIR/asked")" "['messages', 'model', 'stream'] small-1 ['system', 'user']"
	is "given: what the brief shows, no more and no less" "$(sed -n 3p "$T_DIR/asked")" True
	is "given: no address, no sender's name" "$(sed -n 4p "$T_DIR/asked")" '[]'
	is "given: no other header" "$(sed -n 5p "$T_DIR/asked")" \
		"['accept', 'authorization', 'content-length', 'content-type', 'host']"
	stop_pid "$stub_pid" 5 || :
	for mode in error moved odd huge; do
		stub_start $mode
		pw insight --for $buyer
		is "$mode: the brief without it" "$status $(cmp "$T_DIR/out" "$T_DIR/plain" && echo same)" "0 same"
		is "$mode: one line says so" "$(grep -c 'insight.wording' "$T_DIR/err") $(wc -l <"$T_DIR/err")" '1 1'
		is "$mode: asked once" "$(given)" 1
		stop_pid "$stub_pid" 5 || :
	done
	pw insight --for $buyer
	is "nobody there: the brief without it" "$status $(cmp "$T_DIR/out" "$T_DIR/plain" && echo same)" "0 same"
	stub_start long
	pw insight --for $buyer
	ok "long: cut" test "$(wc -c <"$T_DIR/out")" -lt 12000
	stop_pid "$stub_pid" 5 || :
}

# --- the page

# page USER PATH: its status in $code, its text in $T_DIR/page
page() {
	code=$("$PYTHON" - "$listen" "$1" "$2" "$T_DIR/page" <<-'PYTHON'
		import sys, urllib.error, urllib.request
		port, user, path, out = sys.argv[1:]
		ask = urllib.request.Request('http://127.0.0.1:' + port + path, headers={'X-Auth': user})
		try:
		    answer = urllib.request.urlopen(ask, timeout=10)
		except urllib.error.HTTPError as error:
		    answer = error
		open(out, 'wb').write(answer.read())
		print(answer.status)
	PYTHON
	)
}

test_page() {
	plant
	pages=no
	configure "day: mon"
	listen=$(free_port)
	sed -i '/^models:/d' "$conf"
	cat >>"$conf" <<-EOF
		models: $top/models
		web:
		  listen: 127.0.0.1:$listen
		  sign_in: {mail: no, header: X-Auth}
		  users: [{address: boss@buyer.example, roles: [admin]}]
	EOF
	pw insight --for $buyer
	bg web "$WEB" --config "$conf" --log=stderr
	wait_for 20 listening "$listen" || bail "the pages do not serve"
	page $rcpt /brief
	is "page: status" "$code" 200
	like "page: what several claim" "$(cat "$T_DIR/page")" '3 vendors claim the like'
	like "page: evidence is linked" "$(cat "$T_DIR/page")" 'href="/message/01'
	unlike "page: nothing of a vendor's is markup" "$(cat "$T_DIR/page")" '<script>alert'
	unlike "page: no style or script of its own" "$(cat "$T_DIR/page")" '(<style|style=|onload=)'
	ok "page: light" test "$(wc -c <"$T_DIR/page")" -lt 30000
	ok "page: well formed" "$PYTHON" -c '
import sys, xml.etree.ElementTree as tree
tree.fromstring(open(sys.argv[1]).read().replace("<!DOCTYPE html>", ""))' "$T_DIR/page"
	page $rcpt '/brief?until=2020-01-31'
	like "page: another week" "$(cat "$T_DIR/page")" '25 Jan to 31 Jan[.] 0 mails'
	page $rcpt '/brief?until=%3Cx'
	is "page: no day is now" "$code" 200
	page $rcpt /brief/json
	is "page: as JSON" "$code $("$PYTHON" -c '
import json, sys
print(json.load(open(sys.argv[1]))["messages"])' "$T_DIR/page")" "200 3"
	page boss@buyer.example "/brief?for=$buyer"
	unlike "page: not an admin's" "$code" 200
	page boss@buyer.example "/brief/json?for=$buyer"
	unlike "page: nor the file" "$code" 200
	stop_pid "$T_PID" 10 || :
}

setup
sink_start
pages=yes
test_shown
test_wrong
test_due
test_wording
[ ! -x "$WEB" ] || test_page
done_testing
