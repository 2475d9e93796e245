/* Vendors that other vendors name in their mail. */
#include <string.h>

#include "base/clock.h"
#include "insight_private.h"

#define WORDS_MAX    4 /* of a name */
#define NAME_MIN     4 /* bytes of a name that stands for itself */
#define EVIDENCE_MAX 3

/*
 * Who can be named: vendors that wrote to the buyer, and those a person wrote a
 * name of. By domain or by that name anywhere; by the first label of the domain
 * only where it is written as a name is, large and not where a sentence begins:
 * "gather.com" is not named by "Gather the team", nor by "to gather".
 */
struct names {
	const struct insight_world *world;
	struct insight *insight;
	GHashTable *exact; /* lower case, words with a blank between -> card */
	GHashTable *capital; /* lower case -> card */
	GHashTable *found;   /* card -> struct named */
};
typedef struct names Names;

/* Where a card was named, in the brief's time. */
struct named {
	GHashTable *vendors; /* cards that named it -> how often */
	GPtrArray *messages; /* ids, one a vendor */
	GHashTable *priorities;
	guint n;
};

static void
named_free(gpointer data)
{
	struct named *named = data;

	g_hash_table_unref(named->vendors);
	g_hash_table_unref(named->priorities);
	g_ptr_array_unref(named->messages);
	g_free(named);
}

static void
names_clear(struct names *names)
{
	g_hash_table_unref(names->exact);
	g_hash_table_unref(names->capital);
	g_hash_table_unref(names->found);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Names, names_clear)

static void
learn_domain(struct names *names, const char *domain, const char *card)
{
	g_autofree char *label = g_strndup(domain, strcspn(domain, "."));

	g_hash_table_insert(names->exact, g_strdup(domain), g_strdup(card));
	if (strlen(label) >= NAME_MIN)
		g_hash_table_insert(names->capital, g_strdup(label),
				    g_strdup(card));
}

/* A name in ordinary words is no name that can be told from them. */
static void
learn_name(struct names *names, const char *card)
{
	const char *name = insight_name(names->world, card);
	g_autofree char *lower = g_utf8_strdown(name, -1);

	if (strcmp(name, card) == 0 || strlen(name) < NAME_MIN)
		return;
	if (strchr(lower, ' '))
		g_hash_table_insert(names->exact, g_steal_pointer(&lower),
				    g_strdup(card));
	else
		g_hash_table_insert(names->capital, g_steal_pointer(&lower),
				    g_strdup(card));
}

static void
learn(struct names *names)
{
	const GPtrArray *touches = names->world->touches;
	g_autoptr(GHashTable) met = insight_votes_new();

	for (guint i = 0; i < touches->len; i++) {
		const struct insight_touch *touch = touches->pdata[i];

		if (insight_vote(met, touch->vendor) > 1)
			continue;
		learn_domain(names, touch->vendor, touch->card);
		learn_name(names, touch->card);
	}
}

/* --- reading
 * ------------------------------------------------------------------ */

static gboolean
is_word(const char *p)
{
	const gunichar c = g_utf8_get_char(p);

	return g_unichar_isalnum(c) || c == '-' || c == '_' || c == '&';
}

/* A full stop is of a word when the word goes on behind it. */
static gsize
word_len(const char *p)
{
	const char *end = p;

	while (*end && (is_word(end) ||
			(*end == '.' && end > p && end[1] && is_word(end + 1))))
		end = g_utf8_next_char(end);
	return (gsize)(end - p);
}

struct word {
	const char *at;
	gsize len;
	gboolean inner; /* written as a name, not where a sentence begins */
};

static gboolean
is_capital(const char *p)
{
	return g_unichar_isupper(g_utf8_get_char(p));
}

/* `last` is the word before (NULL: none); between them must be a blank, and
 * that word small: headings write every word large. */
static gboolean
is_inner(const char *at, const struct word *last)
{
	const char *between;

	if (!last || !is_capital(at) || is_capital(last->at))
		return FALSE;
	between = last->at + last->len;
	return at - between <= 2 && (*between == ' ' || *between == ',');
}

static GArray *
words_of(const char *text)
{
	GArray *words = g_array_new(FALSE, FALSE, sizeof(struct word));
	const char *p = text;

	while (*p) {
		const gsize len = word_len(p);
		struct word word = { p, len, FALSE };

		if (len == 0) {
			p = g_utf8_next_char(p);
			continue;
		}
		word.inner = is_inner(
			p, words->len > 0 ? &g_array_index(words, struct word,
							   words->len - 1)
					  : NULL);
		g_array_append_val(words, word);
		p += len;
	}
	return words;
}

static struct named *
named_of(struct names *names, const char *card)
{
	struct named *named = g_hash_table_lookup(names->found, card);

	if (named)
		return named;
	named = g_new0(struct named, 1);
	named->vendors = insight_votes_new();
	named->priorities = insight_votes_new();
	named->messages = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_insert(names->found, g_strdup(card), named);
	return named;
}

static void
note(struct names *names, const char *card,
     const struct store_document *document, GHashTable *met)
{
	const char *writer =
		vendor_book_card(names->world->request->book, document->vendor);
	struct named *named;

	if (!card || strcmp(card, writer) == 0 || insight_vote(met, card) > 1)
		return;
	named = named_of(names, card);
	named->n++;
	insight_vote(named->priorities,
		     insight_document_priority(names->world, document));
	if (insight_vote(named->vendors, writer) == 1)
		g_ptr_array_add(named->messages, g_strdup(document->id));
}

/* From that word on: the word itself, then it with those behind. */
static void
look(struct names *names, const GArray *words, guint at,
     const struct store_document *document, GHashTable *met)
{
	const struct word *first = &g_array_index(words, struct word, at);
	g_autoptr(GString) phrase = g_string_new(NULL);

	for (guint i = at; i < words->len && i < at + WORDS_MAX; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		g_autofree char *lower =
			g_utf8_strdown(word->at, (gssize)word->len);

		if (i > at)
			g_string_append_c(phrase, ' ');
		g_string_append(phrase, lower);
		note(names, g_hash_table_lookup(names->exact, phrase->str),
		     document, met);
		if (i == at && first->inner)
			note(names,
			     g_hash_table_lookup(names->capital, phrase->str),
			     document, met);
	}
}

static void
read_document(struct names *names, const struct store_document *document)
{
	g_autoptr(GArray) words = words_of(document->text);
	g_autoptr(GHashTable) met = insight_votes_new();

	for (guint i = 0; i < words->len; i++)
		look(names, words, i, document, met);
}

/* --- telling
 * ------------------------------------------------------------------ */

/* "a.com, b.com and c.com", three at most. */
static char *
list(GHashTable *vendors)
{
	g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(vendors),
					    (GCompareFunc)strcmp);
	const guint total = g_hash_table_size(vendors);
	GString *out = g_string_new(NULL);
	guint n = 0;

	for (const GList *at = keys; at && n < 3; at = at->next, n++)
		g_string_append_printf(out, "%s%s",
				       n == 0		? ""
				       : n + 1 == total ? " and "
							: ", ",
				       (const char *)at->data);
	if (total > n)
		g_string_append_printf(out, " and %u more", total - n);
	return g_string_free(out, FALSE);
}

static void
tell(struct names *names, const char *card, const struct named *named)
{
	g_autofree char *vendor = insight_vendor(names->world, card);
	g_autofree char *by = list(named->vendors);
	struct insight_line *line = insight_add(
		insight_part_of(names->insight,
				insight_voted(named->priorities)),
		INSIGHT_NAMED, g_strdup_printf("named/%s", card),
		g_strdup_printf("%s is named in %u mail%s of %s.", vendor,
				named->n, named->n == 1 ? "" : "s", by),
		named->n);

	for (guint i = 0; i < named->messages->len && i < EVIDENCE_MAX; i++)
		insight_evidence_message(line, names->world,
					 named->messages->pdata[i]);
	insight_evidence_add(line, "vendor", card,
			     insight_name(names->world, card));
}

void
insight_names(const struct insight_world *world, struct insight *insight)
{
	g_auto(Names) names = {
		.world = world,
		.insight = insight,
		.exact = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       g_free),
		.capital = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, g_free),
		.found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       named_free),
	};
	GHashTableIter iter;
	gpointer key;
	gpointer value;

	learn(&names);
	for (guint i = 0; i < world->documents->len; i++) {
		const struct store_match *match = world->documents->pdata[i];

		if (insight_within(insight, match->document->time_us))
			read_document(&names, match->document);
	}
	g_hash_table_iter_init(&iter, names.found);
	while (g_hash_table_iter_next(&iter, &key, &value))
		tell(&names, key, value);
}
