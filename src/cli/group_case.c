#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "failure_private.h"
#include "group_private.h"
#include "installation_private.h"
#include "vendor_private.h"

/* How far back a vendor's mail to several members counts. */
#define MEETINGS_US (180 * CLOCK_DAY_US)

static void
clear_store(struct group_case *about)
{
	g_clear_pointer(&about->view, group_view_free);
	g_clear_pointer(&about->book, vendor_book_free);
	g_clear_pointer(&about->store, store_close);
}

void
group_case_clear(struct group_case *about)
{
	clear_store(about);
	g_clear_pointer(&about->groups, g_ptr_array_unref);
	g_clear_pointer(&about->profiles, g_ptr_array_unref);
	g_clear_pointer(&about->config, config_free);
	options_clear(&about->options);
	g_free(about->as);
}

gboolean
group_case_load(struct group_case *about, GError **error)
{
	g_autoptr(Faults) faults = faults_new();

	about->config = installation_config(&about->options, error);
	if (!about->config)
		return FALSE;
	about->profiles = installation_profiles(about->config, faults);
	if (!faults_report(faults, error))
		return FALSE;
	about->groups = group_load_folder(about->config->groups,
					  about->profiles, faults);
	return faults_report(faults, error);
}

/* Takes `words`, the names that there are. */
static gboolean
refuse_name(const char *command, const char *what, const char *given,
	    GPtrArray *words, GError **error)
{
	const char *nearest;
	g_autofree char *hint = NULL;
	g_autofree char *list = NULL;

	g_ptr_array_add(words, NULL);
	nearest = nearest_word(given, (const char *const *)words->pdata);
	hint = nearest ? g_strdup_printf(", did you mean '%s'?", nearest)
		       : g_strdup("");
	list = g_strjoinv(", ", (char **)words->pdata);
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "%s: no %s '%s'%s (there are: %s)", command, what, given,
		    hint, *list ? list : "none");
	g_ptr_array_unref(words);
	return FALSE;
}

const struct group *
group_case_named(const GPtrArray *groups, const char *command, const char *id,
		 GError **error)
{
	GPtrArray *ids = g_ptr_array_new();

	for (guint i = 0; i < groups->len; i++) {
		const struct group *group = groups->pdata[i];

		if (strcmp(group->id, id) == 0) {
			g_ptr_array_unref(ids);
			return group;
		}
		g_ptr_array_add(ids, group->id);
	}
	(void)refuse_name(command, "group", id, ids, error);
	return NULL;
}

gboolean
group_case_find(struct group_case *about, GError **error)
{
	about->group = group_case_named(about->groups, about->command,
					about->options.args[0], error);
	return about->group != NULL;
}

static gboolean
find_member(const struct group_case *about, GError **error)
{
	GPtrArray *ids;

	if (!about->as || group_find_member(about->group, about->as))
		return TRUE;
	ids = g_ptr_array_new();
	for (guint i = 0; i < about->group->members->len; i++) {
		const struct group_member *member =
			about->group->members->pdata[i];

		g_ptr_array_add(ids, member->profile);
	}
	return refuse_name(about->command, "member", about->as, ids, error);
}

gboolean
group_case_look(struct group_case *about, GError **error)
{
	const gint64 now_us = clock_now_us();
	const struct group_request request = {
		.store = about->store,
		.book = about->book,
		.group = about->group,
		.profiles = about->profiles,
		.reader = about->as,
		.since_us = now_us - MEETINGS_US,
		.now_us = now_us,
	};

	g_clear_pointer(&about->view, group_view_free);
	about->view = group_view_new(&request, error);
	return about->view != NULL;
}

gboolean
group_case_open(struct group_case *about, GError **error)
{
	if (!group_case_load(about, error) || !group_case_find(about, error) ||
	    !find_member(about, error))
		return FALSE;
	if (about->needs_store || installation_has_store(about->config)) {
		about->store = installation_store(about->config, error);
		if (!about->store)
			return FALSE;
		about->book = vendor_book_load(about->store, error);
		if (!about->book)
			return FALSE;
	}
	return group_case_look(about, error);
}

char *
group_case_card(const struct group_case *about, const char *given,
		GError **error)
{
	const char *card = vendor_book_named(about->book, given);
	g_autofree char *domain = NULL;

	if (card)
		return g_strdup(card);
	domain = vendor_given_domain(about->config, about->command, given,
				     error);
	return domain ? g_strdup(vendor_book_card(about->book, domain)) : NULL;
}
