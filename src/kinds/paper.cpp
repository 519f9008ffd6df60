// A record as it is printed: labels for codes, titles for records, names for people; sources numbered.
#include "printing.h"
#include "say.h"

#include <base/json.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

// Where a text stands among the sources, from 1.
std::string cited(std::vector<std::string>& sources, const std::string& text) {
  auto at = std::ranges::find(sources, text);
  if (at == sources.end()) at = sources.insert(sources.end(), text);
  return " [" + std::to_string(at - sources.begin() + 1) + "]";
}

}  // namespace

base::Result<Records::Paper> Records::paper(const Asker& who, std::string_view code,
                                            std::string_view language) {
  const json::object p = TRY(page(who, code));
  const Kind& kind = *declared_->kind(p.at("kind").get_string());
  const json::object& values = p.at("values").get_object();
  const bool french = language == "fr";
  Paper out;
  const json::object& names = p.at("names").get_object();
  Printing::Naming naming;
  naming.named = [&](const Field& f, std::string_view named) -> std::optional<std::string> {
    const auto* name = names.if_contains(named);
    const std::string who_or_what =
        name ? std::string(name->get_string()) + " (" + std::string(named) + ")" : std::string(named);
    return f.type == Type::staff ? who_or_what : who_or_what + cited(out.sources, who_or_what);
  };
  naming.item = [&](std::string_view id) -> std::optional<std::string> {
    return std::string(id) + cited(out.sources, (french ? "Pièce " : "Item ") + std::string(id));
  };
  const Printing printing(*declared_, language, std::move(naming), false);
  out.title = p.at("title").get_string(), out.code = p.at("code").get_string(),
  out.classification = p.at("class").get_string();
  out.kind = printing.say(kind.label);
  const State* state = kind.workflow.state(p.at("state").get_string());
  out.state = state ? printing.say(state->label) : std::string();
  std::set<std::string> printed;
  const auto print = [&](Part& part, const Field& f) {
    printed.insert(f.name);
    const std::string& label = printing.say(f.label);
    const auto* v = values.if_contains(f.name);
    if (f.guard != Guard::open && !v) {
      const auto listed = [&](const char* list) {
        return std::ranges::any_of(p.at(list).get_array(),
                                   [&](const auto& x) { return x == json::value(f.name); });
      };
      if (listed("masked") || listed("sealed"))
        part.values.emplace_back(label, french ? "[non reproduit]" : "[not reproduced]");
      return;
    }
    if (!v) return;
    if (f.type != Type::rows) {
      part.values.emplace_back(label, printing.text(f, *v));
      return;
    }
    Part table;
    table.heading = label;
    for (const Field& c : f.columns)
      if (!c.retired) table.header.push_back(printing.say(c.label));
    for (const auto& row : v->get_array()) {
      std::vector<std::string> cells;
      for (const Field& c : f.columns) {
        if (c.retired) continue;
        const auto* cell = row.get_object().if_contains(c.name);
        cells.push_back(cell ? printing.text(c, *cell) : std::string());
      }
      table.rows.push_back(std::move(cells));
    }
    out.parts.push_back(std::move(part));
    out.parts.push_back(std::move(table));
    part = {};
  };
  const auto* sections = kind.declaration.if_contains("sections");
  if (sections)
    for (const auto& s : sections->get_array()) {
      Part part;
      part.heading = s.at(french ? "fr" : "en").get_string();
      for (const auto& name : s.at("fields").get_array())
        if (const Field* f = kind.field(name.get_string())) print(part, *f);
      if (!part.values.empty()) out.parts.push_back(std::move(part));
    }
  Part rest;
  for (const Field& f : kind.fields)
    if (!f.retired && !printed.contains(f.name)) print(rest, f);
  if (!rest.values.empty()) out.parts.push_back(std::move(rest));
  std::string payload;
  base::JsonWriter(payload).object().member("kind", kind.name).member("language", language).end_object();
  desk_.tell({"printed", who.code, out.code, payload});
  return out;
}

}  // namespace kinds
