/* A group's week as mail: when it is due, once. */
#include <string.h>

#include "base/clock.h"
#include "base/fill.h"
#include "base/html.h"
#include "market/group_digest.h"
#include "review/when.h"

#define KIND "group"

#define NOTE                                                                   \
	"p style='margin: 0 0 6px 0; font-size: 14px; word-break: break-word'"
#define HEAD "h2 style='margin: 16px 0 6px 0; font-size: 16px'"

#define SHARED                                                                 \
	"It tells only what the members share with each other; each has "      \
	"their "                                                               \
	"own."

static const char *const outcomes[] = { "not-due", "done", "empty", "sent" };

const char *
group_digest_outcome_name(enum group_digest_outcome outcome)
{
	return outcomes[outcome];
}

/* Words behind `lead`, further lines under the first. */
static void
put_filled(GString *out, const char *lead, const char *text)
{
	const guint column = (guint)g_utf8_strlen(lead, -1);

	g_string_append(out, lead);
	fill_text(out, column, column, text);
}

char *
group_digest_text(const struct group_digest *digest)
{
	GString *out = g_string_new(NULL);

	put_filled(out, "", digest->subject);
	g_string_append_c(out, '\n');
	put_filled(out, "", digest->lead);
	for (guint i = 0; i < digest->parts->len; i++) {
		const struct group_digest_part *part = digest->parts->pdata[i];

		g_string_append_printf(out, "\n%s\n", part->head);
		for (guint j = 0; j < part->lines->len; j++)
			put_filled(out, "  - ", part->lines->pdata[j]);
	}
	if (digest->link)
		g_string_append_printf(out, "\nAll of it, and your vote:\n%s\n",
				       digest->link);
	g_string_append_c(out, '\n');
	put_filled(out, "", SHARED);
	return g_string_free(out, FALSE);
}

static void
put_open(GString *out, const struct group_digest *digest)
{
	html_mail_open(out, digest->subject);
	g_string_append(out, "<table role='presentation' cellpadding='0' "
			     "cellspacing='0' border='0' width='100%' "
			     "style='max-width: 640px; margin: 0 auto'>\n"
			     "<tr><td>\n");
	html_element(out, "h1 style='margin: 0 0 10px 0; font-size: 20px'",
		     digest->subject);
	html_element(out, NOTE, digest->lead);
}

char *
group_digest_html(const struct group_digest *digest)
{
	GString *out = g_string_new(NULL);

	put_open(out, digest);
	for (guint i = 0; i < digest->parts->len; i++) {
		const struct group_digest_part *part = digest->parts->pdata[i];

		html_element(out, HEAD, part->head);
		for (guint j = 0; j < part->lines->len; j++)
			html_element(out, NOTE, part->lines->pdata[j]);
	}
	if (digest->link) {
		g_string_append(out, "<" NOTE "><a href='");
		html_text(out, digest->link);
		g_string_append(out, "'>All of it, and your vote</a></p>\n");
	}
	html_element(out, NOTE, SHARED);
	g_string_append(out, "\n</td></tr>\n</table>\n</body>\n</html>\n");
	return g_string_free(out, FALSE);
}

static gboolean
due_date(const struct group_digest_request *request,
	 char date[WHEN_DATE_LEN + 1])
{
	struct profile_digest digest = request->profile->digest;
	const int day = request->outbox->config->insight.day;

	if (digest.days == 0 || day < 0)
		return FALSE;
	digest.days = 1U << day;
	return when_due(&digest, request->now_us, date);
}

/* "endpoints/priya/2026-W47": the week of the day it is due on (ISO 8601). */
static char *
week_key(const struct group_digest_request *request, const char *date)
{
	g_autofree char *noon = g_strconcat(date, "T12:00:00Z", NULL);
	g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(noon, NULL);

	return g_strdup_printf("%s/%s/%04d-W%02d", request->group->id,
			       request->profile->id,
			       g_date_time_get_week_numbering_year(day),
			       g_date_time_get_week_of_year(day));
}

static GBytes *
mail_of(const struct group_digest_request *request,
	const struct group_digest *digest, const char *key)
{
	g_autofree char *text = group_digest_text(digest);
	g_autofree char *html = group_digest_html(digest);
	const struct outbox_letter letter = { request->profile, digest->subject,
					      text, html, request->now_us };

	return outbox_mail(request->outbox, KIND, key, &letter);
}

static gboolean
send_claimed(const struct group_digest_request *request, struct outbox_job *job,
	     const char *key, enum group_digest_outcome *outcome,
	     GError **error)
{
	g_autoptr(GroupDigest) digest = group_digest_new(request, error);
	g_autoptr(GBytes) mail = NULL;

	if (!digest)
		return FALSE;
	*outcome = digest->empty ? GROUP_DIGEST_EMPTY : GROUP_DIGEST_SENT;
	if (digest->empty)
		return outbox_skip(job, "empty", error);
	mail = mail_of(request, digest, key);
	return outbox_send(job, request->profile->addresses[0], mail, "sent",
			   error);
}

gboolean
group_digest_send(const struct group_digest_request *request,
		  enum group_digest_outcome *outcome, GError **error)
{
	char date[WHEN_DATE_LEN + 1];
	g_autofree char *key = NULL;
	g_autoptr(OutboxJob) job = NULL;
	g_autoptr(GError) local = NULL;

	if (!due_date(request, date)) {
		*outcome = GROUP_DIGEST_NOT_DUE;
		return TRUE;
	}
	key = week_key(request, date);
	job = outbox_open(request->outbox, KIND, key, &local);
	if (job)
		return send_claimed(request, job, key, outcome, error);
	if (!g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_DONE)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*outcome = GROUP_DIGEST_DONE;
	return TRUE;
}
