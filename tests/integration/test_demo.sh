#!/bin/sh
# The demonstration runs, its counts add up, and it leaves nothing behind.
# Verdicts at the edge may move with the models; those named here must not.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
mta_require postfix

top=$(cd "$(dirname "$0")/../.." && pwd)
export BUILD

status=0
began=$(date +%s)
env -u NO_COLOR COLUMNS=100 sh "$top/tests/demo.sh" </dev/null >"$T_DIR/out" 2>"$T_DIR/err" || status=$?
took=$(($(date +%s) - began))
cp "$T_DIR/out" "$T_DIR/log/demo"
cp "$T_DIR/err" "$T_DIR/log/demo.err"
out=$(cat "$T_DIR/out")

is "exits with 0" "$status" 0
[ "$status" = 0 ] || bail "there is nothing more to look at"
is "complains of nothing" "$(cat "$T_DIR/err")" ""
ok "takes less than a minute" test "$took" -lt 60
unlike "no colours where there is no terminal" "$out" "$(printf '\033')"

# row WHAT TO: verdict, outreach, relevance and gate in the table, one space apart
row() {
	sed -n "s/^  $1  *$2  *\([dtq][a-z]*  *[-01].*\)/\1/p" "$T_DIR/out" | tr -s ' '
}

like "a pitch that fits is delivered, and both scores are high" \
	"$(row 'a pitch that fits' nora)" '^deliver (0\.[89].|1\.00) (0\.[6-9].|1\.00) -$'
like "one that does not is held" "$(row 'a pitch that does not' nora)" '^quarantine '
like "so is one for what she ruled out" "$(row 'a pitch for what she ruled out' nora)" '^quarantine '
like "and one with hidden words" "$(row 'a pitch with hidden words' nora)" '^quarantine '
like "and one in a contact's name" "$(row "a pitch in a contact's name" nora)" '^quarantine '
like "a chaser that was refused is held" "$(row 'a chaser with a made-up "Re:"' tom)" '^quarantine '
like "of one pitch to two, one holds it" "$(row 'one pitch for two buyers' nora)" '^quarantine '
like "... and the other gets it" "$(row 'one pitch for two buyers' tom)" '^deliver '
like "a German pitch is understood" "$(row 'a German pitch that fits' tom)" '^(deliver|tag) '
is "an answer comes in through the ledger" "$(row "her contact's answer" nora)" 'deliver - - contact'
like "a customer's question is delivered" "$(row "a customer's question" nora)" '^deliver 0\.'
like "an invoice is delivered" "$(row 'an invoice' tom)" '^deliver 0\.'
is "a colleague is not judged" "$(row "a colleague's note" tom)" 'deliver - - internal'
is "who has no profile is not read" "$(row 'a pitch to one with no profile' ines)" 'deliver - - uncovered'

is "the counts add up, twice" "$(grep -c 'copies sent = .*: none is lost, none came twice$' "$T_DIR/out")" 2
like "one is released" "$out" '^  [0-9A-Z]{26} released$'
is "its bytes are unchanged" "$(sed -n 's/^  \(sent\|delivered to nora\)  *[0-9]* bytes, SHA-256 //p' "$T_DIR/out" | uniq -c | sed 's/^ *\([0-9]*\) .*/\1/')" 2
like "she is told first what was held" "$out" '^  Since .*: held 6, tagged [0-9]+, let in [0-9]+\.$'
like "... with links" "$out" '^      Release     http://127\.0\.0\.1:[0-9]+/l/'
like "a priority more would let that mail in" "$(sed -n '/^  Would be let in/,/^$/p' "$T_DIR/out")" 'penetration test booked'
like "the board can be looked at" "$out" '^  board +200, .* held, first "'
like "so can the queue, less what was released" "$out" '^  queue +200, .*; 5 held, first "'
like "a person gets a link to sign in" "$out" '^  sign in +http://127\.0\.0\.1:[0-9]+/sign-in/[A-Za-z0-9_-]{43}$'
like "the figures are shown" "$out" '^  contacts '

folder=$(sed -n 's|^  pitchward  serves unix:\(/tmp/pw[^/]*\)/.*|\1|p' "$T_DIR/out")
like "it was in a folder of its own" "$folder" '^/tmp/pw\.......$'
not_ok "... which is gone" test -e "$folder"
is "... with all who worked there" "$(find /proc -maxdepth 2 -name cwd -lname "${folder:-none}*" 2>/dev/null; pgrep -f "${folder:-none}/")" ""
done_testing
