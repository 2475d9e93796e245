#include "fold_private.h"

/*
 * One run of characters. FLAT: lower case or caseless. SHIFT: capitals, the
 * small ones stand `by` further on. EVEN, ODD: pairs whose capital has that
 * parity.
 */
enum run_case { FLAT, SHIFT, EVEN, ODD };

struct run {
	guint32 first, last;
	guint8 kind;	    /* enum fold_kind */
	guint8 letter_case; /* enum run_case */
	guint8 by;
};

/*
 * Left out on purpose: what decomposes (U+0132, U+0149, U+0E33), folds to more
 * than one character (U+00DF, U+0130, U+0390), reorders or joins its
 * neighbours (marks, U+093C, U+0BC6, U+3099).
 */
static const struct run runs[] = {
	{ 0x00a1, 0x00a7, FOLD_SIGN, FLAT, 0 },
	{ 0x00a9, 0x00a9, FOLD_SIGN, FLAT, 0 },
	{ 0x00ab, 0x00ac, FOLD_SIGN, FLAT, 0 },
	{ 0x00ae, 0x00ae, FOLD_SIGN, FLAT, 0 },
	{ 0x00b0, 0x00b1, FOLD_SIGN, FLAT, 0 },
	{ 0x00b6, 0x00b7, FOLD_SIGN, FLAT, 0 },
	{ 0x00bb, 0x00bb, FOLD_SIGN, FLAT, 0 },
	{ 0x00bf, 0x00bf, FOLD_SIGN, FLAT, 0 },
	{ 0x00c0, 0x00d6, FOLD_LATIN, SHIFT, 32 },
	{ 0x00d7, 0x00d7, FOLD_SIGN, FLAT, 0 },
	{ 0x00d8, 0x00de, FOLD_LATIN, SHIFT, 32 },
	{ 0x00e0, 0x00f6, FOLD_LATIN, FLAT, 0 },
	{ 0x00f7, 0x00f7, FOLD_SIGN, FLAT, 0 },
	{ 0x00f8, 0x00ff, FOLD_LATIN, FLAT, 0 },
	{ 0x0100, 0x012f, FOLD_LATIN, EVEN, 0 },
	{ 0x0131, 0x0131, FOLD_LATIN, FLAT, 0 },
	{ 0x0134, 0x0137, FOLD_LATIN, EVEN, 0 },
	{ 0x0139, 0x013e, FOLD_LATIN, ODD, 0 },
	{ 0x0141, 0x0148, FOLD_LATIN, ODD, 0 },
	{ 0x014a, 0x0177, FOLD_LATIN, EVEN, 0 },
	{ 0x0179, 0x017e, FOLD_LATIN, ODD, 0 },
	{ 0x0218, 0x021b, FOLD_LATIN, EVEN, 0 },
	{ 0x0391, 0x03a1, FOLD_GREEK, SHIFT, 32 },
	{ 0x03a3, 0x03a9, FOLD_GREEK, SHIFT, 32 },
	{ 0x03ac, 0x03af, FOLD_GREEK, FLAT, 0 },
	{ 0x03b1, 0x03c1, FOLD_GREEK, FLAT, 0 },
	{ 0x03c2, 0x03c2, FOLD_GREEK, SHIFT, 1 },
	{ 0x03c3, 0x03ce, FOLD_GREEK, FLAT, 0 },
	{ 0x0400, 0x040f, FOLD_CYRILLIC, SHIFT, 80 },
	{ 0x0410, 0x042f, FOLD_CYRILLIC, SHIFT, 32 },
	{ 0x0430, 0x045f, FOLD_CYRILLIC, FLAT, 0 },
	{ 0x0490, 0x0493, FOLD_CYRILLIC, EVEN, 0 },
	{ 0x0531, 0x0556, FOLD_LETTER, SHIFT, 48 },
	{ 0x0561, 0x0586, FOLD_LETTER, FLAT, 0 },
	{ 0x05d0, 0x05ea, FOLD_LETTER, FLAT, 0 },
	{ 0x0620, 0x063f, FOLD_LETTER, FLAT, 0 },
	{ 0x0641, 0x064a, FOLD_LETTER, FLAT, 0 },
	{ 0x0660, 0x0669, FOLD_LETTER, FLAT, 0 },
	{ 0x0900, 0x093b, FOLD_LETTER, FLAT, 0 },
	{ 0x093d, 0x0950, FOLD_LETTER, FLAT, 0 },
	{ 0x0964, 0x0965, FOLD_SIGN, FLAT, 0 },
	{ 0x0966, 0x096f, FOLD_LETTER, FLAT, 0 },
	{ 0x0b82, 0x0bc2, FOLD_LETTER, FLAT, 0 },
	{ 0x0bc8, 0x0bc8, FOLD_LETTER, FLAT, 0 },
	{ 0x0bca, 0x0bcd, FOLD_LETTER, FLAT, 0 },
	{ 0x0e01, 0x0e32, FOLD_LETTER, FLAT, 0 },
	{ 0x0e34, 0x0e37, FOLD_LETTER, FLAT, 0 },
	{ 0x0e40, 0x0e46, FOLD_LETTER, FLAT, 0 },
	{ 0x0e48, 0x0e4b, FOLD_LETTER, FLAT, 0 },
	{ 0x2020, 0x2023, FOLD_SIGN, FLAT, 0 },
	{ 0x20ac, 0x20ac, FOLD_SIGN, FLAT, 0 },
	{ 0x2190, 0x21cc, FOLD_SIGN, FLAT, 0 },
	{ 0x2500, 0x27ff, FOLD_SIGN, FLAT, 0 },
	{ 0x3001, 0x3002, FOLD_SIGN, FLAT, 0 },
	{ 0x3008, 0x3011, FOLD_SIGN, FLAT, 0 },
	{ 0x3041, 0x3096, FOLD_LETTER, FLAT, 0 },
	{ 0x30a1, 0x30fa, FOLD_LETTER, FLAT, 0 },
	{ 0x30fc, 0x30fc, FOLD_LETTER, FLAT, 0 },
	{ 0x3400, 0x4dbf, FOLD_LETTER, FLAT, 0 },
	{ 0x4e00, 0x9fff, FOLD_LETTER, FLAT, 0 },
	{ 0xac00, 0xd7a3, FOLD_LETTER, FLAT, 0 },
	{ 0x1f300, 0x1faff, FOLD_SIGN, FLAT, 0 },
};

/* Look-alikes as Unicode TR 39 has them, Latin letters only, in both cases. */
struct twin {
	guint16 c;
	char latin;
};

static const struct twin twins[] = {
	/* Greek */
	{ 0x0391, 'a' },
	{ 0x0392, 'b' },
	{ 0x0395, 'e' },
	{ 0x0396, 'z' },
	{ 0x0397, 'h' },
	{ 0x0399, 'i' },
	{ 0x039a, 'k' },
	{ 0x039c, 'm' },
	{ 0x039d, 'n' },
	{ 0x039f, 'o' },
	{ 0x03a1, 'p' },
	{ 0x03a4, 't' },
	{ 0x03a5, 'y' },
	{ 0x03a7, 'x' },
	{ 0x03ac, 'a' },
	{ 0x03af, 'i' },
	{ 0x03b1, 'a' },
	{ 0x03b3, 'y' },
	{ 0x03b5, 'e' },
	{ 0x03b9, 'i' },
	{ 0x03ba, 'k' },
	{ 0x03bd, 'v' },
	{ 0x03bf, 'o' },
	{ 0x03c1, 'p' },
	{ 0x03c3, 'o' },
	{ 0x03c4, 't' },
	{ 0x03c5, 'u' },
	{ 0x03c7, 'x' },
	{ 0x03cc, 'o' },
	{ 0x03f2, 'c' },
	{ 0x03f3, 'j' },
	{ 0x03f9, 'c' },
	/* Cyrillic */
	{ 0x0405, 's' },
	{ 0x0406, 'i' },
	{ 0x0408, 'j' },
	{ 0x0410, 'a' },
	{ 0x0412, 'b' },
	{ 0x0415, 'e' },
	{ 0x041a, 'k' },
	{ 0x041c, 'm' },
	{ 0x041d, 'h' },
	{ 0x041e, 'o' },
	{ 0x0420, 'p' },
	{ 0x0421, 'c' },
	{ 0x0422, 't' },
	{ 0x0423, 'y' },
	{ 0x0425, 'x' },
	{ 0x0430, 'a' },
	{ 0x0432, 'b' },
	{ 0x0435, 'e' },
	{ 0x043a, 'k' },
	{ 0x043c, 'm' },
	{ 0x043d, 'h' },
	{ 0x043e, 'o' },
	{ 0x0440, 'p' },
	{ 0x0441, 'c' },
	{ 0x0442, 't' },
	{ 0x0443, 'y' },
	{ 0x0445, 'x' },
	{ 0x0451, 'e' },
	{ 0x0455, 's' },
	{ 0x0456, 'i' },
	{ 0x0457, 'i' },
	{ 0x0458, 'j' },
	{ 0x04ae, 'y' },
	{ 0x04af, 'y' },
	{ 0x04ba, 'h' },
	{ 0x04bb, 'h' },
	{ 0x04c0, 'l' },
	{ 0x04cf, 'l' },
	{ 0x0501, 'd' },
	{ 0x051b, 'q' },
	{ 0x051c, 'w' },
	{ 0x051d, 'w' },
};

static gunichar
case_fold(const struct run *run, gunichar c)
{
	switch ((enum run_case)run->letter_case) {
	case SHIFT:
		return c + run->by;
	case EVEN:
		return c | 1;
	case ODD:
		return (c + 1) & ~(gunichar)1;
	case FLAT:
	default:
		return c;
	}
}

/* One spelling of the marks that type-setting has many of, or 0. */
static gunichar
sign_fold(gunichar c)
{
	if (c >= 0x2010 && c <= 0x2015)
		return '-';
	if (c >= 0x2018 && c <= 0x201b)
		return '\'';
	if (c >= 0x201c && c <= 0x201f)
		return '"';
	return c == 0x2212 ? '-' : 0;
}

enum fold_kind
fold_plain(gunichar c, gunichar *folded)
{
	if (c == 0xa0 || c == 0x2028 || c == 0x2029) {
		*folded = c == 0xa0 ? ' ' : '\n';
		return FOLD_SPACE;
	}
	if (sign_fold(c) != 0) {
		*folded = sign_fold(c);
		return FOLD_SIGN;
	}
	guint low = 0;
	guint high = G_N_ELEMENTS(runs);
	while (low < high) {
		guint mid = (low + high) / 2;
		if (c > runs[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == G_N_ELEMENTS(runs) || c < runs[low].first)
		return FOLD_NONE;
	*folded = case_fold(&runs[low], c);
	return (enum fold_kind)runs[low].kind;
}

gboolean
fold_ignorable(gunichar c)
{
	static const struct {
		guint32 first, last;
	} ignorable[] = {
		{ 0x00ad, 0x00ad },   { 0x034f, 0x034f },
		{ 0x061c, 0x061c },   { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
		{ 0x200b, 0x200f },   { 0x202a, 0x202e },
		{ 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};

	for (guint i = 0; i < G_N_ELEMENTS(ignorable); i++)
		if (c <= ignorable[i].last)
			return c >= ignorable[i].first;
	return FALSE;
}

char
fold_twin(gunichar c)
{
	for (guint i = 0; i < G_N_ELEMENTS(twins); i++)
		if (twins[i].c == c)
			return twins[i].latin;
	return 0;
}
