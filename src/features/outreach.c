#include "features/outreach.h"

#include <math.h>
#include <string.h>

#include "concepts_private.h"
#include "terms_private.h"

/*
 * Dense features beside the concepts: form and infrastructure. Few and
 * bounded, since they carry the source of the mail where they are not.
 */
enum form {
	FORM_FAKE_REPLY,  /* "Re:" that answers nothing */
	FORM_ANSWERS,	  /* refers to an earlier message and quotes it */
	FORM_HIDES,	  /* hidden text, zero-width or mixed-script words */
	FORM_SCHEDULER,	  /* links to a page for booking a time */
	FORM_ENGAGEMENT,  /* made or linked by a sales-engagement tool */
	FORM_TRACKS,	  /* tracking pixels or click-tracking hosts */
	FORM_UNSUBSCRIBE, /* List-Unsubscribe */
	FORM_LIST,	  /* List-Id: a discussion list or newsletter */
	FORM_DISCUSSION,  /* came by a list that one can post to */
	FORM_GENERATED,	  /* Auto-Submitted: auto-generated (RFC 3834) */
	FORMS
};

static const char *const form_names[FORMS] = {
	"fake-reply",	      "answers",	 "hides-text",
	"has-scheduler-link", "engagement-tool", "tracks-opens",
	"list-unsubscribe",   "list-id",	 "discussion-list",
	"auto-generated",
};

/* Each block's length in the vector. */
static const float block_share[TERM_STEM] = { 1.0f, 0.7f, 0.7f, 1.0f, 1.2f };

/*
 * Each dense feature's. Contracts and orders come by the same mailers as
 * newsletters: that one can unsubscribe says less than the others. A list
 * that one can post to is a reason to receive mail.
 */
static const float concept_share = 0.2f;
static const float form_share[FORMS] = {
	[FORM_FAKE_REPLY] = 0.2f,   [FORM_ANSWERS] = 0.2f,
	[FORM_HIDES] = 0.2f,	    [FORM_SCHEDULER] = 0.2f,
	[FORM_ENGAGEMENT] = 0.2f,   [FORM_TRACKS] = 0.2f,
	[FORM_UNSUBSCRIBE] = 0.16f, [FORM_LIST] = 0.2f,
	[FORM_DISCUSSION] = 0.4f,   [FORM_GENERATED] = 0.2f,
};

guint
outreach_dense_count(void)
{
	return CONCEPTS + FORMS;
}

const char *
outreach_dense_name(guint dense)
{
	return dense < CONCEPTS ? concept_names[dense]
				: form_names[dense - CONCEPTS];
}

static float
presence(gboolean present)
{
	return present ? 1.0f : 0.0f;
}

/* 0, 1, 2 ... occurrences to 0..1, flat from five on. */
static float
presence_of_count(guint count)
{
	double value = log1p((double)count) / log(6.0);

	return (float)MIN(value, 1.0);
}

static guint
link_signals(const struct reading *reading, const struct signals *signals)
{
	const GPtrArray *links = reading->content->links;
	guint found = 0;

	for (guint i = 0; i < links->len && i < 100; i++) {
		const struct content_link *link = links->pdata[i];

		if (link->host[0] != '\0')
			found |= signals_of_host(signals, link->host);
	}
	return found;
}

static gboolean
field_says(const struct mail *mail, const char *name, const char *word)
{
	g_autofree char *value = mail_field_text(mail, name, 0);

	return value != NULL &&
	       g_ascii_strncasecmp(value, word, strlen(word)) == 0;
}

/*
 * RFC 2369's List-Post ("NO" on lists that only announce), and the marks of
 * Mailman, ezmlm and the great list hosts.
 */
static gboolean
is_discussion(const struct mail *mail)
{
	if (mail_field_count(mail, "List-Post") > 0)
		return !field_says(mail, "List-Post", "NO");
	return mail_field_count(mail, "Mailing-List") > 0 ||
	       mail_field_count(mail, "X-BeenThere") > 0 ||
	       mail_field_count(mail, "X-Mailman-Version") > 0 ||
	       (mail_field_count(mail, "List-Id") > 0 &&
		mail_field_count(mail, "List-Unsubscribe") == 0);
}

static void
form_read(const struct reading *reading, const struct signals *signals,
	  float *values)
{
	const struct mail *mail = reading->mail;
	const struct content *content = reading->content;
	g_autofree char *mailer = mail_field_text(mail, "X-Mailer", 0);
	guint found = link_signals(reading, signals);
	gboolean refers = mail_field_count(mail, "In-Reply-To") > 0 ||
			  mail_field_count(mail, "References") > 0;

	if (mailer != NULL)
		found |= signals_of_mailer(signals, mailer);
	values[FORM_FAKE_REPLY] = presence(reading->replies > 0 && !refers &&
					   content->quoted[0] == '\0');
	values[FORM_ANSWERS] = presence(refers && content->quoted[0] != '\0');
	values[FORM_HIDES] = presence(strlen(content->hidden) > 200 ||
				      reading->folds.invisible > 3 ||
				      reading->folds.mixed_script > 1);
	values[FORM_SCHEDULER] =
		presence((found & (1u << SIGNAL_SCHEDULER)) != 0);
	values[FORM_ENGAGEMENT] =
		presence((found & (1u << SIGNAL_ENGAGEMENT)) != 0);
	values[FORM_TRACKS] = presence(content->trackers > 0 ||
				       (found & (1u << SIGNAL_TRACKER)));
	values[FORM_UNSUBSCRIBE] =
		presence(mail_field_count(mail, "List-Unsubscribe") > 0);
	values[FORM_LIST] = presence(mail_field_count(mail, "List-Id") > 0);
	values[FORM_DISCUSSION] = presence(is_discussion(mail));
	values[FORM_GENERATED] =
		presence(field_says(mail, "Auto-Submitted", "auto-generated"));
}

void
outreach_dense(const struct reading *reading, const struct signals *signals,
	       float *values)
{
	guint counts[CONCEPTS];

	if (reading->dense != NULL && reading->signals == signals) {
		memcpy(values, reading->dense,
		       outreach_dense_count() * sizeof values[0]);
		return;
	}
	concepts_count(reading, counts);
	for (guint i = 0; i < CONCEPTS; i++)
		values[i] = presence_of_count(counts[i]);
	form_read(reading, signals, values + CONCEPTS);
}

/* One block: from terms[from] to the end of its run, which is returned. There
 * is room for all. */
static guint
combine_block(const GArray *terms, guint from, const guint8 *table,
	      struct vector *vector)
{
	const struct term *list = (const struct term *)(void *)terms->data;
	const guint8 block = list[from].block;
	struct feature *const begin = vector->items + vector->n;
	struct feature *end = begin;
	double squares = 0;
	float scale;
	guint i;

	for (i = from; i < terms->len && list[i].block == block; i++) {
		const float idf = background_idf(table, list[i].bucket);
		float value;

		if (idf <= 0.0f || block >= TERM_STEM)
			continue;
		value = idf * term_times(&list[i]);
		squares += (double)(value * value);
		*end++ = (struct feature){ list[i].bucket, value };
	}
	scale = squares > 0 ? block_share[block] / (float)sqrt(squares) : 0;
	for (struct feature *item = begin; item < end; item++)
		item->value *= scale;
	vector->n += (guint)(end - begin);
	return i;
}

static float
dense_share(guint dense)
{
	return dense < CONCEPTS ? concept_share : form_share[dense - CONCEPTS];
}

void
outreach_combine(const GArray *terms, const float *dense,
		 const struct background *background, struct vector *vector)
{
	const guint8 *table = background_table(background);
	guint at = 0;

	vector_reserve(vector, terms->len + outreach_dense_count());
	while (at < terms->len)
		at = combine_block(terms, at, table, vector);
	for (guint i = 0; i < outreach_dense_count(); i++)
		if (dense[i] > 0)
			vector_add(vector, TERM_BUCKETS + i,
				   dense[i] * dense_share(i));
}

void
outreach_vector(struct reading *reading, const struct signals *signals,
		const struct background *background, struct vector *vector)
{
	g_autoptr(GArray) terms = terms_new(reading, OUTREACH_BLOCKS);
	float dense[OUTREACH_DENSE_MAX];

	G_STATIC_ASSERT(CONCEPTS + FORMS <= OUTREACH_DENSE_MAX);
	outreach_dense(reading, signals, dense);
	if (reading->dense == NULL) {
		reading->dense = g_memdup2(dense, sizeof dense);
		reading->signals = signals;
	}
	outreach_combine(terms, dense, background, vector);
}
