/* What a monitor asks: is it alive. */
#include "metrics_private.h"
#include "site_private.h"
#include "store/access.h"

#define NOBODY                                                                 \
	"0000000000000000000000000000000000000000000000000000000000000000"

/* Asks for what is never there: a read that costs next to nothing. */
static gboolean
store_answers(const struct web_request *request)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StorePass) pass = NULL;

	if (!request->site->store)
		return FALSE;
	pass = store_pass_find(request->site->store, STORE_PASS_SESSION, NOBODY,
			       request->now_us, &error);
	return pass ||
	       g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static void
healthz(const struct web_request *request, struct web_reply *reply)
{
	const gboolean well = store_answers(request);

	reply->type = "text/plain; charset=utf-8";
	reply->status = well ? 200 : 503;
	g_string_append(reply->body, well ? "ok\n" : "store away\n");
}

const struct web_route routes_health[] = {
	{ WEB_GET, "/healthz", ACCESS_OPEN, healthz },
	{ WEB_GET, "/metrics", ACCESS_OPEN, metrics_page },
	{ 0 },
};
