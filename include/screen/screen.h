/*
 * The spine: one message, judged for one buyer at a time, the one way for the
 * milter, `pitchward score`, evaluation and replay.
 *
 *	struct screening *s = screening_new(snapshot, vault, key, &envelope,
 *					    bytes, deadline_us);
 *	screening_judge(s, buyer, SCREEN_ALL, &judgement);
 *
 * What belongs to the message (parsing, text, the outreach score) is done
 * once, when first needed; what belongs to the buyer, once a call. One thread
 * at a time; several screenings may share snapshot and vault.
 */
#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

#include <glib.h>

#include "screen/gate.h"
#include "screen/snapshot.h"
#include "screen/verdict.h"
#include "store/vault.h"

struct screening;
typedef struct screening Screening; /* for g_autoptr(Screening) */

enum screen_flags {
	SCREEN_FAST = 0,	/* no models behind a gate */
	SCREEN_ALL = 1 << 0,	/* both scores whatever the gate says */
	SCREEN_REASONS = 1 << 1 /* fill judgement.reasons */
};

struct judgement {
	enum verdict verdict;
	enum gate gate;
	double outreach;      /* -1: not computed */
	double relevance;     /* -1: not computed, or no buyer */
	gboolean relevant;    /* let in although outreach, for its relevance */
	const char *priority; /* id, borrowed from the profile; "" none */
	GPtrArray *reasons;   /* of struct reason; NULL when no score is */
	guint odd;	      /* enum mail_odd */
};
typedef struct judgement Judgement; /* for g_auto(Judgement) */

void judgement_clear(struct judgement *judgement);

/*
 * Everything given is borrowed for its life but `bytes`, which it references.
 * `vault` and `key` may be NULL: an empty ledger. `deadline_us` is on the
 * monotonic clock; 0: none.
 */
struct screening *screening_new(const struct snapshot *snapshot,
				struct vault *vault, const struct key *key,
				const struct envelope *envelope, GBytes *bytes,
				gint64 deadline_us);
void screening_free(struct screening *screening);

/*
 * Judges for one buyer, or for none (NULL: headers and outreach only). A gate
 * decides before the scores do: GATE_BLOCKED quarantines, every other
 * delivers. Reasons name what weighed most in each model ("outreach: ...",
 * "relevance: ..."), heaviest first, then what is left of each and its bias,
 * so that a model's weights add up to its decision value.
 *
 * Fails with MODEL_ERROR_BROKEN when a model gives no number, and with
 * BASE_ERROR_LIMIT when the deadline passed before a score was there.
 */
gboolean screening_judge(struct screening *screening, const struct buyer *buyer,
			 enum screen_flags flags, struct judgement *judgement,
			 GError **error);

/* The parsed message and what was read of it, for what is stored and shown. */
const struct mail *screening_mail(struct screening *screening);
const struct reading *screening_reading(struct screening *screening);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screening, screening_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judgement, judgement_clear)

#endif
