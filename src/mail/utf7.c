#include "utf7_private.h"

#include <string.h>

/* UTF-16 as it comes out of base64. */
struct units {
	GString *out;
	gunichar high; /* the first half of a pair, or 0 */
};

static gint
digit_value(char c)
{
	if (g_ascii_isupper(c))
		return c - 'A';
	if (g_ascii_islower(c))
		return c - 'a' + 26;
	if (g_ascii_isdigit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void
unit_add(struct units *units, gunichar unit)
{
	const gboolean low = unit >= 0xdc00 && unit <= 0xdfff;

	if (unit >= 0xd800 && unit <= 0xdbff) {
		units->high = unit;
		return;
	}
	if (low && units->high != 0)
		unit = 0x10000 + ((units->high - 0xd800) << 10) +
		       (unit - 0xdc00);
	else if (low || unit == 0)
		unit = 0xfffd;
	units->high = 0;
	g_string_append_unichar(units->out, unit);
}

/* At the "+" of "+AGQ-"; the place behind it. */
static const char *
shifted_append(GString *out, const char *p, const char *end)
{
	struct units units = { out, 0 };
	const char *begin = p++;
	const gsize before = out->len;
	guint32 bits = 0;
	guint n = 0;
	gint digit;

	for (; p < end && (digit = digit_value(*p)) >= 0; p++) {
		bits = bits << 6 | (guint32)digit;
		n += 6;
		if (n >= 16) {
			n -= 16;
			unit_add(&units, bits >> n & 0xffff);
		}
	}
	/* "+49 30" is none; "+-" is the sign itself. */
	if (out->len == before) {
		g_string_append_len(out, begin, p - begin);
		if (p > begin + 1)
			return p;
	}
	return p < end && *p == '-' ? p + 1 : p;
}

gboolean
utf7_append(GString *out, const char *in, gsize len)
{
	const char *end = in + len;

	for (const char *p = in; p < end; p++)
		if ((guchar)*p >= 0x80)
			return FALSE;
	while (in < end) {
		const char *plus = memchr(in, '+', (gsize)(end - in));
		const char *stop = plus == NULL ? end : plus;

		g_string_append_len(out, in, stop - in);
		in = plus == NULL ? end : shifted_append(out, plus, end);
	}
	return TRUE;
}
