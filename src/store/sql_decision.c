#include "sql_task_private.h"

#define VOTE_COLUMNS "id, team, vendor, member, word, reason, giver, time"

static const char insert_vote[] =
	"INSERT INTO vote (" VOTE_COLUMNS ")"
	" SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8"
	" WHERE ?9 < 0 OR ?9 = (SELECT count(*) FROM vote WHERE team = ?2)"
	" ON CONFLICT DO NOTHING";
static const char find_vote[] = "SELECT 1 FROM vote WHERE id = ?1";
static const char list_votes[] =
	"SELECT " VOTE_COLUMNS " FROM vote WHERE team = ?1 ORDER BY time, seq";

/* A vote, and how many rows of the group there may be. */
struct voting {
	struct store_vote *vote;
	gint64 said;
};

static void
voting_free(gpointer data)
{
	struct voting *voting = data;

	store_vote_free(voting->vote);
	g_free(voting);
}

static gboolean
insert(struct sql_conn *conn, const struct voting *voting, GError **error)
{
	const struct store_vote *vote = voting->vote;
	g_autoptr(SqlQuery) query = sql_query(conn, insert_vote, error);

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, vote->id);
	sql_bind_string(query, 2, vote->group);
	sql_bind_string(query, 3, vote->vendor);
	sql_bind_string(query, 4, vote->member);
	sql_bind_string(query, 5, store_vote_name(vote->word));
	sql_bind_string(query, 6, vote->reason);
	sql_bind_string(query, 7, vote->by);
	sql_bind_int64(query, 8, vote->time_us);
	sql_bind_int64(query, 9, voting->said);
	return sql_run(conn, query, error);
}

/* What was not inserted is a repeat, or came too late. */
static gboolean
check_there(struct sql_conn *conn, const struct store_vote *vote,
	    GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, find_vote, error);
	enum sql_step step;

	if (!query)
		return FALSE;
	sql_bind_string(query, 1, vote->id);
	step = sql_next(conn, query, error);
	if (step == SQL_STEP_END)
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
			    "somebody else of the group %s said something at "
			    "the same moment: try again",
			    vote->group);
	return step == SQL_STEP_ROW;
}

static gboolean
add_run(struct sql_conn *conn, gconstpointer what, struct sql_answer *answer,
	GError **error)
{
	const struct voting *voting = what;

	(void)answer;
	if (!insert(conn, voting, error))
		return FALSE;
	return sql_changes(conn) > 0 || check_there(conn, voting->vote, error);
}

static gboolean
add(struct store *store, const struct store_vote *vote, gint64 said,
    GError **error)
{
	struct voting *voting = g_new0(struct voting, 1);
	struct sql_cargo cargo = { voting, voting_free, 0 };

	voting->vote = store_vote_copy(vote);
	voting->said = said;
	return sql_task_run(store, add_run, cargo, NULL, error);
}

/* A word that is none of ours counts as no vote. */
static enum store_vote_word
word_at(SqlQuery *query, int column)
{
	g_autofree char *text = sql_string_at(query, column);
	const int word = store_vote_parse(text);

	return word < 0 ? STORE_VOTE_WITHDRAW : (enum store_vote_word)word;
}

static gpointer
read_row(SqlQuery *query)
{
	struct store_vote *vote = g_new0(struct store_vote, 1);

	sql_id_at(query, 0, vote->id);
	vote->group = sql_string_at(query, 1);
	vote->vendor = sql_string_at(query, 2);
	vote->member = sql_string_at(query, 3);
	vote->word = word_at(query, 4);
	vote->reason = sql_string_at(query, 5);
	vote->by = sql_string_at(query, 6);
	vote->time_us = sql_int64_at(query, 7);
	return vote;
}

static gpointer
list_in(struct sql_conn *conn, gconstpointer group, GError **error)
{
	g_autoptr(SqlQuery) query = sql_query(conn, list_votes, error);

	if (!query)
		return NULL;
	sql_bind_string(query, 1, group);
	return sql_rows(conn, query, read_row, (GDestroyNotify)store_vote_free,
			error);
}

static GPtrArray *
list(struct store *store, const char *group, GError **error)
{
	return sql_read(store, list_in, group, error);
}

const struct store_decisions sql_decisions = { add, list };
