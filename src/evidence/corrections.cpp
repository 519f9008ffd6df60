#include "case_file.h"
#include "correction.h"

#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <evidence/corrections.h>

#include <fcntl.h>
#include <map>
#include <sys/file.h>

namespace evidence {
namespace {

CorrectionView view_of(const Correction& c) {
  return {c.page, c.version, c.text, c.author, base::rfc3339_micros(c.at), c.removed};
}
std::optional<Correction> newest(store::Sql& sql, std::int64_t item, std::int64_t page) {
  std::vector<Correction> rows =
      store::select<Correction>(sql, "where item = ? and page = ? order by version desc limit 1", item, page);
  if (rows.empty()) return {};
  return std::move(rows.front());
}

}  // namespace

std::string with_corrections(store::Sql& sql, std::int64_t item, std::string text) {
  std::map<std::int64_t, Correction> now;
  for (Correction& c : store::select<Correction>(sql, "where item = ? order by page, version", item))
    now[c.page] = std::move(c);
  if (now.empty()) return text;
  std::string out;
  std::int64_t page = 0;
  for (const std::string_view each : base::split(text, '\f')) {
    if (page++) out += '\f';
    const auto at = now.find(page);
    out += at == now.end() || at->second.removed ? each : std::string_view(at->second.text);
  }
  return out;
}

std::optional<CorrectionView> correction_of(CaseFile& file, std::int64_t item, std::int64_t page) {
  const std::optional<Correction> c = newest(file.records(), item, page);
  if (!c) return {};
  return view_of(*c);
}

base::Result<std::vector<CorrectionView>> correction_history(CaseFile& file, std::int64_t item,
                                                             std::int64_t page) {
  TRY(file.item(item));
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"viewed", file.actor(), file.code_of(item), file.with_basis(R"({"what":"corrections"})")});
    return base::Done{};
  }));
  std::vector<CorrectionView> out;
  for (const Correction& c :
       store::select<Correction>(file.records(), "where item = ? and page = ? order by version", item, page))
    out.push_back(view_of(c));
  return out;
}

base::Result<CorrectionView> correct_page(CaseFile& file, std::int64_t item, std::int64_t page,
                                          std::int64_t before, const std::optional<std::string>& text) {
  const auto wrong = [](std::string why) { return base::Error{base::Refusal::invalid, std::move(why)}; };
  // Who holds the lock is the only one that writes the index.
  const base::Fd lock(::open((file.folder() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) base::fault_errno("cannot lock " + file.folder());
  if (::flock(lock.get(), LOCK_EX | LOCK_NB))
    return base::Error{base::Refusal::conflict,
                       "evidence is being taken into this case; correct the page when that has ended"};
  Item i = TRY(file.item(item));
  if (!i.machine)
    return wrong("the text of " + file.code_of(item) +
                 " was read, not guessed by a machine; write a note instead");
  const std::string guessed = TRY(file.text_of(i));
  const auto pages = static_cast<std::int64_t>(base::split(guessed, '\f').size());
  if (page < 1 || page > pages)
    return base::Error{base::Refusal::not_found, file.code_of(item) + " has no such page"};
  Correction c;
  if (text) c.text = base::clean(*text);
  if (text && base::trim(c.text).empty())
    return wrong("the corrected page is empty; write what stands on it, or leave it as it was recognised");
  if (c.text.size() > correction_bytes_max)
    return wrong("the corrected page is longer than " + std::to_string(correction_bytes_max) + " bytes");
  const std::optional<Correction> last = newest(file.records(), item, page);
  const std::int64_t version = last ? last->version : 0;
  if (version != before)
    return base::Error{base::Refusal::conflict,
                       "this page was corrected meanwhile; look at the newer text and correct that"};
  if (!text && (!last || last->removed))
    return base::Error{base::Refusal::not_found, "this page stands as it was recognised"};
  c.item = item, c.page = page, c.version = version + 1, c.removed = !text;
  c.author = file.actor(), c.at = file.desk().now();

  search::Index index(file.index_options());
  file.catch_up(index, {});
  auto was = std::make_unique<search::Document>(file.document_of(i, guessed, file.custodian_of(i.delivery)));
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("page", page).member("version", c.version).member("removed", c.removed).end_object();
  TRY(file.desk().change([&](kernel::Change& change) -> base::Status {
    c.id = file.records().number("select coalesce(max(id), 0) + 1 from correction");
    i.sequence = file.records().number("select max(sequence) + 1 from item");
    TRY(change.add(c, {"corrected", c.author, file.code_of(item), payload}));
    return change.edit(i);
  }));
  search::Document is = file.document_of(i, guessed, file.custodian_of(i.delivery));
  is.before = std::move(was);
  index.add(std::move(is));
  index.commit();
  return view_of(c);
}

}  // namespace evidence
