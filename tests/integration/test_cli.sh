#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# The command line: junk gets a clear error and an exit code of sysexits.h, and
# what an administrator does first works: init, check, score.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
PYTHON=${PYTHON:-/usr/bin/python3}
PITCHWARD_MODELS=${PITCHWARD_MODELS:-$top/models}
export PITCHWARD_MODELS
corpus=$top/tests/corpus/authored
ciso=$corpus/profiles/ciso.yaml
cd "$T_DIR" || exit 1

# pw COMMAND...: output in out and err, exit code in $status
pw() {
	status=0
	"$PITCHWARD" "$@" >out 2>err </dev/null || status=$?
}

# refused NAME STATUS ERE COMMAND...: exits so, prints nothing as a result, and
# says why, in lines that each begin with our name or a file's
refused() {
	local name="$1" wanted="$2" pattern="$3"
	shift 3
	pw "$@"
	is "$name: status" "$status" "$wanted"
	like "$name: says why" "$(cat err)" "$pattern"
	unlike "$name: nothing else is said" "$(cat err)" '^(\(|\*\*|==|[^:]*$)'
}

# --- junk

test_no_command() {
	pw
	is "no command: status" $status 64
	like "no command: lists them" "$(cat err)" '^  quarantine '
	refused "unknown command" 64 "unknown command 'scroe'; did you mean 'pitchward score'" scroe
	refused "nothing like it" 64 "unknown command 'xyzzy'; .*--help" xyzzy
	refused "unknown option first" 64 'unknown option' --frobnicate
	refused "a command of several words" 64 "did you mean 'pitchward quarantine list'" quarantine lits
	refused "control bytes" 64 'unknown command .\\x1B' "$(printf '\033[31m')"
	pw quarantine
	is "half a command: status" $status 64
	pw --help
	is "help: status" "$status $(grep -c '^  [a-z]' out)" "0 10"
	pw --version
	like "version" "$(cat out)" '^pitchward [0-9]'
}

commands='check
init
score
eval
train
stats
doctor
model list
model show
store verify
quarantine list
quarantine show
quarantine release
quarantine delete
quarantine expire'

test_every_command() {
	local command
	while read -r command; do
		# shellcheck disable=SC2086  # one or two words
		refused "$command with an unknown option" 64 'Unknown option --frobnicate' $command --frobnicate
		# shellcheck disable=SC2086
		refused "$command with an option that lacks its value" 64 'Missing argument for --config' $command --config
		# shellcheck disable=SC2086
		pw $command --help
		is "$command --help: status" $status 0
		like "$command --help: has examples" "$(cat out)" '^  pitchward '
	done <<-END
		$commands
	END
	refused "a slip in an option" 64 'did you mean --json' stats --jsn
}

test_arguments() {
	local command
	for command in 'init' 'score' 'model show' 'quarantine show' 'quarantine release' 'quarantine delete'; do
		# shellcheck disable=SC2086  # one or two words
		refused "$command without an argument" 64 'is missing' $command
	done
	for command in 'stats' 'doctor' 'model list' 'store verify' 'quarantine list' 'quarantine expire'; do
		# shellcheck disable=SC2086
		refused "$command with one too many" 64 "unexpected argument 'x'" $command x
	done
	refused "score for nobody and somebody" 64 'exclude' score --for a@b.example --profile x x
}

test_wrong_configuration() {
	local command
	mkdir folder
	printf '\000\001\377junk: [' >junk.yaml
	printf 'version: 1\nmodus: tag\nmilter: 7\n' >wrong.yaml
	for command in check stats doctor 'model list' 'store verify' 'quarantine list' \
		'quarantine show 01' 'quarantine release 01' 'quarantine delete 01' 'quarantine expire' 'score out'; do
		case $command in doctor) wanted=1 ;; *) wanted=78 ;; esac
		for file in absent.yaml folder junk.yaml wrong.yaml; do
			# shellcheck disable=SC2086
			pw $command --config $file
			is "$command --config $file" $status $wanted
			like "$command --config $file: names it" "$(cat out err)" "$file"
		done
	done
	pw check --config wrong.yaml
	like "all faults at once: an unknown key" "$(cat err)" '^wrong.yaml:2:1: .*mode'
	like "all faults at once: a wrong type" "$(cat err)" '^wrong.yaml:3:9: '
	pw check --json wrong.yaml
	is "as JSON" "$(json 'd["line"]' | sort | tr '\n' ' ')" "2 3 "
}

test_numbers() {
	local n
	installation
	for n in 99999999999999999999 -1 0 x ''; do
		refused "quarantine list --limit '$n'" 64 '' quarantine list --limit "$n" --config etc/pitchward.yaml
	done
	for n in 99999999999999999999w 7 d -1d 'x y' ''; do
		refused "quarantine list --since '$n'" 64 'since: a length of time' \
			quarantine list --since "$n" --config etc/pitchward.yaml
	done
	refused "quarantine list --state" 64 'none of held' quarantine list --state frozen --config etc/pitchward.yaml
	refused "quarantine list --for" 64 'no profile' quarantine list --for x@y.example --config etc/pitchward.yaml
	refused "init --employees" 64 '' init new --name x --email a@b.example --employees 99999999999999
	refused "init --employees below 0" 64 '' init new --name x --email a@b.example --employees -5
}

test_files() {
	refused "score of nothing there" 66 'absent.eml: No such file' score absent.eml
	refused "score of an empty name" 66 '' score ''
	refused "score with a profile that is not there" 78 'absent.yaml' score --profile absent.yaml out
	refused "score with a folder as profile" 78 'folder' score --profile folder out
	refused "score with junk as profile" 78 'junk.yaml:' score --profile junk.yaml out
	refused "score with models nowhere" 69 'no models' score --models folder out
	refused "score with a file as models" 69 'no models' score --models out out
	refused "check of nothing there" 78 'absent.yaml' check absent.yaml
	refused "check of junk" 78 'junk.yaml:' check junk.yaml
	refused "model nobody has" 69 'xyzzy' model show xyzzy
	mkdir -p broken && cp -r "$PITCHWARD_MODELS/outreach" "$PITCHWARD_MODELS/relevance" broken/
	printf 'x' | dd of=broken/outreach/model.svm bs=1 seek=1000 conv=notrunc 2>/dev/null
	refused "score with a damaged model" 65 'model.svm' score --models broken out
	refused "check of a damaged model" 78 'model.svm' check broken
	pw model list --models broken
	is "model list with a damaged one: status" $status 65
	like "model list with a damaged one: the other is there" "$(cat out)" '^relevance +[^ -]'
	if [ "$(id -u)" = 0 ]; then
		skip "unreadable files" "root reads everything"
	else
		printf 'x' >secret && chmod 000 secret
		refused "score of what may not be read" 77 'Permission denied' score secret
	fi
}

test_init_junk() {
	touch file
	refused "init without a name" 64 'missing.*--name' init new --email a@b.example
	refused "init without an address" 64 'missing.*--email' init new --name x
	refused "init with no address" 64 "'nobody' is no address" init new --name x --email nobody
	refused "init with an injected address" 64 'is no address' init new --name x --email "$(printf 'a@b.example\nx: y')"
	refused "init with an unknown template" 64 'there are .*ciso' init new --name x --email a@b.example --template pope
	refused "init with an unknown MTA" 64 'postfix or sendmail' init new --name x --email a@b.example --mta exim
	refused "init with an unknown zone" 78 'zone' init new --name x --email a@b.example --zone Mars/Olympus
	refused "init with bytes that are no text" 64 'UTF-8' init new --name "$(printf 'a\377')" --email a@b.example
	refused "init below a file" 74 'file' init file --name x --email a@b.example
	ok "none of these wrote anything" test ! -e new
	refused "init over an installation" 73 'etc/pitchward.yaml exists' init etc --name x --email a@b.example
	is "and it is as it was" "$(cksum <etc/pitchward.yaml)" "$before"
}

# --- what works

installation() {
	[ -d etc ] && return
	pw init etc --name 'Priya: "Nair" # ü' --email priya@site.example --email ciso@site.example \
		--role ciso --mta postfix --sector 'health: care' --region US-Northeast --zone Europe/Berlin
	is "init: status" $status 0
	like "init: names what it wrote" "$(cat out)" '^wrote etc/profiles.d/priya.yaml'
	before=$(cksum <etc/pitchward.yaml)
}

test_init() {
	installation
	pw check --config etc/pitchward.yaml
	is "init's files pass check: status" $status 0
	is "init's files pass check: nothing is wrong" "$(cat err)" ""
	pw check --json --config etc/pitchward.yaml
	is "and as JSON" "$(json 'd["ok"]' | sort -u)" True
	pw score --for ciso@site.example --config etc/pitchward.yaml "$corpus/mail/a1-001.eml"
	is "score for a buyer of it: status" $status 0
	like "score for a buyer of it: a verdict" "$(cat out)" 'a1-001.eml: (deliver|tag|quarantine)'
	pw stats --config etc/pitchward.yaml
	is "stats before the daemon ran: status" $status 0
	pw quarantine list --config etc/pitchward.yaml
	is "nothing is held before the daemon ran" "$status $(cat out)" "0 "
	refused "and nothing can be shown" 69 'there is no store yet' quarantine show 01 --config etc/pitchward.yaml
	is "none of this made a store" "$(find etc -name '*.db')" ""
	for template in cfo cmo cto facilities general hr it operations procurement; do
		pw init "by-$template" --name x --email a@b.example --template $template --mta sendmail
		is "init --template $template: status" $status 0
		pw check --config "by-$template/pitchward.yaml"
		is "init --template $template passes check" $status 0
	done
}

# Answers typed at a terminal, a wrong one among them.
test_init_questions() {
	command -v script >/dev/null || {
		skip "init by questions" "no script(1)"
		return
	}
	printf 'Ann Other\nnobody\nann@site.example\ncfo\n' |
		script -qec "$PITCHWARD init asked" /dev/null >asked.log 2>&1
	like "init by questions: refuses what is no address" "$(cat asked.log)" 'no address'
	ok "init by questions: wrote" test -s asked/profiles.d/ann.yaml
	like "init by questions: the answers are in it" "$(cat asked/profiles.d/ann.yaml)" 'Ann Other'
}

# json EXPRESSION: of each line d of out
json() {
	"$PYTHON" -c 'import json, sys
for line in open("out"):
    d = json.loads(line)
    print(eval(sys.argv[1]))' "$1"
}

mail() {
	printf 'From: Sam <sam@seller.example>\nSubject: %s\nMessage-ID: <%s@x>\n\nCan we have a quick call about %s?\n' "$1" "$1" "$1"
}

test_score_inputs() {
	mkdir -p box/cur box/new box/tmp deep/a/b
	mail one >one.eml
	mail two >box/cur/2:2,S
	mail three >box/new/3
	mail four >box/tmp/4
	mail five >deep/a/b/5.eml
	{
		echo 'From a@b Thu Aug 22 12:36:23 2002'
		mail six
		echo
		echo 'From c@d Thu Aug 22 12:37:23 2002'
		mail seven
	} >mbox
	pw score --json one.eml box deep mbox
	is "score: status" $status 0
	is "a file, a maildir, a folder, an mbox" "$(json 'd["subject"]' | tr '\n' ' ')" "one two three five six seven "
	is "messages of an mbox have numbers" "$(json 'd.get("number", "-")' | tr '\n' ' ')" "- - - - 1 2 "
	status=0
	"$PITCHWARD" score --json - <one.eml >out 2>err || status=$?
	is "standard input" "$status $(json 'd["file"] + " " + d["message_id"]')" "0 - <one@x>"
	"$PITCHWARD" score --json - <mbox >out
	is "an mbox on standard input" "$(json 'd["subject"]' | tr '\n' ' ')" "six seven "
	pw score --json one.eml absent.eml box
	is "one that is absent: status" $status 66
	is "one that is absent: the others are scored" "$(json 'd["subject"]' | tr '\n' ' ')" "one two three "
	ok "a reader that goes away is no trouble" sh -c "\"$PITCHWARD\" score --json \"$corpus/mail\" | head -n 1 | grep -q subject"
}

test_score_fields() {
	pw score --json --profile "$ciso" "$corpus/mail/a1-001.eml"
	is "with a profile: the fields" "$(json '" ".join(sorted(k for k in d if k in "file message_id from subject outreach relevance verdict priority model gate reasons odd".split()))')" \
		"file from gate message_id model odd outreach priority reasons relevance subject verdict"
	is "with a profile: both scores" "$(json '0 <= d["outreach"] <= 1 and 0 <= d["relevance"] <= 1')" True
	is "with a profile: reasons" "$(json 'all(set(r) == {"name", "value", "weight"} for r in d["reasons"]) and len(d["reasons"]) > 3')" True
	pw score --json "$corpus/mail/a1-001.eml"
	is "without one: outreach alone" "$(json 'd["outreach"] is not None and d["relevance"] is None and d["priority"]')" ""
	pw score "$corpus/mail/a1-001.eml"
	like "in words" "$(cat out)" '^  because +[+-]'
}

test_score_hostile() {
	mkdir hostile
	: >hostile/empty
	printf 'Subject: a\033[31mb\n\nx\n' >hostile/escape
	head -c 100000 /dev/zero >hostile/zero
	head -c 100000 /dev/urandom >hostile/random
	head -c 9000000 /dev/zero | tr '\000' a >hostile/large
	awk 'BEGIN { for (i = 0; i < 300; i++) { printf "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i } }' >hostile/deep
	awk 'BEGIN { printf "To: "; for (i = 0; i < 60000; i++) printf "a:"; print "" }' >hostile/groups
	awk 'BEGIN { print "Content-Type: text/html\n"; for (i = 0; i < 200000; i++) printf "<div>" }' >hostile/divs
	pw score --json hostile
	is "hostile files: status" $status 0
	is "hostile files: every one is judged" "$(json 'd["verdict"]' | wc -l)" 8
	like "a cap that is reached is named" "$(json 'd["file"] + str(d["odd"])')" 'large.*cap-message'
	pw score hostile/escape
	unlike "mail does not steer the terminal" "$(cat out)" "$(printf '\033')"
}

test_model() {
	pw model list --json
	is "model list" "$status $(json 'd["kind"] + str(d["ok"])' | tr '\n' ' ')" "0 outreachTrue relevanceTrue "
	pw model show outreach --json
	is "model show" "$status $(json 'd["kind"], len(d["sha256"]["model.svm"])')" "0 ('outreach', 64)"
	pw model show relevance
	like "model show in words" "$(cat out)" '^examples'
}

test_doctor() {
	pw doctor --config etc/pitchward.yaml --postfix absent
	is "doctor finds what is missing: status" $status 1
	is "doctor: a line is ok, warn or fail, what, and why" "$(grep -Evc '^(ok  |warn|fail) [a-z-]+ +[^ ]' out)" 0
	like "doctor: the socket" "$(cat out)" '^fail socket .*start pitchward-milter'
	pw doctor --json --config etc/pitchward.yaml --postfix absent
	is "doctor as JSON" "$(json 'set(d) == {"check", "status", "why", "mend"}' | sort -u)" True
}

[ -d "$PITCHWARD_MODELS/outreach" ] || bail "no models in $PITCHWARD_MODELS"
test_no_command
test_every_command
test_arguments
test_wrong_configuration
test_numbers
test_files
test_init
test_init_junk
test_init_questions
test_score_inputs
test_score_fields
test_score_hostile
test_model
test_doctor
done_testing
