/* The digest as plain text: it must look right in any mail program. */
#include <string.h>

#include "base/escape.h"
#include "base/fill.h"
#include "digest_private.h"
#include "review/why.h"

/* Of an item's lines, and of what their labels are followed by. */
#define INDENT 4
#define VALUE  16

static void
pad(GString *out, guint n)
{
	for (guint i = 0; i < n; i++)
		g_string_append_c(out, ' ');
}

static void
label(GString *out, const char *name)
{
	pad(out, INDENT);
	g_string_append_printf(out, "%-*s", VALUE - INDENT, name);
}

static void
field(GString *out, const char *name, const char *text)
{
	label(out, name);
	fill_text(out, VALUE, VALUE, text);
}

/* An address of a page stays on one line, however long. */
static void
action(GString *out, const struct digest *digest,
       const struct digest_action *what, const struct store_message *message)
{
	label(out, digest_label(digest->config, what));
	if (digest_has_links(digest->config)) {
		g_autofree char *link =
			digest_link(digest->config, digest->key, message,
				    what->action, digest->until_us);

		g_string_append(out, link);
	} else {
		g_auto(GStrv) parts = g_strsplit(what->command, "%s", 2);

		g_string_append_printf(out, "pitchward %s%s", parts[0],
				       message->id);
	}
	g_string_append_c(out, '\n');
}

/* A number and its sign stay on one line. */
static char *
glued(char *text)
{
	GString *out = g_string_new(text);

	g_free(text);
	g_string_replace(out, " %", "\u00a0%", 0);
	return g_string_free(out, FALSE);
}

static void
item(GString *out, const struct digest *digest, guint n)
{
	const struct store_fold *fold = digest->folds->pdata[n];
	const struct store_message *top = fold->top;
	g_autofree char *number =
		digest->single ? g_strdup("") : g_strdup_printf("%u.", n + 1);
	g_autofree char *subject = digest_title(top);
	g_autofree char *title = digest_unlinked(subject);
	g_autofree char *from = digest_from(top);
	g_autofree char *came = digest_came(digest, fold);
	g_autofree char *why = glued(why_text(top, digest->profile));

	g_string_append_printf(out, "\n%-*s", INDENT, number);
	fill_text(out, INDENT, INDENT, title);
	field(out, "From", from);
	field(out, "Received", came);
	field(out, digest_fate(top), why);
	for (gsize i = 0; i < DIGEST_ACTIONS; i++) {
		if (digest_offers(top, digest_actions[i].action))
			action(out, digest, &digest_actions[i], top);
	}
}

static void
head(GString *out, const struct digest *digest)
{
	g_autofree char *redirected =
		digest_redirected(digest->config, digest->profile);
	g_autofree char *figures = digest_figures(digest);
	g_autofree char *attention = digest_attention(digest);

	if (redirected) {
		fill_text(out, 0, 0, redirected);
		g_string_append_c(out, '\n');
	}
	fill_text(out, 0, 0, figures);
	if (!digest->single)
		fill_text(out, 0, 0, attention);
}

char *
digest_text(const struct digest *digest)
{
	GString *out = g_string_new(NULL);
	g_autofree char *rest = digest_rest(digest);

	head(out, digest);
	if (digest_is_empty(digest)) {
		g_string_append(out, "\nNothing was held.\n");
		return g_string_free(out, FALSE);
	}
	if (!digest->single) {
		g_string_append_c(out, '\n');
		fill_text(out, 0, 0, DIGEST_ORDER);
	}
	for (guint i = 0; i < digest->folds->len; i++)
		item(out, digest, i);
	g_string_append_c(out, '\n');
	if (rest)
		fill_text(out, 0, 0, rest);
	fill_text(out, 0, 0, digest_about_actions(digest));
	fill_text(out, 0, 0, DIGEST_TEACHES);
	return g_string_free(out, FALSE);
}
