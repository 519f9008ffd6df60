#pragma once
// For the text index alone: the connection under an Sql that open_sqlite() gave, to register functions with.
#include <store/sql.h>

namespace store {
void* sqlite_handle(Sql& sql);  // sqlite3*
}
