/* The texts that make PostgreSQL's tables, in the order they are run. */
#ifndef STORE_PG_SCHEMA_PRIVATE_H
#define STORE_PG_SCHEMA_PRIVATE_H

extern const char pg_tables_mail[];
extern const char pg_tables_held[];
extern const char pg_tables_said[];
extern const char pg_tables_people[];
extern const char pg_tables_market[];
extern const char pg_tables_search[];
extern const char pg_sums[];
extern const char pg_triggers[];
extern const char pg_triggers_more[];

#endif
