#include "field_private.h"

#include <string.h>

#include "charset_private.h"
#include "encoded_private.h"
#include "lexeme_private.h"
#include "message_private.h"

gboolean
mail_field_named(const struct mail_field *field, const char *name)
{
	gsize len = field->name_len;

	/* Nearly all differ in the first letter, whatever its case. */
	return ((*field->name ^ *name) & ~0x20) == 0 && strlen(name) == len &&
	       g_ascii_strncasecmp(field->name, name, len) == 0;
}

const struct mail_field *
mail_field_find(const struct mail_field *fields, guint n, const char *name,
		guint nth)
{
	for (guint i = 0; i < n; i++) {
		if (mail_field_named(&fields[i], name) && nth-- == 0)
			return &fields[i];
	}
	return NULL;
}

/* Appends what stands between line ends: folding is those and nothing else. */
static void
append_unfolded(GString *text, const char *start, gsize len)
{
	GString *flat;

	if (!memchr(start, '\n', len) && !memchr(start, '\r', len)) {
		charset_append_utf8(text, start, len, G_MAXSIZE);
		return;
	}
	flat = g_string_sized_new(len + 1);
	for (gsize i = 0; i < len; i++) {
		if (start[i] != '\r' && start[i] != '\n')
			g_string_append_c(flat, start[i]);
	}
	charset_append_utf8(text, flat->str, flat->len, G_MAXSIZE);
	g_string_free(flat, TRUE);
}

char *
mail_field_unfold(const struct mail_field *field)
{
	const char *start = field->value;
	gsize len = field->value_len;
	GString *text = g_string_sized_new(len + 1);

	while (len > 0 && lexeme_is_space(*start)) {
		start++;
		len--;
	}
	while (len > 0 && lexeme_is_space(start[len - 1]))
		len--;
	append_unfolded(text, start, len);
	return g_string_free(text, FALSE);
}

static const struct mail_field *
top_field(const struct mail *mail, const char *name, guint nth)
{
	guint n;
	const struct mail_field *fields = mail_fields(mail, &n);

	return mail_field_find(fields, n, name, nth);
}

char *
mail_field_text(const struct mail *mail, const char *name, guint nth)
{
	const struct mail_field *field = top_field(mail, name, nth);

	return field ? mail_field_unfold(field) : NULL;
}

char *
mail_field_decoded(const struct mail *mail, const char *name, guint nth)
{
	g_autofree char *text = mail_field_text(mail, name, nth);
	guint odd = 0;
	char *decoded;

	if (!text)
		return NULL;
	decoded = encoded_decode(text, strlen(text), mail->limits.encoded_words,
				 &odd);
	mail_add_odd(mail, odd);
	return decoded;
}

guint
mail_field_count(const struct mail *mail, const char *name)
{
	guint n;
	const struct mail_field *fields = mail_fields(mail, &n);
	guint count = 0;

	for (guint i = 0; i < n; i++) {
		if (mail_field_named(&fields[i], name))
			count++;
	}
	return count;
}
