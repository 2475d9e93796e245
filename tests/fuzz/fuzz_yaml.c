/*
 * Any bytes as a profile and as a configuration: no crash, no leak, and a
 * value exactly when there is no fault.
 */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "profile/config.h"
#include "profile/profile.h"
#include "profile/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fuzz_tree(const char *text, size_t size)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Yaml) yaml = yaml_parse("f", text, size, faults);

	if (!yaml) {
		g_assert(faults_count(faults) > 0);
		return;
	}
	g_free(yaml_keys(yaml_root(yaml)));
	yaml_finish(yaml_root(yaml));
	g_assert(yaml_failed(yaml) == (faults_count(faults) > 0));
	faults_report(faults, NULL);
}

static void
fuzz_profile(const char *text, size_t size)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) limits = config_default();
	g_autoptr(Profile) profile = profile_parse("f", text, size, faults);

	g_assert((profile != NULL) == (faults_count(faults) == 0));
	if (!profile)
		return;
	profile_within_limits(profile, limits, faults);
	profile_clamp(profile, limits);
	sender_listed(profile->allow, profile->addresses[0]);
}

static void
fuzz_config(const char *text, size_t size)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = config_parse("f", text, size, faults);

	g_assert((config != NULL) == (faults_count(faults) == 0));
	if (!config)
		return;
	config_internal_client(config, "::ffff:10.1.2.3");
	config_internal_domain(config, "mail.example.org");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	fuzz_tree(text, size);
	fuzz_profile(text, size);
	fuzz_config(text, size);
	return 0;
}
