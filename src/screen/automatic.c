#include "automatic_private.h"

#include <string.h>

/* A field and what it says; NULL: anything but "no". */
struct mark {
	const char *field;
	const char *word;
};

/* "auto-replied; owner-email=..." is auto-replied, "auto-repliedx" is not. */
static gboolean
value_is(const char *value, const char *word)
{
	const gsize len = strlen(word);
	char next;

	if (g_ascii_strncasecmp(value, word, len) != 0)
		return FALSE;
	next = value[len];
	return !(g_ascii_isalnum(next) || next == '-' || next == '_');
}

/* A field without a value says nothing. */
static gboolean
says(const char *value, const char *word)
{
	if (word)
		return value_is(value, word);
	return *value && !value_is(value, "no");
}

static gboolean
marked(const struct mail *mail, const struct mark *marks, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *value =
			mail_field_text(mail, marks[i].field, 0);

		if (value && says(value, marks[i].word))
			return TRUE;
	}
	return FALSE;
}

/* Whether it is a multipart/report, of `type` when that is not NULL. */
static gboolean
is_report(const struct mail *mail, const char *type)
{
	g_autofree char *value = mail_field_text(mail, "Content-Type", 0);
	g_autofree char *lower = NULL;

	if (!value || !value_is(value, "multipart/report"))
		return FALSE;
	if (!type)
		return TRUE;
	lower = g_ascii_strdown(value, -1);
	return strstr(lower, type) != NULL;
}

gboolean
automatic_bounce(const struct mail *mail)
{
	return is_report(mail, "delivery-status");
}

gboolean
automatic_reply(const struct mail *mail)
{
	static const struct mark marks[] = {
		{ "Auto-Submitted", "auto-replied" },
		{ "Precedence", "auto_reply" },
		{ "Precedence", "auto-reply" },
		{ "Precedence", "vacation" },
		{ "X-Autoreply", "yes" },
		{ "X-Autorespond", NULL },
	};

	return marked(mail, marks, G_N_ELEMENTS(marks));
}

gboolean
automatic_mail(const struct mail *mail)
{
	static const struct mark marks[] = {
		{ "Precedence", "bulk" },
		{ "Precedence", "junk" },
		{ "Precedence", "list" },
	};
	g_autofree char *submitted = mail_field_text(mail, "Auto-Submitted", 0);

	return (submitted && !value_is(submitted, "no")) ||
	       automatic_reply(mail) ||
	       marked(mail, marks, G_N_ELEMENTS(marks)) ||
	       is_report(mail, NULL);
}
