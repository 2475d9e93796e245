/* Cards joined and parted. */
#include <string.h>

#include "market/vendor.h"

GQuark
vendor_error_quark(void)
{
	return g_quark_from_static_string("vendor-error");
}

static void
add_moves(GArray *moves, const GPtrArray *domains, const char *card)
{
	for (guint i = 0; i < domains->len; i++) {
		const struct store_move move = { domains->pdata[i], card };

		g_array_append_val(moves, move);
	}
}

static gboolean
make(struct store *store, const GArray *moves, const char *by, GError **error)
{
	return store_vendor_move(store,
				 (const struct store_move *)(void *)moves->data,
				 moves->len, by, error);
}

GPtrArray *
vendor_merge(struct store *store, const struct vendor_book *book,
	     const struct store_move *join, const char *by, GError **error)
{
	g_autoptr(GPtrArray) kept = vendor_book_domains(book, join->card);
	g_autoptr(GPtrArray) gone = vendor_book_domains(book, join->domain);
	g_autoptr(GArray) moves =
		g_array_new(FALSE, FALSE, sizeof(struct store_move));

	add_moves(moves, kept, join->card);
	add_moves(moves, gone, join->card);
	return make(store, moves, by, error) ? g_steal_pointer(&gone) : NULL;
}

static gboolean
has(const GPtrArray *domains, const char *domain)
{
	for (guint i = 0; i < domains->len; i++)
		if (strcmp(domains->pdata[i], domain) == 0)
			return TRUE;
	return FALSE;
}

static gboolean
on_one_card(const struct vendor_book *book, const GPtrArray *domains,
	    GError **error)
{
	const char *card = vendor_book_card(book, domains->pdata[0]);

	for (guint i = 1; i < domains->len; i++) {
		if (strcmp(vendor_book_card(book, domains->pdata[i]), card) ==
		    0)
			continue;
		g_set_error(error, VENDOR_ERROR, VENDOR_ERROR_CARDS,
			    "%s and %s are on two cards",
			    (const char *)domains->pdata[0],
			    (const char *)domains->pdata[i]);
		return FALSE;
	}
	return TRUE;
}

gboolean
vendor_split(struct store *store, const struct vendor_book *book,
	     const GPtrArray *domains, const char *by, char **rest,
	     GError **error)
{
	const char *card = vendor_book_card(book, domains->pdata[0]);
	g_autoptr(GPtrArray) all = vendor_book_domains(book, card);
	g_autoptr(GPtrArray) stay = g_ptr_array_new();
	g_autoptr(GArray) moves =
		g_array_new(FALSE, FALSE, sizeof(struct store_move));

	if (!on_one_card(book, domains, error))
		return FALSE;
	for (guint i = 0; i < all->len; i++) {
		if (!has(domains, all->pdata[i]))
			g_ptr_array_add(stay, all->pdata[i]);
	}
	if (stay->len == 0) {
		g_set_error(error, VENDOR_ERROR, VENDOR_ERROR_CARDS,
			    "nothing would be left on the card %s", card);
		return FALSE;
	}
	/* The card's own domain is the first of all, and of who stays. */
	add_moves(moves, stay, stay->pdata[0]);
	add_moves(moves, domains, domains->pdata[0]);
	if (!make(store, moves, by, error))
		return FALSE;
	*rest = g_strdup(stay->pdata[0]);
	return TRUE;
}
