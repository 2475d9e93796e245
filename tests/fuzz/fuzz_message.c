/* Any bytes are a message: structure, fields and every leaf of it. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_text(char *text)
{
	g_assert(!text || g_utf8_validate(text, -1, NULL));
	g_free(text);
}

static void
read_fields(const struct mail *mail)
{
	guint n;
	const struct mail_field *fields = mail_fields(mail, &n);

	for (guint i = 0; i < MIN(n, 32); i++) {
		g_autofree char *name =
			g_strndup(fields[i].name, fields[i].name_len);

		must_be_text(mail_field_text(mail, name, 0));
		must_be_text(mail_field_decoded(mail, name, 0));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Small caps, so that small inputs reach them. */
	static const struct mail_limits limits = {
		.message = 1 << 16,
		.headers = 64,
		.header_block = 8192,
		.header = 2048,
		.depth = 8,
		.parts = 32,
		.text = 1 << 16,
		.urls = 16,
		.addresses = 16,
		.encoded_words = 8,
		.tags = 64,
		.tag_depth = 8,
	};
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(Mail) mail = mail_new(bytes, &limits);
	guint odd = 0;
	guint n;
	const struct mail_part *parts = mail_parts(mail, &n);

	for (guint i = 0; i < n; i++) {
		g_assert(parts[i].body_len <= size);
		g_assert(!parts[i].name ||
			 g_utf8_validate(parts[i].name, -1, NULL));
		must_be_text(mail_part_text(mail, i, limits.text, &odd));
		must_be_text(mail_part_text(mail, i, 7, &odd));
	}
	read_fields(mail);
	return 0;
}
