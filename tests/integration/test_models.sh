#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# The shipped models: what the repository holds makes the same bytes again,
# their cards are shown, a corpus is judged with them, and what cannot be
# trained on is refused by name.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD_MODELS=$top/models
SOURCE_DATE_EPOCH=$(sed -n 's/^MODELS_EPOCH = //p' "$top/Makefile")
export PITCHWARD_MODELS SOURCE_DATE_EPOCH
corpus=$top/tests/corpus/authored
real=$top/models/real.features
cd "$T_DIR" || exit 1

# pw COMMAND...: output in out and err, exit code in $status
pw() {
	status=0
	"$PITCHWARD" "$@" >out 2>err </dev/null || status=$?
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

# small_corpus FOLDER: the authored one, two authors only
small_corpus() {
	mkdir "$1" && cp -R "$corpus/profiles" "$corpus/authors.tsv" "$1" &&
		mkdir "$1/mail" && cp "$corpus"/mail/[ab]1-*.eml "$1/mail" &&
		grep -E '^(path|mail/[ab]1-)' "$corpus/labels.tsv" >"$1/labels.tsv"
}

# --- training

test_same_bytes() {
	local file
	pw train --starter --out again "$corpus" "$real"
	is "training: status" "$status" 0
	is "training: nothing but results where no terminal is" "$(cat err)" ""
	for file in outreach/model.svm outreach/terms.idf outreach/card.yaml \
		relevance/model.svm relevance/terms.idf relevance/card.yaml; do
		ok "training makes models/$file again" cmp "$top/models/$file" "again/$file"
	done
	ok "the golden set is made again" "$PITCHWARD" train --golden again/golden.imprints \
		--models again "$corpus" "$real"
	ok "the same" cmp "$top/models/golden.imprints" again/golden.imprints
	like "training tells how much it saw" "$(cat out)" \
		'^outreach starter-outreach-[0-9a-f]{8}: [0-9]+ examples \([0-9]+ of the class\), [0-9]+ groups'
	like "training tells how good it is" "$(cat out)" \
		'^  auc-pooled +0\.[0-9]{4}  \(0\.[0-9]{4} \.\. [01]\.[0-9]{4}\)$'
}

test_dry_run() {
	small_corpus small || bail "no small corpus"
	pw train --starter --dry-run --json small
	is "dry run: status" "$status" 0
	is "dry run: a card of each kind" \
		"$("$PYTHON" -c '
import json
for line in open("out"):
    card = json.loads(line)
    auc = card["metrics"]["auc-pooled"]
    assert 0.5 < auc["low"] <= auc["value"] <= auc["high"] <= 1, auc
    assert card["examples"] > card["positive"] > 0
    print(card["kind"], card["groups"], end=" ")')" "outreach 2 relevance 8 "
	ok "dry run writes nothing" test ! -e models
}

test_export() {
	pw train --starter --export a.features small
	is "export: status" "$status$(cat out err)" 0
	pw train --starter --export b.features small
	ok "export: the same twice" cmp a.features b.features
	pw train --starter --dry-run small a.features
	is "export: can be trained on" "$status" 0
	like "export: beside the corpus" "$(cat out)" '^outreach: .* authored 6[0-9]{2}$'
}

# --- cards

test_cards() {
	local kind id
	pw model list
	is "list: status" "$status" 0
	for kind in outreach relevance; do
		id=$(sed -n 's/^id: "\(.*\)"$/\1/p' "$top/models/$kind/card.yaml")
		like "list: $kind" "$(cat out)" "^$kind +$id +[0-9]{4}-[0-9]{2}-[0-9]{2}  $top/models/$kind\$"
	done
	for kind in outreach relevance; do
		pw model show $kind
		is "show $kind: status" "$status" 0
		like "show $kind: digest" "$(cat out)" \
			"^model.svm +$(sha256sum "$top/models/$kind/model.svm" | cut -d ' ' -f 1)\$"
		like "show $kind: figures with intervals" "$(cat out)" \
			'^  auc-pooled +0\.[0-9]{4}  \(0\.[0-9]{4} to [01]\.[0-9]{4}\)$'
		like "show $kind: examples" "$(cat out)" '^examples +[0-9]+, [0-9]+ of them of the class, in [0-9]+ groups$'
		pw model show --json $kind
		is "show $kind: as JSON" "$("$PYTHON" -c '
import json
card = json.load(open("out"))
figures = {m["name"]: m for m in card["metrics"]}
assert figures["calibration-error"]["low"] is None
print(card["kind"], card["ok"], figures["auc-pooled"]["value"] > 0.9)')" "$kind True True"
	done
	pw model show "$id"
	is "show by id" "$status" 0
}

# A damaged card is named with the place, and the other model is still there.
test_damaged_cards() {
	cp -R "$top/models" spoiled
	sed 's/^calibration: {a: -./calibration: {a: -1/' "$top/models/outreach/card.yaml" >spoiled/outreach/card.yaml
	pw model list --models spoiled
	is "changed card: status" "$status" 65
	like "changed card: said" "$(cat out)" 'spoiled/outreach/card.yaml:[0-9]+:11: checksum is not'
	like "changed card: the other serves" "$(cat out)" '^relevance +starter-.*spoiled/relevance$'
	refused "eval with a changed card" 65 'card.yaml:[0-9]+:11: checksum' eval --models spoiled "$corpus"
}

# --- changes go to the configured folder, not where the starters were found

# owned COMMAND...: the program of a source tree, with a configuration
owned() {
	local command="$1 $2"
	shift 2
	status=0
	# shellcheck disable=SC2086  # two words
	env -u PITCHWARD_MODELS "$T_DIR/tree/build/bin/pitchward" $command --config own.yaml "$@" >out 2>err </dev/null || status=$?
}

test_own_folder() {
	local id before
	mkdir -p tree/build/bin && cp "$PITCHWARD" tree/build/bin/ && cp -R "$top/models" tree/models
	before=$(find tree/models | sort)
	printf 'version: 1\nmodels: %s\n' "$T_DIR/own" >own.yaml
	pw train --starter --out other small
	id=$(sed -n 's/^id: "\(.*\)"$/\1/p' other/relevance/card.yaml)
	owned model rollback relevance
	is "nothing promoted, nothing to take back" "$status" 69
	owned model promote nobody
	is "promote nothing: status" "$status" 66
	ok "... makes no folder" test ! -e own
	owned model promote other/relevance
	is "promote: status" "$status$(grep -c "take it by themselves" err)" 01
	is "promote names the folder" "$(cat out)" "relevance: serves $id (in $T_DIR/own)"
	is "the tree is as it was" "$(find tree/models | sort)" "$before"
	is "the folder serves it" "$(readlink own/relevance)" "shelf/$id"
	ok "... with the starter of outreach" cmp own/outreach/model.svm "$top/models/outreach/model.svm"
	ok "... and the golden set" cmp own/golden.imprints "$top/models/golden.imprints"
	owned model list
	like "which every command finds" "$(cat out)" "^relevance +$id .*$T_DIR/own/relevance\$"
	owned model rollback relevance --json
	is "rollback: status" "$status" 0
	like "rollback names the folder" "$(cat out)" "\"folder\": *\"$T_DIR/own\""
	is "the starter serves again" "$(readlink own/relevance)" "shelf/$(sed -n 's/^id: "\(.*\)"$/\1/p' "$top/models/relevance/card.yaml")"
	owned model export "$id" one.model
	is "export: status and words" "$status$(cat out)" "0one.model: holds $id"
	owned model export "$id" one.model
	is "export: the same again" "$status" 0
	owned model export outreach one.model
	is "export: not over another file" "$status" 73
	rm -r own
	owned model import one.model
	is "import: status and folder" "$status$(cat out)" "0shelf: holds $id (in $T_DIR/own)"
	owned model show "$id"
	is "... where it is found" "$status" 0
	ok "... among a whole set" cmp own/relevance/model.svm "$top/models/relevance/model.svm"
	is "the tree is as it was still" "$(find tree/models | sort)" "$before"
	owned model promote "$id" --team shop
	is "promote for a team: the card is not the team's" "$status" 64
	owned model promote "$id" --team shop --for priya
	is "promote for both" "$status" 64
	owned model export relevance two.model --why no
	is "export has no reason" "$status" 64
	owned model import one.model --for priya
	is "import is for nobody" "$status" 64
	owned model list --team shop
	is "list is of all" "$status" 64
	mkdir named && cp -R tree/models/* named/
	owned model promote other/relevance --models named
	is "a folder that is named is meant" "$(cat out)" "relevance: serves $id (in named)"
	PITCHWARD_MODELS=$T_DIR/env/models tree/build/bin/pitchward model promote other/relevance >out 2>err
	is "... by the environment too" "$(head -n 1 out)" "relevance: serves $id (in $T_DIR/env/models)"
}

# --- judging a corpus

test_eval_text() {
	local out
	pw eval "$corpus"
	out=$(cat out)
	is "eval: status" "$status" 0
	like "eval: models named" "$out" '^models starter-outreach-[0-9a-f]+\+starter-relevance-[0-9a-f]+'
	like "eval: outreach judgements" "$out" "^outreach: $(awk -F '\t' 'NR > 1 && $2 != "fraud"' "$corpus/labels.tsv" | wc -l) judgements\$"
	like "eval: relevance judgements" "$out" '^relevance: [0-9]+ judgements$'
	is "eval: an area with its interval for both" \
		"$(printf '%s\n' "$out" | grep -Ec '^  ROC AUC +[01]\.[0-9]{4}  \([01]\.[0-9]{4} \.\. [01]\.[0-9]{4}\)$')" 2
	is "eval: two thresholds each" \
		"$(printf '%s\n' "$out" | sed -n 's/^ at \([0-9.]*\): [0-9]* right, [0-9]* wrong, [0-9]* missed, [0-9]* left alone$/\1/p' | tr '\n' ' ')" \
		"0.50 0.80 0.35 0.65 "
	is "eval: precision and recall with intervals" \
		"$(printf '%s\n' "$out" | grep -Ec '^  (precision|recall) +[01]\.[0-9]{4}  \([01]\.[0-9]{4} \.\. [01]\.[0-9]{4}\)$')" 8
	is "eval: calibration error for both" \
		"$(printf '%s\n' "$out" | grep -Ec '^  calibration error +0\.[0-9]{4}$')" 2
	is "eval: ten worst of both" \
		"$(printf '%s\n' "$out" | grep -Ec '^    [01]\.[0-9]{2}  mail/.*\.eml  \([a-z]+(, (not )?relevant for [a-z]+)?\)$')" 20
	is "eval: reasons of both" \
		"$(printf '%s\n' "$out" | sed -n 's/^          [+-][0-9.]*  \([a-z]*\): .*/\1/p' | sort | uniq -c | tr -s ' \n' ' ')" \
		" 40 outreach 40 relevance "
}

test_eval_json() {
	pw eval --json "$corpus"
	is "eval as JSON: status" "$status$(cat err)" 0
	is "eval as JSON: what it says holds together" "$("$PYTHON" -c '
import json
def within(e):
    assert 0 <= e["low"] <= e["value"] <= e["high"] <= 1, e
lines = [json.loads(line) for line in open("out")]
kinds = {}
for line in lines:
    if "kind" in line:
        kinds[line["kind"]] = 0
        within(line["auc"])
        assert 0 <= line["calibration_error"] < 0.2, line
        assert len(line["thresholds"]) == 2
        for at in line["thresholds"]:
            within(at["precision"]), within(at["recall"])
            n = [at[k + "_" + c] for k in ("true", "false") for c in ("positive", "negative")]
            assert sum(n) == line["examples"], n
            assert abs(at["recall"]["value"] - n[0] / (n[0] + n[3])) < 1e-6, n
        continue
    kind = line["mistake"]
    kinds[kind] += 1
    assert line["wrong"] == (line["label"] != (line["score"] > 0.5)), line
    assert (line["profile"] != "") == (kind == "relevance"), line
    assert any(r["name"].startswith(kind + ": ") for r in line["reasons"]), line
print(sorted(kinds.items()))' 2>&1)" "[('outreach', 10), ('relevance', 10)]"
	pw eval --json --profile ciso "$corpus"
	is "eval for one buyer" "$("$PYTHON" -c '
import json
print(sorted({json.loads(line).get("profile") for line in open("out")} - {None, ""}))')" "['ciso']"
}

# --- junk

test_junk() {
	refused "train without a word" 64 'CORPUS' train
	refused "train for nobody" 64 'say --starter' train "$corpus"
	refused "unknown option" 64 'did you mean --starter' train --startr "$corpus"
	refused "a folder that is not there" 66 'nowhere: No such file' train --starter nowhere
	refused "a folder without labels" 78 '/labels.tsv: No such file' train --starter "$top/src"
	refused "a file that holds no features" 65 'labels.tsv: not a feature file' train --starter "$corpus/labels.tsv"
	head -c 5000 "$real" >cut.features
	refused "a feature file cut off" 65 'cut.features: damaged or cut off' train --starter cut.features
	{ head -c 5000 "$real" && printf x && tail -c +5002 "$real"; } >odd.features
	refused "a feature file with a byte changed" 65 'odd.features: damaged' train --starter odd.features
	refused "eval of nothing" 64 'CORPUS' eval
	refused "eval of two" 64 'unexpected argument' eval "$corpus" "$corpus"
	refused "eval for nobody's profile" 64 'not a profile of the corpus' eval --profile nobody "$corpus"
	refused "eval of a folder without labels" 78 '/labels.tsv: No such file' eval "$top/src"
	refused "eval without models" 69 "no folder 'outreach' in nowhere" eval --models nowhere "$corpus"
	refused "a model nobody has" 66 'nobody: no model' model show nobody
}

test_bad_corpora() {
	mkdir bad && cp -R small/profiles bad
	sed -e '3s/outreach\|business\|nurture/outraech/' -e '5s/\tauthored\t.*//' small/labels.tsv >bad/labels.tsv
	refused "labels with faults" 78 'bad/labels.tsv:3:17: unknown kind .outraech. \(allowed: outreach, nurture' train --starter bad
	like "labels with faults: all are listed" "$(cat err)" 'bad/labels.tsv:5:1: 7 fields, must be 9'
	refused "eval of labels with faults" 78 'bad/labels.tsv:3:17: unknown kind' eval bad
	cp -R small one && grep -E '^(path|mail/a1)' small/labels.tsv >one/labels.tsv
	refused "one author" 65 'outreach: examples of the class come from 1 and others from 1 authors' train --starter --out none one
	ok "one author: nothing is written" test ! -e none
	cp -R small gone && rm gone/mail/a1-001.eml
	refused "a message is not there" 66 'gone/mail/a1-001.eml: No such file' train --starter gone
	refused "eval: a message is not there" 66 'gone/mail/a1-001.eml: No such file' eval gone
	: >file
	pw train --starter --out file small
	isnt "nowhere to write: status" "$status" 0
	like "nowhere to write: says why" "$(cat err)" '--out: .*/file: Not a directory'
}

test_same_bytes
test_dry_run
test_export
test_cards
test_damaged_cards
test_own_folder
test_eval_text
test_eval_json
test_junk
test_bad_corpora
done_testing
