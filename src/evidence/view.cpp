#include "case_file.h"
#include "correction.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <evidence/tags.h>
#include <evidence/view.h>

#include <boost/json.hpp>

#include <map>

namespace evidence {
namespace {

constexpr int kRelativesMax = 1000;

base::Status tell(CaseFile& file, std::string_view act, const std::string& payload, std::int64_t number) {
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({act, file.actor(), file.code_of(number), file.with_basis(payload)});
    return base::Done{};
  });
}

Counts counts(CaseFile& file, const std::string& sql) {
  Counts out;
  file.records().each(sql, [&](store::Statement& s) { out.emplace_back(s.text(0), s.integer(1)); });
  return out;
}

template <class... A>
std::vector<Relative> relatives(CaseFile& file, const std::string& where, const A&... values) {
  std::vector<Relative> out;
  file.records().each(
      "select number, depth, path, type from item where " + where + " order by number limit " +
          std::to_string(kRelativesMax),
      [&](store::Statement& s) {
        out.push_back({s.integer(0), s.integer(1), std::string(s.text(2)), std::string(s.text(3))});
      },
      values...);
  return out;
}

// A row about many items, as told in the custody of one: the others are not named.
std::string of_one(std::string_view act, std::string_view payload) {
  if (act != "tagged" && act != "untagged") return std::string(payload);
  boost::system::error_code broken;
  boost::json::value v = boost::json::parse(payload, broken);
  if (auto* o = v.if_object()) o->erase("items");
  return boost::json::serialize(v);
}

}  // namespace

std::pair<std::int64_t, std::string> brief(CaseFile& file) {
  std::pair<std::int64_t, std::string> out{file.records().number("select count(*) from item"), ""};
  if (const std::int64_t at = file.records().number("select coalesce(max(began), 0) from delivery"))
    out.second = base::rfc3339_micros(at);
  return out;
}

Overview overview(CaseFile& file) {
  Overview o;
  store::Sql& sql = file.records();
  o.totals = totals_of(file);
  o.bytes = sql.number("select coalesce(sum(size), 0) from item where parent = 0");
  o.exact_duplicates = sql.number("select count(*) from item where same_as > 0 and same_as <> number");
  o.near_duplicates = sql.number("select count(*) from item where \"like\" > 0 and \"like\" <> number");
  o.threads = sql.number("select count(distinct thread) from item where thread is not null");
  std::map<std::int64_t, std::int64_t> items;
  sql.each("select delivery, count(*) from item group by delivery",
           [&](store::Statement& s) { items[s.integer(0)] = s.integer(1); });
  for (const Delivery& d : store::select<Delivery>(sql, "order by id desc limit 200")) {
    o.deliveries.push_back({d.id, items[d.id], base::rfc3339_micros(d.began), d.source, d.collector, d.note});
    if (o.last_received.empty()) o.last_received = o.deliveries.back().received;
  }
  o.types = counts(
      file, "select type, count(*) from item where type <> '' group by type order by 2 desc, 1 limit 40");
  std::map<std::string, std::int64_t> languages, years;
  sql.each("select languages, count(*) from item where languages <> '' group by languages",
           [&](store::Statement& s) {
             const std::string_view all = s.text(0);
             languages[std::string(all.substr(0, all.find(' ')))] += s.integer(1);
           });
  sql.each(
      "select date / 31556952, min(date), max(date), count(*) from item where date is not null group by 1",
      [&](store::Statement& s) {
        // Years that begin or end within the group are told apart one by one.
        const int first = base::civil(s.integer(1)).year, last = base::civil(s.integer(2)).year;
        if (first == last) {
          years[std::to_string(first)] += s.integer(3);
          return;
        }
        const std::int64_t border = *base::from_civil({last, 1, 1, 0, 0, 0});
        const std::int64_t later = file.another_connection()->number(
            "select count(*) from item where date >= ? and date <= ?", border, s.integer(2));
        years[std::to_string(last)] += later;
        years[std::to_string(first)] += s.integer(3) - later;
      });
  const auto by_count = [](const std::map<std::string, std::int64_t>& from) {
    Counts out(from.begin(), from.end());
    std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
  };
  o.languages = by_count(languages);
  o.years.assign(years.begin(), years.end());
  std::map<std::string, std::int64_t> failures;
  sql.each("select reason, count(*) from item where state = 'failed' and reason is not null group by reason",
           [&](store::Statement& s) { failures[std::string(s.text(0))] += s.integer(1); });
  o.failures = by_count(failures);
  return o;
}

bool has_item(CaseFile& file, std::int64_t number) {
  return file.records().number("select count(*) from item where number = ?", number) > 0;
}

std::optional<ItemName> name_item(CaseFile& file, std::int64_t number) {
  const auto i = file.item(number);
  if (!i) return {};
  return ItemName{file.code_of(number), i->path, i->type, i->sha256 ? base::hex(i->sha256->bytes) : ""};
}

base::Result<ItemView> view_item(CaseFile& file, std::int64_t number) {
  const Item i = TRY(file.item(number));
  TRY(tell(file, "viewed", R"({"what":"record"})", number));
  ItemView v;
  v.number = i.number, v.parent = i.parent, v.size = i.size, v.pages = i.pages;
  v.code = file.code_of(number), v.path = i.path, v.kind = i.kind, v.type = i.type, v.state = i.state;
  if (i.sha256) v.sha256 = base::hex(i.sha256->bytes);
  v.languages = i.languages, v.date = i.date_text.value_or(""), v.date_origin = i.date_origin.value_or("");
  v.author = i.author, v.title = i.title, v.sender = i.sender, v.receiver = i.receiver;
  v.machine = i.machine.value_or("");
  v.findings = pairs_of(i.findings), v.metadata = pairs_of(i.metadata);
  file.records().each(
      "select distinct kind from derived where item = ? order by kind",
      [&](store::Statement& s) { v.derived.emplace_back(s.text(0)); }, number);
  v.tags = tags_of(file, number);
  v.issues = tags_of(file, number, kIssue), v.folders = tags_of(file, number, kFolder);
  v.children = relatives(file, "parent = ?", number);
  v.family = relatives(file, "family = ?", i.family);
  if (i.thread) v.thread = relatives(file, "thread = ?", std::string_view(*i.thread));
  if (i.same_as) v.same = relatives(file, "same_as = ? and number <> ?", i.same_as, number);
  if (i.like) v.alike = relatives(file, "\"like\" = ? and number <> ?", i.like, number);
  return v;
}

base::Result<TextView> view_text(CaseFile& file, std::int64_t number, Layer layer) {
  const Item i = TRY(file.item(number));
  TRY(tell(file, "viewed", R"({"what":"text"})", number));
  std::string text = TRY(file.text_of(i));
  if (i.machine && layer == Layer::corrected)
    text = with_corrections(file.records(), number, std::move(text));
  return TextView{std::move(text), i.languages, i.machine.value_or("")};
}

base::Result<CustodyView> view_custody(CaseFile& file, std::int64_t number) {
  TRY(file.item(number));
  TRY(tell(file, "viewed", R"({"what":"custody"})", number));
  CustodyView v;
  file.desk().ledger().of_item(
      file.code_of(number),
      [&](const store::Ledger::Row& r) {
        boost::system::error_code broken;
        const boost::json::value e = boost::json::parse(r.entry, broken);
        const auto text = [&](const char* k) {
          const auto* f = e.is_object() ? e.get_object().if_contains(k) : nullptr;
          return f && f->is_string() ? std::string(f->get_string()) : std::string();
        };
        v.rows.push_back({r.seq, text("time"), text("act"), text("actor"), of_one(text("act"), r.payload)});
      },
      tag_entries(file, number));
  const store::Checkpoint head = file.desk().ledger().head(file.origin());
  v.size = head.size;
  v.root = base::hex(base::view(head.root));
  return v;
}

base::Result<OriginalView> take_original(CaseFile& file, std::int64_t number, const std::string& reason) {
  const Item i = TRY(file.item(number));
  if (i.pack == 0)
    return base::Error{base::Refusal::not_found,
                       file.code_of(number) + " has no bytes of its own; read its text"};
  std::string payload;
  base::JsonWriter(payload).object().member("what", "original").member("reason", reason).end_object();
  TRY(tell(file, "copied_out", payload, number));
  const std::size_t slash = i.path.rfind('/');
  return OriginalView{static_cast<std::uint64_t>(i.size), i.sha256 ? base::hex(i.sha256->bytes) : "",
                      file.code_of(number), i.path.substr(slash == std::string::npos ? 0 : slash + 1),
                      i.type};
}
base::Result<std::string> original_bytes(CaseFile& file, std::int64_t number, std::uint64_t offset,
                                         std::size_t n) {
  return file.vault().read(CaseFile::bytes_place(TRY(file.item(number))), offset, n);
}

}  // namespace evidence
