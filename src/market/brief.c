#include "market/brief.h"

#include <string.h>

#include "base/clock.h"
#include "review/when.h"

#define KIND "brief"

static const char *const outcomes[] = { "not-due", "done", "empty", "sent" };

const char *
brief_outcome_name(enum brief_outcome outcome)
{
	return outcomes[outcome];
}

static gboolean
due_date(const struct brief *brief, char date[WHEN_DATE_LEN + 1])
{
	struct profile_digest digest = brief->profile->digest;
	const int day = brief->outbox->config->insight.day;

	if (digest.days == 0 || day < 0)
		return FALSE;
	digest.days = 1U << day;
	return when_due(&digest, brief->now_us, date);
}

gboolean
brief_is_due(const struct brief *brief)
{
	char date[WHEN_DATE_LEN + 1];

	return due_date(brief, date);
}

/* "priya/2026-W47": the week of the day it is due on (ISO 8601). */
static char *
week_key(const struct brief *brief, const char *date)
{
	g_autofree char *noon = g_strconcat(date, "T12:00:00Z", NULL);
	g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(noon, NULL);

	return g_strdup_printf("%s/%04d-W%02d", brief->profile->id,
			       g_date_time_get_week_numbering_year(day),
			       g_date_time_get_week_of_year(day));
}

/* The key of the job; NULL: it is not due. */
static char *
job_key(const struct brief *brief)
{
	char date[WHEN_DATE_LEN + 1];
	char id[ID_LEN + 1];

	if (!brief->again)
		return due_date(brief, date) ? week_key(brief, date) : NULL;
	when_date(brief->now_us, brief->profile->digest.zone, date);
	id_new(id);
	return g_strdup_printf("%s/%s/%s", brief->profile->id, date, id);
}

static guint
count(const struct insight *insight, enum insight_kind kind)
{
	guint n = 0;

	for (guint i = 0; i < insight->parts->len; i++) {
		const struct insight_part *part = insight->parts->pdata[i];

		for (guint j = 0; j < part->lines->len; j++) {
			const struct insight_line *line = part->lines->pdata[j];

			n += line->kind == kind && line->fresh;
		}
	}
	return n;
}

char *
brief_subject(const struct insight *insight)
{
	g_autofree char *span = insight_span(insight);
	const guint rising = count(insight, INSIGHT_RISING);
	const guint fresh = count(insight, INSIGHT_NEW);
	GString *out = g_string_new(NULL);

	g_string_printf(out, "Brief, %s: %u mail%s", span, insight->messages,
			insight->messages == 1 ? "" : "s");
	if (rising > 0)
		g_string_append_printf(out, ", %u topic%s rising", rising,
				       rising == 1 ? "" : "s");
	if (fresh > 0)
		g_string_append_printf(out, ", %u new vendor%s", fresh,
				       fresh == 1 ? "" : "s");
	return g_string_free(out, FALSE);
}

static GBytes *
mail_of(const struct brief *brief, const struct insight *insight,
	const char *key)
{
	const struct config *config = brief->outbox->config;
	const char *url = config->web.given ? config->web.url : NULL;
	g_autofree char *subject = brief_subject(insight);
	g_autofree char *text = insight_text(insight, url);
	g_autofree char *html = insight_html(insight, url);
	const struct outbox_letter letter = { brief->profile, subject, text,
					      html, brief->now_us };

	return outbox_mail(brief->outbox, KIND, key, &letter);
}

static gboolean
send_claimed(const struct brief *brief, struct outbox_job *job, const char *key,
	     enum brief_outcome *outcome, GError **error)
{
	const struct insight_request request = {
		.store = brief->outbox->store,
		.book = brief->book,
		.profile = brief->profile,
		.until_us = brief->now_us,
	};
	g_autoptr(Insight) insight = insight_new(&request, error);
	g_autoptr(GBytes) mail = NULL;

	if (!insight)
		return FALSE;
	*outcome = insight_is_empty(insight) ? BRIEF_EMPTY : BRIEF_SENT;
	if (insight_is_empty(insight))
		return outbox_skip(job, "empty", error);
	if (brief->made)
		brief->made(insight, brief->data);
	mail = mail_of(brief, insight, key);
	return outbox_send(job, brief->profile->addresses[0], mail, "sent",
			   error);
}

gboolean
brief_send(const struct brief *brief, enum brief_outcome *outcome,
	   GError **error)
{
	g_autofree char *key = job_key(brief);
	g_autoptr(OutboxJob) job = NULL;
	g_autoptr(GError) local = NULL;

	if (!key) {
		*outcome = BRIEF_NOT_DUE;
		return TRUE;
	}
	job = outbox_open(brief->outbox, KIND, key, &local);
	if (job)
		return send_claimed(brief, job, key, outcome, error);
	if (!g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_DONE)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*outcome = BRIEF_DONE;
	return TRUE;
}
