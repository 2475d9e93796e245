#include "callbacks_private.h"

#include <arpa/inet.h>
#include <libmilter/mfapi.h>
#include <stdbool.h>
#include <string.h>

#include "base/failpoint.h"
#include "milter/eom.h"
#include "milter/session.h"

/* Longer than any MTA waits between two commands of a client. */
#define IDLE_SECONDS 7210

/*
 * libmilter hands nothing to its callbacks but the connection, so what they
 * share is reached here. Set once before it starts, never changed.
 */
static struct site *shared;

static const struct {
	unsigned long action;
	guint ability;
} abilities[] = {
	{ SMFIF_ADDHDRS, PLAN_CAN_ADD },
	{ SMFIF_CHGHDRS, PLAN_CAN_CHANGE },
	{ SMFIF_DELRCPT, PLAN_CAN_REMOVE },
	{ SMFIF_ADDRCPT, PLAN_CAN_REDIRECT },
	{ SMFIF_QUARANTINE, PLAN_CAN_HOLD },
};

/*
 * Steps whose reply nobody needs, so that the MTA sends on without waiting.
 * DATA keeps its reply: it is where a message can be accepted before its
 * header and body are sent. libmilter fakes the replies for an MTA that does
 * wait, so these callbacks never give one.
 */
#define NO_REPLIES                                                             \
	(SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR |        \
	 SMFIP_NR_BODY)

static gboolean
mta_add_field(void *context, const char *name, const char *value)
{
	g_autofree char *n = g_strdup(name);
	g_autofree char *v = g_strdup(value);

	return smfi_addheader(context, n, v) == MI_SUCCESS;
}

static gboolean
mta_change_field(void *context, const char *name, guint index,
		 const char *value)
{
	g_autofree char *n = g_strdup(name);
	g_autofree char *v = g_strdup(value);

	return smfi_chgheader(context, n, (int)index, v) == MI_SUCCESS;
}

static gboolean
mta_add_rcpt(void *context, const char *rcpt)
{
	g_autofree char *r = g_strdup(rcpt);

	return smfi_addrcpt(context, r) == MI_SUCCESS;
}

static gboolean
mta_remove_rcpt(void *context, const char *rcpt)
{
	g_autofree char *r = g_strdup(rcpt);

	return smfi_delrcpt(context, r) == MI_SUCCESS;
}

static gboolean
mta_hold(void *context, const char *reason)
{
	g_autofree char *r = g_strdup(reason);

	return smfi_quarantine(context, r) == MI_SUCCESS;
}

static gboolean
mta_progress(void *context)
{
	return smfi_progress(context) == MI_SUCCESS;
}

/* The value of a macro, or "". Good until the callback returns. */
static const char *
macro(SMFICTX *ctx, const char *name)
{
	char text[32];
	const char *value;

	g_strlcpy(text, name, sizeof(text));
	value = smfi_getsymval(ctx, text);
	return value ? value : "";
}

/* Only the macros that are read: the MTA then sends no others. */
static void
ask_for_macros(SMFICTX *ctx)
{
	char mail[] = "i {auth_authen}";
	char end[] = "i";

	smfi_setsymlist(ctx, SMFIM_ENVFROM, mail);
	smfi_setsymlist(ctx, SMFIM_DATA, end);
	smfi_setsymlist(ctx, SMFIM_EOM, end);
}

static sfsistat
/* NOLINTNEXTLINE(readability-function-size): libmilter's signature */
on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long protocol,
	     unsigned long f2, unsigned long f3, unsigned long *want_actions,
	     unsigned long *want_protocol, unsigned long *want2,
	     unsigned long *want3)
{
	struct session *session;

	(void)f2;
	(void)f3;
	/*
	 * With no file descriptor left libmilter's listener would spin; the
	 * MTA does with this session what it does without a filter.
	 */
	if (atomic_fetch_add(&shared->sessions, 1) >= shared->sessions_max) {
		atomic_fetch_sub(&shared->sessions, 1);
		counter_add(&shared->counters->sessions_refused, 1);
		return SMFIS_REJECT;
	}
	counter_add(&shared->counters->sessions, 1);
	session = session_new(site_snapshot(shared), &shared->room);
	*want_actions = actions & SMFIF_SETSYMLIST;
	for (gsize i = 0; i < G_N_ELEMENTS(abilities); i++) {
		if (actions & abilities[i].action) {
			*want_actions |= abilities[i].action;
			session->abilities |= abilities[i].ability;
		}
	}
	*want_protocol = (*want_protocol & protocol) | NO_REPLIES |
			 (protocol & SMFIP_HDR_LEADSPC);
	*want2 = *want3 = 0;
	session->intake.leadspc = (protocol & SMFIP_HDR_LEADSPC) != 0;
	if (actions & SMFIF_SETSYMLIST)
		ask_for_macros(ctx);
	smfi_setpriv(ctx, session);
	return SMFIS_CONTINUE;
}

static sfsistat
on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	struct session *session = smfi_getpriv(ctx);
	char ip[INET6_ADDRSTRLEN] = "";

	(void)host;
	if (!address)
		return SMFIS_NOREPLY;
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, ip, sizeof(ip));
	} else if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, ip, sizeof(ip));
	}
	if (*ip)
		session_client(session, ip);
	return SMFIS_NOREPLY;
}

/* The message, if there is one, is not under way any more. */
static void
forget_message(struct session *session)
{
	if (session->counted)
		site_leave(shared);
	session->counted = FALSE;
	session_reset(session);
}

static sfsistat
on_mail(SMFICTX *ctx, char **argv)
{
	struct session *session = smfi_getpriv(ctx);

	if (session->answered)
		failpoint_hit("after-reply");
	forget_message(session);
	session_begin(session, site_snapshot(shared), argv[0],
		      *macro(ctx, "{auth_authen}") != '\0');
	return SMFIS_NOREPLY;
}

static sfsistat
on_rcpt(SMFICTX *ctx, char **argv)
{
	session_rcpt(smfi_getpriv(ctx), argv[0]);
	return SMFIS_NOREPLY;
}

/* From here on a stop waits for this message. */
static void
begin_content(struct session *session)
{
	session_decide(session);
	if (session->path != PATH_PASS)
		session->counted = site_enter(shared);
}

static sfsistat
on_data(SMFICTX *ctx)
{
	struct session *session = smfi_getpriv(ctx);

	begin_content(session);
	if (session->path == PATH_PASS) {
		eom_passed(shared, session, macro(ctx, "i"));
		session_reset(session);
		return SMFIS_ACCEPT;
	}
	return session->counted ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	struct session *session = smfi_getpriv(ctx);

	/* An MTA of protocol 3 or before has no DATA for us. */
	if (session->path == PATH_NONE)
		begin_content(session);
	if (session->path != PATH_PASS)
		intake_field(&session->intake, name, value);
	return SMFIS_NOREPLY;
}

static sfsistat
on_body(SMFICTX *ctx, unsigned char *chunk, size_t size)
{
	struct session *session = smfi_getpriv(ctx);

	if (session->path != PATH_PASS)
		intake_body(&session->intake, chunk, size);
	return SMFIS_NOREPLY;
}

static sfsistat
tempfail(SMFICTX *ctx)
{
	char code[] = "451";
	char status[] = "4.7.1";
	char text[] = "Service unavailable - try again later";

	smfi_setreply(ctx, code, status, text);
	return SMFIS_TEMPFAIL;
}

static sfsistat
end_message(SMFICTX *ctx, struct session *session)
{
	const struct mta mta = {
		.context = ctx,
		.add_field = mta_add_field,
		.change_field = mta_change_field,
		.add_rcpt = mta_add_rcpt,
		.remove_rcpt = mta_remove_rcpt,
		.hold = mta_hold,
		.progress = mta_progress,
	};

	if (session->path == PATH_NONE)
		begin_content(session);
	if (session->path == PATH_PASS) {
		eom_passed(shared, session, macro(ctx, "i"));
		return SMFIS_ACCEPT;
	}
	if (!session->counted)
		return tempfail(ctx);
	switch (eom_run(shared, session, &mta, macro(ctx, "i"))) {
	case PLAN_DISCARD:
		return SMFIS_DISCARD;
	case PLAN_TEMPFAIL:
		return tempfail(ctx);
	case PLAN_ACCEPT:
	default:
		return SMFIS_ACCEPT;
	}
}

static sfsistat
on_eom(SMFICTX *ctx)
{
	struct session *session = smfi_getpriv(ctx);
	sfsistat reply = end_message(ctx, session);

	forget_message(session);
	session->answered = TRUE;
	return reply;
}

/* May come twice for one message, or without any. */
static sfsistat
on_abort(SMFICTX *ctx)
{
	struct session *session = smfi_getpriv(ctx);

	if (session)
		forget_message(session);
	return SMFIS_CONTINUE;
}

/*
 * May come without an abort, and under the lock of libmilter's pool: nothing
 * here waits for anything.
 */
static sfsistat
on_close(SMFICTX *ctx)
{
	struct session *session = smfi_getpriv(ctx);

	if (!session)
		return SMFIS_CONTINUE;
	smfi_setpriv(ctx, NULL);
	forget_message(session);
	session_free(session);
	atomic_fetch_sub(&shared->sessions, 1);
	return SMFIS_CONTINUE;
}

static gboolean
register_filter(void)
{
	char name[] = "pitchward";
	struct smfiDesc filter = {
		.xxfi_name = name,
		.xxfi_version = SMFI_VERSION,
		.xxfi_connect = on_connect,
		.xxfi_envfrom = on_mail,
		.xxfi_envrcpt = on_rcpt,
		.xxfi_data = on_data,
		.xxfi_header = on_header,
		.xxfi_body = on_body,
		.xxfi_eom = on_eom,
		.xxfi_abort = on_abort,
		.xxfi_close = on_close,
		.xxfi_negotiate = on_negotiate,
	};

	return smfi_register(filter) == MI_SUCCESS;
}

/* The snapshot may be replaced while this thread begins to serve. */
static int
backlog_of(struct site *site)
{
	g_autoptr(Snapshot) snapshot = site_snapshot(site);

	return (int)snapshot->config->backlog;
}

gboolean
callbacks_serve(struct site *site, int fd)
{
	g_autofree char *where = g_strdup_printf("fd:%d", fd);

	shared = site;
	return smfi_setconn(where) == MI_SUCCESS && register_filter() &&
	       smfi_settimeout(IDLE_SECONDS) == MI_SUCCESS &&
	       smfi_setbacklog(backlog_of(site)) == MI_SUCCESS &&
	       smfi_main() == MI_SUCCESS;
}
