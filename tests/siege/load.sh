# shellcheck shell=sh disable=SC3043,SC2154  # local; addresses of filter.sh
# A long time of it: reloads without end, and a day's mail in an hour with all
# kinds of trouble meanwhile. Source siege.sh and store.sh first.

LOAD_RATE=${SOAK_RATE:-10} # mails a second

load_reloads() {
	filter_log ' reloaded: ' | wc -l
}

load_memory() {
	awk '$1 == "VmRSS:" { print $2 }' "/proc/$(filter_worker)/status"
}

# load_hups COUNT: until so many were taken (several in a row are one), for half
# an hour at most
load_hups() {
	local i=0 deadline
	now_cs
	deadline=$((T_NOW + 180000))
	while kill -HUP "$FILTER_PID" && sleep 0.02; do
		i=$((i + 1))
		[ $((i % 20)) = 0 ] || continue
		now_cs
		[ "$(load_reloads)" -lt "$1" ] && [ $T_NOW -lt $deadline ] || break
	done
	rm -f "$T_DIR/loading"
}

# load_reload COUNT: that many, while mail comes in
load_reload() {
	local name="$1 reloads under load" batch=0 worker before
	siege_begin enforce
	filter_start
	worker=$(filter_worker)
	siege_send 20
	siege_settled
	before=$(load_memory)
	: >"$T_DIR/loading"
	load_hups "$1" &
	while [ -e "$T_DIR/loading" ]; do
		batch=$((batch + 1))
		siege_load "batch$batch" 20 --rate "$LOAD_RATE"
	done
	wait $!
	siege_end "$name" none 120
	ok "$name: they were taken" test "$(load_reloads)" -ge "$1"
	is "$name: by one worker" "$(filter_worker)" "$worker"
	diag "$name: $(load_reloads) taken; RSS $before kB before, $(load_memory) kB after"
	ok "$name: memory stays" test "$(load_memory)" -lt $((before + 16384))
	filter_stop
}

load_lock() {
	timeout "$1" "$PYTHON" -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
db.execute("BEGIN EXCLUSIVE")
time.sleep(600)' "$(store_file)"
}

# load_trouble MINUTE: one kind a minute, by turns
load_trouble() {
	local i=0
	case $(($1 % 4)) in
	1) while [ $i -lt 40 ]; do kill -HUP "$FILTER_PID" && i=$((i + 1)) && sleep 1; done ;;
	2) while [ $i -lt 8 ]; do siege_kill_worker && i=$((i + 1)) && sleep 5; done ;;
	3) load_lock 20 ;;
	esac
}

# load_day MINUTES: the rate is LOAD_RATE; an hour of 10 a second is 36,000
# mails, a day's of some 1,500 people
load_day() {
	local name="$1 minutes, $LOAD_RATE mails a second" minute=0
	store_begin
	filter_start
	while [ $minute -lt "$1" ]; do
		load_trouble $minute &
		siege_load "minute$minute" $((LOAD_RATE * 60)) --rate "$LOAD_RATE"
		wait $!
		diag "minute $minute: $(cat "$T_DIR/load") RSS $(load_memory) kB, spooled $(store_spooled), retried $(siege_retried)"
		rm -rf "$T_DIR/pitches"
		minute=$((minute + 1))
	done
	siege_settled 300
	wait_for 120 store_drained
	siege_end "$name" none
	filter_stop
}
