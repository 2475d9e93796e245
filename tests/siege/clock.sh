# shellcheck shell=sh disable=SC3043,SC2154  # local; addresses of filter.sh
# The wall clock jumps while mail comes in, and comes back. Deadlines are not
# its business; a digest is sent once a day, whatever day it seems to be; what was
# held today does not expire. Source siege.sh first.

CLOCK_DAY=86400

clock_digest_says() {
	siege_shifted "$PITCHWARD" digest --send --config "$FILTER_DIR/pitchward.yaml"
}

# clock_expired: how many expire now
clock_expired() {
	siege_shifted "$PITCHWARD" quarantine expire --config "$FILTER_DIR/pitchward.yaml" | sed 's/ .*//'
}

# clock_jump TAG SECONDS: when the first mail of the load is through, and others
# are under way
clock_jump() {
	wait_for 10 filter_logged "$1-0" && siege_clock "$2"
}

# clock_cell DAYS: the digest of today is sent before the jump. Each mail takes
# long enough that the clock jumps in the middle of some.
clock_cell() {
	local name="clock $1 days" digests
	siege_begin enforce "release: {smtp: \"smtp://127.0.0.1:$(mta_port "$SIEGE_MTA:release")\", timeout: 5s}" \
		"digest: {from: pitchward@buyer.example}"
	echo 'digest: {at: "00:00", zone: UTC, days: [mon, tue, wed, thu, fri, sat, sun]}' >>"$FILTER_DIR/profiles.d/quinn.yaml"
	siege_clock 0
	filter_start "LD_PRELOAD=$BUILD/tests/clock_preload.so" "CLOCK_SHIFT=$T_DIR/shift" \
		PITCHWARD_FAILPOINT=after-parse:delay=150
	siege_more 2
	is "$name: today's digest is sent" "$(clock_digest_says)" "quinn digest sent"
	clock_jump there $(($1 * CLOCK_DAY)) &
	siege_load there 12
	wait $!
	siege_settled
	is "$name: none of it expires there" "$(clock_expired)" 0
	like "$name: there is a digest of that day" "$(clock_digest_says)" '^quinn digest sent$'
	is "$name: a second one is not sent there" "$(clock_digest_says)" ""
	clock_jump back 0 &
	siege_load back 12
	wait $!
	siege_settled
	is "$name: nor back again" "$(clock_digest_says)" ""
	is "$name: none of it expires" "$(clock_expired)" 0
	digests=$(delivered "$SIEGE_MTA" "$quinn" | xargs sed -n 's/^Message-ID: //p' | wc -l)
	is "$name: one for today and one for the day there" "$digests" 2
	is "$name: and not the same" "$(delivered "$SIEGE_MTA" "$quinn" | xargs sed -n 's/^Message-ID: //p' | sort -u | wc -l)" 2
	is "$name: no message was late" "$(filter_log 'deadline passed' | wc -l)" 0
	siege_end "$name" none
	sed -i '/^digest:/d' "$FILTER_DIR/profiles.d/quinn.yaml"
	filter_stop
}
