#include "review/suggest.h"

#include <math.h>
#include <string.h>

#include "profile/group.h"
#include "suggest_private.h"

/* Of one kind; and messages shown for one. */
#define KIND_MAX     10
#define EVIDENCE_MAX 20

/* Senders in whose subjects a word must be: of keywords, of refusals. */
#define KEYWORD_SENDERS 2
#define REFUSAL_SENDERS 3

/* Senders whose labels can change a weight, and the steps. */
#define WEIGHT_SENDERS	6
#define WEIGHT_KEPT_OUT 3
#define WEIGHT_MIN	0.05
#define WEIGHT_LOWER	0.5
#define WEIGHT_RAISE	1.5

/* Of the 98 % interval: one in a hundred is beyond its lower end. */
#define Z 2.326348

static void
evidence_free(gpointer data)
{
	struct suggest_evidence *evidence = data;

	g_free(evidence->id);
	g_free(evidence->sender);
	g_free(evidence->subject);
	g_free(evidence);
}

static void
suggestion_free(gpointer data)
{
	struct suggestion *suggestion = data;

	g_free(suggestion->priority);
	g_free(suggestion->name);
	g_strfreev(suggestion->words);
	g_free(suggestion->why);
	g_ptr_array_unref(suggestion->evidence);
	g_free(suggestion);
}

struct suggestion *
suggestion_new(enum suggest_kind kind, const char *priority)
{
	struct suggestion *suggestion = g_new0(struct suggestion, 1);

	suggestion->kind = kind;
	suggestion->priority = g_strdup(priority);
	suggestion->name = g_strdup("");
	suggestion->words = g_new0(char *, 1);
	suggestion->evidence = g_ptr_array_new_with_free_func(evidence_free);
	return suggestion;
}

void
suggestion_cite(struct suggestion *suggestion, const struct suggest_mail *mail)
{
	struct suggest_evidence *evidence;

	if (suggestion->evidence->len == EVIDENCE_MAX)
		return;
	evidence = g_new0(struct suggest_evidence, 1);
	evidence->id = g_strdup(mail->id);
	evidence->sender = g_strdup(mail->sender);
	evidence->subject = g_strdup(mail->subject);
	g_ptr_array_add(suggestion->evidence, evidence);
}

static guint
made_of(const struct making *making, enum suggest_kind kind)
{
	guint n = 0;

	for (guint i = 0; i < making->made->len; i++) {
		const struct suggestion *one = making->made->pdata[i];

		n += one->kind == kind ? 1 : 0;
	}
	return n;
}

void
suggestion_make(struct making *making, struct suggestion *suggestion)
{
	if (made_of(making, suggestion->kind) < KIND_MAX)
		g_ptr_array_add(making->made, suggestion);
	else
		suggestion_free(suggestion);
}

static void
know(struct making *making, const char *name, const char *about, char **words)
{
	g_autofree char *joined =
		words ? g_strjoinv("\n", words) : g_strdup("");
	g_autofree char *text = g_strjoin("\n", name, about, joined, NULL);

	suggest_stems(text, making->known);
}

static void
know_profile(struct making *making)
{
	const struct profile *profile = making->request->profile;

	know(making, profile->name, profile->role, profile->regions);
	know(making, profile->id, profile->sector, NULL);
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *one =
			profile->priorities->pdata[i];

		know(making, one->name, one->about, one->keywords);
	}
	for (guint i = 0; i < profile->refusals->len; i++) {
		const struct profile_refusal *one = profile->refusals->pdata[i];

		know(making, one->name, one->about, one->keywords);
	}
}

/* The priority a message matched well, or NULL. */
static const struct profile_priority *
matched(const struct making *making, const struct suggest_mail *mail)
{
	const struct profile *profile = making->request->profile;

	if (mail->relevance < profile->tag)
		return NULL;
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *one =
			profile->priorities->pdata[i];

		if (one->stage != STAGE_DONE &&
		    strcmp(one->id, mail->priority) == 0)
			return one;
	}
	return NULL;
}

/* The priority that half of the relevant mail with the word matched. */
static const struct profile_priority *
priority_for(const struct making *making, guint64 stem)
{
	const struct profile *profile = making->request->profile;
	const struct profile_priority *best = NULL;
	guint most = 0;
	guint all = 0;

	for (guint p = 0; p < profile->priorities->len; p++) {
		const struct profile_priority *one =
			profile->priorities->pdata[p];
		guint votes = 0;

		all = 0;
		for (guint i = 0; i < making->mails->len; i++) {
			const struct suggest_mail *mail =
				making->mails->pdata[i];

			if (mail->side != SIDE_RELEVANT ||
			    !suggest_has(mail, stem))
				continue;
			all++;
			votes += matched(making, mail) == one ? 1 : 0;
		}
		if (votes > most) {
			most = votes;
			best = one;
		}
	}
	return most * 2 >= all ? best : NULL;
}

void
suggestion_count(struct suggestion *suggestion,
		 const struct suggest_finding *finding, enum suggest_side side)
{
	static const char *const words[] = {
		[SIDE_RELEVANT] = "relevant", [SIDE_IRRELEVANT] = "irrelevant"
	};
	char chance[G_ASCII_DTOSTR_BUF_SIZE];

	suggestion->hits = finding->hits;
	suggestion->of = finding->of;
	suggestion->misses = finding->misses;
	suggestion->others = finding->others;
	suggestion->chance = finding->chance;
	g_ascii_formatd(chance, sizeof(chance), "%.2g", finding->chance);
	suggestion->why = g_strdup_printf(
		"'%s' is in mail of %u of %u %s senders and of %u of %u %s; by "
		"chance: %s (Fisher's exact test, corrected for all words)",
		finding->shown, finding->hits, finding->of, words[side],
		finding->misses, finding->others,
		words[side == SIDE_RELEVANT ? SIDE_IRRELEVANT : SIDE_RELEVANT],
		chance);
}

static void
make_keyword(struct making *making, const struct suggest_finding *finding,
	     const struct profile_priority *priority)
{
	struct suggestion *suggestion =
		suggestion_new(SUGGEST_KEYWORD, priority->id);

	g_strfreev(suggestion->words);
	suggestion->words = g_new0(char *, 2);
	suggestion->words[0] = g_strdup(finding->shown);
	suggestion_count(suggestion, finding, SIDE_RELEVANT);
	for (guint i = 0; i < making->mails->len; i++) {
		const struct suggest_mail *mail = making->mails->pdata[i];

		if (mail->side == SIDE_RELEVANT &&
		    suggest_has(mail, finding->stem))
			suggestion_cite(suggestion, mail);
	}
	suggestion_make(making, suggestion);
}

/* Mail of a side; of the relevant what no priority was about. */
static GPtrArray *
pool_of(const struct making *making, enum suggest_side side)
{
	GPtrArray *pool = g_ptr_array_new();

	for (guint i = 0; i < making->mails->len; i++) {
		struct suggest_mail *mail = making->mails->pdata[i];

		if (mail->side == side &&
		    (side == SIDE_IRRELEVANT || !matched(making, mail)))
			g_ptr_array_add(pool, mail);
	}
	return pool;
}

static void
find_wanted(struct making *making)
{
	const struct suggest_search search = {
		.mails = making->mails,
		.background = making->request->background,
		.known = making->known,
		.side = SIDE_RELEVANT,
		.subjects_min = KEYWORD_SENDERS,
	};
	g_autoptr(GPtrArray) findings = suggest_search(&search);
	g_autoptr(GPtrArray) orphans = g_ptr_array_new();
	g_autoptr(GPtrArray) pool = pool_of(making, SIDE_RELEVANT);

	for (guint i = 0; i < findings->len; i++) {
		const struct suggest_finding *finding = findings->pdata[i];
		const struct profile_priority *priority =
			priority_for(making, finding->stem);

		if (priority)
			make_keyword(making, finding, priority);
		else
			g_ptr_array_add(orphans, findings->pdata[i]);
	}
	suggest_topics(making, pool, orphans, SUGGEST_PRIORITY);
}

/* What any relevant mail is about, too, is not refused. */
static void
find_unwanted(struct making *making)
{
	const struct suggest_search search = {
		.mails = making->mails,
		.background = making->request->background,
		.known = making->known,
		.side = SIDE_IRRELEVANT,
		.subjects_min = REFUSAL_SENDERS,
	};
	g_autoptr(GPtrArray) findings = suggest_search(&search);
	g_autoptr(GPtrArray) clear = g_ptr_array_new();
	g_autoptr(GPtrArray) pool = pool_of(making, SIDE_IRRELEVANT);

	for (guint i = 0; i < findings->len; i++) {
		const struct suggest_finding *finding = findings->pdata[i];

		if (finding->misses == 0)
			g_ptr_array_add(clear, findings->pdata[i]);
	}
	suggest_topics(making, pool, clear, SUGGEST_REFUSAL);
}

/* The lower end of the interval (Wilson 1927). */
static double
wilson_low(guint hits, guint n)
{
	const double share = (double)hits / n;
	const double z2 = Z * Z;

	return (share + z2 / (2 * n) -
		Z * sqrt(share * (1 - share) / n + z2 / (4.0 * n * n))) /
	       (1 + z2 / n);
}

/* Mail since the profile serves, of one priority and side. */
static GPtrArray *
mails_of(const struct making *making, const char *priority,
	 enum suggest_side side)
{
	GPtrArray *mails = g_ptr_array_new();

	for (guint i = 0; i < making->mails->len; i++) {
		struct suggest_mail *mail = making->mails->pdata[i];

		if (mail->side == side &&
		    mail->time_us >= making->request->served_us &&
		    strcmp(mail->priority, priority) == 0)
			g_ptr_array_add(mails, mail);
	}
	return mails;
}

static guint
kept_out_of(const GPtrArray *mails)
{
	guint n = 0;

	for (guint i = 0; i < mails->len; i++) {
		const struct suggest_mail *mail = mails->pdata[i];

		n += mail->kept_out ? 1 : 0;
	}
	return n;
}

static double
rounded(double weight)
{
	return round(weight * 100) / 100;
}

static void
make_weight(struct making *making, const struct profile_priority *priority,
	    double weight, const GPtrArray *sides[SIDES])
{
	const gboolean lower = weight < priority->weight;
	const GPtrArray *for_it =
		sides[lower ? SIDE_IRRELEVANT : SIDE_RELEVANT];
	struct suggestion *suggestion =
		suggestion_new(SUGGEST_WEIGHT, priority->id);
	GString *why = g_string_new(NULL);
	char low[G_ASCII_DTOSTR_BUF_SIZE];

	suggestion->was = priority->weight;
	suggestion->weight = weight;
	suggestion->hits = suggest_senders_of(for_it);
	suggestion->of = suggest_senders_of(sides[SIDE_RELEVANT]) +
			 suggest_senders_of(sides[SIDE_IRRELEVANT]);
	suggestion->misses = suggestion->of - suggestion->hits;
	suggestion->others = suggestion->of;
	suggestion->chance = wilson_low(suggestion->hits, suggestion->of);
	g_ascii_formatd(low, sizeof(low), "%.2f", suggestion->chance);
	g_string_append_printf(
		why,
		"of %u senders whose mail came nearest to it, %u were %s; at "
		"least a share of %s (Wilson interval, 98 %%)",
		suggestion->of, suggestion->hits,
		lower ? "irrelevant" : "relevant, and kept out of the inbox",
		low);
	g_string_append(why, "; your groups go by it, your own mail does not");
	suggestion->why = g_string_free(g_steal_pointer(&why), FALSE);
	for (guint i = 0; i < for_it->len; i++)
		suggestion_cite(suggestion, for_it->pdata[i]);
	suggestion_make(making, suggestion);
}

static void
weigh(struct making *making, const struct profile_priority *priority)
{
	g_autoptr(GPtrArray) good =
		mails_of(making, priority->id, SIDE_RELEVANT);
	g_autoptr(GPtrArray) bad =
		mails_of(making, priority->id, SIDE_IRRELEVANT);
	const GPtrArray *sides[SIDES] = { good, bad };
	const guint for_it = suggest_senders_of(good);
	const guint against = suggest_senders_of(bad);
	const guint all = for_it + against;

	if (all < WEIGHT_SENDERS)
		return;
	if (wilson_low(against, all) > 0.5 && priority->weight > WEIGHT_MIN)
		make_weight(making, priority,
			    MAX(rounded(priority->weight * WEIGHT_LOWER),
				WEIGHT_MIN),
			    sides);
	else if (wilson_low(for_it, all) > 0.5 && priority->weight > 0 &&
		 priority->weight < 1 && kept_out_of(good) >= WEIGHT_KEPT_OUT)
		make_weight(making, priority,
			    MIN(rounded(priority->weight * WEIGHT_RAISE), 1),
			    sides);
}

gboolean
suggest_weighed(const GPtrArray *groups, const char *profile)
{
	for (guint i = 0; groups && i < groups->len; i++) {
		const struct group_member *member =
			group_find_member(groups->pdata[i], profile);

		if (member && member->share & GROUP_PRIORITIES)
			return TRUE;
	}
	return FALSE;
}

GPtrArray *
suggest_find(struct store *store, const struct suggest_request *request,
	     struct suggest_counts *counts, GError **error)
{
	const struct profile *profile = request->profile;
	struct making making = { .request = request };

	making.mails =
		suggest_read(store, profile->id, request->since_us, error);
	if (!making.mails)
		return NULL;
	making.made = g_ptr_array_new_with_free_func(suggestion_free);
	making.known = g_hash_table_new_full(g_int64_hash, g_int64_equal,
					     g_free, NULL);
	know_profile(&making);
	find_wanted(&making);
	find_unwanted(&making);
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *one =
			profile->priorities->pdata[i];

		if (request->weighed && one->stage != STAGE_DONE)
			weigh(&making, one);
	}
	if (counts) {
		counts->relevant =
			suggest_senders(making.mails, SIDE_RELEVANT, 0);
		counts->irrelevant =
			suggest_senders(making.mails, SIDE_IRRELEVANT, 0);
	}
	g_hash_table_unref(making.known);
	g_ptr_array_unref(making.mails);
	return making.made;
}
