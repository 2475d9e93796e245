#include "migration_private.h"

/*
 * What serves where, by time, and the files of each version once: rows are only
 * added.
 */
const char migration_models[] = "CREATE TABLE model ("
				" seq INTEGER PRIMARY KEY,"
				" place TEXT NOT NULL,"
				" id TEXT NOT NULL,"
				" time INTEGER NOT NULL,"
				" giver TEXT NOT NULL,"
				" note TEXT NOT NULL"
				") STRICT;"
				"CREATE INDEX model_place ON model"
				" (place, seq);"
				"CREATE TABLE model_pack ("
				" id TEXT PRIMARY KEY,"
				" digest TEXT NOT NULL,"
				" bytes BLOB NOT NULL"
				") STRICT;";

const char migration_models_pg[] =
	"CREATE SEQUENCE model_seq;"
	"CREATE TABLE model ("
	" seq bigint PRIMARY KEY DEFAULT nextval('model_seq'),"
	" place text COLLATE \"C\" NOT NULL,"
	" id text COLLATE \"C\" NOT NULL,"
	" time bigint NOT NULL,"
	" giver text COLLATE \"C\" NOT NULL,"
	" note text COLLATE \"C\" NOT NULL);"
	"CREATE INDEX model_place ON model (place, seq);"
	"CREATE TABLE model_pack ("
	" id text COLLATE \"C\" PRIMARY KEY,"
	" digest text COLLATE \"C\" NOT NULL,"
	" bytes bytea NOT NULL);";
