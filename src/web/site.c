#include "site_private.h"

#include "base/clock.h"
#include "letter_private.h"
#include "model/promotion.h"
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
	config_free(state->config);
	g_free(state->fault);
	g_free(state->config_path);
	g_free(state->models);
	g_mutex_clear(&state->lock);
	g_free(state);
}

/*
 * Without the store files alone would serve, and a buyer would see, and edit,
 * what is not theirs any more: so it is needed.
 */
static GPtrArray *
list_past(gpointer store, const char *buyer)
{
	return store_version_list(store, buyer, NULL);
}

static struct snapshot *
load(struct web_site *site, GError **error)
{
	const struct site_state *state = site->state;
	const struct served_past past = { list_past, site->store };
	g_autoptr(GPtrArray) versions =
		store_version_list(site->store, NULL, error);

	if (!versions)
		return NULL;
	return snapshot_load_mended(state->config_path, state->models, versions,
				    &past, error);
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
versions_changed(struct web_site *site)
{
	guint64 mark = 0;

	if (!store_version_mark(site->store, &mark, NULL) ||
	    mark == site->state->mark)
		return FALSE;
	site->state->mark = mark;
	return TRUE;
}

static gboolean
open_parts(struct web_site *site, GError **error)
{
	struct site_state *state = site->state;

	state->config = read_config(state->config_path, error);
	if (!state->config)
		return FALSE;
	site->config = state->config;
	state->key = key_open(site->config->key, error);
	site->key = state->key;
	if (!state->key)
		return FALSE;
	site->store = store_open(site->config->store, error);
	if (!site->store)
		return FALSE;
	store_set_wait(site->store, WAIT_US);
	/* Before the reading: what is read is as new as this, or newer. */
	(void)versions_changed(site);
	state->snapshot = load(site, error);
	if (!state->snapshot)
		return FALSE;
	state->mails = letter_pool_new(site);
	return TRUE;
}

struct web_site *
site_start(const char *config_path, const char *models, GError **error)
{
	struct web_site *site = g_new0(struct web_site, 1);

	site->state = state_new(config_path, models);
	if (open_parts(site, error))
		return site;
	site_end(site);
	return NULL;
}

void
site_end(struct web_site *site)
{
	if (!site)
		return;
	if (site->state->mails)
		g_thread_pool_free(site->state->mails, FALSE, TRUE);
	store_close(site->store);
	state_free(site->state);
	g_free(site);
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

/* Takes over both. */
static void
settle(struct site_state *state, struct snapshot *snapshot, char *fault)
{
	struct snapshot *old = NULL;

	g_mutex_lock(&state->lock);
	if (snapshot) {
		old = state->snapshot;
		state->snapshot = snapshot;
	}
	g_free(state->fault);
	state->fault = fault;
	g_mutex_unlock(&state->lock);
	snapshot_unref(old);
}

gboolean
site_reload(struct web_site *site, GError **error)
{
	struct site_state *state = site->state;
	GError *local = NULL;
	struct snapshot *snapshot = load(site, &local);

	settle(state, snapshot, local ? g_strdup(local->message) : NULL);
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
	if (versions_changed(site))
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
