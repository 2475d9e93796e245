#!/bin/sh
# `make lint` as one test of `make check`.
if make -s lint; then
	echo "ok 1 - lint"
else
	echo "not ok 1 - lint"
fi
echo 1..1
