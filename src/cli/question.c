#include "question_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure_private.h"

#define ANSWER_MAX 1000

gboolean
question_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* One line without spaces around it, or NULL at the end. */
static char *
read_answer(void)
{
	char line[ANSWER_MAX];

	if (!fgets(line, sizeof(line), stdin))
		return NULL;
	return g_strdup(g_strstrip(line));
}

static void
prompt(const char *text, const char *fallback)
{
	if (fallback && *fallback)
		fprintf(stderr, "%s [%s]: ", text, fallback);
	else
		fprintf(stderr, "%s: ", text);
	fflush(stderr);
}

static gboolean
is_accepted(const char *answer,
	    gboolean (*accept)(const char *answer, GError **error))
{
	g_autoptr(GError) wrong = NULL;

	if (!*answer)
		return FALSE;
	if (!accept || accept(answer, &wrong))
		return TRUE;
	fprintf(stderr, "  %s\n", wrong->message);
	return FALSE;
}

char *
question_ask(const char *text, const char *fallback,
	     gboolean (*accept)(const char *answer, GError **error),
	     GError **error)
{
	for (;;) {
		g_autofree char *answer = NULL;

		prompt(text, fallback);
		answer = read_answer();
		if (!answer) {
			fputc('\n', stderr);
			g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
				    "the input ended before all was answered");
			return NULL;
		}
		if (!*answer && fallback)
			return g_strdup(fallback);
		if (is_accepted(answer, accept))
			return g_steal_pointer(&answer);
	}
}
