#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Vendors' front pages, from local servers that are at times good and at times
# hostile: whose are asked for, where we go and where not, and what is kept.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
preload=$T_DIR/front_preload.so
"${CC:-cc}" -O2 -Wall -Wextra -shared -fPIC -o "$preload" "$T_LIB/front_preload.c" -ldl 2>"$T_DIR/log/cc" ||
	skip_all "no C compiler"
make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

conf=$T_DIR/pitchward.yaml
asked=$T_DIR/asked
mkdir "$T_DIR/profiles.d"
cat >"$T_DIR/profiles.d/priya.yaml" <<-'EOF'
	version: 1
	buyer: {name: Priya, addresses: [priya@buyer.example]}
	priorities: [{id: edr, name: EDR}]
EOF
: >"$asked"
bg server "$PYTHON" "$T_LIB/front_server.py" "$T_DIR/port" "$asked"
wait_for 20 test -s "$T_DIR/port" || bail "the server does not start"
port=$(cat "$T_DIR/port")

# configure LINE...: under fetch
configure() {
	cat >"$conf" <<-EOF
		version: 1
		profiles: $T_DIR/profiles.d
		store: sqlite:$T_DIR/store.db
		key: $T_DIR/key
		spool: {path: $T_DIR/spool}
		models: $T_DIR/models
		fetch:
		  timeout: 2s
		  interval: 0s
		  size_max: 1MB
		  allow: ["127.0.0.1:80", "127.0.0.1:443"]
	EOF
	printf '  %s\n' "$@" >>"$conf"
}

# pw COMMAND...: its output in $out and $err, its status in $status
pw() {
	status=0
	out=$("$PITCHWARD" "$@" --config "$conf" 2>"$T_DIR/err") || status=$?
	err=$(cat "$T_DIR/err")
}

# fetches OPTION...: the same with `fetch`, where names lead to our server
fetches() {
	status=0
	: >"$asked"
	out=$(FRONT_HTTP=$port FRONT_HTTPS=${https:-1} FRONT_HOSTS=${hosts:-} \
		ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS:-}" LD_PRELOAD=$preload \
		"$PITCHWARD" fetch --config "$conf" "$@" 2>"$T_DIR/err") || status=$?
	err=$(cat "$T_DIR/err")
}

# sql TEXT: asks the store
sql() {
	"$PYTHON" -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print(*row, sep="|")' "$T_DIR/store.db" "$1"
}

# requests: HOST/PATH of each, in order
requests() {
	cut -d ' ' -f 1 "$asked" | paste -sd ' '
}

# pages DOMAIN: how many are kept of it
pages() {
	sql "SELECT count(*) FROM document WHERE kind = 2 AND vendor = '$1'"
}

configure "keep: 30d"
printf 'From: Sam <sam@acme.example>\n\nhello\n' |
	"$BUILD/tests/hold" "$conf" priya sam@acme.example priya@buyer.example >"$T_DIR/log/hold" 2>&1 ||
	bail "cannot make a store"

# --- whose

fetches
is "nobody wants a vendor: status" "$status" 0
is "and no vendor is asked" "$(requests)" ""
pw vendor status acme.example never --for priya
fetches
is "nor for being unwanted" "$(requests)" ""
fetches --only vendor/acme.example
is "nor by its name: status" "$status" 64
like "which says how to" "$err" "nobody wants 'vendor/acme.example', or asked for it; --vendor"
pw vendor status acme.example wanted --for priya
fetches
is "a wanted vendor's page is read: status" "$status" 0
like "by http, as nobody listens for https" "$out" '^vendor/acme.example +read$'
is "the rules first, then the root, and nothing deeper" "$(requests)" \
	"acme.example/robots.txt acme.example/"
like "as what we are" "$(cat "$asked")" 'agent=Pitchward/'
is "what a person would see is kept" \
	"$(sql "SELECT title, link FROM document JOIN document_text USING (seq) WHERE vendor = 'acme.example' AND kind = 2")" \
	"Acme & Sons: endpoint security|https://acme.example/"
text=$(sql "SELECT terms FROM document JOIN document_terms USING (seq) WHERE vendor = 'acme.example' AND kind = 2")
like "its words" "$text" 'ransomwar.* hospit.* caf'
unlike "no script, no style, nothing hidden" "$text" 'scripted|color|hidden'
is "it claims nothing" "$(sql "SELECT count(*) FROM claim")" 0
fetches
is "a week long it is not asked again" "$(requests)" ""
fetches --only vendor/acme.example
like "unless a person says so: it has not changed" "$out" '^vendor/acme.example +unchanged$'
like "since it was asked so" "$(cat "$asked")" 'acme.example/ etag="v1"'
unlike "cookies are not kept" "$(cat "$asked")" 'cookie=[^N]'
sql "SELECT due > time + 6 * 86400000000 FROM source WHERE name = 'vendor/acme.example'" >"$T_DIR/due"
is "it is due in a week" "$(cat "$T_DIR/due")" 1
pw vendor status acme.example clear --for priya
fetches --only vendor/acme.example
is "who is no longer wanted is not asked: status" "$status" 64
is "indeed not" "$(requests)" ""

fetches --vendor moved.example
like "a person may ask, for once" "$out" '^vendor/moved.example +read$'
is "redirects within the domain are followed, each server's rules first" "$(requests)" \
	"moved.example/robots.txt moved.example/ www.moved.example/robots.txt www.moved.example/en/"
fetches
is "once" "$(requests)" ""
is "the wish is fulfilled" "$(sql "SELECT note FROM job WHERE kind = 'front-wish' AND key = 'moved.example'")" read
fetches --vendor www.latin.example
like "of the registered domain" "$out" '^vendor/latin.example +read$'
is "in any charset" "$(sql "SELECT title FROM document JOIN document_text USING (seq) WHERE vendor = 'latin.example'")" "Zürich"
fetches --vendor others.example
is "rules for others, or for other pages, do not hold us" "$status" 0
fetches --dry-run --vendor dry.example
is "a dry run asks" "$(requests)" "dry.example/robots.txt dry.example/"
is "and keeps nothing" "$(pages dry.example)" 0
is "no wish either" "$(sql "SELECT count(*) FROM job WHERE key = 'dry.example'")" 0
for bad in acme.example/pricing https://acme.example 127.0.0.1 gmail.com localhost; do
	fetches --vendor "$bad"
	is "'$bad' is no vendor's domain: status" "$status" 64
	is "'$bad' is not asked" "$(requests)" ""
done

# --- where we do not go

# fails DOMAIN WHAT REQUESTS WORDS
fails() {
	fetches --vendor "$1.example"
	is "$2: exit 1" "$status" 1
	like "$2: told" "$err" "$4"
	[ "$3" = - ] || is "$2: asked is" "$(requests)" "$3"
	is "$2: nothing is kept" "$(pages "$1.example")" 0
}

# root DOMAIN: the usual requests
root() {
	echo "$1.example/robots.txt $1.example/"
}

fails away "a redirect to another domain" "$(root away)" 'leads to evil.example, which is not of away.example: not asked'
fails suffix "one that ends alike" "$(root suffix)" 'leads to suffix.example.evil.example'
fails inside "a redirect inside" "$(root inside)" 'leads to 127.0.0.1, which is not of'
fails meta "a redirect to clouds' metadata" "$(root meta)" 'leads to 169.254.169.254, which is not of'
fails file "a redirect to a file" "$(root file)" 'must be http or https'
fails user "a redirect with a password" "$(root user)" 'without user and password'
fails port "a redirect to another port" "$(root port)" 'leads to 127.0.0.1:8080, which is not'
fails loop "a redirect loop" - 'more than 3 redirects'
is "four times and no more" "$(grep -c 'loop.example/\(again\)\? ' "$asked")" 4
hosts=rebound.example=10.0.0.7 fails rebound "a name that leads inside" "" 'leads to 10.0.0.7:443, which is not'
hosts=cloud.example=169.254.169.254 fails cloud "a name that leads to metadata" "" 'leads to 169.254.169.254:443'
fails huge "an endless page" "$(root huge)" 'larger than 1048576 bytes'
fails bomb "a bomb" "$(root bomb)" 'larger than 1048576 bytes'
now_cs
before=$T_NOW
fails slow "a slow drip" "$(root slow)" '[Tt]imeout'
now_cs
ok "the whole takes no longer than its timeout" test $((T_NOW - before)) -lt 500
fails paper "no HTML" "$(root paper)" "is 'application/pdf' and not text/html"
fails gone "no page" "$(root gone)" 'answered with status 404'
fails robots "robots are asked to stay out" "robots.example/robots.txt" 'asks robots not to read it'
is "which is an answer, and the wish ends" \
	"$(sql "SELECT note FROM job WHERE key = 'robots.example'")" \
	"http://robots.example/robots.txt asks robots not to read it"
fails ours "we are, and others are not" "ours.example/robots.txt" 'asks robots not to read it'
fails kept "a redirect to what robots are to leave" "$(root kept)" 'asks robots not to read it'
fails down "rules that cannot be had" "down.example/robots.txt" 'answered with status 503'
like "are no answer: the wish stays" "$(sql "SELECT note FROM job WHERE key = 'down.example'")" '^asked for by command line'
fetches
is "but nobody is asked before it is due" "$(requests)" ""
https=$port fails plain "https that is none" "" '.'
configure "front_pages: no"
pw vendor status acme.example wanted --for priya
fetches
is "front_pages: no" "$(requests)" ""
fetches --vendor acme.example
is "then none is read on demand: status" "$status" 1
like "which is told" "$err" 'fetch.front_pages is no'
configure "front_pages: maybe" "front_every: 5m"
pw fetch
is "a wrong configuration" "$status" 78
like "is told with its place" "$err" ':12:16: front_pages must be yes or no'
like "all of it" "$err" ':13:16: front_every must be a length of time'

unlike "the milter has none of this" \
	"$(nm "$BUILD/bin/pitchward-milter" 2>/dev/null)" ' (fetch_front|robots_allow)$'

done_testing
