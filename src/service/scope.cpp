#include "numbers.h"
#include "scope.h"

#include <evidence/tags.h>

#include <boost/json.hpp>

namespace service {

base::Result<std::vector<std::uint32_t>> items_asked(Core& core, const Who& who,
                                                     const evidence::CaseName& name,
                                                     const boost::json::value& body) {
  const auto* o = body.if_object();
  if (!o || o->contains("items") + o->contains("search") + o->contains("in") != 1)
    return base::Error{base::Refusal::invalid, "give one of \"search\", \"items\" and \"in\""};
  if (o->contains("search")) {
    const auto asked = core.asked(who, TRY(base::text_of(body, "search")));
    if (!asked || asked->case_id != name.id) return not_found();
    return asked->search->items();
  }
  if (o->contains("in")) {
    const auto file = TRY(core.open(who, name));
    auto items = evidence::items_with(*file, key_in(TRY(base::text_of(body, "in"))));
    if (!items) return not_found();
    return std::move(*items);
  }
  const std::string prefix = name.id + "-";
  std::vector<std::uint32_t> out;
  for (const std::string& id : TRY(list_member(body, "items"))) {
    const auto number = id.starts_with(prefix) ? number_in(id.substr(prefix.size())) : std::nullopt;
    if (!number || *number == 0 || *number > UINT32_MAX) return not_found();
    out.push_back(static_cast<std::uint32_t>(*number));
  }
  return out;
}

}  // namespace service
