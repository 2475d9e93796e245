#include "stamp_private.h"

#include "base/clock.h"
#include "mail/message.h"
#include "screen/ours.h"

#define LIFE_US (3600 * CLOCK_SECOND_US)

/*
 * Folded, since a long recipient would make it longer than RFC 5321 lets a
 * line be.
 */
GBytes *
stamp(const struct key *key, const struct mail_limits *limits, GBytes *bytes,
      const char *id, const char *rcpt)
{
	g_autoptr(Mail) mail = mail_new(bytes, limits);
	g_autofree char *value =
		ours_sign(key, mail, id, rcpt, clock_now_us() + LIFE_US);
	g_auto(GStrv) parts = value ? g_strsplit(value, "; ", -1) : NULL;
	g_autofree char *folded = NULL;
	GString *text;
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	if (!parts)
		return NULL;
	folded = g_strjoinv(";\r\n\t", parts);
	text = g_string_new(OURS_HEADER ": ");
	g_string_append_printf(text, "%s\r\n", folded);
	g_string_append_len(text, data, (gssize)size);
	return g_string_free_to_bytes(text);
}
