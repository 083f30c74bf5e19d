#include "base/log.h"
#include "db/driver.h"

Err db_postgres_open(const char *data_source, const DbOptions *options, Db **ret_db)
{
    (void)data_source, (void)options, (void)ret_db;
    log_error("the PostgreSQL driver is not there yet");
    return ERR_UNAVAILABLE;
}
