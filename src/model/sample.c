#include "model/sample.h"

#include <string.h>

#include "base/file.h"
#include "features/relevance.h"
#include "model/model.h"

#define MESSAGE_SIZE_MAX (64 << 20)
#define ALL_BLOCKS	 ((1u << TERM_BLOCKS) - 1)

static void
sample_free(gpointer data)
{
	struct sample *sample = data;

	g_free(sample->name);
	g_free(sample->source);
	g_free(sample->author);
	g_array_unref(sample->terms);
	g_free(sample);
}

static void
pair_free(gpointer data)
{
	struct sample_pair *pair = data;

	g_free(pair->profile);
	vector_clear(&pair->likeness);
	g_free(pair);
}

struct samples *
samples_new(void)
{
	struct samples *samples = g_new0(struct samples, 1);

	samples->samples = g_ptr_array_new_with_free_func(sample_free);
	samples->pairs = g_ptr_array_new_with_free_func(pair_free);
	return samples;
}

void
samples_free(struct samples *samples)
{
	if (samples == NULL)
		return;
	g_ptr_array_unref(samples->samples);
	g_ptr_array_unref(samples->pairs);
	g_free(samples);
}

static struct mail *
row_open(const struct corpus_mail *row, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(row->path, MESSAGE_SIZE_MAX, error);

	return bytes != NULL ? mail_new(bytes, NULL) : NULL;
}

static struct sample *
sample_new(const struct corpus_mail *row, const struct mail *mail,
	   const struct signals *signals)
{
	g_autoptr(Reading) reading = reading_new(mail);
	struct sample *sample = g_new0(struct sample, 1);

	sample->name = g_strdup(row->path);
	sample->kind = row->kind;
	sample->source = g_strdup(row->source);
	sample->author = g_strdup(row->author);
	sample->terms = terms_new(reading, ALL_BLOCKS);
	outreach_dense(reading, signals, sample->dense);
	return sample;
}

gboolean
samples_add_corpus(struct samples *samples, const struct corpus *corpus,
		   const struct signals *signals, sample_progress progress,
		   gpointer data, GError **error)
{
	for (guint i = 0; i < corpus->mails->len; i++) {
		const struct corpus_mail *row = corpus->mails->pdata[i];
		g_autoptr(Mail) mail = row_open(row, error);

		if (mail == NULL)
			return FALSE;
		g_ptr_array_add(samples->samples,
				sample_new(row, mail, signals));
		if (progress != NULL)
			progress(i + 1, corpus->mails->len, data);
	}
	return TRUE;
}

/* The buyers of a corpus, compiled; the place is the profile's index. */
static GPtrArray *
interests_new(const struct corpus *corpus, const struct background *background)
{
	GPtrArray *interests =
		g_ptr_array_new_with_free_func((GDestroyNotify)interest_free);

	for (guint i = 0; i < corpus->profiles->len; i++)
		g_ptr_array_add(
			interests,
			interest_new(corpus->profiles->pdata[i], background));
	return interests;
}

static void
pair_add(struct samples *samples, guint sample, struct reading *reading,
	 const struct interest *interest, const struct profile *profile,
	 int grade)
{
	struct sample_pair *pair = g_new0(struct sample_pair, 1);
	int priority;

	pair->sample = sample;
	pair->profile = g_strdup(profile->id);
	pair->grade = grade;
	relevance_vector(reading, interest, 0, &pair->likeness, &priority,
			 NULL);
	vector_sort(&pair->likeness);
	g_ptr_array_add(samples->pairs, pair);
}

static gboolean
row_pair(struct samples *samples, guint sample, const struct corpus *corpus,
	 const struct corpus_mail *row, const GPtrArray *interests,
	 GError **error)
{
	g_autoptr(Mail) mail = row_open(row, error);
	g_autoptr(GArray) grades = NULL;
	g_autoptr(Reading) reading = NULL;

	if (mail == NULL)
		return FALSE;
	grades = corpus_grades(corpus, row, mail);
	reading = reading_new(mail);
	for (guint i = 0; i < grades->len; i++) {
		const struct corpus_grade *grade =
			&g_array_index(grades, struct corpus_grade, i);

		pair_add(samples, sample, reading,
			 interests->pdata[grade->profile],
			 corpus->profiles->pdata[grade->profile], grade->grade);
	}
	return TRUE;
}

gboolean
samples_pair(struct samples *samples, const struct corpus *corpus,
	     const struct background *background, GError **error)
{
	g_autoptr(GPtrArray) interests = interests_new(corpus, background);
	g_autoptr(GHashTable) places =
		g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < samples->samples->len; i++) {
		const struct sample *sample = samples->samples->pdata[i];

		g_hash_table_insert(places, sample->name, GUINT_TO_POINTER(i));
	}
	for (guint i = 0; i < corpus->mails->len; i++) {
		const struct corpus_mail *row = corpus->mails->pdata[i];
		gpointer place;
		gboolean known;

		if (!row->judged || !corpus_kind_sells(row->kind))
			continue;
		known = g_hash_table_lookup_extended(places, row->path, NULL,
						     &place);
		g_assert(known); /* its corpus was added before */
		if (!row_pair(samples, GPOINTER_TO_UINT(place), corpus, row,
			      interests, error))
			return FALSE;
	}
	return TRUE;
}
