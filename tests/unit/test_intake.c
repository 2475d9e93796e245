#include <glib.h>
#include <string.h>

#include "milter/intake.h"

struct fixture {
	struct room room;
	struct intake intake;
};

static void
setup(struct fixture *f, gconstpointer data)
{
	(void)data;
	atomic_store(&f->room.used, 0);
	f->room.max = 1024 * 1024;
	intake_init(&f->intake, &f->room);
	f->intake.leadspc = TRUE;
}

static void
teardown(struct fixture *f, gconstpointer data)
{
	(void)data;
	intake_clear(&f->intake);
	g_assert_cmpuint(atomic_load(&f->room.used), ==, 0);
}

static void
assert_bytes(struct intake *intake, const char *wanted, gsize size)
{
	g_autoptr(GBytes) bytes = intake_take(intake);
	g_autoptr(GBytes) right = g_bytes_new(wanted, size);

	g_assert_nonnull(bytes);
	g_assert_true(g_bytes_equal(bytes, right));
}

static void
test_received_form(struct fixture *f, gconstpointer data)
{
	static const char wanted[] = "Subject: a\r\n\tb\r\n  c\r\n"
				     "X:none\r\nY:  two \r\n\r\n"
				     "body\r\n.\0nul\r\n";

	(void)data;
	intake_field(&f->intake, "Subject", " a\n\tb\n  c");
	intake_field(&f->intake, "X", "none");
	intake_field(&f->intake, "Y", "  two ");
	intake_body(&f->intake, "body\r\n", 6);
	intake_body(&f->intake, ".\0nul\r\n", 7);
	assert_bytes(&f->intake, wanted, sizeof(wanted) - 1);
	g_assert_true(wanted + f->intake.body ==
		      strstr(wanted, "\r\n\r\n") + 4);
}

static void
test_without_leading_space(struct fixture *f, gconstpointer data)
{
	(void)data;
	f->intake.leadspc = FALSE;
	intake_field(&f->intake, "Subject", "a");
	assert_bytes(&f->intake, "Subject: a\r\n\r\n", 14);
}

static void
test_odd_line_ends(struct fixture *f, gconstpointer data)
{
	(void)data;
	intake_field(&f->intake, "A", " x\r\n y\rz\n\n");
	assert_bytes(&f->intake, "A: x\r\n y\rz\r\n\r\n\r\n\r\n", 18);
}

static void
test_nothing(struct fixture *f, gconstpointer data)
{
	(void)data;
	assert_bytes(&f->intake, "\r\n", 2);
}

static void
test_header_only(struct fixture *f, gconstpointer data)
{
	(void)data;
	f->intake.headers_only = TRUE;
	intake_field(&f->intake, "X-Pitchward", " verdict=deliver");
	intake_field(&f->intake, "Message-ID", " <a@b> ");
	intake_body(&f->intake, "body", 4);
	g_assert_null(intake_take(&f->intake));
	g_assert_false(f->intake.lost);
	g_assert_cmpuint(f->intake.own->len, ==, 1);
	g_assert_cmpstr(f->intake.message_id, ==, "<a@b>");
}

/* Hundreds are a flood: counted no further, and told. */
static void
test_own_flood(struct fixture *f, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < OWN_FIELDS_MAX; i++)
		intake_field(&f->intake, "X-Pitchward", " a");
	g_assert_false(f->intake.flooded);
	intake_field(&f->intake, "x-pitchward", " a");
	g_assert_true(f->intake.flooded);
	g_assert_cmpuint(f->intake.own->len, ==, OWN_FIELDS_MAX);
	intake_reset(&f->intake);
	g_assert_false(f->intake.flooded);
}

static void
test_own_fields(struct fixture *f, gconstpointer data)
{
	static const char *const names[] = {
		"X-Pitchward",
		"x-pitchward-reason",
		"X-PITCHWARD",
		"Subject",
		"X-Pitch",
		"x-Pitchward",
		"X-Pitchward-Reason",
		"X-Pitchwardly",
		"Subject",
	};
	g_autoptr(GArray) own = NULL;
	static const struct own_field wanted[] = {
		{ "X-Pitchward", 3 },
		{ "x-pitchward-reason", 2 },
		{ "X-Pitchwardly", 1 },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		intake_field(&f->intake, names[i], i < 5 ? " first" : " late");
	own = intake_own(&f->intake);
	g_assert_cmpuint(own->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < own->len; i++) {
		const struct own_field *field =
			&g_array_index(own, struct own_field, i);

		g_assert_cmpstr(field->name, ==, wanted[i].name);
		g_assert_cmpuint(field->count, ==, wanted[i].count);
	}
	g_assert_cmpstr(f->intake.subject, ==, " first");
}

static void
test_room(struct fixture *f, gconstpointer data)
{
	g_autofree char *much = g_strnfill(600 * 1024, 'x');
	struct intake other;

	(void)data;
	intake_init(&other, &f->room);
	intake_body(&f->intake, much, strlen(much));
	intake_body(&other, much, strlen(much));
	g_assert_true(other.lost);
	g_assert_null(intake_take(&other));
	g_assert_false(f->intake.lost);
	intake_reset(&f->intake);
	intake_reset(&other);
	g_assert_cmpuint(atomic_load(&f->room.used), ==, 0);
	intake_body(&other, much, strlen(much));
	g_assert_false(other.lost);
	intake_clear(&other);
}

static void
test_too_large(struct fixture *f, gconstpointer data)
{
	g_autofree char *chunk = g_strnfill(65535, 'x');

	(void)data;
	f->room.max = G_MAXSIZE;
	for (gsize sent = 0; sent <= INTAKE_MAX; sent += 65535) {
		g_assert_false(f->intake.lost);
		intake_body(&f->intake, chunk, 65535);
	}
	g_assert_true(f->intake.lost);
	g_assert_cmpuint(atomic_load(&f->room.used), ==, 0);
	intake_reset(&f->intake);
	intake_body(&f->intake, "x", 1);
	assert_bytes(&f->intake, "\r\nx", 3);
}

/* The room is taken for as long as the bytes may live: until the reset. */
static void
test_taken_counts(struct fixture *f, gconstpointer data)
{
	(void)data;
	intake_body(&f->intake, "xyz", 3);
	assert_bytes(&f->intake, "\r\nxyz", 5);
	g_assert_cmpuint(atomic_load(&f->room.used), ==, 5);
}

#define ADD(path, test)                                                        \
	g_test_add("/intake/" path, struct fixture, NULL, setup, test, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("fields and body as received", test_received_form);
	ADD("the space that the MTA ate", test_without_leading_space);
	ADD("CR and LF in odd places", test_odd_line_ends);
	ADD("a message of nothing", test_nothing);
	ADD("only names are wanted", test_header_only);
	ADD("fields of ours in any case", test_own_fields);
	ADD("a flood of fields of ours", test_own_flood);
	ADD("messages share one room", test_room);
	ADD("a message too large", test_too_large);
	ADD("bytes taken still count", test_taken_counts);
	return g_test_run();
}
