#include "group_private.h"
#include "vendor_page_private.h"

/* Of one domain to one member; enough to pass over what is no vendor's. */
#define LOOKED_AT 100

/* The newer of what was found and what one member has; FALSE: an error. */
static gboolean
look(const struct group_request *request, const struct group_member *member,
     const char *domain, struct store_message **found, GError **error)
{
	const struct store_query query = {
		.buyer = member->profile,
		.vendor = domain,
		.state = STORE_ANY,
		.limit = LOOKED_AT,
	};
	g_autoptr(GPtrArray) rows = store_list(request->store, &query, error);

	for (guint i = 0; rows && i < rows->len; i++) {
		struct store_message *row = rows->pdata[i];

		if (!vendor_page_is_touch(row) || !row->from || !*row->from)
			continue;
		if (*found && (*found)->time_us >= row->time_us)
			return TRUE;
		store_message_free(*found);
		*found = g_ptr_array_steal_index(rows, i);
		return TRUE;
	}
	return rows != NULL;
}

static gboolean
look_all(const struct group_request *request, const GPtrArray *domains,
	 struct store_message **found, GError **error)
{
	const GPtrArray *members = request->group->members;

	for (guint i = 0; i < members->len; i++) {
		const struct group_member *member = members->pdata[i];

		if (!group_sees(request, member, GROUP_VENDORS))
			continue;
		for (guint j = 0; j < domains->len; j++)
			if (!look(request, member, domains->pdata[j], found,
				  error))
				return FALSE;
	}
	return TRUE;
}

struct store_message *
group_last_mail(const struct group_request *request, const char *card,
		GError **error)
{
	g_autoptr(GPtrArray) domains = vendor_book_domains(request->book, card);
	g_autoptr(StoreMessage) found = NULL;

	if (!look_all(request, domains, &found, error))
		return NULL;
	return g_steal_pointer(&found);
}
