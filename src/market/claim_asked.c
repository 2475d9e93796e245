/* What an amount is asked for: a period, one of something. */
#include "claim_words_private.h"

#include <string.h>

static const struct named periods[] = { { "month", "month" },
					{ "mo", "month" },
					{ "monthly", "month" },
					{ "year", "year" },
					{ "yr", "year" },
					{ "annum", "year" },
					{ "annually", "year" },
					{ "week", "week" },
					{ "day", "day" },
					{ "hour", "hour" },
					{ "hr", "hour" },
					{ "ph", "hour" },
					{ "Monat", "month" },
					{ "Jahr", "year" },
					{ "mois", "month" },
					{ "p.a", "year" },
					{ "mes", "month" },
					{ "año", "year" },
					{ "mese", "month" },
					{ "anno", "year" },
					{ "mês", "month" },
					{ "ano", "year" },
					{ "maand", "month" },
					{ "jaar", "year" },
					{ "miesięcznie", "month" },
					{ "rocznie", "year" },
					{ "quarter", "quarter" },
					{ "Quartal", "quarter" },
					{ "trimestre", "quarter" },
					{ "weekly", "week" },
					{ "daily", "day" },
					{ "yearly", "year" },
					{ "hourly", "hour" },
					{ "quarterly", "quarter" },
					{ "Woche", "week" },
					{ "Tag", "day" },
					{ "Stunde", "hour" },
					{ "monatlich", "month" },
					{ "jährlich", "year" },
					{ "semaine", "week" },
					{ "jour", "day" },
					{ "heure", "hour" },
					{ "wk", "week" },
					{ "mth", "month" },
					{ "h", "hour" },
					{ "mensuel", "month" },
					{ "mensual", "month" },
					{ "mensuales", "month" },
					{ "anuales", "year" },
					{ "mensuels", "month" },
					{ "mensili", "month" },
					{ "mensuale", "month" },
					{ "mensal", "month" },
					{ "annuel", "year" },
					{ "anual", "year" },
					{ "semana", "week" },
					{ "día", "day" },
					{ "hora", "hour" },
					{ "settimana", "week" },
					{ "giorno", "day" },
					{ "ora", "hour" },
					{ "uur", "hour" },
					{ "dag", "day" },
					{ "godz", "hour" },
					{ "godzinę", "hour" },
					{ "dzień", "day" },
					{ "miesiąc", "month" },
					{ "mies", "month" },
					{ "msc", "month" },
					{ "rok", "year" },
					{ NULL, NULL } };

static const struct named ones[] = { { "user", "user" },
				     { "users", "user" },
				     { "seat", "seat" },
				     { "agent", "agent" },
				     { "employee", "employee" },
				     { "head", "person" },
				     { "person", "person" },
				     { "participant", "person" },
				     { "endpoint", "endpoint" },
				     { "device", "device" },
				     { "server", "server" },
				     { "site", "site" },
				     { "branch", "branch" },
				     { "truck", "truck" },
				     { "vehicle", "vehicle" },
				     { "pojazd", "vehicle" },
				     { "invoice", "invoice" },
				     { "TB", "TB" },
				     { "GB", "GB" },
				     { "tonne", "tonne" },
				     { "t", "tonne" },
				     { "MT", "tonne" },
				     { "kg", "kg" },
				     { "sqm", "sqm" },
				     { "point", "point" },
				     { "turbine", "turbine" },
				     { "Nutzer", "user" },
				     { "Lkw", "truck" },
				     { "utilisateur", "user" },
				     { "utente", "user" },
				     { "usuario", "user" },
				     { "gebruiker", "user" },
				     { "consent", "consent" },
				     { "cup", "cup" },
				     { "osobę", "person" },
				     { "transazione", "transaction" },
				     { "consegna", "delivery" },
				     { "each", "unit" },
				     { "stuk", "unit" },
				     { "palabra", "word" },
				     { "uno", "unit" },
				     { "una", "unit" },
				     { "Stück", "unit" },
				     { "pc", "unit" },
				     { "piece", "unit" },
				     { "personne", "person" },
				     { "persona", "person" },
				     { "Person", "person" },
				     { "persoon", "person" },
				     { NULL, NULL } };

/* So many words after an amount may say what it is for. */
#define FOR_WORDS 9

/* And so many bytes before it. */
#define BEFORE ((gsize)30)

#define THING_MAX 24

/* What leads to a period or to what it is for one of. */
static const char *const leads[] = {
	"per",	"a",	"an",  "each", "every", "/",   "pro", "je",
	"im",	"par",	"al",  "por",  "za",	"na",  "the", "cada",
	"la",	"le",	"il",  "all",  "alla",	"por", "ao",  "ogni",
	"elke", "p",	"die", "den",  "der",	"das", "di",  "en",
	"l'",	"all'", "de",  "w",    NULL
};

/* Behind these it is told of something else. */
static const char *const breaks[] = { "for",   "until", "till",	   "within",
				      "after", "if",	"with",	   "plus",
				      "up",    "first", "für",	   "pour",
				      "para",  "bis",	"on",	   "when",
				      "this",  "over",	"one-off", NULL };

/* "per user and month"; they lead only when something did before. */
static const char *const joins[] = { "and", "und", "et", "y", "e", "en", NULL };

struct piece {
	const char *start;
	gsize len;
	char end; /* what stands behind it */
};

/* The next word; a slash is one by itself. */
static gboolean
piece_next(const char **after, struct piece *piece)
{
	const char *at = *after;

	while (*at == ' ')
		at++;
	piece->start = at;
	if (*at == '/')
		at++;
	else
		at += strcspn(at, " /,;:()!\"\n");
	if (at > piece->start + 2 &&
	    g_ascii_strncasecmp(piece->start, "l'", 2) == 0)
		at = piece->start + 2;
	piece->len = (gsize)(at - piece->start);
	while (piece->len > 1 && piece->start[piece->len - 1] == '.')
		piece->len--;
	piece->end = piece->start[piece->len];
	*after = at;
	return piece->len > 0;
}

static gboolean
piece_is(const struct piece *piece, const char *const *words)
{
	for (; *words; words++) {
		if (strlen(*words) == piece->len &&
		    g_ascii_strncasecmp(piece->start, *words, piece->len) == 0)
			return TRUE;
	}
	return FALSE;
}

static const char *
piece_named(const struct piece *piece, const struct named *table)
{
	g_autofree char *word = g_strndup(piece->start, piece->len);

	return claim_words_name(table, word);
}

/* "monthly", "monatlich" need nothing before them. */
static gboolean
piece_is_adverb(const struct piece *piece)
{
	static const char *const ends[] = { "ly",  "lich", "nie",  "uel", "ual",
					    "ale", "ales", "uels", "ili" };

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		const gsize len = strlen(ends[i]);

		if (piece->len > len + 1 &&
		    memcmp(piece->start + piece->len - len, ends[i], len) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
stops(const struct piece *piece)
{
	return piece_is(piece, breaks) ||
	       strchr("0123456789$", *piece->start) ||
	       (*piece->start == '+' && piece->len > 1) ||
	       (piece->end && strchr(",;:.(!", piece->end));
}

/* "a document" is one thing only when nothing goes on: "a fair offer". */
static gboolean
ends_there(const char *after)
{
	struct piece next;

	/* A mark of its own, a middle dot or dash, parts things, too. */
	return !piece_next(&after, &next) ||
	       !(g_ascii_isalnum(*next.start) || (guchar)*next.start >= 0xc3) ||
	       piece_is(&next, leads) || piece_is(&next, breaks);
}

/* A lead is followed by so many words: "per productive hour". */
#define LED_WORDS 2

static gboolean
piece_equals(const struct piece *piece, const char *word)
{
	return piece->len == strlen(word) &&
	       g_ascii_strncasecmp(piece->start, word, piece->len) == 0;
}

/* Whether the word says by itself what the amount is for. */
static gboolean
stands_alone(const struct piece *piece, const char *after, guint n)
{
	return n == 0 || piece_is_adverb(piece) ||
	       (piece_equals(piece, "each") && ends_there(after));
}

static guint
led_after(const struct piece *piece, guint led)
{
	if (piece_is(piece, leads) || piece_is(piece, joins))
		return LED_WORDS;
	return MAX(led, 1) - 1;
}

/* The first word of `table` that something leads to. */
static const char *
name_after(const struct named *table, const char *after)
{
	gboolean french = FALSE;
	struct piece piece;
	guint led = 0;

	for (guint n = 0; n < FOR_WORDS && piece_next(&after, &piece); n++) {
		const char *name = piece_named(&piece, table);

		/* "par an": by itself it is an article. */
		if (french && table == periods && piece_equals(&piece, "an"))
			return "year";
		if (name && (led > 0 || stands_alone(&piece, after, n)))
			return name;
		if (stops(&piece) || (n == 0 && piece_is(&piece, joins)))
			break;
		french = piece_equals(&piece, "par");
		led = led_after(&piece, led);
	}
	return "";
}

/* "the monthly fee is": before the amount. */
static const char *
adverb_before(const char *text, gsize start)
{
	const char *at = text + (start > BEFORE ? start - BEFORE : 0);
	const char *name = NULL;
	struct piece piece;

	while (piece_next(&at, &piece) && piece.start < text + start) {
		const char *found = piece_is_adverb(&piece)
					    ? piece_named(&piece, periods)
					    : NULL;

		name = found ? found : name;
		if (piece.end && strchr(",;.!", piece.end))
			name = NULL;
		if (*at && strchr(",;:()!\"\n", *at))
			at++;
	}
	return name ? name : "";
}

const char *
claim_words_period(const char *text, gsize start, gsize stop)
{
	const char *name = name_after(periods, text + stop);

	return *name ? name : adverb_before(text, start);
}

static const char *const pers[] = { "per",   "/",    "je", "pro",
				    "par",   "por",  "za", "each",
				    "every", "cada", NULL };

/* A word that names a thing: letters, and digits after them. */
static gboolean
piece_is_thing(const struct piece *piece)
{
	if (piece->len > THING_MAX || piece_is(piece, leads) ||
	    piece_is(piece, breaks) || piece_named(piece, periods))
		return FALSE;
	for (gsize i = 0; i < piece->len; i++) {
		const char c = piece->start[i];

		if (!(g_ascii_isalpha(c) || (guchar)c >= 0x80 || c == '-' ||
		      (i > 0 && g_ascii_isdigit(c))))
			return FALSE;
	}
	return piece->len > 0;
}

/* With the word behind it when nothing goes on: "square metre". A period behind
 * it makes it a word about that: "per productive hour". */
static char *
thing_named(const struct piece *piece, const char *after)
{
	const char *at = after;
	struct piece next;

	if (*after == ' ' && piece_next(&at, &next)) {
		if (piece_named(&next, periods) && !piece_is_adverb(&next))
			return g_strdup("");
		if (!ends_there(after) && piece_is_thing(&next) &&
		    (!at[strspn(at, " ")] ||
		     strchr(",;:.()!", at[strspn(at, " ")])))
			return g_strndup(piece->start,
					 (gsize)(next.start - piece->start) +
						 next.len);
	}
	return g_strndup(piece->start, piece->len);
}

/* "$28 a document". */
static char *
thing_at_once(const char *after)
{
	static const char *const articles[] = { "a",  "an", "al", "la",
						"le", "el", "il", NULL };
	struct piece piece;

	return piece_next(&after, &piece) && piece_is(&piece, articles) &&
			       piece_next(&after, &piece) &&
			       piece_is_thing(&piece) && ends_there(after)
		       ? g_strndup(piece.start, piece.len)
		       : NULL;
}

static char *
thing_after(const char *after)
{
	char *thing = thing_at_once(after);
	struct piece piece;
	gboolean led = FALSE;

	for (guint n = 0; !thing && n < FOR_WORDS && piece_next(&after, &piece);
	     n++) {
		if (led && piece_is_thing(&piece))
			thing = thing_named(&piece, after);
		else if (stops(&piece))
			break;
		led = piece_is(&piece, pers);
	}
	return thing ? thing : g_strdup("");
}

/* A word that has a name here behind an adjective: "per active agent". */
static char *
thing_known(const struct piece *piece, const char *after)
{
	const char *at = after;
	struct piece next;
	const char *name = piece_named(piece, ones);

	if (!name && *after == ' ' && piece_next(&at, &next))
		name = piece_named(&next, ones);
	return name ? g_strdup(name) : thing_named(piece, after);
}

/* "You pay per resolved contact, from": the last thing that is told of. */
static char *
thing_before(const char *text, gsize start)
{
	static const char *const befores[] = { "per", "pro", "por", NULL };
	const gsize from = start > 2 * BEFORE ? start - 2 * BEFORE : 0;
	/* The amount itself ends no name: "per block now $5". */
	g_autofree char *part =
		g_strdup_printf("%.*s0", (int)(start - from), text + from);
	const char *at = part;
	char *thing = NULL;
	struct piece piece;
	gboolean led = FALSE;

	while (*at) {
		if (!piece_next(&at, &piece)) {
			led = FALSE;
			at++;
			continue;
		}
		if (led && piece_is_thing(&piece)) {
			g_free(thing);
			thing = thing_known(&piece, at);
		}
		led = piece_is(&piece, befores);
	}
	return thing ? thing : g_strdup("");
}

char *
claim_words_per(const char *text, gsize start, gsize stop)
{
	const char *name = name_after(ones, text + stop);
	char *thing = *name ? g_strdup(name) : thing_after(text + stop);

	if (*thing)
		return thing;
	g_free(thing);
	return thing_before(text, start);
}
