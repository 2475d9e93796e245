#include "migration_private.h"

/* Votes of buying groups: rows are only added. */
const char migration_decisions[] = "CREATE TABLE vote ("
				   " seq INTEGER PRIMARY KEY,"
				   " id TEXT NOT NULL UNIQUE,"
				   " team TEXT NOT NULL,"
				   " vendor TEXT NOT NULL,"
				   " member TEXT NOT NULL,"
				   " word TEXT NOT NULL,"
				   " reason TEXT NOT NULL,"
				   " giver TEXT NOT NULL,"
				   " time INTEGER NOT NULL"
				   ") STRICT;"
				   "CREATE INDEX vote_team ON vote"
				   " (team, time);";
