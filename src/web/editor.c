#include "editor_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/diff.h"
#include "base/html.h"
#include "fault_private.h"
#include "model/model.h"
#include "page_private.h"
#include "review/suggest.h"
#include "row_private.h"

#define REPLAY_US	(30 * CLOCK_DAY_US)
#define REPLAY_TIME_US	(5 * CLOCK_SECOND_US)
#define SUGGEST_US	(90 * CLOCK_DAY_US)
#define CHANGES_SHOWN	20
#define VERSIONS_SHOWN	20
#define EVIDENCE_SHOWN	3
#define DIFF_SHOWN	8000
#define FAULTS_SHOWN	20
#define SUGGESTIONS_MAX 5

void
editor_replay(struct editor *editor)
{
	const struct web_request *request = editor->request;
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct replay_request asked = {
		.store = request->site->store,
		.snapshot = request->snapshot,
		.key = request->site->key,
		.buyer = editor->id,
		.since_us = request->now_us - REPLAY_US,
		.deadline_us = clock_monotonic_us() + REPLAY_TIME_US,
	};

	editor->profile = profile_parse("profile", editor->text,
					strlen(editor->text), faults);
	if (!editor->profile)
		return;
	profile_clamp(editor->profile, request->site->config);
	asked.profile = editor->profile;
	editor->replay = replay_run(&asked, &error);
	if (!editor->replay)
		editor->said = fault_sentence(editor->request, error);
}

static gint64
served_since(const struct profiles_view *view)
{
	const struct store_version *newest;

	if (view->served->origin != SERVED_VERSION || view->versions->len == 0)
		return 0;
	newest = view->versions->pdata[view->versions->len - 1];
	return newest->time_us;
}

/* Who changes the profile of others sees figures, not their mail. */
static gboolean
may_list(const struct editor *editor)
{
	return request_may(editor->request, ACCESS_LIST, editor->id);
}

GPtrArray *
editor_suggestions(const struct editor *editor)
{
	const struct web_request *request = editor->request;
	const struct suggest_request asked = {
		.profile = editor->buyer->profile,
		.background = model_background(request->snapshot->relevance),
		.since_us = request->now_us - SUGGEST_US,
		.served_us = served_since(editor->view),
		.weighed =
			suggest_weighed(request->snapshot->groups, editor->id),
	};

	return may_list(editor)
		       ? suggest_find(request->site->store, &asked, NULL, NULL)
		       : NULL;
}

static void
put_faults(struct editor *editor)
{
	GString *out = editor->reply->body;
	const guint n = faults_count(editor->faults);

	if (editor->said)
		html_element(out, "p class=\"note\" role=\"status\"",
			     editor->said);
	if (n == 0)
		return;
	g_string_append(out, "<section role=\"alert\"><h2>Not saved</h2>"
			     "<ul class=\"faults\">");
	for (guint i = 0; i < MIN(n, FAULTS_SHOWN); i++)
		html_element(out, "li class=\"fault\"",
			     faults_get(editor->faults, i));
	g_string_append(out, "</ul></section>");
}

static void
put_change(const struct editor *editor, const struct replay_change *change)
{
	GString *out = editor->reply->body;

	g_string_append_printf(out, "<li><a href=\"/message/%s\">",
			       change->message->id);
	row_subject(out, change->message);
	g_string_append(out, "</a> <span class=\"chip\">");
	g_string_append_printf(out, "%s → %s</span>",
			       verdict_name(change->before),
			       verdict_name(change->after));
	g_string_append(out, "<p class=\"from\">");
	row_sender(out, change->message);
	g_string_append(out, " · ");
	page_time(editor->request, editor->reply, change->message->time_us);
	g_string_append(out, "</p>");
	html_element(out, "p class=\"why\"", change->reason);
	g_string_append(out, "</li>");
}

/* Folded: the text that they come from should stay in sight. */
static void
put_changes(const struct editor *editor)
{
	GString *out = editor->reply->body;
	const GPtrArray *changes = editor->replay->changes;

	if (changes->len == 0) {
		html_element(out, "p class=\"empty\"", "Nothing.");
		return;
	}
	g_string_append(out, "<details><summary>Which</summary>"
			     "<ol class=\"decisions\">");
	for (guint i = 0; i < MIN(changes->len, CHANGES_SHOWN); i++)
		put_change(editor, changes->pdata[i]);
	g_string_append(out, "</ol>");
	if (changes->len > CHANGES_SHOWN)
		html_format(out, "p class=\"facts\"", "and %u more",
			    changes->len - CHANGES_SHOWN);
	g_string_append(out, "</details>");
}

static void
put_kind(GString *out, const struct replay *replay, enum replay_kind kind,
	 const char *what, const char *look)
{
	g_string_append_printf(out, "<li class=\"figure %s\"><b>%u</b> %s</li>",
			       replay->kinds[kind] > 0 ? look : "",
			       replay->kinds[kind], what);
}

/* What would have changed on the mail of the last month. */
static void
put_replay(const struct editor *editor)
{
	GString *out = editor->reply->body;
	const struct replay *replay = editor->replay;

	if (!replay)
		return;
	g_string_append(out, "<section><h2>What this would have changed in "
			     "the last 30 days</h2><ul class=\"figures\">");
	put_kind(out, replay, REPLAY_WANTED_HELD, "wanted, but held", "bad");
	put_kind(out, replay, REPLAY_UNWANTED_ADMITTED, "of no use, but let in",
		 "bad");
	put_kind(out, replay, REPLAY_HELD, "held besides", "held");
	put_kind(out, replay, REPLAY_ADMITTED, "let in besides", "relevant");
	g_string_append(out, "</ul>");
	html_format(
		out, "p class=\"facts\"",
		"%u messages: %u judged exactly, %u by what is kept of "
		"them, %u that nothing is left of.%s",
		replay->n, replay->ways[REPLAY_EXACT],
		replay->ways[REPLAY_APPROXIMATE], replay->ways[REPLAY_UNKNOWN],
		replay->complete ? "" : " There was more than time allowed.");
	if (may_list(editor))
		put_changes(editor);
	g_string_append(out, "</section>");
}

static void
put_field(GString *out, const char *name, const char *label, const char *type,
	  const char *value)
{
	g_string_append(out, "<label class=\"field\">");
	html_text(out, label);
	g_string_append_printf(out, " <input %s name=\"", type);
	html_text(out, name);
	g_string_append(out, "\" value=\"");
	html_text(out, value);
	g_string_append(out, "\"/></label> ");
}

static void
put_priority(const struct editor *editor,
	     const struct profile_priority *priority)
{
	struct web_reply *reply = editor->reply;
	g_autofree char *weight = g_strdup_printf("weight-%s", priority->id);
	g_autofree char *keyword = g_strdup_printf("keyword-%s", priority->id);
	g_autofree char *set = g_strdup_printf("weight %s", priority->id);
	g_autofree char *add = g_strdup_printf("keyword %s", priority->id);
	g_autofree char *words = g_strjoinv(", ", priority->keywords);
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(number, sizeof(number), "%.2g", priority->weight);
	g_string_append(reply->body, "<fieldset><legend>");
	html_text(reply->body, priority->name);
	g_string_append(reply->body, "</legend>");
	html_element(reply->body, "p class=\"facts\"", words);
	g_string_append(reply->body, "<p class=\"actions\">");
	put_field(reply->body, weight, "Weight",
		  "type=\"number\" min=\"0\" max=\"1\" step=\"0.05\"", number);
	page_button(reply, "do", set, "Set", "small");
	put_field(reply->body, keyword, "Another keyword",
		  "type=\"text\" maxlength=\"80\"", "");
	page_button(reply, "do", add, "Add", "small");
	g_string_append(reply->body, "</p></fieldset>");
}

/* The form writes into the text; priorities are those that serve. */
static void
put_fields(const struct editor *editor)
{
	struct web_reply *reply = editor->reply;
	const GPtrArray *priorities = editor->buyer->profile->priorities;

	html_element(reply->body, "p class=\"hint\"",
		     "Weight 0 switches a priority off. Above 0 it counts in "
		     "your groups only: your own mail is judged the same.");
	for (guint i = 0; i < priorities->len; i++)
		put_priority(editor, priorities->pdata[i]);
	g_string_append(reply->body, "<fieldset><legend>New</legend>"
				     "<p class=\"actions\">");
	put_field(reply->body, "priority", "I want to hear about",
		  "type=\"text\" maxlength=\"120\"", "");
	page_button(reply, "do", "priority", "Add", "small");
	g_string_append(reply->body, "</p><p class=\"actions\">");
	put_field(reply->body, "refusal", "I do not want",
		  "type=\"text\" maxlength=\"120\"", "");
	page_button(reply, "do", "refusal", "Add", "small");
	g_string_append(reply->body, "</p></fieldset>");
}

static void
put_text(const struct editor *editor)
{
	struct web_reply *reply = editor->reply;
	GString *out = reply->body;

	g_string_append(out, "<div><label for=\"text\">The profile as YAML"
			     "</label><textarea id=\"text\" name=\"text\" "
			     "rows=\"30\" spellcheck=\"false\" "
			     "autocapitalize=\"off\">\n");
	html_lines(out, editor->text);
	g_string_append(out, "</textarea><p class=\"actions say\">");
	put_field(out, "note", "Why", "type=\"text\" maxlength=\"200\"",
		  request_form(editor->request, "note"));
	page_button(reply, "do", "try", "What would it change?", "");
	page_button(reply, "do", "save", "Save", "primary");
	g_string_append(out, "</p></div>");
}

static void
put_suggestion(const struct editor *editor, const struct suggestion *one,
	       guint number)
{
	struct web_reply *reply = editor->reply;
	GString *out = reply->body;
	g_autofree char *yaml = suggest_yaml(one);
	g_autofree char *verb = g_strdup_printf("take %u", number);

	g_string_append(out, "<li>");
	html_element(out, "p", one->why);
	g_string_append(out, "<pre>");
	html_lines(out, yaml);
	g_string_append(out, "</pre><p class=\"from\">");
	for (guint i = 0; i < MIN(one->evidence->len, EVIDENCE_SHOWN); i++) {
		const struct suggest_evidence *evidence =
			one->evidence->pdata[i];

		g_string_append_printf(out, "%s<a href=\"/message/%s\">",
				       i > 0 ? ", " : "", evidence->id);
		html_text(out, evidence->subject);
		g_string_append(out, "</a>");
	}
	g_string_append(out, "</p>");
	page_button(reply, "do", verb, "Write it into the text", "small");
	g_string_append(out, "</li>");
}

static void
put_suggestions(const struct editor *editor)
{
	GString *out = editor->reply->body;
	g_autoptr(GPtrArray) found = editor_suggestions(editor);

	if (!may_list(editor))
		return;
	g_string_append(out, "<section><h2>Suggested by what you said about "
			     "mail</h2>");
	if (!found || found->len == 0)
		html_element(out, "p class=\"empty\"",
			     "Nothing yet: it takes labels of several "
			     "vendors' mail.");
	g_string_append(out, "<ol class=\"decisions\">");
	for (guint i = 0; found && i < MIN(found->len, SUGGESTIONS_MAX); i++)
		put_suggestion(editor, found->pdata[i], i);
	g_string_append(out, "</ol></section>");
}

static void
put_diff(GString *out, const char *old, const char *new)
{
	g_autofree char *diff = diff_unified("before", "after", old, new);
	g_auto(GStrv) lines = g_strsplit(diff, "\n", 0);
	gsize shown = 0;

	g_string_append(out, "<pre class=\"diff\">");
	for (char **line = lines; *line && shown < DIFF_SHOWN; line++) {
		const char *look = **line == '+'   ? "span class=\"add\""
				   : **line == '-' ? "span class=\"del\""
						   : "span";

		html_element(out, look, *line);
		g_string_append_c(out, '\n');
		shown += strlen(*line);
	}
	g_string_append(out, "</pre>");
}

static char *
version_text(const struct profiles_view *view, guint number)
{
	GBytes *text = profiles_text(view, number, NULL);
	gsize size = 0;
	const char *data = text ? g_bytes_get_data(text, &size) : NULL;

	return g_strndup(data ? data : "", size);
}

static void
put_version(const struct editor *editor, const struct store_version *version)
{
	GString *out = editor->reply->body;
	g_autofree char *old = version_text(editor->view, version->number - 1);

	g_string_append_printf(out,
			       "<li><a href=\"/profile?for=%s&amp;version=%u\">"
			       "Version %u</a> ",
			       editor->id, version->number, version->number);
	page_time(editor->request, editor->reply, version->time_us);
	g_string_append(out, " by ");
	html_text(out, version->by ? version->by : "");
	if (version->note && *version->note)
		html_element(out, "p class=\"why\"", version->note);
	g_string_append(out, "<details><summary>What it changed</summary>");
	put_diff(out, old, version->text);
	g_string_append(out, "</details></li>");
}

static void
put_history(const struct editor *editor)
{
	GString *out = editor->reply->body;
	const GPtrArray *versions = editor->view->versions;
	const guint last = versions->len > VERSIONS_SHOWN
				   ? versions->len - VERSIONS_SHOWN
				   : 0;
	g_autofree char *origin = served_origin_text(
		editor->view->served->origin, editor->view->served->number);

	g_string_append(out, "<section><h2>History</h2>");
	html_format(out, "p", "What serves now: %s.", origin);
	g_string_append(out, "<ol class=\"history\" reversed=\"reversed\">");
	for (guint i = versions->len; i > last; i--)
		put_version(editor, versions->pdata[i - 1]);
	if (editor->view->served->file)
		g_string_append_printf(
			out,
			"<li><a href=\"/profile?for=%s&amp;version=0\">The "
			"administrator's file</a></li>",
			editor->id);
	g_string_append(out, "</ol></section>");
}

void
editor_page(struct editor *editor)
{
	struct web_reply *reply = editor->reply;
	g_autofree char *path = g_strdup_printf("/profile?for=%s", editor->id);
	g_autofree char *after = g_strdup_printf("%u", editor->after);

	page_open(editor->request, reply, "Profile", "profile");
	put_faults(editor);
	put_replay(editor);
	page_form_open(editor->request, reply, path, "class=\"editor\"");
	page_hidden(reply, "after", after);
	g_string_append(reply->body, "<div class=\"sides\">");
	put_text(editor);
	g_string_append(reply->body, "<div>");
	put_fields(editor);
	g_string_append(reply->body, "</div></div>");
	put_suggestions(editor);
	page_form_close(reply);
	put_history(editor);
	page_close(editor->request, reply);
}
