#include "draft_private.h"

#include <stddef.h>
#include <string.h>

#include "check_private.h"
#include "failure_private.h"
#include "profile/config.h"
#include "profile/profile.h"

void
draft_clear(struct draft *draft)
{
	g_clear_pointer(&draft->config_path, g_free);
	g_clear_pointer(&draft->config_text, g_free);
	g_clear_pointer(&draft->profile_path, g_free);
	g_clear_pointer(&draft->profile_text, g_free);
}

/* The profile's id: the mailbox's name in letters that may name a file. */
static char *
id_of(const char *addr)
{
	char *id = g_ascii_strdown(addr, (gssize)strcspn(addr, "@"));

	g_strcanon(id, "abcdefghijklmnopqrstuvwxyz0123456789._-", '-');
	if (strlen(id) > 64)
		id[64] = '\0';
	if (*id == '.')
		*id = '-';
	return id;
}

void
draft_make(const struct answers *answers, const struct config *config,
	   struct draft *draft)
{
	const struct template_answers profile = {
		.role = answers->template,
		.name = answers->name,
		.title = answers->role,
		.addresses = (const char *const *)answers->emails,
		.sector = answers->sector,
		.employees = (guint)answers->employees,
		.regions = (const char *const *)answers->regions,
		.zone = answers->zone,
	};
	const struct template_site site = {
		.domain = answers->domain,
		.authserv_id = answers->authserv_id,
		.state = answers->state,
		.socket = answers->socket,
		.mta = answers->sendmail ? TEMPLATE_SENDMAIL : TEMPLATE_POSTFIX,
	};
	g_autofree char *id = id_of(answers->emails[0]);
	g_autofree char *name = g_strconcat(id, ".yaml", NULL);

	draft->config_path =
		g_build_filename(answers->folder, "pitchward.yaml", NULL);
	if (!config)
		draft->config_text = template_render_config(&site);
	draft->profile_path =
		config ? g_build_filename(config->profiles, name, NULL)
		       : g_build_filename(answers->folder, "profiles.d", name,
					  NULL);
	draft->profile_text = template_render(&profile);
}

static struct faults *
faults_of(const struct draft *draft, const struct config *site)
{
	struct faults *faults = faults_new();
	const char *text = draft->config_text;
	g_autoptr(Config) config = text ? config_parse(draft->config_path, text,
						       strlen(text), faults)
					: NULL;
	g_autoptr(Profile) profile =
		profile_parse(draft->profile_path, draft->profile_text,
			      strlen(draft->profile_text), faults);

	if (!site)
		site = config;
	if (site && profile)
		profile_within_limits(profile, site, faults);
	return faults;
}

/* The first fault without its place, or NULL; the caller's. */
static char *
first_fault(const struct answers *answers, const struct config *site)
{
	g_auto(Draft) draft = { 0 };
	g_autoptr(Faults) faults = NULL;
	struct fault_place place = { 0 };
	char *text;

	draft_make(answers, site, &draft);
	faults = faults_of(&draft, site);
	if (faults_count(faults) == 0)
		return NULL;
	check_split(faults_get(faults, 0), &place);
	text = g_strdup(place.text);
	g_free(place.file);
	return text;
}

/* An answer, where it stands, and what its fault does not tell, or "". */
struct suspect {
	const char *option;
	gsize offset;
	gsize size;
	const char *hint;
};

#define SUSPECT(option, member, hint)                                          \
	{                                                                      \
		option, offsetof(struct answers, member),                      \
			sizeof(((struct answers *)NULL)->member), hint         \
	}

static const struct suspect suspects[] = {
	SUSPECT("--name", name, ""),
	SUSPECT("--email", emails, ""),
	SUSPECT("--role", role, ""),
	SUSPECT("--sector", sector, ""),
	SUSPECT("--employees", employees, ""),
	SUSPECT("--region", regions, ""),
	SUSPECT("--zone", zone, ""),
	SUSPECT("--company-domain", domain, "; one is like example.com"),
	SUSPECT("--authserv-id", authserv_id, ""),
	SUSPECT("--socket", socket,
		"; unless given it is in the folder of the store"),
	SUSPECT("--store-dir", state, ""),
};

/* Tries each answer among others that are right. */
static gboolean
blame(const struct answers *answers, const struct config *site, GError **error)
{
	char addr[] = "a@example.com";
	char *emails[] = { addr, NULL };
	char text[] = "example.com";
	char state[] = "/state";
	char socket[] = "unix:/socket";
	char template[] = "general";
	const struct answers right = { .folder = "/etc",
				       .name = text,
				       .emails = emails,
				       .template = template,
				       .domain = text,
				       .authserv_id = text,
				       .state = state,
				       .socket = socket,
				       .sendmail = answers->sendmail };

	for (gsize i = 0; i < G_N_ELEMENTS(suspects); i++) {
		const struct suspect *suspect = &suspects[i];
		struct answers one = right;
		g_autofree char *fault = NULL;

		memcpy((char *)&one + suspect->offset,
		       (const char *)answers + suspect->offset, suspect->size);
		fault = first_fault(&one, site);
		if (!fault)
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "init: %s: %s%s",
			    suspect->option, fault, suspect->hint);
		return FALSE;
	}
	return TRUE;
}

gboolean
draft_check(const struct draft *draft, const struct answers *answers,
	    const struct config *site, GError **error)
{
	g_autoptr(Faults) faults = faults_of(draft, site);

	if (faults_count(faults) == 0)
		return TRUE;
	/* Nothing alone is wrong: then the files have to speak. */
	return blame(answers, site, error) && faults_report(faults, error);
}
