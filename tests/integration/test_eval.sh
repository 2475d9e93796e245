#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# pitchward eval --unseen on a small corpus: the report is whole, well-formed,
# needs nothing from outside, shows no body and no markup of a mail, and is the
# same twice.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD_MODELS=$top/models
SOURCE_DATE_EPOCH=1700000000
export PITCHWARD_MODELS SOURCE_DATE_EPOCH
authored=$top/tests/corpus/authored
cd "$T_DIR" || exit 1

# pw COMMAND...: output in out and err, exit code in $status
pw() {
	status=0
	"$PITCHWARD" "$@" >out 2>err </dev/null || status=$?
}

# small_corpus FOLDER: of each of five authors three mails that sell and are
# relevant, one that is not, and three others
small_corpus() {
	mkdir -p "$1/mail" && cp -R "$authored/profiles" "$authored/authors.tsv" "$1" || return
	awk -F '\t' 'NR == 1 { print; next }
		$9 !~ /^[abcde]1$/ { next }
		{ class = $2 == "outreach" ? ($4 ~ /=[23]/ ? "near" : "far") : "other" }
		n[$9 class]++ < (class == "far" ? 1 : 3)' "$authored/labels.tsv" >"$1/labels.tsv"
	cut -f 1 "$1/labels.tsv" | sed 1d | while read -r path; do
		cp "$authored/$path" "$1/$path" || exit
	done
}

test_report() {
	small_corpus small || bail "no small corpus"
	is "the corpus is small" "$(wc -l <small/labels.tsv)" 36
	# A subject as an attacker would write it, on a mail that is labelled wrongly.
	path=$(awk -F '\t' '$2 == "business" { print $1; exit }' small/labels.tsv)
	{
		printf 'From: x@v.example\nSubject: <script>alert("http://v.example/x.js")</script>\n\n'
		echo "Quick call next week? We help teams like yours secretbodyword. Unsubscribe here."
	} >"small/$path"
	pw eval --unseen --report one.html small
	is "status" "$status" 0
	is "nothing but results where no terminal is" "$(cat err)" ""
	like "says where the report is" "$(cat out)" '^report: one\.html$'
	like "tells both kinds" "$(grep -c ' judgements$' out)" '^2$'
	pw eval --unseen --report two.html small
	ok "the same twice" cmp one.html two.html
	is "the same page in another locale and on another day's clock" \
		"$(LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo "$PITCHWARD" eval --unseen --report three.html small >/dev/null 2>&1
			cmp one.html three.html && echo same)" same
}

test_whole() {
	local heading
	ok "well-formed" "$PYTHON" -c 'import xml.dom.minidom; xml.dom.minidom.parse("one.html")'
	for heading in Outreach Relevance 'ROC curve' 'Precision and recall' Calibration \
		'Cost against threshold' 'Scores by kind' 'Scores by grade' 'Learning curve' 'At the thresholds' \
		'By kind' 'By author' 'By buyer' 'By language' 'By source' 'Other judges' \
		'The worst mistakes' 'How the figures were made'; do
		like "has: $heading" "$(cat one.html)" "<h[23]>$heading</h"
	done
	is "each plot has a title and a description" "$("$PYTHON" -c '
import xml.dom.minidom
page = xml.dom.minidom.parse("one.html")
plots = page.getElementsByTagName("svg")
ids = [e.getAttribute("id") for e in page.getElementsByTagName("*") if e.hasAttribute("id")]
assert len(ids) == len(set(ids)), ids
for plot in plots:
    names = plot.getAttribute("aria-labelledby").split()
    assert len(names) == 2 and all(n in ids for n in names), names
    figure = plot.parentNode
    while figure.tagName != "figure":
        figure = figure.parentNode
    assert figure.getElementsByTagName("table"), names
print(len(plots))')" 12
	like "dated as asked" "$(cat one.html)" '2023-11-14'
	like "the ratio of costs is told" "$(cat one.html)" 'costs 20 times'
}

test_safe() {
	is "nothing is fetched and nothing runs" "$("$PYTHON" -c '
import xml.dom.minidom
page = xml.dom.minidom.parse("one.html")
for element in page.getElementsByTagName("*"):
    assert element.tagName not in ("script", "img", "link", "iframe", "object", "image", "use"), element.tagName
    for name, value in element.attributes.items():
        assert not name.startswith("on"), name
        if name in ("href", "src", "xlink:href"):
            assert value.startswith("#"), value
style = page.getElementsByTagName("style")[0].firstChild.data
assert "url(" not in style and "@import" not in style
print("safe")')" safe
	like "a hostile subject is text" "$(cat one.html)" '&lt;script&gt;alert\(&quot;http://v.example'
	unlike "no body" "$(cat one.html)" 'Quick call next week|We help teams'
}

test_json() {
	pw eval --unseen --json --cost 5 --report cost.html small
	is "JSON: status" "$status$(cat err)" 0
	is "JSON: what it says holds together" "$("$PYTHON" -c '
import json
lines = [json.loads(line) for line in open("out")]
kinds = [line for line in lines if "kind" in line]
for line in kinds:
    assert line["unseen"] is True
    rows = line["rows"]
    assert rows[0]["by"] == "all" and rows[0]["examples"] == line["examples"]
    assert sum(r["examples"] for r in rows if r["by"] == "source") == line["examples"]
    assert [p["percent"] for p in line["learning"]][-1] == 100
    names = [b["name"] for b in line["baselines"]]
    assert names[:2] == ["pitchward", "word counts, linear SVM"], names
    assert sum(k["examples"] for k in line["kinds"]) == line["examples"]
assert len(kinds) == 2 and all("mistake" in l for l in lines if "kind" not in l)
print([line["kind"] for line in kinds])' 2>&1)" "['outreach', 'relevance']"
	like "the ratio can be set" "$(cat cost.html)" 'costs 5 times'
}

test_bogofilter() {
	if command -v bogofilter >/dev/null; then
		like "bogofilter is measured" "$(cat one.html)" '<th scope="row">bogofilter</th><td>35</td>'
	else
		skip "bogofilter is measured" "not installed"
	fi
	PATH=/nonexistent "$PITCHWARD" eval --unseen --report none.html small >out 2>err
	is "without bogofilter: status" "$?$(cat err)" 0
	like "without bogofilter: said" "$(cat none.html)" \
		'<th scope="row">bogofilter</th><td [^>]*>not installed</td>'
	printf '#!/bin/sh\nexit 3\n' >bogofilter && chmod 755 bogofilter
	PATH=$T_DIR "$PITCHWARD" eval --unseen small >out 2>err
	is "a bogofilter that fails: status" "$?" 74
	like "a bogofilter that fails: said" "$(cat err)" 'bogofilter .* failed'
	is "nothing is left in the folder for temporary files" \
		"$(TMPDIR=$T_DIR/tmp && mkdir "$TMPDIR" && export TMPDIR &&
			"$PITCHWARD" eval --unseen small >/dev/null 2>&1 && ls -A "$TMPDIR")" ""
}

test_serving() {
	pw eval --report seen.html small
	is "models in use: status" "$status$(cat err)" 0
	like "models in use: said to flatter" "$(cat seen.html)" 'every figure here flatters'
	unlike "models in use: nothing was held out" "$(cat seen.html)" 'folds of authors|Learning curve'
	ok "models in use: well-formed" "$PYTHON" -c 'import xml.dom.minidom; xml.dom.minidom.parse("seen.html")'
}

# refused NAME STATUS ERE COMMAND...: exits so, with nothing on its output
refused() {
	local name="$1" wanted="$2" pattern="$3"
	shift 3
	pw "$@"
	is "$name: status" "$status" "$wanted"
	like "$name: says why" "$(cat err)" "$pattern"
	is "$name: prints no result" "$(cat out)" ""
}

test_refusals() {
	refused "unseen for one buyer" 64 'no --models, no --profile' eval --unseen --profile ciso small
	refused "a cost of nothing" 64 'cost must be a number above 0' eval --cost 0 small
	refused "a cost that is none" 64 'cost' eval --cost much small
	refused "unseen features alone" 65 'relevance: examples of the class come from 0' \
		eval --unseen "$top/models/real.features"
	pw eval --unseen --report nowhere/eval.html small
	isnt "nowhere to write: status" "$status" 0
	like "nowhere to write: says why" "$(cat err)" 'nowhere'
}

test_report
test_whole
test_safe
test_json
test_bogofilter
test_serving
test_refusals
done_testing
