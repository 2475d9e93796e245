#!/bin/sh
# shellcheck disable=SC3043,SC2317,SC2154  # local; functions called by name; set by command.sh
# The digest as it is mailed: what is in it, read as a mail program would; that
# nobody gets it twice or not at all, whoever is killed when.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/command.sh"

buyer=priya
rcpt=priya@buyer.example
web=https://mail.buyer.example
box=$T_DIR/box

# configure [DIGEST-SETTING]: where digests go; a timeout as short as the lease
configure() {
	sed -i '/^release:/d; /^web:/d; /^digest:/d' "$conf"
	cat >>"$conf" <<-EOF
		release: {smtp: "smtp://127.0.0.1:$port", timeout: 1s}
		web: {url: "$web"}
		digest: {from: pitchward@buyer.example${1:+, $1}}
	EOF
}

# sink_start [OPTION...]: an empty mailbox
sink_start() {
	rm -rf "$box"
	port=$(free_port)
	: >"$T_DIR/log/sink"
	bg sink "$PYTHON" "$T_LIB/sink.py" "$port" "$box" "$@"
	sink=$T_PID
	wait_for 10 listening "$port" || bail "the sink does not listen"
	configure
}

sink_stop() {
	stop_pid "$sink" 5 KILL
}

# mails: how many came
mails() {
	find "$box" -name '*.eml' | wc -l
}

# fresh: nothing is held and no digest was sent
fresh() {
	rm -rf "$etc/state"
	mkdir -p "$etc/state"
}

# hold SUBJECT: the id in $id
hold() {
	id=$(printf 'From: Sam Seller <sam@seller.example>\r\nSubject: %s\r\n\r\nbody\r\n' "$1" |
		"$BUILD/tests/hold" "$conf" $buyer sam@seller.example $rcpt) || bail "nothing held"
}

setup() {
	ok "init makes an installation" "$PITCHWARD" init "$etc" --name 'Priya Nair' \
		--email $rcpt --template ciso --mta postfix --zone Europe/Berlin
	# Due all day, on every day.
	sed -i 's/^digest:.*/digest: {at: "00:00", zone: Europe\/Berlin, days: [mon, tue, wed, thu, fri, sat, sun]}/' \
		"$etc/profiles.d/$buyer.yaml"
}

# read_mail FILE: what a mail program shows; an error where it is not well formed
read_mail() {
	"$PYTHON" - "$1" "$web" <<-'PYTHON'
		import email, email.policy, html.parser, re, sys
		import xml.etree.ElementTree as tree

		raw = open(sys.argv[1], 'rb').read()
		base = sys.argv[2]
		assert re.fullmatch(rb'([^\r\n]{0,998}\r\n)*', raw), 'line ends'
		mail = email.message_from_bytes(raw, policy=email.policy.default)
		assert not mail.defects, mail.defects
		assert mail.get_content_type() == 'multipart/alternative'
		plain, rich = mail.iter_parts()
		assert [plain.get_content_type(), rich.get_content_type()] == ['text/plain', 'text/html']
		assert not plain.defects and not rich.defects
		for name in ('From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted'):
		    assert len(mail.get_all(name, [])) == 1, name
		assert mail['Auto-Submitted'] == 'auto-generated'
		assert not mail.get_all('Bcc')

		allowed = {'html', 'head', 'meta', 'title', 'body', 'table', 'tr', 'td', 'p', 'h1', 'a'}
		class Reader(html.parser.HTMLParser):
		    def __init__(self):
		        super().__init__(convert_charrefs=True)
		        self.words, self.links, self.open = [], [], []
		    def handle_starttag(self, tag, attrs):
		        assert tag in allowed, tag
		        for name, value in attrs:
		            assert name not in ('src', 'srcset', 'background', 'class', 'id'), name
		            assert not name.startswith('on'), name
		            assert 'url(' not in (value or ''), value
		            if name == 'href':
		                assert value.startswith(base + '/l/'), value
		                self.links.append(value)
		        if tag != 'meta':
		            self.open.append(tag)
		    def handle_startendtag(self, tag, attrs):
		        assert tag == 'meta', tag
		    def handle_endtag(self, tag):
		        assert self.open and self.open.pop() == tag, tag
		    def handle_data(self, data):
		        if self.open and self.open[-1] != 'title':
		            self.words.append(data)

		reader = Reader()
		reader.feed(rich.get_content())
		reader.close()
		assert not reader.open, reader.open
		tree.fromstring(rich.get_content().replace('<!DOCTYPE html>', ''))
		text = plain.get_content()
		for line in text.splitlines():
		    assert line.replace('\xa0', ' ').replace('\u200b', '').isprintable() or not line, ascii(line)
		    assert len(line) <= 76 or 'https://' in line, line
		links = re.findall(re.escape(base) + r'/l/\S+', text)
		assert links and sorted(links) == sorted(reader.links), 'the same links'
		for name, value in mail.items():
		    if name in ('From', 'To', 'Subject', 'X-Pitchward-For'):
		        print(name + ':', value)
		print('--- text')
		print(text)
		print('--- html')
		print(' '.join(' '.join(reader.words).split()))
	PYTHON
}

# text_of MAIL: its plain part, without links
text_of() {
	sed -n '/^--- text$/,/^--- html$/p' "$1"
}

# --- what it says

test_content() {
	fresh
	hold 'Quick question about EDR'
	first=$id
	hold '=?UTF-8?B?PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==?='
	hold '=?UTF-8?B?IicmPjxpbWcgc3JjPXggb25lcnJvcj1hbGVydCgxKT4=?='
	hold '=?UTF-8?B?4oCuZ25pdHNldCDigItoaWRkZW4=?='
	hold '=?UTF-8?B?eA0KQmNjOiBldmlsQHNlbGxlci5leGFtcGxlDQoNCmI=?='
	hold '=?UTF-8?B?G1sySiBiZWxs?='
	pw digest --for $buyer
	is "shown: status" $status 0
	like "shown: the mail" "$(cat "$T_DIR/out")" 'Quick question about EDR'
	unlike "shown: nothing steers the terminal" "$(cat "$T_DIR/out")" "$(printf '\033')"
	pw digest --for $rcpt --json
	is "as JSON: an item for each" \
		"$("$PYTHON" -c 'import json, sys; print(len(json.load(sys.stdin)["items"]))' <"$T_DIR/out")" 6
	pw digest --for $buyer --html "$T_DIR/digest.html"
	ok "as a file: HTML" grep -q '^<!DOCTYPE html>' "$T_DIR/digest.html"
	is "shown only: nothing was sent" "$(mails)" 0
	pw digest --send
	is "sent: status" $status 0
	like "sent: says so" "$(cat "$T_DIR/out")" "^$buyer digest sent$"
	is "sent: one mail" "$(mails)" 1
	ok "envelope: null sender, the buyer" grep -q "^MAIL FROM:<>" "$box/001.env"
	ok "envelope: only the buyer" grep -q "^RCPT TO:<$rcpt>" "$box/001.env"
	read_mail "$box/001.eml" >"$T_DIR/read" 2>"$T_DIR/log/read"
	is "the mail is well formed, and nothing in it is remote" $? 0
	like "from" "$(cat "$T_DIR/read")" '^From: "?Pitchward"? <pitchward@buyer.example>$'
	like "to" "$(cat "$T_DIR/read")" "^To: \"?Priya Nair\"? <$rcpt>\$"
	like "subject" "$(cat "$T_DIR/read")" '^Subject: 6 offers held for you$'
	like "text: a script is text" "$(text_of "$T_DIR/read")" '<script>alert\(1\)</script>'
	like "text: what steers is shown" "$(text_of "$T_DIR/read")" '\\u202Egnitset'
	like "text: a line end is none" "$(text_of "$T_DIR/read")" '^[0-9]+[.] +x +Bcc: evil'
	like "html: the same words" "$(sed -n '/^--- html$/,$p' "$T_DIR/read")" 'Quick question about EDR'
	like "four links for an item" "$(grep -c "/l/$first\\." "$T_DIR/read")" '^4$'
	like "it is signed as ours" "$(sed '/^\r$/q' "$box/001.eml")" '^X-Pitchward-Release: id='
}

test_again() {
	pw digest --send
	is "again: status" $status 0
	is "again: nothing to say" "$(cat "$T_DIR/out")" ""
	is "again: no second mail" "$(mails)" 1
	pw digest --resend --for $buyer
	is "resend: status" $status 0
	is "resend: a second one" "$(mails)" 2
	isnt "resend: with a Message-ID of its own" \
		"$(grep -h '^Message-ID' "$box/001.eml")" "$(grep -h '^Message-ID' "$box/002.eml")"
	configure "redirect: admin@buyer.example"
	pw digest --resend --for $buyer
	ok "redirect: to the administrator" grep -q '^RCPT TO:<admin@buyer.example>' "$box/003.env"
	read_mail "$box/003.eml" >"$T_DIR/read"
	like "redirect: the header says for whom" "$(cat "$T_DIR/read")" "^X-Pitchward-For: $rcpt\$"
	like "redirect: the text says for whom" "$(cat "$T_DIR/read")" "meant for $rcpt"
	configure
}

test_empty() {
	fresh
	hold 'to be released'
	pw quarantine delete "$id"
	pw digest --send
	is "empty: status" $status 0
	like "empty: says so" "$(cat "$T_DIR/out")" "^$buyer digest empty$"
	is "empty: not sent" "$(mails)" 0
}

# --- once

ended() {
	for i in 1 2 3 4 5 6; do
		[ -s "$T_DIR/status.$i" ] || return 1
	done
}

test_concurrent() {
	local i
	fresh
	hold 'Quick question'
	rm -f "$T_DIR"/status.*
	for i in 1 2 3 4 5 6; do
		{
			"$PITCHWARD" digest --send --config "$conf" >"$T_DIR/race.$i" 2>&1
			echo $? >"$T_DIR/status.$i"
		} &
	done
	ok "six at once end" wait_for 30 ended
	is "six at once: no failure" "$(cat "$T_DIR"/status.* | sort -u)" 0
	is "six at once: one mail" "$(mails)" 1
}

sink_reached() {
	grep -q "^$1\$" "$T_DIR/log/sink"
}

# killed_at STAGE: by the kernel, while the server has yet to answer
killed_at() {
	local pid
	sink_start --at "$1=4"
	sed -i 's/timeout: 1s/timeout: 2s/' "$conf"
	bg killed "$PITCHWARD" digest --send --config "$conf"
	pid=$T_PID
	ok "killed at $1: it came that far" wait_for 10 sink_reached "$1"
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	pw digest --send
	is "killed at $1: at once nobody else sends" "$status $(cat "$T_DIR/out")" "0 "
	sink_stop
}

settled() {
	pw digest --send
	[ -s "$T_DIR/out" ] || [ $status != 0 ]
}

test_killed() {
	fresh
	hold 'Quick question'
	killed_at DATA
	is "killed before the dot: nothing was taken" "$(mails)" 0
	sink_start
	wait_for 30 settled
	is "killed before the dot: the next one sends it, once" "$status $(mails)" "0 1"
	sink_stop
	fresh
	hold 'Quick question'
	killed_at DOT
	is "killed after the dot: it was taken" "$(mails)" 1
	cp "$box/001.eml" "$T_DIR/taken"
	sink_start
	wait_for 30 settled
	is "killed after the dot: later it is found out, and said" "$status" 75
	like "in words" "$(cat "$T_DIR/err")" 'it is not known whether .* took it'
	pw digest --send
	is "killed after the dot: that is all" "$status $(mails)" "0 0"
	sink_stop
}

test_refused() {
	sink_start --say 'RCPT=450 4.2.0 later'
	fresh
	hold 'Quick question'
	pw digest --send
	is "refused: status" $status 69
	sink_stop
	sink_start --say 'DOT=451 4.3.0 later'
	pw digest --send
	is "refused at the dot: status" $status 69
	sink_stop
	sink_start
	pw digest --send
	is "then it goes" "$status $(mails)" "0 1"
	sink_stop
}

test_wrong() {
	pw digest --html x --text --for $buyer
	is "two forms at once" $status 64
	pw digest --send --html x --for $buyer
	is "sent or shown" $status 64
	pw digest --for nobody@buyer.example
	is "nobody's" $status 64
}

setup
sink_start
test_content
test_again
sink_stop
sink_start
test_empty
test_concurrent
sink_stop
test_killed
test_refused
test_wrong
done_testing
