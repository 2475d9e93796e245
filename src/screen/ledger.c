#include "screen/ledger.h"

#include <string.h>

#include "automatic_private.h"
#include "base/clock.h"
#include "mail/address.h"
#include "refusal_private.h"

/* One purpose a kind: an address never answers for a domain or a message. */
#define PURPOSE_ADDRESS "ledger-address"
#define PURPOSE_DOMAIN	"ledger-domain"
#define PURPOSE_MESSAGE "ledger-message"

/* A thread may cite hundreds of messages; ours is among the nearest. */
#define REFERENCES_MAX 32
#define MESSAGE_ID_MAX 998

gboolean
ledger_refusal(const struct reading *reading)
{
	return refusal_said(reading);
}

static char *
hash(const struct key *key, const char *purpose, const char *text)
{
	return key_mac(key, purpose, text, strlen(text));
}

static const char *
domain_of(const char *addr)
{
	const char *at = strrchr(addr, '@');

	return at ? at + 1 : "";
}

/* The domain everybody of which is one company's, or NULL. */
static char *
company_domain(const struct snapshot *snapshot, const char *domain)
{
	if (!domain_valid(domain) ||
	    (signals_of_host(snapshot->signals, domain) &
	     (1U << SIGNAL_PUBLIC)))
		return NULL;
	return domain_registrable(domain);
}

/*
 * Adds the ids of one field, the last first (References end with the nearest).
 * Spaces inside of an id are what folding left there.
 */
static void
add_message_ids(GPtrArray *ids, char *value, guint max)
{
	char *start;

	while (ids->len < max && (start = strrchr(value, '<')) != NULL) {
		char *close = strchr(start, '>');
		char *to = start;

		if (close) {
			for (char *from = start + 1; from < close; from++)
				if (!g_ascii_isspace(*from))
					*to++ = *from;
			*to = '\0';
		}
		if (to > start && to - start <= MESSAGE_ID_MAX &&
		    !g_ptr_array_find_with_equal_func(ids, start, g_str_equal,
						      NULL))
			g_ptr_array_add(ids, g_strdup(start));
		*start = '\0';
	}
}

/* The ids in the fields of that name, without brackets; frees its elements. */
static void
collect_ids(const struct mail *mail, const char *name, GPtrArray *ids)
{
	g_autofree char *value = mail_field_text(mail, name, 0);

	if (value)
		add_message_ids(ids, value, REFERENCES_MAX);
}

static void
learn_contact(const struct snapshot *snapshot, struct vault *vault,
	      const struct key *key, const char *buyer, const char *addr)
{
	const gint64 now_us = clock_now_us();
	g_autofree char *domain = company_domain(snapshot, domain_of(addr));
	g_autofree char *whose = hash(key, PURPOSE_ADDRESS, addr);

	vault_contact(vault, buyer, whose, now_us);
	if (domain) {
		g_autofree char *where = hash(key, PURPOSE_DOMAIN, domain);

		vault_contact(vault, buyer, where, now_us);
	}
}

/* Learns our Message-ID: whoever cites it has read this mail. */
static void
learn_reference(struct vault *vault, const struct key *key, const char *buyer,
		const struct mail *mail)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	collect_ids(mail, "Message-ID", ids);
	if (ids->len > 0) {
		g_autofree char *what =
			hash(key, PURPOSE_MESSAGE, ids->pdata[0]);

		vault_contact(vault, buyer, what, clock_now_us());
	}
}

static gboolean
makes_relationship(const struct mail *mail)
{
	g_autoptr(Reading) reading = NULL;

	if (automatic_mail(mail))
		return FALSE;
	reading = reading_new(mail);
	return !ledger_refusal(reading);
}

void
ledger_learn(const struct snapshot *snapshot, struct vault *vault,
	     const struct key *key, const struct buyer *buyer,
	     char *const *rcpts, const struct mail *mail)
{
	const char *id = buyer->profile->id;
	g_autoptr(GPtrArray) outside = g_ptr_array_new_with_free_func(g_free);

	for (; *rcpts; rcpts++) {
		g_autofree char *addr = address_key(*rcpts);
		const char *domain = addr ? domain_of(addr) : "";

		if (*domain &&
		    !config_internal_domain(snapshot->config, domain))
			g_ptr_array_add(outside, g_steal_pointer(&addr));
	}
	/* Reading the text costs most, and inside mail needs none of it. */
	if (outside->len == 0 || !makes_relationship(mail))
		return;
	for (guint i = 0; i < outside->len; i++)
		learn_contact(snapshot, vault, key, id, outside->pdata[i]);
	learn_reference(vault, key, id, mail);
}

static void
ask_about_author(const struct snapshot *snapshot, const struct key *key,
		 const struct mail *mail, GPtrArray *questions)
{
	g_autoptr(Address) author = address_of_author(mail);
	g_autofree char *addr = author ? address_key(author->addr) : NULL;
	g_autofree char *domain = NULL;

	if (!addr || !*addr)
		return;
	g_ptr_array_add(questions, hash(key, PURPOSE_ADDRESS, addr));
	domain = company_domain(snapshot, domain_of(addr));
	if (domain)
		g_ptr_array_add(questions, hash(key, PURPOSE_DOMAIN, domain));
}

char **
ledger_questions(const struct snapshot *snapshot, const struct key *key,
		 const struct mail *mail, gboolean author_vouched,
		 guint *n_senders)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *questions = g_ptr_array_new();

	if (author_vouched)
		ask_about_author(snapshot, key, mail, questions);
	*n_senders = questions->len;
	collect_ids(mail, "In-Reply-To", ids);
	collect_ids(mail, "References", ids);
	for (guint i = 0; i < ids->len; i++)
		g_ptr_array_add(questions,
				hash(key, PURPOSE_MESSAGE, ids->pdata[i]));
	g_ptr_array_add(questions, NULL);
	return (char **)g_ptr_array_free(questions, FALSE);
}
