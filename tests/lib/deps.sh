#!/bin/sh
# shellcheck disable=SC3043,SC2015  # local; a && b || c
# Installs the Debian packages that building, checking or the demonstration
# needs; does nothing, quickly, when all of them are there.
#
#   sh tests/lib/deps.sh build|check|demo...      or source it and call
#   deps_install build|check|demo...
#   deps_sendmail          sendmail unpacked into $BUILD/sendmail
#
# Exits 69 (EX_UNAVAILABLE) with the one command to run when not root.

EX_UNAVAILABLE=69

# The folder of this file, from any script of tests/ that sources it.
deps_find_lib() {
	local here dir
	here=$(dirname "$0")
	for dir in "$here" "$here/lib" "$here/../lib" tests/lib; do
		[ -r "$dir/packages.build" ] || continue
		(cd "$dir" && pwd)
		return
	done
	echo "deps.sh: tests/lib not found from $0: set DEPS_LIB" >&2
	return 1
}

DEPS_LIB=${DEPS_LIB:-$(deps_find_lib)} || exit
BUILD=${BUILD:-$(cd "$DEPS_LIB/../.." && pwd)/build}

# deps_list KIND...: the packages of these lists, one a line
deps_list() {
	local kind
	for kind; do
		sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$DEPS_LIB/packages.$kind" || return
	done | sort -u
}

# deps_missing KIND...: those that are not installed, on one line
deps_missing() {
	local wanted have
	wanted=$(deps_list "$@")
	# shellcheck disable=SC2086  # one word a package
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
		sed -n 's/ installed$//p')
	# Other sources' nodejs has npm in it, and conflicts with Debian's.
	! command -v npm >/dev/null || have="$have
npm"
	printf '%s\n' "$wanted" | grep -vxF -e "$have" | tr '\n' ' ' | sed 's/ $//'
}

deps_apt_get() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
}

# Without an answer the package would write a configuration and a system with
# an init would start it on port 25; "No configuration" does neither.
deps_preseed() {
	echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
}

deps_port25_quiet() {
	! ss -Hltn 'sport = :25' 2>/dev/null | grep -q .
}

deps_install() {
	local missing quiet_before
	missing=$(deps_missing "$@") || exit
	if [ -n "$missing" ]; then
		if [ "$(id -u)" != 0 ]; then
			echo "run this as root, then come back: apt-get install --no-install-recommends $missing" >&2
			exit $EX_UNAVAILABLE
		fi
		quiet_before=$(deps_port25_quiet && echo yes || echo no)
		deps_preseed
		# --no-remove: postfix would push out another MTA that somebody uses.
		# shellcheck disable=SC2086  # one word a package
		deps_apt_get update >&2 &&
			deps_apt_get install --no-install-recommends --no-remove $missing >&2 ||
			exit $EX_UNAVAILABLE
		if [ "$quiet_before" = yes ] && ! deps_port25_quiet; then
			echo "something listens on port 25 since this installation; stop it" >&2
			exit $EX_UNAVAILABLE
		fi
	fi
	case " $* " in *" check "*) deps_sendmail || exit $EX_UNAVAILABLE ;; esac
}

# The sendmail and postfix packages conflict, so sendmail is only unpacked. The
# tree is renamed into place whole: several tests may be waiting for it. The
# set-gid bit goes, as the loader ignores LD_PRELOAD (sendmail.sh) with it.
deps_sendmail() {
	local root="$BUILD/sendmail" work
	[ -x "$root/usr/libexec/sendmail/sendmail" ] && return
	mkdir -p "$BUILD" && work=$(mktemp -d "$BUILD/sendmail.XXXXXX") || return
	(
		cd "$work" &&
			{ deps_sendmail_download || { deps_sendmail_update && deps_sendmail_download; }; } &&
			for deb in *.deb; do dpkg-deb -x "$deb" . || exit; done &&
			rm -f ./*.deb &&
			chmod g-s usr/libexec/sendmail/sendmail
	) >&2 && chmod 755 "$work" && mv -T "$work" "$root" 2>/dev/null || :
	rm -rf "$work"
	[ -x "$root/usr/libexec/sendmail/sendmail" ]
}

# apt's own sandbox user could not write here; unpacking needs no root.
deps_sendmail_download() {
	apt-get -q -o APT::Sandbox::User=root download sendmail-bin sendmail-base sendmail-cf
}

deps_sendmail_update() {
	if [ "$(id -u)" != 0 ]; then
		echo "sendmail could not be downloaded; run this as root, then come back: apt-get update" >&2
		return $EX_UNAVAILABLE
	fi
	deps_apt_get update
}

case ${0##*/} in
deps.sh) deps_install "$@" ;;
esac
