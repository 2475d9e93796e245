#include "row_private.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/html.h"
#include "review/why.h"

#define BAR_WIDTH  100
#define SENDER_MAX 160

static void
not_found(const struct web_request *request, struct web_reply *reply)
{
	reply_error(request, reply, 404,
		    "There is no such message, or it is not for you.");
}

struct store_message *
row_find(const struct web_request *request, struct web_reply *reply,
	 const char *id, enum access_action action)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreMessage) message = NULL;

	if (!id_valid(id)) {
		not_found(request, reply);
		return NULL;
	}
	message = store_find(request->site->store, NULL, id, &error);
	if (!message &&
	    !g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		reply_error(request, reply, 503,
			    "The store does not answer. Nothing is lost; try "
			    "again in a minute.");
		return NULL;
	}
	if (!message || !request_may(request, action, message->buyer)) {
		not_found(request, reply);
		return NULL;
	}
	row_hide(request, message);
	return g_steal_pointer(&message);
}

void
row_hide(const struct web_request *request, struct store_message *message)
{
	if (!request_may(request, ACCESS_GROUP, message->buyer))
		why_hide_group(message);
}

GPtrArray *
row_hide_folds(const struct web_request *request, GPtrArray *folds)
{
	for (guint i = 0; folds && i < folds->len; i++) {
		const struct store_fold *fold = folds->pdata[i];

		row_hide(request, fold->top);
	}
	return folds;
}

char *
row_total(const struct store_fold_total *total)
{
	const char *mails = total->messages == 1 ? "" : "s";

	if (total->folds == total->messages)
		return g_strdup_printf("%u mail%s", total->messages, mails);
	return g_strdup_printf("%u campaign%s, %u mail%s", total->folds,
			       total->folds == 1 ? "" : "s", total->messages,
			       mails);
}

const struct buyer *
row_buyer(const struct web_request *request, const char *id)
{
	return snapshot_find(request->snapshot, id);
}

void
row_bar(GString *out, const char *name, double share, const char *look)
{
	const gboolean known = share >= 0 && share <= 1;
	const guint percent = known ? (guint)lrint(share * 100) : 0;

	g_string_append(out, "<span class=\"score\"><span>");
	html_text(out, name);
	g_string_append(out, "</span> ");
	if (known)
		g_string_append_printf(
			out,
			"<svg class=\"bar\" viewBox=\"0 0 %d 8\" "
			"preserveAspectRatio=\"none\" aria-hidden=\"true\">"
			"<rect class=\"track\" width=\"%d\" height=\"8\"/>"
			"<rect class=\"%s\" width=\"%u\" height=\"8\"/></svg> ",
			BAR_WIDTH, BAR_WIDTH, look, percent);
	g_string_append(out, "<b>");
	if (known) {
		g_autofree char *text = why_percent(share);

		g_string_append_printf(out, "%s&#8201;%%", text);
	} else
		g_string_append(out, "–");
	g_string_append(out, "</b></span>");
}

void
row_scores(GString *out, const struct store_message *message)
{
	g_string_append(out, "<span class=\"scores\">");
	row_bar(out, "Sales mail", message->outreach, "fill outreach");
	row_bar(out, "Relevant to you", message->relevance, "fill relevance");
	g_string_append(out, "</span>");
}

/* As html_text() writes it, or a little more. */
static gsize
html_size(const char *p)
{
	const gsize size = (gsize)(g_utf8_next_char(p) - p);
	const gboolean plain =
		(guchar)*p >= 0x20 && *p != 0x7F && !strchr("<>&\"'", *p);

	return size > 1 || plain ? size : strlen("&quot;");
}

char *
row_cut(const char *text, gsize max)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	gsize size = 0;
	char *p = valid;

	for (; *p; p = g_utf8_next_char(p)) {
		size += html_size(p);
		if (size > max)
			break;
	}
	*p = '\0';
	return g_steal_pointer(&valid);
}

static void
put_short(GString *out, const char *tag, const char *text, gsize max)
{
	g_autofree char *cut = row_cut(text, max);

	html_element(out, tag, cut);
	if (strlen(cut) < strlen(text))
		g_string_append(out, "…");
}

/* Labelled it is 2 less, and nothing else is under -1. */
#define DECIDED_MAX (-1.000001)

gboolean
row_decided(const struct store_fold *fold)
{
	return fold->regret < DECIDED_MAX;
}

void
row_sender(GString *out, const struct store_message *message)
{
	const char *from = message->from ? message->from : "";
	const char *name = message->from_name ? message->from_name : "";

	if (*name) {
		put_short(out, "b", name, SENDER_MAX);
		g_string_append_c(out, ' ');
	}
	put_short(out, *name ? "span class=\"address\"" : "b",
		  *from ? from : "(no sender)", SENDER_MAX);
}

void
row_subject(GString *out, const struct store_message *message)
{
	const char *subject = message->subject ? message->subject : "";

	g_autofree char *cut = row_cut(subject, ROW_SUBJECT_MAX);

	html_text(out, *subject ? cut : "(no subject)");
	if (strlen(cut) < strlen(subject))
		g_string_append(out, "…");
}

const char *
row_priority(const struct buyer *buyer, const char *id)
{
	const char *name = why_priority(buyer ? buyer->profile : NULL, id);

	return name ? name : "";
}

char *
row_link(const char *path, ...)
{
	GString *out = g_string_new(path);
	char mark = '?';
	va_list args;
	const char *name;

	va_start(args, path);
	while ((name = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);

		if (value && *value) {
			g_autofree char *safe =
				g_uri_escape_string(value, NULL, FALSE);

			g_string_append_printf(out, "%s%s=%s",
					       mark == '?' ? "?" : "&amp;",
					       name, safe);
			mark = '&';
		}
	}
	va_end(args);
	return g_string_free(out, FALSE);
}
