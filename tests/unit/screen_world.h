/*
 * A small company for the tests of src/screen: a configuration, one buyer,
 * and a vault that is a table in memory and can be taken away. The linker
 * takes these vault_*() before the library's.
 */
#ifndef TESTS_SCREEN_WORLD_H
#define TESTS_SCREEN_WORLD_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/key.h"
#include "mail/message.h"
#include "profile/config.h"
#include "profile/profile.h"
#include "profile/signals.h"
#include "screen/snapshot.h"
#include "store/vault.h"

struct vault {
	GHashTable *contacts; /* "buyer contact" */
	gboolean away;
	guint asked;
	/* What it says of the past; the ruling is a copy's pattern or NULL. */
	struct store_history history;
	const struct store_ruling *ruling;
	gboolean forgetful; /* both fail */
	guint asked_history;
	guint asked_ruling;
	char campaign[ID_LEN + 1]; /* the last one a ruling was asked for */
	guint64 subject_key;	   /* of the last question */
	gulong slow_us;		   /* before vault_history() answers */
};

void
vault_contact(struct vault *vault, const char *buyer, const char *contact,
	      gint64 time_us)
{
	g_assert_cmpint(time_us, >, 0);
	g_assert_cmpuint(strlen(contact), ==, 64);
	g_hash_table_add(vault->contacts,
			 g_strdup_printf("%s %s", buyer, contact));
}

gboolean
vault_known(struct vault *vault, const char *buyer, const char *const *contacts,
	    gint64 deadline_us, gboolean *known, GError **error)
{
	g_assert_cmpint(deadline_us, >, 0);
	vault->asked++;
	if (vault->away) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_AWAY,
				    "the store is away");
		return FALSE;
	}
	*known = FALSE;
	for (; *contacts; contacts++) {
		g_autofree char *entry =
			g_strdup_printf("%s %s", buyer, *contacts);

		if (g_hash_table_contains(vault->contacts, entry))
			*known = TRUE;
	}
	return TRUE;
}

gboolean
vault_history(struct vault *vault, const struct store_likeness *likeness,
	      gint64 deadline_us, struct store_history *history, GError **error)
{
	g_assert_cmpint(deadline_us, >, 0);
	g_assert_nonnull(likeness->buyer);
	vault->asked_history++;
	if (vault->slow_us > 0)
		g_usleep(vault->slow_us);
	vault->subject_key = likeness->subject_key;
	if (vault->away || vault->forgetful) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_AWAY,
				    "the store is away");
		return FALSE;
	}
	*history = vault->history;
	return TRUE;
}

gboolean
vault_ruling_find(struct vault *vault, const char *buyer, const char *vendor,
		  const char *campaign, gint64 now_us, gint64 deadline_us,
		  struct store_ruling **found, GError **error)
{
	g_assert_nonnull(buyer);
	g_assert_nonnull(vendor);
	g_assert_cmpint(now_us, >, 0);
	g_assert_cmpint(deadline_us, >, 0);
	vault->asked_ruling++;
	g_strlcpy(vault->campaign, campaign, sizeof(vault->campaign));
	if (vault->away || vault->forgetful) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_AWAY,
				    "the store is away");
		return FALSE;
	}
	*found = NULL;
	if (vault->ruling) {
		*found = g_memdup2(vault->ruling, sizeof(**found));
		(*found)->buyer = g_strdup(buyer);
		(*found)->subject = g_strdup(vault->ruling->subject);
	}
	return TRUE;
}

struct world {
	struct snapshot snapshot; /* without models */
	struct buyer buyer;
	struct vault vault;
	struct key *key;
};

static const char world_profile[] =
	"version: 1\n"
	"buyer:\n"
	"  name: Priya Nair\n"
	"  role: Chief Information Security Officer\n"
	"  addresses: [priya@meridian.example, ciso@meridian.example]\n"
	"priorities:\n"
	"  - {id: edr, name: Replace antivirus with EDR, weight: 1.0}\n"
	"senders:\n"
	"  allow: [\"@crowdshield.example\", \"@half.example\"]\n"
	"  block: [\"growth@spamco.example\", \"@blocked.example\",\n"
	"          \"bad@half.example\"]\n";

static void
world_strv(char ***strv, const char *text)
{
	g_strfreev(*strv);
	*strv = g_strsplit(text, " ", -1);
}

static void
world_setup(struct world *world, gconstpointer data)
{
	g_autoptr(Faults) faults = faults_new();
	struct config *config = config_default();

	(void)data;
	memset(world, 0, sizeof(*world));
	world_strv(&config->authserv_ids, "mx.meridian.example");
	world_strv(&config->internal_networks, "127.0.0.0/8 10.0.0.0/8");
	world_strv(&config->internal_domains, "meridian.example");
	world->snapshot.config = config;
	world->snapshot.signals = signals_builtin();
	world->buyer.profile = profile_parse("priya.yaml", world_profile,
					     strlen(world_profile), faults);
	if (!world->buyer.profile)
		g_error("%s", faults_get(faults, 0));
	world->vault.contacts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	world->key = key_new_random();
}

static void
world_teardown(struct world *world, gconstpointer data)
{
	(void)data;
	config_free(world->snapshot.config);
	signals_free(world->snapshot.signals);
	profile_free(world->buyer.profile);
	g_hash_table_unref(world->vault.contacts);
	key_free(world->key);
}

G_GNUC_UNUSED static struct mail *
mail_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return mail_new(bytes, NULL);
}

#endif
