#!/bin/sh
# shellcheck disable=SC3043,SC2154,SC2317  # local; set by filter.sh and postgres.sh; functions called by name
# What an admin does with a store as pitchward-operations(7) tells it: backup,
# restore, the way back after an upgrade, moving it; what is refused there; and
# a machine whose key is not that of the store.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/postgres.sh"
filter_require
postgres_for_test

state=$FILTER_DIR/state
db=$state/pitchward.db
SCHEMA=12

# sql FILE SCRIPT: on a file that nobody has open; prints what it answers
sql() {
	"$PYTHON" -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
for text in sys.argv[2].split(";"):
    for row in c.execute(text):
        print(*row)
c.commit()
c.close()' "$1" "$2"
}

psql() {
	"$postgres_bin/psql" -qtA -d "$postgres_url" -c "$1"
}

schema_of() {
	od -An -tu1 -j 63 -N 1 "$1" | tr -d ' '
}

sum_of() {
	sha256sum <"$1"
}

# row N: a mail of its own day that was released, which triggers count; and a
# contact
row() {
	sql "$db" "INSERT INTO message (time, fingerprint, buyer, id, state, state_time,
		attempts, size, outreach, relevance, digest, sender, rcpt, author, author_name,
		subject, message_id, queue_id, node, verdict, priority, model, gate, reasons,
		vendor, note) VALUES ($((1700000000 + $1 * 86400))000000, 0, 'quinn', '$(printf '%026d' "$1")', 1,
		1700000000000000, 0, 9, 1, 0, '$1', '', '', '', '', 'mail $1', '', '', '',
		'quarantine', '', '', '', '[]', '', '');
		UPDATE message SET state = 3 WHERE id = '$(printf '%026d' "$1")';
		INSERT INTO ledger VALUES ('quinn', 'contact $1', 1, 1)"
}

rows() {
	pitchward quarantine list --state released --json | sed -n 's/.*"subject": *"mail \([^"]*\)".*/\1/p' | sort | tr '\n' ' '
}

# older FILE: as the program of schema 9 had it: without what steps 10 to 12 made
older() {
	sql "$1" "DROP TABLE model; DROP TABLE model_pack; DROP INDEX version_head;
		DROP INDEX flow_day; PRAGMA user_version = 9; PRAGMA wal_checkpoint(TRUNCATE);
		PRAGMA journal_mode"
}

# code WANTED NAME ERE COMMAND...: it fails so, and says that
code() {
	local wanted="$1" name="$2" said="$3" got=0
	shift 3
	"$@" >"$T_DIR/said" 2>&1 || got=$?
	is "$name: the code" "$got" "$wanted"
	like "$name: the words" "$(cat "$T_DIR/said")" "$said"
}

move_away() {
	mkdir -p "$T_DIR/away"
	mv "$state"/pitchward.db* "$T_DIR/away/"
}

parts() {
	find "$T_DIR" "$state" -maxdepth 2 -name '*.part-*' -printf '%f ' | tr -d '\n'
}

make_store() {
	filter_start
	filter_stop
}

# --- what is left by who was interrupted

test_left() {
	local holder time
	mkdir -m 700 "$T_DIR/old.part-abcdef" "$T_DIR/mine.part-abcdef" "$T_DIR/live.part-abcdef"
	touch "$T_DIR/old.part-abcdef/store.db" "$T_DIR/old.part-abcdef/store.db-wal" \
		"$T_DIR/mine.part-abcdef/thesis" "$T_DIR/live.part-abcdef/store.db"
	mkdir -m 755 "$T_DIR/open.part-abcdef"
	(flock 9 && exec sleep 60) 9<"$T_DIR/live.part-abcdef" &
	holder=$!
	sleep 0.2
	ok "backup" pitchward store backup "$T_DIR/first.db"
	is "backup: what an interrupted one left is removed, and nothing else" \
		"$(cd "$T_DIR" && echo *.part-*)" "live.part-abcdef mine.part-abcdef open.part-abcdef"
	kill "$holder"
	rm -r "$T_DIR"/*.part-abcdef
	mkdir -m 700 "$state/restore.part-abcdef"
	touch "$state/restore.part-abcdef/store.db"
	ok "restore --merge" pitchward store restore --merge "$T_DIR/first.db"
	is "restore: the same, and its own" "$(parts)" ""
	for time in 0.02 0.05 0.1; do
		(timeout -s KILL $time "$PITCHWARD" store restore --merge "$T_DIR/first.db" \
			--config "$FILTER_DIR/pitchward.yaml"
		exit 0) >/dev/null 2>&1
	done
	ok "restore: after some that were killed" pitchward store restore --merge "$T_DIR/first.db"
	is "restore: nothing is left of them" "$(parts)" ""
	mkfifo "$T_DIR/pipe"
	code 65 "restore: a pipe" 'is no file' pitchward store restore --merge "$T_DIR/pipe"
}

# --- a backup is only read

as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
	else
		"$@"
	fi
}

test_older() {
	local before
	mkdir "$T_DIR/kept"
	cp "$T_DIR/first.db" "$T_DIR/kept/older.db"
	older "$T_DIR/kept/older.db" >/dev/null
	is "older: its schema" "$(schema_of "$T_DIR/kept/older.db")" 9
	before=$(sum_of "$T_DIR/kept/older.db")
	chmod 444 "$T_DIR/kept/older.db"
	chmod 555 "$T_DIR/kept"
	[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$state"
	move_away
	ok "older: restored by who may only read it" as_nobody "$PITCHWARD" store restore \
		--config "$FILTER_DIR/pitchward.yaml" "$T_DIR/kept/older.db"
	is "older: all is there" "$(rows)" "1 "
	is "older: in today's schema" "$(sql "$db" 'PRAGMA user_version')" $SCHEMA
	is "older: the backup is as it was" "$(sum_of "$T_DIR/kept/older.db")" "$before"
	is "older: and alone" "$(ls "$T_DIR/kept")" older.db
	is "older: nothing is left" "$(parts)" ""
	chmod 755 "$T_DIR/kept"
}

test_root() {
	if [ "$(id -u)" != 0 ]; then
		skip "root: a backup of the daemon's store" "not root"
		return
	fi
	mkdir -m 700 "$T_DIR/roots"
	ok "root: a backup of the daemon's store" pitchward store backup "$T_DIR/roots/backup"
	is "root: which root keeps" "$(stat -c '%U %G %a' "$T_DIR/roots/backup")" "root root 640"
	chmod 600 "$T_DIR/roots/backup"
	rm "$state"/pitchward.db*
	ok "root: is restored by root" pitchward store restore "$T_DIR/roots/backup"
	is "root: into a store that is the daemon's" "$(find "$state" ! -user nobody)" ""
	is "root: all is there" "$(rows)" "1 "
	chown -R root:root "$state"
}

# --- the way back

test_way_back() {
	local before
	rm "$state"/pitchward.db*
	cp "$T_DIR/kept/older.db" "$db"
	chmod 640 "$db"
	cp "$db" "$T_DIR/before.db"
	before=$(sum_of "$T_DIR/before.db")
	touch "$db.schema-8.part"
	touch -d '2 days ago' "$db.schema-8"
	filter_forget
	filter_start
	ok "way back: the log tells of a copy" wait_for 5 filter_logged "schema 9; as it was it is kept in $db.schema-9"
	filter_stop
	is "way back: which is of the older schema" "$(schema_of "$db.schema-9") $(stat -c %a "$db.schema-9")" "9 640"
	is "way back: and takes the place of one of before" "$(find "$state" -name '*schema*' | sort)" \
		"$(printf '%s\n%s' "$db.schema-8.part" "$db.schema-9")"
	is "way back: it has everything" "$(sql "$db.schema-9" 'SELECT count(*) FROM message; SELECT count(*) FROM ledger; PRAGMA integrity_check')" \
		"$(printf '1\n1\nok')"
	rm "$db.schema-8.part"
	cp -p "$db.schema-9" "$db.schema-7"
	cp -p "$db.schema-9" "$db.schema-8"
	touch -d '31 days ago' "$db.schema-7"
	touch -d '29 days ago' "$db.schema-8"
	make_store
	is "way back: what is in a copy goes after 30 days" "$(find "$state" -name '*schema*' | sort)" \
		"$(printf '%s\n%s' "$db.schema-8" "$db.schema-9")"
	rm "$db.schema-8"
	is "way back: another start makes none" "$(grep -c 'as it was' "$T_DIR/log/filter")" 1
	row 2
	is "way back: the newer program has changed the schema" "$(sql "$db" 'PRAGMA user_version')" $SCHEMA
	code 1 "way back: a store that is not moved away" 'is not empty' pitchward store restore "$T_DIR/before.db"
	move_away
	ok "way back: the backup is restored" pitchward store restore "$T_DIR/before.db"
	ok "way back: it is sound" pitchward store verify
	is "way back: what was there before is there" "$(rows)" "1 "
	is "way back: the backup can be used again" "$(sum_of "$T_DIR/before.db") $(schema_of "$T_DIR/before.db")" "$before 9"
	filter_start
	filter_stop
	rm "$state"/pitchward.db*
	mv "$T_DIR"/away/pitchward.db "$db"
	is "way back: and forward again: what was moved away" "$(rows)" "1 2 "
	filter_config enforce "store: \"sqlite:$T_DIR/away/pitchward.db.schema-9\""
	is "way back: the copy is a store as well" "$(rows)" "1 "
	filter_config enforce
	sql "$T_DIR/before.db" "PRAGMA user_version = 99" >/dev/null
	code 65 "way back: a backup of a newer program" "^pitchward: $T_DIR/before.db: schema 99 is newer" \
		pitchward store restore --merge "$T_DIR/before.db"
	echo junk >"$T_DIR/junk.db"
	code 65 "restore: junk" "^pitchward: $T_DIR/junk.db: file is not a database" pitchward store restore --merge "$T_DIR/junk.db"
	: >"$T_DIR/empty.db"
	code 65 "restore: an empty file" "^pitchward: $T_DIR/empty.db: there is nothing of ours" pitchward store restore --merge "$T_DIR/empty.db"
	code 66 "restore: none" 'none.db: there is no such file' pitchward store restore --merge "$T_DIR/none.db"
	is "restore: what is refused leaves nothing" "$(parts)" ""
}

# --- a backup that is not whole, or that others write

# torn NAME ERE SCRIPT: such a change of a backup is found before anything is done
torn() {
	cp "$T_DIR/first.db" "$T_DIR/torn.db"
	sql "$T_DIR/torn.db" "$3" >/dev/null
	code 65 "torn: $1" "^pitchward: $T_DIR/torn.db: $2; it is not sound, and nothing is restored of it$" \
		pitchward store restore "$T_DIR/torn.db"
	is "torn: $1: no store is made of it" "$(find "$state" -name 'pitchward.db*')" ""
}

# opened FILE: a program has it open that has written to it, and goes on
opened() {
	exec "$PYTHON" -c 'import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1])
c.execute("PRAGMA wal_autocheckpoint=0")
c.execute("INSERT INTO ledger VALUES (\"quinn\", \"contact of the log\", 1, 1)")
c.commit()
c.execute("DELETE FROM ledger")
open(sys.argv[2], "w").close()
time.sleep(60)' "$1" "$2"
}

# written FILE: a program that is none of SQLite's writes it again and again
written() {
	while cp "$T_DIR/first.db" "$1"; do sleep 0.02; done
}

test_torn() {
	local writer before
	mkdir "$T_DIR/aside"
	mv "$state"/pitchward.db* "$T_DIR/aside/"
	torn "a page of mail" 'message quinn/x: .*' \
		"INSERT INTO features (buyer, id, time, size, frame) VALUES ('quinn', 'x', 1, 9, x'00')"
	torn "a page of the schema" 'table ledger is missing' "DROP TABLE ledger"
	torn "a table with an index" 'table touch is missing' "DROP TABLE touch"
	torn "a column" 'table version: column text is missing' "ALTER TABLE version DROP COLUMN text"
	torn "a trigger" 'trigger fold_leave is missing' "DROP TRIGGER fold_leave"
	cp "$T_DIR/first.db" "$T_DIR/open.db"
	bg opened opened "$T_DIR/open.db" "$T_DIR/opened"
	writer=$T_PID
	wait_for 10 test -e "$T_DIR/opened"
	before=$(cat "$T_DIR/open.db" "$T_DIR/open.db-wal" | sha256sum)
	ok "open: a database that a program has open" pitchward store restore "$T_DIR/open.db"
	is "open: what is committed is there, and nothing else" "$(sql "$db" "SELECT count(*) FROM ledger WHERE contact LIKE 'contact%'")" 2
	is "open: it is as it was" "$(cat "$T_DIR/open.db" "$T_DIR/open.db-wal" | sha256sum)" "$before"
	kill "$writer"
	rm "$state"/pitchward.db*
	cp "$T_DIR/first.db" "$T_DIR/written.db"
	bg written written "$T_DIR/written.db"
	writer=$T_PID
	sleep 0.1
	code 75 "written: a file that is copied there just now" "^pitchward: $T_DIR/written.db: another program writes it" \
		pitchward store restore "$T_DIR/written.db"
	kill "$writer"
	is "torn: what is refused leaves nothing" "$(parts)$(find "$state" -name 'pitchward.db*')" ""
	mv "$T_DIR"/aside/* "$state/"
}

# On a disk that has no room for a copy the program starts all the same.
test_no_room() {
	local small="$T_DIR/small"
	mkdir "$small"
	if ! mount -t tmpfs -o size=8m tmpfs "$small" 2>/dev/null; then
		skip "no room: no copy is made" "no tmpfs can be mounted here"
		return
	fi
	t_at_exit "umount $small"
	cp "$T_DIR/kept/older.db" "$small/store.db"
	chmod 640 "$small/store.db"
	dd if=/dev/zero of="$small/others" bs=1k count=$((7168 - $(du -k "$small" | cut -f 1))) 2>/dev/null
	filter_config enforce "store: \"sqlite:$small/store.db\""
	ok "no room: the store is opened" pitchward store verify
	like "no room: and that there is no copy is told" "$(cat "$T_DIR/.out")" 'of schema 9, and no copy of it is made .*: [0-9] MB are free'
	is "no room: nor half of one" "$(find "$small" -name '*schema*')" ""
	filter_config enforce
}

# As the page tells it of PostgreSQL, by both ways.
test_way_back_pg() {
	filter_config enforce "store: \"$postgres_url\""
	ok "PostgreSQL: restore" pitchward store restore "$T_DIR/first.db"
	code 1 "PostgreSQL: a store that has something" 'is not empty' pitchward store restore "$T_DIR/first.db"
	psql 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null 2>&1
	ok "PostgreSQL: into a schema that was emptied" pitchward store restore "$T_DIR/first.db"
	is "PostgreSQL: all is there" "$(rows)" "1 "
	"$postgres_bin/createdb" -h "$postgres_folder/socket" -U pitchward -E UTF8 -T template0 other
	filter_config enforce "store: \"$(echo "$postgres_url" | sed 's|/pitchward?|/other?|')\""
	ok "PostgreSQL: into a new database" pitchward store restore "$T_DIR/first.db"
	is "PostgreSQL: all is there, too" "$(rows)" "1 "
	filter_config enforce
}

older_pg() {
	psql "DROP TABLE model, model_pack; DROP SEQUENCE model_seq;
		DROP INDEX version_head, version_seq_index, flow_day; UPDATE pitchward_schema SET number = 9"
}

# What the newer program makes, and the number.
schema_pg() {
	psql "SELECT number, to_regclass('model'), to_regclass('version_head'), to_regclass('flow_day') FROM pitchward_schema"
}

busy_pg() {
	is_pg "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"
}

# All connections but this one are gone.
idle_pg() {
	is_pg "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
}

is_pg() {
	[ "$(psql "$1")" = t ]
}

# An upgrade whose last step has to wait is ended there; and the way back from
# one that went through, by what the log told.
test_upgrade_pg() {
	local holder upgrade dump="pg_dump --format=custom --file=pitchward.schema-9 '$postgres_url'"
	filter_config enforce "store: \"$postgres_url\""
	older_pg >/dev/null
	is "PostgreSQL: a store of an older program" "$(schema_pg)" "9|||"
	bg holder "$postgres_bin/psql" -d "$postgres_url" -c "BEGIN; LOCK TABLE flow IN ROW EXCLUSIVE MODE; SELECT pg_sleep(60)"
	holder=$T_PID
	wait_for 10 is_pg "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'flow'::regclass"
	bg upgrade "$PITCHWARD" store verify --config "$FILTER_DIR/pitchward.yaml"
	upgrade=$T_PID
	ok "PostgreSQL: an upgrade is under way" wait_for 10 busy_pg
	kill -KILL "$upgrade"
	stop_pid "$holder"
	psql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()" >/dev/null
	wait_for 10 idle_pg
	is "PostgreSQL: one that is killed leaves the older schema" "$(schema_pg)" "9|||"
	ok "PostgreSQL: the dump that is named" sh -c "cd '$T_DIR' && PATH='$postgres_bin:$PATH' && $dump"
	ok "PostgreSQL: the next one goes through" pitchward store verify
	like "PostgreSQL: and names it" "$(cat "$T_DIR/.out")" "of schema 9 and becomes one of $SCHEMA, wholly or not at all; .*: $(echo "$dump" | sed 's/[?]/[?]/g')$"
	is "PostgreSQL: which is of today" "$(schema_pg)" "$SCHEMA|model|version_head|flow_day"
	ok "PostgreSQL: and says nothing more" pitchward store verify
	unlike "PostgreSQL: of it" "$(cat "$T_DIR/.out")" schema
	psql 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null 2>&1
	ok "PostgreSQL: the dump is restored" "$postgres_bin/pg_restore" -d "$postgres_url" "$T_DIR/pitchward.schema-9"
	is "PostgreSQL: it is of the older program" "$(schema_pg)" "9|||"
	is "PostgreSQL: with all that was there" "$(rows 2>/dev/null)" "1 "
	filter_config enforce
}

# --- migrate: what is copied from

test_source() {
	code 66 "migrate: a name that was mistyped" 'pichtward.db: there is no such file; did you mean .pitchward.db' \
		pitchward store migrate --from "sqlite:$state/pichtward.db"
	is "migrate: which makes no file" "$(find "$state" -name "pich*")" ""
	code 66 "migrate: no such folder" 'there is no such file$' pitchward store migrate --from "sqlite:$T_DIR/no/such.db"
	code 65 "migrate: an empty file" 'empty.db: there is nothing of ours in it' pitchward store migrate --from "sqlite:$T_DIR/empty.db"
	sql "$T_DIR/other.db" "CREATE TABLE t (a)"
	code 65 "migrate: a database of another program" 'other.db: there is nothing of ours in it' pitchward store migrate --from "sqlite:$T_DIR/other.db"
	ln -s "$db" "$T_DIR/link.db"
	code 64 "migrate: the same by another name" 'configured store itself' pitchward store migrate --from "sqlite:$T_DIR/link.db"
	code 64 "migrate: and the other way" 'configured store itself' pitchward store migrate "sqlite:$T_DIR/link.db"
	psql "CREATE DATABASE nothing" >/dev/null
	code 65 "migrate: a PostgreSQL without tables" 'nothing.*: there is nothing of ours in it' \
		pitchward store migrate --from "$(echo "$postgres_url" | sed 's|/pitchward?|/nothing?|')"
	is "migrate: which makes none" "$("$postgres_bin/psql" -h "$postgres_folder/socket" -U pitchward -d nothing -tAc '\dt' 2>/dev/null)" ""
	filter_config enforce "store: \"$postgres_url\""
	code 64 "migrate: the same database by another URL" 'configured store itself' \
		pitchward store migrate --from "$postgres_url&connect_timeout=3"
	ok "migrate: another schema of it" pitchward store migrate "$postgres_url&options=-csearch_path%3Dmoved"
	filter_config enforce
	is "migrate: the source is as it was" "$(rows)" "1 2 "
}

# --- a key of one's own

# shows_key VALUE: the figures have it, which the signal has written
shows_key() {
	kill -USR2 "$FILTER_PID" && sleep 0.2
	grep -qx "pitchward_milter_key_mismatch $1" "$state/spool.prom"
}

test_key() {
	make_store
	unlike "key: the first machine's is the store's" "$(cat "$T_DIR/log/filter")" 'site key'
	filter_start
	ok "key: its figure" wait_for 5 shows_key 0
	filter_stop
	unlike "key: and doctor has nothing to say" "$(pitchward doctor 2>&1)" key-shared
	filter_config enforce "key: state/key2"
	filter_forget
	filter_start
	ok "key: the log of another machine" wait_for 5 filter_logged "site key is not the one .* pitchward store accept-key"
	ok "key: and its figure" wait_for 5 shows_key 1
	filter_stop
	like "key: doctor" "$(pitchward doctor 2>&1)" '^fail +key-shared +.*state/key2 is not the key .*; mend: put the other nodes. key there .*accept-key'
	pitchward store restore --merge "$T_DIR/first.db" >/dev/null 2>"$T_DIR/said"
	like "key: restore" "$(cat "$T_DIR/said")" 'hashed under another site key than .*state/key2'
	ok "key: accepted" pitchward store accept-key
	unlike "key: doctor has nothing to say" "$(pitchward doctor 2>&1)" key-shared
	filter_config enforce
	like "key: but of the first machine" "$(pitchward doctor 2>&1)" '^fail +key-shared'
	is "key: the store does not have it" "$(grep -c "$(od -An -tx1 -v "$state/key2" | tr -d ' \n' | cut -c 1-32)" "$db")" 0
}

filter_setup enforce
make_store
row 1
test_left
test_torn
# A process that changed its user cannot look for leaks.
sanitizer=${ASAN_OPTIONS:-}
export ASAN_OPTIONS="${sanitizer:+$sanitizer:}detect_leaks=0"
test_older
test_root
export ASAN_OPTIONS="$sanitizer"
test_way_back
test_no_room
test_way_back_pg
test_upgrade_pg
test_source
test_key
done_testing
