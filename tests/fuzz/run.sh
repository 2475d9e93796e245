#!/bin/sh
# shellcheck disable=SC3043  # local
# libFuzzer with address and undefined-behaviour sanitizers on every parser.
#
#   make fuzz [FUZZ_SECONDS=3600] [FUZZ_JOBS=cores] [FUZZ_TARGETS="html yaml"]
#   LIBS="LIBRARIES" [BUILD=build] sh tests/fuzz/run.sh NAME...
#
# A target tests/fuzz/fuzz_NAME.c starts from tests/fuzz/seeds/NAME and from
# what it learned before ($BUILD/fuzz/corpus-NAME). An input that breaks it is
# kept as $BUILD/fuzz/found-NAME-*, and then the exit status is 1. Words that
# are worth trying stand in tests/fuzz/NAME.dict, where there is one. "cov" is
# how many places of the code were reached at the beginning and at the end.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=${BUILD:-build}/fuzz
seconds=${FUZZ_SECONDS:-3600}
jobs=${FUZZ_JOBS:-$(nproc)}
sanitize=-fsanitize=address,undefined

command -v clang >/dev/null || {
	echo 'fuzz: clang is not installed: apt-get install clang libclang-rt-14-dev' >&2
	exit 69
}
export UBSAN_OPTIONS=print_stacktrace=1
# GLib must not keep what was freed.
export G_SLICE=always-malloc
# Targets whose parser reads files make them in memory.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# A make of our own, not a part of the one that may have called.
unset MAKEFLAGS MAKELEVEL MFLAGS

# build TARGETS...: with the Makefile's own rules, by clang, into $out
build() {
	make -s -j"$(nproc)" BUILD="$out" CC=clang \
		CFLAGS="-O1 -w -fno-omit-frame-pointer -fno-sanitize-recover=undefined -fsanitize=fuzzer-no-link $sanitize" "$@"
}

# build_all NAMES...: the library, then each target's program
build_all() {
	local name objects
	objects=$(printf "$out/tests/fuzz/fuzz_%s.o " "$@")
	# shellcheck disable=SC2086  # names without spaces
	build "$out/libpitchward.a" $objects || return
	for name; do
		# shellcheck disable=SC2086  # libraries are words
		clang -fsanitize=fuzzer $sanitize -o "$out/fuzz_$name" \
			"$out/tests/fuzz/fuzz_$name.o" "$out/libpitchward.a" $LIBS || return
	done
}

# stat NAME STATISTIC: a number that libFuzzer printed at the end
stat() {
	sed -n "s/^stat::$2: *//p" "$out/$1.log"
}

# coverage NAME: "from -> to"
coverage() {
	sed -n 's/^#[0-9]*\t\([A-Za-z]*\) *cov: \([0-9]*\) .*/\1 \2/p' "$out/$1.log" |
		awk '$1 == "INITED" { first = $2 } { last = $2 } END { print first " -> " last }'
}

# Runs one target; its report is in $out/NAME.log.
run_target() {
	local name="$1" status=0 found words=
	[ ! -f "tests/fuzz/$name.dict" ] || words=-dict=tests/fuzz/$name.dict
	mkdir -p "$out/corpus-$name"
	rm -f "$out/found-$name-"*
	# shellcheck disable=SC2086  # no words, no argument
	"$out/fuzz_$name" $words -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-max_len=20000 -print_final_stats=1 -artifact_prefix="$out/found-$name-" \
		"$out/corpus-$name" "tests/fuzz/seeds/$name" >"$out/$name.log" 2>&1 || status=$?
	found=$(find "$out" -maxdepth 1 -name "found-$name-*" | tr '\n' ' ')
	printf '  FUZZ  %-10s %9s runs  %6s a second  cov %14s  %5s inputs  %s\n' "$name" \
		"$(stat "$name" number_of_executed_units)" "$(stat "$name" average_exec_per_sec)" \
		"$(coverage "$name")" "$(find "$out/corpus-$name" -type f | wc -l)" "${found:-no finding}"
	[ $status != 0 ] || [ -n "$found" ] || return 0
	grep -E -m 3 'ERROR|runtime error|SUMMARY' "$out/$name.log"
	echo "        status $status, see $out/$name.log"
	return 1
}

if [ "${1:-}" = --one ]; then
	run_target "$2"
	exit
fi
if [ -z "${LIBS:-}" ] || [ $# = 0 ]; then
	echo "fuzz: run it as 'make fuzz'" >&2
	exit 64
fi
mkdir -p "$out"
build_all "$@" || exit 1
printf '%s\n' "$@" | xargs -n 1 -P "$jobs" sh tests/fuzz/run.sh --one || exit 1
