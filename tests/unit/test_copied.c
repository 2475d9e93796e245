/* Words of a profile that were put into mail for the filter. */
#include <glib.h>
#include <string.h>

#include "../../src/features/copied_private.h"
#include "profile/faults.h"

#define WANTED                                                                 \
	"We replace paper temperature logs in nine refrigerated warehouses "   \
	"with wireless probes that survive washing, alarm a supervisor "       \
	"before "                                                              \
	"produce spoils, and leave calibration certificates that auditors of " \
	"supermarket chains accept. Battery life beyond three winters, "       \
	"gateways without cabling and export into our quality records count. " \
	"Courier trackers and thermal cameras do not."
#define SHUFFLED                                                               \
	"gateways probes spoils supervisor logs battery wireless auditors "    \
	"warehouses certificates cabling supermarket refrigerated accept "     \
	"produce winters calibration washing records temperature export "      \
	"quality paper chains alarm replace survive leave"
#define OWN                                                                    \
	"Hello Ines,\n\nour barbershop chain opens a salon round the corner "  \
	"from you in May. Everybody on your floor gets a haircut at half the " \
	"usual price that month, and the first fifty visitors a free shave. "  \
	"Shall I drop off vouchers at reception on Thursday?\n\n"
#define TENDER                                                                 \
	"Dear Ines,\n\nthank you for publishing the tender, which we quote "   \
	"below. Our Frostline probes carry wireless temperature readings to "  \
	"one gateway a hall; two dairies near you have relied on them since "  \
	"2021. Our price for nine sites and the delivery plan follow on "      \
	"Friday. You asked for:\n\n"

static const char profile_text[] =
	"version: 1\n"
	"buyer: {name: Ines, addresses: [ines@buyer.example]}\n"
	"priorities:\n"
	"  - id: cold\n"
	"    name: Temperature monitoring\n"
	"    about: " WANTED "\n"
	"    keywords: [temperature probe, cold chain]\n"
	"  - id: fork\n"
	"    name: Forklift leasing\n"
	"    about: Electric forklifts for narrow aisles on a monthly lease.\n"
	"    keywords: [forklift]\n"
	"not_interested:\n"
	"  - name: Haircuts and vouchers\n"
	"    keywords: [barbershop, salon, haircut, shave]\n";

struct world {
	struct profile *profile;
	struct background *background;
	struct interest *interest;
	GBytes *bytes;
	struct mail *mail;
	struct reading *reading;
};

static void
world_open(struct world *world, const char *subject, const char *body)
{
	g_autoptr(Faults) faults = faults_new();
	g_autofree guint8 *idf = g_malloc0(TERM_BUCKETS);
	g_autoptr(GBytes) table = g_bytes_new(idf, TERM_BUCKETS);
	char *text = g_strdup_printf(
		"Subject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n",
		subject, body);

	world->profile = profile_parse("p.yaml", profile_text,
				       strlen(profile_text), faults);
	g_assert_nonnull(world->profile);
	world->background = background_new_from_bytes(table);
	world->interest = interest_new(world->profile, world->background);
	world->bytes = g_bytes_new_take(text, strlen(text));
	world->mail = mail_new(world->bytes, NULL);
	world->reading = reading_new(world->mail);
}

static void
world_close(struct world *world)
{
	reading_free(world->reading);
	mail_free(world->mail);
	g_bytes_unref(world->bytes);
	interest_free(world->interest);
	background_free(world->background);
	profile_free(world->profile);
}

/* How near the best priority is; `priority` is set. */
static double
overall(const char *subject, const char *body, int *priority)
{
	struct vector vector = { NULL, 0, 0 };
	struct world world;
	double value = 0;

	world_open(&world, subject, body);
	relevance_vector(world.reading, world.interest, 0, &vector, priority,
			 NULL);
	for (guint i = 0; i < vector.n; i++)
		if (strcmp(relevance_name(vector.items[i].index), "overall") ==
		    0)
			value = (double)vector.items[i].value;
	vector_clear(&vector);
	world_close(&world);
	return value;
}

static struct reading *
cut_of(const struct world *world)
{
	struct lookups lookups = lookups_read(world->reading, world->interest);
	struct reading *cut =
		copied_cut(world->reading, world->interest, &lookups);

	lookups_clear(&lookups);
	return cut;
}

static gboolean
is_cut(const char *subject, const char *body)
{
	struct vector vector = { NULL, 0, 0 };
	struct world world;
	struct reading *cut;
	gboolean found;
	gboolean told = -1;
	int priority;

	world_open(&world, subject, body);
	cut = cut_of(&world);
	found = cut != NULL;
	copied_free(cut);
	relevance_vector(world.reading, world.interest, 0, &vector, &priority,
			 &told);
	g_assert_cmpint(told, ==, found);
	vector_clear(&vector);
	world_close(&world);
	return found;
}

static void
honest_mail_is_whole(void)
{
	g_assert_false(is_cut("Hello", ""));
	g_assert_false(is_cut("Half price in May", OWN));
	g_assert_false(
		is_cut("Temperature probes for cold warehouses", TENDER));
	/* A sentence that says what is wanted is no copy. */
	g_assert_false(is_cut("Wireless temperature probes",
			      OWN "wireless probes alarm a supervisor before "
				  "produce spoils"));
}

struct row {
	const char *name;
	const char *subject;
	const char *body;
};

static const struct row stuffed[] = {
	{ "behind", "Half price in May", OWN WANTED },
	{ "in-front", "Half price in May", WANTED "\n\n" OWN },
	{ "in-the-signature", "Half price in May", OWN "-- \n" WANTED },
	{ "shuffled", "Half price in May", OWN SHUFFLED },
	{ "quoted-by-next-to-nothing", "Re: Half price in May",
	  "Hair?\n\nOn Monday Ines wrote:\n> " WANTED },
	{ "subject", SHUFFLED, OWN },
	{ "subject-and-text", "Wireless temperature probes", OWN WANTED },
	{ "german", "Zum halben Preis",
	  "Guten Tag, unser neuer Friseur eröffnet im Mai bei Ihnen um die "
	  "Ecke, und wir laden Sie und alle aus Ihrem Haus zu einem "
	  "Haarschnitt ein. Wann darf ich Ihnen die Gutscheine "
	  "bringen?\n\n" SHUFFLED },
	{ "a-url-between", "Half price in May",
	  OWN "gateways probes spoils supervisor logs battery "
	      "https://wireless-temperature.example/probes/logs wireless "
	      "auditors warehouses certificates cabling supermarket "
	      "refrigerated accept produce winters calibration washing" },
};

/* No nearer than the mail's own words are. */
static void
stuffing_gains_nothing(gconstpointer data)
{
	const struct row *row = data;
	int priority;
	const double own = overall("Half price in May", OWN, &priority);

	g_assert_true(is_cut(row->subject, row->body));
	g_assert_cmpfloat(overall(row->subject, row->body, &priority), <,
			  own + 0.5);
}

/* Who answers a tender and quotes it is read by what he says himself. */
static void
tender_is_answered(void)
{
	int priority = -1;
	const double quoted = overall("Re: Tender for temperature monitoring",
				      TENDER WANTED, &priority);

	g_assert_cmpint(priority, ==, 0);
	g_assert_cmpfloat(quoted, >, 2);
	g_assert_cmpfloat(
		quoted, >,
		2 * overall("Half price in May", OWN WANTED, &priority));
}

/* What stood on both sides of a passage is not read as one sentence. */
static void
cut_ends_a_sentence(void)
{
	struct world world;
	struct reading *cut;
	guint gaps = 0;

	world_open(&world, "Hello", "paint " SHUFFLED " brush");
	cut = cut_of(&world);
	g_assert_nonnull(cut);
	g_assert_cmpuint(cut->text.words->len, ==, 2);
	for (guint i = 0; i < cut->text.words->len; i++)
		gaps += g_array_index(cut->text.words, struct word, i).gap;
	g_assert_cmpuint(gaps, ==, 1);
	g_assert_cmpuint(cut->text.hash[1], ==, word_hash("brush", 5));
	g_assert_null(strstr(cut->text.folded, "gateways"));
	g_assert_nonnull(strstr(cut->text.folded, "brush"));
	/* The message itself is as it was. */
	g_assert_nonnull(strstr(world.reading->text.folded, "gateways"));
	copied_free(cut);
	world_close(&world);
}

/* More words than are stemmed. */
static void
long_mail_is_cut(void)
{
	g_autoptr(GString) body = g_string_new(NULL);
	struct world world;
	struct reading *cut;

	while (body->len < 30000)
		g_string_append(body, OWN WANTED " ");
	world_open(&world, "Hello", body->str);
	cut = cut_of(&world);
	g_assert_nonnull(cut);
	g_assert_cmpuint(cut->text.words->len, <,
			 world.reading->text.words->len);
	copied_free(cut);
	world_close(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/copied/honest", honest_mail_is_whole);
	for (guint i = 0; i < G_N_ELEMENTS(stuffed); i++) {
		g_autofree char *name =
			g_strdup_printf("/copied/stuffed/%s", stuffed[i].name);
		g_test_add_data_func(name, &stuffed[i], stuffing_gains_nothing);
	}
	g_test_add_func("/copied/tender", tender_is_answered);
	g_test_add_func("/copied/sentence", cut_ends_a_sentence);
	g_test_add_func("/copied/long", long_mail_is_cut);
	return g_test_run();
}
