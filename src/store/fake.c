/*
 * "fake:N:URL" wraps the store of URL, and its Nth call fails; those before
 * and after go through. "fake:N:WORD:URL" says how: away (the default), full,
 * busy, time, broken: the call is not made. Or lost: it is made, and the
 * answer is STORE_ERROR_TIME, as when a connection breaks after the commit.
 * Or slow: it is made, half a second later.
 * For tests that go up with N until nothing fails any more.
 */
#include <string.h>

#include "store_private.h"

#define SLOW_US 500000

struct fake {
	struct store base;
	struct store *inner;
	guint64 fatal;
	enum store_error code;
	gboolean lost;
	gboolean slow;
	atomic_uint_fast64_t calls;
};

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

enum fate { FATE_MADE, FATE_REFUSED, FATE_LOST };

static enum fate
next(struct fake *fake)
{
	if (atomic_fetch_add(&fake->calls, 1) + 1 != fake->fatal)
		return FATE_MADE;
	if (fake->slow) {
		g_usleep(SLOW_US);
		return FATE_MADE;
	}
	return fake->lost ? FATE_LOST : FATE_REFUSED;
}

static gboolean
fail(const struct fake *fake, GError **error)
{
	g_set_error(error, STORE_ERROR, (gint)fake->code,
		    "call %" G_GUINT64_FORMAT " fails on purpose", fake->fatal);
	return FALSE;
}

/* Of a call that only reads: lost or refused is one. */
static gboolean
fails(struct fake *fake, GError **error)
{
	if (next(fake) == FATE_MADE)
		return FALSE;
	fail(fake, error);
	return TRUE;
}

/* The end of a call that was made. */
static gboolean
ended(const struct fake *fake, enum fate fate, gboolean ok, GError **error)
{
	return ok && fate == FATE_LOST ? fail(fake, error) : ok;
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

static void
fake_close(struct store *store)
{
	store_close(fake_of(store)->inner);
	g_free(store);
}

/* With a lost answer the ids are lost that a repeat would have been given. */
static gboolean
fake_hold(struct store *store, const struct store_copy *copy, guint *repeats,
	  GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, ID_LEN + 1);
	gboolean ok;

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	for (guint i = 0; i < copy->n; i++)
		g_array_append_vals(ids, copy->messages[i]->id, 1);
	ok = store_hold(fake->inner, copy->messages, copy->n, copy->bytes,
			copy->deadline_us, repeats, error);
	for (guint i = 0; fate == FATE_LOST && i < copy->n; i++)
		memcpy(copy->messages[i]->id,
		       ids->data + (gsize)i * (ID_LEN + 1), ID_LEN + 1);
	return ended(fake, fate, ok, error);
}

static void
fake_note(struct store *store, const struct store_message *message)
{
	if (next(fake_of(store)) != FATE_REFUSED)
		store_note(fake_of(store)->inner, message);
}

static void
fake_contact(struct store *store, const char *buyer, const char *contact,
	     gint64 time_us)
{
	if (next(fake_of(store)) != FATE_REFUSED)
		store_contact(fake_of(store)->inner, buyer, contact, time_us);
}

static gboolean
fake_known(struct store *store, const char *buyer, const char *const *contacts,
	   gint64 deadline_us, gboolean *known, GError **error)
{
	struct fake *fake = fake_of(store);

	return !fails(fake, error) && store_known(fake->inner, buyer, contacts,
						  deadline_us, known, error);
}

static gboolean
fake_history(struct store *store, const struct store_likeness *likeness,
	     gint64 deadline_us, struct store_history *history, GError **error)
{
	struct fake *fake = fake_of(store);

	return !fails(fake, error) &&
	       store_history(fake->inner, likeness, deadline_us, history,
			     error);
}

static GPtrArray *
fake_list(struct store *store, const struct store_query *query, GError **error)
{
	struct fake *fake = fake_of(store);

	return fails(fake, error) ? NULL
				  : store_list(fake->inner, query, error);
}

static struct store_message *
fake_find(struct store *store, const char *buyer, const char *id,
	  GError **error)
{
	struct fake *fake = fake_of(store);

	return fails(fake, error) ? NULL
				  : store_find(fake->inner, buyer, id, error);
}

static GBytes *
fake_body(struct store *store, const char *buyer, const char *id,
	  GError **error)
{
	struct fake *fake = fake_of(store);

	return fails(fake, error) ? NULL
				  : store_body(fake->inner, buyer, id, error);
}

static gboolean
fake_claim(struct store *store, const struct store_change *change,
	   GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(fake, fate,
		     store_claim(fake->inner, change->buyer, change->id,
				 change->owner, change->lease_us, error),
		     error);
}

static gboolean
fake_settle(struct store *store, const struct store_change *change,
	    GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(fake, fate,
		     store_settle(fake->inner, change->buyer, change->id,
				  change->owner, change->state, change->note,
				  error),
		     error);
}

static gboolean
fake_delete(struct store *store, const struct store_change *change,
	    GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(fake, fate,
		     store_delete(fake->inner, change->buyer, change->id,
				  change->note, error),
		     error);
}

static gboolean
fake_expire(struct store *store, gint64 before_us, gint64 ledger_before_us,
	    guint *expired, GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(fake, fate,
		     store_expire(fake->inner, before_us, ledger_before_us,
				  expired, error),
		     error);
}

static GBytes *
fake_features(struct store *store, const char *buyer, const char *id,
	      GError **error)
{
	struct fake *fake = fake_of(store);

	return fails(fake, error)
		       ? NULL
		       : store_features(fake->inner, buyer, id, error);
}

static gboolean
fake_feedback_add(struct store *store, struct store_feedback *feedback,
		  GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);
	char id[ID_LEN + 1];
	gboolean ok;

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	memcpy(id, feedback->id, sizeof(id));
	ok = store_feedback_add(fake->inner, feedback, error);
	if (fate == FATE_LOST)
		memcpy(feedback->id, id, sizeof(id));
	return ended(fake, fate, ok, error);
}

static gboolean
fake_feedback_undo(struct store *store, const char *buyer, const char *message,
		   const char *by, GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(
		fake, fate,
		store_feedback_undo(fake->inner, buyer, message, by, error),
		error);
}

static GPtrArray *
fake_feedback_list(struct store *store, const char *buyer, gint64 since_us,
		   gboolean active_only, GError **error)
{
	struct fake *fake = fake_of(store);

	return fails(fake, error)
		       ? NULL
		       : store_feedback_list(fake->inner, buyer, since_us,
					     active_only, error);
}

static gboolean
fake_ruling_add(struct store *store, struct store_ruling *ruling,
		GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);
	char id[ID_LEN + 1];
	gboolean ok;

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	memcpy(id, ruling->id, sizeof(id));
	ok = store_ruling_add(fake->inner, ruling, error);
	if (fate == FATE_LOST)
		memcpy(ruling->id, id, sizeof(id));
	return ended(fake, fate, ok, error);
}

static gboolean
fake_ruling_undo(struct store *store, const char *buyer, const char *id,
		 const char *by, GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(fake, fate,
		     store_ruling_undo(fake->inner, buyer, id, by, error),
		     error);
}

static GPtrArray *
fake_ruling_list(struct store *store, const char *buyer, gboolean active_only,
		 GError **error)
{
	struct fake *fake = fake_of(store);

	return fails(fake, error) ? NULL
				  : store_ruling_list(fake->inner, buyer,
						      active_only, error);
}

static gboolean
fake_ruling_find(struct store *store, const struct store_mark *mark,
		 gint64 deadline_us, struct store_ruling **found,
		 GError **error)
{
	struct fake *fake = fake_of(store);

	return !fails(fake, error) &&
	       store_ruling_find(fake->inner, mark->buyer, mark->vendor,
				 mark->campaign, mark->now_us, deadline_us,
				 found, error);
}

static gboolean
fake_flush(struct store *store, gint64 deadline_us, GError **error)
{
	struct fake *fake = fake_of(store);
	enum fate fate = next(fake);

	if (fate == FATE_REFUSED)
		return fail(fake, error);
	return ended(fake, fate, store_flush(fake->inner, deadline_us, error),
		     error);
}

static gboolean
fake_stats(struct store *store, struct store_stats *stats, GError **error)
{
	struct fake *fake = fake_of(store);

	return !fails(fake, error) && store_stats(fake->inner, stats, error);
}

static gboolean
fake_verify(struct store *store, GError **error)
{
	struct fake *fake = fake_of(store);

	return !fails(fake, error) && store_verify(fake->inner, error);
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
	.features = fake_features,
	.feedback_add = fake_feedback_add,
	.feedback_undo = fake_feedback_undo,
	.feedback_list = fake_feedback_list,
	.ruling_add = fake_ruling_add,
	.ruling_undo = fake_ruling_undo,
	.ruling_list = fake_ruling_list,
	.ruling_find = fake_ruling_find,
	.flush = fake_flush,
	.stats = fake_stats,
	.verify = fake_verify,
};
