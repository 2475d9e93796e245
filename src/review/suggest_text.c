/* Suggestions as a profile says them. */
#include "profile/revision.h"
#include "profile/yaml.h"
#include "review/suggest.h"

#define LIST_INDENT 2

static const char *const kind_names[] = {
	[SUGGEST_KEYWORD] = "keyword",
	[SUGGEST_PRIORITY] = "priority",
	[SUGGEST_WEIGHT] = "weight",
	[SUGGEST_REFUSAL] = "not-interested",
};

const char *
suggest_kind_name(enum suggest_kind kind)
{
	return kind_names[kind];
}

/* Both borrow from the suggestion. */
static struct profile_priority
priority_of(const struct suggestion *suggestion)
{
	return (struct profile_priority){ .id = suggestion->priority,
					  .name = suggestion->name,
					  .keywords = suggestion->words,
					  .weight = suggestion->weight };
}

static struct profile_refusal
refusal_of(const struct suggestion *suggestion)
{
	return (struct profile_refusal){ .name = suggestion->name,
					 .keywords = suggestion->words };
}

char *
suggest_yaml(const struct suggestion *suggestion)
{
	const struct profile_priority priority = priority_of(suggestion);
	const struct profile_refusal refusal = refusal_of(suggestion);
	g_autofree char *entry = NULL;
	char weight[G_ASCII_DTOSTR_BUF_SIZE];

	switch (suggestion->kind) {
	case SUGGEST_KEYWORD:
		entry = yaml_quote(suggestion->words[0]);
		return g_strdup_printf(
			"priorities:\n  - id: %s\n    keywords: [%s]\n",
			suggestion->priority, entry);
	case SUGGEST_WEIGHT:
		g_ascii_formatd(weight, sizeof(weight), "%.15g",
				suggestion->weight);
		return g_strdup_printf(
			"priorities:\n  - id: %s\n    weight: %s\n",
			suggestion->priority, weight);
	case SUGGEST_PRIORITY:
		entry = revision_priority_text(&priority, LIST_INDENT, FALSE);
		return g_strdup_printf("priorities:\n%s\n", entry);
	case SUGGEST_REFUSAL:
	default:
		entry = revision_refusal_text(&refusal);
		return g_strdup_printf("not_interested:\n  - %s\n", entry);
	}
}

char *
suggest_revise(const struct suggestion *suggestion, const char *name,
	       const char *text, GError **error)
{
	const struct profile_priority priority = priority_of(suggestion);
	const struct profile_refusal refusal = refusal_of(suggestion);

	switch (suggestion->kind) {
	case SUGGEST_KEYWORD:
		return revision_keyword(name, text, suggestion->priority,
					suggestion->words[0], error);
	case SUGGEST_WEIGHT:
		return revision_weight(name, text, suggestion->priority,
				       suggestion->weight, error);
	case SUGGEST_PRIORITY:
		return revision_priority(name, text, &priority, error);
	case SUGGEST_REFUSAL:
	default:
		return revision_refusal(name, text, &refusal, error);
	}
}
