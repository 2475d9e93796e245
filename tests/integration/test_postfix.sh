#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# The filter behind a private Postfix, wired as contrib/postfix tells.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require postfix
filter_require

# What the administrator is told of the listener for released mail is the same
# in three places, and of the filter in two.
told() {
	local wanted
	wanted=$(grep -v '^#' "$FILTER_CONTRIB/postfix/master.cf")
	like "told: no milter of main.cf sees released mail" "$wanted" '^  -o smtpd_milters=$'
	is "told: the manual has that listener" \
		"$(sed -n '/^127.0.0.1:10026 /,/^\.Ed/p' "$FILTER_CONTRIB/man/pitchward-operations.7" | grep -v '^\.')" "$wanted"
	"$PITCHWARD" init "$T_DIR/told" --name Priya --email "$quinn" --template ciso --mta postfix >/dev/null
	is "told: and so has what init writes" \
		"$(sed -n "/^# In Postfix's master.cf/,/^release/s/^#   //p" "$T_DIR/told/pitchward.yaml")" "$wanted"
	is "told: as it has the filter's lines" \
		"$(sed -n "/^  # In Postfix's main.cf/,/^[^ ]/s/^  #   //p" "$T_DIR/told/pitchward.yaml")" \
		"$(grep -v '^#' "$FILTER_CONTRIB/postfix/main.cf" | sed "s|unix:pitchward/milter.sock|unix:$T_DIR/told/state/milter.sock|")"
}

told
FILTER_RELEASE=$(free_port)
relay='mynetworks=127.0.0.0/8, 192.0.2.250'
filter_setup observe
filter_mta postfix pf tempfail "$relay"

scenario_tag postfix pf
scenario_quarantine postfix pf
scenario_discard postfix pf
like "postfix discard: its log says so" "$(mta_log pf)" 'milter-discard'
scenario_release postfix pf
scenario_forged postfix pf
scenario_early_accept postfix pf
scenario_hold postfix pf
scenario_redirect postfix pf
scenario_reload postfix pf
scenario_killed postfix pf
scenario_killed_under_load postfix pf
scenario_locked postfix pf
scenario_full postfix pf
scenario_stop postfix pf
scenario_restart postfix pf

# --- what takes a client of another address (XCLIENT)

inside='ADDR=192.0.2.250 NAME=desk.buyer.example'
outside='ADDR=198.51.100.7 NAME=mx.seller.example'
vouched='Authentication-Results: mx.buyer.example; dkim=pass header.d=seller.example'

# A buyer's own mail is left as it is and makes the other side known.
test_contact() {
	fresh enforce
	filter_start
	printf 'From: %s\nTo: %s\nSubject: Our meeting\nX-Pitchward: left alone\n\n%s\n' "$quinn" "$seller" \
		"Dear Sam, thank you for the call. Please send the contract for the hospital by Friday, we want to sign it." \
		>"$T_DIR/out"
	ok "contact: a buyer writes out" send_mail pf "$quinn" "$seller" -- --file "$T_DIR/out" --xclient "$inside"
	mta_idle pf
	like "contact: nothing of it is changed" "$(cat "$(last pf "$seller")")" '^X-Pitchward: left alone$'
	ok "contact: the answer comes, not vouched for" send_pitch c1 pf "$quinn"
	pitch c2 | sed "1i $vouched" >"$T_DIR/vouched"
	ok "contact: and vouched for" send_mail pf "$seller" "$quinn" -- --file "$T_DIR/vouched" --xclient "$outside"
	mta_idle pf
	is "contact: From alone is free to forge" "$(filter_held)" c1
	like "contact: who is known comes in" "$(fields "$(last pf "$quinn")")" '^X-Pitchward: verdict=deliver; gate=contact; id='
	filter_stop
}

test_internal() {
	fresh enforce
	filter_start
	pitch i1 | sed '1i X-Pitchward: forged' >"$T_DIR/internal"
	ok "internal: from our own network" send_mail pf "$seller" "$quinn" -- --file "$T_DIR/internal" --xclient "$inside"
	mta_idle pf
	is "internal: it is not judged" "$(fields "$(last pf "$quinn")" | sed 's/id=.*//')" "X-Pitchward: verdict=deliver; gate=internal; "
	filter_stop
}

test_observe() {
	fresh observe
	filter_start
	pitch o1 | sed '1i X-Pitchward: theirs' >"$T_DIR/observed"
	ok "observe: a pitch" send_mail pf "$seller" "$quinn" -- --file "$T_DIR/observed"
	mta_idle pf
	is "observe: nothing is changed" "$(fields "$(last pf "$quinn")")" "X-Pitchward: theirs"
	like "observe: but decided" "$(filter_log rcpt=quinn)" 'verdict=quarantine .* fate=delivered( priority=[a-z]+)?$'
	filter_stop
}

test_subject_and_reasons() {
	fresh tag "tag: {subject_prefix: \"[pitch] \"}" "headers: {reasons: yes}"
	filter_start
	ok "subject: a pitch" send_pitch j1 pf "$tara"
	mta_idle pf
	like "subject: with its prefix" "$(cat "$(last pf "$tara")")" '^Subject: \[pitch\] Quick question about endpoint security \[j1\]$'
	like "subject: with its reasons" "$(fields "$(last pf "$tara")")" '^X-Pitchward-Reason: (outreach|relevance): .*[+-][0-9.]+'
	is "subject: no line of ours is too long" "$(sed '/^$/q' "$(last pf "$tara")" | grep -A 20 -i '^x-pitchward' | grep -c '.\{999\}')" 0
	filter_stop
}

# Addresses as non-SMTP clients and odd people write them.
test_addresses() {
	fresh enforce
	filter_profile quinn "$quinn, \"\\\"q uinn\\\"@buyer.example\"" "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0"
	filter_start
	ok "addresses: an alias that becomes two" send_pitch a1 pf all@buyer.example "$bob"
	mta_idle pf
	is "addresses: an alias is not the buyer" "$(delivered_count pf "$quinn")" 1
	rm -rf "$T_DIR"/pf/mail/*
	printf '%s\n' 'MAIL FROM:<sam@seller.example>' 'RCPT TO:<"q uinn"@buyer.example>' 'RCPT TO:<"q uinn"@Buyer.Example>' \
		"RCPT TO:<$bob>" 'DATA' "@file $T_DIR/a2" >"$T_DIR/talk"
	pitch a2 >"$T_DIR/a2"
	smtp pf talk <"$T_DIR/talk" >"$T_DIR/replies"
	mta_idle pf
	is "addresses: quoted ones are removed" "$(delivered_count pf)$(delivered_count pf "$bob")" 11
	is "addresses: and held" "$(filter_held | tail -n 1)" a2
	filter_setup enforce
	filter_stop
}

test_contact
test_internal
test_observe
test_subject_and_reasons
mta_stop pf
mta_alias pf all@buyer.example "$quinn" carol@buyer.example
filter_mta postfix pf tempfail
test_addresses
mta_stop pf

filter_mta postfix pg tempfail 'smtpd_milters={ '"$FILTER_SOCKET"', content_timeout=5s, default_action=tempfail }'
scenario_hang postfix pg
mta_stop pg

# Down, and told to let mail through.
filter_mta postfix ph accept
ok "down: accepted all the same" send_pitch down ph "$quinn"
mta_idle ph
is "down: and delivered unread" "$(delivered_count ph "$quinn")" 1

done_testing
