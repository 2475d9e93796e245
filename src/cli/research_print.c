/* The answer for a terminal. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "print_private.h"
#include "research_private.h"

#define DAY_LEN	  10
#define FACET_MAX 8

static void
print_day(gint64 time_us)
{
	g_autofree char *day = time_us > 0 ? clock_format(time_us) : NULL;

	printf("%.*s", DAY_LEN, day ? day : "-         ");
}

static void
print_quotes(const struct research_vendor *vendor, enum store_quote_kind kind,
	     const char *what)
{
	for (guint i = 0; i < vendor->quotes->len; i++) {
		const struct store_quote *quote = vendor->quotes->pdata[i];

		if (quote->kind != kind)
			continue;
		printf("  %-6s  ", what);
		print_text(quote->text, FALSE);
		fputs("  [", stdout);
		print_day(quote->time_us);
		printf(" %s]\n", quote->message);
	}
}

/* Where it is read: a place on the web, or the message's id. */
static void
print_source(const struct store_document *document)
{
	printf("%s ", store_document_kind_name(document->kind));
	print_day(document->time_us);
	printf(" %s", document->id);
	if (*document->link) {
		putchar(' ');
		print_text(document->link, FALSE);
	}
	putchar('\n');
}

static void
print_hit(const struct research_hit *hit)
{
	printf("  %.2f  ", hit->score);
	print_text(*hit->document->title ? hit->document->title : "(no title)",
		   FALSE);
	fputs("\n        ", stdout);
	print_text(hit->snippet, FALSE);
	fputs("\n        ", stdout);
	print_source(hit->document);
	for (guint i = 0; i < hit->copies->len; i++) {
		fputs("        the same: ", stdout);
		print_source(hit->copies->pdata[i]);
	}
}

static void
print_vendor(const struct research_vendor *vendor)
{
	print_text(*vendor->name ? vendor->name : "Of no vendor", FALSE);
	if (strcmp(vendor->name, vendor->card) != 0) {
		fputs(" (", stdout);
		print_text(vendor->card, FALSE);
		putchar(')');
	}
	printf(", %u found, last ", vendor->hits->len);
	print_day(vendor->last_us);
	putchar('\n');
	print_quotes(vendor, STORE_QUOTE_CLAIM, "claim");
	print_quotes(vendor, STORE_QUOTE_PRICE, "price");
	print_quotes(vendor, STORE_QUOTE_PROOF, "proof");
	for (guint i = 0; i < vendor->hits->len; i++)
		print_hit(vendor->hits->pdata[i]);
	putchar('\n');
}

static void
print_facets(const GPtrArray *facets, const char *what)
{
	if (facets->len == 0)
		return;
	printf("%-10s", what);
	for (guint i = 0; i < MIN(facets->len, FACET_MAX); i++) {
		const struct research_facet *facet = facets->pdata[i];

		fputs(i > 0 ? ", " : " ", stdout);
		print_text(facet->key, FALSE);
		printf(" (%u)", facet->n);
	}
	puts(facets->len > FACET_MAX ? ", ..." : "");
}

void
research_print(const struct research *research)
{
	if (research->hits->len == 0) {
		puts("nothing found");
		return;
	}
	printf("%u found, %u of them say%s the same as another%s\n\n",
	       research->found, research->collapsed,
	       research->collapsed == 1 ? "s" : "",
	       research->cut ? "; there is more than is shown" : "");
	for (guint i = 0; i < research->vendors->len; i++)
		print_vendor(research->vendors->pdata[i]);
	print_facets(research->kinds, "kind");
	print_facets(research->priorities, "priority");
	print_facets(research->facet_vendors, "vendor");
	print_facets(research->months, "month");
}
