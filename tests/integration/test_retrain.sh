#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# Models learn by themselves: what is due is trained once however many ask for
# it, a buyer asks for more on the page, the running milter and the page take
# what was promoted without a signal, and the page takes it back.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require postfix
filter_require

PYTHON=${PYTHON:-/usr/bin/python3}
WEB=${WEB:-$BUILD/bin/pitchward-web}
source_models=$(cd "$MTA_LIB/../../models" && pwd)
models=$T_DIR/models
place=buyers/quinn/relevance
PORT=$(free_port)
FILTER_RELEASE=$(free_port)

# offer TOPIC N: a pitch of a vendor of its own, in words of its own
offer() {
	"$PYTHON" "$T_LIB/offer.py" "$1" "$2"
}

# page WHO PATH: what the page says, without its tags
# page WHO ACTION FIELD=VALUE...: sends the page's form, or (forged=yes) one that
# is not there, with these fields; the status, and the page after it
page() {
	PYTHONPATH=$MTA_LIB "$PYTHON" - "http://127.0.0.1:$PORT" "$@" <<-'PYEOF'
		import html, re, sys, urllib.parse
		import web_client
		url, who, path = sys.argv[1:4]
		wanted = dict(pair.split('=', 1) for pair in sys.argv[4:])
		browser = web_client.Browser(url)
		headers = {'X-Auth-Email': who}

		def plain(reply):
		    text = re.sub(r'(?s)<svg.*?</svg>', '', reply.text)
		    return ' '.join(html.unescape(re.sub(r'<[^>]*>', ' ', text)).split())

		if not wanted:
		    reply = browser.get(path, headers=headers)
		    print(reply.status, plain(reply))
		    sys.exit()
		front = browser.get('/models', headers=headers)
		account = browser.get('/account', headers=headers)
		if wanted.pop('forged', None):
		    where, fields = path, dict(account.form('/sign-out')[1])
		else:
		    where, fields = front.form(path)
		fields.update(wanted)
		reply = browser.post(where, fields, headers=headers)
		print(reply.status, end=' ')
		if reply.status == 303:
		    reply = browser.get(reply.headers['Location'], headers=headers)
		print(plain(reply))
		again = re.search(r'action="(/models/again/[^"]*)"', reply.text)
		if again:
		    print('undo', again.group(1))
	PYEOF
}

# id_of NAME: of what the store holds
id_of() {
	pitchward quarantine list --json --search "[$1]" | sed -n 's/.*"id": *"\([0-9A-Z]*\)".*/\1/p'
}

# comes TOPIC N: it is sent and judged
comes() {
	offer "$1" "$2" | send_mail pf "sam@vendor$2.example" "$quinn" >/dev/null && mta_idle pf
}

# fate TOPIC-N
fate() {
	filter_log "msgid=\"?<$1@" | sed -n 's/.* verdict=\([a-z]*\) .*/\1/p' | tail -n 1
}

# label FROM TO
label() {
	local n="$1" word topic
	while [ "$n" -lt "$2" ]; do
		word=irrelevant topic=loyalty
		[ $((n % 2)) = 1 ] || { word=relevant && topic=robots; }
		{ comes "$topic" "$n" && pitchward feedback "$word" "$(id_of "$topic-$n")" >/dev/null; } ||
			echo "label $n failed" >>"$T_DIR/log/labels"
		n=$((n + 1))
	done
}

# due_twice: two runs at once; what both told
due_twice() {
	pitchward train --due --json >"$T_DIR/due1" 2>"$T_DIR/due1.err" &
	local other=$!
	pitchward train --due --json >"$T_DIR/due2" 2>"$T_DIR/due2.err" || diag "$(cat "$T_DIR/due2.err")"
	wait "$other" || diag "$(cat "$T_DIR/due1.err")"
	cat "$T_DIR/due1" "$T_DIR/due2"
}

# trained OUTPUT RESULT: how many times
trained() {
	printf '%s\n' "$1" | grep -c "\"place\": *\"$place\".*\"result\": *\"$2\""
}

serves() {
	"$PYTHON" - "$PORT" <<-'PYEOF' 2>/dev/null
		import sys, urllib.request
		urllib.request.urlopen('http://127.0.0.1:%s/healthz' % sys.argv[1], timeout=2)
	PYEOF
}

cp -R "$source_models" "$models"
filter_setup enforce
filter_profile quinn "$quinn" "hold: 0.1, unsure: 0.1, accept: 0.5, tag: 0.5"
filter_mta postfix pf tempfail
fresh enforce "models: $models" "digest: {from: pitchward@buyer.example}" \
	"web: {listen: \"127.0.0.1:$PORT\", sign_in: {mail: no, header: X-Auth-Email}, users: [{address: audit@buyer.example, roles: [auditor]}, {address: della@buyer.example, roles: [delegate], buyers: [quinn]}, {address: ada@buyer.example, roles: [admin]}]}"
filter_start
bg web "$WEB" --config "$FILTER_DIR/pitchward.yaml" --log=stderr
web_pid=$T_PID
wait_for 30 serves || bail "pitchward-web does not serve"

# --- what is due is trained once, and a refusal is told

label 100 106
is "six mails are labelled" "$(cat "$T_DIR/log/labels" 2>/dev/null)" ""
said=$(due_twice)
is "two runs at once: one training" "$(trained "$said" too-few-labels)" 1
is "no more" "$(pitchward train --due --json)" ""
like "the page tells the refusal in words" "$(page "$quinn" /models)" \
	'quinn/relevance too few labels: 6 labels count: 16 are needed'
label 106 124
is "24 mails are labelled" "$(cat "$T_DIR/log/labels" 2>/dev/null)" ""
is "not twice a day by itself" "$(pitchward train --due --json)" ""
like "the page counts what is new" "$(page "$quinn" /models)" '18 things said about your mail'
like "and says how many a model needs" "$(page "$quinn" /models)" '5 or more; a model needs 16 in all'

# --- on demand, and no signal to anybody

ok "before: such mail comes" comes robots 301
is "and is held" "$(fate robots-301)" quarantine
like "the button asks" "$(page "$quinn" /models/learn do=learn)" '^303 .*Asked for: it begins within ten minutes'
like "the page says so" "$(page "$quinn" /models)" 'Asked for, .* It begins within ten minutes'
like "a second wish is the same" "$(page "$quinn" /models/learn forged=yes for=quinn)" 'That was asked for before'
like "not for others" "$(page "$dana" /models/learn forged=yes for=quinn)" '^403 .*not your models'
like "nor by a delegate, who decides about the mail" "$(page della@buyer.example /models/learn forged=yes for=quinn)" '^403 '
filter_forget
said=$(due_twice)
is "two runs at once: one training" "$(trained "$said" passed)" 1
like "with an interval" "$said" '"gain_low": *-?[0-9.]+'
id=$(readlink "$models/$place" | sed 's|.*/||')
like "it is in place" "$id" '^quinn-relevance-[0-9a-f]+$'
ok "the running milter takes it without a signal" wait_for 3 filter_logged 'models follow their folder'
ok "such mail comes" comes robots 303
like "and is let in" "$(fate robots-303)" '^(deliver|tag)$'
ok "the other kind comes" comes loyalty 305
is "and is held" "$(fate loyalty-305)" quarantine
after=$(page "$quinn" /models)
like "the page tells what it brought" "$after" \
	"quinn/relevance promoted $id, from 24 labels: log-loss [0-9.]+ before, [0-9.]+ after \(better by [0-9.]+, 95 % interval -?[0-9.]+ to [0-9.]+\); ROC AUC [0-9.]+ before, [0-9.]+ after"
like "and shows the card" "$after" "buyers/quinn/relevance Id $id"
like "and offers to ask again" "$after" 'Learn from what I said now'
ok "pitchward-web takes it, too" wait_for 3 grep -q 'reloaded: a model was put in place' "$T_DIR/log/web"
unlike "others do not see it" "$(page "$dana" /models)" "$id"

# --- nothing new

like "asked again" "$(page "$quinn" /models/learn do=learn)" 'Asked for'
ok "a run" pitchward train --due
like "says why not" "$(page "$quinn" /models)" 'too few labels: 0 labels count that are newer'

# --- a worker that died serves what is in place

filter_forget
kill -9 "$(filter_worker)"
ok "the worker is started again" wait_for 10 filter_worker
ok "and takes the models in place" wait_for 5 filter_logged 'models follow their folder'
ok "such mail comes" comes robots 307
like "and is let in" "$(fate robots-307)" '^(deliver|tag)$'

# --- back, on the page

like "not for others" "$(page "$dana" /models/rollback forged=yes for=quinn kind=relevance)" '^403'
like "nothing else" "$(page "$quinn" /models/rollback forged=yes for=quinn kind=../../x)" '^400'
is "it still serves" "$(readlink "$models/$place")" "../../shelf/$id"
filter_forget
back=$(page "$quinn" /models/rollback do=rollback)
like "the page takes it back" "$back" '^303 .*Your own model serves no more'
ok "it is gone" test ! -e "$models/$place"
ok "the running milter follows" wait_for 3 filter_logged 'models follow their folder'
ok "such mail comes" comes robots 309
is "and is held again" "$(fate robots-309)" quarantine
like "a second time there is nothing" "$(page "$quinn" /models/rollback forged=yes for=quinn kind=relevance)" \
	'nothing that could be taken back'
like "undo is offered" "$back" "undo /models/again/quinn/$id"
like "no other's model" "$(page "$dana" "/models/again/dana/$id" forged=yes)" '^404'
like "undo" "$(page "$quinn" "/models/again/quinn/$id" forged=yes)" '^303 .*It serves again'
is "it does" "$(readlink "$models/$place")" "../../shelf/$id"
log=$(page audit@buyer.example /admin/audit)
like "the log tells who asked" "$log" "train .*asked for"
like "what was promoted" "$log" "promote .*$id"
like "and who took it back" "$log" "rollback .*$id"
ok "the page ends well" stop_pid "$web_pid" 20
ends "retraining"
done_testing
