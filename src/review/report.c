#include "review/report.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "review/link.h"

#define VERDICT_FIELD "X-Pitchward"

/* Of the text that links are looked for in, and of links that are tried. */
#define TEXT_MAX  (1 << 20)
#define LINKS_MAX 500

/* Rows of one mail are written within this of each other. */
#define COPY_US (60 * CLOCK_SECOND_US)

#define LINK_PATH "/l/"

/* The id in a verdict that we wrote: "verdict=tag; ...; id=01J..."; or NULL. */
static char *
id_in_verdict(const char *value, gsize len)
{
	g_autofree char *text = g_strndup(value, len);
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);

	for (char **part = parts; *part; part++) {
		const char *word = g_strstrip(*part);

		if (g_str_has_prefix(word, "id=") &&
		    id_valid(word + strlen("id=")))
			return g_strdup(word + strlen("id="));
	}
	return NULL;
}

static gboolean
is_named(const struct mail_field *field, const char *name)
{
	return field->name_len == strlen(name) &&
	       g_ascii_strncasecmp(field->name, name, field->name_len) == 0;
}

static char *
id_in_fields(const struct mail_field *fields, guint n)
{
	for (guint i = 0; i < n; i++) {
		char *id = NULL;

		if (is_named(&fields[i], VERDICT_FIELD))
			id = id_in_verdict(fields[i].value,
					   fields[i].value_len);
		if (id)
			return id;
	}
	return NULL;
}

/* The header block of a message, sent alone. */
static char *
id_in_header_part(const struct mail *mail, const struct mail_part *part)
{
	g_autoptr(GBytes) bytes = g_bytes_new(part->body, part->body_len);
	g_autoptr(Mail) header = mail_new(bytes, mail_limits(mail));
	guint n;
	const struct mail_field *fields = mail_fields(header, &n);

	return id_in_fields(fields, n);
}

char *
report_id(const struct mail *mail)
{
	guint n_fields;
	guint n_parts;
	const struct mail_field *fields = mail_fields(mail, &n_fields);
	const struct mail_part *parts = mail_parts(mail, &n_parts);
	char *id = id_in_fields(fields, n_fields);

	for (guint i = 1; !id && i < n_parts; i++) {
		fields = mail_part_fields(mail, i, &n_fields);
		id = id_in_fields(fields, n_fields);
		if (!id && g_str_equal(parts[i].type, "text/rfc822-headers"))
			id = id_in_header_part(mail, &parts[i]);
	}
	return id;
}

/* What links of one buyer were found to name. */
struct search {
	const struct key *key;
	const char *buyer;
	gint64 now_us;
	guint tried;
	char id[ID_LEN + 1]; /* "" at first */
	gboolean several;
};

static void
try_link(struct search *search, const char *text)
{
	const gsize len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789-.");
	g_autofree char *word = g_strndup(text, MIN(len, 200));
	struct link link;

	if (!link_verify(search->key, word, search->buyer, search->now_us) ||
	    !link_parse(word, &link))
		return;
	if (*search->id && strcmp(search->id, link.id) != 0)
		search->several = TRUE;
	memcpy(search->id, link.id, sizeof(search->id));
}

static void
search_text(struct search *search, const char *text)
{
	const char *at = text;

	while (search->tried < LINKS_MAX && (at = strstr(at, LINK_PATH))) {
		at += strlen(LINK_PATH);
		search->tried++;
		try_link(search, at);
	}
}

char *
report_linked_id(const struct mail *mail, const struct key *key,
		 const char *buyer, gint64 now_us)
{
	struct search search = { .key = key, .buyer = buyer, .now_us = now_us };
	guint n;
	const struct mail_part *parts = mail_parts(mail, &n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *text = NULL;
		guint odd = 0;

		if (parts[i].kind != MAIL_PART_TEXT &&
		    parts[i].kind != MAIL_PART_HTML)
			continue;
		text = mail_part_text(mail, i, TEXT_MAX, &odd);
		if (text)
			search_text(&search, text);
	}
	return *search.id && !search.several ? g_strdup(search.id) : NULL;
}

static gboolean
is_copy(const struct store_message *row, const struct store_message *message)
{
	return g_strcmp0(row->queue_id, message->queue_id) == 0 &&
	       g_strcmp0(row->message_id, message->message_id) == 0;
}

struct store_message *
report_copy(struct store *store, const struct store_message *message,
	    const char *buyer, GError **error)
{
	static const int states[] = { -1, STORE_DELIVERED, STORE_RELEASED,
				      STORE_DELETED, STORE_EXPIRED };
	struct store_query query = {
		.buyer = buyer,
		.since_us = message->time_us - COPY_US,
		.until_us = message->time_us + COPY_US,
	};

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		g_autoptr(GPtrArray) rows = NULL;

		query.state = states[i];
		rows = store_list(store, &query, error);
		if (!rows)
			return NULL;
		for (guint j = 0; j < rows->len; j++) {
			if (is_copy(rows->pdata[j], message))
				return g_ptr_array_steal_index(rows, j);
		}
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
		    "%s: it did not come to %s", message->id, buyer);
	return NULL;
}

/* Auto-Submitted: no is a person's word that no machine wrote it. */
static gboolean
is_auto_submitted(const struct mail *mail)
{
	g_autofree char *value = mail_field_text(mail, "Auto-Submitted", 0);

	return value && g_ascii_strcasecmp(g_strstrip(value), "no") != 0;
}

static gboolean
is_bulk(const struct mail *mail)
{
	g_autofree char *value = mail_field_text(mail, "Precedence", 0);

	return value && (g_ascii_strcasecmp(g_strstrip(value), "bulk") == 0 ||
			 g_ascii_strcasecmp(value, "list") == 0 ||
			 g_ascii_strcasecmp(value, "junk") == 0 ||
			 g_ascii_strcasecmp(value, "auto_reply") == 0);
}

gboolean
report_is_automatic(const struct mail *mail)
{
	g_autofree char *path = mail_field_text(mail, "Return-Path", 0);

	/* Then these fields are those of what was resent. */
	if (mail_field_count(mail, "Resent-From") > 0)
		return FALSE;
	return is_auto_submitted(mail) || is_bulk(mail) ||
	       mail_field_count(mail, "List-Id") > 0 ||
	       mail_field_count(mail, "X-Autoreply") > 0 ||
	       mail_field_count(mail, "X-Autorespond") > 0 ||
	       (path && strcmp(g_strstrip(path), "<>") == 0);
}
