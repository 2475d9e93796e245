/*
 * RSS and Atom by libxml2's SAX interface: no tree is made, nothing recurses
 * and nothing is loaded. The text is UTF-8 already, so that no name of a
 * charset reaches iconv.
 */
#include <libxml/parser.h>
#include <string.h>

#include "feed_private.h"
#include "mail/page.h"

#define CHUNK (1 << 20)

enum field {
	FIELD_GUID,
	FIELD_TITLE,
	FIELD_LINK,
	FIELD_SUMMARY,
	FIELD_CONTENT,
	FIELD_DATE,
	FIELDS,
	FIELD_NONE = FIELDS
};

struct reading {
	struct feed_builder *builder;
	xmlParserCtxtPtr parser;
	guint depth;
	guint item_depth; /* of the open item; 0: none */
	guint field_depth;
	enum field field; /* whose text is collected */
	enum field kept;  /* where that goes: a second one does not */
	GString *text;
	char *fields[FIELDS];
	gboolean html[FIELDS];
	gboolean field_html;
	gboolean updated; /* the date is only that of a change */
	gboolean root;	  /* it was seen */
	gboolean done;	  /* enough items */
	GError *refused;
	struct _xmlEntity entity;
	char character[8];
};

static const struct name {
	const char *name;
	enum field field;
} names[] = {
	{ "guid", FIELD_GUID },		  { "id", FIELD_GUID },
	{ "title", FIELD_TITLE },	  { "link", FIELD_LINK },
	{ "description", FIELD_SUMMARY }, { "summary", FIELD_SUMMARY },
	{ "content", FIELD_CONTENT },	  { "encoded", FIELD_CONTENT },
	{ "pubDate", FIELD_DATE },	  { "published", FIELD_DATE },
	{ "issued", FIELD_DATE },	  { "date", FIELD_DATE },
	{ "updated", FIELD_DATE },	  { "modified", FIELD_DATE },
};

/* Other vocabularies have titles of their own (of pictures, of players). */
static gboolean
space_known(const char *uri)
{
	static const char *const spaces[] = {
		"http://www.w3.org/2005/Atom",
		"http://purl.org/atom/ns#",
		"http://purl.org/rss/1.0/",
		"http://my.netscape.com/rdf/simple/0.9/",
		"http://channel.netscape.com/rdf/simple/0.9/",
		"http://backend.userland.com/rss2",
		"http://purl.org/rss/1.0/modules/content/",
		"http://purl.org/dc/elements/1.1/",
		NULL
	};

	return !uri || g_strv_contains(spaces, uri);
}

static void
refuse(struct reading *reading, enum feed_error code, const char *why)
{
	if (!reading->refused)
		g_set_error_literal(&reading->refused, FEED_ERROR, (gint)code,
				    why);
	xmlStopParser(reading->parser);
}

/* The value of an attribute; the caller's, or NULL. */
static char *
attribute(int n, const xmlChar **attributes, const char *name)
{
	for (int i = 0; i < n; i++) {
		const xmlChar **a = attributes + 5 * (gsize)i;

		if (strcmp((const char *)a[0], name) == 0)
			return g_utf8_make_valid((const char *)a[3],
						 (gssize)(a[4] - a[3]));
	}
	return NULL;
}

static void
on_root(struct reading *reading, const char *name)
{
	reading->root = TRUE;
	if (strcmp(name, "feed") == 0)
		reading->builder->feed->kind = FEED_ATOM;
	else if (strcmp(name, "rss") == 0 || strcmp(name, "RDF") == 0)
		reading->builder->feed->kind = FEED_RSS;
	else
		refuse(reading, FEED_ERROR_KIND,
		       "this is neither RSS, Atom nor JSON Feed");
}

static enum field
field_of(const char *name, const char *uri)
{
	if (!space_known(uri))
		return FIELD_NONE;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].field;
	return FIELD_NONE;
}

/* RSS says nothing of its texts, which are HTML more often than not. */
static gboolean
is_html(const struct reading *reading, enum field field, int n,
	const xmlChar **attributes)
{
	g_autofree char *type = NULL;

	if (field != FIELD_TITLE && field != FIELD_SUMMARY &&
	    field != FIELD_CONTENT)
		return FALSE;
	if (reading->builder->feed->kind == FEED_RSS)
		return TRUE;
	type = attribute(n, attributes, "type");
	return type &&
	       (strcmp(type, "html") == 0 || strcmp(type, "text/html") == 0);
}

static void
field_open(struct reading *reading, enum field field)
{
	reading->field = field;
	reading->kept = reading->fields[field] ? FIELD_NONE : field;
	reading->field_depth = reading->depth;
	g_string_truncate(reading->text, 0);
}

/* Atom's is in an attribute, and only the alternate one is a page. */
static gboolean
link_read(struct reading *reading, int n, const xmlChar **attributes)
{
	g_autofree char *href = attribute(n, attributes, "href");
	g_autofree char *rel = attribute(n, attributes, "rel");

	if (!href)
		return FALSE;
	if ((!rel || strcmp(rel, "alternate") == 0) &&
	    !reading->fields[FIELD_LINK])
		reading->fields[FIELD_LINK] = g_steal_pointer(&href);
	return TRUE;
}

/* When it appeared goes before when it was changed. */
static void
date_open(struct reading *reading, const char *name)
{
	const gboolean change =
		strcmp(name, "updated") == 0 || strcmp(name, "modified") == 0;

	if (reading->fields[FIELD_DATE] && reading->updated && !change)
		g_clear_pointer(&reading->fields[FIELD_DATE], g_free);
	if (!reading->fields[FIELD_DATE])
		reading->updated = change;
	field_open(reading, FIELD_DATE);
}

static void
item_open(struct reading *reading, int n, const xmlChar **attributes)
{
	reading->item_depth = reading->depth;
	reading->field = FIELD_NONE;
	/* rdf:about is RSS 1.0's only id. */
	reading->fields[FIELD_GUID] = attribute(n, attributes, "about");
}

static void
item_clear(struct reading *reading)
{
	for (guint i = 0; i < FIELDS; i++) {
		g_clear_pointer(&reading->fields[i], g_free);
		reading->html[i] = FALSE;
	}
	reading->item_depth = 0;
	reading->field = FIELD_NONE;
	reading->updated = FALSE;
}

static void
item_close(struct reading *reading)
{
	char **fields = reading->fields;
	const struct feed_raw raw = {
		.guid = fields[FIELD_GUID],
		.title = fields[FIELD_TITLE],
		.link = fields[FIELD_LINK],
		.summary = fields[FIELD_SUMMARY],
		.content = fields[FIELD_CONTENT],
		.date = fields[FIELD_DATE],
		.title_html = reading->html[FIELD_TITLE],
		.summary_html = reading->html[FIELD_SUMMARY],
		.content_html = reading->html[FIELD_CONTENT],
	};
	const gboolean more = feed_builder_add(reading->builder, &raw);

	item_clear(reading);
	if (more)
		return;
	reading->done = TRUE;
	xmlStopParser(reading->parser);
}

/* Below an item, or (its title only) below the feed. */
static void
on_child(struct reading *reading, enum field field, const char *name, int n,
	 const xmlChar **attributes)
{
	if (field == FIELD_NONE ||
	    (field == FIELD_LINK && link_read(reading, n, attributes)))
		return;
	if (field == FIELD_DATE)
		date_open(reading, name);
	else
		field_open(reading, field);
	reading->field_html = is_html(reading, field, n, attributes);
}

static gboolean
is_item(const char *name, const char *uri)
{
	return space_known(uri) &&
	       (strcmp(name, "item") == 0 || strcmp(name, "entry") == 0);
}

/* NOLINTBEGIN(readability-function-size): libxml2's parameters. */
static void
on_start(void *data, const xmlChar *local, const xmlChar *prefix,
	 const xmlChar *uri, int n_spaces, const xmlChar **spaces, int n,
	 int defaulted, const xmlChar **attributes)
{
	struct reading *reading = data;
	const char *name = (const char *)local;
	const char *space = (const char *)uri;

	(void)prefix, (void)n_spaces, (void)spaces, (void)defaulted;
	if (++reading->depth > FEED_DEPTH_MAX) {
		refuse(reading, FEED_ERROR_HOSTILE,
		       "the feed is nested too deeply");
		return;
	}
	if (reading->depth == 1)
		on_root(reading, name);
	else if (reading->field != FIELD_NONE)
		g_string_append_c(reading->text, ' ');
	else if (reading->item_depth == 0 && is_item(name, space))
		item_open(reading, n, attributes);
	else if (reading->item_depth != 0 &&
		 reading->depth == reading->item_depth + 1)
		on_child(reading, field_of(name, space), name, n, attributes);
	else if (reading->item_depth == 0 && reading->depth <= 3 &&
		 !reading->builder->feed->title &&
		 field_of(name, space) == FIELD_TITLE)
		field_open(reading, FIELD_TITLE);
}
/* NOLINTEND(readability-function-size) */

static void
field_close(struct reading *reading)
{
	g_autofree char *text = g_utf8_make_valid(reading->text->str,
						  (gssize)reading->text->len);
	const enum field kept = reading->kept;

	reading->field = FIELD_NONE;
	g_string_truncate(reading->text, 0);
	if (reading->item_depth == 0) {
		g_free(reading->builder->feed->title);
		reading->builder->feed->title =
			g_strstrip(page_text(text, FEED_TITLE_MAX));
		return;
	}
	if (kept == FIELD_NONE || !*text)
		return;
	reading->html[kept] = reading->field_html;
	reading->fields[kept] = g_steal_pointer(&text);
}

static void
on_end(void *data, const xmlChar *local, const xmlChar *prefix,
       const xmlChar *uri)
{
	struct reading *reading = data;

	(void)local, (void)prefix, (void)uri;
	if (reading->field != FIELD_NONE &&
	    reading->depth == reading->field_depth)
		field_close(reading);
	else if (reading->field != FIELD_NONE)
		g_string_append_c(reading->text, ' ');
	else if (reading->item_depth != 0 &&
		 reading->depth == reading->item_depth)
		item_close(reading);
	reading->depth--;
}

static void
on_text(void *data, const xmlChar *text, int len)
{
	struct reading *reading = data;

	if (reading->field != FIELD_NONE)
		g_string_append_len(reading->text, (const char *)text, len);
}

/* No feed needs them, and they are how small documents become large. */
static void
on_declared(void *data, const xmlChar *name, int type, const xmlChar *public_id,
	    const xmlChar *system_id, xmlChar *content)
{
	(void)name, (void)type, (void)public_id, (void)system_id, (void)content;
	refuse(data, FEED_ERROR_HOSTILE, "the feed declares entities");
}

static void
on_unparsed(void *data, const xmlChar *name, const xmlChar *public_id,
	    const xmlChar *system_id, const xmlChar *notation)
{
	(void)name, (void)public_id, (void)system_id, (void)notation;
	refuse(data, FEED_ERROR_HOSTILE, "the feed declares entities");
}

/* libxml2 would give each element all of them, one by one. */
/* NOLINTBEGIN(readability-function-size): libxml2's parameters. */
static void
on_attribute(void *data, const xmlChar *element, const xmlChar *name, int type,
	     int how, const xmlChar *value, xmlEnumerationPtr tree)
{
	(void)element, (void)name, (void)type, (void)how, (void)value;
	xmlFreeEnumeration(tree);
	refuse(data, FEED_ERROR_HOSTILE, "the feed declares attributes");
}
/* NOLINTEND(readability-function-size) */

/* Feeds use HTML's names though XML has not got them; others are a space. */
static xmlEntityPtr
on_entity(void *data, const xmlChar *name)
{
	struct reading *reading = data;
	gunichar character = page_entity((const char *)name);
	int len = g_unichar_to_utf8(character ? character : ' ',
				    reading->character);

	reading->character[len] = '\0';
	reading->entity.type = XML_ENTITY_DECL;
	reading->entity.name = name;
	reading->entity.etype = XML_INTERNAL_PREDEFINED_ENTITY;
	reading->entity.content = (xmlChar *)reading->character;
	reading->entity.orig = reading->entity.content;
	reading->entity.length = len;
	return &reading->entity;
}

/* In pieces: libxml2 takes no more than ten million bytes at once. */
static void
feed_chunks(struct reading *reading, const char *text, gsize len)
{
	while (!reading->refused && !reading->done) {
		const gsize part = MIN(len, CHUNK);
		const gboolean last = part == len;

		xmlParseChunk(reading->parser, text, (int)part, last);
		if (last)
			return;
		text += part;
		len -= part;
	}
}

/* Where it broke, on one line. */
static char *
fault_text(xmlParserCtxtPtr parser)
{
	const xmlError *error = xmlCtxtGetLastError(parser);
	g_autofree char *message = g_utf8_make_valid(
		error && error->message ? error->message : "broken XML", -1);

	return g_strdup_printf("line %d: %s", error ? error->line : 0,
			       g_strdelimit(g_strstrip(message), "\r\n", ' '));
}

static gboolean
finish(struct reading *reading, GError **error)
{
	struct feed *feed = reading->builder->feed;
	g_autofree char *fault = NULL;

	if (reading->refused) {
		g_propagate_error(error, g_steal_pointer(&reading->refused));
		return FALSE;
	}
	if (reading->done || reading->parser->wellFormed)
		return TRUE;
	fault = fault_text(reading->parser);
	if (feed->items->len > 0) {
		feed->fault = g_steal_pointer(&fault);
		return TRUE;
	}
	g_set_error(error, FEED_ERROR, FEED_ERROR_BROKEN, "broken XML at %s",
		    fault);
	return FALSE;
}

/* What the text says of its charset is not true any more. */
static const char *
behind_declaration(const char *text)
{
	const char *end =
		g_str_has_prefix(text, "<?xml ") ? strstr(text, "?>") : NULL;

	return end ? end + 2 : text;
}

gboolean
feed_read_xml(struct feed_builder *builder, const char *text, gsize len,
	      GError **error)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
			      .startElementNs = on_start,
			      .endElementNs = on_end,
			      .characters = on_text,
			      .cdataBlock = on_text,
			      .ignorableWhitespace = on_text,
			      .getEntity = on_entity,
			      .attributeDecl = on_attribute,
			      .entityDecl = on_declared,
			      .unparsedEntityDecl = on_unparsed };
	struct reading reading = { .builder = builder, .field = FIELD_NONE };
	const char *start = behind_declaration(text);
	gboolean ok;

	if (!feed_tags_fit(text, len)) {
		g_set_error_literal(error, FEED_ERROR, FEED_ERROR_HOSTILE,
				    "a tag of the feed has too many "
				    "attributes");
		return FALSE;
	}
	reading.text = g_string_new(NULL);
	reading.parser = xmlCreatePushParserCtxt(&sax, &reading, NULL, 0, NULL);
	g_assert(reading.parser);
	(void)xmlCtxtUseOptions(reading.parser,
				XML_PARSE_RECOVER | XML_PARSE_NOERROR |
					XML_PARSE_NOWARNING | XML_PARSE_NONET |
					XML_PARSE_IGNORE_ENC);
	feed_chunks(&reading, start, len - (gsize)(start - text));
	ok = finish(&reading, error);
	item_clear(&reading);
	g_string_free(reading.text, TRUE);
	g_clear_error(&reading.refused);
	xmlFreeDoc(reading.parser->myDoc);
	xmlFreeParserCtxt(reading.parser);
	return ok;
}
