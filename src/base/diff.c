#include "base/diff.h"

#include <string.h>

#define CONTEXT 3

struct line {
	const char *start;
	gsize len; /* without its end */
	gboolean ended;
	guint same; /* equal lines have equal numbers */
};

/* One of the two texts; `out[i]`: line i is not in the other one. */
struct side {
	GArray *lines; /* of struct line */
	gboolean *out;
};

struct diff {
	struct side old;
	struct side new;
	guint head; /* lines that both begin with */
	guint n;    /* old lines between common head and tail */
	guint m;    /* new ones */
};

static const struct line *
line_at(const struct side *side, guint i)
{
	return &g_array_index(side->lines, struct line, i);
}

static guint
number_of(GHashTable *numbers, const char *start, gsize len)
{
	g_autofree char *key = g_strndup(start, len);
	gpointer found = g_hash_table_lookup(numbers, key);
	const guint next = g_hash_table_size(numbers) + 1;

	if (found)
		return GPOINTER_TO_UINT(found);
	g_hash_table_insert(numbers, g_steal_pointer(&key),
			    GUINT_TO_POINTER(next));
	return next;
}

/* A last line without an end differs from the same one with it. */
static void
side_read(struct side *side, const char *text, GHashTable *numbers)
{
	side->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	while (*text) {
		struct line line = { .start = text,
				     .len = strcspn(text, "\n") };

		line.ended = text[line.len] == '\n';
		text += line.len + (line.ended ? 1 : 0);
		line.same = number_of(numbers, line.start,
				      (gsize)(text - line.start));
		g_array_append_val(side->lines, line);
	}
	side->out = g_new0(gboolean, side->lines->len + 1);
}

static void
side_clear(struct side *side)
{
	g_array_unref(side->lines);
	g_free(side->out);
}

static gboolean
same(const struct diff *diff, guint i, guint j)
{
	return line_at(&diff->old, i)->same == line_at(&diff->new, j)->same;
}

static void
trim(struct diff *diff)
{
	guint n = diff->old.lines->len;
	guint m = diff->new.lines->len;
	guint head = 0;

	while (head < MIN(n, m) && same(diff, head, head))
		head++;
	while (n > head && m > head && same(diff, n - 1, m - 1)) {
		n--;
		m--;
	}
	diff->head = head;
	diff->n = n - head;
	diff->m = m - head;
}

/*
 * How far diagonal k (old minus new) gets with d edits, from the ends `before`
 * of d - 1: before[d - 1 + k] is a number of old lines.
 */
static gint
step(const struct diff *diff, const gint *before, gint d, gint k)
{
	gint x = 0;

	if (d > 0 && (k == -d || (k != d && before[d - 1 + k - 1] <
						    before[d - 1 + k + 1])))
		x = before[d - 1 + k + 1];
	else if (d > 0)
		x = before[d - 1 + k - 1] + 1;
	while (x < (gint)diff->n && x - k < (gint)diff->m && x - k >= 0 &&
	       same(diff, diff->head + (guint)x, diff->head + (guint)(x - k)))
		x++;
	return x;
}

/* The ends of all diagonals after each number of edits; NULL: too many. */
static GPtrArray *
search(const struct diff *diff)
{
	g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func(g_free);
	const gint goal = (gint)diff->n - (gint)diff->m;

	for (gint d = 0; d <= DIFF_EDITS_MAX; d++) {
		gint *ends = g_new0(gint, 2 * (gsize)d + 1);
		const gint *before = d > 0 ? trace->pdata[d - 1] : NULL;

		g_ptr_array_add(trace, ends);
		for (gint k = -d; k <= d; k += 2)
			ends[d + k] = step(diff, before, d, k);
		if (ABS(goal) <= d && (d + goal) % 2 == 0 &&
		    ends[d + goal] >= (gint)diff->n)
			return g_steal_pointer(&trace);
	}
	return NULL;
}

/* Walks back from the end along the edits that were made. */
static void
mark_edits(struct diff *diff, const GPtrArray *trace)
{
	gint k = (gint)diff->n - (gint)diff->m;

	for (gint d = (gint)trace->len - 1; d > 0; d--) {
		const gint *before = trace->pdata[d - 1];
		gint x;

		if (k == -d ||
		    (k != d && before[d - 1 + k - 1] < before[d - 1 + k + 1])) {
			k++;
			x = before[d - 1 + k];
			diff->new.out[diff->head + (guint)(x - k)] = TRUE;
		} else {
			k--;
			x = before[d - 1 + k];
			diff->old.out[diff->head + (guint)x] = TRUE;
		}
	}
}

static void
mark_all(struct diff *diff)
{
	for (guint i = 0; i < diff->n; i++)
		diff->old.out[diff->head + i] = TRUE;
	for (guint i = 0; i < diff->m; i++)
		diff->new.out[diff->head + i] = TRUE;
}

static void
put_line(GString *text, char sign, const struct line *line)
{
	g_string_append_c(text, sign);
	g_string_append_len(text, line->start, (gssize)line->len);
	g_string_append_c(text, '\n');
	if (!line->ended)
		g_string_append(text, "\\ No newline at end of file\n");
}

/* Where a hunk stands: from (i, j) up to, without, (i_end, j_end). */
struct hunk {
	guint i, j, i_end, j_end;
};

/* As `diff -u` says it: an empty range stands after the line before it. */
static void
put_range(GString *text, char sign, guint from, guint to)
{
	const guint n = to - from;

	g_string_append_printf(text, " %c%u", sign, n > 0 ? from + 1 : from);
	if (n != 1)
		g_string_append_printf(text, ",%u", n);
}

static void
put_hunk(GString *text, const struct diff *diff, const struct hunk *hunk)
{
	guint i = hunk->i;
	guint j = hunk->j;

	g_string_append(text, "@@");
	put_range(text, '-', hunk->i, hunk->i_end);
	put_range(text, '+', hunk->j, hunk->j_end);
	g_string_append(text, " @@\n");
	while (i < hunk->i_end || j < hunk->j_end) {
		if (i < hunk->i_end && diff->old.out[i])
			put_line(text, '-', line_at(&diff->old, i++));
		else if (j < hunk->j_end && diff->new.out[j])
			put_line(text, '+', line_at(&diff->new, j++));
		else {
			put_line(text, ' ', line_at(&diff->old, i++));
			j++;
		}
	}
}

static gboolean
edited(const struct diff *diff, guint i, guint j)
{
	return (i < diff->old.lines->len && diff->old.out[i]) ||
	       (j < diff->new.lines->len && diff->new.out[j]);
}

/* The end of the hunk: CONTEXT lines after its last edit. */
static void
extend(const struct diff *diff, struct hunk *hunk)
{
	guint i = hunk->i_end;
	guint j = hunk->j_end;
	guint common = 0;

	while (common <= 2 * CONTEXT) {
		if (i < diff->old.lines->len && diff->old.out[i]) {
			i++;
			common = 0;
		} else if (j < diff->new.lines->len && diff->new.out[j]) {
			j++;
			common = 0;
		} else if (i < diff->old.lines->len) {
			i++;
			j++;
			common++;
		} else
			break;
	}
	common -= MIN(common, CONTEXT);
	hunk->i_end = i - common;
	hunk->j_end = j - common;
}

static void
put_hunks(GString *text, const struct diff *diff)
{
	guint i = 0;
	guint j = 0;

	while (i < diff->old.lines->len || j < diff->new.lines->len) {
		struct hunk hunk = { .i_end = i, .j_end = j };
		guint context = MIN(i, CONTEXT);

		if (!edited(diff, i, j)) {
			i++;
			j++;
			continue;
		}
		hunk.i = i - context;
		hunk.j = j - context;
		extend(diff, &hunk);
		put_hunk(text, diff, &hunk);
		i = hunk.i_end;
		j = hunk.j_end;
	}
}

char *
diff_unified(const char *old_name, const char *new_name, const char *old,
	     const char *new)
{
	g_autoptr(GHashTable) numbers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) trace = NULL;
	GString *text = g_string_new(NULL);
	struct diff diff = { 0 };

	side_read(&diff.old, old, numbers);
	side_read(&diff.new, new, numbers);
	trim(&diff);
	trace = search(&diff);
	if (trace)
		mark_edits(&diff, trace);
	else
		mark_all(&diff);
	if (diff.n > 0 || diff.m > 0)
		g_string_append_printf(text, "--- %s\n+++ %s\n", old_name,
				       new_name);
	put_hunks(text, &diff);
	side_clear(&diff.old);
	side_clear(&diff.new);
	return g_string_free(text, FALSE);
}
