#include <string.h>

#include "group_private.h"
#include "vendor_page_private.h"

#define PAGE 500

static void
meeting_free(gpointer data)
{
	struct group_meeting *meeting = data;

	g_free(meeting->card);
	g_free(meeting->name);
	g_ptr_array_unref(meeting->members);
	g_array_unref(meeting->counts);
	g_free(meeting);
}

GPtrArray *
group_meetings_new(void)
{
	return g_ptr_array_new_with_free_func(meeting_free);
}

/* The meetings while they are counted. */
struct tally {
	const struct group_request *request;
	const struct group_view *view;
	GHashTable *cards; /* card -> struct group_meeting */
};

static struct group_meeting *
meeting_of(const struct tally *tally, const char *card)
{
	struct group_meeting *meeting = g_hash_table_lookup(tally->cards, card);

	if (meeting)
		return meeting;
	meeting = g_new0(struct group_meeting, 1);
	meeting->card = g_strdup(card);
	meeting->name = g_strdup(group_vendor_name(tally->request->book, card));
	meeting->members = g_ptr_array_new();
	meeting->counts = g_array_new(FALSE, TRUE, sizeof(guint));
	meeting->listed = group_view_choice(tally->view, card) != NULL;
	g_hash_table_insert(tally->cards, meeting->card, meeting);
	return meeting;
}

/* Members come one after the other: the last one is who is counted for. */
static void
meet(const struct tally *tally, struct group_member *member,
     const struct store_message *row)
{
	struct group_meeting *meeting = meeting_of(
		tally, vendor_book_card(tally->request->book, row->vendor));
	const guint n = meeting->members->len;

	if (n == 0 || meeting->members->pdata[n - 1] != member) {
		g_ptr_array_add(meeting->members, member);
		g_array_set_size(meeting->counts, n + 1);
	}
	g_array_index(meeting->counts, guint, meeting->members->len - 1)++;
	meeting->messages++;
	meeting->last_us = MAX(meeting->last_us, row->time_us);
}

static gboolean
meet_all(const struct tally *tally, struct group_member *member, GError **error)
{
	struct store_query query = {
		.buyer = member->profile,
		.state = STORE_ANY,
		.since_us = tally->request->since_us,
		.limit = PAGE,
	};
	char last[ID_LEN + 1];

	for (;;) {
		g_autoptr(GPtrArray) page =
			store_list(tally->request->store, &query, error);

		if (!page)
			return FALSE;
		for (guint i = 0; i < page->len; i++)
			if (vendor_page_is_touch(page->pdata[i]))
				meet(tally, member, page->pdata[i]);
		if (page->len < PAGE)
			return TRUE;
		memcpy(last,
		       ((const struct store_message *)
				page->pdata[page->len - 1])
			       ->id,
		       sizeof(last));
		query.after_id = last;
	}
}

static gint
worst_first(gconstpointer a, gconstpointer b)
{
	const struct group_meeting *left = *(struct group_meeting *const *)a;
	const struct group_meeting *right = *(struct group_meeting *const *)b;

	if (left->listed != right->listed)
		return left->listed ? 1 : -1;
	if (left->members->len != right->members->len)
		return left->members->len < right->members->len ? 1 : -1;
	if (left->messages != right->messages)
		return left->messages < right->messages ? 1 : -1;
	return strcmp(left->card, right->card);
}

static gboolean
count_all(const struct tally *tally, GError **error)
{
	const GPtrArray *members = tally->request->group->members;

	for (guint i = 0; i < members->len; i++) {
		struct group_member *member = members->pdata[i];

		if (group_sees(tally->request, member, GROUP_VENDORS) &&
		    !meet_all(tally, member, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
group_meetings_fill(const struct group_request *request,
		    struct group_view *view, GError **error)
{
	g_autoptr(GHashTable) cards = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) all = group_meetings_new();
	const struct tally tally = { request, view, cards };
	const gboolean ok = count_all(&tally, error);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, cards);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct group_meeting *meeting = value;

		g_ptr_array_add(ok && meeting->members->len > 1 ? view->meetings
								: all,
				value);
	}
	g_ptr_array_sort(view->meetings, worst_first);
	return ok;
}
