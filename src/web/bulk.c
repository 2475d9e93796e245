#include "bulk_private.h"

#include <string.h>

#include "base/clock.h"
#include "row_private.h"
#include "store/audit.h"
#include "store/pending.h"

#define PAGE 500
#define NAME "all-"

/* Lines of the audit log of one user that are looked through. */
#define AUDIT_MAX (4 * BULK_MAX)
#define AUDIT_US  CLOCK_DAY_US

/* What is being gathered. */
struct gathering {
	const struct web_request *request;
	gint64 seen_us; /* what came later the user did not see */
	char *buyer;	/* NULL: not known yet */
	GPtrArray *ids;
	GHashTable *seen;    /* of them */
	GHashTable *snoozed; /* ids; NULL: not read yet */
	GHashTable *agreed;  /* called irrelevant; NULL: it does not matter */
	GHashTable *open;    /* campaigns that show one that was not */
	gboolean more;
};

static void
add(struct gathering *gathering, const char *id)
{
	char *own;

	if (g_hash_table_contains(gathering->seen, id))
		return;
	if (gathering->ids->len >= BULK_MAX) {
		gathering->more = TRUE;
		return;
	}
	own = g_strdup(id);
	g_ptr_array_add(gathering->ids, own);
	g_hash_table_add(gathering->seen, own);
}

static gboolean
read_snoozed(struct gathering *gathering, GError **error)
{
	const struct web_request *request = gathering->request;
	g_autoptr(GPtrArray) list = NULL;

	if (gathering->snoozed)
		return TRUE;
	list = store_pending_list(request->site->store, STORE_SNOOZE,
				  gathering->buyer, gathering->seen_us, error);
	if (!list)
		return FALSE;
	gathering->snoozed =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < list->len; i++) {
		const struct store_pending *pending = list->pdata[i];

		g_hash_table_add(gathering->snoozed,
				 g_strdup(pending->message));
	}
	return TRUE;
}

static const char *
filter(const struct web_request *request, const char *name)
{
	const char *value = request_form(request, name);

	return *value ? value : NULL;
}

static gboolean
is_agreed(const struct gathering *gathering,
	  const struct store_message *message)
{
	return g_hash_table_contains(gathering->agreed, message->id);
}

/* What was decided is in a list of its own, by whole campaigns. */
static gboolean
is_listed(const struct gathering *gathering,
	  const struct store_message *message)
{
	gboolean decided;

	if (!gathering->agreed)
		return TRUE;
	decided = is_agreed(gathering, message) &&
		  !(message->campaign &&
		    g_hash_table_contains(gathering->open, message->campaign));
	return decided == (filter(gathering->request, BULK_DECIDED) != NULL);
}

static void
add_listed(struct gathering *gathering, const struct store_message *message)
{
	if (is_listed(gathering, message))
		add(gathering, message->id);
}

static void
add_open(struct gathering *gathering, const struct store_message *message)
{
	if (is_agreed(gathering, message))
		return;
	if (message->campaign && *message->campaign)
		g_hash_table_add(gathering->open, g_strdup(message->campaign));
	add_listed(gathering, message);
}

typedef void (*taking)(struct gathering *gathering,
		       const struct store_message *message);

static void
take_page(struct gathering *gathering, const GPtrArray *page, taking take)
{
	const char *priority = filter(gathering->request, "priority");
	const struct buyer *buyer =
		row_buyer(gathering->request, gathering->buyer);
	const double tag = buyer ? buyer->profile->tag : 1;

	for (guint i = 0; i < page->len; i++) {
		const struct store_message *message = page->pdata[i];

		if (message->time_us <= gathering->seen_us &&
		    (!priority ||
		     strcmp(store_priority(message->priority,
					   message->relevance, tag),
			    priority) == 0) &&
		    !g_hash_table_contains(gathering->snoozed, message->id))
			take(gathering, message);
	}
}

/* What is held of a campaign, or of all, and that the filter shows. */
static gboolean
gather(struct gathering *gathering, const char *campaign, taking take,
       GError **error)
{
	const struct web_request *request = gathering->request;
	struct store_query query = {
		.buyer = gathering->buyer,
		.state = STORE_HELD,
		.text = filter(request, "q"),
		.vendor = filter(request, "vendor"),
		.campaign = campaign,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];
	guint len;

	if (!read_snoozed(gathering, error))
		return FALSE;
	do {
		g_autoptr(GPtrArray) page =
			store_list(request->site->store, &query, error);

		if (!page)
			return FALSE;
		len = page->len;
		take_page(gathering, page, take);
		if (len == PAGE) {
			const struct store_message *oldest =
				page->pdata[len - 1];

			memcpy(last, oldest->id, sizeof(last));
			query.after_id = last;
		}
	} while (len == PAGE && !gathering->more);
	return TRUE;
}

static void
of_buyer(struct gathering *gathering, const char *buyer)
{
	if (g_strcmp0(gathering->buyer, buyer) == 0)
		return;
	if (gathering->snoozed)
		g_hash_table_unref(gathering->snoozed);
	gathering->snoozed = NULL;
	g_free(gathering->buyer);
	gathering->buyer = g_strdup(buyer);
}

/* The campaign of a message; of one of none, the message alone. */
static gboolean
gather_campaign(struct gathering *gathering, const char *id, GError **error)
{
	const struct web_request *request = gathering->request;
	g_autoptr(GError) local = NULL;
	g_autoptr(StoreMessage) message =
		id_valid(id)
			? store_find(request->site->store, NULL, id, &local)
			: NULL;

	if (local && local->code != STORE_ERROR_NOT_FOUND) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (!message || !message->campaign || !*message->campaign) {
		add(gathering, id);
		return TRUE;
	}
	of_buyer(gathering, message->buyer);
	return gather(gathering, message->campaign, add_listed, error);
}

static gboolean
gather_picked(struct gathering *gathering, GError **error)
{
	const struct web_request *request = gathering->request;
	const gboolean whole = *request_form(request, "whole") != '\0';

	for (guint i = 0; i < request->picked->len; i++) {
		const char *id = request->picked->pdata[i];

		if (!whole)
			add(gathering, id);
		else if (!gather_campaign(gathering, id, error))
			return FALSE;
	}
	return TRUE;
}

static GHashTable *
read_agreed(const struct gathering *gathering, GError **error)
{
	g_autoptr(GPtrArray) list =
		store_feedback_list(gathering->request->site->store,
				    gathering->buyer, 0, TRUE, error);
	GHashTable *agreed;

	if (!list)
		return NULL;
	agreed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < list->len; i++) {
		const struct store_feedback *said = list->pdata[i];

		if (said->label == STORE_IRRELEVANT)
			g_hash_table_add(agreed, g_strdup(said->message));
	}
	return agreed;
}

/* A message that was agreed to may be of a campaign that is not; it comes after
 * the others, so that every press of the button gets further. */
static gboolean
gather_listed(struct gathering *gathering, GError **error)
{
	g_autoptr(GHashTable) open =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	gboolean ok;

	gathering->open = open;
	ok = (g_hash_table_size(gathering->agreed) == 0 ||
	      gather(gathering, NULL, add_open, error)) &&
	     gather(gathering, NULL, add_listed, error);
	gathering->open = NULL;
	return ok;
}

/* Of a queue that is not theirs nothing is meant. */
static gboolean
gather_everything(struct gathering *gathering, enum access_action action,
		  GError **error)
{
	g_autoptr(GHashTable) agreed = NULL;
	gboolean ok;

	of_buyer(gathering, request_form(gathering->request, "for"));
	if (!request_may(gathering->request, action, gathering->buyer))
		return TRUE;
	agreed = read_agreed(gathering, error);
	gathering->agreed = agreed;
	ok = agreed && gather_listed(gathering, error);
	gathering->agreed = NULL;
	return ok;
}

/* When the page was made that the form stood on. */
static gint64
seen_us(const struct web_request *request)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(request_form(request, BULK_SEEN), 10, 1,
					G_MAXINT64, &value, NULL))
		return request->now_us;
	return MIN((gint64)value, request->now_us);
}

static gboolean
is_whole(const struct web_request *request, const char *id)
{
	g_autofree char *box = g_strconcat(BULK_WHOLE, id, NULL);

	return *request_form(request, box) != '\0';
}

GPtrArray *
bulk_ids(const struct web_request *request, enum access_action action,
	 const char *object, gboolean *more, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	struct gathering gathering = {
		.request = request,
		.seen_us = seen_us(request),
		.ids = ids,
		.seen = seen,
	};
	gboolean ok = TRUE;

	if (*object == '\0')
		ok = gather_picked(&gathering, error);
	else if (strcmp(object, BULK_EVERYTHING) == 0)
		ok = gather_everything(&gathering, action, error);
	else if (is_whole(request, object))
		ok = gather_campaign(&gathering, object, error);
	else
		add(&gathering, object);
	of_buyer(&gathering, NULL);
	*more = gathering.more;
	return ok ? g_steal_pointer(&ids) : NULL;
}

char *
bulk_name(void)
{
	char id[ID_LEN + 1];

	id_new(id);
	return g_strconcat(NAME, id, NULL);
}

gboolean
bulk_is_name(const char *text)
{
	return g_str_has_prefix(text, NAME) && id_valid(text + strlen(NAME));
}

GPtrArray *
bulk_done(const struct web_request *request, const char *action,
	  const char *name, GError **error)
{
	const struct store_audit_query query = {
		.who = request->user->address,
		.action = action,
		.since_us = request->now_us - AUDIT_US,
		.limit = AUDIT_MAX,
	};
	g_autoptr(GPtrArray) lines =
		store_audit_list(request->site->store, &query, error);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	if (!lines)
		return NULL;
	for (guint i = 0; i < lines->len; i++) {
		const struct store_audit *line = lines->pdata[i];

		if (g_strcmp0(line->detail, name) == 0)
			g_ptr_array_add(ids, g_strdup(line->object));
	}
	return g_steal_pointer(&ids);
}
