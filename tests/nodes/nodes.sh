# shellcheck shell=sh disable=SC3043,SC2034,SC2154  # local; for the parts; of filter.sh
# Three machines in network namespaces, each with a Postfix and the filter, and
# a fourth with the one PostgreSQL they share. Source tap.sh, mta.sh, filter.sh
# and postgres.sh first.
#
#   nodes_require
#   nodes_setup
#   node_start n1 ...
#
# The namespaces hang on a bridge in the database's. Nothing of it is seen from
# outside, so several tests may do the same at once. A node's name is that of
# its namespace, its UTS name, its Postfix and its folder in $T_DIR/nodes.

NODES="n1 n2 n3"
NODES_NET=10.99.0
NODES_ID=pw$$
NODES_FOLDER=$T_DIR/nodes
NODES_DB=$NODES_FOLDER/db
NODES_LIB=${NODES_LIB:-$(cd "$T_LIB/../nodes" && pwd)}

nodes_require() {
	mta_require postfix
	filter_require
	[ -n "$postgres_bin" ] || skip_all "no PostgreSQL: run tests/lib/deps.sh check"
	if ! ip netns add "$NODES_ID-try" 2>/dev/null; then
		skip_all "no network namespaces can be made here"
	fi
	if ! ip -n "$NODES_ID-try" link add try0 type veth peer name try1 2>/dev/null ||
		! ip -n "$NODES_ID-try" link add try2 type bridge 2>/dev/null; then
		ip netns del "$NODES_ID-try"
		skip_all "no veth or bridge can be made here"
	fi
	ip netns del "$NODES_ID-try"
}

# --- namespaces

# nodes_in MACHINE COMMAND...: there
nodes_in() {
	sh "$NODES_LIB/in.sh" "$NODES_ID" "$@"
}

# nodes_bg NAME MACHINE COMMAND...: there, as bg; $T_PID is the command's
nodes_bg() {
	local name="$1"
	shift
	bg "$name" sh "$NODES_LIB/in.sh" "$NODES_ID" "$@"
}

node_address() {
	echo "$NODES_NET.1${1#n}"
}

nodes_net_add() {
	local machine="$1"
	ip netns add "$NODES_ID-$machine"
	ip -n "$NODES_ID-$machine" link set lo up
}

nodes_net() {
	local node
	nodes_net_add db
	ip -n "$NODES_ID-db" link add br0 type bridge
	ip -n "$NODES_ID-db" addr add "$NODES_NET.1/24" dev br0
	ip -n "$NODES_ID-db" link set br0 up
	for node in $NODES; do
		nodes_net_add "$node"
		ip -n "$NODES_ID-db" link add "to-$node" type veth peer name eth0 netns "$NODES_ID-$node"
		ip -n "$NODES_ID-db" link set "to-$node" master br0 up
		ip -n "$NODES_ID-$node" addr add "$(node_address "$node")/24" dev eth0
		ip -n "$NODES_ID-$node" link set eth0 up
	done
}

nodes_net_end() {
	local machine
	for machine in db $NODES; do
		ip netns del "$NODES_ID-$machine" 2>/dev/null
	done
	return 0
}

# node_cut NODE; node_join NODE: the cable, at the other end
node_cut() { ip -n "$NODES_ID-db" link set "to-$1" down; }
node_join() { ip -n "$NODES_ID-db" link set "to-$1" up; }

# --- in their namespaces: what mta.sh, postfix.sh and postgres.sh do in ours

postfix_run() {
	local name="$1" etc="$T_DIR/$1/etc"
	shift
	MAIL_CONFIG=$etc nodes_in "$name" "$@"
}

mta_listening() {
	nodes_in "$1" cat /proc/net/tcp | grep -Eq " 0100007F:$(printf '%04X' "$(mta_port "$1")") [0-9A-F]+:0000 0A"
}

_postgres_as() {
	shift
	nodes_in db setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
}

# --- the database

nodes_db_start() {
	mkdir -p "$NODES_DB"
	_postgres_make "$NODES_DB" || bail "initdb: $(tail -n 3 "$NODES_DB/initdb.log")"
	grep -q "$NODES_NET" "$NODES_DB/data/pg_hba.conf" ||
		echo "host all all $NODES_NET.0/24 trust" >>"$NODES_DB/data/pg_hba.conf"
	# What is idle keeps no machine busy.
	set -- listen_addresses="$NODES_NET.1" log_min_messages=warning autovacuum_naptime=10s
	postgres_start "$NODES_DB" "$@" || bail "PostgreSQL does not start: $(tail -n 5 "$NODES_DB/postgres.log")"
}

nodes_db_pids() {
	local main
	main=$(sed -n 1p "$NODES_DB/data/postmaster.pid" 2>/dev/null) || return
	echo "$main"
	pgrep -P "$main"
}

nodes_db_signal() {
	# shellcheck disable=SC2046  # one word a pid
	kill "-$1" $(nodes_db_pids) 2>/dev/null
}

# nodes_db_main SIGNAL: to the postmaster only
nodes_db_main() {
	kill "-$1" "$(sed -n 1p "$NODES_DB/data/postmaster.pid")"
}

nodes_db_gone() {
	local pid
	for pid; do
		t_gone "$pid" || return 1
	done
}

# nodes_db_end SIGNAL...: to the postmaster, until all of it is gone; KILL goes
# to every process
nodes_db_end() {
	local pids signal
	pids=$(nodes_db_pids)
	for signal; do
		case $signal in
		KILL) nodes_db_signal KILL ;;
		# It waits for who is connected, and lets in nobody else.
		TERM) nodes_db_main TERM && sleep 1 ;;
		*) nodes_db_main "$signal" ;;
		esac
	done
	# shellcheck disable=SC2086  # one word a pid
	wait_for 20 nodes_db_gone $pids || bail "PostgreSQL does not end"
}

nodes_sql() {
	"$postgres_bin/psql" -qAt -F ' ' -h "$NODES_DB/socket" -U pitchward -d pitchward -c "$1"
}

# --- a node

# node_use NODE: filter_* mean its filter from now on
node_use() {
	FILTER_DIR=$T_DIR/nodes/$1
	FILTER_SOCKET=unix:$T_DIR/s/$1
}

node_port() {
	case $1 in
	n3) echo 5433 ;;
	*) echo 5432 ;;
	esac
}

# node_url NODE: the last one goes through the proxy
node_url() {
	echo "postgresql://pitchward@$NODES_NET.1:$(node_port "$1")/pitchward?sslmode=disable&gssencmode=disable"
}

node_postfix() {
	local node="$1"
	postfix_start "$node" milter_default_action=tempfail \
		"smtpd_milters={ unix:$T_DIR/s/$node, connect_timeout=2s, command_timeout=5s, content_timeout=8s, default_action=tempfail }" \
		smtpd_peername_lookup=no "mynetworks=127.0.0.0/8" \
		"master:$(node_address "$node"):2525 inet n - n - - smtpd"
}

# node_serve NODE: the filter; its supervisor's pid is in its folder
node_serve() {
	local node="$1" mask seen
	seen=$(node_served "$node")
	mask=$(umask)
	umask 007
	nodes_bg "filter-$node" "$node" "$FILTER" --config "$NODES_FOLDER/$node/pitchward.yaml" --foreground
	umask "$mask"
	echo "$T_PID" >"$NODES_FOLDER/$node/pid"
	wait_for 15 node_serves_again "$node" "$seen" || bail "$node does not serve"
}

node_served() {
	grep -c 'serving ' "$T_DIR/log/filter-$1" 2>/dev/null
}

node_serves_again() {
	[ "$(node_served "$1")" != "$2" ]
}

# node_kill NODE: supervisor and worker at once
node_kill() {
	local main
	main=$(cat "$NODES_FOLDER/$1/pid")
	# shellcheck disable=SC2046  # one word a pid
	kill -KILL "$main" $(pgrep -P "$main")
	wait "$main" 2>/dev/null
}

node_stop() {
	stop_pid "$(cat "$NODES_FOLDER/$1/pid")" 20
}

# node_setup NODE: files only. All share the key; models are each
# one's own, and at first the shipped ones.
node_setup() {
	local node="$1"
	mkdir -p "$NODES_FOLDER/$node/models"
	cp -r "$MTA_LIB/../../models/outreach" "$MTA_LIB/../../models/relevance" "$NODES_FOLDER/$node/models/"
	node_use "$node"
	FILTER_RELEASE=$(mta_port "$node:release")
	filter_setup enforce
	echo 'digest: {at: "00:00", zone: Etc/UTC, days: [mon, tue, wed, thu, fri, sat, sun]}' \
		>>"$NODES_FOLDER/$node/profiles.d/quinn.yaml"
	node_use "$node"
	filter_config enforce "store: \"$(node_url "$node")\"" "key: $NODES_FOLDER/key" \
		"models: $NODES_FOLDER/$node/models" "web: {url: \"https://mail.buyer.example\"}" \
		"digest: {from: pitchward@buyer.example}"
}

node_pitchward() {
	local node="$1"
	shift
	nodes_in "$node" "$PITCHWARD" "$@" --config "$NODES_FOLDER/$node/pitchward.yaml"
}

node_spooled() {
	find "$NODES_FOLDER/$1/state/spool" -type f ! -name '.*' 2>/dev/null | wc -l
}

nodes_spooled() {
	find "$NODES_FOLDER"/*/state/spool -type f ! -name '.*' 2>/dev/null | wc -l
}

nodes_drained() {
	[ "$(nodes_spooled)" = 0 ]
}

nodes_idle() {
	local node
	for node in $NODES; do
		mta_queue_empty "$node" || return 1
	done
}

# nodes_setup: namespaces, the database and the proxy; then each node runs
nodes_setup() {
	local node
	t_at_exit nodes_net_end
	nodes_net
	t_at_exit 'postgres_stop "$NODES_DB"'
	nodes_db_start
	echo 0 >"$NODES_FOLDER/lose"
	: >"$T_DIR/log/proxy"
	nodes_bg proxy db "$PYTHON" "$NODES_LIB/proxy.py" "$NODES_NET.1:5433" "$NODES_NET.1:5432" "$NODES_FOLDER/lose"
	wait_for 10 grep -q listening "$T_DIR/log/proxy" || bail "the proxy does not listen"
	for node in $NODES; do
		node_postfix "$node"
		node_setup "$node"
		node_serve "$node"
	done
}

# --- mail

# nodes_phase NAME: of what is sent from now on
nodes_phase() {
	[ -z "${NODES_VERBOSE:-}" ] || diag "$(date +%T) $1, spooled $(nodes_spooled)"
	echo "$1" >"$NODES_FOLDER/phase.new"
	mv "$NODES_FOLDER/phase.new" "$NODES_FOLDER/phase"
	echo "$1" >>"$NODES_FOLDER/phases"
}

# nodes_senders RATE: one on each node, until nodes_senders_end
nodes_senders() {
	local node other others
	rm -f "$NODES_FOLDER/stop"
	nodes_phase calm
	SENDERS=
	pitch @ID@ | sed '1iX-Load-Id: @ID@' >"$NODES_FOLDER/template"
	for node in $NODES; do
		others=
		for other in $NODES; do
			[ "$other" = "$node" ] || others="$others${others:+,}$(node_address "$other"):2525"
		done
		nodes_bg "sender-$node" "$node" "$PYTHON" "$NODES_LIB/sender.py" --tag "$node" \
			--own "127.0.0.1:$(mta_port "$node")" --others "$others" --template "$NODES_FOLDER/template" \
			--phase "$NODES_FOLDER/phase" --stop "$NODES_FOLDER/stop" --log "$NODES_FOLDER/$node.sent" --rate "$1"
		SENDERS="$SENDERS $T_PID"
	done
}

# nodes_senders_end: what they have under way is brought to its end
nodes_senders_end() {
	touch "$NODES_FOLDER/stop"
	# shellcheck disable=SC2086  # one word a pid
	wait_for "${1:-60}" nodes_db_gone $SENDERS
}

nodes_held() {
	nodes_sql "SELECT substring(subject from '\\[([A-Za-z0-9-]+)\\]'), buyer FROM message WHERE state IN (1, 2)"
}

# nodes_count NAME: the table, and whether all is well
nodes_count() {
	nodes_held >"$NODES_FOLDER/held"
	"$PYTHON" "$NODES_LIB/count.py" "$T_DIR" "$NODES_FOLDER/held" "$NODES_FOLDER/phases" "$NODES_FOLDER"/*.sent >"$NODES_FOLDER/table"
	set -- "$1" $?
	diag "$(cat "$NODES_FOLDER/table")"
	is "$1: each id is delivered or held, once, and none unread" "$2" 0
	# The filter has 3 s; the rest is the MTA's, on a busy machine.
	ok "$1: no end of message waited longer than the deadline and a bit" \
		awk '$1 == "all" { exit !($NF < 4.5) }' "$NODES_FOLDER/table"
}

# --- what happens to them, for SECONDS each

nodes_calm() {
	nodes_phase calm
	sleep "$1"
}

nodes_kill_node() {
	nodes_phase node-killed
	sleep 0.3
	node_kill n1
	not_ok "a killed node has no worker left" pgrep -f "$NODES_FOLDER/n1/pitchward.yaml"
	sleep "$1"
	node_serve n1
}

nodes_db_term() {
	nodes_phase database-TERM
	nodes_db_end TERM INT
	sleep "$1"
	nodes_db_start
}

nodes_db_kill() {
	nodes_phase database-KILL
	sleep 0.3
	nodes_db_end KILL
	sleep "$1"
	nodes_db_start
}

nodes_db_freeze() {
	nodes_phase database-STOP
	sleep 0.3
	nodes_db_signal STOP
	sleep "$1"
	nodes_db_signal CONT
}

nodes_cut() {
	nodes_phase network-cut
	node_cut n2
	sleep "$1"
	node_join n2
}

nodes_lose_commits() {
	nodes_phase commit-lost
	echo 3 >"$NODES_FOLDER/lose"
	sleep "$1"
	echo 0 >"$NODES_FOLDER/lose"
}

nodes_lost_commits() {
	grep -c '^lost' "$T_DIR/log/proxy"
}

# After each: the nodes come back before the next trouble.
nodes_after() {
	nodes_phase "$1"
	wait_for 40 nodes_drained
	sleep 1
}

# nodes_round AWAY FROZEN: all kinds of trouble, for so many seconds each
nodes_round() {
	nodes_calm 2
	nodes_kill_node "$1"
	nodes_after after-kill
	nodes_cut "$2"
	nodes_after after-cut
	nodes_lose_commits 3
	nodes_after after-lost
	nodes_db_term "$1"
	nodes_after after-TERM
	nodes_db_kill "$1"
	nodes_after after-KILL
	nodes_db_freeze "$2"
	nodes_after after-STOP
}

# nodes_end: the senders come to their end, all is counted, the nodes stop
nodes_end() {
	local node
	ok "all mail was taken in the end" nodes_senders_end 90
	ok "the spools are empty" wait_for 60 nodes_drained
	ok "nothing waits in a queue" wait_for 60 nodes_idle
	isnt "answers to COMMIT were lost" "$(nodes_lost_commits)" 0
	for node in $NODES; do
		ok "$node ends well" node_stop "$node"
	done
	nodes_count "three nodes"
	ok "the store is whole" node_pitchward n2 store verify
}

# --- what one node changes, the others serve

# nodes_starter N: a version of the shipped relevance model by another name, in
# the folder it prints
nodes_starter() {
	local folder="$NODES_FOLDER/starter$1"
	cp -r "$MTA_LIB/../../models/relevance" "$folder"
	sed -i -e '/^checksum:/d' -e "s/^id: .*/id: \"nodes-relevance-$1\"/" "$folder/card.yaml"
	echo "checksum: $(sha256sum <"$folder/card.yaml" | cut -d ' ' -f 1)" >>"$folder/card.yaml"
	echo "$folder"
}

# nodes_lines ERE: how many of a node's log match, one node a line
nodes_lines() {
	local node
	for node in $NODES; do
		grep -Ec -e "$1" "$T_DIR/log/filter-$node"
	done
}

# nodes_all_have ERE NUMBER
nodes_all_have() {
	local n
	for n in $(nodes_lines "$1"); do
		[ "$n" -ge "$2" ] || return 1
	done
}

# nodes_follow NAME ERE COMMAND...: after the command, on n1, every node has one
# more line like this within two seconds
nodes_follow() {
	local name="$1" pattern="$2" before begun
	shift 2
	before=$(nodes_lines "$pattern" | sort -n | tail -n 1)
	ok "$name: n1 takes it" node_pitchward n1 "$@"
	now_cs
	begun=$T_NOW
	ok "$name: served by all within 2 s" wait_for 2 nodes_all_have "$pattern" $((before + 1))
	now_cs
	diag "$name: after $(((T_NOW - begun) * 10)) ms on the last node"
}

# nodes_deafen: who listens is cut off, and begins again after seconds only
nodes_deafen() {
	nodes_sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
}

nodes_listeners() {
	nodes_sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
}

nodes_all_listen() {
	[ "$(nodes_listeners)" = 3 ]
}

# nodes_profile N: another version of quinn's profile
nodes_profile() {
	sed "s/weight: 1.0/weight: 0.$1/" "$NODES_FOLDER/n1/profiles.d/quinn.yaml" >"$NODES_FOLDER/quinn.yaml"
	echo "$NODES_FOLDER/quinn.yaml"
}

nodes_following() {
	local taken='models follow their folder: .*nodes-relevance' followed='profiles follow the store'
	ok "every node listens" wait_for 15 nodes_all_listen
	nodes_follow "a profile" "$followed" profile apply "$(nodes_profile 5)"
	nodes_follow "a model" "$taken-1" model promote "$(nodes_starter 1)"
	nodes_follow "a second model" "$taken-2" model promote "$(nodes_starter 2)"
	nodes_follow "a rollback" "$taken-1" model rollback relevance
	is "what told nobody is cut off" "$(nodes_deafen)" 3
	nodes_follow "a profile that nobody heard of" "$followed" profile apply "$(nodes_profile 6)"
	nodes_deafen >"$T_DIR/.deaf"
	nodes_follow "a model that nobody heard of" "$taken-2" model promote nodes-relevance-2
	ok "every node listens again" wait_for 15 nodes_all_listen
}

# --- what must happen once

# nodes_at_once COMMAND...: on all nodes; what all of them said
nodes_at_once() {
	local node pids=
	for node in $NODES; do
		node_pitchward "$node" "$@" >"$NODES_FOLDER/$node.said" 2>"$T_DIR/log/at-once-$node" &
		pids="$pids $!"
	done
	for node in $pids; do
		wait "$node" || echo "failed: $?"
	done
	cat "$NODES_FOLDER"/*.said
}

# nodes_in_two_days COMMAND...: by the clock of what it runs
nodes_in_two_days() {
	bench_build clock_preload.so
	printf '%+031d\n' 172800 >"$T_DIR/shift"
	(
		export LD_PRELOAD="$BUILD/tests/clock_preload.so" CLOCK_SHIFT="$T_DIR/shift" \
			ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS:-}"
		"$@"
	)
}

nodes_digests() {
	find "$T_DIR"/n?/mail/"$quinn"/new -type f -exec grep -l '^Auto-Submitted: auto-generated' {} + | wc -l
}

# nodes_jobs: after the mail was counted; some of it must be held
nodes_jobs() {
	local id held said
	unlike "digests of three nodes: no failure" "$(nodes_at_once digest --send)$(nodes_at_once digest --send)" failed
	ok "digests of three nodes: they are delivered" wait_for 30 nodes_idle
	is "digests of three nodes: one came" "$(nodes_digests)" 1
	for id in $(nodes_sql "SELECT id FROM message WHERE state = 1 ORDER BY id LIMIT 6"); do
		node_pitchward n2 feedback irrelevant "$id" >"$T_DIR/log/feedback" 2>&1 || diag "$(cat "$T_DIR/log/feedback")"
	done
	said=$(nodes_at_once train --due --json)
	unlike "trainings of three nodes: no failure" "$said" failed
	is "trainings of three nodes: one" "$(printf '%s\n' "$said" | grep -c '"place": *"buyers/quinn/relevance"')" 1
	held=$(nodes_sql "SELECT count(*) FROM message WHERE state = 1")
	said=$(nodes_in_two_days nodes_at_once quarantine expire --older-than 1d)
	unlike "purges of three nodes: no failure" "$said" failed
	is "purges of three nodes: each mail once" \
		"$(printf '%s\n' "$said" | awk '{ n += $1 } END { print n }')" "$held"
	ok "the store is whole after it" node_pitchward n1 store verify
}
