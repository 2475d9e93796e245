#include "sqlite_search_private.h"

#include <string.h>

/* How many matches are ranked: of more, the newest, and those with a rarer
 * term. */
#define RANKED_MAX 10000

/* Terms of a question that count, the rarest first. */
#define TERMS_MAX 32

#define FIRST_BUYER 20 /* the place of the first buyer's name */

static const char count_term[] = "SELECT doc FROM document_word"
				 " WHERE term = ?1";
static const char count_all[] = "SELECT count(*) FROM document";

/* A term, and how many documents have it. */
struct word {
	char *term;
	guint n;
};

static void
word_clear(gpointer data)
{
	struct word *word = data;

	g_free(word->term);
}

static int
compare_words(gconstpointer a, gconstpointer b)
{
	const struct word *one = a;
	const struct word *other = b;

	return (one->n > other->n) - (one->n < other->n);
}

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

/* Those that any document has, the rarest first. */
static GArray *
words_of(struct sql_conn *conn, const char *const *terms, GError **error)
{
	g_autoptr(GArray) words =
		g_array_new(FALSE, FALSE, sizeof(struct word));

	g_array_set_clear_func(words, word_clear);
	for (guint i = 0; terms[i]; i++) {
		struct word word = { NULL, 0 };

		if (!count_word(conn, terms[i], &word.n, error))
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
	all = MAX(all, RANKED_MAX);
	while (n > 1 && g_array_index(words, struct word, n - 1).n > all / 2)
		n--;
	g_array_set_size(words, n);
	return TRUE;
}

/* The first `n` words, each quoted: nothing that was typed is syntax. */
static char *
expression_of(const GArray *words, guint n)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		const struct word *word = &g_array_index(words, struct word, i);

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

/* How many words, the rarest first, have no more matches than are ranked. */
static guint
rare_words(const GArray *words)
{
	guint sum = 0;
	guint n = 0;

	while (n < words->len) {
		sum += g_array_index(words, struct word, n).n;
		if (sum > RANKED_MAX)
			break;
		n++;
	}
	return n;
}

static void
append_buyers(GString *sql, const char *const *buyers)
{
	g_string_append(sql, " AND (d.kind <> 0 OR d.buyer IN (");
	for (guint i = 0; buyers[i]; i++)
		g_string_append_printf(sql, i > 0 ? ", ?%u" : "?%u",
				       FIRST_BUYER + i);
	g_string_append(sql, "))");
}

/* Only what restricts is in the text, so that an index can be used. */
static void
append_filters(GString *sql, const struct store_search *search)
{
	if (search->buyers)
		append_buyers(sql, search->buyers);
	if (search->kinds != 0)
		g_string_append(sql, " AND (?10 >> d.kind) & 1");
	if (search->vendor)
		g_string_append(sql, " AND d.vendor = ?11");
	if (search->priority)
		g_string_append(sql, " AND d.priority = ?12");
	if (search->source)
		g_string_append(sql, " AND d.source = ?13");
	if (search->since_us != 0)
		g_string_append(sql, " AND d.time >= ?14");
	if (search->until_us != 0)
		g_string_append(sql, " AND d.time < ?15");
}

static void
bind_filters(SqlQuery *query, const struct store_search *search)
{
	sql_bind_int64(query, 10, search->kinds);
	sql_bind_or_null(query, 11, search->vendor);
	sql_bind_or_null(query, 12, search->priority);
	sql_bind_or_null(query, 13, search->source);
	sql_bind_int64(query, 14, search->since_us);
	sql_bind_int64(query, 15, search->until_us);
	for (guint i = 0; search->buyers && search->buyers[i]; i++)
		sql_bind_string(query, FIRST_BUYER + (int)i, search->buyers[i]);
}

static SqlQuery *
prepare(struct sql_conn *conn, const GString *sql,
	const struct store_search *search, GError **error)
{
	SqlQuery *query = sql_query_once(conn, sql->str, error);

	if (query)
		bind_filters(query, search);
	return query;
}

/* Rows of a document and its score; adds to `matches`. */
static gboolean
read_matches(struct sql_conn *conn, SqlQuery *query, GPtrArray *matches,
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

	append_filters(sql, search);
	g_string_append(sql, " ORDER BY d.time DESC, d.seq DESC LIMIT ?1)"
			     " ORDER BY d.time DESC, d.seq DESC");
	query = prepare(conn, sql, search, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, search->limit);
	ok = read_matches(conn, query, matches, error);
	sql_query_free(query);
	return ok;
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

	append_filters(sql, search);
	g_string_append(sql, " ORDER BY score, d.time DESC LIMIT ?1) best"
			     " CROSS JOIN document d ON d.seq = best.seq"
			     " JOIN document_text t ON t.seq = d.seq"
			     " JOIN document_terms w ON w.seq = d.seq");
	query = prepare(conn, sql, search, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, search->limit);
	sql_bind_string(query, 2, range->expression);
	sql_bind_int64(query, 3, range->from);
	sql_bind_int64(query, 4, range->to);
	ok = read_matches(conn, query, matches, error);
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

	append_filters(sql, search);
	g_string_append(sql, " ORDER BY document_index.rowid DESC"
			     " LIMIT 1 OFFSET ?1");
	query = prepare(conn, sql, search, error);
	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, RANKED_MAX - 1);
	sql_bind_string(query, 2, expression);
	step = sql_next(conn, query, error);
	*from = step == SQL_STEP_ROW ? sql_int64_at(query, 0) : 0;
	sql_query_free(query);
	return step != SQL_STEP_FAILED;
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

/* Where there are too many matches the newest are ranked; and of the others
 * those that have a rare word, by the rare words. */
static gboolean
best_in(struct sql_conn *conn, const struct store_search *search,
	const GArray *words, GPtrArray *matches, GError **error)
{
	const guint rare = rare_words(words);
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

GPtrArray *
sqlite_search(struct store *store, const struct store_search *search,
	      GError **error)
{
	return sql_read(store, search_in, search, error);
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
		if (!count_word(conn, counting->terms[i], &counting->having[i],
				error))
			return NULL;
	}
	*counting->total = (guint)all;
	return counting->total;
}

gboolean
sqlite_search_counts(struct store *store, const char *const *terms, guint n,
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

const struct store_documents sqlite_documents = {
	SQL_DOCUMENT_CALLS,
	.search = sqlite_search,
	.counts = sqlite_search_counts,
};
