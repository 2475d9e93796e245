#!/bin/sh
# shellcheck disable=SC2034,SC3043,SC2119,SC2154,SC2317  # local; functions called by name; filter.sh
# /metrics beside a running filter: the format is Prometheus' own, the figures
# are those of the mail that went through, they outlive a killed worker, and
# board, alerts and manual name what is there and nothing else.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
mta_require postfix
filter_require
top=$(cd "$(dirname "$0")/../.." && pwd)
page=$top/contrib/man/pitchward-operations.7
board=$top/contrib/grafana/pitchward.json
alerts=$top/contrib/prometheus/alerts.yml
WEB=${WEB:-$BUILD/bin/pitchward-web}
PORT=$(free_port)

fetch() {
	"$PYTHON" - "http://127.0.0.1:$PORT/$1" <<'END'
import sys, urllib.request
sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())
END
}

serves() {
	fetch healthz >"$T_DIR/healthz" 2>/dev/null
}

# The figures as they are now: USR2 has them written at once.
metrics() {
	local file="$FILTER_DIR/state/spool.prom" before
	before=$(stat -c %y "$file" 2>/dev/null)
	kill -USR2 "$FILTER_PID"
	wait_for 6 written "$file" "$before"
	fetch metrics >"$T_DIR/metrics"
}

# written FILE TIME: the file is another one
written() {
	[ -e "$1" ] && [ "$(stat -c %y "$1")" != "$2" ]
}

# value NAME[{LABELS}]
value() {
	awk -v name="$1" '$1 == name { print $2; exit }' "$T_DIR/metrics"
}

# shows WHAT SAMPLE VALUE
shows() {
	is "$1: $2" "$(value "$2")" "$3"
}

families() {
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$T_DIR/metrics" | sort -u
}

# Names in queries, without what a histogram or summary adds.
named_in() {
	grep -oE 'pitchward_[a-z_]+' "$1" | sed -E '/duration_seconds_/s/_(bucket|sum|count)$//' | sort -u
}

# The board's queries as rules, for promtool.
board_rules() {
	"$PYTHON" - "$board" <<'END'
import json, re, sys
board = json.load(open(sys.argv[1]))
rules = []
machine = board['templating']['list'][1]['query']['query']
rules.append({'record': 'board:machines', 'expr': 'group by (instance) (%s)' % re.fullmatch(r'label_values\((.*), instance\)', machine)[1]})
for panel in board['panels']:
    for target in panel.get('targets', []):
        query = target['expr'].replace('$__rate_interval', '5m').replace('$instance', '.*')
        rules.append({'record': 'board:panel%d:%s' % (panel['id'], target['refId']), 'expr': query})
assert len(rules) > 20
print(json.dumps({'groups': [{'name': 'board', 'rules': rules}]}))
END
}

# labels_in FILE...: those in queries that no sample has
labels_in() {
	"$PYTHON" - "$T_DIR/metrics" "$@" <<'END'
import re, sys
known = set(re.findall(r'[{,]([a-z]+)="', open(sys.argv[1]).read())) | {'instance', 'job'}
for name in sys.argv[2:]:
    text = open(name).read().replace('\\"', '"')
    asked = set(re.findall(r'[{,]\s*([a-z]+)(?:=~|!=|=)"', text))
    for group in re.findall(r'by \(([a-z, ]+)\)', text):
        asked |= set(re.split(r', *', group))
    for label in sorted(asked - known):
        print(name, label)
END
}

test_format() {
	if command -v promtool >/dev/null; then
		is "promtool finds nothing wrong with the format" "$(promtool check metrics <"$T_DIR/metrics" 2>&1)" ""
	else
		skip "promtool finds nothing wrong with the format" "no promtool"
	fi
	is "each family is named once" "$(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$T_DIR/metrics" | sort | uniq -d)" ""
	is "each family is explained" "$(sed -n 's/^# HELP \([^ ]*\) ..*/\1/p' "$T_DIR/metrics" | sort)" "$(families)"
	is "each line is a comment or a sample" \
		"$(grep -vE '^# (HELP|TYPE) |^pitchward_[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? -?[0-9.e+-]+$' "$T_DIR/metrics")" ""
}

test_documents() {
	local file
	is "the manual has each figure, and no other" \
		"$(sed -n 's/^\.It Li \(pitchward_[a-z_]*\).*/\1/p' "$page" | sort)" "$(families)"
	families >"$T_DIR/families"
	for file in "$board" "$alerts"; do
		is "${file##*/} asks for figures that are there" \
			"$(named_in "$file" | grep -vxFf "$T_DIR/families")" ""
	done
	ok "the board is JSON" "$PYTHON" -m json.tool "$board"
	is "labels that are asked for are there" "$(labels_in "$board" "$alerts")" ""
	ok "the alerts have rules" grep -q 'alert: ' "$alerts"
	if ! command -v promtool >/dev/null; then
		skip "the rules hold" "no promtool"
		return
	fi
	ok "promtool takes the rules" promtool check rules "$alerts"
	board_rules >"$T_DIR/board.yml"
	ok "promtool takes the board's queries" promtool check rules "$T_DIR/board.yml"
	cp "$top/tests/lib/board_test.yml" "$T_DIR/"
	ok "which show the worst of what they add up" promtool test rules "$T_DIR/board_test.yml"
	cp "$alerts" "$top/tests/lib/alerts_test.yml" "$T_DIR/"
	is "each alert has a test in which it fires" \
		"$(sed -n '/alertname: /{s///;N;s/\n *exp_alerts:.*//p}' "$T_DIR/alerts_test.yml" | tr -d ' ' | sort -u)" \
		"$(sed -n 's/.*- alert: //p' "$alerts" | sort)"
	ok "and they fire when they should" promtool test rules "$T_DIR/alerts_test.yml"
}

test_mail() {
	local rcpt
	for rcpt in $quinn $tara $dana $bob; do
		pitch "m-${rcpt%%@*}" | send_mail pf "$seller" "$rcpt" >/dev/null
	done
	mta_idle pf
	metrics
	shows "the filter is up" pitchward_milter_up 1
	shows "three mails were screened" 'pitchward_milter_messages_total{path="screened"}' 3
	shows "one was nobody's" 'pitchward_milter_messages_total{path="passed"}' 1
	for rcpt in quarantine tag deliver; do
		shows "each got its verdict" "pitchward_milter_verdicts_total{verdict=\"$rcpt\"}" 1
	done
	shows "one is kept" 'pitchward_milter_fates_total{fate="kept"}' 1
	shows "two are delivered" 'pitchward_milter_fates_total{fate="delivered"}' 2
	shows "the copy is in the store" 'pitchward_milter_copies_total{place="store"}' 1
	shows "all ends of message are timed" pitchward_milter_eom_duration_seconds_count 3
	shows "in buckets" 'pitchward_milter_eom_duration_seconds_bucket{le="+Inf"}' 3
	shows "none failed" 'pitchward_milter_errors_total{class="store"}' 0
	shows "the store has it" 'pitchward_store_messages{state="held"}' 1
	shows "the store answers the filter" pitchward_milter_store_up 1
	shows "and the pages" pitchward_store_up 1
	shows "the key is the store's" pitchward_milter_key_mismatch 0
	shows "nothing waits" pitchward_milter_spool_files 0
	shows "three profiles serve" pitchward_milter_profiles 3
	like "four sessions were had" "$(value pitchward_milter_sessions_total)" '^[4-9]$'
	like "which models serve is told" "$(cat "$T_DIR/metrics")" '^pitchward_milter_info\{version="[0-9.]+",mode="enforce",models="starter-outreach-'
	is "and since when" "$(($(date +%s) - $(value pitchward_milter_start_time_seconds | cut -d . -f 1) < 60))" 1
}

# Notes of delivered mail are written when nobody waits any more; with the store
# gone they are given up.
test_dropped() {
	local state="$FILTER_DIR/state"
	shows "no note was dropped" pitchward_milter_store_dropped_total 0
	mv "$state/pitchward.db" "$T_DIR/"
	pitch d-1 | send_mail pf "$seller" "$dana" >/dev/null
	ok "a note that no store got is counted" wait_for 10 dropped 1
	mv "$T_DIR/pitchward.db" "$state/"
}

# dropped NUMBER: at least so many
dropped() {
	metrics
	[ "$(value pitchward_milter_store_dropped_total)" -ge "$1" ]
}

# Whatever was counted by a worker that was killed stays counted.
test_restart() {
	local worker
	worker=$(filter_worker)
	kill -KILL "$worker"
	wait_for 5 another_worker "$worker" || bail "no other worker"
	pitch m-again | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	metrics
	shows "a worker was replaced" pitchward_milter_worker_restarts_total 1
	shows "what it had counted stays" 'pitchward_milter_verdicts_total{verdict="tag"}' 1
	shows "and goes on" 'pitchward_milter_verdicts_total{verdict="quarantine"}' 2
	shows "so do times" pitchward_milter_eom_duration_seconds_count 4
	shows "what is held" 'pitchward_store_messages{state="held"}' 2
}

another_worker() {
	[ -n "$(filter_worker)" ] && [ "$(filter_worker)" != "$1" ]
}

test_reload() {
	shows "the configuration is sound" pitchward_milter_last_reload_successful 1
	sed -i 's/^priorities:/prioritys:/' "$FILTER_DIR/profiles.d/tara.yaml"
	kill -HUP "$FILTER_PID"
	wait_for 5 filter_logged 'not reloaded'
	metrics
	shows "a fault shows" pitchward_milter_last_reload_successful 0
	shows "and is counted" 'pitchward_milter_reloads_total{result="bad"}' 1
	sed -i 's/^prioritys:/priorities:/' "$FILTER_DIR/profiles.d/tara.yaml"
	kill -HUP "$FILTER_PID"
	wait_for 5 filter_logged 'reloaded: '
	metrics
	shows "mended" pitchward_milter_last_reload_successful 1
	shows "the other one, too" 'pitchward_milter_reloads_total{result="good"}' 1
}

test_spool() {
	local file="$FILTER_DIR/state/spool.prom"
	is "the file is for its group alone" "$(stat -c %a "$file")" 640
	printf 'evil_metric 1\n' >>"$file"
	fetch metrics >"$T_DIR/metrics"
	shows "a file that is not the filter's alone is not shown" pitchward_milter_up 0
	is "... nor what is in it" "$(grep -c evil "$T_DIR/metrics")" 0
	metrics
	shows "the next one is" pitchward_milter_up 1
	touch -d '2 minutes ago' "$file"
	fetch metrics >"$T_DIR/metrics"
	shows "one that is old is not" pitchward_milter_up 0
	filter_stop
	not_ok "a filter that ends leaves nothing in it" grep -q . "$file"
	fetch metrics >"$T_DIR/metrics"
	shows "without the filter" pitchward_milter_up 0
	is "... none of its figures is shown" "$(grep -c '^pitchward_milter_[a-tv-z]' "$T_DIR/metrics")" 0
	like "... and those of the store are" "$(value 'pitchward_store_messages{state="held"}')" '^2$'
}

FILTER_RELEASE=$(free_port)
filter_setup enforce "web: {listen: \"127.0.0.1:$PORT\"}" \
	"fetch: {feeds: [{name: cert, url: \"https://feed.example/news.xml\"}]}"
filter_start
filter_mta postfix pf accept
bg web "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
wait_for 20 serves || bail "pitchward-web does not serve"
test_mail
test_format
test_documents
test_restart
test_reload
test_dropped
test_spool
done_testing
