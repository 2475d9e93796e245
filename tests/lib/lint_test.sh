#!/bin/sh
# `make lint` as one test of `make check`, or, in one process, a part of it.
# usage: lint_test.sh [STAGE]    as in lint.sh
if [ $# -gt 0 ]; then
	export LINT="$1" LINT_JOBS=1
fi
if make -s lint; then
	echo "ok 1 - lint $*"
else
	echo "not ok 1 - lint $*"
fi
echo 1..1
