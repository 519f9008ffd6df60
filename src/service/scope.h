#pragma once
// The items that a request is about: {"search":"id"}, {"items":[ids]} or {"in":"id of a tag, code or
// folder"}.

#include "core.h"

namespace service {

// Refuses: invalid (none or several of them), not_found (a search, an item or a tag of another).
base::Result<std::vector<std::uint32_t>> items_asked(Core& core, const Who& who,
                                                     const evidence::CaseName& name,
                                                     const boost::json::value& body);

}  // namespace service
