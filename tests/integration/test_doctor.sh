#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2154,SC2317  # local; functions called by name; filter.sh
# `pitchward doctor` before a whole installation with the filter and a Postfix:
# nothing is wrong, and then everything that an administrator gets wrong.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
mta_require postfix
filter_require
PITCHWARD_MODELS=${PITCHWARD_MODELS:-$(cd "$(dirname "$0")/../.." && pwd)/models}
export PITCHWARD_MODELS
etc=$T_DIR/pf/etc

# doctor [OPTION...]: its findings in $T_DIR/out, its exit code in $status
doctor() {
	status=0
	# postconf waits until a file that was just written is older than that.
	[ ! -d "$etc" ] || touch -d '1 minute ago' "$etc"/*.cf
	pitchward doctor --postfix "$etc" "$@" >"$T_DIR/out" 2>"$T_DIR/err" || status=$?
}

# finding NAME LINE [STATUS]: one that matches, and how doctor ends
finding() {
	like "$1" "$(cat "$T_DIR/out")" "$2"
	is "$1: status" $status "${3:-1}"
}

# main KEY=VALUE: main.cf from now on
main() {
	postfix_write_settings "$etc" "$1"
}

test_all_is_well() {
	doctor
	is "all is well: status" $status 0
	is "all is well: nothing fails" "$(grep -c '^fail' "$T_DIR/out")" 0
	is "all is well: nothing else is said" "$(cat "$T_DIR/err")" ""
	for what in configuration outreach relevance key store clock spool socket postfix \
		postfix-reach postfix-action release; do
		like "all is well: $what" "$(cat "$T_DIR/out")" "^ok +$what "
	done
}

test_wiring() {
	main "smtpd_milters={ $FILTER_SOCKET, default_action=tempfail }"
	doctor
	finding "tempfail in braces" '^warn +postfix-action .*tempfail.*default_action=accept' 0
	main "smtpd_milters=$FILTER_SOCKET"
	doctor
	finding "Postfix's own default" '^warn +postfix-action .*tempfail' 0
	main milter_default_action=accept
	doctor
	finding "the common action" '^ok +postfix-action ' 0
	main milter_default_action=reject
	doctor
	finding "reject loses mail" '^fail +postfix-action .*reject'
	main milter_default_action=accept
	main "smtpd_milters=$FILTER_SOCKET, inet:127.0.0.1:8891"
	doctor
	unlike "an unnamed neighbour is no trouble" "$(cat "$T_DIR/out")" postfix-order
	main "smtpd_milters=$FILTER_SOCKET, unix:/run/opendmarc/opendmarc.sock"
	doctor
	finding "a verifier behind us" '^warn +postfix-order .*opendmarc' 0
	main "milter_protocol=2"
	doctor
	finding "an old protocol" '^fail +postfix-protocol .*2'
	main "milter_protocol=6"
	main "smtpd_milters=inet:127.0.0.1:9"
	doctor
	finding "another milter only" "^fail +postfix .*does not have $FILTER_SOCKET"
	main "smtpd_milters=unix:milter"
	doctor
	finding "another folder's file" '^fail +postfix .*unix:milter is .*/q/milter to Postfix, but we'
	sed -i "s,^\(127.0.0.1:[0-9]* inet n - \)n,\1y," "$etc/master.cf"
	main "smtpd_milters=$FILTER_SOCKET"
	doctor
	finding "a chroot forgotten" '^fail +postfix .*in its chroot'
	sed -i "s,^\(127.0.0.1:[0-9]* inet n - \)y,\1n," "$etc/master.cf"
	doctor --postfix "$T_DIR/nowhere"
	finding "no Postfix there" '^fail +postfix .*--postfix'
}

test_reach() {
	local path="${FILTER_SOCKET#unix:}"
	chmod 600 "$path"
	doctor
	finding "a socket without the group" "^fail +postfix-reach .*$path .*stops user postfix"
	chmod 660 "$path"
	chmod 700 "${path%/*}"
	doctor
	finding "a folder without the group" "^fail +postfix-reach .*${path%/*} .*stops user postfix"
	chmod 2750 "${path%/*}"
	doctor
	finding "mended" '^ok +postfix-reach ' 0
}

test_site() {
	chmod 644 "$FILTER_DIR/state/key"
	doctor
	finding "a key for everybody" '^fail +key .*0644'
	chmod 600 "$FILTER_DIR/state/key"
	sed -i "s|^release:.*|release: {smtp: \"smtp://127.0.0.1:$(free_port)\"}|" "$FILTER_DIR/pitchward.yaml"
	doctor
	finding "nobody takes released mail" '^fail +release .*refused'
	sed -i "s|^release:.*|release: {smtp: \"smtp://127.0.0.1:$FILTER_RELEASE\"}|" "$FILTER_DIR/pitchward.yaml"
	doctor --models "$T_DIR"
	finding "no models" '^fail +models .*no models'
	echo 'nonsense: 1' >>"$FILTER_DIR/profiles.d/tara.yaml"
	doctor
	finding "a fault in a profile" '^fail +configuration +1 fault: .*tara.yaml:[0-9]+:1: '
	sed -i '/^nonsense/d' "$FILTER_DIR/profiles.d/tara.yaml"
}

test_sendmail() {
	local cf="$T_DIR/sendmail.cf"
	printf 'Xpitchward, S=%s, T=C:30s;S:10s;R:15s;E:15s\nO InputMailFilters=pitchward\n' "$FILTER_SOCKET" >"$cf"
	doctor --sendmail "$cf"
	finding "sendmail: joined" '^ok +sendmail .*as pitchward' 0
	finding "sendmail: passes" '^ok +sendmail-action ' 0
	printf 'Xpitchward, S=%s, F=T, T=R:2s\nXopendkim, S=inet:8891@localhost\nO InputMailFilters=pitchward, opendkim\n' "$FILTER_SOCKET" >"$cf"
	doctor --sendmail "$cf"
	finding "sendmail: F=T" '^warn +sendmail-action .*F=T'
	finding "sendmail: too short a wait" '^fail +sendmail-time .*2 s .*3 s'
	finding "sendmail: a verifier behind us" '^warn +sendmail-order .*opendkim'
	printf 'Xpitchward, S=%s\n' "$FILTER_SOCKET" >"$cf"
	doctor --sendmail "$cf"
	finding "sendmail: not named" '^fail +sendmail .*InputMailFilters'
	: >"$cf"
	doctor --sendmail "$cf"
	finding "sendmail: not there" '^fail +sendmail .*no filter'
}

# Notes of delivered mail are gathered before they are written.
stats_counts_a_tag() {
	pitchward stats --json | grep -q '"tag": 1'
}

# The command line beside a running filter: its store, its spool, its ledger.
test_beside_filter() {
	pitch one | send_mail pf "$seller" "$tara" >/dev/null
	ok "a mail goes through" mta_idle pf
	ok "stats counts it" wait_for 5 stats_counts_a_tag
	is "quarantine list has it" "$(pitchward quarantine list --state delivered --for "$tara" | grep -c 'Quick question')" 1
	pitch two | pitchward score --json --for "$tara" - >"$T_DIR/out" 2>"$T_DIR/err"
	like "score for a buyer asks the ledger" "$(cat "$T_DIR/out")" '"verdict": "tag"'
	is "and has nothing to complain of" "$(cat "$T_DIR/err")" ""
	ok "store verify" pitchward store verify
}

test_filter_away() {
	filter_stop
	doctor
	finding "the filter is away" '^fail +socket .*start pitchward-milter'
	bg mute "$PYTHON" -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(5)
time.sleep(60)' "${FILTER_SOCKET#unix:}"
	wait_for 10 listening "$FILTER_SOCKET"
	doctor
	finding "something else is there" '^fail +socket .*does not answer as a milter'
}

FILTER_RELEASE=$(free_port)
filter_setup tag
filter_start
filter_mta postfix pf accept
test_all_is_well
test_beside_filter
test_wiring
test_reach
test_site
test_sendmail
test_filter_away
done_testing
