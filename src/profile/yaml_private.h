/*
 * The tree behind profile/yaml.h, shared by the file that builds it (yaml.c)
 * and the file that answers questions about it (yaml_get.c).
 */
#ifndef PROFILE_YAML_PRIVATE_H
#define PROFILE_YAML_PRIVATE_H

#include "profile/yaml.h"

/* What a tree may cost at most, and how many faults one file reports. */
#define YAML_NODES_MAX	100000
#define YAML_KEYS_MAX	4096
#define YAML_FAULTS_MAX 200

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	struct yaml *tree;
	enum yaml_kind kind;
	guint line;
	guint column;
	char *text;	   /* YAML_TEXT */
	gboolean quoted;   /* in quotes or a block: always text, never null */
	gboolean judged;   /* of the wrong type: no more faults below it */
	gboolean open;	   /* a mapping whose keys are data: all are known */
	GPtrArray *keys;   /* YAML_MAP: nodes of the keys, in order */
	GPtrArray *items;  /* YAML_MAP: their values; YAML_LIST: its nodes */
	GHashTable *index; /* YAML_MAP: key -> its place + 1 */
	GPtrArray *asked;  /* YAML_MAP: every key that code asked for */
};

struct yaml {
	char *name;
	struct faults *faults;
	guint fault_count;
	GPtrArray *nodes; /* owns every node: freeing needs no recursion */
	struct yaml_node *root;
};

/* Adds a fault at a position, unless this file has reported enough. */
void yaml_fault_at(struct yaml *tree, guint line, guint column,
		   const char *what);

/* The value, or NULL when it is absent or null; the key is known from now. */
struct yaml_node *yaml_find(struct yaml_node *map, const char *key);

/* "KEY must be WHAT, not VALUE"; nothing below the node counts any more. */
void yaml_refuse(struct yaml_node *node, const char *key, const char *what);

/* What a node is, for a message: its text in quotes, "a list", "a mapping". */
char *yaml_node_shown(const struct yaml_node *node);

/* Plain empty, "~" or "null". */
gboolean yaml_node_null(const struct yaml_node *node);

/* A piece of the file for a message: one line, cut, in quotes. */
char *yaml_shown(const char *text);

gboolean yaml_number_parse(const char *text, double *number);
gboolean yaml_integer_parse(const char *text, gint64 *integer);
gboolean yaml_date_parse(const char *text, gint64 *date_us);

/* Values as a person would write them in the file. */
char *yaml_number_format(double number);
char *yaml_duration_format(gint64 us);
char *yaml_size_format(guint64 size);

/*
 * "WHAT between MIN and MAX", "WHAT of at least MIN", or WHAT alone where an
 * end is NULL; WHAT ends in a space or is "". Takes both ends.
 */
char *yaml_range_text(const char *what, char *min, char *max);

/* "a, b, c". */
char *yaml_words_join(const char *const *words);

#endif
