/* What has become known of a message since it came, and reasons in words. */
#include <string.h>

#include "base/clock.h"
#include "replay_private.h"
#include "screen/ledger.h"

#define ASK_US (5 * CLOCK_SECOND_US)

const char *
replay_worth_text(enum replay_worth worth)
{
	static const char *const texts[] = {
		"",
		"labelled irrelevant",
		"labelled relevant",
		"released",
		"a contact",
		"answered",
		"its company was written to",
	};

	g_assert((guint)worth < G_N_ELEMENTS(texts));
	return texts[worth];
}

/* Labels may be older than what is replayed only by a wrong clock. */
gboolean
worths_open(struct worths *worths, const struct replay_request *request,
	    GError **error)
{
	g_autoptr(GPtrArray) said = store_feedback_list(
		request->store, request->buyer, 0, TRUE, error);

	if (!said)
		return FALSE;
	worths->request = request;
	worths->labels =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < said->len; i++) {
		const struct store_feedback *one = said->pdata[i];

		g_hash_table_insert(worths->labels, g_strdup(one->message),
				    GINT_TO_POINTER((int)one->label + 1));
	}
	return TRUE;
}

void
worths_close(struct worths *worths)
{
	g_clear_pointer(&worths->labels, g_hash_table_unref);
}

/*
 * What the ledger would be asked for mail of this author: the address first,
 * then the company's domain where there is one.
 */
static char **
questions_of(const struct replay_request *request,
	     const struct store_message *row, guint *n)
{
	g_autofree char *text = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Mail) mail = NULL;
	gsize len;

	text = g_strdup_printf("From: <%s>\r\n\r\n", row->from);
	len = strlen(text);
	bytes = g_bytes_new_take(g_steal_pointer(&text), len);
	mail = mail_new(bytes, &request->snapshot->config->limits);
	return ledger_questions(request->snapshot, request->key, mail, TRUE, n);
}

/* Nothing that mail says may become a header line of ours. */
static gboolean
is_askable(const struct replay_request *request,
	   const struct store_message *row)
{
	return request->key && row->from && *row->from &&
	       !strpbrk(row->from, "\r\n<>");
}

static gboolean
find_answer(const struct replay_request *request,
	    const struct store_message *row, enum replay_worth *worth,
	    GError **error)
{
	static const enum replay_worth worths[] = { REPLAY_ANSWERED,
						    REPLAY_ANSWERED_DOMAIN };
	g_auto(GStrv) questions = NULL;
	guint n;

	if (!is_askable(request, row))
		return TRUE;
	questions = questions_of(request, row, &n);
	for (guint i = 0; i < MIN(n, G_N_ELEMENTS(worths)); i++) {
		const char *const asked[] = { questions[i], NULL };
		gboolean known;

		if (!store_known(request->store, row->buyer, asked,
				 clock_monotonic_us() + ASK_US, &known, error))
			return FALSE;
		if (known) {
			*worth = worths[i];
			return TRUE;
		}
	}
	return TRUE;
}

static gboolean
is_contact(const struct store_message *row)
{
	return g_strcmp0(row->gate, gate_name(GATE_CONTACT)) == 0 ||
	       g_strcmp0(row->gate, gate_name(GATE_REPLY)) == 0;
}

gboolean
worths_find(const struct worths *worths, const struct store_message *row,
	    enum replay_worth *worth, GError **error)
{
	const int label =
		GPOINTER_TO_INT(g_hash_table_lookup(worths->labels, row->id)) -
		1;

	*worth = REPLAY_NO_WORTH;
	if (label == STORE_IRRELEVANT)
		*worth = REPLAY_SAID_UNWANTED;
	else if (row->state == STORE_RELEASED)
		*worth = REPLAY_RELEASED;
	else if (label >= 0)
		*worth = REPLAY_SAID_WANTED;
	else if (is_contact(row))
		*worth = REPLAY_CONTACT;
	else
		return find_answer(worths->request, row, worth, error);
	return TRUE;
}

/* "relevance 0.20 is under tag 0.35" */
static void
say(GString *text, const char *what, double value, const char *how,
    double limit)
{
	char numbers[2][G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(numbers[0], sizeof numbers[0], "%.2f", value);
	g_ascii_formatd(numbers[1], sizeof numbers[1], "%.2f", limit);
	g_string_append_printf(text, "%s%s %s %s %s", text->len > 0 ? ", " : "",
			       what, numbers[0], how, numbers[1]);
}

static void
say_relevance(GString *text, const struct outcome *outcome, const char *how,
	      double limit)
{
	if (outcome->relevance >= 0)
		say(text, "relevance", outcome->relevance, how, limit);
}

/* What keeps it from being seen. */
static void
say_down(GString *text, const struct profile *profile,
	 const struct outcome *after)
{
	if (after->verdict == VERDICT_QUARANTINE) {
		say(text, "outreach", after->outreach, "reaches hold",
		    profile->hold);
		say_relevance(text, after, "is under tag", profile->tag);
		return;
	}
	say(text, "outreach", after->outreach, "reaches unsure",
	    profile->unsure);
	say_relevance(text, after, "is under accept", profile->accept);
}

/* What lets it be seen. */
static void
say_up(GString *text, const struct profile *profile,
       const struct outcome *after)
{
	const gboolean delivered = after->verdict == VERDICT_DELIVER;

	if (delivered && after->outreach < profile->unsure)
		say(text, "outreach", after->outreach, "is under unsure",
		    profile->unsure);
	else if (delivered)
		say_relevance(text, after, "reaches accept", profile->accept);
	else if (after->outreach < profile->hold)
		say(text, "outreach", after->outreach, "is under hold",
		    profile->hold);
	else
		say_relevance(text, after, "reaches tag", profile->tag);
}

char *
outcome_reason(const struct profile *profile, const struct outcome *before,
	       const struct outcome *after)
{
	GString *text = g_string_new(NULL);

	if (after->gate == GATE_BLOCKED)
		g_string_append(text, "the sender is blocked");
	else if (after->gate == GATE_ALLOWED)
		g_string_append(text, after->way == REPLAY_EXACT
					      ? "the sender is allowed"
					      : "the sender is allowed, if "
						"authenticated");
	else if (before->gate == GATE_BLOCKED)
		g_string_append(text, "the sender is blocked no more");
	else if (before->gate == GATE_ALLOWED)
		g_string_append(text, "the sender is allowed no more");
	if (after->gate == GATE_NONE && after->verdict < before->verdict)
		say_down(text, profile, after);
	else if (after->gate == GATE_NONE)
		say_up(text, profile, after);
	return g_string_free(text, FALSE);
}
