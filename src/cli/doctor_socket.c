#include "doctor_private.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/identity.h"
#include "probe_private.h"

#define FILE_MAX (4 << 20)

/*
 * The socket may be root's and the MTA's alone, as systemd makes it. Wherever
 * its path leads, nothing is said there but how a milter is greeted.
 */
static gboolean
greet_milter(const struct probe_address *address, GError **error)
{
	const struct identity acting = identity_pause();
	const gboolean ok = probe_milter(address, error);

	identity_resume(acting);
	return ok;
}

void
doctor_socket(struct doctor *doctor)
{
	g_auto(ProbeAddress) address = { 0 };
	g_autoptr(GError) error = NULL;

	if (probe_address_parse(doctor->config->socket, &address, &error) &&
	    greet_milter(&address, &error))
		doctor_report(doctor, FINDING_OK, "socket", NULL,
			      "%s answers as a milter", doctor->config->socket);
	else if (g_error_matches(error, BASE_ERROR, BASE_ERROR_DENIED))
		doctor_report(doctor, FINDING_WARN, "socket",
			      "run doctor as root", "%s", error->message);
	else
		doctor_report(doctor, FINDING_FAIL, "socket",
			      "start pitchward-milter; its log says why it "
			      "does not run",
			      "%s", error->message);
}

void
doctor_release(struct doctor *doctor)
{
	g_auto(ProbeAddress) address = { 0 };
	g_autoptr(GError) error = NULL;

	if (probe_address_parse(doctor->config->release, &address, &error) &&
	    probe_smtp(&address, doctor->buyer, &error))
		doctor_report(doctor, FINDING_OK, "release", NULL,
			      "%s takes mail", doctor->config->release);
	else if (address.host &&
		 g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID))
		doctor_report(doctor, FINDING_FAIL, "release",
			      "held mail cannot be given back; give that "
			      "listener all the lines of "
			      "pitchward-operations(7)",
			      "%s:%s %s", address.host, address.port,
			      error->message);
	else
		doctor_report(doctor, FINDING_FAIL, "release",
			      "held mail cannot be given back; let the MTA "
			      "listen there",
			      "%s", error->message);
}

void
doctor_web(struct doctor *doctor)
{
	const struct config_web *web = &doctor->config->web;
	g_autofree char *where = g_strconcat("inet:", web->listen, NULL);
	g_auto(ProbeAddress) address = { 0 };
	g_autoptr(GError) error = NULL;

	if (!web->given)
		return;
	if (probe_address_parse(where, &address, &error) &&
	    probe_web(&address, web->listen, &error))
		doctor_report(doctor, FINDING_OK, "web", NULL,
			      "%s answers, and has its store", web->listen);
	else if (g_error_matches(error, BASE_ERROR, BASE_ERROR_INVALID))
		doctor_report(doctor, FINDING_WARN, "web",
			      "see the log of pitchward-web, and 'ss -tlnp' "
			      "for who listens there",
			      "%s: %s", web->listen, error->message);
	else
		doctor_report(doctor, FINDING_WARN, "web",
			      "systemctl enable --now pitchward-web, where "
			      "links of digests are to lead somewhere",
			      "%s", error->message);
}

char *
doctor_read(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, FILE_MAX, error);
	const char *data;
	gsize size;

	if (!bytes)
		return NULL;
	data = g_bytes_get_data(bytes, &size);
	return g_strndup(data ? data : "", size);
}

gboolean
doctor_is_verifier(const char *name)
{
	static const char *const words[] = { "dkim", "dmarc", "spf", "arc",
					     "rspamd" };
	g_autofree char *lower = g_ascii_strdown(name, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strstr(lower, words[i]))
			return TRUE;
	}
	return FALSE;
}
