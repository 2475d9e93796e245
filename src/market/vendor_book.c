#include <string.h>

#include "market/vendor.h"

struct vendor_book {
	GPtrArray *rows; /* of struct store_vendor, by domain */
	GHashTable *by_domain;
	GHashTable *by_card; /* -> GPtrArray of its rows, by domain */
};

static void
add_row(struct vendor_book *book, struct store_vendor *row)
{
	GPtrArray *rows = g_hash_table_lookup(book->by_card, row->card);

	if (!rows) {
		rows = g_ptr_array_new();
		g_hash_table_insert(book->by_card, row->card, rows);
	}
	g_ptr_array_add(rows, row);
	g_hash_table_insert(book->by_domain, row->domain, row);
}

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
	book->by_card =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
				      (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < rows->len; i++)
		add_row(book, rows->pdata[i]);
	return book;
}

void
vendor_book_free(struct vendor_book *book)
{
	if (!book)
		return;
	g_hash_table_unref(book->by_domain);
	g_hash_table_unref(book->by_card);
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
	const GPtrArray *rows = g_hash_table_lookup(book->by_card, card);

	if (strcmp(vendor_book_card(book, card), card) == 0)
		g_ptr_array_add(domains, g_strdup(card));
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct store_vendor *row = rows->pdata[i];

		if (strcmp(row->domain, card) != 0)
			g_ptr_array_add(domains, g_strdup(row->domain));
	}
	return domains;
}

const char *
vendor_book_written(const struct vendor_book *book, const GPtrArray *domains,
		    enum store_vendor_field field)
{
	for (guint i = 0; i < domains->len; i++) {
		const struct store_vendor *row =
			vendor_book_row(book, domains->pdata[i]);
		const char *text = "";

		if (row && field == STORE_VENDOR_NAME)
			text = row->name;
		else if (row && field == STORE_VENDOR_OWNER)
			text = row->owner;
		else if (row)
			text = row->note;
		if (*text)
			return text;
	}
	return "";
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
