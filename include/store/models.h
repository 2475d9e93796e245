/*
 * Which models serve, for the nodes of one installation: rows that are only
 * added, one for each promotion and each rollback, and the models' files, each
 * version once. store_expire() removes files that have not begun to serve in 30
 * days, but those of each place's last three rows. The folders of models
 * (model/promotion.h) are what nodes judge by; what is here says what is to be
 * in them.
 *
 * A store that one machine has is not asked: its folder of models is the only
 * one there is.
 */
#ifndef STORE_MODELS_H
#define STORE_MODELS_H

#include <glib.h>

#include "store/store.h"

/* Of one version's files, packed. */
#define STORE_MODEL_PACK_MAX (64 * 1024 * 1024)

struct store_model {
	char *place; /* promotion_place(): "outreach", "buyers/priya/relevance"
		      */
	char *id;    /* the version that serves there from then on; "": none */
	gint64 time_us; /* 0: now */
	char *by;
	char *note;   /* why */
	char *digest; /* SHA-256 in hex of the pack; "" where there is none */
	GBytes *pack; /* promotion_pack(); NULL of what was listed */
};
typedef struct store_model StoreModel; /* for g_autoptr(StoreModel) */

struct store_model *store_model_copy(const struct store_model *model);
void store_model_free(struct store_model *model);

/* Whether several machines may use this store. */
gboolean store_is_shared(const struct store *store);

/*
 * What serves in a place from now on, durably. What serves there already is a
 * repeat, and adds nothing. Writes the digest, and the time where that is 0.
 * STORE_ERROR_CONFLICT: another pack has this id. STORE_ERROR_NOT_FOUND: there
 * is no pack, here or in the store. STORE_ERROR_FULL: the pack is too large.
 */
gboolean store_model_put(struct store *store, struct store_model *model,
			 GError **error);

/* What serves now, by place: an array of struct store_model that frees its
 * elements. */
GPtrArray *store_model_list(struct store *store, GError **error);

/* A number that grows with each row that is added, by whatever process. */
gboolean store_model_mark(struct store *store, guint64 *mark, GError **error);

/* A version's files, as they were put: else STORE_ERROR_BROKEN. */
GBytes *store_model_get(struct store *store, const char *id, GError **error);

/*
 * Waits until somebody adds a version of a profile (store/versions.h) or a
 * model, and TRUE; FALSE at the deadline. Where the store does not tell of such
 * things, or is away, FALSE at once: who follows asks for the marks as well,
 * and often, since what is told may be lost. One thread at a time. Making the
 * connection it takes may need a second more.
 */
gboolean store_await(struct store *store, gint64 deadline_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreModel, store_model_free)

#endif
