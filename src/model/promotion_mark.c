#include <sys/stat.h>

#include "model/model.h"
#include "model/promotion.h"

/* FNV-1a over whole numbers. */
#define BASIS G_GUINT64_CONSTANT(0xcbf29ce484222325)
#define PRIME G_GUINT64_CONSTANT(0x100000001b3)

static guint64
mix(guint64 mark, guint64 value)
{
	return (mark ^ value) * PRIME;
}

static guint64
mix_file(guint64 mark, const struct stat *status)
{
	mark = mix(mark, (guint64)status->st_ino);
	mark = mix(mark, (guint64)status->st_size);
	mark = mix(mark, (guint64)status->st_mtim.tv_sec);
	return mix(mark, (guint64)status->st_mtim.tv_nsec);
}

/*
 * The history grows after each swap. A plain folder is not looked at: one that
 * is being installed would be read half.
 */
guint64
promotion_mark(const char *models)
{
	g_autofree char *history =
		g_build_filename(models, PROMOTION_HISTORY, NULL);
	guint64 mark = mix(BASIS, g_str_hash(models));
	struct stat status;

	if (stat(history, &status) == 0)
		mark = mix_file(mark, &status);
	for (guint kind = 0; model_kinds[kind]; kind++) {
		g_autofree char *place =
			g_build_filename(models, model_kinds[kind], NULL);

		mark = mix(mark, kind);
		if (lstat(place, &status) == 0 && S_ISLNK(status.st_mode))
			mark = mix_file(mark, &status);
	}
	return mark;
}
