/*
 * Any bytes as an imprint: what is taken is what packing makes again, and
 * everything in it is within its bounds.
 */
#include <glib.h>
#include <math.h>
#include <stdint.h>

#include "features/relevance.h"
#include "model/imprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct imprint *imprint)
{
	guint64 last = 0;

	g_assert(imprint->n_stems <= IMPRINT_STEMS_MAX);
	for (guint i = 0; i < imprint->n_stems; i++) {
		g_assert(imprint->stems[i].bucket < TERM_BUCKETS);
		g_assert(i == 0 || imprint->stems[i].bucket > last);
		g_assert(imprint->stems[i].count > 0);
		last = imprint->stems[i].bucket;
	}
	g_assert(imprint->n_dense <= OUTREACH_DENSE_MAX);
	for (guint i = 0; i < imprint->likeness.n; i++) {
		g_assert(imprint->likeness.items[i].index < RELEVANCE_SIZE);
		g_assert(isfinite(imprint->likeness.items[i].value));
	}
	g_assert(isfinite(imprint->outreach.logit));
	g_assert(isfinite(imprint->relevance.logit));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GBytes) again = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Imprint) imprint = imprint_unpack(bytes, &error);

	g_assert((imprint == NULL) == (error != NULL));
	if (imprint == NULL)
		return 0;
	check(imprint);
	again = imprint_pack(imprint);
	g_assert(g_bytes_equal(bytes, again));
	return 0;
}
