#!/bin/sh
# shellcheck disable=SC2154  # of nodes.sh
# Three nodes with a Postfix each, and one PostgreSQL: what fails, fails while
# mail comes in, and each mail is delivered or held, once. More rounds of it:
# tests/nodes/soak.sh.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/postgres.sh"
. "$(dirname "$0")/../nodes/nodes.sh"
nodes_require

nodes_setup
nodes_following
nodes_senders 3
nodes_round 1 3
nodes_end
nodes_jobs

done_testing
