/*
 * The texts of held mail, folded, in memory: a search looks through them
 * instead of through the rows, which are spread over the whole database. One
 * haystack a buyer, filled by the searches themselves: what it does not know
 * yet is learned from its row. So nothing must be told to it, a message costs
 * nothing when it is held, and what has left the queue is never asked for.
 * Thread-safe: one search at a time.
 */
#ifndef STORE_HAYSTACK_PRIVATE_H
#define STORE_HAYSTACK_PRIVATE_H

#include <glib.h>

/* Of all buyers' together, in bytes, with what each message takes beside its
 * texts; what is over is read each time. Arrays have room
 * to grow, so that up to twice as much is taken. */
#define HAYSTACKS_MAX ((gsize)32 << 20)

struct haystacks;
struct haystack;

struct haystacks *haystacks_new(gsize max);
void haystacks_free(struct haystacks *haystacks);

/* A buyer's, for one search, until it is given back. `whole`: the search asked
 * for all that is held, so what it did not ask for is not held any more. */
struct haystack *haystacks_take(struct haystacks *haystacks, const char *buyer);
void haystacks_give(struct haystacks *haystacks, struct haystack *haystack,
		    gboolean whole);

/* Nothing was learned yet. */
gboolean haystack_is_empty(const struct haystack *haystack);

/* Begins a search for a folded text. */
void haystack_seek(struct haystack *haystack, const char *text);

enum haystack_answer { HAYSTACK_NO, HAYSTACK_YES, HAYSTACK_UNKNOWN };

/* Whether the message has the text. A seq may have been another message's. */
enum haystack_answer haystack_look(struct haystack *haystack, gint64 seq,
				   const char *id);

/*
 * The same of one that is unknown: `fields` are its texts, folded, each with
 * its NUL. Remembers them while there is room.
 */
gboolean haystack_learn(struct haystack *haystack, gint64 seq, const char *id,
			const GString *fields);

#endif
