/*
 * Any text as a profile that is changed by a word, a weight, a priority and a
 * refusal: either refused with the text as it was, or a valid profile with
 * this one change, and a difference that can be shown.
 */
#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/diff.h"
#include "profile/revision.h"

/* What is put in. */
static char word[] = "cloud \"backup\"";
static char priority_id[] = "fuzz-more";
static char priority_name[] = "More: of # it";
static char refusal_name[] = "No: [more]";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The profile that a new text is; it must be one. */
static struct profile *
read_new(const char *old, const char *new)
{
	g_autoptr(Faults) faults = faults_new();
	g_autofree char *diff = diff_unified("a", "b", old, new);
	struct profile *profile =
		profile_parse("p.yaml", new, strlen(new), faults);

	g_assert(profile && *diff);
	return profile;
}

static const struct profile_priority *
find(const struct profile *profile, const char *id)
{
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (strcmp(priority->id, id) == 0)
			return priority;
	}
	return NULL;
}

/* Takes `new` and `error` over; NULL where it was refused. */
static struct profile *
outcome(const char *old, char *new, GError *error)
{
	struct profile *profile = NULL;

	g_assert((new == NULL) == (error != NULL));
	if (new &&strcmp(old, new) != 0)
		profile = read_new(old, new);
	g_clear_error(&error);
	g_free(new);
	return profile;
}

static void
check_keyword(const char *text, const struct profile_priority *priority)
{
	GError *error = NULL;
	char *new =
		revision_keyword("p.yaml", text, priority->id, word, &error);
	g_autoptr(Profile) profile = outcome(text, new, error);
	const struct profile_priority *changed =
		profile ? find(profile, priority->id) : NULL;

	g_assert(!profile || changed);
	g_assert(!profile ||
		 g_strv_contains((const char *const *)changed->keywords, word));
}

static void
check_weight(const char *text, const struct profile_priority *priority)
{
	GError *error = NULL;
	char *new = revision_weight("p.yaml", text, priority->id, 0.35, &error);
	g_autoptr(Profile) profile = outcome(text, new, error);
	const struct profile_priority *changed =
		profile ? find(profile, priority->id) : NULL;

	g_assert(!profile || (changed && fabs(changed->weight - 0.35) < 1e-6));
}

static void
check_priority(const char *text, const struct profile *old)
{
	const struct profile_priority more = {
		.id = priority_id,
		.name = priority_name,
		.keywords = (char *[]){ word, NULL },
		.weight = 0.5,
	};
	GError *error = NULL;
	char *new = revision_priority("p.yaml", text, &more, &error);
	g_autoptr(Profile) profile = outcome(text, new, error);

	if (!profile)
		return;
	g_assert(profile->priorities->len == old->priorities->len + 1);
	g_assert(strcmp(find(profile, more.id)->name, more.name) == 0);
}

static void
check_refusal(const char *text, const struct profile *old)
{
	const struct profile_refusal more = {
		.name = refusal_name,
		.keywords = (char *[]){ word, NULL },
	};
	GError *error = NULL;
	char *new = revision_refusal("p.yaml", text, &more, &error);
	g_autoptr(Profile) profile = outcome(text, new, error);

	g_assert(!profile || profile->refusals->len == old->refusals->len + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile =
		profile_parse("p.yaml", text, strlen(text), faults);

	if (!profile) {
		GError *error = NULL;
		char *new = revision_weight("p.yaml", text, "a", 0.1, &error);

		g_assert(!new &&error);
		g_clear_error(&error);
		return 0;
	}
	check_keyword(text, profile->priorities->pdata[0]);
	check_weight(text, profile->priorities->pdata[0]);
	check_priority(text, profile);
	check_refusal(text, profile);
	return 0;
}
