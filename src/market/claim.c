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
	const gboolean asked =
		kind == STORE_QUOTE_PRICE && number->kind == NUMBER_MONEY;

	quote->kind = kind;
	quote->place = (guint)(spoken->start + number->start);
	quote->text = quotation(spoken->text);
	quote->what = quotation(what);
	quote->value = number->value;
	quote->value_max = number->value_max;
	quote->currency = g_strdup(number->currency);
	quote->period =
		g_strdup(asked ? claim_words_period(spoken->text, number->start,
						    number->stop)
			       : "");
	quote->unit = asked ? claim_words_per(spoken->text, number->start,
					      number->stop)
			    : g_strdup(number->unit);
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
follows(const struct spoken *spoken, const struct number *number,
	const char *const *words, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		if (g_ascii_strncasecmp(spoken->text + number->stop, words[i],
					strlen(words[i])) == 0)
			return TRUE;
	}
	return FALSE;
}

/* "up 3x", "by 40 %", "+22 %": what stands right before it says a change. A
 * plus near an amount is a surcharge. */
static gboolean
is_step(const struct spoken *spoken, const struct number *number)
{
	static const char *const steps[] = { " up ", " down ", " by ", " +" };
	const char *const first = spoken->text + number->start;

	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		const gsize len = strlen(steps[i]);

		if (number->start < len ||
		    g_ascii_strncasecmp(first - len, steps[i], len) != 0)
			continue;
		if (steps[i][1] == 'u')
			return !near(spoken, number, 40, 0, CLAIM_BURDEN);
		return steps[i][1] != '+' ||
		       !near(spoken, number, 90, 0, CLAIM_AMOUNT);
	}
	return FALSE;
}

/* "40 % more", "six days sooner". */
static gboolean
is_more(const struct spoken *spoken, const struct number *number)
{
	const char *after = spoken->text + number->stop;
	const gsize first = strspn(after, " ");
	gsize len = first + strcspn(after + first, " .,;:!)");
	struct number behind = *number;

	if (first == 0)
		return FALSE;
	if (after[len] == ' ')
		len += 1 + strcspn(after + len + 1, " .,;:!)");
	if (g_ascii_strncasecmp(after + first, "or ", 3) == 0)
		return FALSE;
	behind.start = number->stop;
	return near(spoken, &behind, 0, len, CLAIM_MORE);
}

/* A fee or a discount. "85 % of fees" is a part of them, "a fee of 2 %" and "a
 * fee: 2 % of what we find" are fees. */
static gboolean
is_share(const struct spoken *spoken, const struct number *number)
{
	static const char *const offs[] = { " off",	  " discount",
					    " rabatt",	  " de remise",
					    " sconto",	  " di sconto",
					    " descuento", " de descuento",
					    " korting",	  " rabatu" };
	static const char *const ofs[] = { " of ", " der ", " des ", " de " };

	if (number->value >= 100 || number->spelled || number->change ||
	    is_more(spoken, number) || is_step(spoken, number) ||
	    says(spoken, CLAIM_NO_PRICE) || says(spoken, CLAIM_MARKET))
		return FALSE;
	if (follows(spoken, number, offs, G_N_ELEMENTS(offs)))
		return TRUE;
	if (near(spoken, number, 40, 0, CLAIM_DOES))
		return FALSE;
	if (near(spoken, number, 12, 0, CLAIM_SHARE) &&
	    !near(spoken, number, 30, 0, CLAIM_EFFECT))
		return TRUE;
	if (near(spoken, number, 10, 15, CLAIM_EFFECT))
		return FALSE;
	return near(spoken, number, 30, 0, CLAIM_SHARE) ||
	       (near(spoken, number, 0, 30, CLAIM_SHARE) &&
		!follows(spoken, number, ofs, G_N_ELEMENTS(ofs)));
}

/* "Licences run from $30 to $50": a range, where "from $9 to $7" is a change.
 */
static gboolean
is_range(const struct spoken *spoken, const struct number *number)
{
	return number->value < number->value_max &&
	       near(spoken, number, 45, 0, CLAIM_RANGE) &&
	       !near(spoken, number, 45, 25, CLAIM_EFFECT);
}

static gboolean
is_price(const struct spoken *spoken, const struct number *number)
{
	const char *text = spoken->text;
	const gsize start = number->start;

	if (number->kind == NUMBER_PERCENT)
		return is_share(spoken, number);
	if (number->kind != NUMBER_MONEY || number->value <= 0 ||
	    (number->change && !is_range(spoken, number)) || is_vast(number) ||
	    (start > 1 && text[start - 1] == '-' && text[start - 2] == ' ') ||
	    says(spoken, CLAIM_NO_PRICE) || says(spoken, CLAIM_SAVING) ||
	    near(spoken, number, 25, 25, CLAIM_EFFECT))
		return FALSE;
	return near(spoken, number, 40, 40, CLAIM_ASKING) ||
	       (!number->spelled && is_list_line(spoken, number));
}

/* "from 5 to 60 people" is a size, "from 52% to 81%" a change. */
static gboolean
is_change(const struct spoken *spoken, const struct number *number)
{
	if (!number->change || number->value == number->value_max)
		return FALSE;
	if (number->kind == NUMBER_MONEY)
		return number->value_max < number->value ||
		       near(spoken, number, 45, 45, CLAIM_EFFECT);
	return number->kind == NUMBER_PERCENT || number->kind == NUMBER_TIME ||
	       says(spoken, CLAIM_EFFECT);
}

/* "in under 4 seconds": the word before the number says that it is a speed. */
static gboolean
is_quick(const struct spoken *spoken, const struct number *number)
{
	static const char *const hows[] = {
		"in ",	      "within ",      "under ",	    "binnen ",
		"than ",      "entro ",	      "en ",	    "unter ",
		"innerhalb ", "w ",	      "took ",	    "takes ",
		"between ",   "meno di ",     "moins de ",  "menos de ",
		"niż ",	      "weniger als ", "minder dan "
	};

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

static gboolean
is_year(const struct number *number)
{
	return number->value >= 1900 && number->value < 2100 &&
	       number->stop - number->start == 4;
}

/* The word for users must come soon after their number. */
static gboolean
is_users(const struct spoken *spoken, const struct number *number)
{
	const gsize clause = strcspn(spoken->text + number->stop, ",;:()");

	if (number->value < (number->spelled ? 10 : 3) || is_year(number))
		return FALSE;
	if (near(spoken, number, 0, MIN(clause, 35), CLAIM_CHOOSE) ||
	    near(spoken, number, 15, 0, CLAIM_CHOOSE))
		return TRUE;
	return says(spoken, CLAIM_USING) &&
	       near(spoken, number, 0, 40, CLAIM_USERS);
}

/* "we have processed 4.7 million": of what the vendor did. */
static gboolean
is_done(const struct spoken *spoken, const struct number *number)
{
	return !is_year(number) && number->value >= 20 &&
	       near(spoken, number, 30, 0, CLAIM_DONE) &&
	       near(spoken, number, 60, 0, CLAIM_OURS);
}

static gboolean
is_effect(const struct spoken *spoken, const struct number *number)
{
	if (number->turn)
		return number->kind == NUMBER_PERCENT ||
		       !near(spoken, number, 60, 0, CLAIM_BURDEN);
	switch (number->kind) {
	case NUMBER_PERCENT:
		if (number->spelled)
			return near(spoken, number, 45, 0, CLAIM_EFFECT) ||
			       near(spoken, number, 15, 0, CLAIM_DOES) ||
			       is_more(spoken, number);
		return number->value != 100 &&
		       (near(spoken, number, 60, 45, CLAIM_EFFECT) ||
			near(spoken, number, 15, 0, CLAIM_DOES) ||
			is_step(spoken, number));
	case NUMBER_TIMES:
		return number->value > 1 &&
		       (near(spoken, number, 40, 30, CLAIM_EFFECT) ||
			is_step(spoken, number) || is_more(spoken, number));
	case NUMBER_MONEY:
		return near(spoken, number, 60, 0, CLAIM_SAVING) ||
		       is_more(spoken, number) || is_done(spoken, number);
	case NUMBER_TIME:
		return near(spoken, number, 20, 0, CLAIM_SAVING) ||
		       is_quick(spoken, number) || is_more(spoken, number);
	case NUMBER_PLAIN:
		return is_users(spoken, number) || is_done(spoken, number);
	}
	return FALSE;
}

/* "Most groups are shown": of the market, but for the vendor's own. */
static gboolean
is_of_most(const char *lower)
{
	return g_str_has_prefix(lower, " most ") &&
	       !strstr(lower, "customers") && !strstr(lower, "clients");
}

static gboolean
is_claim(const struct spoken *spoken, const struct number *number)
{
	if (says(spoken, CLAIM_MARKET) || says(spoken, CLAIM_IF) ||
	    is_of_most(spoken->lower))
		return FALSE;
	if (is_change(spoken, number))
		return TRUE;
	if (number->kind == NUMBER_TIME && says(spoken, CLAIM_MEETING))
		return FALSE;
	return is_effect(spoken, number);
}

/* "$1,499 today $899", "€3,360 €2,688": the second is asked. */
static void
take_new_price(const char *text, struct number *number)
{
	static const char *const links[] = { "",	" ",	   " now ",
					     " today ", " jetzt ", " nur ",
					     " only " };
	struct number next;
	gsize at = number->stop;
	gsize gap;

	if (number->kind != NUMBER_MONEY || number->change ||
	    number->value != number->value_max ||
	    !number_next(text, &at, &next) || next.kind != NUMBER_MONEY ||
	    next.value >= number->value)
		return;
	gap = next.start - number->stop;
	for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
		if (strlen(links[i]) == gap &&
		    g_ascii_strncasecmp(text + number->stop, links[i], gap) ==
			    0) {
			*number = next;
			return;
		}
	}
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
			take_new_price(spoken->text, &number);
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

/* A letter about the stock market has numbers of everybody in it. */
#define EXCHANGE_WORDS 3

static gboolean
is_exchange_letter(const char *text, gsize len)
{
	static const char *const words[] = {
		"nasdaq",  "dow jones",	   " dow ",    "s&p ",	 " eps ",
		"nikkei",  "price target", "futures",  "shares", "stock",
		"analyst", "crude oil",	   "earnings", "index"
	};
	g_autofree char *lower = g_ascii_strdown(text, (gssize)len);
	guint n = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		n += strstr(lower, words[i]) != NULL;
	return n > EXCHANGE_WORDS;
}

GPtrArray *
claims_read(const char *text)
{
	GPtrArray *quotes = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_quote_free);
	const gsize len = strnlen(text, CLAIM_TEXT_MAX);
	const gsize wrap = sentence_wrap(text, len);
	struct sentence sentence;
	gsize at = 0;

	if (is_exchange_letter(text, len))
		return quotes;
	while (quotes->len + 3 <= CLAIM_MAX &&
	       sentence_next(text, len, wrap, &at, &sentence)) {
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
