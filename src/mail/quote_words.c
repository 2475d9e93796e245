#include "quote_words_private.h"

#include <string.h>

static gboolean
begins(const char *line, const char *const *words, guint n)
{
	for (guint i = 0; i < n; i++)
		if (line[0] == words[i][0] && g_str_has_prefix(line, words[i]))
			return TRUE;
	return FALSE;
}

static gboolean
contains(const char *line, const char *const *words, guint n)
{
	for (guint i = 0; i < n; i++)
		if (strstr(line, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

gboolean
quote_ends_attribution(const char *line)
{
	static const char *const verbs[] = {
		"wrote",       "writes",   "said:",	 "schrieb",
		"geschrieben", "a écrit",  "a ecrit",	 "escribi",
		"scritto",     "scrisse",  "ha scritto", "napisa",
		"pisze",       "escreveu", "schreef",	 "geschreven"
	};
	const gsize len = strlen(line);

	return len > 0 && line[len - 1] == ':' &&
	       contains(line, verbs, G_N_ELEMENTS(verbs));
}

gboolean
quote_begins_attribution(const char *line)
{
	static const char *const words[] = {
		"on ",	 "am ", "le ", "el ",  "il ", "w dniu",
		"dnia ", "em ", "op ", "den ", "a ",  "> on "
	};

	return begins(line, words, G_N_ELEMENTS(words));
}

gboolean
quote_is_separator(const char *line)
{
	static const char *const leads[] = { "begin forwarded message:",
					     "anfang der weitergeleiteten",
					     "début du message",
					     "inicio del mensaje reenviado",
					     "inizio messaggio inoltrato",
					     "início da mensagem reencaminhada",
					     "begin doorgestuurd bericht",
					     "forwarded message:",
					     "weitergeleitete nachricht:" };
	static const char *const words[] = { "original message",
					     "original appointment",
					     "forwarded message",
					     "forwarded by",
					     "ngliche nachricht",
					     "ngliche mail",
					     "weitergeleitete nachricht",
					     "weitergeleitet von",
					     "message d'origine",
					     "message original",
					     "message transf",
					     "mensaje original",
					     "mensaje reenviado",
					     "messaggio original",
					     "messaggio inoltrato",
					     "mensagem original",
					     "mensagem encaminhada",
					     "mensagem reencaminhada",
					     "wiadomość oryginalna",
					     "oryginalna wiadomo",
					     "przekazana wiadomo",
					     "wiadomość przekazana",
					     "spronkelijk bericht",
					     "doorgestuurd bericht" };

	if (line[0] != '-' && line[0] != '_' && line[0] != '=')
		return begins(line, leads, G_N_ELEMENTS(leads));
	line += strspn(line, "-_=");
	return contains(line, words, G_N_ELEMENTS(words));
}

struct label {
	const char *word;
	enum quote_label kind;
};

/* "a:" and "do:" would be enough to see structure in ordinary lists, so they
 * count only beside others (see quote.c). */
static const struct label labels[] = {
	{ "from", QUOTE_FROM },
	{ "von", QUOTE_FROM },
	{ "de", QUOTE_FROM },
	{ "da", QUOTE_FROM },
	{ "od", QUOTE_FROM },
	{ "van", QUOTE_FROM },
	{ "to", QUOTE_TO },
	{ "cc", QUOTE_TO },
	{ "date", QUOTE_TO },
	{ "sent", QUOTE_TO },
	{ "an", QUOTE_TO },
	{ "datum", QUOTE_TO },
	{ "gesendet", QUOTE_TO },
	{ "à", QUOTE_TO },
	{ "À", QUOTE_TO },
	{ "envoyé", QUOTE_TO },
	{ "enviado", QUOTE_TO },
	{ "enviado el", QUOTE_TO },
	{ "enviada em", QUOTE_TO },
	{ "enviado em", QUOTE_TO },
	{ "fecha", QUOTE_TO },
	{ "para", QUOTE_TO },
	{ "data", QUOTE_TO },
	{ "a", QUOTE_TO },
	{ "inviato", QUOTE_TO },
	{ "do", QUOTE_TO },
	{ "wysłano", QUOTE_TO },
	{ "dw", QUOTE_TO },
	{ "aan", QUOTE_TO },
	{ "verzonden", QUOTE_TO },
	{ "subject", QUOTE_SUBJECT },
	{ "betreff", QUOTE_SUBJECT },
	{ "objet", QUOTE_SUBJECT },
	{ "asunto", QUOTE_SUBJECT },
	{ "oggetto", QUOTE_SUBJECT },
	{ "temat", QUOTE_SUBJECT },
	{ "assunto", QUOTE_SUBJECT },
	{ "onderwerp", QUOTE_SUBJECT },
	{ "re", QUOTE_SUBJECT },
};

enum quote_label
quote_label_of(const char *line)
{
	line += strspn(line, "* ");
	const char *colon = strchr(line, ':');
	if (colon == NULL || colon - line > 16)
		return QUOTE_NO_LABEL;
	gsize len = (gsize)(colon - line);
	while (len > 0 && strchr("* ", line[len - 1]) != NULL)
		len--;
	/* French puts a no-break space before the colon. */
	if (len > 2 && memcmp(line + len - 2, " ", 2) == 0)
		len -= 2;
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
		if (labels[i].word[0] == line[0] &&
		    strlen(labels[i].word) == len &&
		    memcmp(labels[i].word, line, len) == 0)
			return labels[i].kind;
	return QUOTE_NO_LABEL;
}

/* In the order of their first letters. */
static const char *const closings[] = {
	"a presto",
	"abrazo",
	"abraço",
	"all the best",
	"alvast bedankt",
	"atenciosamente",
	"atentamente",
	"bedankt",
	"best",
	"best regards",
	"beste gr",
	"besten gru",
	"bien cordialement",
	"bien à vous",
	"bonne journée",
	"cheers",
	"com os melhores cumprimentos",
	"cordialement",
	"cordiali saluti",
	"cordially",
	"cordialmente",
	"cumprimentos",
	"danke",
	"distinti saluti",
	"dziękuję",
	"freundliche gr",
	"freundlichen gru",
	"gracias",
	"grazie",
	"groet",
	"groeten",
	"gruß",
	"grüße",
	"hartelijke groet",
	"herzlich",
	"herzliche gr",
	"herzlichst",
	"kind regards",
	"lg",
	"liebe gr",
	"many thanks",
	"meilleures salutations",
	"melhores cumprimentos",
	"merci",
	"met vriendelijke groet",
	"mfg",
	"mit besten empfehlungen",
	"mit besten gr",
	"mit freundlichem gr",
	"mit freundlichen gr",
	"muchas gracias",
	"mvg",
	"obrigada",
	"obrigado",
	"pozdrawiam",
	"pozdrowienia",
	"reciba un cordial",
	"regards",
	"respectfully",
	"saludos",
	"salutations",
	"saluti",
	"schöne gr",
	"serdecznie pozdrawiam",
	"sincerely",
	"sincères salutations",
	"ta",
	"talk soon",
	"thank you",
	"thanks",
	"thx",
	"très cordialement",
	"um abraço",
	"un abrazo",
	"un cordial saludo",
	"un cordiale saluto",
	"un saludo",
	"un saluto",
	"vg",
	"viele gr",
	"viele lieben gr",
	"vielen dank",
	"vriendelijke groet",
	"warm regards",
	"warmest regards",
	"with best regards",
	"with kind regards",
	"with regards",
	"with warm regards",
	"yours",
	"z poważaniem",
	"z wyrazami szacunku",
};

/* "Grüßen", "again,", "so much!" may follow; more only before a comma, as in
 * "thanks for your time,". */
static gboolean
may_follow(const char *rest)
{
	const gsize len = strlen(rest);

	if (strpbrk(rest, "0123456789?:") != NULL)
		return FALSE;
	return len <= 12 || (len <= 34 && rest[len - 1] == ',');
}

/* Where those begin whose first letter is not before `first`. */
static guint
closings_from(char first)
{
	guint low = 0;
	guint high = G_N_ELEMENTS(closings);

	while (low < high) {
		const guint mid = (low + high) / 2;
		if ((guchar)closings[mid][0] < (guchar)first)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

gboolean
quote_is_closing(const char *line)
{
	for (guint i = closings_from(line[0]);
	     i < G_N_ELEMENTS(closings) && closings[i][0] == line[0]; i++)
		if (g_str_has_prefix(line, closings[i]) &&
		    may_follow(line + strlen(closings[i])))
			return TRUE;
	return FALSE;
}

gboolean
quote_is_device(const char *line)
{
	static const char *const words[] = {
		"sent from my",	   "sent from mail for", "sent via",
		"get outlook for", "von meinem",	 "gesendet von mein",
		"envoyé de mon",   "envoyé depuis",	 "enviado desde mi",
		"enviado do meu",  "inviato da",	 "wysłano z",
		"verzonden vanaf", "verstuurd vanaf"
	};

	return begins(line, words, G_N_ELEMENTS(words));
}
