#!/bin/sh
# Three nodes and one PostgreSQL for longer: rounds of all kinds of trouble, each
# a little longer than the one before. Root.
#
#   SOAK_ROUNDS=10 SOAK_NODE_RATE=5 tests/nodes/soak.sh
set -u
NODES_LIB=$(cd "$(dirname "$0")" && pwd)
T_LIB=$NODES_LIB/../lib
. "$T_LIB/tap.sh"
. "$T_LIB/mta.sh"
. "$T_LIB/filter.sh"
. "$T_LIB/postgres.sh"
. "$NODES_LIB/nodes.sh"
nodes_require

nodes_setup
nodes_senders "${SOAK_NODE_RATE:-5}"
round=0
while [ $round -lt "${SOAK_ROUNDS:-10}" ]; do
	diag "round $round, $(date -u +%H:%M), spooled $(nodes_spooled)"
	nodes_round $((2 + round % 8)) $((3 + round % 12))
	round=$((round + 1))
done
nodes_end

done_testing
