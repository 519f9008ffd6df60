#include "case_file.h"
#include "custody_records.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <evidence/custody.h>

#include <algorithm>
#include <unordered_set>

namespace evidence {
namespace {

std::int64_t line_key(std::int64_t list, std::int64_t number) { return (list << 32) + number; }
base::Error no_list() { return {base::Refusal::not_found, "there is no such list in this case"}; }

HandOverView view_of(const HandOver& h) {
  HandOverView v;
  v.id = h.id, v.version = h.version, v.items = h.items, v.says = {h.title, h.recipient, h.purpose};
  v.issued = h.issued != 0, v.made = base::rfc3339_micros(h.made), v.made_by = h.made_by;
  if (v.issued) v.at = base::rfc3339_micros(h.issued), v.by = h.issued_by;
  v.sha256 = h.sha256;
  return v;
}

// Of all deliveries that brought the same bytes.
std::string sources_of(CaseFile& file, const Item& i) {
  std::vector<std::string> out;
  const auto take = [&](store::Statement& s) { out.emplace_back(s.text(0)); };
  if (i.same_as)
    file.records().each(
        "select distinct d.source from item i join delivery d on d.id = i.delivery where i.same_as = ? "
        "order by d.source",
        take, i.same_as);
  else
    out.push_back(file.custodian_of(i.delivery));
  return base::join(out, "; ");
}
base::Status write_lines(CaseFile& file, kernel::Change& c, std::int64_t list,
                         const std::vector<std::int64_t>& items, std::int64_t before) {
  for (std::int64_t n = 1; n <= before; ++n) c.remove<ListedItem>(line_key(list, n));
  std::int64_t n = 0;
  for (const std::int64_t number : items) {
    const Item i = TRY(file.item(number));
    TRY(c.add(ListedItem{line_key(list, ++n), number, i.path, i.size,
                         i.sha256 ? base::hex(i.sha256->bytes) : "", sources_of(file, i)}));
  }
  return base::Done{};
}
std::vector<ListedItem> lines_of(CaseFile& file, std::int64_t list, std::size_t offset, std::size_t limit) {
  return store::select<ListedItem>(file.records(), "where id > ? and id <= ? order by id",
                                   line_key(list, static_cast<std::int64_t>(offset)),
                                   line_key(list, static_cast<std::int64_t>(offset + limit)));
}
std::vector<std::int64_t> items_on(CaseFile& file, std::int64_t list) {
  std::vector<std::int64_t> out;
  for (const ListedItem& l : lines_of(file, list, 0, custody_items_max)) out.push_back(l.item);
  return out;
}

// Takes over what a draft says. Refuses: invalid.
base::Status take(HandOver& h, const HandOverDraft& says) {
  h.title = base::trim(says.title), h.recipient = base::trim(says.recipient),
  h.purpose = base::trim(says.purpose);
  if (h.title.empty()) return wrong("a list needs a title");
  for (const auto& [what, text] :
       {std::pair{"title", &h.title}, {"recipient", &h.recipient}, {"purpose", &h.purpose}})
    if (text->size() > kCustodyTextMax || !base::is_utf8(*text))
      return wrong("the " + std::string(what) + " of a list has at most " + std::to_string(kCustodyTextMax) +
                   " bytes");
  return base::Done{};
}
base::Status fits(std::size_t items) {
  if (items == 0) return wrong("there is no item on the list; name at least one");
  if (items > custody_items_max)
    return base::Error{base::Refusal::exhausted,
                       "a list has at most " + std::to_string(custody_items_max) + " items; make several"};
  return base::Done{};
}
std::string told(const HandOver& h) {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("list", h.id)
      .member("title", h.title)
      .member("to", h.recipient)
      .member("purpose", h.purpose)
      .member("items", h.items)
      .end_object();
  return out;
}
// A draft, as it was seen. Refuses: not_found, conflict.
base::Result<HandOver> draft_of(CaseFile& file, std::int64_t id, std::int64_t before) {
  std::vector<HandOver> met = store::select<HandOver>(file.records(), "where id = ?", id);
  if (met.empty()) return no_list();
  if (met[0].issued)
    return base::Error{base::Refusal::conflict, "this list is issued, and stays as it is; make another"};
  if (met[0].version != before)
    return base::Error{base::Refusal::conflict,
                       "this list was changed meanwhile; look at it and do it again"};
  return std::move(met[0]);
}

std::string line_json(const HandOverLine& l) {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("number", l.number)
      .member("item", l.code)
      .member("path", l.path)
      .member("size", l.size)
      .member("sha256", l.sha256)
      .member("sources", l.sources)
      .end_object();
  return out + "\n";
}

}  // namespace

std::string lines_hash(CaseFile& file, std::int64_t list) {
  base::Hasher hasher;
  for (const HandOverLine& l : hand_over_lines(file, list, 0, custody_items_max)) hasher.add(line_json(l));
  return base::hex(hasher.finish());
}
std::vector<HandOverView> hand_overs(CaseFile& file) {
  std::vector<HandOverView> out;
  for (const HandOver& h : store::select<HandOver>(file.records(), "order by id desc"))
    out.push_back(view_of(h));
  return out;
}
base::Result<HandOverView> hand_over(CaseFile& file, std::int64_t id) {
  const std::vector<HandOver> met = store::select<HandOver>(file.records(), "where id = ?", id);
  if (met.empty()) return no_list();
  return view_of(met[0]);
}
std::vector<HandOverLine> hand_over_lines(CaseFile& file, std::int64_t id, std::size_t offset,
                                          std::size_t limit) {
  std::vector<HandOverLine> out;
  for (ListedItem& l : lines_of(file, id, offset, limit))
    out.push_back({l.id - line_key(id, 0), l.item, l.size, file.code_of(l.item), std::move(l.path),
                   std::move(l.sha256), std::move(l.sources)});
  return out;
}

base::Result<std::int64_t> add_hand_over(CaseFile& file, const HandOverDraft& says,
                                         const std::vector<std::uint32_t>& items) {
  HandOver h;
  h.made = file.desk().now(), h.made_by = file.actor(), h.version = 1;
  TRY(take(h, says));
  std::vector<std::int64_t> order;
  std::unordered_set<std::uint32_t> once;
  for (const std::uint32_t i : items)
    if (once.insert(i).second) order.push_back(i);
  TRY(fits(order.size()));
  h.items = static_cast<std::int64_t>(order.size());
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    h.id = file.records().number("select coalesce(max(id), 0) + 1 from hand_over");
    TRY(write_lines(file, c, h.id, order, 0));
    return c.add(h, {"hand_over_made", h.made_by, "", told(h)});
  }));
  return h.id;
}
base::Status change_hand_over(CaseFile& file, std::int64_t id, std::int64_t before,
                              const HandOverChange& change) {
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    HandOver h = TRY(draft_of(file, id, before));
    TRY(take(h, change.says));
    const std::unordered_set<std::uint32_t> gone(change.remove.begin(), change.remove.end());
    std::vector<std::int64_t> order;
    std::unordered_set<std::int64_t> once;
    for (const std::int64_t i : items_on(file, id))
      if (!gone.contains(static_cast<std::uint32_t>(i)) && once.insert(i).second) order.push_back(i);
    for (const std::uint32_t i : change.add)
      if (once.insert(i).second) order.push_back(i);
    TRY(fits(order.size()));
    const std::int64_t was = h.items;
    h.items = static_cast<std::int64_t>(order.size()), ++h.version;
    TRY(write_lines(file, c, id, order, was));
    return c.edit(h, {"hand_over_changed", file.actor(), "", told(h)});
  });
}
base::Status remove_hand_over(CaseFile& file, std::int64_t id, std::int64_t before) {
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    const HandOver h = TRY(draft_of(file, id, before));
    TRY(write_lines(file, c, id, {}, h.items));
    c.remove<HandOver>(id);
    c.tell({"hand_over_removed", file.actor(), "", told(h)});
    return base::Done{};
  });
}
base::Status issue_hand_over(CaseFile& file, std::int64_t id, std::int64_t before) {
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    HandOver h = TRY(draft_of(file, id, before));
    if (h.recipient.empty()) return wrong("say to whom the items are handed over, then issue the list");
    if (h.purpose.empty()) return wrong("say for what the items are handed over, then issue the list");
    TRY(write_lines(file, c, id, items_on(file, id), h.items));
    for (const HandOverLine& l : hand_over_lines(file, id, 0, custody_items_max)) {
      std::string payload;
      base::JsonWriter(payload)
          .object()
          .member("list", id)
          .member("number", l.number)
          .member("to", h.recipient)
          .member("purpose", h.purpose)
          .end_object();
      c.tell({"handed_over", file.actor(), l.code, file.with_basis(payload)});
    }
    h.sha256 = lines_hash(file, id);
    h.issued = file.desk().now(), h.issued_by = file.actor(), ++h.version;
    std::string payload = told(h);
    payload.pop_back();
    return c.edit(h, {"hand_over_issued", h.issued_by, "", payload + ",\"sha256\":\"" + h.sha256 + "\"}"});
  });
}
base::Result<std::pair<HandOverView, std::vector<HandOverLine>>> print_hand_over(CaseFile& file,
                                                                                 std::int64_t id,
                                                                                 const std::string& format) {
  HandOverView v = TRY(hand_over(file, id));
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("what", "hand-over list")
      .member("list", id)
      .member("format", format)
      .end_object();
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"printed", file.actor(), "", file.with_basis(payload)});
    return base::Done{};
  }));
  return std::pair{std::move(v), hand_over_lines(file, id, 0, custody_items_max)};
}

}  // namespace evidence
