#include "settings.h"

#include <kinds/value.h>

namespace protection {

base::Status read_figures(const boost::json::object& vocabulary, std::string_view name,
                          std::initializer_list<Figure> figures) {
  for (const Figure& f : figures) {
    const auto wrong = [&](const std::string& what) {
      return base::Error{base::Refusal::invalid, std::string(name) + "." + std::string(f.code) + ": " + what};
    };
    bool met = false;
    for (const auto& each : vocabulary.at("codes").as_array()) {
      const auto& code = each.as_object();
      if (kinds::text_in(code, "code") != f.code) continue;
      const auto* n = code.if_contains("number");
      if (!n || !n->is_number() || !(n->to_number<double>() >= f.least && n->to_number<double>() <= f.most))
        return wrong("\"number\" is a number from " + std::string(f.range));
      *f.to = n->to_number<double>(), met = true;
    }
    if (!met) return wrong("the code is missing");
  }
  return base::Done{};
}

std::vector<const boost::json::object*> rows_of(const boost::json::object& values, std::string_view name) {
  std::vector<const boost::json::object*> out;
  if (const auto* all = values.if_contains(name); all && all->is_array())
    for (const auto& row : all->get_array())
      if (row.is_object()) out.push_back(&row.get_object());
  return out;
}

}  // namespace protection
