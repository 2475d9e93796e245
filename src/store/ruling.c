#include <string.h>

#include "store_private.h"

static const char *const scope_names[] = {
	[STORE_RULING_VENDOR] = "vendor",
	[STORE_RULING_CAMPAIGN] = "campaign",
};

static const char *const word_names[] = {
	[STORE_RULING_WANTED] = "wanted",
	[STORE_RULING_NEVER] = "never",
	[STORE_RULING_NOT_NOW] = "not-now",
};

static int
find_name(const char *const *names, guint n, const char *name)
{
	for (guint i = 0; i < n; i++) {
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	}
	return -1;
}

const char *
store_ruling_scope_name(enum store_ruling_scope scope)
{
	g_assert((guint)scope < G_N_ELEMENTS(scope_names));
	return scope_names[scope];
}

int
store_ruling_scope_parse(const char *word)
{
	return find_name(scope_names, G_N_ELEMENTS(scope_names), word);
}

const char *
store_ruling_word_name(enum store_ruling_word word)
{
	g_assert((guint)word < G_N_ELEMENTS(word_names));
	return word_names[word];
}

int
store_ruling_word_parse(const char *name)
{
	return find_name(word_names, G_N_ELEMENTS(word_names), name);
}

struct store_ruling *
store_ruling_copy(const struct store_ruling *ruling)
{
	struct store_ruling *copy = g_memdup2(ruling, sizeof(*ruling));

	copy->buyer = g_strdup(ruling->buyer);
	copy->subject = g_strdup(ruling->subject);
	copy->by = g_strdup(ruling->by);
	copy->cause = g_strdup(ruling->cause);
	copy->undone_by = g_strdup(ruling->undone_by);
	return copy;
}

void
store_ruling_free(struct store_ruling *ruling)
{
	if (!ruling)
		return;
	g_free(ruling->buyer);
	g_free(ruling->subject);
	g_free(ruling->by);
	g_free(ruling->cause);
	g_free(ruling->undone_by);
	g_free(ruling);
}

gboolean
store_ruling_same(const struct store_ruling *a, const struct store_ruling *b)
{
	return a->scope == b->scope && a->word == b->word &&
	       strcmp(a->subject, b->subject) == 0;
}

static gboolean
is_newer(const struct store_ruling *a, const struct store_ruling *b)
{
	if (a->time_us != b->time_us)
		return a->time_us > b->time_us;
	return strcmp(a->id, b->id) > 0;
}

const struct store_ruling *
store_ruling_foremost(const struct store_ruling *of_vendor,
		      const struct store_ruling *of_campaign)
{
	if (!of_vendor || !of_campaign)
		return of_vendor ? of_vendor : of_campaign;
	return of_vendor->word == STORE_RULING_NEVER &&
			       is_newer(of_vendor, of_campaign)
		       ? of_vendor
		       : of_campaign;
}
