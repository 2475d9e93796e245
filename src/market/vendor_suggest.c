#include <string.h>

#include "mail/address.h"
#include "market/vendor.h"
#include "vendor_page_private.h"
#include "vendor_trace_private.h"

/* What more cards than this have in common is a service's, not a company's. */
#define CARDS_MAX 3

/* Something that mail of cards has in common. */
struct common {
	char *why;
	gboolean trace;	  /* was read in bodies */
	char *owner;	  /* the card it is of; else NULL */
	GPtrArray *cards; /* each once, in the order they were met */
	GArray *mails;	  /* guint: so many of each that have it */
};

/* A held mail that will be read. */
struct due {
	char *card;
	char *buyer;
	char *ours; /* the registrable domain it was written to */
	char id[ID_LEN + 1];
};

struct suggesting {
	const struct vendor_book *book;
	GHashTable *commons; /* key -> struct common */
	GPtrArray *order;    /* of them */
	GHashTable *domains; /* -> so many held ones were chosen */
	GHashTable *counts;  /* card -> so many were read */
	GPtrArray *dues;     /* of struct due */
	GPtrArray *pairs;
};

static void
pair_free(gpointer data)
{
	struct vendor_pair *pair = data;

	g_free(pair->card);
	g_free(pair->other);
	g_free(pair->why);
	g_free(pair);
}

static void
common_free(gpointer data)
{
	struct common *common = data;

	g_free(common->why);
	g_free(common->owner);
	g_ptr_array_unref(common->cards);
	g_array_unref(common->mails);
	g_free(common);
}

static void
due_free(gpointer data)
{
	struct due *due = data;

	g_free(due->card);
	g_free(due->buyer);
	g_free(due->ours);
	g_free(due);
}

/* The number under a key, 0 at first. */
static guint *
counter(GHashTable *counts, const char *key)
{
	guint *n = g_hash_table_lookup(counts, key);

	if (!n) {
		n = g_new0(guint, 1);
		g_hash_table_insert(counts, g_strdup(key), n);
	}
	return n;
}

static struct common *
common_of(struct suggesting *all, const char *key, const char *why)
{
	struct common *common = g_hash_table_lookup(all->commons, key);

	if (common)
		return common;
	common = g_new0(struct common, 1);
	common->why = g_strdup(why);
	common->cards = g_ptr_array_new_with_free_func(g_free);
	common->mails = g_array_new(FALSE, TRUE, sizeof(guint));
	g_hash_table_insert(all->commons, g_strdup(key), common);
	g_ptr_array_add(all->order, common);
	return common;
}

static struct common *
share(struct suggesting *all, const char *key, const char *card,
      const char *why)
{
	struct common *common = common_of(all, key, why);
	const guint one = 1;

	for (guint i = 0; i < common->cards->len; i++) {
		if (strcmp(common->cards->pdata[i], card) == 0) {
			g_array_index(common->mails, guint, i)++;
			return common;
		}
	}
	g_ptr_array_add(common->cards, g_strdup(card));
	g_array_append_val(common->mails, one);
	return common;
}

/* Of a role a company has many, and every company has them. */
static gboolean
is_role(const char *local, gsize len)
{
	static const char *const roles[] = {
		"info",	    "sales",   "hello",	    "contact", "team",
		"support",  "office",  "news",	    "events",  "newsletter",
		"no-reply", "noreply", "marketing", "mail",    "partners",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (strlen(roles[i]) == len &&
		    g_ascii_strncasecmp(local, roles[i], len) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
meet_sender(struct suggesting *all, const struct store_message *row,
	    const char *card)
{
	const char *at = row->from ? strchr(row->from, '@') : NULL;
	const gsize len = at ? (gsize)(at - row->from) : 0;
	g_autofree char *local = g_strndup(row->from ? row->from : "", len);
	g_autofree char *why = NULL;
	g_autofree char *name = NULL;
	g_autofree char *key = NULL;

	/* A first name alone is anybody's. */
	if (len == 0 || !row->from_name || !strchr(row->from_name, ' ') ||
	    is_role(local, len))
		return;
	why = g_strdup_printf("the sender %s writes as %s@ from both",
			      row->from_name, local);
	name = g_utf8_casefold(row->from_name, -1);
	key = g_strdup_printf("n%s\n%s", name, local);
	share(all, key, card, why);
}

/* Newest come first. */
static void
choose(struct suggesting *all, const struct store_message *row,
       const char *card)
{
	guint *read = counter(all->domains, row->vendor);
	const char *at = row->rcpt ? strrchr(row->rcpt, '@') : NULL;
	struct due *due;

	if (row->state != STORE_HELD || *read >= VENDOR_SUGGEST_OF_ONE ||
	    all->dues->len >= VENDOR_SUGGEST_MAILS)
		return;
	due = g_new0(struct due, 1);
	due->card = g_strdup(card);
	due->buyer = g_strdup(row->buyer);
	due->ours = domain_registrable(at ? at + 1 : "");
	memcpy(due->id, row->id, sizeof(due->id));
	g_ptr_array_add(all->dues, due);
	(*read)++;
}

static void
meet(const struct store_message *row, gpointer data)
{
	struct suggesting *all = data;
	const char *card = vendor_book_card(all->book, row->vendor);
	g_autofree char *why = NULL;
	g_autofree char *key = NULL;

	if (row->campaign && *row->campaign) {
		why = g_strdup_printf("mail of one campaign, %s",
				      row->campaign);
		key = g_strconcat("c", row->campaign, NULL);
		share(all, key, card, why);
	}
	meet_sender(all, row, card);
	choose(all, row, card);
}

/* A link to what is a card's own domain leads to that card. */
static void
own_domain(struct suggesting *all, const char *domain)
{
	struct vendor_trace *trace = vendor_trace_of_domain(domain);
	struct common *common = g_hash_table_lookup(all->commons, trace->key);

	vendor_trace_free(trace);
	if (!common)
		return;
	g_free(common->why);
	common->why = g_strdup_printf("links to %s", domain);
	common->owner = g_strdup(vendor_book_card(all->book, domain));
}

static gboolean
read_due(struct suggesting *all, struct store *store,
	 const struct signals *signals, const struct due *due, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(GBytes) bytes =
		store_body(store, due->buyer, due->id, &failure);
	g_autoptr(GPtrArray) traces = NULL;

	if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		return TRUE; /* released or deleted meanwhile */
	if (!bytes) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	traces = vendor_trace_read(bytes, signals, due->ours);
	for (guint i = 0; i < traces->len; i++) {
		const struct vendor_trace *trace = traces->pdata[i];

		share(all, trace->key, due->card, trace->why)->trace = TRUE;
	}
	(*counter(all->counts, due->card))++;
	return TRUE;
}

static gboolean
read_dues(struct suggesting *all, struct store *store, GError **error)
{
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(GList) domains = g_hash_table_get_keys(all->domains);

	for (guint i = 0; i < all->dues->len; i++) {
		if (!read_due(all, store, signals, all->dues->pdata[i], error))
			return FALSE;
	}
	for (const GList *at = domains; at; at = at->next)
		own_domain(all, at->data);
	return TRUE;
}

static gboolean
is_known(const GPtrArray *pairs, const char *card, const char *other)
{
	for (guint i = 0; i < pairs->len; i++) {
		const struct vendor_pair *pair = pairs->pdata[i];

		if ((strcmp(pair->card, card) == 0 &&
		     strcmp(pair->other, other) == 0) ||
		    (strcmp(pair->card, other) == 0 &&
		     strcmp(pair->other, card) == 0))
			return TRUE;
	}
	return FALSE;
}

/* What is in fewer than half of a card's mails that were read is no habit: an
 * article that somebody links to, a number of somebody they name. */
static gboolean
is_habit(const struct suggesting *all, const struct common *common, guint i)
{
	const char *card = common->cards->pdata[i];
	const guint *read = g_hash_table_lookup(all->counts, card);

	return !common->trace || !read ||
	       g_array_index(common->mails, guint, i) * 2 >= *read;
}

static void
add_pair(struct suggesting *all, const char *card, const char *other,
	 const char *why)
{
	struct vendor_pair *pair;

	if (strcmp(card, other) == 0 || is_known(all->pairs, card, other))
		return;
	pair = g_new0(struct vendor_pair, 1);
	pair->card = g_strdup(card);
	pair->other = g_strdup(other);
	pair->why = g_strdup(why);
	g_ptr_array_add(all->pairs, pair);
}

static void
suggest_common(struct suggesting *all, const struct common *common)
{
	const char *first = common->owner;

	if (common->trace && common->cards->len > CARDS_MAX)
		return;
	for (guint i = 0; i < common->cards->len; i++) {
		if (!is_habit(all, common, i))
			continue;
		if (first)
			add_pair(all, first, common->cards->pdata[i],
				 common->why);
		else
			first = common->cards->pdata[i];
	}
}

static gboolean
gather(struct suggesting *all, struct store *store, GError **error)
{
	return vendor_page_all(store, NULL, meet, all, error) &&
	       read_dues(all, store, error);
}

GPtrArray *
vendor_suggest(struct store *store, const struct vendor_book *book,
	       GError **error)
{
	struct suggesting all = {
		.book = book,
		.commons = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, common_free),
		.order = g_ptr_array_new(),
		.domains = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, g_free),
		.counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						g_free),
		.dues = g_ptr_array_new_with_free_func(due_free),
	};
	GPtrArray *pairs = g_ptr_array_new_with_free_func(pair_free);

	all.pairs = pairs;
	if (gather(&all, store, error)) {
		for (guint i = 0; i < all.order->len; i++)
			suggest_common(&all, all.order->pdata[i]);
	} else {
		g_ptr_array_unref(pairs);
		pairs = NULL;
	}
	g_ptr_array_unref(all.dues);
	g_hash_table_unref(all.counts);
	g_hash_table_unref(all.domains);
	g_ptr_array_unref(all.order);
	g_hash_table_unref(all.commons);
	return pairs;
}
