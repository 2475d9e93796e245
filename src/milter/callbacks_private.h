/* The filter as libmilter calls it. */
#ifndef MILTER_CALLBACKS_PRIVATE_H
#define MILTER_CALLBACKS_PRIVATE_H

#include "milter/site.h"

/*
 * Serves connections on the listening socket `fd` until the process ends;
 * returns, FALSE, only when libmilter gives up. Blocks HUP, TERM and INT in
 * the calling thread, as libmilter does. To be called once.
 */
gboolean callbacks_serve(struct site *site, int fd);

#endif
