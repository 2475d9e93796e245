# shellcheck shell=sh disable=SC3043,SC2015,SC2016  # local; a && b || c; awk in quotes
# Private MTAs for tests: what Postfix and sendmail have in common. Source
# tap.sh first, then this; needs root and the packages of packages.check.
#
#   sock=$(milter_socket)
#   milter_start milter "$sock" "$BUILD/tests/nullmilter" "$sock"
#   mta_start postfix pf "$sock" tempfail
#   printf 'Subject: hi\n\nhi\n' | send_mail pf a@seller.example bob@buyer.example
#   mta_idle pf && is "one copy" "$(delivered_count pf bob@buyer.example)" 1
#
# NAME is an instance; its files are in $T_DIR/NAME, its log in $T_DIR/log/NAME.
# Where a NAME says which listener to talk to, NAME:release is the one without
# milters and NAME:submission the one with {daemon_name} ORIGINATING. Instances
# stop when the test ends.

MTA_LIB=${MTA_LIB:-$T_LIB}
BUILD=${BUILD:-$(cd "$MTA_LIB/../.." && pwd)/build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
# shellcheck disable=SC2034  # postfix.sh and sendmail.sh use it
MTA_DOMAIN=buyer.example
# Not a python3 of the user's own: python3-dkim is in the system's.
PYTHON=${PYTHON:-/usr/bin/python3}

. "$MTA_LIB/postfix.sh"
. "$MTA_LIB/sendmail.sh"

# mta_require KIND...: skips the test when it cannot run here
mta_require() {
	local kind
	[ "$(id -u)" = 0 ] || skip_all "needs root to start an MTA"
	for kind; do
		case $kind in
		postfix) [ -x "$POSTFIX_LIBEXEC/master" ] || skip_all "no Postfix: run tests/lib/deps.sh check" ;;
		sendmail) sendmail_available || skip_all "no sendmail: run tests/lib/deps.sh check" ;;
		esac
	done
}

# mta_prepare NAME KIND: what both kinds of instances have. An instance started
# again keeps its mail, its queue and its ports.
mta_prepare() {
	local dir="$T_DIR/$1" listener
	mkdir -p "$dir/mail"
	chown nobody "$dir/mail"
	# The mailer runs as nobody, who may not reach the repository.
	cp "$MTA_LIB/deliver.sh" "$dir/deliver.sh"
	touch "$dir/aliases"
	echo "$2" >"$dir/kind"
	for listener in main release submission; do
		[ -s "$dir/port.$listener" ] || free_port >"$dir/port.$listener"
	done
}

# mta_start KIND NAME SOCKET tempfail|accept|reject [NATIVE...]: either MTA with
# one milter (unix:/path or inet:port@host) and what to do when it fails;
# NATIVE as for postfix_start and sendmail_start
mta_start() {
	local kind="$1" name="$2" socket="$3" failure="$4"
	shift 4
	case $kind-$failure in
	postfix-*) postfix_start "$name" "smtpd_milters=$(postfix_socket "$socket")" "milter_default_action=$failure" "$@" ;;
	sendmail-tempfail) sendmail_start "$name" "$socket" F=T "$@" ;;
	sendmail-reject) sendmail_start "$name" "$socket" F=R "$@" ;;
	sendmail-accept) sendmail_start "$name" "$socket" "$@" ;;
	*) bail "mta_start: not an MTA or not an action: $kind $failure" ;;
	esac
}

mta_kind() {
	cat "$T_DIR/$1/kind"
}

# mta_port NAME[:release|:submission]
mta_port() {
	case $1 in
	*:*) cat "$T_DIR/${1%%:*}/port.${1#*:}" ;;
	*) cat "$T_DIR/$1/port.main" ;;
	esac
}

mta_listening() {
	listening "$(mta_port "$1")" && listening "$(mta_port "$1:release")"
}

# mta_alias NAME ADDRESS TARGET...: before the start; the address is in
# buyer.example
mta_alias() {
	local name="$1" address="$2"
	shift 2
	mkdir -p "$T_DIR/$name"
	printf '%s %s\n' "$address" "$(printf '%s, ' "$@" | sed 's/, $//')" >>"$T_DIR/$name/aliases"
}

# mta_pids NAME: all its processes, also those that deliver or have left its
# process group: each works in a folder of the instance. Zombies are in none.
mta_pids() {
	local main
	main=$("$(mta_kind "$1")_main_pid" "$1" 2>/dev/null)
	# It may not have changed its folder yet.
	[ -z "$main" ] || t_gone "$main" || echo "$main"
	find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$T_DIR/$1/*" 2>/dev/null | cut -d / -f 3
}

mta_stopped() {
	[ -z "$(mta_pids "$1")" ]
}

# mta_signal NAME SIGNAL: to all its processes
mta_signal() {
	# shellcheck disable=SC2046  # one word a pid
	kill "-$2" $(mta_pids "$1") 2>/dev/null
}

# mta_stop NAME: 1 when it had to be killed. Its mail and log stay.
mta_stop() {
	local status=0
	t_not_at_exit "mta_stop $1"
	mta_signal "$1" TERM
	if ! wait_for 10 mta_stopped "$1"; then
		diag "$1 did not stop within 10 s: killed"
		mta_signal "$1" KILL
		wait_for 5 mta_stopped "$1"
		status=1
	fi
	return $status
}

mta_log() {
	cat "$T_DIR/log/$1"
}

# mta_log_has NAME ERE: for wait_for
mta_log_has() {
	grep -Eq -e "$2" "$T_DIR/log/$1"
}

# Mail that waits to be delivered; mail held back, and its queue ids; parts of
# held mail that match. What they read are the queue's files: nothing is asked
# of the MTA.
mta_queue_count() { "$(mta_kind "$1")_queue_count" "$1"; }
mta_hold_count() { "$(mta_kind "$1")_hold_count" "$1"; }
mta_hold_ids() { "$(mta_kind "$1")_hold_ids" "$1"; }
mta_hold_grep() { "$(mta_kind "$1")_hold_grep" "$@"; }

# mta_release NAME ID...: as the administrator would, and delivery is tried
mta_release() { "$(mta_kind "$1")_release" "$@"; }

# mta_flush NAME: tries all that is deferred
mta_flush() { "$(mta_kind "$1")_flush" "$1"; }

mta_queue_empty() {
	[ "$(mta_queue_count "$1")" = 0 ]
}

# mta_idle NAME [SECONDS]: until nothing waits to be delivered. A 250 is given
# when the mail is in the queue, so counts after this are final.
mta_idle() {
	wait_for "${2:-30}" mta_queue_empty "$1"
}

# maildir_of NAME ADDRESS: its new mails are in the folder new/
maildir_of() {
	printf '%s/%s/mail/%s\n' "$T_DIR" "$1" "$(printf '%s' "$2" | tr '[:upper:]' '[:lower:]')"
}

# delivered NAME [ADDRESS]: the files, oldest first for one address. ADDRESS is
# the envelope's, after aliases, of any domain.
delivered() {
	local dir="$T_DIR/$1/mail/*"
	[ $# = 1 ] || dir=$(maildir_of "$1" "$2")
	# shellcheck disable=SC2086  # every address
	find $dir/new -type f 2>/dev/null | sort -V
}

delivered_count() {
	delivered "$@" | wc -l
}

# milter_socket [NAME]: the address of a unix socket in a folder that Postfix's
# workers can reach: they run as user postfix, whatever sendmail or the milter
# run as. As on a real host: setgid to group postfix, so the socket is too.
milter_socket() {
	local dir="$T_DIR/s"
	if [ ! -d "$dir" ]; then
		mkdir "$dir" && chgrp postfix "$dir" && chmod 2750 "$dir" || return
	fi
	echo "unix:$dir/${1:-milter}"
}

# milter_start NAME SOCKET COMMAND...: in the background (bg), until it accepts
# on SOCKET. Under umask 007: with 022 the socket is not writable for the group
# and Postfix is refused.
milter_start() {
	local name="$1" socket="$2" mask
	shift 2
	mask=$(umask)
	umask 007
	bg "$name" "$@"
	umask "$mask"
	wait_for 10 listening "$socket" || bail "milter $name does not listen on $socket"
}

# bench_build PROGRAM...: nullmilter, floormilter, milter-load or
# sendmail_preload.so into $BUILD/tests. Renamed into place, as another test may
# be building or running the same.
bench_build() {
	local target out
	mkdir -p "$BUILD/tests"
	for target; do
		out=$BUILD/tests/$target
		case $target in
		*.so) set -- "$MTA_LIB/${target%.so}.c" -shared -fPIC ;;
		nullmilter) set -- "$MTA_LIB/../bench/$target.c" -lmilter -lpthread ;;
		*) set -- "$MTA_LIB/../bench/$target.c" -lpthread ;;
		esac
		[ -n "$(find "$out" -newer "$1" 2>/dev/null)" ] && continue
		"${CC:-cc}" -O2 -Wall -Wextra -o "$out.$$" "$@" && mv "$out.$$" "$out" ||
			bail "cannot build $target"
	done
}

# postfix_socket SOCKET: libmilter's inet:port@host in Postfix's words
postfix_socket() {
	local rest
	case $1 in
	inet:*@*)
		rest=${1#inet:}
		echo "inet:${rest#*@}:${rest%@*}"
		;;
	local:*) echo "unix:${1#local:}" ;;
	*) echo "$1" ;;
	esac
}

# smtp NAME COMMAND ARGUMENT...: smtp.py's send, load or talk
smtp() {
	local port command="$2"
	port=$(mta_port "$1") || return
	shift 2
	"$PYTHON" "$MTA_LIB/smtp.py" "$command" "$port" "$@"
}

# send_mail NAME FROM RCPT... [-- OPTION...] <MESSAGE: one transaction, all
# recipients; prints each reply as "STAGE CODE TEXT" (the last one is "DATA.");
# succeeds when every message got its 250. FROM "" is the null sender. OPTIONs
# are smtp.py's, as --file F... for several messages in one session.
send_mail() {
	local name="$1"
	shift
	smtp "$name" send "$@"
}

# load_mail NAME COUNT FROM RCPT... [-- OPTION...]: COUNT messages, each with an
# X-Load-Id of its own; prints what became of them. Ids with a 250 are added to
# $T_DIR/NAME.accepted.
load_mail() {
	local name="$1"
	shift
	smtp "$name" load --ids "$T_DIR/${name%%:*}.accepted" "$@"
}

# load_delivered NAME [ADDRESS]: the ids delivered, one a line for each copy
load_delivered() {
	delivered "$@" | xargs -r awk '
		FNR == 1 { head = 1 }
		/^$/ { head = 0 }
		head && $1 == "X-Load-Id:" { print $2 }' | sort
}

load_held() {
	mta_hold_grep "$1" 'X-Load-Id: [A-Za-z0-9-]+' | sed 's/^[^ ]* //' | sort
}

# load_missing NAME ADDRESS [FILE...]: ids that got a 250 and are neither with
# the address, nor held by the MTA, nor in the FILEs (ids that a store has, one
# a line). Count in = delivered + held, id by id; "" when nothing is lost.
load_missing() {
	local name="$1" address="$2"
	shift 2
	{ load_delivered "$name" "$address" && load_held "$name" && cat /dev/null "$@"; } |
		sort -u >"$T_DIR/$name.accounted"
	sort -u "$T_DIR/$name.accepted" | comm -23 - "$T_DIR/$name.accounted"
}

# load_twice NAME ADDRESS: ids that the address got more than once
load_twice() {
	load_delivered "$@" | uniq -d
}
