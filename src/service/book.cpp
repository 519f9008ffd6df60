#include "book.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include "rights.h"

#include <store/sql.h>

#include <boost/json.hpp>

namespace service {
namespace {

constexpr std::string_view kSecrets = "secrets of people";
constexpr std::size_t kReadersAtOnce = 4;  // each keeps pages of its own

const std::vector<store::Migration>& steps() {
  static const std::string first = store::create_table(record::shape<Account>) +
                                   store::create_table(record::shape<Passkey>) +
                                   store::create_table(record::shape<rights::Session>) +
                                   store::create_table(record::shape<rights::SignInLink>);
  static const std::vector<store::Migration> all{
      {1, first},
      {2, "create table kept (id text primary key, until {int} not null, value {blob} not null)"}};
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
  register_rights(house_);
}

base::Result<std::unique_ptr<Book>> Book::open(evidence::Office& office, const base::Clock& clock) {
  std::unique_ptr<Book> book(new Book(office, clock));
  TRY(store::migrate(office.records(), steps(), "service"));
  TRY(store::migrate(office.records(), rights_steps(), "rights"));
  book->desk_ = std::make_unique<kernel::Desk>(office.records(), book->house_, clock);
  book->desk_->read_by(
      std::make_shared<store::Readers>([&office] { return office.reader(); }, kReadersAtOnce));
  return book;
}

const rights::Random& Book::random() {
  static const rights::Random r = [](std::size_t n) { return base::random_bytes(n); };
  return r;
}

std::vector<evidence::CaseName> Book::cases() {
  return read([&](store::Sql& sql) { return office_.cases(sql); });
}
std::vector<evidence::CaseName> Book::case_names() {
  return read([&](store::Sql& sql) { return office_.case_names(sql); });
}
std::optional<evidence::CaseName> Book::case_of(std::string_view id) {
  return read([&](store::Sql& sql) { return office_.case_of(id, sql); });
}

std::vector<Account> Book::accounts() {
  const kernel::Desk::Reading reading(*desk_);
  return store::select<Account>(desk_->records(), "order by person");
}
std::optional<Account> Book::account(std::int64_t person) {
  const kernel::Desk::Reading reading(*desk_);
  return only(store::select<Account>(desk_->records(), "where person = ?", person));
}
std::optional<Account> Book::account_named(std::string_view name) {
  const kernel::Desk::Reading reading(*desk_);
  std::vector<Account> met =
      store::select<Account>(desk_->records(), "where name = ? or code = ? order by person", name, name);
  if (met.size() != 1) return {};  // a name that two people bear opens nothing
  return std::move(met.front());
}
std::optional<Account> Book::account_of_handle(std::string_view handle) {
  const kernel::Desk::Reading reading(*desk_);
  return only(store::select<Account>(desk_->records(), "where handle = ?", record::Cell::blob(handle)));
}
std::vector<Passkey> Book::passkeys(std::int64_t person) {
  const kernel::Desk::Reading reading(*desk_);
  return store::select<Passkey>(desk_->records(), "where person = ? order by made", person);
}
std::optional<Passkey> Book::passkey(std::string_view id) {
  const kernel::Desk::Reading reading(*desk_);
  return only(store::select<Passkey>(desk_->records(), "where id = ?", record::Cell::blob(id)));
}
std::vector<rights::Session> Book::sessions(std::int64_t person) {
  const kernel::Desk::Reading reading(*desk_);
  return store::select<rights::Session>(desk_->records(), "where person = ? order by began", person);
}
std::optional<rights::Session> Book::session(std::string_view token) {
  const record::Octets hash = rights::token_hash(token);
  const kernel::Desk::Reading reading(*desk_);
  return only(store::select<rights::Session>(desk_->records(), "where token_hash = ?",
                                             record::Cell::blob(hash.bytes)));
}
std::optional<rights::SignInLink> Book::link(std::string_view token) {
  const record::Octets hash = rights::token_hash(token);
  const kernel::Desk::Reading reading(*desk_);
  return only(store::select<rights::SignInLink>(desk_->records(), "where token_hash = ?",
                                                record::Cell::blob(hash.bytes)));
}

void Book::Write::tell(std::string_view act, std::string_view object, const std::string& payload) const {
  change.tell({act, who, object, payload});
}

base::Status Book::write(const std::string& who, const std::function<base::Status(const Write&)>& change) {
  return desk_->change([&](kernel::Change& c) { return change(Write{c, office_.records(), who}); });
}

void Book::touch(const rights::Session& session) {
  desk_->together([&](kernel::Change&) {
    office_.records().run("update session set last_seen = ? where token_hash = ?", session.last_seen,
                          record::Cell::blob(session.token_hash.bytes));
  });
}

void Book::ledger(std::uint64_t before, const std::function<bool(const store::Ledger::Row&)>& row) {
  const kernel::Desk::Reading reading(*desk_);
  store::Ledger(desk_->records()).scan_back(before, row);
}

namespace {

// What was used is remembered for longer than it is good, as a clock may be set back.
constexpr rights::Time kSetBack = 86'400;

std::string kept_id(std::string_view kind, std::string_view name) {
  return base::hex(base::view(base::sha256(std::string(kind) + "\n" + std::string(name))));
}

}  // namespace

void Book::keep(std::string_view kind, std::string_view name, std::string_view value, rights::Time until) {
  const std::string id = kept_id(kind, name), sealed = office_.seal(id, value);
  desk_->together([&](kernel::Change&) {
    office_.records().run("delete from kept where until < ? or id = ?", now(), std::string_view(id));
    office_.records().run("insert into kept (id, until, value) values (?, ?, ?)", std::string_view(id), until,
                          record::Cell::blob(sealed));
  });
}
std::optional<std::string> Book::kept(std::string_view kind, std::string_view name) {
  const std::string id = kept_id(kind, name);
  std::optional<std::string> out;
  read([&](store::Sql& sql) {
    sql.each(
        "select value from kept where id = ? and until >= ?",
        [&](store::Statement& s) { out = office_.unseal(id, s.text(0)); }, std::string_view(id), now());
  });
  return out;
}
void Book::forget(std::string_view kind, std::string_view name) {
  const std::string id = kept_id(kind, name);
  desk_->together(
      [&](kernel::Change&) { office_.records().run("delete from kept where id = ?", std::string_view(id)); });
}
bool Book::first_time(std::string_view kind, std::string_view name, rights::Time until) {
  const std::string id = kept_id(kind, name);
  bool first = false;
  desk_->together([&](kernel::Change&) {
    office_.records().run("delete from kept where until < ?", now());
    first = office_.records().run(
                "insert into kept (id, until, value) values (?, ?, ?) on conflict (id) do nothing",
                std::string_view(id), until + kSetBack, record::Cell::blob("")) == 1;
  });
  return first;
}

std::string Book::seal(std::string_view secret) const { return office_.seal(kSecrets, secret); }
std::optional<std::string> Book::unseal(std::string_view sealed) const {
  return office_.unseal(kSecrets, sealed);
}
std::string Book::pepper_mac(std::string_view bytes) const { return base::hmac_sha256(pepper_key_, bytes); }

}  // namespace service
