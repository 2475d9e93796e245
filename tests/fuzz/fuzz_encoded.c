/*
 * Any bytes as header text and as a field with parameters: RFC 2047 words,
 * RFC 2231 values, charsets. What comes out is one line of valid UTF-8 within
 * its bound, and what we write ourselves is read as it was meant.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "../../src/mail/charset_private.h"
#include "../../src/mail/encoded_private.h"
#include "../../src/mail/parameter_private.h"
#include "base/escape.h"
#include "mail/compose.h"

#define WORDS_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_line(const char *text)
{
	g_assert(g_utf8_validate(text, -1, NULL));
	for (; *text; text++)
		g_assert((guchar)*text >= ' ' && *text != 0x7f);
}

static void
check_words(const char *text)
{
	const gsize len = strlen(text);
	guint odd = 0;
	guint again_odd = 0;
	g_autofree char *plain = encoded_decode(text, len, WORDS_MAX, &odd);
	g_autofree char *again =
		encoded_decode(text, len, WORDS_MAX, &again_odd);

	must_be_line(plain);
	g_assert(strcmp(plain, again) == 0 && odd == again_odd);
	/* A byte of a charset becomes four of UTF-8 at most. */
	g_assert(strlen(plain) <= 4 * len + 4);
	g_assert(encoded_len(text, len) <= len);
	if (!strstr(text, "=?"))
		g_assert(strlen(plain) == len);
}

static void
check_parameters(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "charset", "boundary", "name",
					     "filename", "" };
	const struct mail_field field = { .name = "Content-Type",
					  .name_len = 12,
					  .value = (const char *)data,
					  .value_len = size };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		GString *bytes = parameter_get(&field, names[i]);
		g_autofree char *text = parameter_text(&field, names[i]);

		g_assert(!text || bytes);
		g_assert(!bytes || bytes->len <= PARAMETER_LEN_MAX + 4);
		if (text)
			must_be_line(text);
		if (bytes)
			g_string_free(bytes, TRUE);
	}
}

/* The name of the charset is the first line, the bytes are the rest. */
static void
check_charset(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(data, '\n', size);
	const gsize name = end ? (gsize)(end - text) : 0;
	const gsize behind = end ? name + 1 : 0;
	g_autoptr(GString) out = g_string_new("x");

	charset_append(out, charset_find(text, name), text + behind,
		       size - behind, 1000);
	g_assert(out->str[0] == 'x' && out->len <= 1001);
	g_assert(strlen(out->str) == out->len);
	g_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
	g_assert(!strchr(out->str, '\r'));
}

/* A subject of ours, written and read again. */
static void
check_composed(const char *text)
{
	g_autofree char *wanted = escape_text(text, FALSE);
	g_autofree char *field = compose_text(text, strlen("Subject: "));
	g_autoptr(GString) unfolded = g_string_new(field);
	g_autofree char *plain = NULL;
	guint odd = 0;

	for (const char *p = field; *p; p++)
		g_assert((*p >= ' ' && *p <= '~') || strchr("\r\n\t", *p));
	/* A line end before the first encoded word, and its space, are no part
	 * of the text. */
	if (g_str_has_prefix(field, "\r\n =?"))
		g_string_erase(unfolded, 0, 3);
	g_string_replace(unfolded, "\r\n", "", 0);
	plain = encoded_decode(unfolded->str, unfolded->len, G_MAXUINT, &odd);
	g_assert(strcmp(plain, wanted) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *raw = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(raw, -1);

	if (size == 0)
		return 0;
	check_words(text);
	check_parameters(data, size);
	check_charset(data, size);
	check_composed(raw);
	return 0;
}
