#include "book.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <store/sql.h>

#include <boost/json.hpp>

namespace service {
namespace {

constexpr std::string_view kSecrets = "secrets of people";

const std::vector<store::Migration>& steps() {
  static const std::string first = store::create_table(record::shape<Account>) +
                                   store::create_table(record::shape<Passkey>) +
                                   store::create_table(record::shape<rights::Session>) +
                                   store::create_table(record::shape<rights::SignInLink>);
  static const std::vector<store::Migration> all{{1, first}};
  return all;
}

template <class T>
std::optional<T> only(std::vector<T> rows) {
  if (rows.empty()) return {};
  return std::move(rows.front());
}

}  // namespace

std::vector<std::string> strings_of(std::string_view json_array) {
  std::vector<std::string> out;
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(json_array, broken);
  if (broken || !v.is_array()) return out;
  for (const boost::json::value& s : v.get_array())
    if (s.is_string()) out.emplace_back(s.get_string());
  return out;
}
std::string json_of(const std::vector<std::string>& strings) {
  std::string out;
  base::JsonWriter w(out);
  w.array();
  for (const std::string& s : strings) w.value(s);
  w.end_array();
  return out;
}

Book::Book(evidence::Office& office, const base::Clock& clock)
    : office_(office), clock_(clock), pepper_key_(office.key_for("pepper")) {
  house_.record<Account>();
  house_.record<Passkey>();
  house_.record<rights::Session>();
  house_.record<rights::SignInLink>();
}

base::Result<std::unique_ptr<Book>> Book::open(evidence::Office& office, const base::Clock& clock) {
  std::unique_ptr<Book> book(new Book(office, clock));
  TRY(store::migrate(office.records(), steps(), "service"));
  book->desk_ = std::make_unique<kernel::Desk>(office.records(), book->house_, clock);
  return book;
}

const rights::Random& Book::random() {
  static const rights::Random r = [](std::size_t n) { return base::random_bytes(n); };
  return r;
}

std::vector<evidence::CaseName> Book::cases() {
  const std::lock_guard lock(mutex_);
  return office_.cases();
}
std::optional<evidence::CaseName> Book::case_of(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return office_.case_of(id);
}

std::vector<Account> Book::accounts() {
  const std::lock_guard lock(mutex_);
  return store::select<Account>(office_.records(), "order by person");
}
std::optional<Account> Book::account(std::int64_t person) {
  const std::lock_guard lock(mutex_);
  return only(store::select<Account>(office_.records(), "where person = ?", person));
}
std::optional<Account> Book::account_named(std::string_view name) {
  const std::lock_guard lock(mutex_);
  std::vector<Account> met =
      store::select<Account>(office_.records(), "where name = ? or code = ? order by person", name, name);
  if (met.size() != 1) return {};  // a name that two people bear opens nothing
  return std::move(met.front());
}
std::optional<Account> Book::account_of_handle(std::string_view handle) {
  const std::lock_guard lock(mutex_);
  return only(store::select<Account>(office_.records(), "where handle = ?", record::Cell::blob(handle)));
}
std::vector<Passkey> Book::passkeys(std::int64_t person) {
  const std::lock_guard lock(mutex_);
  return store::select<Passkey>(office_.records(), "where person = ? order by made", person);
}
std::optional<Passkey> Book::passkey(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return only(store::select<Passkey>(office_.records(), "where id = ?", record::Cell::blob(id)));
}
std::vector<rights::Session> Book::sessions(std::int64_t person) {
  const std::lock_guard lock(mutex_);
  return store::select<rights::Session>(office_.records(), "where person = ? order by began", person);
}
std::optional<rights::Session> Book::session(std::string_view token) {
  const record::Octets hash = rights::token_hash(token);
  const std::lock_guard lock(mutex_);
  return only(store::select<rights::Session>(office_.records(), "where token_hash = ?",
                                             record::Cell::blob(hash.bytes)));
}
std::optional<rights::SignInLink> Book::link(std::string_view token) {
  const record::Octets hash = rights::token_hash(token);
  const std::lock_guard lock(mutex_);
  return only(store::select<rights::SignInLink>(office_.records(), "where token_hash = ?",
                                                record::Cell::blob(hash.bytes)));
}

void Book::Write::tell(std::string_view act, std::string_view object, const std::string& payload) const {
  change.tell({act, who, object, payload});
}

base::Status Book::write(const std::string& who, const std::function<base::Status(const Write&)>& change) {
  const std::lock_guard lock(mutex_);
  return desk_->change([&](kernel::Change& c) { return change(Write{c, office_.records(), who}); });
}

void Book::touch(const rights::Session& session) {
  const std::lock_guard lock(mutex_);
  office_.records().run("update session set last_seen = ? where token_hash = ?", session.last_seen,
                        record::Cell::blob(session.token_hash.bytes));
}

void Book::ledger(std::uint64_t before, const std::function<bool(const store::Ledger::Row&)>& row) {
  const std::lock_guard lock(mutex_);
  std::vector<std::array<std::string, 3>> rows;
  std::vector<std::uint64_t> numbers;
  desk_->ledger().scan([&](const store::Ledger::Row& r) {
    if (r.seq >= before) return false;
    numbers.push_back(r.seq);
    rows.push_back({std::string(r.entry), std::string(r.salt), std::string(r.payload)});
    return true;
  });
  for (std::size_t i = rows.size(); i-- > 0;)
    if (!row({numbers[i], rows[i][0], rows[i][1], rows[i][2]})) break;
}

std::string Book::seal(std::string_view secret) const { return office_.seal(kSecrets, secret); }
std::optional<std::string> Book::unseal(std::string_view sealed) const {
  return office_.unseal(kSecrets, sealed);
}
std::string Book::pepper_mac(std::string_view bytes) const { return base::hmac_sha256(pepper_key_, bytes); }

}  // namespace service
