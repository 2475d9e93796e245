#include "said_private.h"

#include <stdio.h>

#include "base/clock.h"
#include "print_private.h"
#include "ruled_private.h"

#define DEADLINE_US (10 * CLOCK_SECOND_US)

void
said_clear(struct said *said)
{
	g_clear_pointer(&said->labels, g_ptr_array_unref);
	g_clear_pointer(&said->rulings, g_ptr_array_unref);
	g_clear_pointer(&said->applies, g_free);
}

static gboolean
is_about(const struct store_ruling *ruling, const struct store_message *message)
{
	const char *subject = ruling->scope == STORE_RULING_VENDOR
				      ? message->vendor
				      : message->campaign;

	return subject && *subject && g_str_equal(subject, ruling->subject);
}

static gboolean
read_labels(struct store *store, const struct store_message *message,
	    struct said *said, GError **error)
{
	said->labels =
		store_feedback_list(store, message->buyer, 0, TRUE, error);
	for (guint i = 0; said->labels && i < said->labels->len;) {
		const struct store_feedback *label = said->labels->pdata[i];

		if (g_str_equal(label->message, message->id))
			i++;
		else
			g_ptr_array_remove_index(said->labels, i);
	}
	return said->labels != NULL;
}

static gboolean
read_rulings(struct store *store, const struct store_message *message,
	     gint64 now_us, struct said *said, GError **error)
{
	said->rulings = store_ruling_list(store, message->buyer, TRUE, error);
	for (guint i = 0; said->rulings && i < said->rulings->len;) {
		const struct store_ruling *ruling = said->rulings->pdata[i];

		if (ruled_is_active(ruling, now_us) &&
		    is_about(ruling, message))
			i++;
		else
			g_ptr_array_remove_index(said->rulings, i);
	}
	return said->rulings != NULL;
}

gboolean
said_read(struct store *store, const struct store_message *message,
	  struct said *said, GError **error)
{
	const gint64 now_us = clock_now_us();
	g_autoptr(StoreRuling) applies = NULL;

	if (!read_labels(store, message, said, error) ||
	    !read_rulings(store, message, now_us, said, error) ||
	    !store_ruling_find(store, message->buyer, message->vendor,
			       message->campaign, now_us,
			       clock_monotonic_us() + DEADLINE_US, &applies,
			       error))
		return FALSE;
	said->applies = applies ? g_strdup(applies->id) : NULL;
	return TRUE;
}

static void
print_undo(const char *command)
{
	if (!command)
		return;
	printf("%-11sto undo: ", "");
	print_text(command, FALSE);
	putchar('\n');
}

static void
print_who(gint64 time_us, const char *by)
{
	g_autofree char *when = clock_format(time_us);

	printf(", %s", when);
	if (by && *by) {
		fputs(" by ", stdout);
		print_text(by, FALSE);
	}
}

static void
print_label(const struct store_feedback *label)
{
	g_autofree char *undo =
		g_strdup_printf("pitchward feedback undo %s", label->message);

	printf("%-11s%s", "label", store_label_name(label->label));
	print_who(label->time_us, label->by);
	putchar('\n');
	print_undo(undo);
}

static void
print_ruling(const struct said *said, const struct store_ruling *ruling)
{
	g_autofree char *text = ruled_text(ruling);
	g_autofree char *undo = ruled_undo(ruling);

	printf("%-11s%s %s ", "ruling",
	       ruling->scope == STORE_RULING_VENDOR ? "vendor" : "campaign",
	       ruling->subject);
	print_text(text, FALSE);
	print_who(ruling->time_us, ruling->by);
	if (g_strcmp0(said->applies, ruling->id) != 0)
		fputs(" (another ruling goes before it)", stdout);
	putchar('\n');
	print_undo(undo);
}

void
said_print(const struct said *said)
{
	for (guint i = 0; i < said->labels->len; i++)
		print_label(said->labels->pdata[i]);
	for (guint i = 0; i < said->rulings->len; i++)
		print_ruling(said, said->rulings->pdata[i]);
}

static json_t *
label_json(const struct store_feedback *label)
{
	g_autofree char *when = clock_format(label->time_us);
	g_autofree char *undo =
		g_strdup_printf("pitchward feedback undo %s", label->message);
	json_t *object = json_object();

	json_object_set_new(object, "label",
			    json_string(store_label_name(label->label)));
	json_object_set_new(object, "time", json_string(when));
	json_object_set_new(object, "by", print_json_text(label->by));
	json_object_set_new(object, "source", print_json_text(label->source));
	json_object_set_new(object, "undo", print_json_text(undo));
	return object;
}

void
said_json(const struct said *said, json_t *object)
{
	json_t *labels = json_array();
	json_t *rulings = json_array();

	for (guint i = 0; i < said->labels->len; i++)
		json_array_append_new(labels,
				      label_json(said->labels->pdata[i]));
	for (guint i = 0; i < said->rulings->len; i++) {
		const struct store_ruling *ruling = said->rulings->pdata[i];
		json_t *one = ruled_json(ruling);

		json_object_set_new(one, "applies",
				    json_boolean(g_strcmp0(said->applies,
							   ruling->id) == 0));
		json_array_append_new(rulings, one);
	}
	json_object_set_new(object, "labels", labels);
	json_object_set_new(object, "rulings", rulings);
}
