#!/bin/sh
# shellcheck disable=SC3043  # local
# Debian packages from this tree into $BUILD/deb (`make deb`). It needs no
# network: only debhelper, dh-apparmor and what debian/control names.
#
#   DEB_VERSION=0.2.0    another version than debian/changelog's
#   DEB_OUT=DIR          another place than $BUILD/deb
#   DEB_OBJECTS=DIR      use what was compiled there (another BUILD) where it
#                        fits: for tests, since its flags are not Debian's
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-$PWD/build}
out=${DEB_OUT:-$BUILD/deb}
work=$out/work
tree=$work/pitchward

if ! command -v dh_apparmor >/dev/null; then
	echo "make deb: run this as root, then come back: apt-get install --no-install-recommends debhelper dh-apparmor fakeroot" >&2
	exit 69
fi

# entry VERSION: of the day after the last one, so that it is above it
entry() {
	local by date
	by=$(sed -n 's/^ -- \(.*>\)  .*/\1/p' contrib/debian/changelog | head -n 1)
	date=$(sed -n 's/^ -- .*>  //p' contrib/debian/changelog | head -n 1)
	printf 'pitchward (%s) unstable; urgency=medium\n\n  * Built by make deb.\n\n -- %s  %s\n\n' \
		"$1" "$by" "$(LC_ALL=C date -u -R -d "$date + 1 day")"
}

rm -rf "$work"
mkdir -p "$tree/debian"
tar -c --exclude=./build --exclude=./.git . | tar -x -C "$tree"
cp -R contrib/debian/. "$tree/debian/"
rm "$tree/debian/make-deb.sh"
if [ -n "${DEB_VERSION:-}" ]; then
	{ entry "$DEB_VERSION" && cat contrib/debian/changelog; } >"$tree/debian/changelog"
fi
clean=
if [ -n "${DEB_OBJECTS:-}" ]; then
	mkdir "$tree/build"
	for part in src include bin libpitchward.a places; do
		[ ! -e "$DEB_OBJECTS/$part" ] || cp -a "$DEB_OBJECTS/$part" "$tree/build/"
	done
	clean=-nc
fi
# The caller's make has variables and jobs that are not this one's.
cd "$tree"
# shellcheck disable=SC2086  # a word or none
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u DEB_VERSION -u BUILD -u SAN -u CFLAGS -u LDFLAGS -u DESTDIR \
	dpkg-buildpackage -b -us -uc -j"$(nproc)" $clean >"$out/log" 2>&1 || {
	tail -n 40 "$out/log" >&2
	exit 1
}
cd "$work"
rm -f "$out"/*.deb "$out"/*.changes "$out"/*.buildinfo
mv ./*.deb ./*.changes ./*.buildinfo "$out/"
cd "$out"
rm -rf "$work"
ls "$out"/*.deb
