#include "model_kit.h"

#include <string.h>

#include "base/file.h"

static const char ada[] =
	"version: 1\n"
	"buyer: {name: Ada, addresses: [ada@buyer.example]}\n"
	"priorities:\n"
	"  - id: edr\n"
	"    name: Endpoint detection\n"
	"    about: Replace antivirus with managed detection and response.\n"
	"    keywords: [EDR, \"managed detection\", antivirus]\n"
	"not_interested: [coffee machines]\n";

static const char ben[] =
	"version: 1\n"
	"buyer: {name: Ben, addresses: [ben@buyer.example]}\n"
	"priorities:\n"
	"  - id: vans\n"
	"    name: Electric vans\n"
	"    about: Delivery vans with a range of 300 km and depot charging.\n"
	"    keywords: [\"electric van\", charging, fleet]\n"
	"not_interested: [coffee machines]\n";

struct topic {
	const char *relevant;
	const char *subject;
	const char *offer;
};

static const struct topic topics[] = {
	{ "ada/edr=3", "Managed detection for your endpoints",
	  "our managed detection and response service, which replaces "
	  "antivirus and contains an infected endpoint within minutes" },
	{ "ben/vans=3", "Electric vans for your fleet",
	  "our electric vans with a range of 300 km, and the charging of "
	  "your delivery fleet at the depot" },
	{ "none", "Coffee machines for the office",
	  "our coffee machines for the office, with beans of our own roast "
	  "and a monthly service" },
};

static const char *const works[] = {
	"The minutes of Monday are on the share.",
	"The corrected figures of the second quarter are attached.",
	"The meeting room moves to the third floor next month.",
	"The invoice of the cleaners was paid yesterday.",
};

static const char *const asides[] = {
	"It has been a busy spring here.",
	"Last week the first customers told us how it went.",
	"The weather held, and the team was complete again.",
	"Somebody will look after it from Tuesday on.",
	"A short note may save us all some time.",
};

static const char *const kinds[MODEL_KIT_MAILS] = {
	"outreach", "outreach", "outreach",	 "nurture", "business",
	"business", "business", "transactional", "list",    "fraud",
};

void
model_kit_write(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	folder_make(parent, &error);
	g_assert_no_error(error);
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

static char *
pitch_text(const struct topic *topic, guint author, guint n)
{
	const char *aside = asides[(author * 7 + n) % G_N_ELEMENTS(asides)];

	return g_strdup_printf(
		"Subject: %s\n\n"
		"Good morning,\n\nmy name is Sam%c and I wanted to introduce "
		"%s. We help companies like yours. %s Are you free for 15 "
		"minutes next week?\n\nIf you would rather not hear from me, "
		"just say so.\n\nSam%c\n",
		topic->subject, 'a' + author, topic->offer, aside,
		'a' + author);
}

static char *
work_text(guint author, guint n)
{
	const char *work = works[(author + n) % G_N_ELEMENTS(works)];
	const char *aside = asides[(author * 3 + n) % G_N_ELEMENTS(asides)];

	return g_strdup_printf("Subject: %.24s\n\n"
			       "Hello,\n\n%s %s Please send me your remarks by "
			       "Friday.\n\nThank you\nSam%c\n",
			       work, work, aside, 'a' + author);
}

static void
mail_write(const char *folder, GString *labels, guint author, guint n)
{
	gboolean sells = n < 4;
	const struct topic *topic = n < 3 ? &topics[n] : &topics[author % 3];
	g_autofree char *name =
		g_strdup_printf("mail/%c%u.eml", 'a' + author, n);
	g_autofree char *text =
		sells ? pitch_text(topic, author, n) : work_text(author, n);
	g_autofree char *whole = g_strdup_printf(
		"From: Sam%c <sam@vendor%c.example>\n"
		"To: %s@buyer.example\n%s",
		'a' + author, 'a' + author, n % 2 ? "ada" : "ben", text);

	model_kit_write(folder, name, whole);
	g_string_append_printf(labels, "%s\t%s\t\t%s\t\ten\t\tkit\t%c\n", name,
			       kinds[n], sells ? topic->relevant : "none",
			       'a' + author);
}

void
model_kit_corpus(const char *folder)
{
	g_autoptr(GString) labels =
		g_string_new("path\tkind\tstep\trelevant\tattack\tlang\t"
			     "campaign\tsource\tauthor\n");
	g_autoptr(GString) authors = g_string_new("author\tjudges\n");

	for (guint author = 0; author < MODEL_KIT_AUTHORS; author++) {
		g_string_append_printf(authors, "%c\tada ben\n", 'a' + author);
		for (guint n = 0; n < MODEL_KIT_MAILS; n++)
			mail_write(folder, labels, author, n);
	}
	model_kit_write(folder, "labels.tsv", labels->str);
	model_kit_write(folder, "authors.tsv", authors->str);
	model_kit_write(folder, "profiles/ada.yaml", ada);
	model_kit_write(folder, "profiles/ben.yaml", ben);
}

char *
model_kit_seal(char *card)
{
	char *line = g_strrstr(card, "\nchecksum: ");
	g_autofree char *above = g_strndup(card, (gsize)(line + 1 - card));
	g_autofree char *sum =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, above, -1);

	g_free(card);
	return g_strconcat(above, "checksum: ", sum, "\n", NULL);
}
