#!/bin/sh
# shellcheck disable=SC3043  # local
# Sessions that no MTA plays so well: MTAs of all ages, aborts and cut
# connections, odd bytes, every failure class.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
command -v miltertest >/dev/null || skip_all "no miltertest: run tests/lib/deps.sh check"
filter_require
scripts=$(cd "$(dirname "$0")" && pwd)

# session CASE [NAME=VALUE...]
session() {
	local case="$1" define=
	shift
	for define; do
		set -- "$@" -D "$define"
		shift
	done
	miltertest -s "$scripts/sessions.lua" -D "case=$case" -D "socket=$FILTER_SOCKET" \
		-D "pitch=$T_DIR/pitch" "$@" >"$T_DIR/session" 2>&1
	cat "$T_DIR/session"
	grep -qx fine "$T_DIR/session"
}

# failing POINT CLASS: with the fault, mail is delivered and marked, or refused
failing() {
	filter_store
	filter_config enforce
	filter_start "PITCHWARD_FAILPOINT=$1:error"
	ok "$1 fails: delivered, marked $2" session delivered "class=$2"
	ok "$1 fails: the log says so" filter_logged "warning: qid=4fX1 $2: "
	filter_config enforce "on_error: {$2: tempfail}"
	kill -HUP "$FILTER_PID"
	ok "$1 fails: reloaded" wait_for 5 filter_logged ' reloaded: '
	ok "$1 fails: refused for now" session tempfail
	filter_stop
	filter_forget
}

pitch lua >"$T_DIR/pitch"
filter_setup enforce
filter_start
ok "a tag" session tag
ok "a recipient removed, a message discarded" session quarantine
ok "an MTA of long ago" session old
ok "an MTA that puts the leading space" session no_leading_space
ok "an MTA that waits for every reply" session all_replies
ok "accepted at DATA" session early
ok "aborts" session abort
ok "connections that end in the middle" session cut
ok "bytes that are no text" session bytes
ok "clients without an address, and with a long one" session unknown_client
ok "a hundred messages in one connection" session many
kill -USR2 "$FILTER_PID"
ok "no session is left behind" wait_for 10 filter_logged 'sessions=0 screening=0'
worker=$(filter_worker)
kill -HUP "$worker"
kill -TERM "$worker"
kill -USR1 "$worker" "$FILTER_PID"
ok "signals to the worker, and USR1, do nothing" session tag
is "the worker is the same" "$(filter_worker)" "$worker"
ok "it ends well" filter_stop
filter_forget

failing before-parse parse
failing after-score model
failing before-commit store
done_testing
