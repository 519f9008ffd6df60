// What the tiles of a home show: counted, sorted and grouped among what the person may find, after the
// decision.
#include "say.h"
#include "where.h"

#include <base/json.h>
#include <base/time.h>
#include <kinds/home.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::int64_t kListed = 8, kPictured = 300;

void bound(store::Statement& s, const Where& w) {
  for (std::size_t i = 0; i < w.cells.size(); ++i) s.bind(static_cast<int>(i + 1), w.cells[i]);
}
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
  using ByLabel = std::map<std::int64_t, std::int64_t>;
  const Asker& who;
  const Tile& tile;
  std::string case_id;
  const std::map<std::string, json::object>& cases;  // by id
  const std::map<std::string, std::string>& staff;   // names by code
  std::map<std::string, ByLabel>& counted;           // in this home, by kind and filter
  TellsOf& told;
  void tell(const LabelRow& of) const {
    if (cases.contains(of.case_id)) told.cases.insert(of.case_id);
    told.highest = std::max(told.highest, of.label.classification);
  }
};

base::Result<Where> Records::where(const TileOf& t, const TilePart& part) {
  const Kind& kind = *declared_->kind(part.kind);
  Query q;
  q.filter = asked_today(kind, part.filter, t.who.code, today());
  q.case_id = t.case_id;
  return where(t.who, kind, q);
}

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

// How many there are under each label. Tiles of a home ask the same; it is counted once.
base::Result<std::map<std::int64_t, std::int64_t>> Records::count_by_label(const TileOf& t,
                                                                           const TilePart& part) {
  const Kind& kind = *declared_->kind(part.kind);
  const std::string asked = kind.name + json::serialize(part.filter);
  if (const auto at = t.counted.find(asked); at != t.counted.end()) return at->second;
  const Where w = TRY(where(t, part));
  store::Statement& s =
      sql().prepare("select r.label, count(*) from record r" +
                    (w.joined ? " join " + kind.table() + " k on k.id = r.id" : std::string()) + " where " +
                    w.text + " group by r.label");
  bound(s, w);
  TileOf::ByLabel out;
  while (s.step()) out[s.integer(0)] = s.integer(1);
  s.reset();
  for (const auto& [label, n] : out) t.tell(label_row(label));
  return t.counted[asked] = std::move(out);
}
base::Result<std::int64_t> Records::count(const TileOf& t, const TilePart& part) {
  const auto counted = TRY(count_by_label(t, part));
  std::int64_t n = 0;
  for (const auto& [label, records] : counted) n += records;
  return n;
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
    const Where w = TRY(where(t, part));
    const std::string due = part.due.empty() ? "" : "k.f_" + part.due;
    store::Statement& s = sql().prepare(
        "select r.code, r.title, r.state, r.label, r.changed" +
        (due.empty() ? std::string() : ", " + due + ", " + due + "_a, " + due + "_z") + " from record r" +
        (w.joined || !due.empty() ? " join " + kind.table() + " k on k.id = r.id" : std::string()) +
        " where " + w.text + " order by " +
        (due.empty() ? "r.changed desc" : due + "_a is null, " + due + "_a") + ", r.id desc limit " +
        std::to_string(kListed));
    bound(s, w);
    while (s.step()) {
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
      met.push_back({day, std::move(row)});
    }
    s.reset();
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
  const Where w = TRY(where(t, part));
  const auto column = [&](const std::string& by) {
    return by == "state" ? std::string("r.state") : by == "case" ? std::string("r.label") : "k.f_" + by;
  };
  const std::string a = column(t.tile.rows), b = column(t.tile.columns);
  const bool joined = w.joined || a.starts_with("k.") || b.starts_with("k.");
  store::Statement& s = sql().prepare("select " + a + ", " + b + ", count(*) from record r" +
                                      (joined ? " join " + kind.table() + " k on k.id = r.id" : "") +
                                      " where " + w.text + " group by " + a + ", " + b);
  bound(s, w);
  const auto value = [&](const std::string& by, int at) -> std::string {
    if (by == "case") return label_row(s.integer(at)).case_id;
    if (is_null(s, at)) return {};
    const Field* f = kind.field(by);
    if (by != "state" && f && f->type == Type::yes_no) return s.integer(at) ? "true" : "false";
    return std::string(s.text(at));
  };
  std::map<std::pair<std::string, std::string>, std::int64_t> cells;
  std::set<std::string> met[2];
  while (s.step()) {
    const std::string x = value(t.tile.rows, 0), y = value(t.tile.columns, 1);
    cells[{x, y}] += s.integer(2);
    met[0].insert(x), met[1].insert(y);
  }
  s.reset();
  json::object out = part_json(t, part);
  const std::string* by[2] = {&t.tile.rows, &t.tile.columns};
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
    for (const std::int64_t l : visible(t.who, kind, rights::Act::search))
      if (const std::string& of = label_row(l).case_id;
          t.cases.contains(of) && (t.case_id.empty() || of == t.case_id))
        lines[of].resize(t.tile.parts.size());
    const auto counted = TRY(count_by_label(t, part));
    for (const auto& [label, n] : counted)
      if (const auto at = lines.find(label_row(label).case_id); at != lines.end()) at->second[i] += n;
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
  const Where w = TRY(where(t, part));
  std::string there;
  for (const Field& f : kind.fields)
    if (!f.retired && f.guard == Guard::open &&
        (map ? f.type == Type::place : f.type == Type::date || f.type == Type::time))
      there += (there.empty() ? "k.f_" : " or k.f_") + f.name + " is not null";
  auto found = std::make_shared<Kept>();
  found->person = t.who.person, found->kind = &kind;
  store::Statement& s = sql().prepare(
      "select r.id from record r join " + kind.table() + " k on k.id = r.id where " + w.text + " and (" +
      there + ") order by r.changed desc, r.id desc limit " + std::to_string(kPictured));
  bound(s, w);
  while (s.step()) found->ids.push_back(s.integer(0));
  s.reset();
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
  std::map<std::string, TileOf::ByLabel> counted;
  for (const Tile& tile : home.tiles) {
    const TileOf t{who, tile, std::string(case_id), cases, staff, counted, met};
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
      case Tile::Show::table:
        if (told) static_cast<void>(TRY(count_by_label(t, tile.parts.front())));
        shown = TRY(table_tile(t));
        break;
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
