#include "asked.h"

#include "tree.h"
#include "where.h"

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

}  // namespace

const Field* open_field(const Kind& kind, std::string_view name) {
  const Field* f = kind.field(name);
  return f && f->guard == Guard::open ? f : nullptr;
}

void check_codes(const Declared& declared, const Kind& kind, const std::string& field,
                 const json::value& value, const std::string& place) {
  const auto each = [&](const json::value& v) {
    if (!v.is_string()) return;
    const std::string code(v.get_string());
    if (field == "state" && !kind.field("state") && !kind.workflow.state(code))
      throw Wrongly(place + ": " + kind.name + " has no state \"" + code + "\"");
    const Field* f = kind.field(field);
    if (f && f->type == Type::coded && !declared.vocabulary(f->vocabulary)->code(code))
      throw Wrongly(place + ": the vocabulary " + f->vocabulary + " has no code \"" + code + "\"");
  };
  if (const auto* many = value.if_array())
    for (const auto& v : *many) each(v);
  else
    each(value);
}

bool can_count_by(const Kind& kind, const std::string& name) {
  if (name == "state" || name == "case") return true;
  const Field* f = open_field(kind, name);
  return f && !f->many &&
         (f->type == Type::coded || f->type == Type::yes_no || f->type == Type::staff ||
          f->type == Type::reference);
}

void check_filter(const Declared& declared, const Kind& kind, const json::array& filter,
                  const std::string& place) {
  for (std::size_t i = 0; i < filter.size(); ++i) {
    const std::string at = place + ".filter[" + std::to_string(i) + "]";
    Tree t(filter[i], at);
    const std::string field = t.text("field"), op = t.text("op");
    const auto* v = t.any("value");
    t.end();
    Where w;
    const json::value value = v ? *v : json::value();
    if (const base::Status can = narrow(w, kind, field, op, value, {}); !can.ok())
      throw Wrongly(at + ": " + can.error().message);
    if (op == "is" || op == "is_not" || op == "in") check_codes(declared, kind, field, value, at);
  }
}

void check_sort(const Kind& kind, const std::vector<std::string>& sort, const std::string& place) {
  for (const std::string& s : sort)
    if (const std::string name = s.starts_with('-') ? s.substr(1) : s;
        name != "changed" && name != "made" && name != "title" && !open_field(kind, name))
      throw Wrongly(place + ".sort: \"" + name + "\" is no open field");
}

}  // namespace kinds
