/* Search with FTS5. */
#include "sqlite_search_private.h"

static const char count_term[] = "SELECT doc FROM document_word"
				 " WHERE term = ?1";

static gboolean
count_word(struct sql_conn *conn, const char *term, guint *n, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_term, error);
	g_autofree char *lower = g_ascii_strdown(term, -1);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, lower);
	step = sql_next(conn, query, error);
	*n = step == SQL_STEP_ROW ? (guint)sql_int64_at(query, 0) : 0;
	return step != SQL_STEP_FAILED;
}

/* The first `n` words, each quoted: nothing that was typed is syntax. */
static char *
expression_of(const GArray *words, guint n)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		const struct sql_word *word =
			&g_array_index(words, struct sql_word, i);

		g_string_append(text, i > 0 ? " OR \"" : "\"");
		for (const char *at = word->term; *at; at++) {
			if (*at == '"')
				g_string_append_c(text, '"');
			g_string_append_c(text, *at);
		}
		g_string_append_c(text, '"');
	}
	return g_string_free(text, FALSE);
}

/* What is ranked: the matches of an expression with numbers in a range. */
struct range {
	const char *expression;
	gint64 from;
	gint64 to;
};

static gboolean
ranked_in(struct sql_conn *conn, const struct store_search *search,
	  const struct range *range, GPtrArray *matches, GError **error)
{
	g_autoptr(GString) sql = g_string_new(
		"SELECT " DOCUMENT_COLUMNS ", -best.score FROM"
		" (SELECT d.seq AS seq, bm25(document_index, 2.0, 1.0) AS score"
		" FROM document_index CROSS JOIN document d"
		" ON d.seq = document_index.rowid"
		" WHERE document_index MATCH ?2"
		" AND document_index.rowid BETWEEN ?3 AND ?4");
	SqlQuery *query;
	gboolean ok;

	sql_search_filters(sql, search);
	g_string_append(sql, " ORDER BY score, d.time DESC LIMIT ?1) best"
			     " CROSS JOIN document d ON d.seq = best.seq"
			     " JOIN document_text t ON t.seq = d.seq"
			     " JOIN document_terms w ON w.seq = d.seq");
	query = sql_search_prepare(conn, sql, search, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, search->limit);
	sql_bind_string(query, 2, range->expression);
	sql_bind_int64(query, 3, range->from);
	sql_bind_int64(query, 4, range->to);
	ok = sql_search_matches(conn, query, matches, error);
	sql_query_free(query);
	return ok;
}

/* The number from which on matches are no more than are ranked. */
static gboolean
find_floor(struct sql_conn *conn, const struct store_search *search,
	   const char *expression, gint64 *from, GError **error)
{
	g_autoptr(GString) sql = g_string_new(
		"SELECT d.seq FROM document_index CROSS JOIN document d"
		" ON d.seq = document_index.rowid"
		" WHERE document_index MATCH ?2");
	SqlQuery *query;
	enum sql_step step;

	sql_search_filters(sql, search);
	g_string_append(sql, " ORDER BY document_index.rowid DESC"
			     " LIMIT 1 OFFSET ?1");
	query = sql_search_prepare(conn, sql, search, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, SQL_RANKED_MAX - 1);
	sql_bind_string(query, 2, expression);
	step = sql_next(conn, query, error);
	*from = step == SQL_STEP_ROW ? sql_int64_at(query, 0) : 0;
	sql_query_free(query);
	return step != SQL_STEP_FAILED;
}

/* Where there are too many matches the newest are ranked; and of the others
 * those that have a rare word, by the rare words. */
static gboolean
best_in(struct sql_conn *conn, const struct store_search *search,
	const GArray *words, GPtrArray *matches, GError **error)
{
	const guint rare = sql_rare_words(words);
	g_autofree char *any = expression_of(words, words->len);
	g_autofree char *some = expression_of(words, rare);
	struct range range = { any, 0, G_MAXINT64 };

	if (rare < words->len &&
	    !find_floor(conn, search, any, &range.from, error))
		return FALSE;
	if (!ranked_in(conn, search, &range, matches, error))
		return FALSE;
	if (range.from > 0 && rare > 0) {
		range = (struct range){ some, 0, range.from - 1 };
		if (!ranked_in(conn, search, &range, matches, error))
			return FALSE;
	}
	return TRUE;
}

const struct sql_finder sqlite_finder = { count_word, best_in };
