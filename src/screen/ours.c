#include "screen/ours.h"

#include <string.h>

#include "mail/address.h"

#define PURPOSE "release"

/* The header's parameters; each NULL where the header has none. */
struct claim {
	char *id;
	char *to;
	char *until;
	char *mac;
};
typedef struct claim Claim;

static void
claim_clear(struct claim *claim)
{
	g_free(claim->id);
	g_free(claim->to);
	g_free(claim->until);
	g_free(claim->mac);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Claim, claim_clear)

static char **
claim_slot(struct claim *claim, const char *name)
{
	if (strcmp(name, "id") == 0)
		return &claim->id;
	if (strcmp(name, "to") == 0)
		return &claim->to;
	if (strcmp(name, "until") == 0)
		return &claim->until;
	if (strcmp(name, "mac") == 0)
		return &claim->mac;
	return NULL;
}

/* All four, each once, and nothing else: there is one way to write it. */
static gboolean
claim_parse(const char *value, struct claim *claim)
{
	g_auto(GStrv) parts = g_strsplit(value, ";", 5);

	for (guint i = 0; parts[i]; i++) {
		char *part = g_strstrip(parts[i]);
		char *equals = strchr(part, '=');
		char **slot;

		if (!equals)
			return FALSE;
		*equals = '\0';
		slot = claim_slot(claim, part);
		if (!slot || *slot)
			return FALSE;
		*slot = g_strdup(equals + 1);
	}
	return claim->id && claim->to && claim->until && claim->mac;
}

/* The fields that are signed, and what an MTA adds where they are missing. */
static const struct {
	const char *name;
	gboolean completed;
} signed_fields[] = {
	{ "From", TRUE },
	{ "Message-ID", TRUE },
	{ "Subject", FALSE },
};

static void
add_fields(GString *data, const struct mail *mail, const char *name, guint n)
{
	/* With their number, so that a second From voids the first's word. */
	g_string_append_printf(data, "%s %u\n", name, n);
	for (guint i = 0; i < n; i++) {
		g_autofree char *value = mail_field_text(mail, name, i);

		g_string_append_printf(data, "%s\n", value ? value : "");
	}
}

/*
 * What is signed; no part can hold a line end, so none can pose as another.
 * Fields whose bit is in `absent` are taken as not there.
 */
static GString *
signed_data(const struct mail *mail, const struct claim *claim, guint absent)
{
	GString *data = g_string_new(NULL);

	g_string_printf(data, "%s\n%s\n%s\n", claim->id, claim->to,
			claim->until);
	for (guint i = 0; i < G_N_ELEMENTS(signed_fields); i++) {
		const char *name = signed_fields[i].name;
		const guint n = mail_field_count(mail, name);

		add_fields(data, mail, name, absent & (1U << i) ? 0 : n);
	}
	return data;
}

/*
 * ASCII without ';', spaces or control bytes, whatever the address holds; an
 * extension of it belongs to the same mailbox.
 */
static char *
recipient(const char *rcpt)
{
	g_autofree char *key = address_base(rcpt);

	if (!key || !*key)
		return NULL;
	return g_uri_escape_string(key, "!#$&'*+/=?^`{|}@[]:,", FALSE);
}

char *
ours_sign(const struct key *key, const struct mail *mail, const char *id,
	  const char *rcpt, gint64 until_us)
{
	g_auto(Claim) claim = {
		.id = g_strdup(id),
		.to = recipient(rcpt),
		.until = g_strdup_printf("%" G_GINT64_FORMAT, until_us),
	};
	g_autoptr(GString) data = NULL;

	g_assert(!strpbrk(id, ";=\r\n \t"));
	if (!claim.to)
		return NULL;
	data = signed_data(mail, &claim, 0);
	claim.mac = key_mac(key, PURPOSE, data->str, data->len);
	return g_strdup_printf("id=%s; to=%s; until=%s; mac=%s", claim.id,
			       claim.to, claim.until, claim.mac);
}

static gboolean
claim_in_time(const struct claim *claim, gint64 now_us)
{
	gint64 until;

	return g_ascii_string_to_signed(claim->until, 10, 0, G_MAXINT64, &until,
					NULL) &&
	       now_us <= until;
}

/* Whether a field may be one that an MTA added after we signed. */
static gboolean
may_be_added(const struct mail *mail, guint field)
{
	return signed_fields[field].completed &&
	       mail_field_count(mail, signed_fields[field].name) == 1;
}

/*
 * An MTA gives mail without From or Message-ID its own, and then sends it
 * through its filters: such a field is tried with and without.
 */
static gboolean
claim_holds(const struct claim *claim, const struct key *key,
	    const struct mail *mail)
{
	guint added = 0;
	guint absent = 0;

	for (guint i = 0; i < G_N_ELEMENTS(signed_fields); i++)
		if (may_be_added(mail, i))
			added |= 1U << i;
	do {
		g_autoptr(GString) data = signed_data(mail, claim, absent);

		if (key_verify(key, PURPOSE, data->str, data->len, claim->mac))
			return TRUE;
		/* The next subset of `added`, 0 again behind the last. */
		absent = (absent - added) & added;
	} while (absent != 0);
	return FALSE;
}

gboolean
ours_verify(const struct key *key, const struct mail *mail, const char *rcpt,
	    gint64 now_us)
{
	const guint n = mail_field_count(mail, OURS_HEADER);
	g_autofree char *to = n > 0 ? recipient(rcpt) : NULL;

	if (!to)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		g_autofree char *value = mail_field_text(mail, OURS_HEADER, i);
		g_auto(Claim) claim = { 0 };

		/* The recipient first: it is cheaper than the MAC. */
		if (value && claim_parse(value, &claim) &&
		    strcmp(claim.to, to) == 0 &&
		    claim_in_time(&claim, now_us) &&
		    claim_holds(&claim, key, mail))
			return TRUE;
	}
	return FALSE;
}
