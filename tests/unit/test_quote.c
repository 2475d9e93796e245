/* New words, quoted mail and signatures in plain text. */
#include "../../src/mail/quote_private.h"

#include <string.h>
#include <time.h>

struct row {
	const char *name;
	const char *text;
	const char *fresh; /* line ends as "/" */
	const char *quoted;
	const char *signature;
};

static const struct row rows[] = {
	{ "nothing", "", "", "", "" },
	{ "plain", "Hi Tom,\n\nhow are you?\n", "Hi Tom,//how are you?/", "",
	  "" },
	{ "blank-lines-collapse", "\n\na\n\n\n\nb\n\n", "a//b//", "", "" },
	{ "spacing-behind-lines", "a   \t\nb\r\n", "a/b/", "", "" },

	/* Attributions, with ">" below. */
	{ "english",
	  "Yes.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Al <a@b.example> wrote:\n"
	  "> old\n> older\n",
	  "Yes.//",
	  "On Mon, Jan 5, 2026 at 9:00 AM Al <a@b.example> wrote:/"
	  "old/older/",
	  "" },
	{ "english-wrapped",
	  "Yes.\nOn Mon, Jan 5, 2026 at 9:00 AM Al Somebody\n"
	  "<a@b.example> wrote:\n\n> old\n",
	  "Yes./",
	  "On Mon, Jan 5, 2026 at 9:00 AM Al Somebody/<a@b.example> wrote://"
	  "old/",
	  "" },
	{ "german", "Ja.\nAm 05.01.26 um 09:00 schrieb Al:\n> alt\n", "Ja./",
	  "Am 05.01.26 um 09:00 schrieb Al:/alt/", "" },
	{ "french", "Oui.\nLe lun. 5 janv. 2026 à 09:00, Al a écrit :\n> x\n",
	  "Oui./", "Le lun. 5 janv. 2026 à 09:00, Al a écrit :/x/", "" },
	{ "spanish", "Sí.\nEl lun, 5 ene 2026 a las 9:00, Al escribió:\n> x\n",
	  "Sí./", "El lun, 5 ene 2026 a las 9:00, Al escribió:/x/", "" },
	{ "italian",
	  "Sì.\nIl giorno lun 5 gen 2026 alle 09:00 Al ha scritto:\n> x\n",
	  "Sì./", "Il giorno lun 5 gen 2026 alle 09:00 Al ha scritto:/x/", "" },
	{ "polish", "Tak.\nW dniu 05.01.2026 o 09:00, Al napisał(a):\n> x\n",
	  "Tak./", "W dniu 05.01.2026 o 09:00, Al napisał(a):/x/", "" },
	{ "portuguese",
	  "Sim.\nEm seg., 5 de jan. de 2026 às 09:00, Al escreveu:\n> x\n",
	  "Sim./", "Em seg., 5 de jan. de 2026 às 09:00, Al escreveu:/x/", "" },
	{ "dutch", "Ja.\nOp ma 5 jan 2026 om 09:00 schreef Al:\n> x\n", "Ja./",
	  "Op ma 5 jan 2026 om 09:00 schreef Al:/x/", "" },
	{ "name-only", "Yes.\nAl Somebody wrote:\n> old\n", "Yes./",
	  "Al Somebody wrote:/old/", "" },
	{ "bottom-posted", "On 5/1/26, Al wrote:\n> old\n\nnew\n", "new/",
	  "On 5/1/26, Al wrote:/old//", "" },
	{ "interleaved",
	  "On 5/1/26, Al wrote:\n> one?\nyes\n> two?\n>> deeper\nno\n",
	  "yes/no/", "On 5/1/26, Al wrote:/one?/two?/deeper/", "" },
	{ "own-quote-sign", "Hm.\nOn 5/1/26, Al wrote:\n--]one\n--]two\nnew\n",
	  "Hm./new/", "On 5/1/26, Al wrote:/--]one/--]two/", "" },
	{ "no-sign-below-takes-the-rest",
	  "Yes.\n\nOn 5 Jan 2026, Al wrote:\n\nold\nlines\n", "Yes.//",
	  "On 5 Jan 2026, Al wrote://old/lines/", "" },
	{ "no-sign-and-nothing-above",
	  "On 5 Jan 2026, Al wrote:\n\nWhat is what?\nNo idea.\n",
	  "On 5 Jan 2026, Al wrote://What is what?/No idea./", "", "" },
	{ "prose-that-ends-in-wrote", "As my boss wrote:\nbuy it.\n",
	  "As my boss wrote:/buy it./", "", "" },
	{ "list-behind-a-colon",
	  "Notre guide 2026, écrit avec deux avocates, explique :\n- a\n- b\n",
	  "Notre guide 2026, écrit avec deux avocates, explique :/- a/- b/", "",
	  "" },

	/* Separators and headers. */
	{ "outlook",
	  "See below.\n\n-----Original Message-----\nFrom: A\nSent: B\n\nold\n",
	  "See below.//", "-----Original Message-----/From: A/Sent: B//old/",
	  "" },
	{ "outlook-german",
	  "Siehe unten.\n-----Ursprüngliche Nachricht-----\nVon: A\nalt\n",
	  "Siehe unten./", "-----Ursprüngliche Nachricht-----/Von: A/alt/",
	  "" },
	{ "outlook-header-only",
	  "See below.\n\n________________________________\nFrom: Al\n"
	  "Sent: Monday\nTo: Bo\nSubject: Hi\n\nold\n",
	  "See below.//",
	  "________________________________/From: Al/Sent: Monday/To: Bo/"
	  "Subject: Hi//old/",
	  "" },
	{ "outlook-header-in-asterisks",
	  "Yes.\n*From:* Al\n*Date:* Monday\n*Subject:* Hi\nold\n", "Yes./",
	  "*From:* Al/*Date:* Monday/*Subject:* Hi/old/", "" },
	{ "outlook-german-header",
	  "Ja.\n\nVon: Al\nGesendet: Montag\nAn: Bo\nBetreff: Hi\n\nalt\n",
	  "Ja.//", "Von: Al/Gesendet: Montag/An: Bo/Betreff: Hi//alt/", "" },
	{ "outlook-french-header",
	  "Oui.\nDe : Al\nEnvoyé : lundi\nÀ : Bo\nObjet : Hi\nx\n", "Oui./",
	  "De : Al/Envoyé : lundi/À : Bo/Objet : Hi/x/", "" },
	{ "notes",
	  "ok\n\nAl Some/HOU\n03/21/2000 10:00 AM\nTo: Bo\ncc: Di\n"
	  "Subject: Hi\nold\n",
	  "ok//",
	  "Al Some/HOU/03/21/2000 10:00 AM/To: Bo/cc: Di/Subject: Hi/old/",
	  "" },
	{ "gmail-forward",
	  "FYI\n\n---------- Forwarded message ---------\nFrom: A\nold\n",
	  "FYI//", "---------- Forwarded message ---------/From: A/old/", "" },
	{ "apple-forward", "FYI\nBegin forwarded message:\n\nFrom: A\n", "FYI/",
	  "Begin forwarded message://From: A/", "" },
	{ "spanish-forward", "FYI\n---------- Mensaje reenviado ---------\nx\n",
	  "FYI/", "---------- Mensaje reenviado ---------/x/", "" },
	{ "receipt-is-no-quote",
	  "Your message\n\n  To: a\n  Subject: b\n  Sent: c\n\nwas read.\n",
	  "Your message//  To: a/  Subject: b/  Sent: c//was read./", "", "" },
	{ "labels-in-prose", "Note: this\nTo: all\n\nGo.\n",
	  "Note: this/To: all//Go./", "", "" },
	{ "rule-is-no-separator", "a\n-----\nb\n", "a/-----/b/", "", "" },

	/* ">" without more. */
	{ "two-arrows-in-an-answer", "> a?\n> b?\nyes\n", "yes/", "a?/b?/",
	  "" },
	{ "one-arrow", "News\n> Read more\n", "News/> Read more/", "", "" },
	{ "mailbox-from", "a\n>From here on\nb\n", "a/>From here on/b/", "",
	  "" },
	{ "mailbox-from-beside-a-quote",
	  "a\n>From here on\nAl wrote:\n> old\n> older\n", "a/>From here on/",
	  "Al wrote:/old/older/", "" },
	{ "quote-mark", "new\n\x1f\nmore\n", "new/more/", "", "" },
	{ "attribution-before-mark", "new\nAl wrote:\n\x1f\n", "new/",
	  "Al wrote:/", "" },

	/* Signatures. */
	{ "dashes", "Hi\n\n-- \nSam\nAcme\n", "Hi//", "", "--/Sam/Acme/" },
	{ "dashes-then-quote", "Hi\n-- \nSam\n\nOn 5/1/26, Al wrote:\n> old\n",
	  "Hi/", "On 5/1/26, Al wrote:/old/", "--/Sam//" },
	{ "dashes-first", "-- \nSam\n", "--/Sam/", "", "" },
	{ "closing",
	  "Call me?\n\nBest regards,\nSam Lee\nHead of Sales | Acme\n"
	  "+1 555 0100\n",
	  "Call me?//", "",
	  "Best regards,/Sam Lee/Head of Sales | Acme/+1 555 0100/" },
	{ "closing-alone", "Call me.\nCheers\n", "Call me./", "", "Cheers/" },
	{ "closing-thanks-for", "Call me.\nThanks for your time,\nSam\n",
	  "Call me./", "", "Thanks for your time,/Sam/" },
	{ "closing-then-postscript",
	  "Call me?\n\nBest,\nSam\n\nP.S. We pay your coffee.\n",
	  "Call me?//P.S. We pay your coffee./", "", "Best,/Sam//" },
	{ "closing-then-way-out",
	  "Call me?\nBest,\nSam\nNot for you? Reply no.\n",
	  "Call me?/Not for you? Reply no./", "", "Best,/Sam/" },
	{ "closing-german", "Gerne.\nMit freundlichen Grüßen\nEva Klein\n",
	  "Gerne./", "", "Mit freundlichen Grüßen/Eva Klein/" },
	{ "closing-french", "Oui.\nBien cordialement,\nÈve\n", "Oui./", "",
	  "Bien cordialement,/Ève/" },
	{ "closing-spanish", "Sí.\nUn saludo,\nEva\n", "Sí./", "",
	  "Un saludo,/Eva/" },
	{ "closing-italian", "Sì.\nCordiali saluti\nEva\n", "Sì./", "",
	  "Cordiali saluti/Eva/" },
	{ "closing-polish", "Tak.\nZ poważaniem\nEwa\n", "Tak./", "",
	  "Z poważaniem/Ewa/" },
	{ "closing-portuguese", "Sim.\nMelhores cumprimentos,\nEva\n", "Sim./",
	  "", "Melhores cumprimentos,/Eva/" },
	{ "closing-dutch", "Ja.\nMet vriendelijke groet,\nEva\n", "Ja./", "",
	  "Met vriendelijke groet,/Eva/" },
	{ "closing-word-in-prose",
	  "Best practice is to test this first with real data.\nReally.\n",
	  "Best practice is to test this first with real data./Really./", "",
	  "" },
	{ "thanks-at-the-top",
	  "Hi,\nThanks!\nThe report is attached, please read it before noon.\n",
	  "Hi,/Thanks!/"
	  "The report is attached, please read it before noon./",
	  "", "" },
	{ "only-thanks", "Thanks!\nBob\n", "Thanks!/Bob/", "", "" },
	{ "telephone", "ok\n\nSent from my iPhone\n", "ok//", "",
	  "Sent from my iPhone/" },
	{ "telephone-german", "ok\nVon meinem iPhone gesendet\n", "ok/", "",
	  "Von meinem iPhone gesendet/" },
};

struct parts {
	struct quote_split split;
	gsize rest;
};

static struct parts
split_text(const char *text, gboolean reply)
{
	struct parts parts = { { g_string_new(NULL), g_string_new(NULL),
				 g_string_new(NULL) },
			       0 };

	parts.rest = quote_split(text, strlen(text), reply, &parts.split);
	return parts;
}

static void
parts_clear(struct parts *parts)
{
	g_string_free(parts->split.fresh, TRUE);
	g_string_free(parts->split.quoted, TRUE);
	g_string_free(parts->split.signature, TRUE);
}

static void
check(const GString *part, const char *expected)
{
	g_autofree char *slashed = g_strdup(part->str);

	g_strdelimit(slashed, "\n", '/');
	g_assert_cmpstr(slashed, ==, expected);
}

static void
check_row(gconstpointer data)
{
	const struct row *row = data;
	struct parts parts = split_text(row->text, TRUE);

	check(parts.split.fresh, row->fresh);
	check(parts.split.quoted, row->quoted);
	check(parts.split.signature, row->signature);
	parts_clear(&parts);
}

static void
bullets(void)
{
	struct parts parts = split_text("News\n> one\n> two\n", FALSE);

	check(parts.split.fresh, "News/> one/> two/");
	parts_clear(&parts);
	parts = split_text("Hi\nAl wrote:\n> one\n> two\n", FALSE);
	check(parts.split.quoted, "Al wrote:/one/two/");
	parts_clear(&parts);
}

static void
where_the_rest_begins(void)
{
	struct parts parts =
		split_text("ab\n-----Original Message-----\nx", TRUE);

	g_assert_cmpuint(parts.rest, ==, 3);
	parts_clear(&parts);
	parts = split_text("ab\n> x\n> y", TRUE);
	g_assert_cmpuint(parts.rest, ==, 10);
	parts_clear(&parts);
}

/* Every kind of line that looks at others, a megabyte of it. */
static void
bombs(void)
{
	static const char *const units[] = {
		"\n",
		">\n",
		"--\n",
		"x\n--\n",
		"best\nthis is prose, I say.\n",
		"best\n",
		"best\n\n\n\n\n\n\n\n",
		"From: x\n",
		"To: a\n",
		"On 1 a wrote:\n",
		"On 1 a wrote:\n|x\n",
		"\n\n\n\n\n\n\n\nOn 1 a wrote:\n",
		"-----\n",
		"a wrote:\n\n\n\n",
		"\x1f\n",
		"sent from my x\n",
		"a",
		">",
	};

	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		GString *text = g_string_new(NULL);
		while (text->len < 1 << 20)
			g_string_append(text, units[i]);
		const clock_t start = clock();
		struct parts parts = split_text(text->str, TRUE);
		g_assert_cmpint((clock() - start) * 1000 / CLOCKS_PER_SEC, <,
				1000);
		parts_clear(&parts);
		g_string_free(text, TRUE);
	}
}

/* The signs a quote could have of its own are not tried without end. */
static void
prefix_bomb(void)
{
	GString *text = g_string_new("x\n");

	for (guint i = 0; text->len < 1 << 20; i++)
		g_string_append_printf(text, "On 1 a wrote:\n%c%c%c%cx\n",
				       '!' + i % 14, '!' + i / 14 % 14,
				       '!' + i / 196 % 14, '!' + i / 2744 % 14);
	const clock_t start = clock();
	struct parts parts = split_text(text->str, TRUE);
	g_assert_cmpint((clock() - start) * 1000 / CLOCKS_PER_SEC, <, 1000);
	parts_clear(&parts);
	g_string_free(text, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name =
			g_strdup_printf("/quote/%s", rows[i].name);
		g_test_add_data_func(name, &rows[i], check_row);
	}
	g_test_add_func("/quote/arrows-are-bullets-in-no-answer", bullets);
	g_test_add_func("/quote/where-the-rest-begins", where_the_rest_begins);
	g_test_add_func("/quote/bombs", bombs);
	g_test_add_func("/quote/prefix-bomb", prefix_bomb);
	return g_test_run();
}
