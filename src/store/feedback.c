#include <string.h>

#include "store_private.h"

static const char *const label_names[] = {
	[STORE_RELEVANT] = "relevant",
	[STORE_IRRELEVANT] = "irrelevant",
	[STORE_NOT_OUTREACH] = "not-outreach",
};

const char *
store_label_name(enum store_label label)
{
	g_assert((guint)label < G_N_ELEMENTS(label_names));
	return label_names[label];
}

int
store_label_parse(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(label_names); i++) {
		if (strcmp(word, label_names[i]) == 0)
			return (int)i;
	}
	return -1;
}

struct store_feedback *
store_feedback_copy(const struct store_feedback *feedback)
{
	struct store_feedback *copy = g_memdup2(feedback, sizeof(*feedback));

	copy->buyer = g_strdup(feedback->buyer);
	copy->message = g_strdup(feedback->message);
	copy->by = g_strdup(feedback->by);
	copy->source = g_strdup(feedback->source);
	copy->retracted_by = g_strdup(feedback->retracted_by);
	return copy;
}

void
store_feedback_free(struct store_feedback *feedback)
{
	if (!feedback)
		return;
	g_free(feedback->buyer);
	g_free(feedback->message);
	g_free(feedback->by);
	g_free(feedback->source);
	g_free(feedback->retracted_by);
	g_free(feedback);
}

gboolean
store_feedback_same(const struct store_feedback *a,
		    const struct store_feedback *b)
{
	return a->label == b->label && strcmp(a->message, b->message) == 0;
}
