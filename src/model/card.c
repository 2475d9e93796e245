#include "model/card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "profile/yaml.h"

#define COUNT_MAX    1000000000
#define FEATURES_MAX 1000000
#define DIGEST_LEN   64

/* The last line: the SHA-256 of everything above it. */
static const char checksum_line[] = "\nchecksum: ";

struct card *
card_new(void)
{
	struct card *card = g_new0(struct card, 1);

	card->metrics = g_ptr_array_new_with_free_func(NULL);
	return card;
}

void
card_free(struct card *card)
{
	if (card == NULL)
		return;
	for (guint i = 0; i < card->metrics->len; i++) {
		struct card_metric *metric = card->metrics->pdata[i];

		g_free(metric->name);
		g_free(metric);
	}
	for (guint i = 0; i < card->n_probes; i++)
		vector_clear(&card->probes[i].vector);
	g_ptr_array_unref(card->metrics);
	g_free(card->id);
	g_free(card->sha_model);
	g_free(card->sha_terms);
	g_free(card->adapts.starters);
	g_free(card->adapts.whose);
	g_strfreev(card->adapts.members);
	g_free(card->sources);
	g_free(card);
}

void
card_add_metric(struct card *card, const char *name, struct estimate estimate)
{
	struct card_metric *metric = g_new(struct card_metric, 1);

	metric->name = g_strdup(name);
	metric->estimate = estimate;
	g_ptr_array_add(card->metrics, metric);
}

/* For keys that have no default. */
static struct yaml_node *
must_have(struct yaml_node *map, const char *key)
{
	if (!yaml_has(map, key))
		yaml_fault(map, "%s is missing", key);
	return map;
}

static double
read_number(struct yaml_node *map, const char *key, double min, double max)
{
	return yaml_get_number(must_have(map, key), key, min, max, 0);
}

static gint64
read_count(struct yaml_node *map, const char *key)
{
	return yaml_get_integer(must_have(map, key), key, 0, COUNT_MAX, 0);
}

/* Not empty. */
static char *
read_text(struct yaml_node *map, const char *key)
{
	const char *text = yaml_get_text(must_have(map, key), key, "-");

	if (text[0] == '\0')
		yaml_fault(yaml_value(map, key), "%s must not be empty", key);
	return g_strdup(text);
}

/* "index:value ..." with rising indices. */
static gboolean
probe_parse(struct vector *vector, const char *text)
{
	gint64 last = -1;

	while (*text != '\0') {
		char *end;
		guint64 index = g_ascii_strtoull(text, &end, 10);
		double value;

		if (end == text || *end != ':' || index > FEATURES_MAX ||
		    (gint64)index <= last)
			return FALSE;
		last = (gint64)index;
		text = end + 1;
		value = g_ascii_strtod(text, &end);
		if (end == text || !isfinite(value))
			return FALSE;
		vector_add(vector, (guint32)index, (float)value);
		text = end + strspn(end, " ");
	}
	return vector->n > 0;
}

static void
read_probes(struct card *card, struct yaml_node *root)
{
	const GPtrArray *list =
		yaml_get_list(must_have(root, "probes"), "probes");

	if (list != NULL && list->len == 0)
		yaml_fault(yaml_value(root, "probes"),
			   "probes must not be empty");
	for (guint i = 0; list != NULL && i < list->len; i++) {
		struct yaml_node *node = list->pdata[i];
		struct card_probe *probe = &card->probes[card->n_probes];

		if (card->n_probes == CARD_PROBES_MAX) {
			yaml_fault(node, "more than %d probes",
				   CARD_PROBES_MAX);
			return;
		}
		if (!yaml_is_map(node)) {
			yaml_fault(node, "must be a mapping");
			continue;
		}
		card->n_probes++;
		probe->decision = read_number(node, "decision", -1e6, 1e6);
		if (!probe_parse(&probe->vector,
				 yaml_get_text(must_have(node, "vector"),
					       "vector", "0:0")))
			yaml_fault(yaml_value(node, "vector"),
				   "vector must be index:value pairs with "
				   "rising indices");
	}
}

static void
read_metrics(struct card *card, struct yaml_node *root)
{
	const GPtrArray *list =
		yaml_get_list(must_have(root, "metrics"), "metrics");

	for (guint i = 0; list != NULL && i < list->len; i++) {
		struct yaml_node *node = list->pdata[i];
		g_autofree char *name = NULL;
		struct estimate estimate;

		if (!yaml_is_map(node)) {
			yaml_fault(node, "must be a mapping");
			continue;
		}
		estimate.value = yaml_get_number(node, "value", -1e9, 1e9, NAN);
		estimate.low = yaml_get_number(node, "low", -1e9, 1e9, NAN);
		estimate.high = yaml_get_number(node, "high", -1e9, 1e9, NAN);
		name = read_text(node, "name");
		card_add_metric(card, name, estimate);
	}
}

static char *
read_digest(struct yaml_node *map, const char *key)
{
	char *text = read_text(map, key);

	if (yaml_has(map, key) &&
	    (strlen(text) != DIGEST_LEN ||
	     strspn(text, "0123456789abcdef") != DIGEST_LEN))
		yaml_fault(yaml_value(map, key),
			   "%s must be %d lower-case hex digits", key,
			   DIGEST_LEN);
	return text;
}

static void
read_parts(struct card *card, struct yaml_node *root)
{
	struct yaml_node *digests =
		yaml_get_map(must_have(root, "sha256"), "sha256");
	struct yaml_node *sigmoid =
		yaml_get_map(must_have(root, "calibration"), "calibration");
	struct yaml_node *data = yaml_get_map(must_have(root, "data"), "data");

	if (digests != NULL) {
		card->sha_model = read_digest(digests, "model.svm");
		if (card->adapts.starters == NULL ||
		    yaml_has(digests, "terms.idf"))
			card->sha_terms = read_digest(digests, "terms.idf");
	}
	if (sigmoid != NULL) {
		card->sigmoid.a =
			read_number(sigmoid, "a", -1e6, -SIGMOID_SLOPE_MIN);
		card->sigmoid.b = read_number(sigmoid, "b", -1e6, 1e6);
	}
	if (data != NULL) {
		card->examples = read_count(data, "examples");
		card->positive = read_count(data, "positive");
		card->groups = read_count(data, "groups");
		card->sources = read_text(data, "sources");
	}
}

static void
read_adapts(struct card *card, struct yaml_node *root)
{
	struct yaml_node *map =
		yaml_has(root, "adapts") ? yaml_get_map(root, "adapts") : NULL;

	if (map == NULL)
		return;
	card->adapts.starters = read_text(map, "starters");
	card->adapts.whose = read_text(map, "whose");
	if (yaml_has(map, "members"))
		card->adapts.members = yaml_get_texts(map, "members");
	card->adapts.learned_us = yaml_get_integer(must_have(map, "learned"),
						   "learned", 0, G_MAXINT64, 0);
}

static void
read_card(struct card *card, struct yaml_node *root)
{
	yaml_get_integer(must_have(root, "version"), "version", 1, 1, 1);
	card->id = read_text(root, "id");
	card->kind = (enum model_kind)yaml_get_word(
		must_have(root, "kind"), "kind", model_kinds, MODEL_OUTREACH);
	card->features = read_count(root, "features");
	card->created_us = yaml_get_date(must_have(root, "created"), "created");
	read_adapts(card, root);
	read_parts(card, root);
	read_metrics(card, root);
	read_probes(card, root);
	must_have(root, "checksum");
	yaml_finish(root);
}

/* Of a card whose keys are all right: whether it is as it was written. */
static void
check_sum(struct yaml_node *root, const char *text, gsize size)
{
	const char *told = yaml_get_text(root, "checksum", "");
	const char *line = g_strrstr_len(text, (gssize)size, checksum_line);
	gsize covered = line != NULL ? (gsize)(line - text) + 1 : 0;
	g_autofree char *found = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)text, covered);

	if (strcmp(told, found) != 0 ||
	    size != covered + strlen(checksum_line) + DIGEST_LEN)
		yaml_fault(yaml_value(root, "checksum"),
			   "checksum is not that of the lines above: the card "
			   "was damaged or changed");
}

static gboolean
parse(struct card *card, const char *path, GBytes *bytes, struct faults *faults)
{
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	g_autoptr(Yaml) yaml = yaml_parse(path, text, size, faults);

	if (yaml == NULL)
		return FALSE;
	read_card(card, yaml_root(yaml));
	if (!yaml_failed(yaml))
		check_sum(yaml_root(yaml), text, size);
	return !yaml_failed(yaml);
}

struct card *
card_load(const char *path, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Card) card = card_new();
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = file_read(path, YAML_SIZE_MAX, &local);

	if (bytes != NULL && parse(card, path, bytes, faults))
		return g_steal_pointer(&card);
	if (bytes != NULL)
		faults_report(faults, &local);
	g_set_error_literal(
		error, MODEL_ERROR,
		g_error_matches(local, BASE_ERROR, BASE_ERROR_NOT_FOUND)
			? MODEL_ERROR_ABSENT
			: MODEL_ERROR_BROKEN,
		local->message);
	return NULL;
}

static void
format_number(GString *out, const char *key, double value, const char *format)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (!isnan(value))
		g_string_append_printf(
			out, "%s: %s", key,
			g_ascii_formatd(text, sizeof text, format, value));
}

static void
format_metrics(GString *out, const struct card *card)
{
	g_string_append(out, "metrics:\n");
	for (guint i = 0; i < card->metrics->len; i++) {
		const struct card_metric *metric = card->metrics->pdata[i];
		g_autofree char *name = yaml_quote(metric->name);

		g_string_append_printf(out, "  - {name: %s", name);
		format_number(out, ", value", metric->estimate.value, "%.4f");
		format_number(out, ", low", metric->estimate.low, "%.4f");
		format_number(out, ", high", metric->estimate.high, "%.4f");
		g_string_append(out, "}\n");
	}
}

static void
format_probes(GString *out, const struct card *card)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, "probes:\n");
	for (guint i = 0; i < card->n_probes; i++) {
		const struct card_probe *probe = &card->probes[i];

		g_string_append(out, "  - ");
		format_number(out, "decision", probe->decision, "%.9g");
		g_string_append(out, "\n    vector: \"");
		for (guint k = 0; k < probe->vector.n; k++)
			g_string_append_printf(
				out, "%s%u:%s", k > 0 ? " " : "",
				probe->vector.items[k].index,
				g_ascii_formatd(
					text, sizeof text, "%.9g",
					(double)probe->vector.items[k].value));
		g_string_append(out, "\"\n");
	}
}

static void
format_data(GString *out, const struct card *card)
{
	g_autofree char *sources = yaml_quote(card->sources);

	g_string_append_printf(out,
			       "data: {examples: %d, positive: %d, groups: %d, "
			       "sources: %s}\n",
			       (int)card->examples, (int)card->positive,
			       (int)card->groups, sources);
}

static void
format_adapts(GString *out, const struct card_adapts *adapts)
{
	g_autofree char *starters = yaml_quote(adapts->starters);
	g_autofree char *whose = yaml_quote(adapts->whose);

	g_string_append_printf(out, "adapts: {starters: %s, whose: %s, ",
			       starters, whose);
	for (guint i = 0; adapts->members != NULL && adapts->members[i] != NULL;
	     i++) {
		g_autofree char *member = yaml_quote(adapts->members[i]);

		g_string_append_printf(out, "%s%s",
				       i == 0 ? "members: [" : ", ", member);
	}
	if (adapts->members != NULL && adapts->members[0] != NULL)
		g_string_append(out, "], ");
	g_string_append_printf(out, "learned: %" G_GINT64_FORMAT "}\n",
			       adapts->learned_us);
}

static void
format_digests(GString *out, const struct card *card)
{
	g_string_append_printf(out, "sha256:\n  model.svm: %s\n",
			       card->sha_model);
	if (card->sha_terms != NULL)
		g_string_append_printf(out, "  terms.idf: %s\n",
				       card->sha_terms);
}

gboolean
card_save(const struct card *card, const char *path, GError **error)
{
	g_autoptr(GString) out = g_string_new("version: 1\n");
	g_autofree char *created = clock_format(card->created_us);
	g_autofree char *id = yaml_quote(card->id);
	g_autofree char *sum = NULL;

	created[strlen("YYYY-MM-DD")] = '\0';
	g_string_append_printf(
		out, "id: %s\nkind: %s\nfeatures: %d\ncreated: %s\n", id,
		model_kinds[card->kind], (int)card->features, created);
	if (card->adapts.starters != NULL)
		format_adapts(out, &card->adapts);
	format_digests(out, card);
	format_number(out, "calibration: {a", card->sigmoid.a, "%.9g");
	format_number(out, ", b", card->sigmoid.b, "%.9g");
	g_string_append(out, "}\n");
	format_data(out, card);
	format_metrics(out, card);
	format_probes(out, card);
	sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, out->str,
					    (gssize)out->len);
	g_string_append_printf(out, "checksum: %s\n", sum);
	return file_replace(path, out->str, out->len, 0644, error);
}
