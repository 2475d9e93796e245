#include <string.h>

#include "field_private.h"
#include "message_private.h"
#include "parameter_private.h"

#define TYPE_LEN_MAX 127

struct known_type {
	const char *type;
	enum mail_part_kind kind;
};

/* Not owned by a mail, and so the commonest cost no allocation. */
static const struct known_type known_types[] = {
	{ "text/plain", MAIL_PART_TEXT },
	{ "text/html", MAIL_PART_HTML },
	{ "multipart/alternative", MAIL_PART_MULTIPART },
	{ "multipart/mixed", MAIL_PART_MULTIPART },
	{ "multipart/related", MAIL_PART_MULTIPART },
	{ "message/rfc822", MAIL_PART_MESSAGE },
	{ "message/global", MAIL_PART_MESSAGE },
	{ "multipart/digest", MAIL_PART_MULTIPART },
	{ "application/octet-stream", MAIL_PART_ATTACHMENT },
	{ "image/png", MAIL_PART_ATTACHMENT },
	{ "image/jpeg", MAIL_PART_ATTACHMENT },
	{ "image/gif", MAIL_PART_ATTACHMENT },
};

static const char *
keep(struct mail *mail, char *string)
{
	if (!mail->strings)
		mail->strings = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(mail->strings, string);
	return string;
}

/* The first word of a value in lower case, up to a space, ";" or "(". */
static gsize
first_word(const struct mail_field *field, char word[TYPE_LEN_MAX + 1])
{
	gsize n = 0;

	for (gsize i = 0; i < field->value_len && n < TYPE_LEN_MAX; i++) {
		char c = field->value[i];

		if (n == 0 && g_ascii_isspace(c))
			continue;
		if (!g_ascii_isgraph(c) || c == ';' || c == '(')
			break;
		word[n++] = g_ascii_tolower(c);
	}
	word[n] = '\0';
	return n;
}

/* "type/subtype" with something on both sides. */
static gboolean
type_valid(const char *type)
{
	const char *slash = strchr(type, '/');

	return slash && slash != type && slash[1] != '\0';
}

static void
set_type(struct mail *mail, struct mail_part *part,
	 const struct mail_field *field, gboolean digest)
{
	char type[TYPE_LEN_MAX + 1] = "text/plain";

	if (field)
		first_word(field, type);
	else if (digest)
		g_strlcpy(type, "message/rfc822", sizeof(type));
	/* "text", "", "html": what no program understands it shows as text. */
	if (!type_valid(type))
		g_strlcpy(type, "text/plain", sizeof(type));
	for (gsize i = 0; i < G_N_ELEMENTS(known_types); i++) {
		if (strcmp(type, known_types[i].type) == 0) {
			part->type = known_types[i].type;
			part->kind = known_types[i].kind;
			return;
		}
	}
	part->type = keep(mail, g_strdup(type));
	part->kind = g_str_has_prefix(type, "multipart/")
			     ? MAIL_PART_MULTIPART
			     : MAIL_PART_ATTACHMENT;
}

/* Containers must not be encoded but in 7bit, 8bit or binary (RFC 2045 6.4). */
static gboolean
is_encoded(const struct mail_field *encoding)
{
	char word[TYPE_LEN_MAX + 1];

	return encoding && first_word(encoding, word) > 0 &&
	       strcmp(word, "7bit") != 0 && strcmp(word, "8bit") != 0 &&
	       strcmp(word, "binary") != 0;
}

static void
set_name(struct mail *mail, struct mail_part *part,
	 const struct mail_field *type, const struct mail_field *disposition)
{
	char *name = NULL;

	if (disposition)
		name = parameter_text(disposition, "filename");
	if (!name && type)
		name = parameter_text(type, "name");
	if (name)
		part->name = keep(mail, name);
}

/* The fields of MIME in one block; of several the first counts. */
struct mime_fields {
	const struct mail_field *type;
	const struct mail_field *encoding;
	const struct mail_field *disposition;
};

static void
find_mime_fields(struct mail *mail, const struct mail_part *part,
		 struct mime_fields *found)
{
	const struct mail_field *fields = &g_array_index(
		mail->fields, struct mail_field, part->first_field);

	for (guint i = 0; i < part->n_fields; i++) {
		const struct mail_field **slot;

		if (fields[i].name_len < 12 ||
		    g_ascii_strncasecmp(fields[i].name, "content-", 8) != 0)
			continue;
		if (mail_field_named(&fields[i], "content-type"))
			slot = &found->type;
		else if (mail_field_named(&fields[i],
					  "content-transfer-encoding"))
			slot = &found->encoding;
		else if (mail_field_named(&fields[i], "content-disposition"))
			slot = &found->disposition;
		else
			continue;
		if (*slot)
			mail_add_odd(mail, MAIL_ODD_TWO_FIELDS);
		else
			*slot = &fields[i];
	}
}

static GString *
take_boundary(struct mail *mail, struct mail_part *part,
	      const struct mail_field *type)
{
	GString *boundary = parameter_get(type, "boundary");

	while (boundary && boundary->len > 0 &&
	       g_ascii_isspace(boundary->str[boundary->len - 1]))
		g_string_truncate(boundary, boundary->len - 1);
	if (boundary && boundary->len > 0)
		return boundary;
	if (boundary)
		g_string_free(boundary, TRUE);
	mail_add_odd(mail, MAIL_ODD_BOUNDARY);
	part->kind = MAIL_PART_TEXT;
	return NULL;
}

GString *
mail_part_describe(struct mail *mail, struct mail_part *part, gboolean digest)
{
	struct mime_fields fields = { NULL, NULL, NULL };
	char word[TYPE_LEN_MAX + 1];

	find_mime_fields(mail, part, &fields);
	set_type(mail, part, fields.type, digest);
	set_name(mail, part, fields.type, fields.disposition);
	if (part->kind == MAIL_PART_MULTIPART ||
	    part->kind == MAIL_PART_MESSAGE) {
		if (is_encoded(fields.encoding)) {
			mail_add_odd(mail, MAIL_ODD_ENCODING);
			if (part->kind == MAIL_PART_MESSAGE)
				part->kind = MAIL_PART_ATTACHMENT;
		}
		return part->kind == MAIL_PART_MULTIPART
			       ? take_boundary(mail, part, fields.type)
			       : NULL;
	}
	if (fields.disposition && first_word(fields.disposition, word) > 0 &&
	    strcmp(word, "attachment") == 0)
		part->kind = MAIL_PART_ATTACHMENT;
	return NULL;
}
