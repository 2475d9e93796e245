#include "haystack_private.h"

#include <pthread.h>
#include <string.h>

#include "base/id.h"

#define SLOTS_MIN 1024
#define EMPTY	  G_MAXUINT32

/* Beside its text: a straw, and the two to four slots that it takes. */
#define STRAW_SIZE (sizeof(struct straw) + 4 * sizeof(guint32))

/* Rows that are not held any more, before a haystack is made anew. */
#define STALE_MIN 4096

struct straw {
	gint64 seq;
	guint32 begin; /* of its fields in the text */
	char id[ID_LEN + 1];
	gboolean hit : 8; /* of the search that runs */
};

struct haystack {
	char *buyer;
	GString *text;	/* the fields of all, each with its NUL */
	GArray *straws; /* of struct straw, by `begin` */
	guint32 *slots; /* places in `straws` by seq, open addressing */
	guint n_slots;	/* a power of two, twice as many as straws */
	char *needle;
	guint looked; /* straws that this search asked for */
	gsize room;   /* for more straws */
};

struct haystacks {
	pthread_mutex_t lock;
	GPtrArray *stacks; /* the one used last is the last */
	gsize max;
};

static void
haystack_free(gpointer data)
{
	struct haystack *haystack = data;

	g_free(haystack->buyer);
	g_string_free(haystack->text, TRUE);
	g_array_free(haystack->straws, TRUE);
	g_free(haystack->slots);
	g_free(haystack->needle);
	g_free(haystack);
}

static void
slots_clear(struct haystack *haystack, guint n)
{
	g_free(haystack->slots);
	haystack->n_slots = n;
	haystack->slots = g_new(guint32, n);
	memset(haystack->slots, 0xff, n * sizeof(*haystack->slots));
}

static struct haystack *
haystack_new(const char *buyer)
{
	struct haystack *haystack = g_new0(struct haystack, 1);

	haystack->buyer = g_strdup(buyer);
	haystack->text = g_string_new(NULL);
	haystack->straws = g_array_new(FALSE, FALSE, sizeof(struct straw));
	slots_clear(haystack, SLOTS_MIN);
	return haystack;
}

static struct straw *
straw_at(const struct haystack *haystack, guint place)
{
	return &g_array_index(haystack->straws, struct straw, place);
}

/* The slot of a seq, or the empty one where it would be. */
static guint32 *
slot_of(const struct haystack *haystack, gint64 seq)
{
	const guint64 hash =
		(guint64)seq * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	guint at = (guint)(hash >> 32) & (haystack->n_slots - 1);

	while (haystack->slots[at] != EMPTY &&
	       straw_at(haystack, haystack->slots[at])->seq != seq)
		at = (at + 1) & (haystack->n_slots - 1);
	return &haystack->slots[at];
}

static void
slots_grow(struct haystack *haystack)
{
	slots_clear(haystack, 2 * haystack->n_slots);
	for (guint i = 0; i < haystack->straws->len; i++)
		*slot_of(haystack, straw_at(haystack, i)->seq) = i;
}

/* The end of a straw's fields. */
static gsize
end_of(const struct haystack *haystack, guint place)
{
	return place + 1 < haystack->straws->len
		       ? straw_at(haystack, place + 1)->begin
		       : haystack->text->len;
}

gboolean
haystack_is_empty(const struct haystack *haystack)
{
	return haystack->straws->len == 0;
}

void
haystack_seek(struct haystack *haystack, const char *text)
{
	const GString *all = haystack->text;
	const gsize len = strlen(text);
	const char *found = all->str;
	guint place = 0;

	g_free(haystack->needle);
	haystack->needle = g_strdup(text);
	haystack->looked = 0;
	for (guint i = 0; i < haystack->straws->len; i++)
		straw_at(haystack, i)->hit = FALSE;
	while (place < haystack->straws->len &&
	       (found = memmem(found, (gsize)(all->str + all->len - found),
			       text, len))) {
		const gsize at = (gsize)(found - all->str);

		while (end_of(haystack, place) <= at)
			place++;
		straw_at(haystack, place)->hit = TRUE;
		found = all->str + end_of(haystack, place++);
	}
}

enum haystack_answer
haystack_look(struct haystack *haystack, gint64 seq, const char *id)
{
	const guint32 place = *slot_of(haystack, seq);
	const struct straw *straw;

	if (place == EMPTY)
		return HAYSTACK_UNKNOWN;
	straw = straw_at(haystack, place);
	if (strcmp(straw->id, id) != 0)
		return HAYSTACK_UNKNOWN;
	haystack->looked++;
	return straw->hit ? HAYSTACK_YES : HAYSTACK_NO;
}

static void
remember(struct haystack *haystack, struct straw *straw, const GString *fields)
{
	straw->begin = (guint32)haystack->text->len;
	g_string_append_len(haystack->text, fields->str, (gssize)fields->len);
	*slot_of(haystack, straw->seq) = haystack->straws->len;
	g_array_append_val(haystack->straws, *straw);
	haystack->looked++;
	haystack->room -= fields->len + STRAW_SIZE;
	if (2 * haystack->straws->len >= haystack->n_slots)
		slots_grow(haystack);
}

gboolean
haystack_learn(struct haystack *haystack, gint64 seq, const char *id,
	       const GString *fields)
{
	struct straw straw = { .seq = seq };

	straw.hit = memmem(fields->str, fields->len, haystack->needle,
			   strlen(haystack->needle)) != NULL;
	g_strlcpy(straw.id, id, sizeof(straw.id));
	if (fields->len > 0 && fields->len + STRAW_SIZE <= haystack->room)
		remember(haystack, &straw, fields);
	return straw.hit;
}

struct haystacks *
haystacks_new(gsize max)
{
	struct haystacks *haystacks = g_new0(struct haystacks, 1);

	pthread_mutex_init(&haystacks->lock, NULL);
	haystacks->stacks = g_ptr_array_new_with_free_func(haystack_free);
	haystacks->max = MIN(max, (gsize)G_MAXUINT32);
	return haystacks;
}

void
haystacks_free(struct haystacks *haystacks)
{
	if (!haystacks)
		return;
	g_ptr_array_unref(haystacks->stacks);
	pthread_mutex_destroy(&haystacks->lock);
	g_free(haystacks);
}

/* Out of the list: nobody else's, or a new one. */
static struct haystack *
take_out(GPtrArray *stacks, const char *buyer)
{
	for (guint i = 0; i < stacks->len; i++) {
		const struct haystack *haystack = stacks->pdata[i];

		if (strcmp(haystack->buyer, buyer) == 0)
			return g_ptr_array_steal_index(stacks, i);
	}
	return haystack_new(buyer);
}

static gsize
size_of(const struct haystack *haystack)
{
	return haystack->text->len + haystack->straws->len * STRAW_SIZE;
}

static gsize
size_of_all(const struct haystacks *haystacks)
{
	gsize size = 0;

	for (guint i = 0; i < haystacks->stacks->len; i++)
		size += size_of(haystacks->stacks->pdata[i]);
	return size;
}

/* The one searched last has all the room, the others what is left of it. */
struct haystack *
haystacks_take(struct haystacks *haystacks, const char *buyer)
{
	struct haystack *haystack;

	pthread_mutex_lock(&haystacks->lock);
	haystack = take_out(haystacks->stacks, buyer);
	haystack->room = haystacks->max - size_of(haystack);
	return haystack;
}

void
haystacks_give(struct haystacks *haystacks, struct haystack *haystack,
	       gboolean whole)
{
	const guint n = haystack->straws->len;

	if (whole && n > STALE_MIN && n / 2 > haystack->looked)
		haystack_free(haystack);
	else
		g_ptr_array_add(haystacks->stacks, haystack);
	while (size_of_all(haystacks) > haystacks->max)
		g_ptr_array_remove_index(haystacks->stacks, 0);
	pthread_mutex_unlock(&haystacks->lock);
}
