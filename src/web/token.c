#include "token_private.h"

#include <string.h>
#include <sys/random.h>

#define BYTES 32

static char *
encode(const guchar *data, gsize size)
{
	char *code = g_base64_encode(data, size);

	g_strdelimit(code, "+", '-');
	g_strdelimit(code, "/", '_');
	code[strcspn(code, "=")] = '\0';
	return code;
}

void
token_new(char token[TOKEN_LEN + 1])
{
	guint8 bytes[BYTES];
	g_autofree char *code = NULL;

	g_assert(getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes));
	code = encode(bytes, sizeof(bytes));
	memcpy(token, code, TOKEN_LEN + 1);
	explicit_bzero(bytes, sizeof(bytes));
}

char *
token_hash(const char *token)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_";

	if (!token || strlen(token) != TOKEN_LEN ||
	    strspn(token, letters) != TOKEN_LEN)
		return NULL;
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, token,
					     TOKEN_LEN);
}

char *
token_encode(const char *text)
{
	return encode((const guchar *)text, strlen(text));
}

char *
token_decode(const char *code)
{
	g_autofree char *plain = g_strdup(code);
	g_autofree guchar *data = NULL;
	gsize size = 0;

	g_strdelimit(plain, "-", '+');
	g_strdelimit(plain, "_", '/');
	while (strlen(plain) % 4 != 0) {
		char *longer = g_strconcat(plain, "=", NULL);

		g_free(plain);
		plain = longer;
	}
	data = g_base64_decode(plain, &size);
	if (!g_utf8_validate((const char *)data, (gssize)size, NULL))
		return NULL;
	return g_strndup((const char *)data, size);
}
