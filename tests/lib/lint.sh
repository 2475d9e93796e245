#!/bin/sh
# clang-format, clang-tidy, cppcheck, shellcheck and the house rules, each
# over everything; exits 1 when any of them complains. Leaks are left to
# LeakSanitizer: clang-tidy does not know g_autofree.
# usage: lint.sh "COMPILER FLAGS"
set -u
cd "$(dirname "$0")/../.." || exit 2
flags="-D_GNU_SOURCE $1"
failed=0
stage() {
	printf '  LINT  %s\n' "$1"
	shift
	"$@" || failed=1
}

tidy() {
	# shellcheck disable=SC2086  # flags are words
	printf '%s\0' src/*/*.c | xargs -0 -n 4 -P "$(nproc)" sh -c '
		flags=$1
		shift
		clang-tidy --quiet "$@" -- -std=c17 $flags \
			-DPITCHWARD_VERSION=\"0\" -DPITCHWARD_CONF=\"c\" \
			-DPITCHWARD_MODELS=\"m\" 2>/dev/null' tidy "$flags"
}

sources=$(find src include tests/unit tests/fuzz -name '*.[ch]')
# shellcheck disable=SC2086  # names without spaces
stage clang-format clang-format --dry-run --Werror $sources
stage rules sh tests/lib/rules.sh
stage cppcheck cppcheck --quiet --error-exitcode=1 --std=c11 -Iinclude \
	--enable=warning,performance,portability --inline-suppr \
	--suppressions-list=tests/lib/cppcheck.suppress -j "$(nproc)" src
# shellcheck disable=SC2046  # names without spaces
stage shellcheck shellcheck -S warning -x -e SC1090,SC1091 \
	$(git ls-files '*.sh') tests/run .ci/run
stage clang-tidy tidy
exit $failed
