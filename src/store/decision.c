#include <string.h>

#include "store_private.h"

static const char *const words[] = {
	[STORE_VOTE_LIST] = "list",	    [STORE_VOTE_UNLIST] = "unlist",
	[STORE_VOTE_FOR] = "for",	    [STORE_VOTE_AGAINST] = "against",
	[STORE_VOTE_ABSTAIN] = "abstain",   [STORE_VOTE_VETO] = "veto",
	[STORE_VOTE_WITHDRAW] = "withdraw", [STORE_VOTE_CHOOSE] = "choose",
	[STORE_VOTE_REOPEN] = "reopen",
};

const char *
store_vote_name(enum store_vote_word word)
{
	return words[word];
}

int
store_vote_parse(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

struct store_vote *
store_vote_copy(const struct store_vote *vote)
{
	struct store_vote *copy = g_memdup2(vote, sizeof(*vote));

	copy->group = g_strdup(vote->group);
	copy->vendor = g_strdup(vote->vendor);
	copy->member = g_strdup(vote->member);
	copy->reason = g_strdup(vote->reason);
	copy->by = g_strdup(vote->by);
	return copy;
}

void
store_vote_free(struct store_vote *vote)
{
	if (!vote)
		return;
	g_free(vote->group);
	g_free(vote->vendor);
	g_free(vote->member);
	g_free(vote->reason);
	g_free(vote->by);
	g_free(vote);
}

/* At a character's end. */
static void
cut(char *text)
{
	gsize len = text ? strlen(text) : 0;

	if (len <= STORE_VOTE_REASON_MAX)
		return;
	len = STORE_VOTE_REASON_MAX;
	while (len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
		len--;
	text[len] = '\0';
}

static gboolean
add(struct store *store, struct store_vote *vote, gint64 said, GError **error)
{
	g_assert(vote->group && vote->by);
	if (vote->id[0] == '\0')
		id_new(vote->id);
	if (vote->time_us == 0)
		vote->time_us = clock_now_us();
	g_assert(id_valid(vote->id));
	cut(vote->reason);
	return store->driver->decisions->add(store, vote, said, error);
}

gboolean
store_vote_add(struct store *store, struct store_vote *vote, GError **error)
{
	return add(store, vote, -1, error);
}

gboolean
store_vote_add_after(struct store *store, struct store_vote *vote, guint said,
		     GError **error)
{
	return add(store, vote, said, error);
}

GPtrArray *
store_vote_list(struct store *store, const char *group, GError **error)
{
	g_assert(group);
	return store->driver->decisions->list(store, group, error);
}
