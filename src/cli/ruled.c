#include "ruled_private.h"

#include "base/clock.h"
#include "print_private.h"

#define DATE_LEN 10

char *
ruled_text(const struct store_ruling *ruling)
{
	const char *word = store_ruling_word_name(ruling->word);
	g_autofree char *until = NULL;

	if (ruling->until_us == 0)
		return g_strdup(word);
	until = clock_format(ruling->until_us);
	return g_strdup_printf("%s until %.*s", word, DATE_LEN, until);
}

json_t *
ruled_json(const struct store_ruling *ruling)
{
	g_autofree char *undo = ruled_undo(ruling);
	json_t *object = json_object();

	json_object_set_new(object, "buyer", print_json_text(ruling->buyer));
	json_object_set_new(
		object, "scope",
		json_string(store_ruling_scope_name(ruling->scope)));
	json_object_set_new(object, "subject",
			    print_json_text(ruling->subject));
	json_object_set_new(object, "word",
			    json_string(store_ruling_word_name(ruling->word)));
	json_object_set_new(object, "until", print_json_time(ruling->until_us));
	json_object_set_new(object, "time", print_json_time(ruling->time_us));
	json_object_set_new(object, "by", print_json_text(ruling->by));
	json_object_set_new(object, "cause", print_json_text(ruling->cause));
	json_object_set_new(object, "undone",
			    print_json_time(ruling->undone_us));
	json_object_set_new(object, "undo",
			    undo && ruling->undone_us == 0
				    ? print_json_text(undo)
				    : json_null());
	return object;
}

gboolean
ruled_is_active(const struct store_ruling *ruling, gint64 now_us)
{
	return ruling->undone_us == 0 &&
	       (ruling->until_us == 0 || ruling->until_us > now_us);
}

/* What a label was the cause of goes with the label. */
char *
ruled_undo(const struct store_ruling *ruling)
{
	if (ruling->cause && *ruling->cause)
		return g_strdup_printf("pitchward feedback undo %s",
				       ruling->cause);
	if (ruling->scope == STORE_RULING_CAMPAIGN)
		return NULL;
	return g_strdup_printf("pitchward vendor status %s clear --for %s",
			       ruling->subject, ruling->buyer);
}

/* NULL without an error: there is no such message. */
static struct store_message *
find(struct store *store, const char *buyer, const char *id, GError **error)
{
	g_autoptr(GError) local = NULL;
	struct store_message *message =
		id && *id ? store_find(store, buyer, id, &local) : NULL;

	if (local &&
	    !g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND))
		g_propagate_error(error, g_steal_pointer(&local));
	return message;
}

char *
ruled_vendor(const struct store_ruling *ruling, struct store *store,
	     GError **error)
{
	g_autoptr(StoreMessage) message = NULL;
	g_autoptr(GError) local = NULL;

	if (ruling->scope == STORE_RULING_VENDOR)
		return g_strdup(ruling->subject);
	message = find(store, ruling->buyer, ruling->cause, &local);
	if (!message && !local)
		message = find(store, NULL, ruling->subject, &local);
	if (local) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	return g_strdup(message && message->vendor ? message->vendor : "");
}
