#!/bin/sh
# The visible text of messages as the library sees it, word by word in order and
# each in the body, a quotation or the signature, beside what Python's
# email package and html.parser make of the same bytes: the written corpus, and
# the torture mail that lies beside the repository (PITCHWARD_TORTURE). Every
# difference is in tests/differential/explained.tsv, and nothing else is.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
torture=${PITCHWARD_TORTURE:-$top/../shared/torture}
here=$top/tests/differential
visible=$BUILD/tests/visible

"$PYTHON" -c 'import email.policy' 2>/dev/null || skip_all "no $PYTHON"
make -s -C "$top" BUILD="$BUILD" "$visible" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/differential/visible.c"

# compare VISIBLE TABLE FOLDERS...: its report is in $T_DIR/log/compare
compare() {
	timeout 60 "$PYTHON" -B "$here/compare.py" "$@" >"$T_DIR/log/compare" 2>&1
}

# Each folder's line of the report, and the counts of classes.
tell() {
	diag "$(sed -n 's/^ok [0-9]* - //p; s/^# //p' "$T_DIR/log/compare")"
}

ok "the written corpus reads the same to Python" \
	compare "$visible" "$here/explained.tsv" "$top/tests/corpus/authored"
tell
unlike "none of it needs an explanation" "$(cat "$T_DIR/log/compare")" ' [1-9][0-9]* explained'

# other NAME CHANGE: a library that reads another text, as a line of Python over
# `said` changes what this one says
other() {
	cat >"$T_DIR/other" <<-END
		#!/bin/sh
		"$visible" | "$PYTHON" -c '
		import json, sys
		for line in sys.stdin:
		    said = json.loads(line)
		    fresh = said["fresh"].split()
		    said.update($2)
		    print(json.dumps(said))'
	END
	chmod 755 "$T_DIR/other"
	not_ok "a library that $1 is found out" compare "$T_DIR/other" "$here/explained.tsv" "$T_DIR/few"
	is "... in every mail" "$(grep -c '	[a-z]*: ' "$T_DIR/log/compare")" 9
}

mkdir "$T_DIR/few"
cp "$top"/tests/corpus/authored/mail/a1-00?.eml "$T_DIR/few"
other "loses a word" 'fresh=" ".join(fresh[:-1])'
other "turns the words round" 'fresh=" ".join(fresh[::-1])'
other "takes two words for one another" 'fresh=" ".join([fresh[1], fresh[0], *fresh[2:]])'
other "reads backwards" 'fresh=said["fresh"][::-1]'
other "takes all for a signature" 'fresh="", signature=said["fresh"]'
other "takes the middle for a signature" 'fresh=" ".join(fresh[:9] + fresh[-9:]), signature=" ".join(fresh[9:-9])'

if [ ! -d "$torture" ]; then
	skip "torture mail, all differences explained" "no folder $torture (PITCHWARD_TORTURE)"
	done_testing
fi
set --
# Bombs are measured by test_hostile: Python has no caps, and takes minutes.
for folder in "$torture"/*/; do
	case $folder in */generated-bombs/) ;; *) set -- "$@" "${folder%/}" ;; esac
done
ok "torture mail, all differences explained" compare "$visible" "$here/explained.tsv" "$@"
tell
sed 1,4d "$here/explained.tsv" >"$T_DIR/less.tsv"
not_ok "a difference that nobody explained is found out" \
	compare "$visible" "$T_DIR/less.tsv" "$torture/cpython-email"
echo "cpython-email/msg_01.txt	none	none" | cat "$here/explained.tsv" - >"$T_DIR/more.tsv"
not_ok "an explanation of nothing is found out" \
	compare "$visible" "$T_DIR/more.tsv" "$torture/cpython-email"
done_testing
