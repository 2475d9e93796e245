/* The board: the state in one look, and what needs a decision. */
#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "page_private.h"
#include "review/why.h"
#include "row_private.h"
#include "screen/spent.h"
#include "store/pending.h"
#include "store/queue.h"

#define DAYS	  28
#define DECISIONS 5

/* The rest is shown when these are answered. */
#define REQUESTS_MAX 20

/* The plot's box. */
#define PLOT_WIDTH  (DAYS * 10)
#define PLOT_HEIGHT 60

/* What became of the mail of one day. */
struct day {
	guint held;
	guint tagged;
	guint relevant;
};

struct board {
	const struct web_request *request;
	struct web_reply *reply;
	const struct buyer *buyer;
	gint64 first_us; /* 0:00 UTC of the first day shown */
	struct day days[DAYS];
	struct day total;
	guint delivered;
	guint released;
	GPtrArray *flows; /* of struct store_flow */
	GPtrArray *near;  /* likewise, of mail that counts for a priority */
	GPtrArray *folds; /* of struct store_fold */
	struct store_fold_total waiting;
	struct spent spent;
};

static void
add_flow(struct board *board, const struct store_flow *flow)
{
	const gint64 at = (flow->day_us - board->first_us) / CLOCK_DAY_US;
	struct day *day;

	if (flow->day_us < board->first_us || at >= DAYS)
		return;
	day = &board->days[at];
	day->held += flow->held;
	day->tagged += flow->tagged;
	day->relevant += flow->relevant;
	board->total.held += flow->held;
	board->total.tagged += flow->tagged;
	board->total.relevant += flow->relevant;
	board->delivered += flow->delivered;
	board->released += flow->released;
}

static gboolean
has_budget(const struct profile *profile)
{
	return profile->per_day > 0 || profile->per_week > 0;
}

static gboolean
load(struct board *board)
{
	struct store *store = board->request->site->store;
	const struct profile *profile = board->buyer->profile;
	const gint64 today_us =
		board->request->now_us - board->request->now_us % CLOCK_DAY_US;
	const struct store_fold_query query = {
		.buyer = profile->id,
		.tag = profile->tag,
		.order = STORE_ORDER_REGRET,
		.now_us = board->request->now_us,
		.limit = DECISIONS,
		.decided = STORE_DECIDED_NOT,
	};

	board->first_us = today_us - (DAYS - 1) * CLOCK_DAY_US;
	board->flows =
		store_flow_list(store, profile->id, board->first_us, NULL);
	board->near = store_flow_near(store, profile->id, profile->tag,
				      board->first_us, NULL);
	board->folds = row_hide_folds(
		board->request,
		store_fold_list(store, &query, &board->waiting, NULL));
	for (guint i = 0; board->flows && i < board->flows->len; i++)
		add_flow(board, board->flows->pdata[i]);
	return board->flows && board->near && board->folds &&
	       (!has_budget(profile) ||
		spent_count(store, profile, board->request->now_us,
			    &board->spent, NULL));
}

static void
put_figure(GString *out, guint value, const char *what, const char *look)
{
	g_string_append_printf(out, "<li class=\"figure %s\"><b>%u</b> ", look,
			       value);
	html_text(out, what);
	g_string_append(out, "</li>");
}

/* When a day of the store begins in the buyer's zone: "05:30"; NULL: at 0:00.
 * The caller's. */
static char *
day_begins(const struct board *board)
{
	const char *name = board->buyer->profile->digest.zone;
	g_autoptr(GTimeZone) zone =
		name ? g_time_zone_new_identifier(name) : NULL;
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(
		(board->first_us + (DAYS - 1) * CLOCK_DAY_US) /
		CLOCK_SECOND_US);
	g_autoptr(GDateTime) local =
		zone ? g_date_time_to_timezone(utc, zone) : NULL;

	if (!local || g_date_time_get_utc_offset(local) == 0)
		return NULL;
	return g_date_time_format(local, "%H:%M");
}

/* Mail is counted by days that are the same for everybody. */
static void
put_whose_days(const struct board *board)
{
	g_autofree char *begins = day_begins(board);

	if (begins)
		html_format(board->reply->body, "p class=\"hint\"",
			    "In this picture days begin at 0:00 UTC, "
			    "which is %s in %s.",
			    begins, board->buyer->profile->digest.zone);
}

static void
put_figures(const struct board *board)
{
	GString *out = board->reply->body;

	html_format(out, "h2", "The last %d days", DAYS);
	g_string_append(out, "<ul class=\"figures\">");
	put_figure(out, board->total.held, "held", "held");
	put_figure(out, board->total.tagged, "tagged", "tagged");
	put_figure(out, board->total.relevant, "let in as relevant",
		   "relevant");
	put_figure(out, board->released, "released by you", "released");
	put_figure(out, board->delivered, "delivered, all in all", "");
	g_string_append(out, "</ul>");
}

/* One piece of a day's column; gives where the next begins. */
static guint
put_piece(GString *out, guint day, guint below, guint n, guint most,
	  const char *look)
{
	const guint height = n * PLOT_HEIGHT / most;

	if (height > 0)
		g_string_append_printf(
			out,
			"<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"8\" "
			"height=\"%u\"/>",
			look, day * 10 + 1, PLOT_HEIGHT - below - height,
			height);
	return below + height;
}

static char *
day_name(const struct board *board, guint day)
{
	g_autofree char *text =
		clock_format(board->first_us + day * CLOCK_DAY_US);

	return g_strndup(text, strlen("2026-11-22"));
}

/* The same as a table, for those who do not see the plot. */
static void
put_days_table(const struct board *board)
{
	GString *out = board->reply->body;

	g_string_append(out, "<details><summary>As a table</summary>");
	html_table_open(out, "Mail by day (UTC)",
			"Day|Held|Tagged|Let in as relevant");
	for (guint i = DAYS; i > 0; i--) {
		const struct day *day = &board->days[i - 1];
		g_autofree char *name = NULL;

		if (day->held + day->tagged + day->relevant == 0)
			continue;
		name = day_name(board, i - 1);
		g_string_append(out, "<tr>");
		html_element(out, "td", name);
		html_count(out, day->held);
		html_count(out, day->tagged);
		html_count(out, day->relevant);
		g_string_append(out, "</tr>");
	}
	html_table_close(out);
	g_string_append(out, "</details>");
}

static void
put_days(const struct board *board)
{
	GString *out = board->reply->body;
	guint most = 1;

	for (guint i = 0; i < DAYS; i++)
		most = MAX(most, board->days[i].held + board->days[i].tagged +
					 board->days[i].relevant);
	g_string_append_printf(
		out,
		"<figure><svg class=\"plot\" viewBox=\"0 0 %d %d\" "
		"role=\"img\" aria-label=\"Sales mail by day: %u held, %u "
		"tagged, %u let in; most on one day: %u\">",
		PLOT_WIDTH, PLOT_HEIGHT, board->total.held, board->total.tagged,
		board->total.relevant, most);
	for (guint i = 0; i < DAYS; i++) {
		const struct day *day = &board->days[i];
		guint below;

		below = put_piece(out, i, 0, day->relevant, most, "relevant");
		below = put_piece(out, i, below, day->tagged, most, "tagged");
		put_piece(out, i, below, day->held, most, "held");
	}
	g_string_append(out, "</svg><figcaption>"
			     "<span class=\"key held\">held</span> "
			     "<span class=\"key tagged\">tagged</span> "
			     "<span class=\"key relevant\">let in</span>"
			     "</figcaption></figure>");
	put_days_table(board);
}

static void
put_budget(GString *out, const char *what, guint spent, guint budget)
{
	const guint width = MIN(spent * 100 / budget, 100);

	g_string_append_printf(
		out,
		"<p class=\"budget\">%s: <b>%u of %u</b> <svg class=\"bar\" "
		"viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
		"aria-hidden=\"true\"><rect class=\"track\" width=\"100\" "
		"height=\"8\"/><rect class=\"fill relevance\" width=\"%u\" "
		"height=\"8\"/></svg></p>",
		what, spent, budget, width);
}

/* As the filter counts, so that what it says of a held mail is so here. */
static void
put_attention(const struct board *board)
{
	const struct profile *profile = board->buyer->profile;
	GString *out = board->reply->body;

	g_string_append(out, "<section><h2>Your attention</h2>");
	if (profile->per_day > 0)
		put_budget(out, "Sales mail let in today", board->spent.day,
			   profile->per_day);
	if (profile->per_week > 0)
		put_budget(out, "This week, since Monday", board->spent.week,
			   profile->per_week);
	if (has_budget(profile))
		html_element(out, "p class=\"hint\"",
			     "Tagged mail counts, too; what you ruled on does "
			     "not.");
	else
		html_element(out, "p class=\"empty\"",
			     "Your profile sets no budget: all that is "
			     "relevant is let in.");
	g_string_append(out, "</section>");
}

/* Messages of a priority by day. */
static void
put_spark(const struct board *board, const char *priority, guint sums[2])
{
	GString *out = board->reply->body;
	guint days[DAYS] = { 0 };
	guint most = 1;

	for (guint i = 0; i < board->near->len; i++) {
		const struct store_flow *flow = board->near->pdata[i];
		const gint64 at =
			(flow->day_us - board->first_us) / CLOCK_DAY_US;

		if (at < 0 || at >= DAYS ||
		    strcmp(flow->priority, priority) != 0)
			continue;
		days[at] += flow->held + flow->tagged + flow->relevant;
		most = MAX(most, days[at]);
		sums[0] += flow->held + flow->tagged;
		sums[1] += flow->relevant;
	}
	g_string_append_printf(
		out,
		"<td><svg class=\"spark\" viewBox=\"0 0 %d %d\" "
		"preserveAspectRatio=\"none\" aria-hidden=\"true\">",
		PLOT_WIDTH, PLOT_HEIGHT);
	for (guint i = 0; i < DAYS; i++)
		put_piece(out, i, 0, days[i], most, "relevant");
	g_string_append(out, "</svg></td>");
}

static void
put_priorities(const struct board *board)
{
	GString *out = board->reply->body;
	const GPtrArray *priorities = board->buyer->profile->priorities;

	g_string_append(out, "<section><h2>Your priorities</h2>");
	html_table_open(out, "Sales mail near each, by day",
			"Priority|Flow|Held or tagged|Let in");
	for (guint i = 0; i < priorities->len; i++) {
		const struct profile_priority *priority = priorities->pdata[i];
		guint sums[2] = { 0 };
		g_autofree char *link =
			row_link("/queue", "for", board->buyer->profile->id,
				 "priority", priority->id, NULL);

		g_string_append_printf(out, "<tr><td><a href=\"%s\">", link);
		html_text(out, priority->name);
		g_string_append(out, "</a></td>");
		put_spark(board, priority->id, sums);
		html_count(out, sums[0]);
		html_count(out, sums[1]);
		g_string_append(out, "</tr>");
	}
	html_table_close(out);
	g_string_append(out, "</section>");
}

static void
put_decision(const struct board *board, const struct store_fold *fold)
{
	GString *out = board->reply->body;
	g_autofree char *why = why_sentence(fold->top, board->buyer->profile);

	g_string_append_printf(out, "<li><a href=\"/message/%s\">",
			       fold->top->id);
	row_subject(out, fold->top);
	g_string_append(out, "</a><p class=\"from\">");
	row_sender(out, fold->top);
	g_string_append(out, "</p>");
	html_element(out, "p class=\"why\"", why);
	g_string_append(out, "</li>");
}

static void
put_decisions(const struct board *board)
{
	GString *out = board->reply->body;
	g_autofree char *link =
		row_link("/queue", "for", board->buyer->profile->id, NULL);
	g_autofree char *held = row_total(&board->waiting);
	guint n = 0;

	g_string_append(out, "<section class=\"decide\"><h2>Worth a look"
			     "</h2><ol class=\"decisions\">");
	for (guint i = 0; i < board->folds->len; i++) {
		const struct store_fold *fold = board->folds->pdata[i];

		if (row_decided(fold))
			continue;
		put_decision(board, fold);
		n++;
	}
	g_string_append(out, "</ol>");
	if (n == 0)
		html_element(out, "p class=\"empty\"",
			     "Nothing waits for you.");
	else
		g_string_append_printf(
			out, "<p><a href=\"%s\">All that is held</a>: %s</p>",
			link, held);
	g_string_append(out, "</section>");
}

static void
put_request(const struct board *board, const struct store_pending *pending)
{
	struct web_reply *reply = board->reply;
	GString *out = reply->body;
	g_autoptr(StoreMessage) message =
		store_find(board->request->site->store, pending->buyer,
			   pending->message, NULL);
	g_autofree char *grant = g_strdup_printf("grant %s", pending->message);
	g_autofree char *refuse =
		g_strdup_printf("refuse %s", pending->message);

	if (!message)
		return;
	g_string_append_printf(out, "<li><a href=\"/message/%s\">",
			       pending->message);
	row_subject(out, message);
	g_string_append(out, "</a><p class=\"from\">");
	row_sender(out, message);
	g_string_append(out, "</p><p class=\"why\">");
	html_text(out, pending->by);
	g_string_append(out, " asks for it, ");
	page_time(board->request, reply, pending->time_us);
	g_string_append(out, ".</p>");
	page_form_open(board->request, reply, "/queue/act",
		       "class=\"actions\"");
	page_button(reply, "do", grant, "Release", "primary");
	page_button(reply, "do", refuse, "Refuse", "");
	page_form_close(reply);
	g_string_append(out, "</li>");
}

/* Requests that this user may answer. */
static void
put_requests(const struct board *board)
{
	const struct web_request *request = board->request;
	GString *out = board->reply->body;
	g_autoptr(GPtrArray) open =
		store_pending_list(request->site->store, STORE_REQUEST, NULL,
				   request->now_us, NULL);
	guint n = 0;

	for (guint i = 0; open && i < open->len && n < REQUESTS_MAX; i++) {
		const struct store_pending *pending = open->pdata[i];

		if (!request_may(request, ACCESS_APPROVE, pending->buyer))
			continue;
		if (n++ == 0)
			g_string_append(out, "<section><h2>Asked of you</h2>"
					     "<ul class=\"decisions\">");
		put_request(board, pending);
	}
	if (n > 0)
		g_string_append(out, "</ul></section>");
}

static void
put_board(const struct board *board)
{
	GString *out = board->reply->body;

	put_requests(board);
	g_string_append(out, "<div class=\"board\"><div>");
	put_decisions(board);
	put_priorities(board);
	g_string_append(out, "</div><div>");
	put_attention(board);
	g_string_append(out, "<section class=\"flow\">");
	put_figures(board);
	put_days(board);
	put_whose_days(board);
	g_string_append(out, "</section></div></div>");
}

static void
show(const struct web_request *request, struct web_reply *reply)
{
	struct board board = {
		.request = request,
		.reply = reply,
		.buyer = page_buyer(request, reply, ACCESS_LIST),
	};

	if (!board.buyer)
		return;
	if (load(&board)) {
		page_open(request, reply, board.buyer->profile->name, "board");
		put_board(&board);
		page_close(request, reply);
	} else {
		reply_error(request, reply, 503,
			    "The store does not answer. Nothing is lost; try "
			    "again in a minute.");
	}
	if (board.flows)
		g_ptr_array_unref(board.flows);
	if (board.near)
		g_ptr_array_unref(board.near);
	if (board.folds)
		g_ptr_array_unref(board.folds);
}

const struct web_route routes_board[] = {
	{ WEB_GET, "/", ACCESS_SIGNED, show },
	{ WEB_GET, NULL, ACCESS_OPEN, NULL },
};
