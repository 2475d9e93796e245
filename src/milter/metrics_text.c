#include "metrics_private.h"

#include "base/clock.h"
#include "base/exposition.h"
#include "store/spool.h"

static double
seconds(gint64 us)
{
	return (double)us / CLOCK_SECOND_US;
}

static void
count(GString *out, const char *name, const Counter *counter, const char *help)
{
	exposition_single(out, name, "counter", (double)counter_get(counter),
			  help);
}

static void
gauge(GString *out, const char *name, double value, const char *help)
{
	exposition_single(out, name, "gauge", value, help);
}

static void
add_messages(GString *out, const struct counters *counters)
{
	static const char name[] = "pitchward_milter_messages_total";
	const struct {
		const char *path;
		const Counter *counter;
	} paths[] = {
		{ "passed", &counters->passed },
		{ "gated", &counters->gated },
		{ "learned", &counters->learned },
		{ "screened", &counters->screened },
	};

	exposition_family(out, name, "counter",
			  "Messages: passed by their envelope, gated unjudged, "
			  "learned from as outgoing, or screened.");
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
		exposition_sample(out, name,
				  (double)counter_get(paths[i].counter), "path",
				  paths[i].path, NULL);
}

static void
add_verdicts(GString *out, const struct counters *counters)
{
	static const char verdicts[] = "pitchward_milter_verdicts_total";
	static const char gates[] = "pitchward_milter_gates_total";
	static const char fates[] = "pitchward_milter_fates_total";

	exposition_family(out, verdicts, "counter",
			  "Verdicts, one a buyer's mailbox.");
	for (guint i = 0; i < G_N_ELEMENTS(counters->verdicts); i++)
		exposition_sample(out, verdicts,
				  (double)counter_get(&counters->verdicts[i]),
				  "verdict", verdict_name((enum verdict)i),
				  NULL);
	exposition_family(out, gates, "counter",
			  "Why a buyer's mail was not judged by the models.");
	for (guint i = GATE_AUTHENTICATED; i < G_N_ELEMENTS(counters->gates);
	     i++)
		exposition_sample(out, gates,
				  (double)counter_get(&counters->gates[i]),
				  "gate", gate_name((enum gate)i), NULL);
	exposition_family(out, fates, "counter",
			  "What became of the mail of a buyer's mailbox.");
	for (guint i = 0; i < G_N_ELEMENTS(counters->fates); i++)
		exposition_sample(
			out, fates, (double)counter_get(&counters->fates[i]),
			"fate", plan_fate_name((enum plan_fate)i), NULL);
}

static void
add_errors(GString *out, const struct counters *counters)
{
	static const char errors[] = "pitchward_milter_errors_total";
	static const char copies[] = "pitchward_milter_copies_total";

	exposition_family(out, errors, "counter",
			  "Messages that met on_error, by class.");
	for (guint i = 0; i < FAILURES; i++)
		exposition_sample(out, errors,
				  (double)counter_get(&counters->failures[i]),
				  "class", config_failures[i], NULL);
	count(out, "pitchward_milter_deadline_misses_total", &counters->late,
	      "Ends of message that took longer than milter.deadline.");
	count(out, "pitchward_milter_deferred_total", &counters->deferred,
	      "Messages answered 451.");
	exposition_family(out, copies, "counter",
			  "Copies of held mail made durable, by where.");
	exposition_sample(out, copies,
			  (double)counter_get(&counters->copies[VAULT_STORE]),
			  "place", "store", NULL);
	exposition_sample(out, copies,
			  (double)counter_get(&counters->copies[VAULT_SPOOL]),
			  "place", "spool", NULL);
	count(out, "pitchward_milter_store_dropped_total", &counters->dropped,
	      "Notes of delivered mail, and contacts, given up while the store "
	      "was away.");
}

static void
add_times(GString *out, const struct counters *counters)
{
	static const char name[] = "pitchward_milter_eom_duration_seconds";
	g_autofree char *bucket = g_strconcat(name, "_bucket", NULL);
	g_autofree char *sum = g_strconcat(name, "_sum", NULL);
	g_autofree char *all = g_strconcat(name, "_count", NULL);
	guint64 n = 0;

	exposition_family(out, name, "histogram",
			  "From the end of a message to our answer.");
	for (guint i = 0; i < COUNTERS_BOUNDS; i++) {
		char bound[G_ASCII_DTOSTR_BUF_SIZE];

		n += counter_get(&counters->took[i]);
		g_ascii_formatd(bound, sizeof(bound), "%g",
				seconds(counters_bounds[i]));
		exposition_sample(out, bucket, (double)n, "le", bound, NULL);
	}
	n += counter_get(&counters->took[COUNTERS_BOUNDS]);
	exposition_sample(out, bucket, (double)n, "le", "+Inf", NULL);
	exposition_sample(out, sum,
			  seconds((gint64)counter_get(&counters->took_us)),
			  NULL);
	exposition_sample(out, all, (double)n, NULL);
}

static void
add_sessions(GString *out, struct site *site)
{
	const struct counters *counters = site->counters;

	gauge(out, "pitchward_milter_sessions", atomic_load(&site->sessions),
	      "SMTP sessions open now.");
	gauge(out, "pitchward_milter_sessions_max", site->sessions_max,
	      "Sessions that the limit of open files allows.");
	count(out, "pitchward_milter_sessions_total", &counters->sessions,
	      "SMTP sessions begun.");
	count(out, "pitchward_milter_sessions_refused_total",
	      &counters->sessions_refused,
	      "SMTP sessions turned away: too many were open.");
	gauge(out, "pitchward_milter_screening", atomic_load(&site->screening),
	      "Messages being judged now.");
}

static void
add_life(GString *out, const struct counters *counters)
{
	static const char reloads[] = "pitchward_milter_reloads_total";

	gauge(out, "pitchward_milter_start_time_seconds",
	      seconds(counters->begun_us),
	      "When the filter began, and counters with it (Unix time).");
	count(out, "pitchward_milter_worker_restarts_total", &counters->deaths,
	      "Workers that died and were replaced.");
	exposition_family(out, reloads, "counter",
			  "Reloads that were asked for, by result.");
	exposition_sample(out, reloads, (double)counter_get(&counters->reloads),
			  "result", "good", NULL);
	exposition_sample(out, reloads,
			  (double)counter_get(&counters->reloads_failed),
			  "result", "bad", NULL);
	gauge(out, "pitchward_milter_last_reload_successful",
	      (double)counter_get(&counters->loaded),
	      "0: what is on disk or in the store has faults and is not what "
	      "serves.");
	gauge(out, "pitchward_milter_store_up",
	      (double)counter_get(&counters->store),
	      "Whether the store answered the filter the last time.");
	gauge(out, "pitchward_milter_key_mismatch",
	      (double)counter_get(&counters->key),
	      "1: the site key of this machine is not the store's, so that no "
	      "contact is known.");
}

/* Lines of a text; NULL has none. */
static guint
lines(const char *text)
{
	guint n = text && *text;

	for (; text && *text; text++)
		n += *text == '\n';
	return n;
}

static void
add_snapshot(GString *out, const struct snapshot *snapshot)
{
	static const char info[] = "pitchward_milter_info";

	exposition_family(out, info, "gauge",
			  "The version, the mode and the models that serve.");
	exposition_sample(out, info, 1, "version", PITCHWARD_VERSION, "mode",
			  config_modes[snapshot->config->mode], "models",
			  snapshot->models, NULL);
	gauge(out, "pitchward_milter_profiles", snapshot->buyers->len,
	      "Profiles that serve.");
	gauge(out, "pitchward_milter_profile_faults",
	      lines(snapshot->unserved) + lines(snapshot->group_faults),
	      "Faults for which profiles, versions of them, or groups are left "
	      "out.");
}

static void
add_spool(GString *out, const struct config *config)
{
	g_autoptr(Spool) spool =
		spool_open(config->spool, config->spool_max, NULL);
	guint64 bytes = 0;
	gint64 age_us = 0;
	guint files = 0;

	gauge(out, "pitchward_milter_spool_up", spool != NULL,
	      "Whether the spool can be used.");
	if (!spool)
		return;
	spool_depth(spool, &files, &bytes, &age_us);
	gauge(out, "pitchward_milter_spool_files", files,
	      "Copies that wait for the store.");
	gauge(out, "pitchward_milter_spool_bytes", (double)bytes,
	      "Their size.");
	gauge(out, "pitchward_milter_spool_max_bytes",
	      (double)config->spool_max, "As spool.max says.");
	gauge(out, "pitchward_milter_spool_oldest_age_seconds", seconds(age_us),
	      "How long the oldest has waited.");
	gauge(out, "pitchward_milter_spool_damaged_files", spool_damaged(spool),
	      "Files set aside for a person.");
}

char *
metrics_text(struct site *site)
{
	g_autoptr(Snapshot) snapshot = site_snapshot(site);
	const struct counters *counters = site->counters;
	GString *out = g_string_sized_new(8192);

	add_snapshot(out, snapshot);
	add_life(out, counters);
	add_messages(out, counters);
	add_verdicts(out, counters);
	add_errors(out, counters);
	add_times(out, counters);
	add_sessions(out, site);
	add_spool(out, snapshot->config);
	return g_string_free(out, FALSE);
}
