/* What a buyer asks of the schedule. */
#include "base/id.h"
#include "review/schedule.h"

#define LOOK_BACK 20 /* wishes of one buyer */

struct store_job *
schedule_wished(struct store *store, const char *buyer)
{
	g_autofree char *prefix = g_strconcat(buyer, "/", NULL);
	g_autoptr(GPtrArray) jobs =
		store_job_list(store, SCHEDULE_WISH, prefix, LOOK_BACK, NULL);

	for (guint i = 0; jobs && i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (!job->done)
			return g_ptr_array_steal_index(jobs, i);
	}
	return NULL;
}

gboolean
schedule_wish(struct store *store, const char *buyer, const char *by,
	      gboolean *asked, GError **error)
{
	g_autoptr(StoreJob) open = schedule_wished(store, buyer);
	g_autofree char *note = g_strconcat("asked for by ", by, NULL);
	g_autofree char *key = NULL;
	char id[ID_LEN + 1];

	if (!open) {
		id_new(id);
		key = g_strconcat(buyer, "/", id, NULL);
		/* One that is free to be claimed is what asks. */
		if (!store_job_claim(store, SCHEDULE_WISH, key, id,
				     CLOCK_SECOND_US, error) ||
		    !store_job_settle(store, SCHEDULE_WISH, key, id, FALSE,
				      note, error))
			return FALSE;
	}
	if (asked)
		*asked = !open;
	return TRUE;
}
