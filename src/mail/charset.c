#include "charset_private.h"

#include <errno.h>
#include <string.h>

#include "base/chunk.h"
#include "mail/limits.h"
#include "utf7_private.h"

#define NAME_LEN_MAX 32
#define REPLACEMENT  "\xEF\xBF\xBD"

enum method { ASCII, UTF8, WESTERN, ICONV, UTF7 };

struct charset {
	const char *name; /* lower case, as mail spells it */
	enum method method;
	const char *iconv; /* our own spelling, for iconv_open() */
};

/* The commonest first: it is searched in order. */
static const struct charset charsets[] = {
	{ "utf-8", UTF8, NULL },
	{ "us-ascii", ASCII, NULL },
	{ "iso-8859-1", WESTERN, NULL },
	{ "windows-1252", WESTERN, NULL },
	{ "", ASCII, NULL },
	{ "ascii", ASCII, NULL },
	{ "ansi_x3.4-1968", ASCII, NULL },
	{ "utf8", UTF8, NULL },
	{ "latin1", WESTERN, NULL },
	{ "iso8859-1", WESTERN, NULL },
	{ "iso_8859-1", WESTERN, NULL },
	{ "cp1252", WESTERN, NULL },
	{ "iso-8859-15", ICONV, "ISO-8859-15" },
	{ "iso-8859-2", ICONV, "ISO-8859-2" },
	{ "iso-8859-3", ICONV, "ISO-8859-3" },
	{ "iso-8859-4", ICONV, "ISO-8859-4" },
	{ "iso-8859-5", ICONV, "ISO-8859-5" },
	{ "iso-8859-6", ICONV, "ISO-8859-6" },
	{ "iso-8859-6-i", ICONV, "ISO-8859-6" },
	{ "iso-8859-7", ICONV, "ISO-8859-7" },
	{ "iso-8859-8", ICONV, "ISO-8859-8" },
	{ "iso-8859-8-i", ICONV, "ISO-8859-8" },
	{ "iso-8859-9", ICONV, "ISO-8859-9" },
	{ "iso-8859-10", ICONV, "ISO-8859-10" },
	{ "iso-8859-13", ICONV, "ISO-8859-13" },
	{ "iso-8859-14", ICONV, "ISO-8859-14" },
	{ "iso-8859-16", ICONV, "ISO-8859-16" },
	{ "windows-1250", ICONV, "CP1250" },
	{ "windows-1251", ICONV, "CP1251" },
	{ "cp1251", ICONV, "CP1251" },
	{ "windows-1253", ICONV, "CP1253" },
	{ "windows-1254", ICONV, "CP1254" },
	{ "windows-1255", ICONV, "CP1255" },
	{ "windows-1256", ICONV, "CP1256" },
	{ "windows-1257", ICONV, "CP1257" },
	{ "windows-1258", ICONV, "CP1258" },
	{ "windows-874", ICONV, "CP874" },
	{ "tis-620", ICONV, "CP874" },
	{ "koi8-r", ICONV, "KOI8-R" },
	{ "koi8-u", ICONV, "KOI8-U" },
	{ "cp866", ICONV, "CP866" },
	{ "ibm866", ICONV, "CP866" },
	{ "cp437", ICONV, "CP437" },
	{ "ibm437", ICONV, "CP437" },
	{ "cp850", ICONV, "CP850" },
	{ "ibm850", ICONV, "CP850" },
	{ "macintosh", ICONV, "MACINTOSH" },
	/* Each of these is read as its superset, as mail programs do. */
	{ "gb2312", ICONV, "GB18030" },
	{ "gbk", ICONV, "GB18030" },
	{ "gb18030", ICONV, "GB18030" },
	{ "big5", ICONV, "BIG5-HKSCS" },
	{ "big5-hkscs", ICONV, "BIG5-HKSCS" },
	{ "euc-kr", ICONV, "UHC" },
	{ "ks_c_5601-1987", ICONV, "UHC" },
	{ "cp949", ICONV, "UHC" },
	{ "shift_jis", ICONV, "CP932" },
	{ "shift-jis", ICONV, "CP932" },
	{ "sjis", ICONV, "CP932" },
	{ "windows-31j", ICONV, "CP932" },
	{ "cp932", ICONV, "CP932" },
	{ "euc-jp", ICONV, "EUC-JP" },
	{ "iso-2022-jp", ICONV, "ISO-2022-JP" },
	{ "iso-2022-kr", ICONV, "ISO-2022-KR" },
	{ "viscii", ICONV, "VISCII" },
	{ "utf-16", ICONV, "UTF-16" },
	{ "utf-16le", ICONV, "UTF-16LE" },
	{ "utf-16be", ICONV, "UTF-16BE" },
	{ "utf-7", UTF7, NULL },
	{ "unicode-1-1-utf-7", UTF7, NULL },
};

/* Windows-1252 at 0x80..0x9F; 0 where it has nothing. */
static const guint16 western[32] = {
	0x20AC, 0,	0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,	0x017D, 0,
	0,	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,	0x017E, 0x0178,
};

/* Where the UTF-8 is written: room for the rest of the input is kept. */
struct writer {
	GString *out;
	gsize at;   /* where the next byte goes; out->len is set at the end */
	gsize stop; /* `at` may pass it by a character; that is cut again */
	gboolean high;	/* a well-formed character beyond ASCII was there */
	gboolean wrong; /* so were bytes that are none */
};

const struct charset *
charset_find(const char *name, gsize len)
{
	char lower[NAME_LEN_MAX + 1];

	if (len > NAME_LEN_MAX)
		return NULL;
	for (gsize i = 0; i < len; i++)
		lower[i] = g_ascii_tolower(name[i]);
	lower[len] = '\0';
	for (gsize i = 0; i < G_N_ELEMENTS(charsets); i++) {
		if (strcmp(charsets[i].name, lower) == 0)
			return &charsets[i];
	}
	return NULL;
}

static void
writer_open(struct writer *writer, GString *out, gsize len, gsize max)
{
	gsize start = out->len;

	g_string_set_size(out, start + MIN(len, max) + 16);
	writer->out = out;
	writer->at = start;
	writer->stop = max < G_MAXSIZE - start ? start + max : G_MAXSIZE;
	writer->high = FALSE;
	writer->wrong = FALSE;
}

/*
 * Makes room for `need` bytes beyond the `rest` of the input, of which each
 * byte is at most one of output unless this was called for it.
 */
static void
writer_reserve(struct writer *writer, gsize need, gsize rest)
{
	gsize room = MIN(rest, writer->stop - MIN(writer->at, writer->stop));

	if (writer->at + need + room + 16 > writer->out->allocated_len)
		g_string_set_size(writer->out,
				  writer->at + need + room + room / 2 + 32);
}

/* Cuts to `stop`, at a character; TRUE when something was cut. */
static gboolean
writer_close(struct writer *writer)
{
	gsize at = writer->at;
	gboolean cut = at > writer->stop;

	if (cut) {
		at = writer->stop;
		while (at > 0 && (writer->out->str[at] & 0xC0) == 0x80)
			at--;
	}
	g_string_set_size(writer->out, at);
	return cut;
}

/* At most 4 bytes. */
static void
writer_put(struct writer *writer, const char *bytes, gsize n, gsize rest)
{
	writer_reserve(writer, n, rest);
	memcpy(writer->out->str + writer->at, bytes, n);
	writer->at += n;
}

/* The length of the well-formed UTF-8 sequence at `s` (not ASCII), or 0. */
static gsize
sequence_len(const guchar *s, gsize left)
{
	guchar low = 0x80;
	guchar high = 0xBF;
	gsize n;

	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	n = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	if (left < n)
		return 0;
	/* Overlong forms, surrogates, beyond U+10FFFF: Unicode table 3-7. */
	if (s[0] == 0xE0)
		low = 0xA0;
	else if (s[0] == 0xED)
		high = 0x9F;
	else if (s[0] == 0xF0)
		low = 0x90;
	else if (s[0] == 0xF4)
		high = 0x8F;
	if (s[1] < low || s[1] > high)
		return 0;
	for (gsize i = 2; i < n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	}
	return n;
}

/* Copies as long as nothing is NUL, CR or not ASCII; the index where it
 * stopped. */
static gsize
copy_plain(struct writer *writer, const char *in, gsize i, gsize len)
{
	char *out = writer->out->str + writer->at;
	gsize start = i;
	guint n = CHUNK;

	len = i + MIN(len - i, writer->stop - writer->at);
	/* What is written too much is written over: there is room for it. */
	while (len - i >= CHUNK && n == CHUNK) {
		const chunk b = chunk_get(in + i);

		n = chunk_first((b & 0x80) | chunk_are(b, 0) |
				chunk_are(b, '\r'));
		chunk_put(out, b);
		out += n;
		i += n;
	}
	/* One comparison leaves out NUL and all beyond ASCII. */
	while (i < len && (guchar)(in[i] - 1) < 0x7F && in[i] != '\r')
		*out++ = in[i++];
	writer->at += i - start;
	return i;
}

static void
put_wrong(struct writer *writer, gsize rest)
{
	writer->wrong = TRUE;
	writer_put(writer, REPLACEMENT, 3, rest);
}

static void
put_western(struct writer *writer, guchar c, gsize rest)
{
	gunichar u = c < 0xA0 ? western[c - 0x80] : c;
	char utf8[6];

	if (u == 0)
		put_wrong(writer, rest);
	else
		writer_put(writer, utf8, (gsize)g_unichar_to_utf8(u, utf8),
			   rest);
}

/* One character that is not plain; how many bytes of `in` it took. */
static gsize
put_special(struct writer *writer, const char *in, gsize left,
	    enum method method)
{
	gsize n = 1;

	if (*in == '\r') {
		if (left < 2 || in[1] != '\n')
			writer_put(writer, "\n", 1, left);
	} else if (*in == '\0') {
		writer_put(writer, REPLACEMENT, 3, left);
	} else if (method == WESTERN) {
		put_western(writer, (guchar)*in, left);
	} else {
		n = sequence_len((const guchar *)in, left);
		if (n > 0) {
			writer->high = TRUE;
			writer_put(writer, in, n, left);
		} else {
			put_wrong(writer, left);
			n = 1;
		}
	}
	return n;
}

static guint
append_direct(GString *out, enum method method, const char *in, gsize len,
	      gsize max, gboolean *wrong)
{
	struct writer writer;
	guint odd = 0;
	gsize i = 0;

	writer_open(&writer, out, len, max);
	while (i < len && writer.at < writer.stop) {
		i = copy_plain(&writer, in, i, len);
		if (i < len && writer.at < writer.stop)
			i += put_special(&writer, in + i, len - i, method);
	}
	if (writer.wrong || (writer.high && method == ASCII))
		odd |= MAIL_ODD_CHARSET;
	if (writer_close(&writer) || i < len)
		odd |= MAIL_CAP_TEXT;
	if (wrong)
		*wrong = writer.wrong;
	return odd;
}

guint
charset_append_utf8(GString *out, const char *in, gsize len, gsize max)
{
	return append_direct(out, UTF8, in, len, max, NULL);
}

/* Says ASCII, or nothing we know. */
static guint
append_undeclared(GString *out, const char *in, gsize len, gsize max)
{
	gsize start = out->len;
	gboolean wrong;
	guint odd = append_direct(out, ASCII, in, len, max, &wrong);

	if (!wrong)
		return odd;
	g_string_truncate(out, start);
	return append_direct(out, WESTERN, in, len, max, NULL) |
	       MAIL_ODD_CHARSET;
}

/* A step of iconv (its last without `in`); FALSE when no more will come. */
static gboolean
convert_step(GIConv converter, char **in, gsize *left, GString *utf8,
	     guint *odd)
{
	char buffer[4096];
	char *to = buffer;
	gsize room = sizeof(buffer);
	gsize n = g_iconv(converter, in, left, &to, &room);
	int saved = errno;

	g_string_append_len(utf8, buffer, to - buffer);
	if (n != (gsize)-1)
		return FALSE;
	if (saved == E2BIG)
		return TRUE;
	g_string_append(utf8, REPLACEMENT);
	*odd |= MAIL_ODD_CHARSET;
	if (saved != EILSEQ || !in || *left == 0)
		return FALSE;
	(*in)++;
	(*left)--;
	return *left > 0;
}

static guint
append_converted(GString *out, const char *iconv, const char *in, gsize len,
		 gsize max)
{
	GIConv converter = g_iconv_open("UTF-8", iconv);
	g_autoptr(GString) utf8 = NULL;
	/* iconv() wants a pointer that is not const, and only reads. */
	union {
		const char *in;
		char *out;
	} from = { in };
	guint odd = 0;

	/* A system without that conversion. */
	if ((gintptr)converter == -1)
		return append_undeclared(out, in, len, max) | MAIL_ODD_CHARSET;
	utf8 = g_string_sized_new(len + len / 2);
	while (len > 0 && utf8->len <= max &&
	       convert_step(converter, &from.out, &len, utf8, &odd))
		;
	convert_step(converter, NULL, NULL, utf8, &odd);
	g_iconv_close(converter);
	return odd | append_direct(out, UTF8, utf8->str, utf8->len, max, NULL);
}

/* Nobody needs it but to hide, so that it is odd where it is right, too. */
static guint
append_utf7(GString *out, const char *in, gsize len, gsize max)
{
	g_autoptr(GString) utf8 = g_string_new(NULL);

	if (!utf7_append(utf8, in, len))
		return append_undeclared(out, in, len, max) | MAIL_ODD_CHARSET;
	return append_direct(out, UTF8, utf8->str, utf8->len, max, NULL) |
	       MAIL_ODD_CHARSET;
}

guint
charset_append(GString *out, const struct charset *charset, const char *in,
	       gsize len, gsize max)
{
	if (!charset)
		return append_undeclared(out, in, len, max) | MAIL_ODD_CHARSET;
	switch (charset->method) {
	case ICONV:
		return append_converted(out, charset->iconv, in, len, max);
	case ASCII:
		return append_undeclared(out, in, len, max);
	case UTF7:
		return append_utf7(out, in, len, max);
	case UTF8:
	case WESTERN:
	default:
		return append_direct(out, charset->method, in, len, max, NULL);
	}
}
