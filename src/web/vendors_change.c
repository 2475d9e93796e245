/*
 * What people change on cards. Which domains are one, and what is written, all
 * see; so it is in the audit log, and can be taken back.
 */
#include <string.h>

#include "mail/address.h"
#include "market/front.h"
#include "page_private.h"
#include "row_private.h"
#include "token_private.h"
#include "vendors_private.h"

/* An undo is a path in a cookie: what is longer has none. */
#define UNDO_MAX 1500

/* Before an encoded text, which may be empty as a path's part may not. */
#define TEXT_MARK "t"

/* A card that the user may change: who only ruled on it sees no more of it. */
static struct vendors_view *
load_own(const struct web_request *request, struct web_reply *reply,
	 const char *domain)
{
	g_autoptr(VendorsView) view = vendors_view_load(request, reply, domain);

	if (!view || vendors_may_change(view))
		return g_steal_pointer(&view);
	vendors_missing(request, reply);
	return NULL;
}

static char *
joined(const GPtrArray *domains)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < domains->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
				       (const char *)domains->pdata[i]);
	return g_string_free(text, FALSE);
}

static GPtrArray *
parted(const char *text)
{
	g_auto(GStrv) names = g_strsplit(text, ",", -1);
	GPtrArray *domains = g_ptr_array_new_with_free_func(g_free);

	for (char **name = names; *name; name++)
		if (domain_valid(*name))
			g_ptr_array_add(domains, g_strdup(*name));
	return domains;
}

static const char *
undo_or_null(const char *path)
{
	return strlen(path) <= UNDO_MAX ? path : NULL;
}

/* Back to the page of a card that is there afterwards. */
static void
back_to(const struct vendors_view *view, const char *card, const char *note,
	const char *undo)
{
	const char *from = request_came_from(view->request, "");
	g_autofree char *link = vendors_link(card);

	reply_back(view->request, view->reply,
		   g_str_has_prefix(from, "/vendors/siblings") ? from : link,
		   note, undo);
}

static void
refuse(const struct vendors_view *view, const char *note)
{
	g_autofree char *link = vendors_link(view->facts->card);

	reply_back(view->request, view->reply,
		   request_came_from(view->request, link), note, NULL);
}

static void
failed(const struct vendors_view *view, const GError *error)
{
	if (error->domain == VENDOR_ERROR)
		refuse(view, "That cannot be: the cards are others by now.");
	else
		vendors_away(view->request, view->reply);
}

/* The whole card of `other` goes on that of the view. */
static void
join(const struct vendors_view *view, const struct vendors_view *other)
{
	const struct web_request *request = view->request;
	const struct store_move move = { other->facts->card,
					 view->facts->card };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) gone = NULL;
	g_autofree char *names = NULL;
	g_autofree char *note = NULL;
	g_autofree char *undo = NULL;

	if (strcmp(move.card, move.domain) == 0) {
		refuse(view, "They are one card already.");
		return;
	}
	gone = vendor_merge(request->site->store, view->book, &move,
			    request->user->address, &error);
	if (!gone) {
		failed(view, error);
		return;
	}
	names = joined(gone);
	request_audit(request, "vendor-merge", "", move.card, names);
	note = g_strdup_printf("%s: now on the card %s.", names, move.card);
	undo = g_strdup_printf("/vendors/%s/split/%s", move.card, names);
	back_to(view, move.card, note, undo_or_null(undo));
}

/* What came to others is not there for who asks. */
static void
merge(const struct web_request *request, struct web_reply *reply,
      const char *given)
{
	g_autoptr(VendorsView) view =
		load_own(request, reply, request->parts[0]);
	g_autoptr(VendorsView) other = NULL;
	g_autofree char *trimmed = g_strstrip(g_strdup(given));
	g_autofree char *domain = NULL;

	if (!view)
		return;
	if (!domain_valid(trimmed)) {
		refuse(view, "That is no domain; one is like acme.example.");
		return;
	}
	domain = domain_registrable(trimmed);
	other = load_own(request, reply, domain);
	if (other)
		join(view, other);
}

void
vendors_merge(const struct web_request *request, struct web_reply *reply)
{
	merge(request, reply, request_form(request, "other"));
}

void
vendors_merge_with(const struct web_request *request, struct web_reply *reply)
{
	merge(request, reply, request->parts[1]);
}

static void
split(const struct vendors_view *view, const GPtrArray *domains)
{
	const struct web_request *request = view->request;
	const gboolean leader =
		strcmp(view->facts->card, domains->pdata[0]) == 0;
	const char *own = domains->pdata[0];
	g_autoptr(GError) error = NULL;
	g_autofree char *rest = NULL;
	g_autofree char *names = joined(domains);
	g_autofree char *note = NULL;
	g_autofree char *undo = NULL;

	if (!vendor_split(request->site->store, view->book, domains,
			  request->user->address, &rest, &error)) {
		failed(view, error);
		return;
	}
	request_audit(request, "vendor-split", "", rest, names);
	note = g_strdup_printf("%s: now a card of its own.", names);
	undo = g_strdup_printf("/vendors/%s/merge/%s", leader ? own : rest,
			       leader ? rest : own);
	back_to(view, rest, note, undo_or_null(undo));
}

static void
split_from(const struct web_request *request, struct web_reply *reply,
	   const char *names)
{
	g_autoptr(VendorsView) view =
		load_own(request, reply, request->parts[0]);
	g_autoptr(GPtrArray) domains = parted(names);

	if (!view)
		return;
	for (guint i = 0; i < domains->len; i++) {
		if (strcmp(vendor_book_card(view->book, domains->pdata[i]),
			   view->facts->card) == 0)
			continue;
		refuse(view, "That is not on this card.");
		return;
	}
	if (domains->len == 0)
		refuse(view, "That is not on this card.");
	else
		split(view, domains);
}

void
vendors_split(const struct web_request *request, struct web_reply *reply)
{
	split_from(request, reply, request_form(request, "domain"));
}

void
vendors_split_off(const struct web_request *request, struct web_reply *reply)
{
	split_from(request, reply, request->parts[1]);
}

static const struct field {
	const char *name;
	enum store_vendor_field field;
} fields[] = {
	{ "name", STORE_VENDOR_NAME },
	{ "owner", STORE_VENDOR_OWNER },
	{ "note", STORE_VENDOR_NOTE },
};

/* Where it is written now: a card's text may be on any of its domains. */
static const char *
place_of(const struct vendors_view *view, const struct field *field)
{
	const GPtrArray *domains = view->facts->domains;

	for (guint i = 0; i < domains->len; i++) {
		GPtrArray one = { domains->pdata + i, 1 };

		if (*vendor_book_written(view->book, &one, field->field))
			return domains->pdata[i];
	}
	return view->facts->card;
}

static gboolean
write_field(const struct vendors_view *view, const struct field *field,
	    const char *text)
{
	const struct web_request *request = view->request;
	const char *domain = place_of(view, field);

	if (!store_vendor_write(request->site->store, domain, field->field,
				text, request->user->address, NULL))
		return FALSE;
	request_audit(request, "vendor-write", "", domain, field->name);
	return TRUE;
}

static char *
undo_of(const struct vendors_view *view, const struct field *field,
	const char *before)
{
	g_autofree char *marked = g_strconcat(TEXT_MARK, before, NULL);
	g_autofree char *code = token_encode(marked);

	return g_strdup_printf("/vendors/%s/was/%s/%s", view->facts->card,
			       field->name, code);
}

/* As a form sends it: lines end with LF, and there is none at the end. */
static char *
typed(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

	return g_strstrip(g_strjoinv("\n", lines));
}

void
vendors_write(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsView) view =
		load_own(request, reply, request->parts[0]);
	g_autofree char *undo = NULL;
	guint changed = 0;

	for (guint i = 0; view && i < G_N_ELEMENTS(fields); i++) {
		const char *before = vendor_book_written(
			view->book, view->facts->domains, fields[i].field);
		g_autofree char *text =
			typed(request_form(request, fields[i].name));

		if (!g_hash_table_contains(request->form, fields[i].name) ||
		    strcmp(before, text) == 0)
			continue;
		if (!write_field(view, &fields[i], text)) {
			vendors_away(request, reply);
			return;
		}
		changed++;
		g_free(undo);
		undo = undo_of(view, &fields[i], before);
	}
	if (view)
		back_to(view, view->facts->card,
			changed > 0 ? "Written on the card."
				    : "Nothing was changed.",
			changed == 1 ? undo_or_null(undo) : NULL);
}

void
vendors_put_back(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsView) view =
		load_own(request, reply, request->parts[0]);
	g_autofree char *text = token_decode(request->parts[2]);

	if (!view)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (strcmp(fields[i].name, request->parts[1]) != 0 || !text ||
		    !g_str_has_prefix(text, TEXT_MARK))
			continue;
		if (write_field(view, &fields[i], text + strlen(TEXT_MARK)))
			back_to(view, view->facts->card, "Taken back.", NULL);
		else
			vendors_away(request, reply);
		return;
	}
	refuse(view, "There was nothing to take back.");
}

static void
wish(const struct web_request *request, struct web_reply *reply, gboolean on)
{
	g_autoptr(VendorsView) view =
		load_own(request, reply, request->parts[0]);
	struct store *store = request->site->store;
	const char *card = view ? view->facts->card : "";
	g_autofree char *undo =
		g_strdup_printf("/vendors/%s/front%s", card, on ? "/off" : "");
	gboolean done;

	if (!view)
		return;
	if (!request->site->config->fetch.front_pages ||
	    !front_domain_valid(card)) {
		refuse(view, "Their front page is not read here.");
		return;
	}
	done = on ? front_wish(store, card, request->user->address, NULL)
		  : front_unwish(store, card, request->user->address, NULL);
	if (!done) {
		vendors_away(request, reply);
		return;
	}
	request_audit(request, "vendor-front", "", card,
		      on ? "asked for" : "taken back");
	back_to(view, card,
		on ? "Their front page is read with the next run."
		   : "Their front page is not read.",
		undo);
}

void
vendors_front(const struct web_request *request, struct web_reply *reply)
{
	wish(request, reply, TRUE);
}

void
vendors_front_off(const struct web_request *request, struct web_reply *reply)
{
	wish(request, reply, FALSE);
}
