#include "likeness_private.h"

#include <string.h>

#include "family_private.h"

/* FNV-1a (Fowler, Noll, Vo). */
guint64
likeness_hash(const char *text, gsize len)
{
	guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);

	for (gsize i = 0; i < len; i++)
		hash = (hash ^ (guint8)text[i]) *
		       G_GUINT64_CONSTANT(0x100000001b3);
	return hash ? hash : 1;
}

guint64
likeness_reference(const char *message_id)
{
	const char *start = strchr(message_id, '<');
	gsize len;

	start = start ? start + 1 : message_id;
	start += strspn(start, " \t\r\n");
	len = strcspn(start, "> \t\r\n");
	return len > 0 ? likeness_hash(start, len) : 0;
}

char *
likeness_origin(const char *vendor, const char *sender)
{
	if (vendor && *vendor)
		return family_key(vendor);
	return g_ascii_strdown(sender ? sender : "", -1);
}

guint64
likeness_author(const char *sender)
{
	g_autofree char *author = g_ascii_strdown(sender ? sender : "", -1);

	return *author ? likeness_hash(author, strlen(author)) : 0;
}

static gboolean
is_same(const struct likeness_touch *touch, guint64 reference, gint64 time_us)
{
	return reference != 0 && touch->reference == reference &&
	       ABS(time_us - touch->time_us) < STORE_REPEAT_US;
}

/* The touch that an older one of the `n` is which is the same message, or 0. */
static guint
find_same(const struct likeness_touch *touches, const guint *numbers, guint n,
	  const struct likeness_touch *of)
{
	for (guint i = 0; i < n; i++) {
		if (is_same(&touches[i], of->reference, of->time_us))
			return numbers[i];
	}
	return 0;
}

guint
likeness_count(const struct likeness_touch *touches, guint n, guint64 own,
	       gint64 now_us)
{
	const struct likeness_touch new = { now_us, own };
	guint numbers[STORE_TOUCH_MAX];
	guint count = 0, same;

	g_assert(n <= STORE_TOUCH_MAX);
	/* From the oldest, which is the last. */
	for (guint i = n; i-- > 0;) {
		same = find_same(touches + i + 1, numbers + i + 1, n - i - 1,
				 &touches[i]);
		numbers[i] = same ? same : ++count;
	}
	same = find_same(touches, numbers, n, &new);
	return same ? same : MIN(count + 1, STORE_TOUCH_MAX);
}
