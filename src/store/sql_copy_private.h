/* Copying one store into another: what its files share. */
#ifndef STORE_SQL_COPY_PRIVATE_H
#define STORE_SQL_COPY_PRIVATE_H

#include "sql_task_private.h"
#include "store/copy.h"

struct sql_copying {
	struct store *from;
	struct store *to;
	store_copy_told told;
	gpointer data;
	struct store_copied copied;
};

/* Says how far it is. */
void sql_copy_tell(const struct sql_copying *copying);

/* In this order: rows of tables are about messages. */
gboolean sql_copy_messages(struct sql_copying *copying, GError **error);
gboolean sql_copy_tables(struct sql_copying *copying, GError **error);
gboolean sql_copy_documents(struct sql_copying *copying, GError **error);
gboolean sql_copy_models(struct sql_copying *copying, GError **error);

#endif
