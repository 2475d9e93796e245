#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "model/adapt.h"
#include "model/model.h"
#include "parts_private.h"
#include "promotion_private.h"
#include "svm_private.h"

#define DRAFT_PREFIX ".draft-"

const char *const promotion_files[PROMOTION_FILES] = { "model.svm", "terms.idf",
						       "card.yaml" };

gboolean
promotion_name_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";
	const gsize len = strlen(name);

	return len > 0 && len <= PROMOTION_NAME_MAX && name[0] != '.' &&
	       strspn(name, letters) == len;
}

gboolean
promotion_is_model(const char *folder)
{
	g_autofree char *card = g_build_filename(folder, "card.yaml", NULL);

	return g_file_test(card, G_FILE_TEST_IS_REGULAR);
}

char *
promotion_draft(const char *models, GError **error)
{
	g_autofree char *shelf =
		g_build_filename(models, PROMOTION_SHELF, NULL);
	char id[ID_LEN + 1];
	g_autofree char *name = NULL;
	g_autofree char *draft = NULL;

	id_new(id);
	name = g_strconcat(DRAFT_PREFIX, id, NULL);
	draft = g_build_filename(shelf, name, NULL);
	if (!folder_make(draft, error))
		return NULL;
	/* No secret: other users of the machine score with these too. */
	if (g_chmod(shelf, 0755) != 0 || g_chmod(draft, 0755) != 0) {
		error_set_errno(error, errno, "%s", draft);
		promotion_drop(draft);
		return NULL;
	}
	return g_steal_pointer(&draft);
}

void
promotion_drop(const char *folder)
{
	for (guint i = 0; i < PROMOTION_FILES; i++) {
		g_autofree char *path =
			g_build_filename(folder, promotion_files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
}

/* A starter as a starter, one of feedback as such. */
static gboolean
loads(const char *folder, const struct card *card, GError **error)
{
	g_autoptr(Model) model = NULL;
	g_autoptr(Adapter) adapter = NULL;

	if (card->adapts.starters != NULL) {
		adapter = adapter_load(folder, error);
		return adapter != NULL;
	}
	model = model_load_own(folder, card->kind, error);
	return model != NULL;
}

struct card *
promotion_check(const char *folder, GError **error)
{
	g_autofree char *own = parts_folder(folder);
	g_autofree char *path = g_build_filename(own, "card.yaml", NULL);
	g_autoptr(Card) card = card_load(path, error);
	g_autofree char *place = NULL;

	if (card == NULL || !loads(own, card, error))
		return NULL;
	place = promotion_place(card);
	if (place != NULL && promotion_name_valid(card->id))
		return g_steal_pointer(&card);
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "%s: id and whose must be letters, digits, '_', '-' and "
		    "'.', %d at most, and not begin with '.'",
		    path, PROMOTION_NAME_MAX);
	return NULL;
}

char *
promotion_version(const char *models, const char *id, GError **error)
{
	g_autofree char *folder = NULL;

	if (!promotion_name_valid(id)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' is no id of a model: letters, digits, '_', "
			    "'-' and '.' are allowed",
			    id);
		return NULL;
	}
	folder = g_build_filename(models, PROMOTION_SHELF, id, NULL);
	if (promotion_is_model(folder))
		return g_steal_pointer(&folder);
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
		    "%s: no model has this name in %s/%s", id, models,
		    PROMOTION_SHELF);
	return NULL;
}

struct card *
promotion_shelve(const char *models, const char *draft, GError **error)
{
	g_autoptr(Card) card = promotion_check(draft, error);
	g_autofree char *shelf =
		g_build_filename(models, PROMOTION_SHELF, NULL);
	g_autofree char *folder = NULL;

	if (card == NULL)
		return NULL;
	folder = g_build_filename(shelf, card->id, NULL);
	if (g_rename(draft, folder) == 0)
		return folder_sync(shelf, error) ? g_steal_pointer(&card)
						 : NULL;
	if (errno != EEXIST && errno != ENOTEMPTY) {
		error_set_errno(error, errno, "%s", folder);
		return NULL;
	}
	/* The id tells what it is: it is there, if that one can be used. */
	g_clear_pointer(&card, card_free);
	promotion_drop(draft);
	return promotion_check(folder, error);
}

gboolean
promotion_file_copy(const char *source, const char *target, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	const void *data;

	if (!g_file_test(source, G_FILE_TEST_EXISTS))
		return TRUE; /* a check tells whether it is missed */
	bytes = file_read(source, SVM_SIZE_MAX, error);
	if (bytes == NULL)
		return FALSE;
	data = g_bytes_get_data(bytes, &size);
	return file_replace(target, data, size, 0644, error);
}

static gboolean
part_copy(const char *from, const char *to, const char *name, GError **error)
{
	g_autofree char *source = g_build_filename(from, name, NULL);
	g_autofree char *target = g_build_filename(to, name, NULL);

	return promotion_file_copy(source, target, error);
}

struct card *
promotion_copy(const char *models, const char *folder, GError **error)
{
	g_autofree char *own = parts_folder(folder);
	g_autofree char *draft = NULL;
	struct card *card = NULL;
	gboolean copied = TRUE;

	if (!promotion_is_model(own)) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
			    "%s: no model: there is no card.yaml", folder);
		return NULL;
	}
	draft = promotion_draft(models, error);
	if (draft == NULL)
		return NULL;
	for (guint i = 0; copied && i < PROMOTION_FILES; i++)
		copied = part_copy(own, draft, promotion_files[i], error);
	if (copied)
		card = promotion_shelve(models, draft, error);
	if (card == NULL)
		promotion_drop(draft);
	return card;
}
