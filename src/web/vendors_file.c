/* Cards as files: CSV for spreadsheets, JSON for programs. */
#include <jansson.h>
#include <string.h>

#include "mail/address.h"
#include "market/json.h"
#include "market/vendor_csv.h"
#include "market/vendor_json.h"
#include "row_private.h"
#include "vendors_private.h"

/* Takes the value. */
static void
reply_json(struct web_reply *reply, const char *filename, json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(1) | JSON_REAL_PRECISION(9));

	g_assert(text != NULL);
	reply->type = "application/json; charset=utf-8";
	reply->filename = g_strdup(filename);
	g_string_append(reply->body, text);
	g_string_append_c(reply->body, '\n');
	free(text);
	json_decref(value);
}

static json_t *
ruling_json(const struct store_ruling *ruling)
{
	json_t *object = json_object();

	json_object_set_new(object, "buyer", text_json(ruling->buyer));
	json_object_set_new(object, "domain", text_json(ruling->subject));
	json_object_set_new(object, "word",
			    json_string(store_ruling_word_name(ruling->word)));
	json_object_set_new(object, "until", time_json(ruling->until_us));
	json_object_set_new(object, "time", time_json(ruling->time_us));
	json_object_set_new(object, "by", text_json(ruling->by));
	return object;
}

static json_t *
rulings_json(const GPtrArray *rulings)
{
	json_t *array = json_array();

	for (guint i = 0; i < rulings->len; i++)
		json_array_append_new(array, ruling_json(rulings->pdata[i]));
	return array;
}

static json_t *
buyers_json(const struct vendors_card *card)
{
	json_t *array = json_array();

	for (guint i = 0; i < card->buyers->len; i++)
		json_array_append_new(array, text_json(card->buyers->pdata[i]));
	return array;
}

static json_t *
near_json(const struct vendors_card *card)
{
	json_t *array = json_array();

	for (guint i = 0; i < card->near->len; i++) {
		const struct vendors_near *near =
			&g_array_index(card->near, struct vendors_near, i);
		json_t *object = json_object();

		json_object_set_new(object, "buyer", text_json(near->buyer));
		json_object_set_new(object, "priority",
				    text_json(near->priority));
		json_object_set_new(object, "touches", json_integer(near->n));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
card_json(const struct vendors_card *card)
{
	json_t *object = json_object();

	json_object_set_new(object, "vendor", text_json(card->id));
	json_object_set_new(object, "name", text_json(card->name));
	json_object_set_new(object, "touches", json_integer(card->touches));
	json_object_set_new(object, "held", json_integer(card->held));
	json_object_set_new(object, "first", time_json(card->first_us));
	json_object_set_new(object, "last", time_json(card->last_us));
	json_object_set_new(object, "claims", json_integer(card->claims));
	json_object_set_new(object, "buyers", buyers_json(card));
	json_object_set_new(object, "priorities", near_json(card));
	json_object_set_new(object, "rulings", rulings_json(card->rulings));
	json_object_set_new(object, "owner", text_json(card->owner));
	json_object_set_new(object, "note", text_json(card->note));
	return object;
}

/* All that the list has, however many pages it is. */
static struct vendors_list *
load(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsList) list = vendors_list_load(request);

	if (list)
		vendors_list_filter(request, list);
	if (list && vendors_list_claims(request, list, 0, list->cards->len))
		return g_steal_pointer(&list);
	vendors_away(request, reply);
	return NULL;
}

void
vendors_json(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsList) list = load(request, reply);
	json_t *array;

	if (!list)
		return;
	array = json_array();
	for (guint i = 0; i < list->cards->len; i++)
		json_array_append_new(array, card_json(list->cards->pdata[i]));
	reply_json(reply, "vendors.json", array);
}

static void
put_line(const struct web_request *request, GString *out,
	 const struct vendors_card *card)
{
	const struct vendors_near *near =
		card->near->len > 0
			? &g_array_index(card->near, struct vendors_near, 0)
			: NULL;
	g_autofree char *status = vendors_status(card->rulings);
	const struct vendor_csv line = {
		.vendor = card->id,
		.name = card->name,
		.touches = card->touches,
		.held = card->held,
		.people = card->buyers->len,
		.first_us = card->first_us,
		.last_us = card->last_us,
		.claims = card->claims,
		.priority = near ? row_priority(row_buyer(request, near->buyer),
						near->priority)
				 : "",
		.ruled = status,
		.owner = card->owner,
		.note = card->note,
	};
	vendor_csv_line(out, &line);
}

void
vendors_csv(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsList) list = load(request, reply);

	if (!list)
		return;
	reply->type = "text/csv; charset=utf-8";
	reply->filename = g_strdup("vendors.csv");
	vendor_csv_head(reply->body);
	for (guint i = 0; i < list->cards->len; i++)
		put_line(request, reply->body, list->cards->pdata[i]);
}

void
vendors_show_json(const struct web_request *request, struct web_reply *reply)
{
	g_autoptr(VendorsView) view =
		vendors_view_load(request, reply, request->parts[0]);
	g_autoptr(GPtrArray) profiles = g_ptr_array_new();
	g_autofree char *filename = NULL;
	json_t *object;

	if (!view)
		return;
	if (!vendors_wrote(view)) {
		vendors_missing(request, reply);
		return;
	}
	for (guint i = 0; i + 1 < view->buyers->len; i++) {
		const struct buyer *buyer =
			row_buyer(request, view->buyers->pdata[i]);

		if (buyer)
			g_ptr_array_add(profiles, buyer->profile);
	}
	object = vendor_json(view->facts, view->book, profiles);
	json_object_set_new(object, "rulings", rulings_json(view->rulings));
	filename = g_strdup_printf(
		"%s.json", domain_valid(view->facts->card) &&
					   g_str_is_ascii(view->facts->card)
				   ? view->facts->card
				   : "vendor");
	reply_json(reply, filename, object);
}
