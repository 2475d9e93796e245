#include "held_private.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "failure_private.h"
#include "print_private.h"

/* Crockford's alphabet ends with Z: after every id of the same beginning. */
#define LAST_DIGIT 'Z'

static gboolean
prefix_read(const char *text, char id[ID_LEN + 1], GError **error)
{
	gsize len = strlen(text);
	gboolean ok = len > 0 && len <= ID_LEN;

	memset(id, LAST_DIGIT, ID_LEN);
	id[ID_LEN] = '\0';
	for (gsize i = 0; ok && i < len; i++)
		id[i] = g_ascii_toupper(text[i]);
	if (ok && id_valid(id))
		return TRUE;
	g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
		    "'%s' is no message id: up to %d of 0-9, A-Z without I, L, "
		    "O, U, as 'pitchward quarantine list' prints them",
		    text, ID_LEN);
	return FALSE;
}

gboolean
held_check_ids(char *const *prefixes, GError **error)
{
	char id[ID_LEN + 1];

	for (; *prefixes; prefixes++) {
		if (!prefix_read(*prefixes, id, error))
			return FALSE;
	}
	return TRUE;
}

/* Adds those of one state; two are enough to know of more than one. */
static gboolean
collect(struct store *store, int state, const char *last, gsize len,
	GPtrArray *found, GError **error)
{
	const struct store_query query = {
		.state = state,
		.after_id = last,
		.limit = 2,
	};
	g_autoptr(GPtrArray) list = store_list(store, &query, error);

	if (!list)
		return FALSE;
	while (list->len > 0) {
		struct store_message *message =
			g_ptr_array_steal_index(list, 0);

		if (strncmp(message->id, last, len) == 0)
			g_ptr_array_add(found, message);
		else
			store_message_free(message);
	}
	return TRUE;
}

static void
free_message(gpointer data)
{
	store_message_free(data);
}

/* `delivered`: among the others too. */
static struct store_message *
find_by_prefix(struct store *store, const char *prefix, const char *last,
	       gboolean delivered, GError **error)
{
	static const int states[] = { -1, STORE_RELEASED, STORE_DELETED,
				      STORE_EXPIRED, STORE_DELIVERED };
	const gsize n = G_N_ELEMENTS(states) - (delivered ? 0 : 1);
	g_autoptr(GPtrArray) found =
		g_ptr_array_new_with_free_func(free_message);

	for (gsize i = 0; i < n; i++) {
		if (!collect(store, states[i], last, strlen(prefix), found,
			     error))
			return NULL;
	}
	if (found->len == 1)
		return g_ptr_array_steal_index(found, 0);
	if (found->len == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
			    "%s: no message has an id that begins so", prefix);
	else
		g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
			    "%s: several messages have ids that begin so; give "
			    "more of it",
			    prefix);
	return NULL;
}

static struct store_message *
find(struct store *store, const char *prefix, gboolean delivered,
     GError **error)
{
	char id[ID_LEN + 1];

	if (!prefix_read(prefix, id, error))
		return NULL;
	if (strlen(prefix) == ID_LEN)
		return store_find(store, NULL, id, error);
	return find_by_prefix(store, prefix, id, delivered, error);
}

struct store_message *
held_find(struct store *store, const char *prefix, GError **error)
{
	return find(store, prefix, FALSE, error);
}

struct store_message *
held_find_any(struct store *store, const char *prefix, GError **error)
{
	return find(store, prefix, TRUE, error);
}

static json_t *
json_reasons(const char *reasons)
{
	json_t *list = reasons ? json_loads(reasons, 0, NULL) : NULL;

	return list ? list : json_array();
}

json_t *
held_json(const struct store_message *message)
{
	const struct {
		const char *name;
		const char *text;
	} texts[] = {
		{ "id", message->id },
		{ "buyer", message->buyer },
		{ "state", store_state_name(message->state) },
		{ "verdict", message->verdict },
		{ "priority", message->priority },
		{ "from", message->from },
		{ "from_name", message->from_name },
		{ "subject", message->subject },
		{ "sender", message->sender },
		{ "rcpt", message->rcpt },
		{ "message_id", message->message_id },
		{ "queue_id", message->queue_id },
		{ "node", message->node },
		{ "vendor", message->vendor },
		{ "model", message->model },
		{ "gate", message->gate },
		{ "campaign", message->campaign },
		{ "note", message->note },
	};
	json_t *object = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		json_object_set_new(object, texts[i].name,
				    print_json_text(texts[i].text));
	json_object_set_new(object, "time", print_json_time(message->time_us));
	json_object_set_new(object, "state_time",
			    print_json_time(message->state_us));
	json_object_set_new(object, "outreach",
			    print_json_share(message->outreach));
	json_object_set_new(object, "relevance",
			    print_json_share(message->relevance));
	json_object_set_new(object, "size", json_integer(message->size));
	json_object_set_new(object, "touch",
			    json_integer((json_int_t)message->touch));
	json_object_set_new(object, "attempts",
			    json_integer((json_int_t)message->attempts));
	json_object_set_new(object, "reasons", json_reasons(message->reasons));
	return object;
}

static const char *
text_or(const char *text, const char *fallback)
{
	return text && *text ? text : fallback;
}

void
held_print_line(const struct store_message *message, gboolean buyer)
{
	g_autofree char *time = clock_format(message->time_us);
	char outreach[16];
	char relevance[16];

	printf("%s  %s  %-9s  %4s  %4s  ", message->id, time,
	       store_state_name(message->state),
	       print_share(message->outreach, outreach),
	       print_share(message->relevance, relevance));
	print_cell(text_or(message->priority, "-"), 12);
	putchar(' ');
	if (buyer) {
		print_cell(message->buyer, 12);
		putchar(' ');
	}
	print_cell(text_or(message->from, message->sender), 30);
	putchar(' ');
	print_text(text_or(message->subject, ""), FALSE);
	putchar('\n');
}

static void
print_field(const char *name, const char *text)
{
	if (!text || !*text)
		return;
	printf("%-11s", name);
	print_text(text, FALSE);
	putchar('\n');
}

static void
print_time(const char *name, gint64 time_us)
{
	g_autofree char *text = clock_format(time_us);

	print_field(name, text);
}

static void
print_reasons(const char *reasons)
{
	json_t *list = json_reasons(reasons);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *reason = json_array_get(list, i);
		const char *name =
			json_string_value(json_object_get(reason, "name"));
		double weight =
			json_number_value(json_object_get(reason, "weight"));
		char number[G_ASCII_DTOSTR_BUF_SIZE];

		/* What decided beside the models weighs nothing in them. */
		if (weight == 0)
			*number = '\0';
		else
			g_ascii_formatd(number, sizeof(number), "%+.2f",
					weight);
		printf("%-11s%6s  ", i == 0 ? "because" : "", number);
		print_text(name ? name : "", FALSE);
		putchar('\n');
	}
	json_decref(list);
}

static void
print_campaign(const struct store_message *message)
{
	g_autofree char *text = NULL;

	if (message->touch == 0)
		return;
	text = g_strdup_printf("%s, touch %u", text_or(message->campaign, "-"),
			       message->touch);
	print_field("campaign", text);
}

void
held_print(const struct store_message *message)
{
	char outreach[16];
	char relevance[16];

	print_field("id", message->id);
	print_field("buyer", message->buyer);
	print_time("received", message->time_us);
	print_field("from", message->from);
	print_field("name", message->from_name);
	print_field("subject", message->subject);
	print_field("message-id", message->message_id);
	print_field("sender", text_or(message->sender, "<>"));
	print_field("recipient", message->rcpt);
	print_field("queue id", message->queue_id);
	print_field("state", store_state_name(message->state));
	print_time("since", message->state_us);
	print_field("note", message->note);
	printf("%-11s%s (outreach %s, relevance %s)\n", "verdict",
	       text_or(message->verdict, "-"),
	       print_share(message->outreach, outreach),
	       print_share(message->relevance, relevance));
	print_field("priority", message->priority);
	print_field("gate", message->gate);
	print_field("model", message->model);
	print_campaign(message);
	print_reasons(message->reasons);
}
