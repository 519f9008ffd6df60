#include "case_file.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/parsed.h>
#include <base/text.h>
#include <evidence/office.h>
#include <kernel/desk.h>
#include <keys/doors.h>
#include <store/sql.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace evidence {
struct CaseRecord {
  std::string id, code, title;
  record::Octets sealed_key;  // nonce, ciphertext, tag under the office key
  std::int64_t made{};
};
namespace {

constexpr int kHomeFormat = 2;  // 1: the records are in the home; 2: in PostgreSQL

struct UserRecord {
  std::string code, name, state;
};

}  // namespace
}  // namespace evidence

template <>
inline constexpr auto record::description<evidence::CaseRecord> =
    record::describe("case_file", record::field<&evidence::CaseRecord::id>(1, "id", "Id").as_key(),
                     record::field<&evidence::CaseRecord::code>(2, "code", "Code").with_index(),
                     record::field<&evidence::CaseRecord::title>(3, "title", "Title"),
                     record::field<&evidence::CaseRecord::sealed_key>(4, "sealed_key", "Key, sealed")
                         .guarded(record::Guard::sealed),
                     record::field<&evidence::CaseRecord::made>(5, "made", "Made"));
template <>
inline constexpr auto record::description<evidence::UserRecord> =
    record::describe("person", record::field<&evidence::UserRecord::code>(1, "code", "Code").as_key(),
                     record::field<&evidence::UserRecord::name>(2, "name", "Name"),
                     record::field<&evidence::UserRecord::state>(3, "state", "State"));

namespace evidence {
namespace {

kernel::Registrar& office_house() {
  static kernel::Registrar r = [] {
    kernel::Registrar h;
    h.record<CaseRecord>();
    h.record<UserRecord>();
    return h;
  }();
  return r;
}

base::Error refuse(base::Refusal why, std::string message) { return {why, std::move(message)}; }

bool good_code(std::string_view code) {
  if (code.empty() || code.size() > 32) return false;
  for (const char c : code)
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
      return false;
  return code[0] != '-' && code[0] != '_';
}

// A fault where the keys no longer answer: whoever asked cannot go on.
std::string must(base::Result<std::string> r) {
  if (!r.ok()) base::fault(r.error().message);
  return std::move(*r);
}

// What office.json says.
struct About {
  std::string id, database;
};
base::Result<About> about_in(const std::string& home) {
  if (!base::file_exists(home + "/office.json"))
    return refuse(base::Refusal::not_found,
                  "there is no office in " + home + "; make one with `custos init --home " + home + "`");
  boost::json::error_code error;
  const auto about = boost::json::parse(base::read_file(home + "/office.json"), error);
  const base::Error damaged =
      refuse(base::Refusal::damaged, home + "/office.json is damaged; restore it from a backup");
  const auto format = base::number_of(about, "format");
  if (error || !format.ok()) return damaged;
  if (*format > kHomeFormat)
    return refuse(base::Refusal::unsupported, home + " was made by a newer Custos (home format " +
                                                  std::to_string(*format) + ", this one knows " +
                                                  std::to_string(kHomeFormat) + "); use that version");
  const auto id = base::text_of(about, "office");
  if (!id.ok() || id->empty() || id->find_first_not_of("0123456789abcdef") != std::string::npos)
    return damaged;
  return About{*id, base::text_of(about, "database").ok() ? *base::text_of(about, "database") : ""};
}

}  // namespace

std::string keys_folder() {
  if (const char* k = std::getenv("CUSTOS_KEYS"); k && *k) return k;
  if (const char* x = std::getenv("XDG_CONFIG_HOME"); x && *x) return std::string(x) + "/custos";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/root") + "/.config/custos";
}

Office::Office(std::string home, const base::Clock& clock) : home_(std::move(home)), clock_(clock) {}
Office::~Office() = default;

std::string keys_passphrase() {
  const char* p = std::getenv("CUSTOS_PASSPHRASE");
  return p ? p : "";
}
std::string doors_elsewhere() {
  const char* d = std::getenv("CUSTOS_DOORS");
  return d ? d : "";
}
base::Result<std::string> office_id(const std::string& home) { return TRY(about_in(home)).id; }

namespace {

const std::vector<store::Migration>& office_steps() {
  static const std::string first = std::string(kernel::Desk::schema()) +
                                   store::create_table(record::shape<CaseRecord>) +
                                   store::create_table(record::shape<UserRecord>);
  static const std::vector<store::Migration> steps{{1, first}, {2, kernel::Desk::schema_of_leases()}};
  return steps;
}

}  // namespace

std::unique_ptr<store::Sql> Office::connect(bool to_read) const {
  if (!database_.empty()) return store::open_postgresql(database_, "custos_" + id_);
  return store::open_sqlite(
      home_ + "/office.db",
      {.key = key_for("office records"), .cache_kib = to_read ? 24 * 1024 : 32 * 1024, .read_only = to_read});
}
std::unique_ptr<store::Sql> Office::reader() const { return connect(true); }
std::unique_ptr<store::Sql> Office::case_records(const CaseName& c, std::int64_t cache_kib) const {
  if (!database_.empty()) return store::open_postgresql(database_, "custos_" + id_ + "_" + c.id);
  return store::open_sqlite(
      case_folder(c) + "/records.db",
      {.key = base::hkdf_sha512(c.key, "", "custos case records v1", 32), .cache_kib = cache_kib});
}

base::Result<std::unique_ptr<Office>> Office::make(const std::string& home, const std::string& owner,
                                                   const base::Clock& clock, const std::string& database) {
  if (!database.empty()) TRY(store::check_postgresql_address(database));
  if (base::file_exists(home + "/office.json"))
    return refuse(base::Refusal::conflict,
                  "there is an office in " + home + " already; choose another folder");
  std::error_code error;
  std::filesystem::create_directories(home + "/cases", error);
  if (error)
    return refuse(base::Refusal::denied,
                  "cannot make " + home + ": " + error.message() + "; choose a folder you may write to");
  std::unique_ptr<Office> o(new Office(std::filesystem::canonical(home), clock));
  ::chmod(o->home_.c_str(), 0700);
  o->id_ = base::hex(base::random_bytes(8)), o->database_ = database;
  if (!database.empty()) static_cast<void>(o->connect(true));  // before keys are made for nothing
  o->keys_ = keys_folder() + "/" + o->id_;
  TRY(keys::make(o->keys_, {keys_passphrase(), {}}));
  o->secrets_ = TRY(keys::at_hand(o->keys_, o->id_, {keys_passphrase(), {}}));
  o->sql_ = o->connect(false);
  TRY(store::migrate(*o->sql_, office_steps()));
  o->actor_ = "P-1";
  kernel::Desk desk(*o->sql_, office_house(), clock);
  TRY(desk.change([&](kernel::Change& c) -> base::Status {
    std::string payload;
    base::JsonWriter(payload).object().member("office", o->id_).member("owner", owner).end_object();
    c.tell({"opened", o->actor_, "", payload});
    return c.add(UserRecord{"P-1", owner, "owner"}, {"person_added", o->actor_, "", payload});
  }));
  std::string about;
  base::JsonWriter w(about);
  w.object().member("format", database.empty() ? 1 : kHomeFormat).member("office", o->id_);
  if (!database.empty()) w.member("database", database);
  w.member("made_by", "custos " CUSTOS_VERSION).end_object();
  base::replace_file(o->home_ + "/office.json", about + "\n", 0600);
  TRY(o->checkpoint());
  return o;
}

base::Result<std::unique_ptr<Office>> Office::open(const std::string& home, const base::Clock& clock,
                                                   const std::string& database,
                                                   std::unique_ptr<keys::Keys> secrets) {
  About about = TRY(about_in(home));
  std::unique_ptr<Office> o(new Office(std::filesystem::canonical(home), clock));
  o->id_ = std::move(about.id), o->database_ = std::move(about.database);
  if (!database.empty()) {
    if (o->database_.empty())
      return refuse(base::Refusal::invalid, "the records of this office are in " + home +
                                                "/office.db, in no database: leave --database out");
    o->database_ = database;
  }
  const bool own_files = o->database_.empty();
  if (!own_files) TRY(store::check_postgresql_address(o->database_));
  o->keys_ = keys_folder() + "/" + o->id_;
  if (secrets)
    o->secrets_ = std::move(secrets);
  else if (const std::string doors = doors_elsewhere(); !doors.empty())
    o->secrets_ = TRY(keys::behind(doors, o->id_));
  else
    o->secrets_ = TRY(keys::found(o->keys_, o->id_, {keys_passphrase(), {}}));
  if (::access(o->home_.c_str(), W_OK) || (own_files && ::access((o->home_ + "/office.db").c_str(), W_OK)))
    return refuse(base::Refusal::denied, home + " cannot be written to (" + std::strerror(errno) +
                                             "); Custos records every reading, so give it write permission");
  o->sql_ = o->connect(false);
  if (!own_files &&
      !o->sql_->number("select count(*) from information_schema.tables where table_schema = current_schema() "
                       "and table_name = 'case_file'"))
    return refuse(base::Refusal::not_found, "the database at " + o->database_ +
                                                " does not hold the records of this office (schema custos_" +
                                                o->id_ + "); name the one that does with --database");
  TRY(store::migrate(*o->sql_, office_steps()));
  const char* user = std::getenv("CUSTOS_USER");
  o->actor_ = "P-1";
  if (user && *user) {
    bool met = false;
    for (const User& u : o->users())
      if (u.code == user || u.name == user) o->actor_ = u.code, met = true;
    if (!met)
      return refuse(base::Refusal::denied,
                    "CUSTOS_USER names nobody of this office; `custos users` lists its people");
  }
  return o;
}

base::Result<CaseName> Office::add_case(const std::string& code, const std::string& title) {
  if (!good_code(code))
    return refuse(base::Refusal::invalid,
                  "\"" + code + "\" is no case code; use up to 32 letters, digits, - and _");
  for (const CaseName& c : cases())
    if (base::iequals_ascii(c.code, code))
      return refuse(base::Refusal::conflict, "there is a case " + c.code + " already; choose another code");
  CaseName c{base::hex(base::random_bytes(8)), code, title, base::random_bytes(32)};
  const std::string folder = case_folder(c);
  for (const char* part : {"/vault", "/index", "/checkpoints"})
    std::filesystem::create_directories(folder + part);
  ::chmod(folder.c_str(), 0700);
  base::sync_folder(home_ + "/cases");
  kernel::Desk desk(*sql_, office_house(), clock_);
  TRY(desk.change([&](kernel::Change& change) {
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("case", c.id)
        .member("code", code)
        .member("title", title)
        .end_object();
    return change.add(
        CaseRecord{c.id, code, title, {must(secrets_->wrapped("case " + c.id, c.key))}, clock_.unix_micros()},
        {"case_opened", actor_, "", payload});
  }));
  TRY(checkpoint());
  return c;
}

CaseName Office::opened(const CaseRecord& r) const {
  const std::string name = "case " + r.id;
  return {r.id, r.code, r.title, once(name, [&] { return secrets_->unwrapped(name, r.sealed_key.bytes); })};
}
std::vector<CaseName> Office::cases(store::Sql& sql) const {
  std::vector<CaseName> out;
  for (const CaseRecord& r : store::select<CaseRecord>(sql, "order by code")) out.push_back(opened(r));
  return out;
}
std::vector<CaseName> Office::case_names(store::Sql& sql) const {
  std::vector<CaseName> out;
  sql.each("select id, code, title from case_file order by code", [&](store::Statement& s) {
    out.push_back({std::string(s.text(0)), std::string(s.text(1)), std::string(s.text(2)), ""});
  });
  return out;
}
std::optional<CaseName> Office::case_of(std::string_view id, store::Sql& sql) const {
  const auto met = store::select<CaseRecord>(sql, "where id = ?", id);
  if (met.empty()) return {};
  return opened(met.front());
}

base::Result<CaseName> Office::find_case(const std::string& code) {
  for (CaseName& c : cases())
    if (base::iequals_ascii(c.code, code)) return std::move(c);
  return refuse(base::Refusal::not_found,
                "there is no case " + code + "; `custos case list` names those there are");
}

std::string Office::seal(std::string_view purpose, std::string_view secret) const {
  return keys::wrap(key_for(purpose), purpose, secret);
}
std::optional<std::string> Office::unseal(std::string_view purpose, std::string_view sealed) const {
  auto opened = keys::unwrap(key_for(purpose), purpose, sealed);
  if (!opened.ok()) return {};
  return std::move(*opened);
}

base::Status Office::checkpoint() {
  const SignedHead s = TRY(sign_head(*secrets_, *sql_, origin()));
  std::filesystem::create_directories(home_ + "/checkpoints");
  base::replace_file(home_ + "/checkpoints/" + std::to_string(s.head.size) + ".checkpoint", s.note);
  return base::Done{};
}

base::Status Office::sign(const std::string& of) {
  if (of == origin()) return checkpoint();
  for (const CaseName& c : cases())
    if (of == "custos/" + id_ + "/" + c.id) {
      TRY(sign_head(*secrets_, *case_records(c, 2048), of));
      return base::Done{};
    }
  return refuse(base::Refusal::not_found, of);
}
base::Status Office::tell(const std::string& act, const std::string& reason, const std::string& what) {
  std::string payload;
  base::JsonWriter(payload).object().member("reason", reason).member("what", what).end_object();
  kernel::Desk desk(*sql_, office_house(), clock_);
  TRY(desk.change([&](kernel::Change& c) -> base::Status {
    c.tell({act, actor_, "", payload});
    return base::Done{};
  }));
  return checkpoint();
}

std::string Office::key_for(std::string_view purpose) const {
  return once("use " + std::string(purpose), [&] { return secrets_->derived(purpose); });
}
// Asked again and again, by every request: the keys are another process.
std::string Office::once(const std::string& name,
                         const std::function<base::Result<std::string>()>& ask) const {
  const std::lock_guard lock(mutex_);
  if (const auto at = asked_.find(name); at != asked_.end()) return at->second;
  return asked_[name] = must(ask());
}

base::Status Office::add_user(const std::string& name) {
  kernel::Desk desk(*sql_, office_house(), clock_);
  return desk.change([&](kernel::Change& c) {
    const std::string code = "P-" + std::to_string(sql_->number("select count(*) from person") + 1);
    std::string payload;
    base::JsonWriter(payload).object().member("code", code).member("name", name).end_object();
    return c.add(UserRecord{code, name, "member"}, {"person_added", actor_, "", payload});
  });
}
std::vector<User> Office::users() {
  std::vector<User> out;
  for (UserRecord& r : store::select<UserRecord>(*sql_, "order by code"))
    out.push_back({r.code, r.name, r.state});
  return out;
}

}  // namespace evidence
