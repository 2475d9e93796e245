#include <string.h>

#include "sql_search_private.h"

/* Terms of a question that count, the rarest first. */
#define TERMS_MAX 32

#define FIRST_BUYER 64 /* the place of the first buyer's name */

static const char count_all[] = "SELECT count(*) FROM document";

static void
word_clear(gpointer data)
{
	struct sql_word *word = data;

	g_free(word->term);
}

static int
compare_words(gconstpointer a, gconstpointer b)
{
	const struct sql_word *one = a;
	const struct sql_word *other = b;

	return (one->n > other->n) - (one->n < other->n);
}

/* Those that any document has, the rarest first. */
static GArray *
words_of(struct sql_conn *conn, const char *const *terms, GError **error)
{
	g_autoptr(GArray) words =
		g_array_new(FALSE, FALSE, sizeof(struct sql_word));

	g_array_set_clear_func(words, word_clear);
	for (guint i = 0; terms[i]; i++) {
		struct sql_word word = { NULL, 0 };

		if (!conn->backend->finder->count(conn, terms[i], &word.n,
						  error))
			return NULL;
		if (word.n == 0)
			continue;
		word.term = g_strdup(terms[i]);
		g_array_append_val(words, word);
	}
	g_array_sort(words, compare_words);
	if (words->len > TERMS_MAX)
		g_array_set_size(words, TERMS_MAX);
	return g_steal_pointer(&words);
}

/*
 * A word that more than half of many documents have counts for nothing in BM25,
 * and takes as long as all others together. It is asked for where there is no
 * other.
 */
static gboolean
drop_common(struct sql_conn *conn, GArray *words, GError **error)
{
	gint64 all;
	guint n = words->len;

	if (!sql_integer(conn, count_all, &all, error))
		return FALSE;
	all = MAX(all, SQL_RANKED_MAX);
	while (n > 1 &&
	       g_array_index(words, struct sql_word, n - 1).n > all / 2)
		n--;
	g_array_set_size(words, n);
	return TRUE;
}

/* How many words, the rarest first, have no more matches than are ranked. */
guint
sql_rare_words(const GArray *words)
{
	guint sum = 0;
	guint n = 0;

	while (n < words->len) {
		sum += g_array_index(words, struct sql_word, n).n;
		if (sum > SQL_RANKED_MAX)
			break;
		n++;
	}
	return n;
}

static void
append_buyers(GString *sql, const char *const *buyers)
{
	if (!buyers[0]) {
		g_string_append(sql, " AND d.kind <> 0");
		return;
	}
	g_string_append(sql, " AND (d.kind <> 0 OR d.buyer IN (");
	for (guint i = 0; buyers[i]; i++)
		g_string_append_printf(sql, i > 0 ? ", ?%u" : "?%u",
				       FIRST_BUYER + i);
	g_string_append(sql, "))");
}

static void
append_kinds(GString *sql, guint kinds)
{
	g_string_append(sql, " AND d.kind IN (-1");
	for (guint i = 0; i < STORE_DOCUMENT_KINDS; i++) {
		if (kinds >> i & 1)
			g_string_append_printf(sql, ", %u", i);
	}
	g_string_append_c(sql, ')');
}

/* Only what restricts is in the text, so that an index can be used. */
void
sql_search_filters(GString *sql, const struct store_search *search)
{
	if (search->buyers)
		append_buyers(sql, search->buyers);
	if (search->kinds != 0)
		append_kinds(sql, search->kinds);
	if (search->vendor)
		g_string_append(sql, " AND d.vendor = ?51");
	if (search->priority)
		g_string_append(sql, " AND d.priority = ?52");
	if (search->source)
		g_string_append(sql, " AND d.source = ?53");
	if (search->since_us != 0)
		g_string_append(sql, " AND d.time >= ?54");
	if (search->until_us != 0)
		g_string_append(sql, " AND d.time < ?55");
}

static void
bind_filters(SqlQuery *query, const struct store_search *search)
{
	sql_bind_or_null(query, 51, search->vendor);
	sql_bind_or_null(query, 52, search->priority);
	sql_bind_or_null(query, 53, search->source);
	sql_bind_int64(query, 54, search->since_us);
	sql_bind_int64(query, 55, search->until_us);
	for (guint i = 0; search->buyers && search->buyers[i]; i++)
		sql_bind_string(query, FIRST_BUYER + (int)i, search->buyers[i]);
}

SqlQuery *
sql_search_prepare(struct sql_conn *conn, const GString *sql,
		   const struct store_search *search, GError **error)
{
	SqlQuery *query = sql_query_once(conn, sql->str, error);

	if (query)
		bind_filters(query, search);
	return query;
}

/* Rows of a document and its score; adds to `matches`. */
gboolean
sql_search_matches(struct sql_conn *conn, SqlQuery *query, GPtrArray *matches,
		   GError **error)
{
	enum sql_step step;

	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		struct store_document *document =
			sql_document_read(query, error);
		struct store_match *match;

		if (!document)
			return FALSE;
		match = g_new0(struct store_match, 1);
		match->document = document;
		match->score = sql_double_at(query, DOCUMENT_COLUMN_N);
		g_ptr_array_add(matches, match);
	}
	return step == SQL_STEP_END;
}

/* Without terms. */
static gboolean
newest_in(struct sql_conn *conn, const struct store_search *search,
	  GPtrArray *matches, GError **error)
{
	g_autoptr(GString) sql = g_string_new(
		"SELECT " DOCUMENT_COLUMNS ", 0.0 FROM " DOCUMENT_TABLES
		" WHERE d.seq IN (SELECT d.seq FROM document d WHERE TRUE");
	SqlQuery *query;
	gboolean ok;

	sql_search_filters(sql, search);
	g_string_append(sql, " ORDER BY d.time DESC, d.seq DESC LIMIT ?1)"
			     " ORDER BY d.time DESC, d.seq DESC");
	query = sql_search_prepare(conn, sql, search, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, search->limit);
	ok = sql_search_matches(conn, query, matches, error);
	sql_query_free(query);
	return ok;
}

static int
compare_matches(gconstpointer a, gconstpointer b)
{
	const struct store_match *one = *(const struct store_match *const *)a;
	const struct store_match *other = *(const struct store_match *const *)b;

	if (one->score != other->score)
		return one->score < other->score ? 1 : -1;
	if (one->document->time_us != other->document->time_us)
		return one->document->time_us < other->document->time_us ? 1
									 : -1;
	return strcmp(other->document->id, one->document->id);
}

static gboolean
best_in(struct sql_conn *conn, const struct store_search *search,
	const GArray *words, GPtrArray *matches, GError **error)
{
	if (!conn->backend->finder->best(conn, search, words, matches, error))
		return FALSE;
	g_ptr_array_sort(matches, compare_matches);
	if (matches->len > search->limit)
		g_ptr_array_set_size(matches, (gint)search->limit);
	return TRUE;
}

static gpointer
search_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct store_search *search = data;
	g_autoptr(GPtrArray) matches = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_match_free);
	g_autoptr(GArray) words = NULL;

	if (!search->terms) {
		if (!newest_in(conn, search, matches, error))
			return NULL;
		return g_steal_pointer(&matches);
	}
	words = words_of(conn, search->terms, error);
	if (!words || !drop_common(conn, words, error) ||
	    (words->len > 0 && !best_in(conn, search, words, matches, error)))
		return NULL;
	return g_steal_pointer(&matches);
}

struct counting {
	const char *const *terms;
	guint n;
	guint *total;
	guint *having;
};

static gpointer
counts_in(struct sql_conn *conn, gconstpointer data, GError **error)
{
	const struct counting *counting = data;
	gint64 all;

	if (!sql_integer(conn, count_all, &all, error))
		return NULL;
	for (guint i = 0; i < counting->n; i++) {
		if (!conn->backend->finder->count(conn, counting->terms[i],
						  &counting->having[i], error))
			return NULL;
	}
	*counting->total = (guint)all;
	return counting->total;
}

GPtrArray *
sql_search(struct store *store, const struct store_search *search,
	   GError **error)
{
	return sql_read(store, search_in, search, error);
}

gboolean
sql_search_counts(struct store *store, const char *const *terms, guint n,
		  guint *total, guint *having, GError **error)
{
	g_autofree guint *found = g_new0(guint, n + 1);
	guint all = 0;
	const struct counting counting = { terms, n, &all, found };

	if (!sql_read(store, counts_in, &counting, error))
		return FALSE;
	*total = all;
	for (guint i = 0; i < n; i++)
		having[i] = found[i];
	return TRUE;
}
