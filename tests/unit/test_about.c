/*
 * What a priority's description rules out, in the words people use for it.
 */
#include <glib.h>
#include <string.h>

#include "../../src/features/about_private.h"

/* Sentences that rule something out. */
static const char *const excluding[] = {
	"Signing alone we have.",
	"Cookie banners and staff courses do not.",
	"Cookie banners do not count.",
	"Cookie banners don't count!",
	"Call recording on its own does not fix the number.",
	"Gift cards are not wanted.",
	"Carbon credits are not.",
	"Escalators do not concern us.",
	"Selling us machines is not the aim.",
	"Consumer loans have nothing to do with us.",
	"Mass mailings are out of the question.",
	"Customer surveys are handled.",
	"We already have e-signature.",
	"Werbeartikel zählen nicht.",
	"Zeitarbeit ist nicht gefragt.",
	"Keine Büromöbel.",
	"Les bannières de cookies ne comptent pas.",
	"Pas de formation.",
	"Las tarjetas regalo no nos interesan.",
	"Nada de cursos.",
	"I corsi non contano.",
	"Os cursos não interessam.",
	"Cursussen tellen niet.",
	"Geen uitzendkrachten.",
	"Szkolenia nas nie interesują.",
	"Not wanted.",
	"NOT FOR US: courses.",
	"Courses are of no interest here.",
	"Courses are out of scope.",
	"Cold calls are junk.",
	"Payroll is taken care of.",
	"Payroll is already covered.",
	"That is in place.",
	"Such things we already have.",
	"Kein Bedarf an Kursen.",
	"Kurse haben wir bereits.",
	"Les cours sont hors sujet.",
	"Des tables, nous avons déjà.",
	"Des tables, nous en avons déjà.",
	"Los cursos quedan fuera.",
	"Mesas ya las tenemos.",
	"Tavoli, abbiamo già.",
	"I corsi sono fuori discussione.",
	"Niente corsi.",
	"CURSOS NÃO QUEREMOS.",
	"Cursos não queremos.",
	"Cursos estão fora de questão.",
	"Mesas já temos.",
	"Cursussen zijn niet nodig.",
	"Tafels hebben we al.",
	"Stoły już mamy.",
	"Kursy odpadają.",
	/* Caseless twins of "k" and "s" outside ASCII. */
	"Keine Büromöbel.",
	"Courses are out of ſcope.",
};

/* Needs, some told by what is missing. */
static const char *const wanting[] = {
	"Our business units run forty systems that do not talk to each other.",
	"We want fraud checks that do not refuse good customers.",
	"Customers pay late and two do not pay at all.",
	"We do not know who has access to what.",
	"Branches of the same distributor are not linked to a parent.",
	"No list of them is complete.",
	"Tools that work inside Word count.",
	"Die Systeme sprechen nicht miteinander.",
	"Nous ne savons pas qui a accès à quoi.",
	"No sabemos quién tiene acceso.",
	"Non sappiamo chi ha accesso.",
	"Não sabemos quem tem acesso.",
	"We weten niet wie toegang heeft.",
	"Nie wiemy, kto ma dostęp.",
};

static void
sentences_rule_out(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(excluding); i++) {
		struct about about;

		g_test_message("%s", excluding[i]);
		about_read(excluding[i], &about);
		g_assert_cmpstr(about.excluded, ==, excluding[i]);
		g_assert_cmpstr(about.wanted, ==, "");
		about_clear(&about);
	}
}

static void
needs_stay(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(wanting); i++) {
		struct about about;

		g_test_message("%s", wanting[i]);
		about_read(wanting[i], &about);
		g_assert_cmpstr(about.wanted, ==, wanting[i]);
		g_assert_cmpstr(about.excluded, ==, "");
		about_clear(&about);
	}
}

static void
texts_are_parted(void)
{
	struct about about;

	about_read("We want a clause library.\nCourses do not count. Price "
		   "per seat matters; banners are\nnot wanted.",
		   &about);
	g_assert_cmpstr(about.wanted, ==,
			"We want a clause library. Price per seat matters;");
	g_assert_cmpstr(about.excluded, ==,
			"Courses do not count. banners are not wanted.");
	about_clear(&about);
	about_read("", &about);
	g_assert_cmpstr(about.wanted, ==, "");
	g_assert_cmpstr(about.excluded, ==, "");
	about_clear(&about);
}

/* Any spacing ends a sentence, and none within a word does. */
static void
spacing_parts(void)
{
	static const char *const spaces[] = { " ",	  "\r\n",     "\v",
					      "\xc2\x85", "\u00a0",   "\u1680",
					      "\u2028",	  "\u3000 \t" };
	struct about about;

	for (guint i = 0; i < G_N_ELEMENTS(spaces); i++) {
		g_autofree char *text =
			g_strconcat("Courses do not count.", spaces[i],
				    "We use 3.5 of it;", spaces[i], NULL);

		about_read(text, &about);
		g_assert_cmpstr(about.excluded, ==, "Courses do not count.");
		g_assert_cmpstr(about.wanted, ==, "We use 3.5 of it; ");
		about_clear(&about);
	}
	about_read("do not count.\u200bWe", &about);
	g_assert_cmpstr(about.excluded, ==, "do not count.\u200bWe");
	about_clear(&about);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/about/excluded", sentences_rule_out);
	g_test_add_func("/about/needs", needs_stay);
	g_test_add_func("/about/parted", texts_are_parted);
	g_test_add_func("/about/spacing", spacing_parts);
	return g_test_run();
}
