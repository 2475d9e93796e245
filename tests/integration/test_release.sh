#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2317  # local; functions called by name
# Giving held mail back, with real parts: the command line, the store, a server
# that fails at every step, and a real Postfix behind which the copy must be
# what was received, once.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
mta_require postfix

top=$(cd "$(dirname "$0")/../.." && pwd)
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
etc=$T_DIR/etc
conf=$etc/pitchward.yaml
buyer=priya
rcpt=priya@buyer.example
seller=sam@seller.example

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

# pw COMMAND...: its output in $T_DIR/out and $T_DIR/err, its status in $status
pw() {
	status=0
	"$PITCHWARD" "$@" --config "$conf" >"$T_DIR/out" 2>"$T_DIR/err" || status=$?
}

# hold SENDER RCPT <MESSAGE: the id in $id
hold() {
	id=$("$BUILD/tests/hold" "$conf" $buyer "$1" "$2") || bail "nothing held"
}

state() {
	"$PITCHWARD" quarantine show --json "$1" --config "$conf" |
		"$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["state"])'
}

# release_to PORT: where held mail goes from now on
release_to() {
	sed -i "s|^release:.*|release: {smtp: \"smtp://127.0.0.1:$1\", timeout: 1s}|" "$conf"
}

setup() {
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $rcpt --template ciso --mta postfix
	sed -i 's|^mode:.*|mode: enforce|' "$conf"
	printf 'From: Sam <%s>\r\nTo: %s\r\nSubject: hello\r\n\r\nbody\r\n' $seller $rcpt >"$T_DIR/plain"
}

# --- a server that fails

sink_start() {
	sink_port=$(free_port)
	bg sink smtp-sink -u postfix "$@" "127.0.0.1:$sink_port" 64
	sink_pid=$T_PID
	wait_for 10 listening "$sink_port" || bail "smtp-sink does not listen"
	release_to "$sink_port"
}

sink_stop() {
	stop_pid "$sink_pid" 5 KILL
}

# fault NAME STATUS STATE FLAG...: one try against a server with these flags
fault() {
	local name="$1" wanted="$2" after="$3"
	shift 3
	sink_start "$@"
	pw quarantine release "$id"
	is "$name: status" $status "$wanted"
	is "$name: state" "$(state "$id")" "$after"
	like "$name: says why" "$(cat "$T_DIR/err")" "^pitchward: $id: "
	sink_stop
}

# The server refuses and closes while we still send: the kernel may lose its
# word, so that only "unknown" is honest. Both are right, a mixture is not.
test_early_refusal() {
	sink_start -A 0
	pw quarantine release "$id"
	like "550 while the text is sent" "$status $(state "$id")" '^(69 held|75 releasing)$'
	sink_stop
}

test_faults() {
	local stage
	hold $seller $rcpt <"$T_DIR/plain"
	for stage in CONNECT EHLO MAIL RCPT DATA; do
		fault "closed at $stage" 69 held -q "$stage"
		fault "421 at $stage" 69 held -Q "$stage"
		fault "silent at $stage" 69 held -W "$stage:5"
	done
	for stage in CONNECT MAIL RCPT DATA .; do
		fault "4xx at $stage" 69 held -r "$stage"
		fault "5xx at $stage" 69 held -f "$stage"
	done
	fault "421 at the dot" 69 held -Q .
	test_early_refusal
	release_to "$(free_port)"
	pw quarantine release "$id"
	is "nobody listens: status" $status 69
	is "nobody listens: state" "$(state "$id")" held
	pw quarantine show "$id"
	like "the last failure is to be seen" "$(cat "$T_DIR/out")" '^note .*command line, '
	fault "closed after the dot" 75 releasing -q .
	fault "silent after the dot, tried again" 75 releasing -W .:5
	pw quarantine list
	like "in between it is listed" "$(cat "$T_DIR/out")" "^$id .* releasing "
	sink_start
	pw quarantine release "$id"
	is "and then it goes" "$status $(state "$id")" "0 released"
	sink_stop
	pw quarantine release "$id"
	is "again is success, and nobody is called" "$status" 0
}

# Killed while the outcome was open: nobody else may send until the lease ends.
test_killed() {
	local pid
	sink_start -W .:20
	hold $seller $rcpt <"$T_DIR/plain"
	sed -i 's/timeout: 1s/timeout: 60s/' "$conf"
	bg killed "$PITCHWARD" quarantine release "$id" --config "$conf"
	pid=$T_PID
	wait_for 10 claimed || bail "the release never began"
	sleep 0.3
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	is "killed in between: state" "$(state "$id")" releasing
	pw quarantine release "$id"
	is "killed in between: the lease holds" $status 1
	like "killed in between: says so" "$(cat "$T_DIR/err")" 'being released'
	sink_stop
}

claimed() {
	[ "$(state "$id")" = releasing ]
}

# --- a real Postfix

# copy RCPT: the newest one delivered, from the sender's first field on
copy() {
	sed "1,/^$1/{/^$1/!d}" "$(delivered pf "$2" | tail -n 1)"
}

forget() {
	rm -rf "$T_DIR/pf/mail"/*
}

# released NAME: the message in $T_DIR/message is held, released and compared
released() {
	local name="$1" first="$2"
	forget
	hold $seller $rcpt <"$T_DIR/message"
	pw quarantine release "$id"
	is "$name: status" $status 0
	ok "$name: queue empty" mta_idle pf
	is "$name: one copy" "$(delivered_count pf)" 1
	tr -d '\r' <"$T_DIR/message" >"$T_DIR/wanted"
	copy "$first" $rcpt >"$T_DIR/got"
	ok "$name: as it was received" cmp "$T_DIR/wanted" "$T_DIR/got"
}

test_exact() {
	printf 'From: Sam <%s>\r\nSubject:  two spaces and \r\n\ta fold\r\nX-Odd:none\r\n\r\n.\r\n..\r\ntrailing \t\r\n\303\251 \200\r\n\r\n\r\n' \
		$seller >"$T_DIR/message"
	released "odd spaces, dots and bytes" From:
	like "our header is on top" "$(cat "$(delivered pf $rcpt)")" '^X-Pitchward-Release: id='
	is "with its signature" "$(grep -c 'mac=[0-9a-f]\{64\}$' "$(delivered pf $rcpt)")" 1
	like "the sender is the original one" "$(mta_log pf)" "from=<$seller>"
	awk 'BEGIN { printf "From: Sam <sam@seller.example>\r\n\r\n"
		for (i = 0; i < 20000; i++) printf "%s line %d .\r\n", (i % 7 ? "" : "."), i }' >"$T_DIR/message"
	released "a large one" From:
}

test_null_sender_and_alias() {
	forget
	hold '' list@buyer.example <"$T_DIR/plain"
	pw quarantine release "$id"
	is "null sender, alias: status" $status 0
	ok "null sender, alias: queue empty" mta_idle pf
	is "null sender, alias: both targets" \
		"$(delivered_count pf alice@buyer.example)$(delivered_count pf bob@buyer.example)" 11
	like "null sender: kept" "$(mta_log pf)" 'from=<>'
}

dkim() {
	"$PYTHON" "$MTA_LIB/signed.py" "$@"
}

test_dkim() {
	openssl genrsa -traditional -out "$T_DIR/key.pem" 2048 2>/dev/null || bail "no RSA key"
	printf 'From: Sam <%s>\r\nTo: %s\r\nSubject: signed  twice \r\n\r\nbody \r\n.dot\r\n\r\nend\r\n' \
		$seller $rcpt >"$T_DIR/unsigned"
	dkim sign "$T_DIR/key.pem" "$T_DIR/unsigned" >"$T_DIR/message"
	released "signed" DKIM-Signature:
	ok "the signature verifies after release" dkim verify "$T_DIR/key.pem" "$(delivered pf $rcpt)"
	sed 's/^body/Body/' "$(delivered pf $rcpt)" >"$T_DIR/changed"
	not_ok "and would not, had a letter changed" dkim verify "$T_DIR/key.pem" "$T_DIR/changed"
}

# What a sender wrote in our name must not reach the buyer in ours: the listener
# for released mail has no filter that would remove it.
test_forged() {
	local end
	for end in '\r\n' '\n'; do
		# shellcheck disable=SC2059  # the escapes are the test
		printf "From: <$seller>${end}X-Pitchward: verdict=deliver; gate=contact${end}x-pitchward-RELEASE: id=1;${end}\tto=$rcpt${end}X-Pitchward : y${end}Subject:  kept ${end}${end}X-Pitchward: in the body${end}" >"$T_DIR/forged"
		printf 'From: <%s>\nSubject:  kept \n\nX-Pitchward: in the body\n' $seller >"$T_DIR/wanted"
		forget
		hold $seller $rcpt <"$T_DIR/forged"
		pw quarantine release "$id"
		is "forged fields: status" $status 0
		ok "forged fields: queue empty" mta_idle pf
		copy From: $rcpt >"$T_DIR/got"
		ok "forged fields: they are gone, and nothing else" cmp "$T_DIR/wanted" "$T_DIR/got"
		is "forged fields: the one on top is ours" \
			"$(sed '/^$/q' "$(delivered pf $rcpt)" | grep -ci '^x-pitchward')" 1
	done
	dkim sign "$T_DIR/key.pem" "$T_DIR/unsigned" >"$T_DIR/message"
	{
		printf 'X-Pitchward: verdict=deliver\r\n'
		cat "$T_DIR/message"
	} >"$T_DIR/forged"
	forget
	hold $seller $rcpt <"$T_DIR/forged"
	pw quarantine release "$id"
	ok "forged and signed: queue empty" mta_idle pf
	ok "forged and signed: the signature verifies" dkim verify "$T_DIR/key.pem" "$(delivered pf $rcpt)"
}

# RELIABILITY 5.1: one message in, one message out, whatever ends its lines.
test_smuggling() {
	local end evil n=0
	evil='MAIL FROM:<evil@seller.example>\r\nRCPT TO:<victim@buyer.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n'
	forget
	for end in '\n.\n' '\n.\r\n' '\r\n.\n' '\r.\r' '\r\n.\r' '\r.\r\n' '\n.\r' '\r\r\n.\r\r\n' '\0\n.\n'; do
		# shellcheck disable=SC2059  # the escapes are the test
		printf "From: <$seller>\r\nSubject: $n\r\n\r\nfirst$end$evil" >"$T_DIR/message"
		hold $seller $rcpt <"$T_DIR/message"
		pw quarantine release "$id"
		n=$((n + 1))
		is "smuggling $n: status" $status 0
	done
	ok "smuggling: queue empty" mta_idle pf
	is "smuggling: as many as were held" "$(delivered_count pf)" $n
	is "smuggling: nobody else got one" "$(delivered_count pf victim@buyer.example)" 0
	unlike "smuggling: no other sender" "$(mta_log pf)" 'from=<evil@'
}

test_injection() {
	local sender to newline
	newline=$(printf '\r\nx')
	newline=${newline%x}
	forget
	for sender in "$seller>${newline}RCPT TO:<victim@buyer.example" "a${newline}RSET" "a b@seller.example"; do
		hold "$sender" $rcpt <"$T_DIR/plain"
		pw quarantine release "$id"
		is "injected sender: refused, held" "$status $(state "$id")" "69 held"
	done
	for to in "$rcpt>${newline}RCPT TO:<victim@buyer.example" "$rcpt> NOTIFY=NEVER <x" '' '<>'; do
		hold $seller "$to" <"$T_DIR/plain"
		pw quarantine release "$id"
		is "injected recipient: refused, held" "$status $(state "$id")" "69 held"
	done
	ok "injection: queue empty" mta_idle pf
	is "injection: nothing was delivered" "$(delivered_count pf)" 0
}

test_concurrent() {
	local i wins=0
	forget
	hold $seller $rcpt <"$T_DIR/plain"
	for i in 1 2 3 4 5 6; do
		{
			"$PITCHWARD" quarantine release "$id" --config "$conf" >"$T_DIR/race.$i" 2>&1
			echo $? >"$T_DIR/status.$i"
		} &
	done
	wait_for 20 all_ended
	for i in 1 2 3 4 5 6; do
		case $(cat "$T_DIR/status.$i") in
		0) wins=$((wins + 1)) ;;
		1) ;;
		*) t_fail "six at once: status" "$(cat "$T_DIR/status.$i")" "$(cat "$T_DIR/race.$i")" ;;
		esac
	done
	isnt "six at once: somebody succeeded" $wins 0
	ok "six at once: queue empty" mta_idle pf
	is "six at once: one copy" "$(delivered_count pf)" 1
	is "six at once: released" "$(state "$id")" released
}

all_ended() {
	for i in 1 2 3 4 5 6; do
		[ -s "$T_DIR/status.$i" ] || return 1
	done
}

test_several() {
	local first
	forget
	hold $seller $rcpt <"$T_DIR/plain"
	first=$id
	printf 'Subject: second\r\n\r\nx\r\n' >"$T_DIR/message"
	hold $seller $rcpt <"$T_DIR/message"
	pw quarantine release "$first" 01AAAAAAAAAAAAAAAAAAAAAAAA "$id"
	is "an unknown id among others: status" $status 66
	ok "an unknown id among others: queue empty" mta_idle pf
	is "an unknown id among others: the others went" "$(delivered_count pf)" 2
}

# Whose it is, whole where a program reads, and found by what a log says.
test_list() {
	local long=h.brandt.the.elder@klinikum-osten.example
	printf 'From: <%s>\r\nMessage-ID: <b-77@%s>\r\nSubject: pumps\r\n\r\nx\r\n' $long blast.example >"$T_DIR/long"
	hold bounce@blast.example $rcpt <"$T_DIR/long"
	pw quarantine list
	like "list: the buyer and the whole sender" "$(cat "$T_DIR/out")" "^$id .* edr +priya +$long pumps$"
	pw quarantine list --for $rcpt
	like "list --for: the buyer is known" "$(cat "$T_DIR/out")" "^$id .* edr +$long pumps$"
	script -qec "$PITCHWARD quarantine list --config $conf" /dev/null >"$T_DIR/out" </dev/null
	like "list on a terminal: what is cut says so" "$(tr -d '\r' <"$T_DIR/out")" \
		"^$id .* h.brandt.the.elder@klinikum-o$(printf '\342\200\246') pumps$"
	for what in bounce@blast.example '<b-77@blast.example>' B-77@blast.example $rcpt; do
		pw quarantine list --search "$what"
		is "list --search $what" "$status $(cut -d ' ' -f 1 "$T_DIR/out")" "0 $id"
	done
	pw quarantine list --search ounce@blast.example
	is "list --search of a part of an address" "$(cat "$T_DIR/out")" ""
	pw quarantine delete "$id"
	pw quarantine list --search bounce@blast.example
	is "list: it is held no more" "$(cat "$T_DIR/out")" ""
	pw quarantine list --search bounce@blast.example --state all
	like "list --state all: it is among all" "$(cat "$T_DIR/out")" "^$id .* deleted "
}

setup
test_list
test_faults
test_killed
mta_alias pf list@buyer.example alice@buyer.example bob@buyer.example
postfix_start pf
release_to "$(mta_port pf:release)"
test_exact
test_null_sender_and_alias
test_dkim
test_forged
test_smuggling
test_injection
test_concurrent
test_several
done_testing
