/*
 * What a driver gives. store.c checks the arguments, finds the driver by the
 * URL's scheme and calls through this table; contracts are those of store.h.
 * A driver embeds `struct store` as its first member.
 */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include <stdatomic.h>

#include "base/clock.h"
#include "store/store.h"

/* Of calls whose contract names no deadline. */
#define STORE_WAIT_US (30 * CLOCK_SECOND_US)

/* A row with the same repeat key that is less than this older is a repeat. */
#define STORE_REPEAT_US (2 * CLOCK_DAY_US)

/* store_list() without a limit. */
#define STORE_LIST_LIMIT 1000

/* store_history() counts a vendor's messages up to here. */
#define STORE_VENDOR_SEEN_MAX 100

struct store_copy {
	struct store_message *const *messages;
	guint n;
	GBytes *bytes;
	gint64 deadline_us;
};

struct store_likeness {
	const char *buyer; /* NULL: all */
	const char *vendor;
	guint64 fingerprint;
};

/* A change of state; what a change does not need is 0 or "". */
struct store_change {
	const char *buyer; /* NULL: whoever's it is */
	const char *id;
	const char *owner;
	gint64 lease_us;
	enum store_state state;
	const char *note;
};

struct store;

struct store_driver {
	const char *scheme;
	struct store *(*open)(const char *place, GError **error);
	void (*close)(struct store *store);
	gboolean (*hold)(struct store *store, const struct store_copy *copy,
			 guint *repeats, GError **error);
	void (*note)(struct store *store, const struct store_message *message);
	void (*contact)(struct store *store, const char *buyer,
			const char *contact, gint64 time_us);
	gboolean (*known)(struct store *store, const char *buyer,
			  const char *const *contacts, gint64 deadline_us,
			  gboolean *known, GError **error);
	gboolean (*history)(struct store *store,
			    const struct store_likeness *likeness,
			    gint64 deadline_us, struct store_history *history,
			    GError **error);
	GPtrArray *(*list)(struct store *store, const struct store_query *query,
			   GError **error);
	struct store_message *(*find)(struct store *store, const char *buyer,
				      const char *id, GError **error);
	GBytes *(*body)(struct store *store, const char *buyer, const char *id,
			GError **error);
	gboolean (*claim)(struct store *store,
			  const struct store_change *change, GError **error);
	gboolean (*settle)(struct store *store,
			   const struct store_change *change, GError **error);
	gboolean (*delete)(struct store *store,
			   const struct store_change *change, GError **error);
	gboolean (*expire)(struct store *store, gint64 before_us,
			   gint64 ledger_before_us, guint *expired,
			   GError **error);
	gboolean (*flush)(struct store *store, gint64 deadline_us,
			  GError **error);
	gboolean (*stats)(struct store *store, struct store_stats *stats,
			  GError **error);
	gboolean (*verify)(struct store *store, GError **error);
};

struct store {
	const struct store_driver *driver;
	atomic_uint_fast64_t repeats;
};

extern const struct store_driver store_sqlite;
extern const struct store_driver store_fake;

/* The fields of a message that are strings, by the names we write out. */
struct store_string {
	const char *name;
	gsize offset;
};

#define STORE_STRINGS 17
extern const struct store_string store_strings[STORE_STRINGS];

#define STORE_STRING(message, i)                                               \
	G_STRUCT_MEMBER(char *, message, store_strings[i].offset)

struct store_message *store_message_copy(const struct store_message *message);

#endif
