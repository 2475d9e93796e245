/* A digest or a notice as the mail that is sent. */
#include "digest_private.h"
#include "mail/compose.h"

GBytes *
digest_mail(const struct digest *digest, const struct outbox *outbox,
	    const char *kind, const char *key)
{
	const struct config *config = digest->config;
	const struct profile *profile = digest->profile;
	const char *redirect = config->digest.redirect;
	const char *const fields[] = { "X-Pitchward-For", profile->addresses[0],
				       NULL };
	g_autofree char *message_id = outbox_message_id(outbox, kind, key);
	g_autofree char *subject = digest_subject(digest);
	g_autofree char *text = digest_text(digest);
	g_autofree char *html = digest_html(digest);
	const struct compose mail = {
		.from = config->digest.from,
		.from_name = "Pitchward",
		.to = redirect ? redirect : profile->addresses[0],
		.to_name = redirect ? NULL : profile->name,
		.subject = subject,
		.message_id = message_id,
		.date_us = digest->until_us,
		.zone = profile->digest.zone,
		.fields = redirect ? fields : NULL,
		.text = text,
		.html = html,
	};

	return compose_mail(&mail);
}
