/* Which labels count: one for a message, few for a vendor. */
#include <string.h>

#include "model/adapt.h"

/* What was said of one message, by everybody. */
struct said {
	guint n;
	guint positive;
	double logits;
	guint newest; /* place of the newest label, which stands for all */
};

/* Oldest first; of one time as given. */
static int
by_time(gconstpointer a, gconstpointer b)
{
	const struct adapt_label *x = a;
	const struct adapt_label *y = b;

	return (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

static GArray *
sorted(const struct adapt_label *labels, guint n)
{
	GArray *all = g_array_sized_new(FALSE, FALSE,
					sizeof(struct adapt_label), n + 1);

	if (n > 0)
		g_array_append_vals(all, labels, n);
	g_array_sort(all, by_time);
	return all;
}

static GHashTable *
said_of_messages(const GArray *labels)
{
	GHashTable *messages =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (guint i = 0; i < labels->len; i++) {
		const struct adapt_label *label =
			&g_array_index(labels, struct adapt_label, i);
		struct said *said =
			g_hash_table_lookup(messages, label->message);

		if (label->message[0] == '\0')
			continue;
		if (said == NULL) {
			said = g_new0(struct said, 1);
			g_hash_table_insert(messages, g_strdup(label->message),
					    said);
		}
		said->n++;
		said->positive += label->positive ? 1 : 0;
		said->logits += label->logit;
		said->newest = i;
	}
	return messages;
}

/* FALSE: another label stands for this message, or it was a tie. */
static gboolean
stands(const struct said *said, guint place, gboolean team,
       struct adapt_label *label)
{
	if (said == NULL)
		return TRUE;
	if (said->newest != place || (team && said->positive * 2 == said->n))
		return FALSE;
	if (team) {
		label->positive = said->positive * 2 > said->n;
		label->logit = said->logits / said->n;
	}
	return TRUE;
}

/* Counts a vendor's labels; FALSE when it has had its share. */
static gboolean
vendor_may(GHashTable *vendors, const char *vendor)
{
	guint had;

	if (vendor[0] == '\0')
		return TRUE;
	had = GPOINTER_TO_UINT(g_hash_table_lookup(vendors, vendor));
	g_hash_table_insert(vendors, g_strdup(vendor),
			    GUINT_TO_POINTER(had + 1));
	return had < ADAPT_VENDOR_MAX;
}

GArray *
adapt_select(const struct adapt_label *labels, guint n, gboolean team)
{
	g_autoptr(GArray) all = sorted(labels, n);
	g_autoptr(GHashTable) messages = said_of_messages(all);
	g_autoptr(GHashTable) vendors =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GArray *chosen = g_array_new(FALSE, FALSE, sizeof(struct adapt_label));

	/* From the newest, which are the ones to keep. */
	for (guint i = all->len; i-- > 0 && chosen->len < ADAPT_LABELS_MAX;) {
		struct adapt_label label =
			g_array_index(all, struct adapt_label, i);
		const struct said *said =
			label.message[0] != '\0'
				? g_hash_table_lookup(messages, label.message)
				: NULL;

		if (stands(said, i, team, &label) &&
		    vendor_may(vendors, label.vendor))
			g_array_append_val(chosen, label);
	}
	g_array_sort(chosen, by_time);
	return chosen;
}
