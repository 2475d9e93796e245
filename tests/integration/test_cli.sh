#!/bin/sh
# shellcheck disable=SC3043,SC2317  # local; functions called by name
# The command line: junk gets a clear error and an exit code of sysexits.h, and
# what an administrator does first works: init, check, score.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PITCHWARD=${PITCHWARD:-$BUILD/bin/pitchward}
MILTER=${MILTER:-$BUILD/bin/pitchward-milter}
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
	is "help: every command" "$status $(grep -c '^  [a-z]' out)" "0 $(grep -c '^		{ "' "$top/src/cli/main.c")"
	pw --version
	like "version" "$(cat out)" '^pitchward [0-9]'
}

# closed NUMBER COMMAND...: with that descriptor closed
closed() {
	local number="$1"
	shift
	status=0
	eval "\"\$PITCHWARD\" \"\$@\" $number>&-" 2>err </dev/null || status=$?
}

# What is opened first would get a closed descriptor's number.
test_closed() {
	local command
	for command in --version --help 'model list' 'check etc' "score $corpus/mail/a1-001.eml"; do
		# shellcheck disable=SC2086
		closed 1 $command
		like "$command with standard output closed" "$status $(cat err)" '^74 pitchward: standard output: Bad file descriptor'
	done
	status=0
	"$PITCHWARD" score - <&- >out 2>err || status=$?
	like "score - with standard input closed" "$status $(cat err)" '^74 pitchward: .*Bad file descriptor'
	closed 1 init shutout --name x --email a@b.example
	pw check shutout
	is "init with standard output closed: what it wrote is whole" "$status $(cat err)" "0 "
}

# Options of all commands may stand before a command, at either level.
test_common_first() {
	pw --config absent.yaml stats
	is "--config first: status" $status 78
	like "--config first: it is the one that is read" "$(cat err)" '^absent.yaml: No such file'
	pw --json --config=absent.yaml check
	is "--json and --config= first" "$status $(json 'd["file"]')" "78 absent.yaml"
	pw quarantine --config absent.yaml list
	like "--config between two words" "$status $(cat err)" '^78 absent.yaml: No such file'
	pw --config folder model --json list --config absent.yaml
	like "the last one holds" "$status $(cat err)" '^78 absent.yaml: No such file'
	pw --json --help
	is "help behind it" "$status $(grep -c '^  quarantine ' out)" "0 1"
	refused "no value" 64 'Missing argument for --config' --config
	pw --json
	is "no command: status" $status 64
	refused "an option of one command" 64 "unknown option '--models' before a command" --models x stats
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
model promote
model rollback
model export
model import
vendor list
vendor status
feedback relevant
feedback irrelevant
feedback not-outreach
feedback undo
store verify
quarantine list
quarantine show
quarantine release
quarantine delete
quarantine expire'

# full COMMAND...: the status and the errors when standard output takes nothing
full() {
	status=0
	"$PITCHWARD" "$@" >/dev/full 2>err </dev/null || status=$?
	echo "$status $(cat err)"
}

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
		like "$command --help: where the exit codes are" "$(cat out)" '^pitchward\(1\) .*exit codes'
		is "$command --help: fits a terminal, in ASCII" "$(LC_ALL=C grep -Ec '^.{80}|[^ -~]' out)" 0
		is "$command --help: to a full disk" "$(full $command --help)" "74 pitchward: standard output: No space left on device"
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
	for command in '' model store quarantine; do
		# shellcheck disable=SC2086
		pw $command --help
		is "$command --help: fits a terminal" "$status $(grep -c '^.\{80\}' out)" "0 0"
		like "$command --help: where the exit codes are" "$(cat out)" '^pitchward\(1\) .*exit codes'
	done
	refused "score for nobody and somebody" 64 'exclude' score --for a@b.example --profile x x
}

test_no_configuration() {
	local usual=/etc/pitchward/pitchward.yaml
	if [ -e $usual ]; then
		skip "no configuration" "$usual is there"
		return
	fi
	pw quarantine list
	is "no configuration: status" $status 78
	like "no configuration: what to do" "$(cat err)" "^$usual: No such .*'pitchward init /etc/pitchward' .*--config"
	pw doctor
	like "doctor, no configuration" "$(cat out)" "^fail +configuration .*; mend: 'pitchward init /etc/pitchward' .*--config"
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
	for n in 99999999999999999999w 7 d -1d 'x y'; do
		refused "quarantine list --since '$n'" 64 'since: a length of time' \
			quarantine list --since "$n" --config etc/pitchward.yaml
	done
	refused "quarantine list --state" 64 'none of delivered, held' quarantine list --state frozen --config etc/pitchward.yaml
	refused "quarantine list --for" 64 'no profile' quarantine list --for x@y.example --config etc/pitchward.yaml
	refused "a number that is none" 64 "^pitchward: quarantine list: --limit: 'x' is no whole number up to 2147483647$" \
		quarantine list --limit x
	refused "a number that is too large" 64 "--limit: '99999999999' is no whole number up to 2147483647" \
		quarantine list --limit=99999999999
	refused "the wrong one of two numbers" 64 "--employees: '4k' is no whole number" \
		init new --name x --email a@b.example --employees 4k
	refused "a number that may have a point" 64 "^pitchward: eval: --cost: 'dear' is no number: 20 or 0.5 are$" eval --cost dear "$corpus"
	refused "a number that is too small" 64 '--limit: at least 1, not -3' quarantine list --limit=-3
	refused "init --employees" 64 '' init new --name x --email a@b.example --employees 99999999999999
	refused "init --employees below 0" 64 '' init new --name x --email a@b.example --employees -5
}

test_files() {
	refused "score of nothing there" 66 'absent.eml: No such file' score absent.eml
	refused "score of an empty name" 64 'score: PATH\.\.\.: must not be empty' score ''
	refused "score of two names, one empty" 64 'must not be empty' score out ''
	refused "a model without a name" 64 'model show: NAME: must not be empty' model show ''
	refused "check of an empty name" 64 'must not be empty' check ''
	refused "training into a file, told at once" 74 '^pitchward: --out: .*/out/models: Not a directory' train --starter --out out/models "$corpus"
	refused "training into nowhere, told at once" 66 '^pitchward: --export: /absent: No such file' \
		train --starter --export /absent/x.features "$corpus"
	refused "a golden set where a folder is" 64 '^pitchward: --golden: folder: is a folder' train --golden folder "$corpus"
	refused "promoting what is not there" 66 '^pitchward: ./absent: No such file' model promote ./absent
	refused "promoting a file" 64 'junk.yaml: is no folder; a model is one' model promote ./junk.yaml
	refused "a domain of one word" 64 "'acme' is no domain; one is like acme.example" vendor status acme --config etc/pitchward.yaml
	refused "score with a profile that is not there" 66 '^pitchward: absent.yaml: No such file' score --profile absent.yaml out
	refused "eval of nothing there" 66 '^pitchward: absent: No such file' eval absent
	refused "eval of a file" 64 'out: is no folder; a corpus ' eval out
	refused "eval --unseen of nothing there" 66 '^pitchward: absent: No such file' eval --unseen "$corpus" absent
	refused "eval with a profile of another corpus" 64 "'cisso' is not a profile of the corpus; did you mean 'ciso'" \
		eval --profile cisso "$corpus"
	refused "a report where nothing can be written, told at once" 66 '^pitchward: --report: /absent: No such file' \
		eval --report /absent/x.html "$corpus"
	refused "a report over a folder" 64 '^pitchward: --report: folder: is a folder' eval --report folder "$corpus"
	ln -sfn "$corpus" again
	refused "a corpus twice" 64 'again are the same; each counts once' eval --unseen "$corpus" again
	refused "a corpus twice for training" 64 'are the same; each counts once' train --starter --dry-run again "$corpus/"
	refused "score with a folder as profile" 78 'folder' score --profile folder out
	refused "score with junk as profile" 78 'junk.yaml:' score --profile junk.yaml out
	refused "score with models nowhere" 69 'no models' score --models folder out
	refused "score with a file as models" 69 'no models' score --models out out
	refused "check of nothing there" 66 '^absent.yaml: No such file' check absent.yaml
	pw check --json absent.yaml
	is "check of nothing there, as JSON" "$status $(json 'd["file"], d["ok"], d["fault"]')" \
		"66 ('absent.yaml', False, 'No such file or directory')"
	pw check absent.yaml "$ciso"
	is "check of nothing there among others: status" $status 66
	like "check of nothing there among others: they are checked" "$(cat out)" 'ciso.yaml: profile, ok'
	mkdir -p nothing
	refused "an empty --config" 64 'stats: --config: must not be empty' --config '' stats
	refused "check of an empty folder" 78 'no profile and no model' check nothing
	pw score nothing
	is "score of an empty folder" "$status $(cat out)" "0 0 messages: 0 deliver, 0 tag, 0 quarantine"
	: >empty
	refused "check of an empty file" 78 '^empty: the file is empty' check empty
	refused "check of a device" 78 'not a regular file' check /dev/null
	printf 'version: 1\nprofiles: nowhere.d\n' >lost.yaml
	refused "check without its profiles" 78 'nowhere.d: No such file' check --config lost.yaml
	unlike "check without its profiles: in plain words" "$(cat err)" 'Error opening'
	refused "check of junk" 78 'junk.yaml:' check junk.yaml
	refused "a store by no URL" 64 "'foo' is no store: its URL begins with" store migrate foo
	refused "a store by no URL to copy from" 64 "'foo' is no store" store migrate --from foo
	refused "model nobody has" 66 'xyzzy' model show xyzzy
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

# nobody COMMAND...: as pw, by a user who may do nothing
nobody() {
	status=0
	setpriv --reuid 65534 --regid 65534 --clear-groups "$PITCHWARD" "$@" >out 2>err </dev/null || status=$?
}

# An administrator forgets sudo: that nothing is held would be a lie.
test_no_right() {
	nobody --version 2>/dev/null
	if [ "$(id -u)" != 0 ] || [ $status != 0 ]; then
		skip "without rights" "not root, or nobody cannot run the program"
		return
	fi
	mkdir -p shut && chmod 000 shut && : >shut.eml && chmod 000 shut.eml
	nobody check shut.eml
	is "check of what may not be read" "$status $(cat err)" "77 shut.eml: Permission denied"
	nobody score shut
	is "score of a folder that may not be read" "$status $(cat err)" "77 pitchward: shut: Permission denied"
	pw init closed --name x --email a@b.example
	chmod -R a+rX closed && mkdir -p closed/state/spool && touch closed/state/key closed/state/pitchward.db closed/state/spool/.lock
	chmod 700 closed/state
	for command in 'quarantine list' 'quarantine show 01' 'quarantine release 01' 'quarantine expire' stats 'store verify'; do
		# shellcheck disable=SC2086  # several words
		nobody $command --config closed/pitchward.yaml
		is "$command without the right: status" $status 77
		like "$command without the right: says so" "$(cat err)" '^pitchward: .*closed/state/pitchward.db: Permission denied'
	done
	nobody doctor --config closed/pitchward.yaml
	like "doctor without the right" "$(cat out)" '^fail store .*Permission denied; mend: run doctor as root'
	nobody score --for a@b.example --config closed/pitchward.yaml "$corpus/mail/a1-001.eml"
	is "score --for without the right to the ledger: judges" $status 0
	like "score --for without the right to the ledger" "$(cat err)" '^pitchward: the ledger is not asked: .*Permission denied'
	chmod 000 closed/pitchward.yaml
	for command in 'quarantine list' stats 'store verify' 'digest --send' "score --for a@b.example x"; do
		# shellcheck disable=SC2086  # several words
		nobody $command --config closed/pitchward.yaml
		is "$command without the right to the configuration" "$status $(cat err)" \
			"77 pitchward: closed/pitchward.yaml: Permission denied"
	done
	chmod 644 closed/pitchward.yaml
	chmod 000 closed/profiles.d
	nobody check closed
	is "check without the right to the profiles: status" $status 78
	like "check without the right to the profiles" "$(cat err)" '^[^ ]*profiles.d: Permission denied'
}

test_init_junk() {
	touch file
	refused "init without a name" 64 'missing.*--name' init new --email a@b.example
	refused "init without an address" 64 'missing.*--email' init new --name x
	refused "init with no address" 64 "'nobody' is no address" init new --name x --email nobody
	refused "init with an injected address" 64 'is no address' init new --name x --email "$(printf 'a@b.example\nx: y')"
	refused "init with an unknown template" 64 'there are .*ciso' init new --name x --email a@b.example --template pope
	refused "init with a template misspelt" 64 "did you mean 'ciso'" init new --name x --email a@b.example --template cisso
	refused "init with an unknown MTA" 64 'none of postfix, sendmail' init new --name x --email a@b.example --mta exim
	refused "init with an MTA misspelt" 64 "did you mean 'sendmail'" init new --name x --email a@b.example --mta sendmial
	refused "init with an unknown zone" 64 '^pitchward: init: --zone: .Mars/Olympus. is not a time zone: .*Europe/Berlin' \
		init new --name x --email a@b.example --zone Mars/Olympus
	refused "init with no domain" 64 '^pitchward: init: --company-domain: .b ad. .*example.com' \
		init new --name x --email a@b.example --company-domain 'b ad'
	refused "init with no authserv-id" 64 '^pitchward: init: --authserv-id: ' init new --name x --email a@b.example --authserv-id 'b ad;'
	refused "init with no socket" 64 '^pitchward: init: --socket: .*unix:PATH' init new --name x --email a@b.example --socket bla
	refused "init with too many employees" 64 '^pitchward: init: --employees: .*100000000' \
		init new --name x --email a@b.example --employees 2147483647
	refused "init with a region of two lines" 64 '^pitchward: init: --region: .*one line' \
		init new --name x --email a@b.example --region "$(printf 'a\nb')"
	refused "init with a long name" 64 '^pitchward: init: --name: .*200 characters' \
		init new --name "$(printf '%0300d' 1)" --email a@b.example
	refused "init with an address twice" 64 '^pitchward: init: --email: .A@b.example. is given twice' \
		init new --name x --email a@b.example --email A@b.example
	for option in name template role sector region zone company-domain mta authserv-id store-dir socket; do
		refused "init with an empty --$option" 64 "^pitchward: init: --$option: must not be empty" \
			init new --name x --email a@b.example "--$option" ''
	done
	refused "init with a configuration" 64 '^pitchward: init: --config: .*name DIR' \
		init new --name x --email a@b.example --config new.yaml
	refused "init with an empty folder" 64 '^pitchward: init: DIR: must not be empty' init '' --name x --email a@b.example
	refused "init in a folder too deep for a socket" 64 '^pitchward: init: --socket: .*107 bytes' \
		init "new$(printf '%0150d' 1)" --name x --email a@b.example
	refused "init with bytes that are no text" 64 'UTF-8' init new --name "$(printf 'a\377')" --email a@b.example
	refused "init below a file" 74 'file' init file --name x --email a@b.example
	is "none of these wrote anything" "$(find . -maxdepth 1 \( -name 'new*' -o -name pitchward.yaml -o -name profiles.d \))" ""
	refused "init with a store in a file" 74 'file: Not a directory' init new --name x --email a@b.example --store-dir file
	is "nor did that" "$(find . -maxdepth 1 -name 'new*')" ""
	refused "init over an installation" 73 '--socket: etc/pitchward.yaml exists' \
		init etc --name x --email a@b.example --socket unix:/x
	is "and it is as it was" "$(cksum <etc/pitchward.yaml)" "$before"
}

# A profile more, beside those that are there.
test_init_again() {
	local was
	cp -r etc more && was=$(cksum <more/pitchward.yaml) && chmod 604 more/profiles.d/*
	refused "init of who is there" 73 'more/profiles.d/priya.yaml exists' init more --name P --email priya@site.example
	refused "init of an address that is there" 78 "duplicate address 'ciso@site.example'" \
		init more --name P --email new@site.example --email ciso@site.example
	is "neither wrote anything" "$(ls more/profiles.d)" priya.yaml
	pw init more --name 'Tara Ito' --email tara@site.example --template cfo
	is "init of a second buyer" "$status $(cat err)" "0 "
	is "writes the profile only" "$(sed -n 's/^wrote .*more/more/p' out)" "more/profiles.d/tara.yaml"
	like "says how to go on" "$(cat out)" 'check --config more/pitchward.yaml$'
	like "and that it is taken by a reload" "$(cat out)" 'systemctl reload pitchward-milter'
	is "as the configuration, which stays" "$(cksum <more/pitchward.yaml) $(stat -c '%g %a' more/profiles.d/tara.yaml)" \
		"$was $(stat -c '%g %a' more/pitchward.yaml)"
	pw check more
	like "check takes both" "$(cat out)" 'profiles.d: 2 profiles, ok'
	echo 'mod: x' >>more/pitchward.yaml
	refused "init beside a broken one" 78 "unknown key 'mod'" init more --name Z --email z@site.example
	is "writes nothing" "$(ls more/profiles.d | wc -l)" 2
}

# Words of a closed set, and what was near to the one that was given.
test_words() {
	local at='--config etc/pitchward.yaml'
	while read -r wanted command; do
		# shellcheck disable=SC2086  # several words
		refused "nearest: $command" 64 "none of .*; did you mean '$wanted'" $command $at
	done <<-END
		held quarantine list --state heldd
		regret quarantine list --order regrat
		not-now vendor status a.example notnow
		wanted vendor status a.example wannted
		relevance model rollback relevence
	END
	for command in 'quarantine list --for' 'vendor list --for' 'vendor status --for' 'score x --for' 'feedback undo 01 --for' \
		'model rollback relevance --for' 'train --for'; do
		# shellcheck disable=SC2086
		refused "nobody near: $command" 64 "^pitchward: no profile in .*profiles.d has the id or address 'zzzz'$" $command zzzz $at
		# shellcheck disable=SC2086
		refused "near an id: $command" 64 "'pria'; did you mean 'priya'" $command pria $at
		# shellcheck disable=SC2086
		refused "near an address: $command" 64 "did you mean 'ciso@site.example'" $command cisso@site.example $at
	done
	refused "a model misspelt" 66 "did you mean 'outreach'" model show outreech
}

test_dates() {
	local at='--config etc/pitchward.yaml'
	while IFS='|' read -r date pattern; do
		# shellcheck disable=SC2086
		refused "not-now $date" 64 "^pitchward: vendor status: $pattern" vendor status a.example not-now $date $at
	done <<-END
		2027-02-30|'2027-02-30' is no date: the month 2027-02 has days 01 to 28
		2028-02-30|'2028-02-30' is no date: the month 2028-02 has days 01 to 29
		2027-00-01|'2027-00-01' is no date: months are 01 to 12
		0000-01-01|'0000-01-01' is no date: .*years from 0001
		2027-1-31|not-now needs a date like 2027-01-31, not '2027-1-31'
		2027-01-311|not-now needs a date like 2027-01-31, not '2027-01-311'
		|not-now needs a date like 2027-01-31$
		2001-01-01|not-now needs a date to come: 2001-01-01
	END
}

# An empty value is a variable that nobody set.
test_empty_values() {
	while read -r option command; do
		# shellcheck disable=SC2086
		refused "$command $option ''" 64 "$option: must not be empty" $command $option '' --config etc/pitchward.yaml
	done <<-END
		--by feedback relevant 01
		--for quarantine list
		--state quarantine list
		--since quarantine list
		--since vendor list
		--older-than quarantine expire
		--why model rollback relevance
		--models stats
		--profile score x
		--out train --starter x
		--postfix doctor
	END
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
	for command in 'quarantine list' 'vendor list' 'vendor status' 'vendor status a.example' 'quarantine list --json'; do
		# shellcheck disable=SC2086
		pw $command --config etc/pitchward.yaml
		is "$command before the daemon ran: nothing" "$status $(cat out)" "0 "
		is "$command before the daemon ran: and why" "$(cat err)" \
			"pitchward: no store yet at sqlite:$T_DIR/etc/state/pitchward.db; nothing has been kept"
	done
	pw stats --config etc/pitchward.yaml
	like "stats: figures of nothing, and why" "$(cat err)" 'no store yet at sqlite:'
	pw score --for priya --config etc/pitchward.yaml "$corpus/mail/a1-001.eml"
	like "score for the id of a profile" "$status $(cat out)" '^0 .*a1-001.eml: (deliver|tag|quarantine)'
	refused "and nothing can be shown" 69 'there is no store yet' quarantine show 01 --config etc/pitchward.yaml
	refused "a wrong --older-than is told first" 64 'older-than: a length of time' \
		quarantine expire --older-than banana --config etc/pitchward.yaml
	for age in 2m 0d 23h 0w 3651d; do
		refused "an age that quarantine.keep would not take: $age" 64 \
			"older-than: from 1d to 3650d .*m is minutes.*not '$age'$" \
			quarantine expire --older-than $age --config etc/pitchward.yaml
	done
	for command in show release delete; do
		refused "a wrong id is told first by quarantine $command" 64 'is no message id' \
			quarantine $command '!!' --config etc/pitchward.yaml
	done
	refused "one wrong id of two" 64 'is no message id' quarantine delete 01 oil --config etc/pitchward.yaml
	refused "a wrong --limit before a wrong file" 64 'limit: at least 1' quarantine list --limit 0 --config absent.yaml
	pw check --config etc/pitchward.yaml
	like "one profile is one" "$(cat out)" ': 1 profile, ok'
	for command in stats 'model list' doctor check; do
		# shellcheck disable=SC2086  # one or two words
		like "$command to a full disk" "$(full $command --config etc/pitchward.yaml | tr '\n' ' ')" '^74 .*pitchward: standard output: '
	done
	like "score to a full disk" "$(full score "$corpus/mail")" '^74 pitchward: standard output: '
	pw check etc
	is "check of an installation's folder: all of it" "$status $(grep -c ', ok$' out)" "0 4"
	pw stats --config etc/pitchward.yaml --models nowhere
	like "stats with models nowhere" "$status $(cat err)" "^69 pitchward: no models: .*nowhere"
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

# What feedback taught lies beside the starters, and may be damaged like them.
test_feedback_models() {
	local own=adapted/buyers/priya/relevance
	mkdir -p $own && cp -r "$PITCHWARD_MODELS/outreach" "$PITCHWARD_MODELS/relevance" adapted/
	cp "$PITCHWARD_MODELS/relevance/"* $own/
	for command in check stats; do
		pw $command --models adapted --config etc/pitchward.yaml
		like "$command: a starter in a buyer's place" "$status $(cat out)" 'rests: made over other starters'
	done
	pw doctor --models adapted --config etc/pitchward.yaml
	like "doctor: a starter in a buyer's place" "$(cat out)" '^warn feedback-model .*rests: .*train it again'
	printf 'x' >$own/card.yaml
	refused "check of a buyer's damaged model" 78 'adapted/buyers/priya/relevance' check --models adapted --config etc/pitchward.yaml
	pw check adapted
	like "check of the folder with it" "$status $(cat err)" '^78 adapted/buyers/priya/relevance'
	pw doctor --models adapted --config etc/pitchward.yaml
	like "doctor with a buyer's damaged model" "$status $(cat out)" '^fail feedback-model .*buyers/priya/relevance: .*mend: pitchward train'
	pw stats --models adapted --config etc/pitchward.yaml
	like "stats with it" "$status $(cat out)" '^relevance +buyers/priya/relevance, unusable: '
	pw model list --json --models adapted
	is "model list: one shape" "$status $(json 'sorted(d)' | sort -u)" \
		"65 ['age_days', 'created', 'fault', 'id', 'kind', 'ok', 'path', 'place', 'serves']"
	is "model list: what serves" "$(json 'str(d["place"]) + " " + str(d["serves"])' | tr '\n' ',')" \
		"outreach True,relevance True,buyers/priya/relevance False,"
}

# older KIND: that starter of ours, dated a year back
older() {
	sed -i -e '/^checksum:/d' -e 's/^created: .*/created: 2020-01-02/' -e 's/^id: .*/id: "older-'"$1"'"/' "ours/$1/card.yaml"
	echo "checksum: $(sha256sum <"ours/$1/card.yaml" | cut -d ' ' -f 1)" >>"ours/$1/card.yaml"
}

# A release brings newer starters than those of the configured folder.
test_newer_starters() {
	mkdir -p tree/build/bin ours && cp "$PITCHWARD" tree/build/bin/ && cp -r "$PITCHWARD_MODELS" tree/models
	cp -r "$PITCHWARD_MODELS/outreach" "$PITCHWARD_MODELS/relevance" ours/
	older outreach
	tree/build/bin/pitchward check --models ours --config etc/pitchward.yaml >out 2>err
	like "check tells of a newer starter" "$(cat out)" "^$T_DIR/tree/models/outreach: newer than what serves; 'pitchward model promote .*tree/models/outreach'"
	unlike "check: of the other there is none" "$(cat out)" 'models/relevance: newer'
	tree/build/bin/pitchward check --json --models ours --config etc/pitchward.yaml >out 2>err
	is "check tells so as JSON" "$(json 'd["file"] if d["kind"].startswith("newer") else ""' | tr -d '\n')" "$T_DIR/tree/models/outreach"
	tree/build/bin/pitchward doctor --models ours --config etc/pitchward.yaml >out 2>err
	like "doctor tells of it" "$(cat out)" '^warn outreach .*newer starter .*mend: pitchward model promote .*tree/models/outreach'
	ok "what it says to do can be done" env -u PITCHWARD_MODELS tree/build/bin/pitchward model promote "$T_DIR/tree/models/outreach" \
		--models ours --config etc/pitchward.yaml
	tree/build/bin/pitchward doctor --models ours --config etc/pitchward.yaml >out 2>err
	unlike "and then nothing is newer" "$(cat out)" 'newer starter'
}

# The store's file is not what it should be.
test_doctor_store() {
	local file=sick/state/pitchward.db
	pw init sick --name x --email a@b.example
	mkdir -p sick/state && echo 'no database' >$file
	pw doctor --config sick/pitchward.yaml
	like "doctor: a store that is no database" "$(cat out)" '^fail store .*not a database.*mend: stop the daemon, move the file away'
	refused "stats: the same" 65 'not a database' stats --config sick/pitchward.yaml
	rm $file && mkdir $file
	pw doctor --config sick/pitchward.yaml
	like "doctor: a store that is a folder" "$(cat out)" "^fail store .*mend: see that 'store' names a file"
	rmdir $file
}

milter() {
	status=0
	timeout 30 "$MILTER" "$@" >out 2>err </dev/null || status=$?
}

test_milter() {
	local option
	milter --help
	is "milter --help: status" $status 0
	is "milter --help: fits a terminal, in ASCII" "$(LC_ALL=C grep -Ec '^.{80}|[^ -~]' out)" 0
	like "milter --help: usage" "$(cat out)" '^Usage: pitchward-milter \[OPTION\.\.\.\]$'
	for option in config foreground check log models version help; do
		like "milter --help: --$option" "$(cat out)" " --$option"
	done
	status=0
	"$MILTER" --help >/dev/full 2>err || status=$?
	is "milter --help to a full disk" $status 74
	milter --frobnicate
	is "milter --frobnicate" "$status $(cat err)" "64 pitchward-milter: Unknown option --frobnicate; see --help"
	milter --check --config etc/pitchward.yaml
	like "milter --check: one buyer is one" "$status $(cat out)" '^0 .*: 1 buyer, '
	status=0
	"$MILTER" --check --config etc/pitchward.yaml >/dev/full 2>err || status=$?
	is "milter --check to a full disk" $status 74
}

# Into the background: why it cannot start is told to the terminal, and once it
# serves nothing of the terminal's is kept open.
test_background() {
	local config=$T_DIR/etc/pitchward.yaml
	milter --config wrong.yaml
	is "in the background, a bad configuration: status" $status 78
	like "in the background, a bad configuration: says why" "$(cat err)" '^pitchward-milter: wrong.yaml:2:1: '
	mkdir -p etc/state && printf 'short' >etc/state/key && chmod 644 etc/state/key
	milter --config "$config"
	is "what only the worker finds: status" $status 77
	like "what only the worker finds: says why" "$(cat err)" '^pitchward-milter: .*state/key'
	rm -f etc/state/key
	status=0
	# shellcheck disable=SC2016  # expanded by the inner shell
	timeout 20 sh -c '"$1" --config "$2" 2>&1 | cat >piped' - "$MILTER" "$config" </dev/null || status=$?
	is "a pipe behind it ends" $status 0
	t_at_exit 'background_stop'
	is "and it said nothing" "$(cat piped)" ""
	ok "it serves" listening "unix:$T_DIR/etc/state/milter.sock"
	is "neither process has a file of ours" "$(background_files)" ""
	milter --config "$config"
	is "a second one: status" $status 75
	like "a second one: says why" "$(cat err)" 'another process listens on'
	background_stop
	t_not_at_exit 'background_stop'
	not_ok "and it ends when told" listening "unix:$T_DIR/etc/state/milter.sock"
}

# background_pids: supervisor and worker; their command line names our folder
background_pids() {
	pgrep -f "pitchward-milter --config $T_DIR/etc/"
}

background_files() {
	local pid
	for pid in $(background_pids); do
		ls -l "/proc/$pid/fd/0" "/proc/$pid/fd/1" "/proc/$pid/fd/2"
	done | grep -v ' -> /dev/null$'
}

background_stop() {
	local pid
	pid=$(pgrep -o -f "pitchward-milter --config $T_DIR/etc/") || return 0
	stop_pid "$pid" 15
	return 0
}

[ -d "$PITCHWARD_MODELS/outreach" ] || bail "no models in $PITCHWARD_MODELS"
test_no_command
test_common_first
test_every_command
test_arguments
test_no_configuration
test_wrong_configuration
test_numbers
test_files
test_init
test_words
test_dates
test_empty_values
test_init_junk
test_init_again
test_init_questions
test_closed
test_no_right
test_score_inputs
test_score_fields
test_score_hostile
test_model
test_doctor
test_feedback_models
test_newer_starters
test_doctor_store
test_milter
test_background
done_testing
