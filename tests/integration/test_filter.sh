#!/bin/sh
# shellcheck disable=SC3043,SC3045,SC2317,SC2153  # local; ulimit; called by name; set by tap.sh
# The program itself: how it starts, refuses to start, is told things, dies and
# comes back. No MTA.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
filter_require
[ "$(id -u)" = 0 ] || skip_all "needs root for the socket's group"

# run CODE ERE ARGUMENT...: ends with the code and says so
run() {
	local code="$1" says="$2" status=0
	shift 2
	timeout 20 "$FILTER" "$@" >"$T_DIR/run" 2>&1 || status=$?
	cat "$T_DIR/run"
	[ $status = "$code" ] && grep -Eq -e "$says" "$T_DIR/run"
}

config=$FILTER_DIR/pitchward.yaml
filter_setup tag

# --- command line and files

ok "help" run 0 'Usage:' --help
ok "version" run 0 '^pitchward-milter [0-9]' --version
ok "junk option" run 64 'Unknown option' --nonsense
ok "junk argument" run 64 'no arguments' start
ok "junk sink" run 64 'stderr, syslog or journal' --log paper
ok "a good configuration" run 0 '3 buyers, models' --check --config "$config"
ok "no such configuration" run 78 'nowhere.yaml' --check --config "$T_DIR/nowhere.yaml"
printf 'moed: tag\nmode: loud\n' >>"$config"
echo 'version: nonsense' >"$FILTER_DIR/profiles.d/x.yaml"
ok "a bad one: the first fault" run 78 'pitchward.yaml:[0-9]+:[0-9]+: .*moed' --check --config "$config"
filter_config tag
ok "a bad profile: not checked" run 78 'x.yaml:1:10: ' --check --config "$config"
rm "$FILTER_DIR/profiles.d/x.yaml"
sed -i 's/^priorities/prioritis/' "$FILTER_DIR"/profiles.d/*
ok "bad profiles alone: not started" run 78 'dana.yaml:3:1: ' --foreground --config "$config"
ok "bad profiles alone: not started in the background" run 78 'dana.yaml:3:1: ' --config "$config"
not_ok "nobody listens" listening "$FILTER_SOCKET"
sed -i 's/^prioritis/priorities/' "$FILTER_DIR"/profiles.d/*
mkdir -p "$T_DIR/none.models/outreach"
ok "models that are none" run 78 'outreach' --foreground --config "$config" --models "$T_DIR/none.models"
export PITCHWARD_FAILPOINT=lunch
ok "a bad failpoint" run 78 "failpoint 'lunch'" --foreground --config "$config"
unset PITCHWARD_FAILPOINT

# --- the socket

filter_config tag "milter: {socket: \"unix:$T_DIR/none/s\"}"
ok "no folder for the socket" run 73 "$T_DIR/none" --foreground --config "$config"
filter_config tag "milter: {socket: \"unix:$config\"}"
ok "a file in the place of the socket" run 75 'is not a socket' --foreground --config "$config"
filter_config tag "milter: {socket: \"$FILTER_SOCKET\", socket_group: no-such-group}"
ok "no such group" run 78 'no-such-group' --foreground --config "$config"
filter_config tag "milter: {socket: \"$FILTER_SOCKET\", socket_mode: 0600, socket_group: mail}"
filter_start
is "mode and group of the socket" "$(stat -c '%a %G %F' "${FILTER_SOCKET#unix:}")" "600 mail socket"
ok "a second instance is told so" run 75 "another process listens on ${FILTER_SOCKET#unix:}" --foreground --config "$config"
ok "the first one still serves" listening "$FILTER_SOCKET"
worker=$(filter_worker)
kill -KILL "$FILTER_PID"
ok "without its supervisor the worker ends" wait_for 15 t_gone "$worker"
filter_forget
filter_start
ok "the socket of a dead one is replaced" listening "$FILTER_SOCKET"
ok "it ends well" filter_stop
not_ok "its socket is gone" test -e "${FILTER_SOCKET#unix:}"

port=$(free_port)
filter_config tag "milter: {socket: \"inet:$port@127.0.0.1\"}"
bg inet "$FILTER" --foreground --config "$config"
ok "an inet socket" wait_for 10 listening "$port"
ok "a second instance on it" run 75 "already" --foreground --config "$config"
stop_pid "$T_PID"

# --- key and store

filter_config tag
chmod 644 "$FILTER_DIR/state/key"
ok "a key that others can read" run 77 'state/key' --foreground --config "$config"
filter_store
filter_config tag "store: \"sqlite:/proc/nowhere/x.db\"" "spool: {path: /proc/nowhere/spool}"
ok "neither store nor spool" run 69 'nowhere' --foreground --config "$config"

# --- background

filter_config tag
ok "in the background" timeout 20 "$FILTER" --config "$config"
is "it leaves the terminal alone" "$(cat "$T_DIR/.out")" ""
ok "it serves" listening "$FILTER_SOCKET"
pid=$(pgrep -o -f "$config")
stop_pid "$pid"
not_ok "and ends" listening "$FILTER_SOCKET"

# --- dying and coming back

filter_start
echo 'version: nonsense' >"$FILTER_DIR/profiles.d/x.yaml"
kill -HUP "$FILTER_PID"
ok "a bad reload is refused" wait_for 5 filter_logged 'warning: not reloaded.*x.yaml:1:10'
worker=$(filter_worker)
kill -KILL "$worker"
another() {
	local now
	now=$(filter_worker) && [ "$now" != "$worker" ]
}
ok "killed while the files are bad, it is back" wait_for 1 another
ok "the log says how it died" filter_logged "error: worker $worker was killed by signal 9"
rm "$FILTER_DIR/profiles.d/x.yaml"
filter_forget
kill -HUP "$FILTER_PID"
ok "a good reload is taken" wait_for 5 filter_logged ' reloaded: mode tag, 3 buyers'
filter_config enforce "milter: {socket: \"unix:$T_DIR/other.sock\"}"
for again in once twice; do
	filter_forget
	kill -HUP "$FILTER_PID"
	ok "another socket, $again: not before a start" wait_for 5 filter_logged \
		' reloaded: mode enforce, 3 buyers, models [^;]*; socket changes at the next start only$'
done
filter_config tag
filter_forget
kill -HUP "$FILTER_PID"
ok "the socket that is bound: nothing to say" wait_for 5 filter_logged ' reloaded: mode tag, 3 buyers, models [^;]*$'
i=0
while [ $i -lt 12 ]; do
	worker=$(filter_worker) && kill -KILL "$worker"
	i=$((i + 1))
	sleep 0.1
done
ok "killed again and again, it listens" listening "$FILTER_SOCKET"
ok "and is back" wait_for 10 filter_worker
worker=$(filter_worker)
sleep 1.2
ok "and stays" t_alive "$worker"
i=0
while [ $i -lt 200 ]; do
	kill -HUP "$FILTER_PID"
	i=$((i + 1))
done
kill -USR2 "$FILTER_PID"
# One was refused before; what was counted outlives the workers.
ok "200 reloads in a row" wait_for 20 filter_logged ' reloads=[0-9]+ reloads-failed=1 '
is "by the same worker" "$(filter_worker)" "$worker"
filter_stop

for action in kill error; do
	filter_forget
	filter_start "PITCHWARD_FAILPOINT=before-reload:$action:1"
	worker=$(filter_worker)
	kill -HUP "$FILTER_PID"
	case $action in
	kill) ok "killed in a reload, it is back" wait_for 5 another ;;
	error) ok "a reload that fails is told" wait_for 5 filter_logged 'warning: not reloaded' ;;
	esac
	wait_for 5 filter_worker >"$T_DIR/worker"
	kill -HUP "$FILTER_PID"
	ok "and the next one is taken" wait_for 5 filter_logged ' reloaded: mode tag, 3 buyers'
	filter_stop
done

# --- systemd

cat >"$T_DIR/systemd.py" <<'EOF'
"""Plays systemd: passes a socket in, listens to notifications, restarts."""
import os, signal, socket, sys, time
path, notify, program = sys.argv[1], sys.argv[2], sys.argv[3:]
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen(64)
ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ears.bind(notify)
ears.settimeout(15)
heard = []
def hear(word):
    while not any(word in h for h in heard):
        heard.append(ears.recv(4096).decode())
def start():
    heard.clear()
    pid = os.fork()
    if pid == 0:
        os.dup2(server.fileno(), 3)
        os.set_inheritable(3, True)
        env = dict(os.environ, LISTEN_FDS='1', LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET=notify, WATCHDOG_USEC='600000')
        os.execve(program[0], program, env)
    hear('READY=1')
    return pid
def ask():
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    client.settimeout(15)
    client.sendall(b'\0\0\0\rO\0\0\0\6\0\0\1\xff\0\x1f\xff\xff')
    return client
pid = start()
assert len(ask().recv(100)) > 4
hear('WATCHDOG=1')
os.kill(pid, signal.SIGHUP)
heard.clear()
hear('RELOADING=1')
hear('READY=1')
heard.clear()
os.kill(pid, signal.SIGTERM)
hear('STOPPING=1')
assert os.waitpid(pid, 0)[1] == 0
assert os.path.exists(path), 'the socket is not ours to remove'
waiting = ask()
time.sleep(0.3)
pid = start()
assert len(waiting.recv(100)) > 4, 'who waited is served'
os.kill(pid, signal.SIGTERM)
assert os.waitpid(pid, 0)[1] == 0
print('fine')
EOF
ok "systemd: socket, notifications, restart" "$PYTHON" "$T_DIR/systemd.py" "$T_DIR/s/activated" "$T_DIR/s/notify" \
	"$FILTER" --foreground --config "$config"

# --- more connections than files

cat >"$T_DIR/crowd.py" <<'EOF'
"""Opens many sessions; prints how many were answered."""
import socket, sys, time
path, n = sys.argv[1], int(sys.argv[2])
clients = []
answered = 0
for i in range(n):
    c = socket.socket(socket.AF_UNIX)
    c.settimeout(10)
    c.connect(path)
    c.sendall(b'\0\0\0\rO\0\0\0\6\0\0\1\xff\0\x1f\xff\xff')
    clients.append(c)
for c in clients:
    try:
        answered += len(c.recv(100)) > 4
    except OSError:
        pass
if len(sys.argv) > 3:
    time.sleep(float(sys.argv[3]))
print(answered)
EOF
cpu_ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}
filter_forget
(ulimit -n 200 && exec "$FILTER" --foreground --config "$config") >>"$T_DIR/log/filter" 2>&1 &
FILTER_PID=$!
T_PIDS="$FILTER_PID $T_PIDS"
wait_for 10 filter_serves
"$PYTHON" "$T_DIR/crowd.py" "${FILTER_SOCKET#unix:}" 300 2 >"$T_DIR/answered" &
sleep 1
before=$(cpu_ticks "$(filter_worker)")
sleep 1
after=$(cpu_ticks "$(filter_worker)")
wait $!
ok "300 connections with 200 files: some are served" test "$(cat "$T_DIR/answered")" -ge 100
ok "and some are not" test "$(cat "$T_DIR/answered")" -lt 200
ok "nothing spins" test $((after - before)) -lt 20
sleep 0.5
is "when they are gone all are served again" "$("$PYTHON" "$T_DIR/crowd.py" "${FILTER_SOCKET#unix:}" 50)" 50
stop_pid "$FILTER_PID"

# --- symbols: libmilter's data would be replaced by ours of the same name

# data_of FILE: the names of its exported data
data_of() {
	nm -D --defined-only "$1" | awk '$2 ~ /[BDRVG]/ { print $3 }' | sed 's/@.*//' | sort -u
}
library=$(ldd "$FILTER" | awk '/libmilter/ { print $3 }')
ok "libmilter has data of common names" test "$(data_of "$library" | wc -l)" -gt 100
data_of "$library" >"$T_DIR/theirs"
is "none of them is ours" "$(data_of "$FILTER" | comm -12 - "$T_DIR/theirs")" ""

done_testing
