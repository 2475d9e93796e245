/* Signed links: who may have made one, for whom, for what, until when. */
#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "review/link.h"

#define ID    "01JD0000000000000000000009"
#define OTHER "01JD000000000000000000000A"
#define NOW   (G_GINT64_CONSTANT(1795305600) * CLOCK_SECOND_US)
#define UNTIL (NOW + 14 * CLOCK_DAY_US)

static char *
make(const struct key *key, enum link_action action)
{
	return link_sign(key, "priya", ID, action, UNTIL);
}

static void
test_words(void)
{
	for (int i = LINK_SHOW; i <= LINK_UNDO; i++)
		g_assert_cmpint(link_action_parse(
					link_action_name((enum link_action)i)),
				==, i);
	g_assert_cmpint(link_action_parse("delete"), ==, -1);
	g_assert_cmpint(link_action_parse(""), ==, -1);
}

static void
test_holds(void)
{
	g_autoptr(Key) key = key_new_random();

	for (int i = LINK_SHOW; i <= LINK_UNDO; i++) {
		g_autofree char *text = make(key, (enum link_action)i);
		struct link link;

		g_assert_true(link_parse(text, &link));
		g_assert_cmpstr(link.id, ==, ID);
		g_assert_cmpint((int)link.action, ==, i);
		g_assert_cmpint(link.until_us, ==, UNTIL);
		g_assert_true(link_verify(key, text, "priya", NOW));
		g_assert_cmpuint(strlen(text), <=, 90);
		g_assert_cmpuint(
			strspn(text,
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789-._~"),
			==, strlen(text));
	}
}

static void
test_bound(void)
{
	g_autoptr(Key) key = key_new_random();
	g_autoptr(Key) foreign = key_new_random();
	g_autofree char *text = make(key, LINK_SHOW);
	g_autofree char *release = make(key, LINK_RELEASE);

	g_assert_false(link_verify(key, text, "quinn", NOW));
	g_assert_false(link_verify(key, text, "", NOW));
	g_assert_false(link_verify(key, text, "priya\n", NOW));
	g_assert_false(link_verify(foreign, text, "priya", NOW));
	g_assert_cmpstr(text, !=, release);
}

static void
test_expires(void)
{
	g_autoptr(Key) key = key_new_random();
	g_autofree char *text = make(key, LINK_SHOW);

	g_assert_true(link_verify(key, text, "priya", UNTIL));
	g_assert_false(link_verify(key, text, "priya", UNTIL + 1));
	g_assert_true(link_verify(key, text, "priya", 0));
}

/* Every character is part of what is signed, or of the signature. */
static void
test_tampered(void)
{
	g_autoptr(Key) key = key_new_random();
	g_autofree char *text = make(key, LINK_RELEASE);

	for (gsize i = 0; i < strlen(text); i++) {
		g_autofree char *wrong = g_strdup(text);

		wrong[i] = wrong[i] == '1' ? '2' : '1';
		g_assert_false(link_verify(key, wrong, "priya", NOW));
	}
	for (gsize i = 0; i < strlen(text); i++) {
		g_autofree char *cut = g_strndup(text, i);

		g_assert_false(link_verify(key, cut, "priya", NOW));
	}
}

/* The MAC of one action does not serve another, nor another message or time. */
static void
test_transplanted(void)
{
	g_autoptr(Key) key = key_new_random();
	g_autofree char *text = make(key, LINK_SHOW);
	g_auto(GStrv) parts = g_strsplit(text, ".", -1);
	const char *const wrong[][3] = {
		{ ID, "release", parts[2] },
		{ OTHER, "show", parts[2] },
		{ ID, "show", "9999999999" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *link =
			g_strdup_printf("%s.%s.%s.%s", wrong[i][0], wrong[i][1],
					wrong[i][2], parts[3]);

		g_assert_false(link_verify(key, link, "priya", 0));
	}
}

static void
test_nonsense(void)
{
	static const char *const wrong[] = {
		"",
		".",
		"...",
		ID,
		ID ".show",
		ID ".show.1.",
		ID ".show..0123456789abcdef0123456789abcdef",
		ID ".show.-1.0123456789abcdef0123456789abcdef",
		ID ".show.+1.0123456789abcdef0123456789abcdef",
		ID ".show. 1.0123456789abcdef0123456789abcdef",
		ID ".show.01.0123456789abcdef0123456789abcdef",
		ID ".show.99999999999.0123456789abcdef0123456789abcdef",
		ID ".show.1e9.0123456789abcdef0123456789abcdef",
		ID ".SHOW.1.0123456789abcdef0123456789abcdef",
		ID ".show.1.0123456789abcdef0123456789abcdef.x",
		ID "\n.show.1.0123456789abcdef0123456789abcdef",
		"01jd0000000000000000000009.show.1."
		"0123456789abcdef0123456789abcdef",
		"\xff\xfe.show.1.0123456789abcdef0123456789abcdef",
	};
	g_autoptr(Key) key = key_new_random();
	g_autofree char *endless = g_strnfill(1 << 20, '.');
	struct link link;

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_assert_false(link_parse(wrong[i], &link));
		g_assert_false(link_verify(key, wrong[i], "priya", 0));
	}
	g_assert_false(link_parse(endless, &link));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/link/words", test_words);
	g_test_add_func("/link/holds", test_holds);
	g_test_add_func("/link/bound-to-buyer", test_bound);
	g_test_add_func("/link/expires", test_expires);
	g_test_add_func("/link/tampered", test_tampered);
	g_test_add_func("/link/transplanted", test_transplanted);
	g_test_add_func("/link/nonsense", test_nonsense);
	return g_test_run();
}
