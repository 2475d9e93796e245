#include <string.h>

#include "failure_private.h"
#include "mail/address.h"
#include "profile/signals.h"
#include "vendor_private.h"

static struct signals *
load_signals(const struct config *config, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	struct signals *signals =
		config->signals ? signals_load(config->signals, faults)
				: signals_builtin();

	if (!signals)
		faults_report(faults, error);
	return signals;
}

char *
vendor_given_domain(const struct config *config, const char *command,
		    const char *given, GError **error)
{
	g_autoptr(Signals) signals = NULL;

	if (!domain_valid(given) || !strchr(given, '.')) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: '%s' is no domain; one is like acme.example",
			    command, given);
		return NULL;
	}
	signals = load_signals(config, error);
	if (!signals)
		return NULL;
	if (signals_of_host(signals, given) & (1U << SIGNAL_PUBLIC)) {
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: %s is a public mail domain, no vendor's; "
			    "block an address in the profile instead",
			    command, given);
		return NULL;
	}
	return domain_registrable(given);
}

char *
vendor_given_by(void)
{
	const char *invoker = g_getenv("SUDO_USER");

	return g_strdup_printf("command line, %s",
			       invoker ? invoker : g_get_user_name());
}
