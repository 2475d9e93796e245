#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "failure_private.h"
#include "given_private.h"
#include "group_private.h"
#include "store/audit.h"
#include "vendor_private.h"

/* A word that is to be said. */
struct deciding {
	struct group_case about;
	char *reason;
	int word; /* enum store_vote_word; -1: only to be shown */
};

static gboolean
usage(GError **error, const char *text)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "group decide: %s",
		    text);
	return FALSE;
}

static gboolean
read_word(struct deciding *deciding, GError **error)
{
	static const char *const words[] = { "list",	 "unlist",  "for",
					     "against",	 "abstain", "veto",
					     "withdraw", "choose",  "reopen",
					     NULL };
	char **args = deciding->about.options.args;
	const guint n = g_strv_length(args);

	deciding->word = -1;
	if (deciding->reason && !g_utf8_validate(deciding->reason, -1, NULL))
		return usage(error, "the reason is no UTF-8");
	if (n < 2)
		return !deciding->reason ||
		       usage(error, "a reason needs a word, and a vendor");
	deciding->word = given_choice("group decide", args[1], words, error);
	if (deciding->word < 0)
		return FALSE;
	if (n < 3 && deciding->word != STORE_VOTE_REOPEN)
		return usage(error, "which vendor? a domain or a name");
	return n < 3 || deciding->word != STORE_VOTE_REOPEN ||
	       usage(error, "reopen is of the decision, not of a vendor");
}

static gboolean
audit(const struct deciding *deciding, const struct store_vote *vote,
      GError **error)
{
	g_autoptr(StoreAudit) row = g_new0(struct store_audit, 1);

	row->who = g_strdup(vote->by);
	row->action = g_strdup("group");
	row->buyer = g_strdup(vote->member);
	row->object = g_strdup(vote->vendor);
	row->detail = g_strdup_printf("%s: %s", vote->group,
				      store_vote_name(vote->word));
	return store_audit_add(deciding->about.store, row, error);
}

static gboolean
say(struct deciding *deciding, GError **error)
{
	struct group_case *about = &deciding->about;
	const char *given = about->options.args[2];
	const enum store_vote_word word = (enum store_vote_word)deciding->word;
	const struct group_request request = { .store = about->store,
					       .book = about->book,
					       .group = about->group,
					       .profiles = about->profiles };
	g_autoptr(StoreVote) vote = g_new0(struct store_vote, 1);
	g_autofree char *card = NULL;

	if (word != STORE_VOTE_REOPEN) {
		card = group_case_card(about, given, error);
		if (!card)
			return FALSE;
	}
	vote->group = g_strdup(about->group->id);
	vote->vendor = g_strdup(card ? card : "");
	vote->member = g_strdup(about->as ? about->as : "");
	vote->word = word;
	vote->reason = g_strdup(deciding->reason ? deciding->reason : "");
	vote->by = vendor_given_by();
	return group_vote_cast(&request, vote, error) &&
	       audit(deciding, vote, error) && group_case_look(about, error);
}

static void
show(const struct group_view *view, gboolean json)
{
	g_autofree char *text = json ? group_view_json(view) : NULL;

	if (text) {
		puts(text);
		return;
	}
	group_print_head(view);
	group_print_choices(view);
	group_print_record(view);
}

static gboolean
run(struct deciding *deciding, GError **error)
{
	struct group_case *about = &deciding->about;

	if (!read_word(deciding, error))
		return FALSE;
	about->needs_store = deciding->word >= 0;
	if (!group_case_open(about, error) ||
	    (deciding->word >= 0 && !say(deciding, error)))
		return FALSE;
	show(about->view, about->options.json);
	return TRUE;
}

int
group_decide_main(int argc, char **argv)
{
	struct deciding deciding = { .about = { .command = "group decide" } };
	const GOptionEntry entries[] = {
		{ "as", 0, 0, G_OPTION_ARG_FILENAME, &deciding.about.as,
		  "who says it; without it an admin, who cannot vote",
		  "MEMBER" },
		{ "reason", 0, 0, G_OPTION_ARG_FILENAME, &deciding.reason,
		  "why; all members can read it", "TEXT" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "group decide",
		.arguments = "GROUP [WORD [VENDOR]]",
		.summary =
			"Shows a group's shortlist, its votes and the record; "
			"or says a WORD of a vendor: list, unlist, for, "
			"against, abstain, veto, withdraw, choose; or reopen, "
			"of the decision.",
		.examples = "  pitchward group decide endpoints\n"
			    "  pitchward group decide endpoints list "
			    "acme.example\n"
			    "  pitchward group decide endpoints against 'Acme "
			    "Ltd' --as dan --reason 'no EU region'",
		.entries = entries,
		.args_min = 1,
		.args_max = 3,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &deciding.about.options,
			   &error) ||
	    !run(&deciding, &error))
		code = failure_exit(error);
	group_case_clear(&deciding.about);
	g_free(deciding.reason);
	return code;
}
