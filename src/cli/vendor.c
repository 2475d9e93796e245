#include "vendor_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/id.h"
#include "command_private.h"
#include "failure_private.h"
#include "installation_private.h"
#include "mail/address.h"
#include "options_private.h"
#include "print_private.h"
#include "profile/signals.h"

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

char *
vendor_ruling_text(const struct store_ruling *ruling)
{
	const char *word = store_ruling_word_name(ruling->word);
	g_autofree char *until = NULL;

	if (ruling->until_us == 0)
		return g_strdup(word);
	until = clock_format(ruling->until_us);
	return g_strdup_printf("%s until %.*s", word, DATE_LEN, until);
}

static json_t *
json_time(gint64 time_us)
{
	g_autofree char *text = time_us > 0 ? clock_format(time_us) : NULL;

	return text ? json_string(text) : json_null();
}

json_t *
vendor_ruling_json(const struct store_ruling *ruling)
{
	json_t *object = json_object();

	json_object_set_new(object, "buyer", print_json_text(ruling->buyer));
	json_object_set_new(object, "word",
			    json_string(store_ruling_word_name(ruling->word)));
	json_object_set_new(object, "until", json_time(ruling->until_us));
	json_object_set_new(object, "time", json_time(ruling->time_us));
	json_object_set_new(object, "by", print_json_text(ruling->by));
	json_object_set_new(object, "cause", print_json_text(ruling->cause));
	json_object_set_new(object, "undone", json_time(ruling->undone_us));
	return object;
}

gboolean
vendor_ruling_is_active(const struct store_ruling *ruling, gint64 now_us)
{
	return ruling->scope == STORE_RULING_VENDOR && ruling->undone_us == 0 &&
	       (ruling->until_us == 0 || ruling->until_us > now_us);
}

static gboolean
usage(GError **error, const char *text)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "vendor status: %s",
		    text);
	return FALSE;
}

/* Midnight in UTC, with which the day begins on which mail may come again. */
static gboolean
read_date(const char *text, gint64 *date_us, GError **error)
{
	static const char form[] = "dddd-dd-dd";
	g_autoptr(GDateTime) date = NULL;
	gboolean ok = strlen(text) == DATE_LEN;

	for (gsize i = 0; ok && i < DATE_LEN; i++)
		ok = form[i] == 'd' ? g_ascii_isdigit(text[i])
				    : text[i] == form[i];
	if (ok)
		date = g_date_time_new_utc(
			(gint)g_ascii_strtoll(text, NULL, 10),
			(gint)g_ascii_strtoll(text + 5, NULL, 10),
			(gint)g_ascii_strtoll(text + 8, NULL, 10), 0, 0, 0);
	if (!date)
		return usage(error, "not-now needs a date: 2027-01-31");
	*date_us = g_date_time_to_unix(date) * CLOCK_SECOND_US;
	if (*date_us <= clock_now_us())
		return usage(error, "not-now needs a date to come");
	return TRUE;
}

static gboolean
read_word(struct status *status, GError **error)
{
	char **args = status->options.args;
	const guint n = g_strv_length(args);
	int word;

	if (n < 2)
		return TRUE;
	word = store_ruling_word_parse(args[1]);
	status->clears = strcmp(args[1], "clear") == 0;
	if (word < 0 && !status->clears)
		return usage(error,
			     "the word is wanted, never, not-now DATE or "
			     "clear");
	if (n > 2 && word != STORE_RULING_NOT_NOW)
		return usage(error, "only not-now takes a date");
	if (word == STORE_RULING_NOT_NOW &&
	    !read_date(n > 2 ? args[2] : "", &status->until_us, error))
		return FALSE;
	status->sets = word >= 0;
	if (status->sets)
		status->word = (enum store_ruling_word)word;
	return TRUE;
}

/* One domain stands for all a company sends from below it. */
static gboolean
read_domain(struct status *status, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Signals) signals = NULL;
	const char *given = status->options.args[0];

	if (!given)
		return TRUE;
	if (!domain_valid(given) || !strchr(given, '.')) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "vendor status: '%s' is no domain", given);
		return FALSE;
	}
	signals = status->config->signals
			  ? signals_load(status->config->signals, faults)
			  : signals_builtin();
	if (!signals) {
		faults_report(faults, error);
		return FALSE;
	}
	if (signals_of_host(signals, given) & (1U << SIGNAL_PUBLIC)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "vendor status: %s is a public mail domain, no "
			    "vendor's; block an address in the profile instead",
			    given);
		return FALSE;
	}
	status->domain = domain_registrable(given);
	return TRUE;
}

static GPtrArray *
profile_ids(const struct config *config, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GPtrArray) profiles =
		profile_load_folder(config->profiles, faults);
	GPtrArray *ids;

	if (!faults_report(faults, error))
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
	return usage(error, "whose? --for ADDR, or --all for every buyer");
}

static gboolean
is_meant(const struct status *status, const struct store_ruling *ruling)
{
	return ruling->scope == STORE_RULING_VENDOR &&
	       (!status->domain ||
		strcmp(ruling->subject, status->domain) == 0) &&
	       (!status->buyers ||
		g_ptr_array_find_with_equal_func(status->buyers, ruling->buyer,
						 g_str_equal, NULL));
}

/* Undoes the buyer's rulings on the vendor but the one with this id. */
static gboolean
undo_others(const struct status *status, const char *buyer, const char *kept,
	    guint *undone, GError **error)
{
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(status->store, buyer, TRUE, error);

	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];

		if (!is_meant(status, ruling) || strcmp(ruling->id, kept) == 0)
			continue;
		if (!store_ruling_undo(status->store, buyer, ruling->id,
				       status->by, error))
			return FALSE;
		(*undone)++;
	}
	return rulings != NULL;
}

static struct store_ruling *
ruling_new(const struct status *status, const char *buyer)
{
	struct store_ruling *ruling = g_new0(struct store_ruling, 1);

	id_new(ruling->id);
	ruling->buyer = g_strdup(buyer);
	ruling->scope = STORE_RULING_VENDOR;
	ruling->word = status->word;
	ruling->subject = g_strdup(status->domain);
	ruling->until_us = status->until_us;
	ruling->by = g_strdup(status->by);
	return ruling;
}

/*
 * An active one of the same word would keep its own date and time: it goes
 * first. Others go after, so that there is always one.
 */
static gboolean
set(const struct status *status, const char *buyer, GError **error)
{
	g_autoptr(StoreRuling) ruling = ruling_new(status, buyer);
	char own[ID_LEN + 1];
	guint undone = 0;

	memcpy(own, ruling->id, sizeof(own));
	if (!store_ruling_add(status->store, ruling, error))
		return FALSE;
	if (strcmp(own, ruling->id) != 0) {
		if (!store_ruling_undo(status->store, buyer, ruling->id,
				       status->by, error))
			return FALSE;
		id_new(ruling->id);
		ruling->time_us = 0;
		ruling->until_us = status->until_us;
		if (!store_ruling_add(status->store, ruling, error))
			return FALSE;
	}
	return undo_others(status, buyer, ruling->id, &undone, error);
}

static gboolean
change(const struct status *status, GError **error)
{
	guint undone = 0;

	for (guint i = 0; i < status->buyers->len; i++) {
		const char *buyer = status->buyers->pdata[i];

		if (status->sets
			    ? !set(status, buyer, error)
			    : !undo_others(status, buyer, "", &undone, error))
			return FALSE;
	}
	return TRUE;
}

static void
print_ruling(const struct status *status, const struct store_ruling *ruling)
{
	g_autofree char *text = vendor_ruling_text(ruling);
	g_autofree char *when = clock_format(ruling->time_us);

	if (status->options.json) {
		json_t *object = vendor_ruling_json(ruling);

		json_object_set_new(object, "vendor",
				    print_json_text(ruling->subject));
		print_json(object);
		return;
	}
	print_column(ruling->subject, 30);
	putchar(' ');
	print_column(ruling->buyer, 16);
	printf(" %-26s %s  ", text, when);
	print_text(ruling->by ? ruling->by : "", FALSE);
	if (ruling->undone_us > 0)
		fputs(", undone", stdout);
	putchar('\n');
}

static gboolean
show(const struct status *status, GError **error)
{
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(status->store, NULL, FALSE, error);
	const gint64 now_us = clock_now_us();

	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];

		if (is_meant(status, ruling) &&
		    (status->all || vendor_ruling_is_active(ruling, now_us)))
			print_ruling(status, ruling);
	}
	return rulings != NULL;
}

static gboolean
run(struct status *status, GError **error)
{
	const char *invoker = g_getenv("SUDO_USER");
	gboolean changes;

	if (!read_word(status, error))
		return FALSE;
	changes = status->sets || status->clears;
	status->config = installation_config(&status->options, error);
	if (!status->config || !read_domain(status, error) ||
	    !read_buyers(status, error))
		return FALSE;
	status->by = g_strdup_printf("command line, %s",
				     invoker ? invoker : g_get_user_name());
	if (!changes && !installation_has_store(status->config))
		return TRUE;
	status->store = installation_store(status->config, error);
	if (!status->store || (changes && !change(status, error)))
		return FALSE;
	/* What was set is shown, not what was undone for it. */
	if (changes)
		status->all = FALSE;
	return show(status, error);
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
		  "of the buyer with this address", "ADDR" },
		{ "all", 0, 0, G_OPTION_ARG_NONE, &status.all,
		  "to set: for every buyer; to show: what is undone or over, "
		  "too",
		  NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "vendor status",
		.arguments = "[DOMAIN [wanted|never|not-now DATE|clear]]",
		.summary = "Shows what buyers have ruled on vendors' mail, or "
			   "rules; the next mail meets it.",
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
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward vendor",
		.about = "Companies behind senders.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
