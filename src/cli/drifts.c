#include "drifts_private.h"

#include <string.h>

#include "model/promotion.h"
#include "print_private.h"

#define ROWS_MAX 20000 /* of each state; the newest */

/* Rows of the weeks that count, and whose they are. */
struct rows {
	GPtrArray *lists;     /* own them */
	GPtrArray *all;	      /* borrowed */
	GHashTable *by_buyer; /* id -> GPtrArray, both borrowed */
};

static void
entry_free(gpointer data)
{
	struct drifts_entry *entry = data;

	g_free(entry->buyer);
	g_free(entry);
}

static void
add_row(struct rows *rows, struct store_message *row)
{
	GPtrArray *own = g_hash_table_lookup(rows->by_buyer, row->buyer);

	if (!own) {
		own = g_ptr_array_new();
		g_hash_table_insert(rows->by_buyer, row->buyer, own);
	}
	g_ptr_array_add(own, row);
	g_ptr_array_add(rows->all, row);
}

static gboolean
rows_read(struct rows *rows, struct store *store, gint64 now_us, GError **error)
{
	rows->lists = g_ptr_array_new_with_free_func(
		(GDestroyNotify)g_ptr_array_unref);
	rows->all = g_ptr_array_new();
	rows->by_buyer =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
				      (GDestroyNotify)g_ptr_array_unref);
	for (int state = STORE_DELIVERED; state <= STORE_EXPIRED; state++) {
		const struct store_query query = { .state = state,
						   .since_us =
							   now_us - DRIFT_US,
						   .limit = ROWS_MAX };
		GPtrArray *list = store_list(store, &query, error);

		if (!list)
			return FALSE;
		g_ptr_array_add(rows->lists, list);
		for (guint i = 0; i < list->len; i++)
			add_row(rows, list->pdata[i]);
	}
	return TRUE;
}

static void
rows_clear(struct rows *rows)
{
	g_hash_table_unref(rows->by_buyer);
	g_ptr_array_unref(rows->all);
	g_ptr_array_unref(rows->lists);
}

/* Of the buyer's own relevance model, where it can be read. */
static struct card *
own_card(const char *models, const char *buyer)
{
	g_autofree char *path = NULL;

	if (!models || !promotion_name_valid(buyer))
		return NULL;
	path = g_build_filename(models, PROMOTION_BUYERS, buyer,
				model_kinds[MODEL_RELEVANCE], "card.yaml",
				NULL);
	return card_load(path, NULL);
}

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

gboolean
drifts_is_out(const struct drifts_entry *entry)
{
	return entry->drift.outreach.out || entry->drift.relevance.out;
}

static void
add_all(GPtrArray *entries, const struct rows *rows, gint64 now_us)
{
	struct drifts_entry *entry = g_new0(struct drifts_entry, 1);

	drift_check(rows->all, NULL, now_us, &entry->drift);
	g_ptr_array_add(entries, entry);
}

static void
add_buyer(GPtrArray *entries, const GPtrArray *rows, const char *buyer,
	  const char *models, gint64 now_us)
{
	struct drifts_entry *entry = g_new0(struct drifts_entry, 1);
	g_autoptr(Card) card = own_card(models, buyer);

	entry->buyer = g_strdup(buyer);
	drift_check(rows, card, now_us, &entry->drift);
	if (drifts_is_out(entry))
		g_ptr_array_add(entries, entry);
	else
		entry_free(entry);
}

static void
add_buyers(GPtrArray *entries, const struct rows *rows, const char *models,
	   gint64 now_us)
{
	GList *names = g_hash_table_get_keys(rows->by_buyer);

	names = g_list_sort(names, by_name);
	for (const GList *at = names; at; at = at->next)
		add_buyer(entries,
			  g_hash_table_lookup(rows->by_buyer, at->data),
			  at->data, models, now_us);
	g_list_free(names);
}

GPtrArray *
drifts_find(struct store *store, const char *models, gint64 now_us,
	    GError **error)
{
	GPtrArray *entries = NULL;
	struct rows rows;

	if (rows_read(&rows, store, now_us, error)) {
		entries = g_ptr_array_new_with_free_func(entry_free);
		add_all(entries, &rows, now_us);
		add_buyers(entries, &rows, models, now_us);
	}
	rows_clear(&rows);
	return entries;
}

char *
drifts_text(const struct drift_figure *figure)
{
	char value[16];
	char low[16];
	char high[16];

	return g_strdup_printf("%s in the last week, and between %s and %s "
			       "before",
			       print_share(figure->value, value),
			       print_share(MAX(figure->low, 0), low),
			       print_share(MIN(figure->high, 1), high));
}

static json_t *
json_figure(const struct drift_figure *figure)
{
	json_t *object = json_object();

	json_object_set_new(object, "value", print_json_number(figure->value));
	json_object_set_new(object, "low", print_json_number(figure->low));
	json_object_set_new(object, "high", print_json_number(figure->high));
	json_object_set_new(object, "out", json_boolean(figure->out));
	return object;
}

json_t *
drifts_json(const struct drifts_entry *entry)
{
	json_t *object = json_object();

	json_object_set_new(object, "buyer",
			    entry->buyer ? print_json_text(entry->buyer)
					 : json_null());
	json_object_set_new(object, "judged", json_integer(entry->drift.n));
	json_object_set_new(object, "outreach",
			    json_figure(&entry->drift.outreach));
	json_object_set_new(object, "relevance",
			    json_figure(&entry->drift.relevance));
	return object;
}
