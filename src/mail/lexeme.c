#include "lexeme_private.h"

static const char *
finish(const char *p, gboolean is_closed, gboolean *closed)
{
	if (closed)
		*closed = is_closed;
	return p;
}

const char *
lexeme_comment(const char *p, const char *end, gboolean *closed)
{
	gsize depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return finish(p + 1, TRUE, closed);
	}
	return finish(end, FALSE, closed);
}

const char *
lexeme_quoted(const char *p, const char *end, gboolean *closed)
{
	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			return finish(p + 1, TRUE, closed);
	}
	return finish(end, FALSE, closed);
}
