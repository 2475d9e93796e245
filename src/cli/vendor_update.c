#include <glib.h>
#include <stdio.h>
#include <sysexits.h>

#include "failure_private.h"
#include "installation_private.h"
#include "market/vendor.h"
#include "options_private.h"
#include "print_private.h"
#include "vendor_private.h"

static void
print_done(const struct options *options, const struct vendor_update *done)
{
	json_t *object;

	if (!options->json) {
		printf("%u message%s read, %u quotation%s kept\n",
		       done->messages, print_plural(done->messages),
		       done->quotes, print_plural(done->quotes));
		return;
	}
	object = json_object();
	json_object_set_new(object, "messages", json_integer(done->messages));
	json_object_set_new(object, "quotes", json_integer(done->quotes));
	json_object_set_new(object, "gone", json_integer(done->gone));
	print_json(object);
}

static gboolean
run(const struct options *options, GError **error)
{
	g_autoptr(Config) config = installation_config(options, error);
	g_autoptr(Store) store = NULL;
	struct vendor_update done = { 0 };

	if (!config)
		return FALSE;
	if (!installation_tell_store(config))
		return TRUE;
	store = installation_store(config, error);
	if (!store || !vendor_update(store, &done, error))
		return FALSE;
	print_done(options, &done);
	return TRUE;
}

int
vendor_update_main(int argc, char **argv)
{
	const struct options_spec spec = {
		.command = "vendor update",
		.summary = "Reads what held mail claims, asks and offers as "
			   "proof, once each, before it expires; the digest's "
			   "timer runs it.",
		.examples = "  pitchward vendor update",
	};
	g_auto(Options) options = { 0 };
	g_autoptr(GError) error = NULL;

	if (!options_parse(&spec, argc, argv, &options, &error) ||
	    !run(&options, &error))
		return failure_exit(error);
	return EX_OK;
}
