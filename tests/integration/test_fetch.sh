#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Feeds and metric files into the store, from a local server that is at times
# good and at times hostile: what comes in, and what is never asked.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

etc=$T_DIR/etc
conf=$etc/pitchward.yaml
asked=$T_DIR/asked
mkdir -p "$etc/profiles.d/metrics"
cat >"$etc/profiles.d/priya.yaml" <<-'EOF'
	version: 1
	buyer: {name: Priya, addresses: [priya@buyer.example]}
	priorities:
	  - id: edr
	    name: EDR
	    metric: {name: hours to contain, target: 8, file: metrics/soc.csv}
EOF
printf 'date,value\n2026-11-20,52\n2026-11-21,48.5\n' >"$etc/profiles.d/metrics/soc.csv"
: >"$asked"
bg server "$PYTHON" "$T_LIB/feed_server.py" "$T_DIR/port" "$asked"
wait_for 20 test -s "$T_DIR/port" || bail "the server does not start"
port=$(cat "$T_DIR/port")

# configure ALLOW FEED...: each as NAME=PATH, or NAME=http://...
configure() {
	local feed url allow="$1"
	shift
	cat >"$conf" <<-EOF
		version: 1
		store: sqlite:$T_DIR/store.db
		key: $T_DIR/key
		spool: {path: $T_DIR/spool}
		models: $T_DIR/models
		fetch:
		  timeout: 3s
		  interval: ${interval:-0s}
		  size_max: 1MB
		  allow: [$allow]
		  feeds:
	EOF
	for feed in "$@"; do
		url=${feed#*=}
		case $url in /*) url=http://127.0.0.1:$port$url ;; esac
		echo "    - {name: ${feed%%=*}, url: \"$url\", every: 1h}" >>"$conf"
	done
}

# pw OPTION...: its output in $out and $err, its status in $status
pw() {
	status=0
	out=$("$PITCHWARD" fetch --config "$conf" "$@" 2>"$T_DIR/err") || status=$?
	err=$(cat "$T_DIR/err")
}

# sql TEXT: asks the store
sql() {
	"$PYTHON" -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print(*row, sep="|")' "$T_DIR/store.db" "$1"
}

# count_of PATH: how often it was asked for
count_of() {
	grep -c " $1 " "$asked"
}

here="\"127.0.0.1:$port\""

configure "$here" reg=/rss
pw
is "without a store nothing is fetched" "$status" 69
is "and nobody is asked" "$(count_of /rss)" 0
printf 'From: a@v.example\n\nhello\n' |
	"$BUILD/tests/hold" "$conf" priya a@v.example priya@buyer.example >"$T_DIR/log/hold" 2>&1 ||
	bail "cannot make a store"

configure "$here" reg=/rss at=/atom js=/json
pw --dry-run
is "a dry run succeeds" "$status" 0
like "it says what would be new" "$out" '^reg +2 new, 0 known$'
pw
is "feeds of three kinds are read" "$status" 0
like "RSS" "$out" '^reg +2 new, 0 known$'
like "Atom" "$out" '^at +1 new, 0 known$'
like "JSON Feed" "$out" '^js +1 new, 0 known$'
like "and a metric's file" "$out" '^priya/edr +2 new, 0 known$'
is "items are stored as plain text with absolute links" \
	"$(sql "SELECT title, link, text FROM item WHERE guid = 'r1'")" \
	"Warm standby for imaging|http://127.0.0.1:$port/r1|Prices fell by 12 %"
is "points are stored" "$(sql 'SELECT buyer, priority, value FROM metric ORDER BY day')" \
	"priya|edr|52.0
priya|edr|48.5"

: >"$asked"
pw
is "what is not due is not asked for" "$(wc -l <"$asked")" 0
pw --only reg --json
like "unless a person asks; the server says it has not changed" "$out" '"outcome": "unchanged"'
like "since it was asked so" "$(cat "$asked")" '/rss etag="v1" modified=Sat, 21 Nov 2026'
pw --only at --only priya/edr
like "what is known is not new" "$out" '^at +0 new, 1 known$'
like "a file that did not change" "$out" '^priya/edr +unchanged$'
unlike "cookies are not kept" "$(cat "$asked")" 'cookie=[^N]'
pw --only nobody
is "an unknown name is a wrong command line" "$status" 64
configure "$here" reg=/moved
: >"$asked"
pw
like "of another URL nothing that was known holds; redirects are followed" "$out" '^reg +0 new, 2 known$'
like "without the old one's conditions" "$(cat "$asked")" '/moved etag=None'

printf '2026-11-20,52\n2026-11-22,many\n' >"$etc/profiles.d/metrics/soc.csv"
pw --only priya/edr
is "a wrong metric file fails" "$status" 1
like "with its place" "$err" 'metrics/soc.csv:2: the value must be a number'
is "and the old numbers stay" "$(sql 'SELECT count(*) FROM metric')" 2
printf '2026-11-20,50\n' >"$etc/profiles.d/metrics/soc.csv"
pw --only priya/edr
is "the file is the whole truth" "$(sql 'SELECT value FROM metric')" "50.0"

# fails NAME PATH WHAT: a feed there fails with these words, and nothing of it
# is stored
fails() {
	sql 'SELECT 1' >/dev/null
	configure "$here" "x=$2"
	pw --only x
	is "$1: exit 1" "$status" 1
	like "$1: told" "$err" "$3"
	is "$1: nothing is stored" "$(sql "SELECT count(*) FROM item WHERE source = 'x'")" 0
}

fails "a bomb" /bomb 'larger than 1048576 bytes'
fails "an endless answer" /endless 'larger than 1048576 bytes'
fails "a flood of fields" /flood 'larger than 65536 bytes'
now_cs
before=$T_NOW
fails "a slow drip" /drip '[Tt]imeout'
now_cs
ok "the whole takes no longer than its timeout" test $((T_NOW - before)) -lt 600
fails "a redirect loop" /loop 'redirects'
is "four requests and no more" "$(count_of /loop)" 4
fails "a redirect to a file" /to-file 'protocol'
fails "a redirect to gopher" /to-gopher 'protocol'
fails "a redirect to another port" /to-other 'leads to 127.0.0.1:1,'
fails "a redirect to the metadata of clouds" /to-metadata 'leads to 169.254.169.254:80'
fails "a redirect with a password" /to-user '.'
fails "entities" /laughs 'declares entities'
fails "a page" /page 'neither RSS'
fails "garbage" /garbage '.'
fails "nothing at all" /empty 'neither RSS'
fails "an answer that is none" /nowhere 'status 404'
configure "$here" x=/broken
pw
is "a broken feed gives what it has" "$(sql "SELECT count(*) FROM item WHERE source = 'x'")" 1
like "and is said to be broken" "$out" 'the feed is broken: line'

configure "" x=/rss
: >"$asked"
pw --only x
like "without the allowance nobody is asked" "$err" "leads to 127.0.0.1:$port, which is not"
is "indeed nobody" "$(wc -l <"$asked")" 0
configure "$here" "x=http://localhost:$port/rss"
http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9 pw --only x
is "a proxy of the environment changes nothing" "$status" 0
configure "" "x=http://169.254.169.254/"
http_proxy=http://127.0.0.1:$port pw --only x
like "nor is it a way around" "$err" 'leads to 169.254.169.254'

configure "$here" later=/later after=/rss
: >"$asked"
pw
is "who asks to wait is not asked again in this run" "$(wc -l <"$asked")" 1
like "which is told" "$err" 'asked us to wait'
is "nor before an hour has passed" \
	"$(sql "SELECT (due - time) / 1000000 >= 3600 FROM source WHERE name = 'later'")" 1
is "failures are counted" "$(sql "SELECT failures FROM source WHERE name = 'later'")" 1

interval=1s
configure "$here" p1=/rss p2=/atom p3=/json
: >"$asked"
pw
gap=$(awk 'NR > 1 && $1 - last < min { min = $1 - last } { last = $1 } BEGIN { min = 99 } END { print (min >= 0.95) }' "$asked")
is "one host is asked once a second" "$gap" 1
interval=0s

configure "$here" p4=/drip
"$PITCHWARD" fetch --config "$conf" >/dev/null 2>&1 &
first=$!
wait_for 10 grep -q '/drip etag' "$asked"
pw
like "of two runs at once one asks" "$out" '^p4 +busy$'
wait $first

echo 'fetch: {feeds: [{name: a b, url: "ftp://x/"}]}' >"$conf"
pw
is "a wrong configuration" "$status" 78
like "is told with its place" "$err" ':1:24: name must be'
like "all of it" "$err" ':1:34: url must be https'

unlike "the milter has none of this" \
	"$(nm "$BUILD/bin/pitchward-milter" 2>/dev/null)" ' (http_get|fetch_feed|curl_easy_perform)'

done_testing
