#include "about_private.h"

#include <string.h>

#define SIGNS_MAX 12

/*
 * Sentences of one kind, in one language. A sentence is of it only when it has
 * one of the signs, which are looked for first: a tenth of the time is enough
 * for that. They are ASCII and in lower case, but for whole letters of UTF-8.
 */
struct pattern {
	const char *language;
	const char *excludes;
	const char *signs[SIGNS_MAX];
};

/*
 * What follows the negation tells a refusal from a need: "does not count",
 * but "does not know who has access".
 */
static const struct pattern patterns[] = {
	{ "en",
	  "\\b(?:do|does|are|is|would)(?: not|n't)"
	  "(?:[.,;!]|$| (?:count|wanted|meant|planned|needed|required|"
	  "relevant|welcome|desired|considered|accepted|enough|part|"
	  "ours?|what|for|an (?:option|improvement)|in scope|"
	  "of (?:interest|use)|on (?:our|the|my) "
	  "(?:list|plan|agenda|table|roadmap)|"
	  "the (?:aim|point|topic|subject|question|goal)|"
	  "interest(?:ed|ing)?|concern|belong|bring|replace|buy|"
	  "it\\b|(?:fix|solve|answer) (?:it|the))\\b)",
	  { " not", "n't" } },
	{ "en",
	  "\\bout of (?:the question|scope)\\b|\\bof no (?:use|interest)\\b"
	  "|\\bnothing to do with\\b|\\b(?:is|are) junk\\b"
	  "|\\b(?:is|are) (?:already )?(?:handled|covered|in place|"
	  "taken care of)\\b|^we already have\\b"
	  "|\\bwe (?:already )?have(?: (?:one|that|those|them))?"
	  "(?: already)?[.!]?$|^not (?:for|wanted|interested)\\b",
	  { "out of ", "of no ", "nothing to do with", " junk", " handled",
	    " covered", " in place", " taken care of", "we already have",
	    "we have", "not " } },
	{ "de",
	  "\\b(?:zählt|zählen|interessier\\w+|gehör\\w+|brauch\\w+|"
	  "such\\w+|woll\\w+|kauf\\w+)\\b.*\\bnicht\\b"
	  "|\\bnicht (?:gemeint|gefragt|gewünscht|gesucht|dazu|"
	  "infrage|in frage)\\b|^keine?n?\\b"
	  "|\\bkein(?:en)? (?:thema|bedarf|interesse)\\b"
	  "|\\bhaben wir (?:schon|bereits)\\b",
	  { "nicht", "kein", "haben wir " } },
	{ "fr",
	  "\\bne (?:comptent?|(?:nous |m')intéressent?|"
	  "nous concernent?|voulons|cherchons|souhaitons) pas\\b"
	  "|\\bne (?:fait|font) pas partie\\b|^pas de\\b"
	  "|\\bhors (?:sujet|de question)\\b"
	  "|\\bnous (?:en )?avons déjà\\b",
	  { "pas", "hors ", "nous avons ", "nous en avons " } },
	{ "es",
	  "\\bno (?:cuentan?|(?:nos |me )?interesan?|"
	  "(?:l[oa]s? )?(?:queremos|buscamos|necesitamos)|"
	  "forman? parte)\\b|\\bquedan? fuera\\b"
	  "|\\bya (?:l[oa]s? )?tenemos\\b|^nada de\\b",
	  { "no ", " fuera", "tenemos", "nada de" } },
	{ "it",
	  "\\bnon (?:conta(?:no)?|(?:ci |mi )?interessa(?:no)?|"
	  "vogliamo|cerchiamo|ci serv(?:e|ono)|fanno parte|"
	  "rientra(?:no)?)\\b|\\b(?:abbiamo già|già abbiamo)\\b"
	  "|\\bfuori discussione\\b|^niente\\b",
	  { "non ", "abbiamo", "fuori ", "niente" } },
	{ "pt",
	  "\\bnão (?:contam?|(?:nos |me )?interessam?|queremos|"
	  "procuramos|precisamos|faz(?:em)? parte|servem?)\\b"
	  "|\\bfora de questão\\b|\\bjá temos\\b|^nada de\\b",
	  { "não ", "nÃo ", "fora de ", " temos", "nada de" } },
	{ "nl",
	  "\\b(?:telt|tellen|hoort|horen|doen|doet|interesseer\\w+|"
	  "interesseren)\\b.*\\bniet\\b"
	  "|\\bniet (?:gewenst|nodig|gezocht|bedoeld)\\b|^geen\\b"
	  "|\\bgeen (?:interesse|behoefte)\\b|\\bhebben we al\\b",
	  { "niet", "geen", "hebben we al" } },
	{ "pl",
	  "\\bnie (?:liczą|liczy|interesuj\\w+|szukamy|chcemy|"
	  "potrzebujemy|wchodz\\w+|są dla nas|dotycz\\w+|kupujemy)\\b"
	  "|\\bjuż mamy\\b|\\bodpadaj?ą?\\b",
	  { "nie ", " mamy", "odpada" } },
};

/* A need that is told with a negation. */
static const char needs[] = "^we (?:want|need|look|seek)\\b"
			    "|\\b(?:that|which|who|because|so) "
			    "(?:do|does|are|is)(?: not|n't)";

/* Letters that are the same as "s" and "k" to a pattern, and not to signs. */
static const char *const long_s = "\u017f";
static const char *const kelvin = "\u212a";

/* Compiled once; constant from then on. */
struct rules {
	GRegex *excludes[G_N_ELEMENTS(patterns)];
	GRegex *needs;
};

/* Not G_REGEX_OPTIMIZE: it asks for memory to write machine code to, which the
 * units refuse and tests/integration/test_sandbox.sh kills for. */
static GRegex *
rule_new(const char *pattern)
{
	GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);

	g_assert(regex != NULL);
	return regex;
}

static gpointer
rules_new(G_GNUC_UNUSED gpointer unused)
{
	struct rules *rules = g_new0(struct rules, 1);

	for (guint i = 0; i < G_N_ELEMENTS(patterns); i++)
		rules->excludes[i] = rule_new(patterns[i].excludes);
	rules->needs = rule_new(needs);
	return rules;
}

static gboolean
has_sign(const char *lower, const struct pattern *pattern)
{
	for (guint i = 0; i < SIGNS_MAX && pattern->signs[i] != NULL; i++)
		if (strstr(lower, pattern->signs[i]) != NULL)
			return TRUE;
	return FALSE;
}

static gboolean
is_excluding(const struct rules *rules, const char *sentence)
{
	g_autofree char *lower = g_ascii_strdown(sentence, -1);
	const gboolean odd = strstr(sentence, long_s) != NULL ||
			     strstr(sentence, kelvin) != NULL;

	for (guint i = 0; i < G_N_ELEMENTS(patterns); i++)
		if ((odd || has_sign(lower, &patterns[i])) &&
		    g_regex_match(rules->excludes[i], sentence, 0, NULL))
			return !g_regex_match(rules->needs, sentence, 0, NULL);
	return FALSE;
}

/* What a pattern takes for spacing. */
static gboolean
is_space(gunichar c)
{
	return (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x180e ||
	       g_unichar_isspace(c);
}

/* The spacing behind the first sentence of `text`, or NULL behind the last. */
static const char *
sentence_end(const char *text)
{
	const char *p = text;

	while ((p = strpbrk(p, ".!?;")) != NULL) {
		p++;
		if (is_space(g_utf8_get_char(p)))
			return p;
	}
	return NULL;
}

static const char *
spaces_skip(const char *text)
{
	while (is_space(g_utf8_get_char(text)))
		text = g_utf8_next_char(text);
	return text;
}

static void
sentence_add(GString *part, const char *sentence)
{
	if (part->len > 0)
		g_string_append_c(part, ' ');
	g_string_append(part, sentence);
}

void
about_read(const char *text, struct about *about)
{
	static GOnce once = G_ONCE_INIT;
	const struct rules *rules = g_once(&once, rules_new, NULL);
	GString *wanted = g_string_new(NULL);
	GString *excluded = g_string_new(NULL);

	while (text != NULL) {
		const char *end = sentence_end(text);
		g_autofree char *sentence =
			end != NULL ? g_strndup(text, (gsize)(end - text))
				    : g_strdup(text);

		g_strdelimit(g_strstrip(sentence), "\n\t", ' ');
		sentence_add(is_excluding(rules, sentence) ? excluded : wanted,
			     sentence);
		text = end != NULL ? spaces_skip(end) : NULL;
	}
	about->wanted = g_string_free(wanted, FALSE);
	about->excluded = g_string_free(excluded, FALSE);
}

void
about_clear(struct about *about)
{
	g_free(about->wanted);
	g_free(about->excluded);
}
