#include "command_private.h"

#include <glib.h>
#include <stdio.h>
#include <sysexits.h>

#include "failure_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"
#include "store/copy.h"
#include "store/shared_key.h"
#include "store_private.h"
#include "transfer_private.h"

static void
print_result(const struct options *options, const struct config *config)
{
	g_autofree char *shown = store_url_shown(config->store);
	json_t *object;

	if (!options->json) {
		print_text(shown, FALSE);
		puts(": ok");
		return;
	}
	object = json_object();
	json_object_set_new(object, "store", print_json_text(shown));
	json_object_set_new(object, "ok", json_true());
	print_json(object);
}

static gboolean
verify(const struct options *options, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store =
		config ? installation_store(config, error) : NULL;

	if (!store || !transfer_verify(store, "checking", error))
		return FALSE;
	print_result(options, config);
	return TRUE;
}

static int
verify_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "store verify",
		.summary = "Checks that everything stored can be read.",
		.examples = "  pitchward store verify",
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    verify(&options, &error))
		return EX_OK;
	return failure_exit(error);
}

static gboolean
accept_key(const struct options *options, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store =
		config ? installation_store(config, error) : NULL;
	g_autoptr(Key) key = store ? installation_key(config, error) : NULL;

	if (!key || !store_key_set(store, key, error))
		return FALSE;
	print_result(options, config);
	return TRUE;
}

static int
accept_key_main(int argc, char **argv)
{
	static const struct options_spec spec = {
		.command = "store accept-key",
		.summary = "Makes this machine's site key the one of the "
			   "store, after it was changed on\nall machines. "
			   "Contacts of before are not known any more.",
		.examples = "  pitchward store accept-key",
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (options_parse(&spec, argc, argv, &options, &error) &&
	    accept_key(&options, &error))
		return EX_OK;
	return failure_exit(error);
}

int
store_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "verify", "check that everything can be read", verify_main },
		{ "backup", "copy everything into a file", store_backup_main },
		{ "restore", "copy a backup into the store",
		  store_restore_main },
		{ "migrate", "copy one store into another",
		  store_migrate_main },
		{ "accept-key", "take this machine's site key",
		  accept_key_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward store",
		.about = "Where held mail and contacts are kept.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
