#include <string.h>
#include <xxhash.h>

#include "traits_private.h"

/* Fewer words are no sign of one sender. */
#define WORDS_MIN 3

/*
 * Subjects that thousands of senders use, folded, in order. What has fewer
 * than WORDS_MIN words is not here.
 */
static const char *const common[] = {
	"a quick question",
	"a quick question for you",
	"any thoughts on this",
	"any update on this",
	"are you still interested",
	"are you the right contact",
	"are you the right person",
	"bumping this up",
	"bumping this up your inbox",
	"can we connect",
	"can we talk",
	"checking in again",
	"checking in with you",
	"closing the loop",
	"closing your file",
	"did you get my email",
	"did you get my last email",
	"did you see my email",
	"did you see my last email",
	"did you see this",
	"follow up to my last email",
	"following up again",
	"following up on my email",
	"following up on my last email",
	"following up on my previous email",
	"following up with you",
	"haben sie kurz zeit",
	"happy new year",
	"have you seen this",
	"have you given up on this",
	"hope you are well",
	"i tried to reach you",
	"ich wollte kurz nachfragen",
	"in case you missed it",
	"in case you missed this",
	"introduction and quick question",
	"je me permets de vous relancer",
	"just a quick question",
	"just checking in",
	"just checking in again",
	"just following up",
	"just following up on this",
	"kurze frage an sie",
	"kurze frage zu ihnen",
	"last chance to register",
	"last try from me",
	"meeting next week",
	"my last email",
	"nice to meet you",
	"not sure if you saw this",
	"one last attempt",
	"one last time",
	"one last try",
	"one more thing",
	"one quick question",
	"permission to close your file",
	"quick call next week",
	"quick call this week",
	"quick chat next week",
	"quick chat this week",
	"quick follow up",
	"quick intro call",
	"quick question for you",
	"request for a meeting",
	"request for meeting",
	"should i close your file",
	"should i stay or should i go",
	"should i stop reaching out",
	"still interested in this",
	"terminvorschlag nächste woche",
	"this is my last email",
	"thoughts on my last email",
	"thoughts on this",
	"time for a quick call",
	"time for a quick chat",
	"time to talk",
	"touching base again",
	"touching base with you",
	"trying to connect",
	"trying to reach you",
	"une question rapide",
	"una pregunta rápida",
	"uma pergunta rápida",
	"una domanda veloce",
	"wann passt es ihnen",
	"who is the right person",
	"who should i talk to",
	"worth a chat",
	"worth a conversation",
	"worth a quick call",
	"worth a quick chat",
	"your thoughts on this",
};

static gboolean
is_common(const char *subject)
{
	for (gsize i = 0; i < G_N_ELEMENTS(common); i++)
		if (strcmp(subject, common[i]) == 0)
			return TRUE;
	return FALSE;
}

guint64
subject_key(const struct reading *reading)
{
	const struct reading_text *subject = &reading->subject;
	g_autoptr(GString) text = g_string_sized_new(subject->len + 1);
	guint64 key;
	guint n = 0;

	for (guint i = 0; i < subject->words->len; i++) {
		const struct word *word =
			&g_array_index(subject->words, struct word, i);

		if (word->digits > 0)
			continue;
		if (n++ > 0)
			g_string_append_c(text, ' ');
		g_string_append_len(text, subject->folded + word->at,
				    word->len);
	}
	if (n < WORDS_MIN || is_common(text->str))
		return 0;
	key = XXH3_64bits(text->str, text->len);
	return key ? key : 1;
}
