/*
 * Bombs, and the torture mail beside the repository: each within a second of
 * CPU and 64 MB, every string valid, and the cap that was hit is told.
 */
#include <glib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "mail/address.h"
#include "mail/authres.h"
#include "mail/message.h"

/* The sanitizers cost a few times as much. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CPU_SECONDS_MAX 5.0
#else
#define CPU_SECONDS_MAX 1.0
#endif
#define MEMORY_KB_MAX (64L << 10)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_IS_OURS FALSE
#else
#define MEMORY_IS_OURS TRUE
#endif

static const char *const ids[] = { "mx.our.example", NULL };

static long
peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
check_utf8(const char *text)
{
	g_assert_true(!text || g_utf8_validate(text, -1, NULL));
}

static void
read_fields(const struct mail *mail)
{
	static const char *const names[] = {
		"From",	      "To",	    "Cc",	    "Subject",
		"Message-ID", "References", "Content-Type", "Received",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *text = mail_field_text(mail, names[i], 0);
		g_autofree char *decoded =
			mail_field_decoded(mail, names[i], 0);
		g_autoptr(GPtrArray) list =
			address_list_parse(text ? text : "", 1024);

		check_utf8(text);
		check_utf8(decoded);
		for (guint k = 0; k < list->len; k++) {
			struct address *address = g_ptr_array_index(list, k);

			check_utf8(address->name);
			check_utf8(address->addr);
		}
	}
}

static guint
read_parts(const struct mail *mail)
{
	gsize size;
	const char *data = g_bytes_get_data(mail_bytes(mail), &size);
	gsize left = mail_limits(mail)->text;
	guint odd = 0;
	guint n;
	const struct mail_part *parts = mail_parts(mail, &n);

	g_assert_cmpuint(n, >, 0);
	g_assert_cmpuint(n, <=, mail_limits(mail)->parts);
	for (guint i = 0; i < n; i++) {
		g_autofree char *text = NULL;

		check_utf8(parts[i].type);
		check_utf8(parts[i].name);
		g_assert_true(!data || (parts[i].body >= data &&
					parts[i].body + parts[i].body_len <=
						data + size));
		g_assert_cmpuint(parts[i].depth, <=, mail_limits(mail)->depth);
		g_assert_true(i == 0 || parts[i].parent < i);
		if (parts[i].kind != MAIL_PART_TEXT &&
		    parts[i].kind != MAIL_PART_HTML)
			continue;
		text = mail_part_text(mail, i, left, &odd);
		check_utf8(text);
		g_assert_cmpuint(strlen(text), <=, left);
		left -= strlen(text);
	}
	return odd;
}

/* Everything that can be asked of a message; the bits of what was odd. */
static guint
examine(GBytes *bytes)
{
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Address) author = address_of_author(mail);
	g_autoptr(Address) shown = address_shown(mail);
	guint odd = read_parts(mail);

	read_fields(mail);
	authres_author(mail, ids, "a@b.example");
	return odd | mail_odd(mail);
}

/* The same with its price; FALSE (and the test has failed) when too dear. */
static guint
examine_priced(GBytes *bytes, const char *name)
{
	long memory = peak_kb();
	clock_t cpu = clock();
	guint odd = examine(bytes);
	double seconds = (double)(clock() - cpu) / CLOCKS_PER_SEC;

	memory = peak_kb() - memory;
	if (seconds > CPU_SECONDS_MAX)
		g_test_fail_printf("%s: %.2f s of CPU", name, seconds);
	if (MEMORY_IS_OURS && memory > MEMORY_KB_MAX)
		g_test_fail_printf("%s: %ld kB more memory", name, memory);
	return odd;
}

struct bomb {
	const char *name;
	const char *before;
	const char *repeated; /* "%u" in it is the number of the copy */
	guint times;
	const char *after;
	guint odd; /* these bits must be set, and no other cap */
};

#define MIXED	"Content-Type: multipart/mixed; boundary=b\n\n"
#define DECODED "Content-Transfer-Encoding: "

static const struct bomb bombs[] = {
	{ "address-groups-nested", "To: ", "a:", 100000, "\n\n",
	  MAIL_CAP_HEADERS },
	{ "address-groups-within-the-cap", "From: ", "a:", 30000,
	  "<a@b.example>\n\n", 0 },
	{ "address-groups-in-a-forwarded-message",
	  "Content-Type: message/rfc822\n\nTo: ", "a:", 60000, "\n\n",
	  MAIL_CAP_HEADERS },
	{ "address-comments-nested", "From: ", "(", 100000, "\n\n",
	  MAIL_CAP_HEADERS },
	{ "address-comments-within-the-cap", "From: ", "(", 60000, "\n\n", 0 },
	{ "address-angles", "From: ", "<", 60000, "\n\n", 0 },
	{ "address-quotes", "From: ", "\"", 60000, "\n\n", 0 },
	{ "address-at-signs", "From: ", "@", 60000, "\n\n",
	  MAIL_CAP_ADDRESSES },
	{ "addresses", "To: x@y.example", ",a%u@b.example", 3000, "\n\n",
	  MAIL_CAP_ADDRESSES },
	{ "multiparts-side-by-side",
	  "Content-Type: multipart/mixed; boundary=x\n\n",
	  "--x\nContent-Type: multipart/mixed; boundary=x%u\n\n", 10000, "",
	  MAIL_CAP_PARTS | MAIL_ODD_BOUNDARY },
	{ "multiparts-nested", "",
	  "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", 10000, "x",
	  MAIL_CAP_DEPTH },
	{ "multiparts-nested-with-one-boundary", MIXED,
	  "--b\nContent-Type: multipart/mixed; boundary=b\n\n", 10000, "",
	  MAIL_CAP_DEPTH | MAIL_CAP_PARTS | MAIL_ODD_BOUNDARY },
	{ "messages-nested", "", "Content-Type: message/rfc822\n\n", 1000, "x",
	  MAIL_CAP_DEPTH },
	{ "parts", MIXED, "--b\n\nx\n", 10000, "--b--\n", MAIL_CAP_PARTS },
	{ "digest-parts", "Content-Type: multipart/digest; boundary=b\n\n",
	  "--b\n\nA: b\n\nx\n", 10000, "--b--\n", MAIL_CAP_PARTS },
	{ "fields", "", "X-%u: y\n", 200000, "\n\n",
	  MAIL_CAP_HEADERS | MAIL_CAP_MESSAGE },
	{ "fields-short", "", "a:\n", 200000, "\n\n", MAIL_CAP_HEADERS },
	{ "fields-of-one-name", "", "From: a@b.example\n", 50000, "\n\n",
	  MAIL_CAP_HEADERS | MAIL_ODD_TWO_FROM },
	{ "field-endless", "Subject: ", "x", 100000, "\n\n", MAIL_CAP_HEADERS },
	{ "field-name-endless", "", "x", 100000, ": y\n\n", MAIL_CAP_HEADERS },
	{ "field-of-folds", "Subject: x\n", " \n", 50000, "\n",
	  MAIL_CAP_HEADERS },
	{ "references", "References: ", "<%u@x.example>\n ", 100000, "\n\n",
	  MAIL_CAP_HEADERS },
	{ "words-not-closed", "Subject: =?utf-8?b?", "QUFB", 500000, "\n\n",
	  MAIL_CAP_HEADERS },
	{ "words-not-closed-many", "Subject: ", "=?a?b?x ", 8000, "\n\n", 0 },
	{ "words", "Subject: ", "=?utf-8?q?x?= ", 1000, "\n\n",
	  MAIL_CAP_WORDS },
	{ "words-of-two-charsets",
	  "Subject: ", "=?koi8-r?q?x?= =?big5?q?y?= ", 256, "\n\n", 0 },
	{ "parameters-continued", "Content-Type: text/plain", ";\n name*%u*=x",
	  100000, "\n\n", MAIL_CAP_HEADERS },
	{ "parameters-continued-within-the-cap", "Content-Type: text/plain",
	  "; name*%u*=x", 3500, "\n\n", 0 },
	{ "parameters", "Content-Type: text/plain", ";x%u=y", 7000, "\n\n", 0 },
	{ "parameter-comments", "Content-Type: text/plain; ", "(", 60000,
	  "\n\n", 0 },
	{ "boundary-endless", "Content-Type: multipart/mixed; boundary=", "b",
	  60000, "\n\n--b\n", MAIL_ODD_BOUNDARY },
	{ "body-large", "\n", "0123456789abcde\n", 200000, "",
	  MAIL_CAP_MESSAGE | MAIL_CAP_TEXT },
	{ "text-large", "\n", "0123456789abcde\n", 100000, "", MAIL_CAP_TEXT },
	{ "text-large-in-many-parts", MIXED, "--b\n\n0123456789abcde\n", 500,
	  "--b--\n", 0 },
	{ "line-endless", "\n", "x", 1000000, "", 0 },
	{ "lines-empty", "", "\n", 1000000, "", 0 },
	{ "carriage-returns", "", "\r", 1500000, "",
	  MAIL_ODD_BARE_CR | MAIL_CAP_TEXT },
	{ "carriage-returns-in-a-multipart", MIXED, "\r", 1500000, "",
	  MAIL_ODD_BARE_CR | MAIL_ODD_BOUNDARY | MAIL_CAP_TEXT },
	{ "dashes", MIXED, "--\n", 600000, "",
	  MAIL_ODD_BOUNDARY | MAIL_CAP_TEXT },
	{ "colons", "", ":", 1000000, "", 0 },
	{ "quoted-printable-equals", DECODED "quoted-printable\n\n", "=",
	  1000000, "", MAIL_ODD_ENCODING },
	{ "base64-padding", DECODED "base64\n\n", "=", 1000000, "", 0 },
	{ "uuencode-lines", DECODED "uuencode\n\nbegin 644 x\n", "M", 1000000,
	  "", MAIL_CAP_TEXT | MAIL_ODD_CHARSET },
	{ "wrong-bytes", "Content-Type: text/plain; charset=utf-8\n\n",
	  "\xFF\xC3\xE2\x82", 400000, "", MAIL_ODD_CHARSET | MAIL_CAP_TEXT },
	{ "wrong-bytes-gb18030", "Content-Type: text/plain; charset=gbk\n\n",
	  "\xFF\xFF", 400000, "", MAIL_ODD_CHARSET | MAIL_CAP_TEXT },
	{ "iso-2022-escapes",
	  "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\033$B\033(B",
	  200000, "", 0 },
	{ "received", "", "Received: by mx.our.example\n", 500, "\n", 0 },
	{ "results", "Authentication-Results: mx.our.example",
	  ";dkim=pass header.d=a%u.example", 1700, "\nFrom: a@b.example\n\n",
	  0 },
	{ "results-comments", "Authentication-Results: mx.our.example ", "(",
	  60000, "\nFrom: a@b.example\n\n", 0 },
};

static GBytes *
bomb_make(const struct bomb *bomb)
{
	GString *text = g_string_new(bomb->before);
	g_auto(GStrv) pieces = g_strsplit(bomb->repeated, "%u", -1);

	for (guint i = 0; i < bomb->times; i++) {
		g_string_append(text, pieces[0]);
		for (guint k = 1; pieces[k]; k++)
			g_string_append_printf(text, "%u%s", i, pieces[k]);
	}
	g_string_append(text, bomb->after);
	return g_string_free_to_bytes(text);
}

static void
test_bomb(gconstpointer data)
{
	const struct bomb *bomb = data;
	g_autoptr(GBytes) bytes = bomb_make(bomb);
	guint odd = examine_priced(bytes, bomb->name);

	for (guint bit = 1; bit <= MAIL_ODD_INVISIBLE; bit <<= 1) {
		if (bomb->odd & bit & ~odd)
			g_test_fail_printf("%s: does not say %s", bomb->name,
					   mail_odd_name((enum mail_odd)bit));
		if (odd & bit & ~bomb->odd & MAIL_CAPS)
			g_test_fail_printf("%s: must not say %s", bomb->name,
					   mail_odd_name((enum mail_odd)bit));
	}
}

/* Every message cut at every length, and with every byte changed. */
static void
test_cut_and_flipped(void)
{
	static const char text[] =
		"From: =?utf-8?q?x?= <a@b.example>\r\n"
		"Authentication-Results: mx.our.example; dkim=pass (c) "
		"header.d=\"b.example\"\r\n"
		"Content-Type: multipart/mixed; boundary=\"b\\c\"\r\n\r\n"
		"--bc\r\nContent-Type: text/html; charset=koi8-r; "
		"name*0*=utf-8''%41\r\nContent-Transfer-Encoding: base64\r\n"
		"\r\nQUFB\r\n--bc\r\nContent-Type: message/rfc822\r\n\r\n"
		"Subject: x\r\n\r\n=41\r\n--bc--\r\n";

	for (gsize i = 0; i < sizeof(text); i++) {
		g_autofree char *copy = g_memdup2(text, sizeof(text));
		g_autoptr(GBytes) cut = g_bytes_new(text, i);

		examine(cut);
		for (guint k = 0; k < 8; k++) {
			g_autoptr(GBytes) flipped = NULL;

			copy[i] = (char)(text[i] ^ (1 << k));
			flipped = g_bytes_new(copy, sizeof(text) - 1);
			examine(flipped);
		}
	}
}

static guint
walk(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint n = 0;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autoptr(GBytes) bytes = NULL;
		char *data;
		gsize size;

		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			n += walk(path);
		} else if (g_file_get_contents(path, &data, &size, NULL)) {
			bytes = g_bytes_new_take(data, size);
			examine_priced(bytes, path);
			n++;
		}
	}
	return n;
}

static void
test_torture(void)
{
	const char *folder = g_getenv("PITCHWARD_TORTURE");
	guint n;

	if (!folder)
		folder = "../shared/torture";
	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		g_test_skip_printf("no folder %s (PITCHWARD_TORTURE)", folder);
		return;
	}
	n = walk(folder);
	g_test_message("%u files", n);
	g_assert_cmpuint(n, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *path =
			g_strdup_printf("/hostile/bomb/%s", bombs[i].name);

		g_test_add_data_func(path, &bombs[i], test_bomb);
	}
	g_test_add_func("/hostile/cut-and-flipped", test_cut_and_flipped);
	g_test_add_func("/hostile/torture", test_torture);
	return g_test_run();
}
