#pragma once
// What people record of the custody of items: lists by which they are handed over, and acts that happened
// outside of this program. Each becomes a row of the ledger for each item, in the transaction that records
// it.

#include <evidence/ask.h>

#include <optional>

namespace evidence {

inline constexpr std::size_t custody_items_max = 10'000;  // of one list or act

struct HandOverDraft {
  std::string title, recipient, purpose;
};
struct HandOverLine {
  std::int64_t number = 0, item = 0, size = 0;
  std::string code, path, sha256, sources;  // sources: whom or where the same bytes came from
};
struct HandOverView {
  std::int64_t id = 0, version = 0, items = 0;
  HandOverDraft says;
  bool issued = false;
  std::string made, made_by, at, by;  // at, by: of the issue
  std::string sha256;                 // of its lines, once issued (docs/formats/ledger.md)
};
std::vector<HandOverView> hand_overs(CaseFile& file);  // newest first
// Refuses: not_found.
base::Result<HandOverView> hand_over(CaseFile& file, std::int64_t id);
std::vector<HandOverLine> hand_over_lines(CaseFile& file, std::int64_t id, std::size_t offset,
                                          std::size_t limit);

// A draft, numbered in the order of the items. Its number. Refuses: invalid (no title, too long, no item),
// not_found (an item), exhausted.
base::Result<std::int64_t> add_hand_over(CaseFile& file, const HandOverDraft& says,
                                         const std::vector<std::uint32_t>& items);
struct HandOverChange {
  HandOverDraft says;
  std::vector<std::uint32_t> add, remove;  // added at the end; the lines are numbered anew
};
// Of version `before`. Refuses: the same, conflict (there is a newer version, or it is issued).
base::Status change_hand_over(CaseFile& file, std::int64_t id, std::int64_t before,
                              const HandOverChange& change);
base::Status remove_hand_over(CaseFile& file, std::int64_t id, std::int64_t before);  // a draft
// Freezes it, and tells the custody of each item. Refuses: invalid (to whom and for what is not said, no
// item), conflict, not_found.
base::Status issue_hand_over(CaseFile& file, std::int64_t id, std::int64_t before);
// Told to the ledger. Refuses: not_found.
base::Result<std::pair<HandOverView, std::vector<HandOverLine>>> print_hand_over(CaseFile& file,
                                                                                 std::int64_t id,
                                                                                 const std::string& format);

struct CustodyDraft {
  std::string kind;      // a code of the office's vocabulary custody_act
  std::string at;        // RFC 3339 with the time zone as it was where it happened
  std::string from, to;  // people or bodies; of an examination `to` is who examined
  std::string place, condition, seal, reason;
  bool given = true;  // somebody gave the item: `from` is told
};
struct CustodyActView {
  std::int64_t id = 0;
  CustodyDraft says;
  std::string recorded, recorded_by;
  std::uint64_t row = 0;   // of the ledger, for this item
  std::int64_t items = 0;  // that the act was about
};
// Its number. Refuses: invalid (what is missing or cannot be, by name), not_found (an item), exhausted.
base::Result<std::int64_t> record_custody(CaseFile& file, const CustodyDraft& draft,
                                          const std::vector<std::uint32_t>& items);
std::vector<CustodyActView> custody_acts(CaseFile& file, std::int64_t item);  // in the order they happened

// What the form of an item says; told to the ledger. Refuses: not_found.
struct CustodyForm {
  std::string code, path, type, sha256, received, source, collector;
  std::int64_t size = 0;
  std::vector<CustodyActView> acts;
  std::vector<std::pair<std::int64_t, HandOverView>> lists;  // issued, and the number of the item on each
  std::uint64_t rows = 0;                                    // of the ledger
  std::string root;
};
base::Result<CustodyForm> print_custody(CaseFile& file, std::int64_t item);

}  // namespace evidence
