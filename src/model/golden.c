#include "model/golden.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "training_private.h"

#define DIGEST_SIZE 32
#define LENGTH_SIZE 2

static const char heading[] = "pitchward golden set 1\n";

static void
imprint_destroy(gpointer data)
{
	imprint_free(data);
}

static gboolean
is_golden(const struct sample *sample)
{
	return sample->name[0] != '\0' && !corpus_kind_sells(sample->kind) &&
	       sample->kind != KIND_FRAUD;
}

static struct imprint *
imprint_of(const struct sample *sample, double decision,
	   const struct golden_judges *judges)
{
	struct imprint *imprint = imprint_new();

	g_free(imprint->models);
	imprint->models = g_strconcat(model_id(judges->outreach), "+",
				      model_id(judges->relevance), NULL);
	imprint->outreach = (struct imprint_score){
		TRUE, decision,
		imprint_logit(model_probability(judges->outreach, decision))
	};
	imprint_set_stems(imprint, sample->terms,
			  model_background(judges->relevance));
	return imprint;
}

static GPtrArray *
collect(const struct training *training, const struct samples *samples,
	const struct golden_judges *judges)
{
	GPtrArray *golden = g_ptr_array_new_with_free_func(imprint_destroy);

	for (guint i = 0; i < training->n; i++) {
		const struct sample *sample =
			samples->samples->pdata[training->sample[i]];

		if (is_golden(sample))
			g_ptr_array_add(golden,
					imprint_of(sample,
						   training->decisions[i],
						   judges));
	}
	return golden;
}

static void
tell(guint done, guint total, gpointer user)
{
	static const char what[] = "outreach: unseen authors";
	const struct starter *starter = user;

	starter->progress(what, done, total, starter->data);
}

GPtrArray *
golden_make(const struct starter *starter, const struct golden_judges *judges,
	    GError **error)
{
	struct starter told = *starter;
	struct training training;
	GPtrArray *golden = NULL;

	if (training_prepare(&training, MODEL_OUTREACH, starter->samples,
			     starter->corpora, error) &&
	    training_decide(&training, starter->progress != NULL ? tell : NULL,
			    &told, NULL, error))
		golden = collect(&training, starter->samples, judges);
	training_clear(&training);
	return golden;
}

static void
add_digest(GByteArray *out)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[DIGEST_SIZE];
	gsize size = sizeof digest;

	g_checksum_update(sum, out->data, (gssize)out->len);
	g_checksum_get_digest(sum, digest, &size);
	g_byte_array_append(out, digest, DIGEST_SIZE);
}

gboolean
golden_save(const GPtrArray *golden, const char *path, GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	g_byte_array_append(out, (const guint8 *)heading, sizeof heading - 1);
	for (guint i = 0; i < golden->len; i++) {
		g_autoptr(GBytes) packed = imprint_pack(golden->pdata[i]);
		gsize size;
		const guint8 *data = g_bytes_get_data(packed, &size);
		const guint8 length[LENGTH_SIZE] = { (guint8)(size & 0xff),
						     (guint8)(size >> 8) };

		g_byte_array_append(out, length, LENGTH_SIZE);
		g_byte_array_append(out, data, (guint)size);
	}
	add_digest(out);
	if (out->len <= GOLDEN_SIZE_MAX)
		return file_replace(path, out->data, out->len, 0644, error);
	g_set_error(error, BASE_ERROR, BASE_ERROR_LIMIT,
		    "%s: %u bytes, must be at most %d", path, out->len,
		    GOLDEN_SIZE_MAX);
	return FALSE;
}

static gboolean
digest_agrees(const guint8 *data, gsize size)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[DIGEST_SIZE];
	gsize room = sizeof digest;

	if (size < sizeof heading - 1 + DIGEST_SIZE ||
	    memcmp(data, heading, sizeof heading - 1) != 0)
		return FALSE;
	g_checksum_update(sum, data, (gssize)(size - DIGEST_SIZE));
	g_checksum_get_digest(sum, digest, &room);
	return memcmp(digest, data + size - DIGEST_SIZE, DIGEST_SIZE) == 0;
}

/* From behind the heading to before the digest; NULL when anything is odd. */
static GPtrArray *
take_all(GBytes *file)
{
	g_autoptr(GPtrArray) golden =
		g_ptr_array_new_with_free_func(imprint_destroy);
	gsize size;
	const guint8 *data = g_bytes_get_data(file, &size);
	gsize at = sizeof heading - 1;
	const gsize end = size - DIGEST_SIZE;

	while (at + LENGTH_SIZE <= end) {
		const gsize length = (gsize)data[at] | (gsize)data[at + 1] << 8;
		g_autoptr(GBytes) packed = NULL;
		struct imprint *imprint;

		at += LENGTH_SIZE;
		if (length > end - at)
			return NULL;
		packed = g_bytes_new_from_bytes(file, at, length);
		imprint = imprint_unpack(packed, NULL);
		if (imprint == NULL)
			return NULL;
		g_ptr_array_add(golden, imprint);
		at += length;
	}
	return at == end ? g_steal_pointer(&golden) : NULL;
}

GPtrArray *
golden_load(const char *path, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(GBytes) bytes = file_read(path, GOLDEN_SIZE_MAX, &local);
	GPtrArray *golden = NULL;

	if (bytes == NULL) {
		g_set_error_literal(
			error, MODEL_ERROR,
			g_error_matches(local, BASE_ERROR, BASE_ERROR_NOT_FOUND)
				? MODEL_ERROR_ABSENT
				: MODEL_ERROR_BROKEN,
			local->message);
		return NULL;
	}
	if (digest_agrees(g_bytes_get_data(bytes, NULL),
			  g_bytes_get_size(bytes)))
		golden = take_all(bytes);
	if (golden == NULL)
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "%s: damaged, or no golden set of this version",
			    path);
	return golden;
}
