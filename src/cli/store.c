#include "command_private.h"

#include <glib.h>
#include <stdio.h>
#include <sysexits.h>

#include "failure_private.h"
#include "installation_private.h"
#include "options_private.h"
#include "print_private.h"

static void
print_result(const struct options *options, const struct config *config)
{
	json_t *object;

	if (!options->json) {
		print_text(config->store, FALSE);
		puts(": ok");
		return;
	}
	object = json_object();
	json_object_set_new(object, "store", print_json_text(config->store));
	json_object_set_new(object, "ok", json_true());
	print_json(object);
}

static gboolean
verify(const struct options *options, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store =
		config ? installation_store(config, error) : NULL;

	if (!store || !store_verify(store, error))
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

int
store_main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "verify", "check that everything can be read", verify_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward store",
		.about = "Where held mail and contacts are kept.",
		.commands = commands,
	};

	return command_run(&table, argc, argv);
}
