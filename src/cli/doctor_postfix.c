#include "doctor_private.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access_private.h"
#include "maincf_private.h"
#include "probe_private.h"

#define QUEUE_DEFAULT "/var/spool/postfix"

/* Postfix as far as it concerns us. */
struct postfix {
	struct doctor *doctor;
	const char *folder;
	GHashTable *parameters;
	GPtrArray *services;
	GPtrArray *milters;
	char *queue;
	gboolean chrooted;
	struct probe_address ours;
};

/* With the defaults as postconf knows them; NULL when it cannot be run. */
static char *
run_postconf(const char *folder)
{
	g_autofree char *copy = g_strdup(folder);
	char name[] = "postconf";
	char option[] = "-c";
	char *argv[] = { name, option, copy, NULL };
	const GSpawnFlags flags =
		G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL;
	char *text = NULL;
	int status = 0;

	if (g_spawn_sync(NULL, argv, NULL, flags, NULL, NULL, &text, NULL,
			 &status, NULL) &&
	    status == 0)
		return text;
	g_free(text);
	return NULL;
}

static gboolean
is_port_25(const char *name)
{
	return strcmp(name, "smtp") == 0 || strcmp(name, "25") == 0 ||
	       g_str_has_suffix(name, ":smtp") || g_str_has_suffix(name, ":25");
}

/* The smtpd that takes mail from outside: that of port 25, else the first. */
static const struct mastercf_service *
find_smtpd(GPtrArray *services)
{
	const struct mastercf_service *first = NULL;

	for (guint i = 0; i < services->len; i++) {
		const struct mastercf_service *service = services->pdata[i];

		if (strcmp(service->command, "smtpd") != 0 ||
		    strcmp(service->type, "unix") == 0)
			continue;
		if (is_port_25(service->name))
			return service;
		if (!first)
			first = service;
	}
	return first;
}

/* '-' means no since Postfix 3.0, unless it is told to be older. */
static gboolean
is_chrooted(GHashTable *parameters, const struct mastercf_service *smtpd)
{
	g_autofree char *level =
		maincf_get(parameters, "compatibility_level", "0");

	if (!smtpd || smtpd->chroot == '-')
		return level[0] == '0';
	return smtpd->chroot == 'y';
}

static void
interpret(struct postfix *postfix)
{
	const struct mastercf_service *smtpd = find_smtpd(postfix->services);
	const char *own =
		smtpd ? g_hash_table_lookup(smtpd->overrides, "smtpd_milters")
		      : NULL;
	g_autofree char *value = NULL;

	if (own)
		g_hash_table_insert(postfix->parameters,
				    g_strdup("smtpd_milters"), g_strdup(own));
	value = maincf_get(postfix->parameters, "smtpd_milters", "");
	postfix->milters = maincf_milters(value);
	postfix->queue = maincf_get(postfix->parameters, "queue_directory",
				    QUEUE_DEFAULT);
	postfix->chrooted = is_chrooted(postfix->parameters, smtpd);
}

static gboolean
postfix_read(struct postfix *postfix, GError **error)
{
	g_autofree char *main_path =
		g_build_filename(postfix->folder, "main.cf", NULL);
	g_autofree char *master_path =
		g_build_filename(postfix->folder, "master.cf", NULL);
	g_autofree char *main_text = doctor_read(main_path, error);
	g_autofree char *master_text =
		main_text ? doctor_read(master_path, error) : NULL;
	g_autofree char *full = NULL;

	if (!master_text)
		return FALSE;
	full = run_postconf(postfix->folder);
	postfix->parameters = maincf_parse(full ? full : main_text);
	postfix->services = mastercf_parse(master_text);
	interpret(postfix);
	return TRUE;
}

static void
postfix_clear(struct postfix *postfix)
{
	g_clear_pointer(&postfix->parameters, g_hash_table_unref);
	g_clear_pointer(&postfix->services, g_ptr_array_unref);
	g_clear_pointer(&postfix->milters, g_ptr_array_unref);
	g_clear_pointer(&postfix->queue, g_free);
	probe_address_clear(&postfix->ours);
}

/* The same file by another name is the same socket. */
static gboolean
same_file(const char *a, const char *b)
{
	struct stat left;
	struct stat right;

	if (strcmp(a, b) == 0)
		return TRUE;
	return stat(a, &left) == 0 && stat(b, &right) == 0 &&
	       left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

static char *
path_of(const struct postfix *postfix, const struct maincf_milter *milter)
{
	return maincf_socket_path(milter->address, postfix->queue,
				  postfix->chrooted);
}

static gboolean
is_ours(const struct postfix *postfix, const struct maincf_milter *milter)
{
	g_autofree char *path = path_of(postfix, milter);
	g_auto(ProbeAddress) address = { 0 };

	if (path)
		return postfix->ours.path &&
		       same_file(path, postfix->ours.path);
	return probe_address_parse(milter->address, &address, NULL) &&
	       probe_address_equal(&address, &postfix->ours);
}

/* One whose file has our name in another folder: a chroot forgotten. */
static const struct maincf_milter *
find_misplaced(const struct postfix *postfix)
{
	for (guint i = 0; i < postfix->milters->len; i++) {
		const struct maincf_milter *milter = postfix->milters->pdata[i];
		g_autofree char *path = path_of(postfix, milter);

		if (path && postfix->ours.path &&
		    strcmp(strrchr(path, '/'),
			   strrchr(postfix->ours.path, '/')) == 0)
			return milter;
	}
	return NULL;
}

static void
report_absent(const struct postfix *postfix)
{
	const struct maincf_milter *near = find_misplaced(postfix);
	const char *socket = postfix->doctor->config->socket;
	g_autofree char *meant = near ? path_of(postfix, near) : NULL;

	if (near && meant)
		doctor_report(postfix->doctor, FINDING_FAIL, "postfix",
			      "let smtpd_milters and milter.socket of "
			      "pitchward.yaml name the same file",
			      "%s is %s to Postfix%s, but we listen at %s",
			      near->address, meant,
			      postfix->chrooted ? " in its chroot" : "",
			      socket);
	else
		doctor_report(postfix->doctor, FINDING_FAIL, "postfix",
			      "add it to smtpd_milters, with "
			      "default_action=accept",
			      "smtpd_milters of %s does not have %s",
			      postfix->folder, socket);
}

static void
check_action(const struct postfix *postfix, const struct maincf_milter *milter)
{
	g_autofree char *common = maincf_get(
		postfix->parameters, "milter_default_action", "tempfail");
	const char *action =
		milter->default_action ? milter->default_action : common;
	gboolean reject = strcmp(action, "reject") == 0;

	if (strcmp(action, "accept") == 0)
		doctor_report(postfix->doctor, FINDING_OK, "postfix-action",
			      NULL, "mail passes when the filter is away");
	else
		doctor_report(postfix->doctor,
			      reject ? FINDING_FAIL : FINDING_WARN,
			      "postfix-action",
			      "set default_action=accept beside our socket in "
			      "smtpd_milters",
			      "when the filter is away, the action for all "
			      "mail is %s",
			      action);
}

static void
check_protocol(const struct postfix *postfix)
{
	g_autofree char *text =
		maincf_get(postfix->parameters, "milter_protocol", "6");

	if (g_ascii_strtoull(text, NULL, 10) < 6)
		doctor_report(postfix->doctor, FINDING_FAIL, "postfix-protocol",
			      "remove milter_protocol from main.cf",
			      "milter_protocol is %s; 6 is needed", text);
}

static void
check_order(const struct postfix *postfix, guint place)
{
	for (guint i = place + 1; i < postfix->milters->len; i++) {
		const struct maincf_milter *milter = postfix->milters->pdata[i];

		if (!doctor_is_verifier(milter->address))
			continue;
		doctor_report(postfix->doctor, FINDING_WARN, "postfix-order",
			      "put what verifies mail before us in "
			      "smtpd_milters",
			      "%s comes after us: we do not see what it finds",
			      milter->address);
		return;
	}
}

/* Whether Postfix's own user gets through to the socket. */
static void
check_reach(const struct postfix *postfix)
{
	g_autofree char *name =
		maincf_get(postfix->parameters, "mail_owner", "postfix");
	const char *path = postfix->ours.path;
	g_auto(AccessUser) user = { 0 };
	g_autoptr(GError) error = NULL;

	if (!path)
		return;
	if (access_user_find(name, &user, &error) &&
	    access_path(&user, path, &error))
		doctor_report(postfix->doctor, FINDING_OK, "postfix-reach",
			      NULL, "user %s can use %s", name, path);
	else
		doctor_report(postfix->doctor,
			      getuid() == 0 ? FINDING_FAIL : FINDING_WARN,
			      "postfix-reach",
			      "milter.socket_group: postfix, mode 0660, and a "
			      "folder that this group may enter",
			      "%s", error->message);
}

/* Our place in smtpd_milters; `len` when we are not there. */
static guint
find_ours(const struct postfix *postfix)
{
	guint place = 0;

	while (place < postfix->milters->len &&
	       !is_ours(postfix, postfix->milters->pdata[place]))
		place++;
	return place;
}

static void
check_all(const struct postfix *postfix)
{
	const struct maincf_milter *milter;
	guint place = find_ours(postfix);

	if (place == postfix->milters->len) {
		report_absent(postfix);
		return;
	}
	milter = postfix->milters->pdata[place];
	doctor_report(postfix->doctor, FINDING_OK, "postfix", NULL,
		      "smtpd_milters of %s has %s", postfix->folder,
		      milter->address);
	check_reach(postfix);
	check_action(postfix, milter);
	check_protocol(postfix);
	check_order(postfix, place);
}

void
doctor_postfix(struct doctor *doctor, const char *folder)
{
	struct postfix postfix = { .doctor = doctor, .folder = folder };
	g_autoptr(GError) error = NULL;

	if (probe_address_parse(doctor->config->socket, &postfix.ours,
				&error) &&
	    postfix_read(&postfix, &error))
		check_all(&postfix);
	else
		doctor_report(doctor, FINDING_FAIL, "postfix",
			      "name Postfix's folder by --postfix DIR", "%s",
			      error->message);
	postfix_clear(&postfix);
}
