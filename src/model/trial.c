#include "model/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/metrics.h"
#include "trial_private.h"

/* What is held out, and what both models say of it. */
struct hearing {
	const struct adapt_label *labels;
	guint n;
	double *serving; /* logits */
	double *candidate;
};

void
trial_free(struct trial *trial)
{
	if (trial == NULL)
		return;
	g_free(trial->why);
	adapter_free(trial->adapter);
	g_free(trial);
}

G_GNUC_PRINTF(3, 4)
static gboolean
refuse(struct trial *trial, enum trial_result result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	trial->result = result;
	trial->why = g_strdup_vprintf(format, args);
	va_end(args);
	return FALSE;
}

/* Whether all that the serving model learned from still stands. */
static gboolean
serving_stands(const struct trial_request *request)
{
	const struct card *card = adapter_card(request->serving);
	guint n = 0;

	for (guint i = 0; i < request->n; i++)
		n += request->labels[i].time_us <= card->adapts.learned_us;
	return n >= card->examples;
}

static guint
newer_than(const GArray *labels, gint64 time_us)
{
	guint n = 0;

	for (guint i = 0; i < labels->len; i++)
		n += g_array_index(labels, struct adapt_label, i).time_us >
		     time_us;
	return n;
}

/* The newest, which both must be among: else nothing can be ranked. */
static gboolean
is_mixed(const GArray *labels, guint held)
{
	guint positive = 0;

	for (guint i = labels->len - held; i < labels->len; i++)
		positive +=
			g_array_index(labels, struct adapt_label, i).positive
				? 1
				: 0;
	return positive > 0 && positive < held;
}

static gboolean
split(const struct trial_request *request, const GArray *labels,
      struct trial *trial)
{
	const guint n = labels->len;
	guint held = MAX(TRIAL_HELD_MIN, (n * 3 + 5) / 10);
	guint fresh = n;

	if (n < TRIAL_HELD_MIN + TRIAL_LEARN_MIN)
		return refuse(trial, TRIAL_FEW,
			      "%u labels count: %d are needed, %d to learn "
			      "from and %d to try it on",
			      n, TRIAL_HELD_MIN + TRIAL_LEARN_MIN,
			      TRIAL_LEARN_MIN, TRIAL_HELD_MIN);
	trial->starter = request->serving != NULL && !request->shared &&
			 !serving_stands(request);
	if (request->serving != NULL && !trial->starter)
		fresh = newer_than(
			labels,
			adapter_card(request->serving)->adapts.learned_us);
	if (fresh < TRIAL_HELD_MIN)
		return refuse(trial, TRIAL_FEW,
			      "%u labels count that are newer than what the "
			      "serving model learned from: %d are needed to "
			      "try a new one on",
			      fresh, TRIAL_HELD_MIN);
	held = MIN(held, fresh);
	if (!is_mixed(labels, held))
		return refuse(trial, TRIAL_FEW,
			      "the newest %u labels are all of one kind; label "
			      "some of the other too",
			      held);
	trial->held_out = held;
	trial->learned = n - trial->held_out;
	return TRUE;
}

static double
loss_of(const struct adapt_label *label, double logit)
{
	const double against = label->positive ? -logit : logit;

	return against > 0 ? against + log1p(exp(-against))
			   : log1p(exp(against));
}

static struct trial_score
score_of(const struct hearing *hearing, const double *logits)
{
	g_autofree struct scored *scored = g_new(struct scored, hearing->n + 1);
	struct trial_score score = { 0, NAN };

	for (guint i = 0; i < hearing->n; i++) {
		scored[i] = (struct scored){ logits[i],
					     hearing->labels[i].positive, 0 };
		score.loss += loss_of(&hearing->labels[i], logits[i]);
	}
	score.loss /= MAX(hearing->n, 1);
	score.auc = metrics_auc(scored, hearing->n).value;
	return score;
}

/* The gain in log-loss of each vendor; who has none is one by itself. */
static guint
gains_of(const struct hearing *hearing, double *gains)
{
	g_autoptr(GHashTable) places =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint n = 0;

	for (guint i = 0; i < hearing->n; i++) {
		const struct adapt_label *label = &hearing->labels[i];
		const double gain = loss_of(label, hearing->serving[i]) -
				    loss_of(label, hearing->candidate[i]);
		gpointer place = NULL;

		if (label->vendor[0] != '\0' &&
		    g_hash_table_lookup_extended(places, label->vendor, NULL,
						 &place)) {
			gains[GPOINTER_TO_UINT(place)] += gain;
			continue;
		}
		g_hash_table_insert(places, g_strdup(label->vendor),
				    GUINT_TO_POINTER(n));
		gains[n++] = gain;
	}
	return n;
}

/* Of a label, with the spread that there is between vendors. */
static struct estimate
gain_of(const double *gains, guint n, guint labels)
{
	struct estimate gain = metrics_mean(gains, n);
	const double share = (double)n / MAX(labels, 1);

	gain.value *= share;
	gain.low *= share;
	/* Not metrics_mean()'s, which knows figures up to 1. */
	gain.high = 2 * gain.value - gain.low;
	return gain;
}

static int
by_value(const void *a, const void *b)
{
	const double x = *(const double *)a;
	const double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
range_of(const struct hearing *hearing, double range[3])
{
	static const double at[] = { 0.05, 0.5, 0.95 };
	g_autofree double *sorted =
		g_memdup2(hearing->candidate, hearing->n * sizeof(double));

	qsort(sorted, hearing->n, sizeof sorted[0], by_value);
	for (guint i = 0; i < G_N_ELEMENTS(at); i++)
		range[i] = adapt_probability(
			sorted[(guint)lrint(at[i] * (hearing->n - 1))]);
}

static gboolean
compare(const struct hearing *hearing, struct trial *trial)
{
	g_autofree double *gains = g_new(double, hearing->n + 1);
	const guint n = gains_of(hearing, gains);

	trial->serving = score_of(hearing, hearing->serving);
	trial->candidate = score_of(hearing, hearing->candidate);
	trial->p = trial_permute(gains, n);
	trial->gain = gain_of(gains, n, hearing->n);
	range_of(hearing, trial->range);
	if (!(trial->candidate.loss < trial->serving.loss))
		return refuse(trial, TRIAL_WORSE,
			      "it is no better than what serves on the %u "
			      "newest labels: log-loss %.4f against %.4f",
			      hearing->n, trial->candidate.loss,
			      trial->serving.loss);
	/* So put that a NaN is no pass. */
	if (!(trial->candidate.auc >= trial->serving.auc))
		return refuse(trial, TRIAL_WORSE,
			      "it ranks the %u newest labels worse than what "
			      "serves: area under the ROC curve %.4f against "
			      "%.4f",
			      hearing->n, trial->candidate.auc,
			      trial->serving.auc);
	if (hearing->n >= TRIAL_TEST_MIN && !(trial->p < TRIAL_P_MAX))
		return refuse(trial, TRIAL_WORSE,
			      "that it is better on the %u newest labels may "
			      "be chance: log-loss %.4f against %.4f, p = %.3f "
			      "of a paired permutation test, must be under "
			      "%.2f",
			      hearing->n, trial->candidate.loss,
			      trial->serving.loss, trial->p, TRIAL_P_MAX);
	return TRUE;
}

static gboolean
hear(const struct trial_request *request, const struct adapter *candidate,
     const GArray *labels, struct trial *trial)
{
	const struct adapter *serving =
		trial->starter ? NULL : request->serving;
	struct hearing hearing = {
		.labels = &g_array_index(labels, struct adapt_label,
					 trial->learned),
		.n = trial->held_out,
		.serving = g_new(double, trial->held_out + 1),
		.candidate = g_new(double, trial->held_out + 1),
	};
	gboolean better;

	for (guint i = 0; i < hearing.n; i++) {
		const struct adapt_label *label = &hearing.labels[i];

		hearing.candidate[i] =
			adapter_judge(candidate, request->background,
				      label->imprint, label->logit);
		hearing.serving[i] =
			serving != NULL
				? adapter_judge(serving, request->background,
						label->imprint, label->logit)
				: label->logit;
	}
	better = compare(&hearing, trial);
	g_free(hearing.serving);
	g_free(hearing.candidate);
	return better;
}

/* No message that must never be held may reach the threshold. */
static gboolean
golden_passes(const struct trial_request *request,
	      const struct adapter *adapter, struct trial *trial)
{
	guint held = 0;

	trial->golden = 0;
	trial->golden_most = 0;
	for (guint i = 0; request->golden != NULL && i < request->golden->len;
	     i++) {
		const struct imprint *imprint = request->golden->pdata[i];
		const double p = adapt_probability(
			adapter_judge(adapter, request->background, imprint,
				      imprint->outreach.logit));

		if (adapt_probability(imprint->outreach.logit) >= request->hold)
			continue;
		trial->golden++;
		held += p >= request->hold;
		trial->golden_most = MAX(trial->golden_most, p);
	}
	if (held == 0)
		return TRUE;
	return refuse(trial, TRIAL_GOLDEN,
		      "it would hold %u of the %u messages of the golden set, "
		      "which must never be held (the highest at %.2f, held "
		      "from %.2f)",
		      held, trial->golden, trial->golden_most, request->hold);
}

static void
count(const GArray *labels, struct trial *trial)
{
	g_autoptr(GHashTable) vendors =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	trial->counted = labels->len;
	for (guint i = 0; i < labels->len; i++) {
		const struct adapt_label *label =
			&g_array_index(labels, struct adapt_label, i);

		trial->positive += label->positive ? 1 : 0;
		g_hash_table_add(vendors, g_strdup(label->vendor));
	}
	trial->vendors = g_hash_table_size(vendors);
}

struct trial *
trial_run(const struct trial_request *request)
{
	struct trial *trial = g_new0(struct trial, 1);
	g_autoptr(GArray) labels =
		adapt_select(request->labels, request->n, request->team);
	const struct adapt_label *first =
		(const struct adapt_label *)(void *)labels->data;
	g_autoptr(Adapter) candidate = NULL;
	g_autoptr(Adapter) whole = NULL;

	trial->p = NAN;
	trial->serving = trial->candidate = (struct trial_score){ NAN, NAN };
	trial->gain = (struct estimate){ NAN, NAN, NAN };
	count(labels, trial);
	if (!split(request, labels, trial))
		return trial;
	candidate = adapter_fit(request->background, first, trial->learned);
	if (!hear(request, candidate, labels, trial) ||
	    !golden_passes(request, candidate, trial))
		return trial;
	whole = adapter_fit(request->background, first, labels->len);
	if (golden_passes(request, whole, trial))
		trial->adapter = g_steal_pointer(&whole);
	return trial;
}
