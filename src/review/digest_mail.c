/* A digest or a notice as the mail that is sent. */
#include "digest_private.h"

GBytes *
digest_mail(const struct digest *digest, const struct outbox *outbox,
	    const char *kind, const char *key)
{
	g_autofree char *subject = digest_subject(digest);
	g_autofree char *text = digest_text(digest);
	g_autofree char *html = digest_html(digest);
	const struct outbox_letter letter = { digest->profile, subject, text,
					      html, digest->until_us };

	return outbox_mail(outbox, kind, key, &letter);
}
