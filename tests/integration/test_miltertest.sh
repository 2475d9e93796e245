#!/bin/sh
# shellcheck disable=SC3043  # local
# Sessions that no MTA plays so well: MTAs of all ages, aborts and cut
# connections, odd bytes, every failure class. With Debian's libmilter, whose
# callbacks come from a pool of threads, and with one that has a thread for each
# connection.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/libmilter.sh"
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

# While one waits for the store at its end of message, others abort and go.
leaving() {
	local lock waiter
	bg lock "$PYTHON" -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(60)' "$FILTER_DIR/state/pitchward.db"
	lock=$T_PID
	wait_for 5 grep -q locked "$T_DIR/log/lock"
	bg waiter miltertest -s "$scripts/sessions.lua" -D case=quarantine \
		-D "socket=$FILTER_SOCKET" -D "pitch=$T_DIR/pitch"
	waiter=$T_PID
	ok "one waits for the store" wait_for 2 one_is_left
	ok "others abort, and are cut off" session leave
	ok "and are gone before it ends" wait_for 2 one_is_left
	is "... which is still to come" "$(cat "$T_DIR/log/waiter")" ""
	kill "$lock"
	wait "$waiter"
	ok "its mail is kept" grep -qx fine "$T_DIR/log/waiter"
}

# Of the sessions there are now.
one_is_left() {
	filter_forget
	kill -USR2 "$FILTER_PID"
	wait_for 1 filter_logged 'sessions=' && filter_logged 'sessions=1 '
}

# none_left: as figures say that are asked for anew; libmilter ends a connection a moment later
none_left() {
	kill -USR2 "$FILTER_PID"
	sleep 0.1
	filter_logged 'sessions=0 screening=0'
}

# failing POINT CLASS: with the fault, mail is delivered and marked, or refused
failing() {
	filter_store
	filter_config enforce
	filter_start "PITCHWARD_FAILPOINT=$1:error"
	ok "$1 fails: delivered, marked $2" session delivered "class=$2"
	ok "$1 fails: the log says so" filter_logged "warning: qid=4fX1 $2: "
	kill -USR2 "$FILTER_PID"
	ok "$1 fails: it is counted" wait_for 5 filter_logged " failed-$2=1 "
	filter_config enforce "on_error: {$2: tempfail}"
	kill -HUP "$FILTER_PID"
	ok "$1 fails: reloaded" wait_for 5 filter_logged ' reloaded: '
	ok "$1 fails: refused for now" session tempfail
	filter_stop
	filter_forget
}

# sessions THREADS: pool or connection, as the filter's libmilter has them
sessions() {
	ok "$1: a tag" session tag
	ok "$1: a recipient removed, a message discarded" session quarantine
	ok "$1: an MTA of long ago" session old
	ok "$1: an MTA that puts the leading space" session no_leading_space
	ok "$1: an MTA that waits for every reply" session all_replies
	ok "$1: accepted at DATA" session early
	ok "$1: aborts" session abort
	ok "$1: connections that end in the middle" session cut
	ok "$1: bytes that are no text" session bytes
	ok "$1: clients without an address, and with a long one" session unknown_client
	ok "$1: a hundred messages in one connection" session many
	ok "$1: a queue id that comes late" session late_id
	ok "$1: ... is the one in the log" filter_logged 'qid=4fXlate msgid=.* rcpt=tara '
	ok "$1: thirty connections, a command each by turns" \
		session turns "threads=$1" "worker=$(filter_worker)"
	ok "$1: no session is left behind" wait_for 10 none_left
}

pitch lua >"$T_DIR/pitch"
filter_setup enforce
filter_start
sessions pool
unlike "of no mail the body is in the log" "$(cat "$T_DIR/log/filter")" \
	'email finds you well|cut the time it takes|15-minute demo'
leaving
worker=$(filter_worker)
kill -HUP "$worker"
kill -TERM "$worker"
kill -USR1 "$worker" "$FILTER_PID"
ok "signals to the worker, and USR1, do nothing" session tag
is "the worker is the same" "$(filter_worker)" "$worker"
ok "it ends well" filter_stop
filter_forget

if libmilter_make 2>"$T_DIR/log/libmilter"; then
	filter_start "LD_LIBRARY_PATH=$LIBMILTER"
	sessions connection
	ok "connection: it ends well" filter_stop
	filter_forget
else
	skip "connection: the same sessions" "no source of libmilter: see apt-get source sendmail"
fi

failing before-parse parse
failing after-score model
failing before-commit store
done_testing
