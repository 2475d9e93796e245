/*
 * The digest as HTML for mail programs: tables, inline styles, nothing remote.
 * No colour of text or background is set but together, so that a dark theme
 * stays readable.
 */
#include "base/html.h"
#include "digest_private.h"
#include "review/why.h"

#define TABLE                                                                  \
	"table role='presentation' cellpadding='0' cellspacing='0' "           \
	"border='0' width='100%'"

static const char *
button_style(enum link_action action)
{
	switch (action) {
	case LINK_SHOW:
		return "background-color: #1a5fb4; color: #ffffff";
	case LINK_NEVER:
		return "background-color: #a51d2d; color: #ffffff";
	case LINK_RELEASE:
	case LINK_RELEVANT:
	case LINK_IRRELEVANT:
	case LINK_NOT_OUTREACH:
	case LINK_UNDO:
	default:
		return "background-color: #26683f; color: #ffffff";
	}
}

/* Side by side, or under each other where there is no room. */
static void
button(GString *out, const char *link, const char *label, const char *style)
{
	g_string_append(out, "<a href='");
	html_text(out, link);
	g_string_append_printf(out,
			       "' style='display: inline-block; margin: 0 8px "
			       "8px 0; padding: 7px 12px; border-radius: 4px; "
			       "font-size: 14px; text-decoration: none; %s'>",
			       style);
	html_text(out, label);
	g_string_append(out, "</a>\n");
}

static void
buttons(GString *out, const struct digest *digest,
	const struct store_message *message)
{
	const struct config *config = digest->config;

	g_string_append(out, "<p style='margin: 0'>\n");
	for (gsize i = 0; i < DIGEST_ACTIONS; i++) {
		const enum link_action action = digest_actions[i].action;
		g_autofree char *link = NULL;

		if (!digest_offers(message, action))
			continue;
		link = digest_link(config, digest->key, message, action,
				   digest->until_us);
		button(out, link, digest_label(config, &digest_actions[i]),
		       button_style(action));
	}
	g_string_append(out, "</p>\n");
}

static void
field(GString *out, const char *name, const char *text)
{
	g_string_append(out, "<tr>");
	html_element(out,
		     "td valign='top' width='80' style='padding: 2px 12px 2px "
		     "0; font-size: 13px'",
		     name);
	html_element(out,
		     "td valign='top' style='padding: 2px 0; font-size: 14px; "
		     "word-break: break-word'",
		     text);
	g_string_append(out, "</tr>\n");
}

/* The id, which commands and a question to the administrator need. */
static void
item(GString *out, const struct digest *digest, const struct store_fold *fold)
{
	const struct store_message *top = fold->top;
	const gboolean links = digest_has_links(digest->config);
	g_autofree char *subject = digest_title(top);
	g_autofree char *title = digest_unlinked(subject);
	g_autofree char *from = digest_from(top);
	g_autofree char *came = digest_came(digest, fold);
	g_autofree char *why = why_text(top, digest->profile);

	g_string_append(out, "<tr><td style='padding: 16px 0 8px 0; "
			     "border-top: 1px solid #888888'>\n");
	html_element(out,
		     "p style='margin: 0 0 6px 0; font-size: 16px; "
		     "font-weight: bold; word-break: break-word'",
		     title);
	g_string_append(out, "<" TABLE " style='margin: 0 0 10px 0'>\n");
	field(out, "From", from);
	field(out, "Received", came);
	field(out, digest_fate(top), why);
	if (!links)
		field(out, "Id", top->id);
	g_string_append(out, "</table>\n");
	if (links)
		buttons(out, digest, top);
	g_string_append(out, "</td></tr>\n");
}

static void
note(GString *out, const char *text)
{
	html_element(out, "p style='margin: 0 0 6px 0; font-size: 14px'", text);
}

static void
head(GString *out, const struct digest *digest)
{
	g_autofree char *subject = digest_subject(digest);
	g_autofree char *redirected =
		digest_redirected(digest->config, digest->profile);
	g_autofree char *figures = digest_figures(digest);
	g_autofree char *attention = digest_attention(digest);

	html_element(out, "h1 style='margin: 0 0 10px 0; font-size: 20px'",
		     subject);
	if (redirected)
		html_element(out,
			     "p style='margin: 0 0 10px 0; font-size: 14px; "
			     "font-weight: bold'",
			     redirected);
	note(out, figures);
	if (!digest->single) {
		note(out, attention);
		note(out, digest_is_empty(digest) ? "Nothing was held."
						  : DIGEST_ORDER);
	}
}

static void
foot(GString *out, const struct digest *digest)
{
	g_autofree char *rest = digest_rest(digest);

	if (rest)
		note(out, rest);
	note(out, digest_about_actions(digest));
	note(out, DIGEST_TEACHES);
}

static void
open_page(GString *out, const struct digest *digest)
{
	g_autofree char *subject = digest_subject(digest);

	html_mail_open(out, subject);
	g_string_append(out, "<" TABLE " style='max-width: 640px; margin: 0 "
			     "auto'>\n<tr><td style='padding: 0 0 14px 0'>\n");
}

char *
digest_html(const struct digest *digest)
{
	GString *out = g_string_new(NULL);

	open_page(out, digest);
	head(out, digest);
	g_string_append(out, "</td></tr>\n");
	for (guint i = 0; i < digest->folds->len; i++)
		item(out, digest, digest->folds->pdata[i]);
	g_string_append(out, "<tr><td style='padding: 14px 0 0 0; border-top: "
			     "1px solid #888888'>\n");
	foot(out, digest);
	g_string_append(out, "</td></tr></table>\n</body>\n</html>\n");
	return g_string_free(out, FALSE);
}
