/*
 * Any bytes as a mail that says something of another: as it is, with a right
 * link before it, and with the header field of ours that names a message. Only
 * ids come out of it, and a link only for its own buyer.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "fixed.h"
#include "review/link.h"
#include "review/report.h"

#define BUYER "priya@buyer.example"
#define ID    "01KAM3TQJ5ZB0Y2X7V4W9N8RCD"
#define OTHER "01KAM3TQJ5ZB0Y2X7V4W9N8RCE"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mail *
read_mail(const char *before, const uint8_t *data, size_t size)
{
	g_autoptr(GByteArray) text = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;

	g_byte_array_append(text, (const guint8 *)before,
			    (guint)strlen(before));
	g_byte_array_append(text, data, (guint)size);
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&text));
	return mail_new(bytes, NULL);
}

static void
check_any(const struct key *key, const uint8_t *data, size_t size)
{
	g_autoptr(Mail) mail = read_mail("", data, size);
	g_autoptr(Mail) again = read_mail("", data, size);
	g_autofree char *id = report_id(mail);
	g_autofree char *same = report_id(again);

	g_assert(!id || id_valid(id));
	g_assert(g_strcmp0(id, same) == 0);
	g_assert(report_is_automatic(mail) == report_is_automatic(again));
	/* The input cannot have signed anything. */
	g_assert(!report_linked_id(mail, key, BUYER, 0));
}

static void
check_linked(const struct key *key, const uint8_t *data, size_t size)
{
	g_autofree char *link =
		link_sign(key, BUYER, ID, LINK_SHOW, 2 * CLOCK_SECOND_US);
	g_autofree char *before = g_strconcat(
		"Subject: x\n\nhttps://x.example/l/", link, "\n", NULL);
	g_autoptr(Mail) mail = read_mail(before, data, size);
	g_autofree char *id =
		report_linked_id(mail, key, BUYER, CLOCK_SECOND_US);
	g_autofree char *late =
		report_linked_id(mail, key, BUYER, 3 * CLOCK_SECOND_US);
	g_autofree char *others =
		report_linked_id(mail, key, "dan@x.example", CLOCK_SECOND_US);

	g_assert(g_strcmp0(id, ID) == 0 && !late && !others);
}

static void
check_named(const uint8_t *data, size_t size)
{
	g_autoptr(Mail) mail =
		read_mail("X-Pitchward: verdict=tag; id=" ID "\n"
			  "X-Pitchward: verdict=tag; id=" OTHER "\n",
			  data, size);
	g_autofree char *id = report_id(mail);

	g_assert(g_strcmp0(id, ID) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct key *key = fixed_key();

	check_any(key, data, size);
	check_linked(key, data, size);
	check_named(data, size);
	return 0;
}
