#include "mail/authres.h"

#include <string.h>

#include "field_private.h"
#include "lexeme_private.h"
#include "mail/address.h"

enum method { METHOD_OTHER, METHOD_DKIM, METHOD_SPF, METHOD_DMARC };

/* A run of bytes of the value being read. */
struct slice {
	const char *at;
	gsize len;
};

/* One "method=result" with what it is said of. */
struct statement {
	enum method method;
	struct slice result;
	struct slice domain; /* header.d, header.i or header.from */
	struct slice mailfrom;
};

/* The value of one field; `broken` ends all belief in it. */
struct reader {
	const char *at;
	const char *end;
	gboolean broken;
};

/* What is asked, and what has been found so far. */
struct inquiry {
	const char *author; /* registrable domain of the author */
	char *envelope; /* address_key() of the envelope's sender, or NULL */
	guint judged;	/* bits of methods that a field further up speaks of */
	guint judging;	/* those that the present field speaks of */
	gboolean pass;
	gboolean fail; /* DMARC's own verdict */
	gboolean said;
};

static gboolean
slice_is(struct slice slice, const char *word)
{
	return strlen(word) == slice.len &&
	       g_ascii_strncasecmp(slice.at, word, slice.len) == 0;
}

static gboolean
is_one_of(struct slice slice, const char *const *words)
{
	for (; *words; words++) {
		if (slice_is(slice, *words))
			return TRUE;
	}
	return FALSE;
}

static void
skip_gap(struct reader *reader)
{
	gboolean closed = TRUE;

	while (reader->at < reader->end && closed) {
		if (*reader->at == '(')
			reader->at = lexeme_comment(reader->at, reader->end,
						    &closed);
		else if (lexeme_is_space(*reader->at))
			reader->at++;
		else
			return;
	}
	if (!closed)
		reader->broken = TRUE;
}

static gboolean
read_char(struct reader *reader, char c)
{
	skip_gap(reader);
	if (reader->at >= reader->end || *reader->at != c)
		return FALSE;
	reader->at++;
	return TRUE;
}

/* A keyword: method, result, property. */
static struct slice
read_word(struct reader *reader)
{
	struct slice word;

	skip_gap(reader);
	word.at = reader->at;
	while (reader->at < reader->end &&
	       (g_ascii_isalnum(*reader->at) || strchr("-_./", *reader->at)))
		reader->at++;
	word.len = (gsize)(reader->at - word.at);
	return word;
}

/*
 * A value, in quotes or not, up to a space or ";". What touches it is part of
 * it: "example.net(.example.com" is no domain with a comment behind it but a
 * name that somebody chose for that reason (CVE-2020-12272).
 */
static struct slice
read_value(struct reader *reader)
{
	struct slice value;
	gboolean closed = TRUE;

	skip_gap(reader);
	value.at = reader->at;
	if (reader->at < reader->end && *reader->at == '"')
		reader->at = lexeme_quoted(reader->at, reader->end, &closed);
	while (reader->at < reader->end && !lexeme_is_space(*reader->at) &&
	       *reader->at != ';') {
		if (strchr("()\"", *reader->at))
			closed = FALSE;
		reader->at++;
	}
	value.len = (gsize)(reader->at - value.at);
	if (!closed)
		reader->broken = TRUE;
	if (value.len >= 2 && value.at[0] == '"' &&
	    value.at[value.len - 1] == '"') {
		value.at++;
		value.len -= 2;
	}
	return value;
}

static enum method
method_of(struct slice name)
{
	const char *slash = memchr(name.at, '/', name.len);

	if (slash)
		name.len = (gsize)(slash - name.at);
	if (slice_is(name, "dkim"))
		return METHOD_DKIM;
	if (slice_is(name, "spf"))
		return METHOD_SPF;
	return slice_is(name, "dmarc") ? METHOD_DMARC : METHOD_OTHER;
}

/* header.i counts where there is no header.d. */
static gboolean
is_domain_of(const struct statement *statement, struct slice name)
{
	if (statement->method == METHOD_DMARC)
		return slice_is(name, "header.from");
	if (statement->method != METHOD_DKIM)
		return FALSE;
	return slice_is(name, "header.d") ||
	       (slice_is(name, "header.i") && !statement->domain.at);
}

static void
take_property(struct statement *statement, struct slice name,
	      struct slice value)
{
	if (slice_is(name, "smtp.mailfrom"))
		statement->mailfrom = value;
	else if (is_domain_of(statement, name))
		statement->domain = value;
}

/* One statement behind its ";"; FALSE at the end or where none can be read. */
static gboolean
read_statement(struct reader *reader, struct statement *statement)
{
	struct slice name = read_word(reader);

	memset(statement, 0, sizeof(*statement));
	statement->method = method_of(name);
	if (name.len == 0 || !read_char(reader, '='))
		return FALSE;
	statement->result = read_word(reader);
	while (!reader->broken) {
		skip_gap(reader);
		if (reader->at >= reader->end || *reader->at == ';')
			return statement->result.len > 0;
		name = read_word(reader);
		if (name.len == 0 || !read_char(reader, '='))
			return FALSE;
		take_property(statement, name, read_value(reader));
	}
	return FALSE;
}

/* The domain in a value that is one or ends in one, else NULL. */
static char *
domain_in(struct slice value)
{
	g_autofree char *domain =
		g_strndup(value.at ? value.at : "", value.len);
	const char *at = strrchr(domain, '@');

	if (at)
		return domain_valid(at + 1) ? g_strdup(at + 1) : NULL;
	return domain_valid(domain) ? g_steal_pointer(&domain) : NULL;
}

static gboolean
aligned(const struct inquiry *inquiry, struct slice value)
{
	g_autofree char *domain = domain_in(value);
	g_autofree char *registrable = NULL;

	if (!domain)
		return FALSE;
	registrable = domain_registrable(domain);
	return strcmp(registrable, inquiry->author) == 0;
}

/* SPF says something only of the sender in the envelope (CVE-2019-20790). */
static gboolean
is_of_envelope(const struct inquiry *inquiry, struct slice mailfrom)
{
	g_autofree char *value =
		g_strndup(mailfrom.at ? mailfrom.at : "", mailfrom.len);
	g_autofree char *key = address_key(value);
	const char *at;

	if (!key || !inquiry->envelope)
		return FALSE;
	if (strchr(key, '@'))
		return strcmp(key, inquiry->envelope) == 0;
	at = strrchr(inquiry->envelope, '@');
	return at && strcmp(key, at + 1) == 0;
}

static void
weigh_dmarc(struct inquiry *inquiry, const struct statement *statement)
{
	gboolean about_author = aligned(inquiry, statement->domain);

	if (slice_is(statement->result, "fail")) {
		inquiry->fail = TRUE;
		inquiry->said = TRUE;
	} else if (slice_is(statement->result, "pass") && about_author) {
		inquiry->pass = TRUE;
	}
}

/* Takes a statement that can be believed into account. */
static void
weigh(struct inquiry *inquiry, const struct statement *statement)
{
	static const char *const silent[] = { "none", "temperror", NULL };
	gboolean pass = slice_is(statement->result, "pass");
	guint bit = 1U << statement->method;

	if (inquiry->judged & bit)
		return;
	inquiry->judging |= bit;
	if (statement->method == METHOD_OTHER ||
	    is_one_of(statement->result, silent))
		return;
	if (statement->method == METHOD_DMARC) {
		weigh_dmarc(inquiry, statement);
	} else if (statement->method == METHOD_DKIM) {
		inquiry->said = TRUE;
		if (pass && aligned(inquiry, statement->domain))
			inquiry->pass = TRUE;
	} else if (is_of_envelope(inquiry, statement->mailfrom)) {
		inquiry->said = TRUE;
		if (pass && aligned(inquiry, statement->mailfrom))
			inquiry->pass = TRUE;
	}
}

/*
 * One Authentication-Results field: all of it or nothing. A field that breaks
 * the grammar anywhere may have been written with a sender's help.
 */
static void
weigh_field(struct inquiry *inquiry, const char *value,
	    const char *const *authserv_ids)
{
	struct reader reader = { value, value + strlen(value), FALSE };
	struct inquiry found = *inquiry;
	struct statement statement;

	if (!is_one_of(read_value(&reader), authserv_ids))
		return;
	read_word(&reader); /* the version, where there is one */
	while (!reader.broken && read_char(&reader, ';')) {
		const char *at = reader.at;
		struct slice word;

		skip_gap(&reader);
		if (reader.at == reader.end || *reader.at == ';')
			continue;
		word = read_word(&reader);
		if (slice_is(word, "none"))
			continue;
		reader.at = at;
		if (!read_statement(&reader, &statement))
			return;
		weigh(&found, &statement);
	}
	skip_gap(&reader);
	if (reader.broken || reader.at < reader.end)
		return;
	found.judged |= found.judging;
	found.judging = 0;
	*inquiry = found;
}

/* Whether the host behind "by" is one of ours. */
static gboolean
received_by_us(const char *value, const char *const *authserv_ids)
{
	struct reader reader = { value, value + strlen(value), FALSE };

	while (!reader.broken && reader.at < reader.end) {
		struct slice word = { reader.at, 0 };

		skip_gap(&reader);
		word.at = reader.at;
		while (reader.at < reader.end && !lexeme_is_space(*reader.at) &&
		       !strchr("(;", *reader.at))
			reader.at++;
		word.len = (gsize)(reader.at - word.at);
		if (slice_is(word, "by"))
			return is_one_of(read_value(&reader), authserv_ids);
		if (reader.at < reader.end && *reader.at == ';')
			reader.at++;
	}
	return FALSE;
}

static void
weigh_all(struct inquiry *inquiry, const struct mail *mail,
	  const char *const *authserv_ids)
{
	guint n;
	const struct mail_field *fields = mail_fields(mail, &n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *value = NULL;
		gboolean received = mail_field_named(&fields[i], "Received");

		if (!received &&
		    !mail_field_named(&fields[i], "Authentication-Results"))
			continue;
		value = mail_field_unfold(&fields[i]);
		if (!received)
			weigh_field(inquiry, value, authserv_ids);
		else if (!received_by_us(value, authserv_ids))
			return;
	}
}

enum authres_result
authres_author(const struct mail *mail, const char *const *authserv_ids,
	       const char *envelope_from)
{
	struct inquiry inquiry = { .author = address_author_domain(mail) };

	if (!inquiry.author)
		return AUTHRES_NONE;
	inquiry.envelope = envelope_from ? address_key(envelope_from) : NULL;
	weigh_all(&inquiry, mail, authserv_ids);
	g_free(inquiry.envelope);
	if (inquiry.pass && !inquiry.fail)
		return AUTHRES_PASS;
	return inquiry.said ? AUTHRES_FAIL : AUTHRES_NONE;
}
