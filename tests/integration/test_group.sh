#!/bin/sh
# shellcheck disable=SC2317,SC2016,SC2154  # functions called by name; set by command.sh
# Buying groups: their files checked, what they share, votes and the answer.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/command.sh"

# refuses NAME STATUS TEXT COMMAND...
refuses() {
	name=$1 wanted="$2 pitchward: $3"
	shift 3
	pw "$@"
	is "$name" "$status $(cat "$T_DIR/err")" "$wanted"
}

# holds BUYER DOMAIN
holds() {
	printf 'From: Sam Seller <sam@%s>\r\nSubject: Better EDR\r\n\r\nBook a demo of our EDR.\r\n' "$2" |
		"$BUILD/tests/hold" "$conf" "$1" "sam@$2" "$1@buyer.example" >/dev/null ||
		bail "nothing held"
}

profile() {
	printf 'version: 1\nbuyer: {name: %s, addresses: [%s@buyer.example]}\n%s\n' "$2" "$1" "$3" \
		>"$etc/profiles.d/$1.yaml"
}

setup() {
	"$PITCHWARD" init "$etc" --name 'Priya Nair' --email priya@buyer.example \
		--template ciso --mta postfix --zone Europe/Berlin >"$T_DIR/log/init" 2>&1 || return
	mkdir -p "$etc/state" "$etc/groups.d"
	profile priya 'Priya Nair' 'priorities: [{id: edr, name: Endpoint detection, weight: 0.9}]'
	profile dan 'Dan Okafor' 'priorities: [{id: backup, name: Backup restore, weight: 0.8}]
not_interested: [Endpoint detection]'
	profile sam 'Sam Lee' 'priorities: [{id: spend, name: Software spend, weight: 0.6}]'
	cat >"$etc/groups.d/team.yaml" <<-'EOF'
		version: 1
		group: {name: Endpoints, front_door: door@buyer.example}
		decision: {what: Replace the antivirus, by: 2031-03-31}
		members:
		  - {profile: priya, role: CISO, influence: {now: 0.9, wished: 0.6}, veto: yes, share: [priorities, vendors]}
		  - {profile: dan, role: IT, influence: {now: 0.3, wished: 0.6}, share: [priorities, refusals, vendors]}
		  - {profile: sam, influence: {now: 0.6}, share: []}
		topics:
		  - {id: edr, name: Endpoint detection, priorities: [priya/edr]}
		talks: [[priya, sam]]
	EOF
}

ok "an installation with a group" setup
pw check
ok "check counts the group" says '/groups\.d: 1 group, ok$'
pw group list
ok "list names it" says '^team +3 members  2031-03-31  evaluating  Endpoints$'
pw group show team
ok "show without a store" says '^group      Endpoints$'
is "show succeeds" "$status" 0

holds priya acme.example
holds dan acme.example
holds sam bolt.example
holds dan once.example
pw group show team
ok "the merged priority" says '^ +0\.28 Endpoint detection .* owner Priya Nair$'
ok "what dan refuses" says '^    Dan Okafor +-1\.00  refuses Endpoint detection$'
ok "influence as it is" says '^    now    0\.90  ###########################$'
ok "influence as wished" says '^    wished 0\.60  ##################$'
ok "whose should grow" says '^  Dan Okafor \(dan, IT\): should count for more$'
ok "a vendor that wrote to two" says '^  acme\.example +2 messages, last .*: priya 1 dan 1$'
ok "and none that wrote to one" says_not '^  (bolt|once)\.example'
ok "who should talk" says '1\.39 priya-dan: Priya Nair wants Endpoint detection \(0\.90\), Dan Okafor does not.*; acme\.example wrote to both \(1 and 1 messages\)\.$'
ok "an admin sees all" says 'Software spend'
pw group show team --as dan
ok "a member sees what is shared" says '0\.90  Endpoint detection$'
ok "and nothing else" says_not 'Software spend'
pw group align team --as sam
ok "align: one's own" says 'Software spend'
ok "align: the worst conflict" says '^  1\.14 Priya Nair wants Endpoint detection \(0\.90\), Dan Okafor does not'
ok "align: no votes" says_not 'Shortlist'
pw group show team --as priya --json
is "json: what is said" "$(field 'd["reader"], d["conflicts"][0]["kind"], d["meetings"][0]["vendor"], len(d["links"])')" \
	"priya refused acme.example 1"

refuses "no such group" 64 "group show: no group 'taem', did you mean 'team'? (there are: team)" group show taem
refuses "no such member" 64 "group show: no member 'den', did you mean 'dan'? (there are: priya, dan, sam)" \
	group show team --as den
refuses "no such word" 64 "group decide: 'lits' is none of list, unlist, for, against, abstain, veto, withdraw, choose, reopen; did you mean 'list'?" \
	group decide team lits acme.example
profile tom 'Tom Iqbal' 'priorities: [{id: desks, name: Standing desks, weight: 0.5}]'
pw insight --group team --json
is "the briefs of a group are its members'" \
	"$status $("$PYTHON" -c 'import json, sys; print(*[json.loads(line)["buyer"] for line in sys.stdin])' <"$T_DIR/out")" \
	"0 dan priya sam"
refuses "the briefs of no group" 64 "insight: no group 'taem', did you mean 'team'? (there are: team)" insight --group taem
refuses "the briefs of one of a group" 64 "--for or --group, not both" insight --group team --for dan
rm "$etc/profiles.d/tom.yaml"
refuses "no vendor" 64 "group decide: which vendor? a domain or a name" group decide team for --as dan
refuses "not listed" 65 "acme.example is not on the shortlist (on it: nothing is)" group decide team for acme.example --as dan
pw group decide team list www.acme.example --as priya
ok "listed, by its registrable domain" says '^  acme\.example +- for it; listed by command line, '
refuses "an admin has no vote" 65 "only a member can say for" group decide team for acme.example
refuses "no veto" 65 "dan has no veto" group decide team veto acme.example --as dan
pw group decide team against acme.example --as dan --reason 'no EU region'
pw group decide team for acme.example --as priya
ok "the share" says '^  acme\.example +0\.75 for it'
ok "a reason" says '^    Dan Okafor +against  no EU region$'
ok "the record" says '^  20.*Z against  acme\.example +dan, command line, .*: no EU region$'
pw vendor name acme.example 'Acme Ltd'
pw group answer team 'Acme Ltd'
ok "the answer goes to who wrote" says '^To: sam@acme\.example'
ok "from the front door" says '^From: door@buyer\.example'
ok "and back to it" says '^Reply-To: door@buyer\.example'
ok "to what they wrote" says '^Subject: Re: Better EDR'
ok "that nothing is decided" says '^thank you for writing. We have not decided'
ok "nothing private" says_not 'Dan|Priya|Endpoints|region|2031'
pw group decide team veto acme.example --as priya --reason 'not audited'
refuses "a veto holds" 65 "there is a veto on acme.example" group decide team choose acme.example
pw group decide team withdraw acme.example --as priya
pw group decide team choose acme.example
ok "chosen" says '^stage      decided$'
pw group answer team acme.example
ok "the answer: chosen" says 'would like to go on with'
pw group answer team once.example
ok "the answer: declined" says 'not go on with it'
refuses "decided" 65 "it is decided already; reopen comes before any other word" \
	group decide team for acme.example --as sam
pw group decide team reopen
is "open again" "$status" 0
refuses "who never wrote" 66 "vendor never.example: no mail of theirs to the group is stored" \
	group answer team never.example
pw stats --json
is "the record is in the audit log, too" \
	"$("$PYTHON" - "$etc" <<-'EOF'
		import glob, sqlite3, sys
		for path in glob.glob(sys.argv[1] + "/**/*.db", recursive=True):
		    db = sqlite3.connect(path)
		    print(*[row[0] + " " + row[1] for row in db.execute(
		        "SELECT detail, object FROM audit WHERE action = 'group'"
		        " ORDER BY id LIMIT 2")], sep=", ")
	EOF
	)" "team: list acme.example, team: against acme.example"

sed -i 's/profile: sam/profile: sma/' "$etc/groups.d/team.yaml"
pw group list
is "a fault, with its place" "$status $(head -n 1 "$T_DIR/err")" \
	"78 $etc/groups.d/team.yaml:7:15: unknown profile 'sma', did you mean 'sam'? (allowed: dan, priya, sam)"
pw check "$etc/groups.d/team.yaml"
is "check finds it, too" "$status $(wc -l <"$T_DIR/err")" "78 2"
done_testing
