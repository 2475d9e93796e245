#include "lookups_private.h"

static struct lookup *
text_look_up(const struct reading_text *text, const struct interest *interest)
{
	const guint n = MIN(text->words->len, READING_STEMS_MAX);
	struct lookup *list = g_new(struct lookup, n + 1);

	for (guint i = 0; i < n; i++) {
		guint32 bucket;

		list[i] = (struct lookup){ 0.0f, POSTINGS_NONE };
		if (text->stem[i] == 0)
			continue;
		bucket = term_bucket_word(TERM_STEM, text->stem[i]);
		list[i].idf = interest_idf(interest, bucket);
		list[i].row = postings_find(interest->stems, bucket);
	}
	return list;
}

struct lookups
lookups_read(struct reading *reading, const struct interest *interest)
{
	reading_stems(reading);
	return (struct lookups){ text_look_up(&reading->text, interest),
				 text_look_up(&reading->subject, interest) };
}

void
lookups_clear(struct lookups *lookups)
{
	g_free(lookups->text);
	g_free(lookups->subject);
}
