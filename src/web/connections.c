#include "connections_private.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

#define PER_CLIENT_MAX 60
#define TICK_US	       250000

struct connections {
	GMutex lock;
	GCond wake;
	GThread *thread;
	gboolean ended;
	struct site_counters *counters;
	GHashTable *clients; /* key -> number of connections */
	GQueue all;	     /* of struct connection */
	guint max;
};

struct connection {
	struct connections *of;
	GList link; /* in `all` */
	int fd;
	char *key;
	enum connection_stage stage;
	gint64 since_us;
	gboolean cut;
	gpointer request; /* under way, or NULL */
};

/* Usually, and when it is crowded; 0: no limit. */
static const gint64 limits_us[][2] = {
	[CONNECTION_IDLE] = { 20 * CLOCK_SECOND_US, CLOCK_SECOND_US },
	[CONNECTION_READ] = { 10 * CLOCK_SECOND_US, 2 * CLOCK_SECOND_US },
	[CONNECTION_WORK] = { 0, 0 },
	[CONNECTION_WRITE] = { 60 * CLOCK_SECOND_US, 10 * CLOCK_SECOND_US },
};

static void
cut(struct connection *connection)
{
	connection->cut = TRUE;
	shutdown(connection->fd, SHUT_RDWR);
}

/* Under the lock. */
static void
cut_late(struct connections *connections)
{
	const gboolean crowded = connections->all.length > connections->max / 2;
	const gint64 now_us = clock_monotonic_us();

	for (GList *at = connections->all.head; at; at = at->next) {
		struct connection *connection = at->data;
		const gint64 limit = limits_us[connection->stage][crowded];

		if (connection->cut || limit == 0 ||
		    now_us - connection->since_us < limit)
			continue;
		cut(connection);
		atomic_fetch_add(&connections->counters->late, 1);
	}
}

static gpointer
watch(gpointer data)
{
	struct connections *connections = data;

	g_mutex_lock(&connections->lock);
	while (!connections->ended) {
		cut_late(connections);
		g_cond_wait_until(&connections->wake, &connections->lock,
				  g_get_monotonic_time() + TICK_US);
	}
	g_mutex_unlock(&connections->lock);
	return NULL;
}

struct connections *
connections_new(struct site_counters *counters, guint max)
{
	struct connections *connections = g_new0(struct connections, 1);

	g_mutex_init(&connections->lock);
	g_cond_init(&connections->wake);
	g_queue_init(&connections->all);
	connections->counters = counters;
	connections->max = max;
	connections->clients =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	connections->thread = g_thread_new("deadlines", watch, connections);
	return connections;
}

void
connections_free(struct connections *connections)
{
	if (!connections)
		return;
	g_mutex_lock(&connections->lock);
	connections->ended = TRUE;
	g_cond_signal(&connections->wake);
	g_mutex_unlock(&connections->lock);
	g_thread_join(connections->thread);
	g_assert(connections->all.length == 0);
	g_hash_table_unref(connections->clients);
	g_cond_clear(&connections->wake);
	g_mutex_clear(&connections->lock);
	g_free(connections);
}

char *
connections_key(const char *ip)
{
	struct in6_addr address;
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, ip, &address) != 1 ||
	    IN6_IS_ADDR_V4MAPPED(&address))
		return g_strdup(ip);
	memset(address.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &address, text, sizeof(text));
	return g_strdup(text);
}

/* Under the lock. */
static guint
count_of(const struct connections *connections, const char *key)
{
	const guint *n = g_hash_table_lookup(connections->clients, key);

	return n ? *n : 0;
}

static void
set_count(struct connections *connections, const char *key, guint n)
{
	if (n > 0)
		g_hash_table_replace(connections->clients, g_strdup(key),
				     g_memdup2(&n, sizeof(n)));
	else
		g_hash_table_remove(connections->clients, key);
}

gboolean
connections_allow(struct connections *connections, const char *ip,
		  gboolean trusted)
{
	g_autofree char *key = connections_key(ip);
	gboolean allowed;

	g_mutex_lock(&connections->lock);
	allowed = trusted || count_of(connections, key) < PER_CLIENT_MAX;
	g_mutex_unlock(&connections->lock);
	if (!allowed)
		atomic_fetch_add(&connections->counters->refused, 1);
	return allowed;
}

struct connection *
connection_begin(struct connections *connections, int fd, const char *ip)
{
	struct connection *connection = g_new0(struct connection, 1);

	connection->of = connections;
	connection->fd = fd;
	connection->key = connections_key(ip);
	connection->stage = CONNECTION_READ;
	connection->since_us = clock_monotonic_us();
	connection->link.data = connection;
	g_mutex_lock(&connections->lock);
	set_count(connections, connection->key,
		  count_of(connections, connection->key) + 1);
	g_queue_push_tail_link(&connections->all, &connection->link);
	atomic_store(&connections->counters->connections,
		     connections->all.length);
	g_mutex_unlock(&connections->lock);
	return connection;
}

void
connection_end(struct connection *connection)
{
	struct connections *connections = connection->of;

	g_mutex_lock(&connections->lock);
	set_count(connections, connection->key,
		  count_of(connections, connection->key) - 1);
	g_queue_unlink(&connections->all, &connection->link);
	atomic_store(&connections->counters->connections,
		     connections->all.length);
	g_mutex_unlock(&connections->lock);
	g_free(connection->key);
	g_free(connection);
}

void
connection_carry(struct connection *connection, gpointer request)
{
	connection->request = request;
}

gpointer
connection_carried(const struct connection *connection)
{
	return connection->request;
}

void
connection_stage(struct connection *connection, enum connection_stage stage)
{
	g_mutex_lock(&connection->of->lock);
	if (connection->stage != stage) {
		connection->stage = stage;
		connection->since_us = clock_monotonic_us();
	}
	g_mutex_unlock(&connection->of->lock);
}

void
connections_drain(struct connections *connections)
{
	g_mutex_lock(&connections->lock);
	for (GList *at = connections->all.head; at; at = at->next) {
		struct connection *connection = at->data;

		if (connection->stage == CONNECTION_IDLE && !connection->cut)
			cut(connection);
	}
	g_mutex_unlock(&connections->lock);
}
