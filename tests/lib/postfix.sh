# shellcheck shell=sh disable=SC3043,SC2015,SC2034  # local; a && b || c; used in mta.sh
# A private Postfix: own configuration, queue and data under $T_DIR/NAME, the
# distribution's programs. Nothing runs chrooted, so that unix:/path in
# smtpd_milters is a path of the host. Sourced by mta.sh.

POSTFIX_LIBEXEC=/usr/lib/postfix/sbin

# postfix_start NAME [key=value | master:LINE]...: key=value goes to main.cf,
# after the harness's own settings and so over them; LINE to master.cf.
#
#   postfix_start pf smtpd_milters="unix:$sock" milter_default_action=tempfail
postfix_start() {
	local name="$1" dir="$T_DIR/$1"
	shift
	mta_prepare "$name" postfix
	mkdir -p "$dir/etc" "$dir/data"
	chown postfix "$dir/data"
	postfix_make_queue "$dir/q"
	postfix_write_master "$name" >"$dir/etc/master.cf"
	postfix_write_main "$name" >"$dir/etc/main.cf"
	postfix_write_settings "$dir/etc" "$@"
	# Postfix reads a file again and again until it is two seconds old.
	touch -d '1 minute ago' "$dir/etc/main.cf" "$dir/etc/master.cf" "$dir/aliases"
	# As postfix-script does, less its thirty calls of postconf.
	postfix_run "$name" "$POSTFIX_LIBEXEC/master" -w >>"$T_DIR/log/$name" 2>&1 </dev/null ||
		bail "Postfix $name did not start"
	t_at_exit "mta_stop $name"
	wait_for 10 mta_listening "$name" || bail "Postfix $name does not listen"
}

# postfix_make_queue FOLDER: what postfix-files says of the queue's folders
postfix_make_queue() {
	[ ! -d "$1" ] || return 0
	mkdir -p "$1/pid"
	(
		cd "$1" || exit
		mkdir active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace
		chown postfix -- [!p]* private public
		chgrp postdrop maildrop public
		chmod 700 -- [!p]* private
		chmod 730 maildrop
		chmod 710 public
	)
}

# The first listener is the one under test. Mail that we hand back goes to
# "release", which no milter sees; "submission" is where a site's own users
# come in, told apart by {daemon_name} as in Debian's master.cf.
postfix_write_master() {
	local dir="$T_DIR/$1"
	cat <<-EOF
		127.0.0.1:$(mta_port "$1") inet n - n - - smtpd
		127.0.0.1:$(mta_port "$1:release") inet n - n - - smtpd
		  -o syslog_name=postfix/release -o smtpd_milters=
		127.0.0.1:$(mta_port "$1:submission") inet n - n - - smtpd
		  -o syslog_name=postfix/submission -o milter_macro_daemon_name=ORIGINATING
		pickup unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		verify unix - - n - 1 verify
		flush unix n - n 1000? 0 flush
		proxymap unix - - n - - proxymap
		proxywrite unix - - n - 1 proxymap
		smtp unix - - n - - smtp
		showq unix n - n - - showq
		error unix - - n - - error
		retry unix - - n - - error
		discard unix - - n - - discard
		local unix - n n - - local
		virtual unix - n n - - virtual
		anvil unix - - n - 1 anvil
		postlog unix-dgram n - n - 1 postlogd
		maildir unix - n n - - pipe
		  flags= user=nobody argv=/bin/sh $dir/deliver.sh $dir/mail \${recipient}
	EOF
}

# Every domain's mail ends in a maildir here, so that mail going out can be
# counted too and none leaves the machine. Clients are taken for strangers
# (local_header_rewrite_clients) or Postfix would add the headers they lack,
# before the milter. XCLIENT lets a test be any client. Delays meant to slow
# down attackers are off.
postfix_write_main() {
	local dir="$T_DIR/$1"
	cat <<-EOF
		compatibility_level = 3.6
		queue_directory = $dir/q
		data_directory = $dir/data
		maillog_file = $T_DIR/log/$1
		maillog_file_prefixes = $T_DIR
		myhostname = mx.$MTA_DOMAIN
		mydestination =
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		mynetworks = 127.0.0.0/8
		alias_maps =
		alias_database =
		local_recipient_maps =
		virtual_alias_maps = texthash:$dir/aliases
		virtual_mailbox_domains = $MTA_DOMAIN
		virtual_mailbox_maps = static:all
		virtual_transport = maildir:
		default_transport = maildir:
		maildir_destination_recipient_limit = 1
		maildir_initial_destination_concurrency = 20
		smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
		smtpd_authorized_xclient_hosts = 127.0.0.0/8
		local_header_rewrite_clients =
		smtpd_client_connection_count_limit = 0
		smtpd_error_sleep_time = 0
		smtpd_hard_error_limit = 1000
		smtpd_soft_error_limit = 1000
		in_flow_delay = 0
	EOF
}

# postfix_write_settings FOLDER SETTING...
postfix_write_settings() {
	local etc="$1" setting key
	shift
	for setting; do
		case $setting in
		master:*) printf '%s\n' "${setting#master:}" >>"$etc/master.cf" ;;
		*=*)
			key=${setting%%=*}
			# A parameter given twice draws a warning: the first one goes.
			sed -i "/^$key =/d" "$etc/main.cf"
			printf '%s = %s\n' "$key" "${setting#*=}" >>"$etc/main.cf"
			;;
		*) bail "postfix_start: not key=value: $setting" ;;
		esac
	done
}

# postfix_run NAME COMMAND...: a Postfix command of this instance, such as
# postqueue -j or postsuper -H ID
postfix_run() {
	local etc="$T_DIR/$1/etc"
	shift
	MAIL_CONFIG=$etc "$@"
}

postfix_main_pid() {
	tr -d ' ' <"$T_DIR/$1/q/pid/master.pid"
}

# The queue manager moves a file from folder to folder by rename() and a
# delivery ends by removing it: zero here means delivered, bounced or held.
postfix_queue_count() {
	local q="$T_DIR/$1/q"
	find "$q/maildrop" "$q/incoming" "$q/active" "$q/deferred" -type f | wc -l
}

postfix_hold_count() {
	postfix_hold_ids "$1" | wc -l
}

postfix_hold_ids() {
	find "$T_DIR/$1/q/hold" -type f -printf '%f\n'
}

# postfix_hold_grep NAME ERE: what matches in the headers and bodies of held
# mail, part for part. Not in the queue files themselves: there a line is
# followed at once by the bytes of the next record.
postfix_hold_grep() {
	postfix_hold_ids "$1" | MAIL_CONFIG="$T_DIR/$1/etc" xargs -r postcat -hbq | grep -aoE -e "$2"
}

# postfix_release NAME ID...: out of the hold queue, and tried at once
postfix_release() {
	local name="$1" id
	shift
	for id; do
		postfix_run "$name" postsuper -H "$id" 2>>"$T_DIR/log/$name" &&
			postfix_run "$name" postqueue -i "$id" || return
	done
}

postfix_flush() {
	postfix_run "$1" postqueue -f
}
