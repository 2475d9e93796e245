#!/bin/sh
# shellcheck disable=SC2034  # read by tap.sh
# A private Postfix for the bench: one listener for each milter, all of them of
# one instance, and what is accepted is thrown away. Serves until standard
# input ends.
#
#   postfix.sh NAME=SOCKET...     prints "NAME PORT" each ("none=" has no milter),
#                                 "folder DIR", then "ready"
here=$(cd "$(dirname "$0")" && pwd)
T_LIB=$here/../lib
. "$T_LIB/tap.sh"
. "$T_LIB/mta.sh"
T_ENDED=yes
mta_require postfix

settings=
for pair; do
	name=${pair%%=*}
	port=$(free_port)
	echo "$name $port"
	milters=${pair#*=}
	settings="$settings
master:127.0.0.1:$port inet n - n - - smtpd -o syslog_name=postfix/$name -o smtpd_milters=${milters:+unix:$milters}"
done
set -- virtual_transport=discard: default_transport=discard: milter_default_action=tempfail
while IFS= read -r line; do
	[ -z "$line" ] || set -- "$@" "$line"
done <<END
$settings
END
postfix_start pf "$@"
echo "folder $T_DIR/pf"
echo ready
cat >/dev/null
