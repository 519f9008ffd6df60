#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/office.h>
#include <kernel/desk.h>
#include <store/sql.h>

#include <boost/json.hpp>

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

kernel::Registrar& house() {
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

std::string seal_key(const std::string& under, std::string_view aad, std::string_view key) {
  std::string out = base::random_bytes(12);
  out.resize(12 + key.size() + 16);
  base::Aead(under).seal(reinterpret_cast<const unsigned char*>(out.data()), aad, key.data(), key.size(),
                         out.data() + 12);
  return out;
}
std::optional<std::string> open_key(const std::string& under, std::string_view aad, std::string_view sealed) {
  if (sealed.size() < 28) return {};
  std::string out(sealed.size() - 28, '\0');
  if (!base::Aead(under).open(reinterpret_cast<const unsigned char*>(sealed.data()), aad, sealed.data() + 12,
                              out.size(), out.data()))
    return {};
  return out;
}

// A secret on disk: as it is in a file only its owner may read, or under CUSTOS_PASSPHRASE by Argon2id.
void write_secret(const std::string& path, std::string_view secret) {
  const char* passphrase = std::getenv("CUSTOS_PASSPHRASE");
  std::string out;
  base::JsonWriter w(out);
  w.object().member("format", 1);
  if (passphrase && *passphrase) {
    const base::Argon2 cost;
    const std::string salt = base::random_bytes(16);
    std::string key = base::argon2id(passphrase, salt, cost, 32);
    w.member("argon2id_kib", static_cast<std::int64_t>(cost.memory_kib))
        .member("argon2id_passes", static_cast<std::int64_t>(cost.passes));
    w.member("salt", base::hex(salt)).member("sealed", base::hex(seal_key(key, "custos secret v1", secret)));
    base::wipe(key);
  } else {
    w.member("secret", base::hex(secret));
  }
  w.end_object();
  base::replace_file(path, out + "\n", 0600);
}
base::Result<std::string> read_secret(const std::string& path) {
  boost::json::error_code error;
  const auto v = boost::json::parse(base::read_file(path), error);
  if (error || !v.is_object())
    return refuse(base::Refusal::damaged, path + " is not a key file of Custos; restore it from your copy");
  const auto& o = v.as_object();
  const auto text = [&](const char* k) {
    return o.contains(k) && o.at(k).is_string() ? std::string(o.at(k).as_string()) : std::string();
  };
  if (o.contains("secret")) {
    auto s = base::unhex(text("secret"));
    if (s && s->size() == 32) return *s;
    return refuse(base::Refusal::damaged, path + " is damaged; restore it from your copy");
  }
  const char* passphrase = std::getenv("CUSTOS_PASSPHRASE");
  if (!passphrase)
    return refuse(base::Refusal::denied,
                  "the key of this office is under a passphrase; set CUSTOS_PASSPHRASE");
  const auto salt = base::unhex(text("salt")), sealed = base::unhex(text("sealed"));
  const auto number = [&](const char* k) {
    return o.contains(k) && o.at(k).is_int64() ? o.at(k).as_int64() : 0;
  };
  const std::int64_t kib = number("argon2id_kib"), passes = number("argon2id_passes");
  if (!salt || salt->size() != 16 || !sealed || kib < 8 || kib > (8 << 20) || passes < 1 || passes > 100)
    return refuse(base::Refusal::damaged, path + " is damaged; restore it from your copy");
  const std::string key = base::argon2id(
      passphrase, *salt, {static_cast<std::uint32_t>(kib), static_cast<std::uint32_t>(passes)}, 32);
  auto secret = open_key(key, "custos secret v1", *sealed);
  if (!secret)
    return refuse(base::Refusal::denied,
                  "the passphrase in CUSTOS_PASSPHRASE does not open the key of this office");
  return *secret;
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

base::Status Office::load_keys(bool make) {
  keys_ = keys_folder() + "/" + id_;
  if (make) {
    std::filesystem::create_directories(keys_ + "/checkpoints");
    ::chmod(keys_.c_str(), 0700);
    key_ = base::random_bytes(32);
    signing_ = base::SigningKey::make();
    write_secret(keys_ + "/office.key", key_);
    write_secret(keys_ + "/signing.key", signing_.seed);
    return base::Done{};
  }
  if (!base::file_exists(keys_ + "/office.key"))
    return refuse(base::Refusal::not_found,
                  "the key of this office is not at hand: expected " + keys_ +
                      "/office.key; bring it there or set CUSTOS_KEYS to its folder");
  key_ = TRY(read_secret(keys_ + "/office.key"));
  signing_ = base::SigningKey::from_seed(TRY(read_secret(keys_ + "/signing.key")));
  return base::Done{};
}

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
  return store::open_sqlite(home_ + "/office.db",
                            {.key = base::hkdf_sha512(key_, "", "custos office records v1", 32),
                             .cache_kib = to_read ? 24 * 1024 : 32 * 1024,
                             .read_only = to_read});
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
  TRY(o->load_keys(true));
  o->sql_ = o->connect(false);
  TRY(store::migrate(*o->sql_, office_steps()));
  o->actor_ = "P-1";
  kernel::Desk desk(*o->sql_, house(), clock);
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
  o->checkpoint();
  return o;
}

base::Result<std::unique_ptr<Office>> Office::open(const std::string& home, const base::Clock& clock,
                                                   const std::string& database) {
  if (!base::file_exists(home + "/office.json"))
    return refuse(base::Refusal::not_found,
                  "there is no office in " + home + "; make one with `custos init --home " + home + "`");
  std::unique_ptr<Office> o(new Office(std::filesystem::canonical(home), clock));
  boost::json::error_code error;
  const auto about = boost::json::parse(base::read_file(o->home_ + "/office.json"), error);
  if (error || !about.is_object() || !about.as_object().contains("format") ||
      !about.at("format").is_int64() || !about.as_object().contains("office") ||
      !about.at("office").is_string())
    return refuse(base::Refusal::damaged, home + "/office.json is damaged; restore it from a backup");
  if (about.at("format").as_int64() > kHomeFormat)
    return refuse(base::Refusal::unsupported, home + " was made by a newer Custos (home format " +
                                                  std::to_string(about.at("format").as_int64()) +
                                                  ", this one knows " + std::to_string(kHomeFormat) +
                                                  "); use that version");
  o->id_ = about.at("office").as_string();
  if (o->id_.empty() || o->id_.find_first_not_of("0123456789abcdef") != std::string::npos)
    return refuse(base::Refusal::damaged, home + "/office.json is damaged; restore it from a backup");
  if (const auto* at = about.as_object().if_contains("database"); at && at->is_string())
    o->database_ = at->as_string();
  if (!database.empty()) {
    if (o->database_.empty())
      return refuse(base::Refusal::invalid, "the records of this office are in " + home +
                                                "/office.db, in no database: leave --database out");
    o->database_ = database;
  }
  const bool own_files = o->database_.empty();
  if (!own_files) TRY(store::check_postgresql_address(o->database_));
  TRY(o->load_keys(false));
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
  kernel::Desk desk(*sql_, house(), clock_);
  TRY(desk.change([&](kernel::Change& change) {
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("case", c.id)
        .member("code", code)
        .member("title", title)
        .end_object();
    return change.add(
        CaseRecord{c.id, code, title, {seal_key(key_, "case " + c.id, c.key)}, clock_.unix_micros()},
        {"case_opened", actor_, "", payload});
  }));
  checkpoint();
  return c;
}

CaseName Office::opened(const CaseRecord& r) const {
  auto key = open_key(key_, "case " + r.id, r.sealed_key.bytes);
  if (!key) base::fault("the key of case " + r.code + " does not open under the key of this office");
  return {r.id, r.code, r.title, std::move(*key)};
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
  return seal_key(key_for(purpose), purpose, secret);
}
std::optional<std::string> Office::unseal(std::string_view purpose, std::string_view sealed) const {
  return open_key(key_for(purpose), purpose, sealed);
}

void Office::checkpoint() {
  store::Ledger ledger(*sql_);
  const store::Checkpoint head = ledger.head(origin());
  const std::string note = store::sign_checkpoint(head, signer(), signing_);
  // Apart first, as for a case: a newer head with the keys is no deviation.
  std::filesystem::create_directories(keys_ + "/checkpoints");
  base::replace_file(keys_ + "/checkpoints/office.checkpoint", note);
  std::filesystem::create_directories(home_ + "/checkpoints");
  base::replace_file(home_ + "/checkpoints/" + std::to_string(head.size) + ".checkpoint", note);
}

std::string Office::key_for(std::string_view purpose) const {
  return base::hkdf_sha512(key_, "", "custos " + std::string(purpose) + " v1", 32);
}

base::Status Office::add_user(const std::string& name) {
  kernel::Desk desk(*sql_, house(), clock_);
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
