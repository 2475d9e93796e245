#include "base/key.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/id.h"

#define KEY_BYTES 32
#define MAC_LEN	  64

struct key {
	guint8 bytes[KEY_BYTES];
};

static void
random_fill(guint8 bytes[KEY_BYTES])
{
	g_assert(getrandom(bytes, KEY_BYTES, 0) == KEY_BYTES);
}

/*
 * A whole file under a name of its own is linked into place: of two starters
 * one wins, and the other never reads a key that is still being written.
 */
static gboolean
key_make(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *temporary = NULL;
	char id[ID_LEN + 1];
	guint8 bytes[KEY_BYTES];
	gboolean ok;

	id_new(id);
	temporary = g_strdup_printf("%s.%s", path, id);
	random_fill(bytes);
	ok = file_replace(temporary, bytes, sizeof(bytes), 0600, error);
	explicit_bzero(bytes, sizeof(bytes));
	if (!ok)
		return FALSE;
	if (link(temporary, path) < 0 && errno != EEXIST)
		ok = error_set_errno(error, errno, "%s", path);
	g_unlink(temporary);
	return ok && folder_sync(folder, error);
}

static gboolean
key_check(int fd, const char *path, GError **error)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_set_errno(error, errno, "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_size != KEY_BYTES) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "%s: a key file holds exactly %d bytes", path,
			    KEY_BYTES);
		return FALSE;
	}
	if (st.st_mode & S_IRWXO) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_DENIED,
			    "%s: mode %04o lets every user in; it must be "
			    "0600 or 0640",
			    path, st.st_mode & 07777U);
		return FALSE;
	}
	return TRUE;
}

static gboolean
key_read(int fd, const char *path, struct key *key, GError **error)
{
	gssize n;

	if (!key_check(fd, path, error))
		return FALSE;
	n = read(fd, key->bytes, KEY_BYTES);
	if (n < 0)
		return error_set_errno(error, errno, "%s", path);
	if (n != KEY_BYTES) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "%s: cut short", path);
		return FALSE;
	}
	return TRUE;
}

struct key *
key_open(const char *path, GError **error)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
	struct key *key = NULL;
	struct key found;
	int fd = open(path, flags);

	if (fd < 0 && errno == ENOENT) {
		if (!key_make(path, error))
			return NULL;
		fd = open(path, flags);
	}
	if (fd < 0) {
		error_set_errno(error, errno, "%s", path);
		return NULL;
	}
	if (key_read(fd, path, &found, error))
		key = g_memdup2(&found, sizeof(found));
	explicit_bzero(&found, sizeof(found));
	close(fd);
	return key;
}

struct key *
key_new_random(void)
{
	struct key *key = g_new0(struct key, 1);

	random_fill(key->bytes);
	return key;
}

void
key_free(struct key *key)
{
	if (!key)
		return;
	explicit_bzero(key, sizeof(*key));
	g_free(key);
}

char *
key_mac(const struct key *key, const char *purpose, const void *data,
	gsize size)
{
	g_autoptr(GHmac) hmac =
		g_hmac_new(G_CHECKSUM_SHA256, key->bytes, KEY_BYTES);

	/* The purpose's final NUL keeps "a" + "bc" apart from "ab" + "c". */
	g_hmac_update(hmac, (const guchar *)purpose,
		      (gssize)strlen(purpose) + 1);
	if (size > 0)
		g_hmac_update(hmac, data, (gssize)size);
	return g_strdup(g_hmac_get_string(hmac));
}

gboolean
key_verify(const struct key *key, const char *purpose, const void *data,
	   gsize size, const char *mac)
{
	g_autofree char *right = NULL;
	guint difference = 0;

	if (!mac || strlen(mac) != MAC_LEN)
		return FALSE;
	right = key_mac(key, purpose, data, size);
	for (gsize i = 0; i < MAC_LEN; i++)
		difference |= (guchar)right[i] ^ (guchar)mac[i];
	return difference == 0;
}
