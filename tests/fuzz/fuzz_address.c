/* Address fields, envelope addresses and domains from any bytes. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_list(const char *text)
{
	g_autoptr(GPtrArray) list = address_list_parse(text, 64);

	for (guint i = 0; i < list->len; i++) {
		const struct address *address = g_ptr_array_index(list, i);
		g_autofree char *registrable =
			domain_registrable(address->domain);

		g_assert(g_utf8_validate(address->name, -1, NULL));
		g_assert(g_utf8_validate(address->addr, -1, NULL));
		g_assert(g_str_has_suffix(address->addr, address->domain));
		g_assert(address_equal(address->addr, address->addr));
	}
}

static void
read_author(const char *text)
{
	g_autofree char *message = g_strconcat("From: ", text, "\n\n", NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(message, strlen(message));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Address) author = address_of_author(mail);
	g_autoptr(Address) shown = address_shown(mail);

	/* Who is vouched for is who is shown. */
	g_assert(!author ||
		 (shown && address_equal(author->addr, shown->addr)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *envelope = address_from_envelope(text, NULL);
	g_autofree char *key = address_key(text);
	g_autofree char *registrable = domain_registrable(text);

	if (envelope) {
		g_autofree char *again = address_from_envelope(envelope, NULL);

		g_assert(!strpbrk(envelope, "\r\n"));
		g_assert(strlen(envelope) <= ADDRESS_LEN_MAX + 64);
		g_assert(!again || strcmp(again, envelope) == 0);
	}
	read_list(text);
	read_author(text);
	return 0;
}
