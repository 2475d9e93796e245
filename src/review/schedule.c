#include "review/schedule.h"

#include <string.h>

#include "base/id.h"
#include "model/model.h"
#include "model/promotion.h"
#include "store/audit.h"

#define TEAM_MARK "@" /* no name begins so */
#define FAILED	  "failed, and will be tried again"

/* One run over everybody. */
struct run {
	const struct schedule *schedule;
	GError *error; /* the first */
	guint done;
	guint total;
};

/* One of those whose models may be trained. */
struct turn {
	struct run *run;
	struct retrain_whose whose;
	char *name;		       /* in keys */
	GPtrArray *said;	       /* all labels of the members */
	struct retrain_labels *labels; /* NULL: not read yet */
	gboolean asked;
	gboolean eager; /* asked for since it failed, if it did */
	gboolean waits; /* for another run, or after a failure */
	GString *note;	/* how it went, for who asked */
};

gboolean
schedule_is_due(const struct schedule_state *state, gint64 now_us)
{
	if (!state->learns || state->fresh < SCHEDULE_FRESH_MIN)
		return FALSE;
	/* Either way: a clock that was put back does not stop learning. */
	return state->last_us == 0 ||
	       ABS(now_us - state->last_us) >= SCHEDULE_EVERY_US;
}

gint64
schedule_rest_us(guint failures)
{
	gint64 rest_us = SCHEDULE_RETRY_US;

	if (failures == 0)
		return 0;
	while (--failures > 0 && rest_us < CLOCK_DAY_US)
		rest_us *= 2;
	return MIN(rest_us, CLOCK_DAY_US);
}

static char *
name_of(const struct retrain_whose *whose)
{
	return g_strconcat(whose->team ? TEAM_MARK : "", whose->name, NULL);
}

static guint
number_of(const char *key)
{
	const char *number = strrchr(key, '/');
	guint64 n = 0;

	if (!number || !g_ascii_string_to_unsigned(number + 1, 10, 0,
						   G_MAXUINT32 - 1, &n, NULL))
		return 0;
	return (guint)n;
}

static void
count_fresh(const GPtrArray *labels, enum model_kind kind,
	    struct schedule_state *state)
{
	for (guint i = 0; i < labels->len; i++) {
		const struct store_feedback *label = labels->pdata[i];

		state->fresh += label->time_us > state->last_us ||
				label->retracted_us > state->last_us;
		if (label->retracted_us == 0 &&
		    (kind == MODEL_RELEVANCE ||
		     label->label == STORE_NOT_OUTREACH))
			state->learns = TRUE;
	}
}

gboolean
schedule_look(struct store *store, const char *whose, enum model_kind kind,
	      const GPtrArray *labels, struct schedule_state *state,
	      GError **error)
{
	g_autofree char *prefix =
		g_strdup_printf("%s/%s/", whose, model_kinds[kind]);
	g_autoptr(GPtrArray) jobs =
		store_job_list(store, SCHEDULE_TRAIN, prefix, 0, error);
	struct schedule_state found = { 0 };

	if (!jobs)
		return FALSE;
	for (guint i = 0; i < jobs->len; i++) {
		const struct store_job *job = jobs->pdata[i];

		if (!job->done)
			continue;
		found.n = MAX(found.n, number_of(job->key));
		found.last_us = MAX(found.last_us, job->time_us);
	}
	count_fresh(labels, kind, &found);
	*state = found;
	return TRUE;
}

static char *
key_of(const char *whose, enum model_kind kind, guint n)
{
	return g_strdup_printf("%s/%s/%u", whose, model_kinds[kind], n);
}

/* --- one training */

static void
fail(struct turn *turn, GError *error)
{
	turn->waits = TRUE;
	g_prefix_error(&error, "%s: ", turn->name);
	if (turn->run->error)
		g_error_free(error);
	else
		turn->run->error = error;
}

static gboolean
read_labels(struct turn *turn, GError **error)
{
	if (!turn->labels)
		turn->labels = retrain_labels_read(turn->run->schedule->retrain,
						   &turn->whose, error);
	return turn->labels != NULL;
}

/* That it is not in the log does not take the model back. */
static void
audit(const struct turn *turn, const struct retrain_outcome *outcome,
      const char *text)
{
	g_autoptr(StoreAudit) audit = NULL;

	if (!outcome->id)
		return;
	audit = g_new0(struct store_audit, 1);
	audit->who = g_strdup("system");
	audit->action = g_strdup("promote");
	audit->buyer = g_strdup(turn->whose.team ? "" : turn->whose.name);
	audit->object = g_strdup(outcome->id);
	audit->detail = g_strdup(text);
	(void)store_audit_add(turn->run->schedule->retrain->store, audit, NULL);
}

/* NULL and an error: it is to be tried again. */
static char *
train(struct turn *turn, enum model_kind kind, GError **error)
{
	const struct schedule *schedule = turn->run->schedule;
	g_autoptr(RetrainOutcome) outcome = NULL;
	char *text;

	if (!read_labels(turn, error))
		return NULL;
	/* Its labels may be of mail whose features are gone. */
	if (!retrain_learns(turn->labels, kind))
		return g_strdup("nothing to learn from: of none of the mail "
				"that was said to be no sales mail the "
				"features were kept");
	outcome = retrain_run(schedule->retrain, &turn->whose, turn->labels,
			      kind, error);
	if (!outcome)
		return NULL;
	text = retrain_text(outcome);
	audit(turn, outcome, text);
	if (schedule->tell)
		schedule->tell(schedule->data, outcome);
	return text;
}

/* By the owner of the claim. */
static void
train_claimed(struct turn *turn, enum model_kind kind, const char *key,
	      const char *owner)
{
	struct store *store = turn->run->schedule->retrain->store;
	GError *error = NULL;
	g_autofree char *text = train(turn, kind, &error);
	g_autofree char *note =
		text ? g_strdup(text)
		     : g_strdup_printf(FAILED ": %s", error->message);

	g_string_append_printf(turn->note, "%s%s: %s",
			       turn->note->len > 0 ? "; " : "",
			       model_kinds[kind], note);
	if (error)
		fail(turn, error);
	error = NULL;
	if (!store_job_settle(store, SCHEDULE_TRAIN, key, owner, text != NULL,
			      note, &error))
		fail(turn, error);
}

/*
 * Whether it failed a short time ago. A claim that ran out is of a process that
 * died, of which the first time may not have been the training's fault.
 */
static gboolean
is_resting(const struct turn *turn, const struct store_job *job)
{
	const gint64 now_us = turn->run->schedule->now_us;
	const guint failures =
		job->lease_us == 0 ? job->attempts : job->attempts - 1;

	return !job->done && !turn->eager &&
	       ABS(now_us - job->time_us) < schedule_rest_us(failures);
}

/* TRUE: not yet, and the note says why. */
static gboolean
rests(struct turn *turn, enum model_kind kind, const char *key)
{
	struct store *store = turn->run->schedule->retrain->store;
	g_autoptr(StoreJob) job =
		store_job_find(store, SCHEDULE_TRAIN, key, NULL);

	if (!job || !is_resting(turn, job))
		return FALSE;
	turn->waits = TRUE;
	g_string_append_printf(
		turn->note, "%s%s: %s", turn->note->len > 0 ? "; " : "",
		model_kinds[kind], *job->note ? job->note : FAILED);
	return TRUE;
}

static void
train_kind(struct turn *turn, enum model_kind kind)
{
	const struct schedule *schedule = turn->run->schedule;
	struct store *store = schedule->retrain->store;
	struct schedule_state state;
	g_autofree char *key = NULL;
	char owner[ID_LEN + 1];
	GError *error = NULL;

	if (!schedule_look(store, turn->name, kind, turn->said, &state,
			   &error)) {
		fail(turn, error);
		return;
	}
	if (!schedule_is_due(&state, schedule->now_us) &&
	    !(turn->asked && (state.learns || kind == MODEL_RELEVANCE)))
		return;
	key = key_of(turn->name, kind, state.n + 1);
	if (rests(turn, kind, key))
		return;
	id_new(owner);
	if (store_job_claim(store, SCHEDULE_TRAIN, key, owner,
			    SCHEDULE_LEASE_US, &error)) {
		train_claimed(turn, kind, key, owner);
	} else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT)) {
		turn->waits = TRUE;
		g_error_free(error);
	} else {
		fail(turn, error);
	}
}

/* --- everybody's turn */

static gboolean
read_said(struct turn *turn, GError **error)
{
	struct store *store = turn->run->schedule->retrain->store;
	const GPtrArray *members = turn->whose.members;

	for (guint i = 0; i < members->len; i++) {
		g_autoptr(GPtrArray) said = store_feedback_list(
			store, members->pdata[i], 0, FALSE, error);

		if (!said)
			return FALSE;
		g_ptr_array_extend_and_steal(turn->said,
					     g_steal_pointer(&said));
	}
	return TRUE;
}

static void
train_kinds(struct turn *turn)
{
	GError *error = NULL;

	if (!read_said(turn, &error)) {
		fail(turn, error);
		return;
	}
	train_kind(turn, MODEL_RELEVANCE);
	train_kind(turn, MODEL_OUTREACH);
}

/* A buyer's wish, or else what is due. */
static void
grant(struct turn *turn, const struct store_job *wish)
{
	struct store *store = turn->run->schedule->retrain->store;
	char owner[ID_LEN + 1];
	GError *error = NULL;

	id_new(owner);
	turn->asked = store_job_claim(store, SCHEDULE_WISH, wish->key, owner,
				      SCHEDULE_LEASE_US, &error);
	if (!turn->asked) {
		if (!g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT))
			fail(turn, error);
		else
			g_error_free(error);
		return;
	}
	turn->eager = !strstr(wish->note, FAILED);
	train_kinds(turn);
	if (turn->note->len == 0)
		g_string_append(turn->note, "waits for a training under way");
	if (!store_job_settle(store, SCHEDULE_WISH, wish->key, owner,
			      !turn->waits, turn->note->str, &error))
		fail(turn, error);
}

static void
take_turn(struct run *run, const struct retrain_whose *whose)
{
	struct store *store = run->schedule->retrain->store;
	struct turn turn = {
		.run = run,
		.whose = *whose,
		.name = name_of(whose),
		.said = g_ptr_array_new_with_free_func(
			(GDestroyNotify)store_feedback_free),
		.note = g_string_new(NULL),
	};
	g_autoptr(StoreJob) wish =
		whose->team ? NULL : schedule_wished(store, whose->name);

	if (wish)
		grant(&turn, wish);
	else
		train_kinds(&turn);
	if (run->schedule->step && !whose->team)
		run->schedule->step(run->schedule->data, ++run->done,
				    run->total);
	g_ptr_array_unref(turn.said);
	retrain_labels_free(turn.labels);
	g_string_free(turn.note, TRUE);
	g_free(turn.name);
}

static void
take_buyer(struct run *run, char *buyer)
{
	g_autoptr(GPtrArray) members = g_ptr_array_new();
	const struct retrain_whose whose = { buyer, FALSE, members };

	g_ptr_array_add(members, buyer);
	take_turn(run, &whose);
}

/* Those of the team's model who are buyers still; of all, all. */
static GPtrArray *
members_of(const struct run *run, const struct card *card)
{
	const struct snapshot *snapshot = run->schedule->retrain->snapshot;
	GPtrArray *members = g_ptr_array_new();

	if (strcmp(card->adapts.whose, PROMOTION_ALL) == 0) {
		for (guint i = 0; i < snapshot->buyers->len; i++) {
			const struct buyer *buyer = snapshot->buyers->pdata[i];

			g_ptr_array_add(members, buyer->profile->id);
		}
		return members;
	}
	for (char **id = card->adapts.members; *id; id++)
		if (snapshot_find(snapshot, *id))
			g_ptr_array_add(members, *id);
	return members;
}

static void
take_team(struct run *run, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "card.yaml", NULL);
	g_autoptr(Card) card = card_load(path, NULL);
	g_autoptr(GPtrArray) members = NULL;
	struct retrain_whose whose;

	if (!card || !card->adapts.members || !card->adapts.whose)
		return;
	members = members_of(run, card);
	whose = (struct retrain_whose){ card->adapts.whose, TRUE, members };
	if (members->len > 0)
		take_turn(run, &whose);
}

/* Each once, whichever kinds of model they have. */
static void
take_teams(struct run *run)
{
	g_autoptr(GPtrArray) entries =
		promotion_list(run->schedule->retrain->folder);
	g_autofree char *last = g_strdup("");

	for (guint i = 0; i < entries->len; i++) {
		const struct promotion_entry *entry = entries->pdata[i];
		g_autofree char *team = NULL;

		if (!entry->place ||
		    !g_str_has_prefix(entry->place, PROMOTION_TEAMS "/"))
			continue;
		team = g_path_get_dirname(entry->place);
		if (strcmp(team, last) != 0)
			take_team(run, entry->folder);
		g_free(last);
		last = g_steal_pointer(&team);
	}
}

gboolean
schedule_run(const struct schedule *schedule, GError **error)
{
	const GPtrArray *buyers = schedule->retrain->snapshot->buyers;
	struct run run = { .schedule = schedule, .total = buyers->len };

	for (guint i = 0; i < buyers->len; i++) {
		const struct buyer *buyer = buyers->pdata[i];

		take_buyer(&run, buyer->profile->id);
	}
	take_teams(&run);
	if (!run.error)
		return TRUE;
	g_propagate_error(error, run.error);
	return FALSE;
}

gboolean
schedule_note(struct store *store, const struct retrain_whose *whose,
	      const struct retrain_outcome *outcome, GError **error)
{
	g_autofree char *name = name_of(whose);
	g_autofree char *text = retrain_text(outcome);
	g_autofree char *key = NULL;
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	struct schedule_state state;
	char owner[ID_LEN + 1];

	if (!schedule_look(store, name, outcome->kind, none, &state, error))
		return FALSE;
	key = key_of(name, outcome->kind, state.n + 1);
	id_new(owner);
	return store_job_claim(store, SCHEDULE_TRAIN, key, owner,
			       SCHEDULE_LEASE_US, error) &&
	       store_job_settle(store, SCHEDULE_TRAIN, key, owner, TRUE, text,
				error);
}
