/* Feeds of all kinds, whole, broken and hostile; and files of metrics. */
#include <math.h>
#include <string.h>

#include "../../src/market/date_private.h"
#include "base/clock.h"
#include "base/error.h"
#include "market/feed.h"
#include "market/metric.h"

#define URL "https://news.example/feeds/all.xml"

static struct feed *
parse(const char *text, gsize len, const char *type, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, len);

	return feed_parse(bytes, type, URL, error);
}

/* "guid|title|link|summary|seconds" a line */
static char *
shown(const struct feed *feed)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < feed->items->len; i++) {
		const struct feed_item *item = feed->items->pdata[i];

		g_string_append_printf(
			text, "%s|%s|%s|%s|%" G_GINT64_FORMAT "\n", item->guid,
			item->title, item->link, item->summary,
			item->time_us / CLOCK_SECOND_US);
	}
	return g_string_free(text, FALSE);
}

static const struct kind {
	const char *name;
	const char *type;
	const char *text;
	enum feed_kind kind;
	const char *title;
	const char *items;
} kinds[] = {
	{ "RSS 2.0", "",
	  "<?xml version='1.0'?><rss version='2.0' "
	  "xmlns:media='http://search.yahoo.com/mrss/' "
	  "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
	  "xmlns:atom='http://www.w3.org/2005/Atom'>"
	  "<channel><title>The News</title><atom:link href='x' rel='self'/>"
	  "<image><title>logo</title></image>"
	  "<item><guid isPermaLink='false'>g1</guid><title>R&amp;D\n spends"
	  "</title><link>../a?b=1&amp;c=2</link>"
	  "<media:title>a picture</media:title>"
	  "<description>&lt;p&gt;Short&lt;/p&gt;</description>"
	  "<content:encoded><![CDATA[<p>The <b>whole</b> text</p>"
	  "<script>alert(1)</script>]]></content:encoded>"
	  "<pubDate>Sun, 22 Nov 2026 08:31:47 GMT</pubDate></item>"
	  "<item><title>caf&eacute;&nbsp;&unknown;x</title>"
	  "<link>javascript:alert(1)</link><guid>g2</guid></item>"
	  "</channel></rss>",
	  FEED_RSS, "The News",
	  "g1|R&D spends|https://news.example/a?b=1&c=2|The whole text|"
	  "1795336307\n"
	  "g2|caf\xc3\xa9 x|||0\n" },
	{ "RSS 1.0", "",
	  "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	  "xmlns='http://purl.org/rss/1.0/' "
	  "xmlns:dc='http://purl.org/dc/elements/1.1/'>"
	  "<channel rdf:about='c'><title>RDF</title></channel>"
	  "<item rdf:about='https://news.example/1'><title>One</title>"
	  "<link>https://news.example/1</"
	  "link><dc:date>2026-11-22T09:31:47+01:00"
	  "</dc:date><dc:title>not this</dc:title></item></rdf:RDF>",
	  FEED_RSS, "RDF",
	  "https://news.example/1|One|https://news.example/1||1795336307\n" },
	{ "RSS 0.91 with a DOCTYPE", "",
	  "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
	  "'http://127.0.0.1:1/rss-0.91.dtd'><rss version='0.91'><channel>"
	  "<title>Old</title><item><title>One</title>"
	  "<link>http://a.example/</link></item></channel></rss>",
	  FEED_RSS, "Old", "http://a.example/|One|http://a.example/||0\n" },
	{ "Atom", "",
	  "<feed xmlns='http://www.w3.org/2005/Atom'><title>At</title>"
	  "<entry><id>urn:1</id><title "
	  "type='html'>&lt;i&gt;It&lt;/i&gt;</title>"
	  "<link rel='edit' href='/e'/><link href='/1'/>"
	  "<updated>2026-11-23T00:00:00Z</updated>"
	  "<published>2026-11-22T08:31:47Z</published>"
	  "<summary>5 &lt; 6</summary></entry>"
	  "<entry><id>urn:2</id><title>X</title><content type='xhtml'>"
	  "<div xmlns='http://www.w3.org/1999/xhtml'><p>one<b>two</b></p></div>"
	  "</content><updated>2026-11-21</updated></entry></feed>",
	  FEED_ATOM, "At",
	  "urn:1|It|https://news.example/1|5 < 6|1795336307\n"
	  "urn:2|X||one two|1795219200\n" },
	{ "JSON Feed 1.1", "application/feed+json",
	  "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\","
	  "\"items\":[{\"id\":7,\"url\":\"/7\",\"title\":\"Seven\","
	  "\"content_html\":\"<p>a &amp; b</p>\","
	  "\"date_published\":\"2026-11-22T08:31:47Z\"},"
	  "{\"id\":\"8\",\"content_text\":\"a <b> c\"}, 5, null]}",
	  FEED_JSON, "J",
	  "7|Seven|https://news.example/7|a & b|1795336307\n"
	  "8|||a <b> c|0\n" },
	{ "ISO-8859-1 by its declaration", "",
	  "<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel>"
	  "<title>\xe9</title><item><guid>1</guid><title>\xfc</title></item>"
	  "</channel></rss>",
	  FEED_RSS, "\xc3\xa9", "1|\xc3\xbc|||0\n" },
	{ "the type wins", "text/xml; charset=\"Windows-1252\"",
	  "<?xml version='1.0' encoding='utf-8'?><rss><channel><item>"
	  "<guid>1</guid><title>\x80 5</title></item></channel></rss>",
	  FEED_RSS, "", "1|\xe2\x82\xac 5|||0\n" },
	{ "an encoding that is none", "",
	  "<?xml version='1.0' encoding='ISO-2022-CN-EXT'?><rss><channel><item>"
	  "<guid>1</guid><title>x</title></item></channel></rss>",
	  FEED_RSS, "", "1|x|||0\n" },
	{ "the newest first, twins and empty ones out", "",
	  "<rss><channel>"
	  "<item><guid>1</guid><title>a</title>"
	  "<pubDate>1 Jan 26 00:00 GMT</pubDate></item>"
	  "<item><guid>2</guid><title>b</title>"
	  "<pubDate>2 Jan 26 00:00 GMT</pubDate></item>"
	  "<item><guid>1</guid><title>c</title></item><item/>"
	  "<item><guid>1</guid><title>d</title></item>"
	  "</channel></rss>",
	  FEED_RSS, "", "2|b|||1767312000\n1|a|||1767225600\n" },
};

static void
test_kinds(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const struct kind *kind = &kinds[i];
		g_autoptr(GError) error = NULL;
		g_autoptr(Feed) feed = parse(kind->text, strlen(kind->text),
					     kind->type, &error);
		g_autofree char *items = feed ? shown(feed) : NULL;

		g_test_message("%s", kind->name);
		g_assert_no_error(error);
		g_assert_cmpstr(feed->fault, ==, NULL);
		g_assert_cmpint(feed->kind, ==, kind->kind);
		g_assert_cmpstr(feed->title, ==, kind->title);
		g_assert_cmpstr(items, ==, kind->items);
	}
}

static void
test_utf16(void)
{
	static const char text[] =
		"<?xml version='1.0' encoding='utf-16'?><rss><channel><item>"
		"<guid>1</guid><title>\xc3\xa9</title></item></channel></rss>";
	gsize len;
	g_autofree char *wide =
		g_convert(text, -1, "UTF-16", "UTF-8", NULL, &len, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Feed) feed = parse(wide, len, "", &error);
	g_autofree char *items = feed ? shown(feed) : NULL;

	g_assert_no_error(error);
	g_assert_cmpstr(items, ==, "1|\xc3\xa9|||0\n");
}

static const struct bad {
	const char *name;
	const char *text;
	enum feed_error code;
} bads[] = {
	{ "nothing", "", FEED_ERROR_KIND },
	{ "words", "hello", FEED_ERROR_KIND },
	{ "a page", "<html><body><p>x</p></body></html>", FEED_ERROR_KIND },
	{ "other JSON", "{\"items\": []}", FEED_ERROR_KIND },
	{ "half of JSON", "{\"version\":", FEED_ERROR_BROKEN },
	{ "half of XML", "<rss><channel><item><title>x", FEED_ERROR_BROKEN },
	{ "billion laughs",
	  "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
	  "<rss><channel><item><title>&b;</title></item></channel></rss>",
	  FEED_ERROR_HOSTILE },
	{ "an external entity",
	  "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
	  "<rss><channel><item><title>&x;</title></item></channel></rss>",
	  FEED_ERROR_HOSTILE },
	{ "a parameter entity",
	  "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]>"
	  "<rss><channel><item><title>a</title></item></channel></rss>",
	  FEED_ERROR_HOSTILE },
	{ "attributes that every tag shall have",
	  "<!DOCTYPE rss [<!ATTLIST item a CDATA '' b (c|d) 'c'>]>"
	  "<rss><channel><item><title>a</title></item></channel></rss>",
	  FEED_ERROR_HOSTILE },
	{ "an unparsed entity",
	  "<!DOCTYPE rss [<!NOTATION n SYSTEM 'n'>"
	  "<!ENTITY x SYSTEM 'file:///etc/passwd' NDATA n>]>"
	  "<rss><channel><item><title>a</title></item></channel></rss>",
	  FEED_ERROR_HOSTILE },
};

static void
test_bad(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(bads); i++) {
		g_autoptr(GError) error = NULL;

		g_test_message("%s", bads[i].name);
		g_assert_null(
			parse(bads[i].text, strlen(bads[i].text), "", &error));
		g_assert_error(error, FEED_ERROR, (gint)bads[i].code);
	}
}

static void
test_broken(void)
{
	static const char text[] =
		"<rss><channel>\n<item><guid>1</guid><title>a</title></item>\n"
		"<item><guid>2</guid><title>b</titel></item></channel></rss>";
	g_autoptr(GError) error = NULL;
	g_autoptr(Feed) feed = parse(text, strlen(text), "", &error);

	g_assert_no_error(error);
	g_assert_cmpuint(feed->items->len, >=, 1);
	g_assert_true(g_str_has_prefix(feed->fault, "line 3: "));
}

static char *
repeated(const char *before, const char *what, guint n, const char *after)
{
	GString *text = g_string_new(before);

	while (n-- > 0)
		g_string_append(text, what);
	g_string_append(text, after);
	return g_string_free(text, FALSE);
}

static void
test_deep(void)
{
	g_autofree char *xml =
		repeated("<rss><channel><item><title>", "<b>", 100000, "");
	g_autofree char *json = repeated(
		"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":",
		"[", 100000, "");
	g_autofree char *many = repeated(
		"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[",
		"{},", 1000000, "{}]}");
	g_autoptr(GError) error = NULL;

	g_assert_null(parse(xml, strlen(xml), "", &error));
	g_assert_error(error, FEED_ERROR, FEED_ERROR_HOSTILE);
	g_clear_error(&error);
	g_assert_null(parse(json, strlen(json), "", &error));
	g_assert_error(error, FEED_ERROR, FEED_ERROR_BROKEN);
	g_clear_error(&error);
	g_assert_null(parse(many, strlen(many), "", &error));
	g_assert_error(error, FEED_ERROR, FEED_ERROR_HOSTILE);
}

/* What follows the many attributes; what is before them is no way round. */
static void
test_attributes(void)
{
	static const char end[] =
		"/><item><guid>1</guid><title>a</title></item></channel></rss>";
	static const char *const hiding[] = {
		"<rss><channel><x",
		"<rss><channel><x a='>' b = '\"' c=\"'\"",
		"<rss><channel><y a=\"<x",
		"<rss><channel><y a='<x",
		"<rss><channel><y a='1<x",
		"<rss><channel><y a=<x",
		"<rss><channel><y '<x a=''",
		"<rss><channel>\"'<\xc3\xa9",
		"<rss><channel><!-- ' --><x",
		"<!DOCTYPE rss [<!NOTATION n SYSTEM '<!--'>]><rss><channel><x",
		"<rss><channel><![CDATA[='\"]]><x",
	};
	g_autofree char *quoted = repeated(
		"<rss><channel><item><guid>1</guid><title>a</title>"
		"<description><![CDATA[",
		"x = '<b>it's</b>'; y=\"don't\"; ", 1000, "]]>&lt;p a='");
	g_autofree char *escaped =
		repeated(quoted, "&lt;a href='b' c=\"d\"&gt;", 1000,
			 "</description></item></channel></rss>");
	g_autoptr(Feed) feed = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(hiding); i++) {
		g_autoptr(GString) text = g_string_new(hiding[i]);
		g_autoptr(GError) error = NULL;

		for (guint k = 0; k < 129; k++)
			g_string_append_printf(text, " n%u =\n''", k);
		g_string_append(text, end);
		g_test_message("%s", hiding[i]);
		g_assert_null(parse(text->str, text->len, "", &error));
		g_assert_error(error, FEED_ERROR, FEED_ERROR_HOSTILE);
	}
	/* No tags: what is quoted, and what is escaped. */
	feed = parse(escaped, strlen(escaped), "", NULL);
	g_assert_nonnull(feed);
	g_assert_null(feed->fault);
}

static void
test_huge(void)
{
	GString *text = g_string_new("<rss><channel>");
	g_autofree char *pad = g_strnfill(20000, 'x');
	g_autoptr(GError) error = NULL;
	g_autoptr(Feed) feed = NULL;
	const struct feed_item *item;

	for (guint i = 0; i < 800; i++)
		g_string_append_printf(
			text,
			"<item><guid>%u</guid><title>t</title><description>%s"
			"</description><pubDate>%u Jan 2026 00:%02u:%02u GMT"
			"</pubDate></item>",
			i, pad, i / 100 + 1, i % 100 / 60, i % 60);
	g_string_append(text, "</channel></rss>");
	feed = parse(text->str, text->len, "", &error);
	g_string_free(text, TRUE);
	g_assert_no_error(error);
	g_assert_cmpuint(feed->items->len, ==, FEED_ITEMS_MAX);
	g_assert_cmpuint(feed->dropped, ==, 300);
	item = feed->items->pdata[0];
	g_assert_cmpuint(strlen(item->summary), ==, FEED_SUMMARY_MAX);
	item = feed->items->pdata[FEED_ITEMS_MAX - 1];
	g_assert_cmpint(g_ascii_strtoll(item->guid, NULL, 10), >=, 300);
}

static const struct date {
	const char *text;
	gint64 seconds;
} dates[] = {
	{ "Sun, 22 Nov 2026 08:31:47 GMT", 1795336307 },
	{ "22 Nov 26 08:31:47 UT", 1795336307 },
	{ "Sun, 22 Nov 2026 03:31:47 EST", 1795336307 },
	{ "Sun, 22 Nov 2026 10:31:47 +0200", 1795336307 },
	{ "Sun, 22 Nov 2026 02:01:47 -0630", 1795336307 },
	{ "Sunday, 22 November 2026 08:31 GMT", 1795336260 },
	{ "  Sun, 22 Nov 2026 08:31:47 GMT\n", 1795336307 },
	{ "22 Nov 2026", 1795305600 },
	{ "1 Jan 99 00:00 GMT", 915148800 },
	{ "2026-11-22T08:31:47Z", 1795336307 },
	{ "2026-11-22T08:31:47.123+00:00", 1795336307 },
	{ "2026-11-22 08:31:47", 1795336307 },
	{ "2026-11-22", 1795305600 },
	{ "", 0 },
	{ "yesterday", 0 },
	{ "32 Nov 2026 08:31 GMT", 0 },
	{ "31 Feb 2026 08:31 GMT", 0 },
	{ "22 Nov 2026 25:00 GMT", 0 },
	{ "2026-13-01", 0 },
	{ "2026-11-22T99", 0 },
};

static void
test_dates(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_test_message("'%s'", dates[i].text);
		g_assert_cmpint(date_parse(dates[i].text) / CLOCK_SECOND_US, ==,
				dates[i].seconds);
	}
}

static void
test_metric(void)
{
	static const char text[] =
		"\xef\xbb\xbf"
		"date,value\r\n# by hand\n\n2026-11-22, 48.5\r\n"
		"\"2026-11-20\",\"52\"\n2026-11-21,-1e3\n";
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) points =
		metric_parse("m", text, strlen(text), &error);
	const struct store_point *point;

	g_assert_no_error(error);
	g_assert_cmpuint(points->len, ==, 3);
	point = &g_array_index(points, struct store_point, 0);
	g_assert_cmpint(point->day_us, ==,
			G_GINT64_CONSTANT(1795132800) * CLOCK_SECOND_US);
	g_assert_cmpfloat(point->value, ==, 52);
	point = &g_array_index(points, struct store_point, 1);
	g_assert_cmpfloat(point->value, ==, -1000);
	point = &g_array_index(points, struct store_point, 2);
	g_assert_cmpfloat(point->value, ==, 48.5);
}

static const struct wrong {
	const char *text;
	const char *message;
} wrongs[] = {
	{ "2026-11-22;5\n", "m:1: a line must be date,value, not "
			    "'2026-11-22;5'" },
	{ "2026-11-22,5\n2026-11-23,5,6\n",
	  "m:2: a line must be date,value, not '2026-11-23,5,6'" },
	{ "22.11.2026,5\n", "m:1: the date must be YYYY-MM-DD, not "
			    "'22.11.2026'" },
	{ "2026-02-30,5\n",
	  "m:1: the date must be YYYY-MM-DD, not '2026-02-30'" },
	{ "date,value\n2026-11-22,five\n",
	  "m:2: the value must be a number with a decimal point, not 'five'" },
	{ "2026-11-22,nan\n",
	  "m:1: the value must be a number with a decimal point, not 'nan'" },
	{ "2026-11-22,1e999\n",
	  "m:1: the value must be a number with a decimal point, not "
	  "'1e999'" },
	{ "2026-11-22,5\n2026-11-22,6\n",
	  "m:2: each day may stand there once, not '2026-11-22,6'" },
};

static void
test_metric_faults(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(metric_parse("m", wrongs[i].text,
					   strlen(wrongs[i].text), &error));
		g_assert_error(error, BASE_ERROR, BASE_ERROR_INVALID);
		g_assert_cmpstr(error->message, ==, wrongs[i].message);
	}
}

static const struct pressure {
	double values[3];
	guint n;
	double target;
	double pressure;
} pressures[] = {
	{ { 52 }, 1, 8, 44.0 / 52 },  { { 60, 52 }, 2, 8, 44.0 / 52 },
	{ { 60, 8 }, 2, 8, 0 },	      { { 60, 5 }, 2, 8, 0 },
	{ { 5, 60 }, 2, 80, 0.25 },   { { 5, 90 }, 2, 80, 0 },
	{ { 0 }, 1, 0, 0 },	      { { 5, -5 }, 2, -10, 0.5 },
	{ { 10, 5, 10 }, 3, -10, 1 }, { { 0 }, 0, 10, 0 },
};

static void
test_pressure(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(pressures); i++) {
		const struct pressure *p = &pressures[i];
		struct store_point points[3];

		for (guint j = 0; j < 3; j++)
			points[j] = (struct store_point){ j, p->values[j] };
		g_assert_cmpfloat_with_epsilon(
			metric_pressure(points, p->n, p->target), p->pressure,
			1e-9);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/feed/kinds", test_kinds);
	g_test_add_func("/feed/utf-16", test_utf16);
	g_test_add_func("/feed/bad", test_bad);
	g_test_add_func("/feed/broken", test_broken);
	g_test_add_func("/feed/deep", test_deep);
	g_test_add_func("/feed/attributes", test_attributes);
	g_test_add_func("/feed/huge", test_huge);
	g_test_add_func("/feed/dates", test_dates);
	g_test_add_func("/metric/read", test_metric);
	g_test_add_func("/metric/faults", test_metric_faults);
	g_test_add_func("/metric/pressure", test_pressure);
	return g_test_run();
}
