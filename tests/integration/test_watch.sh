#!/bin/sh
# shellcheck disable=SC2034,SC3043,SC2119,SC2154,SC2317  # local; functions called by name; filter.sh
# Whoever watches sees what is wrong while it is: the filter's figures go on on
# a full disk and are never torn, and a real Prometheus, which scrapes the pages
# of one machine and node_exporter of another, raises the alarms.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
mta_require postfix
filter_require
for need in prometheus prometheus-node-exporter; do
	command -v "$need" >/dev/null || skip_all "no $need: run tests/lib/deps.sh check"
done
top=$(cd "$(dirname "$0")/../.." && pwd)
alerts=$top/contrib/prometheus/alerts.yml
WEB=${WEB:-$BUILD/bin/pitchward-web}
PORT=$(free_port)
WATCH=$(free_port)
NODE=$(free_port)
state=$FILTER_DIR/state
figures=$state/spool.prom

fetch() {
	"$PYTHON" -c 'import sys, urllib.request
sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())' "$1"
}

# figure NAME[{LABELS}]: as the file has it
figure() {
	awk -v name="$1" '$1 == name { print $2; exit }' "$figures"
}

# figure_is NAME VALUE
figure_is() {
	kill -USR2 "$FILTER_PID"
	sleep 0.3
	[ "$(figure "$1")" = "$2" ]
}

fill() {
	find "$state" -name '*.ballast' -delete
	cat /dev/zero >"$state/filler" 2>/dev/null
	not_ok "$1: the disk is full" sh -c "cat /dev/zero 2>/dev/null >'$state/more'"
	rm -f "$state/more"
	cat /dev/zero >>"$state/filler" 2>/dev/null
}

# large NAME: what has no room in what the store's files have left, and does not
# get small
large() {
	pitch "$1"
	head -c 600000 /dev/urandom | base64
}

mount_tmpfs() {
	mount -t tmpfs -o size=2m tmpfs "$state" 2>/dev/null
}

mount_ext4() {
	truncate -s 24m "$T_DIR/image"
	mkfs.ext4 -q -F -m 0 "$T_DIR/image" >"$T_DIR/log/mkfs" 2>&1 &&
		mount -o loop "$T_DIR/image" "$state" 2>>"$T_DIR/log/mkfs"
}

# What is read is whole, whenever it is read.
test_torn() {
	local n=0
	bg reader "$PYTHON" -c '
import os, sys
path, enough = sys.argv[1:]
reads, seen, torn = 0, set(), 0
while not os.path.exists(enough):
    with open(path, "rb", buffering=0) as file:
        text = b""
        while part := file.read(4096):
            text += part
    text = text.rstrip(b"\n").decode()
    seen.add(text.split("\n")[2])
    torn += not text.startswith("# HELP pitchward_milter_written") or "\npitchward_milter_spool_damaged_files 0" not in text
    reads += 1
print(reads > 1000, len(seen) > 10, torn)' "$figures" "$T_DIR/enough"
	while [ $n -lt 60 ]; do
		kill -USR2 "$FILTER_PID"
		sleep 0.05
		n=$((n + 1))
	done
	touch "$T_DIR/enough"
	wait "$T_PID"
	is "a thousand readers saw many texts, none torn" "$(tail -n 1 "$T_DIR/log/reader")" "True True 0"
}

# On a disk that is full the figures go on, and tell what it does to mail.
test_full() {
	local kind="$1" before n
	if ! "mount_$kind"; then
		skip "$kind: the disk is full" "no $kind can be mounted here"
		return
	fi
	t_at_exit "umount $state"
	filter_start
	wait_for 6 test -s "$figures.new"
	bg web "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
	web=$T_PID
	wait_for 20 listening "$PORT" || bail "pitchward-web does not serve"
	[ "$kind" != tmpfs ] || watch
	fill "$kind"
	for n in 1 2 3; do
		before=$(figure pitchward_milter_written_timestamp_seconds)
		kill -USR2 "$FILTER_PID"
		sleep 0.3
		isnt "$kind: figures are written, $n" "$(figure pitchward_milter_written_timestamp_seconds)" "$before"
	done
	large "full-$kind" | send_mail pf "$seller" "$quinn" >/dev/null
	ok "$kind: a mail that cannot be kept is counted" \
		wait_for 10 figure_is 'pitchward_milter_errors_total{class="store"}' 1
	fetch "http://127.0.0.2:$PORT/metrics" >"$T_DIR/metrics"
	like "$kind: the pages show it" "$(cat "$T_DIR/metrics")" '^pitchward_milter_errors_total\{class="store"\} 1$'
	like "$kind: of a filter that runs" "$(cat "$T_DIR/metrics")" '^pitchward_milter_up 1$'
	is "$kind: the log has nothing against it" "$(filter_log 'figures cannot be written' | wc -l)" 0
	[ "$kind" != tmpfs ] || test_alarms
	filter_stop
	not_ok "$kind: a filter that ends leaves nothing to read" grep -q . "$figures"
	filter_start
	ok "$kind: one that starts now has its figures" wait_for 5 figure_is pitchward_milter_up ''
	isnt "$kind: all of them" "$(figure pitchward_milter_written_timestamp_seconds)" ""
	filter_stop
	stop_pid "$web"
	umount "$state"
	t_not_at_exit "umount $state"
}

# As operations(7) has it: pages of one machine by their address, under a name
# of its own, and node_exporter of another, by a symbolic link.
watch() {
	mkdir -p "$T_DIR/textfile" "$T_DIR/tsdb"
	ln -sf "$figures" "$T_DIR/textfile/pitchward.prom"
	cp "$alerts" "$T_DIR/"
	cat >"$T_DIR/prometheus.yml" <<-YAML
		global: {scrape_interval: 1s, evaluation_interval: 1s}
		rule_files: [alerts.yml]
		scrape_configs:
		  - job_name: pitchward
		    static_configs:
		      - {targets: ["127.0.0.2:$PORT"], labels: {instance: mx1}}
		  - job_name: node
		    static_configs:
		      - {targets: ["127.0.0.1:$NODE"], labels: {instance: mx2}}
	YAML
	bg node prometheus-node-exporter --web.listen-address="127.0.0.1:$NODE" \
		--collector.disable-defaults --collector.textfile --collector.textfile.directory="$T_DIR/textfile"
	node=$T_PID
	bg prometheus prometheus --config.file="$T_DIR/prometheus.yml" --storage.tsdb.path="$T_DIR/tsdb" \
		--web.listen-address="127.0.0.1:$WATCH" --log.level=warn
	ok "Prometheus sees the pages' figures" wait_for 20 finds 'pitchward_milter_up{instance="mx1"} == 1'
	ok "and those of an MTA without pages" wait_for 20 finds 'pitchward_milter_info{instance="mx2"}'
	ok "which node_exporter reads without an error" finds 'node_textfile_scrape_error{instance="mx2"} == 0'
}

# finds QUERY: Prometheus has an answer
finds() {
	fetch "http://127.0.0.1:$WATCH/api/v1/query?query=$("$PYTHON" -c \
		'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$1")" 2>/dev/null |
		grep -q '"value":'
}

# alarms WHAT ALERT INSTANCE: raised or about to be ("for" is not waited for)
alarms() {
	ok "$1: $2" wait_for 10 finds "ALERTS{alertname=\"$2\", instance=\"$3\"}"
}

silent() {
	not_ok "$1: no $2" finds "ALERTS{alertname=\"$2\"}"
}

test_alarms() {
	local pid
	alarms "mail was not kept, the disk being full" PitchwardMailNotKept mx1
	alarms "as the other way shows, too" PitchwardMailNotKept mx2
	silent "the filter runs" PitchwardFilterDown
	silent "so do the pages" PitchwardPagesDown
	stop_pid "$web"
	alarms "pages that are down" PitchwardPagesDown mx1
	filter_stop
	alarms "a filter that was stopped, without pages" PitchwardFilterDown mx2
	not_ok "of the machine whose pages are down nothing else is said" \
		finds 'ALERTS{alertname="PitchwardFilterDown", instance="mx1"}'
	filter_start
	bg web "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
	web=$T_PID
	ok "both are back" wait_for 20 finds 'pitchward_milter_up{instance="mx1"} == 1 unless on () ALERTS{alertname=~"PitchwardFilterDown|PitchwardPagesDown"}'
	pid=$(filter_worker)
	kill -KILL "$FILTER_PID" "$pid"
	wait_for 5 t_gone "$pid"
	age
	alarms "a filter that was killed, without pages" PitchwardFilterDown mx2
	alarms "and with them" PitchwardFilterDown mx1
	filter_start
}

# age: the figures that a dead filter left are those of long ago; in place, since
# the disk is full
age() {
	"$PYTHON" - "$figures" <<-'PYEOF'
		import os, re, sys
		text = open(sys.argv[1]).read()
		aged = re.sub(r'(?m)^(pitchward_milter_written_timestamp_seconds) .*$',
		              lambda m: m[1] + ' 1', text)
		with open(sys.argv[1], 'r+') as file:
		    file.write(aged.ljust(len(text), '\n'))
		os.utime(sys.argv[1], (0, 0))
	PYEOF
}

# shown N WORD: the Nth example of the page that begins with that line
shown() {
	awk -v n="$1" -v word="$2" '$0 == word { on = ++seen == n }
		/^\.Ed$/ { on = 0 } on' "$top/contrib/man/pitchward-operations.7"
}

# What operations(7) has administrators write is taken by those who read it.
test_manual() {
	local n
	for n in 1 2; do
		shown $n scrape_configs: >"$T_DIR/scrape.yml"
		like "the page's scrape_configs, $n" "$(cat "$T_DIR/scrape.yml")" 'instance: mx'
		ok "Prometheus takes them, $n" promtool check config "$T_DIR/scrape.yml"
	done
	cp "$FILTER_DIR/pitchward.yaml" "$T_DIR/whole.yaml"
	filter_config enforce
	shown 1 web: >>"$FILTER_DIR/pitchward.yaml"
	like "the page's listener" "$(cat "$FILTER_DIR/pitchward.yaml")" '^  listen: 192\.0\.2\.11:8480'
	ok "it is taken" "$WEB" --check --config "$FILTER_DIR/pitchward.yaml"
	mv "$T_DIR/whole.yaml" "$FILTER_DIR/pitchward.yaml"
}

FILTER_RELEASE=$(free_port)
filter_setup enforce "web: {listen: \"127.0.0.2:$PORT\", proxies: [127.0.0.1/32]}"
filter_mta postfix pf accept
filter_start
test_manual
wait_for 6 test -s "$figures.new"
test_torn
filter_stop
rm -rf "$state"
mkdir "$state"
test_full tmpfs
test_full ext4
done_testing
