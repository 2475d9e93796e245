/* What people change on cards: which domains are one, and what is written. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "failure_private.h"
#include "installation_private.h"
#include "market/vendor.h"
#include "options_private.h"
#include "print_private.h"
#include "store/audit.h"
#include "vendor_private.h"

/* One such command, with all it needs. */
struct change {
	const char *command;
	struct options options;
	gboolean suggest;
	struct config *config;
	struct store *store;
	struct vendor_book *book;
	char *by;
	GPtrArray *domains; /* registrable, as they were given */
};

static void
change_clear(struct change *change)
{
	g_clear_pointer(&change->book, vendor_book_free);
	g_clear_pointer(&change->store, store_close);
	g_clear_pointer(&change->config, config_free);
	g_clear_pointer(&change->domains, g_ptr_array_unref);
	options_clear(&change->options);
	g_free(change->by);
}

static gboolean
read_domains(struct change *change, guint n, GError **error)
{
	change->domains = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < n; i++) {
		char *domain =
			vendor_given_domain(change->config, change->command,
					    change->options.args[i], error);

		if (!domain)
			return FALSE;
		g_ptr_array_add(change->domains, domain);
	}
	return TRUE;
}

/* The first `n` arguments are domains. */
static gboolean
begin(struct change *change, guint n, GError **error)
{
	change->config = installation_config(&change->options, error);
	if (!change->config || !read_domains(change, n, error))
		return FALSE;
	change->store = installation_store(change->config, error);
	if (!change->store)
		return FALSE;
	change->book = vendor_book_load(change->store, error);
	change->by = vendor_given_by();
	return change->book != NULL;
}

static gboolean
audit(const struct change *change, const char *domain, const char *detail,
      GError **error)
{
	g_autofree char *action =
		g_strdelimit(g_strdup(change->command), " ", '-');
	g_autofree char *object = g_strdup(domain);
	g_autofree char *text = g_strdup(detail);
	struct store_audit row = { .who = change->by,
				   .action = action,
				   .object = object,
				   .detail = text };

	return store_audit_add(change->store, &row, error);
}

static char *
joined(const GPtrArray *domains)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < domains->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
				       (const char *)domains->pdata[i]);
	return g_string_free(text, FALSE);
}

static void
print_change(const struct change *change, const char *what, const char *undo)
{
	json_t *object;

	if (!change->options.json) {
		printf("%s\n    to undo: %s\n", what, undo);
		return;
	}
	object = json_object();
	json_object_set_new(object, "changed", print_json_text(what));
	json_object_set_new(object, "undo", print_json_text(undo));
	print_json(object);
}

static gboolean
same_card(const struct change *change, const char *domain, GError **error)
{
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "%s: %s is on the card %s already", change->command, domain,
		    vendor_book_card(change->book, domain));
	return FALSE;
}

/* The whole card of the second goes to that of the first. */
static gboolean
merge(struct change *change, GError **error)
{
	const struct store_move join = {
		vendor_book_card(change->book, change->domains->pdata[1]),
		vendor_book_card(change->book, change->domains->pdata[0]),
	};
	g_autoptr(GPtrArray) gone = NULL;
	g_autofree char *names = NULL;
	g_autofree char *what = NULL;
	g_autofree char *undo = NULL;

	if (strcmp(join.card, join.domain) == 0)
		return same_card(change, change->domains->pdata[1], error);
	gone = vendor_merge(change->store, change->book, &join, change->by,
			    error);
	if (!gone)
		return FALSE;
	names = joined(gone);
	if (!audit(change, join.card, names, error))
		return FALSE;
	what = g_strdup_printf("%s: now on the card %s", names, join.card);
	undo = g_strdup_printf("pitchward vendor split %s", names);
	print_change(change, what, undo);
	return TRUE;
}

static gboolean
split(struct change *change, GError **error)
{
	g_autofree char *names = joined(change->domains);
	g_autofree char *what =
		g_strdup_printf("%s: now a card of its own", names);
	g_autofree char *rest = NULL;
	g_autofree char *undo = NULL;

	if (!vendor_split(change->store, change->book, change->domains,
			  change->by, &rest, error)) {
		g_prefix_error_literal(error, "vendor split: ");
		return FALSE;
	}
	if (!audit(change, rest, names, error))
		return FALSE;
	undo = g_strdup_printf("pitchward vendor merge %s %s", rest,
			       (const char *)change->domains->pdata[0]);
	print_change(change, what, undo);
	return TRUE;
}

static gboolean
suggest(struct change *change, GError **error)
{
	g_autoptr(GPtrArray) pairs =
		vendor_suggest(change->store, change->book, error);

	for (guint i = 0; pairs && i < pairs->len; i++) {
		const struct vendor_pair *pair = pairs->pdata[i];
		json_t *object;

		if (!change->options.json) {
			printf("pitchward vendor merge %s %s\n    ", pair->card,
			       pair->other);
			print_text(pair->why, FALSE);
			putchar('\n');
			continue;
		}
		object = json_object();
		json_object_set_new(object, "card",
				    print_json_text(pair->card));
		json_object_set_new(object, "other",
				    print_json_text(pair->other));
		json_object_set_new(object, "why", print_json_text(pair->why));
		print_json(object);
	}
	return pairs != NULL;
}

static gboolean
run_merge(struct change *change, GError **error)
{
	const guint n = g_strv_length(change->options.args);

	if (n != (change->suggest ? 0 : 2)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "vendor merge: %s",
			    change->suggest ? "--suggest takes no domain"
					    : "two domains, or --suggest");
		return FALSE;
	}
	if (!begin(change, n, error))
		return FALSE;
	return change->suggest ? suggest(change, error) : merge(change, error);
}

int
vendor_merge_main(int argc, char **argv)
{
	struct change change = { .command = "vendor merge" };
	const GOptionEntry entries[] = {
		{ "suggest", 0, 0, G_OPTION_ARG_NONE, &change.suggest,
		  "change nothing: show which cards may be one company, and "
		  "why",
		  NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "vendor merge",
		.arguments = "DOMAIN OTHER",
		.summary = "Puts the card of OTHER, with all its domains, on "
			   "that of DOMAIN. Nothing is lost: split takes it "
			   "back.",
		.examples = "  pitchward vendor merge acme.example "
			    "tryacme.example\n"
			    "  pitchward vendor merge --suggest",
		.entries = entries,
		.args_max = 2,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &change.options, &error) ||
	    !run_merge(&change, &error))
		code = failure_exit(error);
	change_clear(&change);
	return code;
}

int
vendor_split_main(int argc, char **argv)
{
	struct change change = { .command = "vendor split" };
	const struct options_spec spec = {
		.command = "vendor split",
		.arguments = "DOMAIN...",
		.summary = "Takes domains off their card, together, to a card "
			   "of their own.",
		.examples = "  pitchward vendor split tryacme.example",
		.args_min = 1,
		.args_max = G_MAXUINT,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &change.options, &error) ||
	    !begin(&change, g_strv_length(change.options.args), &error) ||
	    !split(&change, &error))
		code = failure_exit(error);
	change_clear(&change);
	return code;
}

static const char *
written(const struct change *change, enum store_vendor_field field)
{
	const struct store_vendor *row =
		vendor_book_row(change->book, change->domains->pdata[0]);

	if (!row)
		return "";
	if (field == STORE_VENDOR_NAME)
		return row->name;
	return field == STORE_VENDOR_OWNER ? row->owner : row->note;
}

static gboolean
run_write(struct change *change, enum store_vendor_field field, GError **error)
{
	const char *domain;
	const char *text;
	g_autofree char *quoted = NULL;
	g_autofree char *undo = NULL;
	g_autofree char *what = NULL;

	if (!begin(change, 1, error))
		return FALSE;
	domain = change->domains->pdata[0];
	text = change->options.args[1];
	if (!g_utf8_validate(text, -1, NULL)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: the text is no UTF-8", change->command);
		return FALSE;
	}
	quoted = g_shell_quote(written(change, field));
	undo = g_strdup_printf("pitchward %s %s %s", change->command, domain,
			       quoted);
	if (!store_vendor_write(change->store, domain, field, text, change->by,
				error) ||
	    !audit(change, domain, *text ? "written" : "taken away", error))
		return FALSE;
	what = g_strdup_printf("%s: %s", domain, *text ? "written" : "empty");
	print_change(change, what, undo);
	return TRUE;
}

static int
write_main(int argc, char **argv, enum store_vendor_field field,
	   const struct options_spec *spec)
{
	struct change change = { .command = spec->command };
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(spec, argc, argv, &change.options, &error) ||
	    !run_write(&change, field, &error))
		code = failure_exit(error);
	change_clear(&change);
	return code;
}

int
vendor_name_main(int argc, char **argv)
{
	const struct options_spec spec = {
		.command = "vendor name",
		.arguments = "DOMAIN NAME",
		.summary = "Writes what the company is called; \"\" takes it "
			   "away.",
		.examples = "  pitchward vendor name acme.example 'Acme Ltd'",
		.args_min = 2,
		.args_max = 2,
	};

	return write_main(argc, argv, STORE_VENDOR_NAME, &spec);
}

int
vendor_owner_main(int argc, char **argv)
{
	const struct options_spec spec = {
		.command = "vendor owner",
		.arguments = "DOMAIN WHO",
		.summary = "Writes who of us looks after a vendor; \"\" takes "
			   "it away.",
		.examples = "  pitchward vendor owner acme.example priya",
		.args_min = 2,
		.args_max = 2,
	};

	return write_main(argc, argv, STORE_VENDOR_OWNER, &spec);
}

int
vendor_note_main(int argc, char **argv)
{
	const struct options_spec spec = {
		.command = "vendor note",
		.arguments = "DOMAIN TEXT",
		.summary = "Writes a note on a vendor's card in the place of "
			   "the one before; \"\" takes it away.",
		.examples = "  pitchward vendor note acme.example 'met in May'",
		.args_min = 2,
		.args_max = 2,
	};

	return write_main(argc, argv, STORE_VENDOR_NOTE, &spec);
}
