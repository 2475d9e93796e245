/* Labelled corpora: what is read, and what is said of what cannot be. */
#include <glib.h>
#include <string.h>

#include "../lib/model_kit.h"
#include "../lib/store_kit.h"
#include "model/corpus.h"

#define HEADER                                                                 \
	"path\tkind\tstep\trelevant\tattack\tlang\tcampaign\tsource\tauthor\n"
#define LINE(kind, relevant)                                                   \
	"m/1.eml\t" kind "\t1\t" relevant "\t\ten\tc1\ts1\ta1\n"

static const char priya[] =
	"version: 1\n"
	"buyer: {addresses: [priya@buyer.example, ciso@buyer.example]}\n"
	"priorities: [{id: edr, name: EDR}, {id: iam, name: IAM}]\n";

static const char tomas[] = "version: 1\n"
			    "buyer: {addresses: [tomas@works.example]}\n"
			    "priorities: [{id: cnc, name: CNC}]\n";

/* A folder with two profiles and these labels; NULL: no such file. */
static char *
folder_of(const char *labels, const char *authors)
{
	char *folder = kit_quick_folder();

	model_kit_write(folder, "profiles/priya.yaml", priya);
	model_kit_write(folder, "profiles/tomas.yaml", tomas);
	if (labels != NULL)
		model_kit_write(folder, "labels.tsv", labels);
	if (authors != NULL)
		model_kit_write(folder, "authors.tsv", authors);
	return folder;
}

struct fault_case {
	const char *name;
	const char *labels;
	const char *authors;
	const char *report; /* without the folder at the head of each line */
};

static const struct fault_case faults[] = {
	{ "no labels", NULL, NULL, "labels.tsv: No such file or directory" },
	{ "empty labels", "", NULL,
	  "labels.tsv:1:1: the first line must be 'path\tkind\tstep\trelevant\t"
	  "attack\tlang\tcampaign\tsource\tauthor'" },
	{ "other header", "path\tkind\n" LINE("list", "?"), NULL,
	  "labels.tsv:1:1: the first line must be 'path\tkind\tstep\trelevant\t"
	  "attack\tlang\tcampaign\tsource\tauthor'" },
	{ "not text", HEADER "\xff\n", NULL,
	  "labels.tsv: must be text in UTF-8" },
	{ "unknown kind", HEADER LINE("outraech", "none"), NULL,
	  "labels.tsv:2:9: unknown kind 'outraech' (allowed: outreach, "
	  "nurture, business, transactional, list, fraud)" },
	{ "too few fields", HEADER "m/1.eml\toutreach\t1\n", NULL,
	  "labels.tsv:2:1: 3 fields, must be 9" },
	{ "too many fields",
	  HEADER LINE("list", "?") "a\tb\tc\td\te\tf\tg\th\ti\tj\n", NULL,
	  "labels.tsv:3:1: 10 fields, must be 9" },
	{ "grade above 3", HEADER LINE("outreach", "priya/edr=4"), NULL,
	  "labels.tsv:2:20: 'priya/edr=4' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3" },
	{ "no grade", HEADER LINE("outreach", "priya/edr"), NULL,
	  "labels.tsv:2:20: 'priya/edr' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3" },
	{ "grade of two digits", HEADER LINE("outreach", "priya/edr=11"), NULL,
	  "labels.tsv:2:20: 'priya/edr=11' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3" },
	{ "unknown profile, second of three",
	  HEADER LINE("outreach", "priya/edr=1,prya/iam=2,tomas/cnc=3"), NULL,
	  "labels.tsv:2:32: 'prya/iam=2' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3" },
	{ "priority of another", HEADER LINE("outreach", "tomas/edr=1"), NULL,
	  "labels.tsv:2:20: 'tomas/edr=1' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3" },
	{ "nothing said", HEADER LINE("outreach", ""), NULL,
	  "labels.tsv:2:20: '' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3" },
	{ "all at once",
	  HEADER LINE("spam", "priya/edr=9") "x\n" LINE("list", "?"), NULL,
	  "labels.tsv:2:9: unknown kind 'spam' (allowed: outreach, "
	  "nurture, business, transactional, list, fraud)\n"
	  "labels.tsv:2:16: 'priya/edr=9' must be none, ? or "
	  "profile/priority=grade, with a priority of a profile of this corpus "
	  "and a grade of 0 to 3\n"
	  "labels.tsv:3:1: 1 fields, must be 9" },
	{ "judges, unknown profile", HEADER LINE("list", "?"),
	  "author\tjudges\na1\tpriya toams\n",
	  "authors.tsv:2:10: 'toams' is no profile of this corpus" },
	{ "judges, one field", HEADER LINE("list", "?"), "author\tjudges\na1\n",
	  "authors.tsv:2:1: 1 fields, must be 2: author and profiles" },
};

static void
faults_are_told(gconstpointer data)
{
	const struct fault_case *fault = data;
	char *folder = folder_of(fault->labels, fault->authors);
	g_autofree char *head = g_strconcat(folder, "/", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Corpus) corpus = corpus_load(folder, &error);
	g_auto(GStrv) parts = NULL;
	g_autofree char *told = NULL;

	g_assert_null(corpus);
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	parts = g_strsplit(error->message, head, -1);
	told = g_strjoinv("", parts);
	g_assert_cmpstr(told, ==, fault->report);
	kit_remove(folder);
}

static void
profiles_must_be_right(void)
{
	char *folder = folder_of(HEADER, NULL);
	g_autoptr(GError) error = NULL;

	model_kit_write(folder, "profiles/tomas.yaml", "version: 2\n");
	g_assert_null(corpus_load(folder, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_FAULTS);
	g_assert_nonnull(strstr(error->message, "tomas.yaml:1:10: version"));
	kit_remove(folder);
}

static void
rows_are_read(void)
{
	char *folder =
		folder_of(HEADER LINE("outreach", "priya/edr=1,priya/iam=3")
				  LINE("list", "?") "\n",
			  NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Corpus) corpus = corpus_load(folder, &error);
	const struct corpus_mail *row;

	g_assert_no_error(error);
	g_assert_cmpuint(corpus->profiles->len, ==, 2);
	g_assert_cmpuint(corpus->mails->len, ==, 2);
	row = corpus->mails->pdata[0];
	g_assert_true(g_str_has_prefix(row->path, folder));
	g_assert_cmpstr(row->name, ==, "m/1.eml");
	g_assert_cmpint(row->kind, ==, KIND_OUTREACH);
	g_assert_cmpstr(row->language, ==, "en");
	g_assert_cmpstr(row->campaign, ==, "c1");
	g_assert_cmpstr(row->source, ==, "s1");
	g_assert_cmpstr(row->author, ==, "a1");
	g_assert_true(row->judged);
	/* Two priorities of one buyer: the better grade is the buyer's. */
	g_assert_cmpuint(row->grades->len, ==, 1);
	g_assert_cmpint(
		g_array_index(row->grades, struct corpus_grade, 0).grade, ==,
		3);
	row = corpus->mails->pdata[1];
	g_assert_false(row->judged);
	g_assert_cmpuint(row->grades->len, ==, 0);
	kit_remove(folder);
}

/* -1: did not judge. */
static int
grade_of(const struct corpus *corpus, guint mail, const char *id)
{
	const struct corpus_mail *row = corpus->mails->pdata[mail];

	for (guint i = 0; i < row->grades->len; i++) {
		const struct corpus_grade *grade =
			&g_array_index(row->grades, struct corpus_grade, i);
		const struct profile *profile =
			corpus->profiles->pdata[grade->profile];

		if (strcmp(profile->id, id) == 0)
			return grade->grade;
	}
	return -1;
}

/* Who judged an author judged all of his mail, with 0 where nothing is said. */
static void
judges_give_nothing(void)
{
	char *folder = folder_of(
		HEADER LINE("outreach", "tomas/cnc=2") LINE("outreach", "none")
			LINE("outreach",
			     "?") "m/2.eml\toutreach\t\tnone\t\ten\t\ts1\ta2\n",
		"author\tjudges\na1\ttomas priya\n\na9\tpriya\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(Corpus) corpus = corpus_load(folder, &error);

	g_assert_no_error(error);
	g_assert_cmpint(grade_of(corpus, 0, "tomas"), ==, 2);
	g_assert_cmpint(grade_of(corpus, 0, "priya"), ==, 0);
	g_assert_cmpint(grade_of(corpus, 1, "tomas"), ==, 0);
	g_assert_cmpint(grade_of(corpus, 1, "priya"), ==, 0);
	g_assert_cmpint(grade_of(corpus, 2, "tomas"), ==, -1);
	g_assert_cmpint(grade_of(corpus, 3, "tomas"), ==, -1);
	kit_remove(folder);
}

static void
addressees_are_found(void)
{
	static const struct {
		const char *name;
		const char *header;
		const char *id; /* NULL: to none, so all of them */
	} cases[] = {
		{ "address", "To: priya@buyer.example\n", "priya" },
		{ "second address", "To: CISO@Buyer.Example\n", "priya" },
		{ "with a name", "To: \"Nair, Priya\" <priya@buyer.example>\n",
		  "priya" },
		{ "among others", "To: x@y.example, tomas@works.example\n",
		  "tomas" },
		{ "copy", "To: x@y.example\nCc: tomas@works.example\n",
		  "tomas" },
		{ "copy alone", "Cc: tomas@works.example\n", "tomas" },
		{ "domain", "To: someone@works.example\n", "tomas" },
		{ "domain in copy", "To: x@y.example\nCc: it@buyer.example\n",
		  "priya" },
		{ "an address before a domain",
		  "To: someone@buyer.example\nCc: tomas@works.example\n",
		  "tomas" },
		{ "host below the domain", "To: x@mail.works.example\n", NULL },
		{ "nobody", "To: x@y.example\n", NULL },
		{ "no addressee", "Subject: x\n", NULL },
		{ "no domain", "To: priya\n", NULL },
	};
	char *folder = folder_of(HEADER, NULL);
	g_autoptr(Corpus) corpus = corpus_load(folder, NULL);
	g_autoptr(GArray) none =
		g_array_new(FALSE, FALSE, sizeof(struct corpus_grade));
	const struct corpus_mail row = { .judged = TRUE, .grades = none };

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strconcat(cases[i].header, "\nbody\n", NULL);
		g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
		g_autoptr(Mail) mail = mail_new(bytes, NULL);
		g_autoptr(GArray) grades = corpus_grades(corpus, &row, mail);

		g_test_message("%s", cases[i].name);
		g_assert_cmpuint(grades->len, ==, cases[i].id ? 1 : 2);
		for (guint k = 0; k < grades->len; k++) {
			const struct corpus_grade *grade =
				&g_array_index(grades, struct corpus_grade, k);
			const struct profile *profile =
				corpus->profiles->pdata[grade->profile];

			g_assert_cmpint(grade->grade, ==, 0);
			if (cases[i].id != NULL)
				g_assert_cmpstr(profile->id, ==, cases[i].id);
		}
	}
	kit_remove(folder);
}

/* What labels.tsv tells is not told again, whoever it is addressed to. */
static void
told_grades_stay(void)
{
	static const char text[] = "To: list@elsewhere.example\n\nbody\n";
	char *folder = folder_of(HEADER, NULL);
	g_autoptr(Corpus) corpus = corpus_load(folder, NULL);
	g_autoptr(GArray) told =
		g_array_new(FALSE, FALSE, sizeof(struct corpus_grade));
	const struct corpus_mail row = { .judged = TRUE, .grades = told };
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	struct corpus_grade second = { 1, 3 };
	g_autoptr(GArray) grades = NULL;

	g_array_append_val(told, second);
	grades = corpus_grades(corpus, &row, mail);
	g_assert_cmpuint(grades->len, ==, 2);
	for (guint i = 0; i < 2; i++) {
		const struct corpus_grade *grade =
			&g_array_index(grades, struct corpus_grade, i);

		g_assert_cmpint(grade->grade, ==, grade->profile == 1 ? 3 : 0);
	}
	kit_remove(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *path =
			g_strdup_printf("/corpus/fault/%s", faults[i].name);

		g_test_add_data_func(path, &faults[i], faults_are_told);
	}
	g_test_add_func("/corpus/fault/profile", profiles_must_be_right);
	g_test_add_func("/corpus/rows", rows_are_read);
	g_test_add_func("/corpus/judges", judges_give_nothing);
	g_test_add_func("/corpus/told", told_grades_stay);
	g_test_add_func("/corpus/addressee", addressees_are_found);
	return g_test_run();
}
