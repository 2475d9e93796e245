# shellcheck shell=sh disable=SC3043,SC2154,SC2034,SC2016  # local; check.sh's, filter.sh's; for the shell inside
# The second half of check.sh: the package in a bookworm of its own that is
# booted, with a real systemd as first process and a real Postfix. The units
# are enabled as README.Debian tells; mail is held, while the daemons reload,
# die, hang, are restarted, upgraded and rebooted.

inside_group=pitchward-check.$$
outside="ADDR=192.0.2.25 NAME=mail.seller.example"
edited=etc/systemd/system/pitchward-milter.socket.d/override.conf
timers="pitchward-digest.timer pitchward-train.timer pitchward-expire.timer pitchward-fetch.timer"
first_process=

# inside COMMAND...: in the booted system
inside() {
	nsenter -t "$first_process" --mount --uts --ipc --net --pid --cgroup env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

# wire PROGRAM ARGUMENT...: one of ours here, on the network there
wire() {
	nsenter -t "$first_process" --net "$PYTHON" "$@"
}

# shows UNIT PROPERTY
shows() {
	inside systemctl show --value -p "$2" "$1"
}

# states UNIT...: as systemd has them, each once
states() {
	inside systemctl is-active "$@" | sort -u | paste -sd ' '
}

# logged UNIT ERE: for wait_for
logged() {
	inside journalctl --no-pager -o cat -u "$1" | grep -Eq -e "$2"
}

# failures: units that failed, and what systemd says of our files
failures() {
	inside systemctl --failed --plain --no-legend
	inside journalctl --no-pager -o cat -b _PID=1 | grep -E '/pitchward-[a-z]*\.(service|socket|timer):'
}

boots() {
	inside systemctl is-system-running 2>/dev/null | grep -Eq '^(running|degraded)$'
}

first_process_is() {
	first_process=$(pgrep -P "$keeper") && [ "$(cat "/proc/$first_process/comm")" = systemd ]
}

start_system() {
	bg boot sh "$top/tests/deb/pid1.sh" boot "$root" "$inside_group"
	keeper=$T_PID
	wait_for 20 first_process_is || bail "no first process"
	wait_for 60 boots || bail "it does not boot: $(inside systemctl list-jobs 2>&1)"
}

# stop_system: as a person would
stop_system() {
	inside systemctl poweroff >>"$T_DIR/log/boot" 2>&1
	wait_for 40 t_gone "$keeper"
}

end_system() {
	t_gone "$keeper" || stop_pid "$keeper" 5 KILL >/dev/null
	sh "$top/tests/deb/pid1.sh" gone "$inside_group"
}

# What mail needs, and nothing that asks the network or the machine itself.
setup_boot() {
	local unit
	root=$T_DIR/booted
	fresh_root
	apt update || bail "no package lists"
	in_root sh -c "echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections"
	apt install systemd postfix || bail "no systemd, or no Postfix"
	apt install --download-only /pkg/first.deb || bail "not what the package needs"
	keep_archives
	for unit in systemd-sysctl.service sys-kernel-debug.mount sys-kernel-tracing.mount \
		apt-daily.timer apt-daily-upgrade.timer; do
		ln -s /dev/null "$root/etc/systemd/system/$unit"
	done
	cp "$root/usr/share/postfix/main.cf.debian" "$root/etc/postfix/main.cf"
	in_root useradd --create-home quinn
	entries "$root" >"$T_DIR/before"
	t_at_exit end_system
	start_system
	is "systemd is the first process, and nothing failed" "$(failures)" ""
}

# As README.Debian tells.
test_enable() {
	ok "the package comes" inside apt-get -q -y --no-install-recommends install /pkg/first.deb || bail "not installed"
	is "nothing is started" "$(inside systemctl list-units --plain --no-legend 'pitchward*')" ""
	ok "init" inside pitchward init /etc/pitchward --name Quinn --email "$quinn" --template cmo --mta postfix \
		--store-dir $state --socket unix:/var/spool/postfix/pitchward/milter.sock
	sed -i 's/^mode: .*/mode: enforce/' "$root$conf"
	# Everything that has its hour is due.
	sed -i 's/^digest: .*/digest: {at: "00:00", zone: UTC, days: [mon, tue, wed, thu, fri, sat, sun]}/' \
		"$root/etc/pitchward/profiles.d/quinn.yaml"
	mkdir "$root/${edited%/*}"
	readme_lines 'systemctl edit pitchward-milter.socket' >"$root/$edited"
	is "README.Debian says where Postfix finds the socket" "$(grep -c = "$root/$edited")" 3
	inside systemctl daemon-reload
	ok "the filter is enabled and started" inside systemctl enable --now pitchward-milter.socket pitchward-milter.service
	like "it serves when that is over" "$(shows pitchward-milter StatusText)" '^1 buyer, models starter-'
	is "the socket is Postfix's" "$(inside stat -c '%U:%G %a' /var/spool/postfix/pitchward/milter.sock)" "root:postfix 660"
	ok "pages and timers are enabled and started" inside systemctl enable --now pitchward-web.service $timers
	is "the pages answer when that is over" "$(page http://127.0.0.1:8480/healthz)" ok
	is "all that is active" "$(states pitchward-milter.service pitchward-milter.socket pitchward-web.service $timers)" active
}

# readme_lines COMMAND: what README.Debian has a person write after it
readme_lines() {
	sed -n "/^ *$1\$/,/^ *systemctl enable/{/systemctl/!s/^ *//p}" "$root/usr/share/doc/pitchward/README.Debian"
}

page() {
	wire -c 'import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())' "$1"
}

setup_postfix() {
	local docs="$root/usr/share/doc/pitchward/postfix"
	grep -v '^#' "$docs/main.cf" >>"$root/etc/postfix/main.cf"
	grep -v '^#' "$docs/master.cf" >>"$root/etc/postfix/master.cf"
	inside postconf -e myhostname=mx.buyer.example mydestination=buyer.example mynetworks=127.0.0.0/8 \
		inet_protocols=ipv4 alias_maps= home_mailbox=Maildir/ smtpd_authorized_xclient_hosts=127.0.0.1
	ok "Postfix starts" inside systemctl restart postfix
	wait_for 10 answers || bail "Postfix does not answer"
}

answers() {
	wire "$T_LIB/smtp.py" talk 25 </dev/null >/dev/null
}

# sends NAME: one mail that sells, from the internet
sends() {
	pitch "$1" >"$T_DIR/pitch"
	wire "$T_LIB/smtp.py" send 25 "$seller" "$quinn" -- --xclient "$outside" --file "$T_DIR/pitch"
}

# flow COUNT TAG: in the background, ten a second; its pid is in $flow
flow() {
	pitches "$1" "$2"
	# shellcheck disable=SC2086  # words
	bg "flow-$2" wire "$T_LIB/smtp.py" load 25 "$1" "$seller" "$quinn" -- --xclient "$outside" \
		--sessions 3 --per-session 3 --rate 10 $PITCHES
	flow=$T_PID
}

# held TAG, and delivered TAG: how many whose names begin so
held() {
	inside pitchward quarantine list --json --state held | grep -c "\[$1"
}

delivered_there() {
	find "$root/home/quinn/Maildir" -path '*/new/*' -exec grep -l "^Subject: .*\[$1" {} + 2>/dev/null | wc -l
}

arrives() {
	[ "$(delivered_there "$1")" = 1 ]
}

accounted() {
	[ $(($(held "$1") + $(delivered_there "$1"))) = "$2" ]
}

# comes_through COUNT TAG: ends the flow
comes_through() {
	wait "$flow"
	is "$2: Postfix took every mail" $? 0
	wait_for 20 accounted "$2" "$1"
	is "$2: each is held, or delivered where no filter was" "$(($(held "$2") + $(delivered_there "$2")))" "$1"
	ok "$2: most are held" test "$(held "$2")" -gt $(($1 / 2))
}

doctor_finds() {
	inside pitchward doctor | grep -v '^ok '
}

test_mail() {
	ok "mail comes" sends p1
	is "it is held" "$(held p1)" 1
	like "... as the list says" "$(inside pitchward quarantine list)" '^[0-9A-Z]{26} .* held .*\[p1\]'
	is "... and not delivered" "$(delivered_there p1)" 0
	is "root's doctor finds no fault" "$(doctor_finds)" ""
}

# Last, since mail of that kind is not held any more.
test_release() {
	local link id
	link=$(inside runuser -u pitchward -- pitchward-web --link "$quinn")
	id=$(inside pitchward quarantine list --json --search '[p1]' | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p')
	ok "the pages are walked, and release a mail" \
		wire "$top/tests/sandbox/visit.py" http://127.0.0.1:8480 "$link" "$id"
	wait_for 10 arrives p1
	is "... to its buyer" "$(delivered_there p1)" 1
}

# confined NAME PID: what the kernel says of the process
confined() {
	local status
	status=$(inside cat "/proc/$2/status")
	for field in 'Seccomp:	2' 'NoNewPrivs:	1' 'CapEff:	0000000000000000' 'CapBnd:	0000000000000000'; do
		like "$1: ${field%%:*}" "$status" "^$field\$"
	done
	is "$1: whose it is" "$(inside stat -c %U "/proc/$2")" pitchward
	like "$1: it writes nowhere" "$(inside cat "/proc/$2/mountinfo")" ' / ro[, ]'
	like "$1: but where its state is" "$(inside cat "/proc/$2/mountinfo")" " $state rw[, ]"
	like "$1: no core" "$(inside cat "/proc/$2/limits")" '^Max core file size +0 +0 '
}

filter_main() {
	shows pitchward-milter MainPID
}

filter_child() {
	local main
	main=$(filter_main)
	inside cat "/proc/$main/task/$main/children" 2>/dev/null | tr -d ' '
}

# reaches UNIT ADDRESS: who is in the unit's control group
reaches() {
	inside bash -c "echo \$\$ >/sys/fs/cgroup/system.slice/$1.service/cgroup.procs && exec timeout 2 bash -c '</dev/tcp/$2/25'"
}

test_sandbox() {
	local unit
	confined "the filter" "$(filter_child)"
	confined "the pages" "$(shows pitchward-web MainPID)"
	for unit in pitchward-milter pitchward-web; do
		ok "$unit: this machine can be reached" reaches $unit 127.0.0.1
		not_ok "$unit: no other can" reaches $unit 192.0.2.25
	done
	ok "Postfix reaches others" reaches "system-postfix.slice/postfix@-" 192.0.2.25
	like "the filter's files" "$(inside cat "/proc/$(filter_main)/limits")" '^Max open files +16384 '
}

reloaded() {
	logged "$1" '(^|: )reloaded'
}

test_reload() {
	local unit before
	for unit in pitchward-milter pitchward-web; do
		before=$(shows $unit MainPID)
		ok "$unit: systemctl reload" inside systemctl reload $unit
		ok "... is heard" wait_for 10 reloaded $unit
		is "... by the process that was there" "$(shows $unit MainPID)" "$before"
	done
}

# another UNIT PID: another process is active
another() {
	local now
	now=$(shows "$1" MainPID) && [ "$now" != "$2" ] && [ "$now" != 0 ] && [ "$(states "$1")" = active ]
}

another_child() {
	local now
	now=$(filter_child) && [ -n "$now" ] && [ "$now" != "$1" ]
}

test_deaths() {
	local before
	flow 60 deaths
	sleep 1
	ok "a restart while mail flows" inside systemctl restart pitchward-milter
	wait_for 5 another_child ""
	before=$(filter_child)
	ok "the worker is killed" inside sh -c "kill -KILL $before"
	ok "... and has a successor" wait_for 5 another_child "$before"
	is "... of which systemd knows nothing" "$(shows pitchward-milter NRestarts)" 0
	before=$(filter_main)
	ok "the filter is killed" inside sh -c "kill -KILL $before"
	ok "... and is started again" wait_for 10 another pitchward-milter "$before"
	is "... by systemd" "$(shows pitchward-milter NRestarts)" 1
	comes_through 60 deaths
	before=$(shows pitchward-web MainPID)
	ok "the pages are killed" inside sh -c "kill -KILL $before"
	ok "... and are started again" wait_for 10 another pitchward-web "$before"
}

# hangs WHAT UNIT PID: it stands still, and systemd sees it
hangs() {
	local before
	before=$(shows "$2" MainPID)
	ok "$1 stopped" inside sh -c "kill -STOP $3"
	ok "... and there is another" wait_for 15 another "$2" "$before"
	ok "... for what the watchdog says" logged "$2.service" 'Watchdog timeout'
	inside journalctl --rotate --vacuum-time=1s >/dev/null 2>&1
}

# A minute is long for a test.
test_watchdog() {
	local unit
	for unit in pitchward-milter pitchward-web; do
		is "$unit: has a watchdog" "$(shows $unit WatchdogUSec)" 1min
		inside sh -c "mkdir -p /run/systemd/system/$unit.service.d && printf '[Service]\nWatchdogSec=3\n' >/run/systemd/system/$unit.service.d/soon.conf"
	done
	inside systemctl daemon-reload
	inside systemctl restart pitchward-milter pitchward-web
	wait_for 5 another_child ""
	sleep 4
	is "who answers is left alone" "$(shows pitchward-milter NRestarts) $(shows pitchward-web NRestarts)" "0 0"
	hangs "the filter" pitchward-milter "$(filter_main)"
	wait_for 5 another_child ""
	hangs "its worker" pitchward-milter "$(filter_child)"
	hangs "the pages" pitchward-web "$(shows pitchward-web MainPID)"
	inside sh -c 'rm -r /run/systemd/system/pitchward-*.service.d'
	inside systemctl daemon-reload
	inside systemctl restart pitchward-milter pitchward-web
}

digest_came() {
	grep -qr '^From: "Pitchward"' "$root/home/quinn/Maildir/new"
}

# What timers start, by hand; and one of them by itself, within the minute.
test_jobs() {
	local timer job
	for timer in $timers; do
		job=${timer%.timer}
		ok "$job: systemctl start" inside systemctl start "$job.service"
		is "... succeeds" "$(shows "$job" Result) $(shows "$job" ExecMainStatus)" "success 0"
	done
	ok "the digest is in its buyer's mailbox" wait_for 10 digest_came
}

by_itself() {
	case $(shows pitchward-digest.timer LastTriggerUSec) in '' | n/a) return 1 ;; esac
}

test_stop() {
	local unit begun
	for unit in pitchward-milter pitchward-web; do
		now_cs
		begun=$T_NOW
		ok "$unit: systemctl stop" inside systemctl stop $unit
		now_cs
		ok "... within three seconds" test $((T_NOW - begun)) -lt 300
		is "... and in good order" "$(shows $unit Result) $(shows $unit ExecMainStatus)" "success 0"
	done
	is "the socket stays" "$(states pitchward-milter.socket)" active
	ok "mail comes" sends woken
	is "... wakes the filter, and is held" "$(held woken) $(states pitchward-milter.service)" "1 active"
	ok "systemctl start" inside systemctl start pitchward-web
}

# A configuration with faults does not heal by starting again.
test_faults() {
	local before
	before=$(filter_main)
	echo 'mode: sometimes' >>"$root$conf"
	inside systemctl reload pitchward-milter
	ok "a reload with a fault is refused" wait_for 10 logged pitchward-milter 'not reloaded, the running configuration stays'
	ok "mail comes" sends fault1
	is "... by whom it was before" "$(filter_main)" "$before"
	not_ok "a start with a fault fails" inside systemctl restart pitchward-milter
	is "... for the configuration" "$(shows pitchward-milter ExecMainStatus)" 78
	sleep 2
	is "... and is not tried again" "$(shows pitchward-milter NRestarts)" 0
	now_cs
	before=$T_NOW
	ok "mail comes" sends fault2
	now_cs
	ok "... within fifteen seconds" test $((T_NOW - before)) -lt 1500
	wait_for 5 arrives fault2
	is "... and is delivered, as main.cf says" "$(delivered_there fault2)" 1
	is "the socket is closed" "$(states pitchward-milter.socket)" failed
	sed -i '/^mode: sometimes/d' "$root$conf"
	ok "it is mended" inside systemctl restart pitchward-milter.socket pitchward-milter.service
	# The minute's digest may have met the fault.
	inside systemctl reset-failed
	ok "mail comes" sends fault3
	is "... and is held, as before" "$(held fault)" 2
}

# The other places of the socket: the service's own making, and as it comes.
test_sockets() {
	rm "$root/$edited"
	inside systemctl daemon-reload
	inside systemctl stop pitchward-milter.service pitchward-milter.socket
	ok "without its edit the socket is sendmail's" inside systemctl start pitchward-milter.socket pitchward-milter.service
	is "... for root alone" "$(inside stat -c '%U:%G %a' /run/pitchward/milter.sock)" "root:root 660"
	inside systemctl stop pitchward-milter.socket pitchward-milter.service
	inside systemctl disable pitchward-milter.socket 2>/dev/null
	sed -i 's/^milter:$/&\n  socket_group: postfix/' "$root$conf"
	ok "without the socket's unit" inside systemctl start pitchward-milter.service
	is "... the filter makes it for Postfix" \
		"$(inside stat -c '%U:%G %a' /var/spool/postfix/pitchward/milter.sock)" "pitchward:postfix 660"
	is "... and root's doctor finds no fault" "$(doctor_finds)" ""
	ok "mail comes" sends alone
	is "... and is held" "$(held alone)" 1
	inside systemctl stop pitchward-milter.service
	readme_lines 'systemctl edit pitchward-milter.socket' >"$root/$edited"
	inside systemctl daemon-reload
	inside systemctl enable --now pitchward-milter.socket pitchward-milter.service 2>/dev/null
}

# A job that takes long is of the old version, and apt does not wait for it.
test_upgrade_there() {
	local filter pages socket job
	inside sh -c "mkdir -p /run/systemd/system/pitchward-train.service.d && printf '[Service]\nExecStart=\nExecStart=/bin/sleep 600\n' >/run/systemd/system/pitchward-train.service.d/long.conf"
	inside systemctl daemon-reload
	inside systemctl start --no-block pitchward-train.service
	filter=$(filter_main)
	pages=$(shows pitchward-web MainPID)
	socket=$(shows pitchward-milter.socket ActiveEnterTimestampMonotonic)
	flow 80 upgrade
	ok "an upgrade while mail flows" timeout 60 sh -c "$(command -v nsenter) -t $first_process --mount --uts --ipc --net --pid --cgroup \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive apt-get -q -y install /pkg/next.deb"
	like "the version is another" "$(inside pitchward --version)" "^pitchward ${version}[+]check1\$"
	ok "the filter is another" another pitchward-milter "$filter"
	ok "the pages are others" another pitchward-web "$pages"
	is "the socket never closed" "$(shows pitchward-milter.socket ActiveEnterTimestampMonotonic)" "$socket"
	is "the job has ended" "$(states pitchward-train.service)" inactive
	is "timers go on" "$(states $timers)" active
	comes_through 80 upgrade
	inside sh -c 'rm -r /run/systemd/system/pitchward-train.service.d'
	inside systemctl daemon-reload
	is "nothing failed" "$(inside systemctl --failed --plain --no-legend)" ""
}

# The filter is there before Postfix, and all of it by itself.
test_reboot() {
	local begun
	now_cs
	begun=$T_NOW
	ok "the system is shut down" stop_system
	now_cs
	ok "... within ten seconds" test $((T_NOW - begun)) -lt 1000
	end_system
	start_system
	is "it boots, and nothing failed" "$(failures)" ""
	is "all is active again" "$(states pitchward-milter.service pitchward-milter.socket pitchward-web.service postfix@-.service $timers)" active
	ok "the filter serves before Postfix starts" test \
		"$(shows pitchward-milter ActiveEnterTimestampMonotonic)" -le "$(shows postfix@-.service InactiveExitTimestampMonotonic)"
	wait_for 10 answers
	ok "mail comes" sends rebooted
	is "... and is held" "$(held rebooted)" 1
	is "root's doctor finds no fault" "$(doctor_finds)" ""
}

test_remove_there() {
	ok "remove" inside apt-get -q -y remove pitchward
	is "nothing runs" "$(inside systemctl list-units --state=active,failed,activating --plain --no-legend 'pitchward*')" ""
	ok "mail comes" sends removed
	wait_for 5 arrives removed
	is "... and is delivered" "$(delivered_there removed)" 1
	ok "purge" inside apt-get -q -y purge pitchward
	rm -r "${root:?}/${edited%/*}"
	entries "$root" >"$T_DIR/after"
	is "nothing of ours is left" "$(comm -13 "$T_DIR/before" "$T_DIR/after" | grep -v '^./home/quinn/')" ""
	is "... nor where the running system keeps things" \
		"$(inside find /run /dev/shm /tmp /var/tmp '(' -name '*pitchward*' -o -nouser ')')" ""
}

check_boot() {
	if ! sh "$top/tests/deb/pid1.sh" probe >"$T_DIR/log/probe" 2>&1; then
		skip "the package where systemd runs" "no namespaces or no cgroup2 here: $(tail -n 1 "$T_DIR/log/probe")"
		return
	fi
	setup_boot
	test_enable
	setup_postfix
	test_mail
	test_sandbox
	test_reload
	test_deaths
	test_watchdog
	test_jobs
	test_stop
	test_faults
	test_sockets
	ok "a timer starts its job by itself" wait_for 60 by_itself
	test_upgrade_there
	test_reboot
	test_release
	test_remove_there
}
