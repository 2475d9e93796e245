/*
 * Values that both the profile and the configuration are made of, on top of
 * profile/yaml.h: each is checked as far as its text alone allows, and a fault
 * is added where it is wrong. Results are the caller's.
 */
#ifndef PROFILE_FIELD_PRIVATE_H
#define PROFILE_FIELD_PRIVATE_H

#include "profile/yaml.h"

/* In characters: a line of text, and a description of several lines. */
#define FIELD_LINE_MAX	200
#define FIELD_PROSE_MAX 4000

/* `version: 1` must stand in every file. */
void field_version(struct yaml_node *map);

/* One line; the fallback (may be NULL) when absent or empty. */
char *field_line(struct yaml_node *map, const char *key, const char *fallback);

/* Text of several lines, without white space at its end; "" when absent. */
char *field_prose(struct yaml_node *map, const char *key);

/* A list of at most `max` lines; never NULL. */
char **field_lines(struct yaml_node *map, const char *key, guint max);

/* The same of values that `parse` makes of each; what it refuses is left out.
 */
char **field_list(struct yaml_node *map, const char *key, guint max,
		  char *(*parse)(const struct yaml_node *node));

/* "local@domain" in lower case; NULL when it is no address. */
char *field_address(const struct yaml_node *node);

/* The same of a text (may be NULL), without a fault. */
char *field_address_of(const char *text);

/* A sender: "user@host" or "@host", in lower case; NULL when neither. */
char *field_sender(const struct yaml_node *node);

/* A domain in lower case; NULL when it is none. */
char *field_domain(const struct yaml_node *node);

/* Lower case in any script, whatever the locale. */
char *field_lower(const char *text);

/* The last microsecond of a day, so that the day itself still counts; 0 when
 * absent. */
gint64 field_day_end(struct yaml_node *map, const char *key);

/* A path; one that is relative begins at `folder`. */
char *field_path(struct yaml_node *map, const char *key, const char *folder,
		 const char *fallback);

#endif
