#include "named_private.h"

#include "base/file.h"
#include "base/identity.h"

gboolean
named_replace(const char *path, const void *data, gsize size, guint mode,
	      GError **error)
{
	const struct identity acting = identity_pause();
	const gboolean ok = file_replace(path, data, size, mode, error);

	identity_resume(acting);
	return ok;
}
