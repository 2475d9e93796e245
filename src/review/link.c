#include "review/link.h"

#include <string.h>

#include "base/clock.h"

#define PURPOSE "link"

/* Of the MAC's 64 digits: enough that none is guessed, short in a mail. */
#define MAC_DIGITS 32

/* Seconds; ten until the year 2286. */
#define UNTIL_DIGITS 10

static const char *const names[] = { "show",	   "release",	   "relevant",
				     "irrelevant", "not-outreach", "never",
				     "undo" };

const char *
link_action_name(enum link_action action)
{
	g_assert((gsize)action < G_N_ELEMENTS(names));
	return names[action];
}

int
link_action_parse(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i], word) == 0)
			return (int)i;
	}
	return -1;
}

/* No part but the buyer can hold a line end, and the buyer is last. */
static char *
sign(const struct key *key, const char *buyer, const struct link *link)
{
	const gint64 until = link->until_us / CLOCK_SECOND_US;
	g_autofree char *head =
		g_strdup_printf("%s.%s.%" G_GINT64_FORMAT, link->id,
				link_action_name(link->action), until);
	g_autofree char *data = g_strdup_printf("%s\n%s", head, buyer);
	g_autofree char *mac = key_mac(key, PURPOSE, data, strlen(data));

	return g_strdup_printf("%s.%.*s", head, MAC_DIGITS, mac);
}

char *
link_sign(const struct key *key, const char *buyer, const char *id,
	  enum link_action action, gint64 until_us)
{
	struct link link = { .action = action, .until_us = until_us };

	g_assert(id_valid(id) && until_us >= 0);
	memcpy(link.id, id, sizeof(link.id));
	return sign(key, buyer, &link);
}

/* Digits only and one way to write them: text and meaning stay one. */
static gboolean
until_parse(const char *text, gint64 *until_us)
{
	const gsize len = strlen(text);

	if (len == 0 || len > UNTIL_DIGITS ||
	    strspn(text, "0123456789") != len || (*text == '0' && len > 1))
		return FALSE;
	*until_us = g_ascii_strtoll(text, NULL, 10) * CLOCK_SECOND_US;
	return TRUE;
}

gboolean
link_parse(const char *text, struct link *link)
{
	g_auto(GStrv) parts = g_strsplit(text, ".", 5);
	struct link found;
	int action;

	if (g_strv_length(parts) != 4 || !id_valid(parts[0]) ||
	    strlen(parts[3]) != MAC_DIGITS ||
	    !until_parse(parts[2], &found.until_us))
		return FALSE;
	action = link_action_parse(parts[1]);
	if (action < 0)
		return FALSE;
	memcpy(found.id, parts[0], sizeof(found.id));
	found.action = (enum link_action)action;
	*link = found;
	return TRUE;
}

/* In a time that says nothing of where they differ. */
static gboolean
is_same(const char *a, const char *b)
{
	const gsize len = strlen(a);
	guint difference = 0;

	if (strlen(b) != len)
		return FALSE;
	for (gsize i = 0; i < len; i++)
		difference |= (guchar)a[i] ^ (guchar)b[i];
	return difference == 0;
}

gboolean
link_verify(const struct key *key, const char *text, const char *buyer,
	    gint64 now_us)
{
	struct link link;
	g_autofree char *right = NULL;

	if (!link_parse(text, &link))
		return FALSE;
	right = sign(key, buyer, &link);
	return is_same(right, text) && now_us <= link.until_us;
}
