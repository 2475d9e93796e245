#include "milter/header.h"

#include <string.h>

#define REASONS_MAX    8
#define REASON_LEN_MAX 60
#define FOLD_AT	       76
/* Bytes of UTF-8 in one encoded word: 75 characters with its frame, base64. */
#define WORD_BYTES 42

char *
header_verdict(const struct judgement *judgement, const char *id)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "verdict=%s", verdict_name(judgement->verdict));
	if (judgement->gate != GATE_NONE)
		g_string_append_printf(text, "; gate=%s",
				       gate_name(judgement->gate));
	else
		g_string_append_printf(text, "; outreach=%.2f; relevance=%.2f",
				       MAX(judgement->outreach, 0),
				       MAX(judgement->relevance, 0));
	g_string_append_printf(text, "; id=%s", id);
	if (judgement->relevant)
		g_string_append(text, "; tag=relevant");
	return g_string_free(text, FALSE);
}

/* Names of reasons quote words of the mail: whatever is not ASCII is masked. */
static void
append_masked(GString *text, const char *name)
{
	for (gsize i = 0; i < REASON_LEN_MAX && name[i]; i++) {
		char c = name[i];

		g_string_append_c(text,
				  c < 32 || c > 126 || c == ';' ? '?' : c);
	}
}

char *
header_reason(const GPtrArray *reasons)
{
	GString *text = g_string_new(NULL);
	gsize line = strlen(HEADER_REASON) + 2;
	guint n = 0;

	for (guint i = 0; i < reasons->len && n < REASONS_MAX; i++) {
		const struct reason *reason = g_ptr_array_index(reasons, i);
		g_autoptr(GString) one = NULL;

		if (g_str_has_prefix(reason->name, REASON_GROUP))
			continue;
		one = g_string_new(NULL);
		append_masked(one, reason->name);
		g_string_append_printf(one, " %+.2f", reason->weight);
		if (n++ > 0) {
			g_string_append_c(text, ';');
			line++;
			if (line + 1 + one->len > FOLD_AT) {
				g_string_append(text, "\n\t");
				line = 8;
			} else {
				g_string_append_c(text, ' ');
				line++;
			}
		}
		g_string_append_len(text, one->str, (gssize)one->len);
		line += one->len;
	}
	return g_string_free(text, FALSE);
}

/* Decoders drop the white space between encoded words: the space goes inside.
 */
static void
append_encoded(GString *text, const char *prefix)
{
	g_autofree char *whole = g_strconcat(prefix, " ", NULL);
	const char *at = whole;

	while (*at) {
		const char *end = at;
		g_autofree char *word = NULL;

		while (*end && g_utf8_next_char(end) - at <= WORD_BYTES)
			end = g_utf8_next_char(end);
		word = g_base64_encode((const guchar *)at, (gsize)(end - at));
		g_string_append_printf(text, "%s=?UTF-8?B?%s?=",
				       at == whole ? "" : "\n ", word);
		at = end;
	}
}

static gsize
first_line(const char *text)
{
	return strcspn(text, "\r\n");
}

char *
header_subject(const char *prefix, const char *raw)
{
	g_autofree char *word = g_strchomp(g_strdup(prefix));
	GString *text = g_string_new(NULL);

	raw = raw ? raw + strspn(raw, " \t") : "";
	if (g_str_is_ascii(word))
		g_string_append(text, word);
	else
		append_encoded(text, word);
	if (g_str_has_prefix(raw, text->str)) {
		g_string_free(text, TRUE);
		return NULL;
	}
	if (text->len + 1 + first_line(raw) > HEADER_LINE_MAX - 10)
		g_string_append_c(text, '\n');
	g_string_append_c(text, ' ');
	g_string_append(text, raw);
	return g_string_free(text, FALSE);
}
