#include "claim_spelled_private.h"

#include <string.h>

struct word {
	const char *text;
	double value;
};

/* Without those for one, which are articles and pronouns, and without those
 * that are other words of a neighbouring language. */
static const struct word small[] = {
	{ "two", 2 },	     { "three", 3 },	 { "four", 4 },
	{ "five", 5 },	     { "six", 6 },	 { "seven", 7 },
	{ "eight", 8 },	     { "nine", 9 },	 { "ten", 10 },
	{ "eleven", 11 },    { "twelve", 12 },	 { "thirteen", 13 },
	{ "fourteen", 14 },  { "fifteen", 15 },	 { "sixteen", 16 },
	{ "seventeen", 17 }, { "eighteen", 18 }, { "nineteen", 19 },
	{ "zwei", 2 },	     { "drei", 3 },	 { "vier", 4 },
	{ "fünf", 5 },	     { "sechs", 6 },	 { "sieben", 7 },
	{ "zehn", 10 },	     { "zwölf", 12 },	 { "deux", 2 },
	{ "trois", 3 },	     { "quatre", 4 },	 { "cinq", 5 },
	{ "dix", 10 },	     { "douze", 12 },	 { "quinze", 15 },
	{ "dos", 2 },	     { "tres", 3 },	 { "cuatro", 4 },
	{ "cinco", 5 },	     { "diez", 10 },	 { "doce", 12 },
	{ "due", 2 },	     { "tre", 3 },	 { "quattro", 4 },
	{ "cinque", 5 },     { "dieci", 10 },
};

static const struct word tens[] = {
	{ "twenty", 20 },    { "thirty", 30 },	  { "forty", 40 },
	{ "fifty", 50 },     { "sixty", 60 },	  { "seventy", 70 },
	{ "eighty", 80 },    { "ninety", 90 },	  { "zwanzig", 20 },
	{ "dreißig", 30 },   { "vierzig", 40 },	  { "fünfzig", 50 },
	{ "vingt", 20 },     { "trente", 30 },	  { "quarante", 40 },
	{ "cinquante", 50 }, { "veinte", 20 },	  { "treinta", 30 },
	{ "cuarenta", 40 },  { "cincuenta", 50 }, { "venti", 20 },
	{ "trenta", 30 },
};

static const struct word hundreds[] = { { "hundred", 100 },
					{ "thousand", 1000 } };

/* Only before one of these "one" is a number. */
static const char *const ones[] = { "one hundred", "one thousand",
				    "one million" };

static const struct word halves[] = {
	{ "halved", 50 },	    { "halves", 50 },
	{ "halving", 50 },	    { "halbiert", 50 },
	{ "halbieren", 50 },	    { "dimezzato", 50 },
	{ "dimezzata", 50 },	    { "dimezzati", 50 },
	{ "gehalveerd", 50 },	    { "divisé par deux", 50 },
	{ "divisée par deux", 50 },
};

/* With a verb before them that says which way. */
static const struct word parts[] = {
	{ "by half", 50 },
	{ "in half", 50 },
	{ "by a third", 100.0 / 3 },
	{ "by a quarter", 25 },
	{ "by two thirds", 200.0 / 3 },
	{ "by two-thirds", 200.0 / 3 },
	{ "by three quarters", 75 },
	{ "um die Hälfte", 50 },
	{ "um ein Drittel", 100.0 / 3 },
	{ "um ein Viertel", 25 },
	{ "de moitié", 50 },
	{ "d'un tiers", 100.0 / 3 },
	{ "d'un quart", 25 },
	{ "a la mitad", 50 },
	{ "en un tercio", 100.0 / 3 },
	{ "della metà", 50 },
	{ "di un terzo", 100.0 / 3 },
	{ "pela metade", 50 },
	{ "em um terço", 100.0 / 3 },
	{ "met de helft", 50 },
	{ "met een derde", 100.0 / 3 },
	{ "o połowę", 50 },
	{ "o jedną trzecią", 100.0 / 3 },
};

/* A share of something only says a change with "less" or the like after it. */
static const struct word shares[] = {
	{ "half", 50 },
	{ "a third", 100.0 / 3 },
	{ "a quarter", 25 },
	{ "two thirds", 200.0 / 3 },
	{ "two-thirds", 200.0 / 3 },
	{ "three quarters", 75 },
	{ "three-quarters", 75 },
	{ "ein Drittel", 100.0 / 3 },
	{ "ein Viertel", 25 },
	{ "un tiers", 100.0 / 3 },
	{ "un quart", 25 },
	{ "un tercio", 100.0 / 3 },
	{ "un terzo", 100.0 / 3 },
	{ "een derde", 100.0 / 3 },
};

static const char *const lesser[] = {
	"less",		"fewer",	"faster",    "quicker",
	"shorter",	"cheaper",	"lower",     "higher",
	"more ",	"weniger",	"schneller", "kürzer",
	"moins",	"menos",	"más r",     "meno ",
	"minder",	"sneller",	"the time",  "the cost",
	"the price of", "the effort",	"the space", "the energy",
	"the water",	"the paper",	"de moins",  "of the time",
	"of the cost",	"of the price", "the work",
};

static const struct word times[] = {
	{ "doubled", 2 },
	{ "doubles", 2 },
	{ "doubling", 2 },
	{ "tripled", 3 },
	{ "triples", 3 },
	{ "tripling", 3 },
	{ "trebled", 3 },
	{ "quadrupled", 4 },
	{ "twice as", 2 },
	{ "verdoppelt", 2 },
	{ "verdoppeln", 2 },
	{ "verdreifacht", 3 },
	{ "doppelt so", 2 },
	{ "el doble", 2 },
	{ "dreimal so", 3 },
	{ "viermal so", 4 },
	{ "multiplié par deux", 2 },
	{ "multiplié par trois", 3 },
	{ "doublé", 2 },
	{ "triplé", 3 },
	{ "duplicado", 2 },
	{ "duplica", 2 },
	{ "duplicó", 2 },
	{ "triplicado", 3 },
	{ "triplicó", 3 },
	{ "raddoppiato", 2 },
	{ "raddoppiata", 2 },
	{ "raddoppiati", 2 },
	{ "triplicato", 3 },
	{ "duplicou", 2 },
	{ "dobrou", 2 },
	{ "verdubbeld", 2 },
	{ "verdubbelt", 2 },
	{ "podwoił", 2 },
	{ "dwukrotnie", 2 },
};

static gboolean
is_letter(char c)
{
	return g_ascii_isalpha(c) || (guchar)c >= 0x80;
}

/* How long the phrase is if the text begins with it as whole words; 0. */
static gsize
phrase_at(const char *text, const char *phrase)
{
	const gsize len = strlen(phrase);

	return g_ascii_strncasecmp(text, phrase, len) == 0 &&
			       !(is_letter(phrase[len - 1]) &&
				 is_letter(text[len]))
		       ? len
		       : 0;
}

static gsize
word_at(const char *text, const struct word *words, gsize n, double *value)
{
	for (gsize i = 0; i < n; i++) {
		const gsize len = phrase_at(text, words[i].text);

		if (len > 0) {
			*value = words[i].value;
			return len;
		}
	}
	return 0;
}

#define WORD_AT(text, words, value)                                            \
	word_at(text, words, G_N_ELEMENTS(words), value)

static gboolean
is_one(const char *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ones); i++) {
		if (phrase_at(text, ones[i]) > 0)
			return TRUE;
	}
	return FALSE;
}

/* Up to ninety-nine. */
static gsize
below_hundred(const char *text, double *value)
{
	double unit;
	gsize len = WORD_AT(text, tens, value);
	gsize more;

	if (len == 0)
		return WORD_AT(text, small, value);
	if (text[len] != '-' && text[len] != ' ')
		return len;
	more = WORD_AT(text + len + 1, small, &unit);
	if (more == 0 || unit > 9)
		return len;
	*value += unit;
	return len + 1 + more;
}

gboolean
spelled_value(const char *text, gsize *at, double *value)
{
	const char *from = text + *at;
	gsize len = is_one(from) ? strlen("one") : 0;
	double got = 1;
	double factor;
	gsize more;

	if (len == 0)
		len = below_hundred(from, &got);
	if (len == 0)
		return FALSE;
	while (from[len] == ' ') {
		more = WORD_AT(from + len + 1, hundreds, &factor);
		if (more == 0)
			break;
		got *= factor;
		len += 1 + more;
	}
	*at += len;
	*value = got;
	return TRUE;
}

static gboolean
is_lesser(const char *after)
{
	for (gsize i = 0; i < G_N_ELEMENTS(lesser); i++) {
		if (g_ascii_strncasecmp(after, lesser[i], strlen(lesser[i])) ==
		    0)
			return TRUE;
	}
	return FALSE;
}

/* The market's or a buyer's burden: "spend has doubled", "a crew that
 * doubles". */
static gboolean
is_passing(const char *text, gsize at)
{
	static const char *const befores[] = { "has ", "have ", "that ",
					       "which ", "had " };

	for (gsize i = 0; i < G_N_ELEMENTS(befores); i++) {
		const gsize len = strlen(befores[i]);

		if (at >= len &&
		    g_ascii_strncasecmp(text + at - len, befores[i], len) == 0)
			return TRUE;
	}
	return FALSE;
}

static gsize
share_at(const char *text, double *value)
{
	const gsize len = WORD_AT(text, shares, value);

	return len > 0 && text[len] == ' ' && is_lesser(text + len + 1) ? len
									: 0;
}

/* "in half an hour" is a time. */
static gsize
part_at(const char *text, double *value)
{
	const gsize len = WORD_AT(text, parts, value);

	return len > 0 && phrase_at(text + len, " an") == 0 &&
			       phrase_at(text + len, " a") == 0
		       ? len
		       : 0;
}

gboolean
spelled_turn(const char *text, gsize at, struct number *number)
{
	enum number_kind kind = NUMBER_PERCENT;
	gboolean turn = TRUE;
	double value;
	gsize len = WORD_AT(text + at, halves, &value);

	if (len == 0)
		len = share_at(text + at, &value);
	if (len == 0) {
		len = part_at(text + at, &value);
		turn = FALSE;
	}
	if (len == 0) {
		len = WORD_AT(text + at, times, &value);
		kind = NUMBER_TIMES;
		turn = TRUE;
	}
	if (len == 0 || (turn && is_passing(text, at)))
		return FALSE;
	*number = (struct number){ .start = at,
				   .stop = at + len,
				   .kind = kind,
				   .value = value,
				   .value_max = value,
				   .turn = turn,
				   .spelled = TRUE,
				   .unit = kind == NUMBER_TIMES ? "x" : "%",
				   .currency = "" };
	return TRUE;
}
