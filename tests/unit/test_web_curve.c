/* What is drawn of a model's card, in its words. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "../../src/web/curve_private.h"

/* As a card of training has them: `sources` as there, metrics by name. */
static const struct {
	const char *name;
	const char *sources;
	const char *metrics;
	const char *says;
	guint dots;
} cards[] = {
	{ "one source is all of it", "authored 20",
	  "auc-pooled auc-authored auc-build auc-cfo auc-mean-of-groups",
	  "; of 2 groups and sources measured by themselves the least is 0.700 "
	  "(build).",
	  2 },
	{ "of several each is told", "authored 10, lists 10",
	  "auc-pooled auc-authored auc-lists auc-mean-of-groups",
	  "; of 2 groups and sources measured by themselves the least is 0.800 "
	  "(authored).",
	  2 },
	{ "a group whose name begins as the source's", "build 20",
	  "auc-pooled auc-builders",
	  "; of 1 groups and sources measured by themselves the least is 0.950 "
	  "(builders).",
	  1 },
	{ "no group is left", "authored 20",
	  "auc-pooled auc-authored auc-mean-of-groups",
	  "0.900 of all (0.900 to 0.900).", 0 },
};

static double
value_of(const char *name)
{
	if (strcmp(name, "auc-mean-of-groups") == 0)
		return 0.6;
	if (strcmp(name, "auc-build") == 0)
		return 0.7;
	if (strcmp(name, "auc-authored") == 0)
		return 0.8;
	return strcmp(name, "auc-pooled") == 0 ? 0.9 : 0.95;
}

static guint
count(const char *text, const char *what)
{
	guint n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void
test_groups(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cards); i++) {
		g_autoptr(Card) card = card_new();
		g_autoptr(GString) out = g_string_new(NULL);
		g_auto(GStrv) names = g_strsplit(cards[i].metrics, " ", -1);

		g_test_message("%s", cards[i].name);
		g_free(card->sources);
		card->sources = g_strdup(cards[i].sources);
		for (guint j = 0; names[j]; j++) {
			const struct estimate value = { value_of(names[j]), NAN,
							NAN };

			card_add_metric(card, names[j], value);
		}
		curve_put(out, card);
		g_test_message("%s", out->str);
		g_assert_nonnull(strstr(out->str, cards[i].says));
		g_assert_cmpuint(count(out->str, "<circle"), ==, cards[i].dots);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/web curve/groups", test_groups);
	return g_test_run();
}
