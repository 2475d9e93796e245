/* A copy of a store as an older program made it. */
#ifndef STORE_SQLITE_KEEP_PRIVATE_H
#define STORE_SQLITE_KEEP_PRIVATE_H

/* store_keep_older() */
char *sqlite_keep_older(const char *path);

#endif
