#include <math.h>
#include <string.h>

#include "group_private.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/stem.h"
#include "text/words.h"

/* Of one text; a profile's own limits are lower. */
#define WORDS_MAX 4096

/* One stem of a priority or refusal. */
struct part {
	guint stem; /* its number */
	double weight;
};

struct group_alike {
	GHashTable *stems;   /* text -> number + 1 */
	GArray *having;	     /* guint: priorities that have the stem */
	GHashTable *vectors; /* priority or refusal -> GArray of struct part, by
				stem; of length 1 */
	GHashTable *names;   /* of a refusal its name's stems, of a priority
				those of its name and keywords */
	GHashTable *texts;   /* a text -> its stems */
};

static guint
stem_number(struct group_alike *alike, const char *text, gsize len)
{
	g_autofree char *stem = g_strndup(text, len);
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(alike->stems, stem));
	const guint none = 0;

	if (n > 0)
		return n - 1;
	g_array_append_val(alike->having, none);
	g_hash_table_insert(alike->stems, g_steal_pointer(&stem),
			    GUINT_TO_POINTER(alike->having->len));
	return alike->having->len - 1;
}

/* Adds the stems of a text, each as often as it is there times `weight`. */
static void
add_text(struct group_alike *alike, const char *text, double weight,
	 GHashTable *counts)
{
	g_autofree char *folded = text_fold(text, strlen(text), NULL);
	g_autoptr(GArray) words =
		words_split(folded, strlen(folded), WORDS_MAX);
	const char *language = language_detect(folded, words);
	g_autoptr(Stemmer) stemmer = stemmer_new(language);

	for (guint i = 0; i < words->len; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		const char *at = folded + word->at;
		gsize len;
		const char *stem;
		double *count;
		gpointer key;

		if (stop_word(language, at, word->len))
			continue;
		stem = stemmer_stem(stemmer, at, word->len, &len);
		key = GUINT_TO_POINTER(stem_number(alike, stem, len));
		count = g_hash_table_lookup(counts, key);
		if (!count) {
			count = g_new0(double, 1);
			g_hash_table_insert(counts, key, count);
		}
		*count += weight;
	}
}

static GHashTable *
counts_new(void)
{
	return g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

static gint
by_stem(gconstpointer a, gconstpointer b)
{
	const struct part *left = a;
	const struct part *right = b;

	return left->stem < right->stem ? -1 : left->stem > right->stem;
}

static void
add_vector(struct group_alike *alike, gpointer of, GHashTable *counts)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct part));
	GHashTableIter iter;
	gpointer key;
	gpointer value;

	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct part part = { GPOINTER_TO_UINT(key),
					   *(const double *)value };

		g_array_append_val(parts, part);
	}
	g_array_sort(parts, by_stem);
	g_hash_table_insert(alike->vectors, of, parts);
}

static void
add_words(struct group_alike *alike, const char *name, const char *about,
	  char *const *keywords, GHashTable *counts)
{
	add_text(alike, name, 2, counts);
	add_text(alike, about, 1, counts);
	for (; keywords && *keywords; keywords++)
		add_text(alike, *keywords, 1, counts);
}

static gint
by_number(gconstpointer a, gconstpointer b)
{
	const guint left = *(const guint *)a;
	const guint right = *(const guint *)b;

	return left < right ? -1 : left > right;
}

/* The stems that were counted, by number. */
static GArray *
stems_of(GHashTable *counts)
{
	GArray *stems = g_array_new(FALSE, FALSE, sizeof(guint));
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const guint stem = GPOINTER_TO_UINT(key);

		g_array_append_val(stems, stem);
	}
	g_array_sort(stems, by_number);
	return stems;
}

static void
add_name(struct group_alike *alike, gpointer of, const char *name,
	 char *const *keywords)
{
	g_autoptr(GHashTable) counts = counts_new();

	add_words(alike, name, "", keywords, counts);
	g_hash_table_insert(alike->names, of, stems_of(counts));
}

static void
add_priority(struct group_alike *alike, struct profile_priority *priority)
{
	g_autoptr(GHashTable) counts = counts_new();
	GHashTableIter iter;
	gpointer key;

	add_words(alike, priority->name, priority->about, priority->keywords,
		  counts);
	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		g_array_index(alike->having, guint, GPOINTER_TO_UINT(key))++;
	add_vector(alike, priority, counts);
	add_name(alike, priority, priority->name, priority->keywords);
}

static void
add_refusal(struct group_alike *alike, struct profile_refusal *refusal)
{
	g_autoptr(GHashTable) counts = counts_new();

	add_words(alike, refusal->name, refusal->about, refusal->keywords,
		  counts);
	add_vector(alike, refusal, counts);
	add_name(alike, refusal, refusal->name, NULL);
}

static void
add_member(struct group_alike *alike, const struct group_request *request,
	   const struct group_member *member)
{
	const struct profile *profile =
		group_profile(request->profiles, member);

	if (profile && group_sees(request, member, GROUP_PRIORITIES))
		for (guint i = 0; i < profile->priorities->len; i++)
			add_priority(alike, profile->priorities->pdata[i]);
	if (profile && group_sees(request, member, GROUP_REFUSALS))
		for (guint i = 0; i < profile->refusals->len; i++)
			add_refusal(alike, profile->refusals->pdata[i]);
}

/* A stem that every priority has counts little, but counts. */
static void
weigh(const struct group_alike *alike, GArray *parts, guint priorities)
{
	double square = 0;

	for (guint i = 0; i < parts->len; i++) {
		struct part *part = &g_array_index(parts, struct part, i);
		const guint having =
			g_array_index(alike->having, guint, part->stem);

		part->weight *= log(1 + (double)MAX(priorities, 1) /
						(double)MAX(having, 1));
		square += part->weight * part->weight;
	}
	for (guint i = 0; square > 0 && i < parts->len; i++)
		g_array_index(parts, struct part, i).weight /= sqrt(square);
}

static guint
count_priorities(const struct group_request *request)
{
	guint n = 0;

	for (guint i = 0; i < request->group->members->len; i++) {
		const struct group_member *member =
			request->group->members->pdata[i];
		const struct profile *profile =
			group_profile(request->profiles, member);

		if (profile && group_sees(request, member, GROUP_PRIORITIES))
			n += profile->priorities->len;
	}
	return n;
}

static void
vector_free(gpointer data)
{
	g_array_unref(data);
}

struct group_alike *
group_alike_new(const struct group_request *request)
{
	struct group_alike *alike = g_new0(struct group_alike, 1);
	const guint n = count_priorities(request);
	GHashTableIter iter;
	gpointer parts;

	alike->stems =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	alike->having = g_array_new(FALSE, FALSE, sizeof(guint));
	alike->vectors = g_hash_table_new_full(NULL, NULL, NULL, vector_free);
	alike->names = g_hash_table_new_full(NULL, NULL, NULL, vector_free);
	alike->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     vector_free);
	for (guint i = 0; i < request->group->members->len; i++)
		add_member(alike, request, request->group->members->pdata[i]);
	g_hash_table_iter_init(&iter, alike->vectors);
	while (g_hash_table_iter_next(&iter, NULL, &parts))
		weigh(alike, parts, n);
	return alike;
}

void
group_alike_free(struct group_alike *alike)
{
	if (!alike)
		return;
	g_hash_table_unref(alike->stems);
	g_array_unref(alike->having);
	g_hash_table_unref(alike->vectors);
	g_hash_table_unref(alike->names);
	g_hash_table_unref(alike->texts);
	g_free(alike);
}

double
group_alike_of(const struct group_alike *alike, gconstpointer a,
	       gconstpointer b)
{
	const GArray *left = g_hash_table_lookup(alike->vectors, a);
	const GArray *right = g_hash_table_lookup(alike->vectors, b);
	double product = 0;
	guint i = 0;
	guint j = 0;

	while (left && right && i < left->len && j < right->len) {
		const struct part *x = &g_array_index(left, struct part, i);
		const struct part *y = &g_array_index(right, struct part, j);

		if (x->stem == y->stem)
			product += x->weight * y->weight;
		i += x->stem <= y->stem;
		j += y->stem <= x->stem;
	}
	return product;
}

/* Whether all of `wanted`, one at least, are in `stems`. */
static gboolean
all_within(const GArray *wanted, const GArray *stems)
{
	guint j = 0;

	for (guint i = 0; wanted && stems && i < wanted->len; i++) {
		const guint stem = g_array_index(wanted, guint, i);

		while (j < stems->len && g_array_index(stems, guint, j) < stem)
			j++;
		if (j == stems->len || g_array_index(stems, guint, j) != stem)
			return FALSE;
	}
	return wanted && stems && wanted->len > 0;
}

gboolean
group_alike_named(const struct group_alike *alike,
		  const struct profile_refusal *refusal,
		  const struct profile_priority *priority)
{
	return all_within(g_hash_table_lookup(alike->names, refusal),
			  g_hash_table_lookup(alike->names, priority));
}

static const GArray *
text_stems(struct group_alike *alike, const char *text)
{
	GArray *stems = g_hash_table_lookup(alike->texts, text);
	g_autoptr(GHashTable) counts = NULL;

	if (stems)
		return stems;
	counts = counts_new();
	add_text(alike, text, 1, counts);
	stems = stems_of(counts);
	g_hash_table_insert(alike->texts, g_strdup(text), stems);
	return stems;
}

gboolean
group_alike_said(struct group_alike *alike,
		 const struct profile_refusal *refusal, const char *text)
{
	return all_within(g_hash_table_lookup(alike->names, refusal),
			  text_stems(alike, text));
}
