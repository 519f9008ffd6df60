#pragma once
// The tables of the register. They hold no name: what a person is called is sealed within `Entry::sealed`.

#include <record/describe.h>
#include <record/text.h>
#include <store/sql.h>

#include <cstdint>
#include <string>

namespace identity {

// Somebody whom the custodians of the register admitted to ask for openings or to agree to them.
struct Officer {
  std::string id;
  std::int64_t person{};  // the number in "P-7"
  std::string code, role;
  std::int64_t organ{};
  record::Octets credential, public_key, aaguid;
  std::int64_t algorithm{}, counter{};
  std::string state;  // asked, admitted, removed
  std::int64_t asked{}, decided{};
};
struct Entry {
  std::string code;
  std::int64_t case_id{}, author{};
  record::Octets sealed;  // nonce ‖ ciphertext ‖ tag, under a key of this entry alone
  std::int64_t made{}, changed{};
};
struct OpeningRow {
  std::string id;
  std::string state;    // signed, permitted, refused, closed, ended
  std::string request;  // canonical
  std::int64_t requester{}, organ{}, approver{};
  record::Octets credential;  // of the requester
  std::int64_t asked{}, expires{}, decided{}, shown{};
};

}  // namespace identity

#define ROW_FIELD(Record, number, member, label) \
  record::field<&identity::Record::member>(number, #member, label)

template <>
inline constexpr auto record::description<identity::Officer> = record::describe(
    "officer", ROW_FIELD(Officer, 1, id, "Id").as_key(), ROW_FIELD(Officer, 2, person, "Person").with_index(),
    ROW_FIELD(Officer, 3, code, "Code"), ROW_FIELD(Officer, 4, role, "Role"),
    ROW_FIELD(Officer, 5, organ, "Organ"), ROW_FIELD(Officer, 6, credential, "Passkey"),
    ROW_FIELD(Officer, 7, public_key, "Public key"), ROW_FIELD(Officer, 8, aaguid, "Make"),
    ROW_FIELD(Officer, 9, algorithm, "Algorithm"), ROW_FIELD(Officer, 10, counter, "Counter"),
    ROW_FIELD(Officer, 11, state, "State"), ROW_FIELD(Officer, 12, asked, "Asked"),
    ROW_FIELD(Officer, 13, decided, "Decided"));
template <>
inline constexpr auto record::description<identity::Entry> =
    record::describe("entry", ROW_FIELD(Entry, 1, code, "Code").as_key(),
                     ROW_FIELD(Entry, 2, case_id, "Case"), ROW_FIELD(Entry, 3, author, "Author"),
                     ROW_FIELD(Entry, 4, sealed, "Identity, sealed").guarded(record::Guard::sealed),
                     ROW_FIELD(Entry, 5, made, "Made"), ROW_FIELD(Entry, 6, changed, "Changed"));
template <>
inline constexpr auto record::description<identity::OpeningRow> = record::describe(
    "opening", ROW_FIELD(OpeningRow, 1, id, "Id").as_key(),
    ROW_FIELD(OpeningRow, 2, state, "State").with_index(), ROW_FIELD(OpeningRow, 3, request, "Request"),
    ROW_FIELD(OpeningRow, 4, requester, "Requester"), ROW_FIELD(OpeningRow, 5, organ, "Organ"),
    ROW_FIELD(OpeningRow, 6, approver, "Approver"), ROW_FIELD(OpeningRow, 7, credential, "Passkey"),
    ROW_FIELD(OpeningRow, 8, asked, "Asked"), ROW_FIELD(OpeningRow, 9, expires, "Expires"),
    ROW_FIELD(OpeningRow, 10, decided, "Decided"), ROW_FIELD(OpeningRow, 11, shown, "Shown"));

#undef ROW_FIELD
