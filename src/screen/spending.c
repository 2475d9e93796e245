#include "screen/spending.h"

#include <pthread.h>

#include "account_private.h"
#include "account_queue_private.h"
#include "base/clock.h"

struct spending {
	gint64 born_us;		     /* wall clock */
	struct account_queue *queue; /* NULL: there is no store */
	pthread_mutex_t lock;
	GHashTable *accounts; /* buyer id -> struct account, never removed */
};

static void
account_destroy(gpointer data)
{
	account_free(data);
}

struct spending *
spending_new(const char *store_url)
{
	struct spending *spending = g_new0(struct spending, 1);

	spending->born_us = clock_now_us();
	spending->queue = store_url ? account_queue_new(store_url) : NULL;
	pthread_mutex_init(&spending->lock, NULL);
	spending->accounts = g_hash_table_new_full(g_str_hash, g_str_equal,
						   g_free, account_destroy);
	return spending;
}

void
spending_free(struct spending *spending)
{
	if (!spending)
		return;
	account_queue_free(spending->queue);
	g_hash_table_unref(spending->accounts);
	pthread_mutex_destroy(&spending->lock);
	g_free(spending);
}

static struct account *
account_of(struct spending *spending, const char *buyer)
{
	struct account *account;

	pthread_mutex_lock(&spending->lock);
	account = g_hash_table_lookup(spending->accounts, buyer);
	if (!account) {
		account = account_new(buyer, spending->born_us);
		g_hash_table_insert(spending->accounts, g_strdup(buyer),
				    account);
	}
	pthread_mutex_unlock(&spending->lock);
	return account;
}

static gboolean
has_cap(const struct profile *profile)
{
	return profile->per_day > 0 || profile->per_week > 0;
}

static struct account *
follow(struct spending *spending, const struct profile *profile,
       gboolean store_works)
{
	struct account *account = account_of(spending, profile->id);

	if (account_follow(account, profile, store_works && spending->queue))
		account_queue_add(spending->queue, account);
	return account;
}

void
spending_prepare(struct spending *spending, const struct profile *profile)
{
	if (has_cap(profile))
		follow(spending, profile, TRUE);
}

gboolean
spending_wait(struct spending *spending, gint64 deadline_us)
{
	return !spending->queue ||
	       account_queue_wait(spending->queue, deadline_us);
}

void
spending_ask(struct spending *spending,
	     const struct spending_question *question,
	     struct attention_answer *answer)
{
	const struct profile *profile = question->profile;

	if (!has_cap(profile)) {
		*answer = (struct attention_answer){ TRUE, profile->tag,
						     G_MAXUINT, G_MAXUINT };
		return;
	}
	account_ask(follow(spending, profile, question->store_works), question,
		    answer);
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
