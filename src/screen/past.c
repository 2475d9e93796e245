#include "past_private.h"

#include <string.h>

#include "base/clock.h"
#include "mail/address.h"
#include "model/adapt.h"
#include "reason_private.h"

/* Both questions take less than a millisecond from a store that is well. */
#define PAST_US (CLOCK_SECOND_US / 2)

/* One mail to several is known to all of them: no text sent round. */
static gboolean
addressed_alone(const struct mail *mail)
{
	static const char *const fields[] = { "To", "Cc" };
	guint n = 0;

	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *value = mail_field_text(mail, fields[i], 0);
		g_autoptr(GPtrArray) list =
			address_list_parse(value ? value : "", 2);

		n += list->len;
	}
	return n <= 1;
}

/* The history as far as it is known; FALSE: it is not. */
static gboolean
find_campaign(const struct past_question *question, gint64 deadline_us,
	      struct past *past)
{
	struct store_likeness likeness = *question->likeness;
	struct store_history history = { 0 };

	likeness.buyer = question->buyer->profile->id;
	if (!vault_history(question->keeper->vault, &likeness, deadline_us,
			   &history, NULL))
		return FALSE;
	memcpy(past->campaign, history.campaign, sizeof(past->campaign));
	past->history.touch = MAX(history.touch, 1);
	if (history.campaign_buyers > 0 && addressed_alone(question->mail))
		past->history.colleagues = history.campaign_buyers;
	return TRUE;
}

/*
 * From is free to forge: that a vendor is wanted lets in only who is vouched
 * for, as an allowed sender.
 */
static gboolean
find_ruling(const struct past_question *question, gint64 deadline_us,
	    struct past *past)
{
	g_autoptr(StoreRuling) found = NULL;

	if (!vault_ruling_find(question->keeper->vault,
			       question->buyer->profile->id,
			       question->likeness->vendor, past->campaign,
			       clock_now_us(), deadline_us, &found, NULL))
		return FALSE;
	if (!found)
		return TRUE;
	past->vouched = found->word == STORE_RULING_WANTED &&
			gate_author_vouched(question->keeper, question->mail);
	if (found->word != STORE_RULING_WANTED ||
	    found->scope != STORE_RULING_VENDOR || past->vouched)
		past->ruling = g_steal_pointer(&found);
	return TRUE;
}

static struct past *
past_find(const struct past_question *question)
{
	const gint64 deadline_us = MIN(question->keeper->deadline_us,
				       clock_monotonic_us() + PAST_US);
	struct past *past = g_new0(struct past, 1);

	past->buyer = question->buyer;
	past->known = find_campaign(question, deadline_us, past) &&
		      find_ruling(question, deadline_us, past);
	return past;
}

static void
past_free(gpointer data)
{
	struct past *past = data;

	store_ruling_free(past->ruling);
	g_free(past);
}

GPtrArray *
pasts_new(void)
{
	return g_ptr_array_new_with_free_func(past_free);
}

static const char *
campaign_of(const GPtrArray *pasts, const struct past_question *question)
{
	for (guint i = 0; i < pasts->len; i++) {
		const struct past *past = pasts->pdata[i];

		if (*past->campaign)
			return past->campaign;
	}
	return question->id;
}

const struct past *
pasts_find(GPtrArray *pasts, const struct past_question *question)
{
	struct past *past;

	for (guint i = 0; i < pasts->len; i++) {
		past = pasts->pdata[i];
		if (past->buyer == question->buyer)
			return past;
	}
	past = past_find(question);
	if (past->history.touch > 0 && !*past->campaign)
		g_strlcpy(past->campaign, campaign_of(pasts, question),
			  sizeof(past->campaign));
	g_ptr_array_add(pasts, past);
	return past;
}

/* "ruling: vendor acme.example not-now until 2027-01-31T00:00:00Z". */
static char *
ruling_name(const struct store_ruling *ruling)
{
	GString *name = g_string_new("ruling: ");

	g_string_append(name, store_ruling_scope_name(ruling->scope));
	if (ruling->scope == STORE_RULING_VENDOR)
		g_string_append_printf(name, " %s", ruling->subject);
	g_string_append_printf(name, " %s",
			       store_ruling_word_name(ruling->word));
	if (ruling->until_us > 0) {
		g_autofree char *until = clock_format(ruling->until_us);

		g_string_append_printf(name, " until %s", until);
	}
	return g_string_free(name, FALSE);
}

/*
 * A campaign is known by its text, but by its sender too, and anybody may
 * write under that name: without somebody who vouches for it a wanted one is
 * not held, and no more.
 */
static void
apply_ruling(const struct past *past, struct judgement *judgement)
{
	reasons_note(&judgement->reasons, ruling_name(past->ruling), 1);
	if (past->ruling->word != STORE_RULING_WANTED || past->vouched)
		judgement->verdict =
			verdict_ruled(past->buyer->profile, judgement->outreach,
				      past->ruling->word, &judgement->relevant);
	else if (judgement->verdict == VERDICT_QUARANTINE)
		judgement->verdict = VERDICT_TAG;
}

/* Who does not know what the buyer has ruled holds nothing for its past. */
static void
apply_history(const struct past *past, struct judgement *judgement)
{
	const double logit = history_logit(&past->history);

	if (!past->known || past->ruling || logit <= 0)
		return;
	judgement->outreach =
		adapt_probability(imprint_logit(judgement->outreach) + logit);
	judgement->verdict =
		verdict_decide(past->buyer->profile, judgement->outreach,
			       judgement->relevance, &judgement->relevant);
	reasons_note(&judgement->reasons, history_name(&past->history), logit);
}

void
past_apply(const struct past *past, struct judgement *judgement)
{
	const guint touch = past->history.touch;

	memcpy(judgement->campaign, past->campaign,
	       sizeof(judgement->campaign));
	judgement->touch = touch;
	apply_history(past, judgement);
	if (touch > 1)
		reasons_note(&judgement->reasons,
			     g_strdup_printf("campaign: touch %u", touch),
			     touch);
	if (past->ruling)
		apply_ruling(past, judgement);
}
