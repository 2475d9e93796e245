/* Which answers say no: a table of answers as people write them. */
#include <glib.h>
#include <string.h>

#include "screen/ledger.h"

#define REPLY                                                                  \
	"Subject: Re: Quick call?\n"                                           \
	"In-Reply-To: <1@vendor.example>\n"                                    \
	"Content-Type: text/plain; charset=utf-8\n\n"

static gboolean
refuses(const char *text)
{
	g_autofree char *whole = g_strconcat(
		"From: Priya Nair <priya@meridian.example>\n", text, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(whole, strlen(whole));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);

	return ledger_refusal(reading);
}

static const char *const refusals[] = {
	"Not interested.",
	"We're not interested, thanks.",
	"Hi Ann,\n\nnot interested at the moment.\n\nBest regards\nPriya",
	"Thanks for reaching out, but we are not\ninterested.",
	"No thanks",
	"No, thank you!",
	"no",
	"No.",
	"NO!!!",
	"Nope",
	"stop",
	"STOP",
	"Remove",
	"Pass.",
	"Hi Ann,\n\nNo.\n\nThanks,\nPriya",
	"Unsubscribe",
	"Please unsubscribe me.",
	"Unsubscribe. I never signed up for this.",
	"please remove me from your list",
	"Take us off this list.",
	"Stop emailing me!",
	"Please stop.",
	"Do not contact me again.",
	"Don't contact me again.",
	"Don\xe2\x80\x99t email me again.",
	"We'll pass on this.",
	"Not a fit for us at this time.",
	"Not interested. How did you get my address?",
	"This is spam.",
	"No\n\nSent from my iPhone",
	/* German */
	"Kein Interesse.",
	"Vielen Dank, aber wir haben kein Interesse.",
	"Nein danke",
	"Nein",
	"Wir sind nicht interessiert, bitte keine weiteren Mails.",
	"Bitte l\xc3\xb6schen Sie meine Daten.",
	"Derzeit sehen wir keinen Bedarf.\n\nMit freundlichen Gr\xc3\xbc\xc3"
	"\x9f"
	"en\nPriya Nair",
	"Bitte nehmen Sie mich aus Ihrem Verteiler.",
	/* French */
	"Pas int\xc3\xa9ress\xc3\xa9.",
	"Bonjour,\n\nNous ne sommes pas "
	"int\xc3\xa9ress\xc3\xa9s.\nCordialement",
	"Non merci",
	"Je ne suis pas interessee, merci de me retirer de votre liste.",
	"Veuillez me d\xc3\xa9sinscrire.",
	"Cela ne m'int\xc3\xa9resse pas.",
	/* Spanish */
	"No nos interesa, gracias.",
	"No estoy interesada.",
	"No, gracias.",
	"Por favor, deme de baja.",
	/* Italian */
	"Non siamo interessati.",
	"No grazie",
	"Per favore cancellatemi.",
	/* Polish */
	"Nie jeste\xc5\x9bmy zainteresowani.",
	"Nie, dzi\xc4\x99kuj\xc4\x99.",
	"Prosz\xc4\x99 o usuni\xc4\x99"
	"cie mojego adresu.",
	/* Portuguese */
	"N\xc3\xa3o temos interesse.",
	"N\xc3\xa3o, obrigado.",
	"N\xc3\xa3o",
	/* Dutch */
	"Geen interesse.",
	"Nee, bedankt.",
	"Wij zijn niet ge\xc3\xafnteresseerd.",
	/* One word is not what starts a business. */
	"Later.",
	"Thanks",
	/* What is quoted counts neither way. */
	"Not interested.\n\nOn Mon, 3 Mar 2025, Ann wrote:\n"
	"> We help teams like yours cut the time they spend on containment\n"
	"> by forty percent. Would you have fifteen minutes next week for\n"
	"> a call with our team? We work with many hospitals of your size,\n"
	"> and I believe that you would like to see what they have done.\n",
};

static const char *const answers[] = {
	"Yes",
	"Sure!",
	"Ja",
	"Oui",
	"Interested",
	"Yes, Tuesday at ten works for me.",
	"Could you send me a quote for 300 seats?",
	"Please call me tomorrow.",
	"Interested, what does it cost?",
	"No problem, Tuesday is fine.",
	"There is no interest on late payments before June.",
	"Please stop by the office on Monday.",
	"Can you stop the old deployment tonight?",
	"Please remove the second line from the quote and send it again.",
	"Nobody used the trial, so I will stop writing about it.",
	"How do I unsubscribe users in your tool?",
	"Let me know if you're not interested in the extension.",
	"Bitte melden, falls Sie kein Interesse haben.",
	"Not interested in the SIEM, but send us the price for EDR.",
	"Kein Interesse am SIEM, aber schicken Sie uns bitte den Preis "
	"f\xc3\xbcr EDR.",
	"Pas int\xc3\xa9ress\xc3\xa9 par le SIEM, mais envoyez-nous le tarif "
	"pour EDR.",
	"Passen Sie das Angebot bitte an.",
	"The delivery passed all tests, thank you.",
	"Nein, der Termin passt mir nicht. Geht Mittwoch?",
	"No, we need the report before Friday, as agreed in the call.",
	"Non, la r\xc3\xa9union est jeudi.",
	"\xd0\x94\xd0\xbe\xd0\xb1\xd1\x80\xd1\x8b\xd0\xb9 "
	"\xd0\xb4\xd0\xb5\xd0\xbd\xd1\x8c, stop, "
	"\xd0\xbf\xd1\x80\xd0\xb8\xd1\x88\xd0\xbb\xd0\xb8\xd1\x82\xd0\xb5 "
	"\xd1\x86\xd0\xb5\xd0\xbd\xd1\x83.",
	"\xe5\xa5\xbd\xe7\x9a\x84\xe3\x80\x82", /* "all right" in Chinese */
	"",
	/* Quoted words are not the writer's. */
	"Let us talk on Friday at ten.\n\n"
	"On Mon, 3 Mar 2025, Ann wrote:\n"
	"> If this is not for you, just answer \"not interested\" or \"stop\"\n"
	"> and I will remove you from my list.\n",
	/* Long answers are answers. */
	"Thanks for the overview you sent last week. We are not interested in "
	"the managed service, since we have just built a team of our own for "
	"it. What we would like to understand is how the sensor behaves on "
	"clinical workstations, and what three hundred licences cost over "
	"three years.",
};

static void
test_table(gconstpointer data)
{
	const gboolean expected = GPOINTER_TO_INT(data);
	const char *const *table = expected ? refusals : answers;
	const gsize n =
		expected ? G_N_ELEMENTS(refusals) : G_N_ELEMENTS(answers);

	for (gsize i = 0; i < n; i++) {
		g_autofree char *text =
			g_strconcat(REPLY, table[i], "\n", NULL);
		const gboolean found = refuses(text);

		if (found != expected)
			g_test_message("%s: \"%s\"",
				       found ? "taken for a refusal"
					     : "not seen as a refusal",
				       table[i]);
		if (found != expected)
			g_test_fail();
	}
}

/* Whole messages: subjects, calendars, attachments. */
static void
test_messages(void)
{
	static const struct {
		const char *what, *text;
		gboolean refuses;
	} cases[] = {
		{ "an unsubscribe link's mail", "Subject: unsubscribe\n\n",
		  TRUE },
		{ "the same with words",
		  "Subject: Please remove me\n\nThank you\n", TRUE },
		{ "a vendor's subject is not ours",
		  "Subject: Re: Not interested in saving money?\n\n"
		  "Tell me more about it.\n",
		  FALSE },
		{ "one word of our own", "Subject: Contract\n\nSigned.\n",
		  FALSE },
		{ "one word and a paper",
		  "Subject: Re: Contract\nContent-Type: multipart/mixed; "
		  "boundary=b\n\n--b\n\nAttached.\n--b\n"
		  "Content-Type: application/pdf\n"
		  "Content-Disposition: attachment; filename=a.pdf\n\nx\n"
		  "--b--\n",
		  FALSE },
		{ "an invitation declined",
		  "Subject: Declined: Quick call\nContent-Type: "
		  "multipart/alternative; boundary=b\n\n--b\n\n"
		  "Priya has declined this.\n--b\n"
		  "Content-Type: text/calendar; method=REPLY\n\n"
		  "BEGIN:VCALENDAR\nEND:VCALENDAR\n--b--\n",
		  TRUE },
		{ "an invitation accepted",
		  "Subject: Accepted: Quick call\nContent-Type: "
		  "multipart/alternative; boundary=b\n\n--b\n\n"
		  "Priya has accepted this.\n--b\n"
		  "Content-Type: text/calendar; method=REPLY\n\n"
		  "BEGIN:VCALENDAR\nEND:VCALENDAR\n--b--\n",
		  FALSE },
		{ "a decline that is only a subject",
		  "Subject: Declined: card payment of March\n\n"
		  "Can you tell us why the payment failed?\n",
		  FALSE },
		{ "nothing at all", "\n", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const gboolean found = refuses(cases[i].text);

		g_test_message("%s", cases[i].what);
		g_assert_cmpint(found, ==, cases[i].refuses);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/refusal/refusals", GINT_TO_POINTER(TRUE),
			     test_table);
	g_test_add_data_func("/refusal/answers", GINT_TO_POINTER(FALSE),
			     test_table);
	g_test_add_func("/refusal/messages", test_messages);
	return g_test_run();
}
