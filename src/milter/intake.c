#include "milter/intake.h"

#include <string.h>

/* A mail of usual size then grows without being copied. */
#define FIRST_SIZE 16384

void
intake_init(struct intake *intake, struct room *room)
{
	*intake = (struct intake){ .room = room };
	intake->own = g_ptr_array_new_with_free_func(g_free);
}

static void
give_up_bytes(struct intake *intake)
{
	if (intake->bytes)
		g_byte_array_unref(intake->bytes);
	intake->bytes = NULL;
	atomic_fetch_sub(&intake->room->used, intake->taken);
	intake->taken = 0;
}

void
intake_clear(struct intake *intake)
{
	intake_reset(intake);
	g_clear_pointer(&intake->own, g_ptr_array_unref);
}

void
intake_reset(struct intake *intake)
{
	give_up_bytes(intake);
	g_clear_pointer(&intake->subject, g_free);
	g_clear_pointer(&intake->message_id, g_free);
	g_ptr_array_set_size(intake->own, 0);
	intake->headers_only = FALSE;
	intake->flooded = FALSE;
	intake->lost = FALSE;
	intake->ended = FALSE;
	intake->body = 0;
}

static gboolean
room_take(struct room *room, gsize size)
{
	if (atomic_fetch_add(&room->used, size) + size <= room->max)
		return TRUE;
	atomic_fetch_sub(&room->used, size);
	return FALSE;
}

static gboolean
make_room(struct intake *intake, gsize size)
{
	if (intake->lost || intake->headers_only)
		return FALSE;
	if (intake->taken + size > INTAKE_MAX ||
	    !room_take(intake->room, size)) {
		intake->lost = TRUE;
		give_up_bytes(intake);
		return FALSE;
	}
	intake->taken += size;
	if (!intake->bytes)
		intake->bytes = g_byte_array_sized_new(FIRST_SIZE);
	return TRUE;
}

static void
put(struct intake *intake, const void *data, gsize size)
{
	g_byte_array_append(intake->bytes, data, (guint)size);
}

static inline char *
copy(char *to, const char *data, gsize size)
{
	memcpy(to, data, size);
	return to + size;
}

/* LF alone becomes CRLF; a CR that stands alone stays what it is. */
static char *
copy_value(char *to, const char *value, gsize len)
{
	const char *end = value + len;
	const char *line;

	while ((line = memchr(value, '\n', (gsize)(end - value)))) {
		gsize size = (gsize)(line - value);

		if (size > 0 && line[-1] == '\r')
			size--;
		to = copy(to, value, size);
		to = copy(to, "\r\n", 2);
		value = line + 1;
	}
	return copy(to, value, (gsize)(end - value));
}

static gsize
count_lf(const char *value, gsize len)
{
	const char *end = value + len;
	gsize n = 0;

	while ((value = memchr(value, '\n', (gsize)(end - value)))) {
		value++;
		n++;
	}
	return n;
}

static void
remember_field(struct intake *intake, const char *name, const char *value)
{
	if (g_ascii_strncasecmp(name, OWN_PREFIX, strlen(OWN_PREFIX)) == 0) {
		if (intake->own->len < OWN_FIELDS_MAX)
			g_ptr_array_add(intake->own, g_strdup(name));
		else
			intake->flooded = TRUE;
	} else if (!intake->subject && g_ascii_strcasecmp(name, "Subject") == 0)
		intake->subject = g_strdup(value);
	else if (!intake->message_id &&
		 g_ascii_strcasecmp(name, "Message-ID") == 0)
		intake->message_id = g_strstrip(g_strdup(value));
}

void
intake_field(struct intake *intake, const char *name, const char *value)
{
	gsize name_len = strlen(name);
	gsize len = strlen(value);
	gsize most = name_len + len + count_lf(value, len) + 4;
	gsize at;
	char *to;

	if (strchr("XxSsMm", *name))
		remember_field(intake, name, value);
	if (!make_room(intake, most))
		return;
	at = intake->bytes->len;
	g_byte_array_set_size(intake->bytes, (guint)(at + most));
	to = copy((char *)intake->bytes->data + at, name, name_len);
	/* Without leading spaces the MTA has eaten one that nearly all have. */
	to = intake->leadspc ? copy(to, ":", 1) : copy(to, ": ", 2);
	to = copy_value(to, value, len);
	to = copy(to, "\r\n", 2);
	g_byte_array_set_size(intake->bytes,
			      (guint)(to - (char *)intake->bytes->data));
}

static void
end_header(struct intake *intake)
{
	if (intake->ended || !make_room(intake, 2))
		return;
	put(intake, "\r\n", 2);
	intake->body = intake->bytes->len;
	intake->ended = TRUE;
}

void
intake_body(struct intake *intake, const void *chunk, gsize size)
{
	end_header(intake);
	if (make_room(intake, size))
		put(intake, chunk, size);
}

GBytes *
intake_take(struct intake *intake)
{
	GBytes *bytes;

	end_header(intake);
	if (!intake->bytes)
		return NULL;
	/* The room stays taken until the reset: the bytes live that long. */
	bytes = g_byte_array_free_to_bytes(intake->bytes);
	intake->bytes = NULL;
	return bytes;
}

static guint
name_hash(gconstpointer name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);

	return g_str_hash(lower);
}

static gboolean
name_equal(gconstpointer a, gconstpointer b)
{
	return g_ascii_strcasecmp(a, b) == 0;
}

GArray *
intake_own(const struct intake *intake)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(name_hash, name_equal);
	GArray *fields = g_array_new(FALSE, FALSE, sizeof(struct own_field));

	for (guint i = 0; i < intake->own->len; i++) {
		const char *name = g_ptr_array_index(intake->own, i);
		gpointer at = g_hash_table_lookup(seen, name);

		if (at) {
			g_array_index(fields, struct own_field,
				      GPOINTER_TO_UINT(at) - 1)
				.count++;
			continue;
		}
		g_array_append_val(fields, ((struct own_field){ name, 1 }));
		g_hash_table_insert(seen, g_ptr_array_index(intake->own, i),
				    GUINT_TO_POINTER(fields->len));
	}
	return fields;
}
