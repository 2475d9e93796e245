#include "mail/address.h"

#include <string.h>

#include "address_private.h"
#include "base/error.h"
#include "charset_private.h"
#include "encoded_private.h"
#include "lexeme_private.h"
#include "mailbox_private.h"
#include "message_private.h"

void
address_free(struct address *address)
{
	if (!address)
		return;
	g_free(address->name);
	g_free(address->addr);
	g_free(address);
}

/*
 * Lower case, but what is not ASCII stays so: the Kelvin sign and the dotted
 * capital I would become letters of somebody else's address.
 */
static gunichar
lower_char(gunichar c)
{
	const gunichar small = g_unichar_tolower(c);

	return small < 0x80 && c >= 0x80 ? c : small;
}

/* Lower case in any script, in any locale; `text` is valid UTF-8. */
static char *
lower(const char *text)
{
	GString *out;

	if (g_str_is_ascii(text))
		return g_ascii_strdown(text, -1);
	out = g_string_new(NULL);
	for (; *text; text = g_utf8_next_char(text))
		g_string_append_unichar(out, lower_char(g_utf8_get_char(text)));
	return g_string_free(out, FALSE);
}

/* `addr` with the part behind `at` in lower case; the caller's. */
static char *
normalise(const char *addr, const char *at, gsize *local_len)
{
	g_autofree char *domain = lower(at);
	const gsize size = strlen(domain) + 1;
	const gsize local = (gsize)(at - addr);
	char *whole = g_malloc(local + size);

	memcpy(whole, addr, local);
	memcpy(whole + local, domain, size);
	*local_len = local;
	return whole;
}

static char *
name_decode(const GString *phrase)
{
	g_autoptr(GString) text = NULL;
	guint odd = 0;

	if (phrase->len == 0)
		return g_strdup("");
	text = g_string_sized_new(phrase->len + 1);
	charset_append_utf8(text, phrase->str, phrase->len, G_MAXSIZE);
	return g_strstrip(encoded_decode(
		text->str, text->len, mail_limits_default.encoded_words, &odd));
}

static struct address *
address_new(const struct mailbox_scan *scan)
{
	struct address *address = g_new0(struct address, 1);
	const char *at = mailbox_split(scan->addr, scan->addr_len);
	gsize local_len;

	address->name = name_decode(scan->name);
	address->addr = normalise(scan->addr, at, &local_len);
	address->domain = address->addr + local_len;
	if (*address->domain == '@')
		address->domain++;
	return address;
}

GPtrArray *
address_list_parse(const char *value, guint max)
{
	GPtrArray *list =
		g_ptr_array_new_with_free_func((GDestroyNotify)address_free);
	g_autoptr(GString) name = g_string_new(NULL);
	struct mailbox_scan scan;

	mailbox_scan_open(&scan, value, strlen(value), name);
	while (list->len < max && mailbox_scan_next(&scan))
		g_ptr_array_add(list, address_new(&scan));
	return list;
}

guint
address_count(const char *value, gsize len)
{
	struct mailbox_scan scan;
	guint n = 0;

	mailbox_scan_open(&scan, value, len, NULL);
	while (mailbox_scan_next(&scan))
		n++;
	return n + scan.malformed;
}

static struct address *
address_copy(const struct address *address)
{
	struct address *copy;

	if (!address)
		return NULL;
	copy = g_new0(struct address, 1);
	copy->name = g_strdup(address->name);
	copy->addr = g_strdup(address->addr);
	copy->domain = copy->addr + (address->domain - address->addr);
	return copy;
}

struct address *
address_read_author(const struct mail *mail)
{
	g_autofree char *value = NULL;
	g_autoptr(GString) name = NULL;
	struct address *author;
	struct mailbox_scan scan;

	/* Beyond a cap may stand the author that everybody else sees. */
	if (mail_field_count(mail, "From") != 1 ||
	    (mail_odd(mail) & MAIL_CAP_HEADERS))
		return NULL;
	value = mail_field_text(mail, "From", 0);
	name = g_string_new(NULL);
	mailbox_scan_open(&scan, value, strlen(value), name);
	if (!mailbox_scan_next(&scan))
		return NULL;
	author = address_new(&scan);
	if (!mailbox_scan_next(&scan) && scan.malformed == 0)
		return author;
	address_free(author);
	return NULL;
}

struct address *
address_of_author(const struct mail *mail)
{
	return address_copy(mail->author);
}

const char *
address_author_domain(const struct mail *mail)
{
	return mail->author_domain;
}

struct address *
address_shown(const struct mail *mail)
{
	g_autofree char *value = NULL;
	g_autoptr(GString) name = NULL;
	struct mailbox_scan scan;

	/* Whoever stands there alone stands there first. */
	if (mail->author)
		return address_copy(mail->author);
	value = mail_field_text(mail, "From", 0);
	if (!value)
		return NULL;
	name = g_string_new(NULL);
	mailbox_scan_open(&scan, value, strlen(value), name);
	return mailbox_scan_next(&scan) ? address_new(&scan) : NULL;
}

/* Quoted strings closed; outside of them nothing that SMTP gives a meaning. */
static gboolean
envelope_safe(const char *addr, gsize len)
{
	const char *end = addr + len;
	gboolean closed = TRUE;

	for (const char *p = addr; p < end; p++) {
		if (g_ascii_iscntrl(*p))
			return FALSE;
	}
	while (addr < end && closed) {
		if (*addr == '"')
			addr = lexeme_quoted(addr, end, &closed);
		else if (strchr(" <>\\(),;", *addr))
			return FALSE;
		else
			addr++;
	}
	return closed;
}

/* The last @ that is not in quotes, or the end. */
static const char *
envelope_at(const char *addr, const char *end)
{
	const char *at = end;

	for (const char *p = addr; p < end;) {
		if (*p == '@')
			at = p;
		p = *p == '"' ? lexeme_quoted(p, end, NULL) : p + 1;
	}
	return at;
}

char *
address_from_envelope(const char *text, GError **error)
{
	gsize len = strlen(text);
	const char *start = text;
	g_autofree char *addr = NULL;
	gsize local_len;

	if (len >= 2 && text[0] == '<' && text[len - 1] == '>') {
		start++;
		len -= 2;
	}
	/* The source route of RFC 5321 section 4.1.2 says nothing any more. */
	if (len > 0 && *start == '@' && memchr(start, ':', len)) {
		const char *colon = memchr(start, ':', len);

		len -= (gsize)(colon + 1 - start);
		start = colon + 1;
	}
	if (len > ADDRESS_LEN_MAX || (len > 0 && *start == '@') ||
	    !envelope_safe(start, len) ||
	    !g_utf8_validate(start, (gssize)len, NULL)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "an address is local@domain of at most %d bytes, "
			    "without control characters, spaces or unbalanced "
			    "quotes and brackets",
			    ADDRESS_LEN_MAX);
		return NULL;
	}
	addr = g_strndup(start, len);
	return normalise(addr, envelope_at(addr, addr + len), &local_len);
}

gboolean
address_equal(const char *a, const char *b)
{
	g_autofree char *left = NULL;
	g_autofree char *right = NULL;

	if (g_ascii_strcasecmp(a, b) == 0)
		return TRUE;
	if (g_str_is_ascii(a) || g_str_is_ascii(b) ||
	    !g_utf8_validate(a, -1, NULL) || !g_utf8_validate(b, -1, NULL))
		return FALSE;
	left = g_utf8_casefold(a, -1);
	right = g_utf8_casefold(b, -1);
	return strcmp(left, right) == 0;
}

char *
address_key(const char *addr)
{
	g_autofree char *plain = address_from_envelope(addr, NULL);

	return plain ? lower(plain) : NULL;
}

char *
address_base(const char *addr)
{
	char *key = address_key(addr);
	char *plus = key != NULL ? strchr(key, '+') : NULL;
	char *at = key != NULL ? strrchr(key, '@') : NULL;

	if (plus != NULL && at != NULL && plus != key && plus < at)
		memmove(plus, at, strlen(at) + 1);
	return key;
}
