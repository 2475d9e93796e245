/* Imprints as bytes, and bytes of any kind as imprints or nothing. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "features/relevance.h"
#include "model/imprint.h"

#define FORM	    1
#define COUNT_MAX   G_MAXUINT16
#define VERSION_MAX 1000000

enum { HAS_OUTREACH = 1, HAS_RELEVANCE = 2 };

/* What is packed so far. */
struct sink {
	gsize n;
	guint8 bytes[IMPRINT_SIZE_MAX];
};

static void
put_bytes(struct sink *out, const void *bytes, gsize n)
{
	g_assert(n <= sizeof out->bytes - out->n);
	memcpy(out->bytes + out->n, bytes, n);
	out->n += n;
}

static void
put_number(struct sink *out, guint32 number)
{
	g_assert(out->n + 5 <= sizeof out->bytes);
	while (number >= 0x80) {
		out->bytes[out->n++] = (guint8)(number | 0x80);
		number >>= 7;
	}
	out->bytes[out->n++] = (guint8)number;
}

static void
put_float(struct sink *out, float value)
{
	guint32 bits;

	memcpy(&bits, &value, sizeof bits);
	bits = GUINT32_TO_LE(bits);
	put_bytes(out, &bits, sizeof bits);
}

static void
put_text(struct sink *out, const char *text)
{
	const gsize len = MIN(strlen(text), IMPRINT_TEXT_MAX);

	put_number(out, (guint32)len);
	put_bytes(out, text, len);
}

static void
put_score(struct sink *out, const struct imprint_score *score)
{
	if (!score->there)
		return;
	put_float(out, (float)score->decision);
	put_float(out, (float)score->logit);
}

/* Sorted indices as steps from one to the next. */
static void
put_stems(struct sink *out, const struct imprint *imprint)
{
	guint32 last = 0;

	put_number(out, imprint->n_stems);
	for (guint i = 0; i < imprint->n_stems; i++) {
		put_number(out, imprint->stems[i].bucket - last);
		put_number(out, imprint->stems[i].count);
		last = imprint->stems[i].bucket;
	}
}

static void
put_likeness(struct sink *out, const struct vector *likeness)
{
	put_number(out, likeness->n);
	for (guint i = 0; i < likeness->n; i++) {
		put_number(out, likeness->items[i].index);
		put_float(out, likeness->items[i].value);
	}
}

GBytes *
imprint_pack(const struct imprint *imprint)
{
	struct sink sink;
	struct sink *out = &sink;
	const guint has = (imprint->outreach.there ? (guint)HAS_OUTREACH : 0) |
			  (imprint->relevance.there ? (guint)HAS_RELEVANCE : 0);

	sink.n = 0;
	put_number(out, FORM);
	put_number(out, imprint->outreach_version);
	put_number(out, imprint->relevance_version);
	put_text(out, imprint->models);
	put_text(out, imprint->priority);
	put_number(out, has);
	put_score(out, &imprint->outreach);
	put_score(out, &imprint->relevance);
	put_likeness(out, &imprint->likeness);
	put_number(out, imprint->n_dense);
	put_bytes(out, imprint->dense, imprint->n_dense);
	put_stems(out, imprint);
	return g_bytes_new(sink.bytes, sink.n);
}

/* What is left to read; `bad` once anything was not as it must be. */
struct source {
	const guint8 *at;
	const guint8 *end;
	gboolean bad;
};

/* 0 and `bad` past the end, or when it is over `max`. */
static guint32
take_number(struct source *source, guint32 max)
{
	guint64 number = 0;

	for (guint shift = 0; shift < 35 && source->at < source->end;
	     shift += 7) {
		const guint8 byte = *source->at++;

		number |= (guint64)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (number <= max && (byte != 0 || shift == 0))
			return (guint32)number;
		break;
	}
	source->bad = TRUE;
	return 0;
}

static const guint8 *
take_bytes(struct source *source, gsize n)
{
	const guint8 *bytes = source->at;

	/* No bytes at all are NULL. */
	if (bytes == NULL || (gsize)(source->end - bytes) < n) {
		source->bad = TRUE;
		return NULL;
	}
	source->at += n;
	return bytes;
}

static float
take_float(struct source *source)
{
	const guint8 *bytes = take_bytes(source, sizeof(guint32));
	guint32 bits;
	float value;

	if (bytes == NULL)
		return 0;
	memcpy(&bits, bytes, sizeof bits);
	bits = GUINT32_FROM_LE(bits);
	memcpy(&value, &bits, sizeof value);
	if (isfinite(value))
		return value;
	source->bad = TRUE;
	return 0;
}

static void
take_text(struct source *source, char **text)
{
	const gsize len = take_number(source, IMPRINT_TEXT_MAX);
	const guint8 *bytes = take_bytes(source, len);

	if (bytes == NULL || memchr(bytes, '\0', len) != NULL) {
		source->bad = TRUE;
		return;
	}
	g_free(*text);
	*text = g_strndup((const char *)bytes, len);
}

static void
take_score(struct source *source, gboolean there, struct imprint_score *score)
{
	score->there = there;
	if (!there)
		return;
	score->decision = (double)take_float(source);
	score->logit = (double)take_float(source);
}

static void
take_likeness(struct source *source, struct vector *likeness)
{
	const guint n = take_number(source, RELEVANCE_SIZE);

	for (guint i = 0; i < n && !source->bad; i++) {
		const guint32 index = take_number(source, RELEVANCE_SIZE - 1);
		const float value = take_float(source);

		if (i > 0 && index <= likeness->items[i - 1].index)
			source->bad = TRUE;
		vector_add(likeness, index, value);
	}
}

static void
take_dense(struct source *source, struct imprint *imprint)
{
	const guint n = take_number(source, OUTREACH_DENSE_MAX);
	const guint8 *bytes = take_bytes(source, n);

	if (bytes == NULL)
		return;
	imprint->n_dense = n;
	memcpy(imprint->dense, bytes, n);
}

static void
take_stems(struct source *source, struct imprint *imprint)
{
	const guint n = take_number(source, IMPRINT_STEMS_MAX);
	guint32 last = 0;

	imprint->stems = g_new0(struct term, n + 1);
	for (guint i = 0; i < n && !source->bad; i++) {
		const guint32 step = take_number(source, TERM_BUCKETS - 1);
		const guint32 count = take_number(source, COUNT_MAX);

		last += step;
		if (last >= TERM_BUCKETS || count == 0 || (i > 0 && step == 0))
			source->bad = TRUE;
		else
			imprint->stems[imprint->n_stems++] =
				(struct term){ last, (guint16)count,
					       TERM_STEM };
	}
}

static void
take_all(struct source *source, struct imprint *imprint)
{
	guint32 has;

	if (take_number(source, FORM) != FORM)
		source->bad = TRUE;
	imprint->outreach_version = take_number(source, VERSION_MAX);
	imprint->relevance_version = take_number(source, VERSION_MAX);
	take_text(source, &imprint->models);
	take_text(source, &imprint->priority);
	has = take_number(source, HAS_OUTREACH | HAS_RELEVANCE);
	take_score(source, (has & HAS_OUTREACH) != 0, &imprint->outreach);
	take_score(source, (has & HAS_RELEVANCE) != 0, &imprint->relevance);
	take_likeness(source, &imprint->likeness);
	take_dense(source, imprint);
	take_stems(source, imprint);
	if (source->at != source->end)
		source->bad = TRUE;
}

struct imprint *
imprint_unpack(GBytes *bytes, GError **error)
{
	g_autoptr(Imprint) imprint = imprint_new();
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	struct source source = { data, data != NULL ? data + size : NULL,
				 size > IMPRINT_SIZE_MAX };

	if (!source.bad)
		take_all(&source, imprint);
	if (!source.bad)
		return g_steal_pointer(&imprint);
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "no features that this program wrote (%" G_GSIZE_FORMAT
		    " bytes)",
		    size);
	return NULL;
}
