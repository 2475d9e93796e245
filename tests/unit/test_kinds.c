/*
 * Every value of every file that people write, replaced by each kind of thing
 * that YAML knows: the reader says what is wrong, or takes it, and a fault has
 * its place. A profile with a mapping for its addresses once ended a program.
 */
#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <yaml.h>

#include "model/card.h"
#include "profile/config.h"
#include "profile/group.h"
#include "profile/profile.h"
#include "profile/signals.h"

#define PATH "kinds.yaml"

/* Returns whether it was taken. */
typedef gboolean (*Reader)(const char *text, struct faults *faults);

static gboolean
read_profile(const char *text, struct faults *faults)
{
	g_autoptr(Profile) profile =
		profile_parse(PATH, text, strlen(text), faults);

	return profile != NULL;
}

static gboolean
read_config(const char *text, struct faults *faults)
{
	g_autoptr(Config) config =
		config_parse(PATH, text, strlen(text), faults);

	return config != NULL;
}

static gboolean
read_group(const char *text, struct faults *faults)
{
	g_autoptr(Group) group = group_parse(PATH, text, strlen(text), faults);

	return group != NULL;
}

/* For readers of files. */
static char *
in_memory(const char *text, int *fd)
{
	*fd = memfd_create("kinds", MFD_CLOEXEC);
	g_assert_cmpint(write(*fd, text, strlen(text)), ==,
			(gssize)strlen(text));
	return g_strdup_printf("/proc/self/fd/%d", *fd);
}

static gboolean
read_signals(const char *text, struct faults *faults)
{
	int fd;
	g_autofree char *path = in_memory(text, &fd);
	g_autoptr(Signals) signals = signals_load(path, faults);

	close(fd);
	return signals != NULL;
}

/* A card is sealed by its last line. */
static gboolean
read_card(const char *text, struct faults *faults)
{
	g_autofree char *sum =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_autofree char *sealed =
		g_strdup_printf("%schecksum: %s\n", text, sum);
	g_autoptr(GError) error = NULL;
	int fd;
	g_autofree char *path = in_memory(sealed, &fd);
	g_autoptr(Card) card = card_load(path, &error);

	close(fd);
	if (!card)
		faults_add(faults, PATH, 1, 1, "%s", error->message);
	return card != NULL;
}

/* What stands for a value: an id in the document. */
typedef int (*Kind)(yaml_document_t *document);

static int
scalar(yaml_document_t *document, const char *text)
{
	return yaml_document_add_scalar(document, NULL,
					(const yaml_char_t *)text, -1,
					YAML_ANY_SCALAR_STYLE);
}

static int
make_word(yaml_document_t *document)
{
	return scalar(document, "word");
}

static int
make_null(yaml_document_t *document)
{
	return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)"",
					0, YAML_PLAIN_SCALAR_STYLE);
}

static int
make_empty(yaml_document_t *document)
{
	return yaml_document_add_scalar(document, NULL, (const yaml_char_t *)"",
					0, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

static int
make_number(yaml_document_t *document)
{
	return scalar(document, "-1");
}

static int
make_large(yaml_document_t *document)
{
	return scalar(document, "9223372036854775808");
}

static int
make_list(yaml_document_t *document)
{
	return yaml_document_add_sequence(document, NULL,
					  YAML_FLOW_SEQUENCE_STYLE);
}

static int
make_map(yaml_document_t *document)
{
	return yaml_document_add_mapping(document, NULL,
					 YAML_FLOW_MAPPING_STYLE);
}

static int
make_list_of(yaml_document_t *document, int item)
{
	const int list = make_list(document);

	g_assert_true(yaml_document_append_sequence_item(document, list, item));
	return list;
}

static int
make_map_of(yaml_document_t *document, int value)
{
	const int map = make_map(document);

	g_assert_true(yaml_document_append_mapping_pair(
		document, map, scalar(document, "x"), value));
	return map;
}

static int
make_words(yaml_document_t *document)
{
	return make_list_of(document, make_word(document));
}

static int
make_pair(yaml_document_t *document)
{
	return make_map_of(document, make_word(document));
}

static int
make_lists(yaml_document_t *document)
{
	return make_list_of(document, make_words(document));
}

static int
make_maps(yaml_document_t *document)
{
	return make_list_of(document, make_pair(document));
}

static int
make_nulls(yaml_document_t *document)
{
	return make_list_of(document, make_null(document));
}

static const Kind kinds[] = {
	make_word, make_null,  make_empty, make_number, make_large, make_list,
	make_map,  make_words, make_pair,  make_lists,	make_maps,  make_nulls,
};

static void
load(yaml_document_t *document, const char *text)
{
	yaml_parser_t parser;

	g_assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const yaml_char_t *)text,
				     strlen(text));
	g_assert_true(yaml_parser_load(&parser, document));
	yaml_parser_delete(&parser);
}

static int
append(void *data, unsigned char *bytes, size_t size)
{
	g_string_append_len(data, (const char *)bytes, (gssize)size);
	return 1;
}

/* Its text; it is freed. */
static char *
dump(yaml_document_t *document)
{
	GString *text = g_string_new(NULL);
	yaml_emitter_t emitter;

	g_assert_true(yaml_emitter_initialize(&emitter));
	yaml_emitter_set_output(&emitter, append, text);
	yaml_emitter_set_unicode(&emitter, 1);
	g_assert_true(yaml_emitter_dump(&emitter, document));
	yaml_emitter_delete(&emitter);
	return g_string_free(text, FALSE);
}

/* Where a node is used as a value or an item, `with` is; FALSE: nowhere. */
static gboolean
put(yaml_document_t *document, int node, int with)
{
	gboolean found = FALSE;

	for (yaml_node_t *own = document->nodes.start;
	     own < document->nodes.top; own++) {
		if (own->type == YAML_SEQUENCE_NODE)
			for (yaml_node_item_t *item =
				     own->data.sequence.items.start;
			     item < own->data.sequence.items.top; item++)
				if (*item == node) {
					*item = with;
					found = TRUE;
				}
		if (own->type == YAML_MAPPING_NODE)
			for (yaml_node_pair_t *pair =
				     own->data.mapping.pairs.start;
			     pair < own->data.mapping.pairs.top; pair++)
				if (pair->value == node) {
					pair->value = with;
					found = TRUE;
				}
	}
	return found;
}

/* NULL: that node is a key, or the root. */
static char *
mutate(const char *text, int node, Kind kind)
{
	yaml_document_t document;

	load(&document, text);
	/* A node that is made is used nowhere yet, so it is not its own. */
	if (put(&document, node, kind(&document)))
		return dump(&document);
	yaml_document_delete(&document);
	return NULL;
}

static int
count_nodes(const char *text)
{
	yaml_document_t document;
	int n;

	load(&document, text);
	n = (int)(document.nodes.top - document.nodes.start);
	yaml_document_delete(&document);
	return n;
}

/* Refused with a place, or taken without a fault. */
static gboolean
check(Reader reader, const char *text)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(GError) error = NULL;
	const gboolean taken = reader(text, faults);

	g_assert_cmpint(taken, ==, faults_count(faults) == 0);
	if (taken)
		return TRUE;
	faults_report(faults, &error);
	if (!g_regex_match_simple("^[^\\n]+:[1-9][0-9]*:[1-9][0-9]*: \\S",
				  error->message, 0, 0))
		g_error("no place in '%s', of\n%s", error->message, text);
	return FALSE;
}

static void
try_all(Reader reader, const char *text)
{
	const int nodes = count_nodes(text);
	guint taken = 0;
	guint refused = 0;

	g_assert_true(check(reader, text));
	for (int node = 2; node <= nodes; node++)
		for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
			g_autofree char *changed = mutate(text, node, kinds[i]);

			if (!changed)
				continue;
			if (check(reader, changed))
				taken++;
			else
				refused++;
		}
	g_test_message("%u taken, %u refused", taken, refused);
	g_assert_cmpuint(taken, >, 0);
	g_assert_cmpuint(refused, >, taken / 2);
}

static char *
contents(const char *path)
{
	char *text;

	if (g_file_get_contents(path, &text, NULL, NULL))
		return text;
	g_test_skip("not in the source tree");
	return NULL;
}

static void
test_profile(void)
{
	g_autofree char *text = contents("conf/profiles.d/priya.yaml");

	if (text)
		try_all(read_profile, text);
}

/* With the keys that stand there as examples. */
static void
test_config(void)
{
	g_autofree char *text = contents("conf/pitchward.yaml");
	g_autoptr(GRegex) example =
		g_regex_new("^( *)# ([a-z_]+: (\\{.*\\}|\\S+) *(#.*)?)$",
			    G_REGEX_MULTILINE, 0, NULL);
	g_autofree char *all =
		text ? g_regex_replace(example, text, -1, 0, "\\1\\2", 0, NULL)
		     : NULL;

	if (all)
		try_all(read_config, all);
}

static void
test_group(void)
{
	g_autofree char *text = contents("conf/groups.d/example.yaml.sample");

	if (text)
		try_all(read_group, text);
}

static void
test_signals(void)
{
	try_all(read_signals,
		"version: 1\n"
		"mailing: {hosts: [a.example, b.example]}\n"
		"engagement: {hosts: [c.example], mailers: [Goer]}\n"
		"tracker: {hosts: [d.example]}\n"
		"scheduler: {hosts: [e.example]}\n"
		"public: {hosts: [f.example]}\n");
}

static void
test_card(void)
{
	g_autofree char *text = contents("models/relevance/card.yaml");
	char *end = text ? strstr(text, "\nchecksum:") : NULL;

	if (!text)
		return;
	g_assert_nonnull(end);
	end[1] = '\0';
	try_all(read_card, text);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/kinds/profile", test_profile);
	g_test_add_func("/kinds/config", test_config);
	g_test_add_func("/kinds/group", test_group);
	g_test_add_func("/kinds/signals", test_signals);
	g_test_add_func("/kinds/card", test_card);
	return g_test_run();
}
