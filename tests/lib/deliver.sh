#!/bin/sh
# The mailer program of the test MTAs: standard input into BASE/RECIPIENT/new.
#
#   deliver.sh BASE RECIPIENT
#
# Folders are in lower case. Whatever goes wrong is EX_TEMPFAIL: the MTA keeps
# the mail and a count shows that one is missing.
base=$1 rcpt=$2
case $rcpt in
*/*) exit 75 ;;
*[A-Z]*) rcpt=$(printf '%s' "$rcpt" | tr '[:upper:]' '[:lower:]') ;;
esac
umask 022
box=$base/$rcpt
[ -d "$box/new" ] || mkdir -p "$box/tmp" "$box/new" "$box/cur" || exit 75
# A pid is not used twice within one centisecond.
read -r now _ </proc/uptime
cat >"$box/tmp/$now.$$" && mv "$box/tmp/$now.$$" "$box/new/$now.$$" || exit 75
