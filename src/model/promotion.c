#include "model/promotion.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "model/golden.h"
#include "model/model.h"
#include "promotion_private.h"

#define LOCK ".lock"
#define NONE "-"

char *
promotion_place(const struct card *card)
{
	const struct card_adapts *adapts = &card->adapts;
	const char *kind = model_kinds[card->kind];

	if (adapts->starters == NULL)
		return g_strdup(kind);
	if (!promotion_name_valid(adapts->whose))
		return NULL;
	return g_build_filename(adapts->members != NULL ? PROMOTION_TEAMS
							: PROMOTION_BUYERS,
				adapts->whose, kind, NULL);
}

/* -1 and an error: another change is under way, or it is not ours to make. */
static int
lock_take(const char *models, GError **error)
{
	g_autofree char *path = g_build_filename(models, LOCK, NULL);
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0) {
		error_set_errno(error, errno, "%s", path);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	g_set_error(error, BASE_ERROR, BASE_ERROR_BUSY,
		    "%s: another change of models is under way", models);
	close(fd);
	return -1;
}

char *
promotion_serving(const char *models, const char *place)
{
	g_autofree char *path = g_build_filename(models, place, NULL);
	g_autofree char *target = g_file_read_link(path, NULL);
	g_autofree char *card_path = NULL;
	g_autoptr(Card) card = NULL;

	if (target != NULL)
		return g_path_get_basename(target);
	card_path = g_build_filename(path, "card.yaml", NULL);
	card = card_load(card_path, NULL);
	return card != NULL ? g_strdup(card->id) : NULL;
}

/* "../../shelf/ID": from the place to the shelf. */
static char *
target_of(const char *place, const char *id)
{
	GString *target = g_string_new(NULL);

	for (const char *p = place; *p != '\0'; p++)
		if (*p == '/')
			g_string_append(target, "../");
	g_string_append_printf(target, "%s/%s", PROMOTION_SHELF, id);
	return g_string_free(target, FALSE);
}

static gboolean
is_plain_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* `link` takes the place of a plain folder, which is dropped. */
static gboolean
exchange(const char *link, const char *path, GError **error)
{
	g_autofree char *aside = NULL;

	if (renameat2(AT_FDCWD, link, AT_FDCWD, path, RENAME_EXCHANGE) == 0) {
		promotion_drop(link); /* the folder goes by its name now */
		return TRUE;
	}
	aside = g_strconcat(link, "-old", NULL);
	if (g_rename(path, aside) != 0)
		return error_set_errno(error, errno, "%s", path);
	if (g_rename(link, path) != 0) {
		const int saved = errno;

		if (g_rename(aside, path) != 0)
			return error_set_errno(error, errno,
					       "%s: it is in %s now", path,
					       aside);
		return error_set_errno(error, saved, "%s", path);
	}
	promotion_drop(aside);
	return TRUE;
}

/* What stands in the place is a link, a shelved plain folder, or nothing. */
static gboolean
swap(const char *models, const char *place, const char *target, GError **error)
{
	g_autofree char *path = g_build_filename(models, place, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autofree char *link = NULL;
	char unique[ID_LEN + 1];
	gboolean done;

	id_new(unique);
	link = g_strdup_printf("%s/.link-%s", parent, unique);
	if (symlink(target, link) != 0)
		return error_set_errno(error, errno, "%s", link);
	if (is_plain_folder(path))
		done = exchange(link, path, error);
	else
		done = g_rename(link, path) == 0 ||
		       error_set_errno(error, errno, "%s", path);
	if (!done)
		g_unlink(link);
	return done && folder_sync(parent, error);
}

/* Nobody's own model any more: the place is gone. */
static gboolean
vacate(const char *models, const char *place, GError **error)
{
	g_autofree char *path = g_build_filename(models, place, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	if (g_unlink(path) != 0)
		return error_set_errno(error, errno, "%s", path);
	return folder_sync(parent, error);
}

/* No target: nothing shall serve there. */
static gboolean
point(const char *models, const char *place, const char *target, GError **error)
{
	return target != NULL ? swap(models, place, target, error)
			      : vacate(models, place, error);
}

/* The link as it is, or the one a plain folder (shelved by then) becomes. */
static char *
target_before(const char *path, const struct promotion_event *event)
{
	char *target = g_file_read_link(path, NULL);

	if (target == NULL && event->before != NULL)
		target = target_of(event->place, event->before);
	return target;
}

/*
 * Swaps what serves and writes it down. What cannot be written down must not
 * serve: the daemons here would judge by a model nobody else knows of.
 */
static gboolean
change(const struct promotion *promotion, const struct promotion_event *event,
       GError **error)
{
	const char *models = promotion->models;
	g_autofree char *path = g_build_filename(models, event->place, NULL);
	g_autofree char *before = target_before(path, event);
	g_autofree char *target =
		event->id != NULL ? target_of(event->place, event->id) : NULL;
	g_autofree char *now = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(GError) stuck = NULL;

	if (point(models, event->place, target, &why) &&
	    history_add(promotion, event, &why))
		return TRUE;
	now = g_file_read_link(path, NULL);
	if (g_strcmp0(now, target) == 0 &&
	    !point(models, event->place, before, &stuck))
		g_prefix_error(&why, "%s was changed all the same (%s): ",
			       event->place, stuck->message);
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
place_make(const char *models, const char *place, GError **error)
{
	g_autofree char *path = g_build_filename(models, place, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autofree char *above = g_path_get_dirname(parent);

	if (!folder_make(parent, error))
		return FALSE;
	if (strchr(place, '/') != NULL &&
	    (g_chmod(parent, 0755) != 0 || g_chmod(above, 0755) != 0))
		return error_set_errno(error, errno, "%s", parent);
	return TRUE;
}

/* A plain folder is kept on the shelf before anything takes its place. */
static gboolean
place_save(const char *models, const char *place, GError **error)
{
	g_autofree char *path = g_build_filename(models, place, NULL);
	g_autoptr(Card) card = NULL;

	if (!is_plain_folder(path) || !promotion_is_model(path))
		return TRUE;
	card = promotion_copy(models, path, error);
	return card != NULL;
}

static gboolean
put_in_place(const struct promotion *promotion, const struct card *card,
	     GError **error)
{
	const char *models = promotion->models;
	g_autofree char *place = promotion_place(card);
	g_autofree char *before = promotion_serving(models, place);
	g_autofree char *path = g_build_filename(models, place, NULL);
	const struct promotion_event event = { "promote", place, card->id,
					       before };

	if (g_strcmp0(before, card->id) == 0 && !is_plain_folder(path))
		return TRUE;
	return place_make(models, place, error) &&
	       place_save(models, place, error) &&
	       change(promotion, &event, error);
}

/* Of the shelf, or of a folder, which is copied there first. */
static struct card *
fetch(const char *models, const char *name, GError **error)
{
	g_autofree char *folder = NULL;
	g_autoptr(Card) found = NULL;

	if (strchr(name, '/') == NULL) {
		folder = promotion_version(models, name, error);
		return folder != NULL ? promotion_check(folder, error) : NULL;
	}
	/* First as it lies there, so that faults name its files. */
	found = promotion_check(name, error);
	return found != NULL ? promotion_copy(models, name, error) : NULL;
}

gboolean
promotion_promote(const struct promotion *promotion, const char *name,
		  struct card **card, GError **error)
{
	g_autoptr(Card) made = NULL;
	const int lock = lock_take(promotion->models, error);
	gboolean done;

	if (lock < 0)
		return FALSE;
	made = fetch(promotion->models, name, error);
	done = made != NULL && put_in_place(promotion, made, error);
	close(lock);
	if (done && card != NULL)
		*card = g_steal_pointer(&made);
	return done;
}

gboolean
promotion_add(const struct promotion *promotion, const struct adapter *adapter,
	      struct card *card, GError **error)
{
	g_autofree char *draft = NULL;
	g_autoptr(Card) shelved = NULL;
	const int lock = lock_take(promotion->models, error);
	gboolean done;

	if (lock < 0)
		return FALSE;
	draft = promotion_draft(promotion->models, error);
	if (draft != NULL && adapter_save(adapter, draft, card, error))
		shelved = promotion_shelve(promotion->models, draft, error);
	if (draft != NULL && shelved == NULL)
		promotion_drop(draft);
	done = shelved != NULL && put_in_place(promotion, shelved, error);
	close(lock);
	return done;
}

static gboolean
copy_starter(const char *models, const char *from, enum model_kind kind,
	     GError **error)
{
	const char *place = model_kinds[kind];
	g_autofree char *folder = g_build_filename(from, place, NULL);
	g_autofree char *path = g_build_filename(models, place, NULL);
	g_autofree char *target = NULL;
	g_autoptr(Card) card = NULL;

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	card = promotion_copy(models, folder, error);
	if (card == NULL)
		return FALSE;
	target = target_of(place, card->id);
	return swap(models, place, target, error);
}

static gboolean
copy_golden(const char *models, const char *from, GError **error)
{
	g_autofree char *source = g_build_filename(from, GOLDEN_FILE, NULL);
	g_autofree char *target = g_build_filename(models, GOLDEN_FILE, NULL);

	if (g_file_test(target, G_FILE_TEST_EXISTS))
		return TRUE;
	return promotion_file_copy(source, target, error);
}

gboolean
promotion_prepare(const char *models, const char *from, GError **error)
{
	g_autofree char *outreach =
		g_build_filename(models, model_kinds[MODEL_OUTREACH], NULL);
	gboolean done;
	int lock;

	if (g_file_test(outreach, G_FILE_TEST_IS_DIR))
		return TRUE;
	if (!folder_make(models, error))
		return FALSE;
	/* As the shelf: other users score with these. */
	if (g_chmod(models, 0755) != 0)
		return error_set_errno(error, errno, "%s", models);
	lock = lock_take(models, error);
	if (lock < 0)
		return FALSE;
	/* Outreach last: with it the folder is one that serves. */
	done = copy_golden(models, from, error) &&
	       copy_starter(models, from, MODEL_RELEVANCE, error) &&
	       copy_starter(models, from, MODEL_OUTREACH, error);
	close(lock);
	return done;
}

/* What served before the last promotion that was not taken back. */
static gboolean
find_before(const struct promotion *promotion, const char *place,
	    const char *serving, char **before, GError **error)
{
	g_autoptr(GPtrArray) stack = history_stack(promotion->models, place);
	guint top = stack->len;

	/* The history may know nothing of what was linked by hand. */
	if (top > 0 && g_strcmp0(stack->pdata[top - 1], serving) == 0)
		top--;
	/* A starter may not go without another in its place. */
	if (serving != NULL && top > 0 &&
	    (strchr(place, '/') != NULL ||
	     strcmp(stack->pdata[top - 1], NONE) != 0)) {
		*before = g_strdup(stack->pdata[top - 1]);
		return TRUE;
	}
	g_set_error(error, MODEL_ERROR, MODEL_ERROR_ABSENT,
		    "%s: nothing was promoted there that could be taken back",
		    place);
	return FALSE;
}

static gboolean
put_back(const struct promotion *promotion, const char *place,
	 const char *serving, const char *before, GError **error)
{
	const char *models = promotion->models;
	const gboolean none = strcmp(before, NONE) == 0;
	g_autofree char *folder = NULL;
	g_autoptr(Card) card = NULL;
	const struct promotion_event event = { "rollback", place,
					       none ? NULL : before, serving };

	if (!none) {
		folder = promotion_version(models, before, error);
		card = folder != NULL ? promotion_check(folder, error) : NULL;
		if (card == NULL)
			return FALSE;
	}
	return change(promotion, &event, error);
}

/* "buyers/priya/relevance": not a starter's, and no path that leads away. */
static gboolean
is_own_place(const char *place)
{
	g_auto(GStrv) parts = g_strsplit(place, "/", -1);

	return g_strv_length(parts) == 3 &&
	       (strcmp(parts[0], PROMOTION_BUYERS) == 0 ||
		strcmp(parts[0], PROMOTION_TEAMS) == 0) &&
	       promotion_name_valid(parts[1]) &&
	       g_strv_contains(model_kinds, parts[2]);
}

gboolean
promotion_clear(const struct promotion *promotion, const char *place,
		GError **error)
{
	g_autofree char *serving = NULL;
	gboolean done = TRUE;
	int lock;

	if (!is_own_place(place)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "%s: no place of a buyer's or a team's", place);
		return FALSE;
	}
	lock = lock_take(promotion->models, error);
	if (lock < 0)
		return FALSE;
	serving = promotion_serving(promotion->models, place);
	if (serving != NULL)
		done = put_back(promotion, place, serving, NONE, error);
	close(lock);
	return done;
}

gboolean
promotion_rollback(const struct promotion *promotion, const char *place,
		   char **now, GError **error)
{
	g_autofree char *serving = NULL;
	g_autofree char *before = NULL;
	const int lock = lock_take(promotion->models, error);
	gboolean done;

	if (lock < 0)
		return FALSE;
	serving = promotion_serving(promotion->models, place);
	done = find_before(promotion, place, serving, &before, error) &&
	       put_back(promotion, place, serving, before, error);
	close(lock);
	if (done && now != NULL)
		*now = strcmp(before, NONE) == 0 ? NULL
						 : g_steal_pointer(&before);
	return done;
}
