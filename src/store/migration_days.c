#include "migration_private.h"

/* By which the figures are found of days that are forgotten. */
const char migration_days[] = "CREATE INDEX flow_day ON flow (day);";
