#include "market/claim.h"

#include <string.h>

#include "claim_number_private.h"
#include "claim_proof_private.h"
#include "claim_words_private.h"
#include "sentence_private.h"

/* A line of a price list is as short as this. */
#define LIST_LINE 90

/* A sentence, made ready to be asked about. */
struct spoken {
	char *text;  /* blanks are spaces; as many bytes as were written */
	char *lower; /* the same in lower case, with a blank at either end */
	gsize start; /* of the sentence in the message's text */
};

static void
spoken_init(struct spoken *spoken, const char *text,
	    const struct sentence *sentence)
{
	g_autofree char *lower = NULL;

	spoken->text = g_strndup(text + sentence->start, sentence->len);
	spoken->start = sentence->start;
	for (char *at = spoken->text; *at; at++) {
		if (*at == '\n' || *at == '\r' || *at == '\t')
			*at = ' ';
		/* No-break spaces, the thin one too. */
		else if (strncmp(at, "\xc2\xa0", 2) == 0)
			memset(at, ' ', 2);
		else if (strncmp(at, "\xe2\x80\xaf", 3) == 0)
			memset(at, ' ', 3);
	}
	lower = g_utf8_strdown(spoken->text, -1);
	spoken->lower = g_strconcat(" ", lower, " ", NULL);
}

static void
spoken_clear(struct spoken *spoken)
{
	g_free(spoken->text);
	g_free(spoken->lower);
}

static char *
quotation(const char *text)
{
	GString *quote = g_string_new(NULL);

	for (; *text; text++) {
		if (*text != ' ' ||
		    (quote->len > 0 && quote->str[quote->len - 1] != ' '))
			g_string_append_c(quote, *text);
	}
	while (quote->len > 0 && quote->str[quote->len - 1] == ' ')
		g_string_truncate(quote, quote->len - 1);
	return g_string_free(quote, FALSE);
}

static void
add(GPtrArray *quotes, const struct spoken *spoken, enum store_quote_kind kind,
    const struct number *number)
{
	struct store_quote *quote = g_new0(struct store_quote, 1);
	g_autofree char *what = g_strndup(spoken->text + number->start,
					  number->stop - number->start);
	const char *after = spoken->text + number->stop;
	const gboolean asked = kind == STORE_QUOTE_PRICE;

	quote->kind = kind;
	quote->place = (guint)(spoken->start + number->start);
	quote->text = quotation(spoken->text);
	quote->what = quotation(what);
	quote->value = number->value;
	quote->value_max = number->value_max;
	quote->currency = g_strdup(number->currency);
	quote->period = g_strdup(asked && number->kind == NUMBER_MONEY
					 ? claim_words_period(after)
					 : "");
	quote->unit = g_strdup(asked && number->kind == NUMBER_MONEY
				       ? claim_words_per(after)
				       : number->unit);
	g_ptr_array_add(quotes, quote);
}

static gboolean
says(const struct spoken *spoken, enum claim_words set)
{
	return claim_words_any(spoken->lower, set);
}

static gboolean
is_question(const struct spoken *spoken)
{
	return strchr(spoken->text, '?') != NULL;
}

/* "V90 cab, front linkage: $89,900": nothing but a thing and its price. */
static gboolean
is_list_line(const struct spoken *spoken, const struct number *number)
{
	const gsize len = strlen(spoken->text);

	return len < LIST_LINE && len - number->stop < 25;
}

/* What stands near the number, as claim_words_any() wants it. */
static gboolean
near(const struct spoken *spoken, const struct number *number, gsize before,
     gsize behind, enum claim_words set)
{
	const gsize start = number->start > before ? number->start - before : 0;
	g_autofree char *part =
		g_strndup(spoken->text + start, number->stop - start + behind);
	g_autofree char *valid = g_utf8_make_valid(part, -1);
	g_autofree char *lower = g_utf8_strdown(valid, -1);
	g_autofree char *padded = g_strconcat(" ", lower, " ", NULL);

	return claim_words_any(padded, set);
}

/* More than anybody asks in a mail; small change makes large figures. */
static gboolean
is_vast(const struct number *number)
{
	return number->value >= 1e6 && strcmp(number->currency, "JPY") != 0 &&
	       strcmp(number->currency, "KES") != 0;
}

static gboolean
is_price(const struct spoken *spoken, const struct number *number)
{
	const char *text = spoken->text;
	const gsize start = number->start;

	if (number->kind == NUMBER_PERCENT)
		return number->value < 100 &&
		       near(spoken, number, 30, 30, CLAIM_SHARE) &&
		       !says(spoken, CLAIM_NO_PRICE) &&
		       !near(spoken, number, 10, 15, CLAIM_EFFECT) &&
		       !says(spoken, CLAIM_MARKET);
	if (number->kind != NUMBER_MONEY || number->change ||
	    number->value <= 0 || is_vast(number) ||
	    (start > 1 && text[start - 1] == '-' && text[start - 2] == ' ') ||
	    says(spoken, CLAIM_NO_PRICE) || says(spoken, CLAIM_SAVING) ||
	    near(spoken, number, 25, 25, CLAIM_EFFECT))
		return FALSE;
	return near(spoken, number, 40, 40, CLAIM_ASKING) ||
	       is_list_line(spoken, number);
}

/* "from 5 to 60 people" is a size, "from 52% to 81%" a change. */
static gboolean
is_change(const struct spoken *spoken, const struct number *number)
{
	if (!number->change || number->value == number->value_max)
		return FALSE;
	if (number->kind == NUMBER_MONEY)
		return near(spoken, number, 45, 45, CLAIM_EFFECT);
	return number->kind == NUMBER_PERCENT || number->kind == NUMBER_TIME ||
	       says(spoken, CLAIM_EFFECT);
}

/* "in under 4 seconds": the word before the number says that it is a speed. */
static gboolean
is_quick(const struct spoken *spoken, const struct number *number)
{
	static const char *const hows[] = { "in ",     "within ", "under ",
					    "binnen ", "than ",	  "entro ",
					    "en ",     "unter ",  "innerhalb ",
					    "w " };

	if (!near(spoken, number, 45, 30, CLAIM_QUICK))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(hows); i++) {
		const gsize len = strlen(hows[i]);

		if (number->start > len &&
		    g_ascii_strncasecmp(spoken->text + number->start - len,
					hows[i], len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The word for users must come soon after their number. */
static gboolean
is_users(const struct spoken *spoken, const struct number *number)
{
	return number->value >= 3 && says(spoken, CLAIM_USING) &&
	       near(spoken, number, 0, 40, CLAIM_USERS);
}

static gboolean
is_effect(const struct spoken *spoken, const struct number *number)
{
	switch (number->kind) {
	case NUMBER_PERCENT:
		return near(spoken, number, 60, 45, CLAIM_EFFECT) &&
		       number->value != 100;
	case NUMBER_TIMES:
		return near(spoken, number, 40, 30, CLAIM_EFFECT) &&
		       number->value > 1;
	case NUMBER_MONEY:
		return near(spoken, number, 60, 0, CLAIM_SAVING);
	case NUMBER_TIME:
		return near(spoken, number, 20, 0, CLAIM_SAVING) ||
		       is_quick(spoken, number);
	case NUMBER_PLAIN:
		return is_users(spoken, number);
	}
	return FALSE;
}

static gboolean
is_claim(const struct spoken *spoken, const struct number *number)
{
	if (says(spoken, CLAIM_MARKET))
		return FALSE;
	if (is_change(spoken, number))
		return TRUE;
	if (number->kind == NUMBER_TIME && says(spoken, CLAIM_MEETING))
		return FALSE;
	return is_effect(spoken, number);
}

static void
read_numbers(GPtrArray *quotes, const struct spoken *spoken)
{
	gboolean claims = FALSE;
	gboolean prices = FALSE;
	struct number number;
	gsize at = 0;

	while (number_next(spoken->text, &at, &number)) {
		if (is_price(spoken, &number)) {
			if (!prices)
				add(quotes, spoken, STORE_QUOTE_PRICE, &number);
			prices = TRUE;
		} else if (!claims && is_claim(spoken, &number)) {
			add(quotes, spoken, STORE_QUOTE_CLAIM, &number);
			claims = TRUE;
		}
	}
}

static void
read_proof(GPtrArray *quotes, const struct spoken *spoken)
{
	struct number name = { 0 };

	name.unit = "";
	name.currency = "";
	if (proof_find(spoken->text, spoken->lower, &name.start, &name.stop))
		add(quotes, spoken, STORE_QUOTE_PROOF, &name);
}

GPtrArray *
claims_read(const char *text)
{
	GPtrArray *quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	const gsize len = strnlen(text, CLAIM_TEXT_MAX);
	struct sentence sentence;
	gsize at = 0;

	while (quotes->len + 3 <= CLAIM_MAX &&
	       sentence_next(text, len, &at, &sentence)) {
		struct spoken spoken;

		spoken_init(&spoken, text, &sentence);
		if (!is_question(&spoken)) {
			read_numbers(quotes, &spoken);
			read_proof(quotes, &spoken);
		}
		spoken_clear(&spoken);
	}
	return quotes;
}
