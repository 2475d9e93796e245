/*
 * Search with an index of words. PostgreSQL's own ranking knows no word's
 * rarity, so what has one of the words is scored here, by the BM25 that FTS5
 * has (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75).
 */
#include <math.h>
#include <string.h>

#include "pg_private.h"

#define K1	     1.2
#define B	     0.75
#define TITLE_WEIGHT 2.0
#define LEAST_IDF    1e-6

/* The mean length is that of the newest so many. */
#define MEAN_ROWS "5000"

#define FIRST_WORD 3 /* buyers begin far behind */

static const char count_term[] =
	"SELECT count(*) FROM document_terms WHERE words @> ARRAY[?1]";
static const char find_mean[] =
	"SELECT count(*), coalesce(sum(size), 0) FROM"
	" (SELECT cardinality(words) AS size FROM document_terms"
	" ORDER BY seq DESC LIMIT " MEAN_ROWS ") AS newest";
static const char count_all[] = "SELECT count(*) FROM document_terms";

static gboolean
count_word(struct sql_conn *conn, const char *term, guint *n, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, count_term, error);
	g_autofree char *lower = g_ascii_strdown(term, -1);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, lower);
	if (sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	*n = (guint)sql_int64_at(query, 0);
	return TRUE;
}

/* What scores are made with. */
struct scale {
	const GArray *words;
	guint n; /* of them are asked for */
	double mean;
	double all;
};

static gboolean
read_scale(struct sql_conn *conn, struct scale *scale, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_mean, error);
	gint64 all;

	if (!query || !sql_integer(conn, count_all, &all, error) ||
	    sql_next(conn, query, error) != SQL_STEP_ROW)
		return FALSE;
	scale->all = (double)all;
	scale->mean = (double)sql_int64_at(query, 1) /
		      (double)MAX(sql_int64_at(query, 0), 1);
	return TRUE;
}

/* Adds the weight of each word as often as it is there; counts all words. */
static guint
weigh(const struct scale *scale, const char *terms, double weight,
      double *found)
{
	guint n = 0;

	while (*terms) {
		const gsize len = strcspn(terms, " ");

		for (guint i = 0; len > 0 && i < scale->n; i++) {
			const char *term =
				g_array_index(scale->words, struct sql_word, i)
					.term;

			if (strlen(term) == len &&
			    g_ascii_strncasecmp(term, terms, len) == 0)
				found[i] += weight;
		}
		n += len > 0;
		terms += len + (terms[len] != '\0');
	}
	return n;
}

static double
score_of(const struct scale *scale, const char *title_terms, const char *terms)
{
	g_autofree double *found = g_new0(double, scale->n + 1);
	const double size = weigh(scale, title_terms, TITLE_WEIGHT, found) +
			    weigh(scale, terms, 1, found);
	const double norm = K1 * (1 - B + B * size / MAX(scale->mean, 1));
	double score = 0;

	for (guint i = 0; i < scale->n; i++) {
		const double n =
			g_array_index(scale->words, struct sql_word, i).n;
		const double idf = log((scale->all - n + 0.5) / (n + 0.5));

		score += MAX(idf, LEAST_IDF) * found[i] * (K1 + 1) /
			 (found[i] + norm);
	}
	return score;
}

/* A document that has a word. */
struct hit {
	gint64 seq;
	gint64 time_us;
	double score;
};

static int
compare_hits(gconstpointer a, gconstpointer b)
{
	const struct hit *one = a;
	const struct hit *other = b;

	if (one->score != other->score)
		return one->score < other->score ? 1 : -1;
	return (one->time_us < other->time_us) -
	       (one->time_us > other->time_us);
}

static char *
hits_text(const struct scale *scale, const struct store_search *search)
{
	GString *sql = g_string_new(
		"SELECT d.seq, d.time, w.title_terms, w.terms"
		" FROM document_terms w JOIN document d ON d.seq = w.seq"
		" WHERE d.seq < ?1 AND w.words && ARRAY[");

	for (guint i = 0; i < scale->n; i++)
		g_string_append_printf(sql, i > 0 ? ", ?%u" : "?%u",
				       FIRST_WORD + i);
	g_string_append(sql, "]");
	sql_search_filters(sql, search);
	g_string_append(sql, " ORDER BY d.seq DESC LIMIT ?2");
	return g_string_free(sql, FALSE);
}

/* Of the newest before a number; `before` is then the last one's, or 0 when
 * there are no more. */
static gboolean
read_hits(struct sql_conn *conn, const struct scale *scale,
	  const struct store_search *search, gint64 *before, GArray *hits,
	  GError **error)
{
	g_autofree char *text = hits_text(scale, search);
	g_autoptr(GString) sql = g_string_new(text);
	SqlQuery *query = sql_search_prepare(conn, sql, search, error);
	enum sql_step step;
	guint n = 0;

	if (!query)
		return FALSE;
	sql_bind_int64(query, 1, *before);
	sql_bind_int64(query, 2, SQL_RANKED_MAX);
	for (guint i = 0; i < scale->n; i++)
		sql_bind_string(
			query, FIRST_WORD + (int)i,
			g_array_index(scale->words, struct sql_word, i).term);
	while ((step = sql_next(conn, query, error)) == SQL_STEP_ROW) {
		struct hit hit = { sql_int64_at(query, 0),
				   sql_int64_at(query, 1),
				   score_of(scale, sql_text_at(query, 2),
					    sql_text_at(query, 3)) };

		g_array_append_val(hits, hit);
		*before = hit.seq;
		n++;
	}
	if (n < SQL_RANKED_MAX)
		*before = 0;
	sql_query_free(query);
	return step == SQL_STEP_END;
}

static const char find_hit[] = "SELECT " DOCUMENT_COLUMNS
			       ", ?2 FROM " DOCUMENT_TABLES " WHERE d.seq = ?1";

static gboolean
read_best(struct sql_conn *conn, const GArray *hits, guint limit,
	  GPtrArray *matches, GError **error)
{
	for (guint i = 0; i < hits->len && i < limit; i++) {
		const struct hit *hit = &g_array_index(hits, struct hit, i);
		g_autoptr(SqlQuery) query = sql_query(conn, find_hit, error);

		if (!query)
			return FALSE;
		sql_bind_int64(query, 1, hit->seq);
		sql_bind_double(query, 2, hit->score);
		if (!sql_search_matches(conn, query, matches, error))
			return FALSE;
	}
	return TRUE;
}

/* Where there are too many matches the newest are ranked; and of the others
 * those that have a rare word, by the rare words. */
static gboolean
best_in(struct sql_conn *conn, const struct store_search *search,
	const GArray *words, GPtrArray *matches, GError **error)
{
	g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(struct hit));
	struct scale scale = { words, words->len, 0, 0 };
	gint64 before = G_MAXINT64;

	if (!read_scale(conn, &scale, error) ||
	    !read_hits(conn, &scale, search, &before, hits, error))
		return FALSE;
	scale.n = sql_rare_words(words);
	if (before > 0 && scale.n > 0 &&
	    !read_hits(conn, &scale, search, &before, hits, error))
		return FALSE;
	g_array_sort(hits, compare_hits);
	return read_best(conn, hits, search->limit, matches, error);
}

const struct sql_finder pg_finder = { count_word, best_in };
