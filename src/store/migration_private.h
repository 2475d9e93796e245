/*
 * The schema, as numbered steps. All that are to be run are one transaction
 * with the change of the version (sql_schema_private.h), and two processes that
 * start at once do not run a step twice.
 */
#ifndef STORE_MIGRATION_PRIVATE_H
#define STORE_MIGRATION_PRIVATE_H

#include <glib.h>

/* The texts of a step are run in their order; compilers limit one's length. */
#define MIGRATION_TEXTS 12

struct migration_step {
	const char *what;
	const char *sqlite[MIGRATION_TEXTS];
	/* PostgreSQL came with step 9, and has all that is before in it. */
	const char *pg[MIGRATION_TEXTS];
};

/* How a driver reads the version, and runs a step with the version's change. */
struct migration_target {
	void *handle;
	gboolean (*version)(void *handle, guint *version, GError **error);
	gboolean (*run)(void *handle, guint number,
			const struct migration_step *step, GError **error);
};

/*
 * Brings the schema to ours. STORE_ERROR_NEWER when it is newer; otherwise
 * the error of the step that failed, with its number and purpose.
 */
gboolean migration_run(const struct migration_target *target, GError **error);

/* The version that this program makes: the number of the last step. */
guint migration_newest(void);

/* The texts of steps that are in files of their own. */
extern const char migration_signals[];
extern const char migration_search[];
extern const char migration_topics[];
extern const char migration_decisions[];
extern const char migration_vendors[];
extern const char migration_models[];
extern const char migration_models_pg[];
extern const char migration_days[];
extern const char migration_versions[];
extern const char migration_versions_pg[];

#endif
