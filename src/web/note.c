#include "note_private.h"

#include <string.h>

#include "form_private.h"
#include "session_private.h"
#include "token_private.h"

#define PURPOSE	 "note"
#define LIFE	 120 /* seconds */
#define TEXT_MAX 1000

/* Beside the way back from a page of rows a cookie holds (4096 bytes) little.
 */
#define UNDO_LONG      1000
#define TEXT_BESIDE_IT 150

/* For one session only; without one, for whoever is signed out. */
static char *
bound(const struct web_request *request, const char *code)
{
	const struct web_user *user = request->user;
	const char *of = !user		 ? ""
			 : user->session ? user->session
					 : user->address;

	return g_strconcat(of, "\n", code, NULL);
}

/* Behind a blank, which is in no path. */
static void
read_next(struct web_request *request, char *undo)
{
	char *blank = strchr(undo, ' ');

	if (!blank)
		return;
	*blank = '\0';
	request->next = g_strdup(blank + 1);
}

void
note_read(struct web_request *request, const char *header)
{
	g_autofree char *value = session_cookie(
		header, session_note_name(&request->site->config->web));
	char *dot = value ? strchr(value, '.') : NULL;
	g_autofree char *signed_text = NULL;
	g_autofree char *text = NULL;
	char *end;

	if (!dot)
		return;
	*dot = '\0';
	signed_text = bound(request, value);
	if (!key_verify(request->site->key, PURPOSE, signed_text,
			strlen(signed_text), dot + 1))
		return;
	text = token_decode(value);
	end = text ? strchr(text, '\n') : NULL;
	if (!end)
		return;
	*end = '\0';
	read_next(request, text);
	request->undo = *text && form_inside(text) ? g_strdup(text) : NULL;
	request->note = g_strdup(end + 1);
}

static char *
note_code(const struct web_request *request, const struct web_reply *reply)
{
	g_autofree char *note = g_utf8_make_valid(reply->note, -1);
	g_autofree char *text = NULL;
	g_autofree char *code = NULL;
	g_autofree char *signed_text = NULL;
	g_autofree char *mac = NULL;
	const gsize max = reply->undo && strlen(reply->undo) > UNDO_LONG
				  ? TEXT_BESIDE_IT
				  : TEXT_MAX;

	if (strlen(note) > max)
		*g_utf8_find_prev_char(note, note + max + 1) = '\0';
	text = g_strconcat(reply->undo ? reply->undo : "",
			   reply->next ? " " : "",
			   reply->next ? reply->next : "", "\n", note, NULL);
	code = token_encode(text);
	signed_text = bound(request, code);
	mac = key_mac(request->site->key, PURPOSE, signed_text,
		      strlen(signed_text));
	return g_strconcat(code, ".", mac, NULL);
}

void
note_keep(const struct web_request *request, struct web_reply *reply)
{
	const struct config_web *web = &request->site->config->web;
	g_autofree char *code = NULL;

	if (reply->cookie)
		return;
	if (reply->note) {
		code = note_code(request, reply);
		reply->cookie = session_set_cookie(web, session_note_name(web),
						   code, LIFE);
	} else if (request->note && reply->status == 200)
		reply->cookie =
			session_set_cookie(web, session_note_name(web), "", 0);
}
