#include "metrics_private.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/exposition.h"
#include "base/file.h"
#include "model/card.h"
#include "page_private.h"
#include "site_private.h"

/* The filter writes its figures again within this, or it is not there. */
#define FILTER_US  (60 * CLOCK_SECOND_US)
#define FILTER_MAX ((gsize)64 * 1024)

#define FILTER_PREFIX "pitchward_milter_"

static double
seconds(gint64 us)
{
	return (double)us / CLOCK_SECOND_US;
}

static void
gauge(GString *out, const char *name, double value, const char *help)
{
	exposition_single(out, name, "gauge", value, help);
}

static void
count(GString *out, const char *name, WebCounter *counter, const char *help)
{
	exposition_single(out, name, "counter", (double)atomic_load(counter),
			  help);
}

static gboolean
is_line(const char *line)
{
	static const char *const begins[] = { FILTER_PREFIX,
					      "# HELP " FILTER_PREFIX,
					      "# TYPE " FILTER_PREFIX };

	for (gsize i = 0; i < G_N_ELEMENTS(begins); i++)
		if (g_str_has_prefix(line, begins[i]))
			return TRUE;
	return *line == '\0';
}

/* Nothing that is not the filter's may come in with its file. */
static gboolean
is_of_filter(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (!is_line(*line))
			return FALSE;
	return TRUE;
}

/* Without the empty lines that fill the file; NULL: nothing else is in it. */
static char *
strip(const char *data, gsize size)
{
	while (size > 0 && data[size - 1] == '\n')
		size--;
	return size > 0 ? g_strdup_printf("%.*s\n", (int)size, data) : NULL;
}

/* What the filter wrote not long ago, or NULL; the caller's. */
static char *
filter_text(const struct config *config, gint64 now_us)
{
	g_autofree char *path = g_strconcat(config->spool, ".prom", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GBytes) bytes = NULL;
	const char *data;
	struct stat st;
	gsize size;

	if (stat(path, &st) < 0 ||
	    (gint64)st.st_mtime * CLOCK_SECOND_US < now_us - FILTER_US)
		return NULL;
	bytes = file_read(path, FILTER_MAX, NULL);
	if (!bytes)
		return NULL;
	data = g_bytes_get_data(bytes, &size);
	text = strip(data, size);
	return text && is_of_filter(text) ? g_steal_pointer(&text) : NULL;
}

static void
add_filter(GString *out, const struct config *config, gint64 now_us)
{
	g_autofree char *text = filter_text(config, now_us);

	gauge(out, "pitchward_milter_up", text != NULL,
	      "Whether the filter of this machine wrote its figures within a "
	      "minute.");
	if (text)
		g_string_append(out, text);
}

static void
add_models(GString *out, const struct snapshot *snapshot)
{
	static const char info[] = "pitchward_model_info";
	static const char created[] =
		"pitchward_model_created_timestamp_seconds";
	const struct model *const models[] = { snapshot->outreach,
					       snapshot->relevance };

	exposition_family(out, info, "gauge",
			  "The models that serve everybody, by kind.");
	for (gsize i = 0; i < G_N_ELEMENTS(models); i++)
		exposition_sample(out, info, 1, "kind", model_kinds[i], "id",
				  model_id(models[i]), NULL);
	exposition_family(out, created, "gauge",
			  "The day they were made (Unix time).");
	for (gsize i = 0; i < G_N_ELEMENTS(models); i++)
		exposition_sample(out, created,
				  seconds(model_card(models[i])->created_us),
				  "kind", model_kinds[i], NULL);
	gauge(out, "pitchward_adapted_models", snapshot->adapters->len,
	      "Models of buyers and teams that serve.");
}

static void
add_replies(GString *out, struct site_counters *counters)
{
	static const char replies[] = "pitchward_web_replies_total";
	static const char took[] = "pitchward_web_request_duration_seconds";
	g_autofree char *sum = g_strconcat(took, "_sum", NULL);
	g_autofree char *all = g_strconcat(took, "_count", NULL);

	count(out, "pitchward_web_requests_total", &counters->requests,
	      "Requests answered.");
	exposition_family(out, replies, "counter",
			  "Answers, by the first digit of their status.");
	for (int i = 2; i < 6; i++) {
		const char code[] = { (char)('0' + i), 'x', 'x', '\0' };

		exposition_sample(out, replies,
				  (double)atomic_load(&counters->statuses[i]),
				  "code", code, NULL);
	}
	exposition_family(out, took, "summary", "Time taken by requests.");
	exposition_sample(out, sum,
			  (double)atomic_load(&counters->microseconds) /
				  CLOCK_SECOND_US,
			  NULL);
	exposition_sample(out, all, (double)atomic_load(&counters->requests),
			  NULL);
}

static void
add_connections(GString *out, struct site_counters *counters)
{
	gauge(out, "pitchward_web_connections",
	      atomic_load(&counters->connections), "Connections open now.");
	count(out, "pitchward_web_connections_refused_total",
	      &counters->refused,
	      "Connections of an address that had too many.");
	count(out, "pitchward_web_connections_late_total", &counters->late,
	      "Connections cut at their deadline.");
	count(out, "pitchward_web_busy_total", &counters->busy,
	      "Requests turned away: too many were under way.");
	count(out, "pitchward_web_links_mailed_total", &counters->links,
	      "Links to sign in that were mailed.");
	count(out, "pitchward_web_links_failed_total", &counters->unmailed,
	      "Links to sign in that could not be mailed.");
	count(out, "pitchward_web_sessions_total", &counters->sessions,
	      "Sessions begun.");
}

static void
add_life(GString *out, struct web_site *site, const struct snapshot *snapshot)
{
	static const char info[] = "pitchward_web_info";
	g_autofree char *fault = site_fault(site);
	struct site_counters *counters = &site->state->counters;

	exposition_family(out, info, "gauge", "The version.");
	exposition_sample(out, info, 1, "version", PITCHWARD_VERSION, NULL);
	gauge(out, "pitchward_web_start_time_seconds",
	      seconds(site->state->begun_us),
	      "When pitchward-web began, and counters with it (Unix time).");
	count(out, "pitchward_web_reloads_total", &counters->reloads,
	      "Reloads that were taken.");
	count(out, "pitchward_web_reloads_failed_total",
	      &counters->reloads_failed, "Reloads refused for their faults.");
	gauge(out, "pitchward_web_last_reload_successful", fault == NULL,
	      "0: what is on disk has faults and is not what serves.");
	gauge(out, "pitchward_profiles", snapshot->buyers->len,
	      "Profiles, as pitchward-web reads them.");
}

void
metrics_page(const struct web_request *request, struct web_reply *reply)
{
	struct web_site *site = request->site;
	const struct snapshot *snapshot = request->snapshot;

	if (!request->direct) {
		reply_error(request, reply, 404,
			    "There is no page at this address.");
		return;
	}
	reply->type = "text/plain; version=0.0.4; charset=utf-8";
	add_filter(reply->body, snapshot->config, request->now_us);
	metrics_store(request, reply->body);
	add_models(reply->body, snapshot);
	add_life(reply->body, site, snapshot);
	add_replies(reply->body, &site->state->counters);
	add_connections(reply->body, &site->state->counters);
}
