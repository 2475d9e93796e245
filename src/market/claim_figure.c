#include "claim_figure_private.h"

#include <string.h>

#define DIGITS_MAX 18

/* How many bytes part digits from the next group, or 0. */
static gsize
separator_at(const char *text, gsize at, gsize run)
{
	gsize next = at;

	while (text[next] == ' ')
		next++;
	if (strchr(".,'", text[at]) && text[at] &&
	    g_ascii_isdigit(text[at + 1]))
		return 1;
	if (next == at || next - at > 3 || run == 0 || run > 3)
		return 0;
	for (gsize i = 0; i < 3; i++) {
		if (!g_ascii_isdigit(text[next + i]))
			return 0;
	}
	return g_ascii_isdigit(text[next + 3]) ? 0 : next - at;
}

struct shape {
	char digits[DIGITS_MAX + 1];
	gsize n;
	gsize run;    /* digits since the last mark */
	gsize marks;  /* how many of `mark` */
	char mark;    /* the last one */
	gsize behind; /* digits before the last mark */
	gboolean mixed;
	gboolean odd; /* a group that has not three digits, before the last */
};

static void
shape_mark(struct shape *shape, char mark)
{
	if (mark == ' ')
		mark = '\'';
	shape->odd |=
		shape->marks > 0 && mark == shape->mark && shape->run != 3;
	shape->mixed |= shape->marks > 0 && mark != shape->mark;
	shape->marks = mark == shape->mark ? shape->marks + 1 : 1;
	shape->mark = mark;
	shape->behind = shape->n;
	shape->run = 0;
}

/* "1,200" is grouped, "4.20" is not, "1.200" most likely is. */
static gboolean
is_grouped(const struct shape *shape)
{
	if (shape->mark == '\'')
		return TRUE;
	return shape->run == 3 && !shape->mixed &&
	       (shape->marks > 1 ||
		(shape->behind <= 3 && shape->digits[0] != '0'));
}

static gboolean
shape_value(const struct shape *shape, double *value)
{
	g_autofree char *text = NULL;

	if (shape->odd || (shape->marks > 1 && shape->run != 3))
		return FALSE;
	if (shape->marks == 0 || is_grouped(shape))
		text = g_strdup(shape->digits);
	else
		text = g_strdup_printf("%.*s.%s", (int)shape->behind,
				       shape->digits,
				       shape->digits + shape->behind);
	*value = g_ascii_strtod(text, NULL);
	return TRUE;
}

static char
shape_lone(const struct shape *shape)
{
	if (shape->marks != 1 || shape->mark == '\'' || !is_grouped(shape))
		return '\0';
	return shape->mark;
}

gboolean
figure_at(const char *text, gsize at, struct figure *figure)
{
	struct shape shape = { 0 };

	figure->start = at;
	for (;;) {
		gsize step;

		while (g_ascii_isdigit(text[at]) && shape.n < DIGITS_MAX) {
			shape.digits[shape.n++] = text[at++];
			shape.run++;
		}
		step = separator_at(text, at, shape.run);
		if (step == 0 || shape.n >= DIGITS_MAX)
			break;
		shape_mark(&shape, text[at]);
		at += step;
	}
	figure->stop = at;
	while (g_ascii_isdigit(text[figure->stop]))
		figure->stop++;
	figure->lone = shape_lone(&shape);
	return shape.n < DIGITS_MAX && shape_value(&shape, &figure->value);
}
