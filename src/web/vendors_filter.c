/* Which of the cards are asked for, and in which order. */
#include <string.h>

#include "vendors_private.h"

#define UNRULED "none"

/* The query, in the form it is compared in. */
struct filter {
	char *text;	      /* folded, or "" */
	const char *priority; /* "buyer/priority", or "" */
	const char *status;   /* a word of store_ruling_word_name(), "none", ""
			       */
};

static gboolean
holds(const char *text, const char *folded)
{
	g_autofree char *own = g_utf8_casefold(text, -1);

	return strstr(own, folded) != NULL;
}

static gboolean
is_named(const struct vendors_list *list, const struct vendors_card *card,
	 const char *folded)
{
	g_autoptr(GPtrArray) domains = NULL;

	if (holds(card->id, folded) || holds(card->name, folded) ||
	    holds(card->owner, folded))
		return TRUE;
	domains = vendor_book_domains(list->book, card->id);
	for (guint i = 0; i < domains->len; i++)
		if (holds(domains->pdata[i], folded))
			return TRUE;
	return FALSE;
}

static gboolean
is_near(const struct vendors_card *card, const char *wanted)
{
	for (guint i = 0; i < card->near->len; i++) {
		const struct vendors_near *near =
			&g_array_index(card->near, struct vendors_near, i);
		const gsize len = strlen(near->buyer);

		if (strncmp(wanted, near->buyer, len) == 0 &&
		    wanted[len] == '/' &&
		    strcmp(wanted + len + 1, near->priority) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_ruled(const struct vendors_card *card, const char *word)
{
	if (strcmp(word, UNRULED) == 0)
		return card->rulings->len == 0;
	for (guint i = 0; i < card->rulings->len; i++) {
		const struct store_ruling *ruling = card->rulings->pdata[i];

		if (strcmp(store_ruling_word_name(ruling->word), word) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
matches(const struct vendors_list *list, const struct vendors_card *card,
	const struct filter *filter)
{
	return (!*filter->status || is_ruled(card, filter->status)) &&
	       (!*filter->priority || is_near(card, filter->priority)) &&
	       (!*filter->text || is_named(list, card, filter->text));
}

static const char *
shown_name(const struct vendors_card *card)
{
	return *card->name ? card->name : card->id;
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
	const struct vendors_card *left = *(struct vendors_card *const *)a;
	const struct vendors_card *right = *(struct vendors_card *const *)b;
	const gint order =
		g_ascii_strcasecmp(shown_name(left), shown_name(right));

	return order != 0 ? order : strcmp(left->id, right->id);
}

static gint
by_last(gconstpointer a, gconstpointer b)
{
	const struct vendors_card *left = *(struct vendors_card *const *)a;
	const struct vendors_card *right = *(struct vendors_card *const *)b;

	if (left->last_us != right->last_us)
		return left->last_us < right->last_us ? 1 : -1;
	return by_name(a, b);
}

static gint
by_touches(gconstpointer a, gconstpointer b)
{
	const struct vendors_card *left = *(struct vendors_card *const *)a;
	const struct vendors_card *right = *(struct vendors_card *const *)b;

	if (left->touches != right->touches)
		return left->touches < right->touches ? 1 : -1;
	return by_last(a, b);
}

void
vendors_list_filter(const struct web_request *request,
		    struct vendors_list *list)
{
	const char *order = request_query(request, "order");
	g_autofree char *text =
		g_utf8_casefold(request_query(request, "q"), -1);
	const struct filter filter = {
		.text = text,
		.priority = request_query(request, "priority"),
		.status = request_query(request, "status"),
	};

	for (guint i = list->cards->len; i > 0; i--) {
		if (!matches(list, list->cards->pdata[i - 1], &filter))
			g_ptr_array_remove_index_fast(list->cards, i - 1);
	}
	g_ptr_array_sort(list->cards, strcmp(order, "touches") == 0 ? by_touches
				      : strcmp(order, "name") == 0  ? by_name
								    : by_last);
}
