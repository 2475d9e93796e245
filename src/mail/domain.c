#include <libpsl.h>
#include <string.h>

#include "mail/address.h"

#define DOMAIN_LEN_MAX 255
#define LABEL_LEN_MAX  63

static gboolean
is_label_char(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum((char)c) || c == '-';
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* A label from `p` to `end`: RFC 5321 section 4.1.2, RFC 6531 section 3.3. */
static gboolean
label_valid(const char *p, const char *end)
{
	if (p == end || end - p > LABEL_LEN_MAX || *p == '-' || end[-1] == '-')
		return FALSE;
	for (; p < end; p = g_utf8_next_char(p)) {
		if (!is_label_char(g_utf8_get_char(p)))
			return FALSE;
	}
	return TRUE;
}

gboolean
domain_valid(const char *domain)
{
	gsize len = strlen(domain);
	const char *dot;

	if (len > DOMAIN_LEN_MAX || !g_utf8_validate(domain, (gssize)len, NULL))
		return FALSE;
	while ((dot = strchr(domain, '.')) != NULL) {
		if (!label_valid(domain, dot))
			return FALSE;
		domain = dot + 1;
	}
	return label_valid(domain, domain + strlen(domain));
}

/* The list knows names only, and would take "2.1" of an address for one. */
static gboolean
is_numeric(const char *domain)
{
	return strspn(domain, "0123456789.") == strlen(domain);
}

char *
domain_registrable(const char *domain)
{
	gsize len = strlen(domain);
	g_autofree char *name = NULL;
	const char *registrable;

	if (len > 1 && domain[len - 1] == '.')
		len--;
	name = g_ascii_strdown(domain, (gssize)len);
	if (!domain_valid(name) || is_numeric(name))
		return g_steal_pointer(&name);
	if (!g_str_is_ascii(name)) {
		char *ascii = g_hostname_to_ascii(name);

		if (ascii) {
			g_free(name);
			name = ascii;
		}
	}
	registrable = psl_registrable_domain(psl_builtin(), name);
	return g_strdup(registrable ? registrable : name);
}
