#include "init_private.h"

#include <string.h>
#include <unistd.h>

#include "failure_private.h"
#include "given_private.h"
#include "mail/address.h"
#include "question_private.h"

#define SENDMAIL_FILE "/etc/mail/sendmail.cf"
#define POSTFIX_FILE  "/etc/postfix/main.cf"

void
answers_clear(struct answers *answers)
{
	g_free(answers->name);
	g_strfreev(answers->emails);
	g_free(answers->template);
	g_free(answers->role);
	g_free(answers->sector);
	g_strfreev(answers->regions);
	g_free(answers->zone);
	g_free(answers->domain);
	g_free(answers->mta);
	g_free(answers->authserv_id);
	g_free(answers->state);
	g_free(answers->socket);
}

static gboolean
accept_addr(const char *text, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *addr = address_from_envelope(text, &local);

	if (addr && strchr(addr, '@'))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "'%s' is no address: %s",
		    text, local ? local->message : "it needs a domain");
	return FALSE;
}

static gboolean
accept_text(const char *text, GError **error)
{
	if (g_utf8_validate(text, -1, NULL))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "'%s' is not UTF-8",
		    text);
	return FALSE;
}

static gboolean
accept_template(const char *text, GError **error)
{
	g_autofree char *title = template_title(text);
	g_autofree const char **names = NULL;
	g_autofree char *list = NULL;
	g_autofree char *hint = NULL;

	if (title)
		return TRUE;
	names = template_names();
	list = g_strjoinv(", ", (char **)(void *)names);
	hint = given_hint(text, (const char *const *)names);
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "'%s' is no template: there are %s%s", text, list, hint);
	return FALSE;
}

/* A template's name as the role means the template. */
static void
split_role(struct answers *answers)
{
	g_autofree char *title = NULL;

	if (!answers->role || answers->template)
		return;
	title = template_title(answers->role);
	if (title)
		answers->template = g_steal_pointer(&answers->role);
}

static gboolean
ask_missing(struct answers *answers, GError **error)
{
	if (!answers->name)
		answers->name = question_ask("The buyer's name", NULL,
					     accept_text, error);
	if (answers->name && !answers->emails) {
		char *addr = question_ask("The buyer's address", NULL,
					  accept_addr, error);

		if (addr) {
			answers->emails = g_new0(char *, 2);
			answers->emails[0] = addr;
		}
	}
	if (answers->emails && !answers->template)
		answers->template =
			question_ask("Whose priorities to begin with",
				     "general", accept_template, error);
	return answers->template != NULL;
}

static gboolean
require(struct answers *answers, GError **error)
{
	g_autoptr(GString) missing = g_string_new(NULL);

	if (!answers->name)
		g_string_append(missing, " --name");
	if (!answers->emails)
		g_string_append(missing, " --email");
	if (missing->len > 0) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "init: missing, and there is no terminal to ask:%s",
			    missing->str);
		return FALSE;
	}
	if (!answers->template)
		answers->template = g_strdup("general");
	return TRUE;
}

static gboolean
check_mta(struct answers *answers, GError **error)
{
	static const char *const mtas[] = { "postfix", "sendmail", NULL };
	int mta;

	if (!answers->mta)
		answers->mta = g_strdup(
			access(POSTFIX_FILE, F_OK) != 0 &&
					access(SENDMAIL_FILE, F_OK) == 0
				? "sendmail"
				: "postfix");
	mta = given_choice("init: --mta", answers->mta, mtas, error);
	answers->sendmail = mta == 1;
	return mta >= 0;
}

static gboolean
check_text(const char *option, const char *text, GError **error)
{
	if (text && !*text) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "init: %s: must not be empty", option);
		return FALSE;
	}
	if (!text || accept_text(text, error))
		return TRUE;
	g_prefix_error(error, "init: %s: ", option);
	return FALSE;
}

static gboolean
check_texts(const struct answers *answers, GError **error)
{
	const struct {
		const char *option;
		const char *text;
	} texts[] = {
		{ "DIR", answers->folder },
		{ "--name", answers->name },
		{ "--template", answers->template },
		{ "--role", answers->role },
		{ "--sector", answers->sector },
		{ "--zone", answers->zone },
		{ "--company-domain", answers->domain },
		{ "--mta", answers->mta },
		{ "--authserv-id", answers->authserv_id },
		{ "--store-dir", answers->state },
		{ "--socket", answers->socket },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (!check_text(texts[i].option, texts[i].text, error))
			return FALSE;
	}
	for (char **region = answers->regions; region && *region; region++) {
		if (!check_text("--region", *region, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
check_emails(char *const *emails, GError **error)
{
	for (guint i = 0; emails && emails[i]; i++) {
		if (!accept_addr(emails[i], error)) {
			g_prefix_error(error, "init: --email: ");
			return FALSE;
		}
		for (guint j = 0; j < i; j++) {
			if (!address_equal(emails[i], emails[j]))
				continue;
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "init: --email: '%s' is given twice",
				    emails[i]);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean
check_given(struct answers *answers, GError **error)
{
	if (!check_texts(answers, error) ||
	    !check_emails(answers->emails, error))
		return FALSE;
	if (answers->template && !accept_template(answers->template, error)) {
		g_prefix_error(error, "init: --template: ");
		return FALSE;
	}
	if (answers->employees < 0) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "init: --employees: at least 0, not %d",
			    answers->employees);
		return FALSE;
	}
	return check_mta(answers, error);
}

/* Outside the usual place everything stays below the folder. */
static void
settle_places(struct answers *answers)
{
	g_autofree char *folder =
		g_canonicalize_filename(answers->folder, NULL);
	g_autofree char *usual_folder = g_path_get_dirname(PITCHWARD_CONF);
	gboolean usual = strcmp(folder, usual_folder) == 0;
	char *state = answers->state;

	answers->make_state = state || !usual;
	if (state)
		answers->state = g_canonicalize_filename(state, NULL);
	else if (!usual)
		answers->state = g_build_filename(folder, "state", NULL);
	g_free(state);
	if (!answers->socket && !usual)
		answers->socket =
			g_strdup_printf("unix:%s/milter.sock", answers->state);
}

gboolean
answers_complete(struct answers *answers, GError **error)
{
	gboolean ok;

	split_role(answers);
	if (!check_given(answers, error))
		return FALSE;
	ok = question_possible() ? ask_missing(answers, error)
				 : require(answers, error);
	if (!ok)
		return FALSE;
	if (!answers->domain)
		answers->domain =
			g_strdup(strrchr(answers->emails[0], '@') + 1);
	settle_places(answers);
	return TRUE;
}
