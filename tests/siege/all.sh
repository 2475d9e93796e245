# shellcheck shell=sh disable=SC2034  # for crowd.sh
# Everything the siege is made of. SIEGE_LIB is this folder.

. "$SIEGE_LIB/../lib/tap.sh"
. "$SIEGE_LIB/../lib/mta.sh"
. "$SIEGE_LIB/../lib/filter.sh"
. "$SIEGE_LIB/../lib/scenarios.sh"
. "$SIEGE_LIB/siege.sh"
. "$SIEGE_LIB/matrix.sh"
. "$SIEGE_LIB/crowd.sh"
. "$SIEGE_LIB/store.sh"
. "$SIEGE_LIB/clock.sh"
. "$SIEGE_LIB/load.sh"
mta_require postfix sendmail
filter_require
