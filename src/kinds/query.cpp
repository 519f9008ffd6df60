// Many records: found, sorted and counted among those with labels that the person may find.
#include "called.h"
#include "order.h"
#include "say.h"
#include "where.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kFoundMax = 400, kPicturedMax = 5000;
constexpr std::int64_t kQuestionsMax = 200;      // of one person
constexpr std::size_t kFoundIdsMax = 8'000'000;  // of all lists together: 64 MB
constexpr std::size_t kFewMarks = 2000;          // rather asked one by one than beside all of a word

base::Error cannot(const std::string& field, const std::string& what) {
  return {base::Refusal::invalid, "\"" + field + "\" " + what};
}

}  // namespace

// What they may find of a kind, narrowed by a query.
base::Result<Where> Records::where(const Asker& who, const Kind& kind, const Query& query) {
  Where w;
  std::string labels = "0";
  for (const std::int64_t l : visible(who, kind, rights::Act::search)) labels += "," + std::to_string(l);
  w.text = "r.kind = ? and r.label in (" + labels + ")";
  w.bind(kind.name);
  const auto labels_of = [&](std::string_view case_id) {
    std::vector<std::int64_t> out;
    const Labels all = know_labels();
    for (const LabelRow& row : *all)
      if (row.case_id == case_id) out.push_back(row.id);
    return out;
  };
  json::array filter = query.filter;
  if (!query.case_id.empty())
    filter.push_back(json::object{{"field", "case"}, {"op", "is"}, {"value", query.case_id}});
  for (const Line& line : lines_of(filter))
    TRY(narrow(w, kind, line.field, line.op, line.value,
               line.value.is_string() ? labels_of(std::string_view(line.value.get_string()))
                                      : std::vector<std::int64_t>()));
  for (const std::string_view part : base::split(query.words, ' ')) {
    const bool prefix = part.ends_with('*');
    for (const std::string& word : search_words(part)) {
      w.text += " and r.id in (select record from record_word where word " +
                std::string(prefix ? ">= ? and word < ?)" : "= ?)");
      w.bind(word);
      if (prefix) w.bind(word + "\xf4\x8f\xbf\xbf");
    }
  }
  return w;
}

base::Result<std::shared_ptr<Order>> Records::ordered(const Kind& kind,
                                                      const std::vector<std::string>& sort) {
  std::vector<SortColumn> columns;
  bool joined = false;
  for (std::string s : sort) {
    SortColumn c;
    c.down = s.starts_with('-');
    if (c.down) s.erase(0, 1);
    if (const Field* f = kind.field(s)) {
      if (f->guard != Guard::open) return cannot(s, "is guarded: it cannot be sorted by");
      if (f->type == Type::rows) return cannot(s, "is a table: it cannot be sorted by");
      joined = true, c.real = f->type == Type::number && !f->many;
      c.name = "k.f_" + s + (f->type == Type::date && !f->many ? "_a" : "");
    } else if (s == "state" || s == "code" || s == "made" || s == "changed" || s == "author" ||
               s == "title") {
      c.name = "r." + s;
    } else {
      return cannot(s, "is no field that can be sorted by");
    }
    columns.push_back(std::move(c));
  }
  std::shared_ptr<Order> order = orders_->of(kind.name, joined ? kind.table() : std::string(), columns);
  order->bring_up_to_date(sql());
  return order;
}

void Records::warm() {
  for (const auto& k : declared_->kinds()) {
    static_cast<void>(ordered(*k, {"-changed"}));
    if (k->named()) callings_->of(*k).bring_up_to_date(sql());
    const auto* views = k->declaration.if_contains("views");
    if (!views || !views->is_array()) continue;
    for (const auto& view : views->get_array()) {
      const auto* sort = view.if_object() ? view.get_object().if_contains("sort") : nullptr;
      std::vector<std::string> columns;
      if (sort && sort->is_array())
        for (const auto& c : sort->get_array())
          if (c.is_string()) columns.emplace_back(c.get_string());
      if (!columns.empty()) static_cast<void>(ordered(*k, columns));
    }
  }
}

Marks Records::with_words(std::vector<std::pair<std::string, bool>> words) {
  // Long words are the rarer ones: they come first, and beginnings of words last.
  std::ranges::stable_sort(words, [](const auto& a, const auto& b) {
    return a.second != b.second ? b.second : a.first.size() > b.first.size();
  });
  Marks out;
  for (std::size_t n = 0; n < words.size(); ++n) {
    const auto& [word, beginning] = words[n];
    const std::string end = word + "\xf4\x8f\xbf\xbf";
    Marks these;
    if (n && out.size() <= kFewMarks) {
      for (const std::uint32_t id : out.all())
        if (beginning ? sql().number("select 1 from record_word where record = ? and word >= ? and word < ? "
                                     "limit 1",
                                     std::int64_t{id}, word, end)
                      : sql().number("select 1 from record_word where word = ? and record = ?", word,
                                     std::int64_t{id}))
          these.set(id);
    } else {
      const auto mark = [&](store::Statement& s) { these.set(static_cast<std::uint32_t>(s.integer(0))); };
      if (beginning)
        sql().each("select record from record_word where word >= ? and word < ?", mark, word, end);
      else
        sql().each("select record from record_word where word = ?", mark, word);
    }
    if (n == 0)
      out = std::move(these);
    else
      out.keep(these);
  }
  return out;
}

base::Result<Records::Found> Records::find(const Asker& who, std::string_view name, const Query& query) {
  const Kind* kind = declared_->kind(name);
  if (!kind || !sees_some(who, *kind, rights::Act::search)) return not_there();
  std::vector<std::int64_t> may = visible(who, *kind, rights::Act::search);
  const auto within = [&](std::string_view case_id) {
    std::erase_if(may, [&](std::int64_t label) { return label_row(label).case_id != case_id; });
  };
  if (!query.case_id.empty()) within(query.case_id);
  Where w;
  for (const Line& line : lines_of(query.filter))
    if (line.field == "case" && line.op == "is" && line.value.is_string())
      within(std::string_view(line.value.get_string()));
    else
      TRY(narrow(w, *kind, line.field, line.op, line.value, {}));
  const auto order =
      TRY(ordered(*kind, query.sort.empty() ? std::vector<std::string>{"-changed"} : query.sort));
  std::optional<Marks> among;
  std::vector<std::pair<std::string, bool>> words;
  for (const std::string_view part : base::split(query.words, ' '))
    for (std::string& word : search_words(part)) words.emplace_back(std::move(word), part.ends_with('*'));
  if (!words.empty()) among = with_words(std::move(words));
  if (!w.text.empty()) {
    Marks fit;
    store::Statement& s =
        sql().prepare("select r.id from record r" +
                      (w.joined ? " join " + kind->table() + " k on k.id = r.id" : std::string()) +
                      " where r.kind = ?" + w.text);
    s.bind(1, record::Cell::text(kind->name));
    for (std::size_t i = 0; i < w.cells.size(); ++i) s.bind(static_cast<int>(i + 2), w.cells[i]);
    while (s.step()) fit.set(static_cast<std::uint32_t>(s.integer(0)));
    s.reset();
    if (among)
      among->keep(fit);
    else
      among = std::move(fit);
  }
  const bool by_likeness = !query.name.empty() && query.sort.empty();
  std::map<std::int64_t, double> alike;
  if (!query.name.empty()) {
    if (!kind->named())
      return cannot("name", "is asked of records that have names of people; these have none");
    Marks fit;
    for (const Likeness& l : called(who, *kind, query.name)) fit.set(l.record), alike[l.record] = l.score;
    if (among)
      among->keep(fit);
    else
      among = std::move(fit);
  }
  auto kept = std::make_shared<Kept>();
  kept->name = query.name;
  kept->person = who.person, kept->kind = kind, kept->id = base::hex(base::random_bytes(12));
  const Order::Ids ids = order->those(may, among ? &*among : nullptr).ids;
  kept->ids.assign(ids->begin(), ids->end());
  if (by_likeness)
    std::ranges::stable_sort(kept->ids, std::greater<>(), [&](std::int64_t id) { return alike[id]; });
  std::string payload;
  base::JsonWriter j(payload);
  j.object().member("kind", kind->name).member("total", static_cast<std::uint64_t>(kept->ids.size()));
  if (!who.purpose.empty()) j.member("purpose", who.purpose);
  j.end_object();
  std::string asked;
  desk_.together([&](kernel::Change& c) {
    c.tell({"listed", who.code, kind->name, payload});
    asked = keep_question(who, *kind, query);
  });
  const std::lock_guard lock(mutex_);
  found_.push_front(kept);
  std::size_t numbers = 0;
  for (auto at = found_.begin(); at != found_.end();) {
    numbers += (*at)->ids.size();
    at = at != found_.begin() && numbers > kFoundIdsMax ? found_.erase(at) : std::next(at);
  }
  if (found_.size() > kFoundMax) found_.pop_back();
  return Found{kept->id, kept->ids.size(), asked};
}

// What was asked of a list, under an id that tells nothing of it: an address is made of that. The same
// question of the same person has the same id.
std::string Records::keep_question(const Asker& who, const Kind& kind, const Query& query) {
  json::array sort;
  for (const std::string& s : query.sort) sort.emplace_back(s);
  const bool plain =
      query.filter.empty() && query.words.empty() && query.case_id.empty() && query.name.empty();
  if (plain && (query.sort.empty() || query.sort == std::vector<std::string>{"-changed"})) return {};
  json::object asked{
      {"filter", query.filter}, {"sort", sort}, {"words", query.words}, {"case", query.case_id}};
  if (!query.name.empty()) asked["name"] = query.name;
  const std::string body = json::serialize(asked);
  std::string id;
  sql().each(
      "select id from record_question where person = ? and kind = ? and body = ?",
      [&](store::Statement& s) { id = s.text(0); }, who.person, kind.name, body);
  if (!id.empty()) {
    sql().run("update record_question set at = ? where id = ?", clock_.unix_micros(), id);
    return id;
  }
  id = base::hex(base::random_bytes(12));
  sql().run("insert into record_question (id, person, kind, at, body) values (?, ?, ?, ?, ?)", id, who.person,
            kind.name, clock_.unix_micros(), body);
  sql().run(
      "delete from record_question where person = ? and id not in (select id from record_question where "
      "person = ? order by at desc, id limit ?)",
      who.person, who.person, kQuestionsMax);
  return id;
}

base::Result<json::object> Records::question(const Asker& who, std::string_view id) {
  std::string kind, body;
  sql().each(
      "select kind, body from record_question where id = ? and person = ?",
      [&](store::Statement& s) { kind = s.text(0), body = s.text(1); }, id, who.person);
  const Kind* k = declared_->kind(kind);
  if (!k || !sees_some(who, *k, rights::Act::search)) return not_there();
  json::object out = json::parse(body).get_object();
  out["kind"] = kind;
  return out;
}

std::shared_ptr<const Records::Kept> Records::kept(const Asker& who, std::string_view id) {
  const std::lock_guard lock(mutex_);
  for (auto at = found_.begin(); at != found_.end(); ++at)
    if ((*at)->id == id && (*at)->person == who.person) {
      found_.splice(found_.begin(), found_, at);
      return found_.front();
    }
  return {};
}

base::Result<json::object> Records::rows(const Asker& who, std::string_view id, std::uint64_t offset,
                                         std::uint64_t limit) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  const auto begin = std::min<std::uint64_t>(offset, found->ids.size());
  const auto end = std::min<std::uint64_t>(begin + std::min<std::uint64_t>(limit, 500), found->ids.size());
  const std::vector<std::int64_t> window(found->ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                         found->ids.begin() + static_cast<std::ptrdiff_t>(end));
  // What has left their sight since they asked is no longer given.
  const std::vector<std::int64_t> now = visible(who, *found->kind, rights::Act::search);
  const auto records = many(*found->kind, window);
  std::map<std::string, std::string> names;
  for (const auto& p : around_.staff()) names[p.code] = p.name;
  std::map<std::string, json::object> cases;
  for (const auto& c : around_.cases()) cases[c.id] = {{"id", c.id}, {"code", c.code}, {"title", c.title}};
  json::array rows;
  std::size_t at = 0;
  for (const std::int64_t number : window) {
    if (at >= records.size() || records[at].id != number) {
      rows.push_back(nullptr);
      continue;
    }
    const Stored& r = records[at++];
    if (std::ranges::find(now, r.label) == now.end()) {
      rows.push_back(nullptr);
      continue;
    }
    json::object values;
    for (const Field& f : found->kind->fields)
      if (f.list && !f.retired)
        if (const auto* v = r.values.if_contains(f.name)) values[f.name] = *v;
    const LabelRow& label = label_row(r.label);
    const std::string author = "P-" + std::to_string(r.author);
    rows.push_back(json::object{
        {"code", r.code},
        {"title", r.title},
        {"state", r.state},
        {"case", label.case_id.empty() ? json::value() : json::value(cases[label.case_id])},
        {"class", rights::name_of(label.label.classification)},
        {"version", r.version},
        {"made", base::rfc3339(r.made / 1'000'000)},
        {"changed", base::rfc3339(r.changed / 1'000'000)},
        {"author", json::object{{"code", author}, {"name", names.contains(author) ? names[author] : author}}},
        {"values", std::move(values)}});
    if (!found->name.empty()) rows.back().get_object()["likeness"] = likeness_of(who, r, found->name);
  }
  json::object people;
  for (const auto& [code, name] : names) people[code] = name;
  return json::object{{"total", found->ids.size()}, {"rows", std::move(rows)}, {"names", std::move(people)}};
}

base::Result<json::object> Records::places(const Asker& who, std::string_view id) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  return places_of(who, *found);
}
json::object Records::places_of(const Asker& who, const Kept& found) {
  json::array points;
  std::int64_t without = 0;
  const std::vector<std::int64_t> now = visible(who, *found.kind, rights::Act::search);
  for (const Stored& r : many(*found.kind, found.ids)) {
    if (std::ranges::find(now, r.label) == now.end()) continue;
    bool placed = false;
    for (const Field& f : found.kind->fields) {
      const auto* v = f.retired || f.type != Type::place || f.guard != Guard::open
                          ? nullptr
                          : r.values.if_contains(f.name);
      if (!v || !v->get_object().contains("lat")) continue;
      placed = true;
      if (points.size() >= kPicturedMax) continue;
      json::object p{{"code", r.code}, {"title", r.title}, {"state", r.state}, {"field", f.name}};
      for (const auto& m : v->get_object()) p[m.key() == "name" ? "place" : m.key()] = m.value();
      points.push_back(std::move(p));
    }
    without += !placed;
  }
  return json::object{{"total", found.ids.size()}, {"without", without}, {"points", std::move(points)}};
}

base::Result<json::object> Records::times(const Asker& who, std::string_view id) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  return times_of(who, *found);
}
json::object Records::times_of(const Asker& who, const Kept& found) {
  json::array spans;
  std::int64_t without = 0;
  const std::vector<std::int64_t> now = visible(who, *found.kind, rights::Act::search);
  for (const Stored& r : many(*found.kind, found.ids)) {
    if (std::ranges::find(now, r.label) == now.end()) continue;
    bool timed = false;
    for (const Field& f : found.kind->fields) {
      const bool fits =
          !f.retired && f.guard == Guard::open && (f.type == Type::date || f.type == Type::time);
      const auto* v = fits ? r.values.if_contains(f.name) : nullptr;
      if (!v) continue;
      const std::string text(v->get_string());
      const auto days = days_of(f.type == Type::time ? text.substr(0, 10) : text);
      if (!days) continue;
      timed = true;
      if (spans.size() < kPicturedMax)
        spans.push_back(json::object{
            {"code", r.code},
            {"title", r.title},
            {"state", r.state},
            {"field", f.name},
            {"from", days->from == Days::kFirst ? json::value() : json::value(date_of(days->from))},
            {"to", days->to == Days::kLast ? json::value() : json::value(date_of(days->to))},
            {"value", text}});
    }
    without += !timed;
  }
  return json::object{{"total", found.ids.size()}, {"without", without}, {"spans", std::move(spans)}};
}

base::Result<json::object> Records::counts(const Asker& who, std::string_view id, std::string_view by) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  const Field* f = found->kind->field(by);
  const bool countable = by == "state" || (f && f->guard == Guard::open &&
                                           (f->type == Type::coded || f->type == Type::yes_no ||
                                            f->type == Type::staff || f->type == Type::reference));
  if (!countable) return cannot(std::string(by), "cannot be counted by");
  std::map<std::string, std::int64_t> counts;
  std::int64_t total = 0;
  const std::vector<std::int64_t> now = visible(who, *found->kind, rights::Act::search);
  for (const Stored& r : many(*found->kind, found->ids)) {
    if (std::ranges::find(now, r.label) == now.end()) continue;
    ++total;
    const auto* v = f ? r.values.if_contains(f->name) : nullptr;
    if (!f)
      ++counts[r.state];
    else if (!v)
      ++counts[""];
    else if (v->is_array())
      for (const auto& x : v->get_array()) ++counts[std::string(x.get_string())];
    else
      ++counts[to_cell(*f, *v)];
  }
  json::array out;
  for (const auto& [value, n] : counts)
    out.push_back(json::object{{"value", value.empty() ? json::value() : json::value(value)}, {"count", n}});
  return json::object{{"total", total}, {"counts", std::move(out)}};
}

base::Result<Records::Table> Records::table(const Asker& who, std::string_view id,
                                            std::string_view language) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  const auto say = [&](const Words& w) { return language == "fr" ? w.fr : w.en; };
  Table t;
  t.kind = found->kind->name;
  t.names = {"code", "state", "class", "case"};
  t.labels = {say({"Code", "Cote"}), say({"State", "État"}), say({"Class", "Classification"}),
              say({"Case", "Affaire"})};
  std::vector<const Field*> fields;
  for (const Field& f : found->kind->fields)
    if (!f.retired && f.guard == Guard::open)
      fields.push_back(&f), t.names.push_back(f.name), t.labels.push_back(say(f.label));
  const std::vector<std::int64_t> now = visible(who, *found->kind, rights::Act::read);
  std::map<std::string, std::string> cases;
  for (const auto& c : around_.cases()) cases[c.id] = c.code;
  for (const Stored& r : many(*found->kind, found->ids)) {
    if (std::ranges::find(now, r.label) == now.end()) continue;
    const LabelRow& label = label_row(r.label);
    std::vector<std::string> row{r.code, r.state, std::string(rights::name_of(label.label.classification)),
                                 cases[label.case_id]};
    for (const Field* f : fields) {
      const auto* v = r.values.if_contains(f->name);
      row.push_back(v ? to_cell(*f, *v) : std::string());
    }
    t.rows.push_back(std::move(row));
  }
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("kind", t.kind)
      .member("rows", static_cast<std::uint64_t>(t.rows.size()))
      .end_object();
  desk_.tell({"exported", who.code, t.kind, payload});
  return t;
}

}  // namespace kinds
