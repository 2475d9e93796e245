/*
 * The way back from an upgrade: the first program of a newer version that opens
 * a store changes its schema for good, so before that it is copied.
 */
#ifndef STORE_KEEP_H
#define STORE_KEEP_H

/*
 * To be called before store_open(), by who may be the first. A SQLite store of
 * an older schema becomes PATH.schema-N as well, which an older program can
 * use as it is; while mail flows, whole or not at all. It is left out where
 * there is little room, the copy would take longer than mail may wait, or the
 * schema cannot be read. One in PostgreSQL is its administrator's to dump. What
 * a person should hear of that, in one line, the caller's; mostly NULL. Who
 * tries again is told the same again.
 */
char *store_keep_older(const char *url);

#endif
