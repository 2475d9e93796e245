#include "store_private.h"

struct store_audit *
store_audit_copy(const struct store_audit *audit)
{
	struct store_audit *copy = g_memdup2(audit, sizeof(*audit));

	copy->who = g_strdup(audit->who);
	copy->action = g_strdup(audit->action);
	copy->buyer = g_strdup(audit->buyer);
	copy->object = g_strdup(audit->object);
	copy->detail = g_strdup(audit->detail);
	return copy;
}

void
store_audit_free(struct store_audit *audit)
{
	if (!audit)
		return;
	g_free(audit->who);
	g_free(audit->action);
	g_free(audit->buyer);
	g_free(audit->object);
	g_free(audit->detail);
	g_free(audit);
}

gboolean
store_audit_add(struct store *store, struct store_audit *audit, GError **error)
{
	g_assert(audit->who && audit->action);
	if (audit->id[0] == '\0')
		id_new(audit->id);
	if (audit->time_us == 0)
		audit->time_us = clock_now_us();
	g_assert(id_valid(audit->id));
	return store->driver->audits->add(store, audit, error);
}

GPtrArray *
store_audit_list(struct store *store, const struct store_audit_query *query,
		 GError **error)
{
	struct store_audit_query given = *query;

	if (given.limit == 0)
		given.limit = STORE_LIST_LIMIT;
	return store->driver->audits->list(store, &given, error);
}
