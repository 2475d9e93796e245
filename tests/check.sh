#!/bin/sh
# What `make check` does: installs what tests need, builds twice (plain and
# with address and undefined-behaviour sanitizers, as which unit tests run).
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-$PWD/build}
export BUILD
ASAN=$BUILD/asan
# Of clang-tidy, which takes the longest: each is some 50 s of one processor.
TIDY_PARTS=10
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# GLib's allocator has no pools of its own any more; this keeps leaks exact.
export G_SLICE=always-malloc

. tests/lib/deps.sh
deps_install build check
deps_sendmail
# By the names that a plain make uses: what it writes down of dependencies is
# by them, and another name would let it pass over a changed header.
plain=${BUILD#"$PWD"/}
make -s -j"$(nproc)" BUILD="$plain" all "$plain/tests/hold" bench-build
make -s -j"$(nproc)" BUILD="$plain/asan" SAN=asan all tests-build

# lane NAME: as tests/run takes it. How long something takes by the clock is
# what these ask: beside others the answer would be theirs.
lane() {
	case $1 in
	unit:research_speed | unit:store_page_speed | unit:store_speed | unit:trial) echo "alone:$1" ;;
	lint:*) echo "behind:$1" ;;
	*) echo "$1" ;;
	esac
}

set --
for test in "$ASAN"/tests/test_*; do
	[ -x "$test" ] && case $test in *.*) ;; *)
		set -- "$@" "$(lane "unit:${test##*/test_}")=$test --tap" ;;
	esac
done
for target in tests/fuzz/fuzz_*.c; do
	name=${target##*/fuzz_}
	name=${name%.c}
	set -- "$@" "seeds:$name=$ASAN/tests/replay_$name tests/fuzz/seeds/$name"
done
for test in tests/integration/test_*.sh; do
	name=${test##*/test_}
	set -- "$@" "$(lane "with:${name%.sh}")=sh $test"
done
for stage in format rules cppcheck shellcheck \
	$(seq -f "tidy:%g/$TIDY_PARTS" $TIDY_PARTS); do
	name=$(echo "$stage" | sed 's|/.*||; s|:||')
	set -- "$@" "$(lane "lint:$name")=sh tests/lib/lint_test.sh $stage"
done

# The store's scenarios run on PostgreSQL, too; without one they say so.
. tests/lib/postgres.sh
cluster=$(mktemp -d /tmp/pw-pg.XXXXXX)
trap 'postgres_stop "$cluster"; rm -rf "$cluster"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if postgres_start "$cluster" fsync=off full_page_writes=off; then
	export PITCHWARD_TEST_PG="$postgres_url"
fi
echo "running $# tests"
tests/run "$@" &
runner=$!
trap 'kill -INT $runner' INT
trap 'kill -TERM $runner' TERM
status=0
wait $runner || status=$?
exit $status
