#include "milter/site.h"

#include <sys/resource.h>

#include "base/clock.h"

/* What all messages under way may take together. */
#define ROOM_MAX ((gsize)256 * 1024 * 1024)

/* Files that are not sessions: store, spool, log, control, libmilter's own. */
#define OTHER_FILES ((rlim_t)64)

#define CLOSE_TICK_US 20000

/* A store that does not answer must not keep the filter from serving. */
#define PREPARE_US (2 * CLOCK_SECOND_US)

static guint
sessions_possible(void)
{
	struct rlimit files = { 0 };
	rlim_t possible;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		files.rlim_cur = 1024;
	possible = MAX(files.rlim_cur, 2 * OTHER_FILES) - OTHER_FILES;
	return (guint)MIN(possible, G_MAXINT);
}

/* So that the first mail of a buyer finds what was spent before. */
static void
prepare(struct spending *spending, const struct snapshot *snapshot)
{
	if (snapshot->config->mode == MODE_OBSERVE)
		return;
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];

		spending_prepare(spending, buyer->profile);
	}
}

struct site *
site_new(struct snapshot *snapshot, struct vault *vault, struct key *key,
	 struct blame *blame, struct counters *counters)
{
	struct site *site = g_new0(struct site, 1);

	pthread_mutex_init(&site->lock, NULL);
	site->snapshot = snapshot;
	site->vault = vault;
	site->key = key;
	site->blame = blame;
	site->counters = counters;
	site->spending = spending_new(snapshot->config->store);
	prepare(site->spending, snapshot);
	/* Until it is read what was spent, more than the budget is let in. */
	spending_wait(site->spending, clock_monotonic_us() + PREPARE_US);
	site->node = g_strdup(g_get_host_name());
	site->room.max = ROOM_MAX;
	site->sessions_max = sessions_possible();
	return site;
}

void
site_free(struct site *site)
{
	if (!site)
		return;
	g_clear_pointer(&site->vault, vault_close);
	spending_free(site->spending);
	key_free(site->key);
	snapshot_unref(site->snapshot);
	g_free(site->node);
	pthread_mutex_destroy(&site->lock);
	g_free(site);
}

struct snapshot *
site_snapshot(struct site *site)
{
	struct snapshot *snapshot;

	pthread_mutex_lock(&site->lock);
	snapshot = snapshot_ref(site->snapshot);
	pthread_mutex_unlock(&site->lock);
	return snapshot;
}

void
site_replace(struct site *site, struct snapshot *snapshot)
{
	struct snapshot *old;

	prepare(site->spending, snapshot);
	pthread_mutex_lock(&site->lock);
	old = site->snapshot;
	site->snapshot = snapshot;
	pthread_mutex_unlock(&site->lock);
	snapshot_unref(old);
}

gboolean
site_enter(struct site *site)
{
	gboolean entered;

	pthread_mutex_lock(&site->lock);
	entered = !site->closed;
	if (entered)
		site->open++;
	pthread_mutex_unlock(&site->lock);
	return entered;
}

void
site_leave(struct site *site)
{
	pthread_mutex_lock(&site->lock);
	site->open--;
	pthread_mutex_unlock(&site->lock);
}

gboolean
site_close(struct site *site, gint64 deadline_us)
{
	for (;;) {
		gboolean late = clock_monotonic_us() >= deadline_us;
		guint open;

		pthread_mutex_lock(&site->lock);
		open = site->open;
		site->closed = open == 0 || late;
		pthread_mutex_unlock(&site->lock);
		if (open == 0 || late)
			return open == 0;
		g_usleep(CLOSE_TICK_US);
	}
}

static void
append(GString *text, const char *name, const Counter *counter)
{
	g_string_append_printf(text, "%s=%" G_GUINT64_FORMAT " ", name,
			       counter_get(counter));
}

char *
site_counters(struct site *site)
{
	struct counters *counters = site->counters;
	GString *text = g_string_new(NULL);

	for (guint i = 0; i <= VERDICT_DELIVER; i++)
		append(text, verdict_name((enum verdict)i),
		       &counters->verdicts[i]);
	append(text, "passed", &counters->passed);
	append(text, "gated", &counters->gated);
	append(text, "learned", &counters->learned);
	append(text, "kept", &counters->kept);
	append(text, "deferred", &counters->deferred);
	for (guint i = 0; i < FAILURES; i++) {
		g_autofree char *name =
			g_strconcat("failed-", config_failures[i], NULL);

		append(text, name, &counters->failures[i]);
	}
	append(text, "reloads", &counters->reloads);
	append(text, "reloads-failed", &counters->reloads_failed);
	g_string_append_printf(text, "sessions=%u screening=%u",
			       atomic_load(&site->sessions),
			       atomic_load(&site->screening));
	return g_string_free(text, FALSE);
}
