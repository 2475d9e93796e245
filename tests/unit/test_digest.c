/*
 * The digest: its words and links, from planted mail; that it is sent once,
 * whatever fails in between; notices.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../../src/review/digest_private.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "mail/message.h"
#include "review/digest.h"
#include "review/link.h"
#include "review/notice.h"
#include "screen/ours.h"
#include "smtp_server.h"
#include "store/jobs.h"

#define WEB "https://mail.buyer.example"

static const char profile_text[] =
	"version: 1\n"
	"buyer:\n"
	"  name: Priya Nair\n"
	"  role: CISO\n"
	"  addresses: [priya@buyer.example]\n"
	"priorities:\n"
	"  - {id: edr, name: Replace antivirus with EDR, keywords: "
	"[EDR]}\n"
	"attention: {per_day: 3, per_week: 10}\n"
	"digest: {at: \"00:00\", zone: America/New_York, days: [mon, "
	"tue, "
	"wed, thu, fri, sat, sun]}\n";

struct world {
	char *folder;
	struct store *store;
	struct config *config;
	struct profile *profile;
	struct key *key;
	struct server *server;
	struct outbox outbox;
	gint64 now_us;
};

static struct config *
config_made(const char *folder, const char *release, const char *more)
{
	g_autoptr(Faults) faults = faults_new();
	g_autofree char *text =
		g_strdup_printf("version: 1\n"
				"store: sqlite:%s/test.db\n"
				"key: %s/key\n"
				"release: {smtp: \"%s\", timeout: 5s}\n"
				"%s",
				folder, folder, release, more);
	struct config *config =
		config_parse("test.yaml", text, strlen(text), faults);
	g_autoptr(GError) error = NULL;

	faults_report(faults, &error);
	g_assert_no_error(error);
	return config;
}

static void
configure(struct world *world, const char *more)
{
	g_clear_pointer(&world->config, config_free);
	world->config = config_made(world->folder, world->server->url, more);
	world->outbox.config = world->config;
}

static void
setup(struct world *world, gconstpointer data)
{
	g_autoptr(Faults) faults = faults_new();

	(void)data;
	world->folder = kit_folder();
	world->store = kit_open(world->folder);
	world->key = key_new_random();
	world->server = server_start();
	world->profile = profile_parse("priya.yaml", profile_text,
				       strlen(profile_text), faults);
	g_assert_nonnull(world->profile);
	world->now_us = clock_now_us();
	world->outbox.store = world->store;
	world->outbox.key = world->key;
	configure(world, "web: {url: \"" WEB "\"}\n"
			 "digest: {from: pitchward@buyer.example}\n");
}

static void
teardown(struct world *world, gconstpointer data)
{
	(void)data;
	server_stop(world->server);
	store_close(world->store);
	config_free(world->config);
	profile_free(world->profile);
	key_free(world->key);
	kit_remove(world->folder);
}

/* A mail as it is planted. */
struct planted {
	const char *from;
	const char *name;
	const char *subject;
	double outreach;
	double relevance;
	const char *priority;
	const char *reasons;
	const char *campaign; /* NULL: its own */
	gint64 ago_us;
};

#define HOUR (3600 * CLOCK_SECOND_US)

static struct store_message *
message_of(const struct world *world, const struct planted *planted, guint n)
{
	struct store_message *message = kit_message("priya", n);
	const char *at = strrchr(planted->from, '@');

	kit_set(&message->from, planted->from);
	kit_set(&message->from_name, planted->name);
	kit_set(&message->subject, planted->subject);
	kit_set(&message->vendor, at ? at + 1 : "");
	kit_set(&message->priority, planted->priority);
	kit_set(&message->reasons, planted->reasons ? planted->reasons : "[]");
	kit_set(&message->campaign,
		planted->campaign ? planted->campaign : message->id);
	kit_set(&message->gate, "");
	kit_set(&message->verdict, "quarantine");
	kit_set(&message->rcpt, "priya@buyer.example");
	message->outreach = planted->outreach;
	message->relevance = planted->relevance;
	message->time_us = message->state_us = world->now_us - planted->ago_us;
	return message;
}

/* Held; the id is the caller's. */
static char *
plant(const struct world *world, const struct planted *planted, guint n)
{
	g_autoptr(StoreMessage) message = message_of(world, planted, n);
	struct store_message *messages[] = { message };
	g_autoptr(GBytes) bytes = kit_bytes(300, n);
	g_autoptr(GError) error = NULL;

	message->state = STORE_HELD;
	store_hold(world->store, messages, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	return g_strdup(message->id);
}

static const struct planted pitch = {
	.from = "sam@seller.example",
	.name = "Sam Seller",
	.subject = "Quick question about EDR",
	.outreach = 0.97,
	.relevance = 0.41,
	.priority = "edr",
	.ago_us = HOUR,
};

static void
deliver(const struct world *world, const struct planted *planted,
	const char *verdict, guint n)
{
	g_autoptr(StoreMessage) message = message_of(world, planted, n);
	g_autoptr(GError) error = NULL;

	message->state = STORE_DELIVERED;
	kit_set(&message->verdict, verdict);
	store_note(world->store, message);
	store_flush(world->store, kit_soon(), &error);
	g_assert_no_error(error);
}

static enum digest_outcome
send_it(struct world *world, gboolean again)
{
	enum digest_outcome outcome = DIGEST_NOT_DUE;
	g_autoptr(GError) error = NULL;

	digest_send(&world->outbox, world->profile, world->now_us, again,
		    &outcome, &error);
	g_assert_no_error(error);
	return outcome;
}

static struct mail *
taken(const struct world *world)
{
	g_autoptr(GBytes) bytes =
		g_bytes_new(world->server->text->str, world->server->text->len);

	return mail_new(bytes, NULL);
}

static char *
part_of(const struct mail *mail, guint part)
{
	guint odd = 0;

	return mail_part_text(mail, part, 1 << 20, &odd);
}

/* --- its words */

static void
assert_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_assert_true(g_utf8_validate(*line, -1, NULL));
		g_assert_cmpint(strpbrk(*line, "\r\t\x1b") != NULL, ==, 0);
		if (!strstr(*line, "https://"))
			g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 76);
	}
}

/* The longest of a thousand bytes takes no screen of a phone. */
static void
test_long_subject(struct world *world, gconstpointer data)
{
	g_autoptr(GString) subject = g_string_new(NULL);
	struct planted mail = pitch;
	g_autoptr(GError) error = NULL;
	g_autoptr(Digest) digest = NULL;
	g_autofree char *text = NULL;
	g_autofree char *html = NULL;

	(void)data;
	for (guint i = 0; i < 40; i++)
		g_string_append_printf(subject, "w\u00f6rd%02u ", i);
	mail.subject = subject->str;
	g_free(plant(world, &mail, 1));
	digest = digest_new(&world->outbox, world->profile, 0, world->now_us,
			    &error);
	g_assert_no_error(error);
	text = digest_text(digest);
	html = digest_html(digest);
	g_assert_nonnull(strstr(html, "w\u00f6rd15 w\u00f6rd16\u2026"));
	g_assert_null(strstr(html, "rd17"));
	g_assert_nonnull(strstr(text, "w\u00f6rd16\u2026"));
	g_assert_null(strstr(text, "rd17"));
}

/* Links are replaced, since keys and times are new each time. */
static char *
without_links(const char *text)
{
	g_autoptr(GRegex) regex = g_regex_new(
		"https://\\S+/l/[0-9A-Z]{26}\\.([a-z-]+)\\.\\S+", 0, 0, NULL);

	return g_regex_replace(regex, text, -1, 0, "<\\1>", 0, NULL);
}

#define PLANTED_AT G_GINT64_CONSTANT(1795435200000000) /* 23 Nov 2026 12:00 */

static void
test_golden(struct world *world, gconstpointer data)
{
	static const struct planted first = {
		.from = "jane@crowdshield.example",
		.name = "Jane Doe",
		.subject = "EDR for clinical workstations: a long subject that "
			   "does not fit on one line of a mail",
		.outreach = 0.93,
		.relevance = 0.62,
		.priority = "edr",
		.ago_us = 3 * HOUR,
	};
	static const struct planted second = {
		.from = "sam@seller.example",
		.name = "",
		.subject = "",
		.outreach = 0.99,
		.relevance = 0.02,
		.priority = "",
		.reasons = "[{\"name\": \"ruling: vendor seller.example "
			   "never\", \"value\": 1, \"weight\": 0}]",
		.ago_us = 26 * HOUR,
	};
	static const char wanted[] =
		"Since Mon 16 Nov 07:00: held 2, tagged 1, let in 1.\n"
		"Offers in your inbox in the last 7 days: 2 (you allow 3 a "
		"day, 10 a week).\n"
		"\n"
		"What may have been decided wrongly comes first.\n"
		"\n"
		"1.  EDR for clinical workstations: a long subject that does "
		"not fit on one\n"
		"    line of a mail\n"
		"    From        Jane Doe <jane@crowdshield.example>\n"
		"    Received    Mon 23 Nov 04:00\n";
	g_autofree char *one = NULL;
	g_autofree char *two = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Digest) digest = NULL;
	g_autofree char *text = NULL;
	g_autofree char *plain = NULL;

	(void)data;
	world->now_us = PLANTED_AT;
	one = plant(world, &first, 1);
	two = plant(world, &second, 2);
	deliver(world, &pitch, "tag", 3);
	deliver(world, &pitch, "deliver", 4);
	digest = digest_new(&world->outbox, world->profile, 0, PLANTED_AT,
			    &error);
	g_assert_no_error(error);
	text = digest_text(digest);
	assert_lines(text);
	plain = without_links(text);
	g_test_message("%s", plain);
	g_assert_true(g_str_has_prefix(plain, wanted));
	g_assert_nonnull(strstr(
		plain, "    Held        Very likely a sales "
		       "mail (93\xc2\xa0%), somewhat relevant (62\xc2\xa0"
		       "%)."));
	g_assert_nonnull(strstr(plain, "\n    Show        <show>\n"
				       "    Release     <release>\n"
				       "    Relevant    <relevant>\n"
				       "    Never again <never>\n"));
	g_assert_nonnull(strstr(plain, "\n2.  (no subject)\n"
				       "    From        sam@seller.example\n"
				       "    Received    Sun 22 Nov 05:00\n"));
	g_assert_nonnull(strstr(plain, "You wanted no more of seller.example"));
}

/* What a link of it is worth: the message, the action, the buyer. */
static void
test_links(struct world *world, gconstpointer data)
{
	g_autofree char *id = plant(world, &pitch, 1);
	g_autoptr(GError) error = NULL;
	g_autoptr(Digest) digest = digest_new(&world->outbox, world->profile, 0,
					      world->now_us, &error);
	g_autofree char *text = NULL;
	g_auto(GStrv) pieces = NULL;
	guint n = 0;

	(void)data;
	g_assert_no_error(error);
	text = digest_text(digest);
	pieces = g_strsplit(text, WEB "/l/", -1);
	for (char **piece = pieces + 1; *piece; piece++, n++) {
		struct link link;

		*strchr(*piece, '\n') = '\0';
		g_assert_true(link_parse(*piece, &link));
		g_assert_cmpstr(link.id, ==, id);
		g_assert_true(link_verify(world->key, *piece, "priya",
					  world->now_us));
		g_assert_false(link_verify(world->key, *piece, "quinn",
					   world->now_us));
	}
	g_assert_cmpuint(n, ==, 4);
}

static void
test_without_web(struct world *world, gconstpointer data)
{
	g_autofree char *id = plant(world, &pitch, 1);
	g_autofree char *command =
		g_strdup_printf("pitchward quarantine release %s\n", id);
	g_autoptr(GError) error = NULL;
	g_autoptr(Digest) digest = NULL;
	g_autofree char *text = NULL;
	g_autofree char *html = NULL;

	(void)data;
	configure(world, "digest: {from: pitchward@buyer.example}\n");
	digest = digest_new(&world->outbox, world->profile, 0, world->now_us,
			    &error);
	g_assert_no_error(error);
	text = digest_text(digest);
	html = digest_html(digest);
	g_assert_nonnull(strstr(text, command));
	g_assert_null(strstr(text, "/l/"));
	g_assert_null(strstr(html, "href"));
	g_assert_nonnull(strstr(html, id));
}

static const char *const hostile[] = {
	"<script>alert(1)</script>",
	"\"><img src=x onerror=alert(1)>",
	"'><a href=javascript:alert(1)>x</a>",
	"x\r\nBcc: evil@seller.example\r\n\r\n<b>body</b>",
	"bidi \xe2\x80\xae gnitset",
	"\x1b[2J\x07",
	"broken \xff\xfe",
	"{{7*7}} %s %n ${x}",
	"https://evil.example/click",
	"\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8"
	"\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4"
	"\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96"
	"\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8"
	"\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4"
	"\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96"
	"\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8",
};

static void
test_hostile(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Digest) digest = NULL;
	g_autofree char *text = NULL;
	g_autofree char *html = NULL;

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
		const struct planted evil = {
			.from = hostile[i],
			.name = hostile[i],
			.subject = hostile[i],
			.outreach = 0.9,
			.relevance = 0.4,
			.priority =
				strstr(hostile[i], "://") ? "edr" : hostile[i],
			.ago_us = HOUR,
		};

		g_free(plant(world, &evil, i + 1));
	}
	digest = digest_new(&world->outbox, world->profile, 0, world->now_us,
			    &error);
	g_assert_no_error(error);
	text = digest_text(digest);
	html = digest_html(digest);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	g_assert_null(strpbrk(text, "\r\x1b\x07"));
	g_assert_null(strstr(text, "\nBcc:"));
	g_assert_null(strstr(text, "\xe2\x80\xae"));
	g_assert_null(strstr(html, "<script"));
	g_assert_null(strstr(html, "<img"));
	g_assert_null(strstr(html, "javascript:alert(1)>x</a"));
	g_assert_null(strstr(html, "\xe2\x80\xae"));
	/* What somebody wrote becomes no link in anybody's mail program. */
	g_assert_null(strstr(text, "https://evil"));
	g_assert_null(strstr(html, "https://evil"));
	g_assert_null(strstr(text, "evil.example/"));
	g_assert_nonnull(strstr(text, "https[:]//evil[.]example/click"));
}

struct unlinked_case {
	const char *text;
	const char *unlinked;
};

static const struct unlinked_case unlinked_cases[] = {
	{ "", "" },
	{ "No link here. None at all...", "No link here. None at all..." },
	{ "Save 3.5 % with v2.0, e.g. now", "Save 3.5 % with v2.0, e.g. now" },
	{ "See www.acme.example", "See www[.]acme[.]example" },
	{ "http://10.0.0.1/a.html", "http[:]//10.0.0.1/a[.]html" },
	{ "a@acme.example", "a@acme[.]example" },
	{ "\xd0\xbf\xd1\x80.\xd1\x80\xd1\x84",
	  "\xd0\xbf\xd1\x80[.]\xd1\x80\xd1\x84" },
	{ ".com", ".com" },
	{ "acme.", "acme." },
};

static void
test_unlinked(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(unlinked_cases); i++) {
		const struct unlinked_case *c = &unlinked_cases[i];
		g_autofree char *unlinked = digest_unlinked(c->text);

		g_assert_cmpstr(unlinked, ==, c->unlinked);
	}
}

static void
test_more(struct world *world, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Digest) digest = NULL;
	g_autofree char *text = NULL;
	g_autofree char *subject = NULL;

	(void)data;
	configure(world, "digest: {max: 2}\n");
	for (guint i = 1; i <= 5; i++)
		g_free(plant(world, &pitch, i));
	digest = digest_new(&world->outbox, world->profile, 0, world->now_us,
			    &error);
	g_assert_no_error(error);
	text = digest_text(digest);
	subject = digest_subject(digest);
	g_assert_cmpuint(digest->folds->len, ==, 2);
	g_assert_cmpuint(digest->more, ==, 3);
	g_assert_cmpuint(digest->count.held, ==, 5);
	g_assert_cmpstr(subject, ==, "5 offers held for you");
	g_assert_nonnull(strstr(text, "\nAnd 3 more, "));
}

/* --- once */

static void
test_once(struct world *world, gconstpointer data)
{
	g_autofree char *id = plant(world, &pitch, 1);
	g_autoptr(Mail) mail = NULL;
	g_autofree char *to = NULL;
	g_autofree char *message_id = NULL;
	g_autofree char *text = NULL;

	(void)data;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_DONE);
	g_assert_cmpint(world->server->taken, ==, 1);
	g_assert_nonnull(strstr(world->server->commands->str, "MAIL FROM:<>"));
	g_assert_nonnull(strstr(world->server->commands->str,
				"RCPT TO:<priya@buyer.example>"));
	mail = taken(world);
	g_assert_true(ours_verify(world->key, mail, "priya@buyer.example",
				  clock_now_us()));
	to = mail_field_text(mail, "To", 0);
	text = part_of(mail, 1);
	message_id = mail_field_text(mail, "Message-ID", 0);
	g_assert_cmpstr(to, ==, "\"Priya Nair\" <priya@buyer.example>");
	g_assert_true(g_str_has_suffix(message_id, "@buyer.example>"));
	g_assert_nonnull(strstr(text, id));
}

static void
test_empty(struct world *world, gconstpointer data)
{
	struct planted later = pitch;

	(void)data;
	later.ago_us = -HOUR;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_EMPTY);
	g_free(plant(world, &later, 1));
	/* The day is done; what came since is tomorrow's. */
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_DONE);
	g_assert_cmpint(world->server->taken, ==, 0);
	world->now_us += CLOCK_DAY_US;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
}

/* What one digest told is not in the next. */
static void
test_since(struct world *world, gconstpointer data)
{
	g_autoptr(Mail) mail = NULL;
	g_autofree char *text = NULL;
	g_autofree char *old = plant(world, &pitch, 1);
	g_autofree char *new = NULL;

	(void)data;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	world->now_us += CLOCK_DAY_US;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_EMPTY);
	world->now_us += CLOCK_DAY_US;
	new = plant(world, &pitch, 2);
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	mail = taken(world);
	text = part_of(mail, 1);
	g_assert_nonnull(strstr(text, new));
	g_assert_null(strstr(text, old));
}

static void
test_again(struct world *world, gconstpointer data)
{
	g_autofree char *id = plant(world, &pitch, 1);
	g_autoptr(Mail) mail = NULL;
	g_autofree char *text = NULL;

	(void)data;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	g_assert_cmpint(send_it(world, TRUE), ==, DIGEST_SENT);
	g_assert_cmpint(send_it(world, TRUE), ==, DIGEST_SENT);
	g_assert_cmpint(world->server->taken, ==, 3);
	mail = taken(world);
	text = part_of(mail, 1);
	g_assert_nonnull(strstr(text, id));
}

static void
test_redirect(struct world *world, gconstpointer data)
{
	g_autofree char *id = plant(world, &pitch, 1);
	g_autoptr(Mail) mail = NULL;
	g_autofree char *text = NULL;
	g_autofree char *whom = NULL;

	(void)data;
	configure(world, "digest: {redirect: admin@buyer.example}\n");
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	g_assert_nonnull(strstr(world->server->commands->str,
				"RCPT TO:<admin@buyer.example>"));
	g_assert_null(strstr(world->server->commands->str, "priya"));
	mail = taken(world);
	text = part_of(mail, 1);
	whom = mail_field_text(mail, "X-Pitchward-For", 0);
	g_assert_cmpstr(whom, ==, "priya@buyer.example");
	g_assert_nonnull(strstr(text, "it is meant for priya@buyer.example"));
	g_assert_true(ours_verify(world->key, mail, "admin@buyer.example",
				  clock_now_us()));
}

static void
assert_fails(struct world *world, enum outbox_error code)
{
	enum digest_outcome outcome;
	g_autoptr(GError) error = NULL;

	g_assert_false(digest_send(&world->outbox, world->profile,
				   world->now_us, FALSE, &outcome, &error));
	g_assert_error(error, OUTBOX_ERROR, (gint)code);
}

/* Refused: the next try sends it, with the same Message-ID. */
static void
test_refused(struct world *world, gconstpointer data)
{
	(void)data;
	g_free(plant(world, &pitch, 1));
	world->server->script.rcpt = "450 4.2.0 later";
	assert_fails(world, OUTBOX_ERROR_REFUSED);
	world->server->script.rcpt = NULL;
	world->server->script.dot = "451 4.3.0 later";
	assert_fails(world, OUTBOX_ERROR_REFUSED);
	world->server->script.dot = NULL;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	g_assert_cmpint(world->server->taken, ==, 1);
}

/*
 * Lost after the dot: nobody gets it twice, and what was in it is in the next
 * one.
 */
static void
test_unknown(struct world *world, gconstpointer data)
{
	g_autofree char *id = plant(world, &pitch, 1);
	g_autoptr(Mail) mail = NULL;
	g_autofree char *text = NULL;

	(void)data;
	world->server->script.dot = SERVER_DROP;
	assert_fails(world, OUTBOX_ERROR_UNKNOWN);
	world->server->script.dot = NULL;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_DONE);
	g_assert_cmpint(world->server->taken, ==, 0);
	world->now_us += CLOCK_DAY_US;
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	mail = taken(world);
	text = part_of(mail, 1);
	g_assert_nonnull(strstr(text, id));
}

static char *
key_of_today(const struct world *world)
{
	g_autoptr(GPtrArray) jobs =
		store_job_list(world->store, "digest", "priya/", 1, NULL);
	const struct store_job *job = jobs->pdata[0];

	return g_strdup(job->key);
}

/* Who died before the mark has sent nothing; after it, perhaps. */
static void
test_died(struct world *world, gconstpointer data)
{
	g_autofree char *key = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	g_free(plant(world, &pitch, 1));
	world->server->script.mail = "450 4.2.0 later";
	assert_fails(world, OUTBOX_ERROR_REFUSED);
	world->server->script.mail = NULL;
	key = key_of_today(world);
	g_assert_true(store_job_claim(world->store, "digest", key, "dead",
				      CLOCK_SECOND_US / 2, &error));
	assert_fails(world, OUTBOX_ERROR_BUSY);
	g_assert_true(store_job_claim(world->store, "digest-handed", key,
				      "dead", CLOCK_SECOND_US / 2, &error));
	g_usleep(600000);
	assert_fails(world, OUTBOX_ERROR_UNKNOWN);
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_DONE);
	g_assert_cmpint(world->server->taken, ==, 0);
}

static void
test_died_before(struct world *world, gconstpointer data)
{
	g_autofree char *key = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	g_free(plant(world, &pitch, 1));
	world->server->script.mail = "450 4.2.0 later";
	assert_fails(world, OUTBOX_ERROR_REFUSED);
	world->server->script.mail = NULL;
	key = key_of_today(world);
	g_assert_true(store_job_claim(world->store, "digest", key, "dead",
				      CLOCK_SECOND_US / 2, &error));
	assert_fails(world, OUTBOX_ERROR_BUSY);
	g_usleep(600000);
	g_assert_cmpint(send_it(world, FALSE), ==, DIGEST_SENT);
	g_assert_cmpint(world->server->taken, ==, 1);
}

struct racer {
	struct world *world;
	gint *sent;
};

static gpointer
race(gpointer data)
{
	struct racer *racer = data;
	struct world *world = racer->world;
	enum digest_outcome outcome = DIGEST_DONE;
	g_autoptr(GError) error = NULL;

	if (!digest_send(&world->outbox, world->profile, world->now_us, FALSE,
			 &outcome, &error))
		g_assert_error(error, OUTBOX_ERROR, OUTBOX_ERROR_BUSY);
	else if (outcome == DIGEST_SENT)
		g_atomic_int_inc(racer->sent);
	return NULL;
}

static void
test_race(struct world *world, gconstpointer data)
{
	gint sent = 0;
	struct racer racer = { world, &sent };
	GThread *threads[4];

	(void)data;
	g_free(plant(world, &pitch, 1));
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("race", race, &racer);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	g_assert_cmpint(sent, ==, 1);
	g_assert_cmpint(world->server->taken, ==, 1);
}

/* --- notices */

static guint
notices(struct world *world)
{
	guint sent = 0;
	g_autoptr(GError) error = NULL;

	notice_send(&world->outbox, world->profile, world->now_us, &sent,
		    &error);
	g_assert_no_error(error);
	return sent;
}

static void
test_notices(struct world *world, gconstpointer data)
{
	struct planted near = pitch;
	struct planted late = pitch;
	g_autoptr(Mail) mail = NULL;
	g_autofree char *subject = NULL;
	g_autofree char *text = NULL;

	(void)data;
	near.relevance = late.relevance = 0.9;
	near.ago_us = CLOCK_SECOND_US;
	g_free(plant(world, &near, 1));
	g_assert_cmpuint(notices(world), ==, 0); /* off by default */
	configure(world, "web: {url: \"" WEB "\"}\n"
			 "digest: {notice_from: 0.8, from: "
			 "pitchward@buyer.example}\n");
	g_free(plant(world, &pitch, 2)); /* not near enough */
	g_free(plant(world, &late, 3));	 /* came an hour ago */
	g_assert_cmpuint(notices(world), ==, 1);
	g_assert_cmpuint(notices(world), ==, 0);
	mail = taken(world);
	subject = mail_field_decoded(mail, "Subject", 0);
	g_assert_cmpstr(subject, ==,
			"Held, perhaps relevant: Quick question about EDR");
	text = part_of(mail, 1);
	assert_lines(text);
	g_assert_nonnull(strstr(text, ".release."));
}

/* What is tagged is in the mailbox: nothing is released. */
static void
test_notice_tagged(struct world *world, gconstpointer data)
{
	struct planted near = pitch;
	g_autoptr(Mail) mail = NULL;
	g_autofree char *text = NULL;

	(void)data;
	near.relevance = 0.9;
	near.ago_us = CLOCK_SECOND_US;
	configure(world, "web: {url: \"" WEB "\"}\n"
			 "digest: {notice_from: 0.8}\n");
	deliver(world, &near, "tag", 1);
	deliver(world, &near, "deliver", 2);
	g_assert_cmpuint(notices(world), ==, 1);
	mail = taken(world);
	text = part_of(mail, 1);
	g_assert_nonnull(strstr(text, ".relevant."));
	g_assert_null(strstr(text, ".release."));
}

static void
test_notice_cap(struct world *world, gconstpointer data)
{
	struct planted near = pitch;

	(void)data;
	near.relevance = 0.9;
	near.ago_us = CLOCK_SECOND_US;
	configure(world, "digest: {notice_from: 0.8}\n");
	for (guint i = 1; i <= NOTICE_HOUR + 2; i++)
		g_free(plant(world, &near, i));
	g_assert_cmpuint(notices(world), ==, NOTICE_HOUR);
	g_assert_cmpuint(notices(world), ==, 0);
	world->now_us += 65 * 60 * CLOCK_SECOND_US;
	near.subject = "later";
	g_free(plant(world, &near, 20));
	g_assert_cmpuint(notices(world), ==, 1);
}

#define ADD(name, function)                                                    \
	g_test_add(name, struct world, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/digest/golden", test_golden);
	ADD("/digest/links", test_links);
	ADD("/digest/without-web", test_without_web);
	ADD("/digest/hostile", test_hostile);
	g_test_add_func("/digest/unlinked", test_unlinked);
	ADD("/digest/long subject", test_long_subject);
	ADD("/digest/more", test_more);
	ADD("/digest/once", test_once);
	ADD("/digest/empty", test_empty);
	ADD("/digest/since", test_since);
	ADD("/digest/again", test_again);
	ADD("/digest/redirect", test_redirect);
	ADD("/digest/refused", test_refused);
	ADD("/digest/unknown", test_unknown);
	ADD("/digest/died", test_died);
	ADD("/digest/died-before", test_died_before);
	ADD("/digest/race", test_race);
	ADD("/notice/held", test_notices);
	ADD("/notice/tagged", test_notice_tagged);
	ADD("/notice/cap", test_notice_cap);
	return g_test_run();
}
