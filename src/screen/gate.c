#include "screen/gate.h"

#include "automatic_private.h"
#include "base/clock.h"
#include "mail/address.h"
#include "mail/authres.h"
#include "screen/ledger.h"
#include "screen/ours.h"

/* One message at one buyer's gate. */
struct visit {
	const struct gatekeeper *keeper;
	const struct mail *mail;
	const struct buyer *buyer;
	struct address *author; /* the one author, NULL when there is not one */
	gboolean asked;		/* `vouched` is filled */
	gboolean vouched;
};

const char *
gate_name(enum gate gate)
{
	static const char *const names[] = {
		"",	 "uncovered", "authenticated", "internal",
		"ours",	 "blocked",   "allowed",       "contact",
		"reply", "bounce",    "auto-reply",    "unknown",
	};

	g_assert((guint)gate < G_N_ELEMENTS(names));
	return names[gate];
}

enum gate
gate_envelope(const struct snapshot *snapshot, const struct envelope *envelope)
{
	if (!envelope->known)
		return GATE_NONE;
	if (envelope->authenticated)
		return GATE_AUTHENTICATED;
	if (envelope->client &&
	    config_internal_client(snapshot->config, envelope->client))
		return GATE_INTERNAL;
	return GATE_NONE;
}

gboolean
gate_author_vouched(const struct gatekeeper *keeper, const struct mail *mail)
{
	const struct envelope *envelope = keeper->envelope;
	char *const *ids = keeper->snapshot->config->authserv_ids;

	return authres_author(mail, (const char *const *)ids,
			      envelope->known ? envelope->sender : NULL) ==
	       AUTHRES_PASS;
}

/* From is free to forge: nobody is let in by it unless this says so. */
static gboolean
author_vouched(struct visit *visit)
{
	if (visit->asked)
		return visit->vouched;
	visit->asked = TRUE;
	visit->vouched = visit->author &&
			 gate_author_vouched(visit->keeper, visit->mail);
	return visit->vouched;
}

static gboolean
is_internal(struct visit *visit)
{
	return visit->author &&
	       config_internal_domain(visit->keeper->snapshot->config,
				      visit->author->domain) &&
	       author_vouched(visit);
}

static gboolean
is_ours(const struct visit *visit)
{
	char *const *to = visit->buyer->profile->addresses;
	const struct key *key = visit->keeper->key;
	const gint64 now_us = clock_now_us();

	if (!key || mail_field_count(visit->mail, OURS_HEADER) == 0)
		return FALSE;
	for (; *to; to++)
		if (ours_verify(key, visit->mail, *to, now_us))
			return TRUE;
	return FALSE;
}

/* Whoever forges a blocked sender is welcome to be blocked. */
static gboolean
is_blocked(const struct visit *visit)
{
	const struct envelope *envelope = visit->keeper->envelope;
	char *const *block = visit->buyer->profile->block;
	g_autoptr(Address) shown = NULL;

	if (!block[0])
		return FALSE;
	if (envelope->known && envelope->sender &&
	    sender_listed(block, envelope->sender))
		return TRUE;
	shown = address_shown(visit->mail);
	return shown && sender_listed(block, shown->addr);
}

static gboolean
is_allowed(struct visit *visit)
{
	char *const *allow = visit->buyer->profile->allow;

	return allow[0] && visit->author &&
	       sender_listed(allow, visit->author->addr) &&
	       author_vouched(visit);
}

static gboolean
ledger_asked(const struct visit *visit, char *const *questions, gboolean *known)
{
	return vault_known(visit->keeper->vault, visit->buyer->profile->id,
			   (const char *const *)questions,
			   visit->keeper->deadline_us, known, NULL);
}

/*
 * Most mail is from strangers, so one question asks for everything; only of
 * mail that is known do we ask again what it is known by.
 */
static enum gate
gate_ledger(struct visit *visit)
{
	const struct gatekeeper *keeper = visit->keeper;
	g_auto(GStrv) asked = NULL;
	g_autofree char **senders = NULL;
	guint n_senders;
	gboolean known;

	if (!keeper->vault || !keeper->key)
		return GATE_NONE;
	asked = ledger_questions(keeper->snapshot, keeper->key, visit->mail,
				 author_vouched(visit), &n_senders);
	if (!asked[0])
		return GATE_NONE;
	if (!ledger_asked(visit, asked, &known))
		return GATE_UNKNOWN;
	if (!known)
		return GATE_NONE;
	if (n_senders == 0)
		return GATE_REPLY;
	if (!asked[n_senders])
		return GATE_CONTACT;
	/* The author's questions alone; the strings stay with `asked`. */
	senders = g_memdup2(asked, (n_senders + 1) * sizeof(*senders));
	senders[n_senders] = NULL;
	if (!ledger_asked(visit, senders, &known))
		return GATE_UNKNOWN;
	return known ? GATE_CONTACT : GATE_REPLY;
}

static gboolean
is_bounce(const struct visit *visit)
{
	const struct envelope *envelope = visit->keeper->envelope;

	if (envelope->known && envelope->sender && !envelope->sender[0])
		return TRUE;
	return automatic_bounce(visit->mail);
}

static enum gate
gate_profile(struct visit *visit)
{
	if (is_ours(visit))
		return GATE_OURS;
	if (is_blocked(visit))
		return GATE_BLOCKED;
	if (is_allowed(visit))
		return GATE_ALLOWED;
	return gate_ledger(visit);
}

enum gate
gate_buyer(const struct gatekeeper *keeper, const struct mail *mail,
	   const struct buyer *buyer)
{
	g_autoptr(Address) author = address_of_author(mail);
	struct visit visit = {
		.keeper = keeper,
		.mail = mail,
		.buyer = buyer,
		.author = author,
	};
	enum gate gate;

	if (is_internal(&visit))
		return GATE_INTERNAL;
	gate = buyer ? gate_profile(&visit) : GATE_NONE;
	if (gate != GATE_NONE)
		return gate;
	if (is_bounce(&visit))
		return GATE_BOUNCE;
	return automatic_reply(mail) ? GATE_AUTO_REPLY : GATE_NONE;
}
