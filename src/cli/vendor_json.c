#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "print_private.h"
#include "profile/profile.h"
#include "ruled_private.h"
#include "vendor_private.h"

static json_t *
time_json(gint64 time_us)
{
	g_autofree char *when = time_us > 0 ? clock_format(time_us) : NULL;

	return when ? json_string(when) : json_null();
}

static json_t *
counts_json(const GPtrArray *counts, const char *key)
{
	json_t *array = json_array();

	for (guint i = 0; i < counts->len; i++) {
		const struct vendor_count *count = counts->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, key, print_json_text(count->key));
		if (*count->label)
			json_object_set_new(object, "label",
					    print_json_text(count->label));
		json_object_set_new(object, "touches", json_integer(count->n));
		json_object_set_new(object, "first",
				    time_json(count->first_us));
		json_object_set_new(object, "last", time_json(count->last_us));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
quote_json(const struct store_quote *quote)
{
	json_t *object = json_object();
	const gboolean number = quote->kind != STORE_QUOTE_PROOF;

	json_object_set_new(object, "kind",
			    json_string(store_quote_kind_name(quote->kind)));
	json_object_set_new(object, "quotation", print_json_text(quote->text));
	json_object_set_new(object, "what", print_json_text(quote->what));
	json_object_set_new(object, "value",
			    number ? json_real(quote->value) : json_null());
	json_object_set_new(object, "value_max",
			    number ? json_real(quote->value_max) : json_null());
	json_object_set_new(object, "unit", print_json_text(quote->unit));
	json_object_set_new(object, "currency",
			    print_json_text(quote->currency));
	json_object_set_new(object, "period", print_json_text(quote->period));
	json_object_set_new(object, "domain", print_json_text(quote->vendor));
	json_object_set_new(object, "buyer", print_json_text(quote->buyer));
	json_object_set_new(object, "message", json_string(quote->message));
	json_object_set_new(object, "place", json_integer(quote->place));
	json_object_set_new(object, "time", time_json(quote->time_us));
	return object;
}

static json_t *
quotes_json(const GPtrArray *quotes)
{
	json_t *array = json_array();

	for (guint i = 0; i < quotes->len; i++)
		json_array_append_new(array, quote_json(quotes->pdata[i]));
	return array;
}

static void
add_fit(json_t *array, const struct vendor_view *view,
	const struct profile *profile)
{
	for (char **need = profile->fit.must_have; need && *need; need++) {
		const struct store_quote *proof =
			vendor_facts_proof(view->facts, *need);
		json_t *object = json_object();

		json_object_set_new(object, "buyer",
				    print_json_text(profile->id));
		json_object_set_new(object, "must_have",
				    print_json_text(*need));
		json_object_set_new(object, "proof",
				    proof ? json_string(proof->message)
					  : json_null());
		json_array_append_new(array, object);
	}
}

static json_t *
fit_json(const struct vendor_view *view)
{
	json_t *array = json_array();

	for (guint i = 0; i < view->profiles->len; i++)
		add_fit(array, view, view->profiles->pdata[i]);
	return array;
}

static json_t *
rulings_json(const GPtrArray *rulings)
{
	json_t *array = json_array();

	for (guint i = 0; i < rulings->len; i++)
		json_array_append_new(array, ruled_json(rulings->pdata[i]));
	return array;
}

void
vendor_print_json(const struct vendor_view *view)
{
	const struct vendor_facts *facts = view->facts;
	json_t *object = json_object();
	json_t *domains = json_array();

	for (guint i = 0; i < facts->domains->len; i++)
		json_array_append_new(
			domains, print_json_text(facts->domains->pdata[i]));
	json_object_set_new(object, "vendor", print_json_text(facts->card));
	json_object_set_new(
		object, "name",
		print_json_text(vendor_written(view, STORE_VENDOR_NAME)));
	json_object_set_new(
		object, "owner",
		print_json_text(vendor_written(view, STORE_VENDOR_OWNER)));
	json_object_set_new(
		object, "note",
		print_json_text(vendor_written(view, STORE_VENDOR_NOTE)));
	json_object_set_new(object, "domains", domains);
	json_object_set_new(object, "first", time_json(facts->first_us));
	json_object_set_new(object, "last", time_json(facts->last_us));
	json_object_set_new(object, "touches", json_integer(facts->touches));
	json_object_set_new(object, "held", json_integer(facts->held));
	json_object_set_new(object, "buyers",
			    counts_json(facts->buyers, "buyer"));
	json_object_set_new(object, "senders",
			    counts_json(facts->senders, "sender"));
	json_object_set_new(object, "campaigns",
			    counts_json(facts->campaigns, "campaign"));
	json_object_set_new(object, "priorities",
			    counts_json(facts->priorities, "priority"));
	json_object_set_new(object, "quotes", quotes_json(facts->quotes));
	json_object_set_new(object, "fit", fit_json(view));
	json_object_set_new(object, "rulings", rulings_json(view->rulings));
	print_json(object);
}
