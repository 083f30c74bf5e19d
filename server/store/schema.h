/* store/schema.h: the tables, brought to the version this program knows. */
#pragma once
#include "db/db.h"

/* Runs the migrations built into the program for the database's dialect. See db_migrate. */
Err schema_migrate(Db *db);
