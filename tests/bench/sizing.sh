#!/bin/sh
# What profiles cost: memory of the filter's processes and CPU, to start, to
# reload, and to take one that was changed in the store (SQLite), with 1, 1,000,
# 10,000 and 100,000 of them. Prints a line each.
#
#   PROFILES="1 1000"   others
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-$PWD/build}
profile=tests/corpus/authored/profiles/ciso.yaml
work=$(mktemp -d /tmp/pwsizing.XXXXXX)
pid=
trap 'stop; rm -rf "$work"' EXIT INT TERM

stop() {
	[ -z "$pid" ] || { kill "$pid" 2>/dev/null && wait "$pid"; } || true
	pid=
}

plant() {
	python3 - "$profile" "$work/profiles.d" "$1" <<'END'
import os, re, sys
text = open(sys.argv[1], encoding='utf-8').read()
os.makedirs(sys.argv[2], exist_ok=True)
for n in range(int(sys.argv[3])):
    with open('%s/b%06d.yaml' % (sys.argv[2], n), 'w', encoding='utf-8') as out:
        out.write(re.sub(r'addresses: \[.*\]', 'addresses: [rcpt%d@example.net]' % n, text))
END
}

# A version of the first buyer's profile, as the pages would add it.
change() {
	python3 - "$work/profiles.d/b000000.yaml" "$work/pitchward.db" <<'END'
import hashlib, sqlite3, sys, time
data = open(sys.argv[1], 'rb').read()
store = sqlite3.connect(sys.argv[2], timeout=10)
store.execute('INSERT INTO version (buyer, number, time, giver, note, base, text)'
              ' VALUES (?, 1, ?, ?, ?, ?, ?)',
              ('b000000', int(time.time() * 1e6), 'sizing', '', hashlib.sha256(data).hexdigest(),
               data.decode() + '# changed\n'))
store.commit()
END
}

said() {
	until grep -q "$1" "$work/log"; do
		kill -0 "$pid" || { cat "$work/log" >&2; exit 1; }
		sleep 0.02
	done
}

memory() {
	for process in "$pid" $(pgrep -P "$pid"); do
		sed -n 's/^Pss: *//p' "/proc/$process/smaps_rollup"
	done | awk '{ kb += $1 } END { printf "%d kB", kb }'
}

cpu() {
	for process in "$pid" $(pgrep -P "$pid"); do
		cut -d ' ' -f 14,15 "/proc/$process/stat"
	done | awk '{ n += $1 + $2 } END { print n * 10 }'
}

cat >"$work/pitchward.yaml" <<END
version: 1
mode: observe
milter: {socket: "unix:$work/milter.sock"}
authserv_id: mx.example.net
internal: {domains: [example.net]}
profiles: profiles.d
models: $PWD/models
store: "${STORE:-sqlite:$work/pitchward.db}"
spool: {path: "$work/spool"}
key: $work/key
log: {to: stderr}
END
for n in ${PROFILES:-1 1000 10000 100000}; do
	plant "$n"
	sleep 3 # what was written lately is read again at a reload
	: >"$work/log"
	began=$(date +%s%N)
	"$BUILD/bin/pitchward-milter" --config "$work/pitchward.yaml" --foreground >"$work/log" 2>&1 &
	pid=$!
	said serving
	used=$(cpu)
	echo "$n profiles: serves after $((($(date +%s%N) - began) / 1000000)) ms, $used ms of CPU, $(memory)"
	began=$(date +%s%N)
	kill -HUP "$pid"
	said reloaded
	echo "$n profiles: reloaded after $((($(date +%s%N) - began) / 1000000)) ms," \
		"$(($(cpu) - used)) ms of CPU, $(memory)"
	if [ -z "${STORE:-}" ]; then
		sleep 2
		used=$(cpu)
		began=$(date +%s%N)
		change
		said 'profiles follow the store'
		echo "$n profiles: one changed in the store serves after" \
			"$((($(date +%s%N) - began) / 1000000)) ms," \
			"$(($(cpu) - used)) ms of CPU, $(memory)"
	fi
	stop
	rm -f "$work"/pitchward.db*
done
