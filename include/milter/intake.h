/*
 * One message as it comes in by callbacks, put together in received form:
 * fields byte for byte, folded lines and line ends as CRLF, the body as sent.
 *
 * Memory is bounded: INTAKE_MAX a message, and a `room` that all messages of
 * the process share. A message that does not fit is `lost`: its bytes are
 * given up at once, its own-named fields are still known.
 */
#ifndef MILTER_INTAKE_H
#define MILTER_INTAKE_H

#include <glib.h>
#include <stdatomic.h>

#define INTAKE_MAX ((gsize)64 * 1024 * 1024)

/* Every field of ours begins so, in any case. */
#define OWN_PREFIX "X-Pitchward"

/* What all intakes of a process may hold together, in bytes. */
struct room {
	atomic_size_t used;
	gsize max;
};

struct intake {
	struct room *room;     /* borrowed */
	gboolean leadspc;      /* values come with their leading space */
	gboolean headers_only; /* neither fields nor body are kept */
	gboolean lost;	       /* did not fit */
	gboolean ended;	       /* the header is over */
	GByteArray *bytes;     /* NULL while there are none */
	gsize taken;	       /* of the room */
	gsize body;	       /* where the body begins */
	char *subject;	  /* raw value of the first Subject field, or NULL */
	char *message_id; /* the same of Message-ID, trimmed */
	GPtrArray *own;	  /* names that begin with OWN_PREFIX, as they came */
	gboolean flooded; /* more of them than OWN_FIELDS_MAX */
};

/*
 * Each deletion makes Postfix read the queue file anew: 20,000 of them took
 * 10 s and ended in a queue file write error.
 */
#define OWN_FIELDS_MAX 500

void intake_init(struct intake *intake, struct room *room);

/* Forgets the message, ready for another; and for good. */
void intake_reset(struct intake *intake);
void intake_clear(struct intake *intake);

/* `value` as libmilter gives it: lines end in LF, no line end behind it. */
void intake_field(struct intake *intake, const char *name, const char *value);
void intake_body(struct intake *intake, const void *chunk, gsize size);

/* The whole message, ending the header if that has not happened; NULL: lost. */
GBytes *intake_take(struct intake *intake);

/*
 * A field name to delete and how many fields of it there are. Names that
 * differ in case are one.
 */
struct own_field {
	const char *name; /* borrowed from the intake */
	guint count;
};

/* An array of struct own_field, in order of first appearance; unref it. */
GArray *intake_own(const struct intake *intake);

#endif
