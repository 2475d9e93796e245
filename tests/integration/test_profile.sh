#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# Profiles that change while a milter serves them: versions in the store over
# the administrator's files, behind a private Postfix.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require postfix
filter_require

FILTER_RELEASE=$(free_port)
filter_setup enforce
filter_mta postfix pf tempfail

# fate NAME: the verdict on that mail
fate() {
	filter_log "msgid=\"?<$1@" | sed -n 's/.* verdict=\([a-z]*\) .*/\1/p' | tail -n 1
}

# comes NAME: a pitch to quinn is sent and judged
comes() {
	pitch "$1" | send_mail pf "$seller" "$quinn" && mta_idle pf && wait_for 5 judged "$1"
}

judged() {
	[ -n "$(fate "$1")" ]
}

# says STATUS COMMAND...: the command ends so; its output is in $T_DIR/said
says() {
	local wanted="$1" status=0
	shift
	pitchward "$@" >"$T_DIR/said" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || { cat "$T_DIR/said" && return 1; }
}

said() {
	cat "$T_DIR/said"
}

# text THRESHOLDS: quinn's profile with these
text() {
	sed "s/^verdict:.*/verdict: {$1}/" "$FILTER_DIR/profiles.d/quinn.yaml"
}

# followed: a milter took what was applied last
followed() {
	filter_log 'profiles follow the store' | grep -q .
}

file=$FILTER_DIR/profiles.d/quinn.yaml
wide="hold: 0.1, unsure: 0.1, accept: 0.0, tag: 0.0"
cp "$file" "$T_DIR/base.yaml"

# --- before there is a store

ok "show, without a store" says 0 profile show quinn
is "prints the file" "$(said)" "$(cat "$file")"
ok "history, without a store" says 0 profile history quinn
like "is the file" "$(said)" '^\*     0 '
text "$wide" >"$T_DIR/quinn.yaml"
ok "apply needs a store" says 69 profile apply "$T_DIR/quinn.yaml"
ok "a dry run does not" says 0 profile apply "$T_DIR/quinn.yaml" --dry-run
like "and shows what would change" "$(said)" '^\+verdict: .*accept: 0.0'

# --- what is applied serves

filter_start
ok "a pitch comes" comes p1
is "it is held" "$(fate p1)" quarantine
ok "a wider profile is applied" says 0 profile apply "$T_DIR/quinn.yaml" --note "all of it" --by olga
is "as the first version" "$(said)" "quinn: version 1 serves"
ok "the milter follows within three seconds" wait_for 3 followed
ok "a pitch comes" comes p2
is "it is let in" "$(fate p2)" deliver
ok "the same again" says 0 profile apply "$T_DIR/quinn.yaml"
is "is nothing" "$(said)" "quinn: nothing changed"
ok "score" says 0 score --json --for "$quinn" "$T_LIB/../../tests/lib/filter.sh"
ok "check" says 0 check
like "tells what serves" "$(said)" 'quinn.yaml: what serves: version 1, ok'
ok "show" says 0 profile show quinn
is "prints the version" "$(said)" "$(cat "$T_DIR/quinn.yaml")"
ok "the file's text" says 0 profile show quinn --version 0
is "is version 0" "$(said)" "$(cat "$file")"
ok "its origin" says 0 profile show quinn --origin
like "is told" "$(said)" '^quinn: version 1, .*/quinn.yaml$'
ok "what changed" says 0 profile diff quinn
like "is a unified diff" "$(said)" '^--- quinn \(file\)$'
like "of a line" "$(said)" '^\+verdict: .*accept: 0.0'
ok "history" says 0 profile history quinn
like "says who and why" "$(said)" '^\*     1 .* olga +all of it$'
ok "as JSON" says 0 profile history quinn --json
is "one object a version" "$(grep -c '"serves": *true' "$T_DIR/said")/$(grep -c '"version"' "$T_DIR/said")" 1/2

# --- what is wrong is refused whole

sed 's/weight: 1.0/weight: 7/' "$T_DIR/quinn.yaml" >"$T_DIR/wrong.yaml"
echo 'verdcit: {}' >>"$T_DIR/wrong.yaml"
filter_forget
ok "a wrong one" says 78 profile apply "$T_DIR/wrong.yaml" --for quinn
like "is refused with its place" "$(said)" "^$T_DIR/wrong.yaml:4:[0-9]+: weight must be between 0 and 1"
like "every fault of it" "$(said)" "^$T_DIR/wrong.yaml:6:1: unknown key 'verdcit'"
sed "s/list-q@/tara@/" "$T_DIR/quinn.yaml" >"$T_DIR/clash.yaml"
ok "another's address" says 78 profile apply "$T_DIR/clash.yaml" --for quinn
like "is refused, with both places" "$(said)" "^$T_DIR/clash.yaml:2:[0-9]+: duplicate address .*first at .*/tara.yaml:2:"
text "hold: 0.05" >"$T_DIR/limit.yaml"
ok "beyond the administrator's limits" says 78 profile apply "$T_DIR/limit.yaml" --for quinn
like "is refused" "$(said)" "^$T_DIR/limit.yaml:5:[0-9]+: hold must be between 0.1 and 1"
ok "a name that is no id" says 64 profile apply "$T_DIR/said"
ok "an id that is none" says 64 profile apply "$T_DIR/quinn.yaml" --for quin
like "names the nearest" "$(said)" "did you mean 'quinn'"
for command in show history diff edit rollback suggest; do
	ok "$command of nobody" says 66 profile $command qinn
	like "names the nearest" "$(said)" "did you mean 'quinn'"
done
ok "a version that is not there" says 66 profile show quinn --version 9
ok "no number" says 64 profile rollback quinn --to x
ok "nothing of it counts" says 0 profile show quinn
is "the old one serves" "$(said)" "$(cat "$T_DIR/quinn.yaml")"

# --- the file wins once it is changed

echo '# a remark' >>"$file"
ok "the file is changed" says 0 profile show quinn
like "it serves again, and that is told" "$(said)" 'the file serves, since it was changed after version 1$'
ok "check" says 0 check
like "tells it, too" "$(said)" 'what serves: file, since it was changed after version 1, ok'
pitchward doctor >"$T_DIR/said" 2>&1
like "doctor tells it, too" "$(said)" 'quinn: what serves: file, since it was changed after version 1'
kill -HUP "$FILTER_PID"
ok "the milter reloads" wait_for 5 filter_logged ' reloaded: '
ok "and says so" filter_logged 'profile quinn: the file serves, since it was changed after version 1'
ok "a pitch comes" comes p3
is "it is held" "$(fate p3)" quarantine
filter_forget
ok "back to what served before" says 0 profile rollback quinn
is "as a version over the new file" "$(said)" "quinn: version 2 serves"
ok "the milter follows" wait_for 3 followed
ok "a pitch comes" comes p4
is "it is let in" "$(fate p4)" deliver
filter_forget
ok "back to the file" says 0 profile rollback quinn --to 0
ok "the milter follows" wait_for 3 followed
ok "a pitch comes" comes p5
is "it is held" "$(fate p5)" quarantine
ok "the difference of two versions" says 0 profile diff quinn 1 3
like "is shown" "$(said)" '^--- quinn \(version 1\)'

# --- in an editor

cat >"$T_DIR/editor" <<-'EDIT'
	#!/bin/sh
	[ -z "$EDIT_SED" ] || sed -i "$EDIT_SED" "$1"
	stat -c '%a' "$1" >"$EDIT_SEEN"
EDIT
chmod 755 "$T_DIR/editor"
EDITOR=$T_DIR/editor
EDIT_SEEN=$T_DIR/seen
unset VISUAL
export EDITOR EDIT_SEEN
EDIT_SED=''
export EDIT_SED
ok "an edit that changes nothing" says 0 profile edit quinn </dev/null
is "is nothing" "$(said)" "quinn: nothing changed"
is "in a file of nobody else's" "$(cat "$T_DIR/seen")" 600
EDIT_SED="s/accept: 1.0, tag: 1.0/accept: 0.0, tag: 0.0/"
ok "an edit" says 0 profile edit quinn --note edited </dev/null
is "serves" "$(said)" "quinn: version 4 serves"
EDIT_SED="s/weight: 1.0/weight: high/"
ok "a wrong edit" says 78 profile edit quinn </dev/null
like "is refused with its place" "$(said)" '^quinn.yaml:4:[0-9]+: weight must be '
like "and kept" "$(said)" 'the text is kept in /'
kept=$(sed -n 's/.*the text is kept in //p' "$T_DIR/said")
ok "as it was left" grep -q 'weight: high' "$kept"
rm -r "${kept%/*}"
EDITOR=/nonexistent
ok "no editor" says 74 profile edit quinn </dev/null

# --- a worker that starts finds what serves

filter_stop
filter_forget
filter_start
ok "a pitch comes" comes p6
is "it is let in" "$(fate p6)" deliver

# --- a version that stands no more gives way to the one before, and only itself

sed 's/accept: 1.0/accept: 0.9/' "$FILTER_DIR/profiles.d/tara.yaml" >"$T_DIR/tara.yaml"
filter_forget
ok "another's version" says 0 profile apply "$T_DIR/tara.yaml"
ok "the milter follows" wait_for 3 followed
filter_forget
rm "$FILTER_DIR/profiles.d/dana.yaml"
filter_config enforce "limits_for_profiles: {accept: {min: 0.5}, hold: {min: 0.1}}"
kill -HUP "$FILTER_PID"
ok "limits that forbid a version" wait_for 5 filter_logged 'quinn: version 4 is not served, version 3 serves: .*version 4\):5:'
ok "keep nobody else from being read" wait_for 5 filter_logged ' reloaded: mode [a-z]+, 2 buyers'
ok "a pitch comes" comes p7
is "the version before serves" "$(fate p7)" quarantine
ok "check" says 78 check
like "says where" "$(said)" 'quinn.yaml \(version 4\):5:[0-9]+: accept must be between'
filter_stop
filter_forget
filter_start
ok "a start says what it leaves out" filter_logged 'quinn: version 4 is not served, version 3 serves: '
ok "and that once" test "$(grep -c 'version 4 is not served' "$T_DIR/log/filter")" = 1
filter_stop

# --- as when the store is away at first

store=$FILTER_DIR/state/pitchward.db
mkdir "$T_DIR/away"
mv "$store"* "$T_DIR/away/"
mkdir "$store"
filter_forget
filter_start
rmdir "$store"
mv "$T_DIR/away/"* "$FILTER_DIR/state/"
ok "a store that comes back later" wait_for 15 filter_logged 'quinn: version 4 is not served, version 3 serves: '
filter_stop
filter_profile dana "$dana" "$wide"

# --- a new buyer without a file, and back

fresh enforce
filter_profile newman "new@buyer.example" "$wide"
mv "$FILTER_DIR/profiles.d/newman.yaml" "$T_DIR/newman.yaml"
filter_start
ok "nobody of that name" says 66 profile apply "$T_DIR/newman.yaml"
like "says how it is meant" "$(said)" "no profile 'newman' in .*; --new makes a new buyer of it"
ok "a buyer without a file" says 0 profile apply "$T_DIR/newman.yaml" --new
ok "check" says 0 check
like "counts them" "$(said)" 'profiles.d: 4 profiles, ok'
ok "the milter follows" wait_for 3 filter_logged 'profiles follow the store: 4 buyers'
ok "a rule of theirs" says 0 vendor status seller.example never --for new@buyer.example
ok "who has a file is not removed here" says 64 profile remove quinn
like "but there" "$(said)" "'quinn' has a file: remove .*profiles.d/quinn.yaml, and reload"
ok "who is misspelt is not, either" says 66 profile remove newmann
like "the nearest" "$(said)" "did you mean 'newman'"
filter_forget
ok "the buyer is removed" says 0 profile remove newman --note "left in May" --by olga
is "as a version" "$(said)" "newman: removed, as version 2"
ok "the milter follows" wait_for 2 filter_logged 'profiles follow the store: 3 buyers'
ok "once is enough" says 0 profile remove newman
is "says so" "$(said)" "newman: nothing changed"
ok "history" says 0 profile history newman
like "has it" "$(said)" '^  +2 .* olga +removed: left in May'
ok "where it comes from" says 0 profile show newman --origin
like "from nowhere" "$(said)" 'newman: nothing, since version 2 removed the buyer, '
ok "a version without a text" says 66 profile show newman --version 2
ok "check" says 0 check
like "counts those who are there" "$(said)" 'profiles.d: 3 profiles, ok'
ok "nobody to apply to" says 66 profile apply "$T_DIR/newman.yaml"
ok "suggestions" says 66 profile suggest newman
like "there is nothing to go by" "$(said)" "^pitchward: nothing serves of 'newman': version 2 removed the buyer$"
ok "and back" says 0 profile rollback newman
is "as one version more" "$(said)" "newman: version 3 serves"
ok "the milter follows again" wait_for 2 filter_logged 'profiles follow the store: 4 buyers'

# beside STATUS ADDR: init of a buyer more, in a copy that has the store too
beside() {
	local wanted="$1" status=0
	"$PITCHWARD" init "$T_DIR/beside" --name "Zoe Ray" --template cfo --email "$2" >"$T_DIR/said" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || { cat "$T_DIR/said" && return 1; }
}

cp -r "$FILTER_DIR" "$T_DIR/beside"
ok "init of who lives in the store" beside 73 newman@buyer.example
like "leaves the version as it is" "$(said)" "'newman' has a profile in the store, version 3, and is left as it is; nothing was written"
ok "init with an address of who lives there" beside 78 new@buyer.example
like "is refused" "$(said)" "duplicate address 'new@buyer.example'"
[ -n "${FILTER_POSTGRES:-}" ] || for db in "$T_DIR"/beside/state/pitchward.db*; do
	mv "$db" "$db.kept"
	echo "no database, and no store that could be asked" >"$db"
done
sed -i 's|^store: "postgresql:.*|store: "postgresql:///absent?host=/nowhere"|' "$T_DIR/beside/pitchward.yaml"
not_ok "init beside a store that cannot be asked" beside 0 zoe@buyer.example
like "says so" "$(said)" '^pitchward: nothing was written, since the store cannot be asked who is there: '
is "none wrote anything" "$(ls "$T_DIR/beside/profiles.d")" "$(ls "$FILTER_DIR/profiles.d")"
rm -r "$T_DIR/beside"
cp -r "$FILTER_DIR" "$T_DIR/beside"
ok "init of one more" beside 0 zoe@buyer.example
ok "check" "$PITCHWARD" check --config "$T_DIR/beside/pitchward.yaml"
like "takes all" "$(cat "$T_DIR/.out")" 'profiles.d: 5 profiles, ok'

# --- suggestions

ok "nothing was said" says 0 profile suggest quinn
like "nothing is suggested" "$(said)" '^# quinn: nothing to suggest'

# offered N: its id, once it is noted
offered() {
	pitchward quarantine list --json --state delivered --search "v$1.example" |
		sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p' | grep .
}

# offer N SUBJECT LABEL: of the Nth vendor, tagged, and what quinn says of it
offer() {
	pitch "s$1" | sed "s/contain ransomware/contain trouble/; s/^Subject:.*/Subject: $2/; s/seller.example/v$1.example/g; s/^From: .*/From: Vee <vee@v$1.example>/" |
		send_mail pf "vee@v$1.example" "$quinn" >/dev/null
	wait_for 5 offered "$1" >/dev/null && pitchward feedback "$3" "$(offered "$1")" >/dev/null
}

filter_profile quinn "$quinn, list-q@buyer.example" "hold: 0.1, unsure: 0.1, accept: 1.0, tag: 0.0"
sed -i 's/weight: 1.0}/weight: 1.0}  # ours/' "$file"
kill -HUP "$FILTER_PID"
ok "the milter reloads" wait_for 5 filter_logged ' reloaded: '
n=0
for subject in "Ransomware drills" "Your ransomware plan" "Ransomware, again" "Beat ransomware"; do
	n=$((n + 1))
	offer $n "$subject" relevant
done
for subject in "Office chairs" "Fleet cards" "Umbrellas" "Payroll" "Coffee machines" "Parking" "Carbon" "Lunch"; do
	n=$((n + 1))
	offer $n "$subject" irrelevant
done
ok "twelve vendors later" says 0 profile suggest quinn --json
like "a keyword is suggested" "$(said)" '"kind": *"keyword".*"words": *\["ransomware"\]'
is "and nothing else of words" "$(grep -c '"words": *\["' "$T_DIR/said")" 1
ok "for a person" says 0 profile suggest quinn
like "with its evidence" "$(said)" "^#   'ransomware' is in mail of 4 of 4 relevant senders"
like "by its mail" "$(said)" '^#   [0-9A-Z]{26}  v4.example +Beat ransomware$'
filter_forget
ok "put in" says 0 profile suggest quinn --apply --only 1
like "it serves" "$(said)" '^quinn: version 1 serves$'
ok "the milter follows" wait_for 3 followed
ok "the text" says 0 profile show quinn
like "keeps what was written" "$(said)" 'keywords: \[EDR, XDR, "ransomware"\], weight: 1.0}  # ours$'
ok "no such suggestion" says 64 profile suggest quinn --only 99
ends profile
done_testing
