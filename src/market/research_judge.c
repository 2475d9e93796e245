/* P(relevant) of a text that was never judged for the buyer. */
#include <string.h>

#include "features/reading.h"
#include "features/relevance.h"
#include "model/model.h"
#include "research_private.h"

/* The text as the mail that it would be. */
static GBytes *
as_mail(const struct store_document *document)
{
	g_autofree char *title = g_strdup(document->title);
	char *mail;

	g_strdelimit(title, "\r\n", ' ');
	mail = g_strdup_printf("Subject: %s\r\n"
			       "MIME-Version: 1.0\r\n"
			       "Content-Type: text/plain; charset=utf-8\r\n"
			       "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
			       title, document->text);
	return g_bytes_new_take(mail, strlen(mail));
}

struct research_judge {
	const struct snapshot *snapshot;
	struct profile *profile; /* what it owns are its priorities */
	struct interest *interest;
};

struct research_judge *
research_judge_new(const struct snapshot *snapshot, const struct buyer *buyer,
		   struct profile_priority *topic)
{
	struct research_judge *judge;

	if (!snapshot || !snapshot->relevance || !buyer)
		return NULL;
	judge = g_new0(struct research_judge, 1);
	judge->snapshot = snapshot;
	judge->profile = g_memdup2(buyer->profile, sizeof(*buyer->profile));
	judge->profile->priorities = g_ptr_array_new();
	if (topic)
		g_ptr_array_add(judge->profile->priorities, topic);
	else
		g_ptr_array_extend(judge->profile->priorities,
				   buyer->profile->priorities, NULL, NULL);
	judge->interest = interest_new(judge->profile,
				       model_background(snapshot->relevance));
	return judge;
}

void
research_judge_free(struct research_judge *judge)
{
	if (!judge)
		return;
	interest_free(judge->interest);
	g_ptr_array_unref(judge->profile->priorities);
	g_free(judge->profile);
	g_free(judge);
}

double
research_judge_relevance(const struct research_judge *judge,
			 const struct store_document *document, gint64 now_us)
{
	const struct model *model = judge->snapshot->relevance;
	g_autoptr(GBytes) bytes = as_mail(document);
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);
	struct vector vector = { NULL, 0, 0 };
	double decision;
	int priority;

	reading->lexicon = judge->snapshot->lexicon;
	relevance_vector(reading, judge->interest, now_us, &vector, &priority,
			 NULL);
	vector_sort(&vector);
	decision = model_decide(model, &vector);
	vector_clear(&vector);
	return model_probability(model, decision);
}
