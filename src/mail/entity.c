#include "entity_private.h"

#include <string.h>

struct entity {
	const char *name;
	const char *meaning;
	gboolean in_text_only;
};

static const struct entity entities[] = {
	{ "amp", "&amp;", TRUE },   { "lt", "&lt;", TRUE },
	{ "gt", "&gt;", TRUE },	    { "quot", "\"", TRUE },
	{ "nbsp", " ", TRUE },	    { "copy", "©", TRUE },
	{ "reg", "®", TRUE },	    { "period;", ".", FALSE },
	{ "comma;", ",", FALSE },   { "colon;", ":", FALSE },
	{ "semi;", ";", FALSE },    { "sol;", "/", FALSE },
	{ "commat;", "@", FALSE },  { "excl;", "!", FALSE },
	{ "quest;", "?", FALSE },   { "lpar;", "(", FALSE },
	{ "rpar;", ")", FALSE },    { "num;", "#", FALSE },
	{ "dollar;", "$", FALSE },  { "percnt;", "%", FALSE },
	{ "plus;", "+", FALSE },    { "equals;", "=", FALSE },
	{ "hyphen;", "-", FALSE },  { "dash;", "-", FALSE },
	{ "lowbar;", "_", FALSE },  { "Tab;", " ", FALSE },
	{ "NewLine;", " ", FALSE },
};

static gboolean
is_it(const struct entity *entity, gsize len, const char *name, gsize left)
{
	return len <= left && name[0] == entity->name[0] &&
	       memcmp(name, entity->name, len) == 0;
}

const char *
entity_find(const char *name, gsize left, gboolean in_text, gsize *len)
{
	for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
		const struct entity *entity = &entities[i];
		const gsize size = strlen(entity->name);
		if (!is_it(entity, size, name, left))
			continue;
		/* With its semicolon, or as part of a longer name, it is
		 * libxml2's to know. */
		const char next = (char)(size < left ? name[size] : ' ');
		if (entity->in_text_only &&
		    (!in_text || next == ';' || g_ascii_isalnum(next)))
			continue;
		*len = size;
		return entity->meaning;
	}
	return NULL;
}
