#include "vendor_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "command_private.h"
#include "failure_private.h"
#include "given_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "review/ruling.h"
#include "ruled_private.h"

#define DATE_LEN 10

/* The rulings of one vendor, and whose. */
struct status {
	struct options options;
	struct config *config;
	struct store *store;
	char *addr;
	gboolean all;
	GPtrArray *buyers; /* ids; NULL: of everybody, to be shown */
	char *domain;	   /* registrable, or NULL: of every vendor */
	gboolean sets;	   /* `word` and `until_us` are to be set */
	gboolean clears;
	enum store_ruling_word word;
	gint64 until_us;
	char *by;
};

static gboolean
usage(GError **error, const char *text)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "vendor status: %s",
		    text);
	return FALSE;
}

static gboolean
is_date(const char *text)
{
	static const char form[] = "dddd-dd-dd";

	for (gsize i = 0; form[i]; i++) {
		if (form[i] == 'd' ? !g_ascii_isdigit(text[i])
				   : text[i] != form[i])
			return FALSE;
	}
	return text[DATE_LEN] == '\0';
}

static gboolean
refuse_date(const char *text, int year, int month, GError **error)
{
	if (year < 1 || month < 1 || month > 12)
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "vendor status: '%s' is no date: months are 01 to "
			    "12, years from 0001",
			    text);
	else
		g_set_error(
			error, CLI_ERROR, CLI_ERROR_USAGE,
			"vendor status: '%s' is no date: the month %.7s has "
			"days 01 to %d",
			text, text,
			g_date_get_days_in_month((GDateMonth)month,
						 (GDateYear)year));
	return FALSE;
}

/* Midnight in UTC, with which the day begins on which mail may come again. */
static gboolean
read_date(const char *text, gint64 *date_us, GError **error)
{
	g_autoptr(GDateTime) date = NULL;
	int year;
	int month;

	if (!text)
		return usage(error, "not-now needs a date like 2027-01-31");
	if (!is_date(text)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "vendor status: not-now needs a date like "
			    "2027-01-31, not '%s'",
			    text);
		return FALSE;
	}
	year = (int)g_ascii_strtoll(text, NULL, 10);
	month = (int)g_ascii_strtoll(text + 5, NULL, 10);
	date = g_date_time_new_utc(year, month,
				   (gint)g_ascii_strtoll(text + 8, NULL, 10), 0,
				   0, 0);
	if (!date)
		return refuse_date(text, year, month, error);
	*date_us = g_date_time_to_unix(date) * CLOCK_SECOND_US;
	if (*date_us > clock_now_us())
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "vendor status: not-now needs a date to come: %s has begun "
		    "or is over",
		    text);
	return FALSE;
}

static gboolean
read_word(struct status *status, GError **error)
{
	static const char *const words[] = { "wanted", "never", "not-now",
					     "clear", NULL };
	char **args = status->options.args;
	const guint n = g_strv_length(args);

	if (n < 2)
		return TRUE;
	if (given_choice("vendor status", args[1], words, error) < 0)
		return FALSE;
	status->clears = strcmp(args[1], "clear") == 0;
	status->sets = !status->clears;
	if (status->sets)
		status->word = (enum store_ruling_word)store_ruling_word_parse(
			args[1]);
	if (status->sets && status->word == STORE_RULING_NOT_NOW)
		return read_date(args[2], &status->until_us, error);
	return n < 3 || usage(error, "only not-now takes a date");
}

static gboolean
read_domain(struct status *status, GError **error)
{
	const char *given = status->options.args[0];

	if (!given)
		return TRUE;
	status->domain = vendor_given_domain(status->config, "vendor status",
					     given, error);
	return status->domain != NULL;
}

static GPtrArray *
profile_ids(const struct config *config, GError **error)
{
	g_autoptr(GPtrArray) profiles =
		installation_sound_profiles(config, NULL, error);
	GPtrArray *ids;

	if (!profiles)
		return NULL;
	ids = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		g_ptr_array_add(ids, g_strdup(profile->id));
	}
	return ids;
}

/* A ruling is one buyer's: who means more than one says so. */
static gboolean
read_buyers(struct status *status, GError **error)
{
	char *buyer;

	if (status->addr) {
		buyer = installation_buyer(status->config, status->addr, error);
		if (!buyer)
			return FALSE;
		status->buyers = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(status->buyers, buyer);
		return TRUE;
	}
	if (!status->sets && !status->clears)
		return TRUE;
	status->buyers = profile_ids(status->config, error);
	if (!status->buyers)
		return FALSE;
	if (status->all || status->buyers->len == 1)
		return TRUE;
	return usage(error, "whose? --for BUYER, or --all for every buyer");
}

static gboolean
is_theirs(const struct status *status, const struct store_ruling *ruling)
{
	return !status->buyers ||
	       g_ptr_array_find_with_equal_func(status->buyers, ruling->buyer,
						g_str_equal, NULL);
}

static gboolean
set(const struct status *status, const char *buyer, GError **error)
{
	g_autoptr(StoreRuling) ruling = g_new0(struct store_ruling, 1);

	ruling->buyer = g_strdup(buyer);
	ruling->word = status->word;
	ruling->subject = g_strdup(status->domain);
	ruling->until_us = status->until_us;
	ruling->by = g_strdup(status->by);
	return ruling_set(status->store, ruling, error);
}

/* Campaigns are left alone: what was said about a mail stays said. */
static gboolean
change(const struct status *status, GError **error)
{
	for (guint i = 0; i < status->buyers->len; i++) {
		const char *buyer = status->buyers->pdata[i];

		if (status->sets ? !set(status, buyer, error)
				 : !ruling_clear(status->store, buyer,
						 status->domain, status->by,
						 NULL, error))
			return FALSE;
	}
	return TRUE;
}

static void
print_ruling(const struct store_ruling *ruling, const char *vendor)
{
	g_autofree char *text = ruled_text(ruling);
	g_autofree char *when = clock_format(ruling->time_us);
	g_autofree char *undo = ruled_undo(ruling);

	print_column(*vendor ? vendor : "-", 30);
	putchar(' ');
	print_column(ruling->buyer, 16);
	printf(" %-26s %s  ", text, when);
	print_text(ruling->by ? ruling->by : "", FALSE);
	if (ruling->scope == STORE_RULING_CAMPAIGN) {
		fputs(", the campaign ", stdout);
		print_text(ruling->subject, FALSE);
	}
	if (ruling->undone_us > 0)
		fputs(", undone", stdout);
	putchar('\n');
	if (!undo || ruling->undone_us > 0)
		return;
	fputs("    to undo: ", stdout);
	print_text(undo, FALSE);
	putchar('\n');
}

static void
print_ruling_json(const struct store_ruling *ruling, const char *vendor)
{
	json_t *object = ruled_json(ruling);

	json_object_set_new(object, "vendor", print_json_text(vendor));
	print_json(object);
}

static gboolean
show_ruling(const struct status *status, const struct store_ruling *ruling,
	    GError **error)
{
	g_autofree char *vendor = NULL;

	if (!is_theirs(status, ruling))
		return TRUE;
	vendor = ruled_vendor(ruling, status->store, error);
	if (!vendor)
		return FALSE;
	if (status->domain && strcmp(vendor, status->domain) != 0)
		return TRUE;
	if (status->options.json)
		print_ruling_json(ruling, vendor);
	else
		print_ruling(ruling, vendor);
	return TRUE;
}

/* What was set is shown, not what was undone for it. */
static gboolean
show(const struct status *status, GError **error)
{
	const gboolean changed = status->sets || status->clears;
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(status->store, NULL, FALSE, error);
	const gint64 now_us = clock_now_us();

	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];
		const gboolean active = ruled_is_active(ruling, now_us);

		if (changed ? !active || ruling->scope != STORE_RULING_VENDOR
			    : !active && !status->all)
			continue;
		if (!show_ruling(status, ruling, error))
			return FALSE;
	}
	return rulings != NULL;
}

static gboolean
run(struct status *status, GError **error)
{
	gboolean changes;

	if (!read_word(status, error))
		return FALSE;
	changes = status->sets || status->clears;
	status->config = installation_config(&status->options, error);
	if (!status->config || !read_domain(status, error) ||
	    !read_buyers(status, error))
		return FALSE;
	status->by = vendor_given_by();
	if (!changes && !installation_tell_store(status->config))
		return TRUE;
	status->store = installation_store(status->config, error);
	return status->store && (!changes || change(status, error)) &&
	       show(status, error);
}

static void
status_clear(struct status *status)
{
	g_clear_pointer(&status->store, store_close);
	g_clear_pointer(&status->config, config_free);
	g_clear_pointer(&status->buyers, g_ptr_array_unref);
	options_clear(&status->options);
	g_free(status->addr);
	g_free(status->domain);
	g_free(status->by);
}

int
vendor_status_main(int argc, char **argv)
{
	struct status status = { 0 };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &status.addr,
		  "of this buyer: an address, or the profile's id", "BUYER" },
		{ "all", 0, 0, G_OPTION_ARG_NONE, &status.all,
		  "to set: for every buyer; to show: what is undone or over, "
		  "too",
		  NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "vendor status",
		.arguments = "[DOMAIN [WORD [DATE]]]",
		.summary = "Shows what buyers have ruled on vendors' mail and "
			   "on single campaigns, and how to undo it; or rules "
			   "on a vendor: WORD is wanted, never, not-now (until "
			   "DATE) or clear. The next mail meets it.",
		.examples =
			"  pitchward vendor status\n"
			"  pitchward vendor status acme.example never --all\n"
			"  pitchward vendor status acme.example not-now "
			"2027-01-31 --for priya",
		.entries = entries,
		.args_max = 3,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &status.options, &error) ||
	    !run(&status, &error))
		code = failure_exit(error);
	status_clear(&status);
	return code;
}

int
vendor_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "list", "vendors, their touches and what was ruled",
		  vendor_list_main },
		{ "status", "show what buyers have ruled, or rule",
		  vendor_status_main },
		{ "show", "the card of one: who it wrote to, what it claims",
		  vendor_show_main },
		{ "update", "read what held mail claims, asks and proves",
		  vendor_update_main },
		{ "merge", "put several domains on one card; --suggest",
		  vendor_merge_main },
		{ "split", "give domains a card of their own again",
		  vendor_split_main },
		{ "name", "what the company is called", vendor_name_main },
		{ "owner", "who of us looks after it", vendor_owner_main },
		{ "note", "what we want to remember", vendor_note_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward vendor",
		.about = "Companies behind senders.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
