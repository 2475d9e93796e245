/*
 * Whose front pages may be asked for. A wish is a job that is left to be done:
 * its note says who asks, or how it ended.
 */
#include <string.h>

#include "base/clock.h"
#include "front_private.h"
#include "mail/address.h"
#include "store/jobs.h"

#define WISH	  "front-wish"
#define ASKED	  "asked for by "
#define LEASE	  1 /* nobody is kept waiting: its end is all that is said */
#define WISH_LIFE (30 * CLOCK_DAY_US)

gboolean
front_domain_valid(const char *domain)
{
	g_autofree char *own = NULL;

	if (!domain_valid(domain) || !strchr(domain, '.') ||
	    g_hostname_is_ip_address(domain))
		return FALSE;
	own = domain_registrable(domain);
	return strcmp(own, domain) == 0;
}

gboolean
front_note(struct store *store, const char *domain, const char *note,
	   GError **error)
{
	char owner[ID_LEN + 1];

	id_new(owner);
	return store_job_claim(store, WISH, domain, owner, LEASE, error) &&
	       store_job_settle(store, WISH, domain, owner, FALSE, note, error);
}

gboolean
front_wish(struct store *store, const char *domain, const char *by,
	   GError **error)
{
	g_autofree char *note = g_strconcat(ASKED, by, NULL);

	return front_note(store, domain, note, error);
}

gboolean
front_unwish(struct store *store, const char *domain, const char *by,
	     GError **error)
{
	g_autofree char *note = g_strconcat("taken back by ", by, NULL);

	return front_note(store, domain, note, error);
}

static gboolean
is_wish(const struct store_job *job, gint64 now_us)
{
	return g_str_has_prefix(job->note, ASKED) &&
	       job->time_us > now_us - WISH_LIFE;
}

gboolean
front_wished(struct store *store, const char *domain, gint64 now_us,
	     gboolean *wished, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(StoreJob) job = store_job_find(store, WISH, domain, &local);

	if (!job &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*wished = job && is_wish(job, now_us);
	return TRUE;
}

static void
add_domain(GPtrArray *domains, const char *domain)
{
	if (front_domain_valid(domain) &&
	    !g_ptr_array_find_with_equal_func(domains, domain, g_str_equal,
					      NULL))
		g_ptr_array_add(domains, g_strdup(domain));
}

static gboolean
is_wanted(const struct store_ruling *ruling, gint64 now_us)
{
	return ruling->scope == STORE_RULING_VENDOR &&
	       ruling->word == STORE_RULING_WANTED && ruling->undone_us == 0 &&
	       (ruling->until_us == 0 || ruling->until_us > now_us);
}

GPtrArray *
front_domains(struct store *store, gint64 now_us, GError **error)
{
	g_autoptr(GPtrArray) rulings =
		store_ruling_list(store, NULL, TRUE, error);
	g_autoptr(GPtrArray) wishes =
		rulings ? store_job_list(store, WISH, NULL, 0, error) : NULL;
	GPtrArray *domains;

	if (!wishes)
		return NULL;
	domains = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < rulings->len; i++) {
		const struct store_ruling *ruling = rulings->pdata[i];

		if (is_wanted(ruling, now_us))
			add_domain(domains, ruling->subject);
	}
	for (guint i = 0; i < wishes->len; i++) {
		const struct store_job *job = wishes->pdata[i];

		if (is_wish(job, now_us))
			add_domain(domains, job->key);
	}
	return domains;
}
