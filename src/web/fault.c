#include "fault_private.h"

#include "base/log.h"
#include "review/release.h"

gboolean
fault_is_away(const GError *error)
{
	return error && error->domain == STORE_ERROR &&
	       error->code != STORE_ERROR_NOT_FOUND &&
	       error->code != STORE_ERROR_CONFLICT;
}

const char *
fault_text(const struct web_request *request, const GError *error)
{
	if (!fault_is_away(error))
		return error ? error->message : "it is not known why";
	log_write(LOG_LEVEL_WARNING, "%s for %s: %s", request->path,
		  request->user ? request->user->address : "nobody",
		  error->message);
	if (error->code == STORE_ERROR_TIME)
		return "the store did not answer in time: look whether it was "
		       "done before you try again";
	return "the store does not answer just now, and nothing was done: try "
	       "again in a minute";
}

char *
fault_sentence(const struct web_request *request, const GError *error)
{
	char *text = g_strconcat(fault_text(request, error), ".", NULL);

	*text = g_ascii_toupper(*text);
	return text;
}

static guint
status_of(const GError *error)
{
	if (g_error_matches(error, RELEASE_ERROR, RELEASE_ERROR_STATE) ||
	    g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT))
		return 409;
	return 503;
}

void
fault_reply(const struct web_request *request, struct web_reply *reply,
	    const GError *error)
{
	g_autofree char *text = fault_sentence(request, error);

	reply_error(request, reply, status_of(error), text);
}
