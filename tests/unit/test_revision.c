/* Changes to a profile's text: one thing is new, all else is as it was. */
#include <glib.h>
#include <string.h>

#include "profile/revision.h"

#define HEAD                                                                   \
	"version: 1\n"                                                         \
	"buyer: {name: Ann, addresses: [ann@buyer.example]}\n"

struct revision_case {
	const char *name;
	const char *old; /* after HEAD */
	const char *new; /* NULL: refused */
};

#define PLAIN                                                                  \
	"priorities:   # most wanted first\n"                                  \
	"  - id: edr   # agreed in May\n"                                      \
	"    name: Endpoints\n"

static const struct revision_case keywords[] = {
	{ "in brackets", PLAIN "    keywords: [EDR, XDR]  # both\n",
	  PLAIN "    keywords: [EDR, XDR, \"MDR\"]  # both\n" },
	{ "an apostrophe within", PLAIN "    keywords: [buyer's EDR]\n",
	  PLAIN "    keywords: [buyer's EDR, \"MDR\"]\n" },
	{ "quotes and brackets in quotes",
	  PLAIN "    keywords: [\"a]\\\"\", 'b]''c']\n",
	  PLAIN "    keywords: [\"a]\\\"\", 'b]''c', \"MDR\"]\n" },
	{ "over lines, with a comment",
	  PLAIN "    keywords: [EDR,  # first ]\n      XDR  # last ]\n    ]\n",
	  PLAIN "    keywords: [EDR,  # first ]\n      XDR, \"MDR\"  # last ]\n"
		"    ]\n" },
	{ "a comma at the end", PLAIN "    keywords: [EDR, ]\n",
	  PLAIN "    keywords: [EDR, \"MDR\" ]\n" },
	{ "an empty list", PLAIN "    keywords: []\n",
	  PLAIN "    keywords: [\"MDR\"]\n" },
	{ "on lines of their own",
	  PLAIN
	  "    keywords:\n      - EDR\n      # a remark\n      - XDR # b\n"
	  "not_interested: [x]\n",
	  PLAIN
	  "    keywords:\n      - EDR\n      # a remark\n      - XDR # b\n"
	  "      - \"MDR\"\nnot_interested: [x]\n" },
	{ "not indented",
	  "priorities:\n- id: edr\n  keywords:\n  - EDR\n  - X\n    DR\n\n"
	  "# now\nnot_interested: [x]\n",
	  "priorities:\n- id: edr\n  keywords:\n  - EDR\n  - X\n    DR\n"
	  "  - \"MDR\"\n\n# now\nnot_interested: [x]\n" },
	{ "of the first of two",
	  "priorities:\n  - id: edr\n    keywords:\n      - EDR\n"
	  "  - id: soc\n    keywords:\n      - SOC\n",
	  "priorities:\n  - id: edr\n    keywords:\n      - EDR\n"
	  "      - \"MDR\"\n  - id: soc\n    keywords:\n      - SOC\n" },
	{ "not indented, before a key with a mapping",
	  "priorities:\n- id: edr\n  keywords:\n  - EDR\n  metric:\n"
	  "    name: h\n    target: 1\n    current: 2\n",
	  "priorities:\n- id: edr\n  keywords:\n  - EDR\n  - \"MDR\"\n"
	  "  metric:\n    name: h\n    target: 1\n    current: 2\n" },
	{ "one without brackets", PLAIN "    keywords: EDR  # alone\n",
	  PLAIN "    keywords: [EDR, \"MDR\"]  # alone\n" },
	{ "none yet", PLAIN "    weight: 0.5\n",
	  "priorities:   # most wanted first\n"
	  "  - id: edr   # agreed in May\n"
	  "    keywords: [\"MDR\"]\n"
	  "    name: Endpoints\n"
	  "    weight: 0.5\n" },
	{ "none yet, and no line end",
	  "priorities:\n  - name: Endpoints\n    id: edr",
	  "priorities:\n  - name: Endpoints\n    id: edr\n"
	  "    keywords: [\"MDR\"]\n" },
	{ "none yet, in braces", "priorities: [{id: edr, name: Endpoints}]\n",
	  "priorities: [{keywords: [\"MDR\"], id: edr, name: Endpoints}]\n" },
	{ "line ends of another system",
	  "priorities:\r\n  - id: edr\r\n    keywords:\r\n      - EDR\r\n",
	  "priorities:\r\n  - id: edr\r\n    keywords:\r\n      - EDR\r\n"
	  "      - \"MDR\"\r\n" },
	{ "letters of more than a byte before it",
	  "priorities: [{name: \"\xc3\x9c\xc3\x96\xe2\x82\xac\", id: edr, "
	  "keywords: [EDR]}]\n",
	  "priorities: [{name: \"\xc3\x9c\xc3\x96\xe2\x82\xac\", id: edr, "
	  "keywords: [EDR, \"MDR\"]}]\n" },
	{ "a quoted one without brackets is left to a person",
	  PLAIN "    keywords: \"EDR\"\n", NULL },
	{ "no such priority", "priorities:\n  - {id: soc, name: x}\n", NULL },
	{ "not a profile", "priorities: []\n", NULL },
};

static const struct revision_case weights[] = {
	{ "there", PLAIN "    weight: 1.0  # the most\n",
	  PLAIN "    weight: 0.4  # the most\n" },
	{ "in braces", "priorities:\n  - {id: edr, weight: 1, name: x}\n",
	  "priorities:\n  - {id: edr, weight: 0.4, name: x}\n" },
	{ "of the right one",
	  "priorities:\n  - {id: soc, weight: 1, name: x}\n  - {id: edr, "
	  "weight: 1, name: x}\n",
	  "priorities:\n  - {id: soc, weight: 1, name: x}\n  - {id: edr, "
	  "weight: 0.4, name: x}\n" },
	{ "not there", PLAIN,
	  "priorities:   # most wanted first\n"
	  "  - id: edr   # agreed in May\n"
	  "    weight: 0.4\n"
	  "    name: Endpoints\n" },
};

#define NEW_PRIORITY                                                           \
	"  - id: data\n    name: \"Data lineage\"\n"                           \
	"    keywords: [\"lineage\", \"catalog\"]\n    weight: 0.5\n"

static const struct revision_case priorities[] = {
	{ "before the next key",
	  PLAIN "    about: >\n      Ageing.\n\n      # no remark\n\n"
		"# What we have\nnot_interested: [x]\n",
	  PLAIN
	  "    about: >\n      Ageing.\n\n      # no remark\n" NEW_PRIORITY
	  "\n# What we have\nnot_interested: [x]\n" },
	{ "at the end", PLAIN, PLAIN NEW_PRIORITY },
	{ "at the end without a line end",
	  "priorities:\n  - {id: edr, name: x}",
	  "priorities:\n  - {id: edr, name: x}\n" NEW_PRIORITY },
	{ "in brackets", "priorities: [{id: edr, name: x}]\n",
	  "priorities: [{id: edr, name: x}, {id: data, name: \"Data "
	  "lineage\", keywords: [\"lineage\", \"catalog\"], weight: 0.5}]\n" },
	{ "an id that is taken", "priorities:\n  - {id: data, name: x}\n",
	  NULL },
};

#define NEW_REFUSAL                                                            \
	"{name: \"Pen testing\", keywords: [\"pentest\", \"red team\"]}"

static const struct revision_case refusals[] = {
	{ "first of all", PLAIN,
	  PLAIN "not_interested:\n  - " NEW_REFUSAL "\n" },
	{ "in brackets", PLAIN "not_interested: [{name: SIEM}, x]\n",
	  PLAIN "not_interested: [{name: SIEM}, x, " NEW_REFUSAL "]\n" },
	{ "on lines of their own",
	  "not_interested:\n  - SIEM\n  - name: x\n    about: y\n" PLAIN,
	  "not_interested:\n  - SIEM\n  - name: x\n    about: y\n  "
	  "- " NEW_REFUSAL "\n" PLAIN },
	{ "a list of nothing", PLAIN "not_interested:\n", NULL },
};

static void
hold(const struct revision_case *one, char *new, GError *error)
{
	g_autofree char *wanted =
		one->new ? g_strconcat(HEAD, one->new, NULL) : NULL;

	g_assert_cmpstr(new, ==, wanted);
	if (one->new)
		g_assert_no_error(error);
	else
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_free(new);
	g_clear_error(&error);
}

static void
test_keyword(gconstpointer data)
{
	const struct revision_case *one = data;
	g_autofree char *old = g_strconcat(HEAD, one->old, NULL);
	GError *error = NULL;
	char *new = revision_keyword("ann", old, "edr", "MDR", &error);

	hold(one, new, error);
}

static void
test_weight(gconstpointer data)
{
	const struct revision_case *one = data;
	g_autofree char *old = g_strconcat(HEAD, one->old, NULL);
	GError *error = NULL;
	char *new = revision_weight("ann", old, "edr", 0.4, &error);

	hold(one, new, error);
}

static void
test_priority(gconstpointer data)
{
	static char word[2][8] = { "lineage", "catalog" };
	static char id[] = "data";
	static char name[] = "Data lineage";
	char *words[] = { word[0], word[1], NULL };
	const struct profile_priority priority = {
		.id = id, .name = name, .keywords = words, .weight = 0.5
	};
	const struct revision_case *one = data;
	g_autofree char *old = g_strconcat(HEAD, one->old, NULL);
	GError *error = NULL;
	char *new = revision_priority("ann", old, &priority, &error);

	hold(one, new, error);
}

static void
test_refusal(gconstpointer data)
{
	static char word[2][9] = { "pentest", "red team" };
	static char name[] = "Pen testing";
	char *words[] = { word[0], word[1], NULL };
	const struct profile_refusal refusal = { .name = name,
						 .keywords = words };
	const struct revision_case *one = data;
	g_autofree char *old = g_strconcat(HEAD, one->old, NULL);
	GError *error = NULL;
	char *new = revision_refusal("ann", old, &refusal, &error);

	hold(one, new, error);
}

static void
add(const char *what, const struct revision_case *table, gsize n,
    void (*test)(gconstpointer data))
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *path =
			g_strdup_printf("/revision/%s/%s", what, table[i].name);

		g_test_add_data_func(path, &table[i], test);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("keyword", keywords, G_N_ELEMENTS(keywords), test_keyword);
	add("weight", weights, G_N_ELEMENTS(weights), test_weight);
	add("priority", priorities, G_N_ELEMENTS(priorities), test_priority);
	add("not interested", refusals, G_N_ELEMENTS(refusals), test_refusal);
	return g_test_run();
}
