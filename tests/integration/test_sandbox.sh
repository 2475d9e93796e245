#!/bin/sh
# shellcheck disable=SC3043,SC2317,SC2034,SC2046,SC2086,SC2154  # local; called by name; filter.sh; words
# The programs under the system calls that their units allow, each other call
# killing the process (the units answer EPERM, which nobody would see here): a
# filter behind Postfix with its reload and a worker that dies, the pages with
# a release, and what the timers start. As the units do, not as root. And every
# file that they touch meanwhile is one that AppArmor's profiles allow.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/postgres.sh"
mta_require postfix
filter_require
for need in systemd-analyze strace gcc openssl "$PYTHON"; do
	command -v "$need" >/dev/null || skip_all "no $need"
done
[ -r /usr/include/seccomp.h ] || skip_all "no libseccomp-dev: run tests/lib/deps.sh check"

top=$(cd "$(dirname "$0")/../.." && pwd)
units=$top/contrib/systemd
bin=$T_DIR/bin
confine=$T_DIR/confine
SIGSYS=159
user=nobody

"${CC:-gcc}" -O1 -std=c17 -D_GNU_SOURCE -Wall -Wextra -o "$confine" "$top/tests/sandbox/confine.c" -lseccomp ||
	bail "cannot build tests/sandbox/confine.c"
# That user need not be able to reach the repository.
mkdir "$bin"
cp "$BUILD/bin/pitchward" "$BUILD/bin/pitchward-milter" "$BUILD/bin/pitchward-web" "$bin/"
cp -R "$top/models" "$T_DIR/models"
for unit in "$units"/*.service; do
	unit=$(basename "$unit" .service)
	ok "$unit: what it allows" "$PYTHON" "$top/tests/sandbox/rules.py" "$units/$unit.service" || bail "no rules"
	cp "$T_DIR/.out" "$T_DIR/$unit.rules"
done

# calls UNIT CALL: the status of the call under the unit's rules
calls() {
	"$confine" -u $user "$T_DIR/$1.rules" -t "$2" >/dev/null 2>&1 </dev/null
	echo $?
}

# What must not pass, and is not what the programs need.
test_controls() {
	local unit call
	for unit in "$T_DIR"/*.rules; do
		unit=$(basename "$unit" .rules)
		is "$unit: a call on the list" "$(calls "$unit" getpid)" 0
		is "$unit: what is answered with an error" "$(calls "$unit" netlink)" 0
		for call in chroot mount bpf setuid fchown kexec ptrace wx mprotect namespace suid personality packet; do
			is "$unit: killed for $call" "$(calls "$unit" $call)" $SIGSYS
		done
		if grep -q '^RestrictAddressFamilies=.*AF_INET' "$units/$unit.service"; then
			is "$unit: may use the network" "$(calls "$unit" inet)" 0
		else
			is "$unit: killed for a network socket" "$(calls "$unit" inet)" $SIGSYS
		fi
	done
}

# With -D the program is our child, and not strace's.
trace="strace -D -qq -f -y -s 4096 -e trace=%file,bind,connect,mmap,fcntl,flock"

# wrapped PROGRAM UNIT [GROUP]: a script that runs it confined
wrapped() {
	cat >"$T_DIR/$1.sh" <<-END
		#!/bin/sh
		exec $trace -o $T_DIR/$1.trace.\$\$ $confine -u $user${3:+:$3} $T_DIR/$2.rules $bin/$1 "\$@"
	END
	chmod 755 "$T_DIR/$1.sh"
	echo "$T_DIR/$1.sh"
}

# words N: pitches in two kinds of words, for models to tell apart
words() {
	"$PYTHON" - "$T_DIR/mails" "$1" <<-'PYEOF'
		import os, random, sys
		folder, count = sys.argv[1], int(sys.argv[2])
		os.makedirs(folder, exist_ok=True)
		kinds = ["warehouse robot conveyor pallet forklift gripper automation depot",
		         "loyalty programme points voucher shopper retail coupon membership"]
		plain = "quickly together because several nearly month spring region longer clearly".split()
		for n in range(count):
		    dice, own = random.Random(n), kinds[n % 2].split()
		    line = lambda: " ".join(dice.sample(own, 4) + dice.sample(plain, 5)).capitalize() + "."
		    with open(f"{folder}/{n:02}", "w") as out:
		        print(f"From: Sam <sam@vendor{n}.example>\nTo: quinn@buyer.example\n"
		              f"Subject: Quick question about {own[n % 8]} [w{n}]\n"
		              f"Message-ID: <w{n}@vendor{n}.example>\nDate: Mon, 05 Jan 2026 09:00:00 +0000\n"
		              f"List-Unsubscribe: <https://track.vendor{n}.example/u>\n\nHi Quinn,\n\n"
		              f"I hope this email finds you well. We help companies like yours with {own[0]} and"
		              f" {own[1]}. {line()} {line()} {line()}\n\nAre you open to a 15-minute demo next"
		              f" Tuesday? {line()} {line()}\nIf you would rather not hear from me, reply no thanks.\n\n"
		              f"Sam, Account Executive", file=out)
	PYEOF
}

held() {
	filter_held | wc -l
}

held_are() {
	[ "$(held)" -ge "$1" ]
}

test_milter() {
	local worker
	FILTER=$(wrapped pitchward-milter pitchward-milter postfix)
	filter_start NOTIFY_SOCKET="$T_DIR/s/notify" WATCHDOG_USEC=2000000
	is "the filter runs as the user" "$(stat -c %U "/proc/$FILTER_PID")" $user
	is "under its filter of calls" "$(sed -n 's/^Seccomp:[^0-9]*//p' "/proc/$(filter_worker)/status")" 2
	is "and gave the socket to its group" "$(stat -c '%G %a' "${FILTER_SOCKET#unix:}")" "postfix 660"
	ok "mail goes through" send_mail pf "$seller" "$quinn" "$tara" "$dana" "$bob" <"$T_DIR/pitch"
	ok "it is delivered" mta_idle pf
	is "to those who get it" "$(delivered_count pf)" 3
	is "and held" "$(filter_held quinn)" p1
	kill -HUP "$FILTER_PID"
	ok "it reloads" wait_for 10 filter_logged ' reloaded: '
	worker=$(filter_worker)
	kill -KILL "$worker"
	ok "a worker that died has a successor" wait_for 10 another_worker "$worker"
	words 24
	ok "which takes mail" send_mail pf "$seller" "$quinn" -- $(printf -- '--file %s ' "$T_DIR"/mails/*)
	ok "all of it" mta_idle pf
	ok "and holds it" held_are 25
}

another_worker() {
	local now
	now=$(filter_worker) && [ -n "$now" ] && [ "$now" != "$1" ]
}

web_serves() {
	listening "$PORT"
}

test_web() {
	local web link id
	web=$(wrapped pitchward-web pitchward-web)
	bg web env NOTIFY_SOCKET="$T_DIR/s/notify" WATCHDOG_USEC=2000000 "$web" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
	web_pid=$T_PID
	wait_for 20 web_serves || bail "pitchward-web does not serve"
	is "the pages run under their filter of calls" "$(sed -n 's/^Seccomp:[^0-9]*//p' "/proc/$web_pid/status")" 2
	link=$("$web" --link "$quinn" --config "$FILTER_DIR/pitchward.yaml")
	like "a link to sign in" "$link" '/sign-in/'
	id=$(pitchward quarantine list --json --search '[p1]' | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p')
	ok "pages, and a release" "$PYTHON" "$top/tests/sandbox/visit.py" "http://127.0.0.1:$PORT" "$link" "$id"
	ok "which is delivered" wait_for 10 delivered_to_quinn
	kill -HUP "$web_pid"
	ok "the pages reload" wait_for 10 grep -q reloaded "$T_DIR/log/web"
}

delivered_to_quinn() {
	[ "$(delivered_count pf "$quinn")" -ge 1 ]
}

# What the models learn from: every other one is wanted.
label() {
	local id n=0
	pitchward quarantine list --json --state held | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*\[w\([0-9]*\)\].*/\1 \2/p' |
		while read -r id n; do
			confined pitchward-digest feedback \
				"$([ $((n % 2)) = 0 ] && echo relevant || echo irrelevant)" "$id" || echo "$id"
		done
}

# confined UNIT ARGUMENT...: a command of pitchward's
confined() {
	local unit="$1"
	shift
	$trace -o "$T_DIR/pitchward.trace.$unit.$T_COUNT" \
		"$confine" -u $user "$T_DIR/$unit.rules" "$bin/pitchward" "$@" --config "$FILTER_DIR/pitchward.yaml" \
		>>"$T_DIR/log/$unit" 2>&1 </dev/null
}

# Every command of every timer's unit, as it stands there.
test_jobs() {
	local unit line fine status
	for unit in "$units"/*.timer; do
		unit=$(basename "$unit" .timer)
		# Nothing is wrong with the configuration here.
		fine=$(sed -n 's/^SuccessExitStatus=//p' "$units/$unit.service" | sed 's/ 78 / /')
		sed -n 's/^Exec[A-Za-z]*=-\{0,1\}@bindir@.pitchward \(.*\) --config .*/\1/p' "$units/$unit.service" >"$T_DIR/commands"
		ok "$unit starts something" test -s "$T_DIR/commands"
		while read -r line; do
			status=0
			confined "$unit" $line || status=$?
			case " 0 $fine " in
			*" $status "*) t_pass "$unit: $line" ;;
			*) t_fail "$unit: $line" "status: $status" ;;
			esac
		done <"$T_DIR/commands"
	done
}

# mailed COUNT: of what is written by the programs themselves
mailed() {
	[ "$(grep -l '^From: "Pitchward"' "$(maildir_of pf "$quinn")"/new/* | wc -l)" -ge "$1" ]
}

# The work that they are there for was done, not refused at the door.
test_work() {
	ok "the digest and the brief were mailed" wait_for 10 mailed 2
	like "a model was trained" "$(cat "$T_DIR/log/pitchward-train")" 'quinn/relevance'
	like "feeds were read" "$(cat "$T_DIR/log/pitchward-fetch")" 'register +2 new'
	unlike "nobody died of a signal" "$(cat "$T_DIR"/log/*)" '[Bb]ad system call|signal 31|SIGSYS'
}

# The same with libpq in the program; after the others have ended. By its socket
# on this machine, and as from another one.
test_postgres() {
	if [ ! -x "$postgres_bin/postgres" ]; then
		skip "the filter on PostgreSQL" "no PostgreSQL: run tests/lib/deps.sh check"
		return
	fi
	t_at_exit "postgres_stop $T_DIR/pg"
	PGPORT=$(free_port)
	export PGPORT
	certificate "$T_DIR/pg" || bail "no certificate: $(cat "$T_DIR/log/openssl")"
	postgres_start "$T_DIR/pg" listen_addresses=127.0.0.1 ssl=on ssl_cert_file="$T_DIR/pg/crt" ssl_key_file="$T_DIR/pg/key" ||
		bail "PostgreSQL does not start"
	on_postgres "PostgreSQL" "$postgres_url" p1
	on_postgres "PostgreSQL over TLS" \
		"postgresql://pitchward@127.0.0.1:$PGPORT/pitchward?sslmode=verify-full&sslrootcert=$FILTER_DIR/root.crt" "p1 p2"
	like "PostgreSQL over TLS: so it was" "$(cat "$T_DIR"/pitchward-milter.trace.*)" "openat.*/root.crt\", O_RDONLY"
}

# certificate FOLDER: of a server at 127.0.0.1, which vouches for itself
certificate() {
	mkdir -p "$1"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=db -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$1/key" -out "$1/crt" >"$T_DIR/log/openssl" 2>&1 || return
	chown postgres "$1/key" && chmod 600 "$1/key"
	cp "$1/crt" "$FILTER_DIR/root.crt"
}

# on_postgres NAME URL HELD: one mail more is held there
on_postgres() {
	sed -i '/^store:/d' "$FILTER_DIR/pitchward.yaml"
	printf 'store: "%s"\n' "$2" >>"$FILTER_DIR/pitchward.yaml"
	filter_forget
	# At home, as the unit has it, libpq looks for a certificate of ours.
	filter_start NOTIFY_SOCKET="$T_DIR/s/notify" HOME="$FILTER_DIR/state"
	pitch "${3##* }" >"$T_DIR/pitch"
	ok "$1: mail goes through" send_mail pf "$seller" "$quinn" <"$T_DIR/pitch"
	wait_for 5 held_are "$(echo "$3" | wc -w)"
	is "$1: and is held" "$(filter_held quinn | paste -sd ' ')" "$3"
	stop_pid "$FILTER_PID" 15
	is "$1: the filter ends well" $? 0
}

# installed PROFILE: as `make install` does, for these places
installed() {
	mkdir -p "$T_DIR/apparmor/abstractions"
	sed 's|@s\{0,1\}bindir@|/usr/bin|; s|@datadir@|/usr/share|; s|@sysconfdir@|/etc|' \
		"$top/contrib/apparmor/$1" >"$T_DIR/apparmor/$1"
}

test_apparmor() {
	local profile
	for profile in abstractions/pitchward pitchward pitchward-milter pitchward-web; do
		installed $profile
	done
	cat >"$T_DIR/places" <<-END
		$bin /usr/bin
		$FILTER_DIR/state /var/lib/pitchward
		$FILTER_DIR /etc/pitchward
		$T_DIR/models /var/lib/pitchward/models
		$T_DIR/s/notify /run/systemd/notify
		$T_DIR/s /var/spool/postfix/pitchward
		$T_DIR/pg/socket /run/postgresql
	END
	for profile in pitchward pitchward-milter pitchward-web; do
		if command -v apparmor_parser >/dev/null; then
			ok "$profile: AppArmor's parser takes it" apparmor_parser -QKT -I "$T_DIR/apparmor" -I /etc/apparmor.d "$T_DIR/apparmor/$profile"
		else
			skip "$profile: AppArmor's parser takes it" "no apparmor_parser"
		fi
		ok "$profile: it allows every file that was touched" allowed $profile "$T_DIR/$profile.trace".*
		like "$profile: of which there are many" "$(cat "$T_DIR/.out")" '^# [1-9][0-9]+ paths of [1-9][0-9]+ rules$'
	done
	grep -v spool "$T_DIR/apparmor/pitchward-milter" >"$T_DIR/apparmor/without"
	not_ok "a profile without a line that is needed fails" allowed without "$T_DIR/pitchward-milter.trace".*
	like "... for what it does not allow" "$(cat "$T_DIR/.out")" '^without does not allow [rw]+ /var/spool/postfix/pitchward'
	: >"$T_DIR/nothing"
	not_ok "a program that touched nothing shows nothing" allowed pitchward-milter "$T_DIR/nothing"
	like "... and that is said" "$(cat "$T_DIR/.out")" '^# 0 paths of'
}

# allowed PROFILE TRACE...
allowed() {
	local profile="$1"
	shift
	"$PYTHON" "$top/tests/sandbox/profile.py" "$T_DIR/apparmor" "$profile" "$T_DIR/places" "$@"
}

test_ends() {
	stop_pid "$web_pid" 20
	is "the pages end well" $? 0
	stop_pid "$FILTER_PID" 15
	is "the filter ends well" $? 0
}

PORT=$(free_port)
FILTER_RELEASE=$(free_port)
mkdir "$T_DIR/feeds"
: >"$T_DIR/asked"
bg feeds "$PYTHON" "$T_LIB/feed_server.py" "$T_DIR/feeds/port" "$T_DIR/asked"
wait_for 20 test -s "$T_DIR/feeds/port" || bail "no feeds"
feeds=127.0.0.1:$(cat "$T_DIR/feeds/port")
filter_setup enforce "milter: {socket: \"$(milter_socket)\", socket_mode: 0660, socket_group: postfix, deadline: 3s}" \
	"models: $T_DIR/models" "insight: {day: $(LC_ALL=C date -u +%a | tr '[:upper:]' '[:lower:]')}" "digest: {from: pitchward@buyer.example}" "web: {listen: \"127.0.0.1:$PORT\"}" \
	"fetch: {feeds: [{name: register, url: \"http://$feeds/rss\", every: 1h}], allow: [\"$feeds\"], interval: 0s, timeout: 3s}"
# Everything that has its hour is due now.
echo 'digest: {at: "00:00", zone: UTC, days: [mon, tue, wed, thu, fri, sat, sun]}' >>"$FILTER_DIR/profiles.d/quinn.yaml"
pitch p1 >"$T_DIR/pitch"
chown -R $user "$FILTER_DIR" "$T_DIR/models" "$T_DIR/s"
# What systemd listens to.
bg notify "$PYTHON" -c 'import socket, sys
ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ears.bind(sys.argv[1])
while True: ears.recv(4096)' "$T_DIR/s/notify"
wait_for 10 test -S "$T_DIR/s/notify" && chmod 777 "$T_DIR/s/notify"

filter_mta postfix pf tempfail
test_controls
test_milter
test_web
is "feedback for 24 mails" "$(label)" ""
test_jobs
test_work
test_ends
test_postgres
test_apparmor
done_testing
