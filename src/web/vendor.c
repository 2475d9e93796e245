/* What a buyer rules on a vendor by hand: of all its mail, not of one. */
#include <string.h>

#include "base/clock.h"
#include "fault_private.h"
#include "mail/address.h"
#include "page_private.h"
#include "review/ruling.h"
#include "row_private.h"

#define DATE_LEN 10

/* Domains of one card that are ruled on at once. */
#define DOMAINS_MAX 30

/* Stands for a ruling where there was none. */
#define NONE "none"

static const struct {
	const char *word;
	const char *means; /* "acme.example: MEANS." */
} words[] = {
	{ "wanted", "its offers are always let in" },
	{ "not-now", "its offers are held until that day" },
	{ "never", "its offers are held from now on" },
	{ "clear", "its offers go by the models again" },
};

static const char *
word_means(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].means;
	return NULL;
}

/* "2027-01-31" as midnight UTC; 0: it is none, or not to come. */
static gint64
date_read(const char *text, gint64 now_us)
{
	g_autofree char *whole = g_strconcat(text, "T00:00:00Z", NULL);
	g_autoptr(GDateTime) date =
		strlen(text) == DATE_LEN
			? g_date_time_new_from_iso8601(whole, NULL)
			: NULL;
	const gint64 time_us =
		date ? g_date_time_to_unix(date) * CLOCK_SECOND_US : 0;

	return time_us > now_us ? time_us : 0;
}

/* Whose the ruling is; NULL and an error page when they may not. */
static const struct buyer *
whose(const struct web_request *request, struct web_reply *reply,
      const char *id)
{
	const struct buyer *buyer = row_buyer(request, id);

	if (buyer && request_may(request, ACCESS_DECIDE, buyer->profile->id))
		return buyer;
	reply_error(request, reply, 403, "You may not decide that.");
	return NULL;
}

/* "acme.example,tryacme.example": the domains of a card. NULL: they are none.
 */
static char **
domains_of(const char *text)
{
	g_auto(GStrv) domains = g_strsplit(text, ",", -1);
	const guint n = g_strv_length(domains);

	if (n == 0 || n > DOMAINS_MAX)
		return NULL;
	for (guint i = 0; i < n; i++)
		if (!domain_valid(domains[i]))
			return NULL;
	return g_steal_pointer(&domains);
}

/* The path that brings back what the buyer's rulings are now; NULL when the
 * store does not say. */
static char *
way_back(const struct web_request *request, const char *buyer, char **domains)
{
	g_autoptr(GString) ids = g_string_new(NULL);
	g_autofree char *names = g_strjoinv(",", domains);

	for (; *domains; domains++) {
		g_autoptr(StoreRuling) now = NULL;

		if (!store_ruling_find(request->site->store, buyer, *domains,
				       "", request->now_us,
				       clock_monotonic_us() + CLOCK_SECOND_US,
				       &now, NULL))
			return NULL;
		g_string_append_printf(ids, "%s%s", ids->len > 0 ? "," : "",
				       now ? now->id : NONE);
	}
	return g_strdup_printf("/vendor/%s/was/%s/%s", names, buyer, ids->str);
}

static gboolean
rule_one(const struct web_request *request, const char *buyer,
	 const char *vendor, const char *word, GError **error)
{
	const int parsed = store_ruling_word_parse(word);
	g_autoptr(StoreRuling) ruling = NULL;

	if (parsed < 0)
		return ruling_clear(request->site->store, buyer, vendor,
				    request->user->address, NULL, error);
	ruling = g_new0(struct store_ruling, 1);
	ruling->buyer = g_strdup(buyer);
	ruling->subject = g_strdup(vendor);
	ruling->word = (enum store_ruling_word)parsed;
	ruling->by = g_strdup(request->user->address);
	if (ruling->word == STORE_RULING_NOT_NOW)
		ruling->until_us = date_read(request_form(request, "until"),
					     request->now_us);
	return ruling_set(request->site->store, ruling, error);
}

static gboolean
rule(const struct web_request *request, const char *buyer, char **domains,
     const char *word, GError **error)
{
	for (; *domains; domains++) {
		if (!rule_one(request, buyer, *domains, word, error))
			return FALSE;
		request_audit(request, "vendor", buyer, *domains, word);
	}
	return TRUE;
}

/* Wanted, never, not now until a date, or as the models say. */
static void
vendor(const struct web_request *request, struct web_reply *reply)
{
	g_auto(GStrv) domains = domains_of(request->parts[0]);
	const char *word = request_form(request, "do");
	const char *back = request_came_from(request, "/queue");
	const struct buyer *buyer =
		whose(request, reply, request_form(request, "for"));
	g_autoptr(GError) error = NULL;
	g_autofree char *names = NULL;
	g_autofree char *text = NULL;
	g_autofree char *undo = NULL;

	if (!buyer)
		return;
	if (!domains || !word_means(word)) {
		reply_error(request, reply, 400, "That is no known action.");
		return;
	}
	if (strcmp(word, "not-now") == 0 &&
	    date_read(request_form(request, "until"), request->now_us) == 0) {
		reply_back(request, reply, back,
			   "\"Not now\" needs a date to come.", NULL);
		return;
	}
	undo = way_back(request, buyer->profile->id, domains);
	if (!rule(request, buyer->profile->id, domains, word, &error)) {
		fault_reply(request, reply, error);
		return;
	}
	names = g_strjoinv(", ", domains);
	text = g_strdup_printf("%s: %s.", names, word_means(word));
	reply_back(request, reply, back, text, undo);
}

/* A ruling of the buyer that was undone, as it was; NULL: there is none. */
static struct store_ruling *
old_ruling(const struct web_request *request, const char *buyer,
	   const char *vendor_name, const char *id)
{
	g_autoptr(GPtrArray) all =
		store_ruling_list(request->site->store, buyer, FALSE, NULL);

	for (guint i = 0; all && i < all->len; i++) {
		const struct store_ruling *old = all->pdata[i];
		struct store_ruling *again;

		if (strcmp(old->id, id) != 0 ||
		    strcmp(old->subject, vendor_name) != 0)
			continue;
		again = g_new0(struct store_ruling, 1);
		again->buyer = g_strdup(buyer);
		again->subject = g_strdup(old->subject);
		again->word = old->word;
		again->until_us = old->until_us;
		again->cause = g_strdup(old->cause);
		again->by = g_strdup(request->user->address);
		return again;
	}
	return NULL;
}

/* FALSE without an error: there was no such ruling. */
static gboolean
restore(const struct web_request *request, const char *buyer,
	const char *domain, const char *id, GError **error)
{
	g_autoptr(StoreRuling) again = old_ruling(request, buyer, domain, id);
	gboolean done;

	if (!again && strcmp(id, NONE) != 0)
		return FALSE;
	done = again ? ruling_set(request->site->store, again, error)
		     : ruling_clear(request->site->store, buyer, domain,
				    request->user->address, NULL, error);
	if (done)
		request_audit(request, "vendor", buyer, domain, "undone");
	return done;
}

/* Back to the rulings that there were before. */
static void
vendor_back(const struct web_request *request, struct web_reply *reply)
{
	g_auto(GStrv) domains = domains_of(request->parts[0]);
	g_auto(GStrv) ids = g_strsplit(request->parts[2], ",", -1);
	const char *back = request_came_from(request, "/queue");
	const struct buyer *buyer = whose(request, reply, request->parts[1]);
	g_autoptr(GError) error = NULL;
	gboolean done;

	if (!buyer)
		return;
	done = domains && g_strv_length(domains) == g_strv_length(ids);
	for (guint i = 0; done && domains[i]; i++)
		done = restore(request, buyer->profile->id, domains[i], ids[i],
			       &error);
	if (error)
		fault_reply(request, reply, error);
	else
		reply_back(request, reply, back,
			   done ? "Taken back."
				: "There was nothing to take back.",
			   NULL);
}

const struct web_route routes_vendor[] = {
	{ WEB_POST, "/vendor/*", ACCESS_SIGNED, vendor },
	{ WEB_POST, "/vendor/*/was/*/*", ACCESS_SIGNED, vendor_back },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
