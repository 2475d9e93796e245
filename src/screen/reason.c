#include <jansson.h>
#include <math.h>

#include "features/outreach.h"
#include "reason_private.h"

/* Of a probability as many decimals as reasons_format() leaves. */
#define ROUND 1e6

static struct reason *
reason_new(char *name, double value, double weight)
{
	struct reason *reason = g_new(struct reason, 1);

	reason->name = name;
	reason->value = value;
	reason->weight = weight;
	return reason;
}

void
reason_free(struct reason *reason)
{
	if (!reason)
		return;
	g_free(reason->name);
	g_free(reason);
}

static void
reason_destroy(gpointer data)
{
	reason_free(data);
}

/* By name where weights are equal, so that the order is always the same. */
static gint
reason_compare(gconstpointer a, gconstpointer b)
{
	const struct reason *left = *(struct reason *const *)a;
	const struct reason *right = *(struct reason *const *)b;
	const double l = fabs(left->weight);
	const double r = fabs(right->weight);

	if (l != r)
		return l < r ? 1 : -1;
	return g_strcmp0(left->name, right->name);
}

/* One index of a vector and what it adds to the decision value. */
struct share {
	guint32 index;
	float value;
	double weight;
};

/* What a vector's indices add, the heaviest of them by themselves. */
struct shares {
	struct share top[REASONS_MAX]; /* heaviest first */
	guint kept;
	guint n;       /* all that weigh anything */
	double sum;    /* of all */
	double others; /* of all but the top */
};

/* Puts a share in its place in the top; what falls out is one of the others. */
static void
shares_add(struct shares *shares, struct share share)
{
	guint i;

	shares->n++;
	shares->sum += share.weight;
	if (shares->kept < REASONS_MAX) {
		i = shares->kept++;
	} else if (fabs(share.weight) >
		   fabs(shares->top[REASONS_MAX - 1].weight)) {
		i = REASONS_MAX - 1;
		shares->others += shares->top[i].weight;
	} else {
		shares->others += share.weight;
		return;
	}
	for (; i > 0 && fabs(shares->top[i - 1].weight) < fabs(share.weight);
	     i--)
		shares->top[i] = shares->top[i - 1];
	shares->top[i] = share;
}

/* Vectors may name an index more than once: their values count together. */
static void
shares_collect(const struct reason_source *source, struct shares *shares)
{
	struct vector vector = { NULL, 0, 0 };

	for (guint i = 0; i < source->vector->n; i++)
		vector_add(&vector, source->vector->items[i].index,
			   source->vector->items[i].value);
	vector_sort(&vector);
	for (guint i = 0; i < vector.n; i++) {
		const struct feature *item = &vector.items[i];
		const struct share share = {
			.index = item->index,
			.value = item->value,
			.weight = model_weight(source->model, item->index) *
				  (double)item->value,
		};

		if (share.weight != 0)
			shares_add(shares, share);
	}
	vector_clear(&vector);
}

static GHashTable *
top_names(const struct reason_source *source, const struct shares *shares)
{
	guint32 indices[REASONS_MAX];

	if (!source->reading)
		return NULL;
	for (guint i = 0; i < shares->kept; i++)
		indices[i] = shares->top[i].index;
	return outreach_names_of(source->reading, indices, shares->kept);
}

static char *
term_name(const struct reason_source *source, GHashTable *names, guint index)
{
	const char *name = NULL;

	if (names)
		name = g_hash_table_lookup(names, GUINT_TO_POINTER(index));
	if (!name)
		name = source->name(index);
	if (name)
		return g_strdup_printf("%s: %s", source->prefix, name);
	return g_strdup_printf("%s: term %u", source->prefix, index);
}

static void
source_collect(const struct reason_source *source, GPtrArray *named,
	       GPtrArray *rest)
{
	struct shares shares = { .n = 0 };
	g_autoptr(GHashTable) names = NULL;
	double bias;

	shares_collect(source, &shares);
	names = top_names(source, &shares);
	for (guint i = 0; i < shares.kept; i++) {
		const struct share *share = &shares.top[i];

		g_ptr_array_add(
			named,
			reason_new(term_name(source, names, share->index),
				   (double)share->value, share->weight));
	}
	if (shares.n > shares.kept) {
		const guint n = shares.n - shares.kept;
		char *name = g_strdup_printf("%s: other terms (%u)",
					     source->prefix, n);

		g_ptr_array_add(rest, reason_new(name, n, shares.others));
	}
	bias = source->decision - shares.sum;
	if (bias != 0) {
		char *name = g_strdup_printf("%s: bias", source->prefix);

		g_ptr_array_add(rest, reason_new(name, 1, bias));
	}
}

GPtrArray *
reasons_collect(const struct reason_source *sources, guint n)
{
	GPtrArray *named = g_ptr_array_new_with_free_func(reason_destroy);
	GPtrArray *rest = g_ptr_array_new_with_free_func(reason_destroy);

	for (guint i = 0; i < n; i++)
		source_collect(&sources[i], named, rest);
	g_ptr_array_sort(named, reason_compare);
	g_ptr_array_extend_and_steal(named, rest);
	return named;
}

void
reasons_note(GPtrArray **reasons, char *name, double value)
{
	if (!*reasons)
		*reasons = g_ptr_array_new_with_free_func(reason_destroy);
	g_ptr_array_insert(*reasons, 0, reason_new(name, value, 0));
}

void
reasons_add(GPtrArray *reasons, char *name, double value, double weight)
{
	g_ptr_array_add(reasons, reason_new(name, value, weight));
}

double
reason_round(double probability)
{
	return rint(probability * ROUND) / ROUND;
}

double
reasons_find(const char *json, const char *prefix)
{
	json_t *list = json ? json_loads(json, 0, NULL) : NULL;
	double value = -1;

	for (size_t i = 0; value < 0 && i < json_array_size(list); i++) {
		const json_t *reason = json_array_get(list, i);
		const char *name =
			json_string_value(json_object_get(reason, "name"));

		if (name && g_str_has_prefix(name, prefix))
			value = json_number_value(
				json_object_get(reason, "value"));
	}
	json_decref(list);
	return value;
}
