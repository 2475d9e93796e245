/* What mail that reports other mail names, and what of it is a machine's. */
#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "review/link.h"
#include "review/report.h"

#define ID    "01JD0000000000000000000009"
#define OTHER "01JD000000000000000000000A"
#define NOW   (G_GINT64_CONSTANT(1795305600) * CLOCK_SECOND_US)

#define VERDICT                                                                \
	"X-Pitchward: verdict=tag; outreach=0.93; relevance=0.41; id=" ID "\n"
#define INNER "From: sam@seller.example\n" VERDICT "Subject: x\n\nbody\n"

static struct mail *
mail_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return mail_new(bytes, NULL);
}

static const struct {
	const char *what;
	const char *text;
	const char *id;
} named[] = {
	{ "itself", INNER, ID },
	{ "attached",
	  "From: a@b.example\nMIME-Version: 1.0\n"
	  "Content-Type: message/rfc822\n\n" INNER,
	  ID },
	{ "a feedback report (RFC 5965)",
	  "From: a@b.example\nMIME-Version: 1.0\nContent-Type: "
	  "multipart/report; report-type=feedback-report; boundary=b\n\n"
	  "--b\nContent-Type: text/plain\n\nA report.\n"
	  "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: "
	  "abuse\nVersion: 1\n\n"
	  "--b\nContent-Type: message/rfc822\n\n" INNER "\n--b--\n",
	  ID },
	{ "a report with the header alone",
	  "From: a@b.example\nMIME-Version: 1.0\nContent-Type: "
	  "multipart/report; report-type=feedback-report; boundary=b\n\n"
	  "--b\nContent-Type: text/plain\n\nA report.\n"
	  "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: "
	  "abuse\n\n"
	  "--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n" VERDICT
	  "\n--b--\n",
	  ID },
	{ "in the text only", "From: a@b.example\n\n> " VERDICT, NULL },
	{ "no id", "X-Pitchward: verdict=tag; id=1\n\nx\n", NULL },
	{ "another field", "X-Pitchward-Odd: id=" ID "\n\nx\n", NULL },
	{ "nothing", "", NULL },
};

static void
test_named(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
		g_autoptr(Mail) mail = mail_of(named[i].text);
		g_autofree char *id = report_id(mail);

		if (g_strcmp0(id, named[i].id) != 0)
			g_error("%s: %s", named[i].what, id);
	}
}

static char *
linked(const struct key *key, const char *format, const char *one,
       const char *two, const char *buyer)
{
	g_autofree char *first =
		link_sign(key, "priya", one, LINK_SHOW, NOW + CLOCK_DAY_US);
	g_autofree char *second =
		link_sign(key, "priya", two, LINK_RELEASE, NOW + CLOCK_DAY_US);
	g_auto(GStrv) parts = g_strsplit(format, "%s", 3);
	g_autofree char *text = g_strconcat(
		"From: a@b.example\nContent-Type: text/plain\n\n", parts[0],
		first, parts[1], second, parts[2] ? parts[2] : "", NULL);
	g_autoptr(Mail) mail = mail_of(text);

	return report_linked_id(mail, key, buyer, NOW);
}

static void
test_linked(void)
{
	static const char quoted[] =
		"yes please\n> Show https://x.example/l/%s\n> Release "
		"<https://x.example/l/%s>\n";
	g_autoptr(Key) key = key_new_random();
	g_autoptr(Key) foreign = key_new_random();
	g_autofree char *one = linked(key, quoted, ID, ID, "priya");
	g_autofree char *several = linked(key, quoted, ID, OTHER, "priya");
	g_autofree char *others = linked(key, quoted, ID, ID, "quinn");
	g_autofree char *cut = linked(key, "https://x/l/%s0 and https://x/l/%s",
				      ID, ID, "priya");
	g_autofree char *wrong = linked(
		key, "https://x/l/%s0 and https://x/l/0%s", ID, ID, "priya");

	g_assert_cmpstr(one, ==, ID);
	g_assert_null(several);
	g_assert_null(others);
	g_assert_cmpstr(cut, ==, ID);
	g_assert_null(wrong);
}

static void
test_expired(void)
{
	g_autoptr(Key) key = key_new_random();
	g_autofree char *link = link_sign(key, "priya", ID, LINK_SHOW, NOW);
	g_autofree char *text = g_strdup_printf("A: b\n\n/l/%s\n", link);
	g_autoptr(Mail) mail = mail_of(text);
	g_autofree char *now = report_linked_id(mail, key, "priya", NOW);

	g_assert_cmpstr(now, ==, ID);
	g_assert_null(
		report_linked_id(mail, key, "priya", NOW + CLOCK_SECOND_US));
}

/* Many slashes cost little. */
static void
test_many(void)
{
	g_autoptr(Key) key = key_new_random();
	g_autoptr(GString) text = g_string_new("A: b\n\n");
	g_autoptr(Mail) mail = NULL;

	for (int i = 0; i < 200000; i++)
		g_string_append(text, "/l/x");
	mail = mail_of(text->str);
	g_assert_null(report_linked_id(mail, key, "priya", NOW));
}

static const struct {
	const char *header;
	gboolean automatic;
} machines[] = {
	{ "Subject: x", FALSE },
	{ "Auto-Submitted: no", FALSE },
	{ "Auto-Submitted: auto-replied", TRUE },
	{ "auto-submitted:  auto-generated; x=y", TRUE },
	{ "Precedence: bulk", TRUE },
	{ "Precedence: List", TRUE },
	{ "Precedence: first-class", FALSE },
	{ "List-Id: <x.example>", TRUE },
	{ "Return-Path: <>", TRUE },
	{ "Return-Path: <priya@buyer.example>", FALSE },
	{ "X-Autoreply: yes", TRUE },
	{ "Precedence: bulk\nResent-From: priya@buyer.example", FALSE },
};

static void
test_machines(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(machines); i++) {
		g_autofree char *text =
			g_strconcat(machines[i].header, "\n\nbody\n", NULL);
		g_autoptr(Mail) mail = mail_of(text);

		if (report_is_automatic(mail) != machines[i].automatic)
			g_error("%s", machines[i].header);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/report/named", test_named);
	g_test_add_func("/report/linked", test_linked);
	g_test_add_func("/report/expired", test_expired);
	g_test_add_func("/report/many", test_many);
	g_test_add_func("/report/machines", test_machines);
	return g_test_run();
}
