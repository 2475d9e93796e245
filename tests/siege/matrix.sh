# shellcheck shell=sh disable=SC3043,SC2154  # local; addresses of filter.sh
# Failpoints before and after each step, each with kill -9, a hang and an error,
# and what an MTA may find instead of a filter: none, or one that is stopped.
# Source siege.sh first.

SIEGE_STEPS='parse score commit delrcpt reply'
SIEGE_ACTIONS='kill hang error'
SIEGE_MAILS=${SIEGE_MAILS:-4}

# matrix_documented FAILURE POINT ACTION: whether quinn may get what is held for
# them as well: where the MTA goes on without us, and where it did not do what
# we asked or the store failed after it had the copy
matrix_documented() {
	case $1-$2-$3 in
	tempfail-before-delrcpt-error | tempfail-after-commit-error) echo both ;;
	tempfail-*) echo none ;;
	*) echo both ;;
	esac
}

# It happened, or the cell shows nothing.
matrix_happened() {
	case $3 in
	kill) filter_logged 'was killed by signal 9' ;;
	hang) [ "$1" != tempfail ] || siege_deferred ;;
	error) filter_logged 'failpoint|did not take a change' || siege_deferred ;;
	esac
}

# matrix_cell KIND FAILURE POINT ACTION
matrix_cell() {
	local name="$1 $2 $3 $4"
	siege_begin enforce
	filter_start "PITCHWARD_FAILPOINT=$3:$4:1"
	siege_send "$SIEGE_MAILS"
	siege_settled 60
	ok "$name: it happened" wait_for 5 matrix_happened "$2" "$3" "$4"
	[ "$4" != hang ] || siege_kill_worker
	siege_end "$name" "$(matrix_documented "$2" "$3" "$4")"
	filter_stop
}

# Nobody listens, or nobody answers; later it does.
matrix_absent() {
	local name="$1 $2 no filter, then one"
	siege_begin enforce
	siege_send "$SIEGE_MAILS"
	[ "$2" != tempfail ] || ok "$name: it was told to wait" wait_for 20 siege_deferred
	filter_start
	siege_end "$name" both
	filter_stop
}

matrix_stopped() {
	local name="$1 $2 one that is stopped" worker
	siege_begin enforce
	filter_start
	worker=$(filter_worker)
	kill -STOP "$worker"
	siege_send "$SIEGE_MAILS"
	[ "$2" != tempfail ] || ok "$name: it was told to wait" wait_for 30 siege_deferred
	[ "$2" = tempfail ] || siege_settled 60
	kill -CONT "$worker"
	siege_end "$name" both
	filter_stop
}

# matrix_steps KIND FAILURE [POINT...]: the whole of them by default
matrix_steps() {
	local kind="$1" failure="$2" step place action
	for step in $SIEGE_STEPS; do
		for place in before after; do
			for action in $SIEGE_ACTIONS; do
				# Nothing fails after a reply.
				[ "$place-$step-$action" != after-reply-error ] || continue
				matrix_cell "$kind" "$failure" "$place-$step" "$action"
			done
		done
	done
	matrix_absent "$kind" "$failure"
	matrix_stopped "$kind" "$failure"
}

# --- reloads, while mail comes in

# matrix_reload KIND POINT ACTION
matrix_reload() {
	local name="$1 $2 $3"
	siege_begin enforce
	filter_start "PITCHWARD_FAILPOINT=$2:$3:1"
	filter_forget
	(sleep 0.1 && kill -HUP "$FILTER_PID") &
	siege_send $((SIEGE_MAILS * 5))
	wait $!
	siege_settled
	case $3 in
	kill) ok "$name: it happened" wait_for 5 filter_logged 'was killed by signal 9' ;;
	error) ok "$name: it happened" wait_for 5 filter_logged 'not reloaded.*failpoint' ;;
	hang)
		unlike "$name: it hangs" "$(filter_log .)" ' reloaded: '
		siege_kill_worker
		;;
	esac
	kill -HUP "$FILTER_PID"
	ok "$name: the next reload is taken" wait_for 10 filter_logged ' reloaded: '
	siege_end "$name" none
	filter_stop
}

# --- release and digest: the command dies, and is started again

# Long enough for a lease to end: the command's clock is ahead. Nobody waits.
matrix_later() {
	siege_clock 600
	siege_shifted "$@"
}

# matrix_command POINT ACTION COMMAND...: runs it with the failpoint; what hangs
# is killed
matrix_command() {
	local point="$1" action="$2"
	shift 2
	if [ "$action" != hang ]; then
		PITCHWARD_FAILPOINT="$point:$action" "$@" >"$T_DIR/log/command" 2>&1
		return
	fi
	bg command env "PITCHWARD_FAILPOINT=$point:hang" "$@"
	sleep 1
	t_alive "$T_PID" || diag "it did not hang"
	kill -KILL "$T_PID"
	wait "$T_PID"
}

# matrix_row NAME IN DELIVERED HELD TWICE: what is counted by its Message-ID
matrix_row() {
	siege_row "$1" "$2" "$3" "$4" 0 - 1 "$5" "$(($2 - $3 + $5 - $4))" 0
}

# matrix_release POINT ACTION: two are held, one is released. After the MTA took
# it, who dies before that is noted cannot know: it goes a second time, with
# the same Message-ID, and never not at all.
matrix_release() {
	local name="$SIEGE_KIND release $1 $2" id delivered most=1
	siege_begin enforce "release: {smtp: \"smtp://127.0.0.1:$(mta_port "$SIEGE_MTA:release")\", timeout: 1s}"
	filter_start
	send_pitch m1 "$SIEGE_MTA" "$quinn"
	send_pitch m2 "$SIEGE_MTA" "$quinn"
	id=$(pitchward quarantine list --json --search m1 | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p')
	not_ok "$name: it does not end well" matrix_command "$1" "$2" "$PITCHWARD" quarantine release "$id" \
		--config "$FILTER_DIR/pitchward.yaml"
	ok "$name: later it does" matrix_later "$PITCHWARD" quarantine release "$id" --config "$FILTER_DIR/pitchward.yaml"
	mta_idle "$SIEGE_MTA"
	delivered=$(delivered_count "$SIEGE_MTA" "$quinn")
	[ "$1" != after-release ] || most=2
	matrix_row "$name" 2 "$delivered" "$(filter_held | wc -l)" $((delivered - 1))
	is "$name: the other is held" "$(filter_held)" m2
	ok "$name: it is delivered, $most times at most" test "$delivered" -ge 1 -a "$delivered" -le $most
	filter_stop
}

# matrix_digest POINT ACTION: never twice. Who dies after the MTA took it leaves
# a mark, and the next one says so instead of sending again.
matrix_digest() {
	local name="$SIEGE_KIND digest $1 $2" delivered
	siege_begin enforce "release: {smtp: \"smtp://127.0.0.1:$(mta_port "$SIEGE_MTA:release")\", timeout: 1s}" \
		"digest: {from: pitchward@buyer.example}"
	echo 'digest: {at: "00:00", zone: UTC, days: [mon, tue, wed, thu, fri, sat, sun]}' >>"$FILTER_DIR/profiles.d/quinn.yaml"
	filter_start
	send_pitch m1 "$SIEGE_MTA" "$quinn"
	not_ok "$name: it does not end well" matrix_command "$1" "$2" "$PITCHWARD" digest --send \
		--config "$FILTER_DIR/pitchward.yaml"
	matrix_later "$PITCHWARD" digest --send --config "$FILTER_DIR/pitchward.yaml" >"$T_DIR/log/command" 2>&1
	matrix_later "$PITCHWARD" digest --send --config "$FILTER_DIR/pitchward.yaml" >>"$T_DIR/log/command" 2>&1
	mta_idle "$SIEGE_MTA"
	delivered=$(delivered_count "$SIEGE_MTA" "$quinn")
	is "$name: it is delivered once" "$delivered" 1
	matrix_row "$name" 1 "$delivered" 0 0
	is "$name: and the mail is held" "$(filter_held)" m1
	sed -i '/^digest:/d' "$FILTER_DIR/profiles.d/quinn.yaml"
	filter_stop
}

# matrix_rest KIND: with the MTA that siege_mta started
matrix_rest() {
	local action place
	SIEGE_KIND=$1
	for place in before after; do
		for action in $SIEGE_ACTIONS; do
			matrix_reload "$1" "$place-reload" "$action"
			matrix_release "$place-release" "$action"
			matrix_digest "$place-digest" "$action"
		done
	done
}
