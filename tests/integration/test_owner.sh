#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2154,SC2317  # local; functions called by name; filter.sh
# Programs and commands that root runs on a state that is the daemon's: what
# they make is the daemon's, who works with it afterwards; paths that root names
# are root's; and the doctor tells of files that shut the daemon out.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/postgres.sh"
filter_require
[ "$(id -u)" = 0 ] || skip_all "only root can act as another user"
command -v setpriv >/dev/null || skip_all "no setpriv"
setpriv --reuid=nobody --regid=nogroup --clear-groups true 2>/dev/null ||
	skip_all "root may not become another user here"
# LeakSanitizer cannot look into a process whose real user is another.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
models=$(cd "$(dirname "$0")/../../models" && pwd)
config=$FILTER_DIR/pitchward.yaml
state=$FILTER_DIR/state
private=$T_DIR/root
WEB=$BUILD/bin/pitchward-web

as_daemon() {
	setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
}

# as_root NAME COMMAND...: in $T_DIR/out, and nothing in the state is root's
as_root() {
	local name="$1"
	shift
	ok "root: $name" "$@"
	cp "$T_DIR/.out" "$T_DIR/out"
	is "root: $name: all of the state is the daemon's" "$(strangers)" ""
}

strangers() {
	find "$state" ! -user nobody -printf '%P '
}

# fresh: an installation whose filter has not run yet
fresh() {
	rm -rf "$state"
	mkdir -p "$state" "$private"
	chmod 700 "$private"
	cp -r "$models" "$state/models"
	chown -R nobody:nogroup "$state"
	filter_config enforce "models: $state/models" \
		"web: {listen: \"127.0.0.1:$port\", url: \"http://127.0.0.1:$port\", users: [{address: it@buyer.example, roles: [admin]}]}" "$@"
}

# works NAME: key and store are of use to the daemon's user
works() {
	ok "$1: the daemon's user works with it" as_daemon "$WEB" --config "$config" --link=it@buyer.example
}

# filter NAME COMMAND...: serves under that command, and is killed: to end in
# good order takes libmilter 5 s
filter() {
	local name="$1" worker
	shift
	filter_forget
	bg filter "$@" "$FILTER" --config "$config" --foreground
	FILTER_PID=$T_PID
	ok "$name: the filter serves" wait_for 10 filter_serves
	unlike "$name: and its store is not away" "$(cat "$T_DIR/log/filter")" 'away|denied'
	worker=$(filter_worker)
	is "$name: its worker is the daemon's user" \
		"$(ps -o ruser=,euser=,suser=,fuser= -p "$worker" | tr -s ' ')" "nobody nobody nobody nobody"
	kill -KILL "$FILTER_PID" "$worker"
	wait_for 5 t_gone "$worker"
}

doctor() {
	"$PITCHWARD" doctor --config "$config" --postfix "$T_DIR/nowhere" >"$T_DIR/out" 2>"$T_DIR/err"
}

found() {
	doctor
	like "doctor: $1" "$(cat "$T_DIR/out")" "$2"
}

# mended LINE: does what the doctor says under that name
mended() {
	local mend
	mend=$(sed -n "s/^fail *$1 .*; mend: \(chown .*\)/\1/p" "$T_DIR/out" | head -n 1)
	like "doctor: $1: the mend is a command" "$mend" '^chown '
	sh -c "$mend"
	doctor
	unlike "doctor: $1: which mends it" "$(cat "$T_DIR/out")" "^fail +$1 .*belongs"
}

test_link() {
	fresh
	as_root "a link before the first start" "$WEB" --config "$config" --link=it@buyer.example
	like "root: the link is printed" "$(cat "$T_DIR/out")" '^http://127.0.0.1:'
	ok "root: there is a key" test -s "$state/key"
	ok "root: there is ballast" test -s "$state/pitchward.db.ballast"
	filter "after a link" setpriv --reuid=nobody --regid=nogroup --clear-groups
}

# A filter that root starts by hand to see what it says.
test_filter() {
	fresh
	filter "root" env
	is "root: the filter: all of the state is the daemon's" "$(strangers)" ""
	works "after root's filter"
}

test_store() {
	as_root "store migrate into a new file" "$PITCHWARD" store migrate --config "$config" "sqlite:$state/new.db"
	ok "the daemon's user can use it" as_daemon "$PITCHWARD" store verify --config "$config"
	sed -i "s|^store:.*|store: \"sqlite:$state/new.db\"|" "$config"
	works "the new file"
	as_root "store backup into a folder of root's" "$PITCHWARD" store backup --config "$config" "$private/backup"
	rm -f "$state"/new.db*
	as_root "store restore from there" "$PITCHWARD" store restore --config "$config" "$private/backup"
	works "what was restored"
	rm -f "$state/new.db.ballast"
	as_root "quarantine expire without ballast" "$PITCHWARD" quarantine expire --config "$config"
	ok "root: there is ballast again" test -s "$state/new.db.ballast"
}

test_models() {
	cp -r "$models/outreach" "$private/outreach"
	as_root "model promote from a folder of root's" \
		"$PITCHWARD" model promote --config "$config" "$private/outreach"
	as_root "model export" "$PITCHWARD" model export --config "$config" outreach "$private/outreach.model"
	as_root "model import" "$PITCHWARD" model import --config "$config" "$private/outreach.model"
	as_daemon "$PITCHWARD" model rollback --config "$config" outreach >"$T_DIR/out" 2>&1
	unlike "the daemon's user may take the lock" "$(cat "$T_DIR/out")" denied
	ok "and promote" as_daemon "$PITCHWARD" model promote --config "$config" "$models/outreach"
	as_daemon ln -sf "$private/planted" "$state/models/.lock"
	"$PITCHWARD" model promote --config "$config" "$private/outreach" >/dev/null 2>&1
	not_ok "a link that the daemon made leads root's command nowhere" test -e "$private/planted"
	rm "$state/models/.lock"
}

test_profile() {
	sed 's/XDR/MDR/' "$FILTER_DIR/profiles.d/quinn.yaml" >"$private/quinn.yaml"
	chmod 600 "$private/quinn.yaml"
	as_root "profile apply of a file of root's" \
		"$PITCHWARD" profile apply --config "$config" --for quinn "$private/quinn.yaml"
	like "root stays who did it" \
		"$("$PITCHWARD" profile history --config "$config" quinn 2>&1)" "${SUDO_USER:-root}"
	printf '#!/bin/sh\nsed -i s/MDR/NDR/ "$1"\n' >"$private/editor"
	chmod 700 "$private/editor"
	as_root "profile edit with an editor of root's" env "VISUAL=$private/editor" \
		"$PITCHWARD" profile edit --config "$config" quinn
	like "the daemon's user reads it" \
		"$(as_daemon "$PITCHWARD" profile show --config "$config" quinn)" NDR
	as_root "init of one more, beside a store" \
		"$PITCHWARD" init "$FILTER_DIR" --name Zoe --template cfo --email zoe@buyer.example
	is "which is root's" "$(stat -c %U "$FILTER_DIR/profiles.d/zoe.yaml")" root
	rm "$FILTER_DIR/profiles.d/zoe.yaml"
	pitch p1 >"$private/mail"
	as_root "score of a file of root's" "$PITCHWARD" score --config "$config" --for "$quinn" "$private/mail"
}

# Pages that root starts by hand, at a port that only root gets: in a network
# of its own, as a machine may let everybody have them.
test_pages() {
	fresh "web: {listen: \"127.0.0.1:80\", url: \"http://127.0.0.1:80\"}"
	bg pages unshare -n sh -c 'ip link set lo up && exec "$@"' sh "$WEB" --config "$config" --log=stderr
	ok "root: the pages serve at port 80" wait_for 10 grep -q ' at 127.0.0.1:80' "$T_DIR/log/pages"
	is "root: the pages are the daemon's user" \
		"$(ps -o ruser=,euser=,suser=,fuser= -p "$T_PID" | tr -s ' ')" "nobody nobody nobody nobody"
	is "root: the pages: all of the state is the daemon's" "$(strangers)" ""
	stop_pid "$T_PID"
}

test_doctor() {
	fresh
	works "a state of its own"
	as_daemon mkdir "$state/spool"
	as_daemon touch "$state/spool/.lock"
	found "all is the daemon's" '^ok +key '
	chown root: "$state/key"
	found "a key of root's" '^fail +key .*/key belongs to root, and its folder to nobody, .*mend: chown -hR nobody: '
	mended key
	found "a mended key" '^ok +key '
	chown root:nogroup "$state/key"
	chmod 640 "$state/key"
	found "a key of root's that the daemon's group may read" '^ok +key '
	as_root "the key back" chown nobody: "$state/key"
	chown root: "$state/pitchward.db.ballast"
	found "ballast of root's" '^fail +store .*ballast belongs to root'
	unlike "doctor: and no store that is well" "$(cat "$T_DIR/out")" '^ok +store '
	mended store
	chown -R root: "$state/spool"
	found "a spool of root's" '^fail +spool .*spool belongs to root'
	mended spool
	like "doctor: where the spool is" "$(cat "$T_DIR/out")" "^ok +disk-spool .*, the store's disk"
	chown -R root: "$state/models"
	found "models of root's" '^fail +models .*models belongs to root'
	mended models
}

# barred NAME PATH: root reads it, and is told that the daemon does not
barred() {
	local mend
	"$PITCHWARD" check --config "$config" >"$T_DIR/out" 2>&1
	is "check: $1: status" $? 78
	like "check: $1" "$(cat "$T_DIR/out")" "^$2: nobody, as whom the daemon runs, may not read it; mend: chgrp "
	is "check: $1: once" "$(grep -c 'may not read' "$T_DIR/out")" 1
	found "$1" "^fail +configuration +$2: nobody, .*may not read it; mend: chgrp nogroup '$2'; chmod "
	unlike "doctor: $1: it is not well" "$(cat "$T_DIR/out")" '^ok +configuration'
	mend=$(sed -n 's/^fail *configuration .*; mend: \(chgrp .*\)/\1/p' "$T_DIR/out")
	sh -c "$mend"
	found "$1: which mends it" '^ok +configuration'
	ok "check: $1: which mends it" "$PITCHWARD" check --config "$config"
	ok "daemon: $1: which mends it" as_daemon "$FILTER" --check --config "$config"
}

# What root writes with root's umask, and root's commands read.
test_barred() {
	fresh
	sed 's/quinn/rose/g; s/list-q/list-r/' "$FILTER_DIR/profiles.d/quinn.yaml" >"$FILTER_DIR/profiles.d/rose.yaml"
	ok "check: all can be read" "$PITCHWARD" check --config "$config"
	unlike "check: nothing is said of it" "$(cat "$T_DIR/.out")" 'may not'
	chmod 600 "$FILTER_DIR/profiles.d/rose.yaml"
	barred "a profile of root's" "$FILTER_DIR/profiles.d/rose.yaml"
	chmod 700 "$FILTER_DIR/profiles.d"
	barred "a folder of root's" "$FILTER_DIR/profiles.d"
	mv "$FILTER_DIR/profiles.d" "$FILTER_DIR/pro files.d"
	sed -i 's/^profiles:.*/profiles: "pro files.d"/' "$config"
	chmod 700 "$FILTER_DIR/pro files.d"
	chgrp root "$FILTER_DIR/pro files.d"
	barred "a folder with a blank" "$FILTER_DIR/pro files.d"
	mv "$FILTER_DIR/pro files.d" "$FILTER_DIR/profiles.d"
	sed -i 's/^profiles:.*/profiles: profiles.d/' "$config"
	chgrp root "$config"
	chmod 640 "$config"
	barred "a configuration of root's" "$config"
	chmod 600 "$FILTER_DIR"/profiles.d/*
	found "many profiles of root's" '^fail +configuration +1 more that the daemon may not read'
	is "check: many profiles of root's, each" \
		"$("$PITCHWARD" check --config "$config" 2>&1 | grep -c 'may not read')" 4
	as_daemon "$PITCHWARD" check --config "$config" >"$T_DIR/out" 2>&1
	unlike "check: who is not root is told by the files" "$(cat "$T_DIR/out")" 'as whom'
	chmod 644 "$FILTER_DIR"/profiles.d/*
	chmod 755 "$FILTER_DIR/profiles.d"
	rm "$FILTER_DIR/profiles.d/rose.yaml"
}

# What the daemon says of a file that it may not use.
test_causes() {
	chown root: "$state/pitchward.db"
	chmod 640 "$state/pitchward.db"
	as_daemon "$WEB" --config "$config" --link=it@buyer.example >"$T_DIR/out" 2>&1
	like "a database of root's: the reason" "$(cat "$T_DIR/out")" \
		'\([0-9]+\); .*pitchward.db belongs to root, mode 0640, and this is nobody'
	chown nobody: "$state/pitchward.db"
	rm -f "$state"/pitchward.db-*
	chown root: "$state"
	chmod 755 "$state"
	as_daemon "$WEB" --config "$config" --link=it@buyer.example >"$T_DIR/out" 2>&1
	like "a folder of root's: the reason" "$(cat "$T_DIR/out")" \
		'\([0-9]+\); .*state belongs to root, mode 0755, and this is nobody'
	chown nobody: "$state"
	fresh "store: \"sqlite:$T_DIR/absent/p.db\""
	found "a store in no folder" '^fail +store .*no folder .*/absent .*mend: install -d '
	unlike "doctor: no disk for it" "$(cat "$T_DIR/out")" '^ok +disk '
}

# peer [SETTING]: the store of role nobody, whom the system vouches for
peer() {
	echo "store: \"postgresql:///${2:-ours}?host=$postgres_folder/socket${1:+&$1}\""
}

pg_do() {
	"$postgres_bin/psql" -q -h "$postgres_folder/socket" -U pitchward -d "${2:-postgres}" -c "$1"
}

test_postgres() {
	if [ -z "$postgres_bin" ]; then
		skip "doctor on PostgreSQL" "no PostgreSQL: run tests/lib/deps.sh check"
		return
	fi
	postgres_folder=$T_DIR/pg
	mkdir "$postgres_folder"
	t_at_exit "postgres_stop $postgres_folder"
	postgres_start "$postgres_folder" fsync=off || bail "PostgreSQL does not start"
	pg_do "CREATE ROLE nobody LOGIN; CREATE ROLE other LOGIN PASSWORD 'secret'"
	pg_do "CREATE DATABASE ours OWNER nobody"
	pg_do "CREATE DATABASE others OWNER other"
	pg_do "CREATE DATABASE theirs"
	printf 'local all pitchward trust\nlocal all nobody peer\nlocal all other scram-sha-256\n' \
		>"$postgres_folder/data/pg_hba.conf"
	pg_do "SELECT pg_reload_conf()" >/dev/null
	fresh "$(peer)"
	as_root "a link, by peer authentication" "$WEB" --config "$config" --link=it@buyer.example
	as_root "store verify" "$PITCHWARD" store verify --config "$config"
	as_root "quarantine list" "$PITCHWARD" quarantine list --config "$config"
	found "peer authentication, as root" '^ok +store .*postgresql:'
	ok "check" "$PITCHWARD" check --config "$config" "$config"
	# A user without a name has the state for a home.
	fresh "$(peer user=other others)"
	echo "*:*:*:other:secret" >"$state/.pgpass"
	chmod 600 "$state/.pgpass"
	chown -R 54321:54321 "$state"
	ok "root: the password in the daemon's home" "$PITCHWARD" store verify --config "$config"
	fresh "$(peer user=pitchward2)"
	found "nobody's role is another" "^fail +store .*mend: see the user in 'store', the password"
	fresh "$(peer user=other)"
	found "a password is missing" "^fail +store .*mend: see the user in 'store', the password"
	fresh "$(peer '' absent)"
	found "no such database" '^fail +store .*mend: CREATE DATABASE'
	fresh "$(peer '' theirs)"
	found "no rights in it" '^fail +store .*mend: let the user in .store. own the database'
	fresh "$(peer port=1)"
	found "nobody listens there" '^fail +store .*mend: see that PostgreSQL runs and listens'
	"$PITCHWARD" check --config "$config" >/dev/null 2>&1
	is "check: who serves is not known without the store: status" $? 69
}

port=$(free_port)
# shellcheck disable=SC2034  # for filter_setup()
FILTER_RELEASE=$(free_port)
filter_setup enforce
chmod 755 "$FILTER_DIR" "$FILTER_DIR/profiles.d"
mkdir "$T_DIR/run"
chown nobody:nogroup "$T_DIR/run"
# shellcheck disable=SC2034  # for filter_start()
FILTER_SOCKET=unix:$T_DIR/run/milter.sock
test_link
test_store
test_models
test_profile
test_filter
test_pages
test_barred
test_doctor
test_causes
test_postgres
done_testing
