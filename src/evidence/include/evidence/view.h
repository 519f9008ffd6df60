#pragma once
// What a screen shows of a case and of an item. What shows content is told to the ledger before it is given.

#include <evidence/ask.h>

#include <optional>

namespace evidence {

using Counts = std::vector<std::pair<std::string, std::int64_t>>;  // most frequent first

struct DeliveryView {
  std::int64_t id = 0, items = 0;
  std::string received, source, collector, note;
};
struct Overview {
  Totals totals;
  std::int64_t bytes = 0, exact_duplicates = 0, near_duplicates = 0, threads = 0;
  std::string last_received;  // empty: nothing yet
  std::vector<DeliveryView> deliveries;
  Counts types, languages, years, failures;
};
Overview overview(CaseFile& file);
// Number of items and when the last came in: for a list of cases.
std::pair<std::int64_t, std::string> brief(CaseFile& file);

struct Relative {
  std::int64_t number = 0, depth = 0;
  std::string path, type;
};
struct ItemView {
  std::int64_t number = 0, parent = 0, size = 0, pages = 0;
  std::string code, path, kind, type, state, sha256, languages, date, date_origin, author, title, sender,
      receiver, machine;
  std::vector<std::pair<std::string, std::string>> findings, metadata;
  std::vector<std::string> derived;                // kinds of objects that a machine made of it
  std::vector<std::string> tags, issues, folders;  // by how a query names them
  std::vector<Relative> children, family, thread, same, alike;
};
base::Result<ItemView> view_item(CaseFile& file, std::int64_t number);  // Refuses: not_found

bool has_item(CaseFile& file, std::int64_t number);
// What names an item in a document: nothing of its content.
struct ItemName {
  std::string code, path, type, sha256;
};
std::optional<ItemName> name_item(CaseFile& file, std::int64_t number);

struct TextView {
  std::string text, languages, machine;  // pages separated by \f
};
// Text that a machine guessed is read as people corrected it (evidence/corrections.h), or as it was
// recognised.
enum class Layer { corrected, recognised };
// Refuses: not_found, damaged.
base::Result<TextView> view_text(CaseFile& file, std::int64_t number, Layer layer = Layer::corrected);

struct CustodyRow {
  std::uint64_t row = 0;
  std::string at, act, who, detail;
};
struct CustodyView {
  std::vector<CustodyRow> rows;
  std::uint64_t size = 0;  // of the ledger
  std::string root;        // hexadecimal
};
base::Result<CustodyView> view_custody(CaseFile& file, std::int64_t number);

// The original goes out: told with the reason, before its first byte. Refuses: not_found (no bytes of its
// own).
struct OriginalView {
  std::uint64_t size = 0;
  std::string sha256, code, name, type;
};
base::Result<OriginalView> take_original(CaseFile& file, std::int64_t number, const std::string& reason);
base::Result<std::string> original_bytes(CaseFile& file, std::int64_t number, std::uint64_t offset,
                                         std::size_t n);

}  // namespace evidence
