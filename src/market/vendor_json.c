#include "market/vendor_json.h"

#include "market/json.h"

static json_t *
counts_json(const GPtrArray *counts, const char *key)
{
	json_t *array = json_array();

	for (guint i = 0; i < counts->len; i++) {
		const struct vendor_count *count = counts->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, key, text_json(count->key));
		if (*count->label)
			json_object_set_new(object, "label",
					    text_json(count->label));
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
	json_object_set_new(object, "quotation", text_json(quote->text));
	json_object_set_new(object, "what", text_json(quote->what));
	json_object_set_new(object, "value",
			    number ? json_real(quote->value) : json_null());
	json_object_set_new(object, "value_max",
			    number ? json_real(quote->value_max) : json_null());
	json_object_set_new(object, "unit", text_json(quote->unit));
	json_object_set_new(object, "currency", text_json(quote->currency));
	json_object_set_new(object, "period", text_json(quote->period));
	json_object_set_new(object, "domain", text_json(quote->vendor));
	json_object_set_new(object, "buyer", text_json(quote->buyer));
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
add_fit(json_t *array, const struct vendor_facts *facts,
	const struct profile *profile)
{
	for (char **need = profile->fit.must_have; need && *need; need++) {
		const struct store_quote *proof =
			vendor_facts_proof(facts, *need);
		json_t *object = json_object();

		json_object_set_new(object, "buyer", text_json(profile->id));
		json_object_set_new(object, "must_have", text_json(*need));
		json_object_set_new(object, "proof",
				    proof ? json_string(proof->message)
					  : json_null());
		json_array_append_new(array, object);
	}
}

static json_t *
fit_json(const struct vendor_facts *facts, const GPtrArray *profiles)
{
	json_t *array = json_array();

	for (guint i = 0; i < profiles->len; i++)
		add_fit(array, facts, profiles->pdata[i]);
	return array;
}

static void
add_written(json_t *object, const struct vendor_facts *facts,
	    const struct vendor_book *book)
{
	static const struct {
		const char *name;
		enum store_vendor_field field;
	} fields[] = { { "name", STORE_VENDOR_NAME },
		       { "owner", STORE_VENDOR_OWNER },
		       { "note", STORE_VENDOR_NOTE } };

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		json_object_set_new(
			object, fields[i].name,
			text_json(vendor_book_written(book, facts->domains,
						      fields[i].field)));
}

json_t *
vendor_json(const struct vendor_facts *facts, const struct vendor_book *book,
	    const GPtrArray *profiles)
{
	json_t *object = json_object();
	json_t *domains = json_array();

	for (guint i = 0; i < facts->domains->len; i++)
		json_array_append_new(domains,
				      text_json(facts->domains->pdata[i]));
	json_object_set_new(object, "vendor", text_json(facts->card));
	add_written(object, facts, book);
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
	json_object_set_new(object, "fit", fit_json(facts, profiles));
	return object;
}
