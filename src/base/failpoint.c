#include "base/failpoint.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

enum action { ACT_ERROR, ACT_KILL, ACT_HANG, ACT_DELAY };

static const char *const names[] = { "before-parse",
				     "after-parse",
				     "before-score",
				     "after-score",
				     "before-commit",
				     "after-commit",
				     "before-delrcpt",
				     "after-delrcpt",
				     "before-reply",
				     "after-reply",
				     "before-release",
				     "after-release",
				     "before-digest",
				     "after-digest",
				     "before-reload",
				     "after-reload",
				     NULL };

static struct {
	const char *name; /* NULL: no fault is asked for */
	enum action action;
	gulong delay_us;
	guint64 nth;	   /* 0: each time */
	atomic_uint *hits; /* shared by all workers */
} point;

static gboolean
read_action(const char *word)
{
	guint64 ms;

	if (strcmp(word, "error") == 0)
		point.action = ACT_ERROR;
	else if (strcmp(word, "kill") == 0)
		point.action = ACT_KILL;
	else if (strcmp(word, "hang") == 0)
		point.action = ACT_HANG;
	else if (g_str_has_prefix(word, "delay=") &&
		 g_ascii_string_to_unsigned(word + 6, 10, 0, 600000, &ms,
					    NULL)) {
		point.action = ACT_DELAY;
		point.delay_us = (gulong)ms * 1000;
	} else
		return FALSE;
	return TRUE;
}

static const char *
known_name(const char *word)
{
	for (guint i = 0; names[i]; i++)
		if (strcmp(names[i], word) == 0)
			return names[i];
	return NULL;
}

gboolean
failpoint_open(const char *spec, GError **error)
{
	g_auto(GStrv) words = NULL;
	const char *name;

	point.name = NULL;
	point.nth = 0;
	if (!spec || !*spec)
		return TRUE;
	words = g_strsplit(spec, ":", 3);
	name = known_name(words[0]);
	if (!name || !words[1] || !read_action(words[1]) ||
	    (words[2] && !g_ascii_string_to_unsigned(words[2], 10, 1, G_MAXUINT,
						     &point.nth, NULL))) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "failpoint '%s' is not NAME:ACTION[:N]", spec);
		return FALSE;
	}
	point.hits = mmap(NULL, sizeof(*point.hits), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	g_assert(point.hits != MAP_FAILED);
	point.name = name;
	return TRUE;
}

gboolean
failpoint_hit(const char *name)
{
	guint hit;

	if (!point.name || strcmp(point.name, name) != 0)
		return FALSE;
	hit = atomic_fetch_add(point.hits, 1) + 1;
	if (point.nth && hit != point.nth)
		return FALSE;
	if (point.action == ACT_KILL)
		kill(getpid(), SIGKILL);
	while (point.action == ACT_HANG)
		pause();
	if (point.action == ACT_DELAY)
		g_usleep(point.delay_us);
	return point.action == ACT_ERROR;
}

gboolean
failpoint_pass(const char *name, GError **error)
{
	if (!failpoint_hit(name))
		return TRUE;
	g_set_error(error, BASE_ERROR, BASE_ERROR_IO, "failpoint %s", name);
	return FALSE;
}
