/*
 * Any text as the configuration of an MTA that `pitchward doctor` reads:
 * main.cf, master.cf and sendmail.cf. Whatever is found is text that stands
 * there, and expansions are bounded.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "../../src/cli/maincf_private.h"
#include "../../src/cli/sendmailcf_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_milters(const char *value)
{
	g_autoptr(GPtrArray) milters = maincf_milters(value);

	for (guint i = 0; i < milters->len; i++) {
		const struct maincf_milter *milter = milters->pdata[i];
		g_autofree char *path = maincf_socket_path(
			milter->address, "/var/spool/postfix", TRUE);

		/* Blanks around a "=" are left out. */
		g_assert(strlen(milter->address) <= strlen(value));
		g_assert(!path || g_str_has_prefix(path, "/"));
	}
}

static void
check_main(const char *text)
{
	g_autoptr(GHashTable) parameters = maincf_parse(text);
	g_autofree char *milters =
		maincf_get(parameters, "smtpd_milters", "inet:x:1");
	g_autofree char *none = maincf_get(parameters, "\n", "fallback");

	g_assert(milters && strcmp(none, "fallback") == 0);
	check_milters(milters);
	check_milters(text);
}

static void
check_master(const char *text)
{
	g_autoptr(GPtrArray) services = mastercf_parse(text);

	for (guint i = 0; i < services->len; i++) {
		const struct mastercf_service *service = services->pdata[i];

		g_assert(service->name && service->type && service->command);
		g_assert(service->overrides);
	}
}

static void
check_sendmail(const char *text)
{
	g_autoptr(GPtrArray) filters = sendmailcf_parse(text);

	for (guint i = 0; i < filters->len; i++) {
		const struct sendmailcf_filter *filter = filters->pdata[i];

		g_assert(filter->name && filter->address);
		g_assert(filter->read_us >= 0);
		/* Names of filters that are nowhere have their place, too. */
		g_assert(filter->place < strlen(text));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);

	check_main(text);
	check_master(text);
	check_sendmail(text);
	return 0;
}
