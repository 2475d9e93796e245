#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "command_private.h"
#include "failure_private.h"
#include "group_private.h"
#include "print_private.h"

/* What all but the list are asked with. */
#define AS_ENTRY(about, text)                                                  \
	{                                                                      \
		"as", 0, 0, G_OPTION_ARG_FILENAME, &(about).as, text, "MEMBER" \
	}
#define LAST_ENTRY                                                             \
	{                                                                      \
		NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL                \
	}

static void
print_group(const struct group *group)
{
	g_autofree char *by =
		group->by_us > 0 ? clock_format(group->by_us) : g_strdup("");

	print_column(group->id, 20);
	printf(" %3u members  %-10.10s  %-10s  ", group->members->len, by,
	       profile_stages[group->stage]);
	print_text(group->name, FALSE);
	putchar('\n');
}

static void
print_group_json(const struct group *group)
{
	g_autofree char *by =
		group->by_us > 0 ? clock_format(group->by_us) : NULL;
	json_t *object = json_object();

	if (by)
		by[strlen("2027-03-31")] = '\0';
	json_object_set_new(object, "group", print_json_text(group->id));
	json_object_set_new(object, "name", print_json_text(group->name));
	json_object_set_new(object, "what", print_json_text(group->what));
	json_object_set_new(object, "by", by ? json_string(by) : json_null());
	json_object_set_new(object, "stage",
			    json_string(profile_stages[group->stage]));
	json_object_set_new(object, "members",
			    json_integer(group->members->len));
	print_json(object);
}

static gboolean
list(struct group_case *about, GError **error)
{
	if (!group_case_load(about, error))
		return FALSE;
	if (about->groups->len == 0 && !about->options.json)
		fprintf(stderr, "pitchward: %s: no group is there\n",
			about->config->groups);
	for (guint i = 0; i < about->groups->len; i++) {
		if (about->options.json)
			print_group_json(about->groups->pdata[i]);
		else
			print_group(about->groups->pdata[i]);
	}
	return TRUE;
}

int
group_list_main(int argc, char **argv)
{
	struct group_case about = { .command = "group list" };
	const struct options_spec spec = {
		.command = "group list",
		.summary = "Lists the buying groups, each a file of the "
			   "folder groups.",
		.examples = "  pitchward group list",
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &about.options, &error) ||
	    !list(&about, &error))
		code = failure_exit(error);
	group_case_clear(&about);
	return code;
}

static void
print_view_json(const struct group_view *view)
{
	g_autofree char *text = group_view_json(view);

	puts(text);
}

static void
print_whole(const struct group_view *view)
{
	group_print_head(view);
	group_print_topics(view);
	group_print_alignment(view);
	group_print_influence(view);
	group_print_meetings(view);
	group_print_choices(view);
}

static void
print_aligned(const struct group_view *view)
{
	group_print_head(view);
	group_print_topics(view);
	group_print_alignment(view);
}

static int
look_main(const struct options_spec *spec, int argc, char **argv,
	  struct group_case *about, void (*print)(const struct group_view *))
{
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	about->command = spec->command;
	if (!options_parse(spec, argc, argv, &about->options, &error) ||
	    !group_case_open(about, &error))
		code = failure_exit(error);
	else if (about->options.json)
		print_view_json(about->view);
	else
		print(about->view);
	group_case_clear(about);
	return code;
}

int
group_show_main(int argc, char **argv)
{
	struct group_case about = { 0 };
	const GOptionEntry entries[] = {
		AS_ENTRY(about, "as this member sees it; else as an admin, all "
				"of it"),
		LAST_ENTRY,
	};
	const struct options_spec spec = {
		.command = "group show",
		.arguments = "GROUP",
		.summary =
			"Shows how a buying group stands: merged priorities, "
			"agreement, conflicts, orphans, influence, vendors "
			"that wrote to several, who should talk to whom, and "
			"the shortlist.",
		.examples = "  pitchward group show endpoints\n"
			    "  pitchward group show endpoints --as priya "
			    "--json",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};

	return look_main(&spec, argc, argv, &about, print_whole);
}

int
group_align_main(int argc, char **argv)
{
	struct group_case about = { 0 };
	const GOptionEntry entries[] = {
		AS_ENTRY(about, "as this member sees it; else as an admin, all "
				"of it"),
		LAST_ENTRY,
	};
	const struct options_spec spec = {
		.command = "group align",
		.arguments = "GROUP",
		.summary = "Shows what is to be settled before the decision: "
			   "priorities, agreement, conflicts, orphans, and "
			   "who should talk to whom.",
		.examples = "  pitchward group align endpoints",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};

	return look_main(&spec, argc, argv, &about, print_aligned);
}

static gboolean
answer(struct group_case *about, GError **error)
{
	g_autofree char *card = NULL;
	g_autoptr(StoreMessage) last = NULL;
	g_autofree char *text = NULL;
	GError *found = NULL;

	if (!group_case_open(about, error))
		return FALSE;
	card = group_case_card(about, about->options.args[1], error);
	if (!card)
		return FALSE;
	last = group_last_mail(
		&(struct group_request){ .store = about->store,
					 .book = about->book,
					 .group = about->group,
					 .profiles = about->profiles },
		card, &found);
	if (found) {
		g_propagate_error(error, found);
		return FALSE;
	}
	if (!last) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "vendor %s: no mail of theirs to the group is "
			    "stored",
			    card);
		return FALSE;
	}
	text = group_letter_new(
		&(struct group_letter){
			.group = about->group,
			.status = group_view_status(about->view, card),
			.to = last->from,
			.subject = last->subject ? last->subject : "",
			.now_us = clock_now_us() },
		error);
	if (text)
		fputs(text, stdout);
	return text != NULL;
}

int
group_answer_main(int argc, char **argv)
{
	struct group_case about = { .command = "group answer",
				    .needs_store = TRUE };
	const struct options_spec spec = {
		.command = "group answer",
		.arguments = "GROUP VENDOR",
		.summary = "Prints a mail to who wrote last for a vendor, from "
			   "the group's front door: chosen, not now or "
			   "declined, and nothing else of the group.",
		.examples = "  pitchward group answer endpoints acme.example "
			    "| sendmail -t",
		.args_min = 2,
		.args_max = 2,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &about.options, &error) ||
	    !answer(&about, &error))
		code = failure_exit(error);
	group_case_clear(&about);
	return code;
}

int
group_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "list", "the groups that there are", group_list_main },
		{ "show", "how one stands", group_show_main },
		{ "align", "what is to be settled before it decides",
		  group_align_main },
		{ "decide", "shortlist, votes and the record; or say a word",
		  group_decide_main },
		{ "answer", "a mail to a vendor, from the front door",
		  group_answer_main },
		{ "digest", "the week of one, mailed to its members",
		  group_digest_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward group",
		.about = "Buyers who decide together.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
