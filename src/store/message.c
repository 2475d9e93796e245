#include <string.h>

#include "store_private.h"

#define FIELD(member)                                                          \
	{                                                                      \
#member, offsetof(struct store_message, member)                \
	}

const struct store_string store_strings[STORE_STRINGS] = {
	FIELD(buyer),	 FIELD(digest),	   FIELD(sender),  FIELD(rcpt),
	FIELD(from),	 FIELD(from_name), FIELD(subject), FIELD(message_id),
	FIELD(queue_id), FIELD(node),	   FIELD(verdict), FIELD(priority),
	FIELD(model),	 FIELD(gate),	   FIELD(reasons), FIELD(vendor),
	FIELD(note),	 FIELD(campaign),
};

static const char *const state_names[] = {
	[STORE_DELIVERED] = "delivered", [STORE_HELD] = "held",
	[STORE_RELEASING] = "releasing", [STORE_RELEASED] = "released",
	[STORE_DELETED] = "deleted",	 [STORE_EXPIRED] = "expired",
};

const char *
store_state_name(enum store_state state)
{
	g_assert((guint)state < G_N_ELEMENTS(state_names));
	return state_names[state];
}

int
store_state_parse(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(state_names); i++) {
		if (strcmp(word, state_names[i]) == 0)
			return (int)i;
	}
	return -1;
}

const char *
store_priority(const char *best, double relevance, double tag)
{
	return best && relevance >= tag ? best : "";
}

struct store_message *
store_message_copy(const struct store_message *message)
{
	struct store_message *copy = g_memdup2(message, sizeof(*message));

	for (guint i = 0; i < STORE_STRINGS; i++)
		STORE_STRING(copy, i) = g_strdup(STORE_STRING(message, i));
	if (copy->features)
		g_bytes_ref(copy->features);
	return copy;
}

GBytes *
store_features_kept(struct store *store, const struct store_message *message)
{
	if (!message->features ||
	    g_bytes_get_size(message->features) <= STORE_FEATURES_MAX)
		return message->features;
	atomic_fetch_add(&store->oversized, 1);
	return NULL;
}

void
store_message_free(struct store_message *message)
{
	if (!message)
		return;
	for (guint i = 0; i < STORE_STRINGS; i++)
		g_free(STORE_STRING(message, i));
	g_bytes_unref(message->features);
	g_free(message);
}
