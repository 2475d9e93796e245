/*
 * What the command line shows of labels and rulings, and what feedback says
 * that training cannot use.
 */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../src/cli/command_private.h"
#include "../../src/cli/ruled_private.h"
#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "base/clock.h"
#include "review/feedback.h"

#define CAMPAIGN "01JD0000000000000000000009"

struct site {
	char *folder;
	char *config;
	struct store *store;
	struct store_message *message;
};

/* Held mail of vendor1.example, in a campaign of its own. */
static struct store_message *
hold(struct store *store, guint n, GBytes *features)
{
	struct store_message *message = kit_message("priya", n);
	g_autoptr(GBytes) bytes = kit_bytes(300, n);
	g_autoptr(GError) error = NULL;

	kit_set(&message->campaign, CAMPAIGN);
	message->touch = n;
	message->features = features;
	store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error);
	g_assert_no_error(error);
	return message;
}

static void
site_setup(struct site *site, gconstpointer data)
{
	g_autofree char *text = NULL;

	(void)data;
	site->folder = kit_folder();
	site->config = g_build_filename(site->folder, "pitchward.yaml", NULL);
	text = g_strdup_printf("version: 1\nauthserv_id: mx.example\n"
			       "store: sqlite:%s/test.db\n",
			       site->folder);
	model_kit_write(site->folder, "pitchward.yaml", text);
	model_kit_write(site->folder, "profiles.d/priya.yaml",
			"version: 1\nbuyer: {name: P, role: CISO, addresses: "
			"[priya@buyer.example]}\n"
			"priorities: [{id: edr, name: EDR}]\n");
	site->store = kit_open(site->folder);
	site->message = hold(site->store, 1, g_bytes_new_static("x", 1));
}

static void
site_teardown(struct site *site, gconstpointer data)
{
	(void)data;
	store_message_free(site->message);
	store_close(site->store);
	kit_remove(site->folder);
	g_free(site->config);
}

/* What a command prints, its errors too; the caller's. */
static char *
output_of(const struct site *site, int (*command)(int, char **),
	  const char *words, int wanted)
{
	g_autofree char *line = g_strdup_printf("pitchward %s --config %s",
						words, site->config);
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	g_autofree char *path = g_build_filename(site->folder, "out", NULL);
	const int saved[] = { dup(STDOUT_FILENO), dup(STDERR_FILENO) };
	const int out = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	char *text = NULL;
	int status;

	fflush(stdout);
	g_assert_cmpint(dup2(out, STDOUT_FILENO), ==, STDOUT_FILENO);
	g_assert_cmpint(dup2(out, STDERR_FILENO), ==, STDERR_FILENO);
	status = command((int)g_strv_length(argv), argv);
	fflush(stdout);
	for (guint i = 0; i < G_N_ELEMENTS(saved); i++) {
		dup2(saved[i], i == 0 ? STDOUT_FILENO : STDERR_FILENO);
		close(saved[i]);
	}
	close(out);
	g_assert_cmpint(status, ==, wanted);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static void
say(const struct site *site, enum store_label label, gboolean never)
{
	const struct feedback_said said = {
		.label = label, .never = never, .by = "dana", .source = "cli"
	};
	g_autoptr(GError) error = NULL;

	feedback_say(site->store, site->message, &said, NULL, &error);
	g_assert_no_error(error);
}

static void
rule(const struct site *site, enum store_ruling_word word, gint64 until_us)
{
	g_autoptr(StoreRuling) ruling = g_new0(struct store_ruling, 1);
	g_autoptr(GError) error = NULL;

	id_new(ruling->id);
	ruling->buyer = g_strdup("priya");
	ruling->scope = STORE_RULING_VENDOR;
	ruling->word = word;
	ruling->subject = g_strdup("vendor1.example");
	ruling->until_us = until_us;
	ruling->by = g_strdup("root");
	store_ruling_add(site->store, ruling, &error);
	g_assert_no_error(error);
}

static void
assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		g_error("\"%s\" is not in:\n%s", part, text);
}

static void
assert_has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		g_error("\"%s\" is in:\n%s", part, text);
}

static char *
show(const struct site *site, const char *options)
{
	g_autofree char *words =
		g_strdup_printf("show %s%s", site->message->id, options);

	return output_of(site, quarantine_main, words, 0);
}

static void
test_nothing(struct site *site, gconstpointer data)
{
	g_autofree char *text = show(site, "");
	g_autofree char *json = show(site, " --json");

	(void)data;
	assert_has_not(text, "\nlabel ");
	assert_has_not(text, "\nruling ");
	assert_has(json, "\"labels\": [], \"rulings\": []");
}

static void
test_show(struct site *site, gconstpointer data)
{
	g_autofree char *text = NULL;
	g_autofree char *json = NULL;
	g_autofree char *undo = NULL;

	(void)data;
	rule(site, STORE_RULING_NOT_NOW, clock_now_us() + 30 * CLOCK_DAY_US);
	say(site, STORE_RELEVANT, FALSE);
	undo = g_strdup_printf("to undo: pitchward feedback undo %s\n",
			       site->message->id);
	text = show(site, "");
	assert_has(text, "\nlabel      relevant, ");
	assert_has(text, " by dana\n");
	assert_has(text, undo);
	assert_has(text, "\nruling     campaign " CAMPAIGN " wanted, ");
	assert_has(text, "\nruling     vendor vendor1.example not-now until ");
	assert_has(text, " by root (another ruling goes before it)\n");
	assert_has(text, "to undo: pitchward vendor status vendor1.example "
			 "clear --for priya\n");
	json = show(site, " --json");
	assert_has(json, "\"labels\": [{\"label\": \"relevant\"");
	assert_has(json, "\"word\": \"wanted\"");
	assert_has(json, "\"applies\": true");
	assert_has(json, "\"applies\": false");
}

/* Over, undone, or of another buyer or message: not shown. */
static void
test_others(struct site *site, gconstpointer data)
{
	struct store_message *other = hold(site->store, 2, NULL);
	const struct feedback_said said = { .label = STORE_RELEVANT,
					    .by = "dana",
					    .source = "cli" };
	g_autofree char *text = NULL;

	(void)data;
	rule(site, STORE_RULING_NOT_NOW, clock_now_us() - CLOCK_DAY_US);
	say(site, STORE_IRRELEVANT, TRUE);
	g_assert_true(
		feedback_undo(site->store, site->message, "dana", NULL, NULL));
	kit_set(&other->campaign, "");
	g_assert_true(feedback_say(site->store, other, &said, NULL, NULL));
	text = show(site, "");
	assert_has_not(text, "\nlabel ");
	assert_has_not(text, "\nruling ");
	store_message_free(other);
}

static void
test_vendor(struct site *site, gconstpointer data)
{
	g_autofree char *text = NULL;
	g_autofree char *other = NULL;
	g_autofree char *json = NULL;
	g_autofree char *all = NULL;

	(void)data;
	say(site, STORE_RELEVANT, FALSE);
	text = output_of(site, vendor_main, "status vendor1.example", 0);
	assert_has(text, "vendor1.example ");
	assert_has(text, "wanted");
	assert_has(text, " dana, the campaign " CAMPAIGN "\n");
	assert_has(text, "to undo: pitchward feedback undo ");
	other = output_of(site, vendor_main, "status vendor2.example", 0);
	g_assert_cmpstr(other, ==, "");
	json = output_of(site, vendor_main, "status --json", 0);
	assert_has(json, "\"scope\": \"campaign\"");
	assert_has(json, "\"vendor\": \"vendor1.example\"");
	assert_has(json, "\"undo\": \"pitchward feedback undo ");
	g_assert_true(
		feedback_undo(site->store, site->message, "dana", NULL, NULL));
	all = output_of(site, vendor_main, "status --all --json", 0);
	assert_has(all, "\"undo\": null");
}

/* A ruling on a vendor leaves what was said about its mail. */
static void
test_clear(struct site *site, gconstpointer data)
{
	g_autofree char *set = NULL;
	g_autofree char *cleared = NULL;
	g_autofree char *left = NULL;

	(void)data;
	say(site, STORE_RELEVANT, FALSE);
	set = output_of(site, vendor_main,
			"status vendor1.example never --for priya", 0);
	assert_has(set, "never");
	assert_has_not(set, "wanted");
	cleared = output_of(site, vendor_main,
			    "status vendor1.example clear --for priya", 0);
	g_assert_cmpstr(cleared, ==, "");
	left = output_of(site, vendor_main, "status vendor1.example", 0);
	assert_has(left, "wanted");
	assert_has_not(left, "never");
}

static void
test_features(struct site *site, gconstpointer data)
{
	g_autoptr(StoreMessage) bare = hold(site->store, 2, NULL);
	g_autofree char *with =
		g_strconcat("relevant ", site->message->id, NULL);
	g_autofree char *without = g_strconcat("relevant ", bare->id, NULL);
	g_autofree char *json = g_strconcat(without, " --json", NULL);
	g_autofree char *undo = g_strconcat("undo ", bare->id, NULL);
	g_autofree char *taught = output_of(site, feedback_main, with, 0);
	g_autofree char *kept = output_of(site, feedback_main, without, 0);
	g_autofree char *object = output_of(site, feedback_main, json, 0);
	g_autofree char *undone = output_of(site, feedback_main, undo, 0);

	(void)data;
	assert_has_not(taught, "training");
	assert_has(kept, "; kept as a label, but training cannot use it: no "
			 "features were kept\n");
	assert_has(object, "\"trains\": false");
	assert_has_not(undone, "training");
}

/* Of several files the one that failed is named, whatever failed. */
static void
test_files(struct site *site, gconstpointer data)
{
	static const struct {
		const char *text;
		const char *said;
	} cases[] = {
		{ "X-Pitchward: verdict=tag; id=01JD0000000000000000000077\n\n",
		  "a.eml: no message with the id" },
		{ "Subject: x\n\n", "a.eml: no X-Pitchward header" },
	};
	g_autofree char *path = g_build_filename(site->folder, "a.eml", NULL);
	g_autofree char *words = g_strconcat("relevant ", path, NULL);

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = NULL;

		model_kit_write(site->folder, "a.eml", cases[i].text);
		text = output_of(site, feedback_main, words, 1);
		assert_has(text, cases[i].said);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct site *site, gconstpointer data);
	} tests[] = {
		{ "nothing was said", test_nothing },
		{ "labels and rulings of a message", test_show },
		{ "what is over is not shown", test_others },
		{ "rulings of a vendor and its campaigns", test_vendor },
		{ "a vendor is cleared, its campaigns are not", test_clear },
		{ "labels that teach nothing", test_features },
		{ "a file that names nothing we have", test_files },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path =
			g_strdup_printf("/cli-said/%s", tests[i].name);

		g_test_add(path, struct site, NULL, site_setup, tests[i].run,
			   site_teardown);
	}
	return g_test_run();
}
