/*
 * How much a few labels teach: `make learning`. Buyers that the starter had
 * not seen, half of their mail kept back (campaigns whole), labels from the
 * other half in the review queue's order (the unsure first), three splits.
 */
#include <stdio.h>
#include <string.h>

#include "../unit/learn_world.h"
#include "model/trial.h"

#define SEEDS 3

static const guint counts[] = { 0, 10, 20, 50 };

/* Sums over buyers and splits. */
struct row {
	double auc;
	double loss;
	double worst; /* against the starter */
	double labels;
	double served; /* area of what a trial would let serve */
	guint passed;
	gint64 us;
};

struct table {
	struct row rows[G_N_ELEMENTS(counts)];
	guint runs;
};

static double
loss_of(const struct learn_world *world, const struct learn_halves *halves,
	const struct adapter *adapter)
{
	double sum = 0;

	for (guint i = 0; i < halves->kept->len; i++) {
		const struct learn_item *item = halves->kept->pdata[i];
		const double logit =
			adapter_judge(adapter, world->training.background,
				      item->imprint, item->logit);

		sum += log1p(exp(item->relevant ? -logit : logit));
	}
	return sum / halves->kept->len;
}

/* The mail comes in any order: a trial's is of time. */
static void
try_it(const struct learn_world *world, const struct learn_halves *halves,
       GArray *labels, guint seed, struct row *row)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	g_autoptr(GArray) timed = g_array_copy(labels);
	const struct trial_request request = {
		.background = world->training.background,
		.labels = (const struct adapt_label *)(void *)timed->data,
		.n = timed->len,
	};
	g_autoptr(Trial) trial = NULL;

	for (guint i = 0; i < timed->len; i++)
		g_array_index(timed, struct adapt_label, i).time_us =
			g_rand_int(dice);
	trial = trial_run(&request);
	row->passed += trial->result == TRIAL_PASSED;
	row->served += learn_auc(world, halves, trial->adapter);
}

static void
measure(const struct learn_world *world, guint buyer, guint seed,
	struct table *table)
{
	struct learn_halves halves;
	g_autoptr(GArray) labels =
		g_array_new(FALSE, FALSE, sizeof(struct adapt_label));
	double starter;

	learn_halve(world, buyer, seed, &halves);
	g_ptr_array_sort(halves.pool, learn_unsure);
	starter = learn_auc(world, &halves, NULL);
	table->runs += learn_can_tell(&halves) ? 1 : 0;
	for (guint k = 0; k < G_N_ELEMENTS(counts) && learn_can_tell(&halves);
	     k++) {
		struct row *row = &table->rows[k];
		g_autoptr(Adapter) adapter = NULL;
		gint64 began;
		double auc;

		while (labels->len < MIN(counts[k], halves.pool->len)) {
			const struct adapt_label label = learn_label(
				halves.pool->pdata[labels->len], labels->len);

			g_array_append_val(labels, label);
		}
		began = g_get_monotonic_time();
		adapter =
			adapter_fit(world->training.background,
				    (struct adapt_label *)(void *)labels->data,
				    labels->len);
		row->us += g_get_monotonic_time() - began;
		auc = learn_auc(world, &halves, adapter);
		row->auc += auc;
		row->loss += loss_of(world, &halves, adapter);
		row->worst = MIN(row->worst, auc - starter);
		row->labels += labels->len;
		try_it(world, &halves, labels, seed, row);
	}
	learn_halves_clear(&halves);
}

static void
print(const struct table *table)
{
	printf("labels  (had)  AUC     log-loss  worst    trials passed  "
	       "AUC served  ms\n");
	for (guint k = 0; k < G_N_ELEMENTS(counts); k++) {
		const struct row *row = &table->rows[k];
		const double n = table->runs;

		printf("%6u  %5.1f  %.4f  %.4f    %+.4f  %6.0f %%       "
		       "%.4f      %.2f\n",
		       counts[k], row->labels / n, row->auc / n, row->loss / n,
		       row->worst, 100 * row->passed / n, row->served / n,
		       (double)row->us / n / 1000);
	}
}

/* What 200 labels cost, buyers mixed; and what imprints take. */
static void
print_costs(const struct learn_world *world)
{
	g_autoptr(GArray) labels =
		g_array_new(FALSE, FALSE, sizeof(struct adapt_label));
	gsize bytes = 0;
	gsize most = 0;
	gint64 began;

	for (guint i = 0; i < world->n; i += MAX(world->n / 200, 1)) {
		struct adapt_label label = learn_label(&world->items[i], i);

		label.vendor = label.message = "";
		if (labels->len < 200)
			g_array_append_val(labels, label);
	}
	began = g_get_monotonic_time();
	{
		const struct trial_request request = {
			.background = world->training.background,
			.labels = (const struct adapt_label *)(void *)
					  labels->data,
			.n = labels->len,
		};
		g_autoptr(Trial) trial = trial_run(&request);

		printf("a trial of %u labels: %.0f ms\n", trial->counted,
		       (double)(g_get_monotonic_time() - began) / 1000);
	}
	began = g_get_monotonic_time();
	for (guint i = 0; i < world->n; i++) {
		g_autoptr(GBytes) packed =
			imprint_pack(world->items[i].imprint);

		bytes += g_bytes_get_size(packed);
		most = MAX(most, g_bytes_get_size(packed));
	}
	printf("imprints: %.0f bytes, at most %" G_GSIZE_FORMAT
	       "; packing one %.2f us\n",
	       (double)bytes / world->n, most,
	       (double)(g_get_monotonic_time() - began) / world->n);
}

enum poison { PURE, TENTH, BURST, POISONS };

static const char *const poisons[] = { "none", "a tenth flipped",
				       "40 flips of one vendor" };

/* Every label of the half, and what wrong ones among them do. */
static void
print_poison(const struct learn_world *world, enum poison poison)
{
	double auc[3] = { 0, 0, 0 };
	double worst = 0;
	guint passed = 0;
	guint runs = 0;

	for (guint seed = 1; seed <= SEEDS; seed++)
		for (guint buyer = 0; buyer < world->buyers; buyer++) {
			struct learn_halves halves;
			g_autoptr(GArray) labels = NULL;
			g_autoptr(Trial) trial = NULL;
			g_autoptr(Adapter) adapter = NULL;
			struct trial_request request = {
				.background = world->training.background,
			};
			double served;

			learn_halve(world, buyer, seed, &halves);
			labels = learn_labels(&halves, seed);
			if (poison == TENTH)
				learn_poison_tenth(labels, seed);
			if (poison == BURST)
				learn_poison_burst(labels, seed, 40);
			request.labels = (const struct adapt_label *)(void *)
						 labels->data;
			request.n = labels->len;
			if (learn_can_tell(&halves)) {
				double starter =
					learn_auc(world, &halves, NULL);
				trial = trial_run(&request);
				adapter =
					adapter_fit(request.background,
						    request.labels, request.n);
				served = learn_auc(world, &halves,
						   trial->adapter);
				auc[0] += starter;
				auc[1] += learn_auc(world, &halves, adapter);
				auc[2] += served;
				worst = MIN(worst, served - starter);
				passed += trial->result == TRIAL_PASSED;
				runs++;
			}
			learn_halves_clear(&halves);
		}
	printf("poison: %-24s AUC starter %.4f, unchecked %.4f, served %.4f "
	       "(worst %+.4f), %u of %u passed\n",
	       poisons[poison], auc[0] / runs, auc[1] / runs, auc[2] / runs,
	       worst, passed, runs);
}

int
main(void)
{
	struct learn_world world = { .n = 0 };
	struct table table = { .runs = 0 };

	learn_world_open(&world);
	for (guint seed = 1; seed <= SEEDS; seed++)
		for (guint buyer = 0; buyer < world.buyers; buyer++)
			measure(&world, buyer, seed, &table);
	print(&table);
	for (int poison = 0; poison < POISONS; poison++)
		print_poison(&world, (enum poison)poison);
	print_costs(&world);
	learn_world_close(&world);
	return 0;
}
