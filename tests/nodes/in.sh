#!/bin/sh
# A command on a machine of nodes.sh: in its network namespace, under its name.
# Execs all the way, so that the pid stays.
#
#   in.sh PREFIX MACHINE COMMAND...
prefix=$1
shift
# shellcheck disable=SC2016  # of the inner shell
exec nsenter --net="/run/netns/$prefix-$1" unshare --uts sh -c 'hostname "$0"; exec "$@"' "$@"
