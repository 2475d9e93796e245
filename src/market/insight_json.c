/* The brief as one JSON object. */
#include <jansson.h>
#include <math.h>

#include "insight_private.h"
#include "market/json.h"

static json_t *
share_json(double value)
{
	return value < 0 || !isfinite(value) ? json_null() : json_real(value);
}

static json_t *
series_json(const GArray *series)
{
	json_t *array = json_array();

	for (guint i = 0; series && i < series->len; i++)
		json_array_append_new(
			array, json_real(g_array_index(series, double, i)));
	return array;
}

static json_t *
evidence_json(const struct insight_line *line)
{
	json_t *array = json_array();

	for (guint i = 0; i < line->evidence->len; i++) {
		const struct insight_evidence *evidence =
			line->evidence->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, "kind", text_json(evidence->kind));
		json_object_set_new(object, "id", text_json(evidence->id));
		json_object_set_new(object, "label",
				    text_json(evidence->label));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
line_json(const struct insight_line *line)
{
	json_t *object = json_object();

	json_object_set_new(object, "kind",
			    json_string(insight_kind_name(line->kind)));
	json_object_set_new(object, "key", text_json(line->key));
	json_object_set_new(object, "text", text_json(line->text));
	json_object_set_new(object, "size", json_real(line->size));
	json_object_set_new(object, "p", share_json(line->p));
	json_object_set_new(object, "q", share_json(line->q));
	json_object_set_new(object, "new", json_boolean(line->fresh));
	json_object_set_new(object, "evidence", evidence_json(line));
	json_object_set_new(object, "series", series_json(line->series));
	return object;
}

static json_t *
part_json(const struct insight_part *part)
{
	json_t *object = json_object();
	json_t *lines = json_array();

	for (guint i = 0; i < part->lines->len; i++)
		json_array_append_new(lines, line_json(part->lines->pdata[i]));
	json_object_set_new(object, "priority", text_json(part->priority));
	json_object_set_new(object, "name", text_json(part->name));
	json_object_set_new(object, "pressure", share_json(part->pressure));
	json_object_set_new(object, "messages", json_integer(part->messages));
	json_object_set_new(object, "before", json_integer(part->before));
	json_object_set_new(object, "items", json_integer(part->items));
	json_object_set_new(object, "series", series_json(part->series));
	json_object_set_new(object, "lines", lines);
	return object;
}

char *
insight_json(const struct insight *insight)
{
	json_t *object = json_object();
	json_t *parts = json_array();
	json_t *gone = json_array();
	char *text;

	for (guint i = 0; i < insight->parts->len; i++)
		json_array_append_new(parts,
				      part_json(insight->parts->pdata[i]));
	for (guint i = 0; i < insight->gone->len; i++)
		json_array_append_new(gone, text_json(insight->gone->pdata[i]));
	json_object_set_new(object, "buyer", text_json(insight->buyer));
	json_object_set_new(object, "since", time_json(insight->since_us));
	json_object_set_new(object, "until", time_json(insight->until_us));
	json_object_set_new(object, "before", time_json(insight->before_us));
	json_object_set_new(object, "messages",
			    json_integer(insight->messages));
	json_object_set_new(object, "vendors", json_integer(insight->vendors));
	json_object_set_new(object, "tests", json_integer(insight->tests));
	json_object_set_new(object, "fdr", json_real(INSIGHT_FDR));
	json_object_set_new(object, "parts", parts);
	json_object_set_new(object, "gone", gone);
	if (insight->wording) {
		json_object_set_new(object, "wording",
				    text_json(insight->wording));
		json_object_set_new(object, "worded_by",
				    text_json(insight->worded_by));
	}
	text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(object);
	return text;
}
