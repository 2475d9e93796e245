#!/bin/sh
# shellcheck disable=SC3043,SC2119,SC2317  # local; functions called by name
# What `make demo` does: real-looking mail goes by SMTP through a private
# Postfix with Pitchward before it, and the end says what became of every
# copy. All of it is on loopback and in a folder below /tmp that is gone
# afterwards; what stays is build/ and the packages that were missing.
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

# shown COMMAND...: a command of ours as a person would type it, and its output
shown() {
	printf "\n  $dim\$ pitchward %s$plain\n" "$*"
	pitchward "$@" | "$PYTHON" "$demo/report.py" wrap
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
		-e "s|@DATE@|$(date -R)|; s|@HORIZON@|$(date -d '+200 days' +%F)|" "$1" >"$2"
}

write_files() {
	local file
	mkdir -p "$FILTER_DIR/profiles.d" "$FILTER_DIR/state" "$T_DIR/mail"
	FILTER_RELEASE=$(free_port)
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

start() {
	write_files
	write_spf
	pitchward check >"$T_DIR/log/check" 2>&1 || bail "the configuration has faults"
	filter_start
	step pitchward "serves $FILTER_SOCKET, mode enforce"
	filter_postfix pf tempfail "smtpd_sender_restrictions=check_sender_access regexp:$T_DIR/spf"
	step postfix "listens on 127.0.0.1:$(mta_port pf)"
	step "" "without DNS it takes SPF for passed, by the envelope's domain"
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
		  $T_DIR/pf/mail is where mail is delivered, $T_DIR/log has the logs
	EOF
	read -r _
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

title "Nora looks through what was held, and wants one of them after all"
shown quarantine list --for "nora@$MTA_DOMAIN"
release
report count || bail "the counts do not add up"
shown stats

title "Look further"
look_further
[ "${DEMO_KEEP:-0}" != 1 ] || keep
exit 0
