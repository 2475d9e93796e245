#include "text/stem.h"

#include <libstemmer.h>
#include <string.h>

/* The functions stay in this file's hot loop. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "stopwords_private.h"

/* Half of a text's words are repeated, and Snowball takes ten times as long
 * as looking one up. */
#define CACHE_SIZE     1024
#define CACHED_LEN_MAX 24

struct cached {
	guint8 word_len;
	guint8 stem_len;
	char word[CACHED_LEN_MAX];
	char stem[CACHED_LEN_MAX];
};

struct stemmer {
	struct sb_stemmer *snowball;
	guint32 tag[CACHE_SIZE]; /* hash of what the cache holds, 0: nothing */
	struct cached cache[CACHE_SIZE];
};

struct stemmer *
stemmer_new(const char *language)
{
	struct stemmer *stemmer = g_new(struct stemmer, 1);

	memset(stemmer->tag, 0, sizeof stemmer->tag);
	stemmer->snowball = sb_stemmer_new(language, "UTF_8");
	if (stemmer->snowball == NULL)
		stemmer->snowball = sb_stemmer_new("en", "UTF_8");
	g_assert(stemmer->snowball != NULL);
	return stemmer;
}

void
stemmer_free(struct stemmer *stemmer)
{
	if (stemmer == NULL)
		return;
	sb_stemmer_delete(stemmer->snowball);
	g_free(stemmer);
}

/* Three characters or more that are not all digits. */
static gboolean
has_stem(const char *word, gsize len)
{
	gsize chars = 0;
	gsize i = 0;

	for (; i < len && chars < 3; i++)
		chars += ((guchar)word[i] & 0xc0) != 0x80 ? 1 : 0;
	if (chars < 3 || !g_ascii_isdigit(word[0]))
		return chars >= 3;
	for (i = 1; i < len && g_ascii_isdigit(word[i]); i++)
		;
	return i < len;
}

static const char *
snowball_stem(struct stemmer *stemmer, const char *word, gsize len,
	      gsize *stem_len)
{
	const sb_symbol *stem = sb_stemmer_stem(
		stemmer->snowball, (const sb_symbol *)word, (int)len);

	*stem_len = (gsize)sb_stemmer_length(stemmer->snowball);
	return (const char *)stem;
}

const char *
stemmer_stem(struct stemmer *stemmer, const char *word, gsize len,
	     gsize *stem_len)
{
	if (!has_stem(word, len)) {
		*stem_len = len;
		return word;
	}
	if (len > CACHED_LEN_MAX)
		return snowball_stem(stemmer, word, len, stem_len);
	const guint32 tag = (guint32)XXH3_64bits(word, len) | 1;
	const guint at = (tag >> 1) % CACHE_SIZE;
	struct cached *cached = &stemmer->cache[at];
	if (stemmer->tag[at] == tag && cached->word_len == len &&
	    memcmp(cached->word, word, len) == 0) {
		*stem_len = cached->stem_len;
		return cached->stem;
	}
	const char *stem = snowball_stem(stemmer, word, len, stem_len);
	if (*stem_len <= CACHED_LEN_MAX) {
		stemmer->tag[at] = tag;
		cached->word_len = (guint8)len;
		cached->stem_len = (guint8)*stem_len;
		memcpy(cached->word, word, len);
		memcpy(cached->stem, stem, *stem_len);
	}
	return stem;
}

gboolean
stop_word(const char *language, const char *word, gsize len)
{
	const guint32 bits = stop_languages_of(word, len);

	return (bits >> stop_language_find(language) & 1) != 0;
}
