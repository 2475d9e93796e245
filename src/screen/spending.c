#include "screen/spending.h"

#include <pthread.h>

#include "account_private.h"
#include "base/clock.h"

/* After a store that could not be read. */
#define RETRY_US (60 * CLOCK_SECOND_US)

/* Of the last messages asked about: an MTA tries again within hours. */
#define DECIDED 64

struct decided {
	guint64 digest;
	struct attention_answer answer;
};

/* One buyer's. */
struct account {
	pthread_mutex_t lock;
	struct attention *attention; /* NULL until first asked for */
	struct attention_limits limits;
	char *zone;
	gint64 load_us; /* monotonic: not before; 0: it is loaded */
	struct decided decided[DECIDED];
	guint n; /* of them ever; the last DECIDED are there */
};

struct spending {
	char *store_url;
	pthread_mutex_t lock;
	GHashTable *accounts; /* buyer id -> struct account, never removed */
};

static void
account_free(gpointer data)
{
	struct account *account = data;

	attention_free(account->attention);
	g_free(account->zone);
	pthread_mutex_destroy(&account->lock);
	g_free(account);
}

struct spending *
spending_new(const char *store_url)
{
	struct spending *spending = g_new0(struct spending, 1);

	spending->store_url = g_strdup(store_url);
	pthread_mutex_init(&spending->lock, NULL);
	spending->accounts = g_hash_table_new_full(g_str_hash, g_str_equal,
						   g_free, account_free);
	return spending;
}

void
spending_free(struct spending *spending)
{
	if (!spending)
		return;
	g_hash_table_unref(spending->accounts);
	pthread_mutex_destroy(&spending->lock);
	g_free(spending->store_url);
	g_free(spending);
}

static struct account *
account_of(struct spending *spending, const char *buyer)
{
	struct account *account;

	pthread_mutex_lock(&spending->lock);
	account = g_hash_table_lookup(spending->accounts, buyer);
	if (!account) {
		account = g_new0(struct account, 1);
		pthread_mutex_init(&account->lock, NULL);
		g_hash_table_insert(spending->accounts, g_strdup(buyer),
				    account);
	}
	pthread_mutex_unlock(&spending->lock);
	return account;
}

/*
 * What is in the store holds what this process has spent, too: a later load
 * takes the place of an empty beginning.
 */
static void
load(struct account *account, const char *store_url,
     const struct spending_question *question)
{
	const struct attention_limits limits =
		account_limits(question->profile);
	g_autoptr(GTimeZone) zone = account_zone(question->profile);
	g_autoptr(Attention) fresh = attention_new(&limits, zone);
	gboolean loaded = !store_url;

	if (store_url && question->store_works)
		loaded = account_load(store_url, question->profile,
				      question->now_us, fresh, NULL);
	account->load_us = clock_monotonic_us();
	if (loaded)
		account->load_us = 0;
	else if (question->store_works)
		account->load_us += RETRY_US;
	if (!loaded && account->attention)
		return;
	attention_free(account->attention);
	account->attention = g_steal_pointer(&fresh);
	account->limits = limits;
	g_free(account->zone);
	account->zone = g_strdup(question->profile->digest.zone);
}

static gboolean
same_limits(const struct attention_limits *a, const struct attention_limits *b)
{
	return a->per_day == b->per_day && a->per_week == b->per_week &&
	       a->tag == b->tag && a->accept == b->accept;
}

/* In another zone days are others; under a lower tag more would be known. */
static gboolean
is_outdated(const struct account *account, const struct profile *profile)
{
	return !account->attention || profile->tag < account->limits.tag ||
	       g_strcmp0(profile->digest.zone, account->zone) != 0;
}

static void
bring_up_to_date(struct account *account, const char *store_url,
		 const struct spending_question *question)
{
	const struct attention_limits limits =
		account_limits(question->profile);

	if (is_outdated(account, question->profile)) {
		g_clear_pointer(&account->attention, attention_free);
		load(account, store_url, question);
	} else if (account->load_us > 0 &&
		   clock_monotonic_us() >= account->load_us) {
		load(account, store_url, question);
	}
	if (same_limits(&limits, &account->limits))
		return;
	attention_set_limits(account->attention, &limits);
	account->limits = limits;
}

static const struct decided *
decided_find(const struct account *account, guint64 digest)
{
	for (guint i = 0; i < MIN(account->n, DECIDED); i++)
		if (account->decided[i].digest == digest)
			return &account->decided[i];
	return NULL;
}

static void
decide(struct account *account, const struct spending_question *question,
       struct attention_answer *answer)
{
	const struct decided *before = decided_find(account, question->digest);
	struct decided *place;

	if (before) {
		*answer = before->answer;
		return;
	}
	attention_ask(account->attention, question->now_us, question->relevance,
		      answer);
	attention_learn(account->attention, question->now_us,
			question->relevance);
	if (answer->admit)
		attention_admit(account->attention, question->now_us);
	place = &account->decided[account->n++ % DECIDED];
	place->digest = question->digest;
	place->answer = *answer;
}

void
spending_ask(struct spending *spending,
	     const struct spending_question *question,
	     struct attention_answer *answer)
{
	const struct profile *profile = question->profile;
	struct account *account;

	if (profile->per_day == 0 && profile->per_week == 0) {
		*answer = (struct attention_answer){ TRUE, profile->tag,
						     G_MAXUINT, G_MAXUINT };
		return;
	}
	account = account_of(spending, profile->id);
	pthread_mutex_lock(&account->lock);
	bring_up_to_date(account, spending->store_url, question);
	decide(account, question, answer);
	pthread_mutex_unlock(&account->lock);
}

/* "2 of 3 today". */
static void
append_spent(GString *text, guint cap, guint left, const char *when)
{
	g_string_append_printf(text, "%u of %u %s", left < cap ? cap - left : 0,
			       cap, when);
}

char *
spending_reason(const struct spending_question *question,
		const struct attention_answer *answer)
{
	const struct profile *profile = question->profile;
	GString *text = g_string_new("attention: ");
	const gboolean week = profile->per_day == 0 || answer->week_left == 0;
	char number[2][G_ASCII_DTOSTR_BUF_SIZE];

	if (answer->day_left > 0 && answer->week_left > 0) {
		g_ascii_formatd(number[0], sizeof(number[0]), "%.2f",
				question->relevance);
		g_ascii_formatd(number[1], sizeof(number[1]), "%.2f",
				answer->threshold);
		g_string_append_printf(text, "%s is under %s, ", number[0],
				       number[1]);
	}
	if (week && answer->day_left > 0)
		append_spent(text, profile->per_week, answer->week_left,
			     "this week");
	else
		append_spent(text, profile->per_day, answer->day_left, "today");
	return g_string_free(text, FALSE);
}
