#include "access_private.h"

#include <string.h>

#include "mail/address.h"

#define BIT(action) (1U << (action))

/* How a row is related to who asks. */
enum relation {
	RELATION_OWN = 1 << 0,
	RELATION_NAMED = 1 << 1, /* of a buyer that web.users names for them */
	RELATION_OTHER = 1 << 2,
	RELATION_NONE = 1 << 3 /* no row: figures, the log, sessions */
};

#define REVIEW                                                                 \
	(BIT(ACCESS_LIST) | BIT(ACCESS_READ) | BIT(ACCESS_DECIDE) |            \
	 BIT(ACCESS_RELEASE) | BIT(ACCESS_ASK))

/*
 * The matrix; what is not here is denied. A delegate does not change the
 * profile: that would move, for good and unseen, what reaches the buyer. A row
 * of one's own is never named: an approver does not answer themself.
 */
static const struct {
	guint role;
	guint relations;
	guint actions;
} grants[] = {
	{ ROLE_BUYER, RELATION_OWN,
	  REVIEW | BIT(ACCESS_PROFILE) | BIT(ACCESS_MODELS) |
		  BIT(ACCESS_GROUP) },
	{ ROLE_DELEGATE, RELATION_NAMED, REVIEW | BIT(ACCESS_GROUP) },
	{ ROLE_APPROVER, RELATION_NAMED,
	  BIT(ACCESS_LIST) | BIT(ACCESS_READ) | BIT(ACCESS_RELEASE) |
		  BIT(ACCESS_APPROVE) },
	{ ROLE_ADMIN, RELATION_OWN | RELATION_NAMED | RELATION_OTHER,
	  BIT(ACCESS_PROFILE) | BIT(ACCESS_MODELS) },
	{ ROLE_ADMIN, RELATION_NONE,
	  BIT(ACCESS_COUNTS) | BIT(ACCESS_USERS) | BIT(ACCESS_MODELS) |
		  BIT(ACCESS_AUDIT) },
	{ ROLE_AUDITOR, RELATION_NONE, BIT(ACCESS_COUNTS) | BIT(ACCESS_AUDIT) },
};

/* With web.request_release the first two ask, and an approver releases; without
 * it there is nobody to ask. */
static guint
withheld(guint role, const struct config *config)
{
	const guint asking = ROLE_BUYER | ROLE_DELEGATE;

	if (!config->web.request_release)
		return BIT(ACCESS_ASK) | BIT(ACCESS_APPROVE);
	return role & asking ? BIT(ACCESS_RELEASE) : 0;
}

/* Of those roles only: a buyer of no profile has no row of their own. */
static guint
granted(guint roles, guint relations, const struct config *config)
{
	guint actions = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(grants); i++)
		if (roles & grants[i].role && relations & grants[i].relations)
			actions |= grants[i].actions &
				   ~withheld(grants[i].role, config);
	return actions;
}

static gboolean
names(char *const *buyers, const char *buyer)
{
	for (; buyers && *buyers; buyers++)
		if (strcmp(*buyers, "*") == 0 || strcmp(*buyers, buyer) == 0)
			return TRUE;
	return FALSE;
}

/* Without a row: whether there is any for which they may. */
static guint
relations(const struct web_user *user, const char *buyer)
{
	guint any = RELATION_NONE | RELATION_OTHER;

	if (buyer && g_strcmp0(buyer, user->buyer) == 0)
		return RELATION_OWN;
	if (buyer)
		return names(user->buyers, buyer) ? RELATION_NAMED
						  : RELATION_OTHER;
	if (user->buyer)
		any |= RELATION_OWN;
	if (user->buyers && *user->buyers)
		any |= RELATION_NAMED;
	return any;
}

gboolean
access_allowed(const struct web_user *user, enum access_action action,
	       const char *buyer, const struct config *config)
{
	if (action == ACCESS_OPEN)
		return TRUE;
	if (!user || (guint)action >= ACCESS_ACTIONS)
		return FALSE;
	if (action == ACCESS_SIGNED)
		return TRUE;
	return (granted(user->roles, relations(user, buyer), config) &
		BIT(action)) != 0;
}

GPtrArray *
access_buyers(const struct web_user *user, const struct snapshot *snapshot)
{
	GPtrArray *ids = g_ptr_array_new();

	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];
		char *id = buyer->profile->id;

		if (!access_allowed(user, ACCESS_LIST, id, snapshot->config))
			continue;
		if (g_strcmp0(id, user->buyer) == 0)
			g_ptr_array_insert(ids, 0, id);
		else
			g_ptr_array_add(ids, id);
	}
	return ids;
}

static const struct config_user *
find_named(const struct config *config, const char *address)
{
	const GPtrArray *users = config->web.users;

	for (guint i = 0; users && i < users->len; i++) {
		const struct config_user *user = users->pdata[i];

		if (strcmp(user->address, address) == 0)
			return user;
	}
	return NULL;
}

/*
 * Exactly an address of the profile: one with an extension may be somebody
 * else's mailbox where the MTA knows no extensions.
 */
static const struct buyer *
find_buyer(const struct snapshot *snapshot, const char *key)
{
	return g_hash_table_lookup(snapshot->by_address, key);
}

struct web_user *
web_user_new(const struct config *config, const struct snapshot *snapshot,
	     const char *address)
{
	g_autofree char *key = address_key(address);
	const struct config_user *named = key ? find_named(config, key) : NULL;
	const struct buyer *buyer = key ? find_buyer(snapshot, key) : NULL;
	struct web_user *user;

	if (!key || (!named && !buyer))
		return NULL;
	user = g_new0(struct web_user, 1);
	user->address = g_steal_pointer(&key);
	user->roles = named ? named->roles & ~(guint)ROLE_BUYER : 0;
	if (buyer)
		user->roles |= ROLE_BUYER;
	user->buyer = buyer ? g_strdup(buyer->profile->id) : NULL;
	user->buyers = named ? g_strdupv(named->buyers) : NULL;
	return user;
}

void
web_user_free(struct web_user *user)
{
	if (!user)
		return;
	g_free(user->address);
	g_free(user->buyer);
	g_strfreev(user->buyers);
	g_free(user->csrf);
	g_free(user->session);
	g_free(user);
}
