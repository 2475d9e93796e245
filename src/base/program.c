#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"

int
program_log_sink(const char *word)
{
	static const char *const words[] = { [LOG_SINK_STDERR] = "stderr",
					     [LOG_SINK_SYSLOG] = "syslog",
					     [LOG_SINK_JOURNAL] = "journal" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

int
program_usage(const char *name, const char *text)
{
	g_autoptr(GString) plain = g_string_new(text);

	/* GLib's quotes are UTF-8, whatever the terminal. */
	g_string_replace(plain, "\u201C", "'", 0);
	g_string_replace(plain, "\u201D", "'", 0);
	fprintf(stderr, "%s: %s; see --help\n", name, plain->str);
	return EX_USAGE;
}

void
program_begin(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int
program_finish(const char *name, int code)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fprintf(stderr, "%s: standard output: %s\n", name,
		errno ? g_strerror(errno) : "not all could be written");
	return EX_IOERR;
}
