/* What a robots.txt lets us read (RFC 9309 section 2.2). */
#include <string.h>

#include "market/robots.h"

static const struct rule {
	const char *name;
	const char *text;
	const char *path;
	gboolean allowed;
} rules[] = {
	{ "nothing is said", "", "/", TRUE },
	{ "no robots.txt at all", "<html>Disallow: / </html>", "/", TRUE },
	{ "all are kept out", "User-agent: *\nDisallow: /\n", "/", FALSE },
	{ "an empty rule keeps nobody out", "User-agent: *\nDisallow:\n", "/",
	  TRUE },
	{ "a rule before any agent is nobody's", "Disallow: /\n", "/", TRUE },
	{ "others are kept out", "User-agent: other\nDisallow: /\n", "/",
	  TRUE },
	{ "we are", "User-agent: pitchward\nDisallow: /\n", "/", FALSE },
	{ "by another spelling", "user-AGENT : PitchWard/2.0 \r\nDISALLOW:/",
	  "/", FALSE },
	{ "a longer name is another's",
	  "User-agent: pitchwarden\nDisallow: /\n", "/", TRUE },
	{ "ours count, and not those for all",
	  "User-agent: *\nDisallow: /\n\nUser-agent: pitchward\nAllow: /\n",
	  "/", TRUE },
	{ "ours count wherever they stand",
	  "User-agent: pitchward\nDisallow: /\n\nUser-agent: *\nAllow: /\n",
	  "/", FALSE },
	{ "several agents begin one group",
	  "User-agent: a\nUser-agent: pitchward\nUser-agent: b\nDisallow: /\n",
	  "/", FALSE },
	{ "a group ends with the next",
	  "User-agent: pitchward\nDisallow: /x\nUser-agent: b\nDisallow: /\n",
	  "/", TRUE },
	{ "two groups of ours are one",
	  "User-agent: pitchward\nDisallow: /x\n\nUser-agent: "
	  "pitchward\nDisallow: /\n",
	  "/", FALSE },
	{ "other lines do not end a group",
	  "User-agent: *\nCrawl-delay: 9\nSitemap: /s\nDisallow: /\n", "/",
	  FALSE },
	{ "a comment", "User-agent: * # all\n# Disallow: /\nDisallow: # none",
	  "/", TRUE },
	{ "the longest counts", "User-agent: *\nDisallow: /\nAllow: /en/\n",
	  "/en/", TRUE },
	{ "in whatever order", "User-agent: *\nAllow: /en/\nDisallow: /\n",
	  "/en/", TRUE },
	{ "elsewhere the other", "User-agent: *\nAllow: /en/\nDisallow: /\n",
	  "/", FALSE },
	{ "of two as long the one that allows",
	  "User-agent: *\nAllow: /a\nDisallow: /a\n", "/a", TRUE },
	{ "in whatever order, too", "User-agent: *\nDisallow: /a\nAllow: /a\n",
	  "/a", TRUE },
	{ "a path is what it begins with", "User-agent: *\nDisallow: /priv\n",
	  "/private/x", FALSE },
	{ "and not what it has within", "User-agent: *\nDisallow: /x\n", "/a/x",
	  TRUE },
	{ "a star", "User-agent: *\nDisallow: /*/x\n", "/a/b/x/y", FALSE },
	{ "a star that goes too far", "User-agent: *\nDisallow: /*ab*c\n",
	  "/aabab", TRUE },
	{ "stars", "User-agent: *\nDisallow: *a*a*a\n", "/banana", FALSE },
	{ "the end", "User-agent: *\nDisallow: /$\n", "/", FALSE },
	{ "not the end", "User-agent: *\nDisallow: /$\n", "/en", TRUE },
	{ "a star and the end", "User-agent: *\nDisallow: /*.php$\n",
	  "/a.php.php", FALSE },
	{ "with a query that is no end", "User-agent: *\nDisallow: /*.php$\n",
	  "/a.php?x", TRUE },
	{ "a byte order mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /\n", "/",
	  FALSE },
	{ "lines of a Mac", "User-agent: *\rDisallow: /\r", "/", FALSE },
};

static void
test_rules(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		const struct rule *rule = &rules[i];

		if (robots_allow(rule->text, strlen(rule->text), "pitchward",
				 rule->path) != rule->allowed)
			g_test_fail_printf("%s: %s", rule->name,
					   rule->allowed ? "not allowed"
							 : "allowed");
	}
}

/* Bytes without an end, and patterns made to take long. */
static void
test_hostile(void)
{
	static const char named[] = "User-agent: pitchward\0\nDisallow: /\n";
	g_autoptr(GString) text = g_string_new("User-agent: *\n");
	g_autoptr(GString) path = g_string_new("/");
	g_autofree char *exact = NULL;

	while (text->len < ROBOTS_SIZE_MAX)
		g_string_append(text, "Disallow: /*a*a*a*a*a*a*a*a*a*a*b\n");
	g_string_append(text, "Disallow: /\n");
	for (guint i = 0; i < 4000; i++)
		g_string_append_c(path, 'a');
	g_assert_true(robots_allow(text->str, text->len, "pitchward", "/"));
	g_assert_true(
		robots_allow(text->str, text->len, "pitchward", path->str));
	exact = g_memdup2("User-agent: *\nDisallow: /", 25);
	g_assert_false(robots_allow(exact, 25, "pitchward", "/"));
	exact[24] = '\0';
	g_assert_true(robots_allow(exact, 25, "pitchward", "/"));
	g_assert_false(robots_allow(named, sizeof named - 1, "pitchward", "/"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/robots/rules", test_rules);
	g_test_add_func("/robots/hostile", test_hostile);
	return g_test_run();
}
