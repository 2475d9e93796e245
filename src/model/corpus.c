#include "model/corpus.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "mail/address.h"

#define TABLE_SIZE_MAX (16 << 20)
#define ADDRESSES_MAX  64
#define STEP_MAX       99

const char *const corpus_kinds[] = { "outreach", "nurture",
				     "business", "transactional",
				     "list",	 "fraud",
				     NULL };

/* The columns used, in the order of labels.tsv's fixed header. */
enum column {
	COLUMN_PATH,
	COLUMN_KIND,
	COLUMN_STEP,
	COLUMN_RELEVANT,
	COLUMN_ATTACK,
	COLUMN_LANG,
	COLUMN_CAMPAIGN,
	COLUMN_SOURCE,
	COLUMN_AUTHOR,
	COLUMNS
};

static const char header[] = "path\tkind\tstep\trelevant\tattack\tlang\t"
			     "campaign\tsource\tauthor";

/* What reading one folder needs at hand. */
struct reader {
	struct corpus *corpus;
	const char *folder;
	char *labels;	    /* path of labels.tsv, for faults */
	GHashTable *judges; /* author -> GArray of guint, profiles' indices */
	struct faults *faults;
};

gboolean
corpus_kind_sells(enum corpus_kind kind)
{
	return kind == KIND_OUTREACH || kind == KIND_NURTURE;
}

static void
mail_row_free(gpointer data)
{
	struct corpus_mail *row = data;

	g_free(row->path);
	g_free(row->name);
	g_free(row->campaign);
	g_free(row->source);
	g_free(row->author);
	g_free(row->language);
	g_array_unref(row->grades);
	g_free(row);
}

void
corpus_free(struct corpus *corpus)
{
	if (corpus == NULL)
		return;
	g_clear_pointer(&corpus->profiles, g_ptr_array_unref);
	g_clear_pointer(&corpus->mails, g_ptr_array_unref);
	g_free(corpus);
}

static int
profile_index(const struct corpus *corpus, const char *id, gsize len)
{
	for (guint i = 0; i < corpus->profiles->len; i++) {
		const struct profile *profile = corpus->profiles->pdata[i];

		if (strlen(profile->id) == len &&
		    strncmp(profile->id, id, len) == 0)
			return (int)i;
	}
	return -1;
}

/* Where the nth field of a line begins, from 1. */
static guint
column_at(char *const *fields, guint n)
{
	guint at = 1;

	for (guint i = 0; i < n; i++)
		at += (guint)strlen(fields[i]) + 1;
	return at;
}

static void
grade_add(struct corpus_mail *row, guint profile, int grade)
{
	struct corpus_grade entry = { profile, grade };

	for (guint i = 0; i < row->grades->len; i++) {
		struct corpus_grade *old =
			&g_array_index(row->grades, struct corpus_grade, i);

		if (old->profile == profile) {
			old->grade = MAX(old->grade, grade);
			return;
		}
	}
	g_array_append_val(row->grades, entry);
}

static gboolean
priority_exists(const struct profile *profile, const char *id, gsize len)
{
	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *priority =
			profile->priorities->pdata[i];

		if (strlen(priority->id) == len &&
		    strncmp(priority->id, id, len) == 0)
			return TRUE;
	}
	return FALSE;
}

/* "profile/priority=grade" */
static gboolean
grade_read(const struct corpus *corpus, struct corpus_mail *row,
	   const char *text)
{
	const char *slash = strchr(text, '/');
	const char *equals = slash != NULL ? strchr(slash, '=') : NULL;
	int profile;

	if (equals == NULL || equals[1] < '0' || equals[1] > '3' ||
	    equals[2] != '\0')
		return FALSE;
	profile = profile_index(corpus, text, (gsize)(slash - text));
	if (profile < 0 ||
	    !priority_exists(corpus->profiles->pdata[profile], slash + 1,
			     (gsize)(equals - slash - 1)))
		return FALSE;
	grade_add(row, (guint)profile, equals[1] - '0');
	return TRUE;
}

/* Grades with commas between them. */
static void
relevant_read(struct reader *reader, struct corpus_mail *row, guint line,
	      char *const *fields)
{
	const char *text = fields[COLUMN_RELEVANT];
	guint at = column_at(fields, COLUMN_RELEVANT);

	do {
		gsize len = strcspn(text, ",");
		g_autofree char *entry = g_strndup(text, len);

		if (!grade_read(reader->corpus, row, entry))
			faults_add(reader->faults, reader->labels, line, at,
				   "'%s' must be none, ? or profile/priority="
				   "grade, with a priority of a profile of "
				   "this corpus and a grade of 0 to 3",
				   entry);
		text += len;
		at += (guint)len + 1;
	} while (*text++ == ',');
}

static void
judges_add(struct reader *reader, struct corpus_mail *row)
{
	const GArray *judges = g_hash_table_lookup(reader->judges, row->author);

	for (guint i = 0; judges != NULL && i < judges->len; i++)
		grade_add(row, g_array_index(judges, guint, i), 0);
}

static int
kind_parse(const char *word)
{
	for (int i = 0; corpus_kinds[i] != NULL; i++)
		if (strcmp(corpus_kinds[i], word) == 0)
			return i;
	return -1;
}

static void
kind_refuse(struct reader *reader, guint line, char *const *fields)
{
	g_autoptr(GString) all = g_string_new(corpus_kinds[0]);

	for (guint i = 1; corpus_kinds[i] != NULL; i++)
		g_string_append_printf(all, ", %s", corpus_kinds[i]);
	faults_add(reader->faults, reader->labels, line,
		   column_at(fields, COLUMN_KIND),
		   "unknown kind '%s' (allowed: %s)", fields[COLUMN_KIND],
		   all->str);
}

/* Takes the row when it is right, else tells what is wrong. */
static void
line_read(struct reader *reader, char *const *fields, guint line)
{
	struct corpus_mail *row = g_new0(struct corpus_mail, 1);
	const char *relevant = fields[COLUMN_RELEVANT];
	int kind = kind_parse(fields[COLUMN_KIND]);

	row->name = g_strdup(fields[COLUMN_PATH]);
	row->path = g_build_filename(reader->folder, row->name, NULL);
	row->kind = (enum corpus_kind)MAX(kind, 0);
	row->step = (guint)CLAMP(
		g_ascii_strtoull(fields[COLUMN_STEP], NULL, 10), 0, STEP_MAX);
	row->campaign = g_strdup(fields[COLUMN_CAMPAIGN]);
	row->source = g_strdup(fields[COLUMN_SOURCE]);
	row->author = g_strdup(fields[COLUMN_AUTHOR]);
	row->language = g_strdup(fields[COLUMN_LANG]);
	row->grades = g_array_new(FALSE, FALSE, sizeof(struct corpus_grade));
	row->judged = strcmp(relevant, "?") != 0;
	g_ptr_array_add(reader->corpus->mails, row);
	if (kind < 0)
		kind_refuse(reader, line, fields);
	if (row->judged && strcmp(relevant, "none") != 0)
		relevant_read(reader, row, line, fields);
	if (row->judged)
		judges_add(reader, row);
}

static void
labels_parse(struct reader *reader, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	if (strcmp(lines[0] != NULL ? lines[0] : "", header) != 0) {
		faults_add(reader->faults, reader->labels, 1, 1,
			   "the first line must be '%s'", header);
		return;
	}
	for (guint i = 1; lines[i] != NULL; i++) {
		g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
		guint n = g_strv_length(fields);

		if (lines[i][0] == '\0')
			continue;
		if (n == COLUMNS)
			line_read(reader, fields, i + 1);
		else
			faults_add(reader->faults, reader->labels, i + 1, 1,
				   "%u fields, must be %d", n, COLUMNS);
	}
}

/* A whole text file of a corpus; a fault and NULL when it cannot be read. */
static char *
table_load(const char *path, struct faults *faults)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = file_read(path, TABLE_SIZE_MAX, &error);
	gsize size;
	const char *data;

	if (bytes == NULL) {
		/* The message names the file already, as the fault will. */
		faults_add(faults, path, 0, 0, "%s",
			   error->message + strlen(path) + strlen(": "));
		return NULL;
	}
	data = g_bytes_get_data(bytes, &size);
	if (g_utf8_validate(data, (gssize)size, NULL))
		return g_strndup(data, size);
	faults_add(faults, path, 0, 0, "must be text in UTF-8");
	return NULL;
}

/* "author TAB profile profile ..." */
static void
judges_line(struct reader *reader, const char *path, const char *text,
	    guint line)
{
	g_auto(GStrv) fields = g_strsplit(text, "\t", -1);
	g_auto(GStrv) ids = NULL;
	GArray *judges;
	guint at;

	if (g_strv_length(fields) != 2) {
		faults_add(reader->faults, path, line, 1,
			   "%u fields, must be 2: author and profiles",
			   g_strv_length(fields));
		return;
	}
	judges = g_array_new(FALSE, FALSE, sizeof(guint));
	g_hash_table_insert(reader->judges, g_strdup(fields[0]), judges);
	ids = g_strsplit(fields[1], " ", -1);
	at = column_at(fields, 1);
	for (guint i = 0; ids[i] != NULL; i++) {
		int profile =
			profile_index(reader->corpus, ids[i], strlen(ids[i]));
		guint index = (guint)profile;

		if (profile >= 0)
			g_array_append_val(judges, index);
		else
			faults_add(reader->faults, path, line, at,
				   "'%s' is no profile of this corpus", ids[i]);
		at += (guint)strlen(ids[i]) + 1;
	}
}

/* authors.tsv may be absent: then nobody judged for all. */
static void
judges_load(struct reader *reader)
{
	g_autofree char *path =
		g_build_filename(reader->folder, "authors.tsv", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	text = table_load(path, reader->faults);
	if (text == NULL)
		return;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
		if (lines[i][0] != '\0')
			judges_line(reader, path, lines[i], i + 1);
}

static void
judges_free(gpointer judges)
{
	g_array_unref(judges);
}

struct corpus *
corpus_load(const char *folder, GError **error)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Corpus) corpus = g_new0(struct corpus, 1);
	g_autofree char *labels = g_build_filename(folder, "labels.tsv", NULL);
	g_autofree char *profiles = g_build_filename(folder, "profiles", NULL);
	g_autoptr(GHashTable) judges = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, judges_free);
	struct reader reader = { corpus, folder, labels, judges, faults };
	g_autofree char *text = table_load(labels, faults);

	corpus->profiles = profile_load_folder(profiles, faults);
	corpus->mails = g_ptr_array_new_with_free_func(mail_row_free);
	judges_load(&reader);
	if (text != NULL)
		labels_parse(&reader, text);
	if (!faults_report(faults, error))
		return NULL;
	return g_steal_pointer(&corpus);
}

/* Whether the profile is written to: by its address, or its domain. */
static gboolean
is_addressed(const struct profile *profile, const char *addr,
	     const char *domain)
{
	for (guint i = 0; profile->addresses[i] != NULL; i++) {
		const char *at = strrchr(profile->addresses[i], '@');

		if (domain == NULL &&
		    address_equal(profile->addresses[i], addr))
			return TRUE;
		if (domain != NULL && at != NULL &&
		    g_ascii_strcasecmp(at + 1, domain) == 0)
			return TRUE;
	}
	return FALSE;
}

static int
find_addressed(const struct corpus *corpus, const GPtrArray *addresses,
	       gboolean by_domain)
{
	for (guint i = 0; i < addresses->len; i++) {
		const struct address *to = addresses->pdata[i];

		for (guint k = 0; k < corpus->profiles->len; k++)
			if (is_addressed(corpus->profiles->pdata[k], to->addr,
					 by_domain ? to->domain : NULL))
				return (int)k;
	}
	return -1;
}

/* The index of the buyer it is written to; -1 when there is none. */
static int
addressee_of(const struct corpus *corpus, const struct mail *mail)
{
	g_autofree char *to = mail_field_text(mail, "To", 0);
	g_autofree char *cc = mail_field_text(mail, "Cc", 0);
	g_autofree char *both = g_strjoin(",", to != NULL ? to : "",
					  cc != NULL ? cc : "", NULL);
	g_autoptr(GPtrArray) addresses =
		address_list_parse(both, ADDRESSES_MAX);
	int found = find_addressed(corpus, addresses, FALSE);

	return found >= 0 ? found : find_addressed(corpus, addresses, TRUE);
}

static gboolean
is_graded(const GArray *grades, guint profile)
{
	for (guint i = 0; i < grades->len; i++)
		if (g_array_index(grades, struct corpus_grade, i).profile ==
		    profile)
			return TRUE;
	return FALSE;
}

GArray *
corpus_grades(const struct corpus *corpus, const struct corpus_mail *row,
	      const struct mail *mail)
{
	GArray *grades = g_array_copy(row->grades);
	int addressee = addressee_of(corpus, mail);

	for (guint i = 0; i < corpus->profiles->len; i++) {
		struct corpus_grade none = { i, 0 };

		if ((addressee < 0 || (guint)addressee == i) &&
		    !is_graded(row->grades, i))
			g_array_append_val(grades, none);
	}
	return grades;
}
