# shellcheck shell=sh
# A private PostgreSQL for tests: a cluster in a folder of its own, reached by
# a socket in it, stopped by its pid. To be sourced.
#
#   postgres_start FOLDER [OPTION...]   as `postgres -c OPTION`; sets $postgres_url
#   postgres_stop FOLDER                what it wrote is kept
#   postgres_for_test [OPTION...]       for a test of tap.sh, until it ends: in
#                                       $postgres_folder; skips it without one
#
# PostgreSQL refuses to run as root; then it runs as the user of its package.

postgres_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null |
	sort -V | tail -n 1)

# _postgres_as FOLDER COMMAND...: as who may run it
_postgres_as() {
	shift
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		"$@"
	fi
}

_postgres_make() {
	[ ! -e "$1/data/PG_VERSION" ] || return 0
	mkdir -p "$1/data" "$1/socket"
	chmod 755 "$1"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$1/data" "$1/socket"
	_postgres_as "$1" "$postgres_bin/initdb" -D "$1/data" -U pitchward -A trust \
		-E UTF8 --locale=C.UTF-8 --no-sync >"$1/initdb.log" 2>&1
}

# postgres_run FOLDER [OPTION...]: only starts it, and waits until it answers
postgres_run() {
	_pg_folder=$1
	shift
	for _pg_option; do
		set -- "$@" -c "$_pg_option"
		shift
	done
	(cd "$_pg_folder" && _postgres_as "$_pg_folder" "$postgres_bin/postgres" \
		-D "$_pg_folder/data" -c listen_addresses= \
		-c unix_socket_directories="$_pg_folder/socket" -c max_connections=200 \
		"$@") >>"$_pg_folder/postgres.log" 2>&1 &
	_pg_tries=0
	until "$postgres_bin/pg_isready" -q -h "$_pg_folder/socket"; do
		_pg_tries=$((_pg_tries + 1))
		[ $_pg_tries -lt 100 ] || return 1
		sleep 0.1
	done
}

postgres_start() {
	_postgres_make "$1" && postgres_run "$@" || return 1
	"$postgres_bin/psql" -q -h "$1/socket" -U pitchward -d postgres \
		-c 'CREATE DATABASE pitchward' 2>/dev/null || true
	# shellcheck disable=SC2034  # for who sources it
	postgres_url="postgresql:///pitchward?host=$1/socket&user=pitchward"
}

postgres_stop() {
	_pg_pid=$(sed -n 1p "$1/data/postmaster.pid" 2>/dev/null) || return 0
	kill -INT "$_pg_pid" 2>/dev/null || return 0
	while kill -0 "$_pg_pid" 2>/dev/null; do sleep 0.05; done
}

postgres_for_test() {
	[ -n "$postgres_bin" ] || skip_all "no PostgreSQL: run tests/lib/deps.sh check"
	postgres_folder=$T_DIR/pg
	mkdir "$postgres_folder"
	t_at_exit "postgres_stop $postgres_folder"
	postgres_start "$postgres_folder" fsync=off "$@" || bail "PostgreSQL does not start"
}
