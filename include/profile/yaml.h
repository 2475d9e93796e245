/*
 * YAML 1.1 by libyaml as a tree with positions; the only file that includes
 * yaml.h is yaml.c. Anchors, aliases, tags, several documents and duplicate
 * keys are faults; size is capped at YAML_SIZE_MAX, depth at YAML_DEPTH_MAX.
 *
 * Reading is by asking: each yaml_get_*() marks the key as known, gives the
 * default when it is absent or null, and adds a fault when it is of the wrong
 * type or out of range. yaml_finish() then reports every key that nobody asked
 * for, with the nearest valid one. So the code that reads is the grammar.
 * A NULL map has no keys; a fault ends nothing: reading goes on with defaults,
 * and yaml_failed() tells at the end.
 */
#ifndef PROFILE_YAML_H
#define PROFILE_YAML_H

#include <glib.h>

#include "profile/faults.h"

#define YAML_SIZE_MAX  (1 << 20)
#define YAML_DEPTH_MAX 16

struct yaml;
typedef struct yaml Yaml; /* for g_autoptr(Yaml) */
struct yaml_node;

/* NULL (and at least one fault) when it cannot be read as one mapping. */
struct yaml *yaml_load(const char *path, struct faults *faults);

/* The bytes of a file that yaml_parse() may read; NULL (and a fault). */
GBytes *yaml_read(const char *path, struct faults *faults);

/* The same from memory; `name` stands in the faults. */
struct yaml *yaml_parse(const char *name, const char *text, gsize size,
			struct faults *faults);

/* Not called free: libyaml exports a yaml_free() of its own. */
void yaml_close(struct yaml *yaml);

/* Whether anything in this file was found to be wrong so far. */
gboolean yaml_failed(const struct yaml *yaml);

/* The top mapping. Nodes live as long as the tree. */
struct yaml_node *yaml_root(struct yaml *yaml);

/* Each adds a fault at the node's own position. */
void yaml_fault(const struct yaml_node *node, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

/* Whether the key is there and not null; marks it as known. */
gboolean yaml_has(struct yaml_node *map, const char *key);

/* The value's node, for faults about its meaning; NULL when absent. */
struct yaml_node *yaml_value(struct yaml_node *map, const char *key);

/* Borrowed until yaml_close(); `fallback` may be NULL. */
const char *yaml_get_text(struct yaml_node *map, const char *key,
			  const char *fallback);
double yaml_get_number(struct yaml_node *map, const char *key, double min,
		       double max, double fallback);
gint64 yaml_get_integer(struct yaml_node *map, const char *key, gint64 min,
			gint64 max, gint64 fallback);
gboolean yaml_get_bool(struct yaml_node *map, const char *key,
		       gboolean fallback);

/* duration_parse() and size_parse() values; the fallback in their units. */
gint64 yaml_get_duration(struct yaml_node *map, const char *key, gint64 min_us,
			 gint64 max_us, gint64 fallback_us);
guint64 yaml_get_size(struct yaml_node *map, const char *key, guint64 min,
		      guint64 max, guint64 fallback);

/* The index in the NULL-terminated `words`, as an enum's value. */
int yaml_get_word(struct yaml_node *map, const char *key,
		  const char *const *words, int fallback);

/* The same for a list of words (or one): bit 1 << index for each. */
guint yaml_get_words(struct yaml_node *map, const char *key,
		     const char *const *words, guint fallback);

/* Midnight UTC of an ISO date (YYYY-MM-DD) in us, or 0 when absent. */
gint64 yaml_get_date(struct yaml_node *map, const char *key);

/*
 * A mapping or NULL; a sequence's nodes or NULL (one scalar counts as one).
 * The array is the tree's.
 */
struct yaml_node *yaml_get_map(struct yaml_node *map, const char *key);
GPtrArray *yaml_get_list(struct yaml_node *map, const char *key);

/* A list of texts as a strv (never NULL, may be empty); the caller's. */
char **yaml_get_texts(struct yaml_node *map, const char *key);

/* Nodes of a list: what they are, and a scalar's text (NULL otherwise). */
gboolean yaml_is_map(const struct yaml_node *node);
const char *yaml_text(const struct yaml_node *node);

/*
 * For maps whose keys are data (reverse domains, card metrics): all keys in
 * order, marked as known; a strv that borrows its strings, g_free() it.
 */
const char **yaml_keys(struct yaml_node *map);

/*
 * A text as a double-quoted YAML scalar on one line, for programs that write
 * these files: it reads back as the same text, but for invalid UTF-8, which is
 * replaced, and control characters, which become spaces. The caller's.
 */
char *yaml_quote(const char *text);

/* Where a node stands; `file` borrowed. */
void yaml_position(const struct yaml_node *node, const char **file, guint *line,
		   guint *column);

/* Adds a fault for every key below `node` that nobody asked for. */
void yaml_finish(struct yaml_node *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Yaml, yaml_close)

#endif
