#include <string.h>

#include "field_private.h"
#include "profile_private.h"
#include "yaml_private.h"

/* More than anyone writes by hand; a bound on what a message can cost. */
#define ADDRESSES_MAX 100
#define KEYWORDS_MAX  200
#define SENDERS_MAX   2000
#define WORDS_MAX     100
#define ID_MAX	      64
#define ADDRESS_TWICE "duplicate address '%s', first at %s"
#define EMPLOYEES_MAX 100000000

const char *const profile_stages[] = { "exploring", "evaluating", "deciding",
				       "done", NULL };

static void
read_organisation(struct yaml_node *map, struct profile *profile)
{
	profile->sector = field_line(map, "sector", "");
	profile->employees =
		(double)yaml_get_integer(map, "employees", 0, EMPLOYEES_MAX, 0);
	profile->regions = field_lines(map, "regions", WORDS_MAX);
}

/* Each address belongs to one buyer, and stands once. Those that are none are
 * faults already, and have no place. */
static void
claim_addresses(struct yaml_node *buyer, struct profile *profile,
		GHashTable *places)
{
	const GPtrArray *list = yaml_get_list(buyer, "addresses");
	const guint n = list ? MIN(list->len, ADDRESSES_MAX) : 0;
	guint valid = 0;

	profile->address_places = g_new0(struct profile_place, n + 1);
	for (guint i = 0; i < n; i++) {
		const struct yaml_node *node = g_ptr_array_index(list, i);
		g_autofree char *address = field_address_of(yaml_text(node));
		struct profile_place place;
		const char *file;
		const char *first;

		if (!address)
			continue;
		yaml_position(node, &file, &place.line, &place.column);
		profile->address_places[valid++] = place;
		first = profile_places_add(places, address, file, place);
		if (first)
			yaml_fault(node, ADDRESS_TWICE, address, first);
	}
}

void
profile_claim(const struct profile *profile, GHashTable *places,
	      struct faults *faults)
{
	for (guint i = 0; profile->addresses[i]; i++) {
		const char *address = profile->addresses[i];
		const struct profile_place place = profile->address_places[i];
		const char *first = profile_places_add(places, address,
						       profile->path, place);

		if (first)
			faults_add(faults, profile->path, place.line,
				   place.column, ADDRESS_TWICE, address, first);
	}
}

static void
read_buyer(struct yaml_node *root, struct profile *profile, GHashTable *places)
{
	struct yaml_node *map = yaml_get_map(root, "buyer");
	const GPtrArray *addresses = yaml_get_list(map, "addresses");

	profile->name = field_line(map, "name", profile->id);
	profile->role = field_line(map, "role", "");
	profile->addresses =
		field_list(map, "addresses", ADDRESSES_MAX, field_address);
	claim_addresses(map, profile, places);
	read_organisation(yaml_get_map(map, "organisation"), profile);
	if (!map && !yaml_has(root, "buyer"))
		yaml_fault(root, "buyer is missing: a name and addresses");
	else if (map && (!yaml_has(map, "addresses") ||
			 (addresses && addresses->len == 0)))
		yaml_fault(map, "addresses is missing: the buyer's own, at "
				"least one");
}

static gboolean
id_valid(const char *id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";

	return strlen(id) <= ID_MAX && id[strspn(id, letters)] == '\0';
}

static void
read_id(struct yaml_node *map, struct profile_priority *priority,
	GHashTable *ids)
{
	struct yaml_node *node = yaml_value(map, "id");
	struct yaml_node *first;

	priority->id = field_line(map, "id", "");
	if (!node) {
		yaml_fault(map, "id is missing: a short name for the priority");
		return;
	}
	if (!id_valid(priority->id)) {
		yaml_refuse(node, "id",
			    "at most 64 letters, digits, '-', '_' and '.'");
		return;
	}
	first = g_hash_table_lookup(ids, priority->id);
	if (first)
		yaml_fault(node,
			   "duplicate id '%s', first at line %u, "
			   "column %u",
			   priority->id, first->line, first->column);
	else
		g_hash_table_insert(ids, priority->id, node);
}

/* Below the profile's own folder: a buyer must not name others' files. */
static char *
read_metric_file(struct yaml_node *map, const char *folder)
{
	const char *file = yaml_get_text(map, "file", NULL);
	g_auto(GStrv) parts = g_strsplit(file ? file : "", "/", -1);

	if (!file)
		return NULL;
	if (*file && *file != '/' && !strchr(file, '\n') &&
	    !g_strv_contains((const char *const *)parts, ".."))
		return g_build_filename(folder, file, NULL);
	yaml_refuse(yaml_value(map, "file"), "file",
		    "a path below the profile's folder");
	return NULL;
}

static void
read_metric(struct yaml_node *map, struct profile_metric *metric,
	    const char *folder)
{
	if (!map)
		return;
	metric->name = field_line(map, "name", NULL);
	metric->current =
		yaml_get_number(map, "current", -G_MAXDOUBLE, G_MAXDOUBLE, 0);
	metric->target =
		yaml_get_number(map, "target", -G_MAXDOUBLE, G_MAXDOUBLE, 0);
	metric->file = read_metric_file(map, folder);
	if (!yaml_has(map, "name"))
		yaml_fault(map, "name of the metric is missing");
	if (!yaml_has(map, "target"))
		yaml_fault(map, "target is missing: where the metric should "
				"be");
	if (yaml_has(map, "current") && yaml_has(map, "file"))
		yaml_fault(yaml_value(map, "file"),
			   "file and current exclude each other");
	if (!yaml_has(map, "current") && !yaml_has(map, "file"))
		yaml_fault(map, "current is missing: where the metric is, or "
				"a file of its values");
}

static void
priority_free(gpointer data)
{
	struct profile_priority *priority = data;

	g_free(priority->id);
	g_free(priority->name);
	g_free(priority->about);
	g_strfreev(priority->keywords);
	g_free(priority->metric.name);
	g_free(priority->metric.file);
	g_free(priority);
}

static void
read_priority(struct yaml_node *map, struct profile *profile, GHashTable *ids)
{
	struct profile_priority *priority = g_new0(struct profile_priority, 1);
	g_autofree char *folder = g_path_get_dirname(profile->path);

	g_ptr_array_add(profile->priorities, priority);
	read_id(map, priority, ids);
	priority->name = field_line(map, "name", priority->id);
	priority->about = field_prose(map, "about");
	priority->keywords = field_lines(map, "keywords", KEYWORDS_MAX);
	priority->weight = yaml_get_number(map, "weight", 0, 1, 0.5);
	priority->stage = (enum profile_stage)yaml_get_word(
		map, "stage", profile_stages, STAGE_EVALUATING);
	priority->horizon_us = field_day_end(map, "horizon");
	read_metric(yaml_get_map(map, "metric"), &priority->metric, folder);
	if (!yaml_has(map, "name") && !yaml_has(map, "about") &&
	    !yaml_has(map, "keywords"))
		yaml_fault(map, "a priority needs a name, about or keywords "
				"to be recognised by");
}

/* Entries past the most would count for nothing: better told than dropped. */
static gboolean
side_fits(struct yaml_node *root, const char *key, const GPtrArray *list)
{
	struct yaml_node *node = yaml_value(root, key);

	if (!list || list->len <= PROFILE_SIDE_MAX)
		return TRUE;
	yaml_fault(node, "%s has %u entries, at most %d are allowed", key,
		   list->len, PROFILE_SIDE_MAX);
	node->judged = TRUE;
	return FALSE;
}

static void
read_priorities(struct yaml_node *root, struct profile *profile)
{
	const GPtrArray *list = yaml_get_list(root, "priorities");
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

	profile->priorities = g_ptr_array_new_with_free_func(priority_free);
	if (!yaml_has(root, "priorities"))
		yaml_fault(root, "priorities is missing: without one every "
				 "offer would be held");
	if (list && list->len == 0)
		yaml_fault(yaml_value(root, "priorities"),
			   "priorities is empty: without one every offer "
			   "would be held");
	if (!side_fits(root, "priorities", list))
		return;
	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);

		if (yaml_is_map(node))
			read_priority(node, profile, ids);
		else
			yaml_refuse(node, "a priority",
				    "a mapping (id, name, about, ...)");
	}
}

static void
refusal_free(gpointer data)
{
	struct profile_refusal *refusal = data;

	g_free(refusal->name);
	g_free(refusal->about);
	g_strfreev(refusal->keywords);
	g_free(refusal);
}

static void
read_refusal(struct yaml_node *node, struct profile_refusal *refusal)
{
	const char *text = yaml_text(node);

	if (text) {
		refusal->name = g_strstrip(g_strdup(text));
		refusal->about = g_strdup("");
		refusal->keywords = g_new0(char *, 1);
		if (!*refusal->name || strchr(refusal->name, '\n') ||
		    g_utf8_strlen(text, -1) > FIELD_LINE_MAX)
			yaml_refuse(node, "an entry of not_interested",
				    "one line of at most 200 characters");
		return;
	}
	refusal->name = field_line(node, "name", "");
	refusal->about = field_prose(node, "about");
	refusal->keywords = field_lines(node, "keywords", KEYWORDS_MAX);
	refusal->until_us = field_day_end(node, "until");
	if (!yaml_has(node, "name"))
		yaml_fault(node, "name of what is not wanted is missing");
}

static void
read_refusals(struct yaml_node *root, struct profile *profile)
{
	const GPtrArray *list = yaml_get_list(root, "not_interested");

	profile->refusals = g_ptr_array_new_with_free_func(refusal_free);
	if (!side_fits(root, "not_interested", list))
		return;
	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);
		struct profile_refusal *refusal;

		if (!yaml_is_map(node) && !yaml_text(node)) {
			yaml_refuse(node, "an entry of not_interested",
				    "text or a mapping (name, about, "
				    "keywords, until)");
			continue;
		}
		refusal = g_new0(struct profile_refusal, 1);
		g_ptr_array_add(profile->refusals, refusal);
		read_refusal(node, refusal);
	}
}

static void
read_fit(struct yaml_node *map, struct profile_fit *fit)
{
	struct yaml_node *employees = yaml_get_map(map, "employees");

	fit->employees_min =
		(double)yaml_get_integer(employees, "min", 0, EMPLOYEES_MAX, 0);
	fit->employees_max =
		(double)yaml_get_integer(employees, "max", 0, EMPLOYEES_MAX, 0);
	if (fit->employees_max > 0 && fit->employees_min > fit->employees_max)
		yaml_fault(yaml_value(employees, "min"),
			   "min (%.0f) must not be above max (%.0f)",
			   fit->employees_min, fit->employees_max);
	fit->regions = field_lines(map, "regions", WORDS_MAX);
	fit->must_have = field_lines(map, "must_have", WORDS_MAX);
}

static void
read_senders(struct yaml_node *map, struct profile *profile)
{
	const GPtrArray *block = yaml_get_list(map, "block");

	profile->allow = field_list(map, "allow", SENDERS_MAX, field_sender);
	profile->block = field_list(map, "block", SENDERS_MAX, field_sender);
	for (guint i = 0; block && i < block->len; i++) {
		const struct yaml_node *node = g_ptr_array_index(block, i);
		g_autofree char *key = NULL;

		if (!yaml_text(node))
			continue;
		key = field_lower(yaml_text(node));
		if (g_strv_contains((const char *const *)profile->allow, key))
			yaml_fault(node, "'%s' is both allowed and blocked",
				   key);
	}
}

/* Where a written value stands, for faults found later. */
static struct profile_place
place_of(struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_value(map, key);
	struct profile_place place = { 0, 0 };
	const char *file;

	if (node)
		yaml_position(node, &file, &place.line, &place.column);
	return place;
}

/* A fault when `lower` is above `upper`; both are keys of the map. */
static void
check_order(struct yaml_node *map, const char *lower, double low,
	    const char *upper, double high)
{
	g_autofree char *low_text = yaml_number_format(low);
	g_autofree char *high_text = yaml_number_format(high);

	if (low > high)
		yaml_fault(yaml_value(map, lower),
			   "%s (%s) must not be above %s (%s)", lower, low_text,
			   upper, high_text);
}

static void
read_verdict(struct yaml_node *map, struct profile *profile)
{
	profile->accept = yaml_get_number(map, "accept", 0, 1, 0.65);
	profile->hold = yaml_get_number(map, "hold", 0, 1, 0.80);
	profile->tag =
		yaml_get_number(map, "tag", 0, 1, MIN(0.35, profile->accept));
	profile->unsure =
		yaml_get_number(map, "unsure", 0, 1, MIN(0.50, profile->hold));
	profile->accept_place = place_of(map, "accept");
	profile->hold_place = place_of(map, "hold");
	check_order(map, "tag", profile->tag, "accept", profile->accept);
	check_order(map, "unsure", profile->unsure, "hold", profile->hold);
}

void
profile_read(struct yaml *yaml, struct profile *profile, GHashTable *places)
{
	struct yaml_node *root = yaml_root(yaml);
	struct yaml_node *attention;

	field_version(root);
	read_buyer(root, profile, places);
	read_priorities(root, profile);
	read_refusals(root, profile);
	read_fit(yaml_get_map(root, "vendor_fit"), &profile->fit);
	read_senders(yaml_get_map(root, "senders"), profile);
	attention = yaml_get_map(root, "attention");
	profile->per_day =
		(guint)yaml_get_integer(attention, "per_day", 0, 10000, 0);
	profile->per_week =
		(guint)yaml_get_integer(attention, "per_week", 0, 10000, 0);
	read_verdict(yaml_get_map(root, "verdict"), profile);
	digest_read(yaml_get_map(root, "digest"), &profile->digest);
	yaml_finish(root);
}
