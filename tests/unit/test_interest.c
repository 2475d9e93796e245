/*
 * A buyer's interests held against mail: in other languages than the profile
 * is written in, and with as many of them as a profile may have.
 */
#include <glib.h>
#include <malloc.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "features/relevance.h"

static const char profile_text[] =
	"version: 1\n"
	"buyer: {name: Priya, addresses: [priya@buyer.example]}\n"
	"priorities:\n"
	"  - id: edr\n"
	"    name: Endpoint detection\n"
	"    about: Replace antivirus with managed detection and response.\n"
	"    keywords: [EDR, antivirus]\n"
	"  - id: vans\n"
	"    name: Delivery vans\n"
	"    about: Vans without diesel for the depots in the south.\n"
	"    keywords:\n"
	"      - electric vans\n"
	"      - elektrische Lieferwagen\n"
	"      - Ladesäule\n"
	"      - camionnettes électriques\n"
	"      - furgonetas eléctricas\n"
	"      - furgoni elettrici\n"
	"      - carrinhas elétricas\n"
	"      - elektrische bestelwagens\n"
	"not_interested:\n"
	"  - name: penetration testing\n"
	"    keywords: [pentest, Sicherheitsüberprüfung]\n";

static const char german[] =
	"Subject: Lieferwagen ohne Diesel\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Guten Tag Frau Nair,\n\nunsere elektrischen Lieferwagen fahren mit "
	"einer Ladung 300 Kilometer. Zu den Ladesäulen für Ihre Standorte "
	"beraten wir Sie gern. Wann haben Sie in der nächsten Woche Zeit für "
	"ein kurzes Gespräch?\n\nMit freundlichen Grüßen\nJan\n";

static const char german_refused[] =
	"Subject: Ihre Sicherheit\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Guten Tag Frau Nair,\n\nwir bieten Ihnen eine kostenlose "
	"Sicherheitsüberprüfung an, einen Pentest durch erfahrene Leute. Wann "
	"haben Sie in der nächsten Woche Zeit für ein kurzes Gespräch?\n\n"
	"Mit freundlichen Grüßen\nJan\n";

static const char german_other[] =
	"Subject: Kaffee für Ihr Büro\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Guten Tag Frau Nair,\n\nunser Kaffee kommt frisch geröstet in Ihr "
	"Büro, und die Maschinen warten wir jeden Monat. Wann haben Sie in der "
	"nächsten Woche Zeit für ein kurzes Gespräch?\n\nMit freundlichen "
	"Grüßen\nJan\n";

static const char french[] =
	"Subject: Vos livraisons\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Bonjour Madame,\n\nnous louons des camionnettes électriques pour les "
	"livraisons dans votre ville. Une camionnette électrique coûte moins "
	"que vous ne le pensez. Auriez-vous un moment la semaine prochaine "
	"pour en parler avec nous ?\n\nCordialement\nJean\n";

static const char spanish[] =
	"Subject: Sus repartos\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Buenos días,\n\nalquilamos furgonetas eléctricas para los repartos en "
	"su ciudad. Una furgoneta eléctrica cuesta menos de lo que usted "
	"piensa. ¿Tendría un momento la próxima semana para hablar con "
	"nosotros?\n\nUn saludo\nJuan\n";

static const char italian[] =
	"Subject: Le vostre consegne\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Buongiorno,\n\nnoleggiamo furgoni elettrici per le consegne nella "
	"vostra città. Un furgone elettrico costa meno di quanto si pensi. "
	"Avrebbe un momento la prossima settimana per parlare con noi?\n\n"
	"Cordiali saluti\nGianni\n";

static const char portuguese[] =
	"Subject: As suas entregas\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Bom dia,\n\nalugamos carrinhas elétricas para as entregas na sua "
	"cidade. Uma carrinha elétrica custa menos do que pensa. Teria um "
	"momento na próxima semana para falar connosco?\n\nCumprimentos\n"
	"João\n";

static const char dutch[] =
	"Subject: Uw bezorging\n"
	"Content-Type: text/plain; charset=utf-8\n\n"
	"Goedemorgen,\n\nwij verhuren elektrische bestelwagens voor de "
	"bezorging in uw stad. Een elektrische bestelwagen kost minder dan u "
	"denkt. Heeft u volgende week een moment om met ons te praten?\n\n"
	"Met vriendelijke groet\nJan\n";

/* What a message is to a profile. */
struct judged {
	float values[RELEVANCE_SIZE];
	int priority;
	char language[8];
};

static struct judged
judge(const struct profile *profile, const char *text, gint64 now_us)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);
	g_autoptr(GArray) terms = terms_new(reading, RELEVANCE_BLOCKS);
	g_autoptr(GPtrArray) documents = g_ptr_array_new();
	g_autoptr(Background) background = NULL;
	g_autoptr(Interest) interest = NULL;
	struct vector vector = { NULL, 0, 0 };
	struct judged judged = { .priority = -2 };

	g_ptr_array_add(documents, terms);
	background = background_new(documents, RELEVANCE_BLOCKS);
	interest = interest_new(profile, background);
	relevance_vector(reading, interest, now_us, &vector, &judged.priority,
			 NULL);
	for (guint i = 0; i < vector.n; i++)
		judged.values[vector.items[i].index] += vector.items[i].value;
	g_strlcpy(judged.language, reading->language, sizeof judged.language);
	vector_clear(&vector);
	return judged;
}

static double
value_of(const struct judged *judged, const char *name)
{
	for (guint i = 0; i < relevance_count(); i++)
		if (strcmp(relevance_name(i), name) == 0)
			return (double)judged->values[i];
	g_error("no feature %s", name);
}

static struct profile *
profile_of(const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	struct profile *profile =
		profile_parse("p.yaml", text, strlen(text), faults);

	if (profile == NULL)
		g_error("%s", faults_get(faults, 0));
	return profile;
}

/* Keywords of another language than the profile's meet words as inflected. */
static void
speaks_languages(void)
{
	static const struct {
		const char *language;
		const char *mail;
	} cases[] = {
		{ "de", german },  { "fr", french },	 { "es", spanish },
		{ "it", italian }, { "pt", portuguese }, { "nl", dutch },
	};
	g_autoptr(Profile) profile = profile_of(profile_text);
	struct judged other = judge(profile, german_other, 0);

	g_assert_cmpfloat(value_of(&other, "phrases"), ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct judged judged = judge(profile, cases[i].mail, 0);

		g_test_message("%s: phrases %g, overall %g (coffee %g)",
			       cases[i].language, value_of(&judged, "phrases"),
			       value_of(&judged, "overall"),
			       value_of(&other, "overall"));
		g_assert_cmpstr(judged.language, ==, cases[i].language);
		g_assert_cmpint(judged.priority, ==, 1);
		g_assert_cmpfloat(value_of(&judged, "phrases"), >, 0);
		g_assert_cmpfloat(value_of(&judged, "stems"), >, 0);
		g_assert_cmpfloat(value_of(&judged, "overall"), >,
				  1.5 * value_of(&other, "overall"));
	}
}

static void
refuses_in_languages(void)
{
	g_autoptr(Profile) profile = profile_of(profile_text);
	struct judged refused = judge(profile, german_refused, 0);
	struct judged other = judge(profile, german_other, 0);

	g_assert_cmpfloat(value_of(&refused, "refused"), >,
			  2 * value_of(&other, "refused"));
	g_assert_cmpfloat(value_of(&refused, "phrases"), <, 0);
}

/* "Not before 2028" ends at once; a decision date fades. */
static void
refusals_run_out(void)
{
	g_autoptr(Profile) profile = profile_of(profile_text);
	struct profile_refusal *refusal = profile->refusals->pdata[0];
	const gint64 until = 1000 * CLOCK_DAY_US;
	struct judged judged;

	refusal->until_us = until;
	judged = judge(profile, german_refused, until);
	g_assert_cmpfloat(value_of(&judged, "refused"), >, 0);
	judged = judge(profile, german_refused, until + 1);
	g_assert_cmpfloat(value_of(&judged, "refused"), ==, 0);
}

/* "Courses do not count" makes a course neither wanted nor near. */
static void
exclusions_count_against(void)
{
	static const char text[] =
		"version: 1\n"
		"buyer: {name: Lea, addresses: [lea@buyer.example]}\n"
		"priorities:\n"
		"  - id: clm\n"
		"    name: Contract management\n"
		"    about: >\n"
		"      We want a clause library for lawyers. %s\n"
		"    keywords: [clause library]\n";
	static const char mail[] =
		"Subject: Seminar tickets\n\nOur seminars on watercolour are "
		"open: seminar tickets at half price for watercolour lovers.\n";
	g_autofree char *wants =
		g_strdup_printf(text, "Seminars on watercolour count as well.");
	g_autofree char *rules_out =
		g_strdup_printf(text, "Seminars on watercolour do not count.");
	g_autoptr(Profile) wanting = profile_of(wants);
	g_autoptr(Profile) excluding = profile_of(rules_out);
	struct judged wanted = judge(wanting, mail, 0);
	struct judged excluded = judge(excluding, mail, 0);

	g_assert_cmpfloat(value_of(&wanted, "excluded"), ==, 0);
	g_assert_cmpfloat(value_of(&excluded, "excluded"), >, 0.5);
	g_assert_cmpfloat(value_of(&excluded, "overall"), <,
			  0.5 * value_of(&wanted, "overall"));
}

/* As many as there may be; each with a word of its own. */
static char *
full_profile(guint priorities, guint refusals)
{
	GString *text = g_string_new(
		"version: 1\n"
		"buyer: {name: Full, addresses: [full@buyer.example]}\n"
		"priorities:\n");

	for (guint i = 0; i < priorities; i++)
		g_string_append_printf(text,
				       "  - {id: p%u, name: thing%c%c, about: "
				       "Matters do not count.}\n",
				       i, 'a' + i / 26, 'a' + i % 26);
	g_string_append(text, "not_interested:\n");
	for (guint i = 0; i < refusals; i++)
		g_string_append_printf(text, "  - matter%c%c\n", 'a' + i / 26,
				       'a' + i % 26);
	return g_string_free(text, FALSE);
}

static void
full_profiles_count(void)
{
	g_autofree char *text =
		full_profile(PROFILE_SIDE_MAX, PROFILE_SIDE_MAX);
	g_autoptr(Profile) profile = profile_of(text);

	for (guint i = 0; i < PROFILE_SIDE_MAX; i++) {
		g_autofree char *mail = g_strdup_printf(
			"Subject: x\n\nToday we offer you thing%c%c and "
			"matter%c%c for little money.\n",
			'a' + i / 26, 'a' + i % 26, 'a' + i / 26, 'a' + i % 26);
		struct judged judged = judge(profile, mail, 0);

		g_assert_cmpint(judged.priority, ==, (int)i);
		g_assert_cmpfloat(value_of(&judged, "refused"), >, 0.5);
	}
}

/* A profile that no file gave: what is past the most is passed over. */
static void
overfull_profiles_hold(void)
{
	g_autofree char *text = full_profile(PROFILE_SIDE_MAX, 1);
	g_autoptr(Profile) profile = profile_of(text);
	const struct profile_priority *first = profile->priorities->pdata[0];
	struct judged judged;

	for (guint i = 0; i < 8; i++) {
		struct profile_priority *more =
			g_new0(struct profile_priority, 1);

		more->id = g_strdup("more");
		more->name = g_strdup("surplus");
		more->about = g_strdup("");
		more->keywords = g_new0(char *, 1);
		more->weight = first->weight;
		g_ptr_array_add(profile->priorities, more);
	}
	g_assert_cmpuint(profile->priorities->len, ==, PROFILE_SIDE_MAX + 8);
	judged = judge(profile, "Subject: x\n\nthe surplus of matteraa\n", 0);
	g_assert_cmpint(judged.priority, <, PROFILE_SIDE_MAX);
	g_assert_cmpfloat(value_of(&judged, "refused"), >, 0.5);
}

/* Weight 0 and "done" mean: as if it were not there. */
static void
dropped_priorities(void)
{
	g_autoptr(Profile) profile = profile_of(profile_text);
	struct profile_priority *vans = profile->priorities->pdata[1];

	vans->weight = 0;
	g_assert_cmpint(judge(profile, german, 0).priority, !=, 1);
	vans->weight = 0.5;
	g_assert_cmpint(judge(profile, german, 0).priority, ==, 1);
	vans->stage = STAGE_DONE;
	g_assert_cmpint(judge(profile, german, 0).priority, !=, 1);
}

/* Long texts, empty texts and odd ones give numbers. */
static void
odd_profiles_are_finite(void)
{
	static const char *const mails[] = {
		"", "Subject: \n\n\n", "Subject: the of and\n\nthe of and\n",
		"Subject: \xff\xfe\n\n\xc3\x28 \xe2\x82 1234 5678\n"
	};
	g_autoptr(Profile) profile = profile_of(
		"version: 1\n"
		"buyer: {name: Odd, addresses: [odd@buyer.example]}\n"
		"priorities:\n"
		"  - {id: a, name: \"the of and\"}\n"
		"  - {id: b, name: \"12345 67\", keywords: [\"+++\", \"1\"]}\n"
		"  - {id: c, name: \"\xe6\x97\xa5\xe6\x9c\xac\"}\n");

	for (guint i = 0; i < G_N_ELEMENTS(mails); i++) {
		struct judged judged = judge(profile, mails[i], 0);

		for (guint k = 0; k < RELEVANCE_SIZE; k++)
			g_assert_true(isfinite(judged.values[k]));
	}
}

/* Of the mail alone that a test is about. */
static struct background *
background_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);
	g_autoptr(GArray) terms = terms_new(reading, RELEVANCE_BLOCKS);
	g_autoptr(GPtrArray) documents = g_ptr_array_new();

	g_ptr_array_add(documents, terms);
	return background_new(documents, RELEVANCE_BLOCKS);
}

/* What malloc() has given, 0 where another has taken its place. */
static gsize
bytes_in_use(void)
{
	const struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void
check_bytes(const char *text, const struct background *background)
{
	enum { TIMES = 16 };
	g_autoptr(Profile) profile = profile_of(text);
	struct interest *interests[TIMES];
	double used;
	double said;

	interest_free(interest_new(profile, background));
	used = -(double)bytes_in_use();
	for (guint i = 0; i < TIMES; i++)
		interests[i] = interest_new(profile, background);
	used = (used + (double)bytes_in_use()) / TIMES;
	said = (double)interest_bytes(interests[0]);
	for (guint i = 0; i < TIMES; i++)
		interest_free(interests[i]);
	g_test_message("%.0f bytes, %.0f as it says", used, said);
	g_assert_cmpfloat(said, <, 48 * 1024);
	if (used <= 0) {
		g_test_skip("no figures of malloc()");
		return;
	}
	g_assert_cmpfloat(said, >, 0.8 * used);
	g_assert_cmpfloat(said, <, 1.2 * used);
}

static void
bytes_are_told(void)
{
	g_autoptr(Background) background = background_of(german);
	g_autofree char *full =
		full_profile(PROFILE_SIDE_MAX, PROFILE_SIDE_MAX);

	check_bytes(profile_text, background);
	check_bytes(full, background);
}

/* What the background remembers of one compilation changes no other, and the
 * profile need not be there any more. */
static void
compiles_the_same_again(void)
{
	g_autoptr(GBytes) bytes = g_bytes_new(german, strlen(german));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);
	g_autoptr(Background) background = background_of(german);
	struct vector vectors[3] = { { NULL, 0, 0 } };

	for (guint i = 0; i < G_N_ELEMENTS(vectors); i++) {
		struct profile *profile = profile_of(profile_text);
		g_autoptr(Interest) interest =
			interest_new(profile, background);
		int priority;

		profile_free(profile);
		relevance_vector(reading, interest, 0, &vectors[i], &priority,
				 NULL);
		g_assert_cmpint(priority, ==, 1);
		g_assert_cmpuint(vectors[i].n, ==, vectors[0].n);
		g_assert_true(memcmp(vectors[i].items, vectors[0].items,
				     vectors[0].n * sizeof(struct feature)) ==
			      0);
	}
	for (guint i = 0; i < G_N_ELEMENTS(vectors); i++)
		vector_clear(&vectors[i]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/interest/languages", speaks_languages);
	g_test_add_func("/interest/refused in another language",
			refuses_in_languages);
	g_test_add_func("/interest/refusals run out", refusals_run_out);
	g_test_add_func("/interest/exclusions", exclusions_count_against);
	g_test_add_func("/interest/full profile", full_profiles_count);
	g_test_add_func("/interest/overfull profile", overfull_profiles_hold);
	g_test_add_func("/interest/dropped priorities", dropped_priorities);
	g_test_add_func("/interest/odd profile", odd_profiles_are_finite);
	g_test_add_func("/interest/bytes", bytes_are_told);
	g_test_add_func("/interest/again", compiles_the_same_again);
	return g_test_run();
}
