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

}  // namespace protection
