#include "claim_number_private.h"

#include <string.h>

#include "claim_figure_private.h"
#include "claim_spelled_private.h"
#include "claim_words_private.h"

struct sign {
	const char *text;
	const char *code;
	double factor;
};

static const struct sign before[] = {
	{ "US$", "USD", 1 },	  { "NZ$", "NZD", 1 },
	{ "AU$", "AUD", 1 },	  { "A$", "AUD", 1 },
	{ "C$", "CAD", 1 },	  { "CA$", "CAD", 1 },
	{ "R$", "BRL", 1 },	  { "S$", "SGD", 1 },
	{ "$", "$", 1 },	  { "\xe2\x82\xac", "EUR", 1 },
	{ "\xc2\xa3", "GBP", 1 }, { "\xc2\xa5", "JPY", 1 },
	{ "USD", "USD", 1 },	  { "EUR", "EUR", 1 },
	{ "GBP", "GBP", 1 },	  { "CHF", "CHF", 1 },
	{ "PLN", "PLN", 1 },	  { "CAD", "CAD", 1 },
	{ "AUD", "AUD", 1 },	  { "NZD", "NZD", 1 },
	{ "KES", "KES", 1 },	  { "AED", "AED", 1 },
	{ "JPY", "JPY", 1 },	  { "SEK", "SEK", 1 },
	{ "DKK", "DKK", 1 },	  { "NOK", "NOK", 1 },
	{ "INR", "INR", 1 },	  { "ZAR", "ZAR", 1 },
	{ "BRL", "BRL", 1 },	  { "MXN", "MXN", 1 },
	{ "SGD", "SGD", 1 },	  { "HKD", "HKD", 1 },
};

/* After the number; letters in any case. "c" only touches it. */
static const struct sign after[] = {
	{ "\xe2\x82\xac", "EUR", 1 },
	{ "$", "$", 1 },
	{ "\xc2\xa3", "GBP", 1 },
	{ "z\xc5\x82", "PLN", 1 },
	{ "euros", "EUR", 1 },
	{ "euro", "EUR", 1 },
	{ "eur", "EUR", 1 },
	{ "usd", "USD", 1 },
	{ "gbp", "GBP", 1 },
	{ "chf", "CHF", 1 },
	{ "pln", "PLN", 1 },
	{ "yen", "JPY", 1 },
	{ "dollars", "$", 1 },
	{ "pounds", "GBP", 1 },
	{ "sek", "SEK", 1 },
	{ "dkk", "DKK", 1 },
	{ "nok", "NOK", 1 },
	{ "aed", "AED", 1 },
	{ "kes", "KES", 1 },
	{ "mxn", "MXN", 1 },
	{ "cad", "CAD", 1 },
	{ "aud", "AUD", 1 },
	{ "nzd", "NZD", 1 },
	{ "sgd", "SGD", 1 },
	{ "hkd", "HKD", 1 },
	{ "brl", "BRL", 1 },
	{ "inr", "INR", 1 },
	{ "zar", "ZAR", 1 },
	{ "kr", "", 1 },
	{ "cents", "", 0.01 },
	{ "cent", "EUR", 0.01 },
	{ "ct", "EUR", 0.01 },
	{ "centimes", "EUR", 0.01 },
	{ "centesimi", "EUR", 0.01 },
};

static const struct sign scales[] = {
	{ "million", "", 1e6 },	  { "millions", "", 1e6 },
	{ "Mio.", "", 1e6 },	  { "Mio", "", 1e6 },
	{ "Millionen", "", 1e6 }, { "milioni", "", 1e6 },
	{ "millones", "", 1e6 },  { "mln", "", 1e6 },
	{ "billion", "", 1e9 },	  { "bn", "", 1e9 },
	{ "m", "", 1e6 },	  { "k", "", 1e3 },
	{ "tys.", "", 1e3 },	  { "mil", "", 1e3 },
	{ "Tsd.", "", 1e3 },
};

static const char *const percents[] = { "%",	     "percent",	  "per cent",
					"Prozent",   "pour cent", "por ciento",
					"per cento", "procent" };

static const char *const folds[] = { "times", "-fold", "fold",	"-fach",
				     "fach",  "fois",  "veces", "volte",
				     "vezes", "keer",  "razy" };

static const char *const joints[] = { "-",     "\xe2\x80\x93",	" - ", " to ",
				      " bis ", " \xc3\xa0 ",	" a ", " do ",
				      " tot ", " \xe2\x80\x93 " };
static const char *const arrows[] = { " -> ", " \xe2\x86\x92 ", "->",
				      "\xe2\x86\x92" };
/* Between two numbers after one of `betweens` only. */
static const char *const ands[] = { " and ", " und ", " et ", " y ",
				    " e ",   " en ",  " i " };
static const char *const betweens[] = { "between ", "zwischen ", "entre ",
					"tra ",	    "fra ",	 "tussen ",
					"między " };
static const char *const froms[] = { "from ", "von ", "de ",
				     "da ",   "van ", "from an average of ",
				     "z ",    "dal ", "di " };
static const char *const into[] = { " to ",   " auf ", " a ",  " \xc3\xa0 ",
				    " naar ", " do ",  " al ", " para " };

static gboolean
is_letter(char c)
{
	return g_ascii_isalpha(c) || (guchar)c >= 0x80;
}

static gsize
spaces(const char *text, gsize at)
{
	while (text[at] == ' ')
		at++;
	return at;
}

/* How long the word is if the text at `at` is it; 0 otherwise. */
static gsize
word_at(const char *text, gsize at, const char *word)
{
	const gsize len = strlen(word);

	if (g_ascii_strncasecmp(text + at, word, len) != 0)
		return 0;
	return is_letter(word[0]) && is_letter(word[len - 1]) &&
			       is_letter(text[at + len])
		       ? 0
		       : len;
}

static gsize
one_of(const char *text, gsize at, const char *const *words, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		const gsize len = word_at(text, at, words[i]);

		if (len > 0)
			return len;
	}
	return 0;
}

static const struct sign *
sign_at(const char *text, gsize at, const struct sign *signs, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		if (word_at(text, at, signs[i].text) > 0)
			return &signs[i];
	}
	return NULL;
}

/* Part of a time, a date, a word or a telephone number. */
static gboolean
is_part(const char *text, const struct figure *figure)
{
	const char *left = figure->start > 0 ? text + figure->start - 1 : " ";
	const char prev = *left;
	const char next = text[figure->stop];

	if (g_ascii_isalnum(prev) || strchr(":/._#", prev))
		return TRUE;
	if (prev == '+' && figure->stop - figure->start > 4)
		return TRUE;
	if ((next == ':' || next == '/') &&
	    g_ascii_isdigit(text[figure->stop + 1]))
		return TRUE;
	return text[figure->start] == '0' && figure->stop - figure->start > 1 &&
	       !strchr(".,", text[figure->start + 1]);
}

static void
apply_scale(const char *text, struct figure *figure)
{
	const gsize next = spaces(text, figure->stop);
	const struct sign *scale =
		sign_at(text, next, scales, G_N_ELEMENTS(scales));

	if (!scale || (next > figure->stop && strlen(scale->text) == 1))
		return;
	figure->value *= scale->factor;
	figure->stop = next + strlen(scale->text);
}

static gboolean
ends_with(const char *text, gsize stop, const char *const *words, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		const gsize len = strlen(words[i]);

		if (stop >= len &&
		    g_ascii_strncasecmp(text + stop - len, words[i], len) ==
			    0 &&
		    (stop == len || !is_letter(text[stop - len - 1])))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_word_start(const char *text, gsize at)
{
	return is_letter(text[at]) &&
	       (at == 0 || strchr(" (\"'>*", text[at - 1]));
}

/* The number in words at `at`, with "million" or the like behind it. */
static gboolean
spelled_at(const char *text, gsize at, struct figure *figure)
{
	gsize stop = at;

	if (!is_word_start(text, at) ||
	    !spelled_value(text, &stop, &figure->value))
		return FALSE;
	figure->start = at;
	figure->stop = stop;
	figure->lone = '\0';
	figure->spelled = TRUE;
	apply_scale(text, figure);
	return TRUE;
}

/* "Fortune 500" and its like count no one. */
static gboolean
is_title(const char *text, const struct figure *figure)
{
	static const char *const titles[] = { "fortune ", "global ", "ftse ",
					      "inc. ",	  "route ",  "room ",
					      "page ",	  "top ",    "booth " };

	return ends_with(text, figure->start, titles, G_N_ELEMENTS(titles));
}

static gboolean
next_figure(const char *text, gsize *at, struct figure *figure)
{
	for (gsize i = *at; text[i]; i++) {
		figure->spelled = FALSE;
		if (spelled_at(text, i, figure)) {
			*at = figure->stop;
			return TRUE;
		}
		if (!g_ascii_isdigit(text[i]))
			continue;
		if (figure_at(text, i, figure) && !is_part(text, figure) &&
		    !is_title(text, figure)) {
			apply_scale(text, figure);
			*at = figure->stop;
			return TRUE;
		}
		i = figure->stop - 1;
	}
	return FALSE;
}

/* A currency that ends where the number begins, a blank between them or not. */
static void
take_before(const char *text, struct number *number)
{
	gsize stop = number->start;

	while (stop > 0 && text[stop - 1] == ' ' && number->start - stop < 2)
		stop--;
	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		const gsize len = strlen(before[i].text);

		if (len > stop ||
		    memcmp(text + stop - len, before[i].text, len) != 0)
			continue;
		if (g_ascii_isalpha(before[i].text[0]) && stop > len &&
		    is_letter(text[stop - len - 1]))
			continue;
		number->start = stop - len;
		number->kind = NUMBER_MONEY;
		number->currency = before[i].code;
		return;
	}
}

/* "$18,000 MXN": the code tells which dollars or pesos. */
static void
take_dollar(struct number *number, const struct sign *sign, gsize next)
{
	if (sign && strcmp(number->currency, "$") == 0 &&
	    strlen(sign->code) == 3 && strlen(sign->text) == 3) {
		number->currency = sign->code;
		number->stop = next + strlen(sign->text);
	}
}

static void
take_unit(const char *text, struct number *number)
{
	const gsize next = spaces(text, number->stop);
	const gsize percent =
		one_of(text, next, percents, G_N_ELEMENTS(percents));
	const struct sign *sign =
		sign_at(text, next, after, G_N_ELEMENTS(after));
	const char *unit = claim_words_time(text + next);
	const gsize fold = one_of(text, next, folds, G_N_ELEMENTS(folds));

	if (percent > 0) {
		number->stop = next + percent;
		number->kind = NUMBER_PERCENT;
		number->unit = "%";
		number->currency = "";
	} else if (number->kind == NUMBER_MONEY) {
		take_dollar(number, sign, next);
	} else if (sign &&
		   !g_ascii_isdigit(
			   text[spaces(text, next + strlen(sign->text))])) {
		number->kind = NUMBER_MONEY;
		/* Whose numbers have a decimal point has other cents. */
		number->currency =
			sign->factor < 1 && memchr(text + number->start, '.',
						   number->stop - number->start)
				? ""
				: sign->code;
		number->value *= sign->factor;
		number->value_max *= sign->factor;
		number->stop = next + strlen(sign->text);
	} else if (text[number->stop] == 'c' &&
		   !is_letter(text[number->stop + 1])) {
		number->kind = NUMBER_MONEY;
		number->value /= 100;
		number->value_max /= 100;
		number->stop++;
	} else if (text[next] == 'x' && !is_letter(text[next + 1]) &&
		   !g_ascii_isdigit(text[spaces(text, next + 1)])) {
		number->kind = NUMBER_TIMES;
		number->unit = "x";
		number->stop = next + 1;
	} else if (fold > 0) {
		number->kind = NUMBER_TIMES;
		number->unit = "x";
		number->stop = next + fold;
	} else if (unit && !g_ascii_isdigit(text[next + 1])) {
		number->kind = NUMBER_TIME;
		number->unit = unit;
		number->stop = next + claim_words_time_len(text + next);
	}
}

/* "212,000 accounts to": with what is counted. */
static gsize
into_at(const char *text, gsize stop)
{
	const gsize len = one_of(text, stop, into, G_N_ELEMENTS(into));
	gsize word = stop;

	if (len > 0 || text[word] != ' ')
		return len;
	word++;
	while (is_letter(text[word]))
		word++;
	if (word < stop + 4)
		return 0;
	return one_of(text, word, into, G_N_ELEMENTS(into)) > 0
		       ? word - stop +
				 one_of(text, word, into, G_N_ELEMENTS(into))
		       : 0;
}

/* How long what joins the number with a second one is; `change` says that it
 * became that. */
static gsize
joint_at(const char *text, const struct number *number, gboolean *change)
{
	const gsize stop = number->stop;
	gsize len = one_of(text, stop, arrows, G_N_ELEMENTS(arrows));

	if (len == 0 &&
	    ends_with(text, number->start, froms, G_N_ELEMENTS(froms)))
		len = into_at(text, stop);
	*change = len > 0;
	if (len == 0 &&
	    ends_with(text, number->start, betweens, G_N_ELEMENTS(betweens)))
		len = one_of(text, stop, ands, G_N_ELEMENTS(ands));
	return len > 0 ? len : one_of(text, stop, joints, G_N_ELEMENTS(joints));
}

/* The second number of a range or a change, when it follows at once. */
static gboolean
take_second(const char *text, struct number *number, struct figure *second)
{
	gboolean change;
	const gsize len = joint_at(text, number, &change);
	gsize at = number->stop + len;
	gboolean money;

	if (len == 0)
		return FALSE;
	at = spaces(text, at);
	money = sign_at(text, at, before, G_N_ELEMENTS(before)) != NULL;
	while (money && text[at] && !g_ascii_isdigit(text[at]))
		at++;
	if (g_ascii_isdigit(text[at])) {
		if (!figure_at(text, at, second))
			return FALSE;
		apply_scale(text, second);
	} else if (!spelled_at(text, at, second)) {
		return FALSE;
	}
	number->value_max = second->value;
	number->stop = second->stop;
	number->change = change;
	return TRUE;
}

/* "from five weeks to nine days": the first in the second's unit. */
static void
convert(struct number *number, const char *first)
{
	if (number->kind != NUMBER_TIME || !*first ||
	    strcmp(first, number->unit) == 0)
		return;
	number->value *=
		claim_words_seconds(first) / claim_words_seconds(number->unit);
}

/*
 * "1.200" is twelve hundred of most things, but shares, factors and dollars
 * have a decimal point; and nobody promises "99,999 %" in thousands.
 */
static gboolean
is_decimal(const char *text, const struct number *number,
	   const struct figure *figure)
{
	const gboolean percent = number->kind == NUMBER_PERCENT;

	if (figure->lone == '.')
		return percent || number->kind == NUMBER_TIMES ||
		       (text[number->start] == '$' &&
			strcmp(number->currency, "$") == 0);
	return figure->lone == ',' && percent && figure->value >= 90000 &&
	       figure->value < 100000;
}

gboolean
number_next(const char *text, gsize *at, struct number *number)
{
	struct figure figure = { 0 };
	struct figure second = { 0 };
	struct number first;
	gsize turn = *at;

	while (text[turn] &&
	       !(is_word_start(text, turn) && spelled_turn(text, turn, number)))
		turn++;
	if (!next_figure(text, at, &figure) || turn < figure.start) {
		*at = text[turn] ? number->stop : turn;
		return text[turn] != '\0';
	}
	*number = (struct number){ .start = figure.start,
				   .stop = figure.stop,
				   .kind = NUMBER_PLAIN,
				   .value = figure.value,
				   .value_max = figure.value,
				   .spelled = figure.spelled,
				   .unit = "",
				   .currency = "" };
	take_before(text, number);
	/* The unit may stand at the first number, at the second, or at both. */
	take_unit(text, number);
	first = *number;
	if (take_second(text, number, &second)) {
		take_unit(text, number);
		/* "12% - 5 weeks" is no range. */
		if (first.kind != NUMBER_PLAIN && first.kind != number->kind)
			*number = first;
		convert(number, first.unit);
	}
	if (is_decimal(text, number, &figure))
		number->value /= 1000;
	if (is_decimal(text, number,
		       number->stop > first.stop ? &second : &figure))
		number->value_max /= 1000;
	*at = MAX(*at, number->stop);
	return TRUE;
}
