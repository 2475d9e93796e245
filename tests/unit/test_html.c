/* What a person sees of HTML, trick by trick. */
#include "../../src/mail/html_private.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "mail/content.h"

struct row {
	const char *name;
	const char *html;
	const char *text; /* line ends as "/" */
	const char *hidden;
};

static const struct row shown[] = {
	{ "plain", "<p>Hello <b>there</b></p>", "Hello there", "" },
	{ "no-markup", "just text", "just text", "" },
	{ "empty", "", "", "" },
	/* What the sieve stashes is found by an attribute of its own: nobody
	 * else can write one. */
	{ "no-attribute-made-by-entities",
	  "<p class=\"\x01\x34\x30\x30\x30\">x</p>"
	  "<p id=x&Tab;s&equals;1 class=y>y",
	  "x//y", "" },
	{ "no-attribute-made-by-a-long-name",
	  "<p class=\"\x01\x34\x30\x30\x30\">x</p>"
	  "<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaas=1>y",
	  "x//y", "" },
	{ "values-with-entities-keep-their-quotes",
	  "<p style='font-family:\"A\"&#59;display:none'>x</p>"
	  "<p style=display:none&semi;color:red>y</p>z",
	  "z", "x//y" },
	{ "blocks-end-lines", "<div>a</div><div>b</div>c", "a/b/c", "" },
	{ "paragraphs-stand-apart", "<p>a</p><p>b</p>", "a//b", "" },
	{ "br", "a<br>b<br/>c<br><br>d<br><br><br>e", "a/b/c//d//e", "" },
	{ "spacing-collapses", "<p>  a \n\t b&nbsp;&nbsp; c </p>", "a b c",
	  "" },
	{ "cells-are-a-space",
	  "<table><tr><td>a</td><td>b</td></tr>"
	  "<tr><td>c</td></tr></table>",
	  "a b/c", "" },
	{ "nested-tables",
	  "<table><tr><td><table><tr><td>in</td></tr></table></td>"
	  "<td>out</td></tr></table>",
	  "in/out", "" },
	{ "list-items", "<ul><li>one<li>two</ul>end", "- one/- two//end", "" },
	{ "pre-keeps-lines", "<pre>a\nb</pre>c", "a/b//c", "" },
	{ "entities", "a &amp; b &lt;c&gt; &eacute;&#8364;&#x20ac; &copy;",
	  "a & b <c> é€€ ©", "" },
	{ "entity-without-semicolon", "AT&T &amp T", "AT&T & T", "" },
	{ "entities-of-html-5", "a&commat;b&period;c&nosuch; &copy 2026 &copya",
	  "a@b.c&nosuch; © 2026 &copya", "" },
	{ "long-text-behind-entities",
	  "&nbsp;a text of some length &amp and one more&hellip;the end",
	  "a text of some length & and one more…the end", "" },
	{ "text-meets-text-at-a-comment",
	  "a text of some<!-- x --> length, not so short<!-- y -->ened & c",
	  "a text of some length, not so shortened & c", "x y" },
	{ "text-meets-text-at-a-second-body",
	  "<body>some text</body>, and<body id=x> some more of it",
	  "some text, and some more of it", "" },
	{ "noncharacters-hide-nothing",
	  "a text of some\xef\xbf\xbe length <b>is\xef\xbf\xbf shown</b>",
	  "a text of some length is shown", "" },
	{ "controls-by-number-are-no-marks",
	  "&#127;0&#127;0 and text of some length &#127;",
	  "00 and text of some length", "" },
	{ "windows-1252-numbers", "it&#146;s &#151; ok", "it’s — ok", "" },
	{ "bare-less-than", "a < b and c<d", "a < b and c", "" },
	{ "less-than-before-digit", "1 <2 and 3", "1 <2 and 3", "" },
	{ "unclosed-tags", "<div><p>a<b>b<i>c", "abc", "" },
	{ "misnested", "<b><i>a</b>b</i>c", "abc", "" },
	{ "stray-end-tags", "</div></p>a</td>b", "ab", "" },
	{ "text-behind-the-end",
	  "<html><body><p>a</p></body></html>\n<p>b</p></html> c", "a//b//c",
	  "" },
	{ "tag-in-attribute", "<a title=\"<b>x</b>>\">a</a>", "a", "" },
	{ "tag-never-ends", "a<b c=\"d", "a", "" },
	{ "upper-case", "<P STYLE=\"DISPLAY:NONE\">x</P><DIV>y</DIV>", "y",
	  "x" },
	{ "self-closing-div", "<div/>a<div style='display:none'/>b</div>c",
	  "ac", "b" },
	{ "doctype-and-xml",
	  "<?xml version=\"1.0\"?><!DOCTYPE html><html><body>a</body></html>",
	  "a", "" },
	{ "no-script",
	  "some <script&x>text of some length <b id=x>is shown</b></script&x>"
	  " and <style\xc3\xa9>this text of some length too",
	  "some text of some length is shown and this text of some length too",
	  "" },
	{ "no-end-of-the-page", "some text</html&x>some text of some length",
	  "some textsome text of some length", "" },
	{ "script-is-nothing", "a<script>if (a<b) \"</p>\";</script>b", "ab",
	  "" },
	{ "style-is-nothing", "<style>p{color:red}</style>a", "a", "" },
	{ "iframe-and-object", "a<iframe>x</iframe><object>y</object>b", "ab",
	  "" },
	{ "noscript-is-seen", "<noscript>seen</noscript>", "seen", "" },
	{ "title-is-hidden", "<head><title>Offer</title></head><p>a", "a",
	  "Offer" },
	{ "textarea", "<textarea>typed</textarea>", "typed", "" },
	{ "unicode", "<p>日本語 für Łódź</p>", "日本語 für Łódź", "" },
	{ "meta-charset-changes-nothing",
	  "<meta charset=\"iso-8859-1\"><p>é</p>", "é", "" },
	{ "meta-http-equiv-changes-nothing",
	  "<meta http-equiv=\"Content-Type\" content=\"text/html; "
	  "charset=utf-7\"><p>+ADw- é</p>",
	  "+ADw- é", "" },
	{ "control-characters",
	  "a\001b\x1f"
	  "c\x7f"
	  "d",
	  "a b c d", "" },
	{ "zero-width-stays-for-counting",
	  "a\xe2\x80\x8b"
	  "b",
	  "a\xe2\x80\x8b"
	  "b",
	  "" },
};

static const struct row tricks[] = {
	{ "display-none", "a<div style=\"display:none\">x</div>b", "ab", "x" },
	{ "display-none-important",
	  "a<span style=\"display: none !important;\">x</span>b", "ab", "x" },
	{ "display-none-outweighed",
	  "<p style=\"display:none;display:block\">a</p>", "a", "" },
	{ "display-none-nothing-inside-is-seen",
	  "<div style=\"display:none\"><p style=\"display:block\">x</p></div>",
	  "", "x" },
	{ "visibility", "a<i style=\"visibility:hidden\">x</i>", "a", "x" },
	{ "visibility-inner-is-seen",
	  "<p style=\"visibility:hidden\">x<b style=\"visibility:visible\">a"
	  "</b></p>",
	  "a", "x" },
	{ "hidden-attribute", "<p hidden>x</p><p hidden=\"\">y</p>a", "a",
	  "x//y" },
	{ "opacity", "<p style=\"opacity:0\">x</p><p style=\"opacity:.9\">a",
	  "a", "x" },
	{ "opacity-next-to-nothing", "<p style=\"opacity:0.01\">x</p>", "",
	  "x" },
	{ "opacity-per-cent", "<p style=\"opacity:1%\">x</p>", "", "x" },
	{ "font-size-0", "a<span style=\"font-size:0\">x</span>", "a", "x" },
	{ "font-size-1px", "a<span style=\"font-size:1px\">x</span>", "a",
	  "x" },
	{ "font-size-1pt", "a<span style=\"font-size:1.0pt\">x</span>", "a",
	  "x" },
	{ "font-size-relative", "a<span style=\"font-size:.05em\">x</span>",
	  "a", "x" },
	{ "font-size-per-cent-of-per-cent",
	  "a<p style=\"font-size:20%\"><i style=\"font-size:20%\">x</i></p>",
	  "a", "x" },
	{ "font-size-reset-inside",
	  "<td style=\"font-size:0\">x<p style=\"font-size:14px\">a</p></td>",
	  "a", "x" },
	{ "font-size-small-is-seen", "<p style=\"font-size:9px\">a</p>", "a",
	  "" },
	{ "font-shorthand-0", "<p style=\"font:0/0 Arial\">x</p>a", "a", "x" },
	{ "font-shorthand-is-seen",
	  "<p style=\"font:bold 700 12px/1.5 Arial\">a</p>", "a", "" },
	{ "white-on-default", "a<span style=\"color:#ffffff\">x</span>", "a",
	  "x" },
	{ "white-by-name", "a<font color=\"white\">x</font>", "a", "x" },
	{ "white-short", "a<font color=#FFF>x</font>", "a", "x" },
	{ "white-without-sign", "a<font color=ffffff>x</font>", "a", "x" },
	{ "white-by-rgb", "a<i style=\"color: rgb(255, 255, 255)\">x</i>", "a",
	  "x" },
	{ "nearly-white", "a<i style=\"color:#fdfdfe\">x</i>", "a", "x" },
	{ "transparent", "a<i style=\"color:rgba(0,0,0,0)\">x</i>", "a", "x" },
	{ "white-on-bgcolor-inherited",
	  "<table bgcolor=\"#003366\"><tr><td><font color=\"#ffffff\">a</font>"
	  "<font color=\"#003366\">x</font></td></tr></table>",
	  "a", "x" },
	{ "colour-of-background-style",
	  "<div style=\"background:#eee\"><p style=\"color:#eeeeee\">x</p>"
	  "a</div>",
	  "a", "x" },
	{ "body-text-and-bgcolor",
	  "<body bgcolor=\"black\" text=\"white\">a<font color=\"black\">x"
	  "</font></body>",
	  "a", "x" },
	{ "black-on-black-background",
	  "<body bgcolor=\"#000000\">x<font color=\"#cccccc\">a</font></body>",
	  "a", "x" },
	{ "white-over-a-picture-is-seen",
	  "<td style=\"background:url(http://a.example/i.png)\">"
	  "<b style=\"color:#fff\">a</b></td>",
	  "a", "" },
	{ "white-over-a-gradient-is-seen",
	  "<p style=\"background-image:linear-gradient(#000,#111);"
	  "color:#fff\">a</p>",
	  "a", "" },
	{ "white-link-on-a-button-is-seen",
	  "<a href=\"http://a.example/\" style=\"background:#06c;"
	  "color:#fff\">a</a>",
	  "a", "" },
	{ "text-indent", "<p style=\"text-indent:-9999px\">x</p>a", "a", "x" },
	{ "text-indent-small-is-seen", "<p style=\"text-indent:-20px\">a</p>",
	  "a", "" },
	{ "off-screen-left",
	  "<div style=\"position:absolute;left:-10000px\">x</div>a", "a", "x" },
	{ "off-screen-top",
	  "<div style=\"top:-5000px;position:fixed\">x</div>a", "a", "x" },
	{ "margin-off-screen", "<p style=\"margin-left:-9999px\">x</p>a", "a",
	  "x" },
	{ "height-0-overflow",
	  "<div style=\"max-height:0;overflow:hidden\">x</div>a", "a", "x" },
	{ "height-0-without-overflow-is-seen",
	  "<div style=\"height:0\">a</div>", "a", "" },
	{ "one-pixel-box",
	  "<div style=\"width:1px;height:1px;overflow:hidden\">x</div>a", "a",
	  "x" },
	{ "clip", "<p style=\"position:absolute;clip:rect(0 0 0 0)\">x</p>a",
	  "a", "x" },
	{ "clip-path", "<p style=\"clip-path: inset(100%)\">x</p>a", "a", "x" },
	{ "scale-0", "<p style=\"transform:scale(0)\">x</p>a", "a", "x" },
	{ "style-entities", "<p style=\"display&#58;no&#110;e\">x</p>a", "a",
	  "x" },
	{ "style-in-single-quotes", "<p style='display:none'>x</p>a", "a",
	  "x" },
	{ "style-without-quotes", "<p style=display:none>x</p>a", "a", "x" },
	{ "second-style-attribute-is-ignored",
	  "<p style=\"color:red\" style=\"display:none\">a</p>", "a", "" },
	{ "our-own-attribute-from-outside",
	  "<p style=\"display:none\">x</p><p s=\"0\">a</p>", "a", "x" },
	{ "semicolon-in-url",
	  "<p style=\"background:url('a;display:none')\">a</p>", "a", "" },
	{ "sheet-class",
	  "<style>.h{display:none}</style><p class=\"a h\">x</p>"
	  "<p class=\"hh\">a",
	  "a", "x" },
	{ "sheet-id", "<style>#q {font-size:0}</style><p id=q>x</p>a", "a",
	  "x" },
	{ "sheet-tag-and-class",
	  "<style>td.h,span.h{display:none}</style><span class=h>x</span>"
	  "<p class=h>a</p>",
	  "a", "x" },
	{ "sheet-behind-its-use",
	  "<p class=h>x</p>a<style>.h{display:none}</style>", "a", "x" },
	{ "sheet-inline-outweighs",
	  "<style>.h{display:none}</style><p class=h style=\"display:block\">a"
	  "</p>",
	  "a", "" },
	{ "sheet-media-is-left-out",
	  "<style>@media (max-width:600px){.x{color:red} .m{display:none}} "
	  "@import url(x); .h{opacity:0}"
	  "</style><p class=m>a</p><p class=h>x</p>",
	  "a", "x" },
	{ "sheet-comments",
	  "<style><!-- /* .a{display:none} */ .h{display:none} --></style>"
	  "<p class=a>a</p><p class=h>x</p>",
	  "a", "x" },
	{ "sheet-background-unknown",
	  "<style>table td{background:#000}</style><table><tr><td>"
	  "<b style=\"color:#fff\">a</b></td></tr></table>",
	  "a", "" },
	{ "sheet-colour-unknown",
	  "<style>td p{color:#fff}</style><table bgcolor=#000000><tr><td>"
	  "<p>a</p></td></tr></table>",
	  "a", "" },
	{ "sheet-broken", "<style>.h{display:none</style><p>a</p>", "a", "" },
	{ "comment", "a<!-- secret <b>words</b> -->b", "ab", "secret words" },
	{ "comment-empty", "a<!-->b<!--->c", "abc", "" },
	{ "comment-never-ends", "a<!-- secret <p>more", "a", "secret more" },
	{ "outlook-conditional",
	  "a<!--[if mso]><p>only Outlook</p><![endif]-->b", "ab", "" },
	{ "not-outlook-conditional",
	  "<!--[if !mso]><!-->seen<!--<![endif]--><![if !mso]>too<![endif]>",
	  "seentoo", "" },
	{ "cdata-is-a-comment", "a<![CDATA[x]]>b", "ab", "" },
	{ "alt-padding",
	  "<img src=\"http://a.example/i.png\" alt=\"This is a long text that "
	  "nobody sees and that is only there to make filters believe\">a",
	  "a",
	  "This is a long text that nobody sees and that is only there to make "
	  "filters believe" },
	{ "alt-short-is-nothing",
	  "<img src=\"http://a.example/i.png\" alt=\"Logo\">a", "a", "" },
	{ "alt-is-a-link's-only-content",
	  "<a href=\"http://a.example/\"><img src=i.png alt=\"Book a demo\">"
	  "</a>",
	  "Book a demo", "" },
	{ "alt-beside-text",
	  "<a href=\"http://a.example/\"><img src=i.png alt=\"Icon\">Demo</a>",
	  "Demo", "" },
	{ "preheader",
	  "<div style=\"display:none;max-height:0;overflow:hidden\">Preview"
	  "</div><p>a</p>",
	  "a", "Preview" },
};

static const struct row quotes[] = {
	{ "gmail",
	  "<div>new</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">"
	  "On Mon wrote:<br></div><blockquote class=\"gmail_quote\">old"
	  "</blockquote></div>",
	  "new/Q/Q", "On Mon wrote://old" },
	{ "apple",
	  "new<blockquote type=\"cite\"><div>old</div></blockquote>below",
	  "new/Q/below", "old" },
	{ "thunderbird",
	  "<p>new</p><div class=\"moz-cite-prefix\">Am 1.2. schrieb A:</div>"
	  "<blockquote type=cite cite=\"mid:1\">old</blockquote>",
	  "new//Q/Q", "Am 1.2. schrieb A://old" },
	{ "outlook-web",
	  "<p>new</p><div id=\"appendonsend\"></div><hr>"
	  "<div id=\"divRplyFwdMsg\"><b>From:</b> A</div><div>old</div>",
	  "new//Q", "From: A/old" },
	{ "yahoo", "new<div id=\"ydp1yahoo_quoted_9\">old</div>", "new/Q",
	  "old" },
	{ "outlook-mac", "new<span id=\"OLK_SRC_BODY_SECTION\">old</span>",
	  "new/Q", "old" },
	{ "border-left",
	  "new<blockquote style=\"border-left:2px solid #ccc\">old"
	  "</blockquote>",
	  "new/Q", "old" },
	{ "introduced-by-colon", "She wrote:<blockquote>old</blockquote>",
	  "She wrote:/Q", "old" },
	{ "indented-only", "a<blockquote>b</blockquote>c", "a//b//c", "" },
	{ "a-quote-of-nothing-is-the-text",
	  "<blockquote type=cite>pitch</blockquote>", "pitch", "" },
	{ "nested",
	  "new<blockquote type=cite>old<blockquote type=cite>older"
	  "</blockquote></blockquote>",
	  "new/Q", "old//older" },
};

static struct html_text *
render(const char *html, struct link_list **links)
{
	*links = link_list_new(mail_limits_default.urls);
	return html_render(html, &mail_limits_default, TRUE, *links);
}

static char *
slashed(const GString *text)
{
	char *result = g_strdup(text->str);

	g_strdelimit(result, "\n", '/');
	return g_strdelimit(result, "\x1f", 'Q');
}

static void
check_shown(gconstpointer data)
{
	const struct row *row = data;
	struct link_list *links = NULL;
	struct html_text *text = render(row->html, &links);

	g_autofree char *seen = slashed(text->text);
	g_autofree char *hidden = slashed(text->hidden);
	g_assert_cmpstr(seen, ==, row->text);
	g_assert_cmpstr(hidden, ==, row->hidden);
	g_assert_cmpuint(text->odd, ==, 0);
	html_text_free(text);
	link_list_free(links);
}

static void
check_quoted(gconstpointer data)
{
	const struct row *row = data;
	struct link_list *links = NULL;
	struct html_text *text = render(row->html, &links);

	g_autofree char *seen = slashed(text->text);
	g_autofree char *quoted = slashed(text->quoted);
	g_assert_cmpstr(seen, ==, row->text);
	g_assert_cmpstr(quoted, ==, row->hidden);
	html_text_free(text);
	link_list_free(links);
}

static void
signature(void)
{
	struct link_list *links = NULL;
	struct html_text *text =
		render("<p>Hi</p><div class=\"gmail_signature\">Sam<br>Acme"
		       "</div>PS: more",
		       &links);

	g_assert_cmpstr(text->text->str, ==, "Hi\n\nPS: more");
	g_assert_cmpstr(text->signature->str, ==, "Sam\nAcme");
	html_text_free(text);
	link_list_free(links);
}

static void
not_a_reply(void)
{
	struct link_list *links = link_list_new(10);
	struct html_text *text = html_render(
		"Our offer:<blockquote style=\"border-left:1px solid\">pitch"
		"</blockquote>",
		&mail_limits_default, FALSE, links);

	g_assert_cmpstr(text->text->str, ==, "Our offer:\n\npitch");
	html_text_free(text);
	link_list_free(links);
}

static void
images(void)
{
	static const struct {
		const char *html;
		guint images;
		guint trackers;
	} cases[] = {
		{ "<img src=\"https://a.example/i.png\" width=600>", 1, 0 },
		{ "<img src=\"//a.example/i.png\">", 1, 0 },
		{ "<img src=\"cid:logo\" width=1 height=1>", 0, 0 },
		{ "<img src=\"data:image/png;base64,AA\">", 0, 0 },
		{ "<img src=\"http://a.example/o\" width=\"1\" height=\"1\">",
		  1, 1 },
		{ "<img src=\"http://a.example/o\" width=3px height=3>", 1, 1 },
		{ "<img src=\"http://a.example/o\" width=4 height=1>", 1, 0 },
		{ "<img src=\"http://a.example/o\" height=1>", 1, 0 },
		{ "<img src=\"http://a.example/o\" width=100% height=1>", 1,
		  0 },
		{ "<img src=\"http://a.example/o\" "
		  "style=\"width:1px;height:1px\">",
		  1, 1 },
		{ "<img src=\"http://a.example/o\" style=\"display:none\">", 1,
		  1 },
		{ "<div hidden><img src=\"http://a.example/o\"></div>", 1, 1 },
		{ "<IMG SRC=HTTP://A.EXAMPLE/O WIDTH=0 HEIGHT=0>", 1, 1 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct link_list *links = NULL;
		struct html_text *text = render(cases[i].html, &links);
		g_assert_cmpuint(text->images, ==, cases[i].images);
		g_assert_cmpuint(text->trackers, ==, cases[i].trackers);
		html_text_free(text);
		link_list_free(links);
	}
}

/* "url|host|text|q" for each, joined by spaces. */
static char *
links_text(struct link_list *links)
{
	g_autoptr(GPtrArray) array = link_list_steal(links);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < array->len; i++) {
		const struct content_link *link = array->pdata[i];
		g_string_append_printf(text, "%s%s|%s|%s%s", i > 0 ? " " : "",
				       link->url, link->host, link->text,
				       link->quoted ? "|q" : "");
	}
	return g_string_free(text, FALSE);
}

static void
links(void)
{
	static const struct {
		const char *html;
		const char *links;
	} cases[] = {
		{ "<a href=\"http://A.Example/X\">Go <b>now</b></a>",
		  "http://A.Example/X|a.example|Go now" },
		{ "<a href=\" https://u:p@a.example:8443/\n?q \">x</a>",
		  "https://u:p@a.example:8443/?q|a.example|x" },
		{ "<a href=\"https://[2001:db8::1]:80/\">x</a>",
		  "https://[2001:db8::1]:80/|[2001:db8::1]|x" },
		{ "<a href=\"mailto:a@b.example?subject=Hi\">w</a>",
		  "mailto:a@b.example?subject=Hi||w" },
		{ "<a href=\"tel:+1555\">call</a>", "tel:+1555||call" },
		{ "<a href=\"/x\">r</a><a href=\"javascript:1\">j</a>"
		  "<a href=\"#top\">t</a><a name=x>n</a><a href>e</a>"
		  "<a href=\"http://\">h</a>",
		  "" },
		{ "<a href=\"http://a.example/?a=1&amp;b=2\">x</a>",
		  "http://a.example/?a=1&b=2|a.example|x" },
		{ "<a href=\"http://a.example/\"><img src=i.png></a>",
		  "http://a.example/|a.example|" },
		{ "<a href=\"http://a.example/\"><img alt=Demo></a>",
		  "http://a.example/|a.example|Demo" },
		{ "<a href=\"http://a.example/\"><img></a> and "
		  "<a href=\"http://a.example/\">later</a>",
		  "http://a.example/|a.example|later" },
		{ "<p hidden><a href=\"http://a.example/\">x</a></p>", "" },
		{ "<a href=\"http://a.example/\">un<p>closed",
		  "http://a.example/|a.example|un closed" },
		{ "<a href=http://a.example/>one<a href=http://b.example/>two",
		  "http://a.example/|a.example|one "
		  "http://b.example/|b.example|two" },
		{ "new<blockquote type=cite><a href=\"http://a.example/\">o"
		  "</a></blockquote>",
		  "http://a.example/|a.example|o|q" },
		{ "<blockquote type=cite><a href=\"http://a.example/\">o</a>"
		  "</blockquote><a href=\"http://a.example/\">n</a>",
		  "http://a.example/|a.example|o" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct link_list *list = NULL;
		html_text_free(render(cases[i].html, &list));
		g_autofree char *text = links_text(list);
		g_assert_cmpstr(text, ==, cases[i].links);
	}
}

static void
plain_links(void)
{
	static const struct {
		const char *text;
		const char *links;
	} cases[] = {
		{ "see https://a.example/x?y=1.", "https://a.example/x?y=1" },
		{ "(http://a.example/a_(b))", "http://a.example/a_(b)" },
		{ "<HTTP://a.example>,", "HTTP://a.example" },
		{ "www.a.example/b and awww.no", "http://www.a.example/b" },
		{ "http://a.example http://a.example", "http://a.example" },
		{ "x://y ftp://z http:// https://", "" },
		{ "httphttps://a.example", "https://a.example" },
		{ "http://a.example\xc2\xa0next", "http://a.example" },
		{ "http://www.a.example/ www.b.example",
		  "http://www.a.example/ http://www.b.example" },
		{ "", "" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct link_list *list = link_list_new(10);
		g_assert_true(link_find(list, cases[i].text, FALSE));
		g_autoptr(GPtrArray) array = link_list_steal(list);
		GString *found = g_string_new(NULL);
		for (guint k = 0; k < array->len; k++)
			g_string_append_printf(
				found, "%s%s", k > 0 ? " " : "",
				((struct content_link *)array->pdata[k])->url);
		g_assert_cmpstr(found->str, ==, cases[i].links);
		g_string_free(found, TRUE);
	}
}

static void
link_cap(void)
{
	struct link_list *list = link_list_new(2);
	struct html_text *text = html_render("<a href=http://a.example>a</a>"
					     "<a href=http://b.example>b</a>"
					     "<a href=http://a.example>a</a>"
					     "<a href=http://c.example>c</a>",
					     &mail_limits_default, FALSE, list);

	g_assert_cmpuint(text->odd, ==, MAIL_CAP_URLS);
	g_assert_cmpuint(link_count(list), ==, 2);
	g_assert_false(link_find(list, "http://d.example", FALSE));
	html_text_free(text);
	link_list_free(list);
}

/* Units repeated to a megabyte, each of which has hurt some parser. */
static const struct {
	const char *unit;
	guint odd;
} bombs[] = {
	{ "<div>", MAIL_CAP_HTML },
	{ "<div style=\"font-size:99%\">", MAIL_CAP_HTML },
	{ "<table><tr><td>", MAIL_CAP_HTML },
	{ "<p>", MAIL_CAP_HTML },
	{ "<li>x", MAIL_CAP_HTML },
	{ "<br>", MAIL_CAP_HTML },
	{ "</x>", 0 },
	{ "<", 0 },
	{ "<a", 0 },
	{ "<!--", 0 },
	{ "<!-- x -->", 0 },
	{ "<![CDATA[", 0 },
	{ "<?x ", 0 },
	{ "&a", 0 },
	{ "&#x41;", 0 },
	{ "&nbsp;", 0 },
	{ "<body a=b>", 0 },
	{ "<html id=b>", 0 },
	{ "<script>", 0 },
	{ "<style></style", 0 },
	{ "<a href=http://x.example/>", 0 },
	{ "http://a.example/ ", 0 },
	{ "\001", 0 },
	{ "\xef\xbf\xbe", 0 },
	{ "<p class=\"x x x x x x\">", 0 },
	{ "<blockquote type=cite>", MAIL_CAP_HTML },
};

static GString *
repeat(const char *before, const char *unit, const char *after)
{
	GString *text = g_string_new(before);

	while (text->len < 1 << 20)
		g_string_append(text, unit);
	return g_string_append(text, after);
}

static void
check_cheap(const GString *html, guint odd)
{
	struct link_list *list = NULL;
	const clock_t start = clock();
	struct html_text *text = render(html->str, &list);

#ifndef __SANITIZE_ADDRESS__
	g_assert_cmpint((clock() - start) * 1000 / CLOCKS_PER_SEC, <, 1000);
#endif
	(void)start;
	g_assert_cmpuint(text->odd & MAIL_CAP_HTML, ==, odd);
	g_assert_true(g_utf8_validate(text->text->str, -1, NULL));
	g_assert_true(g_utf8_validate(text->hidden->str, -1, NULL));
	g_assert_cmpuint(text->hidden->len, <, 100000);
	html_text_free(text);
	link_list_free(list);
}

static void
check_bombs(void)
{
	struct rusage before;
	struct rusage after;

	getrusage(RUSAGE_SELF, &before);
	for (guint i = 0; i < G_N_ELEMENTS(bombs); i++) {
		GString *html = repeat("", bombs[i].unit, "");
		check_cheap(html, bombs[i].odd);
		g_string_free(html, TRUE);
	}
	getrusage(RUSAGE_SELF, &after);
#ifndef __SANITIZE_ADDRESS__
	g_assert_cmpint(after.ru_maxrss - before.ru_maxrss, <, 64 * 1024);
#endif
}

static void
attribute_bombs(void)
{
	GString *many = g_string_new("<a");

	for (guint i = 0; many->len < 1 << 20; i++)
		g_string_append_printf(many, " a%x=\">\"", i);
	g_string_append(many, ">text</a>");
	check_cheap(many, 0);
	g_string_free(many, TRUE);

	static const char *const pairs[][3] = {
		{ "<a href=\"http://a.example/", "a", "\">text</a>" },
		{ "<p style=\"", "color:red;", "\">text" },
		{ "<p style=\"background:", "a ", "\">text" },
		{ "<p style=\"color:rgb(", ",", "\">text" },
		{ "<p class=\"", "a", "\">text" },
		{ "<style>", ".a{display:none}", "</style>text" },
		{ "<style>", "a,", "{color:red}</style>text" },
		{ "<style>", "/*", "</style>text" },
		{ "<style>.x{color:red}</style>", "<b class=x></b>", "" },
		{ "<a href=\"", "\001", "\">text" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		GString *html = repeat(pairs[i][0], pairs[i][1], pairs[i][2]);
		check_cheap(html, i == 8 ? MAIL_CAP_HTML : 0);
		g_string_free(html, TRUE);
	}
}

/* What stands behind a cap is not read; what stands before is. */
static void
caps(void)
{
	struct mail_limits limits = mail_limits_default;
	struct link_list *list = link_list_new(10);

	limits.tag_depth = 10;
	struct html_text *text = html_render("a<i><i><i><i><i><i><i><i><i><i>b",
					     &limits, FALSE, list);
	g_assert_cmpuint(text->odd, ==, MAIL_CAP_HTML);
	g_assert_cmpstr(text->text->str, ==, "a");
	html_text_free(text);
	limits = mail_limits_default;
	limits.tags = 4; /* html and body are there unsaid */
	text = html_render("<p>a<br>b<br>c", &limits, FALSE, list);
	g_assert_cmpuint(text->odd, ==, MAIL_CAP_HTML);
	g_assert_cmpstr(text->text->str, ==, "a\nb");
	html_text_free(text);
	link_list_free(list);
}

static void
add_rows(const char *group, const struct row *rows, guint n,
	 GTestDataFunc check)
{
	for (guint i = 0; i < n; i++) {
		g_autofree char *name =
			g_strdup_printf("/html/%s/%s", group, rows[i].name);
		g_test_add_data_func(name, &rows[i], check);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_rows("shown", shown, G_N_ELEMENTS(shown), check_shown);
	add_rows("trick", tricks, G_N_ELEMENTS(tricks), check_shown);
	add_rows("quote", quotes, G_N_ELEMENTS(quotes), check_quoted);
	g_test_add_func("/html/signature-division", signature);
	g_test_add_func("/html/no-reply-no-quote-by-looks", not_a_reply);
	g_test_add_func("/html/images-and-trackers", images);
	g_test_add_func("/html/links", links);
	g_test_add_func("/html/links-in-running-text", plain_links);
	g_test_add_func("/html/link-cap", link_cap);
	g_test_add_func("/html/caps-on-elements-and-depth", caps);
	g_test_add_func("/html/bombs", check_bombs);
	g_test_add_func("/html/attribute-bombs", attribute_bombs);
	return g_test_run();
}
