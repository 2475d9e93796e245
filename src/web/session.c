#include "session_private.h"

#include <string.h>

#include "base/clock.h"
#include "site_private.h"
#include "store/access.h"
#include "token_private.h"

#define AGENT_MAX 200

static gboolean
is_https(const struct config_web *web)
{
	return g_str_has_prefix(web->url, "https:");
}

const char *
session_name(const struct config_web *web)
{
	return is_https(web) ? "__Host-pitchward" : "pitchward";
}

const char *
session_note_name(const struct config_web *web)
{
	return is_https(web) ? "__Host-pitchward-note" : "pitchward-note";
}

char *
session_cookie(const char *header, const char *name)
{
	g_auto(GStrv) pairs = g_strsplit(header ? header : "", ";", 100);
	const gsize len = strlen(name);
	const char *found = NULL;

	for (guint i = 0; pairs[i]; i++) {
		const char *pair = g_strstrip(pairs[i]);

		if (strncmp(pair, name, len) != 0 || pair[len] != '=')
			continue;
		if (found)
			return NULL;
		found = pair + len + 1;
	}
	return g_strdup(found);
}

char *
session_set_cookie(const struct config_web *web, const char *name,
		   const char *value, gint64 seconds)
{
	return g_strdup_printf("%s=%s; Path=/; Max-Age=%" G_GINT64_FORMAT
			       "; HttpOnly; SameSite=Strict%s",
			       name, value, seconds,
			       is_https(web) ? "; Secure" : "");
}

/* A proxy has no session: its users' token is made of their address. */
static void
give_token(struct web_site *site, struct web_user *user)
{
	const char *of = user->session ? user->session : user->address;

	user->csrf =
		key_mac(site->key, user->session ? "csrf" : "csrf-of-proxy", of,
			strlen(of));
}

gboolean
session_find(struct web_site *site, const struct snapshot *snapshot,
	     const char *header, gint64 now_us, struct web_user **user,
	     GError **error)
{
	g_autofree char *token =
		session_cookie(header, session_name(&site->config->web));
	g_autofree char *hash = token_hash(token);
	g_autoptr(StorePass) pass = NULL;
	g_autoptr(GError) local = NULL;

	*user = NULL;
	if (!hash)
		return TRUE;
	pass = store_pass_find(site->store, STORE_PASS_SESSION, hash, now_us,
			       &local);
	if (!pass) {
		if (g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*user = web_user_new(site->config, snapshot, pass->address);
	if (*user) {
		(*user)->session = g_steal_pointer(&hash);
		give_token(site, *user);
	}
	return TRUE;
}

struct web_user *
session_named(struct web_site *site, const struct snapshot *snapshot,
	      const char *address)
{
	struct web_user *user = web_user_new(site->config, snapshot, address);

	if (user)
		give_token(site, user);
	return user;
}

static char *
agent_of(const struct web_request *request)
{
	char *agent = g_utf8_make_valid(request->agent, -1);

	if (strlen(agent) > AGENT_MAX)
		*g_utf8_find_prev_char(agent, agent + AGENT_MAX + 1) = '\0';
	return agent;
}

gboolean
session_make(const struct web_request *request, const char *address,
	     char **cookie, GError **error)
{
	struct web_site *site = request->site;
	const struct config_web *web = &site->config->web;
	char token[TOKEN_LEN + 1];
	g_autoptr(StorePass) pass = g_new0(struct store_pass, 1);

	token_new(token);
	pass->hash = token_hash(token);
	pass->kind = STORE_PASS_SESSION;
	pass->address = g_strdup(address);
	pass->time_us = request->now_us;
	pass->until_us = request->now_us + web->session_us;
	pass->agent = agent_of(request);
	pass->client = g_strdup(request->client);
	if (!store_pass_add(site->store, pass, error))
		return FALSE;
	*cookie = session_set_cookie(web, session_name(web), token,
				     web->session_us / CLOCK_SECOND_US);
	explicit_bzero(token, sizeof(token));
	atomic_fetch_add(&site->state->counters.sessions, 1);
	return TRUE;
}
