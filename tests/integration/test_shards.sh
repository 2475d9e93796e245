#!/bin/sh
# shellcheck disable=SC3043,SC2154,SC2034  # local; set by filter.sh and postgres.sh; for filter.sh
# On PostgreSQL no statement on the way of a message goes to more than one part
# of a split table: every one names the key. The server itself tells, by the
# plans it ran (auto_explain). Then what must not be lost is where it belongs.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
. "$(dirname "$0")/../lib/postgres.sh"
mta_require postfix
filter_require
postgres_for_test

FILTER_RELEASE=$(free_port)
filter_setup enforce "store: \"$postgres_url\""
filter_mta postfix pf tempfail 'mynetworks=127.0.0.0/8, 192.0.2.250'

# Only the daemon's connections write down their plans, and only from now on.
explained="session_preload_libraries=auto_explain auto_explain.log_min_duration=0
	auto_explain.log_analyze=on auto_explain.log_timing=off
	auto_explain.log_nested_statements=on auto_explain.log_format=json"
watched() {
	local option options=
	for option in $explained; do
		options="$options%20-c%20$(printf %s "$option" | sed 's/=/%3D/')"
	done
	printf '%s&options=%s' "$postgres_url" "${options#%20}"
}

filter_start
filter_stop
filter_config enforce "store: \"$(watched)\""
filter_start

inside='ADDR=192.0.2.250 NAME=desk.buyer.example'
outside='ADDR=198.51.100.7 NAME=mx.seller.example'
ok "a pitch to one" send_pitch s1 pf "$quinn"
ok "to several" send_pitch s2 pf "$quinn" "$tara" "$dana" "$bob"
ok "the same again" send_pitch s2 pf "$quinn"
printf 'From: %s\nTo: %s\nSubject: Our meeting\n\nDear Sam, thank you for the call. %s\n' "$quinn" "$seller" \
	"Please send the contract for the hospital by Friday, we want to sign it." >"$T_DIR/out"
ok "a buyer writes out" send_mail pf "$quinn" "$seller" -- --file "$T_DIR/out" --xclient "$inside"
ok "an answer" send_mail pf "$seller" "$quinn" -- --file "$T_DIR/out" --xclient "$outside"
mta_idle pf
filter_stop

ok "no statement goes to two parts" python3 "$MTA_LIB/shards.py" "$postgres_folder/postgres.log"
python3 "$MTA_LIB/shards.py" "$postgres_folder/postgres.log" >"$T_DIR/statements"
for table in message content frame ledger features touch kin fold flow ruling ring; do
	like "$table was among them" "$(cut -c 10- "$T_DIR/statements")" "(INTO|FROM|UPDATE) $table( |\$)"
done

# And one that names no key is seen.
cp "$postgres_folder/postgres.log" "$T_DIR/before"
ok "control: a question to all" "$postgres_bin/psql" -q -d "$(watched)" -c "SELECT count(*) FROM message WHERE vendor = 'x'"
not_ok "control: is found" python3 "$MTA_LIB/shards.py" "$postgres_folder/postgres.log"

filter_config enforce "store: \"$postgres_url\""
is "what was held is held" "$(filter_held quinn)" "$(printf 's1\ns2')"
ok "and sound" pitchward store verify
done_testing
