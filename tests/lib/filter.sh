# shellcheck shell=sh disable=SC3043,SC2034  # local; what tests use
# The filter under test: a small company in $T_DIR/pw whose buyers get any
# verdict that a test wants, and pitchward-milter serving it. Source tap.sh and
# mta.sh first.
#
#   filter_setup enforce
#   filter_start
#   mta_start postfix pf "$FILTER_SOCKET" tempfail
#   pitch p1 | send_mail pf sam@seller.example quinn@buyer.example
#   is "held" "$(filter_held quinn)" p1
#
# Of a pitch, the thresholds in their profiles make these of their mail:
#   quinn@ or list-q@   quarantine        dana@   deliver, for its relevance
#   tara@               tag               bob@    not covered

FILTER=$BUILD/bin/pitchward-milter
PITCHWARD=$BUILD/bin/pitchward
FILTER_DIR=$T_DIR/pw
FILTER_SOCKET=
FILTER_PID=
FILTER_SCHEMA=0

quinn=quinn@buyer.example
tara=tara@buyer.example
dana=dana@buyer.example
bob=bob@buyer.example
seller=sam@seller.example

filter_require() {
	if [ ! -x "$FILTER" ] || [ ! -x "$PITCHWARD" ]; then
		skip_all "no $FILTER: run make"
	fi
}

# filter_profile NAME ADDRESSES THRESHOLDS
filter_profile() {
	cat >"$FILTER_DIR/profiles.d/$1.yaml" <<-EOF
		version: 1
		buyer: {name: $1, role: CISO, addresses: [$2]}
		priorities:
		  - {id: edr, name: Endpoint detection and response, keywords: [EDR, XDR], weight: 1.0}
		verdict: {$3}
	EOF
}

# filter_config MODE [YAML-LINE...]: a line replaces the one that begins with
# the same word up to the colon. Loopback is not internal here: the tests' mail
# comes from there.
filter_config() {
	local mode="$1" line key file="$FILTER_DIR/pitchward.yaml"
	shift
	cat >"$file" <<-EOF
		version: 1
		mode: $mode
		milter: {socket: "$FILTER_SOCKET", socket_mode: 0660, deadline: 3s}
		authserv_id: mx.buyer.example
		internal: {networks: [192.0.2.250/32], domains: [buyer.example]}
		profiles: profiles.d
		models: $(cd "$MTA_LIB/../../models" && pwd)
		store: "$(filter_store_url)"
		key: state/key
		spool: {path: state/spool}
		quarantine: {method: store}
		release: {smtp: "smtp://127.0.0.1:${FILTER_RELEASE:-10026}"}
		limits_for_profiles: {hold: {min: 0.1}}
		log: {to: stderr}
	EOF
	for line; do
		key=${line%%:*}
		grep -v "^$key:" "$file" >"$file.new"
		printf '%s\n' "$line" >>"$file.new"
		mv "$file.new" "$file"
	done
}

# filter_setup MODE [YAML-LINE...]
filter_setup() {
	mkdir -p "$FILTER_DIR/profiles.d" "$FILTER_DIR/state"
	FILTER_SOCKET=$(milter_socket)
	filter_profile quinn "$quinn, list-q@buyer.example" "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0"
	filter_profile tara "$tara" "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 0.0"
	filter_profile dana "$dana" "hold: 0.1, unsure: 0.1, accept: 0.0, tag: 0.0"
	filter_config "$@"
}

# filter_start [VARIABLE=VALUE...]: until it serves
filter_start() {
	milter_start filter "$FILTER_SOCKET" env "$@" "$FILTER" \
		--config "$FILTER_DIR/pitchward.yaml" --foreground
	FILTER_PID=$T_PID
	wait_for 10 filter_worker >/dev/null || bail "the filter has no worker"
	wait_for 10 filter_serves || bail "the filter does not serve"
}

filter_serves() {
	grep -q 'serving ' "$T_DIR/log/filter"
}

# filter_stop: its exit status
filter_stop() {
	stop_pid "$FILTER_PID" 15
}

# filter_worker: the pid of its worker
filter_worker() {
	pgrep -P "$FILTER_PID"
}

# filter_logged ERE: for wait_for
filter_logged() {
	grep -Eq -e "$1" "$T_DIR/log/filter"
}

filter_log() {
	grep -E -e "$1" "$T_DIR/log/filter"
}

# filter_forget: the log begins anew
filter_forget() {
	: >"$T_DIR/log/filter"
}

# filter_store: an empty one; where FILTER_POSTGRES names a PostgreSQL, a new
# schema of it
filter_store() {
	rm -rf "$FILTER_DIR/state"
	mkdir "$FILTER_DIR/state"
	FILTER_SCHEMA=$((FILTER_SCHEMA + 1))
}

filter_store_url() {
	if [ -n "${FILTER_POSTGRES:-}" ]; then
		echo "$FILTER_POSTGRES&options=-csearch_path%3Dfilter$FILTER_SCHEMA"
	else
		echo sqlite:state/pitchward.db
	fi
}

pitchward() {
	"$PITCHWARD" "$@" --config "$FILTER_DIR/pitchward.yaml"
}

# filter_held [BUYER]: the names (pitch NAME) of what the store holds, sorted
filter_held() {
	pitchward quarantine list --json --state held |
		grep "\"buyer\": *\"${1:-[a-z]*}\"" | sed -n 's/.*\[\([A-Za-z0-9-]*\)\].*/\1/p' | sort
}

# pitch NAME: a mail that sells; NAME is in its subject and its Message-ID
pitch() {
	cat <<-EOF
		From: Sam Seller <$seller>
		To: $quinn
		Subject: Quick question about endpoint security [$1]
		Message-ID: <$1@seller.example>
		Date: Mon, 05 Jan 2026 09:00:00 +0000
		List-Unsubscribe: <https://track.seller.example/u/$1>

		Hi Quinn,

		I hope this email finds you well. My name is Sam and I work with security
		leaders at hospitals like yours. We help companies like Northgate and
		Fairview cut the time it takes to contain ransomware by 63% with our
		AI-powered platform, without adding headcount.

		I noticed that you are hiring two analysts, and I thought now might be
		the right time for a quick chat. Are you open to a 15-minute demo next
		Tuesday or Thursday? You can book a slot that suits you here:
		https://calendly.example/sam-seller/15min

		Our customers see a return on investment within six months, and we would
		love to show you how. If you are not the right person, could you point me
		to whoever owns endpoint detection at your organisation?

		Looking forward to hearing from you,

		Sam Seller
		Account Executive, Sellers Inc.
		P.S. If you would rather not hear from me again, just reply "no thanks".
	EOF
}

# pitches COUNT TAG: files of pitches for load_mail, as options in $PITCHES. The
# Nth message of the load is the one named TAG-00000N, as is its X-Load-Id.
pitches() {
	local i=0 name
	PITCHES="--tag $2"
	mkdir -p "$T_DIR/pitches"
	while [ $i -lt "$1" ]; do
		name=$(printf '%s-%06d' "$2" $((i == 0 ? $1 : i)))
		pitch "$name" >"$T_DIR/pitches/$name"
		PITCHES="$PITCHES --file $T_DIR/pitches/$name"
		i=$((i + 1))
	done
}

# --- behind an MTA, wired as contrib/ tells the administrator

FILTER_CONTRIB=$MTA_LIB/../../contrib

# filter_postfix NAME FAILURE [NATIVE...]: contrib's lines with the test's paths;
# nothing is chrooted here
filter_postfix() {
	local name="$1" failure="$2" milters line
	shift 2
	milters=$(sed -n 's/^smtpd_milters = //p' "$FILTER_CONTRIB/postfix/main.cf" |
		sed "s|unix:pitchward/milter.sock|$FILTER_SOCKET|; s/default_action=accept/default_action=$failure/")
	set -- "smtpd_milters=$milters" \
		"$(sed -n 's/^\(message_reject_characters\) = /\1=/p' "$FILTER_CONTRIB/postfix/main.cf")" "$@"
	while IFS= read -r line; do
		set -- "$@" "master:$line"
	done <<-EOF
		$(grep -v '^#' "$FILTER_CONTRIB/postfix/master.cf" |
			sed "s/127.0.0.1:10026/127.0.0.1:$FILTER_RELEASE/; s/ n - y / n - n /")
	EOF
	postfix_start "$name" "$@"
}

# filter_sendmail NAME FAILURE [MC-LINE...]
filter_sendmail() {
	local name="$1" flag=
	[ "$2" = tempfail ] && flag=', F=T'
	shift 2
	sendmail_start "$name" "" "$(grep -v '^dnl' "$FILTER_CONTRIB/sendmail/pitchward.mc" |
		sed "s|unix:/run/pitchward/milter.sock|$FILTER_SOCKET$flag|; s/Port=10026/Port=$FILTER_RELEASE/")" "$@"
}

# filter_mta KIND NAME tempfail|accept [NATIVE...]: $FILTER_RELEASE is the port
# of its release listener; choose it (free_port) before filter_setup
filter_mta() {
	local kind="$1"
	shift
	"filter_$kind" "$@"
}
