#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# What another profile would change: on mail that the filter behind a private
# Postfix has held, tagged and let in.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require postfix
filter_require

FILTER_RELEASE=$(free_port)
filter_setup enforce
filter_mta postfix pf tempfail 'mynetworks=127.0.0.0/8, 192.0.2.250'

# comes NAME RCPT: a pitch is sent and judged, and what was decided is stored
comes() {
	pitch "$1" | send_mail pf "$seller" "$2" && mta_idle pf && wait_for 5 noted "$1"
}

noted() {
	pitchward quarantine list --json --search "[$1]" | grep -q . ||
		pitchward quarantine list --json --search "[$1]" --state delivered | grep -q .
}

id_of() {
	pitchward quarantine list --json --search "[$1]" --state "${2:-held}" | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p'
}

# says STATUS COMMAND...: the command ends so; its output is in $T_DIR/said
says() {
	local wanted="$1" status=0
	shift
	pitchward "$@" >"$T_DIR/said" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || { echo "status $status" && cat "$T_DIR/said" && return 1; }
}

said() {
	cat "$T_DIR/said"
}

# profile_of NAME THRESHOLDS [LINE]: a draft beside the profiles that serve
profile_of() {
	sed "s/^verdict:.*/verdict: {$2}/" "$FILTER_DIR/profiles.d/$1.yaml" >"$T_DIR/draft.yaml"
	[ $# -lt 3 ] || echo "$3" >>"$T_DIR/draft.yaml"
}

# field NAME: of the summary
field() {
	head -n 1 "$T_DIR/said" | sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"
}

# --- before there is a store

fresh enforce
rm -f "$FILTER_DIR"/state/*
profile_of quinn "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0"
ok "no store" says 69 replay --profile "$T_DIR/draft.yaml"
like "is said to be there none" "$(said)" 'there is no store yet'

# --- mail of one day

filter_start
ok "a pitch comes to one who wants none" comes h1 "$quinn"
ok "another" comes h2 "$quinn"
ok "one to who tags" comes t1 "$tara"
ok "one to who lets all in" comes d1 "$dana"

ok "the profile that serves" says 0 replay --profile "$FILTER_DIR/profiles.d/quinn.yaml" --json
is "changes nothing" "$(wc -l <"$T_DIR/said"):$(field messages):$(field exact)" "1:2:2"
ok "in words" says 0 replay --profile "$FILTER_DIR/profiles.d/quinn.yaml"
like "it says so" "$(said)" '^Nothing would change\.$'
like "and of how many" "$(said)" '^quinn: 2 messages since 20[0-9-]+: 2 judged again exactly, 0 approximately, 0 not at all$'

profile_of quinn "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 0.0"
ok "one that tags, known by its addresses" says 0 replay --profile "$T_DIR/draft.yaml"
like "would let two in" "$(said)" '^Would be let in \(2\):$'
like "the table" "$(said)" '^quarantine +0 +2 +0$'
like "and why" "$(said)" 'relevance [0-9.]+ reaches tag 0\.00$'
ok "in JSON" says 0 replay --profile "$T_DIR/draft.yaml" --json
is "a line each" "$(grep -c '"type": *"change"' "$T_DIR/said")" 2
like "exactly" "$(said)" '"kind": *"admitted".*"judged": *"exact"'
ok "one line of it" says 0 replay --profile "$T_DIR/draft.yaml" --json --limit 1
is "is one" "$(grep -c '"type": *"change"' "$T_DIR/said")" 1
ok "and one for people" says 0 replay --profile "$T_DIR/draft.yaml" --limit 1
like "with the rest told" "$(said)" '^1 more; --limit shows them$'
ok "of use it was not" pitchward feedback irrelevant "$(id_of h1)"
ok "again" says 0 replay --profile "$T_DIR/draft.yaml"
like "stands first" "$(said)" '^Would be let in, and was said to be of no use \(1\):$'

# --- mail that was delivered: only its features are left

profile_of tara "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0"
ok "one that holds" says 0 replay --profile "$T_DIR/draft.yaml"
like "would hold it" "$(said)" '^Would be held \(1\):$'
sed -i 's/name: Endpoint detection and response, keywords: \[EDR, XDR\]/name: Office chairs, keywords: [chairs]/' "$T_DIR/draft.yaml"
ok "with another priority" says 0 replay --profile "$T_DIR/draft.yaml"
like "it is judged by what is left" "$(said)" ': 0 judged again exactly, 1 approximately, 0 not at all$'
like "as the line says" "$(said)" '\(approximately\)$'
ok "it was worth reading" pitchward feedback relevant "$(id_of t1 delivered)"
ok "the answer is no" says 1 replay --profile "$T_DIR/draft.yaml"
like "and it says why" "$(said)" '^Would be held, and was wanted \(1\):$'
like "whose word it is" "$(said)" '^ +labelled relevant; '

# --- who was written to since

profile_of dana "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0"
ok "another's" says 0 replay --profile "$T_DIR/draft.yaml" --json
like "would be held" "$(said)" '"kind": *"held"'
printf 'From: %s\nTo: %s\nSubject: Your offer\n\n%s\n' "$dana" "$seller" \
	"Dear Sam, thank you for the call. Please send the contract for the hospital by Friday, we want to sign it." \
	>"$T_DIR/out"
ok "they write to the sender" send_mail pf "$dana" "$seller" -- --file "$T_DIR/out" \
	--xclient 'ADDR=192.0.2.250 NAME=desk.buyer.example'
ok "which is learned" wait_for 5 says 1 replay --profile "$T_DIR/draft.yaml"
like "then the answer is no" "$(said)" '^Would be held, and was wanted \(1\):$'
like "because of that" "$(said)" '^ +answered; '
ok "the profile that serves" says 0 replay --profile "$FILTER_DIR/profiles.d/dana.yaml"
like "changes nothing all the same" "$(said)" '^Nothing would change\.$'

profile_of quinn "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0" 'senders: {block: ["@seller.example"]}'
ok "one that blocks" says 0 replay --profile "$T_DIR/draft.yaml"
like "what is held stays held" "$(said)" '^Nothing would change\.$'

# --- what is wrong is told, and where

sed -i 's/weight: 1.0/weight: 7/' "$T_DIR/draft.yaml"
ok "a fault in the file" says 78 replay --profile "$T_DIR/draft.yaml"
like "is shown with its place" "$(said)" 'draft\.yaml:4:[0-9]+: '
ok "no profile" says 64 replay
ok "no such file" says 66 replay --profile "$T_DIR/nowhere.yaml"
profile_of quinn "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0"
ok "nobody's id" says 64 replay --profile "$T_DIR/draft.yaml" --for quin
like "the nearest is named" "$(said)" "did you mean 'quinn'"
sed -i 's/^buyer:.*/buyer: {name: New, role: CISO, addresses: [new@buyer.example]}/' "$T_DIR/draft.yaml"
ok "nobody's addresses" says 64 replay --profile "$T_DIR/draft.yaml"
like "asks whose" "$(said)" 'say whose mail with --for'
ok "whoever is named" says 0 replay --profile "$T_DIR/draft.yaml" --for "$quinn"
ok "a time that is none" says 64 replay --profile "$T_DIR/draft.yaml" --for quinn --since soon
ok "a limit that is none" says 64 replay --profile "$T_DIR/draft.yaml" --for quinn --limit -1
ok "nothing in that time" says 0 replay --profile "$T_DIR/draft.yaml" --for quinn --since 1ms
filter_stop
done_testing
