#pragma once
#include <store/sql.h>

namespace store {

// {key} {int} {blob} in the words of a database; for PostgreSQL also ? as $1, $2, ... outside of literals.
std::string in_dialect(std::string_view sql, Dialect dialect);

}  // namespace store
