/*
 * "fake:N:URL" wraps the store of URL, and its Nth call fails; those before
 * and after go through. "fake:N:WORD:URL" says how: away (the default), full,
 * busy, time, broken: the call is not made. Or lost: it is made, and the
 * answer is STORE_ERROR_TIME, as when a connection breaks after the commit.
 * Or slow: it is made, half a second later.
 * For tests that go up with N until nothing fails any more.
 */
#include <string.h>

#include "fake_private.h"

#define SLOW_US 500000

static const struct {
	const char *word;
	enum store_error code;
} words[] = {
	{ "away", STORE_ERROR_AWAY },	  { "full", STORE_ERROR_FULL },
	{ "busy", STORE_ERROR_BUSY },	  { "time", STORE_ERROR_TIME },
	{ "broken", STORE_ERROR_BROKEN }, { "lost", STORE_ERROR_TIME },
	{ "slow", STORE_ERROR_TIME },
};

static struct fake *
fake_of(struct store *store)
{
	return (struct fake *)(void *)store;
}

static enum fake_fate
next(struct fake *fake)
{
	if (atomic_fetch_add(&fake->calls, 1) + 1 != fake->fatal)
		return FAKE_MADE;
	if (fake->slow) {
		g_usleep(SLOW_US);
		return FAKE_MADE;
	}
	return fake->lost ? FAKE_LOST : FAKE_REFUSED;
}

static gboolean
fail(const struct fake *fake, GError **error)
{
	g_set_error(error, STORE_ERROR, (gint)fake->code,
		    "call %" G_GUINT64_FORMAT " fails on purpose", fake->fatal);
	return FALSE;
}

struct store *
fake_reads(struct store *store, GError **error)
{
	struct fake *fake = fake_of(store);

	if (next(fake) == FAKE_MADE)
		return fake->inner;
	fail(fake, error);
	return NULL;
}

gboolean
fake_begin(struct store *store, char *id, struct fake_turn *turn,
	   GError **error)
{
	struct fake *fake = fake_of(store);

	*turn = (struct fake_turn){ fake, fake->inner, next(fake), id, "" };
	if (turn->fate == FAKE_REFUSED)
		return fail(fake, error);
	if (id)
		memcpy(turn->given, id, sizeof(turn->given));
	return TRUE;
}

gboolean
fake_end(const struct fake_turn *turn, gboolean ok, GError **error)
{
	if (turn->fate != FAKE_LOST)
		return ok;
	if (turn->id)
		memcpy(turn->id, turn->given, sizeof(turn->given));
	return ok ? fail(turn->fake, error) : FALSE;
}

/* The place in `words` of the word before a colon; moves past both. */
static guint
word_at(const char **url)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		gsize len = strlen(words[i].word);

		if (strncmp(*url, words[i].word, len) == 0 &&
		    (*url)[len] == ':') {
			*url += len + 1;
			return i;
		}
	}
	return 0;
}

static struct store *
fake_open(const char *place, GError **error)
{
	struct fake *fake;
	struct store *inner;
	char *end;
	const char *url;
	guint64 fatal = g_ascii_strtoull(place, &end, 10);
	guint word;

	if (end == place || *end != ':') {
		g_set_error(error, STORE_ERROR, STORE_ERROR_AWAY,
			    "store 'fake:%s': fake:N:URL is the form", place);
		return NULL;
	}
	url = end + 1;
	word = word_at(&url);
	inner = store_open(url, error);
	if (!inner)
		return NULL;
	fake = g_new0(struct fake, 1);
	fake->inner = inner;
	fake->fatal = fatal;
	fake->code = words[word].code;
	fake->lost = strcmp(words[word].word, "lost") == 0;
	fake->slow = strcmp(words[word].word, "slow") == 0;
	atomic_init(&fake->calls, 0);
	return &fake->base;
}

static guint64
fake_close(struct store *store)
{
	const guint64 dropped = store_close(fake_of(store)->inner);

	g_free(store);
	return dropped;
}

static guint64
fake_dropped(struct store *store)
{
	return store_dropped(fake_of(store)->inner);
}

/* With a lost answer the ids are lost that a repeat would have been given. */
static gboolean
fake_hold(struct store *store, const struct store_copy *copy, guint *repeats,
	  GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, ID_LEN + 1);
	struct fake_turn turn;
	gboolean ok;

	if (!fake_begin(store, NULL, &turn, error))
		return FALSE;
	for (guint i = 0; i < copy->n; i++)
		g_array_append_vals(ids, copy->messages[i]->id, 1);
	ok = store_hold(turn.inner, copy->messages, copy->n, copy->bytes,
			copy->deadline_us, repeats, error);
	for (guint i = 0; turn.fate == FAKE_LOST && i < copy->n; i++)
		memcpy(copy->messages[i]->id,
		       ids->data + (gsize)i * (ID_LEN + 1), ID_LEN + 1);
	return fake_end(&turn, ok, error);
}

static void
fake_note(struct store *store, const struct store_message *message)
{
	if (next(fake_of(store)) != FAKE_REFUSED)
		store_note(fake_of(store)->inner, message);
}

static void
fake_contact(struct store *store, const char *buyer, const char *contact,
	     gint64 time_us)
{
	if (next(fake_of(store)) != FAKE_REFUSED)
		store_contact(fake_of(store)->inner, buyer, contact, time_us);
}

static gboolean
fake_known(struct store *store, const char *buyer, const char *const *contacts,
	   gint64 deadline_us, gboolean *known, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner &&
	       store_known(inner, buyer, contacts, deadline_us, known, error);
}

static gboolean
fake_history(struct store *store, const struct store_likeness *likeness,
	     gint64 deadline_us, struct store_history *history, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner &&
	       store_history(inner, likeness, deadline_us, history, error);
}

static GPtrArray *
fake_list(struct store *store, const struct store_query *query, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_list(inner, query, error) : NULL;
}

static struct store_message *
fake_find(struct store *store, const char *buyer, const char *id,
	  GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_find(inner, buyer, id, error) : NULL;
}

static GBytes *
fake_body(struct store *store, const char *buyer, const char *id,
	  GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner ? store_body(inner, buyer, id, error) : NULL;
}

static gboolean
fake_claim(struct store *store, const struct store_change *change,
	   GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_claim(turn.inner, change->buyer, change->id,
				    change->owner, change->lease_us, error),
			error);
}

static gboolean
fake_settle(struct store *store, const struct store_change *change,
	    GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_settle(turn.inner, change->buyer, change->id,
				     change->owner, change->state, change->note,
				     error),
			error);
}

static gboolean
fake_delete(struct store *store, const struct store_change *change,
	    GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_delete(turn.inner, change->buyer, change->id,
				     change->note, error),
			error);
}

static gboolean
fake_expire(struct store *store, gint64 before_us, gint64 ledger_before_us,
	    guint *expired, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_expire(turn.inner, before_us, ledger_before_us,
				     expired, error),
			error);
}

static gboolean
fake_forget(struct store *store, gint64 before_us, gint64 deadline_us,
	    guint *forgotten, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn,
			store_forget(turn.inner, before_us, deadline_us,
				     forgotten, error),
			error);
}

static gboolean
fake_flush(struct store *store, gint64 deadline_us, GError **error)
{
	struct fake_turn turn;

	return fake_begin(store, NULL, &turn, error) &&
	       fake_end(&turn, store_flush(turn.inner, deadline_us, error),
			error);
}

static gboolean
fake_stats(struct store *store, struct store_stats *stats, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner && store_stats(inner, stats, error);
}

static gboolean
fake_verify(struct store *store, GError **error)
{
	struct store *inner = fake_reads(store, error);

	return inner && store_verify(inner, error);
}

const struct store_driver store_fake = {
	.scheme = "fake",
	.open = fake_open,
	.close = fake_close,
	.hold = fake_hold,
	.note = fake_note,
	.contact = fake_contact,
	.known = fake_known,
	.history = fake_history,
	.list = fake_list,
	.find = fake_find,
	.body = fake_body,
	.claim = fake_claim,
	.settle = fake_settle,
	.delete = fake_delete,
	.expire = fake_expire,
	.forget = fake_forget,
	.features = fake_features,
	.feedback_add = fake_feedback_add,
	.feedback_undo = fake_feedback_undo,
	.feedback_list = fake_feedback_list,
	.ruling_add = fake_ruling_add,
	.ruling_undo = fake_ruling_undo,
	.ruling_list = fake_ruling_list,
	.ruling_find = fake_ruling_find,
	.flush = fake_flush,
	.dropped = fake_dropped,
	.stats = fake_stats,
	.verify = fake_verify,
	.versions = &fake_versions,
	.passes = &fake_passes,
	.audits = &fake_audits,
	.jobs = &fake_jobs,
	.review = &fake_review,
	.signals = &fake_signals,
	.vendors = &fake_vendors,
	.documents = &fake_documents,
	.decisions = &fake_decisions,
	.models = &fake_models,
};
