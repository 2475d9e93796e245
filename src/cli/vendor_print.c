#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "print_private.h"
#include "profile/profile.h"
#include "ruled_private.h"
#include "vendor_private.h"

static void
print_line(const char *head, const char *text)
{
	if (!*text)
		return;
	printf("%-11s", head);
	print_text(text, FALSE);
	putchar('\n');
}

static void
print_time(const char *head, gint64 time_us)
{
	g_autofree char *when = time_us > 0 ? clock_format(time_us) : NULL;

	print_line(head, when ? when : "");
}

static void
print_domains(const struct vendor_facts *facts)
{
	for (guint i = 0; i < facts->domains->len; i++)
		print_line(i == 0 ? "domains" : "", facts->domains->pdata[i]);
}

static void
print_counts(const char *head, const GPtrArray *counts)
{
	for (guint i = 0; i < counts->len; i++) {
		const struct vendor_count *count = counts->pdata[i];

		printf("%-11s", i == 0 ? head : "");
		print_column(count->key, 32);
		printf(" %5u  ", count->n);
		print_text(count->label, FALSE);
		putchar('\n');
	}
}

static void
print_quotes(const struct vendor_facts *facts, enum store_quote_kind kind,
	     const char *head)
{
	for (guint i = 0; i < facts->quotes->len; i++) {
		const struct store_quote *quote = facts->quotes->pdata[i];
		g_autofree char *when = clock_format(quote->time_us);

		if (quote->kind != kind)
			continue;
		print_line(head, quote->text);
		printf("%-11s%.10s %s", "", when, quote->message);
		printf(" to %s: ", quote->buyer);
		print_text(quote->what, FALSE);
		if (*quote->unit && kind == STORE_QUOTE_PRICE)
			printf(" a %s", quote->unit);
		if (*quote->period)
			printf(" per %s", quote->period);
		putchar('\n');
		head = "";
	}
}

static void
print_need(const struct vendor_view *view, const struct profile *profile,
	   const char *need)
{
	const struct store_quote *proof = vendor_facts_proof(view->facts, need);

	printf("%-11s", "fit");
	print_column(profile->id, 16);
	putchar(' ');
	print_text(need, FALSE);
	if (proof)
		printf(": they say so in %s\n", proof->message);
	else
		puts(": not known");
}

/* Only what was offered as proof can be held against it. */
static void
print_fit(const struct vendor_view *view)
{
	for (guint i = 0; i < view->profiles->len; i++) {
		const struct profile *profile = view->profiles->pdata[i];

		for (char **need = profile->fit.must_have; need && *need;
		     need++)
			print_need(view, profile, *need);
		if (profile->fit.employees_min > 0 ||
		    profile->fit.employees_max > 0 ||
		    (profile->fit.regions && *profile->fit.regions)) {
			printf("%-11s", "fit");
			print_column(profile->id, 16);
			puts(" employees, regions: not known");
		}
	}
}

static void
print_rulings(const struct vendor_view *view)
{
	for (guint i = 0; i < view->rulings->len; i++) {
		const struct store_ruling *ruling = view->rulings->pdata[i];
		g_autofree char *text = ruled_text(ruling);
		g_autofree char *undo = ruled_undo(ruling);

		printf("%-11s%s: ", "ruled", ruling->buyer);
		print_text(text, FALSE);
		if (undo) {
			fputs("\n           to undo: ", stdout);
			print_text(undo, FALSE);
		}
		putchar('\n');
	}
}

void
vendor_print(const struct vendor_view *view)
{
	const struct vendor_facts *facts = view->facts;

	print_line("vendor", facts->card);
	print_line("name", vendor_book_written(view->book, facts->domains,
					       STORE_VENDOR_NAME));
	print_domains(facts);
	print_line("owner", vendor_book_written(view->book, facts->domains,
						STORE_VENDOR_OWNER));
	print_line("note", vendor_book_written(view->book, facts->domains,
					       STORE_VENDOR_NOTE));
	print_time("first", facts->first_us);
	print_time("last", facts->last_us);
	printf("%-11s%u, %u of them held\n", "touches", facts->touches,
	       facts->held);
	print_counts("to", facts->buyers);
	print_counts("from", facts->senders);
	print_counts("campaigns", facts->campaigns);
	print_counts("matched", facts->priorities);
	print_quotes(facts, STORE_QUOTE_CLAIM, "claims");
	print_quotes(facts, STORE_QUOTE_PRICE, "prices");
	print_quotes(facts, STORE_QUOTE_PROOF, "proof");
	print_fit(view);
	print_rulings(view);
}
