#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2154,SC2317  # local; functions called by name; filter.sh
# The troubles of pitchward-operations(7), each brought about for real, and that
# the doctor says of it, word for word, what the page quotes. Every quotation of
# the page must come up: it cannot tell what no doctor says. Before that, its
# commands of upgrades and backups, as they are printed.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
mta_require postfix
filter_require
top=$(cd "$(dirname "$0")/../.." && pwd)
page=${OPERATIONS_PAGE:-$top/contrib/man/pitchward-operations.7}
etc=$T_DIR/pf/etc
state=$FILTER_DIR/state

# The page's quotations, "ID<tab>TEXT" each: a literal block behind a comment
# that names the trouble. Lines are joined, numbers stand for any number.
page_quotes() {
	awk '/^\.\\" doctor: / { id = $3; next }
		/^\.Ed/ && id { print id "\t" text; id = ""; text = ""; next }
		/^\./ { next }
		id { text = text (text ? " " : "") $0 }' "$page" | plain
}

plain() {
	sed 's/[0-9][0-9.]*/N/g; s/  */ /g; s/ *$//'
}

# The places of this installation by the names that the page calls them.
documented() {
	local path="${FILTER_SOCKET#unix:}"
	sed "s|$path|/var/spool/postfix/pitchward/milter.sock|g
		s|${path%/*}|/var/spool/postfix/pitchward|g
		s|$etc|/etc/postfix|g; s|$T_DIR/pf/q|/var/spool/postfix|g
		s|$FILTER_DIR/profiles.d|/etc/pitchward/profiles.d|g
		s|$FILTER_DIR/pitchward.yaml|/etc/pitchward/pitchward.yaml|g
		s|$T_DIR/models|/var/lib/pitchward/models|g
		s|$state|/var/lib/pitchward|g
		s/nobody/pitchward/g" | plain
}

# says TROUBLE [OPTION...]: the doctor says what the page quotes of it
says() {
	local trouble="$1" quote
	shift
	# postconf waits until a file that was just written is older than that.
	touch -d '1 minute ago' "$etc"/*.cf
	pitchward doctor --postfix "$etc" "$@" >"$T_DIR/raw" 2>&1
	documented <"$T_DIR/raw" >"$T_DIR/out"
	grep "^$trouble	" "$T_DIR/quotes" | cut -f 2 >"$T_DIR/wanted"
	ok "$trouble: the page has it" test -s "$T_DIR/wanted"
	while IFS= read -r quote; do
		if grep -qxF -e "$quote" "$T_DIR/out"; then
			t_pass "$trouble: $(echo "$quote" | cut -c 1-70)"
		else
			t_fail "$trouble: the doctor says what the page quotes" "page: $quote" \
				"$(sed 's/^/doctor: /' "$T_DIR/out")"
		fi
	done <"$T_DIR/wanted"
	echo "$trouble" >>"$T_DIR/seen"
}

main() {
	postfix_write_settings "$etc" "$1"
}

# line KEY LINE: of pitchward.yaml
line() {
	sed -i "s|^$1:.*|$2|" "$FILTER_DIR/pitchward.yaml"
}

spooled() {
	find "$state/spool" -name '*.spool' 2>/dev/null | wc -l
}

spooled_one() {
	[ "$(spooled)" = 1 ]
}

# sql STATEMENT: on the store, which nobody has open
sql() {
	"$PYTHON" -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute(sys.argv[2])
c.commit()
c.close()' "$state/pitchward.db" "$1"
}

# The schema's number, in the file's header.
schema() {
	od -An -tu1 -j 63 -N 1 "$state/pitchward.db" | tr -d ' '
}

# --- commands of the page, walked while mail comes

units=$T_DIR/units

# The commands of a part of the page, one a line: the literal block behind a
# comment that names it.
page_commands() {
	awk -v part="$1" '/^\.\\" walk: / { on = $3 == part; next }
		/^\.Ed/ { on = 0 }
		/^\./ || !on { next }
		{ sub(/\\e$/, ""); printf "%s%s", (/^# / ? "\n" : ""), $0 }
		END { print "" }' "$page" | sed -n 's/^# //p'
}

# What of systemd matters here. A glob stops units that run; it starts none.
systemctl() {
	local verb="$1" unit pattern
	shift
	for pattern; do
		case $pattern in *[.*]*) ;; *) pattern=$pattern.service ;; esac
		case $verb-$pattern in
		start-*\**) ;;
		start-*) grep -qxF "$pattern" "$units" || echo "$pattern" >>"$units" ;;
		stop-*)
			while read -r unit; do
				# shellcheck disable=SC2254  # a glob
				case $unit in $pattern) ;; *) echo "$unit" ;; esac
			done <"$units" >"$units.left"
			mv "$units.left" "$units"
			;;
		esac
	done
	as_its_unit
}

as_its_unit() {
	local runs=false
	[ -z "$FILTER_PID" ] || t_gone "$FILTER_PID" || runs=true
	if grep -qx pitchward-milter.service "$units"; then
		$runs || { filter_forget && filter_start; }
	elif $runs; then
		filter_stop
	fi
}

running() {
	sort "$units" | tr '\n' ' '
}

# One mail, for which the socket starts the filter.
mail_comes() {
	walked=$((walked + 1))
	! grep -qx pitchward-milter.socket "$units" || systemctl start pitchward-milter
	pitch "w$walked" | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
}

all_held() {
	filter_held | tr '\n' ' '
}

# walk PART: its commands, each of which succeeds, and mail in between
walk() {
	local command
	page_commands "$1" | sed "s|/var/lib/pitchward|$state|g; s|/etc/pitchward|$FILTER_DIR|g
		s|/backup/pitchward-[0-9][0-9-]*|/backup/pitchward-$(date +%F)|; s|/backup|$T_DIR/backup|g
		s|schema-N|schema-9|; s|\\(chown -hR\\) pitchward:|\\1 root:|; s|\\(chgrp -hR\\) pitchward|\\1 root|
		s|^pitchward doctor|& \\|\\| :|" >"$T_DIR/commands"
	ok "walk: the page has commands of $1" test -s "$T_DIR/commands"
	while read -r command <&7; do
		ok "walk: $command" eval "$command"
		case $command in systemctl* | pitchward* | mv*) mail_comes ;; esac
	done 7<"$T_DIR/commands"
}

walk_setup() {
	FILTER_DIR=$T_DIR/etc state=$T_DIR/lib walked=100
	mkdir "$state" "$T_DIR/backup"
	: >"$units"
	filter_setup enforce "store: \"sqlite:$state/pitchward.db\"" "key: $state/key" "spool: {path: $state/spool}"
	filter_mta postfix pf accept
	systemctl start pitchward-milter.socket pitchward-milter pitchward-web \
		pitchward-digest.timer pitchward-train.timer pitchward-expire.timer
	everything=$(running)
}

# As the program made it whose schema was 9.
make_older() {
	systemctl stop 'pitchward-*'
	"$PYTHON" -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.executescript("""DROP TABLE model; DROP TABLE model_pack; DROP INDEX version_head;
DROP INDEX flow_day; PRAGMA user_version = 9; PRAGMA wal_checkpoint(TRUNCATE);""")
c.close()' "$state/pitchward.db"
}

# A store is upgraded; the way back keeps what was held before that.
walk_back() {
	mail_comes
	mail_comes
	make_older
	walk start
	ok "back: the copy is there" test -e "$state/pitchward.db.schema-9"
	walk stop
	is "back: nothing runs, whoever sends mail" "$(running)" ""
	walk back-away
	walk back
	is "back: what was held before the upgrade" "$(all_held)" "w101 w102 "
	walk start
	is "back: what ran runs again" "$(running)" "$everything"
	is "back: and what came since" "$(all_held)" "w101 w102 w$((walked - 2)) w$((walked - 1)) w$walked "
}

# A site that never trained has no models; then a new machine.
walk_backup() {
	local held
	not_ok "backup: nothing was ever trained" test -e "$state/models"
	held=$(all_held)
	walk backup
	walk stop
	walk restore-away
	walk restore
	is "restore: what was held" "$(all_held | cut -c "-${#held}")" "$held"
	cp "$state/key" "$T_DIR/the.key"
	rm -r "$state" "$FILTER_DIR"
	walk anew
	ok "anew: it is the same key" cmp "$T_DIR/the.key" "$state/key"
	walk restore
	is "anew: what was held" "$(all_held | cut -c "-${#held}")" "$held"
	walk start
	is "anew: what ran runs again" "$(running)" "$everything"
	unlike "anew: the key is the store's" "$(pitchward doctor)" key-shared
}

# Once there are models, they are saved and come back.
walk_models() {
	mkdir "$state/models"
	echo trained >"$state/models/mine"
	rm -r "$T_DIR/backup"
	mkdir "$T_DIR/backup"
	walk backup
	systemctl stop 'pitchward-*'
	rm -r "$state" "$FILTER_DIR"
	walk anew
	is "models: they come back" "$(cat "$state/models/mine")" trained
}

walks() {
	walk_setup
	walk_back
	walk_backup
	walk_models
	mta_stop pf
	rm -rf "$T_DIR/pf"
	FILTER_DIR=$T_DIR/pw state=$T_DIR/pw/state FILTER_PID=
	filter_forget
}

# --- the ten

trouble_observe() {
	pitch o1 | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	is "observe: mail that would be held is delivered" "$(delivered_count pf "$quinn")" 1
	says observe
	filter_config enforce "release: {smtp: \"smtp://127.0.0.1:$FILTER_RELEASE\"}"
	sed 's/tara/uma/g' "$FILTER_DIR/profiles.d/tara.yaml" >"$FILTER_DIR/profiles.d/uma.yaml"
	says reload
	like "reload: so it is with a new profile" "$(cat "$T_DIR/raw")" \
		'^warn +reload +the filter runs with 3 profiles, and configured are 4; mend: systemctl reload'
	rm "$FILTER_DIR/profiles.d/uma.yaml"
	kill -HUP "$FILTER_PID"
	wait_for 10 filter_logged 'reloaded: '
	ok "reload: the figures have it" wait_for 10 grep -q 'mode="enforce"' "$state/spool.prom"
	pitchward doctor --postfix "$etc" >"$T_DIR/raw" 2>&1
	unlike "reload: which mends it" "$(cat "$T_DIR/raw")" '^[a-z]+ +reload '
}

trouble_not_asked() {
	main smtpd_milters=
	says not-asked
	main "smtpd_milters={ $FILTER_SOCKET, default_action=accept }"
	sed -i "s,^\(127.0.0.1:[0-9]* inet n - \)n,\1y," "$etc/master.cf"
	says chroot
	sed -i "s,^\(127.0.0.1:[0-9]* inet n - \)y,\1n," "$etc/master.cf"
	chmod 600 "${FILTER_SOCKET#unix:}"
	says reach
	chmod 660 "${FILTER_SOCKET#unix:}"
}

trouble_action() {
	main "smtpd_milters=$FILTER_SOCKET"
	main milter_default_action=tempfail
	says action
}

trouble_order() {
	main "smtpd_milters={ $FILTER_SOCKET, default_action=accept }, unix:/run/opendkim/opendkim.sock"
	says order
	main "smtpd_milters={ $FILTER_SOCKET, default_action=accept }"
}

trouble_fault() {
	sed -i 's/^priorities:/prioritys:/' "$FILTER_DIR/profiles.d/tara.yaml"
	kill -HUP "$FILTER_PID"
	ok "fault: the filter keeps what it had, and says so" \
		wait_for 10 filter_logged 'not reloaded, the running configuration stays: .*tara.yaml'
	says fault
	sed -i 's/^prioritys:/priorities:/' "$FILTER_DIR/profiles.d/tara.yaml"
	wait_for 10 grep -qs '^pitchward_milter_last_reload_successful 0$' "$state/spool.prom"
	says refused
}

trouble_release() {
	local id
	pitch r1 | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	is "release: a mail is held" "$(filter_held)" r1
	line release "release: {smtp: \"smtp://127.0.0.1:$(free_port)\"}"
	id=$(pitchward quarantine list --json | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' | head -n 1)
	not_ok "release: it cannot be given back" pitchward quarantine release "$id"
	says release
}

# The same listener is needed for digests.
trouble_digest() {
	echo 'digest: {at: "00:00", zone: UTC, days: [mon, tue, wed, thu, fri, sat, sun]}' >>"$FILTER_DIR/profiles.d/quinn.yaml"
	not_ok "digest: it cannot be sent" pitchward digest --send --for "$quinn"
	says digest
	line release "release: {smtp: \"smtp://127.0.0.1:$FILTER_RELEASE\"}"
	ok "digest: with the listener back, it is" pitchward digest --send --for "$quinn"
}

hup_postfix() {
	kill -HUP "$(postfix_main_pid pf)"
}

# answers COMMAND...: the listener for released mail does, once it has read its
# files, for wait_for
answers() {
	pitchward doctor --postfix "$etc" | "$@"
}

# A main.cf that asks much of strangers, and the listener without the lines that
# take it back; then as the page has it.
trouble_refuses() {
	local of id
	pitch r2 | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	id=$(pitchward quarantine list --json | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' | head -n 1)
	cp "$etc/main.cf" "$etc/master.cf" "$T_DIR"
	for of in helo sender recipient data end_of_data; do
		main "smtpd_${of}_restrictions=reject"
		sed -i "/^  -o smtpd_${of}_restrictions=/d" "$etc/master.cf"
	done
	main smtpd_tls_security_level=encrypt
	sed -i '/^  -o smtpd_tls_security_level=/d' "$etc/master.cf"
	hup_postfix
	ok "refuses: the listener asks for TLS" wait_for 10 answers grep -q STARTTLS
	not_ok "refuses: nothing can be given back" pitchward quarantine release "$id"
	says refuses
	main smtpd_tls_security_level=none
	hup_postfix
	ok "refuses: the doctor tells of the next" wait_for 10 answers grep -q 'fail  *release .*: RCPT TO:<dana@buyer.example>: 554 .*rejected'
	cp "$T_DIR/master.cf" "$etc/"
	main smtpd_tls_security_level=encrypt
	hup_postfix
	ok "refuses: with the lines of the page, it is well" wait_for 10 answers grep -q '^ok  *release '
	ok "refuses: and mail is given back" pitchward quarantine release "$id"
	cp "$T_DIR/main.cf" "$etc/"
	hup_postfix
}

trouble_not_running() {
	filter_stop
	says not-running
}

# Held since ten days, and nobody told of it; then for longer than mail is kept.
trouble_timers() {
	cp "$state/pitchward.db" "$T_DIR/kept.db"
	sql "UPDATE message SET time = time - 864000000000 WHERE state = 1"
	sql "UPDATE job SET time = time - 864000000000"
	says timer
	sql "UPDATE message SET time = time - 2592000000000 WHERE state = 1"
	says expiry
	wanted
	expires
	cp "$T_DIR/kept.db" "$state/pitchward.db"
}

# What its buyer wants stays, and no timer is to blame.
wanted() {
	local id
	cp "$state/pitchward.db" "$T_DIR/old.db"
	pitchward quarantine list --json --state held >"$T_DIR/held"
	for id in $(sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' "$T_DIR/held"); do
		ok "expiry: one is wanted" pitchward feedback relevant "$id"
	done
	like "expiry: none goes" "$(pitchward quarantine expire --older-than 30d)" '^0 expired, '
	pitchward doctor --postfix "$etc" >"$T_DIR/out" 2>&1
	like "expiry: the doctor looks for jobs" "$(cat "$T_DIR/out")" '^warn +digest '
	unlike "expiry: and has no complaint" "$(cat "$T_DIR/out")" '^[a-z]+ +expiry '
	cp "$T_DIR/old.db" "$state/pitchward.db"
}

# How many would go is told before they do.
expires() {
	local n
	n=$(filter_held | wc -l)
	isnt "expiry: some are held" "$n" 0
	is "expiry: a dry run counts them" "$(pitchward quarantine expire --older-than 30d --dry-run)" "$n would expire"
	is "expiry: but not what is younger" "$(pitchward quarantine expire --older-than 300d --dry-run --json | tr -d ' \n')" '{"would_expire":0}'
	is "expiry: and nothing is done" "$(filter_held | wc -l)" "$n"
	like "expiry: then they go" "$(pitchward quarantine expire --older-than 30d)" "^$n expired, "
}

trouble_newer() {
	sql "PRAGMA user_version = 99"
	says newer
	filter_forget
	filter_start
	pitch n1 | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	ok "newer: what is held waits in the spool" wait_for 5 spooled_one
	filter_stop
	is "newer: nothing in the store was changed" "$(schema)" 99
	rm "$state"/spool/*.spool
	cp "$T_DIR/kept.db" "$state/pitchward.db"
}

# A store that is damaged: what is held waits in the spool until it is back.
trouble_store() {
	local file
	rm -f "$state"/pitchward.db-*
	dd if=/dev/urandom of="$state/pitchward.db" bs=4096 count=8 conv=notrunc 2>/dev/null
	filter_forget
	filter_start
	pitch s1 | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	ok "store: what is held waits in the spool" wait_for 5 spooled_one
	ok "store: the log says so" wait_for 5 filter_logged 'store away: '
	says store
	filter_stop
	# Of half an hour ago: the name has the time.
	file=$(find "$state/spool" -name '*.spool')
	mv "$file" "$state/spool/$("$PYTHON" -c 'import sys
name = sys.argv[1]
print("%016d%s" % (int(name[:16]) - 1800000000, name[16:]))' "${file##*/}")"
	says spool
	cp "$T_DIR/kept.db" "$state/pitchward.db"
	filter_start
	ok "store: with a backup in place, the copy is moved there" wait_for 10 spooled_none
	like "store: and listed" "$(filter_held)" s1
}

spooled_none() {
	[ "$(spooled)" = 0 ]
}

trouble_disk() {
	filter_stop
	mkdir "$T_DIR/kept"
	cp -a "$state/." "$T_DIR/kept/"
	if ! mount -t tmpfs -o size=16m tmpfs "$state" 2>/dev/null; then
		skip "disk: the doctor says what the page quotes" "no tmpfs can be mounted here"
		echo disk >>"$T_DIR/seen"
		return
	fi
	t_at_exit "umount $state"
	cp -a "$T_DIR/kept/." "$state/"
	says disk
}

# --- told of elsewhere in the page

trouble_model() {
	cp -r "$top/models" "$T_DIR/models"
	truncate -s -100 "$T_DIR/models/outreach/model.svm"
	says model --models "$T_DIR/models"
}

trouble_key() {
	chmod 644 "$state/key"
	says key
	chmod 600 "$state/key"
}

# Only root can give files away. A filter of root's works on meanwhile.
trouble_owner() {
	if ! chown nobody "$state" 2>/dev/null; then
		skip "owner: the doctor says what the page quotes" "not root"
		echo owner >>"$T_DIR/seen"
		return
	fi
	says owner
	chown root "$state"
}

trouble_server() {
	cp "$FILTER_DIR/pitchward.yaml" "$T_DIR/kept.yaml"
	sed -i 's|^store:.*|store: "postgresql://127.0.0.1:1/pitchward"|' "$FILTER_DIR/pitchward.yaml"
	says server
	cp "$T_DIR/kept.yaml" "$FILTER_DIR/pitchward.yaml"
}

trouble_web() {
	echo "web: {listen: \"127.0.0.1:$(free_port)\"}" >>"$FILTER_DIR/pitchward.yaml"
	says web
	sed -i '/^web:/d' "$FILTER_DIR/pitchward.yaml"
}

# The figures are written a moment after the new worker is up.
trouble_worker() {
	local worker
	worker=$(filter_worker)
	kill -SEGV "$worker"
	ok "worker: another one takes over" wait_for 5 another_worker "$worker"
	wait_for 5 grep -qs '^pitchward_milter_worker_restarts_total 1$' "$state/spool.prom"
	says worker
}

another_worker() {
	[ -n "$(filter_worker)" ] && [ "$(filter_worker)" != "$1" ]
}

page_quotes >"$T_DIR/quotes"
: >"$T_DIR/seen"
FILTER_RELEASE=$(free_port)
walks
filter_setup observe
filter_start
filter_mta postfix pf accept
for trouble in observe not_asked action order fault release digest refuses key owner server web model worker \
	not_running timers newer store disk; do
	trouble_$trouble
done
is "no quotation of the page is left" \
	"$(cut -f 1 "$T_DIR/quotes" | sort -u)" "$(sort -u "$T_DIR/seen")"
is "the page counts ten troubles" "$(grep -c '^\.\\" trouble' "$page")" 10
done_testing
