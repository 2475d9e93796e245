/*
 * Text as it is laid out: spacing collapses, blocks give line ends, nothing is
 * written before the text that needs it.
 */
#ifndef MAIL_FLOW_PRIVATE_H
#define MAIL_FLOW_PRIVATE_H

#include <glib.h>

struct flow {
	GString *text;
	guint lines;	/* line ends owed before the next text */
	gboolean space; /* a space owed before it */
};

void flow_init(struct flow *flow);
void flow_clear(struct flow *flow);

/* At least `lines` line ends before what comes next, two at most. */
void flow_break(struct flow *flow, guint lines);

/* One more line end: <br>. */
void flow_line(struct flow *flow);

void flow_space(struct flow *flow);

/*
 * Valid UTF-8. Spacing of all kinds collapses, or stays with `pre`; controls
 * go; the numbers 128 to 159, meant for Windows-1252, become what was meant.
 */
void flow_text(struct flow *flow, const char *text, gsize len, gboolean pre);

#endif
