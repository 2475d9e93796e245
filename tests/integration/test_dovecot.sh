#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# Moving mail between folders of a real Dovecot, by a client and by the system:
# only what a person puts into the folders for it trains.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
[ -x "$PITCHWARD" ] || skip_all "no $PITCHWARD: run make"
for program in dovecot doveadm sievec; do
	command -v $program >/dev/null || skip_all "no $program"
done
[ "$(id -u)" = 0 ] || skip_all "dovecot changes users: run as root"
etc=$T_DIR/etc
conf=$etc/pitchward.yaml
rcpt=priya@buyer.example
lib=$T_DIR/lib

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

# The shipped files, but for folders, users and the program's place.
shipped() {
	sed "s|/etc/dovecot/pitchward|$lib|; s|user = pitchward|user = root|; s|user = vmail|user = nobody|" \
		"$top/contrib/dovecot/90-pitchward.conf" >"$T_DIR/pitchward.conf"
	mkdir "$lib"
	cp "$top"/contrib/dovecot/*.sieve "$lib/"
	sed "s|exec pitchward|exec $PITCHWARD --config $conf|" "$top/contrib/dovecot/pitchward-learn" >"$lib/pitchward-learn"
	chmod 755 "$lib/pitchward-learn"
}

dovecot_start() {
	port=$(free_port)
	mkdir "$T_DIR/run" "$T_DIR/home"
	chown nobody "$T_DIR/home"
	cat >"$T_DIR/dovecot.conf" <<-END
		protocols = imap
		listen = 127.0.0.1
		base_dir = $T_DIR/run
		state_dir = $T_DIR/run
		log_path = $T_DIR/log/dovecot
		ssl = no
		disable_plaintext_auth = no
		first_valid_uid = 1
		mail_location = maildir:~/Maildir
		namespace inbox {
		  inbox = yes
		  separator = /
		}
		passdb {
		  driver = static
		  args = password=secret
		}
		userdb {
		  driver = static
		  args = uid=nobody gid=nogroup home=$T_DIR/home/%u
		}
		service imap-login {
		  chroot =
		  inet_listener imap {
		    port = $port
		  }
		  inet_listener imaps {
		    port = 0
		  }
		}
		!include $T_DIR/pitchward.conf
	END
	for script in "$lib"/*.sieve; do
		ok "the script compiles: ${script##*/}" sievec -c "$T_DIR/dovecot.conf" "$script"
	done
	bg dovecot-start dovecot -F -c "$T_DIR/dovecot.conf"
	wait_for 10 listening "$port" || bail "dovecot does not listen"
}

hold() {
	id=$(printf 'From: Sam Seller <sam@seller.example>\r\nSubject: %s\r\n\r\nbody\r\n' "$1" |
		"$BUILD/tests/hold" "$conf" "${2:-priya}" sam@seller.example $rcpt) || bail "nothing held"
}

# imap USER COMMAND...: a mail with $id appended to INBOX, or what is said
imap() {
	"$PYTHON" - "$port" "$id" "$@" <<-'PYTHON'
		import imaplib, sys
		port, ident, user, verb, *rest = sys.argv[1:]
		client = imaplib.IMAP4('127.0.0.1', int(port))
		client.login(user, 'secret')
		for name in ('Pitches/Relevant', '"Pitches/Not relevant"', 'Junk', 'Trash'):
		    client.create(name)
		text = ('From: Sam <sam@seller.example>\r\nSubject: x\r\n'
		        'X-Pitchward: verdict=tag; outreach=0.97; relevance=0.41; id=%s\r\n\r\nbody\r\n' % ident)
		if verb == 'append':
		    assert client.append(rest[0], None, None, text.encode())[0] == 'OK'
		else:
		    source, target = rest
		    assert client.select(source)[0] == 'OK'
		    found = client.search(None, 'HEADER', 'X-Pitchward', ident)[1][0].split()
		    assert found, 'not in ' + source
		    verb = {'move': 'MOVE', 'copy': 'COPY'}[verb]
		    status, data = client._simple_command(verb, found[-1].decode(), '"%s"' % target)
		    assert status == 'OK', data
		client.logout()
	PYTHON
}

# label: what is said of $id
label() {
	"$PYTHON" - "$etc/state/pitchward.db" "$id" <<-'PYTHON'
		import sqlite3, sys
		db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
		rows = [r[0] for r in db.execute('SELECT label FROM feedback WHERE message = ? AND retracted = 0', sys.argv[2:])]
		print(*rows or ['none'])
	PYTHON
}

# rulings: how many followed from $id and stand
rulings() {
	"$PYTHON" - "$etc/state/pitchward.db" "$id" <<-'PYTHON'
		import sqlite3, sys
		db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
		print(db.execute('SELECT count(*) FROM ruling WHERE cause = ? AND undone = 0', sys.argv[2:]).fetchone()[0])
	PYTHON
}

labelled() {
	[ "$(label)" != none ]
}

setup() {
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $rcpt --template ciso --mta postfix
	shipped
	hold first
	dovecot_start
}

test_moves() {
	ok "a mail in the inbox" imap priya append INBOX
	is "nothing is said of it" "$(label)" none
	ok "moved to Relevant" imap priya move INBOX Pitches/Relevant
	wait_for 5 labelled
	is "it is relevant" "$(label)" 0
	is "and the next of its campaign is let in" "$(rulings)" 1
	ok "moved on to Not relevant" imap priya move Pitches/Relevant 'Pitches/Not relevant'
	is "it is not relevant" "$(label)" 1
	hold second
	ok "another in the inbox" imap priya append INBOX
	ok "copied to Relevant" imap priya copy INBOX Pitches/Relevant
	is "it is relevant, too" "$(label)" 0
	ok "the same again" imap priya copy INBOX Pitches/Relevant
	is "is the same" "$(label)" 0
}

test_no_training() {
	hold third
	ok "one in Junk" imap priya append Junk
	ok "thrown away" imap priya move Junk Trash
	is "Junk to Trash says nothing" "$(label)" none
	ok "and back to the inbox" imap priya move Trash INBOX
	is "nor the way back" "$(label)" none
	ok "the system moves it to Relevant" doveadm -c "$T_DIR/dovecot.conf" move -u priya \
		Pitches/Relevant mailbox INBOX HEADER X-Pitchward "$id"
	is "the system's move says nothing" "$(label)" none
	ok "put there by a client's upload" imap priya append Pitches/Relevant
	is "neither does an upload" "$(label)" none
}

test_foreign() {
	hold fourth
	ok "another user has it" imap quinn append INBOX
	ok "and moves it" imap quinn move INBOX Pitches/Relevant
	is "a foreign id says nothing" "$(label)" none
	known=$id
	id=01AAAAAAAAAAAAAAAAAAAAAAAA
	ok "a forged id" imap priya append INBOX
	ok "is moved, and no harm done" imap priya move INBOX Pitches/Relevant
	id=$known
	is "nothing is said" "$(label)" none
}

setup
test_moves
test_no_training
test_foreign
done_testing
