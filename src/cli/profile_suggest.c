/* What a profile should say, by what its buyer said about mail. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "failure_private.h"
#include "installation_private.h"
#include "model/model.h"
#include "print_private.h"
#include "profile/group.h"
#include "profile_private.h"
#include "review/suggest.h"

#define SINCE "90d"

/* Messages shown for one. */
#define SHOWN 5

struct suggesting {
	struct profile_run run;
	char *models;
	char *since;
	char **only; /* numbers, or NULL: all */
	gboolean apply;
	struct profiles_view *view;
	GPtrArray *found; /* of struct suggestion */
	struct suggest_counts counts;
};

/* Without a model words are judged by the labelled mail alone. */
static struct model *
load_model(const struct suggesting *suggesting)
{
	g_autofree char *folder = model_folder_find(
		suggesting->models, suggesting->run.config->models, NULL);

	return folder ? model_load(folder, MODEL_RELEVANCE, NULL) : NULL;
}

static gint64
served_since(const struct profiles_view *view)
{
	const struct served *served = view->served;
	const struct store_version *newest;

	if (served->origin != SERVED_VERSION || view->versions->len == 0)
		return 0;
	newest = view->versions->pdata[view->versions->len - 1];
	return newest->time_us;
}

static gboolean
find(struct suggesting *suggesting, gint64 since_us, GError **error)
{
	g_autoptr(Model) model = load_model(suggesting);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Faults) others = faults_new();
	g_autoptr(GPtrArray) groups =
		group_load_folder(suggesting->run.config->groups, NULL, others);
	struct suggest_request request = { .since_us = since_us };
	g_autoptr(GBytes) text =
		profiles_text(suggesting->view, PROFILES_SERVING, error);

	/* Of whom nothing serves there are no faults to tell, either. */
	if (!text)
		return FALSE;
	served_parse(suggesting->view->all, NULL, faults);
	if (!suggesting->view->served->profile) {
		faults_report(faults, error);
		return FALSE;
	}
	request.profile = suggesting->view->served->profile;
	request.background = model ? model_background(model) : NULL;
	request.served_us = served_since(suggesting->view);
	request.weighed = suggest_weighed(groups, request.profile->id);
	suggesting->found = suggest_find(suggesting->run.store, &request,
					 &suggesting->counts, error);
	return suggesting->found != NULL;
}

static json_t *
evidence_json(const struct suggestion *one)
{
	json_t *list = json_array();

	for (guint i = 0; i < one->evidence->len; i++) {
		const struct suggest_evidence *evidence =
			one->evidence->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, "id",
				    print_json_text(evidence->id));
		json_object_set_new(object, "sender",
				    print_json_text(evidence->sender));
		json_object_set_new(object, "subject",
				    print_json_text(evidence->subject));
		json_array_append_new(list, object);
	}
	return list;
}

static void
put_json(const struct suggesting *suggesting, guint number,
	 const struct suggestion *one)
{
	g_autofree char *yaml = suggest_yaml(one);
	json_t *object = json_object();
	json_t *words = json_array();

	for (char **word = one->words; *word; word++)
		json_array_append_new(words, print_json_text(*word));
	json_object_set_new(object, "id",
			    print_json_text(suggesting->view->served->id));
	json_object_set_new(object, "number", json_integer((json_int_t)number));
	json_object_set_new(object, "kind",
			    json_string(suggest_kind_name(one->kind)));
	json_object_set_new(object, "priority", print_json_text(one->priority));
	json_object_set_new(object, "name", print_json_text(one->name));
	json_object_set_new(object, "words", words);
	if (one->kind == SUGGEST_WEIGHT)
		json_object_set_new(object, "was", json_real(one->was));
	if (one->weight > 0)
		json_object_set_new(object, "weight", json_real(one->weight));
	json_object_set_new(object, "hits", json_integer(one->hits));
	json_object_set_new(object, "of", json_integer(one->of));
	json_object_set_new(object, "misses", json_integer(one->misses));
	json_object_set_new(object, "others", json_integer(one->others));
	json_object_set_new(object, "chance", json_real(one->chance));
	json_object_set_new(object, "why", print_json_text(one->why));
	json_object_set_new(object, "evidence", evidence_json(one));
	json_object_set_new(object, "yaml", print_json_text(yaml));
	print_json(object);
}

static void
put_lines(const char *before, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		if (!**line)
			continue;
		fputs(before, stdout);
		print_text(*line, FALSE);
		putchar('\n');
	}
}

/* YAML as a whole: what is no fragment is a comment. */
static void
put(guint number, const struct suggestion *one)
{
	g_autofree char *yaml = suggest_yaml(one);

	printf("# %u: %s", number, suggest_kind_name(one->kind));
	if (one->kind == SUGGEST_KEYWORD || one->kind == SUGGEST_WEIGHT)
		printf(" of %s", one->priority);
	putchar('\n');
	put_lines("#   ", one->why);
	for (guint i = 0; i < MIN(one->evidence->len, SHOWN); i++) {
		const struct suggest_evidence *evidence =
			one->evidence->pdata[i];

		printf("#   %s  ", evidence->id);
		print_column(evidence->sender, 24);
		fputs("  ", stdout);
		print_text(evidence->subject, FALSE);
		putchar('\n');
	}
	if (one->evidence->len > SHOWN)
		printf("#   and %u more\n", one->evidence->len - SHOWN);
	put_lines("", yaml);
	putchar('\n');
}

static gboolean
is_chosen(const struct suggesting *suggesting, guint number)
{
	g_autofree char *text = g_strdup_printf("%u", number);

	return !suggesting->only ||
	       g_strv_contains((const char *const *)suggesting->only, text);
}

static gboolean
check_chosen(const struct suggesting *suggesting, GError **error)
{
	for (char **only = suggesting->only; only && *only; only++) {
		guint64 number;

		if (g_ascii_string_to_unsigned(*only, 10, 1, G_MAXUINT, &number,
					       NULL) &&
		    number <= suggesting->found->len)
			continue;
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "--only: there is no suggestion '%s': there are %u",
			    *only, suggesting->found->len);
		return FALSE;
	}
	return TRUE;
}

static void
list(const struct suggesting *suggesting)
{
	for (guint i = 0; i < suggesting->found->len; i++) {
		const struct suggestion *one = suggesting->found->pdata[i];

		if (!is_chosen(suggesting, i + 1))
			continue;
		if (suggesting->run.options.json)
			put_json(suggesting, i + 1, one);
		else
			put(i + 1, one);
	}
	if (suggesting->found->len == 0 && !suggesting->run.options.json)
		printf("# %s: nothing to suggest, by labels of mail of %u "
		       "relevant and %u irrelevant sender%s\n",
		       suggesting->view->served->id,
		       suggesting->counts.relevant,
		       suggesting->counts.irrelevant,
		       print_plural(suggesting->counts.irrelevant));
}

/* The text with all that could be put in; what could not is told. */
static char *
revise(const struct suggesting *suggesting, GError **error)
{
	const struct profiles_view *view = suggesting->view;
	g_autoptr(GBytes) bytes = profiles_text(view, PROFILES_SERVING, error);
	char *text = bytes ? profile_text(bytes) : NULL;

	for (guint i = 0; text && i < suggesting->found->len; i++) {
		g_autoptr(GError) local = NULL;
		char *next;

		if (!is_chosen(suggesting, i + 1))
			continue;
		next = suggest_revise(suggesting->found->pdata[i],
				      view->served->id, text, &local);
		if (!next) {
			fprintf(stderr, "pitchward: %u is left out: %s\n",
				i + 1, local->message);
			continue;
		}
		g_free(text);
		text = next;
	}
	return text;
}

static gboolean
put_revised(struct suggesting *suggesting, GError **error)
{
	const struct served *served = suggesting->view->served;
	g_autofree char *text = revise(suggesting, error);
	g_autofree char *name = g_strconcat(served->id, ".yaml", NULL);
	const struct profiles_change change = {
		.id = served->id,
		.name = name,
		.text = text,
		.by = suggesting->run.by,
		.note = suggesting->run.note ? suggesting->run.note
					     : "suggested by feedback",
		.after = served->number,
	};

	return text && profile_put(&suggesting->run, &change, error);
}

static gboolean
suggest(struct suggesting *suggesting, GError **error)
{
	struct profile_run *run = &suggesting->run;
	const char *since = suggesting->since ? suggesting->since : SINCE;
	gint64 ago_us;

	if (!options_duration("profile suggest: --since", since, &ago_us,
			      error) ||
	    !profile_run_open(run, suggesting->apply, error))
		return FALSE;
	if (!run->store) {
		(void)installation_tell_store(run->config);
		return TRUE;
	}
	suggesting->view =
		profiles_view(&run->where, run->options.args[0], error);
	if (!suggesting->view ||
	    !find(suggesting, clock_now_us() - ago_us, error) ||
	    !check_chosen(suggesting, error))
		return FALSE;
	list(suggesting);
	return !suggesting->apply || put_revised(suggesting, error);
}

static void
suggesting_clear(struct suggesting *suggesting)
{
	g_clear_pointer(&suggesting->found, g_ptr_array_unref);
	g_clear_pointer(&suggesting->view, profiles_view_free);
	profile_run_clear(&suggesting->run);
	g_free(suggesting->models);
	g_free(suggesting->since);
	g_strfreev(suggesting->only);
}

int
profile_suggest_main(int argc, char **argv)
{
	struct suggesting suggesting = { 0 };
	const GOptionEntry entries[] = {
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &suggesting.since,
		  "by labels given in this time (default " SINCE ")", "TIME" },
		{ "apply", 0, 0, G_OPTION_ARG_NONE, &suggesting.apply,
		  "put them into what serves, as a new version", NULL },
		{ "only", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &suggesting.only,
		  "only suggestion N (again for more)", "N" },
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &suggesting.models,
		  "folder of the models", "DIR" },
		{ "note", 0, 0, G_OPTION_ARG_FILENAME, &suggesting.run.note,
		  "why, for the history", "TEXT" },
		{ "by", 0, 0, G_OPTION_ARG_FILENAME, &suggesting.run.by,
		  "who, for the history", "NAME" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "profile suggest",
		.arguments = "ID",
		.summary = "Suggests keywords, weights, priorities and what is "
			   "not of interest, by what was released and "
			   "confirmed, each with its evidence.",
		.examples =
			"  pitchward profile suggest priya\n"
			"  pitchward profile suggest priya --apply --only 2",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &suggesting.run.options,
			   &error) ||
	    !suggest(&suggesting, &error))
		code = failure_exit(error);
	suggesting_clear(&suggesting);
	return code;
}
