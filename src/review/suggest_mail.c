#include <string.h>

#include "base/clock.h"
#include "features/reading.h"
#include "model/imprint.h"
#include "suggest_private.h"

#define MAILS_MAX 2000

/* A word of fewer characters is no keyword. */
#define WORD_MIN 3

/* Of a name within a domain. */
#define NAME_MIN 5

static void
word_free(gpointer data)
{
	struct suggest_word *word = data;

	g_free(word->shown);
	g_free(word);
}

static void
mail_destroy(gpointer data)
{
	struct suggest_mail *mail = data;

	g_free(mail->id);
	g_free(mail->subject);
	g_free(mail->sender);
	g_free(mail->priority);
	g_ptr_array_unref(mail->words);
	g_hash_table_unref(mail->stems);
	g_clear_pointer(&mail->buckets, g_hash_table_unref);
	g_free(mail);
}

static void
stem_add(GHashTable *stems, guint64 stem)
{
	if (!g_hash_table_contains(stems, &stem))
		g_hash_table_add(stems, g_memdup2(&stem, sizeof(stem)));
}

static void
stems_of(const struct reading_text *text, GHashTable *stems)
{
	const guint n = MIN(text->words->len, READING_STEMS_MAX);

	for (guint i = 0; text->stem && i < n; i++)
		if (text->stem[i] != 0)
			stem_add(stems, text->stem[i]);
}

/* A subject alone is its own text, so that its language is seen. */
static GBytes *
mail_of_text(const char *subject, const char *text)
{
	GString *bytes = g_string_new("Subject: ");

	g_string_append(bytes, subject);
	g_strdelimit(bytes->str, "\r\n", ' ');
	g_string_append_printf(bytes,
			       "\r\nMIME-Version: 1.0\r\nContent-Type: "
			       "text/plain; charset=utf-8\r\n\r\n%s\r\n",
			       text);
	return g_string_free_to_bytes(bytes);
}

void
suggest_stems(const char *text, GHashTable *stems)
{
	g_autoptr(GBytes) bytes = mail_of_text("", text);
	g_autoptr(Mail) mail = mail_new(bytes, &mail_limits_default);
	g_autoptr(Reading) reading = reading_new(mail);

	reading_stems(reading);
	stems_of(&reading->text, stems);
}

/*
 * The vendor's own name tells the vendor, not the topic: a part of its domain,
 * unless so short that it may be by chance, and who signs.
 */
static gboolean
is_name_of(const char *shown, const struct store_message *row)
{
	g_autofree char *name =
		g_utf8_casefold(row->from_name ? row->from_name : "", -1);
	g_auto(GStrv) parts = g_strsplit_set(name, " ,.\"'", -1);

	return g_strv_contains((const char *const *)parts, shown) ||
	       (strlen(shown) >= NAME_MIN && row->from &&
		strstr(row->from, shown));
}

static void
read_words(struct suggest_mail *mail, const struct reading_text *text,
	   const struct store_message *row)
{
	const guint n = MIN(text->words->len, READING_STEMS_MAX);

	for (guint i = 0; text->stem && i < n; i++) {
		const struct word *at =
			&g_array_index(text->words, struct word, i);
		g_autofree char *shown =
			g_strndup(text->folded + at->at, at->len);
		struct suggest_word *word;

		if (text->stem[i] == 0 || at->digits ||
		    g_utf8_strlen(shown, -1) < WORD_MIN ||
		    is_name_of(shown, row))
			continue;
		word = g_new0(struct suggest_word, 1);
		word->stem = text->stem[i];
		word->shown = g_steal_pointer(&shown);
		g_ptr_array_add(mail->words, word);
	}
}

/* The message itself while it is kept, else its subject. */
static void
read_text(struct store *store, const struct store_message *row,
	  struct suggest_mail *mail)
{
	const char *subject = row->subject ? row->subject : "";
	g_autoptr(GBytes) bytes =
		row->state == STORE_HELD
			? store_body(store, row->buyer, row->id, NULL)
			: NULL;
	g_autoptr(Mail) parsed = NULL;
	g_autoptr(Reading) reading = NULL;

	if (!bytes)
		bytes = mail_of_text(subject, subject);
	parsed = mail_new(bytes, &mail_limits_default);
	reading = reading_new(parsed);
	reading_stems(reading);
	stems_of(&reading->subject, mail->stems);
	stems_of(&reading->text, mail->stems);
	read_words(mail, &reading->subject, row);
}

/* Features may be gone, or of another making: then words alone count. */
static void
read_imprint(struct store *store, const struct store_message *row,
	     struct suggest_mail *mail)
{
	g_autoptr(GBytes) bytes =
		store_features(store, row->buyer, row->id, NULL);
	g_autoptr(Imprint) imprint = bytes ? imprint_unpack(bytes, NULL) : NULL;

	if (!imprint)
		return;
	mail->buckets = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < imprint->n_stems; i++)
		g_hash_table_add(
			mail->buckets,
			GUINT_TO_POINTER(imprint->stems[i].bucket + 1));
}

static struct suggest_mail *
mail_of_row(struct store *store, const struct store_message *row,
	    enum store_label label)
{
	struct suggest_mail *mail = g_new0(struct suggest_mail, 1);
	const char *vendor = row->vendor ? row->vendor : "";

	mail->id = g_strdup(row->id);
	mail->subject = g_strdup(row->subject ? row->subject : "");
	mail->sender = g_ascii_strdown(*vendor	   ? vendor
				       : row->from ? row->from
						   : "",
				       -1);
	mail->priority = g_strdup(row->priority ? row->priority : "");
	mail->side = label == STORE_RELEVANT ? SIDE_RELEVANT : SIDE_IRRELEVANT;
	mail->kept_out = g_strcmp0(row->verdict, "deliver") != 0;
	mail->relevance = row->relevance;
	mail->time_us = row->time_us;
	mail->words = g_ptr_array_new_with_free_func(word_free);
	mail->stems = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
					    NULL);
	read_text(store, row, mail);
	read_imprint(store, row, mail);
	return mail;
}

GPtrArray *
suggest_read(struct store *store, const char *buyer, gint64 since_us,
	     GError **error)
{
	g_autoptr(GPtrArray) said =
		store_feedback_list(store, buyer, since_us, TRUE, error);
	GPtrArray *mails;

	if (!said)
		return NULL;
	mails = g_ptr_array_new_with_free_func(mail_destroy);
	for (guint i = said->len; i > 0 && mails->len < MAILS_MAX; i--) {
		const struct store_feedback *one = said->pdata[i - 1];
		g_autoptr(StoreMessage) row = NULL;

		if (one->label == STORE_NOT_OUTREACH)
			continue;
		/* A row that is gone by now says nothing any more. */
		row = store_find(store, buyer, one->message, NULL);
		if (row)
			g_ptr_array_add(mails,
					mail_of_row(store, row, one->label));
	}
	return mails;
}
