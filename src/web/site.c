#include "site_private.h"

#include "base/clock.h"
#include "base/identity.h"
#include "letter_private.h"
#include "model/promotion.h"
#include "opener_private.h"
#include "store/versions.h"

/* Nobody looks longer at a page that does not come. */
#define WAIT_US (5 * CLOCK_SECOND_US)

/*
 * How often links are asked for, mailed and tried. A whole office may sit
 * behind one address and sign in at nine; only known addresses are ever mailed
 * to, and nobody guesses 256 bits: these are against load.
 */
#define CLIENT_MAX  300
#define ADDRESS_MAX 5
#define OVERALL_MAX 1500
#define GUESSES_MAX 300
#define WINDOW_US   (900 * CLOCK_SECOND_US)
#define KEYS_MAX    4096

static struct site_state *
state_new(const char *config_path, const char *models)
{
	struct site_state *state = g_new0(struct site_state, 1);

	g_mutex_init(&state->lock);
	state->config_path = g_strdup(config_path);
	state->models = g_strdup(models);
	state->begun_us = clock_now_us();
	state->by_client = rate_new(CLIENT_MAX, WINDOW_US, KEYS_MAX);
	state->by_address = rate_new(ADDRESS_MAX, WINDOW_US, KEYS_MAX);
	state->overall = rate_new(OVERALL_MAX, WINDOW_US, 1);
	state->guesses = rate_new(GUESSES_MAX, WINDOW_US, KEYS_MAX);
	return state;
}

static void
state_free(struct site_state *state)
{
	rate_free(state->by_client);
	rate_free(state->by_address);
	rate_free(state->overall);
	rate_free(state->guesses);
	snapshot_unref(state->snapshot);
	key_free(state->key);
	store_close(state->joining);
	config_free(state->config);
	g_free(state->fault);
	g_free(state->config_path);
	g_free(state->models);
	g_mutex_clear(&state->lock);
	g_free(state);
}

static GPtrArray *
list_past(gpointer store, const char *buyer)
{
	return store_version_list(store, buyer, NULL);
}

/*
 * Only this thread replaces the snapshot. Without the store files alone would
 * serve, and a buyer would see, and edit, what is not theirs any more: such a
 * snapshot has no pages.
 */
static struct snapshot *
load(struct web_site *site, struct store *store, gboolean partial,
     GError **error)
{
	const struct site_state *state = site->state;
	const struct served_past past = { list_past, store };
	const struct snapshot *before = state->snapshot;
	g_autoptr(GPtrArray) versions =
		store ? store_version_list_since(
				store, before ? before->versions : NULL, error)
		      : NULL;
	const struct snapshot_request request = {
		.config = state->config_path,
		.models = state->models,
		.versions = versions,
		.past = store ? &past : NULL,
		.partial = partial,
		.before = before,
	};

	return versions || !store ? snapshot_take(&request, error) : NULL;
}

static struct config *
read_config(const char *path, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	struct config *config = config_load(path, faults);

	if (!config)
		faults_report(faults, error);
	return config;
}

static gboolean
versions_changed(struct web_site *site, struct store *store)
{
	guint64 mark = 0;

	if (!store || !store_version_mark(store, &mark, NULL) ||
	    mark == site->state->mark)
		return FALSE;
	site->state->mark = mark;
	return TRUE;
}

static gboolean
open_parts(struct web_site *site, GError **error)
{
	struct site_state *state = site->state;

	if (!identity_become(
		    identity_path(site->config->store, site->config->key),
		    error) ||
	    !identity_can_read(state->config_path, error))
		return FALSE;
	state->key = key_open(site->config->key, error);
	site->key = state->key;
	if (!state->key)
		return FALSE;
	state->opener = opener_new(site->config->store);
	return TRUE;
}

/* Takes over all three, of which any may be NULL. */
static void
settle(struct web_site *site, struct snapshot *snapshot, struct store *joined,
       char *fault)
{
	struct site_state *state = site->state;
	struct snapshot *old = NULL;

	g_mutex_lock(&state->lock);
	if (snapshot) {
		old = state->snapshot;
		state->snapshot = snapshot;
	}
	if (joined)
		site->store = joined;
	g_free(state->fault);
	state->fault = fault;
	g_mutex_unlock(&state->lock);
	snapshot_unref(old);
}

static gboolean
join(struct web_site *site, gint64 until_us, GError **error)
{
	struct site_state *state = site->state;
	struct snapshot *snapshot;

	if (!state->joining) {
		state->joining = opener_take(state->opener, until_us, error);
		if (!state->joining)
			return FALSE;
		store_set_wait(state->joining, WAIT_US);
	}
	/* Before the reading: what is read is as new as this, or newer. */
	(void)versions_changed(site, state->joining);
	snapshot = load(site, state->joining, TRUE, error);
	if (snapshot)
		settle(site, snapshot, g_steal_pointer(&state->joining), NULL);
	return snapshot != NULL;
}

/* Why the store is not there is told; any other error is the caller's. */
static gboolean
begin(struct web_site *site, gint64 wait_us, char **away, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (join(site, clock_monotonic_us() + wait_us, &local))
		return TRUE;
	if (local->domain != STORE_ERROR) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*away = g_strdup(local->message);
	site->state->snapshot = load(site, NULL, TRUE, error);
	return site->state->snapshot != NULL;
}

struct web_site *
site_prepare(const char *config_path, const char *models, GError **error)
{
	struct config *config = read_config(config_path, error);
	struct web_site *site;

	if (!config)
		return NULL;
	site = g_new0(struct web_site, 1);
	site->state = state_new(config_path, models);
	site->state->config = config;
	site->config = config;
	return site;
}

gboolean
site_start(struct web_site *site, gint64 wait_us, char **away, GError **error)
{
	if (!open_parts(site, error) || !begin(site, wait_us, away, error))
		return FALSE;
	site->state->mails = letter_pool_new(site);
	return TRUE;
}

gboolean
site_join(struct web_site *site, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (site->store || join(site, 0, &local))
		return TRUE;
	if (local->domain != STORE_ERROR)
		g_prefix_error(&local, "it is there, but ");
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
site_end(struct web_site *site, gint64 until_us)
{
	if (!site)
		return TRUE;
	if (!opener_free(site->state->opener, until_us))
		return FALSE;
	if (site->state->mails)
		g_thread_pool_free(site->state->mails, FALSE, TRUE);
	store_close(site->store);
	state_free(site->state);
	g_free(site);
	return TRUE;
}

struct snapshot *
site_view(struct web_site *site, struct web_site *view)
{
	struct snapshot *snapshot;

	g_mutex_lock(&site->state->lock);
	*view = *site;
	snapshot = snapshot_ref(site->state->snapshot);
	g_mutex_unlock(&site->state->lock);
	view->config = snapshot->config;
	return snapshot;
}

struct snapshot *
site_pin(struct web_site *site)
{
	struct snapshot *snapshot;

	g_mutex_lock(&site->state->lock);
	snapshot = snapshot_ref(site->state->snapshot);
	g_mutex_unlock(&site->state->lock);
	return snapshot;
}

gboolean
site_reload(struct web_site *site, gboolean whole, GError **error)
{
	struct site_state *state = site->state;
	GError *local = NULL;
	struct snapshot *snapshot = load(site, site->store, !whole, &local);

	settle(site, snapshot, NULL, local ? g_strdup(local->message) : NULL);
	if (snapshot) {
		atomic_fetch_add(&state->counters.reloads, 1);
		return TRUE;
	}
	atomic_fetch_add(&state->counters.reloads_failed, 1);
	g_propagate_error(error, local);
	return FALSE;
}

char *
site_models(const struct web_site *site, const struct config *config)
{
	return model_folder_find(site->state->models, config->models, NULL);
}

/* What cannot be read is tried once. */
static gboolean
models_changed(struct web_site *site)
{
	struct site_state *state = site->state;
	g_autoptr(Snapshot) snapshot = site_pin(site);
	g_autofree char *folder = site_models(site, snapshot->config);
	const guint64 mark = folder ? promotion_mark(folder) : 0;

	if (!folder || mark == snapshot->models_mark || mark == state->tried)
		return FALSE;
	state->tried = mark;
	return TRUE;
}

const char *
site_changed(struct web_site *site)
{
	if (versions_changed(site, site->store))
		return "a profile has a new version";
	return models_changed(site) ? "a model was put in place" : NULL;
}

char *
site_fault(struct web_site *site)
{
	char *fault;

	g_mutex_lock(&site->state->lock);
	fault = g_strdup(site->state->fault);
	g_mutex_unlock(&site->state->lock);
	return fault;
}
