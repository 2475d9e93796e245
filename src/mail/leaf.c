#include <gmime/gmime.h>
#include <string.h>

#include "charset_private.h"
#include "field_private.h"
#include "mail/message.h"
#include "parameter_private.h"

struct bytes {
	const char *data;
	gsize len;
};

/* The transfer encoding; `known` FALSE when nobody knows it. */
static GMimeContentEncoding
encoding_of(const struct mail_field *field, gboolean *known)
{
	static const struct {
		const char *name;
		GMimeContentEncoding encoding;
	} names[] = {
		{ "quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE },
		{ "base64", GMIME_CONTENT_ENCODING_BASE64 },
		{ "7bit", GMIME_CONTENT_ENCODING_7BIT },
		{ "8bit", GMIME_CONTENT_ENCODING_8BIT },
		{ "binary", GMIME_CONTENT_ENCODING_BINARY },
		{ "x-uuencode", GMIME_CONTENT_ENCODING_UUENCODE },
		{ "uuencode", GMIME_CONTENT_ENCODING_UUENCODE },
		{ "x-uue", GMIME_CONTENT_ENCODING_UUENCODE },
	};
	g_autofree char *value = field ? mail_field_unfold(field) : NULL;

	*known = TRUE;
	if (!value || *value == '\0')
		return GMIME_CONTENT_ENCODING_DEFAULT;
	value[strcspn(value, " \t;(")] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strcasecmp(value, names[i].name) == 0)
			return names[i].encoding;
	}
	*known = FALSE;
	return GMIME_CONTENT_ENCODING_DEFAULT;
}

/* TRUE where "=" is followed by neither two digits nor the end of a line. */
static gboolean
quoted_broken(const struct bytes *body)
{
	const char *end = body->data + body->len;
	const char *p = body->data;

	while ((p = memchr(p, '=', (gsize)(end - p))) != NULL) {
		p++;
		if (end - p >= 2 && g_ascii_isxdigit(p[0]) &&
		    g_ascii_isxdigit(p[1]))
			continue;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if (p < end && *p != '\r' && *p != '\n')
			return TRUE;
	}
	return FALSE;
}

static gboolean
base64_broken(const struct bytes *body)
{
	for (gsize i = 0; i < body->len; i++) {
		char c = body->data[i];

		if (!g_ascii_isalnum(c) && !g_ascii_isspace(c) && c != '+' &&
		    c != '/' && c != '=')
			return TRUE;
	}
	return FALSE;
}

/* Behind the "begin 644 name" line, without which nothing is encoded. */
static gboolean
uu_begin(struct bytes *body)
{
	const char *end = body->data + body->len;
	const char *p = body->data;

	while (end - p > 6) {
		const char *lf = memchr(p, '\n', (gsize)(end - p));
		gboolean found = memcmp(p, "begin ", 6) == 0;

		if (!lf)
			break;
		p = lf + 1;
		if (found) {
			body->data = p;
			body->len = (gsize)(end - p);
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean
is_broken(GMimeContentEncoding encoding, struct bytes *body)
{
	switch ((int)encoding) {
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		return quoted_broken(body);
	case GMIME_CONTENT_ENCODING_BASE64:
		return base64_broken(body);
	case GMIME_CONTENT_ENCODING_UUENCODE:
		return !uu_begin(body);
	default:
		return FALSE;
	}
}

/*
 * Undoes the transfer encoding; `body` then points to the bytes, in itself or
 * in what is returned for the caller to free.
 */
static char *
transfer_decode(struct bytes *body, const struct mail_field *field, guint *odd)
{
	GMimeEncoding state;
	gboolean known;
	GMimeContentEncoding encoding = encoding_of(field, &known);
	char *decoded;

	if (!known || is_broken(encoding, body))
		*odd |= MAIL_ODD_ENCODING;
	if (encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
	    encoding != GMIME_CONTENT_ENCODING_BASE64 &&
	    encoding != GMIME_CONTENT_ENCODING_UUENCODE)
		return NULL;
	if (encoding == GMIME_CONTENT_ENCODING_UUENCODE &&
	    (*odd & MAIL_ODD_ENCODING))
		return NULL;
	g_mime_encoding_init_decode(&state, encoding);
	if (encoding == GMIME_CONTENT_ENCODING_UUENCODE)
		state.state |= GMIME_UUDECODE_STATE_BEGIN;
	decoded = g_malloc(g_mime_encoding_outlen(&state, body->len) + 16);
	body->len =
		g_mime_encoding_step(&state, body->data, body->len, decoded);
	/* A last group without its padding still has a byte or two. */
	if (encoding == GMIME_CONTENT_ENCODING_BASE64)
		body->len += g_mime_encoding_step(&state, "==", 2,
						  decoded + body->len);
	else
		body->len += g_mime_encoding_flush(&state, "", 0,
						   decoded + body->len);
	body->data = decoded;
	return decoded;
}

static const struct charset *
charset_of(const struct mail_field *type)
{
	g_autoptr(GString) name = NULL;

	if (type)
		name = parameter_get(type, "charset");
	if (!name)
		return charset_find("", 0);
	return charset_find(name->str, name->len);
}

char *
mail_part_text(const struct mail *mail, guint part, gsize size_max, guint *odd)
{
	guint n;
	const struct mail_field *fields = mail_part_fields(mail, part, &n);
	const struct mail_part *at = &mail_parts(mail, &n)[part];
	const struct mail_field *encoding = mail_field_find(
		fields, at->n_fields, "Content-Transfer-Encoding", 0);
	const struct mail_field *type =
		mail_field_find(fields, at->n_fields, "Content-Type", 0);
	struct bytes body = { at->body, at->body_len };
	GString *text = g_string_new(NULL);
	guint bits = 0;
	char *decoded = transfer_decode(&body, encoding, &bits);

	bits |= charset_append(text, charset_of(type), body.data, body.len,
			       size_max);
	g_free(decoded);
	/* A byte order mark is no character of the text. */
	if (g_str_has_prefix(text->str, "\xEF\xBB\xBF"))
		g_string_erase(text, 0, 3);
	if (odd)
		*odd |= bits;
	return g_string_free(text, FALSE);
}
