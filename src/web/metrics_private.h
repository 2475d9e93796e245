/* What a monitor reads at /metrics: the filter's figures, the store's, ours. */
#ifndef WEB_METRICS_PRIVATE_H
#define WEB_METRICS_PRIVATE_H

#include "request_private.h"

/* The page; for this machine's monitor, and not through a proxy. */
void metrics_page(const struct web_request *request, struct web_reply *reply);

/* The part of it that the store knows: little, when it is away. */
void metrics_store(const struct web_request *request, GString *out);

#endif
