#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2154,SC2317  # local; postgres_for_test; called by name
# Pages whose store comes later than they do, as after a reboot: they start,
# say so, and go on by themselves.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/postgres.sh"
filter_require
top=$(cd "$(dirname "$0")/../.." && pwd)
WEB=${WEB:-$BUILD/bin/pitchward-web}
PORT=$(free_port)
web=

# fetch PATH: status, headers and body into $T_DIR/page
fetch() {
	"$PYTHON" - "http://127.0.0.1:$PORT/$1" >"$T_DIR/page" <<-'PYEOF'
		import sys, urllib.error, urllib.request
		try:
		    reply = urllib.request.urlopen(sys.argv[1], timeout=10)
		except urllib.error.HTTPError as error:
		    reply = error
		print('status', reply.status)
		print(reply.headers, reply.read().decode(), sep='')
	PYEOF
}

# gives STATUS PATH
gives() {
	fetch "$2" && grep -q "^status $1\$" "$T_DIR/page"
}

# A monitor's socket, which notes what systemd would be told.
listen() {
	bg notify "$PYTHON" -c 'import socket, sys
own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
own.bind(sys.argv[1])
while True:
    print(own.recv(4096).decode(), flush=True)' "$T_DIR/notify"
	wait_for 5 test -S "$T_DIR/notify" || bail "no socket for notes"
}

logged() {
	grep -q -e "$1" "$T_DIR/log/web"
}

noted() {
	grep -q -e "$1" "$T_DIR/log/notify"
}

# start URL: the pages, with that store, which is not there
start() {
	: >"$T_DIR/log/web"
	: >"$T_DIR/log/notify"
	filter_config observe "store: \"$1\"" "web: {listen: \"127.0.0.1:$PORT\"}"
	bg web env NOTIFY_SOCKET="$T_DIR/notify" "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
	web=$T_PID
	wait_for 5 noted READY=1
}

# doctor NAME LINE: what it finds of the pages
doctor() {
	pitchward doctor --postfix "$T_DIR/nowhere" >"$T_DIR/found" 2>&1
	like "$1" "$(cat "$T_DIR/found")" "$2"
}

# away KIND WHY: what everybody is told
away() {
	like "$1: systemd is told why" "$(cat "$T_DIR/log/notify")" "^STATUS=the store is away: .*$2"
	ok "$1: a page is not served" gives 503 ''
	like "$1: it says so" "$(cat "$T_DIR/page")" 'The store is away'
	like "$1: and when to come again" "$(cat "$T_DIR/page")" '^Retry-After: 5'
	ok "$1: nor is a link of a digest" gives 503 l/x
	ok "$1: the style sheet is" gives 200 style.css
	ok "$1: a monitor hears of it" gives 503 healthz
	like "$1: in words" "$(cat "$T_DIR/page")" '^store away$'
	ok "$1: figures are shown" gives 200 metrics
	like "$1: the store is not up" "$(cat "$T_DIR/page")" '^pitchward_store_up 0$'
	is "$1: the log has it once" "$(grep -c 'store away: ' "$T_DIR/log/web")" 1
	kill -HUP $web
	ok "$1: it reloads" wait_for 5 logged 'reloaded: asked to'
	ok "$1: and waits on" gives 503 healthz
	T_OUT=$("$WEB" --config "$FILTER_DIR/pitchward.yaml" --link "$quinn" 2>&1)
	is "$1: no link can be made" "$?" 69
	like "$1: and why" "$T_OUT" "$2"
	doctor "$1: the doctor hears of it" \
		"^warn +web +127.0.0.1:$PORT: .* HTTP/1.1 503 [A-Za-z ]+; mend: see the log of pitchward-web"
}

# back KIND: once the store is there
back() {
	ok "$1: it comes back by itself" wait_for 12 gives 200 healthz
	ok "$1: the log tells" logged 'store back'
	ok "$1: so does systemd's status" wait_for 5 noted '^STATUS=3 buyers, at '
	ok "$1: pages are served" gives 200 sign-in
	ok "$1: figures are those of the store" gives 200 metrics
	like "$1: it is up" "$(cat "$T_DIR/page")" '^pitchward_store_up 1$'
	like "$1: with all that it has" "$(cat "$T_DIR/page")" '^pitchward_store_schema [1-9]'
	like "$1: a link can be made" "$("$WEB" --config "$FILTER_DIR/pitchward.yaml" --link "$quinn")" '/sign-in/'
	doctor "$1: all is well for the doctor" "^ok +web +127.0.0.1:$PORT answers"
	stop_pid $web
	is "$1: it ends well" $? 0
}

test_sqlite() {
	ok "sqlite: it starts without its store's folder" start sqlite:later/pitchward.db
	away sqlite 'later'
	mkdir "$FILTER_DIR/later"
	back sqlite
}

# What is in the store serves, once it is there: a version beats its file.
test_versions() {
	local profile="$FILTER_DIR/quinn.new"
	filter_config observe 'store: "sqlite:later/pitchward.db"' "web: {listen: \"127.0.0.1:$PORT\"}"
	sed 's/quinn@buyer/moved@buyer/; s/list-q@/list-m@/' "$FILTER_DIR/profiles.d/quinn.yaml" >"$profile"
	ok "versions: one is saved" pitchward profile apply --for quinn "$profile"
	mv "$FILTER_DIR/later" "$FILTER_DIR/gone"
	ok "versions: started without them" start sqlite:later/pitchward.db
	ok "versions: nobody sees what the file alone would give" gives 503 sign-in
	mv "$FILTER_DIR/gone" "$FILTER_DIR/later"
	ok "versions: they come" wait_for 12 gives 200 healthz
	like "versions: and serve" "$("$WEB" --config "$FILTER_DIR/pitchward.yaml" --link moved@buyer.example)" '/sign-in/'
	stop_pid $web
}

test_postgres() {
	postgres_stop "$postgres_folder"
	ok "postgresql: it starts without its database" start "$postgres_url"
	away postgresql 'onnection'
	postgres_run "$postgres_folder" fsync=off || bail "PostgreSQL does not start"
	back postgresql
}

# A configuration with faults is told at once: to wait would not mend it.
test_faults() {
	local status
	filter_config observe 'store: "sqlite:nowhere/pitchward.db"' 'moode: tag'
	timeout 5 "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr >"$T_DIR/out" 2>&1
	is "a configuration with faults ends it" $? 78
	like "and is told" "$(cat "$T_DIR/out")" 'moode'
	filter_config observe 'store: "sqlite:nowhere/pitchward.db"'
	sed -i 's/^priorities:/prioritys:/' "$FILTER_DIR"/profiles.d/*
	timeout 5 "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr >"$T_DIR/out" 2>&1
	status=$?
	sed -i 's/^prioritys:/priorities:/' "$FILTER_DIR"/profiles.d/*
	is "so do profiles of which none is whole" "$status" 78
	like "which is told, too" "$(cat "$T_DIR/out")" 'tara.yaml'
}

# A silent one must not keep it from ending.
test_stop() {
	start sqlite:nowhere/pitchward.db
	stop_pid $web 5
	is "one that waits ends when it is asked to" $? 0
}

# So that systemd tries for as long as it takes.
test_units() {
	local unit
	for unit in "$top"/contrib/systemd/*.service; do
		grep -q '^Restart=' "$unit" || continue
		ok "${unit##*/}: systemd never gives up" grep -qx 'StartLimitIntervalSec=0' "$unit"
	done
}

postgres_for_test
filter_setup observe
listen
test_sqlite
test_versions
test_postgres
test_faults
test_stop
test_units
done_testing
