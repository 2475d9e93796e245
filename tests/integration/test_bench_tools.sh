#!/bin/sh
# shellcheck disable=SC2016  # $ in quotes
# The tools of `make bench`: what the load generator sends and times, and what
# the report says of figures that are made up here.
. "$(dirname "$0")/../lib/tap.sh"
. "$T_LIB/mta.sh"
bench=$(cd "$T_LIB/../bench" && pwd)
bench_build nullmilter milter-load
load=$BUILD/tests/milter-load
export PYTHONDONTWRITEBYTECODE=1

mkdir "$T_DIR/mails"
printf 'Message-ID: <one@a.example>\nSubject: one\n\nbody\n' >"$T_DIR/mails/1"
printf 'Subject: two\nX-Other: kept\n\nbody\n' >"$T_DIR/mails/2"

# What came is told by a filter that answers nothing and writes it down.
cat >"$T_DIR/sink.py" <<'END'
import socket, struct, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
client = server.accept()[0]
stream = client.makefile('rb')
while head := stream.read(4):
    packet = stream.read(struct.unpack('>I', head)[0])
    if packet[:1] == b'O':
        client.sendall(struct.pack('>IcIII', 13, b'O', 6, 0x1ff, 0x1ff000 & ~0x100000 | 0x80))
    elif packet[:1] in b'LB':
        print(packet[:1].decode(), packet[1:].replace(b'\0', b'|').decode().strip(), flush=True)
    elif packet[:1] == b'E':
        client.sendall(struct.pack('>Ic', 1, b'd'))
END
bg sink "$PYTHON" "$T_DIR/sink.py" "$T_DIR/sink"
wait_for 5 listening "unix:$T_DIR/sink" || bail "no sink"
ok "numbered mail is sent" "$load" -u 7 -n 2 -l "$T_DIR/lat" "unix:$T_DIR/sink" "$T_DIR/mails"
sent=$(cat "$T_DIR/log/sink")
like "a Message-ID keeps its brackets" "$sent" '^L Message-ID\|<one@a.example.7>\|$'
like "a subject has its number" "$sent" '^L Subject\|one no\. 7\|$'
like "... the next the next one" "$sent" '^L Subject\|two no\. 8\|$'
like "other fields stay" "$sent" '^L X-Other\|kept\|$'
like "and the body begins with it" "$sent" '^B Number 8\.$'
is "each latency has its verdict" "$(cut -d ' ' -f 2 "$T_DIR/lat" | tr '\n' ' ')" "d d "

bg null "$BUILD/tests/nullmilter" -m noreply "unix:$T_DIR/null"
wait_for 5 listening "unix:$T_DIR/null" || bail "no null milter"
wall=$("$load" -q -c 8 -n 40 -R 100 "unix:$T_DIR/null" "$T_DIR/mails" | sed 's/.*wall_s \([0-9]*\.[0-9]\).*/\1/')
like "40 at 100 a second take 0.4 s or more" "$wall" '^(0\.[3-9]|[1-9])'

# --- the report
mkdir "$T_DIR/report"
cat >"$T_DIR/report/report.json" <<'END'
{"date": "a day", "rounds": 2, "messages": 9, "mean_bytes": 5400, "seconds": 1, "quick": false,
 "machine": {"processor": "<b>", "processors": 2, "memory_gb": 1, "kernel": "k", "commit": "c",
  "changed": false, "compiler": "cc", "packages": {}, "load_before": 0},
 "took_s": {}, "skipped": {"bayes": "no <redis>"}, "notes": {"profile": [
  {"percent": 60.0, "where": "[kernel.kallsyms]", "function": "poll"},
  {"percent": 40.0, "where": "pitchward-milter", "function": "a<b"}]},
 "rows": []}
END
"$PYTHON" - "$T_DIR/report/report.json" <<'END'
import json, sys
whole = json.load(open(sys.argv[1]))
for turn, (null, ours) in enumerate(((100, 300), (50, 180), (100, 310))):
    for system, us, part in (('null-noreply', null, 'null'), ('pitchward-observe', ours, 'ours'), ('rspamd', 10 * null, 'rspamd')):
        for part in (part, 'cost'):
            for connections in (1, 16) if part != 'cost' else (1,):
                whole['rows'].append({
                    'part': part, 'system': system, 'label': system, 'connections': connections, 'round': 0,
                    'turn': turn, 'messages': 9, 'failed': 0, 'per_s': 12000, 'cpu_us': us, 'user_us': us / 2,
                    'system_us': us / 2, 'p50_us': 1, 'p95_us': 2, 'p99_us': 3, 'max_us': 4, 'others': 0,
                    'rss_kb': 1, 'peak_kb': 1, 'pss_kb': 1})
json.dump(whole, open(sys.argv[1], 'w'))
END
ok "a report is drawn" "$PYTHON" "$bench/report.py" "$T_DIR/report"
verdicts=$("$PYTHON" -c '
import json, sys
for t in json.load(open(sys.argv[1]))["targets"]:
    print(t["name"], t["reached"], round(t["got"]["median"], 2), bool(t["reason"]))' "$T_DIR/report/report.json")
is "ratios are those of one turn, their median is judged, and a miss has its reason" "$verdicts" "null True 3.1 False
rspamd False 3.23 True
throughput True 12000 False"
like "what could not run is said" "$(cat "$T_DIR/report/report.html")" 'Not measured: bayes: no &lt;redis&gt;'
unlike "nothing is fetched by the page" "$(cat "$T_DIR/report/report.html")" 'src=|href=|url\(|<script|a<b|@import'
ok "the page is well formed" "$PYTHON" - "$T_DIR/report/report.html" <<'END'
import html.parser, sys
class Nesting(html.parser.HTMLParser):
    stack = []
    def handle_starttag(self, tag, attrs):
        if tag not in ('meta', 'br'):
            self.stack.append(tag)
        if tag == 'svg':
            assert dict(attrs)['aria-label'], 'a plot without words'
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, tag
nesting = Nesting()
nesting.feed(open(sys.argv[1]).read())
assert not nesting.stack, nesting.stack
END
done_testing
