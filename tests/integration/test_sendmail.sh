#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# The filter behind a private sendmail, wired as contrib/sendmail tells.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require sendmail
filter_require

FILTER_RELEASE=$(free_port)
filter_setup observe
filter_mta sendmail sm tempfail

scenario_tag sendmail sm
scenario_quarantine sendmail sm
scenario_discard sendmail sm
scenario_release sendmail sm
scenario_forged sendmail sm
scenario_early_accept sendmail sm
scenario_hold sendmail sm
scenario_redirect sendmail sm
scenario_reload sendmail sm 100
scenario_killed sendmail sm
scenario_killed_under_load sendmail sm
scenario_locked sendmail sm
scenario_full sendmail sm
scenario_stop sendmail sm
scenario_restart sendmail sm

done_testing
