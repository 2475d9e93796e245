#include "vendor_trace_private.h"

#include <string.h>

#include "mail/address.h"
#include "mail/content.h"
#include "mail/message.h"

#define PHONE_MIN    9 /* digits; fewer are in use in several places */
#define PHONE_MAX    15
#define PHONE_KEY    9 /* the last ones: with and without the country's code */
#define TAIL_LINES   8 /* of a text without a signature that is told apart */
#define LINE_LEN_MAX 160
#define NAME_MIN     4
#define NAME_MAX_LEN 60
#define LINKS_MAX    50
#define TRACES_MAX   60

/* Where everybody links to, and what is no company's own. */
static const char *const commons[] = {
	"amazon.com",	   "apple.com",	     "bit.ly",
	"bsky.app",	   "capterra.com",   "crunchbase.com",
	"docusign.com",	   "docusign.net",   "dropbox.com",
	"eventbrite.com",  "facebook.com",   "fb.com",
	"figma.com",	   "forbes.com",     "forrester.com",
	"g2.com",	   "gartner.com",    "github.com",
	"github.io",	   "glassdoor.com",  "goo.gl",
	"google.com",	   "googleapis.com", "gotomeeting.com",
	"instagram.com",   "linkedin.com",   "live.com",
	"lnkd.in",	   "loom.com",	     "luma.com",
	"mastodon.social", "medium.com",     "meetup.com",
	"microsoft.com",   "notion.site",    "notion.so",
	"office.com",	   "office365.com",  "outlook.com",
	"pinterest.com",   "reddit.com",     "safelinks.com",
	"sharepoint.com",  "slideshare.net", "spotify.com",
	"substack.com",	   "t.co",	     "t.me",
	"threads.net",	   "tiktok.com",     "tinyurl.com",
	"trustpilot.com",  "twitter.com",    "typeform.com",
	"vimeo.com",	   "w3.org",	     "wa.me",
	"webex.com",	   "whatsapp.com",   "wikipedia.org",
	"wistia.com",	   "x.com",	     "xing.com",
	"youtu.be",	   "youtube.com",    "zoom.us",
};

/* Numbers that are answered for many: free, shared-cost and premium, by how
 * they begin at home and abroad. */
static const char *const services[] = {
	"1800",	 "1888",  "1877",  "1866",  "1855",  "1844",  "1833",  "1822",
	"800",	 "888",	  "877",   "866",   "855",   "844",   "833",   "822",
	"0800",	 "00800", "0808",  "0900",  "0180",  "0137",  "0845",  "0844",
	"0870",	 "0871",  "0843",  "0300",  "0330",  "0333",  "49800", "49180",
	"49900", "44800", "44808", "44845", "44844", "44870", "44871", "44330",
	"44333", "33800", "39800", "34900", "34800", "41800", "43800", "31800",
	"35180", "48800", "48801", "61180", "61130",
};

static const char *const forms[] = {
	"gmbh", "ag",	"kg",	"ug",  "ohg",	  "ltd",  "limited", "llc",
	"inc",	"corp", "plc",	"llp", "pty",	  "sas",  "sarl",    "srl",
	"spa",	"bv",	"nv",	"sl",  "lda",	  "ltda", "oy",	     "oyj",
	"ab",	"aps",	"as",	"oü",  "sro",	  "doo",  "kft",     "uab",
	"sia",	"fze",	"fzco", "pte", "sdn bhd", "zoo",  "se",	     "sa",
};

/* In a line with one of these the company is another one. */
static const char *const others[] = { "powered by", "sent with", "sent via",
				      "c/o",	    "on behalf", "customer",
				      "client",	    "partner",	 "unsubscribe",
				      "you receive" };

void
vendor_trace_free(struct vendor_trace *trace)
{
	if (!trace)
		return;
	g_free(trace->key);
	g_free(trace->why);
	g_free(trace);
}

static void
free_trace(gpointer data)
{
	vendor_trace_free(data);
}

/* Both are taken over. */
static struct vendor_trace *
trace_new(char *key, char *why)
{
	struct vendor_trace *trace = g_new0(struct vendor_trace, 1);

	trace->key = key;
	trace->why = why;
	return trace;
}

struct vendor_trace *
vendor_trace_of_domain(const char *domain)
{
	return trace_new(g_strconcat("d", domain, NULL),
			 g_strdup_printf("links to %s from both", domain));
}

static void
add(GPtrArray *traces, struct vendor_trace *trace)
{
	for (guint i = 0; i < traces->len; i++) {
		const struct vendor_trace *known = traces->pdata[i];

		if (strcmp(known->key, trace->key) == 0) {
			vendor_trace_free(trace);
			return;
		}
	}
	if (traces->len < TRACES_MAX)
		g_ptr_array_add(traces, trace);
	else
		vendor_trace_free(trace);
}

static gboolean
is_service(const char *digits)
{
	for (gsize i = 0; i < G_N_ELEMENTS(services); i++) {
		const gsize len = strlen(services[i]);

		/* At home North America's have ten digits. */
		if (strncmp(digits, services[i], len) == 0 &&
		    (len != 3 || strlen(digits) == 10))
			return TRUE;
	}
	return FALSE;
}

/* "000 000 000", "123 456 789": nobody's. */
static gboolean
is_filler(const char *key)
{
	gsize same = 0;
	gsize next = 0;

	for (gsize i = 1; key[i]; i++) {
		same += key[i] == key[0];
		next += key[i] == key[i - 1] + 1;
	}
	return same + 2 >= strlen(key) || next + 2 >= strlen(key);
}

/* What is written like a telephone number from `at`; its end. */
static const char *
phone_at(const char *at, char digits[PHONE_MAX + 2], gboolean *marked)
{
	gsize n = 0;

	*marked = *at == '+' || *at == '(';
	for (; *at && n <= PHONE_MAX; at++) {
		if (strncmp(at, "(0)", 3) == 0) {
			at += 2;
			continue;
		}
		if (g_ascii_isdigit(*at))
			digits[n++] = *at;
		else if (!strchr(" ()-./+", *at) || (*at == '+' && n > 0))
			break;
		else if (n > 0)
			*marked = TRUE;
		if (*at == ' ' &&
		    !(g_ascii_isdigit(at[1]) || strchr("(-/", at[1])))
			break;
	}
	digits[n] = '\0';
	return at;
}

static void
read_phone(GPtrArray *traces, const char *written, gsize len,
	   const char *digits)
{
	const char *from = strncmp(digits, "00", 2) == 0 ? digits + 2 : digits;
	const gsize n = strlen(from);
	g_autofree char *shown = g_strndup(written, len);

	if (n < PHONE_MIN || n > PHONE_MAX || is_service(digits) ||
	    is_service(from) || is_filler(from + n - PHONE_KEY))
		return;
	add(traces, trace_new(g_strconcat("p", from + n - PHONE_KEY, NULL),
			      g_strdup_printf("the number %s in what both "
					      "sign with",
					      g_strstrip(shown))));
}

static void
read_phones(GPtrArray *traces, const char *line)
{
	char digits[PHONE_MAX + 2];
	char before = ' ';

	while (*line) {
		const char *stop = line + 1;
		gboolean marked;

		if ((g_ascii_isdigit(*line) || strchr("+(", *line)) &&
		    !g_ascii_isalnum(before)) {
			stop = phone_at(line, digits, &marked);
			if (marked)
				read_phone(traces, line, (gsize)(stop - line),
					   digits);
			stop = MAX(stop, line + 1);
		}
		before = stop[-1];
		line = stop;
	}
}

/* Letters and digits in lower case with one blank between words; full stops
 * within a word fall away: "S.r.l." is srl. */
static char *
folded(const char *line)
{
	g_autofree char *lower = g_utf8_strdown(line, -1);
	GString *words = g_string_new(NULL);

	for (const char *at = lower; *at; at++) {
		if (g_ascii_isalnum(*at) || (guchar)*at >= 0x80)
			g_string_append_c(words, *at);
		else if (*at == ',' || *at == '|')
			g_string_append(words, " , ");
		else if (*at != '.' && words->len > 0 &&
			 words->str[words->len - 1] != ' ')
			g_string_append_c(words, ' ');
	}
	return g_string_free(words, FALSE);
}

static gboolean
is_form(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (strcmp(word, forms[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_of_other(const char *line)
{
	g_autofree char *lower = g_utf8_strdown(line, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		if (strstr(lower, others[i]))
			return TRUE;
	}
	return FALSE;
}

static void
add_company(GPtrArray *traces, const char *name, const char *form)
{
	add(traces,
	    trace_new(g_strdup_printf("l%s %s", name, form),
		      g_strdup_printf("the company %s %s in what both sign "
				      "with",
				      name, form)));
}

/* A comma parts names, but "Acme, Inc." is one. */
static gboolean
is_end_of_name(char *const *word)
{
	return strcmp(*word, ",") == 0 && !(word[1] && is_form(word[1]));
}

/* "Northwind Analytics GmbH, Berlin" is the words up to the legal form. */
static void
read_company(GPtrArray *traces, const char *line)
{
	g_autofree char *plain = folded(line);
	g_auto(GStrv) words = g_strsplit(plain, " ", 24);
	g_autoptr(GString) name = g_string_new(NULL);

	if (is_of_other(line))
		return;
	for (char **word = words; *word; word++) {
		if (is_end_of_name(word)) {
			g_string_truncate(name, 0);
		} else if (is_form(*word) && name->len >= NAME_MIN &&
			   name->len <= NAME_MAX_LEN) {
			add_company(traces, name->str, *word);
			return;
		} else if (**word && **word != ',') {
			g_string_append_printf(name, "%s%s",
					       name->len > 0 ? " " : "", *word);
		}
	}
}

static void
read_lines(GPtrArray *traces, const char *text, guint last)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(lines);

	for (guint taken = 0; n > 0 && taken < last; n--) {
		const char *line = g_strstrip(lines[n - 1]);
		const gsize len = strlen(line);

		taken += len > 0;
		if (len == 0 || len > LINE_LEN_MAX)
			continue;
		read_phones(traces, line);
		read_company(traces, line);
	}
}

static gboolean
is_common(const char *domain)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commons); i++) {
		if (strcmp(domain, commons[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
read_links(GPtrArray *traces, const GPtrArray *links,
	   const struct signals *signals, const char *ours)
{
	for (guint i = 0; i < MIN(links->len, LINKS_MAX); i++) {
		const struct content_link *link = links->pdata[i];
		g_autofree char *domain = NULL;

		if (link->quoted || !*link->host ||
		    signals_of_host(signals, link->host) != 0)
			continue;
		domain = domain_registrable(link->host);
		if (strchr(domain, '.') && !is_common(domain) &&
		    strcmp(domain, ours) != 0)
			add(traces, vendor_trace_of_domain(domain));
	}
}

GPtrArray *
vendor_trace_read(GBytes *bytes, const struct signals *signals,
		  const char *ours)
{
	GPtrArray *traces = g_ptr_array_new_with_free_func(free_trace);
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Content) content = content_new(mail);

	read_lines(traces, content->signature, G_MAXUINT);
	read_lines(traces, content->fresh, TAIL_LINES);
	read_links(traces, content->links, signals, ours);
	return traces;
}
