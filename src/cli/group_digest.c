#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "failure_private.h"
#include "group_private.h"
#include "installation_private.h"
#include "market/group_digest.h"
#include "print_private.h"

/* The command's options, and what they are applied to. */
struct run {
	struct group_case about; /* of one group or of all */
	gboolean due;
	gboolean print;
	struct key *key; /* when it sends */
	gint64 now_us;
	int code; /* of what was read */
};

static gboolean
check_flags(const struct run *run, GError **error)
{
	if (!run->due || !run->print)
		return TRUE;
	g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--due sends, --print only shows: not both");
	return FALSE;
}

static gboolean
open_store(struct run *run, GError **error)
{
	struct group_case *about = &run->about;

	if (!installation_tell_store(about->config))
		return TRUE;
	about->store = installation_store(about->config, error);
	if (!about->store)
		return FALSE;
	about->book = vendor_book_load(about->store, error);
	if (!about->book)
		return FALSE;
	if (run->due)
		run->key = installation_key(about->config, error);
	return run->key || !run->due;
}

/* One group with faults, which the daemon tells, or a profile, keeps nobody
 * else from theirs. */
static gboolean
load_sound(struct run *run, GError **error)
{
	struct group_case *about = &run->about;
	g_autoptr(Faults) ignored = faults_new();

	about->config = installation_config(&about->options, error);
	if (!about->config)
		return FALSE;
	about->profiles =
		installation_sound_profiles(about->config, &run->code, error);
	about->groups = group_load_folder(about->config->groups, NULL, ignored);
	return about->profiles != NULL;
}

static gboolean
run_open(struct run *run, GError **error)
{
	if (!check_flags(run, error) ||
	    !(run->due ? load_sound(run, error)
		       : group_case_load(&run->about, error)))
		return FALSE;
	if (run->about.options.args[0] && !group_case_find(&run->about, error))
		return FALSE;
	return open_store(run, error);
}

static void
report(const struct run *run, const struct group_digest_request *request,
       enum group_digest_outcome outcome)
{
	const char *word = group_digest_outcome_name(outcome);
	json_t *object;

	if (!run->about.options.json) {
		printf("%s group %s %s\n", request->profile->id,
		       request->group->id, word);
	} else {
		object = json_object();
		json_object_set_new(object, "buyer",
				    print_json_text(request->profile->id));
		json_object_set_new(object, "kind", json_string("group"));
		json_object_set_new(object, "group",
				    print_json_text(request->group->id));
		json_object_set_new(object, "outcome", json_string(word));
		print_json(object);
	}
	fflush(stdout);
}

/* That another run is at it is as good as done. */
static gboolean
send_one(const struct run *run, const struct group_digest_request *request,
	 GError **error)
{
	enum group_digest_outcome outcome;
	g_autoptr(GError) local = NULL;

	if (!group_digest_send(request, &outcome, &local)) {
		if (g_error_matches(local, OUTBOX_ERROR, OUTBOX_ERROR_BUSY))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (outcome == GROUP_DIGEST_SENT || outcome == GROUP_DIGEST_EMPTY)
		report(run, request, outcome);
	return TRUE;
}

static void
print_digest_json(const struct group_digest_request *request,
		  const struct group_digest *digest)
{
	json_t *object = json_object();
	json_t *parts = json_array();

	for (guint i = 0; i < digest->parts->len; i++) {
		const struct group_digest_part *part = digest->parts->pdata[i];
		json_t *lines = json_array();
		json_t *one = json_object();

		for (guint j = 0; j < part->lines->len; j++)
			json_array_append_new(
				lines, print_json_text(part->lines->pdata[j]));
		json_object_set_new(one, "head", print_json_text(part->head));
		json_object_set_new(one, "lines", lines);
		json_array_append_new(parts, one);
	}
	json_object_set_new(object, "group",
			    print_json_text(request->group->id));
	json_object_set_new(object, "buyer",
			    print_json_text(request->profile->id));
	json_object_set_new(object, "empty", json_boolean(digest->empty));
	json_object_set_new(object, "lead", print_json_text(digest->lead));
	json_object_set_new(object, "parts", parts);
	print_json(object);
}

static gboolean
show_one(const struct run *run, const struct group_digest_request *request,
	 GError **error)
{
	g_autoptr(GroupDigest) digest = group_digest_new(request, error);
	g_autofree char *text = NULL;

	if (!digest)
		return FALSE;
	if (run->about.options.json) {
		print_digest_json(request, digest);
		return TRUE;
	}
	text = group_digest_text(digest);
	printf("%s <%s>\n\n", request->profile->id,
	       request->profile->addresses[0]);
	print_text(text, TRUE);
	putchar('\n');
	return TRUE;
}

static const struct profile *
profile_of(const struct run *run, const char *id)
{
	const GPtrArray *profiles = run->about.profiles;

	for (guint i = 0; i < profiles->len; i++) {
		const struct profile *profile = profiles->pdata[i];

		if (strcmp(profile->id, id) == 0)
			return profile;
	}
	return NULL;
}

/* A failure for one member does not keep the others from theirs. */
static int
run_group(const struct run *run, const struct group *group)
{
	const struct outbox outbox = { run->about.store, run->about.config,
				       run->key };
	int code = EX_OK;

	for (guint i = 0; i < group->members->len; i++) {
		const struct group_member *member = group->members->pdata[i];
		const struct group_digest_request request = {
			.outbox = &outbox,
			.book = run->about.book,
			.group = group,
			.profiles = run->about.profiles,
			.profile = profile_of(run, member->profile),
			.now_us = run->now_us,
		};
		g_autoptr(GError) error = NULL;

		if (!request.profile)
			continue;
		if (!(run->due ? send_one : show_one)(run, &request, &error))
			code = failure_worse(code, failure_exit(error));
	}
	return code;
}

static int
run_all(const struct run *run)
{
	const GPtrArray *groups = run->about.groups;
	int code = EX_OK;

	for (guint i = 0; run->about.store && i < groups->len; i++)
		if (!run->about.group || run->about.group == groups->pdata[i])
			code = failure_worse(code,
					     run_group(run, groups->pdata[i]));
	return code;
}

int
group_digest_main(int argc, char **argv)
{
	struct run run = { .about = { .command = "group digest" },
			   .now_us = clock_now_us() };
	const GOptionEntry entries[] = {
		{ "due", 0, 0, G_OPTION_ARG_NONE, &run.due,
		  "mail what is due and was not sent", NULL },
		{ "print", 0, 0, G_OPTION_ARG_NONE, &run.print,
		  "print what each member's mail would say (the default)",
		  NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "group digest",
		.arguments = "[GROUP]",
		.summary = "Shows what changed in a buying group, or in all, "
			   "in the last week, to each member as they see it. "
			   "With --due, for a timer: mails those that are due, "
			   "once.",
		.examples = "  pitchward group digest endpoints\n"
			    "  pitchward group digest --due",
		.entries = entries,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &run.about.options, &error) &&
	    run_open(&run, &error))
		code = failure_worse(run_all(&run), run.code);
	else
		code = failure_exit(error);
	g_clear_pointer(&run.key, key_free);
	group_case_clear(&run.about);
	return code;
}
