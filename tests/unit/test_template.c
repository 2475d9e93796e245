/* What `pitchward init` writes is valid, whatever a person answered. */
#include <glib.h>
#include <string.h>

#include "profile/config.h"
#include "profile/profile.h"
#include "profile/template.h"

static const char *const addresses[] = { "jo@x.example", "it@x.example", NULL };
static const char *const regions[] = { "NO", "EU: north", NULL };

static struct profile *
load_rendered(const struct template_answers *answers)
{
	g_autofree char *text = template_render(answers);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct profile *profile;

	g_assert_nonnull(text);
	profile = profile_parse("jo.yaml", text, strlen(text), faults);
	faults_report(faults, &error);
	g_assert_no_error(error);
	return profile;
}

/* Every role, with the least that must be answered. */
static void
test_roles(void)
{
	g_autofree const char **names = template_names();

	g_assert_cmpuint(g_strv_length((char **)(gpointer)names), ==, 10);
	for (guint i = 0; names[i]; i++) {
		const struct template_answers answers = {
			.role = names[i],
			.name = "Jo",
			.addresses = addresses,
		};
		g_autoptr(Profile) profile = load_rendered(&answers);
		g_autofree char *title = template_title(names[i]);

		g_assert_cmpstr(profile->role, ==, title);
		g_assert_cmpuint(profile->priorities->len, >=, 2);
		g_assert_cmpuint(profile->priorities->len, <=, 4);
		g_assert_cmpuint(profile->refusals->len, >=, 2);
		g_assert_cmpstr(profile->digest.zone, ==, "UTC");
		if (i > 0)
			g_assert_cmpstr(names[i - 1], <, names[i]);
	}
}

static void
test_answers(void)
{
	const struct template_answers answers = {
		.role = "it",
		.name = "Jo \"The Box\" O'Neil # {{zone}}: yes\nrole: x",
		.title = "*Head & Chief* of [IT]",
		.addresses = addresses,
		.sector = "oil & gas: downstream",
		.employees = 4200,
		.regions = regions,
		.zone = "Europe/Oslo",
	};
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Profile) profile = NULL;
	struct template_answers plain = answers;

	/* A name of two lines is a fault of the person's, told as one. */
	{
		g_autofree char *text = template_render(&answers);

		g_assert_null(
			profile_parse("jo.yaml", text, strlen(text), faults));
		g_assert_cmpuint(faults_count(faults), ==, 1);
		g_assert_true(g_str_has_suffix(faults_get(faults, 0),
					       "name must be one line"));
	}
	plain.name = "Jo \"The Box\" O'Neil # {{zone}}: yes";
	profile = load_rendered(&plain);
	g_assert_cmpstr(profile->name, ==, plain.name);
	g_assert_cmpstr(profile->role, ==, "*Head & Chief* of [IT]");
	g_assert_cmpstr(profile->addresses[1], ==, "it@x.example");
	g_assert_cmpstr(profile->sector, ==, "oil & gas: downstream");
	g_assert_cmpfloat(profile->employees, ==, 4200);
	g_assert_cmpstr(profile->regions[0], ==, "NO");
	g_assert_cmpstr(profile->regions[1], ==, "EU: north");
	g_assert_cmpstr(profile->digest.zone, ==, "Europe/Oslo");
}

static void
test_no_such_role(void)
{
	const struct template_answers answers = {
		.role = "astronaut",
		.name = "Jo",
		.addresses = addresses,
	};

	g_assert_null(template_render(&answers));
	g_assert_null(template_title("astronaut"));
}

static struct config *
load_site(const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	struct config *config = config_parse("/etc/pitchward/pitchward.yaml",
					     text, strlen(text), faults);

	faults_report(faults, &error);
	g_assert_no_error(error);
	return config;
}

static void
test_site_defaults(void)
{
	struct template_site site = {
		.domain = "x.example",
		.mta = TEMPLATE_POSTFIX,
	};
	g_autofree char *postfix = template_render_config(&site);
	g_autofree char *sendmail = NULL;
	g_autoptr(Config) config = load_site(postfix);
	g_autoptr(Config) other = NULL;

	g_assert_cmpstr(config->socket, ==,
			"unix:/var/spool/postfix/pitchward/milter.sock");
	g_assert_cmpstr(config->internal_domains[0], ==, "x.example");
	g_assert_cmpstr(config->authserv_ids[0], ==, g_get_host_name());
	g_assert_cmpstr(config->store, ==,
			"sqlite:/var/lib/pitchward/pitchward.db");
	g_assert_nonnull(strstr(postfix, "{ unix:pitchward/milter.sock, "));
	g_assert_nonnull(strstr(postfix, "default_action=accept }\n"));
	g_assert_nonnull(
		strstr(postfix, "\n#     -o smtpd_sender_restrictions=\n"));
	site.mta = TEMPLATE_SENDMAIL;
	sendmail = template_render_config(&site);
	other = load_site(sendmail);
	g_assert_cmpstr(other->socket, ==, "unix:/run/pitchward/milter.sock");
	g_assert_nonnull(strstr(sendmail, "INPUT_MAIL_FILTER(`pitchward', "
					  "`S=unix:/run/pitchward/"));
	g_assert_nonnull(strstr(sendmail, "`DAEMON_OPTIONS(`Name=MTA')')"));
	g_assert_null(strstr(sendmail, "main.cf"));
	g_assert_null(strstr(sendmail, "smtpd"));
}

static void
test_site_answers(void)
{
	const struct template_site site = {
		.domain = "x.example",
		.authserv_id = "mx.x.example",
		.state = "/srv/my state: here",
		.store = "postgresql:///pitchward",
		.socket = "inet:8891@127.0.0.1",
		.mta = TEMPLATE_POSTFIX,
	};
	g_autofree char *text = template_render_config(&site);
	g_autoptr(Config) config = load_site(text);

	g_assert_cmpstr(config->authserv_ids[0], ==, "mx.x.example");
	g_assert_cmpstr(config->store, ==, "postgresql:///pitchward");
	g_assert_cmpstr(config->spool, ==, "/srv/my state: here/spool");
	g_assert_cmpstr(config->models, ==, "/srv/my state: here/models");
	g_assert_cmpstr(config->key, ==, "/srv/my state: here/key");
	g_assert_cmpstr(config->socket, ==, "inet:8891@127.0.0.1");
	g_assert_nonnull(strstr(text, "{ inet:127.0.0.1:8891, "));
}

/* An answer must not leave the remark it stands in. */
static void
test_site_hostile(void)
{
	const struct template_site site = {
		.domain = "x.example",
		.socket = "unix:/run/a\nmode: enforce\nb: c",
		.mta = TEMPLATE_SENDMAIL,
	};
	g_autofree char *text = template_render_config(&site);

	g_assert_null(strstr(text, "\nmode: enforce"));
	g_assert_nonnull(strstr(text, "\nmode: observe"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/template/roles", test_roles);
	g_test_add_func("/template/answers", test_answers);
	g_test_add_func("/template/no such role", test_no_such_role);
	g_test_add_func("/template/site defaults", test_site_defaults);
	g_test_add_func("/template/site answers", test_site_answers);
	g_test_add_func("/template/site hostile", test_site_hostile);
	return g_test_run();
}
