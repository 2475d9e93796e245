/* Which Authentication-Results are believed, and what they then say. */
#include <glib.h>
#include <string.h>

#include "mail/authres.h"

static const char *const ids[] = { "mx.our.example", "in.our.example", NULL };

#define PASS	 AUTHRES_PASS
#define FAIL	 AUTHRES_FAIL
#define NONE	 AUTHRES_NONE
#define AR	 "Authentication-Results: mx.our.example; "
#define DMARC	 AR "dmarc=pass header.from=vendor.example\n"
#define FROM	 "From: Ann <ann@vendor.example>\n"
#define THEIRS	 "Received: from a by mx.vendor.example; Mon, 1 Jan 2024\n"
#define OURS	 "Received: from a (b [192.0.2.1])\n\tby mx.our.example (Postfix)\n"
#define ENVELOPE "bounce@vendor.example"

struct sample {
	const char *name;
	const char *header;
	const char *envelope;
	enum authres_result result;
};

static const struct sample samples[] = {
	/* What is believed. */
	{ "nothing-said", FROM, ENVELOPE, NONE },
	{ "dmarc-pass", DMARC FROM, ENVELOPE, PASS },
	{ "above-a-foreign-received", DMARC THEIRS FROM, ENVELOPE, PASS },
	{ "below-our-received", OURS DMARC THEIRS FROM, ENVELOPE, PASS },
	{ "below-two-of-ours", "Received: by in.our.example\n" OURS DMARC FROM,
	  ENVELOPE, PASS },
	{ "forged-below-the-border", THEIRS DMARC FROM, ENVELOPE, NONE },
	{ "forged-below-ours-and-theirs", OURS THEIRS DMARC FROM, ENVELOPE,
	  NONE },
	{ "received-by-a-name-like-ours",
	  "Received: by mx.our.example.evil.example\n" DMARC FROM, ENVELOPE,
	  NONE },
	{ "received-from-a-host-named-by",
	  "Received: from by (mx.our.example) by evil.example\n" DMARC FROM,
	  ENVELOPE, NONE },
	{ "received-names-us-in-a-comment",
	  "Received: from a (by mx.our.example) by evil.example\n" DMARC FROM,
	  ENVELOPE, NONE },
	{ "own-id-in-different-case",
	  "authentication-results: MX.Our.Example; dmarc=pass "
	  "header.from=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "second-id",
	  "Authentication-Results: in.our.example; dmarc=pass "
	  "header.from=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "foreign-id",
	  "Authentication-Results: mx.vendor.example; dmarc=pass "
	  "header.from=vendor.example\n" FROM,
	  ENVELOPE, NONE },
	{ "id-that-begins-like-ours",
	  "Authentication-Results: mx.our.example.evil.example; dmarc=pass "
	  "header.from=vendor.example\n" FROM,
	  ENVELOPE, NONE },
	{ "id-in-quotes-and-version",
	  "Authentication-Results: \"mx.our.example\" 1; dmarc=pass "
	  "header.from=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "id-alone", "Authentication-Results: mx.our.example\n" FROM, ENVELOPE,
	  NONE },
	{ "none", AR "none\n" FROM, ENVELOPE, NONE },
	{ "another-field-of-that-kind",
	  "ARC-Authentication-Results: i=1; mx.our.example; dmarc=pass "
	  "header.from=vendor.example\n" FROM,
	  ENVELOPE, NONE },
	/* Alignment. */
	{ "dkim-aligned", AR "dkim=pass header.d=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "dkim-aligned-subdomain",
	  AR "dkim=pass (2048-bit key; x) header.d=Mail.Vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "dkim-by-identity", AR "dkim=pass header.i=@vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "dkim-domain-before-identity",
	  AR "dkim=pass header.i=@vendor.example header.d=esp.example\n" FROM,
	  ENVELOPE, FAIL },
	{ "dkim-unaligned", AR "dkim=pass header.d=esp.example\n" FROM,
	  ENVELOPE, FAIL },
	{ "dkim-same-public-suffix",
	  AR "dkim=pass header.d=evil.co.uk\nFrom: a@vendor.co.uk\n", ENVELOPE,
	  FAIL },
	{ "dkim-fails", AR "dkim=fail header.d=vendor.example\n" FROM, ENVELOPE,
	  FAIL },
	{ "dkim-one-of-two",
	  AR "dkim=fail header.d=vendor.example; dkim=pass "
	     "header.d=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "dkim-none", AR "dkim=none; spf=none\n" FROM, ENVELOPE, NONE },
	{ "dkim-temperror", AR "dkim=temperror header.d=vendor.example\n" FROM,
	  ENVELOPE, NONE },
	{ "dkim-without-a-domain", AR "dkim=pass\n" FROM, ENVELOPE, FAIL },
	{ "dmarc-of-another-domain",
	  AR "dmarc=pass header.from=esp.example\n" FROM, ENVELOPE, NONE },
	{ "dmarc-without-a-domain", AR "dmarc=pass\n" FROM, ENVELOPE, NONE },
	{ "dmarc-fail-outweighs",
	  AR "dkim=pass header.d=vendor.example; dmarc=fail "
	     "header.from=vendor.example\n" FROM,
	  ENVELOPE, FAIL },
	{ "dmarc-none-leaves-it-to-dkim",
	  AR "dmarc=none header.from=vendor.example; dkim=pass "
	     "header.d=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	/* SPF speaks of the envelope. */
	{ "spf-aligned", AR "spf=pass smtp.mailfrom=" ENVELOPE "\n" FROM,
	  ENVELOPE, PASS },
	{ "spf-aligned-in-brackets",
	  AR "spf=pass smtp.mailfrom=" ENVELOPE "\n" FROM, "<" ENVELOPE ">",
	  PASS },
	{ "spf-domain-only", AR "spf=pass smtp.mailfrom=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "spf-unaligned", AR "spf=pass smtp.mailfrom=x@esp.example\n" FROM,
	  "x@esp.example", FAIL },
	{ "spf-of-another-sender",
	  AR "spf=pass smtp.mailfrom=other@vendor.example\n" FROM, ENVELOPE,
	  NONE },
	{ "spf-envelope-not-known",
	  AR "spf=pass smtp.mailfrom=" ENVELOPE "\n" FROM, NULL, NONE },
	{ "spf-null-sender", AR "spf=pass smtp.mailfrom=<>\n" FROM, "", NONE },
	{ "spf-helo-only-cve-2019-20790",
	  AR "spf=pass smtp.helo=vendor.example\n" FROM, ENVELOPE, NONE },
	{ "spf-helo-with-foreign-mailfrom-cve-2019-20790",
	  AR "spf=pass smtp.helo=vendor.example "
	     "smtp.mailfrom=x@evil.example\n" FROM,
	  "x@evil.example", FAIL },
	/* Domains with something in them: CVE-2020-12272. */
	{ "domain-with-comment-cve-2020-12272",
	  AR "dkim=pass header.d=vendor.example(.evil.example\n" FROM, ENVELOPE,
	  NONE },
	{ "domain-with-closed-comment-cve-2020-12272",
	  AR "dkim=pass header.d=vendor.example(x).evil.example\n" FROM,
	  ENVELOPE, NONE },
	{ "mailfrom-with-comment-cve-2020-12272",
	  AR "spf=pass smtp.mailfrom=x@vendor.example(.evil.example\n" FROM,
	  "x@vendor.example(.evil.example", NONE },
	{ "domain-with-a-quote",
	  AR "dkim=pass header.d=vendor.example\".evil.example\"\n" FROM,
	  ENVELOPE, NONE },
	{ "domain-with-odd-characters",
	  AR "dkim=pass header.d=vendor.example,evil.example\n" FROM, ENVELOPE,
	  FAIL },
	{ "statement-inside-a-quoted-local-part",
	  AR "spf=pass smtp.mailfrom=\"; dkim=pass header.d=vendor.example \""
	     "@evil.example\n" FROM,
	  "\"; dkim=pass header.d=vendor.example \"@evil.example", FAIL },
	{ "statement-inside-a-comment",
	  AR "dkim=fail (x; dmarc=pass header.from=vendor.example) "
	     "header.d=vendor.example\n" FROM,
	  ENVELOPE, FAIL },
	{ "comment-never-closed",
	  AR "dkim=pass header.d=vendor.example; spf=fail (oops\n" FROM,
	  ENVELOPE, NONE },
	{ "quote-never-closed",
	  AR "dkim=pass header.d=vendor.example reason=\"oops\n" FROM, ENVELOPE,
	  NONE },
	{ "words-that-are-no-statement",
	  AR "dkim=pass header.d=vendor.example; hello world\n" FROM, ENVELOPE,
	  NONE },
	/* Who the author is. */
	{ "two-authors-cve-2019-16378",
	  DMARC "From: ann@vendor.example, eve@evil.example\n", ENVELOPE,
	  NONE },
	{ "two-from-fields-cve-2019-16378",
	  DMARC FROM "From: eve@evil.example\n", ENVELOPE, NONE },
	{ "no-author", DMARC, ENVELOPE, NONE },
	{ "author-is-a-literal", DMARC "From: ann@[192.0.2.1]\n", ENVELOPE,
	  NONE },
	{ "author-with-a-nul-sign",
	  DMARC "From: ann@vendor.example\xEF\xBF\xBD\n", ENVELOPE, NONE },
	{ "author-idn",
	  AR "dkim=pass header.d=xn--bcher-kva.example\n"
	     "From: a@b\xC3\xBC"
	     "cher.example\n",
	  ENVELOPE, PASS },
	/* Several fields, forms of writing. */
	{ "two-fields-of-ours",
	  AR "spf=fail smtp.mailfrom=" ENVELOPE "\n" AR
	     "dkim=pass header.d=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "lower-field-cannot-judge-again",
	  AR "dkim=fail header.d=vendor.example; spf=none; dmarc=none\n" AR
	     "dkim=pass header.d=vendor.example\n" FROM,
	  ENVELOPE, FAIL },
	{ "lower-dmarc-cannot-judge-again",
	  AR "dmarc=fail header.from=vendor.example\n" DMARC FROM, ENVELOPE,
	  FAIL },
	{ "broken-field-leaves-the-other",
	  AR "dkim=pass (\n" AR "dkim=pass header.d=vendor.example\n" FROM,
	  ENVELOPE, PASS },
	{ "folded-with-comments-everywhere",
	  "Authentication-Results:\r\n\tmx.our.example (a (b) \\) c);\r\n"
	  " dkim (d) = (e) pass (f)\r\n\treason=\"a;b\" (g)\r\n"
	  " header.d (h) = vendor.example\r\n ; spf=none\r\n" FROM,
	  ENVELOPE, PASS },
	{ "method-with-a-version",
	  AR "dkim/1=pass header.d=vendor.example;\n" FROM, ENVELOPE, PASS },
	{ "as-large-providers-write",
	  AR "dkim=pass header.i=@vendor.example header.s=s1 header.b=Ab+/c=; "
	     "spf=pass (google.com: domain of " ENVELOPE " designates "
	     "192.0.2.1 as permitted sender) smtp.mailfrom=" ENVELOPE
	     "; dmarc=pass (p=REJECT sp=REJECT dis=NONE) "
	     "header.from=vendor.example\n" FROM,
	  ENVELOPE, PASS },
};

static void
test_sample(gconstpointer data)
{
	const struct sample *sample = data;
	g_autofree char *text = g_strconcat(sample->header, "\nx", NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);

	g_assert_cmpint(authres_author(mail, ids, sample->envelope), ==,
			sample->result);
}

/* Without ids of our own nobody is believed. */
static void
test_no_ids(void)
{
	static const char *const nobody[] = { NULL };
	static const char text[] = DMARC FROM "\nx";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);

	g_assert_cmpint(authres_author(mail, nobody, ENVELOPE), ==, NONE);
	g_assert_cmpint(authres_author(mail, ids, ENVELOPE), ==, PASS);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
		g_autofree char *path =
			g_strdup_printf("/authres/%s", samples[i].name);

		g_test_add_data_func(path, &samples[i], test_sample);
	}
	g_test_add_func("/authres/without-ids", test_no_ids);
	return g_test_run();
}
