#include "features/terms.h"

#include <string.h>

#include "base/chunk.h"
#include "hash_private.h"
#include "tally_private.h"
#include "terms_private.h"

/* Odd constants that keep the blocks' hashes apart. */
static const guint64 block_seed[TERM_BLOCKS] = {
	G_GUINT64_CONSTANT(0x9e3779b97f4a7c15),
	G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9),
	G_GUINT64_CONSTANT(0x94d049bb133111eb),
	G_GUINT64_CONSTANT(0xd6e8feb86659fd93),
	G_GUINT64_CONSTANT(0xa0761d6478bd642f),
	G_GUINT64_CONSTANT(0xe7037ed1a0b428db),
};

/* Twice as many as one block has terms at most, so that some stay free. */
#define SLOTS 4096
G_STATIC_ASSERT(2 * 2 * TEXT_WORDS <= SLOTS && 2 * LETTERS_MAX <= SLOTS &&
		2 * (READING_STEMS_MAX + READING_SUBJECT_MAX) <= SLOTS);

static guint32
bucket_of(guint64 hash)
{
	hash *= G_GUINT64_CONSTANT(0x9fb21c651e98df25);
	hash ^= hash >> 35;
	hash *= G_GUINT64_CONSTANT(0x9fb21c651e98df25);
	return (guint32)(hash >> (64 - TERM_BITS));
}

guint32
term_bucket_word(enum term_block block, guint64 word)
{
	return bucket_of(word ^ block_seed[block]);
}

guint32
term_bucket_pair(enum term_block block, guint64 a, guint64 b)
{
	guint64 turned = (a << 23) | (a >> 41);

	return bucket_of((turned + b * 3) ^ block_seed[block]);
}

guint32
term_bucket(enum term_block block, const char *text, gsize len)
{
	const char *space =
		block == TERM_LETTERS ? NULL : memchr(text, ' ', len);
	gsize first = space != NULL ? (gsize)(space - text) : len;

	if (space == NULL)
		return term_bucket_word(block, word_hash(text, len));
	return term_bucket_pair(block, word_hash(text, first),
				word_hash(space + 1, len - first - 1));
}

static struct tally
block_begin(GArray *out, enum term_block block, guint terms_max,
	    guint16 slots[SLOTS])
{
	g_assert(tally_slots(terms_max) <= SLOTS);
	return tally_begin(out, block, terms_max, slots);
}

/* Words and pairs of words [from, to) of a text. */
static void
add_words(GArray *out, enum term_block block, const struct reading_text *text,
	  guint from, guint to)
{
	guint16 slots[SLOTS];
	struct tally tally = block_begin(out, block, (to - from) * 2, slots);

	for (guint i = from; i < to; i++) {
		tally_add(&tally, term_bucket_word(block, text->hash[i]));
		if (i + 1 < to)
			tally_add(&tally, term_bucket_pair(block, text->hash[i],
							   text->hash[i + 1]));
	}
	g_array_set_size(out, tally.n);
}

/* ASCII as letters see it. */
static inline char
letter_of(guchar c)
{
	if (c == '\n')
		return ' ';
	return (char)((guchar)(c - '0') < 10 ? '0' : c);
}

/* Where letters are written, and how far it has come. */
struct scribe {
	char *letters;
	guint *starts;
	gsize at;
	guint n;
	char last;
};

static inline chunk
spaces_of(chunk b)
{
	return chunk_are(b, ' ') | chunk_are(b, '\n');
}

/* As many letters as a vector has; FALSE unless all are ASCII and no space
 * stands beside another. */
static inline gboolean
letters_write(struct scribe *to, const guchar *p)
{
	const chunk b = chunk_get(p);
	const chunk spaces = spaces_of(b);
	const chunk digits = chunk_among(b, '0', 10);
	const chunk odd = (b & 0x80) | (spaces & spaces_of(chunk_get(p + 1)));
	guint *starts = to->starts + to->n;

	if (chunk_any(odd) || (to->last == ' ' && letter_of(*p) == ' '))
		return FALSE;
	chunk_put(to->letters + to->at,
		  (b & ~(spaces | digits)) | (spaces & ' ') | (digits & '0'));
	for (guint i = 0; i < CHUNK; i++)
		starts[i] = (guint)to->at + i;
	to->at += CHUNK;
	to->n += CHUNK;
	to->last = to->letters[to->at - 1];
	return TRUE;
}

/* One character; the place behind it, or NULL when it is cut off. */
static const guchar *
letter_write(struct scribe *to, const guchar *p, const guchar *end)
{
	const gsize width = (gsize)g_utf8_skip[*p];

	to->starts[to->n] = (guint)to->at;
	if (*p < 0x80) {
		const char letter = letter_of(*p);
		const guint new = (letter != ' ') | (to->last != ' ');

		to->letters[to->at] = to->last = letter;
		to->at += new;
		to->n += new;
		return p + 1;
	}
	if (width > (gsize)(end - p))
		return NULL;
	memcpy(to->letters + to->at, p, width);
	to->last = 0;
	to->at += width;
	to->n++;
	return p + width;
}

guint
letters_prepare(const struct reading_text *text, char *letters, guint *starts)
{
	struct scribe to = { letters, starts, 0, 0, ' ' };
	const guchar *p = (const guchar *)text->folded;
	const guchar *end = p + text->len;

	while (p != NULL && p < end && to.n < LETTERS_MAX) {
		if (end - p > CHUNK && to.n + CHUNK <= LETTERS_MAX &&
		    letters_write(&to, p)) {
			p += CHUNK;
			continue;
		}
		for (guint i = 0;
		     i < CHUNK && p != NULL && p < end && to.n < LETTERS_MAX;
		     i++)
			p = letter_write(&to, p, end);
	}
	starts[to.n] = (guint)to.at;
	return to.n;
}

/* A length that is known is fast, and nearly all are ASCII. */
static void
add_letters_plain(struct tally *tally, const char *letters, guint n)
{
	for (guint i = 0; i + LETTERS <= n; i++)
		tally_add(tally,
			  term_bucket_word(TERM_LETTERS,
					   hash_bytes(letters + i, LETTERS)));
}

static void
add_letters(struct tally *tally, const char *letters, const guint *starts,
	    guint n)
{
	for (guint i = 0; i + LETTERS <= n; i++) {
		const guint64 hash = hash_bytes(
			letters + starts[i], starts[i + LETTERS] - starts[i]);

		tally_add(tally, term_bucket_word(TERM_LETTERS, hash));
	}
}

GArray *
terms_letters_of(const struct reading_text *text)
{
	g_autofree char *letters = g_malloc(LETTERS_BYTES);
	g_autofree guint *starts = g_new(guint, LETTERS_MAX + 1);
	guint n = letters_prepare(text, letters, starts);
	GArray *out =
		g_array_sized_new(FALSE, FALSE, sizeof(struct term), n + 1);
	guint16 slots[SLOTS];
	struct tally tally = block_begin(out, TERM_LETTERS, n, slots);

	if (starts[n] == n)
		add_letters_plain(&tally, letters, n);
	else
		add_letters(&tally, letters, starts, n);
	g_array_set_size(out, tally.n);
	return out;
}

const GArray *
terms_letters(struct reading *reading)
{
	if (reading->letters == NULL)
		reading->letters = terms_letters_of(&reading->text);
	return reading->letters;
}

static void
add_stem_run(struct tally *tally, const struct reading_text *text, guint times)
{
	guint n = MIN(text->words->len, READING_STEMS_MAX);

	for (guint i = 0; i < n; i++)
		for (guint k = 0; k < times && text->stem[i] != 0; k++)
			tally_add(tally,
				  term_bucket_word(TERM_STEM, text->stem[i]));
}

/* A stem in the subject counts as two in the text. */
static void
add_stems(GArray *out, struct reading *reading)
{
	guint16 slots[SLOTS];
	struct tally tally;

	reading_stems(reading);
	tally = block_begin(out, TERM_STEM,
			    MIN(reading->text.words->len, READING_STEMS_MAX) +
				    reading->subject.words->len,
			    slots);
	add_stem_run(&tally, &reading->subject, 2);
	add_stem_run(&tally, &reading->text, 1);
	g_array_set_size(out, tally.n);
}

/* At most so many: what is reserved is not moved while it grows. */
static guint
terms_room(struct reading *reading, guint blocks)
{
	const guint words = reading->text.words->len;
	const guint subject = reading->subject.words->len;
	guint room = MIN(words, READING_STEMS_MAX) + subject;

	if (blocks & (1u << TERM_LETTERS))
		room += terms_letters(reading)->len;
	if (blocks & (1u << TERM_TEXT))
		room += 2 * MIN(words, TEXT_WORDS);
	return room + 2 * subject + 4 * MIN(words, OPENING_WORDS);
}

GArray *
terms_new(struct reading *reading, guint blocks)
{
	GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(struct term),
					terms_room(reading, blocks));
	const struct reading_text *text = &reading->text;
	guint words = text->words->len;
	guint subject = reading->subject.words->len;

	if (blocks & (1u << TERM_TEXT))
		add_words(out, TERM_TEXT, text, 0, MIN(words, TEXT_WORDS));
	if (blocks & (1u << TERM_SUBJECT))
		add_words(out, TERM_SUBJECT, &reading->subject, 0, subject);
	if (blocks & (1u << TERM_OPENING))
		add_words(out, TERM_OPENING, text, 0,
			  MIN(words, OPENING_WORDS));
	if (blocks & (1u << TERM_CLOSING))
		add_words(out, TERM_CLOSING, text,
			  words > OPENING_WORDS ? words - OPENING_WORDS : 0,
			  words);
	if (blocks & (1u << TERM_LETTERS))
		g_array_append_vals(out, terms_letters(reading)->data,
				    terms_letters(reading)->len);
	if (blocks & (1u << TERM_STEM))
		add_stems(out, reading);
	return out;
}
