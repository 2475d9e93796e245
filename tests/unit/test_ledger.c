/* What makes a relationship, and what does not (DESIGN 3). */
#include "screen_world.h"

#include "screen/gate.h"
#include "screen/ledger.h"

#define MX "Authentication-Results: mx.meridian.example; "
#define OUT                                                                    \
	"From: Priya Nair <priya@meridian.example>\n"                          \
	"Message-ID: <our-1@meridian.example>\n"

static void
learn(struct world *world, const char *rcpt, const char *text)
{
	g_auto(GStrv) rcpts = g_strsplit(rcpt, " ", -1);
	g_autoptr(Mail) mail = mail_of(text);

	ledger_learn(&world->snapshot, &world->vault, world->key, &world->buyer,
		     rcpts, mail);
}

static guint
learned(const struct world *world)
{
	return g_hash_table_size(world->vault.contacts);
}

/* The gate for vouched-for mail of an address, with more header fields. */
static enum gate
gate_for(struct world *world, const char *from, const char *fields)
{
	const struct envelope envelope = { .sender = from, .known = TRUE };
	const struct gatekeeper keeper = {
		.snapshot = &world->snapshot,
		.vault = &world->vault,
		.key = world->key,
		.envelope = &envelope,
		.deadline_us = G_MAXINT64,
	};
	g_autofree char *text = g_strdup_printf(
		MX "dkim=pass header.d=%s\nFrom: %s\n%s\nHello\n",
		strchr(from, '@') + 1, from, fields);
	g_autoptr(Mail) mail = mail_of(text);

	return gate_buyer(&keeper, mail, &world->buyer);
}

static void
test_answer(struct world *world, gconstpointer data)
{
	(void)data;
	learn(world, "<ann@vendor.example>",
	      OUT "Subject: Re: Offer\n\nPlease send the contract.\n");
	g_assert_cmpuint(learned(world), ==, 3);
	g_assert_cmpint(gate_for(world, "ann@vendor.example", ""), ==,
			GATE_CONTACT);
	g_assert_cmpint(gate_for(world, "ANN@Vendor.Example", ""), ==,
			GATE_CONTACT);
	g_assert_cmpint(gate_for(world, "bob@mail.vendor.example", ""), ==,
			GATE_CONTACT);
	g_assert_cmpint(gate_for(world, "x@other.example",
				 "In-Reply-To: <our-1@meridian.example>\n"),
			==, GATE_REPLY);
	g_assert_cmpint(gate_for(world, "x@other.example", ""), ==, GATE_NONE);
}

static void
test_refusal(struct world *world, gconstpointer data)
{
	(void)data;
	learn(world, "ann@vendor.example",
	      OUT "Subject: Re: Quick call?\n"
		  "In-Reply-To: <1@vendor.example>\n\n"
		  "Hi Ann,\n\nNot interested, please remove me.\n\nPriya\n\n"
		  "On Mon, 3 Mar 2025 at 10:00, Ann <ann@vendor.example> "
		  "wrote:\n> Do you have 15 minutes?\n");
	g_assert_cmpuint(learned(world), ==, 0);
	g_assert_cmpint(gate_for(world, "ann@vendor.example", ""), ==,
			GATE_NONE);
	g_assert_cmpint(gate_for(world, "ann@vendor.example",
				 "In-Reply-To: <our-1@meridian.example>\n"),
			==, GATE_NONE);
}

/* What comes in teaches nothing, whatever becomes of it. */
static void
test_held(struct world *world, gconstpointer data)
{
	(void)data;
	g_assert_cmpint(gate_for(world, "ann@vendor.example", ""), ==,
			GATE_NONE);
	g_assert_cmpint(gate_for(world, "x@blocked.example", ""), ==,
			GATE_BLOCKED);
	g_assert_cmpint(gate_for(world, "ann@vendor.example",
				 "In-Reply-To: <1@vendor.example>\n"),
			==, GATE_NONE);
	g_assert_cmpuint(learned(world), ==, 0);
}

static void
test_public(struct world *world, gconstpointer data)
{
	(void)data;
	learn(world, "supplier@gmail.com", OUT "\nPlease send the contract.\n");
	g_assert_cmpuint(learned(world), ==, 2);
	g_assert_cmpint(gate_for(world, "supplier@gmail.com", ""), ==,
			GATE_CONTACT);
	g_assert_cmpint(gate_for(world, "stranger@gmail.com", ""), ==,
			GATE_NONE);
}

static void
test_forged(struct world *world, gconstpointer data)
{
	const struct envelope envelope = { .sender = "ann@vendor.example",
					   .known = TRUE };
	const struct gatekeeper keeper = {
		.snapshot = &world->snapshot,
		.vault = &world->vault,
		.key = world->key,
		.envelope = &envelope,
		.deadline_us = G_MAXINT64,
	};
	static const char *const texts[] = {
		"From: ann@vendor.example\n\nHello\n",
		MX "dkim=fail header.d=vendor.example\n"
		   "From: ann@vendor.example\n\nHello\n",
		MX "dkim=pass header.d=evil.example\n"
		   "From: ann@vendor.example\n\nHello\n",
		"Authentication-Results: mx.evil.example; dkim=pass "
		"header.d=vendor.example\nFrom: ann@vendor.example\n\nHello\n",
	};

	(void)data;
	learn(world, "ann@vendor.example", OUT "\nPlease send a contract.\n");
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Mail) mail = mail_of(texts[i]);

		g_assert_cmpint(gate_buyer(&keeper, mail, &world->buyer), ==,
				GATE_NONE);
	}
}

static void
test_inside(struct world *world, gconstpointer data)
{
	(void)data;
	learn(world, "cfo@meridian.example it@corp.meridian.example",
	      OUT "\nPlease look at the attached offer.\n");
	g_assert_cmpuint(learned(world), ==, 0);
	learn(world, "cfo@meridian.example ann@vendor.example",
	      OUT "\nPlease look at the attached offer.\n");
	g_assert_cmpuint(learned(world), ==, 3);
}

static void
test_recipients(struct world *world, gconstpointer data)
{
	(void)data;
	learn(world, "a@one.example <b@two.example> <> junk a@b@\r\n",
	      "From: priya@meridian.example\n\nPlease send an offer.\n");
	/* Two addresses, two domains, no Message-ID. */
	g_assert_cmpuint(learned(world), ==, 4);
	g_assert_cmpint(gate_for(world, "x@two.example", ""), ==, GATE_CONTACT);
}

static void
test_machines(struct world *world, gconstpointer data)
{
	static const char *const fields[] = {
		"Auto-Submitted: auto-replied\n",
		"Auto-Submitted: auto-generated\n",
		"Auto-Submitted: auto-notified; x=y\n",
		"Precedence: bulk\n",
		"Precedence: junk\n",
		"Precedence: list\n",
		"Precedence: auto_reply\n",
		"X-Autoreply: yes\n",
		"Content-Type: multipart/report; "
		"report-type=disposition-notification; boundary=b\n",
	};
	static const char body[] =
		"\nI am away until Monday and will answer then.\n";

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *text = g_strconcat(OUT, fields[i], body, NULL);

		g_test_message("%s", fields[i]);
		learn(world, "ann@vendor.example", text);
		g_assert_cmpuint(learned(world), ==, 0);
	}
	learn(world, "ann@vendor.example",
	      OUT "Auto-Submitted: no\n\nPlease send an offer.\n");
	g_assert_cmpuint(learned(world), ==, 3);
}

/* The store must not be able to tell who was written to. */
static void
test_hashes(struct world *world, gconstpointer data)
{
	GHashTableIter iter;
	gpointer entry;
	guint n;
	g_autoptr(Mail) mail =
		mail_of("From: ann@vendor.example\n"
			"In-Reply-To: <our-1@meridian.example>\n"
			"References: <a@x> <our-1@meridian.example>\n\n");
	g_autoptr(Key) other = key_new_random();
	g_auto(GStrv) mine =
		ledger_questions(&world->snapshot, world->key, mail, TRUE, &n);
	g_auto(GStrv) theirs =
		ledger_questions(&world->snapshot, other, mail, TRUE, &n);
	g_auto(GStrv) unvouched = NULL;

	(void)data;
	/* The author, the domain; each reference once. */
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpuint(g_strv_length(mine), ==, 4);
	for (guint i = 0; mine[i]; i++)
		g_assert_false(
			g_strv_contains((const char *const *)theirs, mine[i]));
	unvouched =
		ledger_questions(&world->snapshot, world->key, mail, FALSE, &n);
	g_assert_cmpuint(n, ==, 0);
	g_assert_cmpuint(g_strv_length(unvouched), ==, 2);
	learn(world, "ann@vendor.example", OUT "\nPlease send an offer.\n");
	g_hash_table_iter_init(&iter, world->vault.contacts);
	while (g_hash_table_iter_next(&iter, &entry, NULL)) {
		g_assert_null(strstr(entry, "ann"));
		g_assert_null(strstr(entry, "vendor"));
	}
}

#define CASE(name, func)                                                       \
	g_test_add("/ledger/" name, struct world, NULL, world_setup, func,     \
		   world_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	CASE("an answer makes a relationship", test_answer);
	CASE("a refusal does not", test_refusal);
	CASE("held mail does not", test_held);
	CASE("a public domain never makes a domain contact", test_public);
	CASE("unauthenticated From never", test_forged);
	CASE("mail inside the house does not", test_inside);
	CASE("recipients of all kinds", test_recipients);
	CASE("mail by a machine does not", test_machines);
	CASE("only keyed hashes are stored", test_hashes);
	return g_test_run();
}
