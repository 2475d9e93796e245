#include "quarantine_private.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "failure_private.h"
#include "held_private.h"
#include "installation_private.h"
#include "mail/content.h"
#include "mail/message.h"
#include "options_private.h"
#include "print_private.h"
#include "said_private.h"

/* One message as it is shown. */
struct showing {
	struct options options;
	gboolean raw;
	struct store_message *message;
	GBytes *bytes; /* NULL when the text is gone */
	struct said said;
	const struct mail_limits *limits;
};

/* Exact into a file or a pipe; a terminal must not be steered by mail. */
static void
print_raw(GBytes *bytes)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = NULL;

	if (!isatty(STDOUT_FILENO)) {
		fwrite(data, 1, size, stdout);
		return;
	}
	text = g_strndup(data ? data : "", size);
	g_strdelimit(text, "\r", ' ');
	print_text(text, TRUE);
}

static void
print_block(const char *title, const char *text)
{
	if (!*text)
		return;
	printf("\n%s\n", title);
	print_text(text, TRUE);
	if (!g_str_has_suffix(text, "\n"))
		putchar('\n');
}

static void
print_content(const struct showing *showing)
{
	g_autoptr(Mail) mail = NULL;
	g_autoptr(Content) content = NULL;

	if (!showing->bytes) {
		puts("\nThe text is not kept any more.");
		return;
	}
	mail = mail_new(showing->bytes, showing->limits);
	content = content_new(mail);
	print_block("---- what the recipient would see", content->fresh);
	print_block("---- quoted", content->quoted);
	print_block("---- signature", content->signature);
	print_block("---- hidden from the reader", content->hidden);
}

static void
print_content_json(const struct showing *showing)
{
	json_t *object = held_json(showing->message);

	said_json(&showing->said, object);
	if (showing->bytes) {
		g_autoptr(Mail) mail =
			mail_new(showing->bytes, showing->limits);
		g_autoptr(Content) content = content_new(mail);

		json_object_set_new(object, "text",
				    print_json_text(content->fresh));
		json_object_set_new(object, "quoted",
				    print_json_text(content->quoted));
		json_object_set_new(object, "signature",
				    print_json_text(content->signature));
		json_object_set_new(object, "hidden",
				    print_json_text(content->hidden));
	}
	print_json(object);
}

static void
print_all(const struct showing *showing)
{
	if (showing->raw) {
		print_raw(showing->bytes);
	} else if (showing->options.json) {
		print_content_json(showing);
	} else {
		held_print(showing->message);
		said_print(&showing->said);
		print_content(showing);
	}
}

static gboolean
find(struct showing *showing, struct store *store, GError **error)
{
	g_autoptr(GError) local = NULL;

	showing->message = held_find(store, showing->options.args[0], error);
	if (!showing->message)
		return FALSE;
	showing->bytes = store_body(store, showing->message->buyer,
				    showing->message->id, &local);
	if (showing->bytes ||
	    (!showing->raw &&
	     g_error_matches(local, STORE_ERROR, STORE_ERROR_NOT_FOUND)))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
show(struct showing *showing, GError **error)
{
	g_autoptr(Config) config =
		held_check_ids(showing->options.args, error)
			? installation_config(&showing->options, error)
			: NULL;
	g_autoptr(Store) store =
		config ? installation_store(config, error) : NULL;

	if (!store || !find(showing, store, error) ||
	    !said_read(store, showing->message, &showing->said, error))
		return FALSE;
	showing->limits = &config->limits;
	print_all(showing);
	return TRUE;
}

int
quarantine_show_main(int argc, char **argv)
{
	struct showing showing = { 0 };
	const GOptionEntry entries[] = {
		{ "raw", 0, 0, G_OPTION_ARG_NONE, &showing.raw,
		  "the message's bytes as they were received", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "quarantine show",
		.arguments = "ID",
		.summary = "Shows a message, what was decided and why, what "
			   "was said about it and ruled since, and the text "
			   "that a person would see.",
		.examples = "  pitchward quarantine show 01JD3K\n"
			    "  pitchward quarantine show --raw 01JD3K >m.eml",
		.entries = entries,
		.args_min = 1,
		.args_max = 1,
	};
	g_autoptr(GError) error = NULL;
	int code = EX_OK;

	if (!options_parse(&spec, argc, argv, &showing.options, &error) ||
	    !show(&showing, &error))
		code = failure_exit(error);
	said_clear(&showing.said);
	g_clear_pointer(&showing.message, store_message_free);
	g_clear_pointer(&showing.bytes, g_bytes_unref);
	options_clear(&showing.options);
	return code;
}
