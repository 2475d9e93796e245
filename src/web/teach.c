#include "teach_private.h"

#include <string.h>

#include "base/clock.h"
#include "base/html.h"
#include "fault_private.h"
#include "model/promotion.h"
#include "model/trial.h"
#include "page_private.h"
#include "review/schedule.h"
#include "review/sharing.h"
#include "row_private.h"
#include "site_private.h"

/* Twice as long as a timer's run is away, and more than a little. */
#define LATE_US (CLOCK_SECOND_US * 60 * 25)

/* A delegate decides about mail, and leaves the buyer's models alone. */
static gboolean
may_teach(const struct web_request *request, const char *buyer)
{
	return request_may(request, ACCESS_DECIDE, buyer) &&
	       request_may(request, ACCESS_MODELS, buyer);
}

/* The id of a buyer whom the user may teach for; NULL and an error page. */
static const char *
whose(const struct web_request *request, struct web_reply *reply,
      const char *id)
{
	const struct buyer *buyer = row_buyer(request, id);

	if (buyer && may_teach(request, buyer->profile->id))
		return buyer->profile->id;
	reply_error(request, reply, 403, "These are not your models.");
	return NULL;
}

/* --- what is shown */

static void
put_fresh(const struct web_request *request, GString *out, const char *buyer)
{
	g_autoptr(GPtrArray) labels = store_feedback_list(
		request->site->store, buyer, 0, FALSE, NULL);
	struct schedule_state state;

	if (!labels || !schedule_look(request->site->store, buyer,
				      MODEL_RELEVANCE, labels, &state, NULL)) {
		html_element(out, "p class=\"fault\"",
			     "What you said cannot be counted: the store does "
			     "not answer.");
		return;
	}
	html_format(out, "p",
		    "%u thing%s said about your mail or taken back since the "
		    "last training. By itself it is tried once a day, when "
		    "there are %d or more; a model needs %d in all.",
		    state.fresh, state.fresh == 1 ? "" : "s",
		    SCHEDULE_FRESH_MIN, TRIAL_LEARN_MIN + TRIAL_HELD_MIN);
}

static void
put_wish(const struct web_request *request, struct web_reply *reply,
	 const struct store_job *wish)
{
	GString *out = reply->body;
	const gboolean runs = wish->lease_us > request->now_us;

	const gboolean late = request->now_us - wish->time_us > LATE_US;

	g_string_append(out, "<p class=\"state\" role=\"status\">");
	html_text(out, runs ? "Training, since " : "Asked for, ");
	page_time(request, reply, wish->time_us);
	html_text(out, runs   ? "."
		       : late ? ". It should have begun by now: tell your "
				"administrator that pitchward-train.timer does "
				"not run."
			      : ". It begins within ten minutes.");
	if (!runs && !g_str_has_prefix(wish->note, "asked for")) {
		html_text(out, " So far: ");
		html_text(out, wish->note);
		html_text(out, ".");
	}
	g_string_append(out, "</p>");
}

void
teach_put(const struct web_request *request, struct web_reply *reply)
{
	const char *buyer = request->user->buyer;
	g_autoptr(StoreJob) wish = NULL;

	if (!buyer || !may_teach(request, buyer))
		return;
	g_string_append(reply->body,
			"<section><h2>Learn from what I said</h2>");
	put_fresh(request, reply->body, buyer);
	wish = schedule_wished(request->site->store, buyer);
	if (wish) {
		put_wish(request, reply, wish);
	} else {
		page_form_open(request, reply, "/models/learn", "");
		page_hidden(reply, "for", buyer);
		page_button(reply, "do", "learn", "Learn from what I said now",
			    "primary");
		page_form_close(reply);
	}
	g_string_append(reply->body, "</section>\n");
}

void
teach_put_rollback(const struct web_request *request, struct web_reply *reply,
		   const char *place)
{
	g_auto(GStrv) parts = g_strsplit(place, "/", 4);

	if (g_strv_length(parts) != 3 ||
	    strcmp(parts[0], PROMOTION_BUYERS) != 0 ||
	    !may_teach(request, parts[1]))
		return;
	page_form_open(request, reply, "/models/rollback", "");
	page_hidden(reply, "for", parts[1]);
	page_hidden(reply, "kind", parts[2]);
	page_button(reply, "do", "rollback", "Back to the one before",
		    "danger");
	page_form_close(reply);
}

/* --- what is done */

void
teach_learn(const struct web_request *request, struct web_reply *reply)
{
	const char *buyer = whose(request, reply, request_form(request, "for"));
	g_autoptr(GError) error = NULL;
	gboolean asked = FALSE;

	if (!buyer)
		return;
	if (!schedule_wish(request->site->store, buyer, request->user->address,
			   &asked, &error)) {
		fault_reply(request, reply, error);
		return;
	}
	if (asked)
		request_audit(request, "train", buyer, "", "asked for");
	reply_back(request, reply, "/models",
		   asked ? "Asked for: it begins within ten minutes, and how "
			   "it went is told here."
			 : "That was asked for before, and has not ended yet.",
		   NULL);
}

static struct promotion
promotion_of(const struct web_request *request, const char *folder,
	     const char *why)
{
	return (struct promotion){
		.models = folder,
		.who = request->user->address,
		.why = why,
	};
}

/* Of those that may be changed; the caller's. */
static char *
own_folder(const struct web_request *request)
{
	return model_folder_own(request->site->state->models,
				request->snapshot->config->models);
}

static gboolean
is_kind(const char *word)
{
	return g_strv_contains((const char *const *)model_kinds, word);
}

void
teach_rollback(const struct web_request *request, struct web_reply *reply)
{
	const char *buyer = whose(request, reply, request_form(request, "for"));
	const char *kind = request_form(request, "kind");
	g_autofree char *folder = own_folder(request);
	const struct promotion promotion =
		promotion_of(request, folder, "by the buyer, on the page");
	g_autofree char *place = NULL;
	g_autofree char *before = NULL;
	g_autofree char *now = NULL;
	g_autofree char *undo = NULL;
	g_autoptr(GError) error = NULL;

	if (!buyer)
		return;
	if (!is_kind(kind)) {
		reply_error(request, reply, 400, "There is no such model.");
		return;
	}
	place = g_build_filename(PROMOTION_BUYERS, buyer, kind, NULL);
	before = promotion_serving(folder, place);
	if (!before || !sharing_rollback(request->site->store, &promotion,
					 place, &now, &error)) {
		reply_back(request, reply, "/models",
			   "There is nothing that could be taken back.", NULL);
		return;
	}
	request_audit(request, "rollback", buyer, before,
		      now ? now : "to the starter");
	undo = g_strdup_printf("/models/again/%s/%s", buyer, before);
	reply_back(request, reply, "/models",
		   now ? "The model before serves again, within seconds."
		       : "Your own model serves no more; what serves "
			 "everybody judges, within seconds.",
		   undo);
}

/* A version on the shelf that is this buyer's own. */
static gboolean
is_own(const char *folder, const char *buyer, const char *id)
{
	g_autofree char *path =
		g_build_filename(folder, PROMOTION_SHELF, id, NULL);
	g_autoptr(Card) card =
		promotion_name_valid(id) ? promotion_check(path, NULL) : NULL;

	return card && !card->adapts.members &&
	       g_strcmp0(card->adapts.whose, buyer) == 0;
}

/* Takes a rollback back. */
void
teach_again(const struct web_request *request, struct web_reply *reply)
{
	const char *buyer = whose(request, reply, request->parts[0]);
	const char *id = request->parts[1];
	g_autofree char *folder = own_folder(request);
	const struct promotion promotion =
		promotion_of(request, folder, "again, on the page");
	g_autoptr(GError) error = NULL;

	if (!buyer)
		return;
	if (!is_own(folder, buyer, id)) {
		reply_error(request, reply, 404, "There is no such model.");
		return;
	}
	if (!sharing_promote(request->site->store, &promotion, id, NULL,
			     &error)) {
		fault_reply(request, reply, error);
		return;
	}
	request_audit(request, "promote", buyer, id, "again");
	reply_back(request, reply, "/models", "It serves again.", NULL);
}
