#!/bin/sh
# shellcheck disable=SC2317,SC2016,SC2154  # functions called by name; set by command.sh
# Research by command and by page: what is found, what is set side by side, who
# finds it, what is kept for the brief.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/command.sh"

WEB=${WEB:-$BUILD/bin/pitchward-web}
conf=$T_DIR/pitchward.yaml
port=$(free_port)
mkdir "$T_DIR/profiles.d"
cat >"$conf" <<END
version: 1
profiles: profiles.d
models: $top/models
store: sqlite:$T_DIR/web.db
key: key
spool: {path: spool}
release: {smtp: "smtp://127.0.0.1:1"}
digest: {from: pitchward@corp.example}
web: {listen: "127.0.0.1:$port", sign_in: {mail: no, header: X-Auth-Email}}
END
for who in priya marcus; do
	cat >"$T_DIR/profiles.d/$who.yaml" <<-END
		version: 1
		buyer: {name: $who, addresses: [$who@corp.example]}
		priorities:
		  - {id: edr, name: Managed detection and response, keywords: [EDR, MDR]}
		  - {id: backup, name: Backup and recovery, keywords: [immutable backup, standby]}
	END
done

# holds BUYER DOMAIN SUBJECT: the mail's text is standard input; the id in $id
holds() {
	id=$({ printf 'From: Sam <sam@%s>\r\nSubject: %s\r\n\r\n' "$2" "$3" && cat; } |
		"$BUILD/tests/hold" "$conf" "$1" "sam@$2" "$1@corp.example") || bail "nothing held"
}

# fetch WHO PATH: a page as that person gets it, in $T_DIR/out; its code in $code
fetch() {
	code=$("$PYTHON" - "$port" "$1" "$2" "$T_DIR/out" <<'END'
import sys, urllib.error, urllib.request
port, who, path, out = sys.argv[1:]
request = urllib.request.Request('http://127.0.0.1:%s%s' % (port, path), headers={'X-Auth-Email': who})
try:
    reply = urllib.request.urlopen(request, timeout=10)
except urllib.error.HTTPError as error:
    reply = error
open(out, 'wb').write(reply.read())
print(reply.status)
END
)
}

# press WHO PATH ACTION: sends the form of that page that goes to ACTION*
press() {
	code=$("$PYTHON" - "$port" "$1" "$2" "$3" <<'END'
import re, sys, urllib.error, urllib.parse, urllib.request, html
port, who, path, action = sys.argv[1:]
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None
opener = urllib.request.build_opener(Stay)
base = 'http://127.0.0.1:' + port
head = {'X-Auth-Email': who, 'Origin': base}
page = opener.open(urllib.request.Request(base + path, headers=head)).read().decode()
form = re.search('<form method="post" action="(%s[^"]*)".*?</form>' % action, page, re.S)
pairs = re.findall('name="([^"]*)" value="([^"]*)"', form.group(0)) if form else []
data = urllib.parse.urlencode([(k, html.unescape(v)) for k, v in pairs if k]).encode()
target = form.group(1) if form else action
try:
    print(opener.open(urllib.request.Request(base + target, data, head)).status)
except urllib.error.HTTPError as error:
    print(error.code)
END
)
}

pw research standby
is "without a store there is nothing, and it says so" "$status $(cat "$T_DIR/out")" "0 "
holds priya vaultline.example 'Warm standby for your archive' <<'MAIL'
Hello,
a warm standby for the imaging archive cuts restore time by 80 %.
It is $900 per month. We are SOC 2 Type II audited.
MAIL
first=$id
holds priya vaultline.example 'Re: Warm standby for your archive' <<'MAIL'
Hello again,
the standby costs $900 per month, and it restores in 4 hours.
MAIL
second=$id
holds marcus secondcopy.example 'Standby <b>for</b> archives' <<'MAIL'
A standby for any archive: <script>alert(1)</script> 3x faster restores.
MAIL
other=$id
holds priya bakery.example 'Cakes for your office' <<'MAIL'
We bake forty kinds of cakes every morning.
MAIL

# --- the command

pw research 'warm standby for imaging archives'
is "a question: status" "$status" 0
ok "what was held just now is found" says "mail .* $first\$"
ok "by vendor" says '^vaultline\.example, '
ok "with claims" says '^  claim .*80 %.*'"$first"']$'
ok "with prices" says '^  price .*900.*'
ok "with proof" says '^  proof .*SOC 2'
ok "a follow-up stands with its first" says "the same: mail .* $second\$"
ok "the lines that answer are shown" says 'a warm standby for the imaging archive'
ok "what has nothing to do with it is not" says_not 'bakery'
ok "facets" says '^vendor .*vaultline.example'
pw research warm standby --for priya
ok "a buyer does not find another's mail" says_not 'secondcopy'
pw research warm standby --for marcus --json
is "JSON: whose" "$(field 'sorted({h["buyer"] for h in d["hits"]})')" "['marcus']"
is "JSON: the source of each quotation" "$(field 'sorted({q["message"] for v in d["vendors"] for q in v["quotes"]})')" "['$other']"
pw research standby --json
is "JSON: copies" "$(field '[len(h["copies"]) for h in d["hits"] if h["vendor"] == "vaultline.example"]')" "[1]"
is "JSON: facets" "$(field 'd["facets"]["kinds"][0]["key"]')" mail
pw research standby --vendor secondcopy.example --json
is "of one vendor" "$(field '[v["vendor"] for v in d["vendors"]]')" "['secondcopy.example']"
pw research standby --kind item
is "of another kind there is none" "$(cat "$T_DIR/out")" "nothing found"
pw research standby --until 2020-01-01
is "nor of another time" "$(cat "$T_DIR/out")" "nothing found"
pw research standby --since 1h --json
is "nor less of the last hour" "$(field 'd["found"]')" 3
pw research standby --html
ok "a page: well formed" "$PYTHON" -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$T_DIR/out"
ok "a page: nothing of mail is markup" says_not '<script|<b>for'
ok "a page: quotations name their message" says "<a href=\"#$first\">"

# --- what is wrong is said

pw research
is "no question" "$status" 64
pw research '?!'
is "no word in it" "$status" 65
pw research "$(head -c 500 /dev/zero | tr '\0' a)"
is "too long" "$status" 64
pw research standby --kind mial
is "no kind" "$status" 64
ok "with the nearest" grep -q "did you mean 'mail'" "$T_DIR/err"
pw research standby --for priya --priority backups
is "no priority" "$status" 64
ok "with the nearest priority" grep -q "did you mean 'backup'" "$T_DIR/err"
pw research standby --since 2026-13-01
is "no day" "$status" 64
pw research standby --json --html
is "two forms at once" "$status" 64
pw research standby --watch
is "a watch is somebody's" "$status" 64

# --- what is kept

pw research 'warm standby' --for priya --kind mail --watch
is "watch: status" "$status" 0
ok "watch says its id" says '^watched [0-9A-Z]{26}$'
watched=$(sed -n 's/^watched //p' "$T_DIR/out")
pw research --watches
ok "it is listed with its filters" says "^$watched +priya +warm standby +\(kind=mail\)\$"
pw research --watches --for marcus
is "not to another" "$(cat "$T_DIR/out")" ""
pw research --unwatch "$watched" --for marcus
is "nor is it another's to forget" "$status" 66
pw research --unwatch "$watched"
is "forgotten" "$(cat "$T_DIR/out")" "forgotten $watched"
pw research --unwatch "$watched"
is "once" "$status" 66

# --- the page

serves() {
	"$PYTHON" -c 'import sys, urllib.request as u; u.urlopen("http://127.0.0.1:%s/healthz" % sys.argv[1])' "$port" 2>/dev/null
}

if [ -x "$WEB" ]; then
	bg web "$WEB" --config "$conf" --log=stderr
	wait_for 30 serves || bail "pitchward-web does not serve"
	fetch priya@corp.example /research
	is "the page" "$code" 200
	fetch priya@corp.example '/research?q=warm+standby'
	is "an answer" "$code" 200
	ok "is well formed" "$PYTHON" -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$T_DIR/out"
	ok "links to the message" says "href=\"/message/$first\""
	ok "links to the vendor's page" says 'href="/vendors/vaultline.example"'
	ok "is somebody's own" says_not 'secondcopy'
	ok "weighs little" test "$(wc -c <"$T_DIR/out")" -lt 28000
	fetch marcus@corp.example '/research?q=standby+archive'
	ok "nothing of mail is markup there either" says_not '<script>alert|<b>for'
	ok "but is shown" says '&lt;b&gt;for'
	fetch priya@corp.example '/research?q=standby&for=marcus'
	ok "asking for another gives nothing of theirs" says_not 'secondcopy'
	fetch priya@corp.example '/research?q=standby&kind=x'
	is "an unknown kind" "$code" 400
	fetch priya@corp.example '/research?q=standby&since=x'
	is "no day there either" "$code" 400
	fetch priya@corp.example '/research/json?q=standby'
	is "a download as JSON" "$(field 'd["hits"][0]["vendor"]' 2>/dev/null ||
		"$PYTHON" -c 'import json, sys; print(json.load(open(sys.argv[1]))["hits"][0]["vendor"])' "$T_DIR/out")" vaultline.example
	fetch priya@corp.example '/research/page?q=standby'
	ok "a download as a page" says '<h2>Vendors side by side</h2>'
	press priya@corp.example '/research?q=warm+standby&kind=mail' /research/watch
	is "watched from the page" "$code" 303
	pw research --watches --for priya
	ok "with its filters" says 'warm standby +\(kind=mail\)$'
	watched=$(cut -c 1-26 "$T_DIR/out")
	fetch priya@corp.example /research
	ok "it stands on the page" says "/research/unwatch/$watched"
	press marcus@corp.example /research "/research/unwatch/$watched"
	pw research --watches --for priya
	ok "another cannot remove it" says "$watched"
	press priya@corp.example /research /research/unwatch/
	pw research --watches --for priya
	is "who keeps it can" "$(cat "$T_DIR/out")" ""
	"$PYTHON" - "$T_DIR/web.db" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1], timeout=10)
		db.executemany("INSERT INTO watch VALUES ('priya', ?1, 'no ' || ?1, '', 'sam', 1)",
		               [('%026d' % n,) for n in range(100)])
		db.commit()
	END
	press priya@corp.example '/research?q=too+many' /research/watch
	is "there is an end to what is watched" "$code" 409
fi

done_testing
