/*
 * The models that serve, with the figures of their cards; what was put in their
 * place, when and why; and how training ended, refusals included.
 */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/html.h"
#include "curve_private.h"
#include "model/promotion.h"
#include "page_private.h"
#include "review/schedule.h"
#include "site_private.h"
#include "teach_private.h"

#define METRICS_FIRST 4	 /* the others are folded away */
#define HISTORY_MAX   30 /* lines */
#define HISTORY_BYTES (1 << 20)
#define JOBS_MAX      30

/* The cards of many buyers go without plots: a page stays light. */
#define PLOTS_MAX ((gsize)24 << 10)

/* Whether what serves in a place concerns the user: starters and what serves
 * everybody do; a buyer's own do if the user may see that buyer's. */
static gboolean
place_shown(const struct web_request *request, const char *place)
{
	g_auto(GStrv) parts = g_strsplit(place, "/", 3);

	if (request_may(request, ACCESS_COUNTS, NULL) || !parts[0] || !parts[1])
		return TRUE;
	if (strcmp(parts[0], PROMOTION_BUYERS) == 0)
		return request_may(request, ACCESS_MODELS, parts[1]);
	return strcmp(parts[1], PROMOTION_ALL) == 0;
}

static gboolean
card_shown(const struct web_request *request, const struct card *card)
{
	const struct card_adapts *adapts = &card->adapts;

	if (!adapts->starters || request_may(request, ACCESS_COUNTS, NULL))
		return TRUE;
	if (!adapts->members)
		return request_may(request, ACCESS_MODELS, adapts->whose);
	return request->user->buyer &&
	       g_strv_contains((const char *const *)adapts->members,
			       request->user->buyer);
}

static void
pair(GString *out, const char *name, const char *value)
{
	html_element(out, "dt", name);
	html_element(out, "dd", value);
}

static guint
at(double value)
{
	return (guint)lrint(CLAMP(value, 0, 1) * 100);
}

/* The value as a tick, its interval as a bar, from 0 to 1. */
static void
put_range(GString *out, const struct estimate *estimate)
{
	const gboolean ranged =
		isfinite(estimate->low) && isfinite(estimate->high);
	const guint low = at(ranged ? estimate->low : estimate->value);
	const guint high = at(ranged ? estimate->high : estimate->value);

	g_string_append(out, "<td>");
	if (isfinite(estimate->value) && estimate->value >= 0 &&
	    estimate->value <= 1)
		g_string_append_printf(
			out,
			"<svg class=\"bar\" viewBox=\"0 0 100 8\" "
			"preserveAspectRatio=\"none\" aria-hidden=\"true\">"
			"<rect class=\"track\" width=\"100\" height=\"8\"/>"
			"<rect class=\"fill relevance\" x=\"%u\" width=\"%u\" "
			"height=\"8\"/></svg>",
			low > 0 ? low - 1 : 0, MAX(high - low, 2));
	g_string_append(out, "</td>");
}

static void
put_metrics(GString *out, const GPtrArray *metrics, guint from, guint to)
{
	if (from >= to)
		return;
	html_table_open(out, NULL, "Figure|From 0 to 1|Value|Low|High");
	for (guint i = from; i < to; i++) {
		const struct card_metric *metric = metrics->pdata[i];

		g_string_append(out, "<tr>");
		html_element(out, "td", metric->name);
		put_range(out, &metric->estimate);
		html_cell(out, metric->estimate.value, 3);
		html_cell(out, metric->estimate.low, 3);
		html_cell(out, metric->estimate.high, 3);
		g_string_append(out, "</tr>");
	}
	html_table_close(out);
}

static void
put_data(GString *out, const struct card *card)
{
	g_autofree char *day = clock_format(card->created_us);
	g_autofree char *data = g_strdup_printf(
		"%" G_GINT64_FORMAT " examples, %" G_GINT64_FORMAT
		" of them positive, %" G_GINT64_FORMAT " groups",
		card->examples, card->positive, card->groups);

	day[strcspn(day, "T")] = '\0';
	g_string_append(out, "<dl class=\"pairs\">");
	pair(out, "Id", card->id);
	pair(out, "Made", day);
	pair(out, "From", data);
	if (card->sources && *card->sources)
		pair(out, "Sources", card->sources);
	if (card->adapts.starters)
		pair(out, "On top of", card->adapts.starters);
	g_string_append(out, "</dl>");
}

static void
put_card(GString *out, const char *title, const struct card *card)
{
	const guint n = card->metrics->len;
	const guint first = MIN(n, METRICS_FIRST);

	g_string_append(out, "<section>");
	html_element(out, "h2", title);
	put_data(out, card);
	if (out->len < PLOTS_MAX)
		curve_put(out, card);
	put_metrics(out, card->metrics, 0, first);
	if (n > first) {
		g_string_append(out, "<details>");
		html_format(out, "summary", "%u more figures", n - first);
		put_metrics(out, card->metrics, first, n);
		g_string_append(out, "</details>");
	}
	g_string_append(out, "</section>\n");
}

/* What feedback taught: the models of buyers and teams. */
static void
put_adapted(const struct web_request *request, struct web_reply *reply,
	    const char *models)
{
	GString *out = reply->body;
	g_autoptr(GPtrArray) entries = promotion_list(models);
	guint n = 0;

	for (guint i = 0; i < entries->len; i++) {
		const struct promotion_entry *entry = entries->pdata[i];
		g_autofree char *path = NULL;
		g_autoptr(Card) card = NULL;

		if (!entry->place || !strchr(entry->place, '/'))
			continue;
		path = g_build_filename(entry->folder, "card.yaml", NULL);
		card = card_load(path, NULL);
		if (!card || !card_shown(request, card))
			continue;
		put_card(out, entry->place, card);
		teach_put_rollback(request, reply, entry->place);
		n++;
	}
	if (n == 0)
		html_element(out, "p class=\"empty\"",
			     "No model has learned from feedback yet: the "
			     "starters judge alone.");
}

/* --- what happened */

/* "time, what, place, id, id before, who, why", the newest last. */
static void
put_change(GString *out, char **fields)
{
	static const char *const labels[] = { "When",  "What",	 "Where",
					      "Model", "Before", "Who",
					      "Why" };

	g_string_append(out, "<tr>");
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
		g_string_append_printf(out, "<td data-label=\"%s\">",
				       labels[i]);
		html_text(out, fields[i]);
		g_string_append(out, "</td>");
	}
	g_string_append(out, "</tr>\n");
}

static void
put_changes(const struct web_request *request, GString *out, char **lines)
{
	guint n = 0;

	for (guint i = g_strv_length(lines); i > 0 && n < HISTORY_MAX; i--) {
		g_auto(GStrv) fields = g_strsplit(lines[i - 1], "\t", 7);

		if (g_strv_length(fields) != 7 ||
		    !place_shown(request, fields[2]))
			continue;
		if (n++ == 0)
			html_table_open(out, NULL,
					"When|What|Where|Model|Before|Who|Why");
		put_change(out, fields);
	}
	if (n > 0)
		html_table_close(out);
	else
		html_element(out, "p class=\"empty\"",
			     "Nothing: what was installed serves.");
}

static void
put_history(const struct web_request *request, GString *out, const char *models)
{
	g_autofree char *path =
		g_build_filename(models, PROMOTION_HISTORY, NULL);
	g_autoptr(GBytes) bytes = file_read(path, HISTORY_BYTES, NULL);
	gsize size = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	html_element(out, "h2", "What was put in place");
	put_changes(request, out, lines);
}

static gboolean
job_shown(const struct web_request *request, const struct store_job *job)
{
	g_auto(GStrv) parts = g_strsplit(job->key, "/", 2);

	return request_may(request, ACCESS_COUNTS, NULL) ||
	       (parts[0] && request_may(request, ACCESS_MODELS, parts[0]));
}

/* "priya/relevance/3": whose and which. */
static void
put_whose(GString *out, const char *key)
{
	const char *number = strrchr(key, '/');
	g_autofree char *text =
		g_strndup(key, number ? (gsize)(number - key) : strlen(key));

	html_element(out, "td data-label=\"Of\"", text);
}

/* A lease that ran out is of a process that died: the next run takes it. */
static const char *
how_it_went(const struct web_request *request, const struct store_job *job)
{
	if (!job->done && job->lease_us > request->now_us)
		return "under way since then";
	if (!job->done && job->lease_us > 0)
		return "broke off, and will be tried again";
	return job->note && *job->note ? job->note : "ended";
}

/* How training ended, with the reason where it was refused. */
static void
put_jobs(const struct web_request *request, struct web_reply *reply)
{
	GString *out = reply->body;
	g_autoptr(GPtrArray) jobs = store_job_list(
		request->site->store, SCHEDULE_TRAIN, NULL, JOBS_MAX, NULL);

	if (!jobs || jobs->len == 0)
		return;
	html_element(out, "h2", "Training");
	html_table_open(out, NULL, "When|Of|How it went");
	for (guint i = 0; i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (!job_shown(request, job))
			continue;
		g_string_append(out, "<tr><td data-label=\"When\">");
		page_time(request, reply, job->time_us);
		g_string_append(out, "</td>");
		put_whose(out, job->key);
		html_element(out, "td data-label=\"How it went\"",
			     how_it_went(request, job));
		g_string_append(out, "</tr>\n");
	}
	html_table_close(out);
}

static void
models_page(const struct web_request *request, struct web_reply *reply)
{
	const struct snapshot *snapshot = request->snapshot;
	GString *out = reply->body;
	g_autofree char *found = site_models(request->site, snapshot->config);
	const char *models = found ? found : snapshot->config->models;

	page_open(request, reply, "Models", "models");
	teach_put(request, reply);
	g_string_append(out, "<div class=\"sides\">");
	put_card(out, "Is it a sales mail?", model_card(snapshot->outreach));
	put_card(out, "Is it relevant?", model_card(snapshot->relevance));
	g_string_append(out, "</div>\n<h2>What feedback taught</h2>");
	put_adapted(request, reply, models);
	g_string_append(out, "<section>");
	put_jobs(request, reply);
	put_history(request, out, models);
	g_string_append(out, "</section>\n");
	page_close(request, reply);
}

const struct web_route routes_models[] = {
	{ WEB_GET, "/models", ACCESS_MODELS, models_page },
	{ WEB_POST, "/models/learn", ACCESS_MODELS, teach_learn },
	{ WEB_POST, "/models/rollback", ACCESS_MODELS, teach_rollback },
	{ WEB_POST, "/models/again/*/*", ACCESS_MODELS, teach_again },
	{ 0 },
};
