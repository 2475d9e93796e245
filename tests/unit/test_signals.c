/* Fingerprints: what a host or a mailer says about who sent a message. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "profile/signals.h"

#define BIT(kind) (1u << (kind))

static const struct {
	const char *host;
	guint bits;
} hosts[] = {
	{ "list-manage.com", BIT(SIGNAL_MAILING) },
	{ "acme.us7.list-manage.com", BIT(SIGNAL_MAILING) },
	{ "U123.CT.SENDGRID.NET", BIT(SIGNAL_MAILING) | BIT(SIGNAL_TRACKER) },
	{ "u123.wl.sendgrid.net", BIT(SIGNAL_MAILING) },
	{ "app.outreach.io", BIT(SIGNAL_ENGAGEMENT) },
	{ "d2v8.na1.hs-sales-engage.com", BIT(SIGNAL_ENGAGEMENT) },
	{ "t.sidekickopen07.com", BIT(SIGNAL_ENGAGEMENT) },
	{ "mailfoogae.appspot.com", BIT(SIGNAL_ENGAGEMENT) },
	{ "other.appspot.com", 0 },
	{ "h1.mltrk.io", BIT(SIGNAL_TRACKER) },
	{ "calendly.com", BIT(SIGNAL_SCHEDULER) },
	{ "calendly.com.", BIT(SIGNAL_SCHEDULER) },
	{ "meetings.hubspot.com", BIT(SIGNAL_SCHEDULER) },
	{ "www.hubspot.com", 0 },
	{ "notcalendly.com", 0 },
	{ "calendly.com.evil.example", 0 },
	{ "gmail.com", BIT(SIGNAL_PUBLIC) },
	{ "seznam.cz", BIT(SIGNAL_PUBLIC) },
	{ "cs.stanford.edu", BIT(SIGNAL_PUBLIC) },
	{ "student.ox.ac.uk", BIT(SIGNAL_PUBLIC) },
	{ "mailinator.com", BIT(SIGNAL_PUBLIC) },
	{ "meridianhealth.example", 0 },
	{ "education.example", 0 },
	{ "", 0 },
	{ ".", 0 },
	{ "..", 0 },
	{ "a..b", 0 },
};

static void
test_hosts(void)
{
	g_autoptr(Signals) signals = signals_builtin();
	g_autofree char *endless = g_strnfill(5000, '.');

	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
		guint bits = signals_of_host(signals, hosts[i].host);

		if (bits != hosts[i].bits)
			g_error("'%s' gives bits %x, not %x", hosts[i].host,
				bits, hosts[i].bits);
	}
	g_assert_cmpuint(signals_of_host(signals, endless), ==, 0);
	memset(endless, 'x', 5000);
	g_assert_cmpuint(signals_of_host(signals, endless), ==, 0);
}

static void
test_mailers(void)
{
	static const struct {
		const char *mailer;
		guint bits;
	} cases[] = {
		{ "MailChimp Mailer - **CID123**", BIT(SIGNAL_MAILING) },
		{ "Outreach", BIT(SIGNAL_ENGAGEMENT) },
		{ "Microsoft Outlook 16.0", 0 },
		{ "Apple Mail (2.3654.60.0.2.21)", 0 },
		{ "Mozilla Thunderbird", 0 },
		{ "", 0 },
	};
	g_autoptr(Signals) signals = signals_builtin();
	g_autofree char *endless = g_strnfill(100000, 'a');

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpuint(signals_of_mailer(signals, cases[i].mailer),
				 ==, cases[i].bits);
	g_assert_cmpuint(signals_of_mailer(signals, endless), ==, 0);
}

static char *
write_file(const char *text)
{
	char *path = NULL;
	int fd = g_file_open_tmp("pitchward-sig-XXXXXX", &path, NULL);

	g_assert_true(g_close(fd, NULL));
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* A site's own list replaces ours; a host may be of several kinds. */
static void
test_own_list(void)
{
	g_autofree char *path =
		write_file("version: 1\n"
			   "mailing: {hosts: [a.example]}\n"
			   "tracker: {hosts: [A.example, b.example],\n"
			   "  mailers: [\"Track It\"]}\n");
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Signals) signals = signals_load(path, faults);

	g_assert_nonnull(signals);
	g_assert_cmpuint(signals_of_host(signals, "x.a.example"), ==,
			 BIT(SIGNAL_MAILING) | BIT(SIGNAL_TRACKER));
	g_assert_cmpuint(signals_of_host(signals, "gmail.com"), ==, 0);
	g_assert_cmpuint(signals_of_mailer(signals, "track it 2.0"), ==,
			 BIT(SIGNAL_TRACKER));
	g_unlink(path);
}

static void
test_faults(void)
{
	g_autofree char *path =
		write_file("version: 1\n"
			   "mailing: {hosts: [a.example, A.example, -b, [c]]}\n"
			   "esp: {hosts: [b.example]}\n"
			   "tracker: {host: [b.example]}\n"
			   "engagement: {mailers: [x, {a: b}]}\n"
			   "scheduler: [a.example]\n");
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *expected = g_strdup_printf(
		"%s:2:30: 'a.example' is listed twice\n"
		"%s:2:41: '-b' is not a domain\n"
		"%s:2:45: hosts must be a list of texts, not a list\n"
		"%s:3:1: unknown key 'esp' (allowed: engagement, mailing, "
		"public, scheduler, tracker, version)\n"
		"%s:4:11: unknown key 'host', did you mean 'hosts'? (allowed: "
		"hosts, mailers)\n"
		"%s:5:24: a mailer needs at least 3 characters, or it would "
		"match anything\n"
		"%s:5:27: mailers must be a list of texts, not a mapping\n"
		"%s:6:12: scheduler must be a mapping (key: value), not a list",
		path, path, path, path, path, path, path, path);

	g_assert_null(signals_load(path, faults));
	g_assert_false(faults_report(faults, &error));
	g_assert_cmpstr(error->message, ==, expected);
	g_unlink(path);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/signals/hosts", test_hosts);
	g_test_add_func("/signals/mailers", test_mailers);
	g_test_add_func("/signals/own list", test_own_list);
	g_test_add_func("/signals/faults", test_faults);
	return g_test_run();
}
