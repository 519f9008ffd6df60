#pragma once
// Whether what a declaration asks for can be asked: of homes and templates. What cannot is thrown as Wrongly.

#include <kinds/kind.h>

namespace kinds {

const Field* open_field(const Kind& kind, std::string_view name);
bool can_count_by(const Kind& kind, const std::string& name);
// Codes and states that are compared with must be declared.
void check_codes(const Declared& declared, const Kind& kind, const std::string& field,
                 const boost::json::value& value, const std::string& place);
// `filter`: with its days and people put in.
void check_filter(const Declared& declared, const Kind& kind, const boost::json::array& filter,
                  const std::string& place);
void check_sort(const Kind& kind, const std::vector<std::string>& sort, const std::string& place);

}  // namespace kinds
