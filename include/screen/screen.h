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
#include "screen/spending.h"
#include "screen/verdict.h"
#include "store/store.h"
#include "store/vault.h"

struct screening;
typedef struct screening Screening; /* for g_autoptr(Screening) */

enum screen_flags {
	SCREEN_FAST = 0,	 /* no models where a gate delivers */
	SCREEN_ALL = 1 << 0,	 /* both scores whatever the gate says */
	SCREEN_REASONS = 1 << 1, /* fill judgement.reasons */
	SCREEN_IMPRINT = 1 << 2	 /* fill judgement.imprint */
};

struct judgement {
	enum verdict verdict;
	enum gate gate;
	double outreach;      /* -1: not computed */
	double relevance;     /* -1: not computed, or no buyer */
	gboolean relevant;    /* let in although outreach, for its relevance to
				 the buyer or a group of theirs */
	const char *priority; /* id, borrowed from the profile; "" none */
	GPtrArray *reasons;   /* of struct reason; NULL: there are none */
	GBytes *imprint; /* imprint_pack(); NULL: not asked for, no buyer, or
			    surely no outreach (IMPRINT_OUTREACH_MIN) */
	guint odd;	 /* enum mail_odd */
	char campaign[ID_LEN + 1]; /* "" when it is in none */
	guint touch; /* of it to this buyer, 1 the first; 0: not known */
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
 * The message's id (id_new()), which a campaign that it begins goes by, for
 * all its buyers. Without one a judgement of it names no campaign.
 */
void screening_set_id(struct screening *screening, const char *id);

/*
 * Lets judgements ask what is left of the buyer's attention, and spend it.
 * `digest` is the same in each attempt to send this message. Who only wants to
 * know (score, replay, mode observe) does not call it.
 */
void screening_set_spending(struct screening *screening,
			    struct spending *spending, guint64 digest);

/*
 * Judges for one buyer, or for none (NULL: headers and outreach only). A gate
 * decides before the scores do: GATE_BLOCKED quarantines, every other
 * delivers. Bounces and automatic replies say so only themselves: they are
 * judged all the same, and at most tagged. Reasons name what weighed most in
 * each model ("outreach: ...", "relevance: ..."), heaviest first, then what is
 * left of each and its bias, so that a model's weights add up to its decision
 * value.
 *
 * Mail that is not surely business (P(outreach) from the profile's `unsure`
 * on, and no gate) is then held against its past, when there is a vault: a
 * ruling of the buyer about its campaign or vendor decides whatever the
 * relevance ("ruling: campaign wanted"), one about a wanted vendor only with
 * an author who is vouched for. Without a ruling, a later touch of a campaign,
 * and a text that colleagues got too, raise P(outreach) by at most 1 in
 * log-odds, and the verdict with it ("history: touch 3, 2 colleagues", whose
 * value is what was added); then what is surely outreach and would not be let
 * in is held against what the others of the buyer's groups want (group_
 * interest.h), and let in for the group from its `accept` on ("group: Endpoint
 * renewal: Desktops", whose value is that relevance; the judgement's own stays
 * the buyer's); then what is surely outreach and would be let in needs
 * attention left ("attention: 3 of 3 today"). The store is asked once a
 * buyer; when it fails, nothing is known of the past. Such reasons have weight
 * 0, stand first, and are given whatever the flags say.
 *
 * Fails with MODEL_ERROR_BROKEN when a model gives no number, and with
 * BASE_ERROR_LIMIT when the deadline passed before a score was there.
 */
gboolean screening_judge(struct screening *screening, const struct buyer *buyer,
			 enum screen_flags flags, struct judgement *judgement,
			 GError **error);

/*
 * Adds to a judgement that was made without SCREEN_REASONS what that would have
 * given: nothing is judged again, only the models' weights are asked for.
 */
void screening_explain(struct screening *screening, const struct buyer *buyer,
		       struct judgement *judgement);

/*
 * What the past makes of a judgement whose scores and verdict somebody else
 * gave (a model that had not seen the author): as screening_judge() does where
 * no gate decided.
 */
void screening_recall(struct screening *screening, const struct buyer *buyer,
		      struct judgement *judgement);

/* The parsed message and what was read of it, for what is stored and shown. */
const struct mail *screening_mail(struct screening *screening);
const struct reading *screening_reading(struct screening *screening);

/*
 * What it shares with others, of no buyer: its vendor ("" of a public mail
 * domain), author, fingerprint and Message-ID; subject and references too once
 * it was held against its past. Borrowed.
 */
const struct store_likeness *screening_likeness(struct screening *screening);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screening, screening_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judgement, judgement_clear)

#endif
