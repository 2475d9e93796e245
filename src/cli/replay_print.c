#include "replay_print_private.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "print_private.h"

#define DATE_LEN 10

/* From the least visible, as the columns stand. */
static const enum verdict order[] = { VERDICT_QUARANTINE, VERDICT_TAG,
				      VERDICT_DELIVER };

static char *
date_of(gint64 time_us)
{
	g_autofree char *text = clock_format(time_us);

	return g_strndup(text, DATE_LEN);
}

static void
print_head(const struct replay *replay, const char *buyer)
{
	g_autofree char *date = date_of(replay->since_us);

	print_text(buyer, FALSE);
	printf(": %u message%s since %s", replay->n, print_plural(replay->n),
	       date);
	if (replay->n > 0)
		printf(": %u judged again exactly, %u approximately, %u not at "
		       "all",
		       replay->ways[REPLAY_EXACT],
		       replay->ways[REPLAY_APPROXIMATE],
		       replay->ways[REPLAY_UNKNOWN]);
	putchar('\n');
	if (!replay->complete)
		puts("Stopped before the end: older messages are left out.");
	if (replay->ways[REPLAY_APPROXIMATE] > 0)
		puts("Approximately: only hashed stems of their text are "
		     "kept; about one in ten\nof the changes told of these is "
		     "none, and one in ten is not told.");
	if (replay->otherwise > 0)
		printf("Of %u message%s models or profile of today say another "
		       "thing than was done;\nonly what the profiles differ in "
		       "is told.\n",
		       replay->otherwise, print_plural(replay->otherwise));
}

static void
print_table(const struct replay *replay)
{
	printf("\n%-12s%12s%12s%12s\n", "was", "quarantine", "tag", "deliver");
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		printf("%-12s", verdict_name(order[i]));
		for (gsize k = 0; k < G_N_ELEMENTS(order); k++)
			printf("%12u", replay->verdicts[order[i]][order[k]]);
		putchar('\n');
	}
}

static void
print_average(const struct replay_budget *budget)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(number, sizeof(number), "%.1f",
			(double)budget->admitted / (double)budget->days);
	printf("%s a day", number);
}

static void
print_budget(const struct replay *replay, const struct profile *profile)
{
	const struct replay_budget *after = &replay->after;

	fputs("\nOutreach let in by its scores: ", stdout);
	print_average(&replay->before);
	fputs(", would be ", stdout);
	print_average(after);
	printf(" (most on one day: %u)\n", after->most);
	if (profile->per_day > 0)
		printf("attention of %u a day: more on %u of %u day%s\n",
		       profile->per_day, after->days_over, after->days,
		       print_plural(after->days));
	if (profile->per_week > 0)
		printf("attention of %u a week: more in %u week%s\n",
		       profile->per_week, after->weeks_over,
		       print_plural(after->weeks_over));
	if (replay->missed > 0)
		printf("%u message%s held, and would be again, though wanted: "
		       "released, answered or\nlabelled since\n",
		       replay->missed, replay->missed == 1 ? " was" : "s were");
	if (replay->capped > 0)
		printf("%u message%s held then because attention was spent\n",
		       replay->capped, replay->capped == 1 ? " was" : "s were");
}

static const char *
kind_title(enum replay_kind kind)
{
	static const char *const titles[] = {
		"Would be held, and was wanted",
		"Would be let in, and was said to be of no use",
		"Would be held",
		"Would be let in",
		"Would be shown otherwise",
	};

	return titles[kind];
}

static void
print_scores(const struct replay_change *change)
{
	const struct store_message *message = change->message;
	char outreach[16];
	char then[16];
	char now[16];

	printf("            %s -> %s; outreach %s, relevance %s -> %s",
	       verdict_name(change->before), verdict_name(change->after),
	       print_share(message->outreach, outreach),
	       print_share(message->relevance, then),
	       print_share(change->relevance, now));
	if (change->priority && *change->priority) {
		fputs(", ", stdout);
		print_text(change->priority, FALSE);
	}
	putchar('\n');
}

static void
print_change(const struct replay_change *change)
{
	const struct store_message *message = change->message;
	const char *worth = replay_worth_text(change->worth);
	const char *from = message->from && *message->from ? message->from
							   : message->sender;
	g_autofree char *date = date_of(message->time_us);

	printf("%s  ", date);
	print_column(from ? from : "", 30);
	fputs("  ", stdout);
	print_text(message->subject ? message->subject : "", FALSE);
	putchar('\n');
	print_scores(change);
	printf("            %s%s%s%s\n", worth, *worth ? "; " : "",
	       change->reason,
	       change->way == REPLAY_APPROXIMATE ? " (approximately)" : "");
}

static void
print_changes(const struct replay *replay, guint limit)
{
	const guint n = MIN(replay->changes->len, limit);

	if (replay->changes->len == 0)
		puts("\nNothing would change.");
	for (guint i = 0; i < n; i++) {
		const struct replay_change *change = replay->changes->pdata[i];
		const struct replay_change *last =
			i > 0 ? replay->changes->pdata[i - 1] : NULL;

		if (!last || last->kind != change->kind)
			printf("\n%s (%u):\n", kind_title(change->kind),
			       replay->kinds[change->kind]);
		print_change(change);
	}
	if (n < replay->changes->len)
		printf("\n%u more; --limit shows them\n",
		       replay->changes->len - n);
}

void
replay_print(const struct replay *replay, const char *buyer,
	     const struct profile *profile, guint limit)
{
	print_head(replay, buyer);
	if (replay->n == 0)
		return;
	print_table(replay);
	print_budget(replay, profile);
	print_changes(replay, limit);
}

static json_t *
json_count(guint n)
{
	return json_integer((json_int_t)n);
}

static json_t *
json_budget(const struct replay_budget *budget)
{
	json_t *o = json_object();

	json_object_set_new(o, "admitted", json_count(budget->admitted));
	json_object_set_new(o, "days", json_count(budget->days));
	json_object_set_new(o, "most", json_count(budget->most));
	json_object_set_new(o, "days_over", json_count(budget->days_over));
	json_object_set_new(o, "weeks_over", json_count(budget->weeks_over));
	return o;
}

static json_t *
json_verdicts(const struct replay *replay)
{
	json_t *rows = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		json_t *row = json_object();

		for (gsize k = 0; k < G_N_ELEMENTS(order); k++)
			json_object_set_new(
				row, verdict_name(order[k]),
				json_count(
					replay->verdicts[order[i]][order[k]]));
		json_object_set_new(rows, verdict_name(order[i]), row);
	}
	return rows;
}

static json_t *
json_summary(const struct replay *replay, const char *buyer,
	     const struct profile *profile)
{
	json_t *o = json_object();
	json_t *kinds = json_object();

	json_object_set_new(o, "type", json_string("summary"));
	json_object_set_new(o, "buyer", print_json_text(buyer));
	json_object_set_new(o, "profile", print_json_text(profile->path));
	json_object_set_new(o, "since", print_json_time(replay->since_us));
	json_object_set_new(o, "messages", json_count(replay->n));
	json_object_set_new(o, "complete", json_boolean(replay->complete));
	for (guint i = 0; i < REPLAY_WAYS; i++)
		json_object_set_new(o, replay_way_name((enum replay_way)i),
				    json_count(replay->ways[i]));
	json_object_set_new(o, "otherwise", json_count(replay->otherwise));
	json_object_set_new(o, "capped", json_count(replay->capped));
	json_object_set_new(o, "missed", json_count(replay->missed));
	json_object_set_new(o, "verdicts", json_verdicts(replay));
	for (guint i = 0; i < REPLAY_KINDS; i++)
		json_object_set_new(kinds,
				    replay_kind_name((enum replay_kind)i),
				    json_count(replay->kinds[i]));
	json_object_set_new(o, "changes", kinds);
	json_object_set_new(o, "attention_before",
			    json_budget(&replay->before));
	json_object_set_new(o, "attention_after", json_budget(&replay->after));
	return o;
}

static json_t *
json_change(const struct replay_change *change)
{
	const struct store_message *message = change->message;
	const struct {
		const char *name;
		const char *text;
	} texts[] = {
		{ "type", "change" },
		{ "kind", replay_kind_name(change->kind) },
		{ "judged", replay_way_name(change->way) },
		{ "id", message->id },
		{ "from", message->from },
		{ "subject", message->subject },
		{ "state", store_state_name(message->state) },
		{ "before", verdict_name(change->before) },
		{ "after", verdict_name(change->after) },
		{ "gate_before", message->gate },
		{ "gate_after", gate_name(change->gate) },
		{ "priority_before", message->priority },
		{ "priority_after", change->priority },
		{ "worth", replay_worth_text(change->worth) },
		{ "reason", change->reason },
	};
	json_t *o = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		json_object_set_new(o, texts[i].name,
				    print_json_text(texts[i].text));
	json_object_set_new(o, "time", print_json_time(message->time_us));
	json_object_set_new(o, "outreach", print_json_share(message->outreach));
	json_object_set_new(o, "relevance_before",
			    print_json_share(message->relevance));
	json_object_set_new(o, "relevance_after",
			    print_json_share(change->relevance));
	return o;
}

void
replay_print_json(const struct replay *replay, const char *buyer,
		  const struct profile *profile, guint limit)
{
	print_json(json_summary(replay, buyer, profile));
	for (guint i = 0; i < MIN(replay->changes->len, limit); i++)
		print_json(json_change(replay->changes->pdata[i]));
}
