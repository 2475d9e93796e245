/*
 * The requests of one visit. Redirects are followed here and not by libcurl,
 * so that no server of another domain is asked, nor a page that the site's
 * robots.txt keeps to itself.
 */
#include <string.h>

#include "front_private.h"
#include "mail/address.h"
#include "market/robots.h"

#define AGENT	    "pitchward"
#define ROBOTS_PATH "/robots.txt"

static const char html_first[] = "text/html, */*;q=0.1";
static const char plain_first[] = "text/plain, */*;q=0.1";

void
front_visit_clear(struct front_visit *visit)
{
	g_clear_pointer(&visit->origin, g_free);
	g_clear_pointer(&visit->rules, g_bytes_unref);
}

static gboolean
is_redirect(const struct http_answer *answer)
{
	return answer->status >= 300 && answer->status < 400 &&
	       *answer->location;
}

static gboolean
within(const struct front_visit *visit, const struct http_url *url,
       GError **error)
{
	g_autofree char *domain = domain_registrable(url->host);

	if (strcmp(domain, visit->domain) == 0)
		return TRUE;
	g_set_error(error, FRONT_ERROR, FRONT_ERROR_DOMAIN,
		    "it leads to %s, which is not of %s: not asked", url->host,
		    visit->domain);
	return FALSE;
}

static struct http_answer *
ask(struct front_visit *visit, const struct http_request *request,
    GError **error)
{
	struct http_answer *answer = http_get(visit->http, request, error);

	if (answer)
		visit->retry_us = MAX(visit->retry_us, answer->retry_us);
	return answer;
}

static struct http_answer *
too_many(GError **error)
{
	g_set_error(error, HTTP_ERROR, HTTP_ERROR_DENIED,
		    "more than %d redirects", FRONT_REDIRECTS_MAX);
	return NULL;
}

/* The answer to the last of the redirects, all of them within the domain. */
static struct http_answer *
follow(struct front_visit *visit, const char *first, GError **error)
{
	g_autofree char *at = g_strdup(first);

	for (guint i = 0; i <= FRONT_REDIRECTS_MAX; i++) {
		const struct http_request request = { .url = at,
						      .accept = plain_first,
						      .stay = TRUE };
		struct http_url url = { 0 };
		g_autoptr(HttpAnswer) answer = NULL;
		gboolean ours = http_url_parse(at, &url, error) &&
				within(visit, &url, error);

		http_url_clear(&url);
		answer = ours ? ask(visit, &request, error) : NULL;
		if (!answer || !is_redirect(answer))
			return g_steal_pointer(&answer);
		g_free(at);
		at = g_strdup(answer->location);
	}
	return too_many(error);
}

/* Without rules (4xx) all is allowed; while they cannot be had, nothing is
 * (RFC 9309 section 2.3.1). */
static gboolean
load_rules(struct front_visit *visit, const char *origin, GError **error)
{
	g_autofree char *url = g_strconcat(origin, ROBOTS_PATH, NULL);
	g_autoptr(HttpAnswer) answer = NULL;

	if (g_strcmp0(visit->origin, origin) == 0)
		return TRUE;
	front_visit_clear(visit);
	answer = follow(visit, url, error);
	if (!answer)
		return FALSE;
	if (answer->status == 429 || answer->status >= 500) {
		g_set_error(error, FRONT_ERROR, FRONT_ERROR_STATUS,
			    "%s answered with status %u", answer->url,
			    answer->status);
		return FALSE;
	}
	if (answer->status == 200)
		visit->rules = g_bytes_ref(answer->body);
	visit->origin = g_strdup(origin);
	return TRUE;
}

static gboolean
rules_allow(const struct front_visit *visit, const char *path)
{
	gsize size = 0;
	const char *text =
		visit->rules ? g_bytes_get_data(visit->rules, &size) : NULL;

	return !text || robots_allow(text, size, AGENT, path);
}

static gboolean
may_ask(struct front_visit *visit, const char *address, GError **error)
{
	struct http_url url = { 0 };
	gboolean may = http_url_parse(address, &url, error) &&
		       within(visit, &url, error) &&
		       load_rules(visit, url.origin, error);

	if (may && !rules_allow(visit, url.path)) {
		g_set_error(error, FRONT_ERROR, FRONT_ERROR_ROBOTS,
			    "%s" ROBOTS_PATH " asks robots not to read it",
			    url.origin);
		may = FALSE;
	}
	http_url_clear(&url);
	return may;
}

static struct http_answer *
page_by(struct front_visit *visit, const char *scheme, GError **error)
{
	g_autofree char *at =
		g_strconcat(scheme, "://", visit->domain, "/", NULL);

	for (guint i = 0; i <= FRONT_REDIRECTS_MAX; i++) {
		const struct http_request request = {
			.url = at,
			.accept = html_first,
			.etag = visit->etag,
			.modified = visit->modified,
			.stay = TRUE,
		};
		g_autoptr(HttpAnswer) answer =
			may_ask(visit, at, error) ? ask(visit, &request, error)
						  : NULL;

		if (!answer || !is_redirect(answer))
			return g_steal_pointer(&answer);
		g_free(at);
		at = g_strdup(answer->location);
	}
	return too_many(error);
}

struct http_answer *
front_visit_page(struct front_visit *visit, GError **error)
{
	g_autoptr(GError) local = NULL;
	struct http_answer *answer = page_by(visit, "https", &local);

	if (answer)
		return answer;
	if (g_error_matches(local, HTTP_ERROR, HTTP_ERROR_REFUSED))
		return page_by(visit, "http", error);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}
