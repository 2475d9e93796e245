#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2317  # local; functions called by name
# What `make demo` does: real-looking mail goes by SMTP through a private
# Postfix with Pitchward before it, and the end says what became of every
# copy and opens the page on which a buyer reviews it. All of it is on loopback
# and in a folder below /tmp that is gone afterwards; what stays is build/ and
# the packages that were missing.
#
# On a terminal it runs until Enter, for half an hour at most.
#
#   DEMO_KEEP=1         leave it running until Enter, and keep the folder
#   DEMO_COLOUR=yes|no  default: yes on a terminal, unless NO_COLOR is set
#
# Exits 0 when every copy was either delivered or held, once; 1 when not; 69
# when packages are missing and may not be installed; 77 when not root.

EX_NOPERM=77

top=$(cd "$(dirname "$0")/.." && pwd) || exit
demo=$top/tests/demo

. "$top/tests/lib/deps.sh"
# What it prints is for tests.
. "$top/tests/lib/tap.sh" >/dev/null
. "$top/tests/lib/mta.sh"
. "$top/tests/lib/filter.sh"
T_ENDED=yes
MTA_DOMAIN=alder.example

if [ "${DEMO_COLOUR:-}" = yes ] || { [ -t 1 ] && [ "${DEMO_COLOUR:-}${NO_COLOR:-}" = "" ]; }; then
	DEMO_COLOUR=yes bold='\033[1m' dim='\033[2m' plain='\033[0m' red='\033[31m'
else
	DEMO_COLOUR=no bold='' dim='' plain='' red=''
fi
export DEMO_COLOUR

# --- what is said meanwhile

title() {
	printf "\n$bold%s$plain\n" "$1"
}

# step NAME TEXT: one line of progress
step() {
	printf "  $dim%-10s$plain %s\n" "$1" "$2"
}

# typed COMMAND...: a command of ours as a person would type it
typed() {
	printf "\n  $dim\$ pitchward %s$plain\n" "$*"
}

wrapped() {
	pitchward "$@" | "$PYTHON" "$demo/report.py" wrap
}

# shown COMMAND...: and its output
shown() {
	typed "$@"
	wrapped "$@"
}

# In place of tap.sh's: what goes wrong here, a person reads.
bail() {
	printf "\n${red}The demonstration stopped: %s$plain\n" "$*" >&2
	t_tails >&2
	exit 1
}

# --- getting ready

install_packages() {
	local missing
	missing=$(deps_missing build demo) || exit
	if [ -z "$missing" ]; then
		step packages "all of them are there"
		return
	fi
	[ "$(id -u)" != 0 ] || step packages "installing $(echo "$missing" | wc -w), which takes a minute or two"
	(deps_install build demo) 2>"$T_DIR/log/packages" || {
		local status=$?
		tail -n 15 "$T_DIR/log/packages" >&2
		exit $status
	}
}

need_root() {
	[ "$(id -u)" = 0 ] && return
	echo "a private Postfix needs root to start; run this as root: make demo" >&2
	exit $EX_NOPERM
}

# Counts the files compiled, on a terminal only.
build_progress() {
	local total
	[ -t 1 ] || { cat >/dev/null && return; }
	total=$(find "$top/src" -name '*.c' | wc -l)
	awk -v total="$total" '
		/^  CC / { printf "\r  build      %d of %d files ", ++n, total; fflush() }
		END { if (n) printf "\r%40s\r", "" }'
}

build() {
	local began status
	now_cs
	began=$T_NOW
	{
		make -C "$top" -j"$(nproc)" BUILD="$BUILD" all 2>&1
		echo $? >"$T_DIR/made"
	} | tee "$T_DIR/log/make" | build_progress
	read -r status <"$T_DIR/made"
	[ "$status" = 0 ] || bail "it does not build"
	now_cs
	step build "$(grep -c '^  CC ' "$T_DIR/log/make") files compiled, $(((T_NOW - began) / 100)) s"
}

# fill FILE WANTED: with what stands between @ filled in
fill() {
	sed -e "s|@SOCKET@|$FILTER_SOCKET|; s|@RELEASE@|$FILTER_RELEASE|; s|@MODELS@|$top/models|" \
		-e "s|@WEB@|$WEB_PORT|" \
		-e "s|@DATE@|$(date -R)|; s|@HORIZON@|$(date -d '+200 days' +%F)|" "$1" >"$2"
}

write_files() {
	local file
	mkdir -p "$FILTER_DIR/profiles.d" "$FILTER_DIR/state" "$T_DIR/mail"
	FILTER_RELEASE=$(free_port)
	WEB_PORT=$(free_port)
	FILTER_SOCKET=$(milter_socket)
	fill "$demo/pitchward.yaml" "$FILTER_DIR/pitchward.yaml"
	for file in "$demo"/profiles.d/*.yaml; do
		fill "$file" "$FILTER_DIR/profiles.d/${file##*/}"
	done
	for file in "$demo"/mail/*.eml; do
		fill "$file" "$T_DIR/mail/${file##*/}"
	done
}

# There is no DNS here, so that nobody could look up SPF. As a policy service
# would, Postfix notes "pass" for the domain of each envelope sender: whoever
# writes another name into From is not vouched for.
write_spf() {
	cat >"$T_DIR/spf" <<-EOF
		/@([a-z0-9.-]+)\$/ PREPEND Authentication-Results: mx.$MTA_DOMAIN; spf=pass smtp.mailfrom=\$1
	EOF
}

# Who cannot sign in there has nothing to look at.
start_pages() {
	bg web "$BUILD/bin/pitchward-web" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
	wait_for 30 listening "$WEB_PORT" || bail "the review pages are not served"
	step pages "http://127.0.0.1:$WEB_PORT, by pitchward-web"
}

start() {
	write_files
	write_spf
	pitchward check >"$T_DIR/log/check" 2>&1 || bail "the configuration has faults"
	filter_start
	step pitchward "serves $FILTER_SOCKET, mode enforce"
	filter_postfix pf tempfail "smtpd_sender_restrictions=check_sender_access regexp:$T_DIR/spf"
	step postfix "listens on 127.0.0.1:$(mta_port pf)"
	step "" "without DNS it takes SPF for passed, by the envelope's domain"
	start_pages
	step buyers "nora@$MTA_DOMAIN, information security: night-watch EDR, plant network"
	step "" "tom@$MTA_DOMAIN, procurement: pump makers, cold freight"
}

# --- mail

# send_one FILE CLIENT SENDER RCPT...
send_one() {
	local file="$T_DIR/mail/$1.eml" client="$2" sender="$3" name=pf
	shift 3
	if [ "$client" = inside ]; then
		name=pf:submission
		set -- "$@" --
	else
		set -- "$@" -- --xclient "ADDR=$client NAME=mail.${sender#*@}"
	fi
	send_mail "$name" "$sender" "$@" --file "$file" >"$T_DIR/replies" 2>&1 && return
	cat "$T_DIR/replies" >>"$T_DIR/log/replies"
	bail "$file was not accepted"
}

# send_some ERE: those of the order whose file matches
send_some() {
	local file client sender rcpts what
	while IFS='	' read -r file client sender rcpts what; do
		# shellcheck disable=SC2086  # one word a recipient
		send_one "$file" "$client" "$sender" $rcpts
		case $rcpts in *@$MTA_DOMAIN) ;; *) step "" "$what" ;; esac
	done <<-EOF
		$(grep -E "^($1)	" "$demo/order.tsv")
	EOF
	mta_idle pf || bail "Postfix did not deliver everything"
}

learned() {
	pitchward stats --json | grep -Eq '"contacts": *[1-9]'
}

report() {
	"$PYTHON" "$demo/report.py" "$@" --folder "$T_DIR" --order "$demo/order.tsv" \
		--pitchward "$PITCHWARD" --domain "$MTA_DOMAIN"
}

release() {
	local id
	id=$(report id pentest) || bail "the mail to release is not held"
	shown quarantine release "$id"
	mta_idle pf || bail "Postfix did not deliver the released mail"
	report exact pentest || bail "the released mail is not the one that came in"
}

digest() {
	typed digest --for "nora@$MTA_DOMAIN"
	pitchward digest --for "nora@$MTA_DOMAIN" | "$PYTHON" "$demo/report.py" digest
}

# What held mail says, by vendor: quotations, each with its message.
research() {
	typed research "'penetration test at a fixed price'" --for nora --limit 2
	pitchward research "penetration test at a fixed price" --for nora --limit 2 |
		"$PYTHON" "$demo/report.py" wrap 10
}

# What another profile would have changed: in place of a refusal, a priority.
replay() {
	local other="$T_DIR/nora.yaml"
	sed -e '/^  - name: penetration testing/,/^    keywords/d' \
		-e '/^not_interested:/i\  - {id: pentest, name: Penetration testing at a fixed price, keywords: [pentest, "penetration test"]}' \
		"$FILTER_DIR/profiles.d/nora.yaml" >"$other"
	typed replay --profile nora.yaml
	wrapped replay --profile "$other"
}

# --- pages

sign_in_link() {
	"$BUILD/bin/pitchward-web" --config "$FILTER_DIR/pitchward.yaml" --link "nora@$MTA_DOMAIN"
}

# A browser of sorts first, so that what a person is sent to is known to work.
visit() {
	local name said
	"$PYTHON" "$demo/visit.py" "http://127.0.0.1:$WEB_PORT" "$(sign_in_link)" >"$T_DIR/visited" 2>"$T_DIR/log/visit" ||
		bail "the pages cannot be visited"
	while IFS='	' read -r name said; do
		step "$name" "$said"
	done <"$T_DIR/visited"
}

# There is somebody who can look at it.
has_person() {
	[ -t 0 ] && [ -t 1 ]
}

# Browsers do not run as root: whoever called sudo has the screen.
open_browser() {
	has_person && [ "${DISPLAY:-}${WAYLAND_DISPLAY:-}" != "" ] && command -v xdg-open >/dev/null || return
	if [ "${SUDO_USER:-}" != "" ]; then
		setpriv --reuid "$SUDO_USER" --regid "$(id -g "$SUDO_USER")" --init-groups xdg-open "$1"
	else
		xdg-open "$1"
	fi >>"$T_DIR/log/browser" 2>&1 &
}

open_page() {
	local link
	link=$(sign_in_link) || bail "there is no link to sign in"
	step "sign in" "$link"
	step "" "as nora@$MTA_DOMAIN, once, within 15 minutes"
	if open_browser "$link"; then
		step "" "it should open in your browser now"
	fi
}

look_further() {
	local pitchward="$BUILD/bin/pitchward"
	cat <<-EOF
		  DEMO_KEEP=1 make demo               leaves this running, for mail of your own
		  ${pitchward#"$top/"} score --profile conf/profiles.d/priya.yaml FILE|FOLDER...
		                                      judges mail that you have, and says why
		  ${pitchward#"$top/"} init DIR         a configuration and a profile of your own
		  contrib/postfix, contrib/sendmail   how an MTA of yours is joined to it
		  README.md, contrib/man/             the tour, and every setting
	EOF
}

keep() {
	local kept="--config $FILTER_DIR/pitchward.yaml"
	KEEP=1
	title "It runs until you press Enter; the folder $T_DIR stays"
	cat <<-EOF
		  $PITCHWARD quarantine list $kept
		  swaks --server 127.0.0.1:$(mta_port pf) --from you@vendor.example --to nora@$MTA_DOMAIN \\
		        --xclient-addr 203.0.113.9 --header 'Subject: An offer' --body 'Hello Nora, ...'
		  $BUILD/bin/pitchward-web --link nora@$MTA_DOMAIN $kept
		  $T_DIR/pf/mail is where mail is delivered, $T_DIR/log has the logs
	EOF
	read -r _
}

# Not for ever: a terminal may be nobody's.
wait_for_person() {
	has_person || return 0
	title "The page is there until you press Enter"
	timeout --foreground 1800 head -n 1 >/dev/null
}

title "Pitchward: a demonstration"
install_packages
need_root
build
start

title "Two mails go out, and the ledger takes note of whom a buyer deals with"
send_some 'contact|refusal'
wait_for 10 learned || bail "the ledger learned nothing"

title "Then mail comes in: vendors, a newsletter, a contact, a customer, a colleague"
now_cs
began=$T_NOW
send_some "$(awk -F '\t' '!/^#/ && $1 != "contact" && $1 != "refusal" { print $1 }' "$demo/order.tsv" | paste -sd '|')"
now_cs
step sent "in $(((T_NOW - began) / 100)).$(((T_NOW - began) % 100 / 10)) s"
report table || bail "a verdict is missing"
title "Where it is now"
report boxes || bail "the counts do not add up"

title "Nora is told what was held, in a mail at her hour"
digest
title "What do the sellers of penetration tests offer?"
research
title "She wants one of them after all"
release
report count || bail "the counts do not add up"
title "And what if penetration tests were a priority of hers?"
replay
shown stats

title "The page on which she reviews it"
visit
open_page

title "Look further"
look_further
if [ "${DEMO_KEEP:-0}" = 1 ]; then keep; else wait_for_person; fi
exit 0
