#include "mail/message.h"

#include <string.h>

#include "address_private.h"
#include "field_private.h"
#include "message_private.h"

/* Fields that a message has once (RFC 5322 section 3.6, RFC 2045). */
static const char *const once[] = {
	"To",	      "Cc",	     "Bcc",	     "Date",
	"Sender",     "Subject",     "Reply-To",     "Message-ID",
	"References", "In-Reply-To", "MIME-Version",
};

/* Whose addresses count against the cap. */
static const char *const address_fields[] = {
	"To", "Cc", "Bcc", "From", "Sender", "Reply-To",
};

/* A CR that no LF follows. */
static gboolean
has_bare_cr(const char *data, gsize len)
{
	const char *end = data + len;
	const char *p = data;

	while ((p = memchr(p, '\r', (gsize)(end - p))) != NULL) {
		p++;
		if (p == end || *p != '\n')
			return TRUE;
	}
	return FALSE;
}

static gint
position(const char *const *names, gsize n, const struct mail_field *field)
{
	/* Most fields are trace and extensions, which are none of them. */
	if (field->name_len < 2 ||
	    strchr("bcdfimrst", *field->name | 0x20) == NULL)
		return -1;
	for (gsize i = 0; i < n; i++) {
		if (mail_field_named(field, names[i]))
			return (gint)i;
	}
	return -1;
}

static guint
count_byte(const char *data, gsize len, char byte)
{
	const char *end = data + len;
	guint n = 0;

	while ((data = memchr(data, byte, (gsize)(end - data))) != NULL) {
		n++;
		data++;
	}
	return n;
}

/* Several authors in the first From field; a second field says it anyway. */
static void
check_from(struct mail *mail, const struct mail_field *from, guint n_from)
{
	if (n_from > 1 ||
	    (from && address_count(from->value, from->value_len) > 1))
		mail_add_odd(mail, MAIL_ODD_TWO_FROM);
}

/* What in the top-level block contradicts itself or is too much. */
static void
check_fields(struct mail *mail)
{
	guint n;
	const struct mail_field *fields = mail_fields(mail, &n);
	const struct mail_field *from = NULL;
	guint seen = 0;
	guint n_from = 0;
	guint addresses = 0;

	for (guint i = 0; i < n; i++) {
		const struct mail_field *field = &fields[i];
		gint at = position(once, G_N_ELEMENTS(once), field);

		if (at >= 0 && (seen & 1U << at))
			mail_add_odd(mail, MAIL_ODD_TWO_FIELDS);
		if (at >= 0)
			seen |= 1U << at;
		if (mail_field_named(field, "From") && n_from++ == 0)
			from = field;
		if (position(address_fields, G_N_ELEMENTS(address_fields),
			     field) >= 0)
			addresses +=
				count_byte(field->value, field->value_len, '@');
	}
	check_from(mail, from, n_from);
	if (addresses > mail->limits.addresses)
		mail_add_odd(mail, MAIL_CAP_ADDRESSES);
}

struct mail *
mail_new(GBytes *bytes, const struct mail_limits *limits)
{
	struct mail *mail = g_new0(struct mail, 1);
	gsize size;

	mail->odd = &mail->bits;
	mail->bytes = g_bytes_ref(bytes);
	mail->limits = limits ? *limits : mail_limits_default;
	mail->data = g_bytes_get_data(bytes, &size);
	if (!mail->data)
		mail->data = "";
	mail->len = MIN(size, mail->limits.message);
	if (mail->len < size)
		mail_add_odd(mail, MAIL_CAP_MESSAGE);
	if (memchr(mail->data, '\0', mail->len))
		mail_add_odd(mail, MAIL_ODD_NUL);
	if (has_bare_cr(mail->data, mail->len))
		mail_add_odd(mail, MAIL_ODD_BARE_CR);
	mail->fields =
		g_array_sized_new(FALSE, FALSE, sizeof(struct mail_field), 48);
	mail->parts =
		g_array_sized_new(FALSE, FALSE, sizeof(struct mail_part), 4);
	mail_split(mail);
	check_fields(mail);
	mail->author = address_read_author(mail);
	if (mail->author && domain_valid(mail->author->domain))
		mail->author_domain = domain_registrable(mail->author->domain);
	return mail;
}

void
mail_free(struct mail *mail)
{
	if (!mail)
		return;
	g_array_unref(mail->fields);
	g_array_unref(mail->parts);
	if (mail->strings)
		g_ptr_array_unref(mail->strings);
	address_free(mail->author);
	g_free(mail->author_domain);
	g_bytes_unref(mail->bytes);
	g_free(mail);
}

GBytes *
mail_bytes(const struct mail *mail)
{
	return mail->bytes;
}

const struct mail_limits *
mail_limits(const struct mail *mail)
{
	return &mail->limits;
}

guint
mail_odd(const struct mail *mail)
{
	return (guint)g_atomic_int_get(mail->odd);
}

void
mail_add_odd(const struct mail *mail, guint bits)
{
	if (bits != 0)
		g_atomic_int_or(mail->odd, bits);
}

const struct mail_field *
mail_part_fields(const struct mail *mail, guint part, guint *n)
{
	const struct mail_part *at;

	g_assert(part < mail->parts->len);
	at = &g_array_index(mail->parts, struct mail_part, part);
	*n = at->n_fields;
	return &g_array_index(mail->fields, struct mail_field, at->first_field);
}

const struct mail_field *
mail_fields(const struct mail *mail, guint *n)
{
	return mail_part_fields(mail, 0, n);
}

const struct mail_part *
mail_parts(const struct mail *mail, guint *n)
{
	*n = mail->parts->len;
	return &g_array_index(mail->parts, struct mail_part, 0);
}
