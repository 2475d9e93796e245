/*
 * Any text as a signed link, as the buyer it is for, and as a token: nothing
 * that we did not sign is believed, and what we signed only as it was.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "../../src/web/token_private.h"
#include "base/clock.h"
#include "fixed.h"
#include "review/link.h"

#define BUYER "priya@buyer.example"
#define ID    "01KAM3TQJ5ZB0Y2X7V4W9N8RCD"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_forged(const struct key *key, const char *text)
{
	struct link link = { .until_us = -1 };
	g_autofree char *signed_text = NULL;

	g_assert(!link_verify(key, text, BUYER, 0));
	if (!link_parse(text, &link)) {
		g_assert(link.until_us == -1);
		return;
	}
	/* There is one way to write what it says. */
	signed_text =
		link_sign(key, BUYER, link.id, link.action, link.until_us);
	g_assert(strlen(signed_text) == strlen(text));
	g_assert(strncmp(signed_text, text, strlen(text) - 32) == 0);
	g_assert(link_verify(key, signed_text, BUYER, link.until_us));
	g_assert(!link_verify(key, signed_text, BUYER, link.until_us + 1));
}

/* A right one with the input over a part of it. */
static void
check_changed(const struct key *key, const char *text)
{
	g_autofree char *right = link_sign(key, BUYER, ID, LINK_RELEASE,
					   1800000000 * CLOCK_SECOND_US);
	g_autofree char *changed = g_strdup(right);
	const gsize len = strlen(right);
	const gsize place = strlen(text) > 0 ? (guchar)text[0] % len : 0;

	for (gsize i = 1; *text && text[i] && place + i <= len; i++)
		changed[place + i - 1] = text[i];
	g_assert(link_verify(key, changed, BUYER, 0) ==
		 (strcmp(changed, right) == 0));
}

static void
check_buyer(const struct key *key, const char *buyer)
{
	g_autofree char *link = link_sign(key, buyer, ID, LINK_SHOW, 0);
	g_autofree char *other = g_strconcat(buyer, "x", NULL);

	g_assert(link_verify(key, link, buyer, 0));
	g_assert(!link_verify(key, link, other, 0));
}

static void
check_token(const char *text)
{
	g_autofree char *hash = token_hash(text);
	g_autofree char *code = token_encode(text);
	g_autofree char *plain = token_decode(code);
	g_autofree char *other = token_decode(text);

	g_assert((hash != NULL) <= (strlen(text) == TOKEN_LEN));
	g_assert(!strpbrk(code, "+/=;, \r\n"));
	if (g_utf8_validate(text, -1, NULL))
		g_assert(g_strcmp0(plain, text) == 0);
	else
		g_assert(plain == NULL);
	g_assert(!other || g_utf8_validate(other, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct key *key = fixed_key();
	g_autofree char *text = g_strndup((const char *)data, size);

	check_forged(key, text);
	check_changed(key, text);
	check_buyer(key, text);
	check_token(text);
	return 0;
}
