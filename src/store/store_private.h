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

/* store_history() counts a vendor's messages, and touches, up to here. */
#define STORE_VENDOR_SEEN_MAX 100
#define STORE_TOUCH_MAX	      100

struct store_copy {
	struct store_message *const *messages;
	guint n;
	GBytes *bytes;
	gint64 deadline_us;
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

/* What store_ruling_find() is asked. */
struct store_mark {
	const char *buyer;
	const char *vendor;
	const char *campaign;
	gint64 now_us;
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
	GBytes *(*features)(struct store *store, const char *buyer,
			    const char *id, GError **error);
	gboolean (*feedback_add)(struct store *store,
				 struct store_feedback *feedback,
				 GError **error);
	gboolean (*feedback_undo)(struct store *store, const char *buyer,
				  const char *message, const char *by,
				  GError **error);
	GPtrArray *(*feedback_list)(struct store *store, const char *buyer,
				    gint64 since_us, gboolean active_only,
				    GError **error);
	gboolean (*ruling_add)(struct store *store, struct store_ruling *ruling,
			       GError **error);
	gboolean (*ruling_undo)(struct store *store, const char *buyer,
				const char *id, const char *by, GError **error);
	GPtrArray *(*ruling_list)(struct store *store, const char *buyer,
				  gboolean active_only, GError **error);
	gboolean (*ruling_find)(struct store *store,
				const struct store_mark *mark,
				gint64 deadline_us, struct store_ruling **found,
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
	atomic_uint_fast64_t oversized; /* features */
};

extern const struct store_driver store_sqlite;
extern const struct store_driver store_fake;

/* The fields of a message that are strings, by the names we write out. */
struct store_string {
	const char *name;
	gsize offset;
};

#define STORE_STRINGS 18

/* So many of them were there before there were campaigns. */
#define STORE_STRINGS_FIRST 17

extern const struct store_string store_strings[STORE_STRINGS];

#define STORE_STRING(message, i)                                               \
	G_STRUCT_MEMBER(char *, message, store_strings[i].offset)

struct store_message *store_message_copy(const struct store_message *message);

/* Borrowed: the features that are to be kept; counts what is too large. */
GBytes *store_features_kept(struct store *store,
			    const struct store_message *message);

struct store_feedback *
store_feedback_copy(const struct store_feedback *feedback);
struct store_ruling *store_ruling_copy(const struct store_ruling *ruling);

/* Whether the two say the same: a second one with that id is a repeat. */
gboolean store_feedback_same(const struct store_feedback *a,
			     const struct store_feedback *b);
gboolean store_ruling_same(const struct store_ruling *a,
			   const struct store_ruling *b);

/* Which of the newest active ones applies; either may be NULL. */
const struct store_ruling *
store_ruling_foremost(const struct store_ruling *of_vendor,
		      const struct store_ruling *of_campaign);

#endif
