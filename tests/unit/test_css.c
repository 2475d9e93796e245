/* What style sheets and colours hide, and what they only seem to. */
#include "../../src/mail/css_private.h"

#include <string.h>
#include <time.h>

#include "../../src/mail/html_private.h"
#include "../../src/mail/sheet_private.h"

/* The sanitizers cost a few times as much. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLOOD_SECONDS_MAX 6.0
#else
#define FLOOD_SECONDS_MAX 2.0
#endif

struct row {
	const char *name;
	const char *html;
	const char *text; /* line ends as "/" */
	const char *hidden;
};

static const struct row rows[] = {
	{ "tag", "<style>i.q, tt {display:none}</style><tt>x</tt><i>a</i>", "a",
	  "x" },
	{ "any-element", "<style>*{opacity:0}</style><p>x</p>", "", "x" },
	{ "two-classes",
	  "<style>.m.n{display:none}</style><p class='n m'>x</p>"
	  "<p class=m>a</p>",
	  "a", "x" },
	{ "inside",
	  "<style>div.w p{font-size:0}</style><div class=w>a<b><p>x"
	  "</p></b></div><p>b</p>",
	  "a//b", "x" },
	{ "inside-in-order",
	  "<style>.v .w p{display:none}</style><div class=w><div class=v><p>a"
	  "</p></div></div><div class=v><div class=w><p>x",
	  "a", "x" },
	{ "inside-is-not-itself",
	  "<style>.w .w{display:none}</style><p class=w>a</p>", "a", "" },
	{ "cell-of-table",
	  "<style>table td{visibility:hidden}</style><table><tr><td>x</table>"
	  "<p>a",
	  "a", "x" },
	{ "child",
	  "<style>div>p{display:none}</style><div><p>x</p><center><p>a", "a",
	  "x" },
	{ "sixteen-parts",
	  "<style>.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o#p{display:none}</style>"
	  "<p id=p class='o n m l k j i h g f e d c b a'>x</p>"
	  "<p id=p class='o n m l k j i h g f e d c b'>a</p>",
	  "a", "x" },
	{ "seventeen-parts-are-not-followed",
	  "<style>.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a{display:none}"
	  ".b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b{display:none}</style>"
	  "<p class=a>a</p><p class=b>x</p>",
	  "a", "x" },
	{ "colour-of-seventeen-parts-is-unknown",
	  "<style>.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a{background:#000}</style>"
	  "<p class=a style='color:#fff'>a</p>",
	  "a", "" },
	{ "a-name-said-twice-weighs-twice",
	  "<style>.a.a{display:none} .b{display:block}</style>"
	  "<p class='a b'>x</p><p class='b b'>a</p>",
	  "a", "x" },
	{ "class-is-no-id",
	  "<style>.a{display:none} #b{display:none}</style><p id=a>a</p>"
	  "<p class=b>b</p><p id=b>x</p><p class=a>y</p>",
	  "a//b", "x//y" },
	{ "sixteen-combinators",
	  "<style>b>b>b>b>b>b>b>b>b>b>b>b>b>b>b>b>i{display:none}</style>"
	  "<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><i>x</i></b>a",
	  "a", "x" },
	{ "seventeen-combinators-are-not-followed",
	  "<style>b b b b b b b b b b b b b b b b b i{display:none}</style>"
	  "<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><i>a",
	  "a", "" },
	{ "id-inside",
	  "<style>#a td.b{opacity:0}</style><table id=a><tr>"
	  "<td class=b>x<td>a</table>",
	  "a", "x" },
	{ "beginnings-are-shared",
	  "<style>.e, .e p, .e span, .e div{opacity:.9} .e i{opacity:0}"
	  "</style><div class=e><span>a<i>x</i></span></div>",
	  "a", "x" },
	{ "id-outweighs-class",
	  "<style>#i{display:block} .c{display:none}</style>"
	  "<p id=i class=c>a</p>",
	  "a", "" },
	{ "class-outweighs-tag-behind-it",
	  "<style>.c{display:block} p{display:none}</style><p class=c>a</p>"
	  "<p>x</p>",
	  "a", "x" },
	{ "later-outweighs-its-equal",
	  "<style>.c{display:none} .d{display:block}</style><p class='c d'>a",
	  "a", "" },
	{ "important-outweighs-inline",
	  "<style>.h{display:none!important}</style>"
	  "<p class=h style='display:block'>x</p>a",
	  "a", "x" },
	{ "important-outweighs-what-follows",
	  "<p style='font-size:0 ! important;font-size:12px'>x</p>a", "a",
	  "x" },
	{ "inline-important-is-the-last-word",
	  "<style>.h{display:none!important}</style>"
	  "<p class=h style='display:block!important'>a</p>",
	  "a", "" },
	{ "link-state", "<style>a:link{font-size:0}</style><a href=x>x</a>b",
	  "b", "x" },
	{ "state-nobody-is-in",
	  "<style>p:hover{display:none} p::before{display:none}</style><p>a",
	  "a", "" },
	{ "place-among-its-like-hides-nothing",
	  "<style>p:first-child{display:none} p+p{display:none} "
	  "p[title]{display:none}</style><p>a</p><p>b</p>",
	  "a//b", "" },
	{ "colour-in-doubt-is-unknown",
	  "<style>td[x]{background:#000}</style><table><tr><td>"
	  "<b style='color:#fff'>a</b></table>",
	  "a", "" },
	{ "doubt-is-only-about-what-it-names",
	  "<style>q+q{background:#000}</style><b style='color:#fff'>x</b>a",
	  "a", "x" },
	{ "colour-of-the-body",
	  "<style>body{color:#fff}</style><body>x<p style='color:#000'>a", "a",
	  "x" },
	{ "body-rule-outweighs-bgcolor",
	  "<style>body{background:#000}</style><body bgcolor=white>"
	  "<p style='color:#fff'>a",
	  "a", "" },
	{ "body-unsaid",
	  "<style>body{color:#fff}</style>x<p "
	  "style='color:#000'>a",
	  "a", "x" },
	{ "media-all",
	  "<style>@media all{.m{display:none}}</style>"
	  "<p class=m>x</p>a",
	  "a", "x" },
	{ "media-wide",
	  "<style>@media screen and (min-width: 1px){.m{opacity:0}"
	  "} .n{opacity:0}</style><p class=m>x</p><p class=n>y",
	  "", "x//y" },
	{ "media-print",
	  "<style>@media print{.m{display:none}}</style>"
	  "<p class=m>a",
	  "a", "" },
	{ "media-of-the-block",
	  "<style media=print>p{display:none}</style>"
	  "<style media='screen'>b{display:none}</style><p>a<b>x",
	  "a", "x" },
	{ "comment-in-a-value", "<p style='display:/**/none'>x</p>a", "a",
	  "x" },
	{ "comment-parts-a-name", "<p style='dis/**/play:none'>a</p>", "a",
	  "" },
	{ "escape", "<p style='displ\\61y:none'>x</p>a", "a", "x" },
	{ "escape-with-space", "<p style='displ\\61 y:n\\6f ne'>x</p>a", "a",
	  "x" },
	{ "escape-of-a-letter", "<p style='dis\\play:none'>x</p>a", "a", "x" },
	{ "escape-in-a-selector",
	  "<style>.\\68 {display:none} .sm\\:h{opacity:0}</style>"
	  "<p class=h>x</p><p class=sm:h>y</p>a",
	  "a", "x//y" },
	{ "escaped-sign-ends-nothing", "<p style='x:\\;;display:none'>x</p>a",
	  "a", "x" },
	{ "for-outlook", "<p style='mso-hide:all'>x</p>a", "a", "x" },
	{ "for-outlook-not", "<p style='mso-hide:none'>a</p>", "a", "" },
	{ "aria-hidden-is-seen", "<p aria-hidden=true>a</p>", "a", "" },
	{ "relative-off-screen",
	  "<p style='position:relative;left:-9999px'>x</p>a", "a", "x" },
	{ "off-screen-right",
	  "<p style='position:absolute;right:-9999px'>x</p>a", "a", "x" },
};

static void
check_row(gconstpointer data)
{
	const struct row *row = data;
	struct link_list *links = link_list_new(mail_limits_default.urls);
	struct html_text *text =
		html_render(row->html, &mail_limits_default, TRUE, links);

	g_strdelimit(text->text->str, "\n", '/');
	g_strdelimit(text->hidden->str, "\n", '/');
	g_assert_cmpstr(g_strstrip(text->text->str), ==, row->text);
	g_assert_cmpstr(g_strstrip(text->hidden->str), ==, row->hidden);
	html_text_free(text);
	link_list_free(links);
}

static void
colours(void)
{
	static const struct {
		const char *text;
		guint32 colour;
	} cases[] = {
		{ "white", 0xffffff },
		{ "AZURE", 0xf0ffff },
		{ "yellowgreen", 0x9acd32 },
		{ "aliceblue", 0xf0f8ff },
		{ "LightGoldenRodYellow", 0xfafad2 },
		{ "snow !important", 0xfffafa },
		{ "Canvas", 0xffffff },
		{ "transparent", COLOUR_TRANSPARENT },
		{ "nosuch", COLOUR_UNKNOWN },
		{ "", COLOUR_UNKNOWN },
		{ "#fff", 0xffffff },
		{ "#12345678", 0x123456 },
		{ "#ffffff00", COLOUR_TRANSPARENT },
		{ "#fff0", COLOUR_TRANSPARENT },
		{ "#fffff", COLOUR_UNKNOWN },
		{ "#ggg", COLOUR_UNKNOWN },
		{ "123456", 0x123456 },
		{ "rgb(1, 2, 3)", 0x010203 },
		{ "rgba(1 2 3 / 0%)", COLOUR_TRANSPARENT },
		{ "rgb(1, 2)", COLOUR_UNKNOWN },
		{ "hsl(0, 0%, 100%)", 0xffffff },
		{ "hsl(0 0% 0%)", 0x000000 },
		{ "hsl(0, 100%, 50%)", 0xff0000 },
		{ "hsl(120deg 100% 50%)", 0x00ff00 },
		{ "hsl(-120, 100%, 50%)", 0x0000ff },
		{ "hsl(60, 100%, 50%)", 0xffff00 },
		{ "HSLA(210, 50%, 40%, 1)", 0x336699 },
		{ "hsla(0, 0%, 0%, 0)", COLOUR_TRANSPARENT },
		{ "hsl(99999999999999999999, 900%, 900%)", 0xffffff },
		{ "hsl(", COLOUR_UNKNOWN },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const guint32 colour =
			css_colour(cases[i].text, strlen(cases[i].text));

		g_test_message("%s: %x", cases[i].text, colour);
		g_assert_cmphex(colour, ==, cases[i].colour);
	}
}

static void
media(void)
{
	static const struct {
		const char *query;
		gboolean holds;
	} cases[] = {
		{ "", TRUE },
		{ " all ", TRUE },
		{ "screen", TRUE },
		{ "only screen", TRUE },
		{ "ONLY SCREEN and (min-width:480px)", TRUE },
		{ "screen and (min-width:480px) and (max-width: 9999px)",
		  TRUE },
		{ "(max-width:600px)", FALSE },
		{ "screen and (max-device-width: 480px)", FALSE },
		{ "print", FALSE },
		{ "print, screen", TRUE },
		{ "not screen", FALSE },
		{ "(prefers-color-scheme: dark)", FALSE },
		{ "screen and (-webkit-min-device-pixel-ratio:0)", FALSE },
		{ "(min-width", FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].query);
		g_assert_true(sheet_media_holds(cases[i].query,
						strlen(cases[i].query)) ==
			      cases[i].holds);
	}
}

/* `times` of what `unit` is, with the number of each for "%u" in it. */
static void
repeat(GString *to, const char *unit, guint times)
{
	const char *mark = strstr(unit, "%u");

	for (guint i = 0; i < times; i++) {
		if (mark == NULL) {
			g_string_append(to, unit);
			continue;
		}
		g_string_append_len(to, unit, mark - unit);
		g_string_append_printf(to, "%u%s", i, mark + 2);
	}
}

/* A page under a megabyte or so; some took minutes before these limits. */
struct flood {
	const char *name;
	const char *unit; /* of the sheet; '@' in it are the parts */
	guint units;
	const char *part;
	guint parts;
	const char *selector; /* then these */
	guint selectors;
	const char *element;
	guint elements;
};

static const struct flood floods[] = {
	{ "parts", "@{color:red}", 1, ".a", 250000, "", 0, "<b class=a></b>\n",
	  30000 },
	{ "parts-of-steps", "x%u@ b:hover,", 64, ".a", 4000, "a b:hover,",
	  45000, "<b>x</b>", 1 },
	{ "classes-of-elements", "@{color:#%u}", 512,
	  ".a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p", 1, "", 0,
	  "<b class='a b c d e f g h i j k l m n o p'></b>\n", 18000 },
};

static char *
flood_make(const struct flood *flood)
{
	GString *html = g_string_new("<style>");
	g_autoptr(GString) parts = g_string_new(NULL);

	repeat(parts, flood->part, flood->parts);
	repeat(html, flood->unit, flood->units);
	g_string_replace(html, "@", parts->str, 0);
	repeat(html, flood->selector, flood->selectors);
	g_string_append(html, "i{color:red}</style>");
	repeat(html, flood->element, flood->elements);
	return g_string_free(html, FALSE);
}

static void
check_flood(gconstpointer data)
{
	const struct flood *flood = data;
	g_autofree char *html = flood_make(flood);
	struct link_list *links = link_list_new(mail_limits_default.urls);
	const clock_t start = clock();
	struct html_text *text =
		html_render(html, &mail_limits_default, FALSE, links);
	const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;

	g_test_message("%s: %.3f s of CPU", flood->name, seconds);
	g_assert_cmpfloat(seconds, <, FLOOD_SECONDS_MAX);
	html_text_free(text);
	link_list_free(links);
}

/* How many selectors are read, and that those before are followed. */
static void
selectors_read(void)
{
	static const struct {
		guint before;
		const char *text;
		const char *hidden;
	} cases[] = { { 3999, "a", "x" }, { 4000, "x\n\na", "" } };

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) html = g_string_new("<style>");
		struct link_list *links =
			link_list_new(mail_limits_default.urls);

		repeat(html, "b:hover,", cases[i].before);
		g_string_append(html, "tt{display:none}</style>"
				      "<style>i{color:red}</style>"
				      "<tt>x</tt><p>a</p>");
		struct html_text *text = html_render(
			html->str, &mail_limits_default, TRUE, links);
		g_assert_cmpstr(g_strstrip(text->text->str), ==, cases[i].text);
		g_assert_cmpstr(g_strstrip(text->hidden->str), ==,
				cases[i].hidden);
		html_text_free(text);
		link_list_free(links);
	}
}

/* A sheet of a megabyte over ten thousand elements. */
static void
bombs(void)
{
	static const char *const units[] = {
		".a .b%u .c .d{color:red}",
		"div div div i%u{color:red}",
		".a>.a+.a~.a%u{color:red}",
		".a%u{color:red!important}",
		"*{color:red}",
		":not(%u",
		"[%u",
		"\\",
		".a{display:none/*%u",
		"@media all{",
	};

	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		GString *html = g_string_new("<style>");
		const clock_t start = clock();
		struct link_list *links =
			link_list_new(mail_limits_default.urls);

		for (guint n = 0; html->len < 1 << 20; n++) {
			const char *mark = strstr(units[i], "%u");

			g_string_append_len(html, units[i],
					    mark == NULL ? -1
							 : mark - units[i]);
			if (mark != NULL)
				g_string_append_printf(html, "%u%s", n,
						       mark + 2);
		}
		g_string_append(html, "</style>");
		for (guint n = 0; n < 10000; n++)
			g_string_append(html, n % 100 < 50
						      ? "<div class='a b c'>"
						      : "</div>");
		struct html_text *text = html_render(
			html->str, &mail_limits_default, FALSE, links);
#ifndef __SANITIZE_ADDRESS__
		g_assert_cmpint((clock() - start) * 1000 / CLOCKS_PER_SEC, <,
				1000);
#endif
		(void)start;
		html_text_free(text);
		link_list_free(links);
		g_string_free(html, TRUE);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name =
			g_strdup_printf("/css/%s", rows[i].name);
		g_test_add_data_func(name, &rows[i], check_row);
	}
	g_test_add_func("/css/colours", colours);
	g_test_add_func("/css/media", media);
	for (guint i = 0; i < G_N_ELEMENTS(floods); i++) {
		g_autofree char *name =
			g_strdup_printf("/css/flood/%s", floods[i].name);
		g_test_add_data_func(name, &floods[i], check_flood);
	}
	g_test_add_func("/css/selectors-read", selectors_read);
	g_test_add_func("/css/bombs", bombs);
	return g_test_run();
}
