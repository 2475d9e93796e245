/* Cases of store_history(): what was kept, and the campaign of the next. */
#ifndef TESTS_CAMPAIGN_WORLD_H
#define TESTS_CAMPAIGN_WORLD_H

#include "../lib/store_kit.h"
#include "base/clock.h"

#define TEXT G_GUINT64_CONSTANT(0x8123456789abcdef)

/*
 * A message, as the cases tell it; what they leave out is like nothing: the
 * author of those kept is another than that of the new one.
 */
struct mail {
	const char *buyer;
	const char *vendor;
	const char *from;
	const char *message_id;
	const char *refers_to;
	guint64 text;
	guint64 subject;
	gint64 age_days;
	const char *campaign; /* of a kept one */
};

static gint64
age_us(const struct mail *mail)
{
	return mail->age_days * CLOCK_DAY_US;
}

static struct store_message *
message_of(const struct mail *mail, guint n)
{
	struct store_message *message = kit_message(mail->buyer, n);

	kit_set(&message->vendor, mail->vendor);
	kit_set(&message->from, mail->from ? mail->from : "kept@b.example");
	kit_set(&message->message_id, mail->message_id);
	kit_set(&message->campaign, mail->campaign);
	message->touch = 1;
	message->fingerprint = mail->text;
	message->subject_key = mail->subject;
	message->time_us -= age_us(mail);
	return message;
}

static void
keep(struct store *store, const struct mail *mail, guint n)
{
	g_autoptr(StoreMessage) message = message_of(mail, n);
	g_autoptr(GBytes) bytes = kit_bytes(10, n);

	KIT_DO(store_hold(store, &message, 1, bytes, kit_soon(), NULL, &error));
}

static void
ask(struct store *store, const struct mail *mail, struct store_history *history)
{
	const char *const references[] = { "<other@b.example>", mail->refers_to,
					   NULL };
	const struct store_likeness likeness = {
		.buyer = mail->buyer,
		.vendor = mail->vendor,
		.sender = mail->from ? mail->from : "new@b.example",
		.fingerprint = mail->text,
		.subject_key = mail->subject,
		.message_id = mail->message_id,
		.references = references,
	};

	KIT_DO(store_history(store, &likeness, kit_soon(), history, &error));
}

#define ONE "01J00000000000000000000ONE"
#define TWO "01J00000000000000000000TW0"

struct campaign_case {
	const char *what;
	struct mail kept[3];
	struct mail new;
	const char *campaign; /* "": none */
	guint touch;
};

static void
check_campaign(struct store *store, const struct campaign_case *c)
{
	struct store_history history = { .touch = 99 };

	g_test_message("%s", c->what);
	for (guint i = 0; i < G_N_ELEMENTS(c->kept) && c->kept[i].buyer; i++)
		keep(store, &c->kept[i], i);
	ask(store, &c->new, &history);
	g_assert_cmpstr(history.campaign, ==, c->campaign);
	g_assert_cmpuint(history.touch, ==, c->touch);
	kit_assert_sound(store);
}

static void
campaigns_are_known(gconstpointer data)
{
	char *folder = kit_quick_folder();
	struct store *store = kit_open(folder);

	check_campaign(store, data);
	store_close(store);
	kit_remove(folder);
}

static void
add_campaigns(const struct campaign_case *cases, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_autofree char *path =
			g_strdup_printf("/store/campaign/%s", cases[i].what);

		g_test_add_data_func(path, &cases[i], campaigns_are_known);
	}
}

#endif
