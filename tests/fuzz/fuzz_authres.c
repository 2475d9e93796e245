/* Header blocks with results in them; what foreign bytes must never do. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "mail/authres.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum authres_result
result_of(const char *before, const uint8_t *data, size_t size)
{
	static const char *const ids[] = { "mx.our.example", NULL };
	g_autoptr(GByteArray) text = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(Mail) mail = NULL;

	g_byte_array_append(text, (const guint8 *)before,
			    (guint)strlen(before));
	g_byte_array_append(text, data, (guint)size);
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&text));
	mail = mail_new(bytes, NULL);
	return authres_author(mail, ids, "a@vendor.example");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	result_of("", data, size);
	/* As the one value of a field of ours. */
	result_of("From: a@vendor.example\n"
		  "Authentication-Results: mx.our.example; ",
		  data, size);
	/* Below the border nothing is believed. */
	g_assert(result_of("Received: from a by b.example\n"
			   "From: a@vendor.example\n",
			   data, size) == AUTHRES_NONE);
	return 0;
}
