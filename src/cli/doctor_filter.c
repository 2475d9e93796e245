/* What the filter that runs says of itself, in its figures' file. */
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "doctor_private.h"

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

void
doctor_filter(struct doctor *doctor)
{
	g_autofree char *path =
		g_strconcat(doctor->config->spool, ".prom", NULL);
	g_autofree char *text = is_fresh(path) ? doctor_read(path, NULL) : NULL;
	guint64 deaths;

	if (!text)
		return;
	deaths = figure(text, "pitchward_milter_worker_restarts_total");
	if (deaths > 0)
		doctor_report(doctor, FINDING_WARN, "worker",
			      "the filter's log says by which signal; please "
			      "report it",
			      "%" G_GUINT64_FORMAT
			      " died and %s replaced since the filter began",
			      deaths, deaths == 1 ? "was" : "were");
}
