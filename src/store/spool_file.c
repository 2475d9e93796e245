#include "spool_file_private.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "store_private.h"

#define PREFIX	   "{\"sha256\":\""
#define PREFIX_LEN (sizeof(PREFIX) - 1)
#define DIGEST_LEN 64

#define VERSION 2

static json_t *
format_string(const char *text)
{
	g_autofree char *base64 = NULL;

	if (!text)
		text = "";
	if (g_utf8_validate(text, -1, NULL))
		return json_string(text);
	base64 = g_base64_encode((const guchar *)text, strlen(text));
	return json_pack("{s:s}", "base64", base64);
}

static void
format_features(json_t *object, GBytes *features)
{
	gsize size;
	const guchar *data = g_bytes_get_data(features, &size);
	g_autofree char *base64 = g_base64_encode(data, size);

	json_object_set_new(object, "features", json_string(base64));
}

static json_t *
format_message(const struct store_message *message)
{
	json_t *object = json_pack(
		"{s:s, s:I, s:f, s:f, s:I, s:I, s:I, s:I, s:I}", "id",
		message->id, "time_us", (json_int_t)message->time_us,
		"outreach", message->outreach, "relevance", message->relevance,
		"fingerprint", (json_int_t)message->fingerprint, "size",
		(json_int_t)message->size, "state_us",
		(json_int_t)message->state_us, "touch",
		(json_int_t)message->touch, "subject_key",
		(json_int_t)message->subject_key);

	g_assert(object);
	if (message->features)
		format_features(object, message->features);
	for (guint i = 0; i < STORE_STRINGS; i++)
		json_object_set_new(object, store_strings[i].name,
				    format_string(STORE_STRING(message, i)));
	return object;
}

/* What follows the digest. */
static void
append_rest(GByteArray *file, struct store_message *const *messages, guint n,
	    GBytes *bytes)
{
	json_t *array = json_array();
	gsize size;
	const guint8 *data = g_bytes_get_data(bytes, &size);
	g_autofree char *head = g_strdup_printf(
		"\",\"version\":%d,\"size\":%" G_GSIZE_FORMAT ",\"messages\":",
		VERSION, size);
	char *text;

	for (guint i = 0; i < n; i++)
		json_array_append_new(array, format_message(messages[i]));
	text = json_dumps(array, JSON_COMPACT);
	g_assert(text);
	g_byte_array_append(file, (const guint8 *)head, (guint)strlen(head));
	g_byte_array_append(file, (const guint8 *)text, (guint)strlen(text));
	g_byte_array_append(file, (const guint8 *)"}\n", 2);
	g_byte_array_append(file, data, (guint)size);
	free(text);
	json_decref(array);
}

GByteArray *
spool_file_format(struct store_message *const *messages, guint n, GBytes *bytes)
{
	const gsize start = PREFIX_LEN + DIGEST_LEN;
	GByteArray *file = g_byte_array_new();
	g_autofree char *digest = NULL;

	g_byte_array_append(file, (const guint8 *)PREFIX, PREFIX_LEN);
	g_byte_array_set_size(file, (guint)start);
	append_rest(file, messages, n, bytes);
	digest = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, file->data + start, file->len - start);
	memcpy(file->data + PREFIX_LEN, digest, DIGEST_LEN);
	return file;
}

static gboolean
damaged(GError **error, const char *what)
{
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "damaged spool file: %s", what);
	return FALSE;
}

/* NULL when it is neither a string nor base64 of one. */
static char *
parse_string(const json_t *value)
{
	const char *base64;
	gsize len;
	guchar *text;

	if (json_is_string(value))
		return g_strdup(json_string_value(value));
	base64 = json_string_value(json_object_get(value, "base64"));
	if (!base64)
		return NULL;
	text = g_base64_decode(base64, &len);
	text = g_realloc(text, len + 1);
	text[len] = '\0';
	return (char *)text;
}

static gboolean
parse_strings(const json_t *object, struct store_message *message)
{
	for (guint i = 0; i < STORE_STRINGS; i++) {
		const json_t *value =
			json_object_get(object, store_strings[i].name);

		if (!value && i >= STORE_STRINGS_FIRST)
			continue;
		STORE_STRING(message, i) = parse_string(value);
		if (!STORE_STRING(message, i))
			return FALSE;
	}
	return TRUE;
}

/* What the first version had not. */
static void
parse_learning(const json_t *object, struct store_message *message)
{
	const char *base64 =
		json_string_value(json_object_get(object, "features"));
	guchar *features;
	gsize size;

	message->touch =
		(guint)json_integer_value(json_object_get(object, "touch"));
	message->subject_key = (guint64)json_integer_value(
		json_object_get(object, "subject_key"));
	if (!base64)
		return;
	features = g_base64_decode(base64, &size);
	message->features = g_bytes_new_take(features, size);
}

static gboolean
parse_message(const json_t *object, struct store_message *message)
{
	const char *id = json_string_value(json_object_get(object, "id"));

	if (!id || !id_valid(id))
		return FALSE;
	g_strlcpy(message->id, id, sizeof(message->id));
	if (!parse_strings(object, message))
		return FALSE;
	parse_learning(object, message);
	message->time_us =
		json_integer_value(json_object_get(object, "time_us"));
	message->outreach =
		json_number_value(json_object_get(object, "outreach"));
	message->relevance =
		json_number_value(json_object_get(object, "relevance"));
	message->fingerprint = (guint64)json_integer_value(
		json_object_get(object, "fingerprint"));
	message->size = json_integer_value(json_object_get(object, "size"));
	message->state_us =
		json_integer_value(json_object_get(object, "state_us"));
	message->state = STORE_HELD;
	return TRUE;
}

static gboolean
parse_messages(const json_t *array, GPtrArray *messages)
{
	for (gsize i = 0; i < json_array_size(array); i++) {
		struct store_message *message = g_new0(struct store_message, 1);

		g_ptr_array_add(messages, message);
		if (!parse_message(json_array_get(array, i), message))
			return FALSE;
	}
	return messages->len > 0;
}

/* The JSON line, `size` bytes with the newline, of a file of `whole` bytes. */
static gboolean
parse_line(const char *line, gsize size, gsize whole, GPtrArray *messages,
	   GError **error)
{
	json_t *object = json_loadb(line, size, 0, NULL);
	json_int_t version =
		json_integer_value(json_object_get(object, "version"));
	json_int_t bytes = json_integer_value(json_object_get(object, "size"));
	gboolean ok =
		parse_messages(json_object_get(object, "messages"), messages);

	json_decref(object);
	if (version > VERSION)
		return damaged(error, "it is of a newer version");
	if (!ok)
		return damaged(error, "its first line says nothing");
	if (bytes < 0 || (guint64)bytes != whole - size)
		return damaged(error, "bytes are missing");
	return TRUE;
}

static gboolean
check_digest(const char *data, gsize size, GError **error)
{
	const gsize start = PREFIX_LEN + DIGEST_LEN;
	g_autofree char *digest = NULL;

	if (size < start || memcmp(data, PREFIX, PREFIX_LEN) != 0)
		return damaged(error, "it does not begin as one");
	digest = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)data + start, size - start);
	if (memcmp(digest, data + PREFIX_LEN, DIGEST_LEN) != 0)
		return damaged(error, "its digest does not match");
	return TRUE;
}

gboolean
spool_file_parse(GBytes *content, struct spool_file *file, GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(content, &size);
	const char *newline;
	gsize line;
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(
		(GDestroyNotify)store_message_free);

	if (!check_digest(data, size, error))
		return FALSE;
	newline = memchr(data, '\n', size);
	if (!newline)
		return damaged(error, "it has no first line");
	line = (gsize)(newline - data) + 1;
	if (!parse_line(data, line, size, messages, error))
		return FALSE;
	file->messages = g_steal_pointer(&messages);
	file->bytes = g_bytes_new_from_bytes(content, line, size - line);
	return TRUE;
}

void
spool_file_clear(struct spool_file *file)
{
	g_clear_pointer(&file->messages, g_ptr_array_unref);
	g_clear_pointer(&file->bytes, g_bytes_unref);
}
