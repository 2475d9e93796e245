#include "quarantine_private.h"

#include <glib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/error.h"
#include "failure_private.h"
#include "given_private.h"
#include "held_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "regret_private.h"

#define PAGE 500

#define STATES ((guint)STORE_EXPIRED + 1)

/* The command's options, and what they mean. */
struct listing {
	struct options options;
	char *addr;
	char *state;
	char *since;
	char *search;
	char *order;
	char *buyer;
	int limit;
	gboolean by_regret;
	struct store_query query;
	char last[ID_LEN + 1]; /* the oldest one printed */
};

static gboolean
read_state(struct listing *listing, GError **error)
{
	const char *words[STATES + 2] = { NULL };
	int state;

	listing->query.state = STORE_KEPT;
	if (!listing->state)
		return TRUE;
	for (guint i = 0; i < STATES; i++)
		words[i] = store_state_name((enum store_state)i);
	words[STATES] = "all";
	state = given_choice("--state", listing->state, words, error);
	listing->query.state = state == (int)STATES ? STORE_ANY : state;
	return state >= 0;
}

static gboolean
read_order(struct listing *listing, GError **error)
{
	static const char *const orders[] = { "newest", "regret", NULL };
	int order;

	if (!listing->order)
		return TRUE;
	order = given_choice("--order", listing->order, orders, error);
	listing->by_regret = order == 1;
	return order >= 0;
}

static gboolean
read_flags(struct listing *listing, GError **error)
{
	gint64 since_us = 0;

	if (listing->limit < 1) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--limit: at least 1, not %d", listing->limit);
		return FALSE;
	}
	if (!read_state(listing, error) || !read_order(listing, error) ||
	    (listing->since &&
	     !options_duration("--since", listing->since, &since_us, error)))
		return FALSE;
	if (listing->since)
		listing->query.since_us = MAX(1, clock_now_us() - since_us);
	listing->query.text = listing->search;
	listing->query.names = TRUE;
	return TRUE;
}

static gboolean
read_buyer(struct listing *listing, const struct config *config, GError **error)
{
	if (!listing->addr)
		return TRUE;
	listing->buyer = installation_buyer(config, listing->addr, error);
	listing->query.buyer = listing->buyer;
	return listing->buyer != NULL;
}

static void
print_page(const struct listing *listing, const GPtrArray *page, guint limit)
{
	for (guint i = 0; i < MIN(page->len, limit); i++) {
		if (listing->options.json)
			print_json(held_json(page->pdata[i]));
		else
			held_print_line(page->pdata[i], !listing->buyer);
	}
}

/* Page by page: memory does not grow with the store. */
static gboolean
print_all(struct listing *listing, struct store *store, GError **error)
{
	guint left = (guint)listing->limit;

	while (left > 0) {
		g_autoptr(GPtrArray) page = NULL;
		const struct store_message *oldest;

		listing->query.limit = MIN(left, PAGE);
		page = store_list(store, &listing->query, error);
		if (!page)
			return FALSE;
		print_page(listing, page, left);
		if (page->len < listing->query.limit)
			break;
		left -= page->len;
		oldest = page->pdata[page->len - 1];
		memcpy(listing->last, oldest->id, sizeof(listing->last));
		listing->query.after_id = listing->last;
	}
	return TRUE;
}

/* The most regretted may be the oldest: all are compared. */
static gboolean
print_by_regret(struct listing *listing, const struct config *config,
		struct store *store, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;

	listing->query.limit = G_MAXINT;
	all = store_list(store, &listing->query, error);
	if (!all || !regret_sort(all, config, store, error))
		return FALSE;
	print_page(listing, all, (guint)listing->limit);
	return TRUE;
}

static gboolean
list(struct listing *listing, GError **error)
{
	g_autoptr(Config) config = NULL;
	g_autoptr(Store) store = NULL;

	if (!read_flags(listing, error))
		return FALSE;
	config = installation_config(&listing->options, error);
	if (!config || !read_buyer(listing, config, error))
		return FALSE;
	if (!installation_tell_store(config))
		return TRUE;
	store = installation_store(config, error);
	if (!store)
		return FALSE;
	return listing->by_regret
		       ? print_by_regret(listing, config, store, error)
		       : print_all(listing, store, error);
}

static void
listing_clear(struct listing *listing)
{
	options_clear(&listing->options);
	g_free(listing->addr);
	g_free(listing->state);
	g_free(listing->since);
	g_free(listing->search);
	g_free(listing->order);
	g_free(listing->buyer);
}

int
quarantine_list_main(int argc, char **argv)
{
	struct listing l = { .limit = G_MAXINT };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &l.addr,
		  "only of this buyer: an address, or the profile's id",
		  "BUYER" },
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &l.state,
		  "held, releasing, released, deleted, expired, delivered or "
		  "all",
		  "STATE" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &l.since,
		  "only received within this time", "7d" },
		{ "search", 0, 0, G_OPTION_ARG_FILENAME, &l.search,
		  "only with this text in subject, sender or vendor, or this "
		  "queue id, Message-ID or address",
		  "TEXT" },
		{ "order", 0, 0, G_OPTION_ARG_FILENAME, &l.order,
		  "newest (default), or regret: what to label first", "ORDER" },
		{ "limit", 0, 0, G_OPTION_ARG_INT, &l.limit, "at most so many",
		  "N" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "quarantine list",
		.summary = "Lists held mail, newest first: id, time, state, "
			   "P(outreach), relevance, priority, buyer (unless "
			   "--for names one), sender, subject.",
		.examples = "  pitchward quarantine list --since 7d\n"
			    "  pitchward quarantine list --search acme --json\n"
			    "  pitchward quarantine list --search 4fX1Yz "
			    "--state all\n"
			    "  pitchward quarantine list --order regret "
			    "--limit 20",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &l.options, &error) ||
	    !list(&l, &error))
		code = failure_exit(error);
	listing_clear(&l);
	return code;
}
