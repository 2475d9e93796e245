# shellcheck shell=sh disable=SC3043  # `local` is in every sh that Debian ships
# A private sendmail: the distribution's binary, unpacked by deps.sh into
# $BUILD/sendmail, with its own sendmail.cf, queue and log under $T_DIR/NAME.
# Sourced by mta.sh.

# One for all the builds: a sanitizer's is in $BUILD/asan or so.
SENDMAIL_ROOT=$BUILD/sendmail
[ -d "$SENDMAIL_ROOT" ] || [ ! -d "$BUILD/../sendmail" ] || SENDMAIL_ROOT=$BUILD/../sendmail
SENDMAIL_BIN=$SENDMAIL_ROOT/usr/libexec/sendmail/sendmail
SENDMAIL_CF=$SENDMAIL_ROOT/usr/share/sendmail/cf
SENDMAIL_PRELOAD=$BUILD/tests/sendmail_preload.so

sendmail_available() {
	[ -x "$SENDMAIL_BIN" ] && command -v m4 >/dev/null
}

# sendmail_start NAME SOCKET [F=FLAGS] [T=TIMEOUTS] [MC-LINE...]: SOCKET as
# unix:/path or inet:port@host, "" for no milter. F=T answers 451 when the
# milter fails, F=R rejects, none accepts unscanned. MC-LINEs are m4, before
# the mailers.
#
#   sendmail_start sm "unix:$sock" F=T 'T=C:5s;S:5s;R:5s;E:20s'
sendmail_start() {
	local name="$1" socket="$2" dir="$T_DIR/$1" filter=
	shift 2
	sendmail_available || bail "no sendmail in $SENDMAIL_ROOT: run tests/lib/deps.sh check"
	bench_build sendmail_preload.so
	while case ${1-} in [FT]=*) : ;; *) false ;; esac do
		filter="$filter, $1"
		shift
	done
	mta_prepare "$name" sendmail
	mkdir -p "$dir/etc" "$dir/q"
	chmod 700 "$dir/q"
	touch "$dir/statistics"
	printf 'hosts files\npasswd files\naliases files\n' >"$dir/etc/service.switch"
	{
		sendmail_write_head "$name"
		[ -z "$socket" ] || printf "INPUT_MAIL_FILTER(\`test', \`S=%s%s')\n" "$socket" "$filter"
		[ $# = 0 ] || printf '%s\n' "$@"
		sendmail_write_mailers "$name"
	} >"$dir/etc/sendmail.mc"
	m4 -I "$SENDMAIL_CF" "$SENDMAIL_CF/m4/cf.m4" "$dir/etc/sendmail.mc" \
		>"$dir/etc/sendmail.cf" 2>>"$T_DIR/log/$name" || bail "no sendmail.cf for $name"
	# An alias is looked up by its user part.
	sed "s/^\([^ @]*\)@$MTA_DOMAIN /\1: /" "$dir/aliases" >"$dir/etc/aliases"
	sendmail_run "$name" -bi >>"$T_DIR/log/$name" || bail "no aliases for $name"
	bg "$name" sendmail_exec "$name" -bD
	echo "$T_PID" >"$dir/pid"
	t_at_exit "mta_stop $name"
	wait_for 10 mta_listening "$name" || bail "sendmail $name does not listen"
}

# No DNS, no other users, and no limit by the load of the machine: at a load of
# 8 sendmail would only queue, at 12 refuse. TrustStickyBit because all is below
# /tmp, which sendmail's safefile() calls unsafe; its other checks stay, on the
# milter's socket too.
sendmail_write_head() {
	local dir="$T_DIR/$1"
	cat <<-EOF
		OSTYPE(\`linux')
		define(\`confDOMAIN_NAME', \`mx.$MTA_DOMAIN')
		define(\`confDONT_PROBE_INTERFACES', \`True')
		define(\`confSERVICE_SWITCH_FILE', \`$dir/etc/service.switch')
		define(\`ALIAS_FILE', \`$dir/etc/aliases')
		define(\`QUEUE_DIR', \`$dir/q')
		define(\`STATUS_FILE', \`$dir/statistics')
		define(\`confPID_FILE', \`$dir/sendmail.pid')
		define(\`confDEAD_LETTER_DROP', \`$dir/dead.letter')
		define(\`confDEF_USER_ID', \`nobody:nogroup')
		define(\`confDONT_BLAME_SENDMAIL', \`TrustStickyBit')
		define(\`confTO_IDENT', \`0')
		define(\`confLOG_LEVEL', \`14')
		define(\`confQUEUE_LA', \`1000')
		define(\`confREFUSE_LA', \`1000')
		define(\`confDELAY_LA', \`1000')
		define(\`SMART_HOST', \`maildir:anywhere')
		LOCAL_DOMAIN(\`$MTA_DOMAIN')
		FEATURE(\`nocanonify')
		FEATURE(\`nouucp', \`reject')
		FEATURE(\`promiscuous_relay')
		FEATURE(\`accept_unresolvable_domains')
		FEATURE(\`accept_unqualified_senders')
		FEATURE(\`no_default_msa')
		DAEMON_OPTIONS(\`Name=MTA, Family=inet, Addr=127.0.0.1, Port=$(mta_port "$1")')
		DAEMON_OPTIONS(\`Name=release, Family=inet, Addr=127.0.0.1, Port=$(mta_port "$1:release"), InputMailFilters=')
		DAEMON_OPTIONS(\`Name=ORIGINATING, Family=inet, Addr=127.0.0.1, Port=$(mta_port "$1:submission")')
	EOF
}

# Two mailers, one program: "local" looks up aliases, "maildir" has the mail for
# all other domains. Neither adds a "From " line (n) or missing headers (no D,
# F, M), touches 8-bit bytes, or asks for a user of this system (no w).
sendmail_write_mailers() {
	local args="sh $T_DIR/$1/deliver.sh $T_DIR/$1/mail"
	cat <<-EOF
		define(\`LOCAL_MAILER_PATH', \`/bin/sh')
		define(\`LOCAL_MAILER_ARGS', \`$args \$u@$MTA_DOMAIN')
		MODIFY_MAILER_FLAGS(\`LOCAL', \`Aln8hu')
		MAILER(\`local')
		MAILER(\`smtp')
		MAILER_DEFINITIONS
		Mmaildir, P=/bin/sh, F=n8hu, S=EnvFromSMTP/HdrFromSMTP, R=EnvToSMTP, E=\\n, T=DNS/RFC822/X-Unix, A=$args \$u
	EOF
}

# sendmail_exec NAME OPTION...: becomes this instance's sendmail
sendmail_exec() {
	local dir="$T_DIR/$1" log="$T_DIR/log/$1"
	shift
	exec env "LD_PRELOAD=$SENDMAIL_PRELOAD" "PRELOAD_SYSLOG=$log" \
		"PRELOAD_HOSTNAME=mx.$MTA_DOMAIN" "$SENDMAIL_BIN" -C "$dir/etc/sendmail.cf" "$@"
}

# sendmail_run NAME OPTION...: a sendmail command of this instance, such as
# -bp, or -qQ -Q -qIid
sendmail_run() {
	(sendmail_exec "$@")
}

sendmail_main_pid() {
	cat "$T_DIR/$1/pid"
}

# The qf file is removed when the last recipient is done.
sendmail_queue_count() {
	find "$T_DIR/$1/q" -name '[qQtT]f*' | wc -l
}

sendmail_hold_count() {
	sendmail_hold_ids "$1" | wc -l
}

sendmail_hold_ids() {
	find "$T_DIR/$1/q" -name 'hf*' -printf '%f\n' | sed 's/^hf//'
}

# sendmail_hold_grep NAME ERE: headers are in the hf file, the body in the df
sendmail_hold_grep() {
	local id
	for id in $(sendmail_hold_ids "$1"); do
		cat "$T_DIR/$1/q/hf$id" "$T_DIR/$1/q/df$id" 2>/dev/null | grep -aoE -e "$2"
	done
}

# sendmail_release NAME ID...: out of quarantine, and tried at once
sendmail_release() {
	local name="$1" id
	shift
	for id; do
		sendmail_run "$name" -Q -qQ "-qI$id" && sendmail_run "$name" "-qI$id" || return
	done
}

sendmail_flush() {
	sendmail_run "$1" -q
}
