#include "about_private.h"

/* Sentences of one kind, in one language. */
struct pattern {
	const char *language;
	const char *excludes;
};

/*
 * What follows the negation tells a refusal from a need: "does not count",
 * but "does not know who has access".
 */
static const struct pattern patterns[] = {
	{ "en", "\\b(?:do|does|are|is|would)(?: not|n't)"
		"(?:[.,;!]|$| (?:count|wanted|meant|planned|needed|required|"
		"relevant|welcome|desired|considered|accepted|enough|part|"
		"ours?|what|for|an (?:option|improvement)|in scope|"
		"of (?:interest|use)|on (?:our|the|my) "
		"(?:list|plan|agenda|table|roadmap)|"
		"the (?:aim|point|topic|subject|question|goal)|"
		"interest(?:ed|ing)?|concern|belong|bring|replace|buy|"
		"it\\b|(?:fix|solve|answer) (?:it|the))\\b)" },
	{ "en",
	  "\\bout of (?:the question|scope)\\b|\\bof no (?:use|interest)\\b"
	  "|\\bnothing to do with\\b|\\b(?:is|are) junk\\b"
	  "|\\b(?:is|are) (?:already )?(?:handled|covered|in place|"
	  "taken care of)\\b|^we already have\\b"
	  "|\\bwe (?:already )?have(?: (?:one|that|those|them))?"
	  "(?: already)?[.!]?$|^not (?:for|wanted|interested)\\b" },
	{ "de", "\\b(?:zählt|zählen|interessier\\w+|gehör\\w+|brauch\\w+|"
		"such\\w+|woll\\w+|kauf\\w+)\\b.*\\bnicht\\b"
		"|\\bnicht (?:gemeint|gefragt|gewünscht|gesucht|dazu|"
		"infrage|in frage)\\b|^keine?n?\\b"
		"|\\bkein(?:en)? (?:thema|bedarf|interesse)\\b"
		"|\\bhaben wir (?:schon|bereits)\\b" },
	{ "fr", "\\bne (?:comptent?|(?:nous |m')intéressent?|"
		"nous concernent?|voulons|cherchons|souhaitons) pas\\b"
		"|\\bne (?:fait|font) pas partie\\b|^pas de\\b"
		"|\\bhors (?:sujet|de question)\\b"
		"|\\bnous (?:en )?avons déjà\\b" },
	{ "es", "\\bno (?:cuentan?|(?:nos |me )?interesan?|"
		"(?:l[oa]s? )?(?:queremos|buscamos|necesitamos)|"
		"forman? parte)\\b|\\bquedan? fuera\\b"
		"|\\bya (?:l[oa]s? )?tenemos\\b|^nada de\\b" },
	{ "it", "\\bnon (?:conta(?:no)?|(?:ci |mi )?interessa(?:no)?|"
		"vogliamo|cerchiamo|ci serv(?:e|ono)|fanno parte|"
		"rientra(?:no)?)\\b|\\b(?:abbiamo già|già abbiamo)\\b"
		"|\\bfuori discussione\\b|^niente\\b" },
	{ "pt", "\\bnão (?:contam?|(?:nos |me )?interessam?|queremos|"
		"procuramos|precisamos|faz(?:em)? parte|servem?)\\b"
		"|\\bfora de questão\\b|\\bjá temos\\b|^nada de\\b" },
	{ "nl", "\\b(?:telt|tellen|hoort|horen|doen|doet|interesseer\\w+|"
		"interesseren)\\b.*\\bniet\\b"
		"|\\bniet (?:gewenst|nodig|gezocht|bedoeld)\\b|^geen\\b"
		"|\\bgeen (?:interesse|behoefte)\\b|\\bhebben we al\\b" },
	{ "pl", "\\bnie (?:liczą|liczy|interesuj\\w+|szukamy|chcemy|"
		"potrzebujemy|wchodz\\w+|są dla nas|dotycz\\w+|kupujemy)\\b"
		"|\\bjuż mamy\\b|\\bodpadaj?ą?\\b" },
};

/* A need that is told with a negation. */
static const char needs[] = "^we (?:want|need|look|seek)\\b"
			    "|\\b(?:that|which|who|because|so) "
			    "(?:do|does|are|is)(?: not|n't)";

/* Compiled once; constant from then on. */
struct rules {
	GRegex *excludes[G_N_ELEMENTS(patterns)];
	GRegex *needs;
	GRegex *sentence;
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
	rules->sentence = rule_new("(?<=[.!?;])\\s+");
	return rules;
}

static gboolean
is_excluding(const struct rules *rules, const char *sentence)
{
	if (g_regex_match(rules->needs, sentence, 0, NULL))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(patterns); i++)
		if (g_regex_match(rules->excludes[i], sentence, 0, NULL))
			return TRUE;
	return FALSE;
}

void
about_read(const char *text, struct about *about)
{
	static GOnce once = G_ONCE_INIT;
	const struct rules *rules = g_once(&once, rules_new, NULL);
	g_auto(GStrv) sentences = g_regex_split(rules->sentence, text, 0);
	GString *parts[2] = { g_string_new(NULL), g_string_new(NULL) };

	for (guint i = 0; sentences != NULL && sentences[i] != NULL; i++) {
		char *sentence =
			g_strdelimit(g_strstrip(sentences[i]), "\n\t", ' ');
		GString *part = parts[is_excluding(rules, sentence) ? 1 : 0];

		g_string_append_printf(part, "%s%s", part->len > 0 ? " " : "",
				       sentence);
	}
	about->wanted = g_string_free(parts[0], FALSE);
	about->excluded = g_string_free(parts[1], FALSE);
}

void
about_clear(struct about *about)
{
	g_free(about->wanted);
	g_free(about->excluded);
}
