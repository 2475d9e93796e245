#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# What a person does with many held messages at once on the pages: a whole
# campaign, all that a filter shows, and each of it taken back in one click;
# and what a page says when the store does not answer.

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

make -s -C "$top" BUILD="$BUILD" "$BUILD/bench/plant" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/bench/plant.c or tests/unit/hold.c"

serves() {
	"$PYTHON" -c 'import sys, urllib.request
urllib.request.urlopen("http://127.0.0.1:%s/healthz" % sys.argv[1], timeout=2)' "$port" 2>/dev/null
}

# 250 messages in 40 campaigns, each of a vendor: v7 has 7, 17 and so on
setup() {
	port=$(free_port)
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $rcpt --template ciso --mta postfix --zone Asia/Kolkata
	sed -i '/^web:/d; /^models:/d' "$conf"
	cat >>"$conf" <<-END
		models: $top/models
		web: {listen: "127.0.0.1:$port"}
	END
	"$BUILD/bench/plant" "sqlite:$etc/state/pitchward.db" priya 250 40 ||
		bail "nothing planted"
	bg web "$WEB" --config "$conf" --log=stderr
	web=$T_PID
	wait_for 30 serves || bail "pitchward-web does not serve"
	link=$("$WEB" --config "$conf" --link=$rcpt)
}

# checks: each line of the Python on stdin is a test
checks() {
	local verdict rest
	"$PYTHON" - "http://127.0.0.1:$port" "$link" "$etc/state/pitchward.db" "$T_LIB" \
		"$BUILD/tests/hold" "$conf" >"$T_DIR/out" 2>"$T_DIR/err" || t_fail "the client ends well" "$(cat "$T_DIR/err")"
	while read -r verdict rest; do
		case $verdict in
		pass) t_pass "$rest" ;;
		*) t_fail "${rest%%:*}" "${rest#*:}" || : ;;
		esac
	done <"$T_DIR/out"
}

test_many_at_once() {
	setup
	checks <<-'PYTHON'
		import re, sqlite3, subprocess, sys, time
		url, link, path, lib, hold, conf = sys.argv[1:]
		sys.path.insert(0, lib)
		from web_client import Browser

		db = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
		me = Browser(url)
		me.submit(me.get(link[len(url):]), '/sign-in/')

		def said(label=None):
		    return db.execute('SELECT count(*) FROM feedback WHERE retracted = 0'
		                      ' AND (?1 IS NULL OR label = ?1)', (label,)).fetchone()[0]

		def check(name, got, wanted):
		    print('pass' if got == wanted else 'fail', '%s: %r, not %r' % (name, got, wanted)
		          if got != wanted else name)

		def go(page, do, **more):
		    reply = me.submit(page, '/queue/act', do=do, **more)
		    check('%s answers' % do.split()[0], reply.status, 303)
		    return me.get(reply.headers['Location'])

		def undo(page):
		    reply = me.submit(page, '/undo/')
		    return me.get(reply.headers['Location'])

		page = me.get('/queue?vendor=v7.example')
		check('a row says how many it stands for', 'all 7 of it</label>' in page.text, True)
		top = re.search(r'name="all-([0-9A-Z]{26})"', page.text).group(1)
		mine = 'irrelevant ' + top
		page = go(page, mine)
		check('the whole campaign is decided', said(), 7)
		page = undo(page)
		check('and taken back in one click', said(), 0)

		page = go(me.get('/queue?vendor=v7.example'), mine, **{'all-' + top: ''})
		check('the button of the row means the top one', said(), 1)
		undo(page)

		page = go(me.get('/queue?vendor=v7.example'), 'relevant', id=top, whole='')
		check('what is selected is what is meant', said(), 1)
		undo(page)
		page = go(me.get('/queue?vendor=v7.example'), 'relevant', id=top, whole='1')
		check('or with its campaign', said(), 7)
		undo(page)

		vendor, n = db.execute("SELECT vendor, count(*) FROM message WHERE priority = 'tprm' AND"
		                       " relevance >= 0.35 GROUP BY vendor ORDER BY vendor").fetchone()
		page = me.get('/queue?priority=tprm&vendor=' + vendor)
		page = go(page, 'not-outreach everything')
		check('all that two filters show', said(), n)
		undo(page)

		page = me.get('/queue?q=SUBJECT')
		check('the filter counts its rows', 'match: 40 rows' in page.text, True)
		page = go(page, 'snooze everything')
		left = me.get('/queue?q=SUBJECT')
		check('250 are put off', 'Nothing that is held matches' in left.text, True)
		page = undo(page)
		check('and are there again, all of them',
		      'match: 40 rows' in me.get('/queue?q=SUBJECT').text, True)

		page = go(me.get('/queue?q=subject+number+1'), 'irrelevant everything')
		many = said()
		check('of more than a hundred', many, 111)
		undo(page)
		check('the way back is whole, too', said(), 0)

		def comes(subject):
		    mail = 'From: Sam <sam@v7.example>\r\nSubject: %s\r\n\r\nHello.\r\n' % subject
		    subprocess.run([hold, conf, 'priya', 'sam@v7.example', 'priya@buyer.example'],
		                   input=mail.encode(), check=True, stdout=subprocess.DEVNULL)

		page = me.get('/queue?q=subject+number+1')
		comes('Subject number 1 of later')
		page = go(page, 'irrelevant everything')
		check('what comes while they look is not decided', said(), 111)
		undo(page)
		page = me.get('/queue?q=of+later')
		page = go(page, 'irrelevant everything')
		check('but when they have seen it', said(), 1)
		undo(page)

		page = me.get('/queue')
		check('without a filter nobody means everything', 'everything"' in page.text, False)
		check('a page of campaigns stays light', len(page.text) < 50000, True)
		page = me.get('/')
		check('the board says whose days they are', 'days begin at 0:00 UTC' in page.text, True)
		page = me.get('/models')
		check('models are plotted', page.text.count('<svg class="curve"') >= 2, True)
		check('and told in words', page.text.count('Decision to probability: ') >= 2, True)
		check('in little room', len(page.text) < 50000, True)

		# Another process has the store.
		page = me.get('/queue?vendor=v7.example')
		other = sqlite3.connect(path, isolation_level=None)
		other.execute('BEGIN IMMEDIATE')
		began = time.monotonic()
		reply = me.submit(page, '/queue/act', do=mine, **{'all-' + top: ''})
		took = time.monotonic() - began
		check('a locked store is told', reply.status, 503)
		check('soon', took < 8, True)
		check('in plain words', 'try again in a minute' in reply.text, True)
		check('without its path', 'pitchward.db' in reply.text, False)
		reply = me.submit(page, '/queue/act', do=mine)
		check('nothing more is tried then', reply.status, 503)
		other.execute('ROLLBACK')
		time.sleep(1)
		check('nothing is half done', said(), 0)
		go(page, mine, **{'all-' + top: ''})
		check('and then it works', said(), 1)

		# Of v7 one mail is decided, of v17 all: lists are of whole campaigns,
		# and so is what acts on all of a list.
		count = "SELECT count(*) FROM message WHERE state = 1 AND vendor = ?"
		held, open_held = (db.execute(count, (vendor,)).fetchone()[0] for vendor in ('v17.example', 'v7.example'))
		snoozed = lambda: db.execute('SELECT count(*) FROM pending WHERE kind = 0 AND ended = 0').fetchone()[0]
		go(me.get('/queue?vendor=v17.example'), 'irrelevant everything')
		check('one campaign is decided, and one mail', said(1), held + 1)
		page = me.get('/queue?decided=1&q=subject')
		check('the decided one is listed', re.search(r'match: [^<]*', page.text).group(0), 'match: 1 row, on every page')
		page = go(page, 'snooze everything')
		check('all that match is that campaign', snoozed(), held)
		undo(page)
		page = go(me.get('/queue?vendor=v7.example'), 'snooze everything')
		check('the open campaign is whole', snoozed(), open_held)
		undo(page)
		go(me.get('/queue?decided=1&q=subject'), 'relevant everything')
		check('the mail of the open one is left alone', (said(1), said(0) + said(2)), (1, held))
	PYTHON
	ok "the log has the detail" grep -q "locked by another process" "$T_DIR/log/web"
	stop_pid "$web" 20
}

test_many_at_once
done_testing
