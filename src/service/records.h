#pragma once
// What the office keeps of its people: beside it stands the person of `custos users`, by the same code.

#include <record/describe.h>
#include <record/text.h>

#include <optional>
#include <string>

namespace service {

struct Account {
  std::int64_t person{};  // the number in "P-7"
  std::string code, name;
  std::string roles, cases;  // JSON arrays: names of roles, ids of the cases they need to know
  std::string clearance;     // name of a classification
  std::int64_t organ{};
  std::string language;  // "en", "fr"
  bool disabled{};
  std::int64_t epoch{};                // goes up with each change of rights: older sessions are dead
  record::Octets handle;               // 32 random bytes: how authenticators know the person
  std::string password;                // hashed; empty: none
  std::optional<record::Octets> totp;  // the secret, sealed
  std::int64_t totp_step{};            // the last that was accepted
  std::int64_t version{};              // of this record, for If-Match
};

struct Passkey {
  record::Octets id;
  std::int64_t person{};
  record::Octets public_key, aaguid;
  std::int64_t algorithm{}, counter{};
  bool backup_eligible{};
  std::string label;
  std::int64_t made{};
};

}  // namespace service

template <>
inline constexpr auto record::description<service::Account> =
    record::describe("account", record::field<&service::Account::person>(1, "person", "Person").as_key(),
                     record::field<&service::Account::code>(2, "code", "Code").with_index(),
                     record::field<&service::Account::name>(3, "name", "Name").with_index(),
                     record::field<&service::Account::roles>(4, "roles", "Roles"),
                     record::field<&service::Account::cases>(5, "cases", "Cases"),
                     record::field<&service::Account::clearance>(6, "clearance", "Clearance"),
                     record::field<&service::Account::organ>(7, "organ", "Organ"),
                     record::field<&service::Account::language>(8, "language", "Language"),
                     record::field<&service::Account::disabled>(9, "disabled", "Disabled"),
                     record::field<&service::Account::epoch>(10, "epoch", "Epoch of rights"),
                     record::field<&service::Account::handle>(11, "handle", "Handle"),
                     record::field<&service::Account::password>(12, "password", "Password, hashed")
                         .guarded(record::Guard::sealed),
                     record::field<&service::Account::totp>(13, "totp", "Secret of one-time codes, sealed")
                         .guarded(record::Guard::sealed),
                     record::field<&service::Account::totp_step>(14, "totp_step", "Last step"),
                     record::field<&service::Account::version>(15, "version", "Version"));

template <>
inline constexpr auto record::description<service::Passkey> =
    record::describe("passkey", record::field<&service::Passkey::id>(1, "id", "Id").as_key(),
                     record::field<&service::Passkey::person>(2, "person", "Person").with_index(),
                     record::field<&service::Passkey::public_key>(3, "public_key", "Public key"),
                     record::field<&service::Passkey::aaguid>(4, "aaguid", "Make"),
                     record::field<&service::Passkey::algorithm>(5, "algorithm", "Algorithm"),
                     record::field<&service::Passkey::counter>(6, "counter", "Counter"),
                     record::field<&service::Passkey::backup_eligible>(7, "backup_eligible", "May be copied"),
                     record::field<&service::Passkey::label>(8, "label", "Label"),
                     record::field<&service::Passkey::made>(9, "made", "Made"));
