#include "transfer_private.h"

#include <glib.h>
#include <stdio.h>

#include "installation_private.h"
#include "print_private.h"
#include "progress_private.h"
#include "store/shared_key.h"
#include "waiting_private.h"

static const char rest[] = "rows of the rest added";

/* How much of it there is only messages can tell. */
static void
show_progress(const struct store_copied *copied, gpointer data)
{
	struct progress *progress = data;
	const guint64 done = copied->others ? copied->others : copied->seen;

	if (copied->others > 0 && progress->what != rest) {
		progress_clear(progress);
		progress->what = rest;
		progress->total = 0;
	}
	progress->done = (guint)MIN(done, G_MAXUINT);
	/* Which counts one. */
	progress->done -= progress->done > 0;
	progress_step(progress);
}

static guint
count_messages(struct store *store)
{
	struct store_stats stats;
	guint64 n = 0;

	if (!store_stats(store, &stats, NULL))
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(stats.states); i++)
		n += stats.states[i];
	return (guint)MIN(n, G_MAXUINT);
}

gboolean
transfer_verify(struct store *store, const char *what, GError **error)
{
	g_autoptr(Waiting) waiting = waiting_begin(what);

	return store_verify(store, error);
}

gboolean
transfer_run(struct store *from, struct store *to, struct store_copied *copied,
	     GError **error)
{
	struct progress progress;
	gboolean ok;

	progress_begin(&progress, "messages", 0);
	if (progress.on)
		progress.total = count_messages(from);
	ok = store_copy(from, to, show_progress, &progress, copied, error);
	progress_clear(&progress);
	return ok && transfer_verify(to, "checking the copy", error);
}

void
transfer_print(const struct options *options, const char *to,
	       const struct store_copied *copied)
{
	json_t *object;

	if (!options->json) {
		printf("%" G_GUINT64_FORMAT " messages: %" G_GUINT64_FORMAT
		       " added, %" G_GUINT64_FORMAT
		       " changed; %" G_GUINT64_FORMAT " other rows added to ",
		       copied->seen, copied->added, copied->changed,
		       copied->others);
		print_text(to, FALSE);
		putchar('\n');
		return;
	}
	object = json_object();
	json_object_set_new(object, "to", print_json_text(to));
	json_object_set_new(object, "messages",
			    json_integer((json_int_t)copied->seen));
	json_object_set_new(object, "added",
			    json_integer((json_int_t)copied->added));
	json_object_set_new(object, "changed",
			    json_integer((json_int_t)copied->changed));
	json_object_set_new(object, "others",
			    json_integer((json_int_t)copied->others));
	print_json(object);
}

void
transfer_tell_key(struct store *store, const struct config *config)
{
	g_autoptr(Key) key = installation_key(config, NULL);
	enum store_key found;

	if (!key || !store_key_look(store, key, &found, NULL) ||
	    found != STORE_KEY_OTHER)
		return;
	fprintf(stderr,
		"pitchward: the contacts that were copied are hashed under "
		"another site key than %s, so that nobody is known: put the "
		"key there that belongs to them\n",
		config->key);
}
