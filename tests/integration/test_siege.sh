#!/bin/sh
# shellcheck disable=SC2034  # for and from the parts
# A short part of the siege (`make soak` has all of it): the cells that tell
# most, of mail that goes from MTA to MTA while something fails.

SIEGE_LIB=$(dirname "$0")/../siege
. "$SIEGE_LIB/all.sh"

SIEGE_MAILS=3
siege_setup
siege_mta postfix pf tempfail
matrix_cell postfix tempfail after-commit kill
matrix_cell postfix tempfail before-reply hang
crowd_limit 600 idle 300
store_flood 25
store_readonly 4
store_corrupt "a damaged page" 5 1
clock_cell +2
mta_stop pf
siege_mta sendmail sm tempfail
matrix_cell sendmail tempfail after-commit kill
siege_table "Count in = delivered + held"
crowd_table

done_testing
