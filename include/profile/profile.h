/*
 * A buyer's profile: what they want to hear about, as they wrote it.
 *
 * Read from YAML (DESIGN 6; pitchward-profile(5)). Immutable once loaded; an
 * open struct, since it is plain values. Strings are UTF-8 as written.
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include <glib.h>

#include "profile/faults.h"

/* Most priorities, and most refusals: every message is held against all. */
#define PROFILE_SIDE_MAX 32

struct config;

enum profile_stage {
	STAGE_EXPLORING,
	STAGE_EVALUATING, /* the default */
	STAGE_DECIDING,
	STAGE_DONE /* no interest any more */
};

/* The words of enum profile_stage, ended by NULL. */
extern const char *const profile_stages[];

/* How far a number is from where it should be. */
struct profile_metric {
	char *name; /* NULL when the priority has no metric */
	double current;
	double target;
	char *file; /* path of a CSV of date,value instead of `current`; or NULL
		     */
};

struct profile_priority {
	char *id; /* unique in the profile */
	char *name;
	char *about; /* "" when absent */
	char **keywords;
	double weight; /* 0..1, default 0.5 */
	enum profile_stage stage;
	gint64 horizon_us; /* decision date, end of that day UTC; 0: none */
	struct profile_metric metric;
};

struct profile_refusal {
	char *name;
	char *about;
	char **keywords;
	gint64 until_us; /* not wanted up to then; 0: for good */
};

struct profile_fit {
	double employees_min; /* 0: none */
	double employees_max; /* 0: none */
	char **regions;
	char **must_have;
};

struct profile_digest {
	char *at;   /* "HH:MM" */
	char *zone; /* IANA name, known to this machine */
	guint days; /* bit 0 Monday .. bit 6 Sunday; 0: no digest */
};

/* Where a value stands in the file; line 0 when it is not written there. */
struct profile_place {
	guint line;
	guint column;
};

struct profile {
	char *path;
	char *id; /* file name without ".yaml": the buyer's id everywhere */
	char *name;
	char *role;
	char **addresses; /* as address_key() has them, at least one */
	struct profile_place *address_places; /* of each of them */
	char *sector;			      /* "" when absent */
	double employees;		      /* 0 when absent */
	char **regions;
	GPtrArray *priorities; /* of struct profile_priority, as written */
	GPtrArray *refusals;   /* of struct profile_refusal */
	struct profile_fit fit;
	char **allow; /* "user@host" or "@host", lower case */
	char **block;
	guint per_day; /* attention; 0: no cap */
	guint per_week;
	double accept; /* verdict thresholds on relevance, tag <= accept */
	double tag;
	double hold;   /* P(outreach) from which mail may be held */
	double unsure; /* P(outreach) from which mail may be tagged */
	struct profile_place accept_place;
	struct profile_place hold_place;
	struct profile_digest digest;
	gint *refs; /* how many own it; NULL: one */
};
typedef struct profile Profile; /* for g_autoptr(Profile) */

/*
 * NULL (and faults) when the file is not a valid profile. A name that is no
 * id (a temporary file's) is allowed here, not in a folder.
 */
struct profile *profile_load(const char *path, struct faults *faults);
struct profile *profile_parse(const char *path, const char *text, gsize size,
			      struct faults *faults);

/* One owner more, in any thread, of a profile from a file or text. */
struct profile *profile_ref(struct profile *profile);

/* One owner less; of the last, all of it. */
void profile_free(struct profile *profile);

/*
 * All *.yaml of a folder in name order; adds faults across files too (an
 * address in two profiles). Never NULL; elements are freed with it.
 */
GPtrArray *profile_load_folder(const char *folder, struct faults *faults);

/*
 * Whether the thresholds that the profile itself sets are within the limits
 * of the configuration; adds a fault for each that is not.
 */
gboolean profile_within_limits(const struct profile *profile,
			       const struct config *config,
			       struct faults *faults);

/*
 * Moves thresholds into the limits, for a profile that was never checked.
 * Nothing is written where they are within; so a profile that is shared already
 * may be given again with the same limits.
 */
void profile_clamp(struct profile *profile, const struct config *config);

/*
 * Whether an address ("a@b", any case) matches "user@host" or "@host". A
 * host below the listed one does not match.
 */
gboolean sender_listed(char *const *patterns, const char *addr);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Profile, profile_free)

#endif
