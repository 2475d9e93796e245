#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "failure_private.h"
#include "installation_private.h"
#include "market/vendor.h"
#include "options_private.h"
#include "ruled_private.h"
#include "vendor_private.h"

struct showing {
	struct options options;
	char *addr;
	char *buyer; /* NULL: of all */
	struct config *config;
	struct store *store;
	struct vendor_book *book;
	GPtrArray *rulings;
	GPtrArray *profiles;
};

static void
showing_clear(struct showing *showing)
{
	g_clear_pointer(&showing->book, vendor_book_free);
	g_clear_pointer(&showing->rulings, g_ptr_array_unref);
	g_clear_pointer(&showing->profiles, g_ptr_array_unref);
	g_clear_pointer(&showing->store, store_close);
	g_clear_pointer(&showing->config, config_free);
	options_clear(&showing->options);
	g_free(showing->addr);
	g_free(showing->buyer);
}

/* A name that a person gave, or a domain of the card; the caller's. */
static char *
find_card(const struct showing *showing, GError **error)
{
	const char *given = showing->options.args[0];
	const char *card = vendor_book_named(showing->book, given);
	g_autofree char *domain = NULL;

	if (card)
		return g_strdup(card);
	domain = vendor_given_domain(showing->config, "vendor show", given,
				     error);
	return domain ? g_strdup(vendor_book_card(showing->book, domain))
		      : NULL;
}

static gboolean
is_about(const struct store_ruling *ruling, const struct vendor_facts *facts)
{
	return ruling->scope == STORE_RULING_VENDOR &&
	       ruled_is_active(ruling, clock_now_us()) &&
	       g_ptr_array_find_with_equal_func(facts->domains, ruling->subject,
						g_str_equal, NULL);
}

static void
show_card(const struct showing *showing, const struct vendor_facts *facts)
{
	g_autoptr(GPtrArray) rulings = g_ptr_array_new();
	const struct vendor_view view = { showing->book, facts, rulings,
					  showing->profiles };

	for (guint i = 0; i < showing->rulings->len; i++) {
		if (is_about(showing->rulings->pdata[i], facts))
			g_ptr_array_add(rulings, showing->rulings->pdata[i]);
	}
	if (showing->options.json)
		vendor_print_json(&view);
	else
		vendor_print(&view);
}

static gboolean
is_empty(const struct showing *showing, const struct vendor_facts *facts)
{
	return facts->touches == 0 && facts->quotes->len == 0 &&
	       !vendor_book_row(showing->book, facts->card);
}

static gboolean
show(struct showing *showing, GError **error)
{
	g_autofree char *card = find_card(showing, error);
	g_autoptr(VendorFacts) facts = NULL;

	if (!card)
		return FALSE;
	facts = vendor_facts_load(showing->store, showing->book, card,
				  showing->buyer, error);
	if (!facts)
		return FALSE;
	if (is_empty(showing, facts)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "vendor %s: no mail of theirs is stored", card);
		return FALSE;
	}
	show_card(showing, facts);
	return TRUE;
}

static gboolean
run(struct showing *showing, GError **error)
{
	showing->config = installation_config(&showing->options, error);
	if (!showing->config)
		return FALSE;
	if (showing->addr) {
		showing->buyer = installation_buyer(showing->config,
						    showing->addr, error);
		if (!showing->buyer)
			return FALSE;
	}
	showing->store = installation_store(showing->config, error);
	if (!showing->store)
		return FALSE;
	showing->profiles =
		installation_sound_profiles(showing->config, NULL, error);
	if (!showing->profiles)
		return FALSE;
	showing->book = vendor_book_load(showing->store, error);
	showing->rulings =
		store_ruling_list(showing->store, showing->buyer, TRUE, error);
	return showing->book && showing->rulings && show(showing, error);
}

int
vendor_show_main(int argc, char **argv)
{
	struct showing showing = { 0 };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &showing.addr,
		  "only what came to this buyer: an address, or the profile's "
		  "id",
		  "BUYER" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "vendor show",
		.arguments = "DOMAIN|NAME",
		.summary = "Shows a vendor's card: who they wrote to, in which "
			   "campaigns, what they claim, ask and offer as proof "
			   "(each a quotation with its message), what we ruled "
			   "and wrote.",
		.examples = "  pitchward vendor show acme.example\n"
			    "  pitchward vendor show 'Acme Ltd' --json",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &showing.options, &error) ||
	    !run(&showing, &error))
		code = failure_exit(error);
	showing_clear(&showing);
	return code;
}
