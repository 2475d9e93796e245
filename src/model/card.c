#include "model/card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "profile/yaml.h"

#define COUNT_MAX    1000000000
#define FEATURES_MAX 1000000

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
	const GPtrArray *list = yaml_get_list(root, "probes");

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
		probe->decision =
			yaml_get_number(node, "decision", -1e6, 1e6, 0);
		if (!probe_parse(&probe->vector,
				 yaml_get_text(node, "vector", "")))
			yaml_fault(node, "vector must be index:value pairs "
					 "with rising indices");
	}
}

static void
read_metrics(struct card *card, struct yaml_node *root)
{
	const GPtrArray *list = yaml_get_list(root, "metrics");

	for (guint i = 0; list != NULL && i < list->len; i++) {
		struct yaml_node *node = list->pdata[i];
		struct estimate estimate;

		if (!yaml_is_map(node)) {
			yaml_fault(node, "must be a mapping");
			continue;
		}
		estimate.value = yaml_get_number(node, "value", -1e9, 1e9, NAN);
		estimate.low = yaml_get_number(node, "low", -1e9, 1e9, NAN);
		estimate.high = yaml_get_number(node, "high", -1e9, 1e9, NAN);
		card_add_metric(card, yaml_get_text(node, "name", ""),
				estimate);
	}
}

static char *
read_digest(struct yaml_node *map, const char *key)
{
	const char *text = yaml_get_text(map, key, "");

	if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64)
		yaml_fault(map, "%s must be 64 lower-case hex digits", key);
	return g_strdup(text);
}

static void
read_parts(struct card *card, struct yaml_node *root)
{
	struct yaml_node *digests = yaml_get_map(root, "sha256");
	struct yaml_node *sigmoid = yaml_get_map(root, "calibration");
	struct yaml_node *data = yaml_get_map(root, "data");

	if (digests != NULL) {
		card->sha_model = read_digest(digests, "model.svm");
		card->sha_terms = read_digest(digests, "terms.idf");
	} else {
		yaml_fault(root, "sha256 is missing");
	}
	if (sigmoid != NULL) {
		card->sigmoid.a = yaml_get_number(sigmoid, "a", -1e6, 0, -1);
		card->sigmoid.b = yaml_get_number(sigmoid, "b", -1e6, 1e6, 0);
	} else {
		yaml_fault(root, "calibration is missing");
	}
	if (data != NULL) {
		card->examples =
			yaml_get_integer(data, "examples", 0, COUNT_MAX, 0);
		card->positive =
			yaml_get_integer(data, "positive", 0, COUNT_MAX, 0);
		card->groups =
			yaml_get_integer(data, "groups", 0, COUNT_MAX, 0);
		card->sources = g_strdup(yaml_get_text(data, "sources", ""));
	}
}

static void
read_card(struct card *card, struct yaml_node *root)
{
	yaml_get_integer(root, "version", 1, 1, 1);
	card->id = g_strdup(yaml_get_text(root, "id", ""));
	card->kind = (enum model_kind)yaml_get_word(root, "kind", model_kinds,
						    MODEL_OUTREACH);
	card->features = yaml_get_integer(root, "features", 0, COUNT_MAX, 0);
	card->created_us = yaml_get_date(root, "created");
	read_parts(card, root);
	read_metrics(card, root);
	read_probes(card, root);
	if (card->id[0] == '\0')
		yaml_fault(root, "id is missing");
	if (card->n_probes == 0)
		yaml_fault(root, "probes are missing");
	yaml_finish(root);
}

struct card *
card_load(const char *path, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Card) card = card_new();
	g_autoptr(GError) local = NULL;
	g_autoptr(Yaml) yaml = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
			    "%s is not there", path);
		return NULL;
	}
	yaml = yaml_load(path, faults);
	if (yaml != NULL)
		read_card(card, yaml_root(yaml));
	if (faults_report(faults, &local))
		return g_steal_pointer(&card);
	g_set_error_literal(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
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

		g_string_append_printf(out, "  - {name: %s, ", metric->name);
		format_number(out, "value", metric->estimate.value, "%.4f");
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

gboolean
card_save(const struct card *card, const char *path, GError **error)
{
	g_autoptr(GString) out = g_string_new("version: 1\n");
	g_autofree char *created = clock_format(card->created_us);

	created[strlen("YYYY-MM-DD")] = '\0';
	g_string_append_printf(out,
			       "id: %s\nkind: %s\nfeatures: %d\ncreated: %s\n"
			       "sha256:\n  model.svm: %s\n  terms.idf: %s\n",
			       card->id, model_kinds[card->kind],
			       (int)card->features, created, card->sha_model,
			       card->sha_terms);
	format_number(out, "calibration: {a", card->sigmoid.a, "%.9g");
	format_number(out, ", b", card->sigmoid.b, "%.9g");
	g_string_append_printf(out,
			       "}\ndata: {examples: %d, positive: %d, "
			       "groups: %d, sources: \"%s\"}\n",
			       (int)card->examples, (int)card->positive,
			       (int)card->groups, card->sources);
	format_metrics(out, card);
	format_probes(out, card);
	return file_replace(path, out->str, out->len, 0644, error);
}
