/* What keeps a store on a server from being opened, by who can mend it. */
#ifndef STORE_REACH_H
#define STORE_REACH_H

#include <glib.h>

enum store_reach {
	STORE_REACH_UNKNOWN,  /* nothing that is seen here, or a file */
	STORE_REACH_SERVER,   /* nobody answers at that host and port */
	STORE_REACH_LOGIN,    /* this user is not let in */
	STORE_REACH_DATABASE, /* there is no database of this name */
	STORE_REACH_RIGHTS,   /* tables may not be made, or not be written */
	STORE_REACH_CROWDED,  /* it takes no more connections */
	STORE_REACH_STARTING  /* it starts, recovers or stops */
};

/* Connects once more to ask, which takes up to 3 s. */
enum store_reach store_reach(const char *url);

#endif
