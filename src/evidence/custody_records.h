#pragma once
// The records of custody: lists by which items are handed over, and acts that people record.

#include <kernel/module.h>
#include <record/describe.h>

#include <string>

namespace evidence {

inline constexpr std::size_t kCustodyTextMax = 500;  // bytes

struct HandOver {
  std::int64_t id{};
  std::string title, recipient, purpose;
  std::int64_t items{}, version{};
  std::int64_t made{};  // microseconds since 1970
  std::string made_by;
  std::int64_t issued{};  // 0: a draft
  std::string issued_by, sha256;
};
// An item on a list, as it was when the list was issued. The key is list * 2^32 + number.
struct ListedItem {
  std::int64_t id{};
  std::int64_t item{};
  std::string path;
  std::int64_t size{};
  std::string sha256, sources;
};

struct CustodyAct {
  std::int64_t id{};
  std::string kind;
  std::string at;         // as it was said
  std::int64_t moment{};  // the same in microseconds since 1970
  std::string giver, receiver, place, condition, seal, reason;
  std::int64_t items{};
  std::int64_t recorded{};
  std::string recorded_by;
};
// An act is about an item. The key is act * 2^32 + item.
struct CustodyOf {
  std::int64_t id{};
  std::int64_t item{}, act{};
  std::int64_t entry{};  // row of the ledger that tells of it
};

kernel::Violation an_act_of_custody_has_a_kind_and_a_reason(const CustodyAct& a);

// The SHA-256 of the lines of a list as they are now, hexadecimal.
class CaseFile;
std::string lines_hash(CaseFile& file, std::int64_t list);

}  // namespace evidence

#define EVIDENCE_CUSTODY_FIELD(R, N, NAME, LABEL) record::field<&evidence::R::NAME>(N, #NAME, LABEL)

template <>
inline constexpr auto record::description<evidence::HandOver> = record::describe(
    "hand_over", EVIDENCE_CUSTODY_FIELD(HandOver, 1, id, "Number").as_key(),
    EVIDENCE_CUSTODY_FIELD(HandOver, 2, title, "Title"), EVIDENCE_CUSTODY_FIELD(HandOver, 3, recipient, "To"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 4, purpose, "Purpose"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 5, items, "Items"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 6, version, "Version"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 7, made, "Made"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 8, made_by, "Made by"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 9, issued, "Issued"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 10, issued_by, "Issued by"),
    EVIDENCE_CUSTODY_FIELD(HandOver, 11, sha256, "SHA-256 of its lines"));

template <>
inline constexpr auto record::description<evidence::ListedItem> = record::describe(
    "listed_item", EVIDENCE_CUSTODY_FIELD(ListedItem, 1, id, "Number").as_key(),
    EVIDENCE_CUSTODY_FIELD(ListedItem, 2, item, "Item").with_index(),
    EVIDENCE_CUSTODY_FIELD(ListedItem, 3, path, "Path"), EVIDENCE_CUSTODY_FIELD(ListedItem, 4, size, "Size"),
    EVIDENCE_CUSTODY_FIELD(ListedItem, 5, sha256, "SHA-256"),
    EVIDENCE_CUSTODY_FIELD(ListedItem, 6, sources, "Sources"));

template <>
inline constexpr auto record::description<evidence::CustodyAct> = record::describe(
    "custody_act", EVIDENCE_CUSTODY_FIELD(CustodyAct, 1, id, "Number").as_key(),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 2, kind, "Kind"), EVIDENCE_CUSTODY_FIELD(CustodyAct, 3, at, "When"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 4, moment, "Moment"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 5, giver, "From"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 6, receiver, "To"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 7, place, "Place"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 8, condition, "Condition"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 9, seal, "Seal"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 10, reason, "Reason"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 11, items, "Items"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 12, recorded, "Recorded"),
    EVIDENCE_CUSTODY_FIELD(CustodyAct, 13, recorded_by, "Recorded by"));

template <>
inline constexpr auto record::description<evidence::CustodyOf> =
    record::describe("custody_of", EVIDENCE_CUSTODY_FIELD(CustodyOf, 1, id, "Number").as_key(),
                     EVIDENCE_CUSTODY_FIELD(CustodyOf, 2, item, "Item").with_index(),
                     EVIDENCE_CUSTODY_FIELD(CustodyOf, 3, act, "Act"),
                     EVIDENCE_CUSTODY_FIELD(CustodyOf, 4, entry, "Row of the ledger"));
