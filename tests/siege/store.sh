# shellcheck shell=sh disable=SC3043,SC2154  # local; addresses of filter.sh
# What happens to the store while mail comes in: somebody else has it, its file
# system is read-only all at once, a page of it is damaged. Full and locked
# without a flood are in scenarios.sh. Source siege.sh first.

store_file() {
	echo "$FILTER_DIR/state/pitchward.db"
}

# store_spooled: files that wait in the spool
store_spooled() {
	find "$FILTER_DIR/spool" -type f ! -name '.*' 2>/dev/null | wc -l
}

store_drained() {
	[ "$(store_spooled)" = 0 ]
}

# store_begin: a spool of its own, outside the store's file system
store_begin() {
	rm -rf "$FILTER_DIR/spool"
	siege_begin enforce "spool: {path: spool}"
}

store_end() {
	wait_for 90 store_drained
	is "$1: the spool is empty" "$(store_spooled)" 0
	siege_end "$1" none
}

# store_flood COUNT: while somebody has the store for himself
store_flood() {
	local name="flood of $1, store locked" lock
	store_begin
	filter_start
	bg lock "$PYTHON" -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(600)' "$(store_file)"
	lock=$T_PID
	wait_for 20 grep -q locked "$T_DIR/log/lock"
	siege_send "$1" --sessions 8
	siege_settled 120
	is "$name: all are in the spool" "$(store_spooled)" "$1"
	kill "$lock"
	store_end "$name"
	filter_stop
}

# store_readonly COUNT: an error on the disk, after which the kernel takes no
# more writes. The administrator mends the file system and starts the filter.
store_readonly() {
	local name="read-only all at once" state="$FILTER_DIR/state" fault
	store_begin
	if ! store_mount; then
		skip "$name" "no ext4 on a loop device here"
		return
	fi
	fault=$(findmnt -no SOURCE "$state")
	fault=/sys/fs/ext4/${fault##*/}/trigger_fs_error
	if [ ! -w "$fault" ]; then
		umount "$state"
		skip "$name" "the kernel does not let us break a file system"
		return
	fi
	filter_start
	siege_send 4
	siege_settled
	echo 1 >"$fault"
	ok "$name: it is" not_writable "$state"
	siege_more "$1"
	is "$name: the copies are in the spool" "$(store_spooled)" "$1"
	ok "$name: the log says so" wait_for 5 filter_logged 'warning: store away'
	filter_stop
	umount "$state" && e2fsck -fy "$T_DIR/image" >"$T_DIR/log/e2fsck" 2>&1
	mount -o loop,errors=remount-ro "$T_DIR/image" "$state"
	filter_forget
	filter_start
	store_end "$name"
	filter_stop
	umount "$state"
}

store_mount() {
	truncate -s 64M "$T_DIR/image"
	mkfs.ext4 -q -F "$T_DIR/image" 2>"$T_DIR/log/mkfs" &&
		mount -o loop,errors=remount-ro "$T_DIR/image" "$FILTER_DIR/state" 2>>"$T_DIR/log/mkfs" || return
	t_at_exit "umount $FILTER_DIR/state 2>/dev/null || :"
}

not_writable() {
	! touch "$1/probe" 2>/dev/null
}

# store_damage FIRST COUNT: pages of the store, while it is in use. The log is
# moved into it first, or it would be read instead.
store_damage() {
	"$PYTHON" -c '
import os, sqlite3, sys
path, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print(sqlite3.connect(path, timeout=20).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
with open(path, "r+b") as file:
    file.seek(4096 * (first - 1))
    file.write(os.urandom(4096 * count))
' "$(store_file)" "$1" "$2" >"$T_DIR/log/damage" 2>&1
}

# store_corrupt NAME FIRST COUNT: what comes after that is in the spool or says
# that it was not stored; the administrator puts a store of yesterday (here an
# empty one) in its place.
store_corrupt() {
	local name="$1"
	store_begin
	filter_start
	siege_send 4
	siege_settled
	store_damage "$2" "$3" || bail "no damage: $(cat "$T_DIR/log/damage")"
	siege_forget
	siege_more 8
	ok "$name: the log says so" wait_for 5 filter_logged 'warning: store away'
	not_ok "$name: pitchward store verify says so" pitchward store verify
	is "$name: the copies are in the spool" "$(store_spooled)" 8
	filter_stop
	for file in "$(store_file)"*; do
		mv "$file" "$T_DIR/aside.${file##*pitchward.}"
	done
	filter_forget
	filter_start
	store_end "$name"
	filter_stop
}
