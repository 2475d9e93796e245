# shellcheck shell=sh disable=SC3043,SC2015  # local; a && b || c
# TAP 13 for shell tests, with a temporary folder and processes that are gone
# when the test ends, however it ends.
#
#   . "$(dirname "$0")/../lib/tap.sh"
#   ok "a fresh store is empty" test ! -s "$T_DIR/store.db"
#   is "copies delivered" "$(delivered_count pf)" 2
#   done_testing
#
# T_DIR   the test's folder, /tmp/pw.XXXXXX: short, so that the paths of unix
#         sockets fit in 107 bytes. Kept when KEEP=1.
# T_PID   the process that bg() started last
# Logs in $T_DIR/log are shown (their tails) when a test fails.

set -u

# The folder of this file, from any script of tests/ that sources it.
t_find_lib() {
	local here dir
	here=$(dirname "$0")
	for dir in "$here/../lib" "$here/lib" "$here" tests/lib; do
		[ -r "$dir/tap.sh" ] || continue
		(cd "$dir" && pwd)
		return
	done
}

T_LIB=${T_LIB:-$(t_find_lib)}
T_COUNT=0
T_FAILED=0
T_PID=
T_PIDS=
T_HOOKS=
T_ENDED=no
T_DIR=$(mktemp -d /tmp/pw.XXXXXX) || exit 1
# mktemp makes it 0700, and Postfix's processes run as user postfix.
chmod 755 "$T_DIR"
mkdir "$T_DIR/log"
touch -d @0 "$T_DIR/.tailed"
echo 'TAP version 13'

# diag TEXT...: a line of explanation, on standard output as TAP wants it
diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# Only logs that grew since the last failure.
t_tails() {
	local file
	for file in "$T_DIR"/log/*; do
		[ -n "$(find "$file" -size +0 -newer "$T_DIR/.tailed" 2>/dev/null)" ] || continue
		diag "--- the end of ${file##*/}"
		tail -n "${TAP_TAIL:-15}" "$file" | cut -c 1-400 | sed 's/^/# /'
	done
	touch "$T_DIR/.tailed"
}

t_pass() {
	T_COUNT=$((T_COUNT + 1))
	printf 'ok %d - %s\n' "$T_COUNT" "$1"
}

# t_fail NAME LINE...: not ok, with each LINE and the tails of the logs
t_fail() {
	T_COUNT=$((T_COUNT + 1))
	T_FAILED=$((T_FAILED + 1))
	printf 'not ok %d - %s\n' "$T_COUNT" "$1"
	shift
	[ $# = 0 ] || diag "$(printf '%s\n' "$@" | head -n 40)"
	t_tails
	return 1
}

# The name comes first in all of them: it is what a failure is read by.

# ok NAME COMMAND...: the command succeeds
ok() {
	local name="$1" status=0
	shift
	"$@" >"$T_DIR/.out" 2>&1 || status=$?
	if [ $status = 0 ]; then
		t_pass "$name"
	else
		t_fail "$name" "command: $*" "status: $status" "$(head -n 20 "$T_DIR/.out")"
	fi
}

# not_ok NAME COMMAND...: the command fails
not_ok() {
	local name="$1"
	shift
	if "$@" >"$T_DIR/.out" 2>&1; then
		t_fail "$name" "command succeeded: $*" "$(head -n 20 "$T_DIR/.out")"
	else
		t_pass "$name"
	fi
}

# is NAME GOT WANTED: equal strings
is() {
	if [ "$2" = "$3" ]; then t_pass "$1"; else t_fail "$1" "got:    $2" "wanted: $3"; fi
}

# isnt NAME GOT UNWANTED
isnt() {
	if [ "$2" != "$3" ]; then t_pass "$1"; else t_fail "$1" "got, and not wanted: $2"; fi
}

# like NAME TEXT ERE: some line of the text matches
like() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then t_pass "$1"; else t_fail "$1" "got: $2" "wanted a line like: $3"; fi
}

# unlike NAME TEXT ERE: no line of the text matches
unlike() {
	if printf '%s\n' "$2" | grep -Eq -e "$3"; then t_fail "$1" "got: $2" "wanted no line like: $3"; else t_pass "$1"; fi
}

# skip NAME REASON: counts as passed, and says why it was not tried
skip() {
	T_COUNT=$((T_COUNT + 1))
	printf 'ok %d - %s # SKIP %s\n' "$T_COUNT" "$1" "$2"
}

# skip_all REASON: before the first test only
skip_all() {
	printf '1..0 # SKIP %s\n' "$*"
	T_ENDED=yes
	exit 0
}

# bail REASON...: nothing after this makes sense
bail() {
	t_tails
	printf 'Bail out! %s\n' "$*"
	T_ENDED=yes
	exit 1
}

# done_testing: the last line of every test. Without it the test counts as
# broken off, so that a stray `exit 0` cannot pass.
done_testing() {
	printf '1..%d\n' "$T_COUNT"
	T_ENDED=yes
	[ "$T_FAILED" = 0 ]
	exit
}

# now_cs: centiseconds since boot in T_NOW, without a process
now_cs() {
	local up rest
	read -r up rest </proc/uptime
	T_NOW=${up%.*}${up#*.}
}

# wait_for SECONDS COMMAND...: until it succeeds; 1 when it never did
wait_for() {
	local deadline
	now_cs
	deadline=$((T_NOW + $1 * 100))
	shift
	until "$@"; do
		now_cs
		[ "$T_NOW" -lt $deadline ] || return 1
		sleep 0.02
	done
}

t_trap_signals() {
	trap 'exit 129' HUP
	trap 'exit 130' INT
	# Output may go to a head(1) that has seen enough.
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
}

t_alive() {
	local stat
	# A zombie answers kill -0; only its state tells.
	read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
	case ${stat##*) } in [ZX]*) return 1 ;; esac
}

t_gone() {
	! t_alive "$1"
}

# t_ours PID...: those that still are what bg() started. The numbers of others
# may have gone to strangers since, in a test that runs for long.
t_ours() {
	local pid stat
	for pid; do
		read -r stat 2>/dev/null <"/proc/$pid/stat" || continue
		case ${stat##*) } in
		[ZX]*) ;;
		?" $$ "*) echo "$pid" ;;
		esac
	done
}

# bg NAME COMMAND...: in the background, output to $T_DIR/log/NAME, stopped when
# the test ends. Not inside $(...): the pid would be lost. A sanitizer's report
# is in that log too.
bg() {
	local name="$1"
	shift
	# Born with the default actions: a TERM that came before exec would set off
	# a trap that the child no longer has, and be lost.
	trap - HUP INT PIPE TERM
	"$@" >>"$T_DIR/log/$name" 2>&1 </dev/null &
	T_PID=$!
	t_trap_signals
	T_PIDS="$T_PID $T_PIDS"
}

# stop_pid PID [SECONDS [SIGNAL]]: asks, waits (10), then kills. The status is
# the process's own when it is a child of this shell, 137 when it was killed.
stop_pid() {
	kill -"${3:-TERM}" "$1" 2>/dev/null
	if ! wait_for "${2:-10}" t_gone "$1"; then
		diag "process $1 did not stop within ${2:-10} s: killed"
		kill -KILL "$1" 2>/dev/null
		wait_for 5 t_gone "$1"
	fi
	wait "$1" 2>/dev/null
}

# t_at_exit COMMAND: one line of shell, run when the test ends, the last one first
t_at_exit() {
	T_HOOKS="$1
$T_HOOKS"
}

# t_not_at_exit COMMAND: it has been run already
t_not_at_exit() {
	T_HOOKS=$(printf '%s' "$T_HOOKS" | grep -vxF -e "$1")
}

t_run_hooks() {
	local hook status=0
	while read -r hook; do
		[ -z "$hook" ] || eval "$hook" </dev/null || status=1
	done <<-EOF
		$T_HOOKS
	EOF
	return $status
}

# listening PORT | unix:PATH | local:PATH | inet:PORT[@HOST]: somebody accepts
# there. Asks the kernel: a connection would be a session for the server.
listening() {
	local port
	case $1 in
	unix:* | local:*) grep -Eq "^[^ ]+ [^ ]+ [^ ]+ 00010000 .* ${1#*:}\$" /proc/net/unix ;;
	*)
		port=${1#inet:}
		port=$(printf '%04X' "${port%@*}")
		grep -Eqs "^ *[0-9]+: [0-9A-F]+:$port [0-9A-F]+:0000 0A" /proc/net/tcp /proc/net/tcp6
		;;
	esac
}

t_port_seen() {
	grep -Eqs "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") " /proc/net/tcp /proc/net/tcp6
}

# Claims a port by a symbolic link that names this test; a link whose test is
# dead counts for nothing. Called with /tmp locked.
t_port_claim() {
	local claim="/tmp/pw-port.$1" owner
	if owner=$(readlink "$claim"); then
		[ -d "/proc/$owner" ] && return 1
		rm -f "$claim"
	fi
	t_port_seen "$1" && return 1
	ln -s $$ "$claim"
}

# free_port: prints a loopback port that nobody uses and that no other test is
# given until this one ends. Below the kernel's own range, from which any
# outgoing connection could take it meanwhile.
free_port() {
	(
		flock 9
		port=$((20000 + $$ * 7 % 12000))
		tries=0
		until t_port_claim $port; do
			port=$((port < 31999 ? port + 1 : 20000))
			tries=$((tries + 1))
			[ $tries -lt 12000 ] || exit 1
		done
		echo $port
	) 9</tmp
}

# Gives back this test's claims, and those of tests that were killed.
t_free_ports() {
	(
		flock 9
		for claim in /tmp/pw-port.*; do
			owner=$(readlink "$claim") || continue
			[ "$owner" != $$ ] && [ -d "/proc/$owner" ] || rm -f "$claim"
		done
	) 9</tmp
}

t_cleanup() {
	local status=$? pid
	trap - EXIT
	trap '' HUP INT PIPE TERM
	if [ $T_ENDED = no ]; then
		t_tails
		echo "Bail out! ended with status $status before done_testing"
		[ $status != 0 ] || status=1
	fi
	t_run_hooks || status=1
	# All are asked first: libmilter alone takes up to 5 s to stop.
	# shellcheck disable=SC2086  # one word a pid
	T_PIDS=$(t_ours $T_PIDS)
	# shellcheck disable=SC2086
	[ -z "$T_PIDS" ] || kill -TERM $T_PIDS 2>/dev/null
	for pid in $T_PIDS; do
		t_gone "$pid" && continue
		stop_pid "$pid"
		[ $? != 137 ] || status=1
	done
	t_free_ports
	if [ "${KEEP:-0}" = 1 ]; then
		diag "kept: $T_DIR"
	else
		rm -rf "$T_DIR" || status=1
	fi
	exit $status
}

trap t_cleanup EXIT
t_trap_signals
