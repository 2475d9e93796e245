/*
 * What people did, for those who must be able to ask: kept for good, never
 * changed, and without the contents of any mail.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <glib.h>

#include "store/store.h"

struct store_audit {
	char id[ID_LEN + 1];
	gint64 time_us;
	char *who;    /* address, or "system" */
	char *action; /* "release", "profile", "sign-in", ... */
	char *buyer;  /* whose row was acted on, or "" */
	char *object; /* id of a message, a vendor, a version, ... or "" */
	char *detail; /* a few words; no subject, no text of mail */
};
typedef struct store_audit StoreAudit; /* for g_autoptr(StoreAudit) */

void store_audit_free(struct store_audit *audit);

/* Durable; id and time are filled in when they are empty. The same id again is
 * a repeat. */
gboolean store_audit_add(struct store *store, struct store_audit *audit,
			 GError **error);

/* NULL and 0 do not restrict. */
struct store_audit_query {
	const char *who;
	const char *action;
	const char *buyer;
	gint64 since_us;
	const char *after_id; /* page on: older than this id */
	guint limit;	      /* 0: 1000 */
};

/* Newest first: an array of struct store_audit that frees its elements. */
GPtrArray *store_audit_list(struct store *store,
			    const struct store_audit_query *query,
			    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreAudit, store_audit_free)

#endif
