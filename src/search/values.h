#pragma once
// The field predicates of a query over the columns.

#include "columns.h"

#include <functional>

namespace search {

// A test an item number passes or not. Refuses: invalid, with the position in the query.
base::Result<std::function<bool(std::uint32_t)>> predicate(const Node& field, const Columns& columns,
                                                           ColumnStore& store, const Index::Lookup& lookup);
// The first and the last second of "2019", "2019-03", "2019-03-04" or a full time.
std::optional<std::pair<std::int64_t, std::int64_t>> seconds_of(std::string_view date);
std::optional<std::uint64_t> bytes_of(std::string_view size);  // "10", "10k", "10MB", "1.5GB"

}  // namespace search
