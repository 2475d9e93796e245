#!/bin/sh
# shellcheck disable=SC3043,SC2034  # local; for the files it sources
# Makes board.png, queue.png and research.png beside this file: the buyer Priya
# of the corpus gets the corpus's mail to her through Postfix and the filter, as
# if over four weeks, releases some of it, and her pages are photographed.
#
#   BUILD=build sh contrib/doc/pages.sh
#
# As root; needs chromium, nodejs and python3-pil beside what `make demo` needs,
# and playwright-core in $BUILD/browser/node_modules, where
# tests/integration/test_browser.sh puts it.

doc=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$doc/../.." && pwd)
corpus=$top/tests/corpus/authored
buyer=priya.nair@meridianhealth.example
T_LIB=$top/tests/lib

. "$T_LIB/tap.sh" >/dev/null
. "$T_LIB/mta.sh"
. "$T_LIB/filter.sh"
T_ENDED=yes
MTA_DOMAIN=meridianhealth.example

configure() {
	FILTER_RELEASE=$(free_port)
	web_port=$(free_port)
	filter_setup enforce "internal: {networks: [192.0.2.250/32], domains: [$MTA_DOMAIN]}" \
		"authserv_id: mx.$MTA_DOMAIN" "web: {listen: \"127.0.0.1:$web_port\"}"
	rm "$FILTER_DIR"/profiles.d/*
	# Four weeks come in a minute: without a budget for the day.
	grep -v '^attention:' "$corpus/profiles/ciso.yaml" >"$FILTER_DIR/profiles.d/priya.yaml"
}

# Senders are taken for authenticated, as in the demonstration.
start() {
	cat >"$T_DIR/spf" <<-END
		/@([a-z0-9.-]+)\$/ PREPEND Authentication-Results: mx.$MTA_DOMAIN; spf=pass smtp.mailfrom=\$1
	END
	filter_start
	filter_mta postfix pf tempfail "smtpd_sender_restrictions=check_sender_access regexp:$T_DIR/spf"
}

# A mail's author is its envelope's sender.
send_corpus() {
	local file from
	grep -li "^to:.*$buyer" "$corpus"/mail/*.eml | while read -r file; do
		from=$(sed -n 's/^From:.*[< ]\([^<> ]*@[^<> ]*\)>*\r*$/\1/Ip; /^\r*$/q' "$file" | head -n 1)
		send_mail pf "${from:-somebody@vendor.example}" "$buyer" --file "$file" >>"$T_DIR/log/sent" 2>&1 </dev/null
	done
	mta_idle pf
}

# Spread over four weeks, as the store's own sums have to know.
spread() {
	"$PYTHON" - "$FILTER_DIR/state/pitchward.db" <<-'END'
		import random
		import sqlite3
		import sys

		day = 86400 * 1000000
		random.seed(4)
		base = sqlite3.connect(sys.argv[1], timeout=20)
		rows = base.execute('SELECT seq, time FROM message').fetchall()
		for seq, time in rows:
		    back = random.triangular(0, 27, 8) * day
		    base.execute('UPDATE message SET time = ? WHERE seq = ?', (int(time - back), seq))
		base.execute('UPDATE fold SET (first, last) = (SELECT min(time), max(time) FROM waiting'
		             ' WHERE waiting.buyer = fold.buyer AND waiting.key = fold.key)')
		base.execute('DELETE FROM flow')
		sums = 'sum(delivered), sum(tagged), sum(held), sum(released), sum(relevant)'
		base.execute('INSERT INTO flow SELECT buyer, day, priority, %s FROM fate GROUP BY 1, 2, 3' % sums)
		base.execute("INSERT INTO flow SELECT '', day, priority, %s FROM flow GROUP BY 2, 3" % sums)
		base.commit()
	END
}

photograph() {
	local web="$BUILD/bin/pitchward-web" config="$FILTER_DIR/pitchward.yaml"
	cp "$corpus/profiles/ciso.yaml" "$FILTER_DIR/profiles.d/priya.yaml"
	bg web "$web" --config "$config" --log=stderr
	wait_for 30 listening "$web_port" || bail "no pages"
	HOME=$T_DIR PW_QUESTION='EDR on clinical workstations' PW_NODE=${PW_NODE:-$BUILD/browser/node_modules} \
		node "$doc/pages.mjs" "$("$web" --config "$config" --link $buyer)" "$T_DIR" || bail "no pictures"
	"$PYTHON" - "$T_DIR" "$doc" <<-'END'
		import sys

		from PIL import Image

		# Most colours are edges of letters; a small bar must keep its own.
		for name in 'board.png', 'queue.png', 'research.png':
		    picture = Image.open('%s/%s' % (sys.argv[1], name)).convert('RGB')
		    picture = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
		    picture.save('%s/%s' % (sys.argv[2], name), optimize=True)
	END
}

configure
start
send_corpus
for id in $(pitchward quarantine list --json --order regret --limit 1 | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p'); do
	pitchward quarantine release "$id"
done
spread
photograph
ls -l "$doc"/*.png
