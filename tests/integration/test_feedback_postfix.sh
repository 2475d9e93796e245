#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# The recipe of contrib/postfix/feedback.cf in a real Postfix: what buyers send
# to the aliases teaches, what others send does not get in, and who is refused
# is told why.

. "$(dirname "$0")/../lib/tap.sh"
. "$T_LIB/mta.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
recipe=$top/contrib/postfix/feedback.cf
[ -x "$BUILD/bin/pitchward" ] || skip_all "no $BUILD/bin/pitchward: run make"
mta_require postfix
command -v dovecot >/dev/null || skip_all "no Dovecot to sign in with: run tests/lib/deps.sh check"
etc=$T_DIR/etc
conf=$etc/pitchward.yaml
program=$T_DIR/pitchward
priya=priya@buyer.example
quinn=quinn@buyer.example

make -s -C "$top" BUILD="$BUILD" "$BUILD/tests/hold" >"$T_DIR/log/make" 2>&1 ||
	bail "cannot build tests/unit/hold.c"

pw() {
	"$program" "$@" --config "$conf"
}

# hold SUBJECT: sets $id
hold() {
	id=$(printf 'From: Sam Seller <sam@seller.example>\r\nSubject: %s\r\n\r\nbody\r\n' "$1" |
		"$BUILD/tests/hold" "$conf" priya sam@seller.example $priya) || bail "nothing held"
	chown -R nobody "$etc/state"
}

# given LABEL-OR-none: whether that is what is said of $id
given() {
	[ "$("$PYTHON" - "$etc/state/pitchward.db" "$id" <<-'PYTHON'
		import sqlite3, sys
		db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
		rows = db.execute('SELECT label, giver FROM feedback WHERE message = ? AND retracted = 0', sys.argv[2:])
		print(*[('%s %s' % row) for row in rows] or ['none'])
	PYTHON
	)" = "$1" ]
}

forward() {
	cat <<-END
		From: <$1>
		Subject: Fwd: held
		MIME-Version: 1.0
		Content-Type: message/rfc822

		From: Sam <sam@seller.example>
		X-Pitchward: verdict=tag; outreach=0.93; relevance=0.41; id=$id
		Subject: x

		body
	END
}

# post LOGIN SENDER ALIAS: what Postfix says, to that user or (LOGIN "") to one
# who did not sign in
post() {
	forward "$2" | "$PYTHON" -c '
import smtplib, sys
port, login, sender, rcpt = sys.argv[1:]
client = smtplib.SMTP("127.0.0.1", int(port), timeout=20)
client.ehlo("desk.buyer.example")
if login:
    client.login(login, "secret")
try:
    client.sendmail(sender, [rcpt], sys.stdin.buffer.read())
    print("taken")
except smtplib.SMTPRecipientsRefused as refused:
    print("refused", *refused.recipients[rcpt])
' "$(mta_port pf:submission)" "$1" "$2" "$3@buyer.example"
}

# Who signs in, as most sites have it: Dovecot is asked by Postfix.
auth_start() {
	mkdir "$T_DIR/run"
	cat >"$T_DIR/dovecot.conf" <<-END
		protocols =
		base_dir = $T_DIR/run
		state_dir = $T_DIR/run
		log_path = $T_DIR/log/dovecot
		ssl = no
		disable_plaintext_auth = no
		auth_mechanisms = plain
		passdb {
		  driver = static
		  args = password=secret
		}
		userdb {
		  driver = static
		  args = uid=nobody gid=nogroup home=$T_DIR
		}
		service auth {
		  unix_listener $T_DIR/sign-in {
		    mode = 0666
		  }
		}
	END
	bg dovecot dovecot -F -c "$T_DIR/dovecot.conf"
	wait_for 10 test -S "$T_DIR/sign-in" || bail "dovecot does not listen"
}

# The lines of the recipe that are not ours to write: as they stand, with the
# paths and the user of this test.
service() {
	sed -n '/^pitchward unix/,$p' "$recipe" | tr '\n' ' ' |
		sed "s|user=pitchward|user=nobody|; s|/usr/local/bin/pitchward|$program|; s|feedback mail|feedback mail --config=$conf|"
}

maps() {
	local word
	for word in relevant not-relevant not-outreach never release; do
		grep -q "^#.*$word@corp.example.*pitchward:$word\$" "$recipe" || bail "the recipe lacks $word"
	done
	sed -n 's/^#\t\([a-z-]*\)@corp.example\t*\(pitchward:.*\)/\1@buyer.example \2/p' "$recipe" >"$T_DIR/transport"
	sed 's/ .*/ pitchward_feedback/' "$T_DIR/transport" >"$T_DIR/access"
	printf '%s priya\n%s quinn\n' $priya $quinn >"$T_DIR/logins"
}

setup() {
	chmod 755 "$T_DIR"
	auth_start
	cp "$BUILD/bin/pitchward" "$program"
	cp -r "$top/models" "$T_DIR/models"
	"$program" init "$etc" --name 'Priya Nair' --email $priya --template ciso --mta postfix \
		>"$T_DIR/log/init" 2>&1 || bail "init failed"
	sed "s/$priya/$quinn/" "$etc/profiles.d/priya.yaml" >"$etc/profiles.d/quinn.yaml"
	sed -i '/^models:/d' "$conf"
	echo "models: $T_DIR/models" >>"$conf"
	maps
	postfix_start pf "master:$(service)" \
		"transport_maps=texthash:$T_DIR/transport" \
		"$(sed -n 's/^#\t\(pitchward_destination_recipient_limit\) = /\1=/p' "$recipe")" \
		"$(sed -n 's/^#\t\(smtpd_restriction_classes\) = /\1=/p' "$recipe")" \
		"$(sed -n 's/^#\t\(pitchward_feedback\) = /\1=/p' "$recipe")" \
		"smtpd_sender_login_maps=texthash:$T_DIR/logins" \
		"smtpd_recipient_restrictions=check_recipient_access texthash:$T_DIR/access, permit_mynetworks, reject" \
		"smtpd_sasl_auth_enable=yes" "smtpd_sasl_type=dovecot" "smtpd_sasl_path=$T_DIR/sign-in" \
		"milter_default_action=accept"
	hold first
	chown -R nobody "$etc"
}

test_teaches() {
	like "a buyer's forward is taken" "$(post priya $priya relevant)" '^taken$'
	ok "and teaches" wait_for 15 given "0 $priya"
	like "the opposite" "$(post priya $priya not-relevant)" '^taken$'
	ok "is what counts now" wait_for 15 given "1 $priya"
}

test_refused() {
	like "signed in as another: refused at once" "$(post quinn $priya relevant)" '^refused 5'
	like "not signed in" "$(post '' $priya relevant)" '^refused 5'
	like "a stranger" "$(post '' sam@seller.example relevant)" '^refused 5'
	hold second
	like "another buyer's mail is taken" "$(post quinn $quinn relevant)" '^taken$'
	wait_for 15 mta_idle pf
	ok "and teaches nothing" given none
	ok "a bounce says why" wait_for 15 grep -rhq "no message of its sender's" "$T_DIR/pf/mail"
}

setup
test_teaches
test_refused
done_testing
