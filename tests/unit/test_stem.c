#include "text/stem.h"

#include <string.h>

#include "text/fold.h"
#include "text/language.h"

struct row {
	const char *language;
	const char *a; /* both have the same stem */
	const char *b;
};

static const struct row rows[] = {
	{ "en", "connections", "connected" },
	{ "en", "securing", "secures" },
	{ "de", "häuser", "häusern" },
	{ "de", "lösung", "lösungen" },
	{ "fr", "continuité", "continuités" },
	{ "es", "empresas", "empresa" },
	{ "it", "soluzione", "soluzioni" },
	{ "pt", "empresas", "empresa" },
	{ "nl", "bedrijven", "bedrijve" },
	{ "sv", "kostnaderna", "kostnader" },
	{ "ru", "компании", "компания" },
	{ "tr", "evler", "evlerin" },
	{ "hu", "cégek", "cégeket" },
	/* Snowball has no Polish: English is taken. */
	{ "pl", "networks", "network" },
	{ "xx", "networks", "network" },
	{ "", "networks", "network" },
};

static char *
stem(struct stemmer *stemmer, const char *word)
{
	gsize len = 0;
	const char *text = stemmer_stem(stemmer, word, strlen(word), &len);

	return g_strndup(text, len);
}

static void
check_row(gconstpointer data)
{
	const struct row *row = data;
	g_autoptr(Stemmer) stemmer = stemmer_new(row->language);

	g_autofree char *a = stem(stemmer, row->a);
	g_autofree char *b = stem(stemmer, row->b);
	g_autofree char *again = stem(stemmer, row->a);
	g_assert_cmpstr(a, ==, b);
	g_assert_cmpstr(a, ==, again);
	g_assert_cmpuint(strlen(a), <=, strlen(row->a));
}

static void
left_alone(void)
{
	static const char *const words[] = {
		"is", "us", "né", "東京", "s", "", "2026", "12345678901234"
	};
	g_autoptr(Stemmer) stemmer = stemmer_new("en");

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autofree char *s = stem(stemmer, words[i]);
		g_assert_cmpstr(s, ==, words[i]);
	}
}

/* Enough different words to push each other out of the cache. */
static void
cache_is_right(void)
{
	g_autoptr(Stemmer) used = stemmer_new("en");

	for (guint i = 0; i < 20000; i++) {
		char word[32];
		g_snprintf(word, sizeof word, "w%xings", i % 5000 * 7919);
		g_autoptr(Stemmer) fresh = stemmer_new("en");
		g_autofree char *a = stem(used, word);
		g_autofree char *b = stem(fresh, word);
		g_assert_cmpstr(a, ==, b);
	}
}

static void
long_words(void)
{
	g_autoptr(Stemmer) stemmer = stemmer_new("en");

	g_autofree char *a = stem(stemmer, "antidisestablishmentarianisms");
	g_assert_cmpstr(a, ==, "antidisestablishmentarian");
}

static void
every_language_has_a_stemmer(void)
{
	const char *const *codes = language_list();

	for (guint i = 0; codes[i] != NULL; i++) {
		g_autoptr(Stemmer) stemmer = stemmer_new(codes[i]);
		gsize len = 0;
		g_assert_nonnull(stemmer_stem(stemmer, "abcdef", 6, &len));
		g_assert_cmpuint(len, >, 0);
	}
	stemmer_free(NULL);
}

static void
stop_words(void)
{
	static const struct {
		const char *language;
		const char *word;
		gboolean stops;
	} cases[] = {
		{ "en", "the", TRUE },	     { "en", "und", FALSE },
		{ "de", "und", TRUE },	     { "de", "the", FALSE },
		{ "fr", "qu", TRUE },	     { "pl", "się", TRUE },
		{ "ru", "что", TRUE },	     { "el", "τησ", TRUE },
		{ "en", "software", FALSE }, { "en", "", FALSE },
		{ "xx", "the", TRUE },	     { "", "the", TRUE },
		{ "EN", "the", TRUE },	     { "deu", "the", TRUE },
		{ "de", "für", TRUE },	     { "da", "og", TRUE },
		{ "de", "unds", FALSE },     { "de", "un", FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(stop_word(cases[i].language, cases[i].word,
					  strlen(cases[i].word)),
				==, cases[i].stops);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name = g_strdup_printf(
			"/stem/%s/%s", rows[i].language, rows[i].a);
		g_test_add_data_func(name, &rows[i], check_row);
	}
	g_test_add_func("/stem/short-words-and-numbers", left_alone);
	g_test_add_func("/stem/cache-gives-what-snowball-gives",
			cache_is_right);
	g_test_add_func("/stem/longer-than-the-cache", long_words);
	g_test_add_func("/stem/every-language", every_language_has_a_stemmer);
	g_test_add_func("/stem/stop-words", stop_words);
	return g_test_run();
}
