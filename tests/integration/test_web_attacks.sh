#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# pitchward-web against people who want more than is theirs: senders of mail,
# strangers, curious colleagues, and roles that try what others may.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
WEB=${WEB:-$BUILD/bin/pitchward-web}
PYTHON=${PYTHON:-/usr/bin/python3}
[ -x "$PYTHON" ] || skip_all "no python3"
[ -x "$WEB" ] || skip_all "no $WEB: run make"
make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"
cd "$T_DIR" || exit 1

SINK=$(free_port)
PORT=$(free_port)
mkdir profiles.d mails

# profile ID ADDRESSES
profile() {
	cat >"profiles.d/$1.yaml" <<END
version: 1
buyer: {name: $1, role: CIO, addresses: [$2]}
priorities:
  - {id: edr, name: Managed detection, keywords: [EDR]}
END
}

profile priya "priya@corp.example, second@corp.example"
profile quinn quinn@corp.example
cat >pitchward.yaml <<END
version: 1
profiles: profiles.d
models: $top/models
store: sqlite:$T_DIR/web.db
key: key
spool: {path: spool}
release: {smtp: "smtp://127.0.0.1:$SINK", timeout: 5s}
digest: {from: pitchward@corp.example}
web:
  listen: 127.0.0.1:$PORT
  sign_in: {header: X-Auth-Email}
  request_release: yes
  users:
    - {address: dele@corp.example, roles: [delegate], buyers: [priya]}
    - {address: appr@corp.example, roles: [approver], buyers: ["*"]}
    - {address: admin@corp.example, roles: [admin]}
    - {address: audit@corp.example, roles: [auditor]}
END

serves() {
	"$PYTHON" - "$PORT" <<'END' 2>/dev/null
import sys, urllib.request
urllib.request.urlopen('http://127.0.0.1:%s/healthz' % sys.argv[1], timeout=2)
END
}

attacks() {
	local verdict rest
	"$PYTHON" "$T_LIB/web_attacker.py" "http://127.0.0.1:$PORT" "$T_DIR/mails" \
		"$BUILD/tests/hold" pitchward.yaml "$T_DIR/web.db" >out 2>err
	while read -r verdict rest; do
		case $verdict in
		pass) t_pass "$rest" ;;
		*) t_fail "${rest%%:*}" "${rest#*:}" || : ;;
		esac
	done <out
	is "the attacker is well" "$(cat err)" ""
}

bg sink "$PYTHON" "$T_LIB/web_client.py" sink "$SINK" "$T_DIR/mails"
wait_for 10 listening "$SINK" || bail "no sink"
bg web "$WEB" --config pitchward.yaml --log=stderr
web_pid=$T_PID
wait_for 30 serves || bail "pitchward-web does not serve"
attacks
# One that counts a request as under way waits for it; a sanitizer that found
# something makes the status another.
began=$(date +%s)
status=0
stop_pid "$web_pid" 20 || status=$?
is "it ends well" "$status" 0
ok "and at once" test $(($(date +%s) - began)) -lt 8
ok "with no request lost" test "$(grep -c 'although requests' log/web)" = 0
done_testing
