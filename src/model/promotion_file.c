/* A version as one file: what export writes and import distrusts. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "model/model.h"
#include "promotion_private.h"
#include "svm_private.h"

#define DIGEST_LEN 64
#define PARTS_MAX  PROMOTION_FILES
#define FILE_MAX   (2 * (gsize)SVM_SIZE_MAX)

static const char heading[] = "pitchward model 1\n";

/* One file in it. */
struct part {
	const char *name; /* of promotion_files */
	gsize size;
	char digest[DIGEST_LEN + 1];
};

static char *
folder_of(const char *models, const char *id, GError **error)
{
	g_autoptr(GPtrArray) entries = promotion_list(models);

	/* A place: what serves there, which may be a plain folder. */
	for (guint i = 0; i < entries->len; i++) {
		const struct promotion_entry *entry = entries->pdata[i];

		if (g_strcmp0(id, entry->place) == 0)
			return g_strdup(entry->folder);
	}
	if (strchr(id, '/') == NULL)
		return promotion_version(models, id, error);
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
		    "%s: no model serves there in %s", id, models);
	return NULL;
}

static gboolean
add_part(GByteArray *head, GByteArray *body, const char *folder,
	 const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *digest = NULL;
	g_autofree char *line = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	const guint8 *data;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	bytes = file_read(path, SVM_SIZE_MAX, error);
	if (bytes == NULL)
		return FALSE;
	data = g_bytes_get_data(bytes, &size);
	digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	line = g_strdup_printf("%s %" G_GSIZE_FORMAT " %s\n", name, size,
			       digest);
	g_byte_array_append(head, (const guint8 *)line, (guint)strlen(line));
	g_byte_array_append(body, data, (guint)size);
	return TRUE;
}

static GBytes *
join(GByteArray *head, const GByteArray *body)
{
	g_autofree char *sum = NULL;
	g_autofree char *line = NULL;

	g_byte_array_append(head, (const guint8 *)"\n", 1);
	g_byte_array_append(head, body->data, body->len);
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, head->data,
					  head->len);
	line = g_strdup_printf("%s\n", sum);
	g_byte_array_append(head, (const guint8 *)line, (guint)strlen(line));
	return g_bytes_new(head->data, head->len);
}

GBytes *
promotion_pack(const char *models, const char *id, GError **error)
{
	g_autofree char *folder = folder_of(models, id, error);
	g_autoptr(Card) card = NULL;
	g_autoptr(GByteArray) head = g_byte_array_new();
	g_autoptr(GByteArray) body = g_byte_array_new();

	card = folder != NULL ? promotion_check(folder, error) : NULL;
	if (card == NULL)
		return NULL;
	g_byte_array_append(head, (const guint8 *)heading, sizeof heading - 1);
	for (guint i = 0; i < PROMOTION_FILES; i++)
		if (!add_part(head, body, folder, promotion_files[i], error))
			return NULL;
	return join(head, body);
}

/* "NAME SIZE DIGEST" of a file that a model may have. */
static gboolean
part_parse(const char *line, struct part *part)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 4);
	guint64 size;

	if (g_strv_length(words) != 3 || strlen(words[2]) != DIGEST_LEN ||
	    !g_ascii_string_to_unsigned(words[1], 10, 0, SVM_SIZE_MAX, &size,
					NULL))
		return FALSE;
	for (guint i = 0; i < PROMOTION_FILES; i++) {
		if (strcmp(words[0], promotion_files[i]) != 0)
			continue;
		part->name = promotion_files[i];
		part->size = (gsize)size;
		g_strlcpy(part->digest, words[2], sizeof part->digest);
		return TRUE;
	}
	return FALSE;
}

/* The lines up to an empty one; returns where the files begin, 0 when bad. */
static gsize
parts_parse(const char *data, gsize size, struct part *parts, guint *n)
{
	gsize at = sizeof heading - 1;

	for (*n = 0; at < size;) {
		const char *end = memchr(data + at, '\n', size - at);
		const gsize len = end != NULL ? (gsize)(end - data) - at : 0;
		g_autofree char *line = g_strndup(data + at, len);

		at += len + 1;
		if (end == NULL)
			return 0;
		if (len == 0)
			return at;
		if (*n == PARTS_MAX || !part_parse(line, &parts[(*n)++]))
			return 0;
	}
	return 0;
}

static gboolean
whole(const char *data, gsize size)
{
	g_autofree char *sum = NULL;
	const gsize tail = DIGEST_LEN + 1;

	if (size < sizeof heading - 1 + tail ||
	    memcmp(data, heading, sizeof heading - 1) != 0 ||
	    data[size - 1] != '\n')
		return FALSE;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
					  (const guchar *)data, size - tail);
	return memcmp(sum, data + size - tail, DIGEST_LEN) == 0;
}

/* Puts the parts into a draft; nothing is written outside it. */
static gboolean
unfold(const char *data, gsize size, const char *draft, GError **error)
{
	struct part parts[PARTS_MAX];
	guint n;
	gsize at = parts_parse(data, size, parts, &n);
	const gsize end = size - (DIGEST_LEN + 1);

	for (guint i = 0; at > 0 && i < n; i++) {
		g_autofree char *path =
			g_build_filename(draft, parts[i].name, NULL);
		g_autofree char *sum = NULL;

		if (at > end || parts[i].size > end - at)
			break;
		sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
						  (const guchar *)data + at,
						  parts[i].size);
		if (strcmp(sum, parts[i].digest) != 0)
			break;
		if (!file_replace(path, data + at, parts[i].size, 0644, error))
			return FALSE;
		at += parts[i].size;
	}
	if (at > 0 && at == end)
		return TRUE;
	g_set_error_literal(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
			    "its parts are not what its heading says");
	return FALSE;
}

static struct card *
shelve(const char *models, GBytes *bytes, GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *draft = NULL;
	struct card *card = NULL;

	if (!whole(data, size)) {
		g_set_error_literal(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
				    "truncated, damaged, or no exported model");
		return NULL;
	}
	draft = promotion_draft(models, error);
	if (draft == NULL)
		return NULL;
	if (unfold(data, size, draft, error))
		card = promotion_shelve(models, draft, error);
	if (card == NULL)
		promotion_drop(draft);
	return card;
}

gboolean
promotion_import(const char *models, const char *path, char **id,
		 GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, FILE_MAX, error);
	g_autoptr(Card) card = NULL;

	if (bytes == NULL)
		return FALSE;
	card = shelve(models, bytes, error);
	if (card == NULL) {
		g_prefix_error(error, "%s: ", path);
		return FALSE;
	}
	if (id != NULL)
		*id = g_strdup(card->id);
	return TRUE;
}
