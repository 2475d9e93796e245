/*
 * Any text as a mail's: no crash, no leak, and what is found is valid UTF-8,
 * within the bounds, and in its place.
 */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "market/claim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *raw = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(raw, -1);
	g_autoptr(GPtrArray) quotes = claims_read(text);

	g_assert(quotes->len <= CLAIM_MAX);
	for (guint i = 0; i < quotes->len; i++) {
		const struct store_quote *quote = quotes->pdata[i];

		g_assert(g_utf8_validate(quote->text, -1, NULL));
		g_assert(g_utf8_validate(quote->what, -1, NULL));
		g_assert(quote->place < strlen(text));
	}
	return 0;
}
