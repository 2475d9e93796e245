#!/bin/sh
# shellcheck disable=SC3043,SC2317,SC2015  # local; functions called by name; a && b || c
# `make deb-check`: the Debian package in a clean bookworm of its own. It is
# installed, configured by its own programs, upgraded, removed, installed again
# and purged; what people wrote stays until it is purged, and then nothing of
# ours is left. Then (boot.sh) in one that is booted, with a real systemd and a
# real Postfix. Needs root, debootstrap, lintian and Debian's mirror; the clean
# system and what it downloads stay in $BUILD/bookworm* for the next time.
# DEB_OBJECTS=$BUILD packages what is compiled there, which is faster.
# DEB_CHECK="package boot" chooses.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/boot.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
clean=$BUILD/bookworm
archives=$BUILD/bookworm.archives
root=$T_DIR/root
mirror=${DEB_MIRROR:-http://deb.debian.org/debian}
state=/var/lib/pitchward
conf=/etc/pitchward/pitchward.yaml

[ "$(id -u)" = 0 ] || skip_all "needs root for debootstrap and chroot"
for need in debootstrap lintian dh_apparmor; do
	command -v "$need" >/dev/null || skip_all "no $need: apt-get install debootstrap lintian debhelper dh-apparmor"
done

# in_root COMMAND...: in the clean system
in_root() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
		DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"
}

# as_pitchward COMMAND...
as_pitchward() {
	chroot --userspec=pitchward:pitchward "$root" env -i PATH=/usr/sbin:/usr/bin LC_ALL=C.UTF-8 "$@"
}

apt() {
	in_root apt-get -q -y --no-install-recommends "$@" >>"$T_DIR/log/apt" 2>&1
}

# packages DIR: the .deb in there
package_in() {
	find "$1" -maxdepth 1 -name 'pitchward_*.deb'
}

setup_packages() {
	make -s -C "$top" BUILD="$BUILD" DEB_VERSION= deb >"$T_DIR/log/build" 2>&1 || bail "make deb failed"
	first=$(package_in "$BUILD/deb")
	version=$(dpkg-deb -f "$first" Version)
	make -s -C "$top" BUILD="$BUILD" DEB_VERSION="$version+check1" DEB_OBJECTS="$BUILD" \
		DEB_OUT="$T_DIR/next" deb >>"$T_DIR/log/build" 2>&1 || bail "make deb with another version failed"
	next=$(package_in "$T_DIR/next")
	ok "lintian" lintian --no-cfg --allow-root --fail-on error,warning "$BUILD/deb/"*.changes
}

# fresh_root: a clean system in $root, with our packages in /pkg
fresh_root() {
	if [ ! -d "$clean" ]; then
		debootstrap --variant=minbase bookworm "$clean.new" "$mirror" >"$T_DIR/log/debootstrap" 2>&1 &&
			mv "$clean.new" "$clean" || bail "debootstrap failed"
	fi
	mkdir -p "$archives"
	cp -a "$clean" "$root"
	find "$archives" -name '*.deb' -exec cp {} "$root/var/cache/apt/archives/" \;
	mkdir "$root/pkg"
	cp "$first" "$root/pkg/first.deb"
	cp "$next" "$root/pkg/next.deb"
}

setup_root() {
	fresh_root
	# A systemd that only notes what it is told; without it maintainer scripts
	# would ask for nothing.
	mkdir -p "$root/run/systemd/system"
	cat >"$root/usr/bin/systemctl" <<-'END'
		#!/bin/sh
		echo "$*" >>/systemctl.log
		case " $* " in *" is-enabled "*) echo disabled; exit 1 ;; esac
	END
	chmod 755 "$root/usr/bin/systemctl"
	apt update || bail "no package lists"
	entries "$root" >"$T_DIR/before"
	# libsvm is given a model's bytes as a file of /proc.
	mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc" || bail "cannot mount /proc for the clean system"
	t_at_exit "umount -l $root/proc"
}

# Downloaded packages, for the next time.
keep_archives() {
	find "$root/var/cache/apt/archives" -maxdepth 1 -name '*.deb' -exec cp -n {} "$archives/" \;
}

# entries ROOT: what has our name, or no owner
entries() {
	(cd "$1" && find . -path ./pkg -prune -o -path ./proc -prune -o -path ./var/cache -prune -o -path ./var/log -prune -o \
		\( -name '*pitchward*' -o -nouser -o -nogroup \) -print | LC_ALL=C sort)
}

# told: what systemd was told since the last time, of our units
told() {
	touch "$root/systemctl.log"
	grep pitchward "$root/systemctl.log"
	: >"$root/systemctl.log"
}

# owner PATH
owner() {
	in_root stat -c '%U:%G %a' "$1"
}

# sum: of what people and programs wrote
sum() {
	(cd "$root" && find etc/pitchward var/lib/pitchward -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
}

# serve SOCKET: the filter runs for as long as it takes to look at it
serve() {
	chroot --userspec=pitchward:pitchward "$root" /usr/sbin/pitchward-milter --foreground >>"$T_DIR/log/filter" 2>&1 </dev/null &
	filter=$!
	wait_for 15 test -S "$root$1"
}

serve_no_more() {
	kill -TERM "$filter"
	wait "$filter"
}

test_install() {
	ok "it is installed, with all that it needs" apt install /pkg/first.deb || bail "not installed"
	keep_archives
	unlike "nothing is started or enabled" "$(told)" '(^| )(re)?(start|enable)( |$)'
	ok "there is a user" in_root getent passwd pitchward
	is "... who cannot sign in" "$(in_root getent passwd pitchward | cut -d: -f6-)" "$state:/usr/sbin/nologin"
	is "configuration is for its group to read" "$(owner /etc/pitchward)" "root:pitchward 2750"
	is "... profiles, too" "$(owner /etc/pitchward/profiles.d)" "root:pitchward 2750"
	is "what it writes is its own" "$(owner $state)" "pitchward:pitchward 750"
	is "no file there is the package's to change" "$(in_root dpkg-query -W -f '${Conffiles}\n' pitchward | grep -v /etc/apparmor.d/ | grep .)" ""
	like "the version" "$(in_root pitchward --version)" "^pitchward $version\$"
	for program in pitchward-milter pitchward-web; do
		ok "$program runs" in_root $program --version
	done
	ok "the models are good" in_root pitchward check /usr/share/pitchward/models
	not_ok "without a configuration the doctor finds fault" in_root pitchward doctor
}

test_configure() {
	ok "init writes a configuration" in_root pitchward init /etc/pitchward --name 'Priya Nair' \
		--email priya@corp.example --template ciso --mta postfix --store-dir $state \
		--socket unix:/var/spool/postfix/pitchward/milter.sock
	ok "check" in_root pitchward check
	is "the program's user may read it" "$(owner $conf)" "root:pitchward 640"
	ok "... and does" as_pitchward pitchward check
}

# Postfix comes later than the package; its own configuration is not asked for.
test_postfix() {
	not_ok "without Postfix no folder is made for it" test -e "$root/var/spool/postfix"
	in_root sh -c "echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections"
	ok "Postfix comes" apt install postfix
	keep_archives
	is "its folder for our socket is there" "$(owner /var/spool/postfix/pitchward)" "pitchward:postfix 2750"
	ok "the filter serves" serve /var/spool/postfix/pitchward/milter.sock || bail "no filter"
	is "where Postfix may connect" "$(owner /var/spool/postfix/pitchward/milter.sock)" "pitchward:postfix 660"
	in_root pitchward doctor >"$T_DIR/log/doctor" 2>&1
	like "the doctor finds the store" "$(cat "$T_DIR/log/doctor")" '^ok +store'
	like "... and the models" "$(cat "$T_DIR/log/doctor")" '^ok +outreach'
	serve_no_more
	echo '# mine' >>"$root$conf"
	echo '# mine' >>"$root/etc/apparmor.d/local/pitchward-milter"
	before=$(sum)
}

test_upgrade() {
	told >/dev/null
	ok "upgrade" apt install /pkg/next.deb
	like "the version is another" "$(in_root pitchward --version)" "^pitchward ${version}[+]check1\$"
	is "configuration and store are the same" "$(sum)" "$before"
	is "what was added to AppArmor's profile stays" "$(tail -n 1 "$root/etc/apparmor.d/local/pitchward-milter")" "# mine"
	like "what runs is started again" "$(told)" 'try-restart .*pitchward-milter.service'
	ok "the filter takes the same store" serve /var/spool/postfix/pitchward/milter.sock
	serve_no_more
	before=$(sum)
	ok "back to the first version" apt install --allow-downgrades /pkg/first.deb
	is "... configuration and store are the same" "$(sum)" "$before"
}

test_remove() {
	told >/dev/null
	ok "remove" apt remove pitchward
	not_ok "the programs are gone" test -e "$root/usr/sbin/pitchward-milter"
	is "configuration and store are the same" "$(sum)" "$before"
	like "what ran is stopped" "$(told)" '(^| )stop .*pitchward-milter.service'
	ok "installed again" apt install /pkg/first.deb
	ok "it finds what it had" as_pitchward pitchward check
	is "... unchanged" "$(sum)" "$before"
}

test_purge() {
	ok "purge" apt purge pitchward
	entries "$root" >"$T_DIR/after"
	is "nothing of ours is left" "$(comm -13 "$T_DIR/before" "$T_DIR/after")" ""
	not_ok "nor the user" in_root getent passwd pitchward
	not_ok "nor the group" in_root getent group pitchward
	not_ok "nor does dpkg know it" in_root dpkg-query -W pitchward
	ok "installed and purged without ever being used" sh -c "$(command -v chroot) '$root' dpkg -i /pkg/first.deb && $(command -v chroot) '$root' dpkg --purge pitchward"
	entries "$root" >"$T_DIR/after"
	is "... leaves nothing either" "$(comm -13 "$T_DIR/before" "$T_DIR/after")" ""
}

check_package() {
	setup_root
	test_install
	test_configure
	test_postfix
	test_upgrade
	test_remove
	test_purge
}

setup_packages
for part in ${DEB_CHECK:-package boot}; do
	"check_$part"
done
done_testing
