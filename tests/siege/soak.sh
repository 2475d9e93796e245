#!/bin/sh
# shellcheck disable=SC3043,SC2034  # local; for tap.sh
# The whole siege: every failpoint with every fault on both MTAs, crowds, faults
# of the store, a clock that jumps, reloads, and a long time of mail with all of
# it. `make soak`; about half an hour and SOAK_MINUTES. A short part of it is
# tests/integration/test_siege.sh. Options, by environment:
#
#   SOAK_PARTS="matrix crowd store clock reload day"   or some of them
#   SOAK_MINUTES=60   of the day; at SOAK_RATE=10 mails a second 36,000 mails
#   SOAK_RELOADS=1000   SOAK_CROWD=10000   SOAK_FLOOD=500
set -u
SIEGE_LIB=$(cd "$(dirname "$0")" && pwd)
T_LIB=$SIEGE_LIB/../lib
. "$SIEGE_LIB/all.sh"

soak_matrix() {
	local failure
	for failure in tempfail accept quarantine; do
		siege_mta postfix pf $failure
		matrix_steps postfix $failure
	done
	siege_mta postfix pf tempfail
	matrix_rest postfix
	siege_table "Failpoints, Postfix: what the MTA does when the filter fails, the point, the fault"
	mta_stop pf
	for failure in tempfail accept; do
		siege_mta sendmail sm $failure
		matrix_steps sendmail $failure
	done
	siege_mta sendmail sm tempfail
	matrix_rest sendmail
	siege_table "Failpoints, sendmail"
	mta_stop sm
	siege_mta postfix pf tempfail
}

soak_crowd() {
	local crowd="${SOAK_CROWD:-10000}" kind
	for kind in idle greeted garbage; do
		crowd_cell "$crowd" $kind
	done
	crowd_cell $((crowd / 5)) half
	for kind in idle greeted half; do
		crowd_limit 600 $kind 300
	done
	siege_table "Crowds"
	crowd_table
}

soak_store() {
	store_flood "${SOAK_FLOOD:-500}"
	store_readonly 20
	store_corrupt "a damaged page" 5 1
	store_corrupt "a damaged header" 1 1
	store_corrupt "a store of which the header is left" 2 200
	siege_table "The store, with mail coming in"
}

soak_clock() {
	clock_cell +2
	clock_cell -2
	siege_table "The clock jumps"
}

soak_reload() {
	load_reload "${SOAK_RELOADS:-1000}"
	siege_table "Reloads"
}

soak_day() {
	load_day "${SOAK_MINUTES:-60}"
	siege_table "A day's mail"
}

siege_setup
siege_mta postfix pf tempfail
for part in ${SOAK_PARTS:-matrix crowd store clock reload day}; do
	diag "--- $part, $(date -u +%H:%M)"
	"soak_$part"
done
done_testing
