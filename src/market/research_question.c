/* What was asked, and which of the buyer's priorities it is about. */
#include <float.h>
#include <string.h>

#include "base/error.h"
#include "market/glean.h"
#include "research_private.h"

/* A word of the description alone counts so much of one of name or keywords:
 * it may stand there for what is not meant. */
#define ABOUT_SHARE 0.5

/* Words of a priority that are searched for. */
#define TOPIC_WORDS_MAX 96

void
research_question_free(struct research_question *question)
{
	if (!question)
		return;
	research_words_free(question->words);
	research_words_free(question->topic);
	g_free(question);
}

static gboolean
refuse(GError **error, const char *text)
{
	if (strlen(text) > RESEARCH_TEXT_MAX)
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "a question has at most %d bytes",
			    RESEARCH_TEXT_MAX);
	else
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' has no word to look for", text);
	return FALSE;
}

struct research_question *
research_question_new(struct store *store, const char *text, GError **error)
{
	g_autoptr(ResearchQuestion) question =
		g_new0(struct research_question, 1);
	const char *const phrases[] = { text, NULL };
	g_auto(GStrv) terms = glean_question(text);

	if (strlen(text) > RESEARCH_TEXT_MAX || !*terms) {
		refuse(error, text);
		return NULL;
	}
	question->words =
		research_words_new(store, phrases, RESEARCH_WORDS_MAX, error);
	if (!question->words)
		return NULL;
	return g_steal_pointer(&question);
}

/* The words of a text as a set that frees them. */
static void
add_terms(GHashTable *set, const char *text)
{
	g_autofree char *terms = glean_terms(text);
	g_auto(GStrv) split = g_strsplit(terms, " ", -1);

	for (char **term = split; *term; term++)
		g_hash_table_add(set, g_strdup(*term));
}

static GHashTable *
set_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static gboolean
has_word(GHashTable *set, const struct research_word *word)
{
	for (guint i = 0; i < word->forms->len; i++) {
		const struct research_form *form = word->forms->pdata[i];

		if (g_hash_table_contains(set, form->term))
			return TRUE;
	}
	return FALSE;
}

/* How much of the question stands in what was written of the priority. */
static double
told_by(const struct research_question *question,
	const struct profile_priority *priority)
{
	g_autoptr(GHashTable) named = set_new();
	g_autoptr(GHashTable) about = set_new();
	const GPtrArray *words = question->words->words;
	double told = 0;

	add_terms(named, priority->name);
	add_terms(about, priority->about);
	for (char **keyword = priority->keywords; keyword && *keyword;
	     keyword++)
		add_terms(named, *keyword);
	for (guint i = 0; i < words->len; i++) {
		const struct research_word *word = words->pdata[i];

		if (has_word(named, word))
			told += word->rarity;
		else if (has_word(about, word))
			told += word->rarity * ABOUT_SHARE;
	}
	return told / MAX(question->words->rarity, DBL_MIN);
}

/* Name and keywords: the description may say what is not meant, and is no good
 * to search by. */
static struct research_words *
topic_words(struct store *store, const struct profile_priority *priority,
	    GError **error)
{
	g_autoptr(GPtrArray) phrases = g_ptr_array_new();

	g_ptr_array_add(phrases, priority->name);
	for (char **keyword = priority->keywords; keyword && *keyword;
	     keyword++)
		g_ptr_array_add(phrases, *keyword);
	g_ptr_array_add(phrases, NULL);
	return research_words_new(store,
				  (const char *const *)(void *)phrases->pdata,
				  TOPIC_WORDS_MAX, error);
}

gboolean
research_question_topic(struct research_question *question, struct store *store,
			const struct profile *profile, GError **error)
{
	double most = RESEARCH_TOPIC_MIN;

	for (guint i = 0; i < profile->priorities->len; i++) {
		struct profile_priority *priority =
			profile->priorities->pdata[i];
		const double told = told_by(question, priority);

		if (told >= most) {
			most = told;
			question->priority = priority;
		}
	}
	if (!question->priority)
		return TRUE;
	question->topic = topic_words(store, question->priority, error);
	return question->topic != NULL;
}
