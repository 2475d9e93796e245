#include "base/clock.h"
#include "mail/content.h"
#include "mail/message.h"
#include "market/claim.h"
#include "market/vendor.h"
#include "store/jobs.h"

#define JOB   "vendor"
#define KEY   "update"
#define LEASE (CLOCK_SECOND_US * 60 * 15)
#define PAGE  200

static GPtrArray *
read_body(GBytes *bytes)
{
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Content) content = content_new(mail);

	return claims_read(content->fresh);
}

static gboolean
is_gone(GError **error)
{
	if (!g_error_matches(*error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		return FALSE;
	g_clear_error(error);
	return TRUE;
}

static gboolean
read_one(struct store *store, const struct store_message *message,
	 struct vendor_update *done, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(GBytes) bytes =
		store_body(store, message->buyer, message->id, &failure);
	g_autoptr(GPtrArray) quotes = NULL;

	if (bytes) {
		quotes = read_body(bytes);
		if (store_quotes_set(store, message, quotes, &failure)) {
			done->messages++;
			done->quotes += quotes->len;
			return TRUE;
		}
	}
	if (is_gone(&failure)) {
		done->gone++;
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

static gboolean
read_all(struct store *store, struct vendor_update *done, GError **error)
{
	char last[ID_LEN + 1] = "";

	for (;;) {
		g_autoptr(GPtrArray) page =
			store_quotes_due(store, last, PAGE, error);
		const struct store_message *newest;

		if (!page)
			return FALSE;
		for (guint i = 0; i < page->len; i++) {
			if (!read_one(store, page->pdata[i], done, error))
				return FALSE;
		}
		if (page->len == 0)
			return TRUE;
		newest = page->pdata[page->len - 1];
		g_strlcpy(last, newest->id, sizeof(last));
	}
}

gboolean
vendor_update(struct store *store, struct vendor_update *done, GError **error)
{
	struct vendor_update update = { 0 };
	char owner[ID_LEN + 1];
	gboolean ok;

	id_new(owner);
	if (!store_job_claim(store, JOB, KEY, owner, LEASE, error))
		return FALSE;
	ok = read_all(store, &update, error);
	/* Not done for good: there is more to read tomorrow. */
	if (!store_job_settle(store, JOB, KEY, owner, FALSE,
			      ok ? "read" : "failed", ok ? error : NULL) ||
	    !ok)
		return FALSE;
	*done = update;
	return TRUE;
}
