/* Whether the week's scores are as they were, for all and for each buyer. */
#include "base/clock.h"
#include "doctor_private.h"
#include "drifts_private.h"
#include "model/model.h"

#define BUYERS_MAX 10 /* told one by one */

static void
warn(struct doctor *doctor, const struct drifts_entry *entry,
     const char *figure, const struct drift_figure *is)
{
	g_autofree char *text = NULL;

	if (!is->out)
		return;
	text = drifts_text(is);
	doctor_report(doctor, FINDING_WARN, "drift",
		      "look at what comes, then train again or take the last "
		      "promotion back",
		      "%s%s%s was %s: mail or models have changed",
		      entry->buyer ? entry->buyer : "",
		      entry->buyer ? ": " : "", figure, text);
}

static void
warn_more(struct doctor *doctor, const GPtrArray *drifts)
{
	if (drifts->len > 1 + BUYERS_MAX)
		doctor_report(doctor, FINDING_WARN, "drift",
			      "pitchward stats lists them",
			      "%u more buyers whose week is not as it was",
			      drifts->len - 1 - BUYERS_MAX);
}

void
doctor_drift(struct doctor *doctor, struct store *store)
{
	g_autofree char *models =
		model_folder_find(doctor->models, doctor->config->models, NULL);
	g_autoptr(GPtrArray) drifts =
		drifts_find(store, models, clock_now_us(), NULL);

	for (guint i = 0; drifts && i < MIN(drifts->len, 1 + BUYERS_MAX); i++) {
		const struct drifts_entry *entry = drifts->pdata[i];

		warn(doctor, entry, "the share of outreach",
		     &entry->drift.outreach);
		warn(doctor, entry, "the mean relevance of outreach",
		     &entry->drift.relevance);
	}
	if (drifts)
		warn_more(doctor, drifts);
}
