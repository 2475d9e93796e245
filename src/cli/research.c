#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "command_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "market/glean.h"
#include "print_private.h"
#include "research_private.h"

/* So long what was held just now may take to be read. */
#define GLEAN_US (2 * CLOCK_SECOND_US)

static gboolean
usage(GError **error, const char *text)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "research: %s", text);
	return FALSE;
}

/* Which of its works was asked for. */
static gboolean
check(struct researching *researching, GError **error)
{
	const gboolean asks = researching->options.args[0] != NULL;

	if (researching->watches && researching->unwatch)
		return usage(error, "--watches or --unwatch, not both");
	if (researching->watches || researching->unwatch)
		return !asks || usage(error, "a question, or --watches or "
					     "--unwatch, not both");
	if (!asks)
		return usage(error, "QUESTION is missing; 'pitchward research "
				    "--help' explains");
	if (researching->options.json && researching->html)
		return usage(error, "--json or --html, not both");
	if (researching->keeps && !researching->addr)
		return usage(error, "--watch needs --for: whose brief it is "
				    "to stand in");
	researching->text = g_strjoinv(" ", researching->options.args);
	if (strlen(researching->text) > RESEARCH_TEXT_MAX)
		return usage(error, "that question is too long: 400 bytes at "
				    "most");
	if (!g_utf8_validate(researching->text, -1, NULL))
		return usage(error, "the question is no valid UTF-8");
	return TRUE;
}

static gboolean
open_all(struct researching *researching, GError **error)
{
	researching->config = installation_config(&researching->options, error);
	if (!researching->config)
		return FALSE;
	if (researching->addr) {
		researching->buyer = installation_buyer(
			researching->config, researching->addr, error);
		if (!researching->buyer)
			return FALSE;
	}
	if (!installation_has_store(researching->config))
		return TRUE;
	researching->store = installation_store(researching->config, error);
	if (!researching->store)
		return FALSE;
	researching->book = vendor_book_load(researching->store, error);
	return researching->book != NULL;
}

/* That another is reading at this moment is as good; of any other failure the
 * answer is what was read before. */
static void
read_new(struct store *store)
{
	g_autoptr(GError) error = NULL;
	struct glean done = { 0 };

	if (!glean_run(store, clock_monotonic_us() + GLEAN_US, &done, &error) &&
	    !g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT))
		fprintf(stderr,
			"pitchward: what came last is not searched: %s\n",
			error->message);
}

static void
show(const struct researching *researching, const struct research *research)
{
	g_autoptr(GString) page = NULL;

	if (researching->options.json) {
		print_json(research_json(research));
	} else if (researching->html) {
		page = g_string_new(NULL);
		research_html(research, page);
		fwrite(page->str, 1, page->len, stdout);
	} else {
		research_print(research);
	}
}

static gboolean
answer(struct researching *researching, GError **error)
{
	g_autoptr(Research) research = NULL;

	if (researching->buyer) {
		researching->snapshot = installation_snapshot(
			&researching->options, NULL, error);
		if (!researching->snapshot)
			return FALSE;
	}
	if (!research_given(researching, error))
		return FALSE;
	read_new(researching->store);
	research =
		research_run(researching->store, researching->book,
			     researching->snapshot, &researching->query, error);
	if (!research)
		return FALSE;
	show(researching, research);
	return !researching->keeps || research_watch(researching, error);
}

static gboolean
run(struct researching *researching, GError **error)
{
	if (!check(researching, error) || !open_all(researching, error))
		return FALSE;
	if (!researching->store)
		return installation_tell_store(researching->config) || TRUE;
	if (researching->watches)
		return research_watches(researching, error);
	if (researching->unwatch)
		return research_unwatch(researching, error);
	return answer(researching, error);
}

static void
researching_clear(struct researching *researching)
{
	g_clear_pointer(&researching->book, vendor_book_free);
	g_clear_pointer(&researching->store, store_close);
	g_clear_pointer(&researching->snapshot, snapshot_unref);
	g_clear_pointer(&researching->config, config_free);
	options_clear(&researching->options);
	g_strfreev(researching->kinds);
	g_free(researching->addr);
	g_free(researching->vendor);
	g_free(researching->priority);
	g_free(researching->source);
	g_free(researching->since);
	g_free(researching->until);
	g_free(researching->unwatch);
	g_free(researching->text);
	g_free(researching->buyer);
	g_free(researching->card);
}

static gboolean
read_given(struct researching *given, int argc, char **argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &given->addr,
		  "for this buyer, in their mail only: an address, or the "
		  "profile's id",
		  "BUYER" },
		{ "kind", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &given->kinds,
		  "only mail, item or page; may be given again", "KIND" },
		{ "vendor", 0, 0, G_OPTION_ARG_FILENAME, &given->vendor,
		  "only of this vendor: a domain, or a name we gave",
		  "VENDOR" },
		{ "priority", 0, 0, G_OPTION_ARG_FILENAME, &given->priority,
		  "only mail that is nearest to this priority", "ID" },
		{ "source", 0, 0, G_OPTION_ARG_FILENAME, &given->source,
		  "only items of this feed", "NAME" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &given->since,
		  "only since this day, or within this time", "DAY|30d" },
		{ "until", 0, 0, G_OPTION_ARG_FILENAME, &given->until,
		  "only before this day", "DAY" },
		{ "limit", 0, 0, G_OPTION_ARG_INT, &given->limit,
		  "so many hits at most (50)", "N" },
		{ "html", 0, 0, G_OPTION_ARG_NONE, &given->html,
		  "as a page, to keep", NULL },
		{ "watch", 0, 0, G_OPTION_ARG_NONE, &given->keeps,
		  "keep the question: what is new stands in the next brief",
		  NULL },
		{ "watches", 0, 0, G_OPTION_ARG_NONE, &given->watches,
		  "list the questions that are kept", NULL },
		{ "unwatch", 0, 0, G_OPTION_ARG_FILENAME, &given->unwatch,
		  "forget one of them", "ID" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "research",
		.arguments = "QUESTION",
		.summary = "Searches held mail, items of feeds and vendors' "
			   "pages, and sets side by side what each vendor "
			   "claims, asks and proves; every line names its "
			   "source.",
		.examples =
			"  pitchward research 'warm standby for imaging "
			"archive' --for priya\n"
			"  pitchward research 'EDR price per endpoint' --since "
			"90d --html >edr.html\n"
			"  pitchward research 'badge login' --for priya "
			"--kind mail --watch\n"
			"  pitchward research --watches",
		.entries = entries,
		.args_max = G_MAXUINT,
	};

	return options_parse(&spec, argc, argv, &given->options, error);
}

int
research_main(int argc, char **argv)
{
	struct researching given = { 0 };
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!read_given(&given, argc, argv, &error) || !run(&given, &error))
		code = failure_exit(error);
	researching_clear(&given);
	return code;
}
