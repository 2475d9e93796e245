#include <glib.h>
#include <math.h>
#include <string.h>

#include "features/outreach.h"
#include "features/relevance.h"

static const char pitch[] =
	"From: Sam Vendor <sam@vendor.example>\r\n"
	"To: priya@buyer.example\r\n"
	"Subject: Re: quick call about endpoint detection\r\n"
	"\r\n"
	"Hi Priya,\r\n\r\nMy name is Sam and I wanted to introduce our "
	"managed detection and response service. Hospitals like yours cut "
	"the time to contain by 80%. Are you free for 15 minutes next week? "
	"https://calendly.com/sam\r\n\r\nIf you prefer not to hear from me, "
	"unsubscribe here.\r\n\r\nSam\r\n";

static const char german[] =
	"From: Jan Kauf <jan@anbieter.example>\r\n"
	"Subject: Kurzes Gespraech\r\n"
	"Content-Type: text/plain; charset=utf-8\r\n"
	"\r\n"
	"Guten Tag Frau Nair, darf ich mich kurz vorstellen? Wir helfen "
	"Kliniken. Haben Sie zeit f\xc3\xbcr ein Telefonat? Unsere "
	"L\xc3\xb6sung "
	"ist unverbindlich zu testen. Abmelden jederzeit.\r\n";

static const char profile_text[] =
	"version: 1\n"
	"buyer:\n"
	"  name: Priya\n"
	"  addresses: [priya@buyer.example]\n"
	"priorities:\n"
	"  - id: edr\n"
	"    name: Endpoint detection\n"
	"    about: Replace antivirus with managed detection and response "
	"that\n"
	"      contains an infected hospital workstation quickly.\n"
	"    keywords: [EDR, \"managed detection and response\"]\n"
	"  - id: fleet\n"
	"    name: Electric vans\n"
	"    about: Delivery vans with a range of 300 km and depot charging.\n"
	"    keywords: [\"electric van\", charging]\n"
	"not_interested:\n"
	"  - name: penetration testing\n"
	"    keywords: [pentest]\n";

/* A message read, with what must outlive it. */
struct world {
	GBytes *bytes;
	struct mail *mail;
	struct reading *reading;
};

static void
world_open(struct world *world, const char *text)
{
	world->bytes = g_bytes_new(text, strlen(text));
	world->mail = mail_new(world->bytes, NULL);
	world->reading = reading_new(world->mail);
}

static void
world_close(struct world *world)
{
	reading_free(world->reading);
	mail_free(world->mail);
	g_bytes_unref(world->bytes);
}

static struct background *
background_of(struct world *world, guint blocks)
{
	g_autoptr(GPtrArray) documents = g_ptr_array_new();
	g_autoptr(GArray) terms =
		terms_new(world->reading, (1u << TERM_BLOCKS) - 1);
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(struct term));
	struct background *background;

	/* Two with the terms, so that they count; others that lack them. */
	for (guint i = 0; i < 8; i++)
		g_ptr_array_add(documents, i < 2 ? terms : none);
	background = background_new(documents, blocks);
	return background;
}

static void
vector_sorts_and_sums(void)
{
	static const float dense[4] = { 1, 10, 100, 1000 };
	struct vector vector = { NULL, 0, 0 };

	vector_add(&vector, 3, 1);
	vector_add(&vector, 1, 2);
	vector_add(&vector, 3, 4);
	vector_add(&vector, 9, 5);
	g_assert_cmpfloat(vector_dot(&vector, dense, 4), ==, 5020);
	vector_sort(&vector);
	g_assert_cmpuint(vector.n, ==, 3);
	g_assert_cmpuint(vector.items[1].index, ==, 3);
	g_assert_cmpfloat((double)vector.items[1].value, ==, 5);
	g_assert_cmpfloat(vector_dot(&vector, dense, 4), ==, 5020);
	vector_clear(&vector);
	g_assert_null(vector.items);
}

static void
subject_marks_are_counted(void)
{
	static const struct {
		const char *subject;
		guint replies;
		const char *words;
	} cases[] = {
		{ "Hello there", 0, "hello there" },
		{ "Re: Hello", 1, "hello" },
		{ "RE : AW: Fwd: Hello", 3, "hello" },
		{ "Re[2]: Hello", 1, "hello" },
		{ "Regarding: Hello", 0, "regarding: hello" },
		{ "Re:", 1, "" },
		{ "Re[", 0, "re[" },
		{ "", 0, "" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf(
			"Subject: %s\r\n\r\nbody\r\n", cases[i].subject);
		struct world world;

		world_open(&world, text);
		g_assert_cmpuint(world.reading->replies, ==, cases[i].replies);
		g_assert_cmpstr(world.reading->subject.folded, ==,
				cases[i].words);
		world_close(&world);
	}
}

/* Controls of direction are how some scripts are written, and hide in others.
 */
static void
direction_is_evidence_where_it_hides(void)
{
	static const struct {
		const char *body;
		guint invisible;
	} cases[] = {
		{ "plain words", 0 },
		{ "\u202eomed\u202c and \u2067words\u2069", 4 },
		{ "\u202eomed\u202c and words, \u05d0", 2 },
		{ "\u202b\u05d0\u05d1\u05d2 \u05d3\u05d4\u202c "
		  "\u200fok\u200f \u2067\u05d0\u05d1\u2069",
		  0 },
		{ "\u0627\u0644\u200b\u0628\u062a \u202a1\u202c", 1 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf(
			"Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
			cases[i].body);
		struct world world;

		world_open(&world, text);
		g_test_message("%s", cases[i].body);
		g_assert_cmpuint(world.reading->folds.invisible, ==,
				 cases[i].invisible);
		world_close(&world);
	}
}

/* A bump says what it quotes. */
static void
short_text_takes_the_quoted(void)
{
	struct world world;

	world_open(&world, "Subject: Re: x\r\n\r\nAny thoughts?\r\n\r\n"
			   "> We sell forklifts to warehouses.\r\n");
	g_assert_nonnull(strstr(world.reading->text.folded, "forklifts"));
	world_close(&world);
	world_open(&world,
		   "Subject: Re: x\r\n\r\nThank you, the board agreed "
		   "yesterday and the contract will be signed on Friday by "
		   "both of us in the office.\r\n\r\n"
		   "On 2 November 2026 Sam wrote:\r\n"
		   "> We sell forklifts to warehouses.\r\n");
	g_assert_null(strstr(world.reading->text.folded, "forklifts"));
	world_close(&world);
}

static const struct term *
term_find(const GArray *terms, enum term_block block, const char *text)
{
	guint32 bucket = term_bucket(block, text, strlen(text));

	for (guint i = 0; i < terms->len; i++) {
		const struct term *term = &g_array_index(terms, struct term, i);

		if (term->block == block && term->bucket == bucket)
			return term;
	}
	return NULL;
}

static void
terms_are_what_the_text_says(void)
{
	g_autoptr(GArray) terms = NULL;
	struct world world;

	world_open(&world, "Subject: Two words\r\n\r\n"
			   "alpha beta alpha beta gamma 12 beta\r\n");
	terms = terms_new(world.reading, (1u << TERM_BLOCKS) - 1);
	g_assert_cmpuint(term_find(terms, TERM_TEXT, "beta")->count, ==, 3);
	g_assert_cmpuint(term_find(terms, TERM_TEXT, "alpha beta")->count, ==,
			 2);
	g_assert_nonnull(term_find(terms, TERM_TEXT, "gamma 0"));
	g_assert_nonnull(term_find(terms, TERM_SUBJECT, "two words"));
	g_assert_null(term_find(terms, TERM_TEXT, "two words"));
	g_assert_nonnull(term_find(terms, TERM_OPENING, "alpha"));
	g_assert_nonnull(term_find(terms, TERM_CLOSING, "beta"));
	g_assert_cmpuint(term_find(terms, TERM_LETTERS, "beta")->count, ==, 3);
	g_assert_nonnull(term_find(terms, TERM_LETTERS, "a 00"));
	world_close(&world);
}

static void
blocks_have_unit_length(void)
{
	struct world world;
	struct vector vector = { NULL, 0, 0 };
	g_autoptr(Background) background = NULL;
	g_autoptr(Signals) signals = signals_builtin();
	double squares = 0;

	world_open(&world, pitch);
	background = background_of(&world, OUTREACH_BLOCKS);
	outreach_vector(world.reading, signals, background, &vector);
	for (guint i = 0; i < vector.n; i++)
		if (vector.items[i].index < TERM_BUCKETS)
			squares += (double)vector.items[i].value *
				   (double)vector.items[i].value;
	/* 1, 0.7, 0.7, 1 and 1.2: the blocks' shares squared */
	g_assert_cmpfloat_with_epsilon(squares, 4.42, 0.001);
	vector_clear(&vector);
	world_close(&world);
}

/* Terms that one message alone has count for nothing. */
static void
rare_terms_are_left_out(void)
{
	struct world world;
	struct vector vector = { NULL, 0, 0 };
	g_autoptr(GPtrArray) documents = g_ptr_array_new();
	g_autoptr(GArray) terms = NULL;
	g_autoptr(Background) background = NULL;
	g_autoptr(Signals) signals = signals_builtin();

	world_open(&world, pitch);
	terms = terms_new(world.reading, OUTREACH_BLOCKS);
	g_ptr_array_add(documents, terms);
	background = background_new(documents, OUTREACH_BLOCKS);
	outreach_vector(world.reading, signals, background, &vector);
	for (guint i = 0; i < vector.n; i++)
		g_assert_cmpuint(vector.items[i].index, >=, TERM_BUCKETS);
	vector_clear(&vector);
	world_close(&world);
}

/* How rare a term is that a background does not know: as its rarest. */
static void
backgrounds_know_their_rarest(void)
{
	guint8 *table = g_malloc0(TERM_BUCKETS);
	g_autoptr(GBytes) none = g_bytes_new(table, TERM_BUCKETS);
	g_autoptr(Background) empty = background_new_from_bytes(none);
	g_autoptr(Background) background = NULL;
	g_autoptr(GBytes) bytes = NULL;

	table[0] = 40;
	table[TERM_BUCKETS - 1] = 56;
	bytes = g_bytes_new_take(table, TERM_BUCKETS);
	background = background_new_from_bytes(bytes);
	g_assert_cmpfloat((double)background_idf_max(background), ==, 3.5);
	g_assert_cmpfloat((double)background_idf_max(empty), ==, 1);
}

static float
dense_value(const float *values, const char *name)
{
	for (guint i = 0; i < outreach_dense_count(); i++)
		if (strcmp(outreach_dense_name(i), name) == 0)
			return values[i];
	g_error("no dense feature %s", name);
}

static void
concepts_are_seen_in_languages(void)
{
	static const struct {
		const char *mail;
		const char *name;
		gboolean present;
	} cases[] = {
		{ pitch, "asks-time", TRUE },
		{ pitch, "introduces-self", TRUE },
		{ pitch, "opts-out", TRUE },
		{ pitch, "proof", TRUE },
		{ pitch, "fake-reply", TRUE },
		{ pitch, "has-scheduler-link", TRUE },
		{ pitch, "list-unsubscribe", FALSE },
		{ pitch, "auto-generated", FALSE },
		{ german, "asks-time", TRUE },
		{ german, "introduces-self", TRUE },
		{ german, "we-help", TRUE },
		{ german, "offers", TRUE },
		{ german, "opts-out", TRUE },
		{ german, "fake-reply", FALSE },
		{ pitch, "discussion-list", FALSE },
		{ "Subject: Application\n\nPlease find attached my cv and a "
		  "cover letter for the position of buyer.\n",
		  "applies", TRUE },
		{ "Subject: Kontakt\n\nLiebe Anna, lieber Jan, ihr solltet "
		  "euch kennen, darf ich vorstellen?\n",
		  "introduces-others", TRUE },
		{ "Subject: Devis\n\nSuite à votre demande, vous trouverez "
		  "ici notre devis.\n",
		  "answers-enquiry", TRUE },
		{ "Subject: Zamówienie\n\nPaństwa umowa i gwarancja są "
		  "w systemie.\n",
		  "under-contract", TRUE },
		{ "Subject: cena\n\nCi vediamo domani, baci, Marta\n",
		  "closeness", TRUE },
		{ "Subject: Bescheid\n\nGemäß der Verordnung erlässt das "
		  "Finanzamt diesen Bescheid.\n",
		  "official", TRUE },
	};
	g_autoptr(Signals) signals = signals_builtin();

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct world world;
		float values[OUTREACH_DENSE_MAX];

		world_open(&world, cases[i].mail);
		outreach_dense(world.reading, signals, values);
		if ((dense_value(values, cases[i].name) > 0) !=
		    cases[i].present)
			g_error("%s: %s must be %s", world.reading->language,
				cases[i].name,
				cases[i].present ? "there" : "absent");
		world_close(&world);
	}
}

/* By a list one can post to, as list programs mark it; newsletters are not. */
static void
discussion_lists_are_known(void)
{
	static const struct {
		const char *header;
		gboolean present;
	} cases[] = {
		{ "List-Post: <mailto:talk@lists.example>\n", TRUE },
		{ "List-Post: NO\n", FALSE },
		{ "List-Post: NO (moderated)\nMailing-List: x\n", FALSE },
		{ "Mailing-List: list talk@lists.example; run by ezmlm\n",
		  TRUE },
		{ "X-BeenThere: talk@lists.example\n", TRUE },
		{ "X-Mailman-Version: 2.0\n", TRUE },
		{ "List-Id: <talk.lists.example>\n", TRUE },
		{ "List-Id: <news.vendor.example>\n"
		  "List-Unsubscribe: <https://v.example/u>\n",
		  FALSE },
		{ "List-Unsubscribe: <https://v.example/u>\n", FALSE },
		{ "Precedence: list\n", FALSE },
		{ "", FALSE },
	};
	g_autoptr(Signals) signals = signals_builtin();

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strconcat("From: a@b.example\n", cases[i].header,
				    "\nSome text to read here.\n", NULL);
		struct world world;
		float values[OUTREACH_DENSE_MAX];

		world_open(&world, text);
		outreach_dense(world.reading, signals, values);
		if ((dense_value(values, "discussion-list") > 0) !=
		    cases[i].present)
			g_error("%s", cases[i].header);
		world_close(&world);
	}
}

/* Every index of the vector has a name a person can read. */
static void
names_cover_the_vector(void)
{
	struct world world;
	struct vector vector = { NULL, 0, 0 };
	g_autoptr(Background) background = NULL;
	g_autoptr(Signals) signals = signals_builtin();
	g_autoptr(GHashTable) names = NULL;

	world_open(&world, pitch);
	background = background_of(&world, OUTREACH_BLOCKS);
	outreach_vector(world.reading, signals, background, &vector);
	names = outreach_names(world.reading);
	for (guint i = 0; i < vector.n; i++)
		g_assert_nonnull(g_hash_table_lookup(
			names, GUINT_TO_POINTER(vector.items[i].index)));
	g_assert_cmpstr(
		g_hash_table_lookup(names, GUINT_TO_POINTER(term_bucket(
						   TERM_TEXT, "next week", 9))),
		==, "pair \"next week\"");
	vector_clear(&vector);
	world_close(&world);
}

static void
relevance_finds_the_priority(void)
{
	struct world world;
	struct vector vector = { NULL, 0, 0 };
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_parse(
		"p.yaml", profile_text, strlen(profile_text), faults);
	g_autoptr(Background) background = NULL;
	g_autoptr(Interest) interest = NULL;
	int priority;

	g_assert_nonnull(profile);
	world_open(&world, pitch);
	background = background_of(&world, RELEVANCE_BLOCKS);
	interest = interest_new(profile, background);
	relevance_vector(world.reading, interest, 0, &vector, &priority, NULL);
	g_assert_cmpint(priority, ==, 0);
	g_assert_cmpuint(vector.n, ==, relevance_count());
	g_assert_cmpuint(relevance_count(), <=, RELEVANCE_SIZE);
	for (guint i = 0; i < vector.n; i++)
		g_assert_true(isfinite(vector.items[i].value));
	/* stems, letters, phrases: nearer to the priority than to a refusal */
	g_assert_cmpfloat((double)vector.items[0].value, >, 0.5);
	g_assert_cmpfloat((double)vector.items[1].value, >, 0.5);
	vector_clear(&vector);
	world_close(&world);
}

static double
overall(struct profile *profile, gint64 now_us)
{
	struct world world;
	struct vector vector = { NULL, 0, 0 };
	g_autoptr(Background) background = NULL;
	g_autoptr(Interest) interest = NULL;
	double value = 0;
	int priority;

	world_open(&world, pitch);
	background = background_of(&world, RELEVANCE_BLOCKS);
	interest = interest_new(profile, background);
	relevance_vector(world.reading, interest, now_us, &vector, &priority,
			 NULL);
	for (guint i = 0; i < vector.n; i++)
		if (strcmp(relevance_name(vector.items[i].index), "overall") ==
		    0)
			value = (double)vector.items[i].value;
	vector_clear(&vector);
	world_close(&world);
	return value;
}

static void
interest_ends_with_its_date(void)
{
	const gint64 day = G_GINT64_CONSTANT(86400000000);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_parse(
		"p.yaml", profile_text, strlen(profile_text), faults);
	struct profile_priority *edr = profile->priorities->pdata[0];
	double full = overall(profile, 1000 * day);
	double half;

	edr->horizon_us = 1000 * day;
	g_assert_cmpfloat(overall(profile, 1000 * day), ==, full);
	half = overall(profile, 1045 * day);
	g_assert_cmpfloat_with_epsilon(half, full / 2, full / 50);
	g_assert_cmpfloat(overall(profile, 1091 * day), <, full / 3);
	edr->horizon_us = 0;
	edr->stage = STAGE_DONE;
	g_assert_cmpfloat(overall(profile, 0), <, full / 3);
}

static void
empty_mail_has_features(void)
{
	struct world world;
	struct vector vector = { NULL, 0, 0 };
	g_autoptr(Background) background = NULL;
	g_autoptr(Interest) interest = NULL;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = profile_parse(
		"p.yaml", profile_text, strlen(profile_text), faults);
	int priority;

	world_open(&world, "");
	background = background_of(&world, (1u << TERM_BLOCKS) - 1);
	interest = interest_new(profile, background);
	relevance_vector(world.reading, interest, 0, &vector, &priority, NULL);
	for (guint i = 0; i < vector.n; i++)
		g_assert_cmpfloat((double)vector.items[i].value, ==, 0);
	g_assert_cmpint(priority, ==, -1);
	vector_clear(&vector);
	world_close(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/features/vector", vector_sorts_and_sums);
	g_test_add_func("/features/subject", subject_marks_are_counted);
	g_test_add_func("/features/direction",
			direction_is_evidence_where_it_hides);
	g_test_add_func("/features/quoted", short_text_takes_the_quoted);
	g_test_add_func("/features/terms", terms_are_what_the_text_says);
	g_test_add_func("/features/length", blocks_have_unit_length);
	g_test_add_func("/features/rare", rare_terms_are_left_out);
	g_test_add_func("/features/rarest", backgrounds_know_their_rarest);
	g_test_add_func("/features/concepts", concepts_are_seen_in_languages);
	g_test_add_func("/features/discussion", discussion_lists_are_known);
	g_test_add_func("/features/names", names_cover_the_vector);
	g_test_add_func("/features/relevance", relevance_finds_the_priority);
	g_test_add_func("/features/dates", interest_ends_with_its_date);
	g_test_add_func("/features/empty", empty_mail_has_features);
	return g_test_run();
}
