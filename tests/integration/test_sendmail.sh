#!/bin/sh
# shellcheck disable=SC3043,SC2034,SC2154  # local; for and from filter.sh
# The filter behind a private sendmail, wired as contrib/sendmail tells.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/mta.sh"
. "$(dirname "$0")/../lib/filter.sh"
. "$(dirname "$0")/../lib/scenarios.sh"
mta_require sendmail
filter_require

# --- what the administrator is told, in three places

# as_cf [MC-LINE...] <LINES: what sendmail is told by LINES at the end of a
# sendmail.mc as short as one can be, with MC-LINEs before them
as_cf() {
	{
		printf "OSTYPE(\`linux')\n"
		[ $# = 0 ] || printf '%s\n' "$@"
		cat
		printf "MAILER(\`local')\nMAILER(\`smtp')\n"
	} >"$T_DIR/short.mc"
	m4 -I "$SENDMAIL_CF" "$SENDMAIL_CF/m4/cf.m4" "$T_DIR/short.mc" 2>&1 | grep -aE '^(O (DaemonPortOptions|InputMailFilters)|X)|:[0-9]+: '
}

# The page breaks lines, which it says.
of_the_page() {
	awk '/^INPUT_MAIL_FILTER/ { on = 1 } /^\.Ed/ { on = 0 } on' "$FILTER_CONTRIB/man/pitchward-operations.7" |
		awk '/^\t/ { sub(/^\t/, " "); printf "%s", $0; next } { printf "%s%s", (NR > 1 ? "\n" : ""), $0 } END { print "" }'
}

of_init() {
	"$PITCHWARD" init "$T_DIR/told" --name Priya --email "$quinn" --template ciso --mta sendmail >/dev/null &&
		sed -n "/^  # In sendmail.mc/,/^[^ ]/s/^  #   //p" "$T_DIR/told/pitchward.yaml" |
		sed "s|$T_DIR/told/state/milter.sock|/run/pitchward/milter.sock|"
}

recipe() {
	local wanted="$FILTER_CONTRIB/sendmail/pitchward.mc"
	local mail="O DaemonPortOptions=Name=pitchward, Family=inet, Addr=127.0.0.1, Port=10026, InputMailFilters="
	local msa="O DaemonPortOptions=Port=587, Name=MSA, M=E"
	is "recipe: sendmail listens at port 25 as before, and for us" "$(as_cf <"$wanted" | grep Daemon)" \
		"$(printf '%s\n' "O DaemonPortOptions=Name=MTA" "$mail" "$msa")"
	is "recipe: where a listener is named it is the only one" \
		"$(as_cf "DAEMON_OPTIONS(\`Family=inet, Name=MTA-v4, Port=smtp')dnl" <"$wanted" | grep Daemon)" \
		"$(printf '%s\n' "O DaemonPortOptions=Family=inet, Name=MTA-v4, Port=smtp" "$mail" "$msa")"
	as_cf <"$wanted" >"$T_DIR/wanted"
	is "recipe: the manual tells the same" "$(of_the_page | as_cf)" "$(cat "$T_DIR/wanted")"
	is "recipe: and so does init" "$(of_init | as_cf)" "$(cat "$T_DIR/wanted")"
}

recipe
FILTER_RELEASE=$(free_port)
filter_setup observe
filter_mta sendmail sm tempfail

scenario_tag sendmail sm
scenario_quarantine sendmail sm
scenario_discard sendmail sm
scenario_release sendmail sm
scenario_forged sendmail sm
scenario_early_accept sendmail sm
scenario_hold sendmail sm
scenario_redirect sendmail sm
scenario_reload sendmail sm 100
scenario_killed sendmail sm
scenario_killed_under_load sendmail sm
scenario_locked sendmail sm
scenario_full sendmail sm
scenario_stop sendmail sm
scenario_restart sendmail sm

done_testing
