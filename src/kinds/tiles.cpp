// What the tiles of a home show: counted, sorted and grouped among what the person may find, after the
// decision.
#include "say.h"
#include "tally.h"

#include <base/json.h>
#include <base/time.h>
#include <kinds/home.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::int64_t kListed = 8, kPictured = 300;

bool is_null(const store::Statement& s, int column) { return s.cell(column).is == record::Cell::Is::null; }

// The order of values as the vocabulary or the workflow has it; what is none of them comes last.
std::vector<std::string> declared_values(const Declared& declared, const Kind& kind, const std::string& by) {
  std::vector<std::string> out;
  if (by == "state")
    for (const State& s : kind.workflow.states) out.push_back(s.name);
  else if (const Field* f = kind.field(by); f && f->type == Type::coded)
    for (const Code& c : declared.vocabulary(f->vocabulary)->codes) out.push_back(c.code);
  return out;
}

}  // namespace

// A question of a tile, for those cases alone that it is narrowed to.
struct Records::TileOf {
  const Asker& who;
  const Tile& tile;
  std::string case_id;
  const std::map<std::string, json::object>& cases;                     // by id
  const std::map<std::string, std::string>& staff;                      // names by code
  const std::function<std::vector<std::int64_t>(const Kind&)>& labels;  // of what they may find, in that case
  TellsOf& told;
  void tell(const LabelRow& of) const {
    if (cases.contains(of.case_id)) told.cases.insert(of.case_id);
    told.highest = std::max(told.highest, of.label.classification);
  }
};

json::object Records::part_json(const TileOf& t, const TilePart& part) {
  const Kind& kind = *declared_->kind(part.kind);
  json::array sort;
  for (const std::string& s : part.sort) sort.emplace_back(s);
  if (sort.empty() && !part.due.empty()) sort.emplace_back(part.due);
  json::object out{{"label", words_json(part.label)},
                   {"kind", part.kind},
                   {"filter", asked_today(kind, part.filter, t.who.code, today())},
                   {"sort", std::move(sort)}};
  if (part.alarm) out["alarm"] = true;
  return out;
}

// What the part asks, whoever asks it: what of it they may find is a matter of labels.
base::Result<std::shared_ptr<Tally>> Records::tally(const TileOf& t, const TilePart& part,
                                                    const std::vector<std::string>& columns,
                                                    const std::string& also) {
  const Kind& kind = *declared_->kind(part.kind);
  const json::array filter = asked_today(kind, part.filter, t.who.code, today());
  std::string name = kind.name + json::serialize(filter);
  Where fit;
  for (const Line& line : lines_of(filter)) TRY(narrow(fit, kind, line.field, line.op, line.value, {}));
  bool joined = fit.joined || !also.empty();
  if (!also.empty()) fit.text += " and (" + also + ")", name += " if " + also;
  for (const std::string& c : columns) name += " " + c, joined = joined || c.starts_with("k.");
  const auto out = tallies_->of(name, [&] {
    return std::make_shared<Tally>(kind.name, joined ? kind.table() : std::string(), std::move(fit), columns);
  });
  out->bring_up_to_date(sql());
  return out;
}
base::Result<std::int64_t> Records::count(const TileOf& t, const TilePart& part) {
  std::int64_t n = 0;
  for (const Tally::Sum& s : TRY(tally(t, part))->sums(t.labels(*declared_->kind(part.kind)))) {
    n += s.records;
    t.tell(label_row(s.label));
  }
  return n;
}
base::Result<std::vector<std::int64_t>> Records::first_of(const TileOf& t, const TilePart& part,
                                                          const std::string& sort, std::size_t most,
                                                          const std::string& also) {
  const Kind& kind = *declared_->kind(part.kind);
  const Marks among = TRY(tally(t, part, {}, also))->marks();
  const auto met = TRY(ordered(kind, {sort}))->those(t.labels(kind), &among, most);
  return std::vector<std::int64_t>(met.ids->begin(), met.ids->end());
}

base::Result<json::object> Records::counts_tile(const TileOf& t) {
  json::array parts;
  for (const TilePart& part : t.tile.parts) {
    json::object p = part_json(t, part);
    p["count"] = TRY(count(t, part));
    parts.push_back(std::move(p));
  }
  return json::object{{"parts", std::move(parts)}};
}

// The first of each part by their day, merged: what is due first, else what changed last.
base::Result<json::object> Records::list_tile(const TileOf& t) {
  struct Row {
    std::int64_t day;  // as it is sorted
    json::object shown;
  };
  std::vector<Row> met;
  std::int64_t total = 0;
  json::array parts;
  for (const TilePart& part : t.tile.parts) {
    const Kind& kind = *declared_->kind(part.kind);
    const std::int64_t n = TRY(count(t, part));
    json::object p = part_json(t, part);
    p["count"] = n, total += n;
    parts.push_back(std::move(p));
    if (!n) continue;
    const std::string due = part.due.empty() ? "" : "k.f_" + part.due;
    store::Statement& s = sql().prepare(
        "select r.code, r.title, r.state, r.label, r.changed" +
        (due.empty() ? std::string() : ", " + due + ", " + due + "_a, " + due + "_z") + " from record r" +
        (due.empty() ? std::string() : " join " + kind.table() + " k on k.id = r.id") + " where r.id = ?");
    for (const std::int64_t id : TRY(first_of(t, part, due.empty() ? "-changed" : part.due, kListed))) {
      s.bind(1, record::Cell::of(id));
      if (!s.step()) {
        s.reset();
        continue;
      }
      const std::string state(s.text(2));
      const State* known = kind.workflow.state(state);
      const std::string& of_case = label_row(s.integer(3)).case_id;
      const auto at = t.cases.find(of_case);
      json::object row{{"code", std::string(s.text(0))},
                       {"title", std::string(s.text(1))},
                       {"kind", kind.name},
                       {"kind_label", words_json(kind.label)},
                       {"state", known ? json::value(words_json(known->label)) : json::value()},
                       {"case", at == t.cases.end() ? json::value() : at->second.at("code")},
                       {"changed", base::rfc3339(s.integer(4) / 1'000'000)}};
      std::int64_t day = -(s.integer(4) / 86'400'000'000);
      if (!due.empty()) {
        const bool there = !is_null(s, 5);
        row["due"] = there ? json::value(std::string(s.text(5))) : json::value();
        row["late"] = there && s.integer(7) < today();
        day = there ? s.integer(6) : Days::kLast;
      }
      s.reset();
      met.push_back({day, std::move(row)});
    }
  }
  std::ranges::stable_sort(met, {}, &Row::day);
  if (met.size() > kListed) met.resize(kListed);
  json::array rows;
  for (Row& r : met) rows.push_back(std::move(r.shown));
  return json::object{{"total", total}, {"parts", std::move(parts)}, {"rows", std::move(rows)}};
}

base::Result<json::object> Records::table_tile(const TileOf& t) {
  const TilePart& part = t.tile.parts.front();
  const Kind& kind = *declared_->kind(part.kind);
  const std::string* by[2] = {&t.tile.rows, &t.tile.columns};
  std::vector<std::string> columns;
  for (const std::string* each : by)
    if (*each != "case") columns.push_back(*each == "state" ? std::string("r.state") : "k.f_" + *each);
  std::map<std::pair<std::string, std::string>, std::int64_t> cells;
  std::set<std::string> met[2];
  for (const Tally::Sum& s : TRY(tally(t, part, columns))->sums(t.labels(kind))) {
    t.tell(label_row(s.label));
    auto next = s.values.begin();
    const auto value = [&](const std::string& of) -> std::string {
      if (of == "case") return label_row(s.label).case_id;
      const std::optional<std::string>& v = *next++;
      const Field* f = kind.field(of);
      if (v && of != "state" && f && f->type == Type::yes_no) return *v == "0" ? "false" : "true";
      return v.value_or("");
    };
    const std::string x = value(*by[0]), y = value(*by[1]);
    cells[{x, y}] += s.records;
    met[0].insert(x), met[1].insert(y);
  }
  json::object out = part_json(t, part);
  std::vector<std::string> shown[2];
  for (int i = 0; i < 2; ++i) {
    for (const std::string& v : declared_values(*declared_, kind, *by[i]))
      if (met[i].erase(v)) shown[i].push_back(v);
    std::string nothing;
    for (const std::string& v : met[i]) v.empty() ? void(nothing = "-") : shown[i].push_back(v);
    if (!nothing.empty()) shown[i].emplace_back();
    json::array labels;
    for (const std::string& v : shown[i])
      labels.push_back(json::object{{"value", v}, {"label", label_of_value(t, kind, *by[i], v)}});
    out[i ? "columns" : "rows"] = std::move(labels);
    out[i ? "by_column" : "by_row"] = *by[i];
    if (*by[i] != "state" && *by[i] != "case")
      out[i ? "column_label" : "row_label"] = words_json(kind.field(*by[i])->label);
  }
  json::array lines;
  for (const std::string& x : shown[0]) {
    json::array line;
    for (const std::string& y : shown[1]) {
      const auto at = cells.find({x, y});
      line.emplace_back(at == cells.end() ? 0 : at->second);
    }
    lines.push_back(std::move(line));
  }
  out["cells"] = std::move(lines);
  return out;
}

json::value Records::label_of_value(const TileOf& t, const Kind& kind, const std::string& by,
                                    const std::string& value) {
  if (value.empty()) return nullptr;
  if (by == "state") {
    const State* s = kind.workflow.state(value);
    return s ? json::value(words_json(s->label)) : json::value(value);
  }
  if (by == "case") {
    const auto at = t.cases.find(value);
    return at == t.cases.end() ? json::value() : at->second.at("code");
  }
  const Field* f = kind.field(by);
  if (f->type == Type::coded)
    if (const Code* c = declared_->vocabulary(f->vocabulary)->code(value)) return words_json(c->label);
  if (f->type == Type::staff)
    if (const auto at = t.staff.find(value); at != t.staff.end()) return json::value(at->second);
  if (f->type == Type::reference)
    if (const auto r = load(value); r && decide(t.who, *r, rights::Act::read).allowed)
      return json::value(r->title);
  return json::value(value);
}

// A line for each case in which they may find some of it.
base::Result<json::object> Records::cases_tile(const TileOf& t) {
  std::map<std::string, std::vector<std::int64_t>> lines;
  json::array columns;
  for (std::size_t i = 0; i < t.tile.parts.size(); ++i) {
    const TilePart& part = t.tile.parts[i];
    const Kind& kind = *declared_->kind(part.kind);
    columns.push_back(part_json(t, part));
    const std::vector<std::int64_t> may = t.labels(kind);
    for (const std::int64_t l : may)
      if (const std::string& of = label_row(l).case_id; t.cases.contains(of))
        lines[of].resize(t.tile.parts.size());
    for (const Tally::Sum& s : TRY(tally(t, part))->sums(may)) {
      const LabelRow row = label_row(s.label);
      t.tell(row);
      if (const auto at = lines.find(row.case_id); at != lines.end()) at->second[i] += s.records;
    }
  }
  json::array rows;
  for (auto& [id, counts] : lines) {
    t.told.cases.insert(id);
    json::array numbers(counts.begin(), counts.end());
    rows.push_back(json::object{{"case", t.cases.at(id)}, {"counts", std::move(numbers)}});
  }
  std::ranges::sort(rows, [](const json::value& a, const json::value& b) {
    return a.at("case").at("code").get_string() < b.at("case").at("code").get_string();
  });
  return json::object{{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

base::Result<json::object> Records::picture_tile(const TileOf& t) {
  const TilePart& part = t.tile.parts.front();
  const Kind& kind = *declared_->kind(part.kind);
  const bool map = t.tile.show == Tile::Show::map;
  std::string there;  // a place or a day
  for (const Field& f : kind.fields)
    if (!f.retired && f.guard == Guard::open &&
        (map ? f.type == Type::place : f.type == Type::date || f.type == Type::time))
      there += (there.empty() ? "k.f_" : " or k.f_") + f.name + " is not null";
  auto found = std::make_shared<Kept>();
  found->person = t.who.person, found->kind = &kind;
  found->ids = TRY(first_of(t, part, "-changed", kPictured, there));
  json::object out = map ? places_of(t.who, *found) : times_of(t.who, *found);
  out["total"] = TRY(count(t, part));
  out["part"] = part_json(t, part);
  json::object labels;
  for (const Field& f : kind.fields)
    if (!f.retired && (f.type == Type::date || f.type == Type::time || f.type == Type::place))
      labels[f.name] = words_json(f.label);
  out["fields"] = std::move(labels);
  return out;
}

// Tasks of records that they may find, theirs and those of their roles.
json::object Records::tasks_tile(const TileOf& t) {
  std::map<std::pair<std::string, std::int64_t>, bool> seen;
  std::int64_t total = 0, late = 0;
  json::array rows;
  sql().each(
      "select t.person, t.role, t.en, t.fr, t.due, r.code, r.title, r.kind, r.label from record_task t join "
      "record r on r.id = t.record where t.state = 'open' and (t.person = ? or t.person = 0) order by t.due "
      "= "
      "0, t.due, t.id",
      [&](store::Statement& s) {
        const std::string role(s.text(1));
        const bool mine = s.integer(0) == t.who.person;
        if (!mine && std::ranges::find(t.who.roles, role) == t.who.roles.end()) return;
        const Kind* kind = declared_->kind(s.text(7));
        if (!kind) return;
        const LabelRow& label = label_row(s.integer(8));
        if (!t.case_id.empty() && label.case_id != t.case_id) return;
        const auto [at, fresh] = seen.try_emplace({kind->name, label.id}, false);
        if (fresh) at->second = sees(t.who, *kind, label, rights::Act::read);
        if (!at->second) return;
        const std::int64_t due = s.integer(4);
        ++total, late += due && due < today();
        t.tell(label);
        if (rows.size() < static_cast<std::size_t>(kListed))
          rows.push_back(json::object{
              {"code", std::string(s.text(5))},
              {"title", std::string(s.text(6))},
              {"kind_label", words_json(kind->label)},
              {"label", json::object{{"en", std::string(s.text(2))}, {"fr", std::string(s.text(3))}}},
              {"due", due ? json::value(date_of(due)) : json::value()},
              {"late", due && due < today()},
              {"mine", mine}});
      },
      t.who.person);
  return json::object{{"total", total}, {"late", late}, {"rows", std::move(rows)}};
}

base::Result<json::object> Records::home(const Asker& who, const Home& home, std::string_view case_id,
                                         TellsOf* told) {
  know_labels();
  std::map<std::string, json::object> cases;
  for (const auto& c : around_.cases()) cases[c.id] = {{"id", c.id}, {"code", c.code}, {"title", c.title}};
  std::map<std::string, std::string> staff;
  for (const auto& p : around_.staff()) staff[p.code] = p.name;
  if (!case_id.empty()) {
    const auto known = std::ranges::any_of(home.tiles, [&](const Tile& tile) {
      return std::ranges::any_of(tile.parts, [&](const TilePart& p) {
        LabelRow row{0, std::string(case_id), {rights::Classification::internal, {}}};
        return sees(who, *declared_->kind(p.kind), row, rights::Act::search);
      });
    });
    if (!known || !cases.contains(std::string(case_id))) return not_there();
  }
  TellsOf met;
  if (!case_id.empty()) met.cases.emplace(case_id);
  json::array tiles;
  std::map<const Kind*, std::vector<std::int64_t>> may;
  const std::function<std::vector<std::int64_t>(const Kind&)> labels = [&](const Kind& kind) {
    const auto [at, fresh] = may.try_emplace(&kind);
    if (fresh) {
      at->second = visible(who, kind, rights::Act::search);
      if (!case_id.empty())
        std::erase_if(at->second, [&](std::int64_t l) { return label_row(l).case_id != case_id; });
    }
    return at->second;
  };
  for (const Tile& tile : home.tiles) {
    const TileOf t{who, tile, std::string(case_id), cases, staff, labels, met};
    // A kind of which they may see nothing anywhere is not spoken of.
    const bool any = tile.parts.empty() || std::ranges::any_of(tile.parts, [&](const TilePart& p) {
                       return sees_some(who, *declared_->kind(p.kind), rights::Act::search);
                     });
    if (!any) continue;
    json::object shown;
    switch (tile.show) {
      case Tile::Show::tasks: shown = tasks_tile(t); break;
      case Tile::Show::counts: shown = TRY(counts_tile(t)); break;
      case Tile::Show::list: shown = TRY(list_tile(t)); break;
      case Tile::Show::table: shown = TRY(table_tile(t)); break;
      case Tile::Show::cases: shown = TRY(cases_tile(t)); break;
      case Tile::Show::map:
      case Tile::Show::times: shown = TRY(picture_tile(t)); break;
    }
    shown["tile"] = tile.name, shown["show"] = name_of(tile.show), shown["title"] = words_json(tile.label);
    if (tile.wide) shown["wide"] = true;
    tiles.push_back(std::move(shown));
  }
  if (told) *told = std::move(met);
  std::string payload;
  base::JsonWriter j(payload);
  j.object().member("home", home.name).member("case", case_id);
  if (!who.purpose.empty()) j.member("purpose", who.purpose);
  j.end_object();
  desk_.tell({"home_viewed", who.code, home.name, payload});
  return json::object{{"home", home.name},
                      {"label", words_json(home.label)},
                      {"source", home.source},
                      {"version", home.version},
                      {"case", case_id.empty() ? json::value() : json::value(cases.at(std::string(case_id)))},
                      {"tiles", std::move(tiles)}};
}

}  // namespace kinds
