/* What a person sees of whole messages, and what that may cost. */
#include "mail/content.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define CPU_SECONDS_MAX 1.0
#define MEMORY_KB_MAX	(64L << 10)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PRICES_COUNT FALSE
#else
#define PRICES_COUNT TRUE
#endif

#define ALTERNATIVE                                                            \
	"Subject: s\nContent-Type: multipart/alternative; boundary=b\n\n"
#define MIXED	   "Subject: s\nContent-Type: multipart/mixed; boundary=m\n\n"
#define PART_TEXT  "--b\nContent-Type: text/plain; charset=utf-8\n\n"
#define PART_HTML  "--b\nContent-Type: text/html; charset=utf-8\n\n"
#define MIXED_TEXT "--m\nContent-Type: text/plain\n\n"
#define MIXED_HTML "--m\nContent-Type: text/html\n\n"
#define LONG_PLAIN "We help hospitals to contain ransomware quickly.\n"

struct row {
	const char *name;
	const char *mail;
	const char *fresh; /* line ends as "/" */
	const char *quoted;
	const char *signature;
	const char *hidden;
	gboolean html;
};

static const struct row rows[] = {
	{ "empty", "", "", "", "", "", FALSE },
	{ "headers-only", "Subject: x\n\n", "", "", "", "", FALSE },
	{ "plain", "Subject: x\n\nHello\nthere\n", "Hello/there", "", "", "",
	  FALSE },
	{ "plain-answer", "Subject: Re: x\n\nYes.\n\n> old\n> older\n", "Yes.",
	  "old/older", "", "", FALSE },
	{ "bullets-in-no-answer", "Subject: News\n\n> one\n> two\n",
	  "> one/> two", "", "", "", FALSE },
	{ "answer-by-reference", "In-Reply-To: <a@b>\n\nYes.\n> one\n> two\n",
	  "Yes.", "one/two", "", "", FALSE },
	{ "answer-of-a-list", "Subject: [lst] AW: x\n\nYes.\n> one\n> two\n",
	  "Yes.", "one/two", "", "", FALSE },
	{ "override-is-read-as-it-is-shown",
	  "Content-Type: text/plain; charset=utf-8\n\nA \u202eomed\u202c "
	  "of \u202e.ecnats\u202dx \u202eאבג\u202c\n\u202ecba\ndef\n",
	  "A \u202edemo\u202c of \u202estance.\u202dx \u202eאבג\u202c/"
	  "\u202eabc/def",
	  "", "", "", FALSE },
	{ "utf-7",
	  "Content-Type: text/plain; charset=UTF-7\n\n+AEQA5gBtAG8- 1 +- 2, "
	  "+2D3cSw-! +49 30-5 a+AGI",
	  "Dæmo 1 + 2, \U0001f44b! +49 30-5 ab", "", "", "", FALSE },
	{ "utf-7-that-is-none",
	  "Content-Type: text/plain; charset=utf-7\n\nfür +AGI-", "für +AGI-",
	  "", "", "", FALSE },
	{ "html-in-utf-7",
	  "Content-Type: text/html; charset=utf-7\n\n+ADw-p+AD4-Hi", "Hi", "",
	  "", "", TRUE },
	{ "html", "Content-Type: text/html\n\n<p>Hi <b>Al</b></p>", "Hi Al", "",
	  "", "", TRUE },
	{ "html-with-text-quote",
	  "Subject: Re: x\nContent-Type: text/html\n\n<p>Yes.</p>"
	  "<p>-----Original Message-----<br>From: a</p><p>old</p>",
	  "Yes.", "-----Original Message-----/From: a//old", "", "", TRUE },
	{ "html-with-quote-division",
	  "Subject: Re: x\nContent-Type: text/html\n\n<div>Yes.</div>"
	  "<div class=gmail_quote><div class=gmail_attr>On 1 Jan A wrote:</div>"
	  "<blockquote class=gmail_quote>old</blockquote></div>",
	  "Yes.", "On 1 Jan A wrote://old", "", "", TRUE },
	{ "html-with-closing",
	  "Content-Type: text/html\n\n<p>Call me?</p><p>Best,<br>Sam<br>Acme"
	  "</p>",
	  "Call me?", "", "Best,/Sam/Acme", "", TRUE },
	{ "html-with-signature-division",
	  "Content-Type: text/html\n\n<p>Call me?</p>"
	  "<div class=gmail_signature>Sam<br>Acme</div>",
	  "Call me?", "", "Sam/Acme", "", TRUE },
	{ "html-hidden",
	  "Content-Type: text/html\n\n<p style=\"display:none\">invoice</p>"
	  "<p>pitch</p>",
	  "pitch", "", "", "invoice", TRUE },
	{ "alternative-html-wins",
	  ALTERNATIVE PART_TEXT "plain words\n" PART_HTML
				"<p>This is what the HTML says.</p>\n--b--\n",
	  "This is what the HTML says.", "", "", "", TRUE },
	{ "alternative-html-shows-nothing",
	  ALTERNATIVE PART_TEXT LONG_PLAIN PART_HTML
	  "<img src=\"http://a.example/i.png\">\n--b--\n",
	  "We help hospitals to contain ransomware quickly.", "", "", "",
	  FALSE },
	{ "alternative-html-hides-all",
	  ALTERNATIVE PART_TEXT LONG_PLAIN PART_HTML
	  "<p hidden>invoice</p>\n--b--\n",
	  "We help hospitals to contain ransomware quickly.", "", "", "invoice",
	  FALSE },
	{ "alternative-both-short",
	  ALTERNATIVE PART_TEXT "ok\n" PART_HTML "<p>ok!</p>\n--b--\n", "ok!",
	  "", "", "", TRUE },
	{ "alternative-html-is-a-quote-only",
	  ALTERNATIVE PART_TEXT LONG_PLAIN PART_HTML
	  "<p>FYI</p><blockquote type=cite>The forwarded words of another."
	  "</blockquote>\n--b--\n",
	  "FYI", "The forwarded words of another.", "", "", TRUE },
	{ "alternative-of-two-texts",
	  ALTERNATIVE PART_TEXT "first\n" PART_TEXT "second\n--b--\n", "second",
	  "", "", "", FALSE },
	{ "alternative-html-in-related",
	  ALTERNATIVE PART_TEXT "plain words\n"
				"--b\nContent-Type: multipart/related; "
				"boundary=r\n\n--r\nContent-Type: text/html\n\n"
				"<p>This is what the HTML says.</p>\n--r\n"
				"Content-Type: image/png\n\nx\n--r--\n--b--\n",
	  "This is what the HTML says.", "", "", "", TRUE },
	{ "mixed-texts-follow-each-other",
	  MIXED MIXED_TEXT "one\n" MIXED_HTML "<p>two</p>\n" MIXED_TEXT
			   "three\n--m--\n",
	  "one/two/three", "", "", "", TRUE },
	{ "enclosed-message-is-quoted",
	  MIXED MIXED_TEXT "see this\n"
			   "--m\nContent-Type: message/rfc822\n\nSubject: old\n"
			   "Content-Type: text/plain\n\nold words\n--m--\n",
	  "see this", "old words", "", "", FALSE },
	{ "enclosed-html-is-quoted",
	  MIXED MIXED_TEXT
	  "see this\n--m\nContent-Type: message/rfc822\n\n"
	  "Content-Type: text/html\n\n<p>old<p hidden>no\n--m--\n",
	  "see this", "old", "", "no", FALSE },
	{ "utf-8", "Content-Type: text/plain; charset=utf-8\n\nGrüße, 日本\n",
	  "Grüße, 日本", "", "", "", FALSE },
	{ "latin-1", "Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\n",
	  "Grü", "", "", "", FALSE },
	{ "control-characters",
	  "\n\na\001b\x1f"
	  "c\x7f"
	  "d\te\n",
	  "a b c d\te", "", "", "", FALSE },
	{ "base64",
	  "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
	  "PHA+SGk8L3A+\n",
	  "Hi", "", "", "", TRUE },
};

static struct content *
read_mail(const char *mail_text, gsize len)
{
	g_autoptr(GBytes) bytes = g_bytes_new(mail_text, len);
	g_autoptr(Mail) mail = mail_new(bytes, NULL);

	return content_new(mail);
}

static void
check(const char *text, const char *expected)
{
	g_autofree char *slashed = g_strdup(text);

	g_strdelimit(slashed, "\n", '/');
	g_assert_cmpstr(slashed, ==, expected);
}

static void
check_row(gconstpointer data)
{
	const struct row *row = data;
	g_autoptr(Content) content = read_mail(row->mail, strlen(row->mail));

	check(content->fresh, row->fresh);
	check(content->quoted, row->quoted);
	check(content->signature, row->signature);
	check(content->hidden, row->hidden);
	g_assert_cmpint(content->html, ==, row->html);
}

static void
subjects(void)
{
	static const struct {
		const char *mail;
		const char *subject;
	} cases[] = {
		{ "\n\n", "" },
		{ "Subject:  Hi  \n\n", "Hi" },
		{ "Subject: a\n b\n\tc\n\n", "a b c" },
		{ "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe=0Ax?=\n\n", "Grüße x" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Content) content =
			read_mail(cases[i].mail, strlen(cases[i].mail));
		g_assert_cmpstr(content->subject, ==, cases[i].subject);
	}
}

static void
attachments(void)
{
	static const struct {
		const char *type;
		guint attachments;
		gboolean calendar;
	} cases[] = {
		{ "application/pdf", 1, FALSE },
		{ "image/png", 1, FALSE },
		{ "message/rfc822", 1, FALSE },
		{ "text/plain\nContent-Disposition: attachment", 1, FALSE },
		{ "text/plain", 0, FALSE },
		{ "text/calendar; method=REQUEST", 0, TRUE },
		{ "application/ics", 0, TRUE },
		{ "application/pgp-signature", 0, FALSE },
		{ "application/pkcs7-signature", 0, FALSE },
		{ "message/delivery-status", 0, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *mail = g_strdup_printf(
			MIXED MIXED_TEXT "a\n--m\nContent-Type: %s\n\nx\n"
					 "--m--\n",
			cases[i].type);
		g_autoptr(Content) content = read_mail(mail, strlen(mail));
		g_assert_cmpuint(content->attachments, ==,
				 cases[i].attachments);
		g_assert_cmpint(content->calendar, ==, cases[i].calendar);
	}
}

static void
related_images(void)
{
	static const char mail[] =
		"Content-Type: multipart/related; boundary=m\n\n" MIXED_HTML
		"<p>a<img src=cid:x><img src=\"http://a.example/o\" width=1 "
		"height=1>\n--m\nContent-Type: image/png\n\nx\n--m--\n";
	g_autoptr(Content) content = read_mail(mail, sizeof mail - 1);

	g_assert_cmpuint(content->attachments, ==, 0);
	g_assert_cmpuint(content->images, ==, 1);
	g_assert_cmpuint(content->trackers, ==, 1);
}

static char *
links_of(const char *mail)
{
	g_autoptr(Content) content = read_mail(mail, strlen(mail));
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < content->links->len; i++) {
		const struct content_link *link = content->links->pdata[i];
		g_string_append_printf(text, "%s%s|%s%s", i > 0 ? " " : "",
				       link->url, link->text,
				       link->quoted ? "|q" : "");
	}
	return g_string_free(text, FALSE);
}

static void
links(void)
{
	static const struct {
		const char *mail;
		const char *links;
	} cases[] = {
		{ "\n\nsee http://a.example/x and www.b.example.\n",
		  "http://a.example/x| http://www.b.example|" },
		{ "Subject: Re: x\n\nnew http://a.example\n> http://b.example\n"
		  "> http://a.example\n",
		  "http://a.example| http://b.example||q" },
		{ "Content-Type: text/html\n\n<a href=http://a.example/>A</a> "
		  "<a href=http://t.example/1>http://b.example/</a> "
		  "http://c.example/",
		  "http://a.example/|A http://t.example/1|http://b.example/ "
		  "http://c.example/|" },
		{ "Content-Type: text/html\n\n<a href=http://a.example/>A</a>"
		  "<p>-----Original Message-----</p>"
		  "<a href=http://b.example/>B</a>",
		  "http://a.example/|A http://b.example/|B|q" },
		{ "Content-Type: text/html\n\n<p>x</p>"
		  "<a href=http://a.example/>last</a>",
		  "http://a.example/|last" },
		{ MIXED "--m\nContent-Type: message/rfc822\n\nSubject: x\n"
			"Content-Type: text/html\n\n"
			"<a href=http://a.example/>A</a>\n" MIXED_HTML
			"<a href=http://b.example/>B</a>\n--m--\n",
		  "http://a.example/|A|q http://b.example/|B" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *found = links_of(cases[i].mail);
		g_assert_cmpstr(found, ==, cases[i].links);
	}
}

static void
oddities(void)
{
	static const struct {
		const char *mail;
		guint odd;
	} cases[] = {
		{ "\n\nplain\n", 0 },
		{ "\n\nfr\xe2\x80\x8b"
		  "ee\n",
		  MAIL_ODD_INVISIBLE },
		{ "\n\nfr\xe2\x80\x8d"
		  "ee\n",
		  MAIL_ODD_INVISIBLE },
		{ "\n\n\xe2\x80\xae"
		  "x\n",
		  MAIL_ODD_INVISIBLE },
		{ "\n\n\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x92\xbb\n", 0 },
		{ "\n\n5 \xe2\x82\xac\n", 0 },
		{ "Subject: =?utf-8?q?a=E2=80=8Bb?=\n\n", MAIL_ODD_INVISIBLE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Content) content =
			read_mail(cases[i].mail, strlen(cases[i].mail));
		g_assert_cmpuint(content->odd & MAIL_ODD_INVISIBLE, ==,
				 cases[i].odd);
	}
}

static void
check_valid(const struct content *content)
{
	const char *const texts[] = { content->subject, content->fresh,
				      content->quoted, content->signature,
				      content->hidden };

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_assert_nonnull(texts[i]);
		g_assert_true(g_utf8_validate(texts[i], -1, NULL));
		g_assert_null(strchr(texts[i], '\x1f'));
	}
	for (guint i = 0; i < content->links->len; i++) {
		const struct content_link *link = content->links->pdata[i];
		g_assert_true(g_utf8_validate(link->url, -1, NULL));
		g_assert_true(g_utf8_validate(link->host, -1, NULL));
		g_assert_true(g_utf8_validate(link->text, -1, NULL));
	}
}

static long
peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static guint
read_priced(const char *mail, gsize len, const char *name)
{
	const long memory = peak_kb();
	const clock_t cpu = clock();
	g_autoptr(Content) content = read_mail(mail, len);
	const double seconds = (double)(clock() - cpu) / CLOCKS_PER_SEC;

	check_valid(content);
	if (PRICES_COUNT &&
	    (seconds > CPU_SECONDS_MAX || peak_kb() - memory > MEMORY_KB_MAX))
		g_error("%s takes %.2f s and %ld kB", name, seconds,
			peak_kb() - memory);
	return content->odd;
}

/* A unit repeated to a megabyte behind a header. */
static void
bombs(void)
{
	static const struct {
		const char *name;
		const char *before;
		const char *unit;
		guint odd;
	} cases[] = {
		{ "nested divisions", "Content-Type: text/html\n\n", "<div>",
		  MAIL_CAP_HTML },
		{ "two megabytes of text", "\n\n", "0123456789\n",
		  MAIL_CAP_TEXT },
		{ "links", "\n\n", "http://a.example/ ", MAIL_CAP_TEXT },
		{ "html parts", MIXED, MIXED_HTML "<p>x</p>\n",
		  MAIL_CAP_PARTS },
		{ "alternatives in each other", "Subject: x\n",
		  "Content-Type: multipart/alternative; boundary=b\n\n--b\n",
		  0 },
		{ "nul", "Content-Type: text/html\n\n", "<p>a\0b", 0 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		GString *mail = g_string_new(cases[i].before);
		while (mail->len < 2000000)
			g_string_append(mail, cases[i].unit);
		const guint odd =
			read_priced(mail->str, mail->len, cases[i].name);
		g_assert_cmpuint(odd & cases[i].odd, ==, cases[i].odd);
		g_string_free(mail, TRUE);
	}
}

static void
nul_bytes(void)
{
	static const char mail[] =
		"Content-Type: text/html\n\n<p>be\0fore</p>\0<p>after</p>";
	g_autoptr(Content) content = read_mail(mail, sizeof mail - 1);

	check_valid(content);
	g_assert_nonnull(strstr(content->fresh, "after"));
	g_assert_cmpuint(content->odd & MAIL_ODD_NUL, ==, MAIL_ODD_NUL);
}

static void
torture_file(const char *path)
{
	g_autofree char *data = NULL;
	gsize len = 0;

	if (g_file_get_contents(path, &data, &len, NULL))
		(void)read_priced(data, len, path);
}

/* The torture mail lies beside the repository and is not part of it. */
static void
torture(void)
{
	const char *root = g_getenv("PITCHWARD_TORTURE");
	g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(folders, g_strdup(root ? root : "../shared/torture"));
	for (guint i = 0; i < folders->len; i++) {
		g_autoptr(GDir) folder = g_dir_open(folders->pdata[i], 0, NULL);
		const char *name = NULL;
		if (folder == NULL && i == 0)
			g_test_skip("no torture mail here");
		while (folder != NULL &&
		       (name = g_dir_read_name(folder)) != NULL) {
			char *path =
				g_build_filename(folders->pdata[i], name, NULL);
			if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
				g_ptr_array_add(folders, path);
				continue;
			}
			torture_file(path);
			g_free(path);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name =
			g_strdup_printf("/content/%s", rows[i].name);
		g_test_add_data_func(name, &rows[i], check_row);
	}
	g_test_add_func("/content/subjects", subjects);
	g_test_add_func("/content/attachments-and-calendar", attachments);
	g_test_add_func("/content/pictures-in-the-text", related_images);
	g_test_add_func("/content/links", links);
	g_test_add_func("/content/invisible-characters", oddities);
	g_test_add_func("/content/nul-bytes", nul_bytes);
	g_test_add_func("/content/bombs", bombs);
	g_test_add_func("/content/torture", torture);
	return g_test_run();
}
