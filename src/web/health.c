/* What a monitor asks: is it alive, and how much does it do. */
#include <string.h>

#include "base/clock.h"
#include "page_private.h"
#include "site_private.h"
#include "store/access.h"

#define NOBODY                                                                 \
	"0000000000000000000000000000000000000000000000000000000000000000"

/* Asks for what is never there: a read that costs next to nothing. */
static gboolean
store_answers(const struct web_request *request)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StorePass) pass =
		store_pass_find(request->site->store, STORE_PASS_SESSION,
				NOBODY, request->now_us, &error);

	return pass ||
	       g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static void
healthz(const struct web_request *request, struct web_reply *reply)
{
	const gboolean well = store_answers(request);

	reply->type = "text/plain; charset=utf-8";
	reply->status = well ? 200 : 503;
	g_string_append(reply->body, well ? "ok\n" : "store away\n");
}

static void
metric(GString *out, const char *name, const char *type, guint64 value)
{
	g_string_append_printf(out,
			       "# TYPE pitchward_%s %s\npitchward_%s "
			       "%" G_GUINT64_FORMAT "\n",
			       name, type, name, value);
}

static void
store_metrics(const struct web_request *request, GString *out)
{
	struct store_stats stats = { 0 };

	if (!store_stats(request->site->store, &stats, NULL)) {
		metric(out, "store_up", "gauge", 0);
		return;
	}
	metric(out, "store_up", "gauge", 1);
	g_string_append(out, "# TYPE pitchward_messages gauge\n");
	for (int i = 0; i <= STORE_EXPIRED; i++)
		g_string_append_printf(
			out,
			"pitchward_messages{state=\"%s\"} %" G_GUINT64_FORMAT
			"\n",
			store_state_name((enum store_state)i), stats.states[i]);
	g_string_append(out, "# TYPE pitchward_day_messages gauge\n");
	g_string_append_printf(
		out,
		"pitchward_day_messages{verdict=\"deliver\"} "
		"%" G_GUINT64_FORMAT "\n"
		"pitchward_day_messages{verdict=\"tag\"} %" G_GUINT64_FORMAT
		"\n"
		"pitchward_day_messages{verdict=\"quarantine\"} "
		"%" G_GUINT64_FORMAT "\n",
		stats.delivered_day, stats.tagged_day, stats.held_day);
	metric(out, "contacts", "gauge", stats.contacts);
	metric(out, "store_bytes", "gauge", stats.bytes);
	metric(out, "oldest_held_seconds", "gauge",
	       stats.oldest_held_us > 0
		       ? (guint64)MAX((request->now_us - stats.oldest_held_us) /
					      CLOCK_SECOND_US,
				      0)
		       : 0);
}

static void
web_metrics(struct site_counters *counters, GString *out)
{
	metric(out, "web_requests_total", "counter",
	       atomic_load(&counters->requests));
	g_string_append(out, "# TYPE pitchward_web_replies_total counter\n");
	for (int i = 2; i < 6; i++)
		g_string_append_printf(
			out,
			"pitchward_web_replies_total{code=\"%dxx\"} "
			"%" G_GUINT64_FORMAT "\n",
			i, atomic_load(&counters->statuses[i]));
	metric(out, "web_request_microseconds_total", "counter",
	       atomic_load(&counters->microseconds));
	metric(out, "web_connections", "gauge",
	       atomic_load(&counters->connections));
	metric(out, "web_connections_refused_total", "counter",
	       atomic_load(&counters->refused));
	metric(out, "web_connections_late_total", "counter",
	       atomic_load(&counters->late));
	metric(out, "web_busy_total", "counter", atomic_load(&counters->busy));
	metric(out, "web_links_mailed_total", "counter",
	       atomic_load(&counters->links));
	metric(out, "web_links_failed_total", "counter",
	       atomic_load(&counters->unmailed));
	metric(out, "web_sessions_total", "counter",
	       atomic_load(&counters->sessions));
	metric(out, "web_reloads_total", "counter",
	       atomic_load(&counters->reloads));
	metric(out, "web_reloads_failed_total", "counter",
	       atomic_load(&counters->reloads_failed));
}

/* Figures of the whole site: for this machine, and not through a proxy. */
static void
metrics(const struct web_request *request, struct web_reply *reply)
{
	if (!request->direct) {
		reply_error(request, reply, 404,
			    "There is no page at this address.");
		return;
	}
	reply->type = "text/plain; version=0.0.4; charset=utf-8";
	store_metrics(request, reply->body);
	web_metrics(&request->site->state->counters, reply->body);
}

const struct web_route routes_health[] = {
	{ WEB_GET, "/healthz", ACCESS_OPEN, healthz },
	{ WEB_GET, "/metrics", ACCESS_OPEN, metrics },
	{ 0 },
};
