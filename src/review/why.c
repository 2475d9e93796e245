#include "review/why.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "screen/verdict.h"

#define REASONS_MAX 200
#define CLAUSES_MAX 3

/* DESIGN 3, where the profile is gone. */
#define ACCEPT 0.65
#define TAG    0.35

/* A probability from which the mail is called an offer without a doubt. */
#define SURE 0.8

struct word {
	const char *name;
	const char *text;
};

/* What the outreach model's named features say of a mail: "It ...". */
static const struct word outreach_words[] = {
	{ "introduces-self", "introduces its sender" },
	{ "asks-time", "asks for your time" },
	{ "opts-out", "offers to stop writing" },
	{ "we-help", "says what it does for others" },
	{ "proof", "names customers or figures as proof" },
	{ "offers", "makes an offer" },
	{ "follows-up", "follows up on an earlier mail" },
	{ "routes", "asks who is responsible" },
	{ "noticed-you", "refers to something noticed about you" },
	{ "transacts", "is about an order, an invoice or a delivery" },
	{ "dealings", "refers to dealings you have" },
	{ "applies", "applies for a position" },
	{ "introduces-others", "introduces people to each other" },
	{ "closeness", "is written as among colleagues" },
	{ "answers-enquiry", "answers an enquiry of yours" },
	{ "official", "comes from a public body" },
	{ "under-contract", "is about a contract you have" },
	{ "fake-reply", "says Re: but answers nothing" },
	{ "answers", "quotes what it answers" },
	{ "hides-text", "hides text from its reader" },
	{ "has-scheduler-link", "links to a page for booking a time" },
	{ "engagement-tool", "was sent by a sales-engagement tool" },
	{ "tracks-opens", "tracks whether you open it" },
	{ "list-unsubscribe", "is a mass mailing" },
	{ "list-id", "came by a mailing list" },
	{ "discussion-list", "came by a discussion list" },
	{ "auto-generated", "was written by a machine" },
	{ "bias", "starting value" },
};

/* What is compared with the buyer's profile; shown in tables only. */
static const struct word relevance_words[] = {
	{ "stems", "words of the nearest priority" },
	{ "letters", "spelling near the nearest priority" },
	{ "keyword-letters", "spelling near its keywords" },
	{ "subject", "subject near the priority" },
	{ "opening", "first lines near the priority" },
	{ "best-sentence", "best sentence near the priority" },
	{ "sentences", "sentences near the priority" },
	{ "phrases", "keywords of the priority" },
	{ "phrase-parts", "parts of its keywords" },
	{ "subject-phrases", "keywords in the subject" },
	{ "rare-stems", "the priority's rare words" },
	{ "overall", "nearness to the priority, all in all" },
	{ "refused", "nearness to what you do not want" },
	{ "margin", "lead over the second priority" },
	{ "excluded", "nearness to what the priority rules out" },
	{ "copied", "words of your profile one after another: not counted" },
	{ "bias", "starting value" },
};

static const char *
word_find(const struct word *words, gsize n, const char *name)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(words[i].name, name) == 0)
			return words[i].text;
	return NULL;
}

static const char *
known_text(enum why_side side, const char *name)
{
	if (side == WHY_OUTREACH)
		return word_find(outreach_words, G_N_ELEMENTS(outreach_words),
				 name);
	if (side == WHY_RELEVANCE)
		return word_find(relevance_words, G_N_ELEMENTS(relevance_words),
				 name);
	return NULL;
}

void
why_free(struct why *why)
{
	if (!why)
		return;
	g_free(why->name);
	g_free(why->text);
	g_free(why);
}

static void
why_destroy(gpointer data)
{
	why_free(data);
}

static struct why *
why_new(const char *name, double value, double weight)
{
	static const char *const prefixes[] = {
		[WHY_OUTREACH] = "outreach: ",
		[WHY_RELEVANCE] = "relevance: ",
	};
	struct why *why = g_new0(struct why, 1);
	const char *text;

	why->side = WHY_BESIDE;
	for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		if (!g_str_has_prefix(name, prefixes[i]))
			continue;
		why->side = (enum why_side)i;
		name += strlen(prefixes[i]);
		break;
	}
	text = known_text(why->side, name);
	why->name = g_strdup(name);
	why->text = g_strdup(text ? text : name);
	why->value = value;
	why->weight = weight;
	return why;
}

GPtrArray *
why_list(const struct store_message *message)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(why_destroy);
	json_t *array =
		message->reasons ? json_loads(message->reasons, 0, NULL) : NULL;
	const gsize n = MIN(json_array_size(array), REASONS_MAX);

	for (gsize i = 0; i < n; i++) {
		const json_t *reason = json_array_get(array, i);
		const char *name =
			json_string_value(json_object_get(reason, "name"));

		if (!name)
			continue;
		g_ptr_array_add(list, why_new(name,
					      json_number_value(json_object_get(
						      reason, "value")),
					      json_number_value(json_object_get(
						      reason, "weight"))));
	}
	json_decref(array);
	return list;
}

void
why_hide_group(struct store_message *message)
{
	static const char hidden[] = REASON_GROUP "a priority of another's";
	json_t *array = NULL;
	char *text;

	if (!message->reasons || !strstr(message->reasons, "\"" REASON_GROUP))
		return;
	array = json_loads(message->reasons, 0, NULL);
	for (gsize i = 0; i < json_array_size(array); i++) {
		json_t *reason = json_array_get(array, i);
		const char *name =
			json_string_value(json_object_get(reason, "name"));

		if (name && g_str_has_prefix(name, REASON_GROUP))
			json_object_set_new(reason, "name",
					    json_string(hidden));
	}
	text = array ? json_dumps(array, JSON_COMPACT) : NULL;
	g_free(message->reasons);
	message->reasons = g_strdup(text);
	free(text);
	json_decref(array);
}

/* "ruling: vendor acme.example not-now until 2027-01-31T00:00:00Z" */
static gboolean
append_ruling(GString *out, const char *ruling)
{
	g_auto(GStrv) words = g_strsplit(ruling, " ", 0);
	const guint n = g_strv_length(words);
	const gboolean vendor = n > 2 && strcmp(words[0], "vendor") == 0;
	const char *word = vendor ? words[2] : n > 1 ? words[1] : "";
	g_autofree char *what =
		vendor ? g_strdup(words[1]) : g_strdup("this campaign");

	if (strcmp(word, "wanted") == 0)
		g_string_append_printf(out, "You said %s is wanted. ", what);
	else if (strcmp(word, "never") == 0)
		g_string_append_printf(out, "You wanted no more of %s. ", what);
	else if (strcmp(word, "not-now") == 0)
		g_string_append_printf(
			out, "You did not want to hear of %s before %.10s. ",
			what, n > 4 ? words[4] : "later");
	else
		return FALSE;
	return TRUE;
}

/* What was decided beside the models, in words; FALSE: the models decided. */
static gboolean
append_beside(GString *out, const struct why *why)
{
	static const char ruling[] = "ruling: ";
	static const char attention[] = "attention: ";
	static const char group[] = REASON_GROUP;

	if (g_str_has_prefix(why->name, ruling))
		return append_ruling(out, why->name + strlen(ruling));
	if (g_str_has_prefix(why->name, group)) {
		g_string_append_printf(out,
				       "Others of your group want it (%s). ",
				       why->name + strlen(group));
		return TRUE;
	}
	if (!g_str_has_prefix(why->name, attention))
		return FALSE;
	g_string_append_printf(
		out, "Your attention for such mail was used up (%s). ",
		why->name + strlen(attention));
	return TRUE;
}

static gint
compare_weight(gconstpointer a, gconstpointer b)
{
	const struct why *left = *(struct why *const *)a;
	const struct why *right = *(struct why *const *)b;

	return (left->weight < right->weight) - (left->weight > right->weight);
}

/* What speaks for outreach and has words, heaviest first; borrowed. */
static GPtrArray *
strongest(const GPtrArray *list)
{
	GPtrArray *strong = g_ptr_array_new();

	for (guint i = 0; i < list->len; i++) {
		struct why *why = list->pdata[i];

		if (why->side == WHY_OUTREACH && why->weight > 0 &&
		    strcmp(why->name, "bias") != 0 &&
		    known_text(WHY_OUTREACH, why->name))
			g_ptr_array_add(strong, why);
	}
	g_ptr_array_sort(strong, compare_weight);
	if (strong->len > CLAUSES_MAX)
		g_ptr_array_set_size(strong, CLAUSES_MAX);
	return strong;
}

static void
append_manner(GString *out, const struct store_message *message,
	      const GPtrArray *list)
{
	g_autoptr(GPtrArray) strong = strongest(list);

	if (!(message->outreach >= 0))
		return;
	if (strong->len == 0) {
		g_string_append(out, message->outreach >= SURE
					     ? "Its wording is that of a sales "
					       "mail. "
					     : "It may be a sales mail. ");
		return;
	}
	g_string_append(out, "It ");
	for (guint i = 0; i < strong->len; i++) {
		const struct why *why = strong->pdata[i];

		if (i > 0)
			g_string_append(out,
					i + 1 == strong->len ? " and " : ", ");
		g_string_append(out, why->text);
	}
	g_string_append(out, ". ");
}

const char *
why_priority(const struct profile *profile, const char *id)
{
	if (!id || !*id)
		return NULL;
	for (guint i = 0; profile && i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (strcmp(priority->id, id) == 0)
			return priority->name;
	}
	return id;
}

static void
append_nearness(GString *out, const struct store_message *message,
		const struct profile *profile)
{
	const double accept = profile ? profile->accept : ACCEPT;
	const double tag = profile ? profile->tag : TAG;
	const char *name = why_priority(profile, message->priority);

	if (!(message->relevance >= 0))
		return;
	if (!name || message->relevance < tag / 2) {
		g_string_append(out, "None of your priorities is near it.");
		return;
	}
	if (!*store_priority(name, message->relevance, tag)) {
		g_string_append_printf(out,
				       "It comes closest to \"%s\", but not "
				       "near enough.",
				       name);
		return;
	}
	g_string_append_printf(
		out,
		message->relevance >= accept
			? "It is about \"%s\"."
			: "It comes near \"%s\", but not near enough to be "
			  "sure.",
		name);
}

static gboolean
append_gate(GString *out, const char *gate)
{
	static const struct word gates[] = {
		{ "blocked", "You blocked this sender." },
		{ "allowed", "You always allow this sender." },
		{ "contact", "You have written to this sender." },
		{ "reply", "It answers a message of yours." },
		{ "internal", "It comes from inside." },
		{ "authenticated", "Its sender signed in to your server." },
		{ "unknown", "Whether you know the sender could not be "
			     "looked up, so it was let in." },
	};
	const char *text =
		gate ? word_find(gates, G_N_ELEMENTS(gates), gate) : NULL;

	if (text)
		g_string_append(out, text);
	return text != NULL;
}

/* Before what is said of nearness: that is of the rest. */
static void
append_copied(GString *out, const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		const struct why *why = list->pdata[i];

		if (why->side != WHY_RELEVANCE ||
		    strcmp(why->name, "copied") != 0)
			continue;
		g_string_append(out, "It repeats words of your profile one "
				     "after another, as mail made for a "
				     "filter does; they were not counted. ");
		return;
	}
}

char *
why_sentence(const struct store_message *message, const struct profile *profile)
{
	g_autoptr(GPtrArray) list = why_list(message);
	GString *out = g_string_new(NULL);

	if (append_gate(out, message->gate))
		return g_string_free(out, FALSE);
	for (guint i = 0; i < list->len; i++) {
		const struct why *why = list->pdata[i];

		if (why->side == WHY_BESIDE && append_beside(out, why))
			break;
	}
	append_manner(out, message, list);
	append_copied(out, list);
	append_nearness(out, message, profile);
	return g_strchomp(g_string_free(out, FALSE));
}

/* The words from a share of 0..1 upward. */
struct degree {
	double from;
	const char *words;
};

static const struct degree outreach_degrees[] = {
	{ 0.95, "Almost surely a sales mail" },
	{ SURE, "Very likely a sales mail" },
	{ 0.5, "Perhaps a sales mail" },
	{ 0, "Hardly a sales mail" },
};

char *
why_percent(double share)
{
	const long percent = lrint(CLAMP(share, 0, 1) * 100);

	if (percent >= 100)
		return g_strdup("over 99");
	if (percent <= 0)
		return g_strdup("under 1");
	return g_strdup_printf("%ld", percent);
}

/* ", relevant (60 %)" */
static void
append_relevance(GString *out, double relevance, const struct profile *profile)
{
	g_autofree char *share = why_percent(relevance);

	g_string_append_printf(out, ", %s (%s %%)",
			       relevance >= (profile ? profile->accept : ACCEPT)
				       ? "relevant"
			       : relevance >= (profile ? profile->tag : TAG)
				       ? "somewhat relevant"
				       : "of little relevance",
			       share);
}

static void
append_degrees(GString *out, const struct store_message *message,
	       const struct profile *profile)
{
	g_autofree char *share = NULL;
	gsize i = 0;

	if (!(message->outreach >= 0))
		return;
	while (message->outreach < outreach_degrees[i].from)
		i++;
	share = why_percent(message->outreach);
	g_string_append_printf(out, "%s (%s %%)", outreach_degrees[i].words,
			       share);
	if (message->relevance >= 0)
		append_relevance(out, message->relevance, profile);
	g_string_append(out, ". ");
}

char *
why_text(const struct store_message *message, const struct profile *profile)
{
	g_autofree char *sentence = why_sentence(message, profile);
	GString *out = g_string_new(NULL);

	append_degrees(out, message, profile);
	g_string_append(out, sentence);
	return g_strchomp(g_string_free(out, FALSE));
}
