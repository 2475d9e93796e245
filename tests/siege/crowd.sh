# shellcheck shell=sh disable=SC3043,SC2154  # local; addresses of filter.sh
# Connections to the filter that nobody means: thousands of idle ones, half a
# command, noise, more of them than there are files. A mail goes through all the
# same, or waits until they are gone. Source siege.sh first.

CROWD_FIGURES=$T_DIR/figures
: >"$CROWD_FIGURES"

crowd_ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

crowd_status() {
	awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status"
}

crowd_files() {
	find "/proc/$1/fd" -mindepth 1 2>/dev/null | wc -l
}

# crowd_figures NAME: memory and so on of the worker, and its share of a
# processor while nothing is sent
crowd_figures() {
	local worker before
	worker=$(filter_worker)
	before=$(crowd_ticks "$worker")
	sleep 1
	CROWD_TICKS=$(($(crowd_ticks "$worker") - before))
	printf '%-34s %9s %8s %6s %6s%%\n' "$1" "$(crowd_status "$worker" VmRSS)" "$(crowd_status "$worker" Threads)" \
		"$(crowd_files "$worker")" "$CROWD_TICKS" >>"$CROWD_FIGURES"
}

crowd_table() {
	diag "
$(printf '%-34s %9s %8s %6s %7s' 'the worker with' 'RSS (kB)' threads files 'idle at')
$(cat "$CROWD_FIGURES")"
	: >"$CROWD_FIGURES"
}

crowd_start() {
	: >"$T_DIR/log/crowd"
	bg crowd "$PYTHON" "$SIEGE_LIB/crowd.py" "${FILTER_SOCKET#unix:}" "$1" "$2"
	CROWD_PID=$T_PID
	wait_for 120 grep -q '^ready' "$T_DIR/log/crowd" || bail "the crowd does not come"
	diag "$1 $2: $(cat "$T_DIR/log/crowd")"
}

crowd_gone() {
	[ "$(crowd_files "$(filter_worker)")" -lt "$1" ]
}

# crowd_cell COUNT KIND: mail goes through while they are there, nothing spins,
# and what they took is given back
crowd_cell() {
	local name="$1 $2 connections" files
	siege_begin enforce
	filter_start
	files=$(crowd_files "$(filter_worker)")
	crowd_start "$1" "$2"
	crowd_figures "$1 $2"
	ok "$name: nothing spins" test "$CROWD_TICKS" -lt 8
	siege_send 8
	siege_end "$name" none
	stop_pid "$CROWD_PID" 10
	ok "$name: their files are given back" wait_for 30 crowd_gone $((files + 40))
	crowd_figures "$1 $2, afterwards"
	filter_stop
}

# crowd_limit COUNT KIND FILES: more than there are files. Who is not served
# waits; as soon as the crowd is gone mail goes through by itself.
crowd_limit() {
	local name="$1 $2 connections with $3 files"
	siege_begin enforce
	filter_start prlimit "--nofile=$3"
	crowd_start "$1" "$2"
	crowd_figures "$1 $2, limit $3"
	ok "$name: nothing spins" test "$CROWD_TICKS" -lt 8
	siege_send 8
	sleep 1
	diag "told to try again meanwhile: $(siege_retried)"
	stop_pid "$CROWD_PID" 10
	siege_end "$name" none
	filter_stop
}
