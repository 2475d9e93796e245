#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2119,SC2154,SC2317  # local; from filter.sh; functions called by name
# The pages in a real browser over the whole stack: mail comes by SMTP through a
# private Postfix and the milter, buyers sign in to pitchward-web with Chromium
# and decide, and what follows is looked up in mailboxes, store and log.
# Screenshots are left in $BUILD/browser/shots.
#
#   tests/integration/test_browser.sh [STORY...]     default: all

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"

WEB=${WEB:-$BUILD/bin/pitchward-web}
PLAYWRIGHT=1.65.1
AXE=4.14.1
browser=$BUILD/browser
stories=$(cd "$T_LIB/../browser" && pwd)

# --- what it needs

# fetch PACKAGE VERSION: unpacked, not installed: neither has dependencies
fetch() {
	local into="$browser/node_modules/$1" work
	[ "$(cat "$into/.version" 2>/dev/null)" != "$2" ] || return 0
	work=$(mktemp -d "$browser/fetch.XXXXXX") || return
	(
		cd "$work" && npm pack --silent "$1@$2" && tar xzf ./*.tgz &&
			echo "$2" >package/.version && rm -rf "$into" && mv -T package "$into"
	) >>"$T_DIR/log/fetch" 2>&1
	rm -rf "$work"
	[ -e "$into/.version" ]
}

require_browser() {
	local command
	[ -x "$WEB" ] || skip_all "no $WEB: run make"
	for command in node npm chromium openssl; do
		command -v $command >/dev/null || skip_all "no $command: run tests/lib/deps.sh check"
	done
	mkdir -p "$browser/node_modules" "$browser/shots"
	if ! fetch playwright-core $PLAYWRIGHT || ! fetch axe-core $AXE; then
		skip_all "playwright-core and axe-core cannot be fetched: $(tail -n 1 "$T_DIR/log/fetch")"
	fi
}

# --- the stack

# buyer NAME FULL-NAME THRESHOLDS PRIORITY...: a line each
buyer() {
	local name="$1" full="$2" thresholds="$3"
	shift 3
	{
		printf 'version: 1\nbuyer: {name: %s, role: CISO, addresses: [%s@buyer.example]}\npriorities:\n' "$full" "$name"
		printf '  - %s\n' "$@"
		printf 'not_interested:\n  - penetration testing\nverdict: {%s}\n' "$thresholds"
	} >"$FILTER_DIR/profiles.d/$name.yaml"
}

edr='{id: edr, name: Endpoint detection and response, keywords: [EDR, XDR, ransomware], weight: 1.0}'
backup='{id: backup, name: Backups that nobody can delete, keywords: [immutable backup, recovery], weight: 0.6}'

buyers() {
	rm -f "$FILTER_DIR/profiles.d"/*
	buyer quinn 'Quinn Abara' 'hold: 0.5, unsure: 0.5, accept: 1.0, tag: 0.9' "$edr" "$backup"
	echo 'attention: {per_day: 3, per_week: 10}' >>"$FILTER_DIR/profiles.d/quinn.yaml"
	buyer tara 'Tara Lind' 'hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0' "$edr"
	buyer rita 'Rita Moss' 'hold: 0.1, unsure: 0.1, accept: 0.5, tag: 0.5' "$edr"
	buyer xena 'Xena Cross' 'hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0' "$edr"
}

# Three of them decide together.
group() {
	mkdir -p "$FILTER_DIR/groups.d"
	cat >"$FILTER_DIR/groups.d/edr.yaml" <<-EOF
		version: 1
		group: {name: Endpoint renewal, front_door: vendors@buyer.example}
		decision: {what: Replace the antivirus, by: 2099-03-31, stage: evaluating}
		members:
		  - {profile: quinn, role: CISO, influence: {now: 0.9, wished: 0.6}, veto: yes, share: [priorities, refusals, vendors]}
		  - {profile: tara, influence: {now: 0.3, wished: 0.7}, share: [priorities, vendors]}
		  - {profile: rita}
		talks: [[quinn, tara]]
		accept: 0
	EOF
}

web_key() {
	cat <<-EOF
		web: {listen: "127.0.0.1:$web_port", request_release: $1, users: [{address: della@buyer.example, roles: [delegate], buyers: [tara]}, {address: april@buyer.example, roles: [approver], buyers: [tara]}, {address: ada@buyer.example, roles: [admin]}, {address: otto@buyer.example, roles: [auditor]}]}
	EOF
}

web_serves() {
	"$PYTHON" - "$web_port" <<-'PYTHON' 2>/dev/null
		import sys, urllib.request
		urllib.request.urlopen('http://127.0.0.1:%s/healthz' % sys.argv[1], timeout=2)
	PYTHON
}

start() {
	FILTER_RELEASE=$(free_port)
	web_port=$(free_port)
	filter_setup enforce
	cp -R "$(cd "$MTA_LIB/../../models" && pwd)" "$T_DIR/models"
	group
	set -- "models: $T_DIR/models" "groups: $FILTER_DIR/groups.d" "digest: {from: pitchward@buyer.example}"
	filter_config enforce "$@" "$(web_key yes)"
	cp "$FILTER_DIR/pitchward.yaml" "$FILTER_DIR/asking.yaml"
	filter_config enforce "$@" "$(web_key no)"
	cp "$FILTER_DIR/pitchward.yaml" "$FILTER_DIR/plain.yaml"
	buyers
	filter_start
	# As in the demonstration: without DNS, SPF is taken for passed by the domain
	# of the envelope.
	cat >"$T_DIR/spf" <<-EOF
		/@([a-z0-9.-]+)\$/ PREPEND Authentication-Results: mx.buyer.example; spf=pass smtp.mailfrom=\$1
	EOF
	filter_mta postfix pf tempfail "smtpd_sender_restrictions=check_sender_access regexp:$T_DIR/spf"
	openssl genrsa -traditional -out "$T_DIR/dkim.pem" 2048 2>/dev/null || bail "no RSA key"
	bg web "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
	WEB_PID=$T_PID
	wait_for 30 web_serves || bail "pitchward-web does not serve"
}

# --- the stories

# Each line of theirs is a test: "pass NAME", "fail NAME: WHY", "note TEXT".
tell() {
	local verdict rest smtp
	smtp=$(mta_port pf)
	(
		cd "$stories" || exit
		export HOME="$T_DIR/home" PW_NODE="$browser/node_modules" PW_SHOTS="$browser/shots"
		export PW_BASE="http://127.0.0.1:$web_port" PW_WEB="$WEB" PW_WEB_PID="$WEB_PID"
		export PW_BIN="$PITCHWARD" PW_FOLDER="$FILTER_DIR" PW_FILTER_PID="$FILTER_PID"
		export PW_SMTP="$smtp" PW_MAIL="$T_DIR/pf/mail" PW_QUEUE="$T_DIR/pf/q"
		export PW_LOG="$T_DIR/log" PW_TEMP="$T_DIR" PW_LIB="$T_LIB" PW_PYTHON="$PYTHON"
		exec timeout -k 5 400 node run.mjs "$@"
	) >"$T_DIR/told" 2>>"$T_DIR/log/node"
	told=$?
	while read -r verdict rest; do
		case $verdict in
		pass) t_pass "$rest" ;;
		note) diag "$rest" ;;
		*) t_fail "${rest%%: *}" "${rest#*: }" || : ;;
		esac
	done <"$T_DIR/told"
	is "the browser's side ends well" $told 0
}

mta_require postfix
filter_require
require_browser
mkdir "$T_DIR/home"
start
tell "$@"
ok "pitchward-web ends well" stop_pid "$WEB_PID"
ok "the filter ends well" filter_stop
unlike "nothing that is worth an error was logged" "$(cat "$T_DIR/log/web")" '(ERROR|CRITICAL|runtime error)'
done_testing
