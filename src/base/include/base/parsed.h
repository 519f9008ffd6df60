#pragma once
// Members of what another process said in JSON, each with a clear refusal when it is not as agreed.

#include <base/result.h>

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace base {

const boost::json::value& member(const boost::json::value& v, std::string_view name);  // null: not there
// Refuse: invalid.
Result<std::string> text_of(const boost::json::value& v, std::string_view name);
Result<std::int64_t> number_of(const boost::json::value& v, std::string_view name);  // whole, not negative

}  // namespace base
