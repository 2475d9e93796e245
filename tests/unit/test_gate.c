/* The gate: who passes unjudged, in which order, and who does not. */
#include "screen_world.h"

#include "screen/gate.h"
#include "screen/ledger.h"
#include "screen/ours.h"

#define MX	"Authentication-Results: mx.meridian.example; "
#define VOUCHED MX "dkim=pass header.d=vendor.example\n"
#define FROM	"From: Ann <ann@vendor.example>\n"
#define REPLY	"In-Reply-To: <our-1@meridian.example>\n"
#define BODY	"\nHello\n"

static enum gate
gate_of(struct world *world, const struct envelope *envelope, const char *text,
	gboolean ledger)
{
	const struct gatekeeper keeper = {
		.snapshot = &world->snapshot,
		.vault = ledger ? &world->vault : NULL,
		.key = world->key,
		.envelope = envelope,
		.deadline_us = G_MAXINT64,
	};
	g_autoptr(Mail) mail = mail_of(text);
	enum gate gate = gate_envelope(&world->snapshot, envelope);

	if (gate != GATE_NONE)
		return gate;
	return gate_buyer(&keeper, mail, &world->buyer);
}

static const struct envelope stranger = {
	.sender = "ann@vendor.example",
	.client = "192.0.2.1",
	.queue_id = "4XyZ",
	.known = TRUE,
};

/* Our buyer wrote to ann@vendor.example, in <our-1@meridian.example>. */
static void
know_vendor(struct world *world)
{
	char addr[] = "<Ann@Vendor.example>";
	char *rcpts[] = { addr, NULL };
	g_autoptr(Mail) mail =
		mail_of("From: priya@meridian.example\n"
			"Message-ID: <our-1@meridian.example>\n"
			"Subject: Your offer\n\n"
			"Could you send me the offer for 300 seats, please?\n");

	ledger_learn(&world->snapshot, &world->vault, world->key, &world->buyer,
		     rcpts, mail);
}

static void
test_names(void)
{
	static const char *const names[] = {
		"",	 "uncovered", "authenticated", "internal",
		"ours",	 "blocked",   "allowed",       "contact",
		"reply", "bounce",    "auto-reply",    "unknown",
	};

	for (guint i = 0; i <= GATE_UNKNOWN; i++)
		g_assert_cmpstr(gate_name(i), ==, names[i]);
}

static void
test_envelope(struct world *world, gconstpointer data)
{
	static const struct {
		const char *what;
		struct envelope envelope;
		enum gate gate;
	} cases[] = {
		{ "a stranger",
		  { "a@b.example", "192.0.2.1", "", FALSE, TRUE },
		  GATE_NONE },
		{ "signed in",
		  { "a@b.example", "192.0.2.1", "", TRUE, TRUE },
		  GATE_AUTHENTICATED },
		{ "signed in from inside",
		  { "a@b.example", "10.1.2.3", "", TRUE, TRUE },
		  GATE_AUTHENTICATED },
		{ "from inside",
		  { "a@b.example", "10.1.2.3", "", FALSE, TRUE },
		  GATE_INTERNAL },
		{ "client not known",
		  { "a@b.example", NULL, "", FALSE, TRUE },
		  GATE_NONE },
		{ "our address from outside",
		  { "priya@meridian.example", "192.0.2.1", "", FALSE, TRUE },
		  GATE_NONE },
		{ "a file",
		  { NULL, "10.1.2.3", NULL, TRUE, FALSE },
		  GATE_NONE },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].what);
		g_assert_cmpint(
			gate_envelope(&world->snapshot, &cases[i].envelope), ==,
			cases[i].gate);
	}
}

/* Each with an empty ledger. */
static const struct {
	const char *what, *text;
	enum gate gate;
} headers[] = {
	{ "cold mail", FROM BODY, GATE_NONE },
	{ "cold mail, vouched for", VOUCHED FROM BODY, GATE_NONE },
	{ "no From at all", "Subject: x\n" BODY, GATE_NONE },
	{ "our domain, not vouched for", "From: boss@meridian.example\n" BODY,
	  GATE_NONE },
	{ "our domain, and the check failed",
	  MX "dmarc=fail header.from=meridian.example\n"
	     "From: boss@meridian.example\n" BODY,
	  GATE_NONE },
	{ "our domain, vouched for by somebody else",
	  "Authentication-Results: mx.evil.example; "
	  "dkim=pass header.d=meridian.example\n"
	  "From: boss@meridian.example\n" BODY,
	  GATE_NONE },
	{ "our domain, vouched for",
	  MX "dkim=pass header.d=meridian.example\n"
	     "From: boss@meridian.example\n" BODY,
	  GATE_INTERNAL },
	{ "below our domain, vouched for",
	  MX "dkim=pass header.d=meridian.example\n"
	     "From: crm@mail.meridian.example\n" BODY,
	  GATE_INTERNAL },
	{ "looks like our domain",
	  MX "dkim=pass header.d=notmeridian.example\n"
	     "From: crm@notmeridian.example\n" BODY,
	  GATE_NONE },
	{ "two authors, one of them ours and vouched for",
	  MX "dkim=pass header.d=meridian.example\n"
	     "From: boss@meridian.example, ann@vendor.example\n" BODY,
	  GATE_NONE },
	{ "blocked", "From: growth@spamco.example\n" BODY, GATE_BLOCKED },
	{ "blocked in another case", "From: GROWTH@SpamCo.example\n" BODY,
	  GATE_BLOCKED },
	{ "blocked domain", "From: X <x@blocked.example>\n" BODY,
	  GATE_BLOCKED },
	{ "the first of two authors is blocked",
	  "From: x@blocked.example, ann@vendor.example\n" BODY, GATE_BLOCKED },
	{ "another address of the blocked one's domain",
	  "From: help@spamco.example\n" BODY, GATE_NONE },
	{ "allowed, not vouched for", "From: ann@crowdshield.example\n" BODY,
	  GATE_NONE },
	{ "allowed, another domain vouched for",
	  VOUCHED "From: ann@crowdshield.example\n" BODY, GATE_NONE },
	{ "allowed",
	  MX "dkim=pass header.d=crowdshield.example\n"
	     "From: ann@crowdshield.example\n" BODY,
	  GATE_ALLOWED },
	{ "allowed domain, blocked address",
	  MX "dkim=pass header.d=half.example\n"
	     "From: bad@half.example\n" BODY,
	  GATE_BLOCKED },
	{ "allowed domain, another address",
	  MX "dkim=pass header.d=half.example\n"
	     "From: good@half.example\n" BODY,
	  GATE_ALLOWED },
	{ "blocked bounce",
	  "From: x@blocked.example\n"
	  "Auto-Submitted: auto-replied\n" BODY,
	  GATE_BLOCKED },
	{ "delivery report",
	  FROM "Content-Type: multipart/report; "
	       "report-type=delivery-status; boundary=b\n" BODY,
	  GATE_BOUNCE },
	{ "delivery report in another case, folded",
	  FROM "content-type: Multipart/Report;\n boundary=b;\n"
	       " report-type=\"Delivery-Status\"\n" BODY,
	  GATE_BOUNCE },
	{ "abuse report",
	  FROM "Content-Type: multipart/report; "
	       "report-type=feedback-report; boundary=b\n" BODY,
	  GATE_NONE },
	{ "a file name is no report",
	  FROM "Content-Type: text/plain; name=delivery-status\n" BODY,
	  GATE_NONE },
	{ "auto-replied", FROM "Auto-Submitted: auto-replied\n" BODY,
	  GATE_AUTO_REPLY },
	{ "auto-replied with parameters",
	  FROM "auto-submitted: Auto-Replied (vacation); a=b\n" BODY,
	  GATE_AUTO_REPLY },
	{ "auto-generated is judged",
	  FROM "Auto-Submitted: auto-generated\n" BODY, GATE_NONE },
	{ "not auto-submitted", FROM "Auto-Submitted: no\n" BODY, GATE_NONE },
	{ "not quite auto-replied",
	  FROM "Auto-Submitted: auto-replied-not\n" BODY, GATE_NONE },
	{ "vacation precedence", FROM "Precedence: auto_reply\n" BODY,
	  GATE_AUTO_REPLY },
	{ "bulk precedence is judged", FROM "Precedence: bulk\n" BODY,
	  GATE_NONE },
	{ "autoresponder", FROM "X-Autoreply: yes\n" BODY, GATE_AUTO_REPLY },
	{ "another autoresponder", FROM "X-Autorespond: 12\n" BODY,
	  GATE_AUTO_REPLY },
	{ "it says that it is none", FROM "X-Autorespond: no\n" BODY,
	  GATE_NONE },
	{ "it says so in capitals", FROM "X-Autorespond: NO (really)\n" BODY,
	  GATE_NONE },
	{ "it says nothing", FROM "X-Autorespond:\n" BODY, GATE_NONE },
	{ "it says nothing, at length", FROM "X-Autorespond: \t\n \n" BODY,
	  GATE_NONE },
	{ "a word that begins with no", FROM "X-Autorespond: notice\n" BODY,
	  GATE_AUTO_REPLY },
	{ "answers a message we do not know", FROM REPLY BODY, GATE_NONE },
};

static void
test_headers(struct world *world, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
		g_test_message("%s", headers[i].what);
		g_assert_cmpint(
			gate_of(world, &stranger, headers[i].text, TRUE), ==,
			headers[i].gate);
		g_assert_cmpint(
			gate_of(world, &stranger, headers[i].text, FALSE), ==,
			headers[i].gate);
	}
}

static void
test_sender(struct world *world, gconstpointer data)
{
	struct envelope envelope = stranger;

	(void)data;
	envelope.sender = "bounce@blocked.example";
	g_assert_cmpint(gate_of(world, &envelope, FROM BODY, TRUE), ==,
			GATE_BLOCKED);
	envelope.known = FALSE;
	g_assert_cmpint(gate_of(world, &envelope, FROM BODY, TRUE), ==,
			GATE_NONE);
	envelope.sender = NULL;
	g_assert_cmpint(gate_of(world, &envelope, FROM BODY, TRUE), ==,
			GATE_NONE);
	envelope.sender = "";
	g_assert_cmpint(gate_of(world, &envelope, FROM BODY, TRUE), ==,
			GATE_NONE);
	envelope.known = TRUE;
	g_assert_cmpint(gate_of(world, &envelope, FROM BODY, TRUE), ==,
			GATE_BOUNCE);
	g_assert_cmpint(gate_of(world, &envelope,
				"From: x@blocked.example\n" BODY, TRUE),
			==, GATE_BLOCKED);
}

/* SPF speaks of the envelope sender, and counts only when it is the one. */
static void
test_spf(struct world *world, gconstpointer data)
{
	static const char text[] =
		MX "spf=pass smtp.mailfrom=bounce@crowdshield.example\n"
		   "From: ann@crowdshield.example\n" BODY;
	struct envelope envelope = stranger;

	(void)data;
	envelope.sender = "bounce@crowdshield.example";
	g_assert_cmpint(gate_of(world, &envelope, text, TRUE), ==,
			GATE_ALLOWED);
	envelope.sender = "eve@evil.example";
	g_assert_cmpint(gate_of(world, &envelope, text, TRUE), ==, GATE_NONE);
}

static void
test_contact(struct world *world, gconstpointer data)
{
	static const char other[] =
		VOUCHED "From: bob@sales.vendor.example\n" BODY;
	static const char two[] =
		VOUCHED "From: ann@vendor.example, x@other.example\n" BODY;

	(void)data;
	know_vendor(world);
	g_assert_cmpint(gate_of(world, &stranger, VOUCHED FROM BODY, TRUE), ==,
			GATE_CONTACT);
	g_assert_cmpint(gate_of(world, &stranger, other, TRUE), ==,
			GATE_CONTACT);
	/* From is free to forge. */
	g_assert_cmpint(gate_of(world, &stranger, FROM BODY, TRUE), ==,
			GATE_NONE);
	g_assert_cmpint(gate_of(world, &stranger, two, TRUE), ==, GATE_NONE);
	/* A file with an empty ledger. */
	g_assert_cmpint(gate_of(world, &stranger, VOUCHED FROM BODY, FALSE), ==,
			GATE_NONE);
}

static void
test_reference(struct world *world, gconstpointer data)
{
	static const struct {
		const char *what, *text;
		enum gate gate;
	} cases[] = {
		{ "In-Reply-To", FROM REPLY BODY, GATE_REPLY },
		{ "from another domain", "From: x@other.example\n" REPLY BODY,
		  GATE_REPLY },
		{ "References, last",
		  FROM "References: <a@x> <our-1@meridian.example>\n" BODY,
		  GATE_REPLY },
		{ "References, first",
		  FROM "References: <our-1@meridian.example> <a@x>\n" BODY,
		  GATE_REPLY },
		{ "References, folded inside of the brackets",
		  FROM
		  "References:\n\t<a@x>\n\t<\n our-1@meridian.example>\n" BODY,
		  GATE_REPLY },
		{ "not quite our id",
		  FROM "In-Reply-To: <our-2@meridian.example>\n" BODY,
		  GATE_NONE },
		{ "ids are exact",
		  FROM "In-Reply-To: <OUR-1@meridian.example>\n" BODY,
		  GATE_NONE },
		{ "no brackets",
		  FROM "In-Reply-To: our-1@meridian.example\n" BODY,
		  GATE_NONE },
		{ "nothing in brackets", FROM "In-Reply-To: <> < <>>\n" BODY,
		  GATE_NONE },
		{ "author and reference",
		  VOUCHED "From: x@other.example\n" REPLY BODY, GATE_REPLY },
		{ "known author beats reference", VOUCHED FROM REPLY BODY,
		  GATE_CONTACT },
	};

	(void)data;
	know_vendor(world);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].what);
		g_assert_cmpint(gate_of(world, &stranger, cases[i].text, TRUE),
				==, cases[i].gate);
	}
}

static void
test_many_references(struct world *world, gconstpointer data)
{
	GString *text = g_string_new(FROM "References:");
	g_autofree char *all = NULL;

	(void)data;
	know_vendor(world);
	for (guint i = 0; i < 5000; i++)
		g_string_append_printf(text, " <%u@x>", i);
	g_string_append(text, " <our-1@meridian.example>\n" BODY);
	all = g_string_free(text, FALSE);
	g_assert_cmpint(gate_of(world, &stranger, all, TRUE), ==, GATE_REPLY);
}

/* A missed pitch costs one glance, a held customer costs trust. */
static void
test_ledger_fails(struct world *world, gconstpointer data)
{
	(void)data;
	world->vault.away = TRUE;
	g_assert_cmpint(gate_of(world, &stranger, VOUCHED FROM BODY, TRUE), ==,
			GATE_UNKNOWN);
	g_assert_cmpint(gate_of(world, &stranger, FROM REPLY BODY, TRUE), ==,
			GATE_UNKNOWN);
	/* A profile's own words need no ledger. */
	g_assert_cmpint(gate_of(world, &stranger,
				"From: x@blocked.example\n" REPLY BODY, TRUE),
			==, GATE_BLOCKED);
	/* Nothing to ask: nobody vouches for the author, nothing is cited. */
	world->vault.asked = 0;
	g_assert_cmpint(gate_of(world, &stranger, FROM BODY, TRUE), ==,
			GATE_NONE);
	g_assert_cmpuint(world->vault.asked, ==, 0);
}

static void
test_one_question(struct world *world, gconstpointer data)
{
	(void)data;
	gate_of(world, &stranger, VOUCHED FROM REPLY BODY, TRUE);
	g_assert_cmpuint(world->vault.asked, ==, 1);
}

static void
test_other_buyer(struct world *world, gconstpointer data)
{
	g_autofree char *id = world->buyer.profile->id;

	(void)data;
	know_vendor(world);
	world->buyer.profile->id = g_strdup("another");
	g_assert_cmpint(
		gate_of(world, &stranger, VOUCHED FROM REPLY BODY, TRUE), ==,
		GATE_NONE);
}

static char *
released(struct world *world, const char *rcpt, const char *text)
{
	g_autoptr(Mail) mail = mail_of(text);
	g_autofree char *value =
		ours_sign(world->key, mail, "01JDN3V8Z5Q4T6W8Y0A2C4E6G8", rcpt,
			  g_get_real_time() + 1000000);

	return g_strdup_printf("%s: %s\n%s", OURS_HEADER, value, text);
}

static void
test_ours(struct world *world, gconstpointer data)
{
	static const char blocked[] = "From: x@blocked.example\n" BODY;
	g_autofree char *first =
		released(world, "priya@meridian.example", blocked);
	g_autofree char *second =
		released(world, "CISO@meridian.example", blocked);
	g_autofree char *other =
		released(world, "cfo@meridian.example", blocked);
	g_autofree char *forged =
		g_strdup_printf("%s: id=1; to=priya@meridian.example; "
				"until=9999999999999999; mac=%064d\n%s",
				OURS_HEADER, 0, FROM BODY);

	(void)data;
	g_assert_cmpint(gate_of(world, &stranger, first, TRUE), ==, GATE_OURS);
	g_assert_cmpint(gate_of(world, &stranger, second, TRUE), ==, GATE_OURS);
	g_assert_cmpint(gate_of(world, &stranger, other, TRUE), ==,
			GATE_BLOCKED);
	g_assert_cmpint(gate_of(world, &stranger, forged, TRUE), ==, GATE_NONE);
}

/* `score` without a profile: the headers alone. */
static void
test_no_buyer(struct world *world, gconstpointer data)
{
	const struct gatekeeper keeper = {
		.snapshot = &world->snapshot,
		.envelope = &stranger,
	};
	g_autoptr(Mail) cold = mail_of("From: x@blocked.example\n" BODY);
	g_autoptr(Mail) answer =
		mail_of(FROM "Auto-Submitted: auto-replied\n" BODY);

	(void)data;
	g_assert_cmpint(gate_buyer(&keeper, cold, NULL), ==, GATE_NONE);
	g_assert_cmpint(gate_buyer(&keeper, answer, NULL), ==, GATE_AUTO_REPLY);
}

#define CASE(name, func)                                                       \
	g_test_add("/gate/" name, struct world, NULL, world_setup, func,       \
		   world_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gate/names", test_names);
	CASE("envelope", test_envelope);
	CASE("headers", test_headers);
	CASE("envelope sender", test_sender);
	CASE("spf speaks of the envelope", test_spf);
	CASE("a contact passes when vouched for", test_contact);
	CASE("an answer to ours passes", test_reference);
	CASE("ours is the nearest of many references", test_many_references);
	CASE("the ledger fails: assume a relationship", test_ledger_fails);
	CASE("one question for a stranger", test_one_question);
	CASE("one buyer's contact is not another's", test_other_buyer);
	CASE("released mail passes, to its recipient", test_ours);
	CASE("no buyer", test_no_buyer);
	return g_test_run();
}
