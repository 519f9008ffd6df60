#include "case_file.h"
#include "correction.h"
#include "custody_records.h"
#include "note.h"
#include "tag.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/module.h>

#include <boost/json.hpp>
#include <zstd.h>

#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>

namespace evidence {
namespace {

const std::vector<store::Migration>& case_steps() {
  static const std::string first =
      std::string(kernel::Desk::schema()) + store::create_table(record::shape<Item>) +
      store::create_table(record::shape<Delivery>) + store::create_table(record::shape<Derived>);
  // As the table was before tags had kinds: a step that was taken stays as it was.
  static const std::string tags =
      std::string(
          "create table tag (\"id\" {key}, \"name\" text not null, \"folded\" text not null, \"made\" {int} "
          "not null, \"made_by\" text not null);create index tag_folded on tag (\"folded\");") +
      store::create_table(record::shape<Tagged>) + store::create_table(record::shape<Tagging>) +
      store::create_table(record::shape<TagChange>);
  static const std::string notes = store::create_table(record::shape<Note>) +
                                   store::create_table(record::shape<SavedSearch>) +
                                   store::create_table(record::shape<Correction>);
  static constexpr std::string_view kinds =
      "alter table tag add column \"kind\" text not null default 'tag';"
      "alter table tag add column \"parent\" {int} not null default 0;"
      "alter table tag add column \"code\" text not null default '';"
      "alter table tag add column \"french\" text not null default '';"
      "alter table tag add column \"description\" text not null default '';"
      "alter table tag add column \"retired\" {int} not null default 0;"
      "alter table tag add column \"version\" {int} not null default 1;"
      "create index tag_kind on tag (\"kind\");";
  static const std::string custody =
      store::create_table(record::shape<HandOver>) + store::create_table(record::shape<ListedItem>) +
      store::create_table(record::shape<CustodyAct>) + store::create_table(record::shape<CustodyOf>);
  static const std::vector<store::Migration> steps{
      {1, first}, {2, tags}, {3, notes}, {4, kernel::Desk::schema_of_leases()}, {5, kinds}, {6, custody}};
  return steps;
}

}  // namespace

const kernel::Registrar& house() {
  static const kernel::Registrar r = [] {
    kernel::Registrar h;
    module.bring(h);
    for (const std::string& f : h.faults()) base::fault(f);
    return h;
  }();
  return r;
}

std::string CaseFile::with_basis(const std::string& payload) const {
  if (basis_.empty()) return payload;
  return payload == "{}" ? "{" + basis_ + "}" : payload.substr(0, payload.size() - 1) + "," + basis_ + "}";
}
CaseFile::CaseFile(Office& office, CaseName name) : office_(office), name_(std::move(name)) {}
CaseFile::~CaseFile() = default;

base::Result<std::unique_ptr<CaseFile>> CaseFile::open(Office& office, CaseName name) {
  std::unique_ptr<CaseFile> c(new CaseFile(office, std::move(name)));
  c->sql_ = office.case_records(c->name_, 64 * 1024);
  TRY(store::migrate(*c->sql_, case_steps()));
  c->vault_ = std::make_unique<store::Vault>(
      c->folder() + "/vault", base::hkdf_sha512(c->name_.key, "", "custos vault v1", 32), c->name_.id);
  c->desk_ = std::make_unique<kernel::Desk>(*c->sql_, house(), office.clock());
  return c;
}

std::unique_ptr<store::Sql> CaseFile::another_connection() const { return office_.case_records(name_, 4096); }

search::Index::Options CaseFile::index_options() const {
  return {office_.index_folder(name_), base::hkdf_sha512(name_.key, "", "custos index v1", 32),
          std::clamp(std::thread::hardware_concurrency(), 1u, 8u)};
}

std::string CaseFile::code_of(std::int64_t n) const {
  char digits[32];
  std::snprintf(digits, sizeof digits, "-%06lld", static_cast<long long>(n));
  return name_.code + digits;
}

base::Result<std::pair<std::string, std::int64_t>> parse_code(std::string_view code) {
  const std::size_t dash = code.rfind('-');
  std::int64_t n = 0;
  if (dash != std::string_view::npos && dash > 0 && dash + 1 < code.size()) {
    const auto r = std::from_chars(code.data() + dash + 1, code.data() + code.size(), n);
    if (r.ec == std::errc() && r.ptr == code.data() + code.size() && n > 0)
      return std::pair{std::string(code.substr(0, dash)), n};
  }
  return base::Error{base::Refusal::invalid,
                     "\"" + std::string(code) + "\" is no item; items are named like KAR-000012"};
}

base::Result<Item> CaseFile::item(std::int64_t n) {
  std::vector<Item> found = store::select<Item>(*sql_, "where number = ?", n);
  if (found.empty()) return base::Error{base::Refusal::not_found, "there is no item " + code_of(n)};
  return std::move(found[0]);
}

store::Place CaseFile::bytes_place(const Item& i) {
  return {i.pack, i.pack_offset, i.size, i.commitment ? i.commitment->bytes : ""};
}
store::Place CaseFile::text_place(const Item& i) {
  return {i.text_pack, i.text_offset, i.text_stored, i.text_commitment ? i.text_commitment->bytes : ""};
}

std::string compress(std::string_view text) {
  thread_local const base::Handle<ZSTD_CCtx, ZSTD_freeCCtx> context(ZSTD_createCCtx());
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t n = ZSTD_compressCCtx(context.get(), out.data(), out.size(), text.data(), text.size(), 1);
  if (ZSTD_isError(n)) base::fault("zstd: " + std::string(ZSTD_getErrorName(n)));
  out.resize(n);
  return out;
}
base::Result<std::string> decompress(std::string_view stored, std::size_t bytes) {
  std::string out(bytes, '\0');
  const std::size_t n = ZSTD_decompress(out.data(), out.size(), stored.data(), stored.size());
  if (ZSTD_isError(n) || n != bytes) return base::Error{base::Refusal::damaged, "a text does not decompress"};
  return out;
}

base::Result<std::string> CaseFile::text_of(const Item& i) {
  if (i.text_pack == 0) return std::string();
  const std::string stored = TRY(vault_->read(text_place(i)));
  return decompress(stored, static_cast<std::size_t>(i.text_bytes));
}

std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view json) {
  std::vector<std::pair<std::string, std::string>> out;
  boost::json::error_code error;
  const auto v = boost::json::parse({json.data(), json.size()}, error);
  if (error || !v.is_array()) return out;
  for (const auto& p : v.as_array())
    if (p.is_array() && p.as_array().size() == 2 && p.at(0).is_string() && p.at(1).is_string())
      out.emplace_back(std::string(p.at(0).as_string()), std::string(p.at(1).as_string()));
  return out;
}
std::string json_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out = "[";
  for (const auto& [k, v] : pairs) {
    if (out.size() > 1) out += ',';
    out += '[';
    base::append_json_string(out, k);
    out += ',';
    base::append_json_string(out, v);
    out += ']';
  }
  return out + "]";
}

std::string CaseFile::custodian_of(std::int64_t delivery) {
  if (const auto at = custodians_.find(delivery); at != custodians_.end()) return at->second;
  std::string source;
  sql_->each(
      "select source from delivery where id = ?", [&](store::Statement& s) { source = s.text(0); }, delivery);
  return custodians_[delivery] = source;
}

search::Document CaseFile::document_of(const Item& i, std::string text, const std::string& custodian) const {
  search::Document d;
  d.sequence = i.sequence, d.item = static_cast<std::uint32_t>(i.number),
  d.family = static_cast<std::uint32_t>(i.family);
  d.same_as = static_cast<std::uint32_t>(i.same_as ? i.same_as : i.number);
  d.type = i.type, d.custodian = custodian;
  const std::size_t slash = i.path.rfind('/');
  if (slash != std::string::npos) d.folder = i.path.substr(0, slash);
  for (const std::string_view l : base::split(i.languages, ' '))
    if (!l.empty()) d.languages.emplace_back(l);
  if (i.date) d.date = *i.date;
  d.size = static_cast<std::uint64_t>(i.size);
  d.flags = static_cast<std::uint16_t>(
      (i.text_bytes ? search::has_text : 0) | (i.expected ? search::has_attachment : 0) |
      (i.metadata.find("[\"gps\",") != std::string::npos ? search::has_gps : 0) |
      (i.machine ? search::has_ocr : 0) | (i.findings.size() > 2 ? search::has_finding : 0) |
      (i.same_as && i.same_as != i.number ? search::has_duplicate : 0) | (i.date ? search::has_date : 0));
  d.title = i.title, d.author = i.author, d.from = i.sender, d.to = i.receiver, d.path = i.path;
  d.body = i.machine ? with_corrections(*sql_, i.number, std::move(text)) : std::move(text);
  return d;
}

base::Result<SignedHead> sign_head(keys::Keys& keys, store::Sql& sql, const std::string& origin) {
  store::Ledger ledger(sql);
  for (;;) {
    const store::Checkpoint head = ledger.head(origin);
    auto note = keys.sign(head, [&](std::uint64_t older) { return ledger.consistency(older, head.size); });
    if (note.ok()) return SignedHead{head, std::move(*note)};
    if (note.error().why != base::Refusal::conflict || ledger.size() == head.size) return note.error();
  }
}

base::Result<SignedHead> CaseFile::checkpoint() {
  SignedHead s = TRY(sign_head(office_.secrets(), *sql_, origin()));
  base::replace_file(folder() + "/checkpoints/" + std::to_string(s.head.size) + ".checkpoint", s.note);
  return s;
}

search::Index& CaseFile::index() {
  if (!index_) index_ = std::make_unique<search::Index>(index_options());
  // Whoever ingests holds the lock and feeds the index itself.
  const base::Fd lock(::open((folder() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) catch_up(*index_, {});
  return *index_;
}

void CaseFile::catch_up(search::Index& index, const std::function<void(std::int64_t, std::int64_t)>& tick) {
  const std::int64_t seen = index.seen(), last = sql_->number("select coalesce(max(sequence), 0) from item");
  if (seen >= last) return;
  const std::int64_t total = sql_->number("select count(*) from item where sequence > ?", seen);
  std::int64_t done = 0, from = seen;
  for (;;) {
    std::vector<Item> items =
        store::select<Item>(*sql_, "where sequence > ? order by sequence limit 500", from);
    if (items.empty()) break;
    for (const Item& i : items) {
      from = i.sequence;
      base::Result<std::string> text = text_of(i);
      if (!text.ok())
        base::fault("the text of " + code_of(i.number) + " cannot be read: " + text.error().message);
      index.add(document_of(i, std::move(*text), custodian_of(i.delivery)));
      ++done;
    }
    if (done % 20'000 < 500) index.commit();
    if (tick) tick(done, total);
  }
  index.commit();
}

}  // namespace evidence
