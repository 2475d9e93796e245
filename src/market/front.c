#include "market/front.h"

#include <string.h>

#include "base/error.h"
#include "fetch_private.h"
#include "front_private.h"
#include "mail/page.h"
#include "market/glean.h"

#define HTML	     "text/html"
#define CHARSET	     "charset="
#define MARKUP_TIMES 3 /* UTF-8 has at most so many bytes for one */

GQuark
front_error_quark(void)
{
	return g_quark_from_static_string("front-error");
}

char *
front_source(const char *domain)
{
	return g_strconcat(FRONT_SOURCE, domain, NULL);
}

static const char *
find_tag(const char *html, const char *tag)
{
	const gsize len = strlen(tag);

	for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<'))
		if (g_ascii_strncasecmp(at, tag, len) == 0 &&
		    !g_ascii_isalnum(at[len]))
			return at;
	return NULL;
}

char *
front_title(const char *html)
{
	const char *tag = find_tag(html, "<title");
	const char *from = tag ? strchr(tag, '>') : NULL;
	const char *end = from ? find_tag(from, "</title") : NULL;
	g_autofree char *inner =
		end ? g_strndup(from + 1, (gsize)(end - from - 1)) : NULL;
	char *text = page_text(inner ? inner : "", FRONT_TITLE_MAX);

	return g_strstrip(g_strdelimit(text, "\n\t", ' '));
}

static gboolean
is_html(const char *type)
{
	const gsize len = strlen(HTML);

	return g_ascii_strncasecmp(type, HTML, len) == 0 &&
	       (type[len] == '\0' || type[len] == ';' || type[len] == ' ');
}

/* As the server says; what a page says of itself is not asked. */
static const char *
charset_of(const char *type, gsize *len)
{
	g_autofree char *lower = g_ascii_strdown(type, -1);
	const char *found = strstr(lower, CHARSET);
	const char *at;

	*len = 0;
	if (!found)
		return "";
	at = type + (found - lower) + strlen(CHARSET);
	at += *at == '"';
	*len = strcspn(at, "\"; ");
	return at;
}

static struct store_document *
document_of(const struct fetch *fetch, const char *domain, const char *url,
	    const struct http_answer *answer)
{
	gsize size;
	gsize charset_len;
	const char *data = g_bytes_get_data(answer->body, &size);
	const char *charset = charset_of(answer->type, &charset_len);
	g_autofree char *html =
		page_utf8(data ? data : "", size, charset, charset_len,
			  size * MARKUP_TIMES + 16);
	g_autofree char *title = front_title(html);
	g_autofree char *text = page_text(html, STORE_DOCUMENT_TEXT_MAX);

	return glean_page(domain, url, *title ? title : domain, text,
			  fetch->now_us);
}

static gboolean
check_answer(const struct http_answer *answer, GError **error)
{
	if (answer->status != 200) {
		g_set_error(error, FRONT_ERROR, FRONT_ERROR_STATUS,
			    "%s answered with status %u", answer->url,
			    answer->status);
		return FALSE;
	}
	if (is_html(answer->type))
		return TRUE;
	g_set_error(error, FRONT_ERROR, FRONT_ERROR_TYPE,
		    "%s is '%s' and not text/html", answer->url, answer->type);
	return FALSE;
}

static gboolean
take_page(const struct fetch *fetch, const struct fetch_task *task,
	  struct store_source *source, const struct http_answer *answer,
	  struct fetch_report *report, GError **error)
{
	g_autoptr(StoreDocument) document = NULL;

	if (answer->status == 304 && (*source->etag || *source->modified)) {
		report->outcome = FETCH_UNCHANGED;
		return TRUE;
	}
	if (!check_answer(answer, error))
		return FALSE;
	document = document_of(fetch, task->data, task->url, answer);
	if (!fetch->dry &&
	    !store_document_set(fetch->store, &document, 1, error))
		return FALSE;
	report->outcome = FETCH_READ;
	report->fresh = 1;
	g_free(source->etag);
	g_free(source->modified);
	source->etag = g_strdup(answer->etag);
	source->modified = g_strdup(answer->modified);
	return TRUE;
}

static gboolean
ask_front(const struct fetch *fetch, const struct fetch_task *task,
	  struct store_source *source, struct fetch_report *report,
	  gint64 *retry_us, GError **error)
{
	struct front_visit visit = {
		.http = fetch->http,
		.domain = task->data,
		.etag = fetch->dry ? "" : source->etag,
		.modified = fetch->dry ? "" : source->modified,
	};
	g_autoptr(HttpAnswer) answer = front_visit_page(&visit, error);

	front_visit_clear(&visit);
	*retry_us = visit.retry_us;
	return answer && take_page(fetch, task, source, answer, report, error);
}

/* What their server will say again tomorrow is an answer, too. */
static const char *
end_of_wish(const struct fetch_report *report, const GError *why)
{
	if (why && why->domain == FRONT_ERROR &&
	    why->code != FRONT_ERROR_STATUS)
		return why->message;
	if (why || report->outcome == FETCH_NOT_DUE ||
	    report->outcome == FETCH_BUSY)
		return NULL;
	return "read";
}

static gboolean
end_wish(const struct fetch *fetch, const char *domain, const char *how,
	 GError **error)
{
	gboolean wished = FALSE;

	if (!front_wished(fetch->store, domain, fetch->now_us, &wished, error))
		return FALSE;
	return !wished || front_note(fetch->store, domain, how, error);
}

gboolean
fetch_front(const struct fetch *fetch, const char *domain,
	    struct fetch_report *report, GError **error)
{
	g_autofree char *name = front_source(domain);
	g_autofree char *url = g_strconcat("https://", domain, "/", NULL);
	const struct fetch_task task = { name,
					 url,
					 fetch->config->fetch.front_every_us,
					 FRONT_REQUESTS_MAX,
					 domain,
					 ask_front };
	g_autoptr(GError) why = NULL;
	const char *how;
	gboolean ok;

	g_assert(front_domain_valid(domain));
	ok = fetch_task_run(fetch, &task, report, &why);
	how = end_of_wish(report, why);
	if (how && !fetch->dry)
		ok = end_wish(fetch, domain, how, why ? NULL : &why) && ok;
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}
