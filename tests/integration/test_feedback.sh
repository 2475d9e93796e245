#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# What a buyer says about mail, and what the next mail meets: releases, labels,
# rulings on vendors and the day's attention, behind a private Postfix.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require postfix
filter_require

FILTER_RELEASE=$(free_port)
filter_setup enforce
filter_mta postfix pf tempfail

# fate NAME: what became of that mail, as "verdict" or "verdict touch=N"
fate() {
	filter_log "msgid=\"?<$1@" | sed -n 's/.* verdict=\([a-z]*\) .* \(touch=[0-9]*\) .*/\1 \2/p; t
		s/.* verdict=\([a-z]*\) .*/\1/p' | tail -n 1
}

# comes NAME RCPT: a pitch is sent and judged
comes() {
	pitch "$1" | send_mail pf "$seller" "$2" && mta_idle pf && wait_for 5 noted "$1"
}

# noted NAME: what was delivered is written a moment later
noted() {
	pitchward quarantine list --json --search "[$1]" | grep -q . || delivery_noted "$1"
}

delivery_noted() {
	pitchward quarantine list --json --search "[$1]" --state delivered | grep -q .
}

# id_of NAME: of what the store holds
id_of() {
	pitchward quarantine list --json --search "[$1]" | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p'
}

reasons_of() {
	pitchward quarantine show "$1" | sed -n 's/^because  */because /p'
}

# held_has BUYER NAME: for wait_for
held_has() {
	filter_held "$1" 2>/dev/null | grep -qx "$2"
}

# says STATUS COMMAND...: the command ends so; its output is in $T_DIR/said
says() {
	local wanted="$1" status=0
	shift
	pitchward "$@" >"$T_DIR/said" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || { cat "$T_DIR/said" && return 1; }
}

# --- a release, and its undoing

fresh enforce
filter_start
ok "a pitch comes" comes f1 "$quinn"
is "it is held" "$(fate f1)" "quarantine"
ok "its follow-up comes" comes f2 "$quinn"
is "it is known as one, and held" "$(fate f2)" "quarantine touch=2"
f1=$(id_of f1)
f2=$(id_of f2)
like "it says why" "$(reasons_of "$f2")" '^because campaign: touch 2$'
is "both are of one campaign" "$(pitchward quarantine list --json | sed -n 's/.*"campaign": *"\([0-9A-Z]*\)".*/\1/p' | sort -u)" "$f1"
ok "the first is released" says 0 quarantine release "$f1"
ok "queue empty" mta_idle pf
ok "the next one comes" comes f3 "$quinn"
is "and is let in, tagged, since nobody vouches for its sender" "$(fate f3)" "tag touch=3"
like "as its header says" "$(fields "$(last pf "$quinn")")" '^X-Pitchward: verdict=tag; '
is "what was held stays held" "$(filter_held quinn)" f2
ok "the release is undone" says 0 feedback undo "$f1"
is "with what followed from it" "$(cat "$T_DIR/said")" "$f1 undone, 1 ruling"
ok "the next one comes" comes f4 "$quinn"
is "and is held again" "$(fate f4)" "quarantine touch=4"
ok "nothing is left to undo" says 1 feedback undo "$f1"

# --- labels by id, by file, by alias

ok "relevant, by a part of its id" says 0 feedback relevant "$(printf %.22s "$f2")"
like "says what follows" "$(cat "$T_DIR/said")" "^$f2 relevant, campaign $f1 wanted$"
ok "the same again" says 0 feedback relevant "$f2" --json
like "in JSON" "$(cat "$T_DIR/said")" '"word": *"wanted"'
ok "the next one comes" comes f5 "$quinn"
is "and is let in" "$(fate f5)" "tag touch=5"
copy=$(last pf "$quinn")
ok "the delivered one, as a file" says 0 feedback irrelevant "$copy" --for "$quinn"
ok "and on standard input" says 0 feedback irrelevant - --json <"$copy"
{
	printf 'From: Quinn <%s>\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n' "$quinn"
	cat "$copy"
} >"$T_DIR/forwarded"
ok "and as an attachment" says 0 feedback irrelevant "$T_DIR/forwarded"
is "of one vendor" "$(pitchward vendor list | sed -n 's/^\(seller.example\) .*/\1/p')" seller.example
ok "no more of them" says 0 feedback irrelevant --never "$copy"
like "says what follows" "$(cat "$T_DIR/said")" ' irrelevant, vendor seller.example never$'
ok "the next one comes" comes f6 "$quinn"
is "never is newer than wanted" "$(fate f6)" "quarantine touch=6"
pitch m1 | send_mail pf "$seller" "$quinn" "$tara"
ok "a mail to two" wait_for 5 delivery_noted m1
copy=$(last pf "$tara")
ok "its header names one of them" says 0 feedback not-outreach --json "$copy"
like "whom it was delivered to" "$(cat "$T_DIR/said")" '"buyer": *"tara"'
ok "the other one's is meant" says 0 feedback not-outreach --json --for "$quinn" "$copy"
like "and found" "$(cat "$T_DIR/said")" '"buyer": *"quinn"'
ok "an id that is not there" says 1 feedback relevant 01AAAAAAAAAAAAAAAAAAAAAAAA
ok "a word that is no id" says 64 feedback relevant "$f1" hello
ok "--never with the wrong word" says 64 feedback relevant --never "$f1"
pitch x1 >"$T_DIR/pitch"
ok "a file that is not ours" says 1 feedback relevant "$T_DIR/pitch"
ok "no such file" says 66 feedback relevant ./nowhere.eml
ok "a buyer it did not come to" says 1 feedback relevant --for "$dana" "$f1"

# --- rulings on a vendor

filter_stop
fresh enforce
filter_start
ok "a relevant pitch comes" comes v1 "$dana"
is "and is let in" "$(fate v1)" "deliver"
ok "whose ruling?" says 64 vendor status seller.example never
ok "never, from anywhere below it" says 0 vendor status mail.Seller.Example never --for "$dana"
like "is shown" "$(cat "$T_DIR/said")" '^seller.example +dana +never '
ok "the next one comes" comes v2 "$dana"
is "and stops at once" "$(fate v2)" "quarantine touch=2"
like "it says why" "$(reasons_of "$(id_of v2)")" '^because ruling: vendor seller.example never$'
pitch v0 >"$T_DIR/pitch"
ok "score" says 0 score --json --for "$dana" "$T_DIR/pitch"
like "sees it, too" "$(cat "$T_DIR/said")" '"verdict": *"quarantine".*ruling: vendor seller.example never'
ok "of the others nothing changes" comes v3 "$tara"
is "it is tagged" "$(fate v3)" "tag"
ok "clear" says 0 vendor status seller.example clear --for "$dana"
ok "the next one comes" comes v4 "$dana"
is "and is let in" "$(fate v4)" "deliver touch=3"
ok "not now, for all" says 0 vendor status seller.example not-now 2999-12-31 --all
is "is three rulings" "$(pitchward vendor status seller.example | grep -c 'not-now until 2999-12-31')" 3
ok "the next one comes" comes v5 "$tara"
is "and is held" "$(fate v5)" "quarantine touch=2"
ok "wanted" says 0 vendor status seller.example wanted --for "$quinn"
ok "the next one comes, not vouched for" comes v6 "$quinn"
is "and is held as before" "$(fate v6)" "quarantine"
pitch v7 | sed '1i Authentication-Results: mx.buyer.example; dkim=pass header.d=seller.example' >"$T_DIR/vouched"
ok "another, vouched for" send_mail pf "$seller" "$quinn" -- --file "$T_DIR/vouched"
mta_idle pf
is "is let in" "$(fate v7)" "deliver touch=2"
ok "a date that is past" says 64 vendor status seller.example not-now 2001-01-01 --all
ok "no date" says 64 vendor status seller.example not-now tomorrow --all
ok "everybody's domain" says 64 vendor status gmail.com never --all
ok "no domain" says 64 vendor status 'a b' never --all
ok "the list" says 0 vendor list --json
like "with rulings" "$(cat "$T_DIR/said")" '"vendor": *"seller.example".*"word": *"not-now"'

# --- attention

attention() {
	sed -i '/^attention:/d' "$FILTER_DIR/profiles.d/tara.yaml"
	echo "attention: {per_day: $1}" >>"$FILTER_DIR/profiles.d/tara.yaml"
}

attention 2
sed -i 's/accept: 1.0, tag: 0.0/accept: 0.0, tag: 0.0/' "$FILTER_DIR/profiles.d/tara.yaml"
filter_stop
fresh enforce
filter_start
for n in 1 2 3; do
	ok "pitch $n of a day comes" comes a$n "$tara"
done
is "two are let in, the third is held" "$(fate a1)|$(fate a2)|$(fate a3)" \
	"deliver|deliver touch=2|quarantine touch=3"
like "it says why" "$(reasons_of "$(id_of a3)")" '^because attention: 2 of 2 today$'
filter_stop
filter_start
ok "after a restart" comes a4 "$tara"
is "nothing is forgotten" "$(fate a4)" "quarantine touch=4"
a3=$(id_of a3)
ok "one is released" says 0 quarantine release "$a3"
ok "queue empty" mta_idle pf
ok "a wanted one comes" comes a5 "$tara"
is "and needs no attention" "$(fate a5)" "deliver touch=5"
ok "no more of the campaign is wanted" says 0 feedback undo "$a3"
attention 3
kill -HUP "$FILTER_PID"
ok "the cap is raised" wait_for 5 filter_logged ' reloaded: '
ok "another comes" comes a6 "$tara"
is "neither was spent" "$(fate a6)" "deliver touch=6"
ok "another comes" comes a7 "$tara"
is "the day is full" "$(fate a7)" "quarantine touch=7"
is "what to look at first: all that is held" \
	"$(pitchward quarantine list --order regret --json | grep -c '"id"')" 2
ok "no such order" says 64 quarantine list --order best
filter_stop
filter_profile tara "$tara" "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 0.0"

# --- a store that is locked: no history, no ruling, and no mail lost

fresh enforce
filter_start
ok "a pitch comes" comes l1 "$dana"
ok "never again" says 0 vendor status seller.example never --for "$dana"
filter_stop
bg lock "$PYTHON" -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode=EXCLUSIVE")
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(60)' "$FILTER_DIR/state/pitchward.db"
locker=$T_PID
ok "another process locks the store" wait_for 5 grep -q locked "$T_DIR/log/lock"
filter_forget
filter_start
ok "a pitch comes" send_pitch l2 pf "$dana"
mta_idle pf
is "it is judged without its past" "$(fate l2)" deliver
ok "one to be held comes" send_pitch l3 pf "$quinn"
mta_idle pf
is "it is" "$(fate l3)" quarantine
is "and not delivered" "$(delivered_count pf "$quinn")" 0
stop_pid "$locker" 5 KILL
ok "free again: what was held is there" wait_for 75 held_has quinn l3
ok "a pitch comes" comes l4 "$dana"
like "what was ruled counts again" "$(fate l4)" '^quarantine'
is "what came in between was delivered" "$(delivered_count pf "$dana")" 2
filter_stop
done_testing
