/* What the filter that runs says of itself, in its figures' file. */
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "doctor_private.h"
#include "print_private.h"

/* It is written again within this, or the filter is not there. */
#define FRESH_US (60 * CLOCK_SECOND_US)

/* The value of a sample without labels, or 0. */
static guint64
figure(const char *text, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	const gsize len = strlen(name);

	for (char **line = lines; *line; line++)
		if (strncmp(*line, name, len) == 0 && (*line)[len] == ' ')
			return g_ascii_strtoull(*line + len, NULL, 10);
	return 0;
}

static gboolean
is_fresh(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (gint64)st.st_mtime * CLOCK_SECOND_US >
					       clock_now_us() - FRESH_US;
}

/* Where the value of a label of a sample begins, up to '"'; or NULL. */
static char *
label(const char *text, const char *name, const char *key)
{
	g_autofree char *begin = g_strdup_printf("\n%s{", name);
	g_autofree char *equal = g_strdup_printf("%s=\"", key);
	const char *line = strstr(text, begin);
	const char *value = line ? strstr(line, equal) : NULL;
	const char *end = value ? strchr(value + strlen(equal), '"') : NULL;

	if (!end || memchr(line + 1, '\n', (gsize)(end - line - 1)))
		return NULL;
	value += strlen(equal);
	return g_strndup(value, (gsize)(end - value));
}

/* What was written is not yet what serves. */
static void
check_reload(struct doctor *doctor, const char *text)
{
	static const char mend[] = "systemctl reload pitchward-milter";
	const char *mode = config_modes[doctor->config->mode];
	g_autofree char *runs = label(text, "pitchward_milter_info", "mode");
	const guint64 profiles = figure(text, "pitchward_milter_profiles");

	/* Another version's figures. */
	if (!runs)
		return;
	if (figure(text, "pitchward_milter_last_reload_successful") == 0)
		doctor_report(
			doctor, FINDING_WARN, "reload",
			"systemctl reload pitchward-milter; where its log "
			"has 'not reloaded', it says why",
			"the filter did not take over the last change");
	if (strcmp(runs, mode) != 0)
		doctor_report(doctor, FINDING_WARN, "reload", mend,
			      "the filter runs with mode %s, and configured is "
			      "%s",
			      runs, mode);
	if (doctor->sound && profiles != doctor->profiles)
		doctor_report(doctor, FINDING_WARN, "reload", mend,
			      "the filter runs with %" G_GUINT64_FORMAT
			      " profile%s, and configured %s %u",
			      profiles, print_plural(profiles),
			      doctor->profiles == 1 ? "is" : "are",
			      doctor->profiles);
}

void
doctor_filter(struct doctor *doctor)
{
	g_autofree char *path =
		g_strconcat(doctor->config->spool, ".prom", NULL);
	g_autofree char *text = is_fresh(path) ? doctor_read(path, NULL) : NULL;
	guint64 deaths;

	if (!text)
		return;
	check_reload(doctor, text);
	deaths = figure(text, "pitchward_milter_worker_restarts_total");
	if (deaths > 0)
		doctor_report(doctor, FINDING_WARN, "worker",
			      "the filter's log says by which signal; please "
			      "report it",
			      "%" G_GUINT64_FORMAT
			      " died and %s replaced since the filter began",
			      deaths, deaths == 1 ? "was" : "were");
}
