/*
 * What `pitchward init` writes: a commented profile for a role and a
 * commented configuration for a site, both valid as they are. Answers are a
 * person's words; they are quoted so that any text is safe.
 */
#ifndef PROFILE_TEMPLATE_H
#define PROFILE_TEMPLATE_H

#include <glib.h>

struct template_answers {
	const char *role;	      /* one of template_names() */
	const char *name;	      /* the buyer's */
	const char *title;	      /* NULL: the role's usual one */
	const char *const *addresses; /* at least one */
	const char *sector;	      /* NULL: none said */
	guint employees;	      /* 0: not said */
	const char *const *regions;   /* NULL: none said */
	const char *zone;	      /* IANA name; NULL: UTC */
};

enum template_mta { TEMPLATE_POSTFIX, TEMPLATE_SENDMAIL };

struct template_site {
	const char *domain;	 /* the site's mail domain */
	const char *authserv_id; /* NULL: the host's name */
	const char *state;	 /* folder; NULL: /var/lib/pitchward */
	const char *store;	 /* URL; NULL: SQLite in the state folder */
	const char *socket;	 /* NULL: where the MTA can reach it */
	enum template_mta mta;
};

/* The roles, sorted; g_free() the array, its strings are static. */
const char **template_names(void);

/* A role's usual title ("IT Manager"), or NULL; the caller's. */
char *template_title(const char *role);

/* A profile; NULL when there is no such role. The caller's. */
char *template_render(const struct template_answers *answers);

/* A pitchward.yaml. The caller's. */
char *template_render_config(const struct template_site *site);

#endif
