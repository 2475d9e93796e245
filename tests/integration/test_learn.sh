#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# What feedback teaches: mail is held behind a private Postfix, the buyer says
# what of it is relevant, `train` makes a model of that, the milter takes it by
# itself and lets such mail in, and rollback undoes it. Then what is refused, and
# how models travel.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require postfix
filter_require

PYTHON=${PYTHON:-/usr/bin/python3}
source_models=$(cd "$MTA_LIB/../../models" && pwd)
models=$T_DIR/models
place=buyers/quinn/relevance

FILTER_RELEASE=$(free_port)
filter_setup enforce
filter_profile quinn "$quinn" "hold: 0.1, unsure: 0.1, accept: 0.5, tag: 0.5"
filter_mta postfix pf tempfail

# offer TOPIC N: a pitch of a vendor of its own, in words of its own
offer() {
	"$PYTHON" "$T_LIB/offer.py" "$1" "$2"
}

# id_of NAME: of what the store holds
id_of() {
	pitchward quarantine list --json --search "[$1]" | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p'
}

# says STATUS COMMAND...: the command ends so; its output is in $T_DIR/said
says() {
	local wanted="$1" status=0
	shift
	pitchward "$@" >"$T_DIR/said" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || { cat "$T_DIR/said" && return 1; }
}

# comes TOPIC N: it is sent and judged
comes() {
	offer "$1" "$2" | send_mail pf "sam@vendor$2.example" "$quinn" >/dev/null && mta_idle pf
}

# fate TOPIC-N
fate() {
	filter_log "msgid=\"?<$1@" | sed -n 's/.* verdict=\([a-z]*\) .*/\1/p' | tail -n 1
}

# relevance TOPIC N: what the models that serve say now
relevance() {
	offer "$1" "$2" | pitchward score --for "$quinn" --json - |
		sed -n 's/.*"relevance": *\([0-9.e-]*\).*/\1/p'
}

more() {
	"$PYTHON" -c 'import sys; sys.exit(not float(sys.argv[1]) > float(sys.argv[2]) + 0.2)' "$1" "$2"
}

follows() {
	wait_for 3 filter_logged 'models follow their folder'
}

label() {
	local n="$1" word=irrelevant topic=loyalty
	[ $((n % 2)) = 1 ] || { word=relevant && topic=robots; }
	comes "$topic" "$n" && pitchward feedback "$word" "$(id_of "$topic-$n")" >/dev/null
}

cp -R "$source_models" "$models"
fresh enforce "models: $models"
filter_start
i=100
while [ $i -lt 124 ]; do
	label $i || echo "label $i failed" >>"$T_DIR/log/labels"
	i=$((i + 1))
	[ $i = 110 ] || continue
	ok "ten labels are too few" says 1 train --for "$quinn"
	like "and it says so" "$(cat "$T_DIR/said")" 'refused: 10 labels count: 16 are needed'
done
ok "24 mails are held and labelled" test ! -s "$T_DIR/log/labels"
is "of what was held" "$(pitchward quarantine list --json --state held | wc -l | tr -d ' ')" 24

# --- train, reload, another verdict

before=$(relevance robots 300)
ok "before: such mail comes" comes robots 301
is "and is held" "$(fate robots-301)" quarantine
ok "a trial changes nothing" says 0 train --for "$quinn" --dry-run
like "and passes" "$(cat "$T_DIR/said")" 'passed; nothing was changed'
ok "nothing was" test ! -e "$models/buyers"
ok "training promotes" says 0 train --for "$quinn" --json
like "and names the folder" "$(cat "$T_DIR/said")" "\"folder\": *\"$models\""
like "with figures" "$(cat "$T_DIR/said")" "\"place\": *\"$place\".*\"result\": *\"passed\".*\"loss\": *0\\.[0-9]+"
like "and tells who takes it" "$(cat "$T_DIR/said")" 'by themselves, within seconds'
id=$(sed -n 's/.*"model": *"\([^"]*\)".*/\1/p' "$T_DIR/said")
is "the place is a link to the shelf" "$(readlink "$models/$place")" "../../shelf/$id"
after=$(relevance robots 300)
ok "such mail is more relevant now ($before, then $after)" more "$after" "$before"
ok "the milter follows" follows
ok "such mail comes" comes robots 303
like "and is let in" "$(fate robots-303)" '^(deliver|tag)$'
delivered=$(fields "$(last pf "$quinn")" | sed -n 's/.*id=\([0-9A-Z]*\).*/\1/p')
ok "which is noted" wait_for 5 says 0 quarantine show "$delivered" --json
like "with the model's name" "$(cat "$T_DIR/said")" "\+$id\""
ok "the other kind comes" comes loyalty 305
is "and is held" "$(fate loyalty-305)" quarantine
offer robots 300 >"$T_DIR/robots.eml"
like "score names what judged" "$(pitchward score --for quinn "$T_DIR/robots.eml" --json)" "\"model\": \"[^\"]*\+$id\""
like "the reason has a name" "$(pitchward score --for "$quinn" "$T_DIR/robots.eml" --json)" 'your feedback: stem \\"[a-z]+\\" \(relevance\)'
ok "again: nothing new to learn from" says 1 train --for "$quinn"
like "and it says so" "$(cat "$T_DIR/said")" 'refused: 0 labels count that are newer'
like "list tells what serves" "$(pitchward model list)" "$id +[0-9-]+ +$models/$place"
like "show tells whose it is" "$(pitchward model show "$id")" '^buyer +quinn'

# --- wrong labels do not count

ok "a label is taken back" says 0 feedback undo "$(id_of robots-100)"
ok "training says so" says 0 train --for "$quinn" --dry-run
like "and tries it on the starter" "$(cat "$T_DIR/said")" '23 of 23 labels count'

# --- rollback, export, import

filter_forget
ok "rollback" says 0 model rollback relevance --for "$quinn"
like "to the starter" "$(cat "$T_DIR/said")" "$place: is back to none: the starter serves"
is "which says what it said before" "$(relevance robots 300)" "$before"
ok "the milter follows" follows
ok "such mail comes" comes robots 306
is "and is held again" "$(fate robots-306)" quarantine
ok "a second time there is nothing" says 69 model rollback relevance --for "$quinn"
ok "export" says 0 model export "$id" "$T_DIR/quinn.model"
ok "nothing serves that could be exported" says 69 model export relevance "$T_DIR/own.model" --for "$quinn"
rm -rf "${models:?}/shelf"
ok "promoting what is gone is refused" says 66 model promote "$id"
printf x >>"$T_DIR/quinn.model"
ok "a changed file is refused" says 65 model import "$T_DIR/quinn.model"
truncate -s -1 "$T_DIR/quinn.model"
ok "import" says 0 model import "$T_DIR/quinn.model"
ok "it does not serve yet" test ! -e "$models/$place"
ok "for another buyer it is refused" says 64 model promote "$id" --for "$dana"
ok "promote" says 0 model promote "$id" --for "$quinn" --why "as before"
is "says what it said" "$(relevance robots 300)" "$after"
like "the history tells who and why" "$(cat "$models/history")" "	promote	$place	$id	-	[^	]+	as before"
ok "what serves a buyer can be exported" says 0 model export relevance "$T_DIR/own.model" --for "$quinn"
is "it is the same" "$(cmp "$T_DIR/own.model" "$T_DIR/quinn.model" && cat "$T_DIR/said")" "$T_DIR/own.model: holds $id"
ok "it is no team's" says 64 model promote "$id" --team quinn
ok "a team of one learns the same" says 0 train --team shop "$quinn" --dry-run
like "in a place of its own" "$(cat "$T_DIR/said")" '^teams/shop/relevance: 23 of 23 labels'
ok "named twice, a buyer counts once" says 0 train --team shop "$quinn" quinn "$quinn" --dry-run
like "with the same labels" "$(cat "$T_DIR/said")" '^teams/shop/relevance: 23 of 23 labels'

# --- mail that is no outreach at all, and the golden set

i=100
while [ $i -lt 124 ]; do
	pitchward feedback not-outreach "$(id_of "robots-$i")" >/dev/null || echo "not-outreach $i failed" >>"$T_DIR/log/labels"
	i=$((i + 2))
done
ok "the newest labels being all alike is refused" says 1 train --for "$quinn" --json
like "and it says so" "$(cat "$T_DIR/said")" 'the newest [0-9]+ labels are all of one kind; label some of the other too'
like "without figures that are none" "$(cat "$T_DIR/said")" '"auc": *null'
i=100
while [ $i -lt 124 ]; do
	{
		pitchward feedback undo "$(id_of "robots-$i")" &&
			pitchward feedback not-outreach "$(id_of "robots-$i")" &&
			pitchward feedback undo "$(id_of "loyalty-$((i + 1))")" &&
			pitchward feedback irrelevant "$(id_of "loyalty-$((i + 1))")"
	} >/dev/null || echo "label $i failed" >>"$T_DIR/log/labels"
	i=$((i + 2))
done
ok "half are said to be no outreach" test ! -s "$T_DIR/log/labels"
offer robots 400 >"$T_DIR/robots.eml"
offer loyalty 401 >"$T_DIR/loyalty.eml"
mv "$models/golden.imprints" "$T_DIR/golden"
head -c 1000 "$T_DIR/golden" >"$models/golden.imprints"
ok "without a sound golden set nothing is promoted" says 65 train --for "$quinn"
like "and it says so" "$(cat "$T_DIR/said")" 'golden.imprints: damaged'
mv "$T_DIR/golden" "$models/golden.imprints"
ok "a model that would hold business mail is refused" says 1 train --for "$quinn"
like "with what it would hold" "$(cat "$T_DIR/said")" 'refused: it would hold [0-9]+ of the [0-9]+ messages of the golden set.* held from 0\.10'
filter_profile quinn "$quinn" "hold: 0.8, unsure: 0.5, accept: 0.5, tag: 0.5"
ok "a trial of both kinds ends as the training would" says 0 train --for "$quinn" --dry-run
ok "at a usual threshold it is promoted" says 0 train --for "$quinn"
like "relevance has too few labels now" "$(cat "$T_DIR/said")" 'refused: 1?[0-9] labels count'
like "none of the golden set is held" "$(cat "$T_DIR/said")" 'golden +[67][0-9][0-9] messages, the highest at 0\.[0-7]'
like "it serves" "$(readlink "$models/buyers/quinn/outreach")" '^\.\./\.\./shelf/quinn-outreach-'
like "such mail is business now" "$(pitchward score --for "$quinn" --json "$T_DIR/robots.eml")" '"outreach": *0\.[0-4]'
like "the other kind is not" "$(pitchward score --for "$quinn" --json "$T_DIR/loyalty.eml")" '"outreach": *0\.[7-9]'
ok "rollback" says 0 model rollback outreach --for "$quinn"
ok "a team of nobody" says 64 train --team shop
ok "a buyer nobody knows" says 64 train --for nobody@buyer.example
ends "learning"
done_testing
