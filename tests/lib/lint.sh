#!/bin/sh
# clang-format, clang-tidy, cppcheck, shellcheck and the house rules, each
# over everything; exits 1 when any of them complains. Leaks are left to
# LeakSanitizer: clang-tidy does not know g_autofree.
# usage: lint.sh "COMPILER FLAGS"
#
#   LINT="STAGE..."   these only: format rules cppcheck shellcheck tidy, or
#                     tidy:K/N, the Kth part of N
#   LINT_JOBS=N       processes of clang-tidy and cppcheck, else one a processor
set -u
cd "$(dirname "$0")/../.." || exit 2
flags="-D_GNU_SOURCE $1"
jobs=${LINT_JOBS:-$(nproc)}
failed=0
stage() {
	printf '  LINT  %s\n' "$1"
	shift
	"$@" || failed=1
}

# tidy K/N: parts of like size, as far as lines tell
tidy() {
	# shellcheck disable=SC2012,SC2086  # names without spaces; flags are words
	ls -S src/*/*.c | awk -v part="${1%/*}" -v parts="${1#*/}" 'NR % parts == part % parts' |
		xargs -n 4 -P "$jobs" sh -c '
		flags=$1
		shift
		clang-tidy --quiet "$@" -- -std=c17 $flags \
			-DPITCHWARD_VERSION=\"0\" -DPITCHWARD_CONF=\"c\" \
			-DPITCHWARD_MODELS=\"m\" 2>/dev/null' tidy "$flags"
}

run() {
	case $1 in
	format)
		# shellcheck disable=SC2046  # names without spaces
		stage clang-format clang-format --dry-run --Werror \
			$(find src include tests/unit tests/fuzz -name '*.[ch]')
		;;
	rules) stage rules sh tests/lib/rules.sh ;;
	cppcheck)
		stage cppcheck cppcheck --quiet --error-exitcode=1 --std=c11 -Iinclude \
			--enable=warning,performance,portability --inline-suppr \
			--suppressions-list=tests/lib/cppcheck.suppress -j "$jobs" src
		;;
	shellcheck)
		# shellcheck disable=SC2046  # names without spaces
		stage shellcheck shellcheck -S warning -x -e SC1090,SC1091 \
			$(git ls-files '*.sh') tests/run .ci/run
		;;
	tidy) stage clang-tidy tidy 1/1 ;;
	tidy:*/*) stage "clang-tidy ${1#*:}" tidy "${1#*:}" ;;
	*)
		echo "lint: no such stage: $1" >&2
		exit 2
		;;
	esac
}

for name in ${LINT:-format rules cppcheck shellcheck tidy}; do
	run "$name"
done
exit $failed
