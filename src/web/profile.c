/*
 * The profile: the text beside a form that writes into it, what it would have
 * changed before it is saved, and all versions there were. Who may change it is
 * asked for each request; limits of the configuration hold for everybody.
 */
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "editor_private.h"
#include "fault_private.h"
#include "page_private.h"
#include "profile/revision.h"
#include "review/profiles.h"
#include "review/suggest.h"
#include "row_private.h"

#define PRIORITY_ID_MAX ((gsize)32)

static gboolean
failed(const struct web_request *request, struct web_reply *reply,
       GError *error)
{
	fault_reply(request, reply, error);
	return FALSE;
}

static struct profiles
profiles_of(const struct web_request *request)
{
	return (struct profiles){ .store = request->site->store,
				  .config = request->site->config,
				  .snapshot = request->snapshot };
}

/* The buyer and what serves; FALSE and an error page. */
static gboolean
editor_begin(struct editor *editor, const struct web_request *request,
	     struct web_reply *reply)
{
	g_autoptr(GError) error = NULL;
	struct profiles where;

	*editor = (struct editor){ .request = request, .reply = reply };
	editor->buyer = page_buyer(request, reply, ACCESS_PROFILE);
	if (!editor->buyer)
		return FALSE;
	editor->id = editor->buyer->profile->id;
	where = profiles_of(request);
	editor->view = profiles_view(&where, editor->id, &error);
	if (!editor->view)
		return failed(request, reply, error);
	editor->after = editor->view->served->number;
	editor->faults = faults_new();
	return TRUE;
}

static void
editor_clear(struct editor *editor)
{
	profiles_view_free(editor->view);
	faults_free(editor->faults);
	replay_free(editor->replay);
	profile_free(editor->profile);
	g_free(editor->text);
	g_free(editor->said);
}

/* The text of a version, or what serves. */
static gboolean
editor_load(struct editor *editor)
{
	const char *wanted = request_query(editor->request, "version");
	const guint number = *wanted ? request_number(editor->request,
						      "version", 0, G_MAXINT)
				     : PROFILES_SERVING;
	g_autoptr(GError) error = NULL;
	GBytes *text = profiles_text(editor->view, number, &error);
	gsize size;
	const char *data;

	if (!text) {
		reply_error(editor->request, editor->reply, 404,
			    error->message);
		return FALSE;
	}
	data = g_bytes_get_data(text, &size);
	editor->text = g_strndup(data ? data : "", size);
	if (*wanted)
		editor->said = g_strdup_printf(
			number ? "This is version %u. Saving it makes it "
				 "serve again."
			       : "This is the file of the administrator.",
			number);
	return TRUE;
}

static void
show(const struct web_request *request, struct web_reply *reply)
{
	struct editor editor;

	if (editor_begin(&editor, request, reply) && editor_load(&editor))
		editor_page(&editor);
	editor_clear(&editor);
}

static struct profiles_change
change_of(const struct editor *editor)
{
	return (struct profiles_change){
		.id = editor->id,
		.name = "profile",
		.text = editor->text,
		.by = editor->request->user->address,
		.note = request_form(editor->request, "note"),
		.after = editor->after,
		.bound = !request_may(editor->request, ACCESS_USERS, NULL),
	};
}

/* What it would change, once it has no faults. */
static void
try(struct editor *editor)
{
	const struct profiles where = profiles_of(editor->request);
	const struct profiles_change change = change_of(editor);
	g_autoptr(GError) error = NULL;

	if (!profiles_check(&where, &change, editor->faults, &error)) {
		editor->said = fault_sentence(editor->request, error);
		return;
	}
	if (faults_count(editor->faults) == 0)
		editor_replay(editor);
}

/* TRUE: saved, and the reply is made. */
static gboolean
save(struct editor *editor)
{
	const struct web_request *request = editor->request;
	const struct profiles where = profiles_of(request);
	const struct profiles_change change = change_of(editor);
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	g_autofree char *what = NULL;
	g_autofree char *text = NULL;
	guint number = 0;

	if (!profiles_apply(&where, &change, &number, editor->faults, &error)) {
		if (error &&
		    g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT))
			editor->said = g_strdup(
				"Somebody else changed the profile meanwhile. "
				"Nothing is saved: open it again, and put your "
				"change into what is there now.");
		else if (error)
			editor->said = fault_sentence(request, error);
		return FALSE;
	}
	path = g_strdup_printf("/profile?for=%s", editor->id);
	what = g_strdup_printf("%u", number);
	text = number > 0 ? g_strdup_printf("Saved as version %u; it serves "
					    "within seconds.",
					    number)
			  : g_strdup("That is what serves already.");
	if (number > 0)
		request_audit(request, "profile", editor->id, what,
			      change.note);
	reply_back(request, editor->reply, path, text, NULL);
	return TRUE;
}

/* Takes a changed text, or says why there is none: what `error` points to is
 * read here, since an argument may be evaluated before the call beside it. */
static void
take(struct editor *editor, char *text, GError *const *error)
{
	if (text) {
		g_free(editor->text);
		editor->text = text;
		editor->said = g_strdup("Written into the text. It is not "
					"saved yet.");
	} else {
		editor->said = g_strdup((*error)->message);
	}
}

static void
revise_weight(struct editor *editor, const char *priority)
{
	g_autofree char *field = g_strdup_printf("weight-%s", priority);
	const char *value = request_form(editor->request, field);
	g_autoptr(GError) error = NULL;
	char *end = NULL;
	const double weight = g_ascii_strtod(value, &end);

	if (end == value || *end || !(weight >= 0 && weight <= 1)) {
		editor->said = g_strdup("A weight is a number from 0 to 1.");
		return;
	}
	take(editor,
	     revision_weight("profile", editor->text, priority, weight, &error),
	     &error);
}

static void
revise_keyword(struct editor *editor, const char *priority)
{
	g_autofree char *field = g_strdup_printf("keyword-%s", priority);
	const char *word = request_form(editor->request, field);
	g_autoptr(GError) error = NULL;

	if (!*word)
		editor->said = g_strdup("Write the keyword first.");
	else
		take(editor,
		     revision_keyword("profile", editor->text, priority, word,
				      &error),
		     &error);
}

static void
revise_refusal(struct editor *editor, const char *unused)
{
	g_autofree char *name =
		g_strdup(request_form(editor->request, "refusal"));
	const struct profile_refusal refusal = { .name = name };
	g_autoptr(GError) error = NULL;

	(void)unused;
	if (!*name)
		editor->said = g_strdup("Write what you do not want first.");
	else
		take(editor,
		     revision_refusal("profile", editor->text, &refusal,
				      &error),
		     &error);
}

/* "Cloud backup" -> "cloud-backup". */
static char *
priority_id(const char *name)
{
	GString *id = g_string_new(NULL);

	for (const char *p = name; *p && id->len < PRIORITY_ID_MAX; p++) {
		if (g_ascii_isalnum(*p))
			g_string_append_c(id, g_ascii_tolower(*p));
		else if (id->len > 0 && id->str[id->len - 1] != '-')
			g_string_append_c(id, '-');
	}
	if (id->len > 0 && id->str[id->len - 1] == '-')
		g_string_truncate(id, id->len - 1);
	if (id->len == 0)
		g_string_append(id, "new");
	return g_string_free(id, FALSE);
}

static void
revise_priority(struct editor *editor, const char *unused)
{
	g_autofree char *name =
		g_strdup(request_form(editor->request, "priority"));
	g_autofree char *id = priority_id(name);
	char *none[] = { NULL };
	const struct profile_priority priority = {
		.id = id,
		.name = name,
		.keywords = none,
		.weight = 1,
	};
	g_autoptr(GError) error = NULL;

	(void)unused;
	if (!*name)
		editor->said = g_strdup("Write what you want to hear about "
					"first.");
	else
		take(editor,
		     revision_priority("profile", editor->text, &priority,
				       &error),
		     &error);
}

static void
revise_suggested(struct editor *editor, const char *number)
{
	const guint64 n = g_ascii_strtoull(number, NULL, 10);
	g_autoptr(GPtrArray) found = editor_suggestions(editor);
	g_autoptr(GError) error = NULL;

	if (!found || n >= found->len)
		editor->said = g_strdup("That suggestion is not there any "
					"more.");
	else
		take(editor,
		     suggest_revise(found->pdata[n], "profile", editor->text,
				    &error),
		     &error);
}

static const struct {
	const char *verb;
	void (*revise)(struct editor *editor, const char *what);
} revisions[] = {
	{ "weight ", revise_weight },  { "keyword ", revise_keyword },
	{ "refusal", revise_refusal }, { "priority", revise_priority },
	{ "take ", revise_suggested },
};

/* Lines of a form end in CR LF, whatever was shown. */
static char *
text_of(const struct web_request *request)
{
	GString *text = g_string_new(request_form(request, "text"));

	g_string_replace(text, "\r\n", "\n", 0);
	return g_string_free(text, FALSE);
}

/* One form: what its buttons say is done with the text in it. */
static void
change(const struct web_request *request, struct web_reply *reply)
{
	const char *wish = request_form(request, "do");
	struct editor editor;
	gboolean done = FALSE;

	if (editor_begin(&editor, request, reply)) {
		editor.text = text_of(request);
		editor.after = (guint)g_ascii_strtoull(
			request_form(request, "after"), NULL, 10);
		if (strcmp(wish, "save") == 0)
			done = save(&editor);
		else if (strcmp(wish, "try") == 0)
			try(&editor);
		for (guint i = 0; i < G_N_ELEMENTS(revisions); i++)
			if (g_str_has_prefix(wish, revisions[i].verb))
				revisions[i].revise(
					&editor,
					wish + strlen(revisions[i].verb));
		if (!done)
			editor_page(&editor);
	}
	editor_clear(&editor);
}

const struct web_route routes_profile[] = {
	{ WEB_GET, "/profile", ACCESS_SIGNED, show },
	{ WEB_POST, "/profile", ACCESS_SIGNED, change },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
