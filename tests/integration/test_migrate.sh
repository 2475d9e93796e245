#!/bin/sh
# shellcheck disable=SC3043,SC2154,SC2034,SC2086  # local; set by filter.sh and postgres.sh; for filter.sh; words
# An installation moves from SQLite to PostgreSQL and back while mail flows, and
# is backed up and restored: count in = delivered + held, each once.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
. "$(dirname "$0")/../lib/postgres.sh"
mta_require postfix
filter_require
postgres_for_test

FILTER_RELEASE=$(free_port)
filter_setup enforce
filter_mta postfix pf tempfail
old=sqlite:$FILTER_DIR/state/pitchward.db
back=sqlite:$FILTER_DIR/state/back.db

# flow COUNT TAG: mail, in the background; its pid is T_PID
flow() {
	pitches "$1" "$2"
	bg "load-$2" load_mail pf "$1" "$seller" "$quinn" "$bob" -- $PITCHES
}

# moves NAME TO: first a copy, then the programs are told, then the rest
moves() {
	local name="$1" from="$2" to="$3" load
	flow 120 "$name"
	load=$T_PID
	wait_for 20 some_held "$name"
	ok "$name: a first copy while mail flows" pitchward store migrate "$to"
	filter_stop
	filter_config enforce "store: \"$to\""
	filter_start
	ok "$name: the rest" pitchward store migrate --from "$from"
	wait "$load"
	mta_idle pf
	filter_stop
	filter_start
	ok "$name: and once more" pitchward store migrate --from "$from"
	ok "$name: it is sound" pitchward store verify
	held_ids >"$T_DIR/held"
	is "$name: nothing is lost for who is not covered" "$(load_missing pf "$bob")" ""
	is "$name: nothing is lost for who holds it" "$(load_missing pf "$quinn" "$T_DIR/held")" ""
	is "$name: nothing came twice" "$(load_twice pf "$bob")$(uniq -d "$T_DIR/held")" ""
}

some_held() {
	[ "$(filter_held quinn | grep -c "$1")" -ge 10 ]
}

held_ids() {
	filter_held quinn
}

# everything: of all that is stored what a person sees
everything() {
	local state
	for state in delivered held releasing released deleted expired; do
		pitchward quarantine list --json --state $state --limit 100000
	done | sort
}

filter_start
moves there "$old" "$postgres_url"
like "there: PostgreSQL has it" "$("$postgres_bin/psql" -tA -d "$postgres_url" -c "SELECT count(*) > 50 FROM message")" '^t$'
moves back "$postgres_url" "$back"

# goes_by DAYS URL: all that is known of mail becomes so much older
goes_by() {
	local us="$(($1 * 86400000000))" text
	text="UPDATE message SET time = time - $us; UPDATE touch SET time = time - $us;
		UPDATE flow SET day = day - $us; UPDATE fold SET first = first - $us, last = last - $us;"
	case $2 in
	sqlite:*) python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])' \
		"${2#sqlite:}" "$text" ;;
	*) "$postgres_bin/psql" -q -d "$2" -c "$text" ;;
	esac
}

ids_held() {
	pitchward quarantine list --json --state held --limit 100000 | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p' | sort
}

# forgets KIND: mail that is 500 days old, but what is held is kept for longer
forgets() {
	local held gone
	held=$(ids_held)
	gone=${held%%[!0-9A-Z]*}
	ok "forget: in $1: one is deleted" pitchward quarantine delete "$gone"
	goes_by 500 "$url"
	is "forget: in $1: it is gone" "$(pitchward quarantine expire --older-than 600d)" "0 expired, 1 forgotten"
	not_ok "forget: in $1: nobody knows of it" pitchward quarantine show "$gone"
	is "forget: in $1: what is held stays" "$gone $(ids_held | xargs)" "$(printf '%s\n' "$held" | xargs)"
	ok "forget: in $1: it is sound" pitchward store verify
}

# --- backup and restore

everything >"$T_DIR/before"
like "backup: there is something" "$(grep -c held "$T_DIR/before")" "^[1-9][0-9][0-9]$"
backup=$T_DIR/backup.db
ok "backup: while the filter runs" pitchward store backup "$backup"
is "backup: one file, for its owner's group only" "$(cd "$T_DIR" && ls -d backup.db*) $(stat -c %a "$backup")" "backup.db 640"
like "backup: is not overwritten" "$(pitchward store backup "$backup" 2>&1)" 'backup.db is there already'
like "restore: not into a store that has something" "$(pitchward store restore "$backup" 2>&1)" 'not empty; with --merge'
filter_stop
for kind in sqlite postgresql; do
	case $kind in
	sqlite) url=sqlite:$FILTER_DIR/state/restored.db ;;
	*) url="$postgres_url&options=-csearch_path%3Drestored" ;;
	esac
	filter_config enforce "store: \"$url\""
	ok "restore: into $kind" pitchward store restore "$backup"
	everything >"$T_DIR/after"
	is "restore: all is there" "$(diff "$T_DIR/before" "$T_DIR/after" | head -n 5)" ""
	ok "restore: again, with --merge" pitchward store restore --merge "$backup"
	forgets "$kind"
done
is "restore: nothing is left beside the backup" "$(cd "$T_DIR" && ls -d backup.db*)" "backup.db"

# --- what is refused

like "restore: no such file" "$(pitchward store restore "$T_DIR/none.db" 2>&1)" 'there is no such file'
echo junk >"$T_DIR/junk.db"
not_ok "restore: junk" pitchward store restore --merge "$T_DIR/junk.db"
like "migrate: where to" "$(pitchward store migrate 2>&1)" 'name the store to copy to'
like "migrate: not both" "$(pitchward store migrate --from "$old" "$back" 2>&1)" 'not both'
like "migrate: not into itself" "$(pitchward store migrate "$url" 2>&1)" 'configured store itself'
like "migrate: no such kind" "$(pitchward store migrate mysql://x 2>&1)" 'begins with sqlite: or postgresql:'
unlike "no password is shown" "$(pitchward store migrate 'postgresql://u:hush@127.0.0.1:1/x' 2>&1)" hush
done_testing
