#!/bin/sh
# shellcheck disable=SC3043  # local
# systemd as the first process of namespaces of its own, over the root file
# system ROOT and in the control group GROUP, which is made below our own one.
# Nothing that it mounts or mends is seen outside. It takes the place of this
# process, whose only child is that first process.
#
#   pid1.sh probe           whether the kernel lets us; why not
#   pid1.sh boot ROOT GROUP
#   pid1.sh gone GROUP      takes the group away, once all in it have ended
set -eu

spaces="--mount --uts --ipc --net --pid --cgroup"

# hierarchy: where the control groups are, in our own mount namespace
hierarchy() {
	mount --make-rprivate /
	mount -t tmpfs -o size=64k tmpfs /mnt
	mkdir /mnt/groups
	mount -t cgroup2 cgroup2 /mnt/groups
	HERE=/mnt/groups$(sed -n 's/^0:://p' /proc/self/cgroup)
}

# A container's own view: what is the machine's cannot be written.
furnish() {
	local node
	mount -t proc -o nosuid,nodev,noexec proc proc
	mount --bind proc/sys proc/sys
	mount -o remount,bind,ro proc/sys
	mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
	mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
	mount -t tmpfs -o mode=755,nosuid tmpfs dev
	for node in null zero full random urandom tty; do
		: >"dev/$node"
		mount --bind "/dev/$node" "dev/$node"
	done
	mkdir dev/pts dev/shm
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	mount -t tmpfs -o mode=1777 tmpfs dev/shm
	mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
}

case "$1" in
probe)
	command -v ip || { echo "no ip: apt-get install iproute2" && exit 1; }
	# shellcheck disable=SC2086  # words
	exec unshare $spaces --fork --kill-child sh -c 'mount --make-rprivate / && mount -t cgroup2 cgroup2 /mnt'
	;;
boot)
	exec unshare --mount sh "$0" grouped "$2" "$3"
	;;
grouped)
	hierarchy
	mkdir "$HERE/$3"
	echo $$ >"$HERE/$3/cgroup.procs"
	# shellcheck disable=SC2086  # words
	exec unshare $spaces --fork --kill-child sh "$0" first "$2"
	;;
first)
	mount --make-rprivate /
	mount --bind "$2" "$2"
	cd "$2"
	furnish
	ip link set lo up
	# Another machine's, as far as the units know.
	ip address add 192.0.2.25/32 dev lo
	hostname mx
	mkdir -p .before
	pivot_root . .before
	cd /
	umount -l /.before
	rmdir /.before
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 container=pitchward \
		/lib/systemd/systemd --system --log-target=journal --show-status=no
	;;
gone)
	exec unshare --mount sh "$0" swept "$2"
	;;
swept)
	hierarchy
	# What was killed may still be on its way out.
	for try in 1 2 3 4 5; do
		[ -d "$HERE/$2" ] || exit 0
		find "$HERE/$2" -depth -type d -exec rmdir {} + 2>/dev/null || sleep "$try"
	done
	exit 1
	;;
esac
