#include <string.h>

#include "market/vendor.h"

struct vendor_book {
	GPtrArray *rows; /* of struct store_vendor, by domain */
	GHashTable *by_domain;
};

struct vendor_book *
vendor_book_load(struct store *store, GError **error)
{
	GPtrArray *rows = store_vendor_list(store, error);
	struct vendor_book *book;

	if (!rows)
		return NULL;
	book = g_new0(struct vendor_book, 1);
	book->rows = rows;
	book->by_domain = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < rows->len; i++) {
		struct store_vendor *row = rows->pdata[i];

		g_hash_table_insert(book->by_domain, row->domain, row);
	}
	return book;
}

void
vendor_book_free(struct vendor_book *book)
{
	if (!book)
		return;
	g_hash_table_unref(book->by_domain);
	g_ptr_array_unref(book->rows);
	g_free(book);
}

const struct store_vendor *
vendor_book_row(const struct vendor_book *book, const char *domain)
{
	return g_hash_table_lookup(book->by_domain, domain);
}

const char *
vendor_book_card(const struct vendor_book *book, const char *domain)
{
	const struct store_vendor *row = vendor_book_row(book, domain);

	return row ? row->card : domain;
}

GPtrArray *
vendor_book_domains(const struct vendor_book *book, const char *card)
{
	GPtrArray *domains = g_ptr_array_new_with_free_func(g_free);

	if (strcmp(vendor_book_card(book, card), card) == 0)
		g_ptr_array_add(domains, g_strdup(card));
	for (guint i = 0; i < book->rows->len; i++) {
		const struct store_vendor *row = book->rows->pdata[i];

		if (strcmp(row->card, card) == 0 &&
		    strcmp(row->domain, card) != 0)
			g_ptr_array_add(domains, g_strdup(row->domain));
	}
	return domains;
}

const char *
vendor_book_named(const struct vendor_book *book, const char *name)
{
	g_autofree char *wanted = g_utf8_casefold(name, -1);

	for (guint i = 0; i < book->rows->len; i++) {
		const struct store_vendor *row = book->rows->pdata[i];
		g_autofree char *given = g_utf8_casefold(row->name, -1);

		if (*row->name && strcmp(given, wanted) == 0)
			return row->card;
	}
	return NULL;
}
