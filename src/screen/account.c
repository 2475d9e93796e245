#include "account_private.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"

/* After a store that could not be read. */
#define RETRY_US (60 * CLOCK_SECOND_US)

/* Of the last messages asked about: an MTA tries again within hours. */
#define DECIDED 64

/* Later the same bytes are another message, as they are for the store. */
#define DECIDED_US (2 * CLOCK_DAY_US)

struct decided {
	guint64 digest;
	gint64 time_us;
	struct attention_answer answer;
};

struct account {
	pthread_mutex_t lock;
	char *buyer;
	gint64 born_us;
	struct attention *attention; /* NULL until first followed */
	struct attention_limits limits;
	double hold;
	char *zone;
	GArray *stored; /* of struct account_row, by time; NULL: not loaded */
	GArray *own;	/* likewise: asked about here */
	gboolean loading;
	gboolean loaded;
	gint64 load_us; /* monotonic: not before */
	struct decided decided[DECIDED];
	guint n; /* of them ever; the last DECIDED are there */
};

struct account *
account_new(const char *buyer, gint64 born_us)
{
	struct account *account = g_new0(struct account, 1);

	pthread_mutex_init(&account->lock, NULL);
	account->buyer = g_strdup(buyer);
	account->born_us = born_us;
	account->own = g_array_new(FALSE, FALSE, sizeof(struct account_row));
	return account;
}

void
account_free(struct account *account)
{
	if (!account)
		return;
	attention_free(account->attention);
	g_clear_pointer(&account->stored, g_array_unref);
	g_array_unref(account->own);
	g_free(account->zone);
	g_free(account->buyer);
	pthread_mutex_destroy(&account->lock);
	g_free(account);
}

static GTimeZone *
zone_of(const char *name)
{
	GTimeZone *zone = name ? g_time_zone_new_identifier(name) : NULL;

	return zone ? zone : g_time_zone_new_utc();
}

/*
 * The row of a message that was asked about here: it is in `own`. Digests do
 * not tell, since the store's are of another kind for held mail, nor does the
 * time, since a later attempt may be the one that is stored.
 */
static gboolean
is_own(const struct account *account, const struct account_row *row,
       gboolean *taken)
{
	if (row->time_us < account->born_us)
		return FALSE;
	for (guint i = 0; i < account->own->len; i++) {
		const struct account_row *own =
			&g_array_index(account->own, struct account_row, i);

		if (!taken[i] && own->relevance == row->relevance) {
			taken[i] = TRUE;
			return TRUE;
		}
	}
	return FALSE;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct account_row *left = a;
	const struct account_row *right = b;

	return (left->time_us > right->time_us) -
	       (left->time_us < right->time_us);
}

static GArray *
all_rows(const struct account *account)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct account_row));
	gboolean taken[ATTENTION_HISTORY] = { FALSE };

	for (guint i = 0; account->stored && i < account->stored->len; i++) {
		const struct account_row *row =
			&g_array_index(account->stored, struct account_row, i);

		if (!is_own(account, row, taken))
			g_array_append_vals(rows, row, 1);
	}
	g_array_append_vals(rows, account->own->data, account->own->len);
	g_array_sort(rows, compare);
	return rows;
}

static void
learn(struct attention *attention, const struct account_row *row)
{
	attention_learn(attention, row->time_us, row->relevance);
	if (row->admitted)
		attention_admit(attention, row->time_us);
}

/* Anew from all that is known: what is stored is older and goes first. */
static void
rebuild(struct account *account)
{
	g_autoptr(GTimeZone) zone = zone_of(account->zone);
	g_autoptr(GArray) rows = all_rows(account);

	attention_free(account->attention);
	account->attention = attention_new(&account->limits, zone);
	for (guint i = 0; i < rows->len; i++)
		learn(account->attention,
		      &g_array_index(rows, struct account_row, i));
}

static gboolean
same_limits(const struct attention_limits *a, const struct attention_limits *b)
{
	return a->per_day == b->per_day && a->per_week == b->per_week &&
	       a->tag == b->tag && a->accept == b->accept;
}

/* In another zone days are others; under a lower tag more would be known. */
static void
set_limits(struct account *account, const struct profile *profile)
{
	const struct attention_limits limits = {
		.per_day = profile->per_day,
		.per_week = profile->per_week,
		.tag = profile->tag,
		.accept = profile->accept,
	};
	const gboolean lower =
		account->attention && limits.tag < account->limits.tag;
	const gboolean moved =
		g_strcmp0(profile->digest.zone, account->zone) != 0;

	account->hold = profile->hold;
	if (account->attention && !moved &&
	    same_limits(&limits, &account->limits))
		return;
	account->limits = limits;
	if (lower)
		account->loaded = FALSE;
	if (moved) {
		g_free(account->zone);
		account->zone = g_strdup(profile->digest.zone);
	}
	if (!account->attention || moved || lower)
		rebuild(account);
	else
		attention_set_limits(account->attention, &limits);
}

gboolean
account_follow(struct account *account, const struct profile *profile,
	       gboolean store_works)
{
	gboolean load;

	pthread_mutex_lock(&account->lock);
	set_limits(account, profile);
	load = store_works && !account->loaded && !account->loading &&
	       clock_monotonic_us() >= account->load_us;
	account->loading |= load;
	pthread_mutex_unlock(&account->lock);
	return load;
}

static const struct decided *
decided_find(const struct account *account,
	     const struct spending_question *question)
{
	for (guint i = 0; i < MIN(account->n, DECIDED); i++) {
		const struct decided *at = &account->decided[i];

		if (at->digest == question->digest &&
		    ABS(question->now_us - at->time_us) < DECIDED_US)
			return at;
	}
	return NULL;
}

static void
remember(struct account *account, const struct account_row *row)
{
	if (account->own->len == ATTENTION_HISTORY)
		g_array_remove_index(account->own, 0);
	g_array_append_vals(account->own, row, 1);
	learn(account->attention, row);
}

static void
decide(struct account *account, const struct spending_question *question,
       struct attention_answer *answer)
{
	struct account_row row = { question->now_us, question->relevance,
				   FALSE };

	attention_ask(account->attention, question->now_us, question->relevance,
		      answer);
	row.admitted = answer->admit;
	remember(account, &row);
	account->decided[account->n++ % DECIDED] = (struct decided){
		.digest = question->digest,
		.time_us = question->now_us,
		.answer = *answer,
	};
}

void
account_ask(struct account *account, const struct spending_question *question,
	    struct attention_answer *answer)
{
	const struct decided *before;

	pthread_mutex_lock(&account->lock);
	before = decided_find(account, question);
	if (before)
		*answer = before->answer;
	else
		decide(account, question, answer);
	pthread_mutex_unlock(&account->lock);
}

struct account_need
account_need(struct account *account)
{
	struct account_need need = { .buyer = account->buyer };

	pthread_mutex_lock(&account->lock);
	need.hold = account->hold;
	need.tag = account->limits.tag;
	pthread_mutex_unlock(&account->lock);
	return need;
}

void
account_merge(struct account *account, const struct account_need *need,
	      const GArray *rows)
{
	GArray *stored = g_array_new(FALSE, FALSE, sizeof(struct account_row));

	g_array_append_vals(stored, rows->data, rows->len);
	pthread_mutex_lock(&account->lock);
	account->loading = FALSE;
	/* The profile may have asked for more meanwhile. */
	account->loaded = need->tag <= account->limits.tag;
	g_clear_pointer(&account->stored, g_array_unref);
	account->stored = stored;
	rebuild(account);
	pthread_mutex_unlock(&account->lock);
}

void
account_fail(struct account *account)
{
	pthread_mutex_lock(&account->lock);
	account->loading = FALSE;
	account->load_us = clock_monotonic_us() + RETRY_US;
	pthread_mutex_unlock(&account->lock);
}
