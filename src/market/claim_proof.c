#include "claim_proof_private.h"

#include <string.h>

#include "claim_words_private.h"

#define NAME_MAX_LEN 80

/* `plain`: held by whoever names it; the others need a word that says so. */
struct certificate {
	const char *name;
	gboolean plain;
};

static const struct certificate certificates[] = {
	{ "SOC 2 Type II", TRUE },
	{ "SOC 2 Type I", TRUE },
	{ "SOC 2", TRUE },
	{ "SOC2", TRUE },
	{ "ISO 27001", TRUE },
	{ "ISO/IEC 27001", TRUE },
	{ "ISO27001", TRUE },
	{ "ISO 9001", TRUE },
	{ "ISO 27701", TRUE },
	{ "ISO 14001", TRUE },
	{ "ISO 13485", FALSE },
	{ "ISO 22301", TRUE },
	{ "ISO 17100", FALSE },
	{ "ISO 17025", FALSE },
	{ "17025", FALSE },
	{ "ISO 15189", FALSE },
	{ "ISO 45001", TRUE },
	{ "HIPAA", FALSE },
	{ "PCI DSS", FALSE },
	{ "FedRAMP", FALSE },
	{ "HITRUST", FALSE },
	{ "Cyber Essentials Plus", FALSE },
	{ "Cyber Essentials", FALSE },
	{ "TISAX", FALSE },
	{ "BSI C5", FALSE },
	{ "FIPS 140-3", FALSE },
	{ "FIPS 140-2", FALSE },
	{ "BS7858", FALSE },
	{ "CREST", FALSE },
	{ "CE-IVD", FALSE },
};

/* After these a customer's name comes. */
static const char *const leads[] = { "customers like ",
				     "customers include ",
				     "clients include ",
				     "customers are ",
				     "clients are ",
				     "kunden sind ",
				     "kunden zählen ",
				     "customers such as ",
				     "customers including ",
				     "clients like ",
				     "clients such as ",
				     "clients including ",
				     "companies like ",
				     "companies such as ",
				     "teams like ",
				     "banks such as ",
				     "banks like ",
				     "firms like ",
				     "hospitals like ",
				     "trusted by ",
				     "used by ",
				     "we just saved ",
				     "helped ",
				     "numbers from ",
				     "brands like ",
				     "retailers like ",
				     "kunden wie ",
				     "unternehmen wie ",
				     "clients comme ",
				     "clienti come ",
				     "aziende come ",
				     "clientes como ",
				     "empresas como ",
				     "klanten als ",
				     "klanten zoals ",
				     "klienci tacy jak ",
				     "recent installs: ",
				     "installs: " };

/* A word with a capital that is no name. */
static const char *const common[] = {
	"The ",	 "Our ",      "We ", "A ",  "An ",     "I ",	    "Fortune ",
	"Your ", "European ", "US ", "UK ", "German ", "Canadian ", "Global "
};

static gboolean
is_bounded(const char *text, const char *at, gsize len)
{
	return (at == text || !g_ascii_isalnum(at[-1])) &&
	       (len == 0 || !g_ascii_isalnum(at[len]));
}

/* "ISO 55001": any norm of four or five digits, of who says it is held. */
static gboolean
find_norm(const char *text, const char *lower, gsize *start, gsize *stop)
{
	static const char *const says[] = { "certified",   "accredit",
					    "zertifizi",   "akkredit",
					    "certifié",	   "certificad",
					    "certificata", "gecertific",
					    "certyfikowan" };
	gboolean said = FALSE;

	static const char *const makers[] = { "ISO ", "ISO/IEC ", "EN ISO ",
					      "IATF " };

	for (gsize i = 0; !said && i < G_N_ELEMENTS(says); i++)
		said = strstr(lower, says[i]) != NULL;
	for (gsize i = 0; said && i < G_N_ELEMENTS(makers); i++) {
		const char *at = strstr(text, makers[i]);
		const gsize len = strlen(makers[i]);
		const gsize digits = at ? strspn(at + len, "0123456789") : 0;

		if (digits < 4 || digits > 5 || !is_bounded(text, at, 0))
			continue;
		*start = (gsize)(at - text);
		*stop = *start + len + digits;
		return TRUE;
	}
	return FALSE;
}

static gboolean
find_certificate(const char *text, const char *lower, gsize *start, gsize *stop)
{
	const gboolean held = claim_words_any(lower, CLAIM_HOLDING);

	if (claim_words_any(lower, CLAIM_NO_HOLDING))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(certificates); i++) {
		const char *name = certificates[i].name;
		const char *at = strstr(text, name);

		if (!at || !is_bounded(text, at, strlen(name)) ||
		    !(certificates[i].plain || held))
			continue;
		*start = (gsize)(at - text);
		*stop = *start + strlen(name);
		return TRUE;
	}
	return find_norm(text, lower, start, stop);
}

static gboolean
is_common(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(common); i++) {
		if (g_str_has_prefix(word, common[i]))
			return TRUE;
	}
	return FALSE;
}

/* A name begins with a capital, of any alphabet. */
static gboolean
is_capital(const char *at)
{
	const gunichar c = g_utf8_get_char_validated(at, -1);

	return c != (gunichar)-1 && c != (gunichar)-2 && g_unichar_isupper(c);
}

/* Words with capitals, and what joins them. */
static gsize
name_len(const char *name)
{
	static const char *const joints[] = { "and ", "& ",  "of ",
					      "und ", "et ", "e ",
					      "y ",   "du ", "de " };
	gsize len = 0;
	gsize named = 0;

	while (len < NAME_MAX_LEN && name[len]) {
		gboolean goes_on = is_capital(name + len);

		for (gsize i = 0; !goes_on && i < G_N_ELEMENTS(joints); i++)
			goes_on = g_str_has_prefix(name + len, joints[i]);
		if (!goes_on)
			break;
		if (is_capital(name + len))
			named = len + strcspn(name + len, " ;:()");
		len += strcspn(name + len, " ;:()");
		if (name[len] != ' ')
			break;
		len += strspn(name + len, " ");
	}
	while (named > 0 && strchr(".,!", name[named - 1]))
		named--;
	return named;
}

static const char *
find_fold(const char *text, const char *lead)
{
	const gsize len = strlen(lead);

	for (; *text; text++) {
		if (g_ascii_strncasecmp(text, lead, len) == 0)
			return text;
	}
	return NULL;
}

/* "Companies like Acme" may be those that should buy. */
static gboolean
is_anybody(const char *lead)
{
	static const char *const kinds[] = { "companies ", "teams ",
					     "banks ",	   "firms ",
					     "hospitals ", "brands ",
					     "retailers ", "unternehmen ",
					     "aziende ",   "empresas " };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (g_str_has_prefix(lead, kinds[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
find_customer(const char *text, const char *lower, gsize *start, gsize *stop)
{
	const gboolean used = claim_words_any(lower, CLAIM_USING);

	for (gsize i = 0; i < G_N_ELEMENTS(leads); i++) {
		const char *at = find_fold(text, leads[i]);
		const char *name;

		if (!at || !is_bounded(text, at, 0))
			continue;
		name = at + strlen(leads[i]);
		if (!is_capital(name) || is_common(name) ||
		    (is_anybody(leads[i]) && !used))
			continue;
		*start = (gsize)(name - text);
		*stop = *start + name_len(name);
		return *stop > *start + 1;
	}
	return FALSE;
}

gboolean
proof_find(const char *text, const char *lower, gsize *start, gsize *stop)
{
	return find_certificate(text, lower, start, stop) ||
	       find_customer(text, lower, start, stop);
}
