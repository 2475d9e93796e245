#include "vendor_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "failure_private.h"
#include "installation_private.h"
#include "market/vendor_csv.h"
#include "options_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "review/why.h"
#include "ruled_private.h"

#define PAGE 500

/* What one vendor has sent. */
struct vendor {
	char *domain;  /* of its card */
	guint touches; /* messages taken for outreach, or unsure */
	guint held;    /* of them, still */
	gint64 first_us;
	gint64 last_us;
	GHashTable *people; /* ids of buyers */
	GHashTable *near;   /* "buyer/priority" -> how many came near it */
	GPtrArray *rulings; /* borrowed: of struct store_ruling */
};

struct listing {
	struct options options;
	char *addr;
	char *since;
	char *buyer; /* NULL: of all */
	gint64 since_us;
	gboolean csv;
	struct store *store;
	struct vendor_book *book;
	GHashTable *vendors; /* domain -> struct vendor */
	GPtrArray *profiles; /* of struct profile */
	GPtrArray *rulings;
};

static void
vendor_free(gpointer data)
{
	struct vendor *vendor = data;

	g_free(vendor->domain);
	g_hash_table_unref(vendor->people);
	g_hash_table_unref(vendor->near);
	g_ptr_array_unref(vendor->rulings);
	g_free(vendor);
}

static struct vendor *
vendor_of(struct listing *listing, const char *domain)
{
	const char *card = vendor_book_card(listing->book, domain);
	struct vendor *vendor = g_hash_table_lookup(listing->vendors, card);

	if (vendor)
		return vendor;
	vendor = g_new0(struct vendor, 1);
	vendor->domain = g_strdup(card);
	vendor->rulings = g_ptr_array_new();
	vendor->people =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	vendor->near =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_insert(listing->vendors, vendor->domain, vendor);
	return vendor;
}

/* Who only writes business mail is no vendor here. */
static gboolean
is_touch(const struct store_message *row)
{
	return row->vendor && *row->vendor &&
	       (row->touch > 0 || g_strcmp0(row->verdict, "deliver") != 0);
}

static const struct profile *
profile_of(const struct listing *listing, const char *id)
{
	for (guint i = 0; i < listing->profiles->len; i++) {
		const struct profile *profile = listing->profiles->pdata[i];

		if (strcmp(profile->id, id) == 0)
			return profile;
	}
	return NULL;
}

/* To whom, and near what of theirs. */
static void
count_person(const struct listing *listing, struct vendor *vendor,
	     const struct store_message *row)
{
	const struct profile *profile = profile_of(listing, row->buyer);
	char *near;
	guint n;

	g_hash_table_add(vendor->people, g_strdup(row->buyer));
	if (!profile || !row->priority || !*row->priority ||
	    row->relevance < profile->tag)
		return;
	near = g_strdup_printf("%s/%s", profile->id, row->priority);
	n = GPOINTER_TO_UINT(g_hash_table_lookup(vendor->near, near)) + 1;
	g_hash_table_insert(vendor->near, near, GUINT_TO_POINTER(n));
}

static void
count_page(struct listing *listing, const GPtrArray *page)
{
	for (guint i = 0; i < page->len; i++) {
		const struct store_message *row = page->pdata[i];
		struct vendor *vendor;

		if (!is_touch(row))
			continue;
		vendor = vendor_of(listing, row->vendor);
		vendor->touches++;
		vendor->held += row->state == STORE_HELD ||
				row->state == STORE_RELEASING;
		vendor->last_us = MAX(vendor->last_us, row->time_us);
		vendor->first_us = vendor->first_us > 0
					   ? MIN(vendor->first_us, row->time_us)
					   : row->time_us;
		count_person(listing, vendor, row);
	}
}

static gboolean
count_state(struct listing *listing, int state, struct progress *progress,
	    GError **error)
{
	struct store_query query = {
		.buyer = listing->buyer,
		.state = state,
		.since_us = listing->since_us,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (;;) {
		g_autoptr(GPtrArray) page =
			store_list(listing->store, &query, error);
		const struct store_message *oldest;

		if (!page)
			return FALSE;
		count_page(listing, page);
		progress_step(progress);
		if (page->len < PAGE)
			return TRUE;
		oldest = page->pdata[page->len - 1];
		memcpy(last, oldest->id, sizeof(last));
		query.after_id = last;
	}
}

static gboolean
count_all(struct listing *listing, GError **error)
{
	static const int states[] = { -1, STORE_DELIVERED, STORE_RELEASED,
				      STORE_DELETED, STORE_EXPIRED };
	struct progress progress;
	gboolean ok = TRUE;

	progress_begin(&progress, "pages", 0);
	for (gsize i = 0; ok && i < G_N_ELEMENTS(states); i++)
		ok = count_state(listing, states[i], &progress, error);
	progress_clear(&progress);
	return ok;
}

/* A vendor that was ruled on stands in the list before it writes again. */
static gboolean
add_rulings(struct listing *listing, GError **error)
{
	const gint64 now_us = clock_now_us();

	listing->rulings =
		store_ruling_list(listing->store, listing->buyer, TRUE, error);
	for (guint i = 0; listing->rulings && i < listing->rulings->len; i++) {
		struct store_ruling *ruling = listing->rulings->pdata[i];

		if (ruling->scope == STORE_RULING_VENDOR &&
		    ruled_is_active(ruling, now_us))
			g_ptr_array_add(
				vendor_of(listing, ruling->subject)->rulings,
				ruling);
	}
	return listing->rulings != NULL;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct vendor *left = a;
	const struct vendor *right = b;

	if (left->last_us != right->last_us)
		return left->last_us < right->last_us ? 1 : -1;
	return strcmp(left->domain, right->domain);
}

static void
print_vendor_json(const struct vendor *vendor)
{
	g_autofree char *last =
		vendor->last_us > 0 ? clock_format(vendor->last_us) : NULL;
	json_t *object = json_object();
	json_t *rulings = json_array();

	for (guint i = 0; i < vendor->rulings->len; i++)
		json_array_append_new(rulings,
				      ruled_json(vendor->rulings->pdata[i]));
	json_object_set_new(object, "vendor", print_json_text(vendor->domain));
	json_object_set_new(object, "touches",
			    json_integer((json_int_t)vendor->touches));
	json_object_set_new(object, "held",
			    json_integer((json_int_t)vendor->held));
	json_object_set_new(object, "last",
			    last ? json_string(last) : json_null());
	json_object_set_new(object, "rulings", rulings);
	print_json(object);
}

static void
print_vendor(const struct vendor *vendor)
{
	g_autofree char *last = vendor->last_us > 0
					? clock_format(vendor->last_us)
					: g_strdup("-");

	print_column(vendor->domain, 34);
	printf(" %7u %7u  %-20s", vendor->touches, vendor->held, last);
	for (guint i = 0; i < vendor->rulings->len; i++) {
		const struct store_ruling *ruling = vendor->rulings->pdata[i];
		g_autofree char *text = ruled_text(ruling);

		printf("%s %s: ", i == 0 ? " " : ",", ruling->buyer);
		print_text(text, FALSE);
	}
	putchar('\n');
}

static char *
rulings_text(const struct vendor *vendor)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < vendor->rulings->len; i++) {
		const struct store_ruling *ruling = vendor->rulings->pdata[i];
		g_autofree char *text = ruled_text(ruling);

		g_string_append_printf(all, "%s%s: %s", i == 0 ? "" : "; ",
				       ruling->buyer, text);
	}
	return g_string_free(all, FALSE);
}

/* The name of what most of it came near; of several the first by name. */
static const char *
nearest_of(const struct listing *listing, const struct vendor *vendor)
{
	const char *best = "";
	const char *name = NULL;
	const struct profile *profile;
	g_autofree char *id = NULL;
	GHashTableIter iter;
	gpointer key, value;
	guint most = 0;

	g_hash_table_iter_init(&iter, vendor->near);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const guint n = GPOINTER_TO_UINT(value);

		if (n < most || (n == most && strcmp(key, best) >= 0))
			continue;
		most = n;
		best = key;
	}
	if (!*best)
		return "";
	id = g_strndup(best, strcspn(best, "/"));
	profile = profile_of(listing, id);
	name = why_priority(profile, strchr(best, '/') + 1);
	return name ? name : "";
}

/* Sentences that differ, of what the list is of. */
static gboolean
count_claims(const struct listing *listing, const struct vendor *vendor,
	     guint *n, GError **error)
{
	g_autoptr(GPtrArray) domains =
		vendor_book_domains(listing->book, vendor->domain);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < domains->len; i++) {
		const struct store_quote_query query = {
			.vendor = domains->pdata[i],
			.buyer = listing->buyer,
			.since_us = listing->since_us,
		};
		g_autoptr(GPtrArray) quotes =
			store_quotes_list(listing->store, &query, error);

		if (!quotes)
			return FALSE;
		for (guint j = 0; j < quotes->len; j++) {
			const struct store_quote *quote = quotes->pdata[j];

			if (quote->kind == STORE_QUOTE_CLAIM)
				g_hash_table_add(seen, g_strdup(quote->text));
		}
	}
	*n = g_hash_table_size(seen);
	return TRUE;
}

static gboolean
print_csv(const struct listing *listing, GList *vendors, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);

	vendor_csv_head(out);
	for (GList *at = vendors; at; at = at->next) {
		const struct vendor *vendor = at->data;
		const struct store_vendor *row =
			vendor_book_row(listing->book, vendor->domain);
		g_autofree char *ruled = rulings_text(vendor);
		struct vendor_csv line = {
			.vendor = vendor->domain,
			.name = row ? row->name : "",
			.touches = vendor->touches,
			.held = vendor->held,
			.people = g_hash_table_size(vendor->people),
			.first_us = vendor->first_us,
			.last_us = vendor->last_us,
			.priority = nearest_of(listing, vendor),
			.ruled = ruled,
			.owner = row ? row->owner : "",
			.note = row ? row->note : "",
		};

		if (!count_claims(listing, vendor, &line.claims, error))
			return FALSE;
		vendor_csv_line(out, &line);
	}
	fputs(out->str, stdout);
	return TRUE;
}

static gboolean
print_all(const struct listing *listing, GError **error)
{
	g_autoptr(GList) vendors = g_hash_table_get_values(listing->vendors);

	vendors = g_list_sort(vendors, compare);
	if (listing->csv)
		return print_csv(listing, vendors, error);
	if (vendors && !listing->options.json)
		printf("%-34s %7s %7s  %-20s  ruled\n", "vendor", "touches",
		       "held", "last");
	for (GList *at = vendors; at; at = at->next) {
		if (listing->options.json)
			print_vendor_json(at->data);
		else
			print_vendor(at->data);
	}
	return TRUE;
}

static gboolean
list(struct listing *listing, GError **error)
{
	g_autoptr(Config) config = NULL;
	g_autoptr(Faults) faults = faults_new();
	gint64 since_us = 0;

	if (listing->csv && listing->options.json) {
		g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "vendor list: --csv or --json, not both");
		return FALSE;
	}
	if (listing->since &&
	    !options_duration("--since", listing->since, &since_us, error))
		return FALSE;
	if (listing->since)
		listing->since_us = MAX(1, clock_now_us() - since_us);
	config = installation_config(&listing->options, error);
	if (!config)
		return FALSE;
	if (listing->addr) {
		listing->buyer =
			installation_buyer(config, listing->addr, error);
		if (!listing->buyer)
			return FALSE;
	}
	if (!installation_tell_store(config))
		return TRUE;
	listing->profiles = installation_profiles(config, faults);
	listing->store = installation_store(config, error);
	if (!listing->store)
		return FALSE;
	listing->book = vendor_book_load(listing->store, error);
	return listing->book && count_all(listing, error) &&
	       add_rulings(listing, error) && print_all(listing, error);
}

static void
listing_clear(struct listing *listing)
{
	g_hash_table_unref(listing->vendors);
	g_clear_pointer(&listing->rulings, g_ptr_array_unref);
	g_clear_pointer(&listing->profiles, g_ptr_array_unref);
	g_clear_pointer(&listing->book, vendor_book_free);
	g_clear_pointer(&listing->store, store_close);
	options_clear(&listing->options);
	g_free(listing->addr);
	g_free(listing->since);
	g_free(listing->buyer);
}

int
vendor_list_main(int argc, char **argv)
{
	struct listing listing = { 0 };
	const GOptionEntry entries[] = {
		{ "for", 0, 0, G_OPTION_ARG_FILENAME, &listing.addr,
		  "only what came to this buyer: an address, or the profile's "
		  "id",
		  "BUYER" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &listing.since,
		  "only received within this time", "30d" },
		{ "csv", 0, 0, G_OPTION_ARG_NONE, &listing.csv,
		  "as a CSV file, for a spreadsheet", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "vendor list",
		.summary = "Lists vendors, who wrote last first: messages, how "
			   "many are held, the last one, what was ruled.",
		.examples = "  pitchward vendor list --since 30d\n"
			    "  pitchward vendor list --for priya --json\n"
			    "  pitchward vendor list --csv >vendors.csv",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	listing.vendors = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						vendor_free);
	if (!options_parse(&spec, argc, argv, &listing.options, &error) ||
	    !list(&listing, &error))
		code = failure_exit(error);
	listing_clear(&listing);
	return code;
}
