#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2154,SC2317  # local; functions called by name; filter.sh
# The troubles of pitchward-operations(7), each brought about for real, and that
# the doctor says of it, word for word, what the page quotes. Every quotation of
# the page must come up: it cannot tell what no doctor says.

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

# --- the ten

trouble_observe() {
	pitch o1 | send_mail pf "$seller" "$quinn" >/dev/null
	mta_idle pf
	is "observe: mail that would be held is delivered" "$(delivered_count pf "$quinn")" 1
	says observe
	filter_config enforce "release: {smtp: \"smtp://127.0.0.1:$FILTER_RELEASE\"}"
	kill -HUP "$FILTER_PID"
	wait_for 10 filter_logged 'reloaded: '
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
	cp "$T_DIR/kept.db" "$state/pitchward.db"
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
filter_setup observe
filter_start
filter_mta postfix pf accept
for trouble in observe not_asked action order fault release digest key owner server web model worker \
	not_running timers newer store disk; do
	trouble_$trouble
done
is "no quotation of the page is left" \
	"$(cut -f 1 "$T_DIR/quotes" | sort -u)" "$(sort -u "$T_DIR/seen")"
is "the page counts ten troubles" "$(grep -c '^\.\\" trouble' "$page")" 10
done_testing
