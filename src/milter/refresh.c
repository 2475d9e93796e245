#include "refresh_private.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "model/model.h"
#include "model/promotion.h"
#include "store/key_watch.h"
#include "store/versions.h"
#include "taking_private.h"

#define LOOK_US	      (CLOCK_SECOND_US / 2)
#define TAKE_AGAIN_US (30 * CLOCK_SECOND_US)

/* What was opened at the start, and stays open whatever is read later. */
struct opened {
	char *socket; /* NULL: it was passed in */
	char *store;
	char *spool;
	char *key;
};

struct refresh {
	struct site *site;
	const char *config;
	const char *models;
	struct opened opened;
	pthread_mutex_t lock; /* a load and its replacing are one step */
	GPtrArray *versions;  /* under the lock; NULL: none were read yet */
	GHashTable *told;     /* under the lock: what was told once */
	guint64 mark;	      /* the thread's: of `versions` */
	gboolean marked;
	gboolean answers;     /* the thread's: the store did */
	guint64 tried;	      /* the thread's: mark of the models' folder */
	guint64 shared;	      /* the thread's: mark of the store's models */
	gboolean taken;	      /* the thread's: they are in the folder */
	gint64 again_us;      /* the thread's: not to be tried before */
	struct key_watch key; /* the thread's */
	pthread_mutex_t wake_lock;
	pthread_cond_t wake; /* on the monotonic clock */
	gboolean closing;    /* under wake_lock */
	GThread *thread;
};

/* What a reload cannot change; "" when it is all as it was opened. */
static char *
needs_restart(const struct opened *opened, const struct config *new)
{
	const struct {
		const char *name;
		const char *old;
		const char *new;
	} fixed[] = {
		{ "socket", opened->socket ? opened->socket : new->socket,
		  new->socket },
		{ "store", opened->store, new->store },
		{ "spool", opened->spool, new->spool },
		{ "key", opened->key, new->key },
	};
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (g_strcmp0(fixed[i].old, fixed[i].new) != 0)
			g_string_append_printf(
				text, "; %s changes at the next start only",
				fixed[i].name);
	return g_string_free(text, FALSE);
}

/* A file that beats a version may do so by mistake. */
static void
tell_changed(struct refresh *refresh, const struct snapshot *snapshot)
{
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		const struct buyer *buyer = snapshot->buyers->pdata[i];
		g_autofree char *key = NULL;

		if (buyer->origin != SERVED_CHANGED)
			continue;
		key = g_strdup_printf("%u %s", buyer->version,
				      buyer->profile->id);
		if (!g_hash_table_add(refresh->told, g_steal_pointer(&key)))
			continue;
		log_write(LOG_LEVEL_WARNING,
			  "profile %s: the file serves, since it was changed "
			  "after version %u",
			  buyer->profile->id, buyer->version);
	}
}

/* Once for what stays wrong while versions of profiles come and go. */
static void
tell_groups(struct refresh *refresh, const struct snapshot *snapshot)
{
	g_auto(GStrv) faults = NULL;

	if (!snapshot->group_faults ||
	    !g_hash_table_add(refresh->told, g_strdup(snapshot->group_faults)))
		return;
	faults = g_strsplit(snapshot->group_faults, "\n", -1);
	for (char **fault = faults; *fault; fault++)
		log_write(LOG_LEVEL_WARNING, "%s; passed over", *fault);
}

/* Once each: it stays as it is until its buyer changes something. */
static void
tell_unserved(struct refresh *refresh, const struct snapshot *snapshot)
{
	g_auto(GStrv) lines = NULL;

	if (!snapshot->unserved)
		return;
	lines = g_strsplit(snapshot->unserved, "\n", -1);
	for (char **line = lines; *line; line++)
		if (g_hash_table_add(refresh->told, g_strdup(*line)))
			log_write(LOG_LEVEL_WARNING, "profile %s", *line);
}

static GPtrArray *
list_past(gpointer vault, const char *buyer)
{
	return vault_version_list(vault, buyer, NULL);
}

static struct snapshot *
replace(struct refresh *refresh, gboolean partial, GError **error)
{
	struct site *site = refresh->site;
	const struct served_past past = { list_past, site->vault };
	g_autoptr(Snapshot) before = site_snapshot(site);
	const struct snapshot_request request = {
		.config = refresh->config,
		.models = refresh->models,
		.versions = refresh->versions,
		.past = &past,
		.partial = partial,
		.before = before,
	};
	struct snapshot *new;

	if (!failpoint_pass("before-reload", error))
		return NULL;
	new = snapshot_take(&request, error);
	if (!new)
		return NULL;
	if (!failpoint_pass("after-reload", error)) {
		snapshot_unref(new);
		return NULL;
	}
	tell_changed(refresh, new);
	tell_groups(refresh, new);
	tell_unserved(refresh, new);
	site_replace(site, snapshot_ref(new));
	malloc_trim(0);
	return new;
}

/*
 * Under the lock. What serves from now on, a reference; NULL: as before. What a
 * person asks for is taken whole or not at all; what follows by itself goes on
 * without those who do not serve.
 */
static struct snapshot *
load(struct refresh *refresh, gboolean partial, GError **error)
{
	struct snapshot *new = replace(refresh, partial, error);

	counter_set(&refresh->site->counters->loaded, new != NULL);
	return new;
}

char *
refresh_reload(struct refresh *refresh)
{
	struct site *site = refresh->site;
	g_autoptr(Snapshot) new = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *fixed = NULL;

	pthread_mutex_lock(&refresh->lock);
	new = load(refresh, FALSE, &error);
	pthread_mutex_unlock(&refresh->lock);
	if (!new) {
		counter_add(&site->counters->reloads_failed, 1);
		return g_strconcat("failed ", error->message, NULL);
	}
	counter_add(&site->counters->reloads, 1);
	fixed = needs_restart(&refresh->opened, new->config);
	return g_strdup_printf(
		"ok mode %s, %u buyer%s, models %s%s%s%s",
		config_modes[new->config->mode], new->buyers->len,
		new->buyers->len == 1 ? "" : "s", new->models, fixed,
		new->group_faults ? "; passed over: " : "",
		new->group_faults ? new->group_faults : "");
}

/* "a; b", of a text of lines; the caller's. */
static char *
on_one_line(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	return g_strjoinv("; ", lines);
}

/* Under the lock. */
static void
serve(struct refresh *refresh)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) new = load(refresh, TRUE, &error);
	g_autofree char *faults = NULL;

	if (new) {
		log_write(LOG_LEVEL_INFO,
			  "profiles follow the store: %u buyer%s",
			  new->buyers->len, new->buyers->len == 1 ? "" : "s");
		return;
	}
	faults = on_one_line(error->message);
	log_write(LOG_LEVEL_WARNING,
		  "the profiles are not taken over, those that run stay: %s",
		  faults);
}

/* Under the lock. The profiles stay as they are. */
static void
serve_models(struct refresh *refresh)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Snapshot) new = load(refresh, TRUE, &error);
	g_autofree char *faults = error ? on_one_line(error->message) : NULL;

	if (new)
		log_write(LOG_LEVEL_INFO, "models follow their folder: %s",
			  new->models);
	else
		log_write(LOG_LEVEL_WARNING,
			  "models changed and are not served, what ran before "
			  "stays: %s",
			  faults);
}

/* The mark goes first: what is added in between is seen the next time. */
static gboolean
versions_changed(struct refresh *refresh)
{
	struct vault *vault = refresh->site->vault;
	g_autoptr(GPtrArray) versions = NULL;
	guint64 mark;
	gboolean any;

	refresh->answers = vault_version_mark(vault, &mark, NULL);
	counter_set(&refresh->site->counters->store, refresh->answers ? 1 : 0);
	if (!refresh->answers || (refresh->marked && mark == refresh->mark))
		return FALSE;
	/* Only this thread replaces them. */
	versions = vault_version_list_since(vault, refresh->versions, NULL);
	if (!versions)
		return FALSE;
	pthread_mutex_lock(&refresh->lock);
	any = versions->len > 0 || refresh->versions;
	g_clear_pointer(&refresh->versions, g_ptr_array_unref);
	refresh->versions = g_steal_pointer(&versions);
	pthread_mutex_unlock(&refresh->lock);
	refresh->mark = mark;
	refresh->marked = TRUE;
	return any;
}

/*
 * Whether what serves in the folder is other than what was read, which a worker
 * begins with as its supervisor once read it. What cannot be read is tried
 * once.
 */
static gboolean
models_changed(struct refresh *refresh)
{
	g_autoptr(Snapshot) snapshot = site_snapshot(refresh->site);
	g_autofree char *folder = model_folder_find(
		refresh->models, snapshot->config->models, NULL);
	const guint64 mark = folder ? promotion_mark(folder) : 0;

	if (!folder || mark == snapshot->models_mark || mark == refresh->tried)
		return FALSE;
	refresh->tried = mark;
	return TRUE;
}

static GPtrArray *
list_models(gpointer vault, GError **error)
{
	return vault_model_list(vault, error);
}

static GBytes *
get_model(gpointer vault, const char *id, GError **error)
{
	return vault_model_get(vault, id, error);
}

/* Into the folder that commands change: there it is seen as any change. */
static gboolean
take_models(struct refresh *refresh, GError **error)
{
	const struct taking taking = { refresh->site->vault, list_models,
				       get_model };
	g_autoptr(Snapshot) snapshot = site_snapshot(refresh->site);
	g_autofree char *own =
		model_folder_own(refresh->models, snapshot->config->models);
	g_autofree char *from = model_folder_find(
		refresh->models, snapshot->config->models, error);
	guint n = 0;
	const gboolean done =
		from && taking_install(&taking, own, from, &n, error);

	if (n > 0)
		log_write(LOG_LEVEL_INFO, "%u model%s taken from the store", n,
			  n == 1 ? "" : "s");
	return done;
}

/* What other nodes promoted. What cannot be taken is tried twice a minute. */
static void
follow_models(struct refresh *refresh)
{
	struct vault *vault = refresh->site->vault;
	g_autoptr(GError) error = NULL;
	guint64 mark;

	if (clock_monotonic_us() < refresh->again_us ||
	    !vault_is_shared(vault) || !vault_model_mark(vault, &mark, NULL) ||
	    (refresh->taken && mark == refresh->shared))
		return;
	refresh->taken = take_models(refresh, &error);
	refresh->shared = mark;
	if (refresh->taken)
		return;
	refresh->again_us = clock_monotonic_us() + TAKE_AGAIN_US;
	pthread_mutex_lock(&refresh->lock);
	if (g_hash_table_add(refresh->told, g_strdup(error->message)))
		log_write(LOG_LEVEL_WARNING,
			  "models of other nodes are not served here: %s",
			  error->message);
	pthread_mutex_unlock(&refresh->lock);
}

static gboolean
ask_key(gpointer vault, const struct key *key, enum store_key *found,
	GError **error)
{
	return vault_key_agree(vault, key, found, error);
}

static void
tell_key(struct refresh *refresh)
{
	const char *text =
		key_watch_look(&refresh->key, ask_key, refresh->site->vault,
			       refresh->site->key);

	if (text)
		log_write(LOG_LEVEL_WARNING, "%s", text);
	if (refresh->key.known != STORE_KEY_NONE)
		counter_set(&refresh->site->counters->key,
			    refresh->key.known == STORE_KEY_OTHER);
}

static void
look(struct refresh *refresh)
{
	const gboolean versions = versions_changed(refresh);
	gboolean models;

	if (refresh->answers) {
		follow_models(refresh);
		tell_key(refresh);
	}
	models = models_changed(refresh);
	pthread_mutex_lock(&refresh->lock);
	if (versions)
		serve(refresh);
	else if (models)
		serve_models(refresh);
	pthread_mutex_unlock(&refresh->lock);
}

/*
 * Until it is time to look, or a node tells of a change. FALSE: it is to end,
 * which waits for who listens.
 */
static gboolean
doze(struct refresh *refresh)
{
	const gint64 look_us = clock_monotonic_us() + LOOK_US;
	const gint64 until_us =
		vault_await(refresh->site->vault, look_us) ? 0 : look_us;
	const struct timespec until = {
		.tv_sec = (time_t)(until_us / CLOCK_SECOND_US),
		.tv_nsec = (long)(until_us % CLOCK_SECOND_US) * 1000,
	};
	gboolean closing;

	pthread_mutex_lock(&refresh->wake_lock);
	while (!refresh->closing &&
	       pthread_cond_timedwait(&refresh->wake, &refresh->wake_lock,
				      &until) == 0)
		continue;
	closing = refresh->closing;
	pthread_mutex_unlock(&refresh->wake_lock);
	return !closing;
}

static gpointer
follow(gpointer data)
{
	struct refresh *refresh = data;

	prctl(PR_SET_NAME, "profiles", 0, 0, 0);
	while (doze(refresh))
		look(refresh);
	return NULL;
}

static void
wake_init(struct refresh *refresh)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&refresh->wake, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&refresh->wake_lock, NULL);
}

static void
remember(struct opened *opened, const struct config *config, const char *socket)
{
	opened->socket = g_strdup(socket);
	opened->store = g_strdup(config->store);
	opened->spool = g_strdup(config->spool);
	opened->key = g_strdup(config->key);
}

static void
opened_clear(struct opened *opened)
{
	g_free(opened->socket);
	g_free(opened->store);
	g_free(opened->spool);
	g_free(opened->key);
}

struct refresh *
refresh_new(struct site *site, const char *config, const char *models,
	    const char *socket)
{
	struct refresh *refresh = g_new0(struct refresh, 1);

	refresh->site = site;
	refresh->config = config;
	refresh->models = models;
	remember(&refresh->opened, site->snapshot->config, socket);
	refresh->told =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pthread_mutex_init(&refresh->lock, NULL);
	wake_init(refresh);
	tell_groups(refresh, site->snapshot);
	tell_unserved(refresh, site->snapshot);
	look(refresh);
	refresh->thread = g_thread_new("profiles", follow, refresh);
	return refresh;
}

void
refresh_free(struct refresh *refresh)
{
	if (!refresh)
		return;
	pthread_mutex_lock(&refresh->wake_lock);
	refresh->closing = TRUE;
	pthread_cond_signal(&refresh->wake);
	pthread_mutex_unlock(&refresh->wake_lock);
	g_thread_join(refresh->thread);
	g_clear_pointer(&refresh->versions, g_ptr_array_unref);
	g_hash_table_unref(refresh->told);
	opened_clear(&refresh->opened);
	pthread_cond_destroy(&refresh->wake);
	pthread_mutex_destroy(&refresh->wake_lock);
	pthread_mutex_destroy(&refresh->lock);
	g_free(refresh);
}
