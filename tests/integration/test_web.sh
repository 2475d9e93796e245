#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# pitchward-web over real connections: signing in by mail and by a proxy's word,
# what it refuses, slow clients, reloads, and a clean end.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
WEB=${WEB:-$BUILD/bin/pitchward-web}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
PYTHON=${PYTHON:-/usr/bin/python3}
client=$top/tests/lib/web_client.py
[ -x "$PYTHON" ] || skip_all "no python3"
cd "$T_DIR" || exit 1

# addresses NAME: 20 of them
addresses() {
	seq -f "$1%g@corp.example" 20
}

SINK=$(free_port)
PORT=$(free_port)
mkdir profiles.d mails
cat >profiles.d/priya.yaml <<END
version: 1
buyer: {name: Priya, role: CIO, addresses: [$(addresses priya | paste -sd,)]}
priorities:
  - {id: edr, name: Managed detection, keywords: [EDR]}
END

# configure LINE...: under web
configure() {
	cat >pitchward.yaml <<END
version: 1
profiles: profiles.d
models: $top/models
store: sqlite:$T_DIR/web.db
key: key
spool: {path: spool}
release: {smtp: "smtp://127.0.0.1:$SINK"}
digest: {from: pitchward@corp.example}
web:
  listen: 127.0.0.1:$PORT
  users:
$(addresses admin | sed 's/.*/    - {address: &, roles: [admin]}/')
    - {address: many@corp.example, roles: [auditor]}
END
	printf '  %s\n' "$@" >>pitchward.yaml
}

serves() {
	"$PYTHON" - "$PORT" <<'END' 2>/dev/null
import sys, urllib.request
urllib.request.urlopen('http://127.0.0.1:%s/healthz' % sys.argv[1], timeout=2)
END
}

web_start() {
	bg web "$WEB" --config pitchward.yaml --log=stderr
	web_pid=$T_PID
	wait_for 30 serves || bail "pitchward-web does not serve"
}

# A sanitizer that found something makes the status another.
web_stop() {
	local status=0
	stop_pid "$web_pid" 20 || status=$?
	is "it ends well" "$status" 0
}

# checks GROUP: each of the client's lines is a test
checks() {
	local verdict rest
	"$PYTHON" "$client" "$1" "http://127.0.0.1:$PORT" "$T_DIR/mails" >"$1.out" 2>"$1.err"
	while read -r verdict rest; do
		case $verdict in
		pass) t_pass "$rest" ;;
		*) t_fail "${rest%%:*}" "${rest#*:}" || : ;;
		esac
	done <"$1.out"
	is "$1: the client itself is well" "$(cat "$1.err")" ""
}

logged() {
	grep -q "$1" "$T_DIR/log/web"
}

test_signing_in() {
	configure
	web_start
	checks sign
	ok "no token is in the log" test "$(grep -cE 'sign-in/[A-Za-z0-9_-]{20}' log/web)" = 0
	web_stop
}

test_refusals() {
	configure
	web_start
	checks wire
	checks crawl
	web_stop
}

test_slow_clients() {
	configure
	web_start
	checks slow
	web_stop
}

test_proxy() {
	configure "sign_in: {mail: no, header: X-Auth-Email}"
	web_start
	checks proxy
	web_stop
	configure "sign_in: {header: X-Auth-Email}" "proxies: [192.0.2.0/24]"
	web_start
	checks foreign
	web_stop
}

test_reload() {
	configure
	web_start
	printf 'nonsense\n' >>profiles.d/priya.yaml
	kill -HUP "$web_pid"
	ok "a broken profile is told" wait_for 10 logged 'not reloaded.*priya.yaml'
	ok "and what was there serves" serves
	sed -i '/nonsense/d' profiles.d/priya.yaml
	kill -HUP "$web_pid"
	ok "a mended one is taken" wait_for 10 logged 'reloaded: asked to'
	sed 's/Managed detection/Managed response/' profiles.d/priya.yaml >priya.yaml
	ok "a version is made" "$PITCHWARD" --config pitchward.yaml profile apply priya.yaml
	ok "and is taken over within two seconds" wait_for 2 logged 'reloaded: a profile has a new version'
	web_stop
	ok "it ends by itself" test "$(grep -c 'although requests' log/web)" = 0
}

test_command_line() {
	local link
	configure
	link=$("$WEB" --config pitchward.yaml --link admin1@corp.example 2>err)
	like "a link is printed" "$link" "^http://127.0.0.1:$PORT/sign-in/[A-Za-z0-9_-]{43}\$"
	"$WEB" --config pitchward.yaml --link stranger@corp.example >out 2>err
	is "not for a stranger: status" $? 67
	ok "and nothing is printed" test ! -s out
	"$WEB" --config pitchward.yaml --check >out 2>&1
	is "a good configuration: status" "$? $(cat out)" "0 "
	configure "lisen: 127.0.0.1:1"
	"$WEB" --config pitchward.yaml --check >out 2>&1
	is "a bad one: status" $? 78
	like "and where" "$(cat out)" "pitchward.yaml:[0-9]*:[0-9]*: unknown key 'lisen', did you mean 'listen'"
	"$WEB" --frobnicate >out 2>&1
	is "an unknown option: status" $? 64
}

bg sink "$PYTHON" "$client" sink "$SINK" "$T_DIR/mails"
wait_for 10 listening "$SINK" || bail "no sink"
[ $# -gt 0 ] || set -- signing_in refusals slow_clients proxy reload command_line
for test; do
	"test_$test"
done
done_testing
