/*
 * Puts a message into a store as the milter would, for tests that need any
 * bytes and any envelope there.
 *
 *	hold CONFIG BUYER SENDER RCPT [NAME=VALUE...] <MESSAGE	prints the id
 *
 * NAME is relevance, reasons, time (seconds since 1970) or verdict; one that is
 * no quarantine is a delivered message's.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/key.h"
#include "mail/address.h"
#include "mail/message.h"
#include "profile/config.h"
#include "store/store.h"

static void
describe(struct store_message *message, GBytes *bytes)
{
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Address) author = address_shown(mail);

	message->subject = mail_field_decoded(mail, "Subject", 0);
	message->message_id = mail_field_text(mail, "Message-ID", 0);
	message->from = g_strdup(author ? author->addr : "");
	message->from_name = g_strdup(author ? author->name : "");
	message->vendor = domain_registrable(author ? author->domain : "");
	message->size = (gint64)g_bytes_get_size(bytes);
	message->verdict = g_strdup("quarantine");
	message->outreach = 0.97;
	message->relevance = 0.1;
	message->priority = g_strdup("edr");
	message->reasons = g_strdup("[{\"name\": \"outreach: bias\", "
				    "\"value\": 1, \"weight\": 1.5}]");
	message->time_us = message->state_us = clock_now_us();
	message->state = STORE_HELD;
}

static void
set(struct store_message *message, const char *name, const char *value)
{
	if (strcmp(name, "relevance") == 0) {
		message->relevance = g_ascii_strtod(value, NULL);
	} else if (strcmp(name, "time") == 0) {
		message->time_us = message->state_us =
			g_ascii_strtoll(value, NULL, 10) * CLOCK_SECOND_US;
	} else if (strcmp(name, "reasons") == 0) {
		g_free(message->reasons);
		message->reasons = g_strdup(value);
	} else if (strcmp(name, "verdict") == 0) {
		g_free(message->verdict);
		message->verdict = g_strdup(value);
		message->state = strcmp(value, "quarantine") == 0
					 ? STORE_HELD
					 : STORE_DELIVERED;
	} else {
		g_error("%s is no name of a message's", name);
	}
}

static void
set_all(struct store_message *message, char **pairs)
{
	for (; *pairs; pairs++) {
		g_auto(GStrv) parts = g_strsplit(*pairs, "=", 2);

		set(message, parts[0], parts[1] ? parts[1] : "");
	}
}

static gboolean
put(struct store *store, struct store_message *message, GBytes *bytes,
    GError **error)
{
	const gint64 deadline_us = clock_monotonic_us() + 10 * CLOCK_SECOND_US;

	if (message->state == STORE_HELD)
		return store_hold(store, &message, 1, bytes, deadline_us, NULL,
				  error);
	store_note(store, message);
	return store_flush(store, deadline_us, error);
}

static gboolean
hold(char **argv, char id[ID_LEN + 1], GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Config) config = config_load(argv[1], faults);
	g_autoptr(GBytes) bytes = file_read("-", 1 << 28, error);
	g_autoptr(StoreMessage) message = g_new0(struct store_message, 1);
	g_autoptr(Store) store = NULL;
	g_autoptr(Key) key = NULL;

	if (!bytes || !faults_report(faults, error))
		return FALSE;
	key = key_open(config->key, error);
	store = key ? store_open(config->store, error) : NULL;
	if (!store)
		return FALSE;
	id_new(message->id);
	/* Not of the bytes: the same message is to be held anew each time. */
	message->digest = g_strdup(message->id);
	describe(message, bytes);
	message->campaign = g_strdup(message->id);
	message->touch = 1;
	message->buyer = g_strdup(argv[2]);
	message->sender = g_strdup(argv[3]);
	message->rcpt = g_strdup(argv[4]);
	set_all(message, argv + 5);
	if (!put(store, message, bytes, error))
		return FALSE;
	memcpy(id, message->id, ID_LEN + 1);
	return TRUE;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	char id[ID_LEN + 1];

	if (argc < 5)
		return EX_USAGE;
	if (!hold(argv, id, &error)) {
		fprintf(stderr, "hold: %s\n", error->message);
		return EX_SOFTWARE;
	}
	puts(id);
	return EX_OK;
}
