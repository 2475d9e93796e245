/*
 * The administrator's and the auditor's pages: figures without the contents of
 * any mail, who is signed in, and what people did.
 */
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "page_private.h"
#include "sessions_private.h"
#include "site_private.h"
#include "store/audit.h"

#define AUDIT_ROWS 50

static void
figure(GString *out, const char *look, guint64 value, const char *what)
{
	g_string_append_printf(
		out, "<li class=\"figure %s\"><b>%" G_GUINT64_FORMAT "</b> ",
		look, value);
	html_text(out, what);
	g_string_append(out, "</li>");
}

static void
put_counts(GString *out, const struct store_stats *stats)
{
	g_string_append(out, "<section><h2>The last 24 hours, everybody's "
			     "mail</h2><ul class=\"figures\">");
	figure(out, "held", stats->held_day, "held");
	figure(out, "tagged", stats->tagged_day, "tagged");
	figure(out, "", stats->delivered_day, "delivered");
	g_string_append(out,
			"</ul><h2>In the store</h2><ul class=\"figures\">");
	figure(out, "held", stats->states[STORE_HELD], "held now");
	figure(out, "released", stats->states[STORE_RELEASED], "released");
	figure(out, stats->states[STORE_RELEASING] > 0 ? "bad" : "",
	       stats->states[STORE_RELEASING], "on their way out");
	figure(out, "", stats->states[STORE_EXPIRED], "expired");
	figure(out, "", stats->states[STORE_DELETED], "deleted");
	g_string_append(out, "</ul></section>\n");
}

static void
pair(GString *out, const char *name, const char *value)
{
	html_element(out, "dt", name);
	html_element(out, "dd", value);
}

static void
put_store_health(const struct web_request *request, struct web_reply *reply,
		 const struct store_stats *stats)
{
	GString *out = reply->body;
	g_autofree char *size = g_format_size(stats->bytes);
	g_autofree char *contacts =
		g_strdup_printf("%" G_GUINT64_FORMAT, stats->contacts);
	g_autofree char *dropped =
		g_strdup_printf("%" G_GUINT64_FORMAT, stats->dropped);
	g_autofree char *schema = g_strdup_printf("%u", stats->schema);

	pair(out, "Store", "answers");
	pair(out, "Size on disk", size);
	pair(out, "Schema", schema);
	pair(out, "Contacts known", contacts);
	pair(out, "Writes given up here", dropped);
	html_element(out, "dt", "Oldest held mail");
	g_string_append(out, "<dd>");
	if (stats->oldest_held_us > 0)
		page_time(request, reply, stats->oldest_held_us);
	else
		g_string_append(out, "none");
	g_string_append(out, "</dd>");
}

static void
put_program_health(const struct web_request *request, struct web_reply *reply)
{
	GString *out = reply->body;
	struct site_state *state = request->site->state;
	const struct snapshot *snapshot = request->snapshot;
	g_autofree char *fault = site_fault(request->site);
	g_autofree char *buyers = g_strdup_printf("%u", snapshot->buyers->len);
	g_autofree char *mails = g_strdup_printf(
		"%" G_GUINT64_FORMAT " mailed, %" G_GUINT64_FORMAT " failed",
		atomic_load(&state->counters.links),
		atomic_load(&state->counters.unmailed));

	pair(out, "Mode", config_modes[snapshot->config->mode]);
	pair(out, "Profiles", buyers);
	pair(out, "Models", snapshot->models);
	pair(out, "Links to sign in", mails);
	html_element(out, "dt", "Serving since");
	g_string_append(out, "<dd>");
	page_time(request, reply, state->begun_us);
	g_string_append(out, "</dd>");
	if (snapshot->unserved) {
		html_element(out, "dt", "Profiles with faults");
		g_string_append(out, "<dd class=\"fault\"><pre>");
		html_lines(out, snapshot->unserved);
		g_string_append(out, "</pre></dd>");
	}
	html_element(out, "dt", "Configuration");
	if (!fault)
		html_element(out, "dd", "as in the files");
	else {
		g_string_append(out,
				"<dd class=\"fault\">not taken over: <pre>");
		html_lines(out, fault);
		g_string_append(out, "</pre></dd>");
	}
}

static void
put_health(const struct web_request *request, struct web_reply *reply,
	   const struct store_stats *stats)
{
	g_string_append(reply->body,
			"<section><h2>Health</h2><dl class=\"pairs\">");
	if (stats)
		put_store_health(request, reply, stats);
	else
		pair(reply->body, "Store", "does not answer");
	put_program_health(request, reply);
	g_string_append(reply->body,
			"</dl><p class=\"hint\">More, and the mail server's "
			"side: <code>pitchward doctor</code>.</p></section>\n");
}

static void
put_roles(GString *out, const struct config_user *user)
{
	g_string_append(out, "<td data-label=\"Roles\">");
	for (guint i = 0; config_roles[i]; i++)
		if (user->roles & 1U << i) {
			html_element(out, "span class=\"chip\"",
				     config_roles[i]);
			g_string_append_c(out, ' ');
		}
	g_string_append(out, "</td>");
}

/* Who may do more than review their own mail; set in the configuration. */
static void
put_users(const struct web_request *request, GString *out)
{
	const GPtrArray *users = request->snapshot->config->web.users;

	g_string_append(out, "<section><h2>Roles</h2>");
	if (!users || users->len == 0)
		html_element(out, "p class=\"empty\"",
			     "Nobody but buyers: web.users is empty.");
	else
		html_table_open(out, NULL, "Address|Roles|For");
	for (guint i = 0; users && i < users->len; i++) {
		const struct config_user *user = users->pdata[i];
		g_autofree char *buyers = g_strjoinv(", ", user->buyers);

		g_string_append(out, "<tr>");
		html_element(out, "td data-label=\"Address\"", user->address);
		put_roles(out, user);
		html_element(out, "td data-label=\"For\"", buyers);
		g_string_append(out, "</tr>\n");
	}
	if (users && users->len > 0)
		html_table_close(out);
	html_element(out, "p class=\"hint\"",
		     "Every buyer with a profile may sign in, too. Roles are "
		     "changed in pitchward.yaml, under web.users.");
	g_string_append(out, "</section>\n");
}

static void
admin_page(const struct web_request *request, struct web_reply *reply)
{
	struct store_stats stats = { 0 };
	const gboolean well = store_stats(request->site->store, &stats, NULL);

	page_open(request, reply, "Admin", "admin");
	if (request_may(request, ACCESS_AUDIT, NULL))
		g_string_append(reply->body,
				"<p><a href=\"/admin/audit\">What people did: "
				"the audit log</a></p>\n");
	if (request->snapshot->groups->len > 0)
		g_string_append(reply->body,
				"<p><a href=\"/groups\">Buying groups</a>"
				"</p>\n");
	if (well)
		put_counts(reply->body, &stats);
	put_health(request, reply, well ? &stats : NULL);
	if (request_may(request, ACCESS_USERS, NULL)) {
		g_string_append(reply->body, "<section><h2>Signed in now</h2>");
		sessions_table(request, reply, NULL);
		g_string_append(reply->body, "</section>\n");
		put_users(request, reply->body);
	}
	page_close(request, reply);
}

static void
admin_end(const struct web_request *request, struct web_reply *reply)
{
	sessions_end(request, reply, NULL);
}

/* --- the audit log */

static void
put_filter(GString *out, const struct web_request *request, const char *name,
	   const char *label)
{
	g_string_append_printf(out,
			       "<label for=\"%s\">%s</label><input id=\"%s\" "
			       "name=\"%s\" value=\"",
			       name, label, name, name);
	html_text(out, request_query(request, name));
	g_string_append(out, "\"/>");
}

static void
put_audit_search(const struct web_request *request, GString *out)
{
	g_string_append(out, "<form class=\"search\" role=\"search\" "
			     "action=\"/admin/audit\">");
	put_filter(out, request, "who", "Who");
	put_filter(out, request, "action", "What");
	put_filter(out, request, "buyer", "Whose");
	g_string_append(out, "<button>Show</button></form>\n");
}

static void
put_audit_row(const struct web_request *request, struct web_reply *reply,
	      const struct store_audit *audit)
{
	GString *out = reply->body;

	g_string_append(out, "<tr><td data-label=\"When\">");
	page_time(request, reply, audit->time_us);
	g_string_append(out, "</td>");
	html_element(out, "td data-label=\"Who\"", audit->who);
	html_element(out, "td data-label=\"What\"", audit->action);
	html_element(out, "td data-label=\"Whose\"", audit->buyer);
	html_element(out, "td data-label=\"Of what\"", audit->object);
	html_element(out, "td data-label=\"More\"", audit->detail);
	g_string_append(out, "</tr>\n");
}

static void
put_older(const struct web_request *request, GString *out, const char *after)
{
	static const char *const names[] = { "who", "action", "buyer" };

	g_string_append(out, "<nav class=\"pager\" aria-label=\"Pages\"><a "
			     "rel=\"next\" href=\"/admin/audit?after=");
	html_text(out, after);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *value = g_uri_escape_string(
			request_query(request, names[i]), NULL, FALSE);

		if (*value)
			g_string_append_printf(out, "&amp;%s=%s", names[i],
					       value);
	}
	g_string_append(out, "\">Older</a></nav>\n");
}

static const char *
filter_of(const struct web_request *request, const char *name)
{
	const char *value = request_query(request, name);

	return *value ? value : NULL;
}

static GPtrArray *
audit_rows(const struct web_request *request, GError **error)
{
	const char *after = request_query(request, "after");
	const struct store_audit_query query = {
		.who = filter_of(request, "who"),
		.action = filter_of(request, "action"),
		.buyer = filter_of(request, "buyer"),
		.after_id = id_valid(after) ? after : NULL,
		.limit = AUDIT_ROWS + 1,
	};

	return store_audit_list(request->site->store, &query, error);
}

static void
audit_page(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = audit_rows(request, &error);
	guint n;

	if (!rows) {
		reply_error(request, reply, 503, "The store does not answer.");
		return;
	}
	n = MIN(rows->len, AUDIT_ROWS);
	page_open(request, reply, "Audit log", "admin");
	put_audit_search(request, reply->body);
	if (n == 0)
		html_element(reply->body, "p class=\"empty\"",
			     "Nothing like that was done.");
	else
		html_table_open(reply->body, NULL,
				"When|Who|What|Whose|Of what|More");
	for (guint i = 0; i < n; i++)
		put_audit_row(request, reply, rows->pdata[i]);
	if (n > 0)
		html_table_close(reply->body);
	if (rows->len > n) {
		const struct store_audit *last = rows->pdata[n - 1];

		put_older(request, reply->body, last->id);
	}
	page_close(request, reply);
}

const struct web_route routes_admin[] = {
	{ WEB_GET, "/admin", ACCESS_COUNTS, admin_page },
	{ WEB_POST, "/admin/sessions/end", ACCESS_USERS, admin_end },
	{ WEB_GET, "/admin/audit", ACCESS_AUDIT, audit_page },
	{ 0 },
};
