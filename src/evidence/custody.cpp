#include "case_file.h"
#include "custody_records.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <evidence/custody.h>

#include <algorithm>

namespace evidence {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kAhead = 300 * kSecond;  // clocks differ

// As the ledger can name it.
bool is_kind(std::string_view s) {
  return !s.empty() && s.size() <= 40 && std::ranges::all_of(s, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}
// The moment, if a time zone is told with it.
std::optional<std::int64_t> moment_of(std::string_view at) {
  if (at.size() < 20 || at[10] != 'T') return {};
  if (!at.ends_with('Z') && at[at.size() - 6] != '+' && at[at.size() - 6] != '-') return {};
  const auto seconds = base::parse_rfc3339(at);
  if (!seconds) return {};
  return *seconds * kSecond;
}

base::Status check(CustodyAct& a, const CustodyDraft& d, std::int64_t now) {
  a.kind = d.kind, a.at = base::trim(d.at), a.giver = base::trim(d.from), a.receiver = base::trim(d.to);
  a.place = base::trim(d.place), a.condition = base::trim(d.condition), a.seal = base::trim(d.seal);
  a.reason = base::trim(d.reason);
  if (!is_kind(a.kind)) return wrong("\"kind\" is the code of an act of custody");
  const auto moment = moment_of(a.at);
  if (!moment) return wrong("\"at\" is no moment with its time zone; write it as 2026-11-28T10:15:00+01:00");
  if (*moment > now + kAhead) return wrong("\"at\" lies ahead; record an act once it has happened");
  a.moment = *moment;
  for (const auto& [name, text, must] : {std::tuple{"from", &a.giver, d.given},
                                         {"to", &a.receiver, true},
                                         {"place", &a.place, true},
                                         {"condition", &a.condition, true},
                                         {"seal", &a.seal, false},
                                         {"reason", &a.reason, true}}) {
    if (must && text->empty()) return wrong("\"" + std::string(name) + "\" is missing; say it in words");
    if (text->size() > kCustodyTextMax || !base::is_utf8(*text) ||
        std::ranges::any_of(*text, [](unsigned char c) { return c < 0x20 && c != '\n'; }))
      return wrong("\"" + std::string(name) + "\" has at most " + std::to_string(kCustodyTextMax) +
                   " bytes of text");
  }
  if (d.given && base::lower_ascii(a.giver) == base::lower_ascii(a.receiver))
    return wrong("\"from\" and \"to\" are the same; say who gave and who took");
  return base::Done{};
}

std::string told(const CustodyAct& a) {
  std::string out;
  base::JsonWriter w(out);
  w.object().member("custody", a.id).member("at", a.at);
  for (const auto& [name, text] : {std::pair{"from", &a.giver},
                                   {"to", &a.receiver},
                                   {"place", &a.place},
                                   {"condition", &a.condition},
                                   {"seal", &a.seal},
                                   {"reason", &a.reason}})
    if (!text->empty()) w.member(name, *text);
  w.end_object();
  return out;
}

}  // namespace

kernel::Violation an_act_of_custody_has_a_kind_and_a_reason(const CustodyAct& a) {
  if (!is_kind(a.kind) || a.reason.empty()) return "an act of custody has a kind and a reason";
  return {};
}

base::Result<std::int64_t> record_custody(CaseFile& file, const CustodyDraft& draft,
                                          const std::vector<std::uint32_t>& items) {
  CustodyAct a;
  a.recorded = file.desk().now(), a.recorded_by = file.actor();
  TRY(check(a, draft, a.recorded));
  std::vector<std::uint32_t> all = items;
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.empty()) return wrong("there is no item; name at least one");
  if (all.size() > custody_items_max)
    return base::Error{base::Refusal::exhausted, "an act is about " + std::to_string(custody_items_max) +
                                                     " items at most; record several"};
  a.items = static_cast<std::int64_t>(all.size());
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    a.id = file.records().number("select coalesce(max(id), 0) + 1 from custody_act");
    const std::string act = "custody_" + a.kind, payload = file.with_basis(told(a));
    for (const std::uint32_t i : all) {
      TRY(file.item(i));
      const std::uint64_t entry = c.tell({act, a.recorded_by, file.code_of(i), payload});
      TRY(c.add(CustodyOf{(a.id << 32) + i, i, a.id, static_cast<std::int64_t>(entry)}));
    }
    return c.add(a);
  }));
  return a.id;
}

std::vector<CustodyActView> custody_acts(CaseFile& file, std::int64_t item) {
  std::vector<CustodyActView> out;
  std::vector<std::pair<std::int64_t, std::int64_t>> of;
  for (const CustodyOf& o : store::select<CustodyOf>(file.records(), "where item = ? order by act", item))
    of.emplace_back(o.act, o.entry);
  std::vector<std::int64_t> moments;
  for (const auto& [act, entry] : of)
    for (const CustodyAct& a : store::select<CustodyAct>(file.records(), "where id = ?", act)) {
      const auto place = std::ranges::upper_bound(moments, a.moment) - moments.begin();
      moments.insert(moments.begin() + place, a.moment);
      out.insert(out.begin() + place,
                 {a.id,
                  {a.kind, a.at, a.giver, a.receiver, a.place, a.condition, a.seal, a.reason},
                  base::rfc3339_micros(a.recorded),
                  a.recorded_by,
                  static_cast<std::uint64_t>(entry),
                  a.items});
    }
  return out;
}

base::Result<CustodyForm> print_custody(CaseFile& file, std::int64_t item) {
  const Item i = TRY(file.item(item));
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"printed", file.actor(), file.code_of(item), file.with_basis(R"({"what":"custody form"})")});
    return base::Done{};
  }));
  CustodyForm f;
  f.code = file.code_of(item), f.path = i.path, f.type = i.type, f.size = i.size;
  if (i.sha256) f.sha256 = base::hex(i.sha256->bytes);
  f.received = base::rfc3339_micros(i.received);
  for (const Delivery& d : store::select<Delivery>(file.records(), "where id = ?", i.delivery))
    f.source = d.source, f.collector = d.collector;
  f.acts = custody_acts(file, item);
  for (const ListedItem& l : store::select<ListedItem>(file.records(), "where item = ? order by id", item))
    if (auto list = hand_over(file, l.id >> 32); list.ok() && list->issued)
      f.lists.emplace_back(l.id & 0xffff'ffff, std::move(*list));
  const store::Checkpoint head = file.desk().ledger().head(file.origin());
  f.rows = head.size, f.root = base::hex(base::view(head.root));
  return f;
}

}  // namespace evidence
