/*
 * What the store's tests share. A scenario is run on a fresh store of each
 * driver, and then on one whose Nth call fails, for every N until none does:
 * a call that failed so is made again, and everything must end as if it had
 * not, since every write may be repeated.
 */
#ifndef TESTS_STORE_KIT_H
#define TESTS_STORE_KIT_H

#include "store/spool.h"
#include "store/store.h"

typedef void (*kit_run)(struct store *store);

/* Adds tests "/store/DRIVER/NAME" and "/store/fake/NAME". */
void kit_scenario(const char *name, kit_run run);

/*
 * Within a scenario: the call succeeds; the call is refused with this code.
 * The error is `&error` in the call.
 */
#define KIT_DO(call)                                                           \
	do {                                                                   \
		g_autoptr(GError) error = NULL;                                \
		gboolean done = !!(call);                                      \
                                                                               \
		if (kit_injected(&error))                                      \
			done = !!(call);                                       \
		g_assert_no_error(error);                                      \
		g_assert_true(done);                                           \
	} while (0)
#define KIT_REFUSE(call, wanted)                                               \
	do {                                                                   \
		g_autoptr(GError) error = NULL;                                \
		gboolean done = !!(call);                                      \
                                                                               \
		if (kit_injected(&error))                                      \
			done = !!(call);                                       \
		g_assert_error(error, STORE_ERROR, (gint)(wanted));            \
		g_assert_false(done);                                          \
	} while (0)

/* Clears an error that the fake made, and says so. */
gboolean kit_injected(GError **error);

/* A new folder; in memory where there is such a place; and its end. */
char *kit_folder(void);
char *kit_quick_folder(void);
void kit_remove(char *folder);

/* "sqlite:FOLDER/test.db" */
char *kit_url(const char *folder);
struct store *kit_open(const char *folder);

/*
 * A message for `buyer` with every field set, different for each `n`, that
 * can be held; received now.
 */
struct store_message *kit_message(const char *buyer, guint n);

/* Sets a string field, whose name is that of the member. */
void kit_set(char **field, const char *value);

/* Bytes of every value, that a compressor cannot make much of. */
GBytes *kit_bytes(gsize size, guint32 seed);

/* Ten seconds from now. */
gint64 kit_soon(void);

/* Holds one message of 300 bytes; its id is the caller's. */
char *kit_hold(struct store *store, const char *buyer, guint n);

/* Holds one message of `size` bytes, or fails. */
gboolean kit_hold_within(struct store *store, guint n, gsize size,
			 gint64 within_us, GError **error);

/* The store verifies. */
void kit_assert_sound(struct store *store);

/* SQLite's own connection to the file of kit_url(), and a text run on it. */
struct sqlite3;
struct sqlite3 *kit_database(const char *folder);
void kit_sql(struct sqlite3 *db, const char *sql);

/* The spool FOLDER/spool. */
#define KIT_ROOM (64 << 20)
struct spool *kit_spool(const char *folder);

/* Puts a message of 1,000 bytes for priya; its id is the caller's. */
char *kit_put(struct spool *spool, guint n);

/* So many files wait; so many are moved and none is left; it is held whole. */
void kit_assert_depth(struct spool *spool, guint wanted);
void kit_assert_drained(struct spool *spool, struct store *store, guint wanted);
void kit_assert_held(struct store *store, const char *id, guint n);

/*
 * Runs a part of a test in a child, as a user who may write only where all
 * may; the test fails when the child does.
 */
void kit_unprivileged(void (*run)(const char *folder), const char *folder);

/*
 * A child that runs until it is killed after `ms`; what it wrote to the
 * descriptor it was given, the caller's.
 */
char *kit_killed(void (*run)(const char *folder, int out), const char *folder,
		 guint ms);

#endif
