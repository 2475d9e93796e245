# shellcheck shell=sh disable=SC3043,SC2154,SC2046  # local; addresses of filter.sh; one word a file
# What the filter does behind an MTA, told once for Postfix and sendmail. Source
# tap.sh, mta.sh and filter.sh first. Each takes the KIND of MTA and the NAME of
# one that runs, wired to the filter and told to answer 451 when it fails; each
# starts the filter it needs.

# fields FILE: the header fields of ours in a delivered mail
fields() {
	sed '/^$/q' "$1" | grep -ai '^x-pitchward'
}

# last NAME ADDRESS: the newest mail of a box
last() {
	delivered "$1" "$2" | tail -n 1
}

# fresh MODE [YAML-LINE...]: another configuration, an empty store, empty boxes
fresh() {
	filter_store
	filter_config "$@"
	filter_forget
	rm -rf "$T_DIR"/*/mail/* "$T_DIR"/*.accepted
}

# ends NAME: the filter does, without a complaint of a sanitizer
ends() {
	ok "$1: the filter ends well" filter_stop
}

send_pitch() {
	local name="$1" mta="$2"
	shift 2
	pitch "$name" | send_mail "$mta" "$seller" "$@" >"$T_DIR/replies"
}

scenario_tag() {
	local kind="$1" mta="$2"
	fresh tag
	filter_start
	ok "$kind tag: to one who wants none of it" send_pitch t1 "$mta" "$quinn"
	ok "$kind tag: to one who tags" send_pitch t2 "$mta" "$tara"
	ok "$kind tag: to both and one who lets it in" send_pitch t3 "$mta" "$quinn" "$tara" "$dana" "$bob"
	ok "$kind tag: queue empty" mta_idle "$mta"
	is "$kind tag: everything is delivered" "$(delivered_count "$mta")" 6
	is "$kind tag: nothing is held" "$(filter_held)" ""
	like "$kind tag: the verdict is in the header" "$(grep -l '\[t1\]' $(delivered "$mta" "$quinn") | xargs sed '/^$/q')" \
		'^X-Pitchward: verdict=quarantine; outreach=[01]\.[0-9]{2}; relevance=[01]\.[0-9]{2}; id=[0-9A-HJKMNP-TV-Z]{26}$'
	like "$kind tag: ... of one who tags" "$(grep -l '\[t2\]' $(delivered "$mta" "$tara") | xargs sed '/^$/q')" \
		'^X-Pitchward: verdict=tag; outreach=[01]\.[0-9]{2}; relevance=[01]\.[0-9]{2}; id='
	like "$kind tag: of several the most visible" "$(fields "$(last "$mta" "$bob")")" \
		'^X-Pitchward: verdict=deliver; outreach=.*; tag=relevant$'
	unlike "$kind tag: nobody is named" "$(fields "$(last "$mta" "$bob")")" 'quinn|tara|dana'
	is "$kind tag: a line for each mail and recipient" "$(filter_log 'rcpt=' | wc -l)" 6
	like "$kind tag: in a fixed order" "$(filter_log 'rcpt=tara' | head -n 1)" \
		'qid=[0-9A-Za-z]+ msgid="<t2@seller.example>" rcpt=tara verdict=tag outreach=[0-9.]+ relevance=[0-9.]+ gate=- model=[^ ]+ ms=[0-9.]+ id=[0-9A-Z]{26} fate=delivered'
	ends "$kind tag"
}

scenario_quarantine() {
	local kind="$1" mta="$2"
	fresh enforce
	filter_start
	ok "$kind quarantine: to four, spellings of one among them" \
		send_pitch q1 "$mta" "$quinn" "$tara" QUINN@buyer.example "$bob" Quinn@Buyer.Example
	ok "$kind quarantine: queue empty" mta_idle "$mta"
	is "$kind quarantine: delivered where it is wanted" \
		"$(delivered_count "$mta" "$tara")$(delivered_count "$mta" "$bob")" 11
	is "$kind quarantine: and to nobody else" "$(delivered_count "$mta")" 2
	is "$kind quarantine: one copy is held" "$(filter_held quinn)" q1
	like "$kind quarantine: those who get it see their verdict" "$(fields "$(last "$mta" "$tara")")" \
		'^X-Pitchward: verdict=tag; '
	like "$kind quarantine: the log says where it is" "$(filter_log 'rcpt=quinn')" 'verdict=quarantine .* fate=kept( priority=[a-z]+)?$'
	ok "$kind quarantine: sent again" send_pitch q1 "$mta" "$quinn" "$tara"
	ok "$kind quarantine: queue empty again" mta_idle "$mta"
	is "$kind quarantine: a repeat is not held twice" "$(filter_held quinn)" q1
	ends "$kind quarantine"
}

scenario_discard() {
	local kind="$1" mta="$2"
	fresh enforce
	filter_start
	ok "$kind discard: to one who wants none of it" send_pitch d1 "$mta" "$quinn" list-q@buyer.example
	ok "$kind discard: queue empty" mta_idle "$mta"
	is "$kind discard: delivered to nobody" "$(delivered_count "$mta")" 0
	is "$kind discard: a copy for each mailbox" "$(filter_held quinn | tr '\n' ' ')" "d1 d1 "
	ends "$kind discard"
}

# Released mail that meets the filter again: its signed field lets it pass.
scenario_release() {
	local kind="$1" mta="$2" id first
	fresh enforce
	filter_start
	send_pitch r1 "$mta" "$quinn"
	send_pitch r2 "$mta" "$quinn"
	is "$kind release: two are held" "$(filter_held | tr '\n' ' ')" "r1 r2 "
	id=$(pitchward quarantine list --json --search r1 | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p')
	ok "$kind release: one is released" pitchward quarantine release "$id"
	ok "$kind release: queue empty" mta_idle "$mta"
	is "$kind release: it is delivered" "$(delivered_count "$mta" "$quinn")" 1
	is "$kind release: as it was received" "$(sed '1,/^From:/{/^From:/!d}' "$(last "$mta" "$quinn")")" "$(pitch r1)"
	is "$kind release: the other stays" "$(filter_held)" r2
	first=$id

	filter_config enforce "release: {smtp: \"smtp://127.0.0.1:$(mta_port "$mta")\"}"
	id=$(pitchward quarantine list --json --search r2 | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p')
	filter_forget
	ok "$kind release: through the filter" pitchward quarantine release "$id"
	ok "$kind release: queue empty" mta_idle "$mta"
	is "$kind release: it is delivered" "$(delivered_count "$mta" "$quinn")" 2
	is "$kind release: nothing is held again" "$(filter_held)" ""
	like "$kind release: the gate knew it" "$(filter_log 'rcpt=quinn')" 'verdict=deliver .* gate=ours '
	is "$kind release: its field of ours is not delivered" \
		"$(fields "$(last "$mta" "$quinn")" | grep -c 'Release')" 0

	# The campaign is wanted since; here only the forged field may let it in.
	ok "$kind release: nothing more is wanted" pitchward feedback undo "$first" "$id"
	pitch r3 | sed "1i X-Pitchward-Release: id=$id; to=$quinn; until=9999999999; mac=00" |
		send_mail "$mta" "$seller" "$quinn" "$tara" >"$T_DIR/replies"
	mta_idle "$mta"
	is "$kind release: a forged field helps nobody" "$(filter_held)" r3
	is "$kind release: and is not delivered" "$(fields "$(last "$mta" "$tara")" | grep -c Release)" 0
	ends "$kind release"
}

scenario_forged() {
	local kind="$1" mta="$2" name seen
	fresh tag
	filter_start
	{
		printf 'X-Pitchward: verdict=deliver; id=forged\nx-pitchward: forged two\nX-PITCHWARD-REASON: forged\n'
		printf 'X-Pitchward-Error: forged\nX-pItChWaRd: forged three\n\tfolded\nX-Pitchward:\nX-Pitch: not ours\n'
		pitch f1 | sed '/^$/,$d'
		printf 'X-Pitchward: last, forged\n\nbody\nX-Pitchward: in the body\n'
	} >"$T_DIR/forged"
	ok "$kind forged: accepted" send_mail "$mta" "$seller" "$tara" -- --file "$T_DIR/forged"
	mta_idle "$mta"
	name=$(last "$mta" "$tara")
	seen=$(fields "$name")
	is "$kind forged: one field of ours is left" "$(printf '%s\n' "$seen" | grep -c .)" 1
	unlike "$kind forged: and it is not theirs" "$seen" forged
	like "$kind forged: a field of another name stays" "$(cat "$name")" '^X-Pitch: not ours$'
	like "$kind forged: the body stays" "$(cat "$name")" '^X-Pitchward: in the body$'
	{
		yes 'X-Pitchward: many, forged' | head -n 50
		pitch f2
	} >"$T_DIR/forged"
	ok "$kind forged: fifty of them" send_mail "$mta" "$seller" "$tara" -- --file "$T_DIR/forged"
	mta_idle "$mta"
	is "$kind forged: one is left" "$(fields "$(last "$mta" "$tara")" | grep -c .)" 1
	ends "$kind forged"
}

scenario_early_accept() {
	local kind="$1" mta="$2"
	fresh enforce
	filter_start
	ok "$kind early: nobody covered" send_pitch e1 "$mta" "$bob" carol@buyer.example
	ok "$kind early: a null sender" send_mail "$mta" "" "$bob" <"$T_DIR/forged"
	mta_idle "$mta"
	is "$kind early: delivered" "$(delivered_count "$mta")" 3
	kill -USR2 "$FILTER_PID"
	ok "$kind early: the counters are told" wait_for 5 filter_logged 'passed=2 gated=0'
	like "$kind early: the log has a line" "$(filter_log 'qid=')" 'qid=[0-9A-Za-z]+ msgid=- rcpt=- verdict=deliver .* gate=uncovered '
	ends "$kind early"
}

scenario_hold() {
	local kind="$1" mta="$2"
	fresh enforce "quarantine: {method: hold}"
	filter_start
	ok "$kind hold: to one who wants none of it" send_pitch h1 "$mta" "$quinn"
	ok "$kind hold: to one who does, too" send_pitch h2 "$mta" "$quinn" "$bob"
	mta_idle "$mta"
	is "$kind hold: the MTA holds the one" "$(mta_hold_count "$mta")" 1
	is "$kind hold: of the other we keep a copy" "$(filter_held)" h2
	is "$kind hold: and the rest is delivered" "$(delivered_count "$mta" "$bob")$(delivered_count "$mta" "$quinn")" 10
	ok "$kind hold: the administrator releases it" mta_release "$mta" "$(mta_hold_ids "$mta")"
	wait_for 20 test "$(delivered_count "$mta" "$quinn")" = 1 || mta_idle "$mta"
	is "$kind hold: it is delivered" "$(delivered_count "$mta" "$quinn")" 1
	ends "$kind hold"
}

scenario_redirect() {
	local kind="$1" mta="$2"
	fresh enforce "quarantine: {method: redirect, redirect: holding@buyer.example}"
	filter_start
	ok "$kind redirect: to one and another" send_pitch x1 "$mta" "$quinn" "$bob"
	ok "$kind redirect: to one alone" send_pitch x2 "$mta" "$quinn"
	mta_idle "$mta"
	is "$kind redirect: sent where they are kept" "$(delivered_count "$mta" holding@buyer.example)" 2
	is "$kind redirect: the one got none, the other his" \
		"$(delivered_count "$mta" "$quinn")$(delivered_count "$mta" "$bob")" 01
	ends "$kind redirect"
}

# Good and bad configurations by turns while mail comes in.
hup_all_along() {
	local i=0
	while [ -e "$T_DIR/loading" ]; do
		i=$((i + 1))
		if [ $((i % 2)) = 0 ]; then
			echo 'nonsense: [' >"$FILTER_DIR/profiles.d/broken.yaml"
		else
			rm -f "$FILTER_DIR/profiles.d/broken.yaml"
		fi
		kill -HUP "$FILTER_PID"
		sleep 0.05
	done
	rm -f "$FILTER_DIR/profiles.d/broken.yaml"
}

scenario_reload() {
	local kind="$1" mta="$2" count="${3:-200}" worker
	fresh enforce
	filter_start
	worker=$(filter_worker)
	pitches "$count" load
	: >"$T_DIR/loading"
	hup_all_along &
	# shellcheck disable=SC2086  # one word an option
	ok "$kind reload: $count mails while it reloads" load_mail "$mta" "$count" "$seller" "$quinn" "$bob" -- $PITCHES
	rm "$T_DIR/loading"
	wait $!
	ok "$kind reload: queue empty" mta_idle "$mta" 60
	is "$kind reload: the worker is the same" "$(filter_worker)" "$worker"
	ok "$kind reload: good ones were taken" filter_logged ' reloaded: '
	ok "$kind reload: bad ones were refused" filter_logged 'warning: not reloaded, .*broken.yaml:[0-9]+:'
	is "$kind reload: nobody misses a mail" "$(load_missing "$mta" "$bob")" ""
	is "$kind reload: none comes twice" "$(load_twice "$mta" "$bob")" ""
	is "$kind reload: all of the other's are held" "$(filter_held quinn | sort -u | wc -l)" "$count"
	is "$kind reload: none is delivered" "$(delivered_count "$mta" "$quinn")" 0
	ends "$kind reload"
}

# One mail, and the worker dies at this point of its end of message. The client
# is told to try again, does, and nothing is lost.
killed_at() {
	local kind="$1" mta="$2" point="$3" worker began
	fresh enforce
	filter_start "PITCHWARD_FAILPOINT=$point:kill:1"
	worker=$(filter_worker)
	not_ok "$kind killed $point: the mail is not taken" send_pitch k1 "$mta" "$quinn" "$bob"
	now_cs
	began=$T_NOW
	ok "$kind killed $point: another worker is there" wait_for 5 worker_changed "$worker"
	now_cs
	ok "$kind killed $point: within a second" test $((T_NOW - began)) -lt 100
	ok "$kind killed $point: the mail is taken when it comes again" send_pitch k1 "$mta" "$quinn" "$bob"
	ok "$kind killed $point: so is the next one" send_pitch k2 "$mta" "$quinn"
	mta_idle "$mta"
	is "$kind killed $point: one is delivered where it is wanted" "$(delivered_count "$mta" "$bob")" 1
	case $point in
	before-parse | after-score)
		is "$kind killed $point: what killed passes unread" "$(delivered_count "$mta" "$quinn")" 1
		like "$kind killed $point: and says so" "$(fields "$(last "$mta" "$quinn")")" '^X-Pitchward-Error: parse$'
		is "$kind killed $point: the next one is held" "$(filter_held)" k2
		;;
	*)
		is "$kind killed $point: both are held, once" "$(filter_held | tr '\n' ' ')" "k1 k2 "
		is "$kind killed $point: and not delivered" "$(delivered_count "$mta" "$quinn")" 0
		;;
	esac
	ends "$kind killed $point"
}

worker_changed() {
	local now
	now=$(filter_worker) && [ "$now" != "$1" ]
}

scenario_killed() {
	local point
	for point in before-parse after-score before-commit after-commit after-delrcpt before-reply; do
		killed_at "$1" "$2" "$point"
	done
}

# A mail while the worker dies again and again: every one of the load is either
# taken, and then somewhere, or refused for now.
scenario_killed_under_load() {
	local kind="$1" mta="$2" count=150 i=0 first
	fresh enforce
	filter_start
	pitches $count load
	first=$(filter_worker)
	while [ $i -lt 12 ] && sleep 0.15; do
		kill -KILL "$(filter_worker)" 2>/dev/null
		i=$((i + 1))
	done &
	# shellcheck disable=SC2086  # one word an option
	load_mail "$mta" $count "$seller" "$quinn" "$bob" -- $PITCHES >"$T_DIR/load"
	wait $!
	diag "$(cat "$T_DIR/load")"
	mta_idle "$mta" 60
	ok "$kind killed under load: it was" wait_for 10 worker_changed "$first"
	is "$kind killed under load: nobody misses a mail" "$(load_missing "$mta" "$bob")" ""
	filter_held quinn >"$T_DIR/held"
	is "$kind killed under load: what is not delivered is held" "$(load_missing "$mta" "$quinn" "$T_DIR/held")" ""
	ends "$kind killed under load"
}

# The store's file is locked by somebody else: copies go to the spool, and from
# there to the store when it is free again.
scenario_locked() {
	local kind="$1" mta="$2" lock
	fresh enforce
	filter_start
	send_pitch l1 "$mta" "$quinn"
	bg lock "$PYTHON" -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(60)' "$FILTER_DIR/state/pitchward.db"
	lock=$T_PID
	wait_for 5 grep -q locked "$T_DIR/log/lock"
	ok "$kind locked: the mail is taken" send_pitch l2 "$mta" "$quinn" "$bob"
	mta_idle "$mta"
	is "$kind locked: delivered where it is wanted" "$(delivered_count "$mta" "$bob")" 1
	is "$kind locked: and to nobody else" "$(delivered_count "$mta" "$quinn")" 0
	ok "$kind locked: a copy is in the spool" spool_counts 1
	kill "$lock"
	ok "$kind locked: free again, the store has it" wait_for 75 held_are "l1 l2 "
	ok "$kind locked: the spool is empty" wait_for 5 spool_counts 0
	ends "$kind locked"
}

# spool_counts NUMBER: of copies in the spool; a file goes just after the store has it
spool_counts() {
	[ "$(find "$FILTER_DIR/state/spool" -type f ! -name '.*' | wc -l)" = "$1" ]
}

held_are() {
	[ "$(filter_held 2>/dev/null | tr '\n' ' ')" = "$1" ]
}

# fill STATE: the log, too, has nothing to give back, which the store would find room in
fill() {
	"$PYTHON" -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()' "$1/pitchward.db"
	# What is kept for bad days goes too.
	find "$1" -name '*.ballast' -delete
	cat /dev/zero >"$1/filler" 2>/dev/null
}

# Store and spool full, one after the other.
scenario_full() {
	local kind="$1" mta="$2" state="$FILTER_DIR/state"
	fresh enforce "spool: {path: spool}"
	if ! mount -t tmpfs -o size=2m tmpfs "$state" 2>/dev/null; then
		skip "$kind full: the store's disk is full" "no tmpfs can be mounted here"
		return
	fi
	filter_start
	fill "$state"
	ok "$kind full: the mail is taken" send_pitch u1 "$mta" "$quinn" "$bob"
	mta_idle "$mta"
	is "$kind full: not delivered where it is not wanted" "$(delivered_count "$mta" "$quinn")" 0
	is "$kind full: a copy is in the spool" "$(find "$FILTER_DIR/spool" -type f ! -name '.*' | wc -l)" 1
	rm "$state/filler"
	ok "$kind full: with room again, the store has it" wait_for 75 held_are "u1 "
	ends "$kind full"

	filter_config enforce
	filter_start
	fill "$state"
	ok "$kind full: spool as well, the mail is taken" send_pitch u2 "$mta" "$quinn" "$bob"
	mta_idle "$mta"
	is "$kind full: it is delivered to all" "$(delivered_count "$mta" "$quinn")$(delivered_count "$mta" "$bob")" 12
	like "$kind full: and says so" "$(fields "$(last "$mta" "$quinn")")" '^X-Pitchward-Error: store$'
	is "$kind full: the log says so once" "$(filter_log 'warning: qid=.* store: ' | wc -l)" 1
	ends "$kind full"

	filter_config enforce "on_error: {store: tempfail}"
	filter_start
	fill "$state"
	not_ok "$kind full: or it is refused for now" send_pitch u3 "$mta" "$quinn" "$bob"
	like "$kind full: ... with 451 4.7.1" "$(cat "$T_DIR/replies")" '^DATA\. 451 4\.7\.1 '
	ends "$kind full"
	umount "$state"
	rm -rf "$FILTER_DIR/spool"
}

# Told to end in the middle of an end of message, which ends first.
scenario_stop() {
	local kind="$1" mta="$2" sender
	fresh enforce
	filter_start PITCHWARD_FAILPOINT=before-reply:delay=1500:1
	send_pitch s1 "$mta" "$quinn" "$bob" &
	sender=$!
	wait_for 10 filter_logged 'fate=kept'
	ok "$kind stop: it ends well" filter_stop
	ok "$kind stop: the mail under way was taken" wait $sender
	mta_idle "$mta"
	is "$kind stop: and delivered" "$(delivered_count "$mta" "$bob")" 1
	is "$kind stop: and held" "$(filter_held)" s1
	not_ok "$kind stop: nobody listens" listening "$FILTER_SOCKET"
}

# A sockaddr that nobody reads from, a hang: the MTA gives up, a later attempt
# finds the copy.
scenario_hang() {
	local kind="$1" mta="$2"
	fresh enforce
	filter_start PITCHWARD_FAILPOINT=after-commit:delay=6000:1
	not_ok "$kind late: an answer that is too late is none" send_pitch g1 "$mta" "$quinn" "$bob"
	ok "$kind late: the mail is taken when it comes again" send_pitch g1 "$mta" "$quinn" "$bob"
	mta_idle "$mta"
	is "$kind late: one is delivered" "$(delivered_count "$mta")" 1
	is "$kind late: one is held" "$(filter_held)" g1
	ends "$kind late"
}

# Restarted again and again while mail comes in, the socket held by somebody
# else: what is cut off is refused for now, and nothing passes unread.
scenario_restart() {
	local kind="$1" mta="$2" count=200 holder i=0
	fresh enforce
	filter_activated
	holder=$T_PID
	pitches $count load
	while [ $i -lt 5 ] && wait_for 10 restarts_are $((i + 1)); do
		sleep 0.2
		kill -USR1 "$holder"
		i=$((i + 1))
	done &
	# shellcheck disable=SC2086  # one word an option
	load_mail "$mta" $count "$seller" "$quinn" "$bob" -- $PITCHES >"$T_DIR/load"
	wait $!
	diag "$(cat "$T_DIR/load")"
	mta_idle "$mta" 60
	ok "$kind restart: there were five" wait_for 10 restarts_are 6
	is "$kind restart: nobody misses a mail" "$(load_missing "$mta" "$bob")" ""
	is "$kind restart: none passed unread" "$(delivered_count "$mta" "$quinn")" 0
	filter_held quinn >"$T_DIR/held"
	is "$kind restart: all of the other's are held" "$(load_missing "$mta" "$quinn" "$T_DIR/held")" ""
	ok "$kind restart: each ended well" stop_pid "$holder" 15
	rm -f "${FILTER_SOCKET#unix:}"
}

restarts_are() {
	[ "$(filter_log 'serving ' | wc -l)" = "$1" ]
}

filter_activated() {
	milter_start filter "$FILTER_SOCKET" "$PYTHON" "$MTA_LIB/activate.py" "${FILTER_SOCKET#unix:}" \
		"$FILTER" --config "$FILTER_DIR/pitchward.yaml" --foreground
	wait_for 10 filter_serves || bail "the filter does not serve"
}
