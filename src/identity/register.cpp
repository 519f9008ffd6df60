// The house of the register: how it is made, sealed and unsealed, and what it keeps in memory.
#include "state.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/text.h>

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace identity {
namespace {

using base::Error;
using base::Refusal;

constexpr int kFormat = 1;
constexpr const char* kTables =
    "create table spent (nonce {blob}, requester {int} not null, at {int} not null);"
    "create unique index spent_nonce on spent (nonce);"
    "create table used (nonce {blob}, person {int} not null, act text not null, at {int} not null);"
    "create unique index used_nonce on used (nonce);"
    "create table trace (mac {blob}, code text not null, grade {int} not null);"
    "create index trace_mac on trace (mac); create index trace_code on trace (code);"
    "create table fact (name text not null, content text not null);";

std::span<const store::Migration> steps() {
  static const std::string first =
      std::string(store::Ledger::schema()) + store::create_table(record::shape<Officer>) +
      store::create_table(record::shape<Entry>) + store::create_table(record::shape<OpeningRow>) + kTables;
  static const std::vector<store::Migration> all{{1, first}};
  return all;
}

std::int64_t number_in(const value& v, const char* name) {
  const value& n = member(v, name);
  return n.is_int64() ? n.get_int64() : 0;
}
std::string text_in(const value& v, const char* name) {
  const value& s = member(v, name);
  return s.is_string() ? std::string(s.get_string()) : std::string();
}

// "https://custos.office.example:8443" -> custos.office.example
std::string host_of(const std::string& origin) {
  const std::size_t at = origin.find("://");
  if (at == std::string::npos) return {};
  std::string host = origin.substr(at + 3);
  return host.substr(0, host.find_first_of(":/"));
}

Limits shipped() {
  const value v = boost::json::parse(shipped_limits());
  return {number_in(v, "questions_a_day"), number_in(v, "registrations_a_day"), number_in(v, "share_minutes"),
          number_in(v, "act_seconds")};
}

}  // namespace

base::Result<std::vector<std::string>> Register::make(const std::string& folder, const std::string& origin,
                                                      const Sealing& sealing) {
  if (base::file_exists(folder + "/register.json"))
    return Error{Refusal::conflict, "there is a register in " + folder + " already; choose another folder"};
  const std::string host = host_of(origin);
  if (host.empty() || (!origin.starts_with("https://") && host != "localhost"))
    return Error{Refusal::invalid,
                 "--origin is the address of the office's pages, https://NAME; \"" + origin + "\" is none"};
  const char* of_the_office = std::getenv("CUSTOS_PASSPHRASE");
  if (!sealing.passphrase.empty() && of_the_office && sealing.passphrase == of_the_office)
    return Error{Refusal::invalid,
                 "the passphrase of the office opens no identities: choose another for the register"};
  if (!sealing.passphrase.empty() && sealing.passphrase.size() < 12)
    return Error{Refusal::invalid, "the passphrase of the register has 12 characters at least"};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{Refusal::denied, "cannot make " + folder + ": " + error.message()};
  ::chmod(folder.c_str(), 0700);

  const rights::Random random = [](std::size_t n) { return base::random_bytes(n); };
  const Secret root(base::random_bytes(32));
  const base::Argon2 cost;
  const std::string salt = base::random_bytes(16);
  std::vector<std::string> printed;
  std::string unseal_key;
  if (sealing.passphrase.empty()) {
    unseal_key = base::random_bytes(32);
    for (const rights::Share& s : TRY(rights::split(unseal_key, sealing.shares, random)))
      printed.push_back(rights::print_share(s));
  } else {
    unseal_key = base::argon2id(sealing.passphrase, salt, cost, 32);
  }
  const rights::SealedRoot sealed = rights::seal_root(root.view(), unseal_key, random);
  base::wipe(unseal_key);
  const auto derived = [&](const char* use) { return base::hkdf_sha512(root.view(), "", use, 32); };
  const auto sql =
      store::open_sqlite(folder + "/register.db", {.key = derived("custos identity records v1")});
  TRY(store::migrate(*sql, steps()));
  sql->run("insert into fact (name, content) values ('sounds', ?)", std::string_view(Ear::version()));
  std::string about;
  base::JsonWriter w(about);
  w.object()
      .member("format", kFormat)
      .member("id", base::hex(base::random_bytes(8)))
      .member("origin", origin)
      .member("public_key", base::hex(public_of(derived("custos identity reader v1"))))
      .member("root_salt", base::hex(sealed.salt))
      .member("root_commitment", base::hex(sealed.commitment))
      .member("root_nonce", base::hex(sealed.nonce))
      .member("root_sealed", base::hex(sealed.sealed))
      .member("needed", std::int64_t{printed.empty() ? 1 : sealing.shares.needed});
  if (printed.empty())
    w.member("argon2id_kib", std::int64_t{cost.memory_kib})
        .member("argon2id_passes", std::int64_t{cost.passes})
        .member("salt", base::hex(salt));
  w.end_object();
  base::replace_file(folder + "/register.json", about + "\n", 0600);
  return printed;
}

base::Result<std::unique_ptr<Register>> Register::open(const std::string& folder, const base::Clock& clock,
                                                       std::string_view policy) {
  if (!base::file_exists(folder + "/register.json"))
    return Error{Refusal::not_found,
                 "there is no identity register in " + folder + "; make one with `custos identity init`"};
  auto state = std::make_unique<State>(
      clock, TRY(rights::Policy::parse(policy.empty() ? rights::shipped_policy() : policy)));
  boost::system::error_code broken;
  const value v = boost::json::parse(base::read_file(folder + "/register.json"), broken);
  if (number_in(v, "format") > kFormat)
    return Error{Refusal::unsupported, folder + " was made by a newer Custos; use that version"};
  State& s = *state;
  const Error damaged{Refusal::damaged, folder + "/register.json is damaged; restore it from a copy"};
  const std::pair<std::string*, const char*> parts[] = {{&s.public_key, "public_key"},
                                                        {&s.root.salt, "root_salt"},
                                                        {&s.root.commitment, "root_commitment"},
                                                        {&s.root.nonce, "root_nonce"},
                                                        {&s.root.sealed, "root_sealed"}};
  for (const auto& [to, name] : parts) {
    const auto bytes = base::unhex(text_in(v, name));
    if (!bytes || bytes->empty()) return damaged;
    *to = *bytes;
  }
  s.folder = folder;
  s.id = text_in(v, "id");
  s.self = {host_of(text_in(v, "origin")), {text_in(v, "origin")}};
  s.needed = number_in(v, "needed");
  s.by_passphrase = member(v, "salt").is_string();
  if (s.by_passphrase) {
    const auto salt = base::unhex(text_in(v, "salt"));
    const std::int64_t kib = number_in(v, "argon2id_kib"), passes = number_in(v, "argon2id_passes");
    if (!salt || salt->size() != 16 || kib < 8 || kib > (8 << 20) || passes < 1 || passes > 100)
      return damaged;
    s.salt = *salt;
    s.cost = {static_cast<std::uint32_t>(kib), static_cast<std::uint32_t>(passes)};
  }
  if (s.id.empty() || s.self.id.empty() || s.public_key.size() != 32) return damaged;
  s.limits = shipped();
  return std::unique_ptr<Register>(new Register(std::move(state)));
}

Register::Register(std::unique_ptr<State> state) : state_(std::move(state)) {}
Register::~Register() = default;
bool Register::sealed() const { return !state_->key; }
bool Register::locked_in_memory() const { return state_->key.locked(); }

std::string Register::State::key_for(std::string_view use, std::string_view salt_of) const {
  CHECK(key);
  return base::hkdf_sha512(key.view(), salt_of, "custos identity " + std::string(use) + " v1", 32);
}

base::Status Register::State::write(const std::function<base::Status()>& change) {
  try {
    store::Transaction t(*sql);
    ledger->again();
    base::Status s = change();
    if (s.ok())
      t.commit();
    else
      ledger->forget();
    return s;
  } catch (...) {
    ledger->forget();
    throw;
  }
}
void Register::State::tell(std::string_view act, std::string_view who, std::string_view object,
                           const std::string& payload) {
  ledger->append({act, who, object, payload}, clock.unix_micros());
}

base::Result<Secret> Register::State::open_root(const value& proof) {
  if (by_passphrase) {
    std::string unseal_key = base::argon2id(TRY(text_of(proof, "passphrase")), salt, cost, 32);
    auto opened = rights::open_root(root, std::string_view(unseal_key));
    base::wipe(unseal_key);
    if (!opened.ok())
      return Error{Refusal::denied, "this passphrase does not open the register; mind that it is its own"};
    return Secret(*opened);
  }
  const auto* list = member(proof, "shares").if_array();
  if (!list) return Error{Refusal::invalid, "\"shares\" is missing, or no list"};
  std::vector<rights::Share> shares;
  for (const value& one : *list) {
    if (!one.is_string()) return Error{Refusal::invalid, "\"shares\" holds texts"};
    shares.push_back(TRY(rights::read_share(std::string_view(one.get_string()))));
  }
  auto opened = rights::open_root(root, shares);
  for (rights::Share& s : shares) base::wipe(s.bytes);
  if (!opened.ok()) return Error{Refusal::denied, opened.error().message};
  return Secret(*opened);
}

base::Status Register::State::unseal(Secret root_key) {
  key = std::move(root_key);
  sql = store::open_sqlite(folder + "/register.db", {.key = key_for("records"), .cache_kib = 2048});
  TRY(store::migrate(*sql, steps()));
  ledger = std::make_unique<store::Ledger>(*sql);
  return write([&]() -> base::Status {
    tell("unsealed", "", "", "{}");
    return make_traces_anew();
  });
}
void Register::State::seal(std::string_view who) {
  // What was open when it was sealed is not open afterwards.
  static_cast<void>(write([&]() -> base::Status {
    sql->run("update opening set state = 'ended' where state in ('signed', 'permitted')");
    tell("sealed", who, "", "{}");
    return base::Done{};
  }));
  ledger.reset(), sql.reset();
  key = Secret();
}

}  // namespace identity
