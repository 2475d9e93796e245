#include "profile/template.h"

#include <string.h>

#include "base/embedded.h"
#include "profile/yaml.h"

#include "embedded/roles.h"
#include "embedded/templates.h"
#include "embedded/wiring.h"

#define TITLE		"# title: "
#define STATE		"/var/lib/pitchward"
#define POSTFIX_ROOT	"/var/spool/postfix/"
#define CHROOT_SOCKET	"unix:pitchward/milter.sock"
#define POSTFIX_SOCKET	"unix:" POSTFIX_ROOT "pitchward/milter.sock"
#define SENDMAIL_SOCKET "unix:/run/pitchward/milter.sock"

/* What "{{name}}" in a template stands for. */
struct slot {
	const char *name;
	const char *value;
};

static const char *
find_text(const struct embedded *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return (const char *)table->data;
	return NULL;
}

/* Every slot that a template of ours names must be there. */
static const char *
slot_value(const struct slot *slots, gsize n, const char *name, gsize len)
{
	for (gsize i = 0; i < n; i++)
		if (strlen(slots[i].name) == len &&
		    memcmp(slots[i].name, name, len) == 0)
			return slots[i].value;
	g_assert_not_reached();
}

/* Values are not looked into: an answer with "{{" in it stays what it is. */
static char *
fill(const char *text, const struct slot *slots, gsize n)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *open;

	while ((open = strstr(text, "{{")) != NULL) {
		const char *name = open + 2;
		const char *close = strstr(name, "}}");

		g_assert(close);
		g_string_append_len(out, text, open - text);
		g_string_append(
			out, slot_value(slots, n, name, (gsize)(close - name)));
		text = close + 2;
	}
	g_string_append(out, text);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ["a", "b"] */
static char *
quote_list(const char *const *texts)
{
	g_autoptr(GString) list = g_string_new("[");

	for (; texts && *texts; texts++) {
		g_autofree char *quoted = yaml_quote(*texts);

		g_string_append_printf(list, "%s%s", list->len > 1 ? ", " : "",
				       quoted);
	}
	g_string_append_c(list, ']');
	return g_string_free(g_steal_pointer(&list), FALSE);
}

const char **
template_names(void)
{
	const char **names = g_new0(const char *, G_N_ELEMENTS(roles_files));

	for (gsize i = 0; roles_files[i].name; i++)
		names[i] = roles_files[i].name;
	return names;
}

char *
template_title(const char *role)
{
	const char *text = find_text(roles_files, role);

	if (!text)
		return NULL;
	g_assert(g_str_has_prefix(text, TITLE));
	text += strlen(TITLE);
	return g_strndup(text, strcspn(text, "\n"));
}

/* A profile from a role's text, whose first line is its title. */
static char *
render(const char *role, const struct template_answers *answers)
{
	g_autofree char *usual = template_title(answers->role);
	g_autofree char *title =
		yaml_quote(answers->title ? answers->title : usual);
	g_autofree char *name = yaml_quote(answers->name);
	g_autofree char *addresses = quote_list(answers->addresses);
	g_autofree char *sector =
		yaml_quote(answers->sector ? answers->sector : "");
	g_autofree char *employees = g_strdup_printf("%u", answers->employees);
	g_autofree char *regions = quote_list(answers->regions);
	g_autofree char *zone =
		yaml_quote(answers->zone ? answers->zone : "UTC");
	const struct slot slots[] = {
		{ "name", name },
		{ "role", title },
		{ "addresses", addresses },
		{ "sector", sector },
		{ "employees", employees },
		{ "regions", regions },
		{ "zone", zone },
		{ "interests", role + strcspn(role, "\n") + 1 },
	};

	return fill(find_text(templates_files, "profile"), slots,
		    G_N_ELEMENTS(slots));
}

char *
template_render(const struct template_answers *answers)
{
	const char *role = find_text(roles_files, answers->role);

	return role ? render(role, answers) : NULL;
}

/* Text for a remark: one line whatever it holds. */
static char *
one_line(const char *text)
{
	char *line = g_utf8_make_valid(text, -1);

	return g_strdelimit(line, "\r\n\t\v\f", ' ');
}

/* The socket as main.cf wants it: HOST:PORT, paths as the chroot sees them. */
static char *
postfix_socket(const char *socket)
{
	if (g_str_has_prefix(socket, "unix:" POSTFIX_ROOT))
		return g_strconcat(
			"unix:", socket + strlen("unix:" POSTFIX_ROOT), NULL);
	if (g_str_has_prefix(socket, "inet:") && strchr(socket, '@')) {
		const char *port = socket + strlen("inet:");
		const char *at = strchr(port, '@');

		return g_strdup_printf("inet:%s:%.*s", at + 1, (int)(at - port),
				       port);
	}
	return g_strdup(socket);
}

static gboolean
is_remark(const char *line)
{
	return *line == '\0' || *line == '#' || g_str_has_prefix(line, "dnl ");
}

/* The lines of contrib/ for a file of the MTA's, as remarks of ours. */
static char *
recipe(const char *name, const char *indent)
{
	g_auto(GStrv) lines =
		g_strsplit(find_text(wiring_files, name), "\n", -1);
	GString *out = g_string_new(NULL);

	for (char **line = lines; *line; line++)
		if (!is_remark(*line))
			g_string_append_printf(out, "%s#   %s\n", indent,
					       *line);
	return g_string_free(out, FALSE);
}

static char *
replace(const char *text, const char *old, const char *new)
{
	g_auto(GStrv) parts = g_strsplit(text, old, -1);

	return g_strjoinv(new, parts);
}

static char *
wiring(enum template_mta mta, const char *socket)
{
	const gboolean is_sendmail = mta == TEMPLATE_SENDMAIL;
	g_autofree char *line = one_line(socket);
	g_autofree char *postfix = postfix_socket(line);
	g_autofree char *usual =
		recipe(is_sendmail ? "pitchward" : "main", "  ");
	g_autofree char *lines =
		is_sendmail ? replace(usual, SENDMAIL_SOCKET, line)
			    : replace(usual, CHROOT_SOCKET, postfix);

	if (is_sendmail)
		return g_strconcat(
			"  # In sendmail.mc, behind the filters that check "
			"DKIM and DMARC, and behind\n"
			"  # any DAEMON_OPTIONS:\n",
			lines, NULL);
	return g_strconcat("  # In Postfix's main.cf, behind the filters that "
			   "check DKIM and DMARC (a\n"
			   "  # path is seen from Postfix's chroot, "
			   "/var/spool/postfix):\n",
			   lines, NULL);
}

static char *
listener(enum template_mta mta)
{
	g_autofree char *lines = recipe("master", "");

	if (mta == TEMPLATE_SENDMAIL)
		return g_strdup("# With sendmail, that of the last line "
				"above.\n");
	return g_strconcat("# In Postfix's master.cf:\n", lines, NULL);
}

static char *
quote_path(const char *folder, const char *name, const char *scheme)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *url = g_strconcat(scheme, path, NULL);

	return yaml_quote(url);
}

char *
template_render_config(const struct template_site *site)
{
	const char *state = site->state ? site->state : STATE;
	const char *socket = site->socket		      ? site->socket
			     : site->mta == TEMPLATE_SENDMAIL ? SENDMAIL_SOCKET
							      : POSTFIX_SOCKET;
	const char *const domains[] = { site->domain, NULL };
	g_autofree char *door = listener(site->mta);
	g_autofree char *quoted_socket = yaml_quote(socket);
	g_autofree char *remark = wiring(site->mta, socket);
	g_autofree char *authserv_id = yaml_quote(
		site->authserv_id ? site->authserv_id : g_get_host_name());
	g_autofree char *domain_list = quote_list(domains);
	g_autofree char *models = quote_path(state, "models", "");
	g_autofree char *store =
		site->store ? yaml_quote(site->store)
			    : quote_path(state, "pitchward.db", "sqlite:");
	g_autofree char *spool = quote_path(state, "spool", "");
	g_autofree char *key = quote_path(state, "key", "");
	const struct slot slots[] = {
		{ "socket", quoted_socket },
		{ "wiring", remark },
		{ "authserv_id", authserv_id },
		{ "domains", domain_list },
		{ "models", models },
		{ "store", store },
		{ "spool", spool },
		{ "key", key },
		{ "listener", door },
	};

	return fill(find_text(templates_files, "pitchward"), slots,
		    G_N_ELEMENTS(slots));
}
