/*
 * Other words for a brief, by an OpenAI-compatible endpoint (config.insight):
 * one POST to URL/chat/completions with the brief's own text, and nothing but
 * it. Off unless the site names an endpoint.
 *
 * What comes back is text that somebody else wrote: no control characters, cut
 * to a length, and shown as such beside the brief, never in its place.
 */
#ifndef MARKET_WORDING_H
#define MARKET_WORDING_H

#include <glib.h>

#include "profile/config.h"

#define WORDING_ERROR (wording_error_quark())

enum wording_error {
	WORDING_ERROR_NETWORK, /* no answer, or too late */
	WORDING_ERROR_ANSWER   /* none that can be used */
};

GQuark wording_error_quark(void);

#define WORDING_ANSWER_MAX ((gsize)256 * 1024) /* bytes of an answer */
#define WORDING_TEXT_MAX   4000 /* bytes of the text; more are cut */

/* Whether the site names an endpoint. */
gboolean wording_is_on(const struct config_insight *config);

/*
 * The caller's, valid UTF-8. No redirect is followed, no proxy of the
 * environment used. Errors: WORDING_ERROR; BASE_ERROR of the key's file.
 */
char *wording_ask(const struct config_insight *config, const char *text,
		  GError **error);

#endif
