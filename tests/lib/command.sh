# shellcheck shell=sh disable=SC2034  # what tests use
# The command, and a place for an installation of the test's own. Source tap.sh
# first; skips the test where there is no command.
#
#   $top $BUILD $PYTHON $PITCHWARD      the tree, and what to run
#   $etc $conf                          to be made: pitchward init "$etc" ...
#   "$BUILD/tests/hold" "$conf" ...     holds a mail: tests/unit/hold.c

top=$(cd "$T_LIB/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
etc=$T_DIR/etc
conf=$etc/pitchward.yaml
status=

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

# pw COMMAND...: its output in $T_DIR/out and $T_DIR/err, its status in $status
pw() {
	status=0
	"$PITCHWARD" "$@" --config "$conf" >"$T_DIR/out" 2>"$T_DIR/err" || status=$?
}

# says PATTERN: the output has such a line, else all is shown
says() {
	grep -Eq -- "$1" "$T_DIR/out" || { cat "$T_DIR/out" "$T_DIR/err" && return 1; }
}

says_not() {
	! grep -Eq -- "$1" "$T_DIR/out" || { cat "$T_DIR/out" && return 1; }
}

# field EXPRESSION: of the JSON line, as d
field() {
	"$PYTHON" -c 'import json, sys; d = json.loads(sys.stdin.readline()); print('"$1"')' <"$T_DIR/out"
}
