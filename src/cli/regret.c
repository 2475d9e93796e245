#include "regret_private.h"

#include <stdlib.h>
#include <string.h>

#include "installation_private.h"
#include "profile/profile.h"

/* DESIGN 3, for a buyer whose profile is gone. */
#define TAG 0.35

/* What is not known is as likely as not. */
#define EVEN 0.5

/* After all that nobody has said anything about. */
#define LABELLED (-2.0)

struct ranked {
	struct store_message *message;
	double regret;
};

double
regret_of(const struct store_message *message, double tag)
{
	const double relevance =
		message->relevance >= 0 ? message->relevance : EVEN;
	double unwanted;

	if (!(message->outreach >= 0))
		return -1;
	unwanted = message->outreach * (1 - relevance);
	if (message->state == STORE_DELIVERED)
		return unwanted - (1 - tag);
	return 1 - unwanted - tag;
}

static double
tag_of(const GPtrArray *profiles, const char *buyer)
{
	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		if (g_strcmp0(profile->id, buyer) == 0)
			return profile->tag;
	}
	return TAG;
}

/* The ids of labelled messages; NULL on failure. */
static GHashTable *
labelled_of(struct store *store, GError **error)
{
	g_autoptr(GPtrArray) said =
		store_feedback_list(store, NULL, 0, TRUE, error);
	GHashTable *labelled;

	if (!said)
		return NULL;
	labelled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < said->len; i++) {
		const struct store_feedback *feedback = said->pdata[i];

		g_hash_table_add(labelled, g_strdup(feedback->message));
	}
	return labelled;
}

/* Newest first where the regret is the same. */
static gint
compare(gconstpointer a, gconstpointer b)
{
	const struct ranked *left = a;
	const struct ranked *right = b;

	if (left->regret != right->regret)
		return left->regret < right->regret ? 1 : -1;
	return strcmp(right->message->id, left->message->id);
}

gboolean
regret_sort(GPtrArray *messages, const struct config *config,
	    struct store *store, GError **error)
{
	g_autoptr(GPtrArray) profiles =
		installation_sound_profiles(config, NULL, error);
	g_autoptr(GHashTable) labelled = NULL;
	g_autofree struct ranked *ranks = g_new(struct ranked, messages->len);

	if (!profiles)
		return FALSE;
	labelled = labelled_of(store, error);
	if (!labelled)
		return FALSE;
	for (guint i = 0; i < messages->len; i++) {
		struct store_message *message = messages->pdata[i];

		ranks[i].message = message;
		ranks[i].regret =
			g_hash_table_contains(labelled, message->id)
				? LABELLED
				: regret_of(message,
					    tag_of(profiles, message->buyer));
	}
	qsort(ranks, messages->len, sizeof(*ranks), compare);
	for (guint i = 0; i < messages->len; i++)
		messages->pdata[i] = ranks[i].message;
	return TRUE;
}
