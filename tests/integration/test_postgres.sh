#!/bin/sh
# shellcheck disable=SC2034,SC2154  # for and from filter.sh and postgres.sh
# The filter behind Postfix with its store on PostgreSQL: what holds of SQLite
# holds of it. What a database far away adds is in test_nodes.sh.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
. "$(dirname "$0")/../lib/postgres.sh"
mta_require postfix
filter_require
postgres_for_test
FILTER_POSTGRES=$postgres_url

FILTER_RELEASE=$(free_port)
filter_setup observe
filter_mta postfix pf tempfail

scenario_quarantine postfix pf
scenario_discard postfix pf
scenario_release postfix pf
scenario_reload postfix pf
scenario_killed_under_load postfix pf
scenario_restart postfix pf
done_testing
