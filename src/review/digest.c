#include "review/digest.h"

#include <string.h>

#include "base/clock.h"
#include "digest_private.h"
#include "review/when.h"
#include "store/jobs.h"

#define PAGE 1000

/* How far the first digest looks back. */
#define FIRST_US (7 * CLOCK_DAY_US)

/* Jobs looked at for the last digest: two months of days. */
#define JOBS_MAX 60

#define UNTIL "until="

/* Characters of a subject: two lines of a mail. */
#define TITLE_MAX 120

const struct digest_action digest_actions[DIGEST_ACTIONS] = {
	{ LINK_SHOW, "Show", "quarantine show %s" },
	{ LINK_RELEASE, "Release", "quarantine release %s" },
	{ LINK_RELEVANT, "Relevant", "feedback relevant %s" },
	{ LINK_NEVER, "Never again", "feedback irrelevant --never %s" },
};

const char *
digest_label(const struct config *config, const struct digest_action *action)
{
	return action->action == LINK_RELEASE && config->web.request_release
		       ? "Ask for it"
		       : action->label;
}

gboolean
digest_has_links(const struct config *config)
{
	return config->web.given && config->web.url;
}

char *
digest_link(const struct config *config, const struct key *key,
	    const struct store_message *message, enum link_action action,
	    gint64 now_us)
{
	g_autofree char *link =
		link_sign(key, message->buyer, message->id, action,
			  now_us + config->digest.links_us);

	return g_strdup_printf("%s/l/%s", config->web.url, link);
}

const char *
digest_plural(guint n)
{
	return n == 1 ? "" : "s";
}

/* The dot of a name that mail programs might take for a host's. */
static gboolean
is_linking_dot(const char *text, const char *dot)
{
	return *dot == '.' && dot > text &&
	       (g_ascii_isalnum(dot[-1]) || (guchar)dot[-1] >= 0x80) &&
	       (g_ascii_isalpha(dot[1]) || (guchar)dot[1] >= 0x80) &&
	       (g_ascii_isalpha(dot[2]) || dot[2] == '-' ||
		(guchar)dot[2] >= 0x80);
}

char *
digest_unlinked(const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p; p++) {
		if (is_linking_dot(text, p))
			g_string_append(out, "[.]");
		else if (strncmp(p, "://", 3) == 0)
			g_string_append(out, "[:]");
		else
			g_string_append_c(out, *p);
	}
	return g_string_free(out, FALSE);
}

/* An address stays as it is: who it is from must be plain. */
char *
digest_from(const struct store_message *message)
{
	const char *from = message->from ? message->from : "";
	g_autofree char *address =
		strstr(from, "://") ? digest_unlinked(from) : g_strdup(from);
	g_autofree char *name = NULL;

	if (message->from_name && *message->from_name) {
		name = digest_unlinked(message->from_name);
		return g_strdup_printf("%s <%s>", name, address);
	}
	return *address ? g_steal_pointer(&address) : g_strdup("nobody named");
}

char *
digest_came(const struct digest *digest, const struct store_fold *fold)
{
	const char *zone = digest->profile->digest.zone;
	g_autofree char *last = when_text(fold->last_us, zone);
	GString *out = g_string_new(last);

	if (fold->n > 1) {
		g_autofree char *first = when_day(fold->first_us, zone);

		g_string_append_printf(out, "; %u mails held since %s", fold->n,
				       first);
	}
	if (fold->colleagues > 0)
		g_string_append_printf(out, "; %u colleague%s got it, too",
				       fold->colleagues,
				       digest_plural(fold->colleagues));
	return g_string_free(out, FALSE);
}

char *
digest_title(const struct store_message *message)
{
	const gboolean given = message->subject && *message->subject;
	g_autofree char *title = g_utf8_make_valid(
		given ? message->subject : "(no subject)", -1);

	if (g_utf8_strlen(title, -1) <= TITLE_MAX)
		return g_steal_pointer(&title);
	*g_utf8_offset_to_pointer(title, TITLE_MAX - 1) = '\0';
	return g_strconcat(g_strchomp(title), "\u2026", NULL);
}

const char *
digest_fate(const struct store_message *message)
{
	return message->state == STORE_DELIVERED ? "Tagged" : "Held";
}

gboolean
digest_offers(const struct store_message *message, enum link_action action)
{
	return action != LINK_RELEASE || message->state != STORE_DELIVERED;
}

const char *
digest_about_actions(const struct digest *digest)
{
	return digest_has_links(digest->config)
		       ? "A link shows a page first; nothing happens until "
			 "you press the button there."
		       : "There is no web page here: an administrator runs "
			 "these commands for you.";
}

char *
digest_rest(const struct digest *digest)
{
	if (digest->more == 0)
		return NULL;
	return g_strdup_printf("And %u more, for which this mail has no room.",
			       digest->more);
}

static char *
single_figures(const struct digest *digest)
{
	const struct store_fold *fold = digest->folds->pdata[0];

	return g_strdup(fold->top->state == STORE_DELIVERED
				? "This came a moment ago and is in your "
				  "mailbox, marked as an offer; it looks "
				  "relevant to you."
				: "This came a moment ago and was held; it "
				  "looks relevant to you.");
}

char *
digest_figures(const struct digest *digest)
{
	const struct digest_count *count = &digest->count;
	g_autofree char *since =
		when_text(digest->since_us, digest->profile->digest.zone);

	if (digest->single)
		return single_figures(digest);
	return g_strdup_printf("Since %s: held %u, tagged %u, let in %u.",
			       since, count->held, count->tagged,
			       count->let_in);
}

char *
digest_attention(const struct digest *digest)
{
	const struct profile *profile = digest->profile;
	GString *out = g_string_new(NULL);

	g_string_append_printf(out,
			       "Offers in your inbox in the last 7 days: %u",
			       digest->count.spent);
	if (profile->per_day > 0 && profile->per_week > 0)
		g_string_append_printf(out, " (you allow %u a day, %u a week)",
				       profile->per_day, profile->per_week);
	else if (profile->per_day > 0)
		g_string_append_printf(out, " (you allow %u a day)",
				       profile->per_day);
	else if (profile->per_week > 0)
		g_string_append_printf(out, " (you allow %u a week)",
				       profile->per_week);
	g_string_append_c(out, '.');
	return g_string_free(out, FALSE);
}

char *
digest_redirected(const struct config *config, const struct profile *profile)
{
	if (!config->digest.redirect)
		return NULL;
	return g_strdup_printf("For testing this came to you: it is meant for "
			       "%s (digest.redirect).",
			       profile->addresses[0]);
}

char *
digest_subject(const struct digest *digest)
{
	const guint n = digest->folds->len + digest->more;

	if (digest->single) {
		const struct store_fold *fold = digest->folds->pdata[0];
		g_autofree char *title = digest_title(fold->top);

		return g_strdup_printf("%s, perhaps relevant: %s",
				       digest_fate(fold->top), title);
	}
	return g_strdup_printf("%u offer%s held for you", n, digest_plural(n));
}

gboolean
digest_is_empty(const struct digest *digest)
{
	return digest->folds->len == 0;
}

/* The day's own, not one that was asked for again. */
static gboolean
is_of_a_day(const struct store_job *job, const char *id, const char *before)
{
	const char *date = job->key + strlen(id) + 1;

	return job->done && strlen(date) == WHEN_DATE_LEN &&
	       strcmp(date, before) < 0;
}

/* Up to when a digest told; 0: it is not known to have been sent. */
static gint64
until_of(const struct store_job *job)
{
	if (!job->note || !g_str_has_prefix(job->note, UNTIL))
		return 0;
	return g_ascii_strtoll(job->note + strlen(UNTIL), NULL, 10);
}

static gboolean
find_since(struct store *store, const struct profile *profile, gint64 until_us,
	   gint64 *since_us, GError **error)
{
	g_autofree char *prefix = g_strconcat(profile->id, "/", NULL);
	g_autoptr(GPtrArray) jobs =
		store_job_list(store, "digest", prefix, JOBS_MAX, error);
	char today[WHEN_DATE_LEN + 1];
	gint64 since = 0;

	if (!jobs)
		return FALSE;
	when_date(until_us, profile->digest.zone, today);
	for (guint i = 0; i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (is_of_a_day(job, profile->id, today))
			since = MAX(since, until_of(job));
	}
	*since_us = since > 0 ? MIN(since, until_us) : until_us - FIRST_US;
	return TRUE;
}

static void
take_page(struct digest *digest, GPtrArray *page)
{
	while (page->len > 0) {
		struct store_fold *fold = g_ptr_array_steal_index(page, 0);

		if (fold->last_us < digest->since_us ||
		    fold->first_us >= digest->until_us)
			store_fold_free(fold);
		else if (digest->folds->len < digest->config->digest.max)
			g_ptr_array_add(digest->folds, fold);
		else {
			digest->more++;
			store_fold_free(fold);
		}
	}
}

static gboolean
take_folds(struct digest *digest, struct store *store, GError **error)
{
	struct store_fold_query query = {
		.buyer = digest->profile->id,
		.tag = digest->profile->tag,
		.order = STORE_ORDER_REGRET,
		.now_us = digest->until_us,
		.limit = PAGE,
		.decided = STORE_DECIDED_NOT,
	};
	guint len;

	do {
		g_autoptr(GPtrArray) page =
			store_fold_list(store, &query, NULL, error);

		if (!page)
			return FALSE;
		len = page->len;
		take_page(digest, page);
		query.offset += len;
	} while (len == PAGE);
	return TRUE;
}

static void
fold_destroy(gpointer data)
{
	store_fold_free(data);
}

static struct digest *
digest_begin(const struct outbox *outbox, const struct profile *profile)
{
	struct digest *digest = g_new0(struct digest, 1);

	digest->config = outbox->config;
	digest->profile = profile;
	digest->key = outbox->key;
	digest->folds = g_ptr_array_new_with_free_func(fold_destroy);
	return digest;
}

struct digest *
digest_new_single(const struct outbox *outbox, const struct profile *profile,
		  struct store_message *message, gint64 now_us)
{
	struct digest *digest = digest_begin(outbox, profile);
	struct store_fold *fold = g_new0(struct store_fold, 1);

	fold->top = message;
	fold->n = 1;
	fold->first_us = fold->last_us = message->time_us;
	g_ptr_array_add(digest->folds, fold);
	digest->since_us = message->time_us;
	digest->until_us = now_us;
	digest->single = TRUE;
	return digest;
}

struct digest *
digest_new(const struct outbox *outbox, const struct profile *profile,
	   gint64 since_us, gint64 until_us, GError **error)
{
	g_autoptr(Digest) digest = digest_begin(outbox, profile);

	digest->since_us = since_us;
	digest->until_us = until_us;
	if ((since_us == 0 && !find_since(outbox->store, profile, until_us,
					  &digest->since_us, error)) ||
	    !take_folds(digest, outbox->store, error) ||
	    !digest_count(outbox->store, profile, digest->since_us, until_us,
			  &digest->count, error))
		return NULL;
	return g_steal_pointer(&digest);
}

void
digest_free(struct digest *digest)
{
	if (!digest)
		return;
	g_ptr_array_unref(digest->folds);
	g_free(digest);
}
