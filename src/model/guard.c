#include "guard_private.h"

#include <stdlib.h>
#include <string.h>

#include "model/golden.h"

#define NAMED_MAX 5

/* One message that would be held. */
struct held {
	const struct sample *sample;
	double probability;
	gboolean relabelled; /* it sells, as its label has it now */
};

static int
by_bucket(const void *a, const void *b)
{
	const guint32 x = *(const guint32 *)a;
	const guint32 y = *(const guint32 *)b;

	return (x > y) - (x < y);
}

/* Of its stems, sorted; each is there once. The caller's. */
static guint32 *
buckets_of(const struct sample *sample, guint *n)
{
	guint32 *buckets = g_new(guint32, sample->terms->len + 1);

	*n = 0;
	for (guint i = 0; i < sample->terms->len; i++) {
		const struct term *term =
			&g_array_index(sample->terms, struct term, i);

		if (term->block == TERM_STEM)
			buckets[(*n)++] = term->bucket;
	}
	qsort(buckets, *n, sizeof buckets[0], by_bucket);
	return buckets;
}

/* An imprint keeps all stems of a message, or the most that there is room
 * for. */
static gboolean
is_of(const struct imprint *imprint, const guint32 *buckets, guint n)
{
	if (n == 0 || imprint->n_stems != MIN(n, IMPRINT_STEMS_MAX))
		return FALSE;
	for (guint i = 0; i < imprint->n_stems; i++)
		if (!bsearch(&imprint->stems[i].bucket, buckets, n,
			     sizeof buckets[0], by_bucket))
			return FALSE;
	return TRUE;
}

static gboolean
is_known(const GPtrArray *golden, const struct sample *sample)
{
	g_autofree guint32 *buckets = NULL;
	guint n;

	if (golden == NULL)
		return FALSE;
	buckets = buckets_of(sample, &n);
	for (guint i = 0; i < golden->len; i++)
		if (is_of(golden->pdata[i], buckets, n))
			return TRUE;
	return FALSE;
}

static void
add_name(GString *text, const struct held *held)
{
	char score[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(score, sizeof score, "%.2f", held->probability);
	g_string_append_printf(text, "%s (%s, %s%s)", held->sample->name, score,
			       held->relabelled ? "now labelled " : "",
			       corpus_kinds[held->sample->kind]);
}

static gboolean
refuse(const GArray *all, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < MIN(all->len, NAMED_MAX); i++) {
		if (i > 0)
			g_string_append(names, ", ");
		add_name(names, &g_array_index(all, struct held, i));
	}
	if (all->len > NAMED_MAX)
		g_string_append_printf(names, " and %u more",
				       all->len - NAMED_MAX);
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_REFUSED,
		    "refused: the new model would hold %u message%s of those "
		    "that must never be held: %s. What serves stays as it is. "
		    "Look at their labels and at mail that is like them; if "
		    "such mail may be held from now on, make the golden set "
		    "again first (train --golden)",
		    all->len, all->len == 1 ? "" : "s", names->str);
	return FALSE;
}

/* Mail that is known by its features alone may lack the terms that tell. */
static gboolean
is_guarded(const struct starter *starter, const struct held *held)
{
	return held->sample->name[0] != '\0' &&
	       held->probability >= GOLDEN_HOLD &&
	       (!held->relabelled || is_known(starter->golden, held->sample));
}

gboolean
guard_allows(const struct starter *starter, const struct training *training,
	     const struct linear *linear, const struct sigmoid *sigmoid,
	     GError **error)
{
	const GPtrArray *samples = starter->samples->samples;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct held));

	for (guint i = 0; i < training->n; i++) {
		const struct sample *sample =
			samples->pdata[training->sample[i]];
		const double decision =
			vector_dot(training->x[i], linear->w, linear->size) +
			linear->bias;
		const struct held held = { sample,
					   sigmoid_apply(sigmoid, decision),
					   corpus_kind_sells(sample->kind) };

		if (is_guarded(starter, &held))
			g_array_append_val(all, held);
	}
	return all->len == 0 || refuse(all, error);
}
