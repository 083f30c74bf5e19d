/* store/schema.h: the tables, brought to the version this program knows. */
#pragma once
#include "db/db.h"

/* Runs the migrations built into the program for the database's dialect. See db_migrate. */
Err schema_migrate(Db *db);
/* The number of the last migration that has run (0: none), and of the last this program brings. Touches nothing. */
Err schema_state(Db *db, int64_t *ret_have, int64_t *ret_newest);
