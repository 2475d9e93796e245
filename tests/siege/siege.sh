# shellcheck shell=sh disable=SC3043,SC2154,SC2034,SC2059  # local; addresses of filter.sh; for the parts; a form
# What the parts of the siege share. Mail comes the way it does in life: an MTA
# of the sender's has it ("out"), hands it to the MTA with the filter, is told
# to try again, and does, of its own. Source tap.sh, mta.sh, filter.sh and
# scenarios.sh first.
#
#   siege_mta postfix pf tempfail
#   siege_begin enforce; filter_start PITCHWARD_FAILPOINT=before-commit:kill:1
#   siege_send 4
#   siege_end "postfix tempfail before-commit kill" none
#   siege_table
#
# Of every mail quinn gets none (it is held for them) and bob gets one. What is
# counted, id by id: each mail that "out" took is with bob once, and with quinn
# or held for them; nobody was sent a bounce. "out" has no filter, and takes all
# that it is sent, whatever the cell does to the MTA behind it.

SIEGE_TABLE=$T_DIR/table
: >"$SIEGE_TABLE"
SIEGE_CELL=0
SIEGE_SENT=0
SIEGE_FORM='%-42s %5s %9s %5s %6s %6s %7s %5s %4s %7s'

# How long each MTA waits for the filter. As short as the filter's own deadline
# of 3 s allows, so that hanging does not take all day.
siege_postfix_milter() {
	echo "smtpd_milters={ $FILTER_SOCKET, connect_timeout=2s, command_timeout=4s, content_timeout=4s, default_action=$1 }"
}

# siege_mta KIND NAME tempfail|accept|quarantine: the MTA with the filter, and
# out, the sender's; both replace what ran by their name before
siege_mta() {
	local kind="$1" name="$2" failure="$3"
	SIEGE_MTA=$name
	[ ! -e "$T_DIR/$name/kind" ] || mta_stop "$name"
	case $kind in
	postfix) postfix_start "$name" "$(siege_postfix_milter "$failure")" "master:scache unix - - n - 1 scache" ;;
	sendmail) mta_start sendmail "$name" "$FILTER_SOCKET" "$failure" 'T=C:2s;S:4s;R:4s;E:8s' ;;
	esac
	siege_out "$name"
}

# siege_out MTA: one session for several mails, as busy senders do: the MTAs
# make an error of the filter stick to the rest of it. It tries again after two
# seconds (after one its queue manager may meet its own delivery), and whom it
# tells that mail cannot be delivered is at home with it.
siege_out() {
	local next
	next="[127.0.0.1]:$(mta_port "$1")"
	[ ! -e "$T_DIR/out/kind" ] || mta_stop out
	postfix_start out "relayhost=$next" default_transport=smtp virtual_mailbox_domains=seller.example \
		smtp_host_lookup=native smtp_connection_cache_destinations=127.0.0.1 \
		smtp_connection_reuse_count_limit=3 smtp_connection_reuse_time_limit=2s smtp_connection_cache_time_limit=1s \
		default_destination_concurrency_limit=2 default_destination_concurrency_failed_cohort_limit=1000 \
		minimal_backoff_time=2s maximal_backoff_time=2s queue_run_delay=1s transport_retry_time=1s \
		"master:scache unix - - n - 1 scache"
}

# A session that out keeps open would begin the next cell with the error that
# the last one ended with.
siege_hung_up() {
	! grep -Eq "^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ [0-9A-F]+:$(printf '%04X' "$(mta_port "$SIEGE_MTA")") 01" /proc/net/tcp
}

# siege_begin MODE [YAML-LINE...]: as fresh(), and nothing was sent yet
siege_begin() {
	siege_quiet || siege_purge
	[ "$(mta_hold_count "$SIEGE_MTA")" = 0 ] || postfix_run "$SIEGE_MTA" postsuper -d ALL hold 2>/dev/null
	SIEGE_CELL=$((SIEGE_CELL + 1))
	wait_for 10 siege_hung_up
	SIEGE_SENT=0
	fresh "$@"
	: >"$T_DIR/log/out"
}

# What a cell that failed has left would be counted in the next.
siege_purge() {
	diag "purged: $(mta_queue_count out) of out, $(mta_queue_count "$SIEGE_MTA") of $SIEGE_MTA"
	postfix_run out postsuper -d ALL 2>/dev/null
	wait_for 30 mta_queue_empty "$SIEGE_MTA"
}

# siege_clock SECONDS: how far the wall clock is ahead, of what siege_shifted
# runs or started
siege_clock() {
	printf '%+031d\n' "$1" 1<>"$T_DIR/shift"
}

# siege_shifted COMMAND...
siege_shifted() {
	LD_PRELOAD=$BUILD/tests/clock_preload.so CLOCK_SHIFT=$T_DIR/shift "$@"
}

# siege_send COUNT [LOAD-OPTION...]: to quinn and bob, by way of out, whose word
# for each is what counts as "in"
siege_send() {
	siege_load first "$@"
}

# siege_more COUNT [LOAD-OPTION...]: other mails, and waits until they are there
siege_more() {
	siege_load more "$@"
	siege_settled
}

# siege_load TAG COUNT [LOAD-OPTION...]: ids are of this cell, so that none of
# another is taken for one of it
siege_load() {
	local tag="cell$SIEGE_CELL-$1" count="$2"
	shift 2
	pitches "$count" "$tag"
	# shellcheck disable=SC2086  # one word an option
	load_mail out "$count" "$seller" "$quinn" "$bob" -- $PITCHES "$@" >"$T_DIR/load" || diag "$(cat "$T_DIR/load")"
	cp "$T_DIR/out.accepted" "$T_DIR/$SIEGE_MTA.accepted"
	SIEGE_SENT=$((SIEGE_SENT + count))
}

# siege_forget: what was sent so far is not counted
siege_forget() {
	SIEGE_SENT=0
	rm -f "$T_DIR"/*.accepted "$T_DIR/$SIEGE_MTA/mail"/*/new/*
}

# siege_retried: how often out was told to try again
siege_retried() {
	grep -c 'status=deferred' "$T_DIR/log/out"
}

siege_deferred() {
	grep -q 'status=deferred' "$T_DIR/log/out"
}

siege_quiet() {
	mta_queue_empty out && mta_queue_empty "$SIEGE_MTA"
}

siege_settled() {
	wait_for "${1:-60}" siege_quiet
}

# Ids with quinn although the filter holds them.
siege_both() {
	load_delivered "$SIEGE_MTA" "$quinn" | sort -u | comm -12 - "$T_DIR/held"
}

siege_lines() {
	grep -c .
}

# siege_end NAME none|both [SECONDS]: counts, adds a row to the table, and says
# whether all is well; "both" allows what is documented, that quinn gets what
# is held for them too
siege_end() {
	local name="$1" allowed="$2" quiet=yes lost twice both in delivered bounced
	siege_settled "${3:-60}" || quiet="out $(mta_queue_count out), $SIEGE_MTA $(mta_queue_count "$SIEGE_MTA") wait"
	filter_held quinn >"$T_DIR/held.all"
	sort -u "$T_DIR/held.all" >"$T_DIR/held"
	in=$(sort -u "$T_DIR/$SIEGE_MTA.accepted" | wc -l)
	lost=$({
		load_missing "$SIEGE_MTA" "$bob"
		load_missing "$SIEGE_MTA" "$quinn" "$T_DIR/held"
	} | siege_lines)
	twice=$({
		load_twice "$SIEGE_MTA" "$bob"
		load_twice "$SIEGE_MTA" "$quinn"
		uniq -d "$T_DIR/held.all"
	} | siege_lines)
	both=$(siege_both | siege_lines)
	bounced=$(delivered_count out)
	delivered=$(load_delivered "$SIEGE_MTA" "$bob" | siege_lines)
	siege_row "$name" "$in" "$delivered" "$(siege_lines <"$T_DIR/held")" \
		"$(load_held "$SIEGE_MTA" | siege_lines)" "$(load_delivered "$SIEGE_MTA" "$quinn" | siege_lines)" "$(siege_retried)" "$((twice + both))" "$lost" "$bounced"
	[ "$allowed" = none ] || both=0
	[ "$SIEGE_SENT" -gt 0 ] || SIEGE_SENT="more than none"
	is "$name: $SIEGE_SENT in, nothing lost, bounced or twice" \
		"in $in lost $lost bounced $bounced twice $((twice + both)) quiet $quiet" \
		"in $SIEGE_SENT lost 0 bounced 0 twice 0 quiet yes"
}

# siege_row CELL IN DELIVERED HELD BY-MTA UNREAD RETRIED TWICE LOST BOUNCED:
# delivered to bob, held for quinn by us or by the MTA, delivered to quinn
siege_row() {
	printf "$SIEGE_FORM\n" "$@" >>"$SIEGE_TABLE"
}

# siege_table TITLE: all cells, as lines of explanation; the next table is empty
siege_table() {
	diag "
$1
$(printf "$SIEGE_FORM" cell in delivered held by-MTA unread retried twice lost bounced)
$(cat "$SIEGE_TABLE")"
	: >"$SIEGE_TABLE"
}

# The worker is killed, as a supervisor's watchdog would: what hangs, hangs no
# more.
siege_kill_worker() {
	local worker
	worker=$(filter_worker) || return 0
	kill -KILL "$worker" 2>/dev/null
	wait_for 10 worker_changed "$worker"
}

# siege_setup: files, the filter's configuration; no MTA yet
siege_setup() {
	bench_build clock_preload.so
	mkdir -p "$T_DIR/out"
	FILTER_RELEASE=25
	filter_setup enforce "$@"
}
