#include "traits_private.h"

#include <string.h>

#include "text/fingerprint.h"

/* The store asks for fewer; a longer id is no id. */
#define REFERENCES_MAX 32
#define MESSAGE_ID_MAX 998

/* Everybody's domain says nothing about who wrote. */
static char *
vendor_of(const struct signals *signals, const struct reading *reading)
{
	const struct address *author = reading->author;
	const char *known = address_author_domain(reading->mail);

	if (!author || !domain_valid(author->domain) ||
	    (signals_of_host(signals, author->domain) & (1U << SIGNAL_PUBLIC)))
		return g_strdup("");
	return known ? g_strdup(known) : domain_registrable(author->domain);
}

/* Without the spaces that folding left inside. */
static char *
id_of(const char *from, gsize len)
{
	GString *id = g_string_sized_new(len + 1);

	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isspace(from[i]))
			g_string_append_c(id, from[i]);
	return g_string_free(id, FALSE);
}

/* Of those in the fields of that name the nearest, which stand last. */
static void
add_references(const struct mail *mail, const char *name, GPtrArray *ids)
{
	g_autofree char *value = mail_field_text(mail, name, 0);
	const char *at = value;
	const char *open;

	while (at && (open = strchr(at, '<')) != NULL) {
		const char *close = strchr(open, '>');

		if (!close)
			break;
		at = close + 1;
		if (at - open > MESSAGE_ID_MAX)
			continue;
		if (ids->len == REFERENCES_MAX)
			g_ptr_array_remove_index(ids, 0);
		g_ptr_array_add(ids, id_of(open, (gsize)(at - open)));
	}
}

static char **
references_of(const struct mail *mail)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

	add_references(mail, "References", ids);
	add_references(mail, "In-Reply-To", ids);
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_free(ids, FALSE);
}

void
traits_init(struct traits *traits, const struct signals *signals,
	    const struct reading *reading)
{
	const struct address *author = reading->author;

	traits->vendor = vendor_of(signals, reading);
	traits->sender = g_strdup(author ? author->addr : "");
	traits->message_id = mail_field_text(reading->mail, "Message-ID", 0);
	traits->likeness = (struct store_likeness){
		.vendor = traits->vendor,
		.sender = traits->sender,
		.fingerprint = fingerprint_hashed(reading->text.hash,
						  reading->text.words->len),
		.message_id = traits->message_id,
	};
}

void
traits_relate(struct traits *traits, const struct reading *reading)
{
	if (traits->references)
		return;
	traits->references = references_of(reading->mail);
	traits->likeness.references = (const char *const *)traits->references;
	traits->likeness.subject_key = subject_key(reading);
}

void
traits_clear(struct traits *traits)
{
	g_clear_pointer(&traits->vendor, g_free);
	g_clear_pointer(&traits->sender, g_free);
	g_clear_pointer(&traits->message_id, g_free);
	g_clear_pointer(&traits->references, g_strfreev);
}
