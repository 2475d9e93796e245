#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Feedback as mail to an alias: what it names, who sent it, and what must not
# count: others' mail, forged ids, machines.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
etc=$T_DIR/etc
conf=$etc/pitchward.yaml
priya=priya@buyer.example
quinn=quinn@buyer.example
box=$T_DIR/box

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

pw() {
	"$PITCHWARD" "$@" --config "$conf"
}

hold() {
	id=$(printf 'From: Sam Seller <sam@seller.example>\r\nSubject: %s\r\n\r\nbody\r\n' "$1" |
		"$BUILD/tests/hold" "$conf" priya sam@seller.example $priya) || bail "nothing held"
}

# post SENDER WORD <MAIL: as an alias would; its status
post() {
	local result=0
	pw feedback mail "$2" "--for=$1" >"$T_DIR/out" 2>"$T_DIR/err" || result=$?
	[ ! -s "$T_DIR/out" ] || result="$result, and it talks"
	echo "$result"
}

verdict() {
	printf 'X-Pitchward: verdict=tag; outreach=0.93; relevance=0.41; id=%s\n' "$id"
}

# forward [HEADER]: the mail as an attachment
forward() {
	printf 'From: Priya <%s>\nSubject: Fwd\n%sMIME-Version: 1.0\nContent-Type: message/rfc822\n\n' $priya "${1:+$1
}"
	printf 'From: Sam <sam@seller.example>\n'
	verdict
	printf 'Subject: x\n\nbody\n'
}

# report PART-TYPE: a feedback report (RFC 5965)
report() {
	cat <<-END
		From: Priya <$priya>
		Subject: report
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=feedback-report; boundary=b

		--b
		Content-Type: text/plain

		This is a report.
		--b
		Content-Type: message/feedback-report

		Feedback-Type: abuse
		User-Agent: x/1
		Version: 1

		--b
		Content-Type: $1

		From: Sam <sam@seller.example>
		$(verdict)
		Subject: x

		--b--
	END
}

# answer: to what `pitchward digest` shows, quoted
answer() {
	printf 'From: Priya <%s>\nSubject: Re: held\nContent-Type: text/plain; charset=utf-8\n\nYes please.\n\n' $priya
	pw digest --for priya | sed 's/^/> /'
}

# label: what is said of $id, and by whom
label() {
	"$PYTHON" - "$etc/state/pitchward.db" "$id" <<-'PYTHON'
		import sqlite3, sys
		db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
		rows = db.execute('SELECT label, giver FROM feedback WHERE message = ? AND retracted = 0', sys.argv[2:])
		print(*[('%s %s' % row) for row in rows] or ['none'])
	PYTHON
}

mails() {
	find "$box" -name '*.eml' 2>/dev/null | wc -l
}

setup() {
	local sink
	sink=$(free_port)
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $priya --template ciso --mta postfix
	sed "s/$priya/$quinn/" "$etc/profiles.d/priya.yaml" >"$etc/profiles.d/quinn.yaml"
	sed -i '/^release:/d' "$conf"
	cat >>"$conf" <<-END
		release: {smtp: "smtp://127.0.0.1:$sink", timeout: 5s}
		web: {url: "https://mail.buyer.example"}
		digest: {from: pitchward@buyer.example}
	END
	bg sink "$PYTHON" "$T_LIB/sink.py" "$sink" "$box"
	wait_for 10 listening "$sink" || bail "the sink does not listen"
}

test_labels() {
	hold first
	is "forwarded to relevant@" "$(forward | post $priya relevant) $(label)" "0 0 $priya"
	is "again is the same" "$(forward | post $priya relevant) $(label)" "0 0 $priya"
	is "a report to not-relevant@" "$(report message/rfc822 | post $priya not-relevant) $(label)" "0 1 $priya"
	is "with the header alone" "$(report text/rfc822-headers | post $priya not-outreach) $(label)" "0 2 $priya"
	is "as the profile's name" "$(forward | post priya relevant) $(label)" "0 0 priya"
	is "never@" "$(forward | post $priya never) $(label)" "0 1 $priya"
	like "no more of the vendor" "$(pw vendor list)" '^seller.example .*never'
	is "an unknown word" "$(forward | post $priya delete)" 64
}

test_refused() {
	hold second
	is "another buyer's" "$(forward | post $quinn relevant) $(label)" "77 none"
	like "says why" "$(cat "$T_DIR/err")" "no message of its sender's"
	is "nobody's sender" "$(forward | post sam@seller.example relevant) $(label)" "77 none"
	like "says why" "$(cat "$T_DIR/err")" 'no buyer here'
	known=$id
	id=01AAAAAAAAAAAAAAAAAAAAAAAA
	is "a forged id" "$(forward | post $priya relevant)" 77
	id=$known
	is "nothing that names a mail" "$(printf 'From: a@b.example\n\nhello\n' | post $priya relevant)" 77
	is "the text only" "$(printf 'From: a@b.example\n\n%s\n' "$(verdict)" | post $priya relevant)" 77
	is "still nothing is said" "$(label)" none
}

test_machines() {
	is "no sender: swallowed" "$(forward | post MAILER-DAEMON relevant) $(label)" "0 none"
	is "the same with brackets" "$(forward | post '<>' relevant) $(label)" "0 none"
	is "a machine's: swallowed" "$(forward 'Auto-Submitted: auto-replied' | post $priya relevant) $(label)" "0 none"
	is "a list's: swallowed" "$(forward 'List-Id: <all.buyer.example>' | post $priya relevant) $(label)" "0 none"
	is "our own: swallowed" "$(forward | post pitchward@buyer.example relevant) $(label)" "0 none"
}

test_release() {
	hold another
	is "an answer about two" "$(answer | post $priya release) $(mails)" "77 0"
	like "says what to do" "$(cat "$T_DIR/err")" 'answer a notice about one mail'
	pw quarantine delete "$id" >/dev/null
	for other in $(pw quarantine list --json | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p'); do
		pw quarantine delete "$other" >/dev/null
	done
	hold third
	is "an answer of somebody else" "$(answer | post $quinn release) $(mails)" "77 0"
	answer >"$T_DIR/answer"
	is "an answer about one" "$(post $priya release <"$T_DIR/answer") $(mails)" "0 1"
	is "again: no second mail" "$(post $priya release <"$T_DIR/answer") $(mails)" "0 1"
}

setup
test_labels
test_refused
test_machines
test_release
done_testing
