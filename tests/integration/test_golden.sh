#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Mail that must never be held: `train --starter` refuses a model that holds
# some, and keeps what serves; history lifts none of it over the threshold.

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

# corpus FOLDER ERE: that part of the authored one
corpus() {
	mkdir -p "$1/mail" && cp -R "$authored/profiles" "$authored/authors.tsv" "$1" &&
		grep -E "^(path|mail/($2))" "$authored/labels.tsv" >"$1/labels.tsv" || return
	cut -f 1 "$1/labels.tsv" | sed 1d | while read -r path; do
		cp "$authored/$path" "$1/$path" || exit
	done
}

# hard N FOLDER: paths of the first N business mails of the hard cases there
hard() {
	awk -F '\t' '$9 == "i1" && $2 == "business" { print $1 }' "$2/labels.tsv" | head -n "$1"
}

# unchanged NAME FOLDER: as it was after the first training
unchanged() {
	is "$1: what serves is kept" "$(cd "$2" && find . -type f -exec sha256sum {} + | sort)" "$kept"
}

test_clean() {
	corpus clean '[abci]1-' || bail "no small corpus"
	pw train --starter --out models clean
	is "clean labels: status" "$status$(cat err)" 0
	kept=$(cd models && find . -type f -exec sha256sum {} + | sort)
	ok "clean labels: a model of each kind" test -f models/outreach/card.yaml -a -f models/relevance/card.yaml
}

# Somebody's labels call hard cases outreach: the set that is shipped knows them.
test_relabelled() {
	local paths path
	cp -R clean relabelled
	paths=$(hard 3 clean)
	for path in $paths; do
		sed "s|^$path	business|$path	outreach|" relabelled/labels.tsv >labels && mv labels relabelled/labels.tsv
	done
	pw train --starter --out models relabelled
	is "relabelled: status" "$status" 1
	like "relabelled: says what it refuses" "$(cat err)" \
		'^pitchward: outreach: refused: the new model would hold 3 messages of those that must never be held: '
	for path in $paths; do
		like "relabelled: names $path" "$(cat err)" "$path \\((0\\.[89][0-9]|1\\.00), now labelled outreach\\)"
	done
	like "relabelled: says what to do" "$(cat err)" 'Look at their labels'
	is "relabelled: prints no figures" "$(cat out)" ""
	unchanged relabelled models
	pw train --starter --dry-run relabelled
	is "relabelled: no dry run either" "$status" 1
}

# Others send copies of a hard case in, as outreach: its own label is outvoted.
test_outvoted() {
	local path n
	cp -R clean outvoted
	path=$(hard 1 clean)
	for n in 1 2 3 4 5 6 7 8 9; do
		cp "clean/$path" "outvoted/mail/x1-00$n.eml"
		printf 'mail/x1-00%s.eml\toutreach\t\tnone\t\ten\t\tauthored\tx%s\n' $n $n >>outvoted/labels.tsv
	done
	pw train --starter --out models outvoted
	is "outvoted: status" "$status" 1
	like "outvoted: names it by its own label" "$(cat err)" "$path \\([01]\\.[0-9]{2}, business\\)"
	like "outvoted: and the copies" "$(cat err)" '[0-9]+ messages of those .*now labelled outreach'
	unchanged outvoted models
}

# Who means it makes the golden set again first.
test_meant() {
	mkdir meant && cp -R models/outreach models/relevance meant
	pw train --golden meant/golden.imprints --models meant relabelled
	is "meant: a golden set of these labels" "$status$(cat err)" 0
	pw train --starter --out meant relabelled
	is "meant: status" "$status$(cat err)" 0
	printf 'x' >>meant/golden.imprints
	pw train --starter --out meant clean
	is "a damaged golden set: status" "$status" 65
	like "a damaged golden set: said" "$(cat err)" 'golden.imprints: damaged'
}

# The whole corpus as a stream: what repeats is raised, and of it no business
# mail comes to the threshold.
test_history() {
	pw eval --unseen --json "$authored" "$top/models/real.features"
	is "history: status" "$status$(cat err)" 0
	is "history: more is found, and nothing wrong held" "$("$PYTHON" -c '
import json
streams = json.loads(open("out").readline())["history"]
[stream] = streams
without, with_ = stream["without"], stream["with"]
assert stream["examples"] == 1730 and stream["raised"] > 50, stream
assert stream["lifted_wrong"] == 0 and stream["lifted_right"] >= 5, stream
assert with_["recall"]["value"] > without["recall"]["value"], stream
assert with_["precision"]["value"] >= without["precision"]["value"], stream
assert stream["auc_gain"]["low"] > 0, stream
print("better")' 2>&1)" better
	is "history: the stream leaves nothing behind" "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'pitchward-stream-*' -newer "$T_DIR/clean" 2>/dev/null)" ""
}

test_clean
test_relabelled
test_outvoted
test_meant
test_history
done_testing
