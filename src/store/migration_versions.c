#include "migration_private.h"

/* Which version of each buyer is the newest, and whether there is a later one,
 * without the texts; PostgreSQL's `seq` had no index. */
const char migration_versions[] =
	"CREATE INDEX version_head ON version (buyer, number, time);";

const char migration_versions_pg[] =
	"CREATE INDEX version_head ON version (buyer, number DESC)"
	" INCLUDE (time);"
	"CREATE INDEX version_seq_index ON version (seq);";
