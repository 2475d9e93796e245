/*
 * A small company for the tests of src/milter: two buyers, a script of what
 * screening says of each, a vault that keeps rows in memory and can fail, and
 * an MTA that writes down what it is asked for. The linker takes these
 * functions before the library's.
 */
#ifndef TESTS_MILTER_WORLD_H
#define TESTS_MILTER_WORLD_H

#include <glib.h>
#include <string.h>

#include "mail/address.h"
#include "milter/eom.h"
#include "milter/session.h"
#include "milter/site.h"
#include "screen/screen.h"

#define BUYERS 2

struct vault {
	GString *told; /* what happened, in order; shared with the MTA */
	gboolean fails;
	gboolean spools;
	const char *repeat_id; /* the id a hold gives back, or NULL */
	guint learned;
	guint noted;
	char *digest; /* of the last row held, or tried to */
	char *note;   /* of the last row noted */
	char *noted_digest;
	gboolean reasons;  /* the last row held, or tried to, has some */
	gboolean features; /* the last row has some */
	char *campaign;	   /* of the last row noted, held or tried to hold */
	guint touch;
	guint64 fingerprint;
	guint64 subject_key;
	char *vendor;
};

struct screening {
	const struct snapshot *snapshot;
	GBytes *bytes;
	struct mail *mail;
	struct reading reading;
	struct store_likeness likeness;
};

/* What screening says, by buyer. */
static struct {
	struct judgement judgement[BUYERS];
	GQuark domain[BUYERS]; /* not 0: the judgement fails with this */
	int code[BUYERS];
	/* As if the worker died in a screening: its supervisor looks then. */
	guint (*dies)(struct blame *blame);
	/* The same when reasons are asked for. */
	guint (*dies_of_reasons)(struct blame *blame);
	struct blame *blame;
	guint made;	     /* screenings */
	guint asked;	     /* judgements */
	char id[ID_LEN + 1]; /* that the last one was given */
	guint64 digest;	     /* likewise, 0: it may not spend attention */
} script;

#define PROFILE(who)                                                           \
	"version: 1\nbuyer: {" who "}\n"                                       \
	"priorities: [{id: edr, name: Endpoint detection}]\n"

static const char *const buyer_profiles[BUYERS] = {
	PROFILE("name: Priya, role: CISO, "
		"addresses: [priya@buyer.example, ciso@buyer.example]"),
	PROFILE("name: Omar, role: CFO, addresses: [omar@buyer.example]"),
};

struct screening *
screening_new(const struct snapshot *snapshot, struct vault *vault,
	      const struct key *key, const struct envelope *envelope,
	      GBytes *bytes, gint64 deadline_us)
{
	struct screening *screening = g_new0(struct screening, 1);

	g_assert_nonnull(vault);
	g_assert_nonnull(key);
	g_assert_true(envelope->known);
	g_assert_cmpint(deadline_us, >, g_get_monotonic_time());
	script.made++;
	if (script.dies)
		g_assert_cmpuint(script.dies(script.blame), ==, 1);
	screening->snapshot = snapshot;
	screening->bytes = g_bytes_ref(bytes);
	screening->mail = mail_new(bytes, NULL);
	screening->reading.text.folded = g_strdup("");
	screening->reading.text.words = g_array_new(FALSE, FALSE, 16);
	screening->reading.author = address_shown(screening->mail);
	screening->reading.content = g_new0(struct content, 1);
	screening->reading.content->subject =
		mail_field_decoded(screening->mail, "Subject", 0);
	return screening;
}

void
screening_free(struct screening *screening)
{
	if (!screening)
		return;
	g_free(screening->reading.text.folded);
	g_array_unref(screening->reading.text.words);
	address_free(screening->reading.author);
	g_free(screening->reading.content->subject);
	g_free(screening->reading.content);
	mail_free(screening->mail);
	g_bytes_unref(screening->bytes);
	g_free(screening);
}

static guint
buyer_index(const struct snapshot *snapshot, const struct buyer *buyer)
{
	guint i;

	g_assert_true(g_ptr_array_find(snapshot->buyers, buyer, &i));
	return i;
}

gboolean
screening_judge(struct screening *screening, const struct buyer *buyer,
		enum screen_flags flags, struct judgement *judgement,
		GError **error)
{
	guint i = buyer_index(screening->snapshot, buyer);

	script.asked++;
	if (script.domain[i]) {
		g_set_error(error, script.domain[i], script.code[i],
			    "as the test wants it");
		return FALSE;
	}
	*judgement = script.judgement[i];
	if (flags & SCREEN_REASONS)
		judgement->reasons = g_ptr_array_new();
	if ((flags & SCREEN_IMPRINT) && judgement->outreach > 0.5)
		judgement->imprint = g_bytes_new("imprint", 7);
	return TRUE;
}

void
screening_explain(struct screening *screening, const struct buyer *buyer,
		  struct judgement *judgement)
{
	buyer_index(screening->snapshot, buyer);
	if (script.dies_of_reasons)
		g_assert_cmpuint(script.dies_of_reasons(script.blame), ==, 1);
	if (!judgement->reasons)
		judgement->reasons = g_ptr_array_new();
}

const struct mail *
screening_mail(struct screening *screening)
{
	return screening->mail;
}

const struct reading *
screening_reading(struct screening *screening)
{
	return &screening->reading;
}

const struct store_likeness *
screening_likeness(struct screening *screening)
{
	screening->likeness = (struct store_likeness){
		.vendor = "vendor.example",
		.fingerprint = 7,
		.subject_key = 9,
		.message_id = "<1@vendor.example>",
	};
	return &screening->likeness;
}

void
screening_set_id(struct screening *screening, const char *id)
{
	(void)screening;
	g_strlcpy(script.id, id, sizeof(script.id));
}

void
screening_set_spending(struct screening *screening, struct spending *spending,
		       guint64 digest)
{
	(void)screening;
	g_assert_nonnull(spending);
	g_assert_cmpuint(digest, !=, 0);
	script.digest = digest;
}

void
judgement_clear(struct judgement *judgement)
{
	g_clear_pointer(&judgement->reasons, g_ptr_array_unref);
	g_clear_pointer(&judgement->imprint, g_bytes_unref);
}

void
vault_close(struct vault *vault)
{
	g_assert_nonnull(vault);
}

static void
look_at(struct vault *vault, const struct store_message *message)
{
	g_free(vault->campaign);
	vault->campaign = g_strdup(message->campaign);
	g_free(vault->vendor);
	vault->vendor = g_strdup(message->vendor);
	vault->touch = message->touch;
	vault->features = message->features != NULL;
	vault->fingerprint = message->fingerprint;
	vault->subject_key = message->subject_key;
}

gboolean
vault_hold(struct vault *vault, struct store_message *const *messages, guint n,
	   GBytes *bytes, gint64 deadline_us, enum vault_place *place,
	   GError **error)
{
	g_assert_cmpint(deadline_us, >, g_get_monotonic_time());
	g_assert_nonnull(bytes);
	g_free(vault->digest);
	vault->digest = g_strdup(messages[n - 1]->digest);
	vault->reasons = messages[n - 1]->reasons != NULL;
	look_at(vault, messages[n - 1]);
	if (vault->fails) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FULL, "disk full");
		return FALSE;
	}
	for (guint i = 0; i < n; i++) {
		g_assert_cmpint(messages[i]->state, ==, STORE_HELD);
		g_string_append_printf(vault->told, "keep %s\n",
				       messages[i]->rcpt);
		if (vault->repeat_id)
			g_strlcpy(messages[i]->id, vault->repeat_id,
				  sizeof(messages[i]->id));
	}
	*place = vault->spools ? VAULT_SPOOL : VAULT_STORE;
	return TRUE;
}

void
vault_note(struct vault *vault, const struct store_message *message)
{
	g_assert_cmpint(message->state, ==, STORE_DELIVERED);
	vault->noted++;
	g_free(vault->note);
	vault->note = g_strdup(message->note);
	g_free(vault->noted_digest);
	vault->noted_digest = g_strdup(message->digest);
	look_at(vault, message);
}

void
vault_contact(struct vault *vault, const char *buyer, const char *contact,
	      gint64 time_us)
{
	(void)buyer;
	(void)contact;
	(void)time_us;
	vault->learned++;
}

gboolean
vault_known(struct vault *vault, const char *buyer, const char *const *contacts,
	    gint64 deadline_us, gboolean *known, GError **error)
{
	(void)vault;
	(void)buyer;
	(void)contacts;
	(void)deadline_us;
	(void)error;
	*known = FALSE;
	return TRUE;
}

struct snapshot *
snapshot_ref(struct snapshot *snapshot)
{
	g_atomic_int_inc(&snapshot->refs);
	return snapshot;
}

void
snapshot_unref(struct snapshot *snapshot)
{
	if (snapshot)
		g_atomic_int_add(&snapshot->refs, -1);
}

const struct buyer *
snapshot_buyer(const struct snapshot *snapshot, const char *addr)
{
	g_autofree char *key = address_key(addr);

	return key ? g_hash_table_lookup(snapshot->by_address, key) : NULL;
}

struct world {
	struct snapshot snapshot;
	struct buyer buyers[BUYERS];
	struct vault vault;
	struct key *key;
	struct site *site;
	struct session *session;
	struct mta mta;
	GString *told;
	const char *refuses; /* the MTA refuses what is told so; or NULL */
};

static gboolean
tell(struct world *world, const char *what, const char *a, const char *b)
{
	if (world->refuses && strcmp(world->refuses, what) == 0)
		return FALSE;
	g_string_append(world->told, what);
	if (a)
		g_string_append_printf(world->told, " %s", a);
	if (b)
		g_string_append_printf(world->told, ":%s", b);
	g_string_append_c(world->told, '\n');
	return TRUE;
}

static gboolean
fake_add_field(void *context, const char *name, const char *value)
{
	return tell(context, "add", name, value);
}

static gboolean
fake_change_field(void *context, const char *name, guint index,
		  const char *value)
{
	g_autofree char *numbered = g_strdup_printf("%s#%u", name, index);

	return tell(context, value ? "change" : "delete", numbered, value);
}

static gboolean
fake_add_rcpt(void *context, const char *rcpt)
{
	return tell(context, "rcpt", rcpt, NULL);
}

static gboolean
fake_remove_rcpt(void *context, const char *rcpt)
{
	return tell(context, "remove", rcpt, NULL);
}

static gboolean
fake_hold(void *context, const char *reason)
{
	return tell(context, "hold", reason, NULL);
}

static gboolean
fake_progress(void *context)
{
	(void)context;
	return TRUE;
}

static void
add_buyer(struct world *world, guint i)
{
	g_autoptr(Faults) faults = faults_new();
	struct buyer *buyer = &world->buyers[i];
	char *const *address;

	buyer->profile = profile_parse(i == 0 ? "priya.yaml" : "omar.yaml",
				       buyer_profiles[i],
				       strlen(buyer_profiles[i]), faults);
	if (!buyer->profile)
		g_error("%s", faults_get(faults, 0));
	g_ptr_array_add(world->snapshot.buyers, buyer);
	for (address = buyer->profile->addresses; *address; address++)
		g_hash_table_insert(world->snapshot.by_address,
				    g_strdup(*address), buyer);
}

static void
replace(char **text, const char *with)
{
	g_free(*text);
	*text = g_strdup(with);
}

static void
world_setup(struct world *world, gconstpointer data)
{
	struct config *config = config_default();

	(void)data;
	memset(world, 0, sizeof(*world));
	memset(&script, 0, sizeof(script));
	g_strfreev(config->internal_networks);
	config->internal_networks = g_strsplit("10.0.0.0/8", " ", -1);
	config->mode = MODE_ENFORCE;
	replace(&config->redirect, "quarantine@buyer.example");
	world->snapshot.config = config;
	world->snapshot.refs = 1;
	world->snapshot.models = g_strdup("a+b");
	world->snapshot.signals = signals_builtin();
	world->snapshot.buyers = g_ptr_array_new();
	world->snapshot.by_address =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < BUYERS; i++) {
		add_buyer(world, i);
		script.judgement[i] = (struct judgement){
			.verdict = VERDICT_DELIVER,
			.outreach = 0.1,
			.relevance = 0.2,
			.priority = "",
		};
	}
	world->told = g_string_new(NULL);
	world->vault.told = world->told;
	world->key = key_new_random();
	world->site = site_new(snapshot_ref(&world->snapshot), &world->vault,
			       world->key, blame_new(), counters_new());
	world->session =
		session_new(snapshot_ref(&world->snapshot), &world->site->room);
	world->session->intake.leadspc = TRUE;
	world->session->abilities = PLAN_CAN_ADD | PLAN_CAN_CHANGE |
				    PLAN_CAN_REMOVE | PLAN_CAN_REDIRECT |
				    PLAN_CAN_HOLD;
	session_client(world->session, "192.0.2.1");
	world->mta = (struct mta){
		world,	       fake_add_field,	 fake_change_field,
		fake_add_rcpt, fake_remove_rcpt, fake_hold,
		fake_progress
	};
}

static void
world_teardown(struct world *world, gconstpointer data)
{
	(void)data;
	session_free(world->session);
	site_free(world->site);
	g_assert_cmpint(world->snapshot.refs, ==, 1);
	for (guint i = 0; i < BUYERS; i++)
		profile_free(world->buyers[i].profile);
	g_ptr_array_unref(world->snapshot.buyers);
	g_hash_table_unref(world->snapshot.by_address);
	signals_free(world->snapshot.signals);
	config_free(world->snapshot.config);
	g_free(world->snapshot.models);
	g_free(world->vault.digest);
	g_free(world->vault.note);
	g_free(world->vault.noted_digest);
	g_free(world->vault.campaign);
	g_free(world->vault.vendor);
	g_string_free(world->told, TRUE);
}

#endif
