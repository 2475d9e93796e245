#include "text/language.h"

#include "fold_private.h"
#include "stopwords_private.h"
#include "text/words.h"

#define SAMPLE	      400
#define SHARE_MIN     8 /* per cent of the sample */
#define HITS_MIN      3 /* "Hi" alone is not Catalan */
#define LANGUAGES_MAX 32

struct sample {
	guint32 languages[SAMPLE]; /* of each function word */
	guint n;
	guint words;
	guint count[LANGUAGES_MAX]; /* function words of each language */
};

enum script {
	SCRIPT_OTHER,
	SCRIPT_GREEK,
	SCRIPT_CYRILLIC,
	SCRIPT_ARMENIAN,
	SCRIPT_HEBREW,
	SCRIPT_ARABIC,
	SCRIPT_DEVANAGARI,
	SCRIPT_TAMIL,
	SCRIPTS
};

/* What a script says by itself; NULL leaves it to the words. */
static const char *const script_language[SCRIPTS] = {
	[SCRIPT_GREEK] = "el",
	[SCRIPT_ARMENIAN] = "hy",
	[SCRIPT_ARABIC] = "ar",
	[SCRIPT_TAMIL] = "ta",
};

static enum script
script_of(gunichar c)
{
	if (c < 0x0370)
		return SCRIPT_OTHER;
	if (c <= 0x03ff)
		return SCRIPT_GREEK;
	if (c >= 0x0400 && c <= 0x052f)
		return SCRIPT_CYRILLIC;
	if (c >= 0x0531 && c <= 0x0587)
		return SCRIPT_ARMENIAN;
	if (c >= 0x0591 && c <= 0x05f4)
		return SCRIPT_HEBREW;
	if (c >= 0x0600 && c <= 0x06ff)
		return SCRIPT_ARABIC;
	if (c >= 0x0900 && c <= 0x097f)
		return SCRIPT_DEVANAGARI;
	return c >= 0x0b80 && c <= 0x0bff ? SCRIPT_TAMIL : SCRIPT_OTHER;
}

/* The script that more than half of the words begin with. */
static enum script
script_find(const char *folded, const GArray *words, guint n)
{
	guint count[SCRIPTS] = { 0 };

	for (guint i = 0; i < n; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		const guchar *p = (const guchar *)folded + word->at;
		guint size = 0;
		count[script_of(utf8_get(p, &size))]++;
	}
	for (guint script = SCRIPT_OTHER + 1; script < SCRIPTS; script++)
		if (count[script] > n / 2)
			return (enum script)script;
	return SCRIPT_OTHER;
}

/* Serbian by the letters Russian has not, when they outnumber those Serbian
 * has not. */
static const char *
cyrillic_language(const char *folded, const GArray *words, guint n)
{
	guint serbian = 0;
	guint russian = 0;

	for (guint i = 0; i < n; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		const guchar *p = (const guchar *)folded + word->at;
		const guchar *end = p + word->len;
		guint size = 0;
		for (; p < end; p += size) {
			const gunichar c = utf8_get(p, &size);
			if (c == 0x0458 || c == 0x0459 || c == 0x045a ||
			    c == 0x0452 || c == 0x045b || c == 0x045f)
				serbian++;
			else if (c == 0x0439 || (c >= 0x0449 && c <= 0x044f))
				russian++;
		}
	}
	return serbian > russian ? "sr" : "ru";
}

/* `hashes` may be NULL. */
static void
sample_take(struct sample *sample, const char *folded, const GArray *words,
	    const guint64 *hashes, guint n)
{
	for (guint i = 0; i < n; i++) {
		const struct word *word = &g_array_index(words, struct word, i);
		if (word->digits > 0)
			continue;
		sample->words++;
		guint32 bits = hashes != NULL
				       ? stop_languages_hashed(hashes[i])
				       : stop_languages_of(folded + word->at,
							   word->len);
		if (bits == 0)
			continue;
		sample->languages[sample->n++] = bits;
		for (; bits != 0; bits &= bits - 1)
			sample->count[__builtin_ctz(bits)]++;
	}
}

/*
 * Sisters (Danish and Norwegian, Spanish and Portuguese) share most function
 * words: only those that one of the two has not tell them apart.
 */
static gboolean
beats(const struct sample *sample, guint language, guint other)
{
	guint mine = 0;
	guint theirs = 0;

	for (guint i = 0; i < sample->n; i++) {
		const guint32 bits = sample->languages[i];
		mine += (bits >> language & 1) & ~(bits >> other);
		theirs += (bits >> other & 1) & ~(bits >> language);
	}
	return mine * 3 >= theirs * 4 && mine > theirs;
}

const char *
language_detect_hashed(const char *folded, const GArray *words,
		       const guint64 *hashes)
{
	const guint n = MIN(words->len, SAMPLE);
	const char *const *codes = stop_language_codes();
	struct sample sample = { .n = 0 };
	guint best = 0;

	const enum script script = script_find(folded, words, n);
	if (script_language[script] != NULL)
		return script_language[script];
	if (script == SCRIPT_CYRILLIC)
		return cyrillic_language(folded, words, n);
	sample_take(&sample, folded, words, hashes, n);
	for (guint i = 1; codes[i] != NULL; i++)
		if (sample.count[i] > sample.count[best])
			best = i;
	if (sample.count[best] < HITS_MIN ||
	    sample.count[best] * 100 < sample.words * SHARE_MIN)
		return codes[0];
	for (guint i = 0; codes[i] != NULL; i++)
		if (i != best && sample.count[i] * 2 > sample.count[best] &&
		    !beats(&sample, best, i))
			return codes[0];
	return codes[best];
}

const char *
language_detect(const char *folded, const GArray *words)
{
	return language_detect_hashed(folded, words, NULL);
}

const char *const *
language_list(void)
{
	return stop_language_codes();
}
