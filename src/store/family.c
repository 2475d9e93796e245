#include "family_private.h"

#include <string.h>

/* Shorter stems are too common to say who it is: at all, and by themselves. */
#define STEM_MIN   5
#define STEM_ALONE 6

/* RFC 1035 section 2.3.4. The bits of is_generic() need it, too. */
#define LABEL_MAX 63

enum { AT_START = 1, AT_END = 2, AT_END_APART = 4 };

#define AFFIX(word, ends)                                                      \
	{                                                                      \
		word, sizeof(word) - 1, ends                                   \
	}

/*
 * Set off by a hyphen, each of them is off at either end. Written together,
 * only where it stands in such names: "warehouse" does not end in "use". A
 * country is off behind a hyphen only: it makes no name of what it begins.
 */
static const struct affix {
	const char *word;
	gsize len;
	guint ends;
} affixes[] = {
	AFFIX("get", AT_START),
	AFFIX("try", AT_START),
	AFFIX("go", AT_START),
	AFFIX("use", AT_START),
	AFFIX("join", AT_START),
	AFFIX("meet", AT_START),
	AFFIX("hello", AT_START),
	AFFIX("hi", AT_START),
	AFFIX("my", AT_START),
	AFFIX("the", AT_START),
	AFFIX("with", AT_START),
	AFFIX("team", AT_START | AT_END),
	AFFIX("app", AT_START | AT_END),
	AFFIX("mail", AT_START | AT_END),
	AFFIX("hq", AT_END),
	AFFIX("labs", AT_END),
	AFFIX("lab", AT_END),
	AFFIX("global", AT_END),
	AFFIX("group", AT_END),
	AFFIX("inc", AT_END),
	AFFIX("io", AT_END),
	AFFIX("online", AT_END),
	AFFIX("digital", AT_END),
	AFFIX("info", AT_END),
	/* Where it sells: "acme-italia" is "acme" there. */
	AFFIX("uk", AT_END_APART),
	AFFIX("us", AT_END_APART),
	AFFIX("usa", AT_END_APART),
	AFFIX("eu", AT_END_APART),
	AFFIX("europe", AT_END_APART),
	AFFIX("emea", AT_END_APART),
	AFFIX("apac", AT_END_APART),
	AFFIX("asia", AT_END_APART),
	AFFIX("americas", AT_END_APART),
	AFFIX("latam", AT_END_APART),
	AFFIX("international", AT_END_APART),
	AFFIX("intl", AT_END_APART),
	AFFIX("dach", AT_END_APART),
	AFFIX("benelux", AT_END_APART),
	AFFIX("nordic", AT_END_APART),
	AFFIX("nordics", AT_END_APART),
	AFFIX("iberia", AT_END_APART),
	AFFIX("australia", AT_END_APART),
	AFFIX("austria", AT_END_APART),
	AFFIX("belgium", AT_END_APART),
	AFFIX("brasil", AT_END_APART),
	AFFIX("brazil", AT_END_APART),
	AFFIX("canada", AT_END_APART),
	AFFIX("china", AT_END_APART),
	AFFIX("deutschland", AT_END_APART),
	AFFIX("espana", AT_END_APART),
	AFFIX("france", AT_END_APART),
	AFFIX("germany", AT_END_APART),
	AFFIX("india", AT_END_APART),
	AFFIX("ireland", AT_END_APART),
	AFFIX("italia", AT_END_APART),
	AFFIX("italy", AT_END_APART),
	AFFIX("japan", AT_END_APART),
	AFFIX("mexico", AT_END_APART),
	AFFIX("nederland", AT_END_APART),
	AFFIX("netherlands", AT_END_APART),
	AFFIX("polska", AT_END_APART),
	AFFIX("poland", AT_END_APART),
	AFFIX("portugal", AT_END_APART),
	AFFIX("schweiz", AT_END_APART),
	AFFIX("spain", AT_END_APART),
	AFFIX("suisse", AT_END_APART),
};

/* Of these alone no name is made that is one vendor's only. */
static const char *const generic[] = {
	"academy",	"account",	"accounting",	 "accounts",
	"advisors",	"advisory",	"agency",	 "alliance",
	"alpha",	"america",	"american",	 "analytics",
	"asia",		"associates",	"atlas",	 "automation",
	"award",	"awards",	"benefits",	 "billing",
	"building",	"business",	"capital",	 "care",
	"careers",	"center",	"centre",	 "central",
	"city",		"cleaning",	"clinic",	 "cloud",
	"club",		"coaching",	"commerce",	 "company",
	"compliance",	"conference",	"congress",	 "connect",
	"construction", "consultants",	"consulting",	 "contact",
	"content",	"corp",		"corporate",	 "creative",
	"credit",	"cyber",	"data",		 "delta",
	"design",	"development",	"digital",	 "direct",
	"editorial",	"education",	"elevate",	 "elite",
	"email",	"energy",	"engage",	 "engineering",
	"enterprise",	"enterprises",	"equipment",	 "europe",
	"event",	"events",	"exchange",	 "experts",
	"export",	"express",	"finance",	 "financial",
	"first",	"fitness",	"food",		 "foods",
	"freight",	"fund",		"funding",	 "global",
	"green",	"group",	"growth",	 "health",
	"healthcare",	"hiring",	"holding",	 "holdings",
	"home",		"horizon",	"hosting",	 "impact",
	"import",	"india",	"industrial",	 "industries",
	"info",		"innovation",	"innovations",	 "insight",
	"insights",	"institute",	"insurance",	 "international",
	"invest",	"investment",	"investments",	 "invoice",
	"jobs",		"journal",	"labs",		 "lead",
	"leads",	"learning",	"legal",	 "lending",
	"life",		"link",		"logistics",	 "magazine",
	"mail",		"management",	"manufacturing", "market",
	"marketing",	"markets",	"media",	 "medical",
	"mobile",	"momentum",	"money",	 "national",
	"network",	"networks",	"news",		 "newsletter",
	"nexus",	"north",	"office",	 "online",
	"outreach",	"packaging",	"partner",	 "partners",
	"payments",	"payroll",	"people",	 "performance",
	"pioneer",	"platform",	"power",	 "premier",
	"press",	"prime",	"print",	 "printing",
	"products",	"professional", "property",	 "quality",
	"quantum",	"realty",	"recruiting",	 "recruitment",
	"reports",	"research",	"resources",	 "review",
	"reviews",	"risk",		"safety",	 "sales",
	"school",	"secure",	"security",	 "seminars",
	"service",	"services",	"shipping",	 "shop",
	"smart",	"social",	"software",	 "solar",
	"solution",	"solutions",	"source",	 "sourcing",
	"south",	"staffing",	"store",	 "strategies",
	"strategy",	"studio",	"studios",	 "success",
	"summit",	"supplies",	"supply",	 "support",
	"survey",	"surveys",	"system",	 "systems",
	"talent",	"team",		"tech",		 "technologies",
	"technology",	"tools",	"total",	 "trade",
	"trading",	"training",	"transport",	 "travel",
	"united",	"universal",	"university",	 "update",
	"updates",	"ventures",	"vertex",	 "video",
	"vision",	"webinar",	"webinars",	 "website",
	"wellness",	"west",		"wholesale",	 "work",
	"works",	"world",	"worldwide",
};

static gboolean
allows_apart(const struct affix *affix, guint end)
{
	return affix->ends != AT_END_APART || end == AT_END;
}

/* How long the word is that is at that end of the label and no part of the
 * name; 0: none. */
static gsize
affix_at(const char *label, gsize len, guint end)
{
	for (guint i = 0; i < G_N_ELEMENTS(affixes); i++) {
		const gsize n = affixes[i].len;
		const char *at = end == AT_START ? label : label + len - n;

		if (n >= len || *at != *affixes[i].word ||
		    memcmp(at, affixes[i].word, n) != 0)
			continue;
		if ((affixes[i].ends & end) != 0 ||
		    (allows_apart(&affixes[i], end) &&
		     (end == AT_START ? label[n] : at[-1]) == '-'))
			return n;
	}
	return 0;
}

/* Writes the label without its hyphens; gives the length. */
static gsize
bare(const char *label, gsize len, char stem[LABEL_MAX + 1])
{
	gsize n = 0;

	for (gsize i = 0; i < len; i++)
		if (label[i] != '-')
			stem[n++] = label[i];
	stem[n] = '\0';
	return n;
}

static gsize
stem_of(const char *label, gsize len, char stem[LABEL_MAX + 1])
{
	gsize off = affix_at(label, len, AT_START);

	if (bare(label + off, len - off, stem) >= STEM_MIN) {
		label += off;
		len -= off;
	}
	off = affix_at(label, len, AT_END);
	if (bare(label, len - off, stem) >= STEM_MIN)
		len -= off;
	return bare(label, len, stem);
}

/* The bits of `ends` that such words add which begin at `at`. */
static guint64
words_from(const char *stem, gsize at)
{
	guint64 ends = 0;

	for (guint i = 0; i < G_N_ELEMENTS(generic); i++) {
		gsize n;

		if (generic[i][0] != stem[at])
			continue;
		n = strlen(generic[i]);
		if (strncmp(stem + at, generic[i], n) == 0)
			ends |= G_GUINT64_CONSTANT(1) << (at + n);
	}
	return ends;
}

static gboolean
is_generic(const char *stem, gsize len)
{
	guint64 ends = 1; /* bit i: the first i characters are such words */

	for (gsize at = 0; at < len; at++)
		if ((ends >> at & 1) != 0)
			ends |= words_from(stem, at);
	return (ends >> len & 1) != 0;
}

static gboolean
is_plain(const char *label, gsize len)
{
	return len <= LABEL_MAX && !g_str_has_prefix(label, "xn--") &&
	       strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

char *
family_key(const char *domain)
{
	g_autofree char *whole = g_ascii_strdown(domain, -1);
	gsize len = strcspn(whole, "."), n;
	char stem[LABEL_MAX + 1];

	if (whole[len] == '\0' || !is_plain(whole, len))
		return g_steal_pointer(&whole);
	n = stem_of(whole, len, stem);
	if (n < STEM_MIN || is_generic(stem, n))
		return g_steal_pointer(&whole);
	return g_strconcat(stem, n < STEM_ALONE ? whole + len : ".*", NULL);
}
