/*
 * Accounts to be loaded from the store, by one thread that is there from the
 * first of them on. Thread-safe.
 */
#ifndef SCREEN_ACCOUNT_QUEUE_PRIVATE_H
#define SCREEN_ACCOUNT_QUEUE_PRIVATE_H

#include "account_private.h"

struct account_queue;

struct account_queue *account_queue_new(const char *store_url);

/* Waits for the call of the store that is under way, not for the rest. */
void account_queue_free(struct account_queue *queue);

/* The account lives as long as the queue. */
void account_queue_add(struct account_queue *queue, struct account *account);

/* Until all are loaded or have failed; FALSE: not by then. */
gboolean account_queue_wait(struct account_queue *queue, gint64 deadline_us);

#endif
