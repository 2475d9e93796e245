/*
 * What supervisor and worker tell each other: one text a packet over a pair of
 * sockets, whole or not at all.
 *
 * To the worker: "reload", "counters", "ping", "stop". From it: "ready",
 * "broken CODE TEXT" (it cannot start), "ok TEXT" and "failed TEXT" (answers
 * to reload), "pong".
 */
#ifndef MILTER_CHANNEL_PRIVATE_H
#define MILTER_CHANNEL_PRIVATE_H

#include <glib.h>

/* Texts are cut to this. */
#define CHANNEL_MAX 32768

gboolean channel_open(int ends[2], GError **error);

/* Never blocks; FALSE when the other end is gone or does not read. */
gboolean channel_send(int fd, const char *text);

/* The next text, the caller's; NULL when the other end is gone. */
char *channel_receive(int fd);

/* What follows `word` and a space in `text`; NULL: another word. Borrowed. */
const char *channel_match(const char *text, const char *word);

#endif
