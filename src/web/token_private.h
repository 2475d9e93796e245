/* Secrets in links and cookies: 256 random bits, stored as a hash only. */
#ifndef WEB_TOKEN_PRIVATE_H
#define WEB_TOKEN_PRIVATE_H

#include <glib.h>

#define TOKEN_LEN                                                              \
	43 /* base64url of 32 bytes (RFC 4648 section 5), unpadded             \
	    */

void token_new(char token[TOKEN_LEN + 1]);

/* SHA-256 in hex; NULL when it cannot be a token. The caller's. */
char *token_hash(const char *token);

/* Any bytes as base64url without padding, and back (valid UTF-8 without a NUL,
 * else NULL). The caller's. */
char *token_encode(const char *text);
char *token_decode(const char *code);

#endif
