#include "figures_private.h"

#include <math.h>
#include <string.h>

#include "crossval_private.h"

const struct judged *
part_judged(const struct evaluation *evaluation, guint i)
{
	return &g_array_index(evaluation->judged, struct judged, i);
}

void
material_open(struct material *material, const struct evaluation *evaluation)
{
	g_autoptr(GHashTable) groups =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) campaigns =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint n = evaluation->judged->len;

	material->evaluation = evaluation;
	material->group = g_new(guint, n + 1);
	material->campaign = g_new(guint, n + 1);
	for (guint i = 0; i < n; i++) {
		const struct judged *judged = part_judged(evaluation, i);
		const char *name =
			judged->mail != NULL ? judged->mail->campaign : "";
		g_autofree char *key =
			*name ? g_strdup_printf("%s %s", judged->author, name)
			: judged->mail != NULL ? g_strdup(judged->mail->path)
					       : g_strdup_printf("%u", i);

		material->group[i] = group_number(groups, judged_group(judged));
		material->campaign[i] = group_number(campaigns, key);
	}
}

void
material_close(struct material *material)
{
	g_free(material->group);
	g_free(material->campaign);
}

static const char *
known_by(const struct judged *judged)
{
	return judged->mail != NULL ? "its text" : "its features";
}

/* What a part is called that this judgement is in. */
const char *
part_name(const struct judged *judged, const char *by)
{
	if (strcmp(by, "known by") == 0)
		return known_by(judged);
	if (strcmp(by, "source") == 0)
		return judged->source;
	if (strcmp(by, "language") == 0)
		return judged_language(judged);
	if (strcmp(by, "kind") == 0)
		return corpus_kinds[judged->kind];
	return judged_group(judged);
}

/*
 * A kind of the class stands against all that is not of it, and the other way
 * round; in every other part both classes are of the part.
 */
static gboolean
is_part(const struct judged *judged, const struct part *part)
{
	if (part->pitches && judged->positive && judged->kind != KIND_OUTREACH)
		return FALSE;
	if (part->name == NULL)
		return TRUE;
	if (strcmp(part_name(judged, part->by), part->name) == 0)
		return TRUE;
	return strcmp(part->by, "kind") == 0 && judged->profile == NULL &&
	       corpus_kind_sells(judged->kind) !=
		       (strcmp(part->name, corpus_kinds[KIND_OUTREACH]) == 0 ||
			strcmp(part->name, corpus_kinds[KIND_NURTURE]) == 0);
}

/* Groups are numbered anew, so that a draw has those of the part alone. */
guint
part_select(const struct material *material, const struct part *part,
	    struct scored *scored)
{
	const struct evaluation *evaluation = material->evaluation;
	g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
	guint n = 0;

	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged = part_judged(evaluation, i);
		guint group = part->campaigns ? material->campaign[i]
					      : material->group[i];
		gpointer key = GUINT_TO_POINTER(group);
		guint known = g_hash_table_size(numbers);
		double score = part->scores != NULL ? part->scores[i]
						    : judged->decision;

		if (isnan(score) || !is_part(judged, part))
			continue;
		if (!g_hash_table_contains(numbers, key))
			g_hash_table_insert(numbers, key,
					    GUINT_TO_POINTER(known));
		group = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, key));
		scored[n++] = (struct scored){ score, judged->positive, group };
	}
	return n;
}

struct scored *
part_room(const struct evaluation *evaluation)
{
	return g_new(struct scored, evaluation->judged->len + 1);
}

/* The area without an interval. */
double
part_area(const struct material *material, const struct part *part)
{
	g_autofree struct scored *scored = part_room(material->evaluation);
	guint n = part_select(material, part, scored);

	for (guint i = 0; i < n; i++)
		scored[i].group = 0;
	return metrics_auc(scored, n).value;
}

/* Of the part, and not of the class. */
guint
part_held(const struct material *material, const struct part *part)
{
	const struct evaluation *evaluation = material->evaluation;
	guint sum = 0;

	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged = part_judged(evaluation, i);

		if (is_part(judged, part) && !judged->positive &&
		    judged->probability >= evaluation->thresholds[1])
			sum++;
	}
	return sum;
}
