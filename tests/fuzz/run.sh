#!/bin/sh
# shellcheck disable=SC3043  # local
# libFuzzer with address and undefined-behaviour sanitizers on every parser.
#
#   make fuzz [FUZZ_SECONDS=60]
#   LIBS="LIBRARIES" [BUILD=build] sh tests/fuzz/run.sh NAME...
#
# A target tests/fuzz/fuzz_NAME.c starts from tests/fuzz/seeds/NAME and from
# what it learned before ($BUILD/fuzz/corpus-NAME). An input that breaks it is
# kept as $BUILD/fuzz/found-NAME-*, and then the exit status is 1.
set -u
cd "$(dirname "$0")/../.." || exit 2
out=${BUILD:-build}/fuzz
seconds=${FUZZ_SECONDS:-60}
sanitize=-fsanitize=address,undefined
failed=0

command -v clang >/dev/null || {
	echo 'fuzz: clang is not installed: apt-get install clang libclang-rt-14-dev' >&2
	exit 69
}
export UBSAN_OPTIONS=print_stacktrace=1
# GLib must not keep what was freed.
export G_SLICE=always-malloc
# A make of our own, not a part of the one that may have called.
unset MAKEFLAGS MAKELEVEL MFLAGS

# build TARGETS...: with the Makefile's own rules, by clang, into $out
build() {
	make -s -j"$(nproc)" BUILD="$out" CC=clang \
		CFLAGS="-O1 -w -fno-omit-frame-pointer -fno-sanitize-recover=undefined -fsanitize=fuzzer-no-link $sanitize" "$@"
}

# The layers that read foreign bytes.
build_library() {
	local objects
	objects=$(printf '%s\n' src/base/*.c src/mail/*.c src/text/*.c src/profile/*.c \
		src/features/*.c src/model/*.c \
		src/web/form.c src/web/token.c | sed "s|^|$out/|; s|c\$|o|")
	# shellcheck disable=SC2086  # names without spaces
	build $objects && rm -f "$out/parsers.a" && ar rcs "$out/parsers.a" $objects
}

build_target() {
	# shellcheck disable=SC2086  # libraries are words
	build "$out/tests/fuzz/fuzz_$1.o" &&
		clang -fsanitize=fuzzer $sanitize -o "$out/fuzz_$1" \
			"$out/tests/fuzz/fuzz_$1.o" "$out/parsers.a" $LIBS
}

# stat NAME STATISTIC: a number that libFuzzer printed at the end
stat() {
	sed -n "s/^stat::$2: *//p" "$out/$1.log"
}

# Runs one target; its report is in $out/NAME.log.
run_target() {
	local name="$1" status=0 found
	mkdir -p "$out/corpus-$name"
	rm -f "$out/found-$name-"*
	"$out/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-max_len=20000 -print_final_stats=1 -artifact_prefix="$out/found-$name-" \
		"$out/corpus-$name" "tests/fuzz/seeds/$name" >"$out/$name.log" 2>&1 || status=$?
	found=$(find "$out" -maxdepth 1 -name "found-$name-*" | tr '\n' ' ')
	printf '  FUZZ  %-10s %9s runs  %7s a second  %5s inputs  %s\n' "$name" \
		"$(stat "$name" number_of_executed_units)" "$(stat "$name" average_exec_per_sec)" \
		"$(find "$out/corpus-$name" -type f | wc -l)" "${found:-no finding}"
	[ $status != 0 ] || [ -n "$found" ] || return 0
	grep -E -m 3 'ERROR|runtime error|SUMMARY' "$out/$name.log"
	echo "        status $status, see $out/$name.log"
	return 1
}

if [ -z "${LIBS:-}" ] || [ $# = 0 ]; then
	echo "fuzz: run it as 'make fuzz'" >&2
	exit 64
fi
mkdir -p "$out"
build_library || exit 1
for name; do
	if ! build_target "$name" || ! run_target "$name"; then failed=1; fi
done
exit $failed
