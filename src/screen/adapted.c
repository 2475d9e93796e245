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

static struct adapter *
keep(struct snapshot *snapshot, struct adapter *adapter, enum model_kind kind)
{
	if (adapter != NULL && fits(adapter, snapshot, kind)) {
		g_ptr_array_add(snapshot->adapters, adapter);
		return adapter;
	}
	adapter_free(adapter);
	return NULL;
}

static void
load_own(struct snapshot *snapshot, const char *folder, struct buyer *buyer)
{
	for (guint kind = 0; kind < G_N_ELEMENTS(buyer->adapted); kind++) {
		g_autofree char *own = g_build_filename(
			folder, PROMOTION_BUYERS, buyer->profile->id,
			model_kinds[kind], NULL);

		if (g_file_test(own, G_FILE_TEST_IS_DIR))
			buyer->adapted[kind] =
				keep(snapshot, adapter_load(own, NULL),
				     (enum model_kind)kind);
	}
}

/* Of two teams the one that names the buyer goes before the one of all. */
static gboolean
team_has(const struct adapter *adapter, const struct buyer *buyer,
	 gboolean by_name)
{
	const struct card_adapts *adapts = &adapter_card(adapter)->adapts;

	if (!by_name)
		return strcmp(adapts->whose, PROMOTION_ALL) == 0;
	return adapts->members != NULL &&
	       g_strv_contains((const char *const *)adapts->members,
			       buyer->profile->id);
}

static void
team_serve(struct snapshot *snapshot, const struct adapter *adapter,
	   enum model_kind kind, gboolean by_name)
{
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		struct buyer *buyer = snapshot->buyers->pdata[i];

		if (buyer->adapted[kind] == NULL &&
		    team_has(adapter, buyer, by_name))
			buyer->adapted[kind] = adapter;
	}
}

static void
load_teams(struct snapshot *snapshot, const char *folder, enum model_kind kind)
{
	g_autofree char *teams =
		g_build_filename(folder, PROMOTION_TEAMS, NULL);
	g_autoptr(GPtrArray) names = file_names(teams);
	g_autoptr(GPtrArray) loaded = g_ptr_array_new();

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *own = g_build_filename(
			teams, names->pdata[i], model_kinds[kind], NULL);
		struct adapter *adapter =
			g_file_test(own, G_FILE_TEST_IS_DIR)
				? keep(snapshot, adapter_load(own, NULL), kind)
				: NULL;

		if (adapter != NULL)
			g_ptr_array_add(loaded, adapter);
	}
	for (guint pass = 0; pass < 2; pass++)
		for (guint i = 0; i < loaded->len; i++)
			team_serve(snapshot, loaded->pdata[i], kind, pass == 0);
}

static void
name_models(const struct snapshot *snapshot, struct buyer *buyer)
{
	GString *ids = g_string_new(snapshot->models);

	for (guint kind = 0; kind < G_N_ELEMENTS(buyer->adapted); kind++)
		if (buyer->adapted[kind] != NULL)
			g_string_append_printf(
				ids, "+%s",
				adapter_card(buyer->adapted[kind])->id);
	buyer->models = g_string_free(ids, FALSE);
}

void
adapted_load(struct snapshot *snapshot, const char *folder)
{
	snapshot->adapters = g_ptr_array_new_with_free_func(adapter_destroy);
	for (guint i = 0; i < snapshot->buyers->len; i++)
		load_own(snapshot, folder, snapshot->buyers->pdata[i]);
	load_teams(snapshot, folder, MODEL_OUTREACH);
	load_teams(snapshot, folder, MODEL_RELEVANCE);
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
