/* The answer as JSON. */
#include "market/json.h"
#include "research_private.h"

static json_t *
source_json(const struct store_document *document)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(document->id));
	json_object_set_new(
		object, "kind",
		json_string(store_document_kind_name(document->kind)));
	json_object_set_new(object, "buyer", text_json(document->buyer));
	json_object_set_new(object, "vendor", text_json(document->vendor));
	json_object_set_new(object, "source", text_json(document->source));
	json_object_set_new(object, "link", text_json(document->link));
	json_object_set_new(object, "priority", text_json(document->priority));
	json_object_set_new(object, "title", text_json(document->title));
	json_object_set_new(object, "time", time_json(document->time_us));
	return object;
}

static json_t *
hit_json(const struct research_hit *hit)
{
	json_t *object = source_json(hit->document);
	json_t *copies = json_array();

	for (guint i = 0; i < hit->copies->len; i++)
		json_array_append_new(copies,
				      source_json(hit->copies->pdata[i]));
	json_object_set_new(object, "snippet", text_json(hit->snippet));
	json_object_set_new(object, "score", json_real(hit->score));
	json_object_set_new(object, "match", json_real(hit->match));
	json_object_set_new(object, "relevance", json_real(hit->relevance));
	json_object_set_new(object, "freshness", json_real(hit->freshness));
	json_object_set_new(object, "copies", copies);
	return object;
}

static json_t *
quote_json(const struct store_quote *quote)
{
	json_t *object = json_object();

	json_object_set_new(object, "kind",
			    json_string(store_quote_kind_name(quote->kind)));
	json_object_set_new(object, "quotation", text_json(quote->text));
	json_object_set_new(object, "what", text_json(quote->what));
	json_object_set_new(object, "message", json_string(quote->message));
	json_object_set_new(object, "buyer", text_json(quote->buyer));
	json_object_set_new(object, "time", time_json(quote->time_us));
	return object;
}

static json_t *
vendor_json(const struct research_vendor *vendor)
{
	json_t *object = json_object();
	json_t *hits = json_array();
	json_t *quotes = json_array();

	for (guint i = 0; i < vendor->hits->len; i++) {
		const struct research_hit *hit = vendor->hits->pdata[i];

		json_array_append_new(hits, json_string(hit->document->id));
	}
	for (guint i = 0; i < vendor->quotes->len; i++)
		json_array_append_new(quotes,
				      quote_json(vendor->quotes->pdata[i]));
	json_object_set_new(object, "vendor", text_json(vendor->card));
	json_object_set_new(object, "name", text_json(vendor->name));
	json_object_set_new(object, "last", time_json(vendor->last_us));
	json_object_set_new(object, "hits", hits);
	json_object_set_new(object, "quotes", quotes);
	return object;
}

static json_t *
facets_json(const GPtrArray *facets)
{
	json_t *array = json_array();

	for (guint i = 0; i < facets->len; i++) {
		const struct research_facet *facet = facets->pdata[i];
		json_t *object = json_object();

		json_object_set_new(object, "key", text_json(facet->key));
		json_object_set_new(object, "label", text_json(facet->label));
		json_object_set_new(object, "n", json_integer(facet->n));
		json_array_append_new(array, object);
	}
	return array;
}

json_t *
research_json(const struct research *research)
{
	json_t *object = json_object();
	json_t *facets = json_object();
	json_t *hits = json_array();
	json_t *vendors = json_array();

	for (guint i = 0; i < research->hits->len; i++)
		json_array_append_new(hits, hit_json(research->hits->pdata[i]));
	for (guint i = 0; i < research->vendors->len; i++)
		json_array_append_new(vendors,
				      vendor_json(research->vendors->pdata[i]));
	json_object_set_new(facets, "kinds", facets_json(research->kinds));
	json_object_set_new(facets, "priorities",
			    facets_json(research->priorities));
	json_object_set_new(facets, "vendors",
			    facets_json(research->facet_vendors));
	json_object_set_new(facets, "months", facets_json(research->months));
	json_object_set_new(object, "question", text_json(research->text));
	json_object_set_new(object, "found", json_integer(research->found));
	json_object_set_new(object, "collapsed",
			    json_integer(research->collapsed));
	json_object_set_new(object, "cut", json_boolean(research->cut));
	json_object_set_new(object, "vendors", vendors);
	json_object_set_new(object, "hits", hits);
	json_object_set_new(object, "facets", facets);
	return object;
}
