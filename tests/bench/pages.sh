#!/bin/sh
# The other half of `make bench`: the pages at 100,000 held messages of one
# buyer in 30,000 campaigns, and the filter beside 1,000 web clients that never
# finish their request. Needs what run.sh fetched and built.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-$PWD/build}
HELD=${HELD:-100000}
SLOW=${SLOW:-1000}
MESSAGES=${MESSAGES:-3000}
corpus=$BUILD/bench/corpus
work=$(mktemp -d /tmp/pwpages.XXXXXX)
pids=
trap 'stop; rm -rf "$work"' EXIT INT TERM

stop() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	pids=
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
mkdir -p "$work/profiles.d"
sed "s/addresses: \[.*\]/addresses: [rcpt@example.net]/" \
	tests/corpus/authored/profiles/ciso.yaml >"$work/profiles.d/b0.yaml"
cat >"$work/pitchward.yaml" <<END
version: 1
mode: observe
milter: {socket: "unix:$work/milter.sock"}
authserv_id: mx.example.net
internal: {domains: [example.net]}
profiles: profiles.d
models: $PWD/models
store: "sqlite:$work/pitchward.db"
spool: {path: "$work/spool"}
key: $work/key
web: {listen: "127.0.0.1:$port"}
log: {to: stderr}
END

"$BUILD/bench/plant" "sqlite:$work/pitchward.db" b0 "$HELD" $((HELD * 3 / 10))
# shellcheck disable=SC3045  # dash has it
ulimit -n 4096
"$BUILD/bin/pitchward-milter" --config "$work/pitchward.yaml" --foreground >"$work/milter.log" 2>&1 &
pids=$!
"$BUILD/bin/pitchward-web" --config "$work/pitchward.yaml" --log=stderr >"$work/web.log" 2>&1 &
pids="$pids $!"
tries=0
until [ -S "$work/milter.sock" ] && grep -q serving "$work/web.log"; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || { cat "$work"/*.log >&2; exit 1; }
	sleep 0.1
done

echo "pages, $HELD held:"
python3 tests/bench/pages.py times "$url" \
	"$("$BUILD/bin/pitchward-web" --config "$work/pitchward.yaml" --link=rcpt@example.net)"
load="$BUILD/bench/milter-load -q -c 4 -n $MESSAGES unix:$work/milter.sock $corpus/crlf"
for round in 1 2; do
	printf 'filter, round %s, alone:                    ' $round
	$load
	printf 'filter, round %s, beside %s slow web clients: ' $round "$SLOW"
	# shellcheck disable=SC2086  # words
	python3 tests/bench/pages.py slow "$url" "$SLOW" $load
done
