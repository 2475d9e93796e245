/* Imprints: what is packed comes back, and other bytes are refused. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "features/relevance.h"
#include "model/imprint.h"

static struct background *
background_flat(void)
{
	g_autofree guint8 *table = g_malloc(TERM_BUCKETS);
	g_autoptr(GBytes) bytes = NULL;

	for (guint i = 0; i < TERM_BUCKETS; i++)
		table[i] = (guint8)(i % 200);
	bytes = g_bytes_new(table, TERM_BUCKETS);
	return background_new_from_bytes(bytes);
}

/* Every field set; `stems` of them. */
static struct imprint *
imprint_full(guint stems)
{
	g_autoptr(Background) background = background_flat();
	g_autoptr(GArray) terms =
		g_array_new(FALSE, FALSE, sizeof(struct term));
	struct imprint *imprint = imprint_new();
	float dense[OUTREACH_DENSE_MAX];

	for (guint i = 0; i < stems; i++) {
		const struct term term = { (i * 7919) % TERM_BUCKETS,
					   (guint16)(1 + i % 5), TERM_STEM };
		const struct term other = { i, 1, TERM_TEXT };

		g_array_append_val(terms, term);
		g_array_append_val(terms, other);
	}
	for (guint i = 0; i < OUTREACH_DENSE_MAX; i++)
		dense[i] = (float)i / OUTREACH_DENSE_MAX;
	g_free(imprint->models);
	imprint->models = g_strdup("starter-outreach-a+starter-relevance-b");
	g_free(imprint->priority);
	imprint->priority = g_strdup("edr");
	imprint->outreach = (struct imprint_score){ TRUE, 1.25, 3.5 };
	imprint->relevance = (struct imprint_score){ TRUE, -0.5, -1.75 };
	for (guint i = 0; i < RELEVANCE_SIZE; i++)
		vector_add(&imprint->likeness, i, 0.5f + (float)i);
	imprint_set_dense(imprint, dense, OUTREACH_DENSE_MAX);
	imprint_set_stems(imprint, terms, background);
	return imprint;
}

static void
test_round(void)
{
	g_autoptr(Imprint) imprint = imprint_full(60);
	g_autoptr(GBytes) packed = imprint_pack(imprint);
	g_autoptr(GError) error = NULL;
	g_autoptr(Imprint) back = imprint_unpack(packed, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(back->models, ==, imprint->models);
	g_assert_cmpstr(back->priority, ==, "edr");
	g_assert_cmpuint(back->outreach_version, ==, OUTREACH_VERSION);
	g_assert_cmpuint(back->relevance_version, ==, RELEVANCE_VERSION);
	g_assert_true(back->outreach.there && back->relevance.there);
	g_assert_cmpfloat(back->outreach.decision, ==, 1.25);
	g_assert_cmpfloat(back->relevance.logit, ==, -1.75);
	g_assert_cmpuint(back->likeness.n, ==, RELEVANCE_SIZE);
	g_assert_true(memcmp(back->likeness.items, imprint->likeness.items,
			     RELEVANCE_SIZE * sizeof(struct feature)) == 0);
	g_assert_cmpuint(back->n_dense, ==, OUTREACH_DENSE_MAX);
	g_assert_true(memcmp(back->dense, imprint->dense, OUTREACH_DENSE_MAX) ==
		      0);
	g_assert_cmpuint(back->n_stems, ==, 60);
	for (guint i = 0; i < 60; i++) {
		g_assert_cmpuint(back->stems[i].bucket, ==,
				 imprint->stems[i].bucket);
		g_assert_cmpuint(back->stems[i].count, ==,
				 imprint->stems[i].count);
		g_assert_cmpuint(back->stems[i].block, ==, TERM_STEM);
	}
}

static void
test_empty(void)
{
	g_autoptr(Imprint) imprint = imprint_new();
	g_autoptr(GBytes) packed = imprint_pack(imprint);
	g_autoptr(GError) error = NULL;
	g_autoptr(Imprint) back = imprint_unpack(packed, &error);

	g_assert_no_error(error);
	g_assert_false(back->outreach.there || back->relevance.there);
	g_assert_cmpuint(back->n_stems + back->n_dense + back->likeness.n, ==,
			 0);
}

/* A long message keeps its rarest stems, and stays within its size. */
static void
test_long(void)
{
	g_autoptr(Imprint) imprint = imprint_full(800);
	g_autoptr(GBytes) packed = NULL;

	g_assert_cmpuint(imprint->n_stems, ==, IMPRINT_STEMS_MAX);
	/* Of the table's 200 rarities, about the upper half. */
	for (guint i = 0; i < imprint->n_stems; i++) {
		const guint rarity = imprint->stems[i].bucket % 200;

		g_assert_true(rarity == 0 || rarity >= 90);
	}
	g_free(imprint->models);
	imprint->models = g_strnfill(5000, 'm');
	packed = imprint_pack(imprint);
	g_assert_cmpuint(g_bytes_get_size(packed), <=, 2560);
}

static gboolean
taken(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(Imprint) imprint = imprint_unpack(bytes, &error);

	if (imprint == NULL)
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
	return imprint != NULL;
}

static void
test_truncated(void)
{
	g_autoptr(Imprint) imprint = imprint_full(60);
	g_autoptr(GBytes) packed = imprint_pack(imprint);
	gsize size;
	const guint8 *data = g_bytes_get_data(packed, &size);

	for (gsize n = 0; n < size; n++)
		g_assert_false(taken(data, n));
}

/* Whatever is flipped: refused, or something that packs to the same bytes. */
static void
test_flipped(void)
{
	g_autoptr(Imprint) imprint = imprint_full(60);
	g_autoptr(GBytes) packed = imprint_pack(imprint);
	gsize size;
	const guint8 *data = g_bytes_get_data(packed, &size);

	for (gsize at = 0; at < size; at++)
		for (guint bit = 0; bit < 8; bit++) {
			g_autofree guint8 *copy = g_memdup2(data, size);
			g_autoptr(GBytes) bytes = NULL;
			g_autoptr(Imprint) back = NULL;

			copy[at] = (guint8)(copy[at] ^ 1u << bit);
			bytes = g_bytes_new(copy, size);
			back = imprint_unpack(bytes, NULL);
			if (back != NULL) {
				g_autoptr(GBytes) again = imprint_pack(back);

				g_assert_true(g_bytes_equal(again, bytes));
			}
		}
}

static void
test_hostile(void)
{
	static const struct {
		const char *name;
		guint8 data[8];
		gsize size;
	} cases[] = {
		{ "another form", { 2, 1, 1, 0, 0, 0, 0, 0 }, 8 },
		{ "a number without end",
		  { 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
		  8 },
		{ "a number longer than needed", { 0x81, 0x00, 1, 0 }, 4 },
		{ "a text past the end", { 1, 1, 1, 200, 'x' }, 5 },
		{ "nothing", { 0 }, 0 },
	};
	g_autofree guint8 *huge = g_malloc0(IMPRINT_SIZE_MAX + 1);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		if (taken(cases[i].data, cases[i].size))
			g_error("taken: %s", cases[i].name);
	g_assert_false(taken(huge, IMPRINT_SIZE_MAX + 1));
}

/* What only packing otherwise would have made is refused. */
static void
test_one_form(void)
{
	g_autoptr(Imprint) imprint = imprint_new();
	g_autoptr(GBytes) packed = imprint_pack(imprint);
	g_autoptr(GByteArray) longer = g_byte_array_new();
	g_autoptr(GBytes) twice = NULL;
	static const guint8 one[] = { 0x81, 0x00 };
	gsize size;
	const guint8 *data = g_bytes_get_data(packed, &size);

	/* The form's number in two bytes. */
	g_byte_array_append(longer, one, sizeof(one));
	g_byte_array_append(longer, data + 1, (guint)size - 1);
	g_assert_true(taken(data, size));
	g_assert_false(taken(longer->data, longer->len));
	/* A stem that stands twice. */
	imprint->stems = g_new0(struct term, 2);
	imprint->n_stems = 2;
	imprint->stems[0] = imprint->stems[1] =
		(struct term){ 7, 1, TERM_STEM };
	twice = imprint_pack(imprint);
	data = g_bytes_get_data(twice, &size);
	g_assert_false(taken(data, size));
}

static void
test_logit(void)
{
	g_assert_cmpfloat(imprint_logit(0.5), ==, 0);
	g_assert_true(isfinite(imprint_logit(0)));
	g_assert_true(isfinite(imprint_logit(1)));
	g_assert_cmpfloat_with_epsilon(imprint_logit(0.9), log(9), 1e-12);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/imprint/comes-back", test_round);
	g_test_add_func("/imprint/empty", test_empty);
	g_test_add_func("/imprint/long-keeps-the-rarest", test_long);
	g_test_add_func("/imprint/truncated-is-refused", test_truncated);
	g_test_add_func("/imprint/flipped-is-refused-or-whole", test_flipped);
	g_test_add_func("/imprint/hostile-is-refused", test_hostile);
	g_test_add_func("/imprint/one-form-only", test_one_form);
	g_test_add_func("/imprint/logit-is-finite", test_logit);
	return g_test_run();
}
