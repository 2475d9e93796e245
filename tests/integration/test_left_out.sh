#!/bin/sh
# shellcheck disable=SC2119,SC2154,SC2317  # filter.sh; functions called by name
# One colleague's file has a fault. Nobody else is stopped: the filter and the
# pages begin without that buyer, and so do jobs, and all say so; what serves is
# replaced whole or not at all.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
filter_require
WEB=$BUILD/bin/pitchward-web
xenia=$FILTER_DIR/profiles.d/xenia.yaml
config=$FILTER_DIR/pitchward.yaml

# says CODE ERE COMMAND...: ends with the code, and standard error has such a line
says() {
	code="$1" says="$2" status=0
	shift 2
	"$@" >"$T_DIR/out" 2>"$T_DIR/err" || status=$?
	is "$*: status" $status "$code"
	like "$*: why" "$(cat "$T_DIR/err")" "$says"
}

# quiet COMMAND...: nothing is wrong for this one
quiet() {
	status=0
	"$@" >"$T_DIR/out" 2>"$T_DIR/err" || status=$?
	is "$*: status" "$status $(cat "$T_DIR/err")" "0 "
}

faults() {
	grep -qx "pitchward_milter_profile_faults $1" "$FILTER_DIR/state/spool.prom"
}

logged() {
	grep -q -e "$1" "$T_DIR/log/web"
}

test_start() {
	filter_start
	ok "the filter serves the others" filter_logged 'serving .* 3 buyers'
	is "who is left out is told once" "$(filter_log 'warning: profile xenia: is left out: ' | wc -l)" 1
	ok "and where" filter_logged 'is left out: .*/xenia.yaml:3:3: '
	ok "and counted" wait_for 10 faults 1
	pitchward doctor --postfix "$T_DIR/nowhere" >"$T_DIR/out" 2>&1
	like "the doctor fails" "$(cat "$T_DIR/out")" '^fail +configuration +1 fault: .*/xenia.yaml:3:3: '
	kill -HUP "$FILTER_PID"
	ok "a reload is whole or not at all" wait_for 5 filter_logged 'warning: not reloaded.*/xenia.yaml:3:3'
}

# What a buyer saves is taken over, whatever a colleague's file is like.
test_version() {
	sed 's/XDR/MDR/' "$FILTER_DIR/profiles.d/quinn.yaml" >"$T_DIR/quinn.yaml"
	mv "$xenia" "$T_DIR/xenia.yaml"
	quiet pitchward profile apply --for quinn "$T_DIR/quinn.yaml"
	cp "$T_DIR/xenia.yaml" "$xenia"
	ok "a version serves" wait_for 5 filter_logged 'profiles follow the store: 3 buyers'
}

test_jobs() {
	left='^pitchward: xenia: is left out: .*/xenia.yaml:3:3: '
	for job in "digest --send" "insight --due" "train --due" "group digest --due" fetch; do
		# shellcheck disable=SC2086  # words
		says 78 "$left" pitchward $job
		is "$job: once" "$(grep -c 'left out' "$T_DIR/err")" 1
	done
	says 0 "$left" pitchward digest --for "$quinn"
	says 0 "$left" pitchward insight --for quinn
	quiet pitchward quarantine list --for "$quinn"
	quiet pitchward vendor list --for "$quinn"
	says 78 '/xenia.yaml:3:3: ' pitchward quarantine list --for xenia
	says 78 '/xenia.yaml:3:3: ' pitchward check
}

test_pages() {
	says 78 '/xenia.yaml:3:3: ' "$WEB" --config "$config" --check
	bg web "$WEB" --config "$config" --log=stderr
	ok "pages: they serve the others" wait_for 10 logged ' at 127.0.0.1:'
	ok "pages: and say so" wait_for 5 logged 'warning: profile xenia: is left out: .*/xenia.yaml:3:3'
	for page in /vendors /vendors/csv /vendors/json /queue /; do
		is "pages: the delegate of who is left out: $page" "$("$PYTHON" - "$port" "$page" <<-'END'
			import sys, urllib.error, urllib.request
			port, page = sys.argv[1:]
			try:
			    reply = urllib.request.urlopen(urllib.request.Request(
			        'http://127.0.0.1:' + port + page, headers={'X-Auth-Email': 'della@buyer.example'}), timeout=10)
			except urllib.error.HTTPError as error:
			    reply = error
			print(reply.status in (200, 403, 404))
		END
		)" True
	done
	kill -HUP "$T_PID"
	ok "pages: a reload is whole or not at all" wait_for 5 logged 'not reloaded.*/xenia.yaml:3:3'
	stop_pid "$T_PID"
}

# An address in two files is nobody's, and both are told.
test_clash() {
	cp "$xenia" "$T_DIR/xenia.yaml"
	filter_profile xenia "$tara" "hold: 0.1"
	says 78 '^pitchward: xenia: is left out: .*/xenia.yaml:2:.* first at .*/tara.yaml:2:' pitchward digest --send
	like "and the other one" "$(cat "$T_DIR/err")" '^pitchward: tara: is left out: .*/xenia.yaml:2:.* first at .*/tara.yaml:2:'
	is "each once" "$(grep -c 'left out' "$T_DIR/err")" 2
	cp "$T_DIR/xenia.yaml" "$xenia"
}

test_mended() {
	filter_profile xenia xenia@buyer.example "hold: 0.1"
	filter_forget
	kill -HUP "$FILTER_PID"
	ok "mended, it is reloaded" wait_for 5 filter_logged ' reloaded: .*4 buyers'
	ok "and nothing is counted" wait_for 10 faults 0
	echo 'nonsense: 1' >>"$xenia"
	kill -HUP "$FILTER_PID"
	ok "who serves stays" wait_for 5 filter_logged 'not reloaded.*/xenia.yaml'
	ok "and is not left out" wait_for 10 faults 0
	filter_stop
}

test_none() {
	for file in "$FILTER_DIR"/profiles.d/*; do
		echo 'nonsense: 1' >>"$file"
	done
	says 78 '/quinn.yaml:[0-9]+:1: ' "$FILTER" --foreground --config "$config"
	says 78 '/quinn.yaml:[0-9]+:1: ' "$WEB" --config "$config" --log=stderr
	says 78 '/quinn.yaml:[0-9]+:1: ' pitchward digest --send
}

port=$(free_port)
filter_setup observe "web: {listen: \"127.0.0.1:$port\", sign_in: {header: X-Auth-Email}, users: [{address: della@buyer.example, roles: [delegate], buyers: [xenia]}]}"
cat >"$xenia" <<-EOF
	version: 1
	buyer: {name: xenia, addresses: [xenia@buyer.example]}
	  prioritis: [{id: edr, name: Endpoints}]
EOF
test_start
test_version
test_jobs
test_pages
test_clash
test_mended
test_none
done_testing
