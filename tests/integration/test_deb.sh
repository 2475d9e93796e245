#!/bin/sh
# shellcheck disable=SC3043,SC2317,SC2046  # local; functions called by name; words
# The Debian package, of objects that are compiled already: it builds without
# the network, lintian finds nothing, and what should be in it is. `make
# deb-check` installs, upgrades and purges it in a clean system.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/places.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
out=$T_DIR/out
root=$T_DIR/root
[ -x "$BUILD/bin/pitchward" ] || skip_all "no $BUILD/bin/pitchward: run make"
for need in dh dh_apparmor lintian; do
	command -v "$need" >/dev/null || skip_all "no $need: run tests/lib/deps.sh check"
done

# build: like `make deb`, but for symbols of a debugger
build() {
	DEB_OBJECTS=$BUILD DEB_OUT=$out DEB_BUILD_OPTIONS=noautodbgsym DEB_VERSION=7.8.9 \
		http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 \
		sh "$top/contrib/debian/make-deb.sh" >"$T_DIR/log/build" 2>&1
}

field() {
	dpkg-deb -f "$deb" "$1"
}

test_contents() {
	local file
	dpkg-deb -c "$deb" >"$T_DIR/contents"
	is "all of it is root's" "$(awk '$2 != "root/root"' "$T_DIR/contents")" ""
	is "nobody else may write any of it, and nothing runs as another" "$(awk '$1 ~ /^.....w|^........w|s|t/' "$T_DIR/contents")" ""
	dpkg-deb -x "$deb" "$root"
	for file in usr/bin/pitchward usr/sbin/pitchward-milter usr/sbin/pitchward-web \
		usr/share/pitchward/models/outreach/model.svm usr/share/pitchward/models/relevance/card.yaml \
		usr/share/doc/pitchward/README.Debian usr/share/doc/pitchward/NEWS.Debian.gz usr/share/doc/pitchward/SECURITY.md.gz usr/share/doc/pitchward/copyright \
		usr/share/doc/pitchward/conf/pitchward.yaml usr/share/doc/pitchward/postfix/main.cf \
		$(cd "$top/contrib/systemd" && printf 'lib/systemd/system/%s ' pitchward*) \
		$(cd "$top/contrib/apparmor" && find . -type f | sed 's|^\./|etc/apparmor.d/|') \
		$(cd "$top/contrib/man" && for page in *.[1-9]; do echo "usr/share/man/man${page##*.}/$page.gz"; done); do
		ok "it has $file" test -s "$root/$file"
	done
	for file in etc/pitchward/profiles.d etc/pitchward/groups.d var/lib/pitchward; do
		is "it has $file, and nothing in it" "$(ls -A "$root/$file" 2>&1)" ""
	done
	is "configuration files are AppArmor's alone" "$(dpkg-deb -I "$deb" conffiles | grep -v '^/etc/apparmor.d/')" ""
}

test_programs() {
	like "pitchward runs, and has the package's version" "$("$root/usr/bin/pitchward" --version)" '^pitchward 7\.8\.9$'
	ok "so does pitchward-milter" "$root/usr/sbin/pitchward-milter" --version
	ok "so does pitchward-web" "$root/usr/sbin/pitchward-web" --version
	is "nothing is of /usr/local" "$(of_local "$root")" ""
	is "each file that is named is there" "$(named_nowhere "$root")" ""
	is "nothing is left to fill in" "$(grep -rlE '@(s?bin|doc|data|sysconf)dir@' "$root")" ""
}

exported() {
	nm -D --defined-only "$@" 2>/dev/null | awk 'NF == 3 { print $3 }' | sed 's/@.*//' | sort -u
}

# What a program exports would stand in for a function or variable of that name
# in any library. Copies of libraries' own data (stdout) are no others.
test_exports() {
	local program
	for program in "$root"/usr/*bin/pitchward*; do
		exported $(ldd "$program" | awk '$3 ~ /^\// && !/libmilter/ { print $3 }') >"$T_DIR/theirs"
		is "${program##*/} exports nothing of its own" "$(exported "$program" | comm -23 - "$T_DIR/theirs")" ""
	done
	printf 'int mi_stop;\nint main(void) { return 0; }\n' >"$T_DIR/bad.c"
	"${CC:-gcc}" -rdynamic -o "$T_DIR/bad" "$T_DIR/bad.c"
	like "one that does is found" "$(exported "$T_DIR/bad" | comm -23 - "$T_DIR/theirs")" '^mi_stop$'
}

# Each library that a program names is some package's, and that is depended on.
test_depends() {
	local library package
	for library in $(readelf -d "$root"/usr/*bin/* | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
		package=$(dpkg -S "*-linux-gnu*/$library" | sed -n '1s/:.*//p')
		like "$library comes with $package" "$(field Depends)" "(^| )$package( |,|\$)"
	done
	for package in $(sed -n '/-dev$/p' "$top/tests/lib/packages.build" | grep -v '^libc6-dev'); do
		ok "$package is a build dependency, as in packages.build" grep -qx " $package," "$top/contrib/debian/control"
	done
}

test_scripts() {
	local script
	dpkg-deb -e "$deb" "$T_DIR/control"
	for script in postinst prerm postrm; do
		ok "$script is good shell" sh -n "$T_DIR/control/$script"
	done
	unlike "nothing is started by being installed" "$(cat "$T_DIR/control/postinst")" 'deb-systemd-invoke[^#]* (start|restart)|postinst.*enable --now'
	like "what runs is started again by an upgrade" "$(cat "$T_DIR/control/postinst")" 'deb-systemd-invoke try-restart .*pitchward-milter\.service'
	unlike "nothing is stopped before it" "$(cat "$T_DIR/control"/preinst 2>&1)" 'stop'
	like "AppArmor gets its profiles" "$(cat "$T_DIR/control/postinst")" 'apparmor_parser -r -T -W "\$APP_PROFILE"'
}

ok "it is built" build || bail "there is nothing more to look at"
deb=$(find "$out" -name 'pitchward_7.8.9_*.deb')
is "lintian finds nothing" "$(lintian --no-cfg --allow-root --display-info --fail-on error,warning,info "$out"/*.changes 2>&1)" ""
test_contents
test_programs
test_exports
test_depends
test_scripts
done_testing
