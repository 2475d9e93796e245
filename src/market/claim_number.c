#include "claim_number_private.h"

#include <string.h>

#include "claim_words_private.h"

#define DIGITS_MAX 18

/* Digits with their marks, before anything is known of their surroundings. */
struct figure {
	gsize start;
	gsize stop;
	double value;
};

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
	{ "\xe2\x82\xac", "EUR", 1 }, { "$", "$", 1 },
	{ "\xc2\xa3", "GBP", 1 },     { "z\xc5\x82", "PLN", 1 },
	{ "euros", "EUR", 1 },	      { "euro", "EUR", 1 },
	{ "eur", "EUR", 1 },	      { "usd", "USD", 1 },
	{ "gbp", "GBP", 1 },	      { "chf", "CHF", 1 },
	{ "pln", "PLN", 1 },	      { "yen", "JPY", 1 },
	{ "dollars", "$", 1 },	      { "pounds", "GBP", 1 },
	{ "sek", "SEK", 1 },	      { "dkk", "DKK", 1 },
	{ "nok", "NOK", 1 },	      { "aed", "AED", 1 },
	{ "kes", "KES", 1 },	      { "cents", "", 0.01 },
	{ "cent", "EUR", 0.01 },      { "ct", "EUR", 0.01 },
	{ "centimes", "EUR", 0.01 },  { "centesimi", "EUR", 0.01 },
};

static const struct sign scales[] = {
	{ "million", "", 1e6 },	  { "millions", "", 1e6 },
	{ "Mio.", "", 1e6 },	  { "Mio", "", 1e6 },
	{ "Millionen", "", 1e6 }, { "milioni", "", 1e6 },
	{ "millones", "", 1e6 },  { "mln", "", 1e6 },
	{ "billion", "", 1e9 },	  { "bn", "", 1e9 },
	{ "m", "", 1e6 },	  { "k", "", 1e3 },
	{ "tys.", "", 1e3 },
};

static const char *const percents[] = { "%",	     "percent",	  "per cent",
					"Prozent",   "pour cent", "por ciento",
					"per cento", "procent" };

static const char *const joints[] = { "-",     "\xe2\x80\x93",	" - ", " to ",
				      " bis ", " \xc3\xa0 ",	" a ", " do ",
				      " tot ", " \xe2\x80\x93 " };
static const char *const arrows[] = { " -> ", " \xe2\x86\x92 ", "->",
				      "\xe2\x86\x92" };
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

/* How many bytes part digits from the next group, or 0. */
static gsize
separator_at(const char *text, gsize at, gsize run)
{
	const gsize next = spaces(text, at);

	if (strchr(".,'", text[at]) && text[at] &&
	    g_ascii_isdigit(text[at + 1]))
		return 1;
	if (next == at || next - at > 3 || run == 0 || run > 3)
		return 0;
	for (gsize i = 0; i < 3; i++) {
		if (!g_ascii_isdigit(text[next + i]))
			return 0;
	}
	return g_ascii_isdigit(text[next + 3]) ? 0 : next - at;
}

struct shape {
	char digits[DIGITS_MAX + 1];
	gsize n;
	gsize run;    /* digits since the last mark */
	gsize marks;  /* how many of `mark` */
	char mark;    /* the last one */
	gsize behind; /* digits before the last mark */
	gboolean mixed;
	gboolean odd; /* a group that has not three digits, before the last */
};

static void
shape_mark(struct shape *shape, char mark)
{
	if (mark == ' ')
		mark = '\'';
	shape->odd |=
		shape->marks > 0 && mark == shape->mark && shape->run != 3;
	shape->mixed |= shape->marks > 0 && mark != shape->mark;
	shape->marks = mark == shape->mark ? shape->marks + 1 : 1;
	shape->mark = mark;
	shape->behind = shape->n;
	shape->run = 0;
}

/* "1,200" is grouped, "4.20" is not, "1.200" most likely is. */
static gboolean
is_grouped(const struct shape *shape)
{
	if (shape->mark == '\'')
		return TRUE;
	return shape->run == 3 && !shape->mixed &&
	       (shape->marks > 1 ||
		(shape->behind <= 3 && shape->digits[0] != '0'));
}

static gboolean
shape_value(const struct shape *shape, double *value)
{
	g_autofree char *text = NULL;

	if (shape->odd || (shape->marks > 1 && shape->run != 3))
		return FALSE;
	if (shape->marks == 0 || is_grouped(shape))
		text = g_strdup(shape->digits);
	else
		text = g_strdup_printf("%.*s.%s", (int)shape->behind,
				       shape->digits,
				       shape->digits + shape->behind);
	*value = g_ascii_strtod(text, NULL);
	return TRUE;
}

/* Reads digits and their marks; FALSE for dates, versions and the like. */
static gboolean
figure_at(const char *text, gsize at, struct figure *figure)
{
	struct shape shape = { 0 };

	figure->start = at;
	for (;;) {
		gsize step;

		while (g_ascii_isdigit(text[at]) && shape.n < DIGITS_MAX) {
			shape.digits[shape.n++] = text[at++];
			shape.run++;
		}
		step = separator_at(text, at, shape.run);
		if (step == 0 || shape.n >= DIGITS_MAX)
			break;
		shape_mark(&shape, text[at]);
		at += step;
	}
	figure->stop = at;
	while (g_ascii_isdigit(text[figure->stop]))
		figure->stop++;
	return shape.n < DIGITS_MAX && shape_value(&shape, &figure->value);
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
next_figure(const char *text, gsize *at, struct figure *figure)
{
	for (gsize i = *at; text[i]; i++) {
		if (!g_ascii_isdigit(text[i]))
			continue;
		if (figure_at(text, i, figure) && !is_part(text, figure)) {
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

static void
take_unit(const char *text, struct number *number)
{
	const gsize next = spaces(text, number->stop);
	const gsize percent =
		one_of(text, next, percents, G_N_ELEMENTS(percents));
	const struct sign *sign =
		sign_at(text, next, after, G_N_ELEMENTS(after));
	const char *unit = claim_words_time(text + next);

	if (percent > 0) {
		*number = (struct number){ number->start,
					   next + percent,
					   NUMBER_PERCENT,
					   number->value,
					   number->value_max,
					   number->change,
					   "%",
					   "" };
	} else if (number->kind == NUMBER_MONEY) {
		return;
	} else if (sign &&
		   !g_ascii_isdigit(
			   text[spaces(text, next + strlen(sign->text))])) {
		number->kind = NUMBER_MONEY;
		number->currency = sign->code;
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
	} else if (word_at(text, next, "times") > 0) {
		number->kind = NUMBER_TIMES;
		number->unit = "x";
		number->stop = next + strlen("times");
	} else if (unit && !g_ascii_isdigit(text[next + 1])) {
		number->kind = NUMBER_TIME;
		number->unit = unit;
		number->stop = next;
		while (is_letter(text[number->stop]))
			number->stop++;
	}
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

/* The second number of a range or a change, when it follows at once. */
static void
take_second(const char *text, struct number *number)
{
	const gsize arrow =
		one_of(text, number->stop, arrows, G_N_ELEMENTS(arrows));
	const gboolean from =
		ends_with(text, number->start, froms, G_N_ELEMENTS(froms));
	const gsize to =
		from ? one_of(text, number->stop, into, G_N_ELEMENTS(into)) : 0;
	const gsize joint =
		one_of(text, number->stop, joints, G_N_ELEMENTS(joints));
	const gsize len = MAX(arrow, MAX(to, joint));
	gsize at = number->stop + len;
	struct figure second;
	gboolean money;

	if (len == 0)
		return;
	at = spaces(text, at);
	money = sign_at(text, at, before, G_N_ELEMENTS(before)) != NULL;
	while (money && text[at] && !g_ascii_isdigit(text[at]))
		at++;
	if (!g_ascii_isdigit(text[at]) || !figure_at(text, at, &second))
		return;
	apply_scale(text, &second);
	number->value_max = second.value;
	number->stop = second.stop;
	number->change = arrow > 0 || to > 0;
}

static struct number
plain(gsize start, gsize stop, double value)
{
	return (struct number){ start, stop,  NUMBER_PLAIN, value,
				value, FALSE, "",	    "" };
}

gboolean
number_next(const char *text, gsize *at, struct number *number)
{
	struct figure figure;

	if (!next_figure(text, at, &figure))
		return FALSE;
	*number = plain(figure.start, figure.stop, figure.value);
	take_before(text, number);
	/* The unit may stand at the first number, at the second, or at both. */
	take_unit(text, number);
	take_second(text, number);
	take_unit(text, number);
	*at = MAX(*at, number->stop);
	return TRUE;
}
