/* Released mail passes; a copy of its header on anything else does not. */
#include <glib.h>
#include <string.h>

#include "screen/ours.h"

#define ID   "01JDN3V8Z5Q4T6W8Y0A2C4E6G8"
#define TO   "priya@meridian.example"
#define LATE G_GINT64_CONSTANT(1000000000)

#define FROM	"From: Ann <ann@vendor.example>\n"
#define SUBJECT "Subject: Quick call?\n"
#define MSGID	"Message-ID: <1@vendor.example>\n"
#define BODY	"\nHello\n"

struct desk {
	struct key *key;
	char *value; /* signed for the whole message below */
};

static struct mail *
mail_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return mail_new(bytes, NULL);
}

static char *
sign(const struct key *key, const char *text, const char *rcpt)
{
	g_autoptr(Mail) mail = mail_of(text);

	return ours_sign(key, mail, ID, rcpt, LATE);
}

static gboolean
verify(const struct key *key, const char *text, const char *rcpt, gint64 now_us)
{
	g_autoptr(Mail) mail = mail_of(text);

	return ours_verify(key, mail, rcpt, now_us);
}

static void
desk_setup(struct desk *desk, gconstpointer data)
{
	(void)data;
	desk->key = key_new_random();
	desk->value = sign(desk->key, FROM SUBJECT MSGID BODY, TO);
}

static void
desk_teardown(struct desk *desk, gconstpointer data)
{
	(void)data;
	key_free(desk->key);
	g_free(desk->value);
}

static gboolean
passes(const struct desk *desk, const char *fields)
{
	g_autofree char *text =
		g_strdup_printf("%s: %s\n%s", OURS_HEADER, desk->value, fields);

	return verify(desk->key, text, TO, 1);
}

static void
test_form(struct desk *desk, gconstpointer data)
{
	g_auto(GStrv) parts = g_strsplit(desk->value, "; ", -1);

	(void)data;
	g_assert_cmpuint(g_strv_length(parts), ==, 4);
	g_assert_cmpstr(parts[0], ==, "id=" ID);
	g_assert_cmpstr(parts[1], ==, "to=" TO);
	g_assert_cmpstr(parts[2], ==, "until=1000000000");
	g_assert_true(g_str_has_prefix(parts[3], "mac="));
	g_assert_cmpuint(strlen(parts[3]), ==, 4 + 64);
}

static void
test_message(struct desk *desk, gconstpointer data)
{
	static const struct {
		const char *what, *fields;
		gboolean passes;
	} cases[] = {
		{ "the message itself", FROM SUBJECT MSGID BODY, TRUE },
		{ "fields in another order", MSGID FROM SUBJECT BODY, TRUE },
		{ "with what an MTA adds on top",
		  "Received: from a by b; Mon\n" FROM SUBJECT MSGID BODY,
		  TRUE },
		{ "names in another case",
		  "FROM: Ann <ann@vendor.example>\n" SUBJECT
		  "message-id: <1@vendor.example>\n" BODY,
		  TRUE },
		{ "folded again", FROM "Subject: Quick\n call?\n" MSGID BODY,
		  TRUE },
		{ "another author",
		  "From: Eve <eve@evil.example>\n" SUBJECT MSGID BODY, FALSE },
		{ "another subject", FROM "Subject: Urgent\n" MSGID BODY,
		  FALSE },
		{ "another Message-ID",
		  FROM SUBJECT "Message-ID: <2@vendor.example>\n" BODY, FALSE },
		{ "a second From above",
		  "From: Eve <eve@evil.example>\n" FROM SUBJECT MSGID BODY,
		  FALSE },
		{ "a second Subject below",
		  FROM SUBJECT MSGID "Subject: Urgent\n" BODY, FALSE },
		{ "no From", SUBJECT MSGID BODY, FALSE },
		{ "no Message-ID", FROM SUBJECT BODY, FALSE },
		{ "no Subject", FROM MSGID BODY, FALSE },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].what);
		g_assert_cmpint(passes(desk, cases[i].fields), ==,
				cases[i].passes);
	}
}

static void
test_recipient_and_time(struct desk *desk, gconstpointer data)
{
	g_autofree char *text =
		g_strdup_printf("%s: %s\n%s", OURS_HEADER, desk->value,
				FROM SUBJECT MSGID BODY);
	g_autoptr(Key) other = key_new_random();

	(void)data;
	g_assert_true(verify(desk->key, text, TO, LATE));
	g_assert_false(verify(desk->key, text, TO, LATE + 1));
	g_assert_true(verify(desk->key, text, "<Priya@MERIDIAN.example>", 1));
	g_assert_true(
		verify(desk->key, text, "priya+news@meridian.example", 1));
	g_assert_false(verify(desk->key, text, "ciso@meridian.example", 1));
	g_assert_false(verify(desk->key, text, "", 1));
	g_assert_false(verify(desk->key, text, "<a@b\r\n>", 1));
	g_assert_false(verify(other, text, TO, 1));
}

/* What is written after "X-Pitchward-Release: " with %s for the true value. */
static void
test_forged(struct desk *desk, gconstpointer data)
{
	static const char *const cases[] = {
		"",
		";;;",
		"id=1; to=" TO "; until=1000000000",
		"id=1; to=" TO "; until=1000000000; mac=",
		"id=1; to=" TO "; until=1000000000; mac=00",
		"%s; until=9999999999",
		"%s; more=1",
		"x%s",
		"ID=1; %s",
		"until=9999999999; %s",
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) around = g_strsplit(cases[i], "%s", 2);
		g_autofree char *value = g_strjoinv(desk->value, around);
		g_autofree char *text =
			g_strdup_printf("%s: %s\n%s", OURS_HEADER, value,
					FROM SUBJECT MSGID BODY);

		g_test_message("%s", cases[i]);
		g_assert_false(verify(desk->key, text, TO, 1));
	}
}

static void
test_changed_claim(struct desk *desk, gconstpointer data)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{ "id=01", "id=02" },
		{ "until=1000000000", "until=2000000000" },
		{ "to=priya", "to=ciso" },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_auto(GStrv) parts =
			g_strsplit(desk->value, changes[i].from, 2);
		g_autofree char *value = g_strjoinv(changes[i].to, parts);
		g_autofree char *text =
			g_strdup_printf("%s: %s\n%s", OURS_HEADER, value,
					FROM SUBJECT MSGID BODY);

		g_assert_cmpstr(value, !=, desk->value);
		g_assert_false(verify(desk->key, text, TO, 1));
		g_assert_false(
			verify(desk->key, text, "ciso@meridian.example", 1));
	}
}

static void
test_among_forged(struct desk *desk, gconstpointer data)
{
	GString *text = g_string_new(NULL);
	g_autofree char *all = NULL;

	(void)data;
	for (guint i = 0; i < 50; i++)
		g_string_append_printf(text,
				       "x-pitchward-RELEASE: id=%u; to=%s; "
				       "until=1000000000; mac=%064u\n",
				       i, TO, i);
	/* Folded as a mail program may, in the midst of them. */
	{
		g_auto(GStrv) parts = g_strsplit(desk->value, "; ", -1);
		g_autofree char *folded = g_strjoinv(";\n\t", parts);

		g_string_append_printf(text, "%s:%s\n", OURS_HEADER, folded);
	}
	g_string_append(text, OURS_HEADER ": junk\n" FROM SUBJECT MSGID BODY);
	all = g_string_free(text, FALSE);
	g_assert_true(verify(desk->key, all, TO, 1));
}

/* Postfix and sendmail complete mail before their filters see it. */
static void
test_completed(struct desk *desk, gconstpointer data)
{
	static const struct {
		const char *what, *before, *after;
		gboolean passes;
	} cases[] = {
		{ "Message-ID added", FROM SUBJECT BODY,
		  FROM SUBJECT "Message-ID: <new@mx>\n" BODY, TRUE },
		{ "From added", SUBJECT MSGID BODY,
		  "From: MAILER-DAEMON\n" SUBJECT MSGID BODY, TRUE },
		{ "both added", SUBJECT BODY,
		  "From: MAILER-DAEMON\nMessage-ID: <new@mx>\n" SUBJECT BODY,
		  TRUE },
		{ "nothing added", "To: x@y\n" BODY, "To: x@y\n" BODY, TRUE },
		{ "Subject added", FROM MSGID BODY, FROM SUBJECT MSGID BODY,
		  FALSE },
		{ "two From added", SUBJECT MSGID BODY,
		  FROM FROM SUBJECT MSGID BODY, FALSE },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *value = sign(desk->key, cases[i].before, TO);
		g_autofree char *text = g_strdup_printf(
			"%s: %s\n%s", OURS_HEADER, value, cases[i].after);

		g_test_message("%s", cases[i].what);
		g_assert_cmpint(verify(desk->key, text, TO, 1), ==,
				cases[i].passes);
	}
}

static void
test_odd_recipients(struct desk *desk, gconstpointer data)
{
	static const char *const rcpts[] = {
		"<\"a; to=b\"@meridian.example>",
		"\"al ice\"@meridian.example",
		"o'hara+x=1%y@meridian.example",
		"j\xc3\xb6rg@m\xc3\xbcller.example",
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rcpts); i++) {
		g_autofree char *value =
			sign(desk->key, FROM SUBJECT MSGID BODY, rcpts[i]);
		g_autofree char *text =
			g_strdup_printf("%s: %s\n%s", OURS_HEADER, value,
					FROM SUBJECT MSGID BODY);

		g_test_message("%s", value);
		g_assert_true(g_str_is_ascii(value));
		g_assert_true(verify(desk->key, text, rcpts[i], 1));
		g_assert_false(verify(desk->key, text, TO, 1));
	}
	g_assert_null(sign(desk->key, FROM BODY, "not <an address"));
	g_assert_null(sign(desk->key, FROM BODY, "<>"));
}

#define CASE(name, func)                                                       \
	g_test_add("/ours/" name, struct desk, NULL, desk_setup, func,         \
		   desk_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("form", test_form);
	CASE("only the signed message", test_message);
	CASE("only its recipient and hour", test_recipient_and_time);
	CASE("forged headers", test_forged);
	CASE("changed claims", test_changed_claim);
	CASE("one true header among forged ones", test_among_forged);
	CASE("fields the MTA adds", test_completed);
	CASE("odd recipients", test_odd_recipients);
	return g_test_run();
}
