#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static struct {
	enum log_sink sink;
	/* Never freed: syslog() keeps the pointer for the process's life. */
	char *program;
	gboolean stream; /* standard error goes to the journal */
} state = { LOG_SINK_STDERR, NULL, FALSE };

static const struct {
	int priority;
	const char *digit; /* the same number, as the journal takes it */
	const char *word;
} levels[] = {
	[LOG_LEVEL_ERROR] = { LOG_ERR, "3", "error: " },
	[LOG_LEVEL_WARNING] = { LOG_WARNING, "4", "warning: " },
	[LOG_LEVEL_INFO] = { LOG_INFO, "6", "" },
};

/*
 * Of what systemd(1) connects to the journal it tells the device and inode
 * (systemd.exec(5), JOURNAL_STREAM): what was put in its place is another file.
 */
static gboolean
is_journal(int fd)
{
	const char *told = g_getenv("JOURNAL_STREAM");
	g_autofree char *ours = NULL;
	struct stat st;

	if (!told || fstat(fd, &st) != 0)
		return FALSE;
	ours = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
			       (guint64)st.st_dev, (guint64)st.st_ino);
	return strcmp(told, ours) == 0;
}

void
log_open(enum log_sink sink, const char *program)
{
	char *old = state.program;

	state.sink = sink;
	state.program = g_strdup(program);
	state.stream = is_journal(STDERR_FILENO);
	openlog(state.program, LOG_PID, LOG_MAIL);
	g_free(old);
}

static gboolean
to_journal(enum log_level level, const char *text)
{
	const GLogField fields[] = {
		{ "MESSAGE", text, -1 },
		{ "PRIORITY", levels[level].digit, -1 },
		{ "SYSLOG_IDENTIFIER", state.program, -1 },
	};

	return g_log_writer_journald(G_LOG_LEVEL_MESSAGE, fields,
				     G_N_ELEMENTS(fields),
				     NULL) == G_LOG_WRITER_HANDLED;
}

static void
to_stderr(enum log_level level, const char *text)
{
	const char *digit = levels[level].digit;

	/* One call, so that lines of several threads never mix. */
	fprintf(stderr, "%s%s%s%s%s%s%s\n", state.stream ? "<" : "",
		state.stream ? digit : "", state.stream ? ">" : "",
		state.program ? state.program : "", state.program ? ": " : "",
		levels[level].word, text);
}

void
log_write(enum log_level level, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	for (char *p = text; (p = strpbrk(p, "\r\n")); p++)
		*p = ' ';
	if (state.sink == LOG_SINK_STDERR)
		to_stderr(level, text);
	else if (state.sink == LOG_SINK_SYSLOG || !to_journal(level, text))
		syslog(levels[level].priority, "%s%s", levels[level].word,
		       text);
}

char *
log_quote(const char *text, gsize max)
{
	gsize len = text ? strlen(text) : 0;
	gsize cut = MIN(len, max);
	GString *quoted = g_string_sized_new(cut + 6);

	g_string_append_c(quoted, '"');
	for (gsize i = 0; i < cut; i++) {
		guchar c = (guchar)text[i];

		if (c < 32 || c > 126 || c == '"' || c == '\\')
			g_string_append_printf(quoted, "\\x%02X", c);
		else
			g_string_append_c(quoted, (char)c);
	}
	g_string_append(quoted, cut < len ? "\"..." : "\"");
	return g_string_free(quoted, FALSE);
}
