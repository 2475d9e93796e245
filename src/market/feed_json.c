/* JSON Feed, https://www.jsonfeed.org/version/1.1/ */
#include <jansson.h>
#include <string.h>

#include "feed_private.h"

/* A value costs far more than the two bytes that it may have in the text. */
static gboolean
values_fit(const char *text, gsize len)
{
	guint n = 0;

	for (gsize i = 0; i < len; i++)
		n += text[i] == ',' || text[i] == '[' || text[i] == '{';
	return n <= FEED_VALUES_MAX;
}

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Some write a number, though it must be a text. */
static char *
id_of(const json_t *object)
{
	const json_t *id = json_object_get(object, "id");

	if (json_is_integer(id))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT,
				       json_integer_value(id));
	return g_strdup(json_string_value(id));
}

static const char *
first_of(const char *a, const char *b)
{
	return a && *a ? a : b;
}

static gboolean
read_item(struct feed_builder *builder, const json_t *object)
{
	g_autofree char *guid = id_of(object);
	const char *html = text_of(object, "content_html");
	const char *content = first_of(html, text_of(object, "content_text"));
	const struct feed_raw raw = {
		.guid = guid,
		.title = text_of(object, "title"),
		.link = first_of(text_of(object, "url"),
				 text_of(object, "external_url")),
		.summary = text_of(object, "summary"),
		.content = content,
		.content_html = content && content == html,
		.date = first_of(text_of(object, "date_published"),
				 text_of(object, "date_modified")),
	};

	return feed_builder_add(builder, &raw);
}

static gboolean
read_feed(struct feed_builder *builder, const json_t *root, GError **error)
{
	const char *version = text_of(root, "version");
	const json_t *items = json_object_get(root, "items");

	if (!version || !strstr(version, "jsonfeed.org/version/") ||
	    !json_is_array(items)) {
		g_set_error_literal(error, FEED_ERROR, FEED_ERROR_KIND,
				    "this JSON is no JSON Feed: it lacks its "
				    "version or its items");
		return FALSE;
	}
	builder->feed->title = g_strdup(text_of(root, "title"));
	for (gsize i = 0; i < json_array_size(items); i++)
		if (!read_item(builder, json_array_get(items, i)))
			break;
	return TRUE;
}

gboolean
feed_read_json(struct feed_builder *builder, const char *text, gsize len,
	       GError **error)
{
	json_error_t fault;
	json_t *root;
	gboolean ok;

	if (!values_fit(text, len)) {
		g_set_error(error, FEED_ERROR, FEED_ERROR_HOSTILE,
			    "this JSON has more than %d values",
			    FEED_VALUES_MAX);
		return FALSE;
	}
	root = json_loadb(text, len, 0, &fault);
	if (!root) {
		g_set_error(error, FEED_ERROR, FEED_ERROR_BROKEN,
			    "broken JSON at line %d, column %d: %s", fault.line,
			    fault.column, fault.text);
		return FALSE;
	}
	ok = read_feed(builder, root, error);
	json_decref(root);
	return ok;
}
