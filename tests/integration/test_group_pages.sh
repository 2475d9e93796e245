#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# A buying group's pages, votes and weekly mail: who sees what of whom, and mail
# that is let in for the group.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
WEB=${WEB:-$BUILD/bin/pitchward-web}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
[ -x "$PYTHON" ] || skip_all "no python3"
cd "$T_DIR" || exit 1

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >log/make 2>&1 ||
	bail "cannot build tests/unit/hold.c"

PORT=$(free_port)
SINK=$(free_port)
mkdir profiles.d groups.d

# profile ID: its priorities and more are standard input
profile() {
	{
		printf 'version: 1\nbuyer: {name: %s Name, role: Buyer, addresses: [%s@buyer.example]}\n' "$1" "$1"
		printf 'digest: {at: "00:00", zone: Europe/Berlin, days: [mon]}\n'
		cat
	} >"profiles.d/$1.yaml"
}

profile priya <<'END'
priorities:
  - {id: edr, name: Endpoint detection and response, keywords: [EDR], weight: 0.9}
  - {id: mail, name: Phishing protection, weight: 0.6}
not_interested:
  - {name: Quiet refusal of walruses}
END
profile dan <<'END'
priorities:
  - {id: desktops, name: Desktop endpoint detection, keywords: [EDR], weight: 0.2}
END
profile mia <<'END'
priorities:
  - {id: secret, name: Zebra merger, keywords: [zebras], weight: 0.9}
END
profile tom <<'END'
priorities:
  - {id: lease, name: Laptop leasing, weight: 0.7}
END
profile eve <<'END'
priorities:
  - {id: other, name: Office plants}
END

# group ACCEPT
group() {
	cat >groups.d/edr.yaml <<END
version: 1
group: {name: Endpoint renewal 2027, front_door: vendors@buyer.example}
decision: {what: Replace the antivirus, by: 2099-03-31}
members:
  - {profile: priya, role: CISO, influence: {now: 0.9, wished: 0.6}, veto: yes, share: [priorities, vendors]}
  - {profile: dan, influence: {now: 0.3, wished: 0.7}, share: [priorities, vendors]}
  - {profile: mia, influence: {now: 0.6}, share: []}
  - {profile: tom}
talks: [[priya, mia]]
accept: $1
END
}
group 0

# configure [LINE...]
configure() {
	cat >pitchward.yaml <<END
version: 1
models: $top/models
store: sqlite:$T_DIR/store.db
key: key
spool: {path: spool}
authserv_id: mx.example
release: {smtp: "smtp://127.0.0.1:$SINK", timeout: 1s}
digest: {from: pitchward@buyer.example}
web:
  listen: 127.0.0.1:$PORT
  users:
    - {address: help@buyer.example, roles: [delegate], buyers: [dan, eve]}
    - {address: boss@buyer.example, roles: [approver], buyers: [tom]}
    - {address: root@buyer.example, roles: [admin]}
END
	[ $# = 0 ] || printf '%s\n' "$@" >>pitchward.yaml
}
configure

# hold BUYER DOMAIN
hold() {
	printf 'From: Sam <sam@%s>\r\nSubject: EDR that works\r\n\r\nOur EDR helps.\r\n' "$2" |
		"$BUILD/tests/hold" "$T_DIR/pitchward.yaml" "$1" "sam@$2" "$1@buyer.example" >/dev/null ||
		bail "nothing held"
}

cat >browser.py <<'END'
"""browser.py LINK STEP...: signs in; prints the last page. A step is a path, or
a path, "|" and the fields of a form, for which a token is taken from a page."""
import http.cookiejar, re, sys, urllib.error, urllib.parse, urllib.request

jar = http.cookiejar.CookieJar()
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
link = sys.argv[1]
base = '/'.join(link.split('/')[:3])

def load(path, fields=None):
    data = urllib.parse.urlencode(fields).encode() if fields else None
    try:
        reply = browser.open(urllib.parse.urljoin(base, path), data)
        return 'status %d\n%s' % (reply.status, reply.read().decode())
    except urllib.error.HTTPError as error:
        return 'status %d\n%s' % (error.code, error.read().decode())

page = load(link)
load(re.search(r'action="([^"]*)"', page).group(1), dict(re.findall(r'name="([^"]*)" value="([^"]*)"', page)))
token = re.search(r'name="csrf" value="([^"]*)"', load('/account'))
for step in sys.argv[2:]:
    path, _, text = step.partition('|')
    fields = dict(field.split('=', 1) for field in text.split('&')) if text else None
    if fields and token:
        fields.setdefault('csrf', token.group(1))
    page = load(path, fields)
print(page)
END

# browse WHO STEP...: the page in $T_DIR/page
browse() {
	local who=$1
	shift
	"$PYTHON" browser.py "$("$WEB" --config pitchward.yaml --link "$who@buyer.example")" "$@" >page 2>page.err ||
		diag "$(cat page.err)"
}

shows() {
	grep -Fq -- "$1" page || { head -c 3000 page && return 1; }
}

hides() {
	! grep -Fq -- "$1" page
}

serves() {
	listening "$PORT"
}

web_start() {
	bg web "$WEB" --config pitchward.yaml --log=stderr
	web_pid=$T_PID
	wait_for 30 serves || bail "pitchward-web does not serve"
}

for who in priya dan; do
	hold $who acme.example
done
hold mia solo.example
hold tom solo.example
web_start

# --- who sees which group

browse priya /groups
ok "a member's groups" shows 'href="/groups/edr"'
browse eve /groups
ok "of who is in none" shows 'You are in no buying group'
ok "not a name of others'" hides 'Endpoint renewal'
browse eve /groups/edr
ok "nor a look at it" shows 'status 404'
browse root /admin
ok "an admin is led to all groups" shows 'href="/groups"'
browse root /groups
ok "an admin sees its name and counts" shows '<td>Endpoint renewal 2027</td><td>4</td>'
ok "and no way in" hides 'href="/groups/edr"'
browse root /groups/edr
ok "nor a look" shows 'status 404'
browse help /groups/edr
ok "a delegate sees it as their buyer does" shows 'dan Name (you)'
browse help '/groups/edr?for=priya'
ok "and not as another" shows 'status 404'
browse priya /groups/nonsense
ok "a group that is not there" shows 'status 404'

# --- what it says, and to whom

browse priya /groups/edr
ok "what is to be decided" shows 'Replace the antivirus, by <time datetime="2099-03-31">'
ok "the front door" shows 'href="mailto:vendors@buyer.example"'
ok "a member's weight as a bar" shows '<path class="for" d="M0 3h36"/></svg>0.90'
ok "the network" shows '<svg class="net"'
ok "who talks is a line" shows '<path class="talk" d="M'
ok "who should is a broken one" shows '<path class="ought" d="M'
ok "and the same as a table" shows '<td data-label="Should talk to">dan Name</td>'
ok "a vendor that wrote to several, by its card" shows '<td data-label="Vendor"><a href="/vendors/acme.example">acme.example</a></td>'
ok "what the agreement is of" shows '<b>1</b> of 3 priorities shared by two or more'
well_formed() {
	"$PYTHON" - "$1" <<'END'
import sys, xml.etree.ElementTree as tree
text = open(sys.argv[1]).read().split('\n', 1)[1].replace('<!DOCTYPE html>', '')
tree.fromstring(text)
assert len(text.encode()) < 32768, len(text)
assert ' style=' not in text and '<script>' not in text
END
}
ok "well formed, of a size, without inline style" well_formed page
browse mia /groups/edr
ok "mia sees her own" shows 'Zebra merger'
for who in priya dan tom; do
	browse $who /groups/edr
	ok "$who does not see what mia shares with nobody" hides 'Zebra'
	ok "nor who wrote to her" hides 'solo.example'
done
ok "a card that is not theirs is no link" shows '<td data-label="Vendor">acme.example</td>'
browse dan /groups/edr
ok "nor what priya refuses" hides 'walrus'

# --- what let a message in for the group

"$PYTHON" - "$T_DIR/store.db" >held.id <<'END'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("""update message set reasons = '[{"name":"group: Endpoint renewal 2027: Phishing protection","value":0.9,"weight":0}]' where buyer = 'tom'""")
print(*store.execute("select id from message where buyer = 'tom'").fetchone())
END
browse tom "/message/$(cat held.id)"
ok "a member reads which priority" shows 'Endpoint renewal 2027: Phishing protection'
for page in "/message/$(cat held.id)" '/queue?for=tom' '/?for=tom'; do
	browse boss "$page"
	ok "$page: an approver, who is of no group, reads that it was" shows 'Others of your group want it'
	ok "$page: and not what for" hides 'Phishing'
done

# --- votes

list='/groups/edr/vote|do=list&card=ACME.example&reason=they answered'
browse priya "$list"
ok "a vendor is put on the list" shows 'acme.example, with your reason: noted'
ok "and stands there" shows '<h3>acme.example</h3>'
browse priya "$list"
ok "once" shows 'is on the shortlist already'
browse priya '/groups/edr/vote|do=list&card=not a domain'
ok "a vendor is a domain" shows 'goes by the domain it writes from'
browse priya '/groups/edr/vote|do=for&card=acme.example&reason=<b>good</b>'
ok "a vote with its reason, escaped" shows '&lt;b&gt;good&lt;/b&gt;'
ok "and what it weighs" shows '% of the influence is for it'
browse dan '/groups/edr/vote|do=veto&card=acme.example'
ok "no veto of who has none" shows 'Not so:'
browse help '/groups/edr/vote|do=against&card=acme.example&reason=late&for=dan'
ok "a delegate votes as their buyer" shows '<td data-label="Vote">against</td>'
browse help '/groups/edr/vote|do=against&card=acme.example&for=priya'
ok "and not as another" shows 'status 404'
browse eve '/groups/edr/vote|do=for&card=acme.example'
ok "nobody else votes" shows 'status 404'
browse priya '/groups/edr/vote|do=for&card=acme.example&csrf=wrong'
ok "nor anybody without the form's token" shows 'status 403'
browse priya '/groups/edr/vote|do=burn&card=acme.example'
ok "a word that is none" shows 'status 400'
browse priya '/groups/edr/vote|do=veto&card=acme.example&reason=no audit' '/groups/edr/vote|do=choose&card=acme.example'
ok "a veto stands in the way" shows 'there is a veto on acme.example'
browse priya '/groups/edr/vote|do=withdraw&card=acme.example' '/groups/edr/vote|do=choose&card=acme.example'
ok "until it is taken back" shows '>chosen</span>'
browse dan '/groups/edr/vote|do=for&card=acme.example'
ok "what is decided is decided" shows 'it is decided already'
browse priya '/groups/edr/vote|do=reopen'
ok "and can be opened again" hides '>chosen</span>'
"$PYTHON" - "$T_DIR/store.db" >votes <<'END'
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(
    "select who, buyer, object, detail from audit where action = 'vote' order by id")
for row in rows:
    print(*row)
END
is "every vote is in the audit log" "$(cat votes)" "priya@buyer.example priya acme.example edr: list
priya@buyer.example priya acme.example edr: for
help@buyer.example dan acme.example edr: against
priya@buyer.example priya acme.example edr: veto
priya@buyer.example priya acme.example edr: withdraw
priya@buyer.example priya acme.example edr: choose
priya@buyer.example priya  edr: reopen"

# --- the week's mail

# pw COMMAND...
pw() {
	status=0
	"$PITCHWARD" "$@" --config pitchward.yaml >out 2>err || status=$?
}

# of WHO: what their part of the output is
of() {
	sed -n "/^$1 </,/^It tells only/p" out
}

pw group digest edr
is "shown: status" "$status $(cat err)" "0 "
like "what was said" "$(of dan)" 'dan Name is against acme.example: late'
like "days to the decision" "$(of dan)" 'Replace the antivirus: [0-9]+ days to the decision on 2099-03-31'
like "who wrote" "$(of dan)" 'acme.example wrote to priya Name and dan Name'
like "whom to talk to" "$(of dan)" 'priya Name: '
like "a vote that is missing" "$(of tom)" 'your vote is missing'
like "a link" "$(of dan)" "http://127.0.0.1:$PORT/groups/edr"
for who in priya dan tom; do
	unlike "$who is told nothing of mia's" "$(of $who)" 'Zebra|solo.example'
done
unlike "dan nothing of priya's refusals" "$(of dan)" 'walrus'

today=$(TZ=Europe/Berlin date +%a | tr '[:upper:]' '[:lower:]')
other=$(TZ=Europe/Berlin date -d '3 days' +%a | tr '[:upper:]' '[:lower:]')
bg sink "$PYTHON" "$T_LIB/sink.py" "$SINK" box
wait_for 10 listening "$SINK" || bail "the sink does not listen"
configure "insight: {day: $other}"
pw group digest --due
is "not on another day" "$status $(cat out err)" "0 "
configure "insight: {day: $today}"
pw group digest --due
is "mailed to each" "$status $(cat out)" "0 priya group edr sent
dan group edr sent
mia group edr sent
tom group edr sent"
pw group digest --due
is "once" "$status $(cat out err)" "0 "
is "so many mails" "$(find box -name '*.eml' | wc -l)" 4
"$PYTHON" - box >mails.out 2>&1 <<'END'
import email, email.policy, glob, sys, xml.etree.ElementTree as tree
for path in sorted(glob.glob(sys.argv[1] + '/*.eml')):
    mail = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.default)
    assert not mail.defects, mail.defects
    plain, rich = mail.iter_parts()
    text, page = plain.get_content(), rich.get_content()
    tree.fromstring(page.replace('<!DOCTYPE html>', ''))
    assert all(len(line) <= 76 or 'http' in line for line in text.splitlines()), text
    who = mail['To'].split('<')[-1].split('@')[0]
    for form in (text, page):
        assert ('Zebra' in form) <= (who == 'mia'), who
        assert 'solo.example' not in form or who in ('mia', 'tom'), who
        assert 'acme.example' in form, who
    assert '<b>good</b>' not in page
    print(who, mail['Subject'])
END
is "what is in them" "$(sort mails.out)" "dan Endpoint renewal 2027: the group's week
mia Endpoint renewal 2027: the group's week
priya Endpoint renewal 2027: the group's week
tom Endpoint renewal 2027: the group's week"
pw group digest edr --due --print
is "--due and --print: status" "$status" 64
pw group digest ed
ok "a group that is not there" grep -q "did you mean 'edr'" err
is "its status" "$status" 64

# --- let in for the group

cat >pitch.eml <<'END'
From: Sam Seller <sam@seller.example>
To: tom@buyer.example
Subject: Phishing protection demo
Message-ID: <1@seller.example>

Hi Tom,

I noticed your company is hiring. I am Sam from Seller, and we help companies
like yours with phishing protection: our phishing protection platform stops
phishing mail before it reaches your staff.
Could we find 15 minutes for a quick call next week?

Best regards,
Sam Seller
If you do not want to hear from me again, just let me know.
END
# score WHO: verdict and what was noted beside the models
score() {
	"$PITCHWARD" score --config pitchward.yaml --for "$1@buyer.example" --json pitch.eml |
		"$PYTHON" -c 'import json, sys; d = json.load(sys.stdin)
print(d["verdict"], *[r["name"] for r in d["reasons"] if r["weight"] == 0])'
}
is "without a threshold it is held" "$(score tom)" "quarantine"
group 0.5
is "with one it is let in for the group" "$(score tom)" \
	"deliver group: Endpoint renewal 2027: Phishing protection"
is "not for who is in no group" "$(score eve)" "quarantine"
sed -i 's/share: \[priorities, vendors\]}/share: [vendors]}/' groups.d/edr.yaml
is "nor for what is not shared" "$(score tom)" "quarantine"

# --- names of vendors that wrote to others

pw vendor name solo.example 'Solo Ltd'
is "a card has a name: status" "$status" 0
browse dan '/groups/edr/vote|do=list&card=Solo Ltd'
ok "a name tells nobody who wrote to others" shows 'goes by the domain it writes from'
browse tom '/groups/edr/vote|do=list&card=solo ltd'
ok "but goes for who had mail of them" shows 'solo.example: noted'

# --- a long shortlist

for n in 1 2 3 4 5; do
	browse tom "/groups/edr/vote|do=list&card=long$n.example"
done
browse tom /groups/edr
ok "the last is not in full" hides '<h3>solo.example'
ok "but a link" shows 'card=solo.example#shortlist'
browse tom '/groups/edr?card=solo.example'
ok "by which it is, to be voted on" shows 'name="card" value="solo.example"'

# --- more than a screen's

profile priya <<'END'
priorities:
  - {id: edr, name: Endpoint detection and response, keywords: [EDR], weight: 0.9}
  - {id: a, name: Payroll migration, weight: 0.8}
  - {id: b, name: Warehouse scanners, weight: 0.75}
  - {id: c, name: Carbon accounting, weight: 0.7}
  - {id: d, name: Translation of manuals, weight: 0.65}
  - {id: e, name: Fleet telematics, weight: 0.6}
  - {id: f, name: Badge printers, weight: 0.55}
  - {id: g, name: Solar roofs, weight: 0.5}
  - {id: h, name: Canteen catering, weight: 0.45}
  - {id: i, name: Museum tickets, weight: 0.4}
END
kill -HUP "$web_pid"
long_table() {
	browse priya /groups/edr && shows 'Payroll migration'
}
ok "priorities are read again" wait_for 10 long_table
ok "the ninth on open below" grep -q '<details><summary>[1-9] more priorities</summary>' page
ok "with all of them" shows 'Museum tickets'
ok "nobody is sent to a shell" hides 'pitchward group'
ok "the page is well formed" well_formed page

# --- a broken file

printf 'members: [\n' >groups.d/broken.yaml
"$WEB" --config pitchward.yaml --check >out 2>err
is "a broken group does not keep the pages from starting" "$?" 0
configure "insight: {day: $today}"
pw group digest --due
is "nor the others' mail from going" "$status $(cat out err)" "0 "
kill -HUP "$web_pid"
browse priya /groups
ok "nor the others from being seen" shows 'href="/groups/edr"'
status=0
stop_pid "$web_pid" 20 || status=$?
is "the pages end well" "$status" 0

done_testing
