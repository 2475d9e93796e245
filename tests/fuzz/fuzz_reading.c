/* Any bytes as a message, all the way to both vectors and their names. */
#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "features/outreach.h"
#include "features/relevance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char profile_text[] =
	"version: 1\n"
	"buyer: {addresses: [priya@buyer.example]}\n"
	"priorities:\n"
	"  - {id: edr, name: Endpoint detection, keywords: [EDR, antivirus]}\n"
	"  - {id: vans, name: Lieferwagen, about: Vans without diesel.}\n"
	"not_interested: [coffee]\n";

/* What does not change between messages; made once, never freed. */
struct world {
	struct signals *signals;
	struct background *background;
	struct profile *profile;
	struct interest *interest;
};

static gpointer
world_new(gpointer unused)
{
	struct world *world = g_new0(struct world, 1);
	g_autofree guint8 *table = g_malloc(TERM_BUCKETS);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GBytes) bytes = NULL;

	(void)unused;
	for (guint i = 0; i < TERM_BUCKETS; i++)
		table[i] = (guint8)(i % 97);
	bytes = g_bytes_new(table, TERM_BUCKETS);
	world->signals = signals_builtin();
	world->background = background_new_from_bytes(bytes);
	world->profile = profile_parse("p.yaml", profile_text,
				       strlen(profile_text), faults);
	world->interest = interest_new(world->profile, world->background);
	return world;
}

static void
check_outreach(struct reading *reading, const struct world *world)
{
	g_autoptr(GHashTable) names = outreach_names(reading);
	struct vector vector = { NULL, 0, 0 };
	double squares = 0;

	outreach_vector(reading, world->signals, world->background, &vector);
	for (guint i = 0; i < vector.n; i++) {
		const struct feature *item = &vector.items[i];

		g_assert(item->index < OUTREACH_SIZE);
		g_assert(isfinite(item->value) && item->value >= 0);
		g_assert(g_hash_table_contains(names,
					       GUINT_TO_POINTER(item->index)));
		squares += (double)(item->value * item->value);
	}
	/* Five blocks, and at most every dense feature. */
	g_assert(squares < 3.6 + OUTREACH_DENSE_MAX * 0.04);
	vector_sort(&vector);
	for (guint i = 1; i < vector.n; i++)
		g_assert(vector.items[i - 1].index < vector.items[i].index);
	vector_clear(&vector);
}

static void
check_relevance(struct reading *reading, const struct world *world)
{
	struct vector vector = { NULL, 0, 0 };
	int priority = -2;

	relevance_vector(reading, world->interest, 0, &vector, &priority, NULL);
	g_assert(priority >= -1 && priority < 2);
	for (guint i = 0; i < vector.n; i++) {
		g_assert(vector.items[i].index < RELEVANCE_SIZE);
		g_assert(isfinite(vector.items[i].value));
	}
	vector_clear(&vector);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static GOnce once = G_ONCE_INIT;
	const struct world *world = g_once(&once, world_new, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);

	check_outreach(reading, world);
	check_relevance(reading, world);
	return 0;
}
