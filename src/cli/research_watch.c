/* Questions that are kept for the brief. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "failure_private.h"
#include "print_private.h"
#include "research_private.h"
#include "store/audit.h"
#include "vendor_private.h"

static gboolean
audit(struct store *store, const char *action, const struct store_watch *watch,
      GError **error)
{
	g_autofree char *by = vendor_given_by();
	g_autofree char *what = g_strdup(action);
	g_autofree char *buyer = g_strdup(watch->buyer);
	g_autofree char *object = g_strdup(watch->id);
	struct store_audit row = {
		.who = by, .action = what, .buyer = buyer, .object = object
	};

	return store_audit_add(store, &row, error);
}

static void
print_change(const struct researching *researching,
	     const struct store_watch *watch, const char *what)
{
	json_t *object;

	if (!researching->options.json) {
		/* An answer as a page is on standard output. */
		fprintf(researching->html ? stderr : stdout, "%s %s\n", what,
			watch->id);
		return;
	}
	object = json_object();
	json_object_set_new(object, what, json_string(watch->id));
	json_object_set_new(object, "buyer", print_json_text(watch->buyer));
	print_json(object);
}

gboolean
research_watch(const struct researching *researching, GError **error)
{
	g_autoptr(StoreWatch) watch = g_new0(struct store_watch, 1);

	watch->buyer = g_strdup(researching->buyer);
	watch->query = g_strdup(researching->text);
	watch->filters = research_filters_format(&researching->query);
	watch->by = vendor_given_by();
	if (!store_watch_add(researching->store, watch, error) ||
	    !audit(researching->store, "watch", watch, error))
		return FALSE;
	print_change(researching, watch, "watched");
	return TRUE;
}

static void
print_watch_json(const struct store_watch *watch)
{
	g_autofree char *when = clock_format(watch->time_us);
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(watch->id));
	json_object_set_new(object, "buyer", print_json_text(watch->buyer));
	json_object_set_new(object, "question", print_json_text(watch->query));
	json_object_set_new(object, "filters", print_json_text(watch->filters));
	json_object_set_new(object, "by", print_json_text(watch->by));
	json_object_set_new(object, "time", json_string(when));
	print_json(object);
}

static void
print_watch(const struct store_watch *watch)
{
	printf("%s  ", watch->id);
	print_column(watch->buyer, 12);
	printf("  ");
	print_text(watch->query, FALSE);
	if (*watch->filters) {
		fputs("  (", stdout);
		print_text(watch->filters, FALSE);
		putchar(')');
	}
	putchar('\n');
}

gboolean
research_watches(const struct researching *researching, GError **error)
{
	g_autoptr(GPtrArray) watches =
		store_watch_list(researching->store, researching->buyer, error);

	for (guint i = 0; watches && i < watches->len; i++) {
		if (researching->options.json)
			print_watch_json(watches->pdata[i]);
		else
			print_watch(watches->pdata[i]);
	}
	return watches != NULL;
}

gboolean
research_unwatch(const struct researching *researching, GError **error)
{
	g_autoptr(GPtrArray) watches =
		store_watch_list(researching->store, researching->buyer, error);

	for (guint i = 0; watches && i < watches->len; i++) {
		const struct store_watch *watch = watches->pdata[i];

		if (strcmp(watch->id, researching->unwatch) != 0)
			continue;
		if (!store_watch_remove(researching->store, watch->buyer,
					watch->id, error) ||
		    !audit(researching->store, "unwatch", watch, error))
			return FALSE;
		print_change(researching, watch, "forgotten");
		return TRUE;
	}
	if (watches)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "no question with the id '%s' is kept; 'pitchward "
			    "research --watches' lists them",
			    researching->unwatch);
	return FALSE;
}
