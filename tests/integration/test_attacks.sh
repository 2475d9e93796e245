#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Attacks on the judgement: mail whose text is hidden, padded or disguised, made
# from the authored corpus, gains next to nothing, and hiding counts against it.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
PYTHON=${PYTHON:-/usr/bin/python3}
models=${PITCHWARD_MODELS:-$top/models}
corpus=$top/tests/corpus/authored
pitches=${ATTACK_N:-60}
tab=$(printf '\t')
export PYTHONDONTWRITEBYTECODE=1
cd "$T_DIR" || exit 1

attack() {
	"$PYTHON" "$top/tests/attack/attack.py" "$@"
}

# --- the corpora it makes

test_corpora() {
	ok "attacks are made" attack "$corpus" one --kind pad-visible --kind tags-split --n 8
	ok "attacks are made again" attack "$corpus" two --kind pad-visible --kind tags-split --n 8
	ok "the same seed makes the same bytes" diff -r one two
	ok "another seed is taken" attack "$corpus" three --kind pad-visible --n 8 --seed 2
	not_ok "another seed makes others" diff -r one/pad-visible three/pad-visible
	is "labels name the attack" "$(awk -F '\t' 'NR > 1 { print $5 }' one/tags-split/labels.tsv | sort | uniq -c | tr -s ' ')" \
		" 12 tags-split"
	ok "an attacked corpus is a corpus" "$PITCHWARD" eval --models "$models" one/pad-visible
	not_ok "an unknown kind is refused" attack "$corpus" four --kind nonesuch --n 8
}

# --- what they reach

test_limits() {
	local name broken
	"$PYTHON" "$top/tests/attack/measure.py" "$PITCHWARD" "$models" "$corpus" --n "$pitches" --json \
		--kind control --kind hidden --kind machine --kind padding --kind disguise \
		--kind stuffing --kind override --kind utf-7 --kind utf-7-words \
		>figures 2>"$T_DIR/log/measure" || bail "attacks cannot be measured"
	"$PYTHON" "$top/tests/attack/limits.py" figures >limits || bail "no limits"
	while IFS=$tab read -r name broken; do
		is "$name" "$broken" ""
	done <limits
	ok "limits were held to" test "$(wc -l <limits)" -gt 100
}

test_corpora
test_limits
done_testing
