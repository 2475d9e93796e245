#!/bin/sh
# What `make check` does: installs what tests need, builds twice (plain and
# with address and undefined-behaviour sanitizers, as which unit tests run).
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-$PWD/build}
export BUILD
ASAN=$BUILD/asan
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# GLib's allocator has no pools of its own any more; this keeps leaks exact.
export G_SLICE=always-malloc

. tests/lib/deps.sh
deps_install build check
deps_sendmail
make -s -j"$(nproc)" BUILD="$BUILD" all "$BUILD/tests/hold" bench-build
make -s -j"$(nproc)" BUILD="$ASAN" SAN=asan all tests-build

set --
for test in "$ASAN"/tests/test_*; do
	[ -x "$test" ] && case $test in *.*) ;; *)
		set -- "$@" "unit:${test##*/test_}=$test --tap" ;;
	esac
done
for target in tests/fuzz/fuzz_*.c; do
	name=${target##*/fuzz_}
	name=${name%.c}
	set -- "$@" "seeds:$name=$ASAN/tests/replay_$name tests/fuzz/seeds/$name"
done
for test in tests/integration/test_*.sh; do
	name=${test##*/test_}
	set -- "$@" "with:${name%.sh}=sh $test"
done
set -- "$@" "lint=sh tests/lib/lint_test.sh"
echo "running $# tests"
exec tests/run "$@"
