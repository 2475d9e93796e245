#include "sheet_private.h"

#include <string.h>

#define RULES_MAX	512
#define SELECTORS_MAX	4000 /* read, also where they make no rule */
#define COMBINATORS_MAX 16   /* of one selector */
#define STEPS_MAX	64   /* bits of a path */
#define SCREEN_PX	1000
#define COLOUR_BITS	(CSS_COLOUR | CSS_BACKGROUND)

/* What an element stands in: -1 for anything. */
struct place {
	gint step;
	gboolean child; /* in that one itself */
};

/* A beginning of selectors: an element that others stand in. */
struct step {
	struct selector selector;
	struct place place;
};

struct rule {
	struct selector selector;
	struct place place;
	guint weight; /* of all its selectors */
	struct css css;
};

struct sheet {
	GArray *rules; /* of struct rule, what outweighs others behind them */
	GArray *steps; /* of struct step */
	guint unknown; /* enum css_bit that rules not followed set */
	guint n_selectors;
};

struct slice {
	const char *at;
	const char *end;
};

static void
rule_clear(gpointer data)
{
	selector_clear(&((struct rule *)data)->selector);
}

static void
step_clear(gpointer data)
{
	selector_clear(&((struct step *)data)->selector);
}

struct sheet *
sheet_new(void)
{
	struct sheet *sheet = g_new0(struct sheet, 1);

	sheet->rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
	sheet->steps = g_array_new(FALSE, FALSE, sizeof(struct step));
	g_array_set_clear_func(sheet->rules, rule_clear);
	g_array_set_clear_func(sheet->steps, step_clear);
	return sheet;
}

void
sheet_free(struct sheet *sheet)
{
	if (sheet == NULL)
		return;
	g_array_unref(sheet->rules);
	g_array_unref(sheet->steps);
	g_free(sheet);
}

static const char *
spaces_skip(const char *p, const char *end)
{
	while (p < end && g_ascii_isspace(*p))
		p++;
	return p;
}

/* The step of that selector in that place, which is taken; -1: no room. */
static gint
step_find(struct sheet *sheet, struct selector *selector, struct place place)
{
	struct step step = { *selector, place };

	for (guint i = 0; i < sheet->steps->len; i++) {
		const struct step *old =
			&g_array_index(sheet->steps, struct step, i);

		if (old->place.step == place.step &&
		    old->place.child == place.child &&
		    selector_equal(&old->selector, selector)) {
			selector_clear(selector);
			return (gint)i;
		}
	}
	if (sheet->steps->len == STEPS_MAX) {
		selector_clear(selector);
		return -1;
	}
	g_array_append_val(sheet->steps, step);
	return (gint)sheet->steps->len - 1;
}

/*
 * At what stands between `selector`, which is taken, and the next: FALSE when
 * it cannot be followed. A neighbour is not looked for, which leaves a doubt.
 */
static gboolean
combinator_read(struct sheet *sheet, struct slice *left,
		struct selector *selector, struct place *place,
		enum selector_doubt *doubt)
{
	const char *p = spaces_skip(left->at, left->end);
	const char sign = *p;

	left->at = p;
	if (sign == '>' || sign == '+' || sign == '~')
		left->at = spaces_skip(p + 1, left->end);
	*doubt = MAX(*doubt, selector->doubt);
	if (sign == '+' || sign == '~') {
		*doubt = MAX(*doubt, SELECTOR_MAYBE);
		selector_clear(selector);
		return TRUE;
	}
	place->step = step_find(sheet, selector, *place);
	place->child = sign == '>';
	return place->step >= 0;
}

/* "div.name > p": where the last stands, and what it must be; FALSE for what
 * cannot be followed. */
static gboolean
rule_parse(struct sheet *sheet, struct slice left, struct rule *rule)
{
	enum selector_doubt doubt = SELECTOR_SURE;

	rule->place = (struct place){ -1, FALSE };
	for (guint combinators = 0;; combinators++) {
		left.at = selector_parse(left.at, left.end, &rule->selector);
		if (left.at == NULL)
			return FALSE;
		rule->weight += rule->selector.weight;
		if (left.at == left.end)
			break;
		if (combinators == COMBINATORS_MAX) {
			selector_clear(&rule->selector);
			return FALSE;
		}
		if (!combinator_read(sheet, &left, &rule->selector,
				     &rule->place, &doubt))
			return FALSE;
	}
	rule->selector.doubt = MAX(doubt, rule->selector.doubt);
	return TRUE;
}

/* A rule in doubt hides nothing and gives colours nobody knows. */
static void
css_doubt(struct css *css)
{
	css->said &= COLOUR_BITS;
	css->bits &= COLOUR_BITS;
	css->important &= COLOUR_BITS;
	css->colour = css->background = COLOUR_UNKNOWN;
	css->width = css->height = -1;
}

/* Behind those that weigh no more. */
static void
rule_insert(struct sheet *sheet, const struct rule *rule)
{
	guint i = sheet->rules->len;

	while (i > 0 && g_array_index(sheet->rules, struct rule, i - 1).weight >
				rule->weight)
		i--;
	g_array_insert_vals(sheet->rules, i, rule, 1);
}

static void
selector_add(struct sheet *sheet, struct slice selector, const struct css *css)
{
	struct rule rule = { .css = *css };

	/* What follows is not read: it could colour anything. */
	if (++sheet->n_selectors > SELECTORS_MAX) {
		sheet->unknown |= COLOUR_BITS;
		return;
	}
	selector.at = spaces_skip(selector.at, selector.end);
	while (selector.at < selector.end && g_ascii_isspace(selector.end[-1]))
		selector.end--;
	if (sheet->rules->len == RULES_MAX ||
	    !rule_parse(sheet, selector, &rule)) {
		sheet->unknown |= css->said & COLOUR_BITS;
		return;
	}
	if (rule.selector.doubt == SELECTOR_MAYBE)
		css_doubt(&rule.css);
	if (rule.selector.doubt == SELECTOR_NEVER || rule.css.said == 0)
		selector_clear(&rule.selector);
	else
		rule_insert(sheet, &rule);
}

static gboolean
sheet_is_full(const struct sheet *sheet)
{
	return sheet->n_selectors > SELECTORS_MAX;
}

static void
rule_read(struct sheet *sheet, struct slice selectors,
	  struct slice declarations)
{
	struct css css = CSS_INIT;

	css_declare(&css, declarations.at,
		    (gsize)(declarations.end - declarations.at));
	if (css.said == 0)
		return;
	while (selectors.at < selectors.end && !sheet_is_full(sheet)) {
		const char *comma =
			memchr(selectors.at, ',',
			       (gsize)(selectors.end - selectors.at));
		const char *end = comma == NULL ? selectors.end : comma;
		selector_add(sheet, (struct slice){ selectors.at, end }, &css);
		selectors.at = end + 1;
	}
}

/* Behind the brace that closes the one before `p`. */
static const char *
block_skip(const char *p)
{
	guint depth = 1;

	for (; *p != '\0' && depth > 0; p++) {
		if (*p == '{')
			depth++;
		else if (*p == '}')
			depth--;
	}
	return p;
}

/* Over spacing, stray braces, and what hides the block from old browsers. */
static const char *
rule_find(const char *p)
{
	while (*p != '\0') {
		if (g_ascii_isspace(*p) || *p == '}')
			p++;
		else if (strncmp(p, "<!--", 4) == 0)
			p += 4;
		else if (strncmp(p, "-->", 3) == 0)
			p += 3;
		else
			break;
	}
	return p;
}

/* "(min-width: 480px)" */
static gboolean
feature_holds(const char *feature)
{
	const char *colon = strchr(feature, ':');
	const gint pixels = colon == NULL ? -1 : css_pixels(colon + 1);

	if (pixels < 0 || strstr(feature, "-width") == NULL)
		return FALSE;
	if (g_str_has_prefix(feature, "(min-"))
		return pixels <= SCREEN_PX;
	return g_str_has_prefix(feature, "(max-") && pixels >= SCREEN_PX;
}

/* One query of a list, in lower case. */
static gboolean
query_holds(char *query)
{
	g_auto(GStrv) parts = g_strsplit(query, " and ", -1);

	for (guint i = 0; parts[i] != NULL; i++) {
		const char *part = g_strstrip(parts[i]);

		if (i == 0 && g_str_has_prefix(part, "only "))
			part += strlen("only ");
		if (*part == '(' ? !feature_holds(part)
				 : strcmp(part, "all") != 0 &&
					   strcmp(part, "screen") != 0)
			return FALSE;
	}
	return TRUE;
}

gboolean
sheet_media_holds(const char *query, gsize len)
{
	g_autofree char *lower = g_ascii_strdown(query, (gssize)len);
	g_auto(GStrv) queries = g_strsplit(g_strstrip(lower), ",", -1);

	if (queries[0] == NULL)
		return TRUE;
	for (guint i = 0; queries[i] != NULL; i++)
		if (query_holds(g_strstrip(queries[i])))
			return TRUE;
	return FALSE;
}

/* Behind "@import ...;" or "@media print { ... }", into "@media screen {". */
static const char *
at_rule_skip(const char *p)
{
	const char *stop = p + strcspn(p, "{;");

	if (*stop != '{')
		return *stop == ';' ? stop + 1 : stop;
	if (g_ascii_strncasecmp(p, "@media", 6) == 0 &&
	    sheet_media_holds(p + 6, (gsize)(stop - p - 6)))
		return stop + 1;
	return block_skip(stop + 1);
}

static void
rules_read(struct sheet *sheet, const char *text)
{
	const char *p = rule_find(text);

	while (*p != '\0' && !sheet_is_full(sheet)) {
		if (*p == '@') {
			p = rule_find(at_rule_skip(p));
			continue;
		}
		const char *open = p + strcspn(p, "{");
		if (*open == '\0')
			return;
		const char *close = open + 1 + strcspn(open + 1, "}");
		rule_read(sheet, (struct slice){ p, open },
			  (struct slice){ open + 1, close });
		p = rule_find(close);
	}
}

void
sheet_read(struct sheet *sheet, const char *text, gsize len)
{
	GString *plain;

	if (sheet_is_full(sheet))
		return;
	plain = css_plain(text, len);
	if (plain == NULL)
		plain = g_string_new_len(text, (gssize)len);
	rules_read(sheet, plain->str);
	g_string_free(plain, TRUE);
}

static gboolean
place_fits(struct place place, const struct sheet_path *parent)
{
	const guint64 bits = place.child ? parent->here : parent->inside;

	return place.step < 0 || (bits >> place.step & 1) != 0;
}

static void
path_enter(const struct sheet *sheet, const struct element *element,
	   const struct sheet_path *parent, struct sheet_path *path)
{
	path->here = 0;
	for (guint i = 0; i < sheet->steps->len; i++) {
		const struct step *step =
			&g_array_index(sheet->steps, struct step, i);

		if ((step->selector.need & ~element->mask) == 0 &&
		    place_fits(step->place, parent) &&
		    selector_fits(&step->selector, element))
			path->here |= G_GUINT64_CONSTANT(1) << i;
	}
	path->inside = parent->inside | path->here;
}

void
sheet_apply(const struct sheet *sheet, const struct element *element,
	    const struct sheet_path *parent, struct sheet_path *path,
	    struct css *css)
{
	for (guint i = 0; i < sheet->rules->len; i++) {
		const struct rule *rule =
			&g_array_index(sheet->rules, struct rule, i);

		if ((rule->selector.need & ~element->mask) == 0 &&
		    place_fits(rule->place, parent) &&
		    selector_fits(&rule->selector, element))
			css_merge(css, &rule->css);
	}
	path_enter(sheet, element, parent, path);
}

gboolean
sheet_is_empty(const struct sheet *sheet)
{
	return sheet->rules->len == 0;
}

gboolean
sheet_colours_text(const struct sheet *sheet)
{
	return (sheet->unknown & CSS_COLOUR) != 0;
}

gboolean
sheet_colours_background(const struct sheet *sheet)
{
	return (sheet->unknown & CSS_BACKGROUND) != 0;
}
