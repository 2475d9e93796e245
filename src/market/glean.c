#include "market/glean.h"

#include <string.h>

#include "base/clock.h"
#include "glean_private.h"
#include "mail/address.h"
#include "mail/content.h"
#include "mail/message.h"
#include "market/claim.h"
#include "store/jobs.h"
#include "store/signals.h"

#define JOB    "glean"
#define KEY    "run"
#define LEASE  (CLOCK_SECOND_US * 60 * 15)
#define MARGIN (CLOCK_SECOND_US * 60)
#define PAGE   200

/* Mails read at once: the store commits what comes at the same time together,
 * and one commit costs as much as reading several. */
#define READERS 8

struct round {
	struct store *store;
	gint64 until_us; /* monotonic */
	GMutex lock;	 /* of the next two */
	struct glean done;
	GError *failure; /* the first */
};

static gboolean
is_over(const struct round *round)
{
	return clock_monotonic_us() >= round->until_us;
}

static gboolean
is_gone(GError **error)
{
	if (!g_error_matches(*error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		return FALSE;
	g_clear_error(error);
	return TRUE;
}

/* Who wrote it and to whom: no topic has a word of their names. */
static struct glean_names *
names_of(const struct store_message *message, const Mail *mail)
{
	struct glean_names *names = glean_names_new();
	g_autofree char *to = mail_field_decoded(mail, "To", 0);
	g_autofree char *copies = mail_field_decoded(mail, "Cc", 0);

	glean_names_add(names, message->rcpt);
	glean_names_add(names, message->from);
	glean_names_add(names, message->from_name);
	glean_names_add(names, to);
	glean_names_add(names, copies);
	return names;
}

static struct store_document *
mail_document(const struct store_message *message, const Content *content)
{
	struct store_document *document = g_new0(struct store_document, 1);

	document->kind = STORE_DOCUMENT_MAIL;
	document->priority = g_strdup(message->priority);
	document->relevance = message->relevance;
	document->fingerprint = message->fingerprint;
	document->title = g_strdup(content->subject);
	document->text = g_strdup(content->fresh);
	glean_document_terms(document);
	return document;
}

static gboolean
keep(struct round *round, const struct store_message *message, GBytes *bytes,
     GError **error)
{
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Content) content = content_new(mail);
	g_autoptr(GPtrArray) quotes = claims_read(content->fresh);
	g_autoptr(StoreDocument) document = mail_document(message, content);
	struct glean_names *names = names_of(message, mail);
	g_autoptr(GStringChunk) strings = g_string_chunk_new(1024);
	g_autoptr(GArray) topics =
		glean_topics(content->subject, content->fresh, names, strings);
	const struct store_gleaning gleaning = {
		quotes, document,
		(const struct store_topic *)(void *)topics->data, topics->len
	};

	glean_names_free(names);
	if (!store_glean(round->store, message, &gleaning, error))
		return FALSE;
	g_mutex_lock(&round->lock);
	round->done.messages++;
	if (message->vendor && *message->vendor) {
		round->done.quotes += quotes->len;
		round->done.topics += topics->len;
	}
	g_mutex_unlock(&round->lock);
	return TRUE;
}

static void
fail(struct round *round, GError *failure)
{
	g_mutex_lock(&round->lock);
	if (!round->failure)
		round->failure = failure;
	else
		g_error_free(failure);
	g_mutex_unlock(&round->lock);
}

static gboolean
has_failed(struct round *round)
{
	gboolean failed;

	g_mutex_lock(&round->lock);
	failed = round->failure != NULL;
	g_mutex_unlock(&round->lock);
	return failed;
}

/* One mail; several are read at once. */
static void
read_mail(gpointer item, gpointer data)
{
	const struct store_message *message = item;
	struct round *round = data;
	g_autoptr(GError) failure = NULL;
	g_autoptr(GBytes) bytes = NULL;

	if (is_over(round) || has_failed(round))
		return;
	bytes = store_body(round->store, message->buyer, message->id, &failure);
	if (bytes && keep(round, message, bytes, &failure))
		return;
	if (!is_gone(&failure)) {
		fail(round, g_steal_pointer(&failure));
		return;
	}
	g_mutex_lock(&round->lock);
	round->done.gone++;
	g_mutex_unlock(&round->lock);
}

static gboolean
read_page(struct round *round, const GPtrArray *page, GError **error)
{
	GThreadPool *pool =
		g_thread_pool_new(read_mail, round, READERS, FALSE, error);

	if (!pool)
		return FALSE;
	for (guint i = 0; i < page->len; i++)
		(void)g_thread_pool_push(pool, page->pdata[i], NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	if (!round->failure)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&round->failure));
	return FALSE;
}

static gboolean
read_all_mail(struct round *round, GError **error)
{
	char last[ID_LEN + 1] = "";

	for (;;) {
		g_autoptr(GPtrArray) page =
			store_quotes_due(round->store, last, PAGE, error);
		const struct store_message *newest;

		if (!page || !read_page(round, page, error))
			return FALSE;
		if (page->len == 0 || is_over(round))
			return TRUE;
		newest = page->pdata[page->len - 1];
		g_strlcpy(last, newest->id, sizeof(last));
	}
}

/* The domains that have written to us or that people have written on. */
static GHashTable *
known_vendors(struct store *store, GError **error)
{
	g_autoptr(GHashTable) known =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) rows = store_vendor_list(store, error);
	g_autoptr(GPtrArray) sums =
		rows ? store_vendor_sums(store, NULL, NULL, error) : NULL;

	if (!sums)
		return NULL;
	for (guint i = 0; i < rows->len; i++) {
		const struct store_vendor *row = rows->pdata[i];

		g_hash_table_add(known, g_strdup(row->domain));
	}
	for (guint i = 0; i < sums->len; i++) {
		const struct store_vendor_sum *sum = sums->pdata[i];

		g_hash_table_add(known, g_strdup(sum->vendor));
	}
	return g_steal_pointer(&known);
}

static char *
vendor_of(GHashTable *known, const char *link)
{
	g_autoptr(GUri) uri = g_uri_parse(link, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	g_autofree char *domain =
		host && *host ? domain_registrable(host) : NULL;

	return domain && g_hash_table_contains(known, domain)
		       ? g_steal_pointer(&domain)
		       : g_strdup("");
}

static struct store_document *
item_document(const struct store_item *item, GHashTable *known)
{
	struct store_document *document = g_new0(struct store_document, 1);

	document->kind = STORE_DOCUMENT_ITEM;
	memcpy(document->id, item->id, sizeof(document->id));
	document->vendor = vendor_of(known, item->link);
	document->source = g_strdup(item->source);
	document->link = g_strdup(item->link);
	document->title = g_strdup(item->title);
	document->text = g_strdup(item->text);
	document->relevance = -1;
	document->time_us = item->time_us;
	glean_document_terms(document);
	return document;
}

static gboolean
read_items(struct round *round, const GPtrArray *items, GHashTable *known,
	   GError **error)
{
	g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_document_free);

	for (guint i = 0; i < items->len; i++)
		g_ptr_array_add(documents,
				item_document(items->pdata[i], known));
	if (!store_document_set(
		    round->store,
		    (struct store_document *const *)documents->pdata,
		    documents->len, error))
		return FALSE;
	round->done.items += documents->len;
	return TRUE;
}

static gboolean
read_all_items(struct round *round, GError **error)
{
	g_autoptr(GHashTable) known = NULL;

	while (!is_over(round)) {
		g_autoptr(GPtrArray) items =
			store_items_due(round->store, PAGE, error);

		if (!items)
			return FALSE;
		if (items->len == 0)
			return TRUE;
		if (!known)
			known = known_vendors(round->store, error);
		if (!known || !read_items(round, items, known, error))
			return FALSE;
	}
	return TRUE;
}

/* As long as one claim lasts. */
static gboolean
run_claimed(struct round *round, GError **error)
{
	char owner[ID_LEN + 1];
	gboolean ok;

	id_new(owner);
	if (!store_job_claim(round->store, JOB, KEY, owner, LEASE, error))
		return FALSE;
	ok = read_all_mail(round, error) && read_all_items(round, error);
	/* Not done for good: there is more to read tomorrow. */
	return store_job_settle(round->store, JOB, KEY, owner, FALSE,
				ok ? "read" : "failed", ok ? error : NULL) &&
	       ok;
}

gboolean
glean_run(struct store *store, gint64 deadline_us, struct glean *done,
	  GError **error)
{
	const gint64 end_us = deadline_us ? deadline_us : G_MAXINT64;
	struct round round = { .store = store };
	gboolean ok;

	g_mutex_init(&round.lock);
	do {
		round.until_us =
			MIN(end_us, clock_monotonic_us() + LEASE - MARGIN);
		ok = run_claimed(&round, error);
	} while (ok && is_over(&round) && round.until_us < end_us);
	g_mutex_clear(&round.lock);
	if (ok)
		*done = round.done;
	return ok;
}
