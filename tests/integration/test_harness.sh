#!/bin/sh
# shellcheck disable=SC3043,SC2016,SC2119,SC2317  # local; scripts in quotes; functions called by name
# The harness itself: what the tests of the milter stand on. A private Postfix
# and a private sendmail start, deliver what they are given, do what the
# administrator chose when the milter is down, and are gone afterwards.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
mta_require postfix sendmail

alice=alice@buyer.example
bob=bob@buyer.example
seller=sam@seller.example
sock=$(milter_socket)
message=$T_DIR/message
printf 'From: Sam <%s>\nSubject: hello\n\nfirst\n.dot\n\303\251\n' "$seller" >"$message"

null_milter() {
	milter_start milter "$sock" "$BUILD/tests/nullmilter" "$sock"
	null_pid=$T_PID
}

# Killed, as stopping takes libmilter up to 5 s and this one has nothing to save.
null_milter_down() {
	stop_pid "$null_pid" 5 KILL
}

# reply_of STAGE: the replies of the send before
reply_of() {
	grep "^$1 " "$T_DIR/replies"
}

send_to() {
	send_mail "$@" <"$message" >"$T_DIR/replies"
}

# --- one test of each kind, of either MTA

test_delivers() {
	local kind="$1" name="$2"
	ok "$kind: 50 mails to 2 recipients are accepted" load_mail "$name" 50 "$seller" "$alice" "$bob"
	ok "$kind: its queue becomes empty" mta_idle "$name"
	is "$kind: 100 mails are delivered" "$(delivered_count "$name")" 100
	is "$kind: 50 of them to one recipient" "$(delivered_count "$name" "$bob")" 50
	is "$kind: no mail is missing" "$(load_missing "$name" "$alice")" ""
	is "$kind: no mail comes twice" "$(load_twice "$name" "$alice")" ""
}

test_one_transaction() {
	local kind="$1" name="$2"
	rm -rf "$T_DIR/$name/mail"/*
	ok "$kind: one mail to three, an alias and another domain among them" \
		send_to "$name" "$seller" Carol@buyer.example list@buyer.example out@other.example
	like "$kind: a reply for each recipient" "$(reply_of 'RCPT list@buyer.example')" ' 250 2.1.5 '
	ok "$kind: queue empty" mta_idle "$name"
	is "$kind: folders are in lower case" "$(delivered_count "$name" carol@buyer.example)" 1
	is "$kind: the alias became two" "$(delivered_count "$name" "$alice")$(delivered_count "$name" "$bob")" 11
	is "$kind: mail going out is counted, not sent" "$(delivered_count "$name" out@other.example)" 1
	is "$kind: the message is as it was, after the Received header" \
		"$(sed '1,/^From:/{/^From:/!d}' "$(delivered "$name" carol@buyer.example)")" "$(cat "$message")"
}

test_sessions() {
	local kind="$1" name="$2" before
	before=$(delivered_count "$name")
	ok "$kind: three messages in one session" \
		send_mail "$name" "" "$alice" -- --file "$message" --file "$message" --file "$message"
	printf 'MAIL FROM:<%s>\nRCPT TO:<%s>\nDATA\n@part %s\n@close\n' "$seller" "$alice" "$message" |
		smtp "$name" talk >"$T_DIR/replies"
	like "$kind: a dialogue shows its replies" "$(cat "$T_DIR/replies")" '^DATA 354 '
	ok "$kind: queue empty" mta_idle "$name"
	is "$kind: a message broken off is not delivered" "$(delivered_count "$name")" $((before + 3))
}

test_down() {
	local kind="$1" name="$2" before
	before=$(delivered_count "$name")
	not_ok "$kind: milter down and tempfail: not accepted" send_to "$name" "$seller" "$alice" "$bob"
	like "$kind: ... but 451" "$(reply_of MAIL)" ' 451 4\.'
	ok "$kind: the release listener asks no milter" send_to "$name:release" "$seller" "$alice"
	ok "$kind: stops" mta_stop "$name"
	mta_start "$kind" "$name" "$sock" accept
	ok "$kind: milter down and accept: accepted" send_to "$name" "$seller" "$alice" "$bob"
	ok "$kind: queue empty" mta_idle "$name"
	is "$kind: ... and delivered" "$(delivered_count "$name")" $((before + 3))
	mta_stop "$name"
}

# start_holding KIND NAME: an MTA that holds every mail, without a milter's help
start_holding() {
	case $1 in
	postfix) postfix_start "$2" "smtpd_milters=$sock" milter_default_action=quarantine ;;
	sendmail) sendmail_start "$2" "" LOCAL_RULESETS SLocal_check_mail "R\$*	\$#error \$@ quarantine \$: held" ;;
	esac
}

test_hold() {
	local kind="$1" name="$2"
	start_holding "$kind" "$name"
	load_mail "$name" 5 "$seller" "$alice" "$bob" >/dev/null
	ok "$kind: held mail does not count as waiting" mta_idle "$name"
	is "$kind: 5 mails are held" "$(mta_hold_count "$name")" 5
	is "$kind: nothing is delivered" "$(delivered_count "$name")" 0
	is "$kind: held mail is not missing" "$(load_missing "$name" "$alice")" ""
	ok "$kind: one is released" mta_release "$name" "$(mta_hold_ids "$name" | head -n 1)"
	ok "$kind: queue empty" wait_for 10 test_released "$name"
	is "$kind: 4 mails are held" "$(mta_hold_count "$name")" 4
	is "$kind: counts add up" "$(load_missing "$name" "$bob")" ""
	rm -f "$T_DIR/$name/q/hold"/* "$T_DIR/$name/q"/?f*
	is "$kind: what vanishes is missed" "$(load_missing "$name" "$bob" | wc -l)" 4
}

test_released() {
	[ "$(delivered_count "$1")" = 2 ] && mta_queue_empty "$1"
}

test_stop() {
	local kind="$1" name="$2" port
	port=$(mta_port "$name")
	ok "$kind: stops when asked" mta_stop "$name"
	is "$kind: no process of it is left" "$(mta_pids "$name")" ""
	not_ok "$kind: nobody listens on its port" listening "$port"
}

test_mta() {
	local kind="$1" name="$1-a"
	null_milter
	mta_alias "$name" list@buyer.example "$alice" "$bob"
	mta_start "$kind" "$name" "$sock" tempfail
	test_delivers "$kind" "$name"
	test_one_transaction "$kind" "$name"
	test_sessions "$kind" "$name"
	null_milter_down
	test_down "$kind" "$name"
	test_hold "$kind" "$kind-b"
	test_stop "$kind" "$kind-b"
}

# --- what only one of them has, and the TAP functions

test_postfix_only() {
	postfix_start px
	ok "XCLIENT makes a stranger of the client" \
		send_to px "$seller" "$alice" -- --xclient 'ADDR=192.0.2.7 NAME=mx.seller.example'
	ok "the log is read" wait_for 5 mta_log_has px 'client=mx\.seller\.example\[192\.0\.2\.7\]'
	is "no warning in the log" "$(mta_log px | grep -Ei 'warning|error|fatal|panic')" ""
	mta_stop px
}

# tap_says SCRIPT: its output, in a shell of its own
tap_says() {
	sh -c ". '$MTA_LIB/tap.sh'; $1" 2>&1
}

test_tap() {
	local out
	not_ok "a failing test fails" tap_says 'is x 1 2; done_testing'
	not_ok "a test that breaks off fails" tap_says 'is x 1 1; exit 0'
	like "... and says so" "$(tap_says 'exit 0')" '^Bail out!'
	ok "a test that cannot run is skipped" tap_says 'skip_all no MTA'
	out=$(tap_says 'echo "log line" >"$T_DIR/log/x"; like "a name" "got this" "^want"; done_testing')
	like "a failure shows what was got" "$out" '^# got: got this'
	like "... and the logs" "$out" '^# log line'
	tap_says "echo \$T_DIR >'$T_DIR/folder'; is a 1 1; sleep 0.1; is b 1 1; done_testing" | head -n 1 >/dev/null
	is "a reader that goes away leaves no folder" "$(left_of "$(cat "$T_DIR/folder")")" ""
	out=$(tap_says 'bg sleeper sleep 1000; echo "pid $T_PID"; wait_for 0 false || done_testing')
	ok "processes in the background end with the test" t_gone "${out##*pid }"
}

# --- the same harness twice at once, and nothing left behind by either

# child: ends without stopping anything itself. The milter is the one that
# stops at once.
child() {
	milter_start milter "$sock" "$BUILD/tests/floormilter" "${sock#unix:}"
	mta_start postfix pf "$sock" tempfail
	mta_start sendmail sm "$sock" tempfail
	for name in pf sm; do
		load_mail "$name" 10 "$seller" "$alice" >/dev/null
		mta_idle "$name"
		is "$name delivered all" "$(delivered_count "$name" "$alice")" 10
	done
	done_testing
}

left_of() {
	ls -d "$1" 2>/dev/null
	find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$1*" 2>/dev/null
}

test_twice_at_once() {
	local number folder
	for number in 1 2; do
		bg "child$number" sh "$0" --child
		eval "child_$number=$T_PID"
	done
	for number in 1 2; do
		eval "wait \$child_$number"
		is "harness $number of 2 at once passes" $? 0
		folder=$(sed -n 's/^# folder //p' "$T_DIR/log/child$number")
		is "... and leaves no folder and no process" "$(left_of "$folder")" ""
	done
}

test_interrupted() {
	local folder pid
	bg interrupted sh "$0" --child
	pid=$T_PID
	wait_for 20 grep -q '^ok 1' "$T_DIR/log/interrupted"
	stop_pid "$pid" 20
	is "a test that is told to end says so" $? 143
	folder=$(sed -n 's/^# folder //p' "$T_DIR/log/interrupted")
	is "... and leaves no folder and no process" "$(left_of "$folder")" ""
}

bench_build nullmilter floormilter milter-load
if [ "${1-}" = --child ]; then
	diag "folder $T_DIR"
	child
fi
test_tap
test_mta postfix
test_mta sendmail
test_postfix_only
test_twice_at_once
test_interrupted
ok "the load tools speak to each other" sh -c "
	'$BUILD/tests/floormilter' '$T_DIR/floor' & pid=\$!
	until [ -S '$T_DIR/floor' ]; do sleep 0.02; done
	'$BUILD/tests/milter-load' -q -c 2 -n 100 'unix:$T_DIR/floor' '$message'; status=\$?
	kill \$pid; exit \$status"
done_testing
