#include "adapted_private.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "model/imprint.h"
#include "model/promotion.h"
#include "reason_private.h"

#define NAMED_MAX 6

/* One stem of the message and what it adds. */
struct share {
	guint32 bucket;
	double value;
	double weight;
};

static void
adapter_destroy(gpointer data)
{
	adapter_free(data);
}

static gboolean
fits(const struct adapter *adapter, const struct snapshot *snapshot,
     enum model_kind kind)
{
	const struct card *card = adapter_card(adapter);

	return card->kind == kind &&
	       strcmp(card->adapts.starters, snapshot->models) == 0;
}

/* While adapters are being read. */
struct loading {
	struct snapshot *snapshot;
	const struct snapshot *before; /* or NULL */
	const char *folder;
};

/*
 * What a place leads to, if that is a version on the shelf, which never
 * changes. NULL: it is no link, or one that somebody made to elsewhere. The
 * caller's.
 */
static char *
shelf_key(const char *place)
{
	static const char shelf[] = "../../" PROMOTION_SHELF "/";
	g_autofree char *link = g_file_read_link(place, NULL);

	if (link == NULL || !g_str_has_prefix(link, shelf) ||
	    strchr(link + strlen(shelf), '/') != NULL)
		return NULL;
	return g_steal_pointer(&link);
}

static struct adapter *
load_place(const struct loading *loading, const char *place, const char *key)
{
	struct adapter *known =
		key != NULL && loading->before != NULL &&
				strcmp(loading->before->models_folder,
				       loading->folder) == 0
			? g_hash_table_lookup(loading->before->shelf, key)
			: NULL;

	return known != NULL ? adapter_ref(known) : adapter_load(place, NULL);
}

static struct adapter *
keep(const struct loading *loading, const char *place, enum model_kind kind)
{
	struct snapshot *snapshot = loading->snapshot;
	g_autofree char *key = shelf_key(place);
	struct adapter *adapter = load_place(loading, place, key);

	if (adapter != NULL && fits(adapter, snapshot, kind)) {
		g_ptr_array_add(snapshot->adapters, adapter);
		if (key != NULL)
			g_hash_table_insert(snapshot->shelf,
					    g_steal_pointer(&key), adapter);
		return adapter;
	}
	adapter_free(adapter);
	return NULL;
}

static void
load_own(const struct loading *loading, struct buyer *buyer)
{
	for (guint kind = 0; kind < G_N_ELEMENTS(buyer->adapted); kind++) {
		g_autofree char *own = g_build_filename(
			loading->folder, PROMOTION_BUYERS, buyer->profile->id,
			model_kinds[kind], NULL);

		if (g_file_test(own, G_FILE_TEST_IS_DIR))
			buyer->adapted[kind] =
				keep(loading, own, (enum model_kind)kind);
	}
}

static void
load_buyers(const struct loading *loading)
{
	g_autofree char *buyers =
		g_build_filename(loading->folder, PROMOTION_BUYERS, NULL);
	g_autoptr(GPtrArray) names = file_names(buyers);

	for (guint i = 0; i < names->len; i++) {
		struct buyer *buyer = g_hash_table_lookup(
			loading->snapshot->by_id, names->pdata[i]);

		if (buyer != NULL)
			load_own(loading, buyer);
	}
}

static void
serve_everybody(struct snapshot *snapshot, const struct adapter *adapter,
		enum model_kind kind)
{
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		struct buyer *buyer = snapshot->buyers->pdata[i];

		if (buyer->adapted[kind] == NULL)
			buyer->adapted[kind] = adapter;
	}
}

static void
serve_members(struct snapshot *snapshot, const struct adapter *adapter,
	      enum model_kind kind)
{
	char *const *members = adapter_card(adapter)->adapts.members;

	for (; members != NULL && *members != NULL; members++) {
		struct buyer *buyer =
			g_hash_table_lookup(snapshot->by_id, *members);

		if (buyer != NULL && buyer->adapted[kind] == NULL)
			buyer->adapted[kind] = adapter;
	}
}

static gboolean
is_of_all(const struct adapter *adapter)
{
	return strcmp(adapter_card(adapter)->adapts.whose, PROMOTION_ALL) == 0;
}

static void
load_teams(const struct loading *loading, enum model_kind kind)
{
	g_autofree char *teams =
		g_build_filename(loading->folder, PROMOTION_TEAMS, NULL);
	g_autoptr(GPtrArray) names = file_names(teams);
	g_autoptr(GPtrArray) loaded = g_ptr_array_new();

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *own = g_build_filename(
			teams, names->pdata[i], model_kinds[kind], NULL);
		struct adapter *adapter = g_file_test(own, G_FILE_TEST_IS_DIR)
						  ? keep(loading, own, kind)
						  : NULL;

		if (adapter != NULL)
			g_ptr_array_add(loaded, adapter);
	}
	/* Of two teams the one that names the buyer goes before that of all. */
	for (guint i = 0; i < loaded->len; i++)
		serve_members(loading->snapshot, loaded->pdata[i], kind);
	for (guint i = 0; i < loaded->len; i++)
		if (is_of_all(loaded->pdata[i]))
			serve_everybody(loading->snapshot, loaded->pdata[i],
					kind);
}

static void
name_models(const struct snapshot *snapshot, struct buyer *buyer)
{
	g_autoptr(GString) ids = NULL;

	if (buyer->adapted[MODEL_OUTREACH] == NULL &&
	    buyer->adapted[MODEL_RELEVANCE] == NULL) {
		buyer->models = g_ref_string_acquire(snapshot->models);
		return;
	}
	ids = g_string_new(snapshot->models);
	for (guint kind = 0; kind < G_N_ELEMENTS(buyer->adapted); kind++)
		if (buyer->adapted[kind] != NULL)
			g_string_append_printf(
				ids, "+%s",
				adapter_card(buyer->adapted[kind])->id);
	buyer->models = g_ref_string_new(ids->str);
}

void
adapted_load(struct snapshot *snapshot, const char *folder,
	     const struct snapshot *before)
{
	const struct loading loading = { snapshot, before, folder };

	snapshot->adapters = g_ptr_array_new_with_free_func(adapter_destroy);
	snapshot->shelf =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	load_buyers(&loading);
	load_teams(&loading, MODEL_OUTREACH);
	load_teams(&loading, MODEL_RELEVANCE);
	for (guint i = 0; i < snapshot->buyers->len; i++)
		name_models(snapshot, snapshot->buyers->pdata[i]);
}

double
adapted_probability(const struct buyer *buyer, enum model_kind kind,
		    double probability, const struct vector *stems)
{
	if (buyer == NULL || buyer->adapted[kind] == NULL)
		return probability;
	return adapt_probability(adapter_decide(
		buyer->adapted[kind], imprint_logit(probability), stems));
}

/* The first word of the message whose stem is in the bucket; the caller's. */
static char *
word_of(const struct reading_text *text, guint32 bucket)
{
	const guint n = MIN(text->words->len, READING_STEMS_MAX);

	for (guint i = 0; text->stem != NULL && i < n; i++) {
		const struct word *word =
			&g_array_index(text->words, struct word, i);

		if (text->stem[i] != 0 &&
		    term_bucket_word(TERM_STEM, text->stem[i]) == bucket)
			return g_strndup(text->folded + word->at, word->len);
	}
	return NULL;
}

static char *
share_name(const struct reading *reading, guint32 bucket, enum model_kind kind)
{
	g_autofree char *word = word_of(&reading->subject, bucket);

	if (word == NULL)
		word = word_of(&reading->text, bucket);
	return g_strdup_printf("your feedback: stem \"%s\" (%s)",
			       word != NULL ? word : "?", model_kinds[kind]);
}

static gint
by_weight(gconstpointer a, gconstpointer b)
{
	const double x = fabs(((const struct share *)a)->weight);
	const double y = fabs(((const struct share *)b)->weight);

	return (x < y) - (x > y);
}

/* What the stems add, heaviest first. */
static GArray *
shares_of(const struct adapter *adapter, const struct vector *stems)
{
	GArray *shares = g_array_new(FALSE, FALSE, sizeof(struct share));

	for (guint i = 0; i < stems->n; i++) {
		const struct feature *stem = &stems->items[i];
		const struct share share = { stem->index, (double)stem->value,
					     adapter_weight(adapter,
							    stem->index) *
						     (double)stem->value };

		if (share.weight < 0 || share.weight > 0)
			g_array_append_val(shares, share);
	}
	g_array_sort(shares, by_weight);
	return shares;
}

static void
explain_kind(const struct adapter *adapter, enum model_kind kind,
	     const struct reading *reading, const struct vector *stems,
	     GPtrArray *reasons)
{
	g_autoptr(GArray) shares = shares_of(adapter, stems);
	double others = 0;

	for (guint i = 0; i < shares->len; i++) {
		const struct share *share =
			&g_array_index(shares, struct share, i);

		if (i < NAMED_MAX)
			reasons_add(reasons,
				    share_name(reading, share->bucket, kind),
				    share->value, share->weight);
		else
			others += share->weight;
	}
	if (shares->len > NAMED_MAX)
		reasons_add(reasons,
			    g_strdup_printf("your feedback: other stems (%u, "
					    "%s)",
					    shares->len - NAMED_MAX,
					    model_kinds[kind]),
			    shares->len - NAMED_MAX, others);
	reasons_add(
		reasons,
		g_strdup_printf("your feedback: bias (%s)", model_kinds[kind]),
		1, adapter_bias(adapter));
}

void
adapted_explain(const struct buyer *buyer, const struct reading *reading,
		const struct vector *stems, GPtrArray *reasons)
{
	for (guint kind = 0; buyer != NULL && kind < 2; kind++)
		if (buyer->adapted[kind] != NULL)
			explain_kind(buyer->adapted[kind],
				     (enum model_kind)kind, reading, stems,
				     reasons);
}
