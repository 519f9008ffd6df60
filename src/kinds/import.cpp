// Records from a table: every line judged first, and nothing written unless it is asked for.
#include "say.h"

#include <base/json.h>
#include <base/text.h>
#include <kinds/csv.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kErrorsMax = 10'000;

}  // namespace

// In a table a record or a person may stand by name: it becomes the code where one alone bears it. An item
// may stand by its code, KAR-000012.
void Records::by_name(const Asker& who, const Field& field, json::value& value) {
  if (value.is_array()) {
    for (auto& v : value.get_array()) by_name(who, field, v);
    return;
  }
  if (value.is_object() && field.type == Type::rows) {
    for (const Field& column : field.columns)
      if (auto* v = value.get_object().if_contains(column.name)) by_name(who, column, *v);
    return;
  }
  if (value.is_string() && field.type == Type::items) {
    const std::string code(value.get_string());
    const std::size_t dash = code.rfind('-');
    if (dash == std::string::npos) return;
    for (const auto& c : around_.cases())
      if (c.code == code.substr(0, dash)) {
        std::string number = code.substr(dash + 1);
        number.erase(0, std::min(number.find_first_not_of('0'), number.size()));
        value = c.id + "-" + number;
      }
    return;
  }
  if (!value.is_string() || (field.type != Type::reference && field.type != Type::staff)) return;
  const std::string name(value.get_string());
  std::vector<std::string> met;
  if (field.type == Type::staff) {
    for (const auto& p : around_.staff()) {
      if (p.code == name) return;
      if (p.name == name) met.push_back(p.code);
    }
  } else {
    if (load(name)) return;
    std::vector<std::string> codes;
    sql().each(
        "select code, kind from record where title = ?",
        [&](store::Statement& s) {
          if (std::ranges::find(field.to, s.text(1)) != field.to.end()) codes.emplace_back(s.text(0));
        },
        name);
    for (const std::string& code : codes)
      if (const auto r = load(code); r && decide(who, *r, rights::Act::search).allowed) met.push_back(code);
  }
  if (met.size() == 1) value = met.front();
}

base::Result<json::object> Records::import(const Asker& who, std::string_view name, std::string_view csv,
                                           const Import& how) {
  const Kind* kind = declared_->kind(name);
  if (!kind) return not_there();
  LabelRow label{0, how.case_id, {rights::Classification::internal, {}}};
  const rights::Decision decision = who.decide(asked(*kind, label, rights::Act::add));
  if (!decision.allowed) return not_there();
  const std::vector<CsvLine> lines = TRY(read_csv(csv));
  if (lines.empty())
    return base::Error{base::Refusal::invalid, "the file has no line: its first names the fields"};
  std::vector<const Field*> columns;
  std::vector<std::string> headers;
  for (const std::string& cell : lines.front().cells) {
    const std::string_view header = base::trim(cell);
    const Field* met = nullptr;
    for (const Field& f : kind->fields)
      if (!f.retired && (f.name == header || base::iequals_ascii(f.label.en, header) ||
                         base::iequals_ascii(f.label.fr, header)))
        met = &f;
    if (!met)
      return base::Error{base::Refusal::invalid,
                         "line " + std::to_string(lines.front().line) + ": \"" + std::string(header) +
                             "\" is no field of this kind: rename the column or take it out"};
    if (met->computed)
      return base::Error{base::Refusal::invalid, "\"" + met->name + "\" is computed: take the column out"};
    if (std::ranges::find(columns, met) != columns.end())
      return base::Error{base::Refusal::invalid, "\"" + met->name + "\" has two columns: keep one"};
    columns.push_back(met);
    headers.push_back(std::string(header));
  }
  json::array errors;
  std::size_t wrong_lines = 0, left_out = 0;
  std::vector<json::object> good;
  const Known world = known(who, kind->workflow.start);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const CsvLine& line = lines[i];
    std::vector<std::pair<Wrong, std::string>> wrong;
    json::object values;
    if (line.cells.size() > columns.size())
      wrong.push_back({{"",
                        "form",
                        {"has " + std::to_string(line.cells.size()) + " cells where the first line has " +
                             std::to_string(columns.size()),
                         "a " + std::to_string(line.cells.size()) + " cellules, la première ligne en a " +
                             std::to_string(columns.size())}},
                       ""});
    for (std::size_t c = 0; c < std::min(columns.size(), line.cells.size()); ++c) {
      const std::string_view cell = base::trim(line.cells[c]);
      if (cell.empty()) continue;
      auto v = from_cell(*columns[c], cell, how.decimal_comma);
      if (!v) {
        const std::string type(name_of(columns[c]->type));
        wrong.push_back(
            {{columns[c]->name, "form", {"cannot be read as " + type, "ne se lit pas comme " + type}},
             std::string(cell)});
        continue;
      }
      by_name(who, *columns[c], *v);
      values[columns[c]->name] = std::move(*v);
    }
    std::vector<Wrong> unfit;
    json::object fitted;
    if (wrong.empty()) fitted = fit(*kind, values, world, unfit);
    for (Wrong& w : unfit) {
      const auto* v = values.if_contains(w.field);
      const Field* f = kind->field(w.field);
      wrong.push_back({w, v && f ? to_cell(*f, *v) : std::string()});
    }
    if (wrong.empty()) {
      good.push_back(std::move(values));
      continue;
    }
    ++wrong_lines;
    for (const auto& [w, value] : wrong) {
      if (errors.size() >= kErrorsMax) {
        ++left_out;
        continue;
      }
      errors.push_back(json::object{{"line", line.line},
                                    {"field", w.field.empty() ? json::value() : json::value(w.field)},
                                    {"code", w.code},
                                    {"message", words_json(w.words)},
                                    {"value", std::string(base::cut(value, 200))}});
    }
  }
  json::object out{{"lines", lines.size() - 1},
                   {"good", good.size()},
                   {"wrong", wrong_lines},
                   {"errors", std::move(errors)}};
  if (left_out) out["errors_left_out"] = left_out;
  if (how.dry || good.empty() || (wrong_lines && !how.good_only)) {
    out["added"] = json::array();
    return out;
  }
  json::array added;
  std::vector<Wrong> wrong;
  TRY(desk_.change([&](kernel::Change& c) -> base::Status {
    const std::int64_t label_id = label_of(label.case_id, label.label);
    std::int64_t next = sql().number("select coalesce(max(id), 0) from record");
    for (const json::object& values : good) {
      Stored r;
      r.kind = kind, r.id = ++next, r.code = new_code(*kind), r.label = label_id, r.author = who.person;
      r.made = clock_.unix_micros(), r.state = kind->workflow.start;
      r.values = merged(who, r, values, decision.fields, wrong);
      if (wrong.empty()) {
        const base::Status s = store(c, who, nullptr, r, {"record_added", "import"}, wrong);
        if (!s.ok() && wrong.empty()) return s;
      }
      if (!wrong.empty())
        return base::Error{base::Refusal::conflict,
                           wrong.front().field + " " + wrong.front().words.en +
                               ": nothing was imported; correct the file and try again"};
      added.emplace_back(r.code);
    }
    return base::Done{};
  }));
  out["added"] = std::move(added);
  return out;
}

}  // namespace kinds
