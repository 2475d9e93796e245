#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# `make install` into an empty folder for prefix /usr: what is installed runs,
# knows where it is, and can be read; `make uninstall` leaves what people wrote.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/places.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
root=$T_DIR/root
units=$root/usr/lib/systemd/system
models=$root/usr/share/pitchward/models

# A copy: another prefix compiles some files again, and other tests use BUILD.
setup() {
	[ -x "$BUILD/bin/pitchward" ] || skip_all "no $BUILD/bin/pitchward: run make"
	mkdir "$T_DIR/build"
	cp -a "$BUILD/src" "$BUILD/include" "$BUILD/bin" "$BUILD/libpitchward.a" "$T_DIR/build/"
}

make_it() {
	make -s -C "$top" BUILD="$T_DIR/build" DESTDIR="$root" prefix=/usr "$@" >"$T_DIR/log/make" 2>&1
}

installed() {
	PITCHWARD_MODELS=$models "$root/usr/bin/pitchward" "$@" >"$T_DIR/out" 2>"$T_DIR/err"
}

test_programs() {
	ok "pitchward runs" installed --version
	like "... and tells its version" "$(cat "$T_DIR/out")" '^pitchward [0-9]'
	ok "pitchward-milter runs" "$root/usr/sbin/pitchward-milter" --version
	ok "pitchward-web runs" "$root/usr/sbin/pitchward-web" --version
	ok "the models installed are good" installed check "$models"
	ok "mail is judged with them" installed score --json "$top/tests/demo/mail/leads.eml"
	like "... as outreach" "$(cat "$T_DIR/out")" '"verdict": *"'
	like "models are looked for where they are installed" \
		"$(grep -aoE '/[a-z/]*/pitchward/models' "$root/usr/bin/pitchward")" '^/usr/share/pitchward/models$'
	like "the configuration is looked for in /etc" \
		"$("$root/usr/bin/pitchward" check --help)" 'default /etc/pitchward/pitchward\.yaml'
	like "... by the filter too" \
		"$("$root/usr/sbin/pitchward-milter" --help)" '/etc/pitchward/pitchward\.yaml'
	unlike "... which is a file, not a folder" \
		"$("$root/usr/sbin/pitchward-milter" --help)" 'pitchward\.yaml/'
}

# What the README tells a newcomer to do next.
test_configuration() {
	ok "the example configuration has no faults" installed check "$top/conf/pitchward.yaml"
	ok "init writes a configuration where make install left room" installed init "$root/etc/pitchward" \
		--name 'Nora Feld' --email nora@buyer.example --template ciso --mta postfix
	ok "... without faults" installed check --config "$root/etc/pitchward/pitchward.yaml"
	echo '# mine' >>"$root/etc/pitchward/pitchward.yaml"
	ok "installing again" make_it install
	like "... leaves the configuration as it is" "$(tail -n 1 "$root/etc/pitchward/pitchward.yaml")" '^# mine$'
}

# A model promoted there by hand is a link to a shelf: neither is ours to
# write into, nor to take away.
test_links() {
	local kept="$models/shelf/mine"
	mkdir -p "$kept" "$models/buyers/priya"
	cp "$models/outreach/"* "$kept/" && echo mine >>"$kept/card.yaml"
	sum=$(cat "$kept"/* | sha256sum)
	rm -r "$models/outreach" && ln -s shelf/mine "$models/outreach"
	ln -s ../../shelf/mine "$models/buyers/priya/outreach"
	echo 'a line' >"$models/history"
	ok "installing where a link serves" make_it install
	ok "... makes it a folder" test ! -L "$models/outreach"
	ok "... with a good model" installed check "$models/outreach"
	like "what stands beside it is looked at, too" \
		"$(installed check "$models"; cat "$T_DIR/err")" 'buyers/priya/outreach: '
	is "... and does not write through it" "$(cat "$kept"/* | sha256sum)" "$sum"
	rm -r "$models/relevance" && ln -s shelf/mine "$models/relevance"
}

test_man() {
	local page
	for page in man1/pitchward.1 man5/pitchward.yaml.5 man5/pitchward-group.5 man5/pitchward-profile.5 man7/pitchward-operations.7 man8/pitchward-milter.8 man8/pitchward-web.8; do
		ok "$page is there" test -s "$root/usr/share/man/$page"
		command -v man >/dev/null || continue
		LC_ALL=C.UTF-8 MANPAGER=cat man --warnings -l "$root/usr/share/man/$page" >"$T_DIR/out" 2>"$T_DIR/err"
		is "$page draws no warning" "$(cat "$T_DIR/err")" ""
		like "$page can be read" "$(cat "$T_DIR/out")" '^NAME$'
	done
}

test_documents() {
	local file
	for file in README.md SECURITY.md CHANGELOG.md LICENSE conf/pitchward.yaml postfix/main.cf postfix/master.cf \
		postfix/feedback.cf sendmail/pitchward.mc dovecot/90-pitchward.conf \
		grafana/pitchward.json prometheus/alerts.yml; do
		ok "$file is there" test -s "$root/usr/share/doc/pitchward/$file"
	done
}

# What it says of places is so of this prefix, and of another one.
test_places() {
	local other="$T_DIR/other"
	is "nothing is of /usr/local" "$(of_local "$root")" ""
	is "each file that is named is there" "$(named_nowhere "$root")" ""
	like "Postfix is to start what is installed" "$(cat "$root/usr/share/doc/pitchward/postfix/feedback.cf")" \
		'^  argv=/usr/bin/pitchward feedback mail '
	rm "$root/usr/share/doc/pitchward/prometheus/alerts.yml"
	is "one that is not there is found" "$(named_nowhere "$root")" /usr/share/doc/pitchward/prometheus/alerts.yml
	ok "another prefix and folder" make_it -o all install DESTDIR="$other" prefix=/opt/pw sysconfdir=/opt/etc
	like "the manual knows the prefix" "$(cat "$other"/opt/pw/share/man/man7/*)" '/opt/pw/share/doc/pitchward/prometheus'
	like "and the folder" "$(cat "$other"/opt/pw/share/man/man5/*)" ' /opt/etc/pitchward/profiles\.d'
	rm -r "$other"
}

# Verified as if the folder were the whole system, so that it needs the
# system's own units, and no other service is looked at.
test_units() {
	local unit page
	local service="$units/pitchward-milter.service"
	like "the service starts what is installed" "$(cat "$service")" \
		'^ExecStart=/usr/sbin/pitchward-milter .*--config /etc/pitchward/pitchward\.yaml$'
	ok "there is a socket unit" test -s "$units/pitchward-milter.socket"
	like "so do the pages" "$(cat "$units/pitchward-web.service")" \
		'^ExecStart=/usr/sbin/pitchward-web .*--config /etc/pitchward/pitchward\.yaml$'
	like "and the digest" "$(cat "$units/pitchward-digest.service")" \
		'^ExecStart=/usr/bin/pitchward digest --send --config /etc/pitchward/pitchward\.yaml$'
	ok "which has a timer" test -s "$units/pitchward-digest.timer"
	like "and what learns" "$(cat "$units/pitchward-train.service")" \
		'^ExecStart=/usr/bin/pitchward train --due --config /etc/pitchward/pitchward\.yaml$'
	ok "which has a timer, too" test -s "$units/pitchward-train.timer"
	is "nothing is left to fill in" "$(grep -rlIE '@(s?bin|doc|data|sysconf)dir@' "$root")" ""
	is "no group is needed that a machine may not have" \
		"$(grep -hE '^(Socket|Supplementary)?Groups?=' "$units"/pitchward* | sort -u)" "Group=pitchward"
	for page in debian/README.Debian man/pitchward-operations.7 systemd/pitchward-milter.socket; do
		like "Postfix gets the socket: $page" "$(cat "$top/contrib/$page")" '^[# 	]*SocketGroup=postfix$'
	done
	if ! command -v systemd-analyze >/dev/null; then
		skip "systemd accepts the units" "no systemd-analyze"
		return
	fi
	for unit in "$units"/pitchward*.service; do
		ok "exposed at 1.5 at most: ${unit##*/}" \
			systemd-analyze security --offline=yes --threshold=15 "$unit"
	done
	cp -an /usr/lib/systemd/system/. "$units/"
	mkdir -p "$root/bin"
	: >"$root/bin/sh"
	chmod 755 "$root/bin/sh"
	# shellcheck disable=SC2046  # one word a unit
	is "systemd accepts the units" \
		"$(systemd-analyze --man=no --root="$root" verify $(cd "$units" && echo pitchward*) 2>&1 | grep pitchward)" ""
	find "$units" -mindepth 1 ! -name 'pitchward*' -delete
	rm -r "${root:?}/bin"
}

test_uninstall() {
	ok "make uninstall" make_it uninstall
	is "what was not installed is left" "$(cat "$models/shelf/mine"/* | sha256sum)$(readlink "$models/relevance")" "${sum}shelf/mine"
	is "... and nothing else" "$(cd "$models" && echo *)" "buyers history relevance shelf"
	rm -r "$models"
	ok "again" make_it uninstall
	ok "empty folders go" test ! -d "$root/usr/share/doc/pitchward"
	is "only what people wrote is left" "$(cd "$root" && find . -type f | LC_ALL=C sort)" \
		"./etc/pitchward/pitchward.yaml
./etc/pitchward/profiles.d/nora.yaml"
	find "$root/etc/pitchward" -mindepth 1 ! -name profiles.d -delete
	ok "and again" make_it uninstall
	ok "the folder that people had written into goes as well" test ! -d "$root/etc/pitchward"
}

setup
ok "make install" make_it install || bail "there is nothing more to look at"
test_programs
test_configuration
test_man
test_documents
test_places
test_units
test_links
test_uninstall
ok "make help" make -s -C "$top" help
like "... says what else than prefix= names a place" "$(make -s -C "$top" help)" 'sysconfdir=/etc, apparmordir='
like "... names the demonstration" "$(make -s -C "$top" help)" '^demo '
done_testing
