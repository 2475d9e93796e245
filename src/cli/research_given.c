/* What restricts the search, as it was given. */
#include <string.h>

#include "base/clock.h"
#include "failure_private.h"
#include "given_private.h"
#include "research_private.h"
#include "vendor_private.h"

#define LIMIT_MAX 200

static gboolean
read_kinds(struct researching *researching, GError **error)
{
	static const char *const words[] = { "mail", "item", "page", NULL };

	for (char **word = researching->kinds; word && *word; word++) {
		const int kind = given_choice("--kind", *word, words, error);

		if (kind < 0)
			return FALSE;
		researching->query.kinds |= 1U << kind;
	}
	return TRUE;
}

static gboolean
read_vendor(struct researching *researching, GError **error)
{
	const char *named;
	g_autofree char *domain = NULL;

	if (!researching->vendor)
		return TRUE;
	named = vendor_book_named(researching->book, researching->vendor);
	if (!named)
		domain = vendor_given_domain(researching->config, "research",
					     researching->vendor, error);
	if (!named && !domain)
		return FALSE;
	researching->card = g_strdup(
		named ? named : vendor_book_card(researching->book, domain));
	researching->query.vendor = researching->card;
	return TRUE;
}

static const struct profile *
find_profile(const struct researching *researching)
{
	const GPtrArray *buyers = researching->snapshot->buyers;

	for (guint i = 0; i < buyers->len; i++) {
		const struct buyer *buyer = buyers->pdata[i];

		if (g_strcmp0(buyer->profile->id, researching->buyer) == 0)
			return buyer->profile;
	}
	return NULL;
}

/* Without a buyer nobody can tell which priorities there are. */
static gboolean
read_priority(struct researching *researching, GError **error)
{
	const struct profile *profile =
		researching->snapshot ? find_profile(researching) : NULL;
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	researching->query.priority = researching->priority;
	if (!researching->priority || !profile)
		return TRUE;
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		g_ptr_array_add(ids, priority->id);
	}
	g_ptr_array_add(ids, NULL);
	return given_choice("--priority", researching->priority,
			    (const char *const *)(void *)ids->pdata,
			    error) >= 0;
}

static gboolean
is_day(const char *text)
{
	return strchr(text, '-') != NULL;
}

static gboolean
read_day(const char *option, const char *text, gint64 *time_us, GError **error)
{
	g_autoptr(GError) fault = NULL;

	if (research_day_parse(text, time_us, &fault))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: %s", option,
		    fault->message);
	return FALSE;
}

static gboolean
read_since(struct researching *researching, GError **error)
{
	gint64 length_us = 0;

	if (is_day(researching->since))
		return read_day("--since", researching->since,
				&researching->query.since_us, error);
	if (!options_duration("--since", researching->since, &length_us, error))
		return FALSE;
	researching->query.since_us = MAX(1, clock_now_us() - length_us);
	return TRUE;
}

static gboolean
read_times(struct researching *researching, GError **error)
{
	const struct research_query *query = &researching->query;

	if ((researching->since && !read_since(researching, error)) ||
	    (researching->until &&
	     !read_day("--until", researching->until,
		       &researching->query.until_us, error)))
		return FALSE;
	if (query->until_us > 0 && query->until_us <= query->since_us) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "--until: no day is left between --since "
				    "and --until");
		return FALSE;
	}
	return TRUE;
}

static gboolean
read_limit(struct researching *researching, GError **error)
{
	if (researching->limit < 0 || researching->limit > LIMIT_MAX) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--limit: 1 to %d, not %d", LIMIT_MAX,
			    researching->limit);
		return FALSE;
	}
	researching->query.limit = (guint)researching->limit;
	return TRUE;
}

gboolean
research_given(struct researching *researching, GError **error)
{
	researching->query.text = researching->text;
	researching->query.source = researching->source;
	if (researching->buyer) {
		researching->query.buyer = researching->buyer;
		researching->buyers[0] = researching->buyer;
		researching->query.buyers = researching->buyers;
	}
	return read_kinds(researching, error) &&
	       read_vendor(researching, error) &&
	       read_priority(researching, error) &&
	       read_times(researching, error) && read_limit(researching, error);
}
