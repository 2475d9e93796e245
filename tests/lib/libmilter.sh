# shellcheck shell=sh disable=SC3043,SC2015  # local; a && b || c
# libmilter as it comes from upstream: a thread for each connection, where
# Debian's builds in a pool of workers. Made from Debian's source, the pool left
# out; a program takes it by LD_LIBRARY_PATH. Set BUILD first.
#
#   libmilter_make      quick when it is there; fails where it cannot be had
#   filter_start "LD_LIBRARY_PATH=$LIBMILTER"

LIBMILTER=$BUILD/libmilter

# Renamed into place whole: several tests may be waiting for it.
libmilter_make() {
	local work
	[ -r "$LIBMILTER/libmilter.so.1.0.1" ] && return
	mkdir -p "$BUILD" && work=$(mktemp -d "$LIBMILTER.XXXXXX") || return
	(cd "$work" && libmilter_source && libmilter_compile) >&2 &&
		chmod 755 "$work" && mv -T "$work" "$LIBMILTER" 2>/dev/null || :
	rm -rf "$work"
	[ -r "$LIBMILTER/libmilter.so.1.0.1" ]
}

# Sources have lists of their own, so that the machine's stay as they are.
libmilter_source() {
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	# shellcheck source=/dev/null
	. /etc/os-release
	mkdir -p lists/partial &&
		echo "deb-src [signed-by=$keyring] http://deb.debian.org/debian $VERSION_CODENAME main" >sources &&
		libmilter_apt_get update && libmilter_apt_get source sendmail &&
		mv sendmail-8*/ source && rm -rf lists sources sendmail_*
}

libmilter_apt_get() {
	apt-get -q -o Dir::Etc::sourcelist="$PWD/sources" -o Dir::Etc::sourceparts=- \
		-o Dir::State::lists="$PWD/lists" -o Dir::Cache::pkgcache= \
		-o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root "$@"
}

# The files and flags of its own Makefile.m4, less _FFR_WORKERS_POOL.
libmilter_compile() {
	local name
	cp source/include/sm/os/sm_os_linux.h source/libmilter/sm_os.h
	set --
	for name in main engine listener worker handler comm smfi signal sm_gethost monitor; do
		set -- "$@" "source/libmilter/$name.c"
	done
	"${CC:-cc}" -O2 -w -shared -fPIC -pthread -D_REENTRANT -DNOT_SENDMAIL \
		-Dsm_snprintf=snprintf -DSM_CONF_POLL=1 -DNETINET6=1 \
		-Isource/libmilter -Isource/include -Isource/sendmail \
		-Wl,-soname,libmilter.so.1.0.1 -o libmilter.so.1.0.1 \
		"$@" source/libsm/errstring.c source/libsm/strl.c &&
		rm -rf source
}
