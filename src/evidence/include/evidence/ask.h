#pragma once
// What can be asked of a case: hits, term counts, an item, the account, the proof that all holds. Every
// answer that shows content is told to the ledger before it is given.

#include <evidence/office.h>
#include <search/index.h>
#include <search/query.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace evidence {

class CaseFile;

struct Hit {
  std::string item, path, type, title, date, sender;
  std::size_t page = 1, offset = 0;
  std::string snippet;
  std::vector<std::pair<std::size_t, std::size_t>> marks;
  std::uint64_t family_items = 0;  // hits of the same family
  std::uint64_t matches = 0;       // places in the text; 0 in one of more than Search::counted_bytes_max
  std::int64_t size = 0;
  std::string languages;    // separated by spaces, the first one the most likely
  std::int64_t family = 0;  // number of the received thing it hangs on
};

// The items of a result over time and on the map. A place is where an item itself says it was made.
struct Timeline {
  std::string by;                                             // "day", "month", "year"
  std::vector<std::pair<std::string, std::uint64_t>> counts;  // "1995-07", in order of time; none is 0
  std::uint64_t undated = 0;
};
struct Box {
  double south = -90, west = -180, north = 90, east = 180;  // degrees; both borders belong to it
  bool holds(double latitude, double longitude) const {
    return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
  }
};
base::Result<Box> parse_box(const std::string& text);  // "south,west,north,east". Refuses: invalid
struct Cluster {
  double latitude = 0, longitude = 0;  // the middle of its points
  std::uint64_t count = 0;
  std::int64_t item = 0;  // the first of them
  Box box;                // that just holds them
};
struct PlaceMap {
  std::vector<Cluster> clusters;          // most points first
  std::uint64_t placed = 0, without = 0;  // items in the box asked for; items without a place
};
struct Found {
  std::uint64_t total = 0, families = 0;
  std::vector<Hit> hits;
  std::vector<search::Facet> facets;
};
struct SearchOptions {
  std::size_t limit = 20, offset = 0;
  search::Sort sort = search::Sort::relevance;
  bool facets = false;
};
// What a query found at one moment, in order: it is looked through in windows without being asked again.
class Search {
 public:
  static constexpr std::size_t counted_bytes_max = 1 << 20;
  struct Asked {
    std::string query;
    search::Sort sort = search::Sort::relevance;
    // Each narrows to its values. Beside the facets that are counted: "place", of "south,west,north,east".
    std::vector<std::pair<std::string, std::vector<std::string>>> facets;
    std::size_t ranked = 0;  // by relevance, so many are put in order; 0: all
  };
  // Told to the ledger. Refuses: invalid (the query, a facet), exhausted.
  static base::Result<std::shared_ptr<const Search>> run(CaseFile& file, const Asked& asked);
  std::uint64_t total() const { return items_.size(); }
  std::uint64_t families() const { return families_.size(); }
  const std::vector<search::Facet>& facets() const { return facets_; }
  const std::vector<std::uint32_t>& items() const { return items_; }  // their numbers
  base::Result<std::vector<Hit>> hits(CaseFile& file, std::size_t offset, std::size_t limit) const;
  // By days, months or years; `by` empty: what gives the finest picture of at most 400 columns, or years.
  Timeline timeline(CaseFile& file, std::string_view by) const;
  // Points within `within`, gathered in cells of `cell` degrees.
  PlaceMap places(CaseFile& file, const Box& within, double cell) const;
  // Where the query hits in the text of an item, begin and end in bytes.
  std::vector<std::pair<std::size_t, std::size_t>> marks(std::string_view text,
                                                         const std::string& languages) const;

 private:
  Search() = default;
  std::unique_ptr<search::Node> tree_;
  std::vector<std::uint32_t> items_;
  std::unordered_map<std::uint32_t, std::uint64_t> families_;  // and how many of each were found
  std::vector<search::Facet> facets_;
};

// Refuses: invalid (the query), exhausted.
base::Result<Found> find(CaseFile& file, const std::string& query, const SearchOptions& options);

struct TermCount {
  std::string term;
  std::uint64_t items = 0, families = 0, unique = 0, with_families = 0;
  std::string error;  // then the counts mean nothing
};
base::Result<std::vector<TermCount>> count_terms(CaseFile& file, const std::vector<std::string>& terms);

struct Totals {
  std::int64_t expected = 0, extracted = 0, failed = 0, skipped = 0, pending = 0;
};
struct Container {
  std::string item, path, type;
  std::int64_t expected = 0, extracted = 0, failed = 0, skipped = 0;
};
struct Failure {
  std::string item, path, state, reason, detail;
};
struct Account {
  Totals totals;
  std::vector<Container> containers;
  std::vector<Failure> failures, skipped, partial;  // partial: read, but not all of it
  std::vector<std::pair<std::string, std::int64_t>> types, reasons;
  std::int64_t duplicates = 0, near_duplicates = 0, threads = 0, low_ocr = 0;
  std::int64_t bytes_originals = 0, bytes_text = 0, bytes_vault = 0, bytes_index = 0, bytes_records = 0;
};
Totals totals_of(CaseFile& file);
Account account(CaseFile& file);

struct Verdict {
  std::int64_t objects = 0, object_bytes = 0, rows = 0, checkpoints = 0, items = 0;
  double seconds_rows = 0, seconds_objects = 0;
  std::vector<std::string> deviations;
};
// Re-hashes every object, recomputes the tree, checks the accounts and the checkpoints kept here and with the
// keys.
Verdict verify(CaseFile& file, const std::function<void(std::int64_t done, std::int64_t total)>& tick);
// The ledger of the office itself: its people, their rights and sign-ins, its cases.
Verdict verify_office(Office& office);
Verdict verify_office(Office& office, store::Sql& sql);  // read through another connection

// A BagIt folder with all a stranger needs. Refuses: not_found, conflict (the folder is not empty), damaged.
base::Status write_proof(CaseFile& file, std::int64_t item, const std::string& out);
// The second verifier: checks a proof folder as verify.sh does. Empty: all holds.
std::vector<std::string> check_proof(const std::string& folder);

// One item as JSON, its text, its custody; each is told to the ledger first.
base::Result<std::string> show_json(CaseFile& file, std::int64_t item);
base::Result<std::string> show_text(CaseFile& file, std::int64_t item);
base::Result<std::string> show_custody(CaseFile& file, std::int64_t item, bool json);
base::Status show_original(CaseFile& file, std::int64_t item,
                           const std::function<void(std::string_view)>& out);
base::Result<std::string> show_plain(CaseFile& file, std::int64_t item);

// All items, a JSON object a line; all texts likewise.
void list_items(CaseFile& file, const std::function<void(const std::string&)>& line);
void list_texts(CaseFile& file, const std::function<void(const std::string&)>& line);
base::Status reindex(CaseFile& file, const std::function<void(std::int64_t done, std::int64_t total)>& tick);

// For a server, that acts for many. `basis`: why they may, as members of a JSON object; kept in the ledger
// with what they search, view and copy out.
void act_as(CaseFile& file, const std::string& person, const std::string& basis = {});
base::Result<std::shared_ptr<CaseFile>> open_case(Office& office, const CaseName& name);
base::Result<std::pair<std::shared_ptr<CaseFile>, std::int64_t>> open_item(Office& office,
                                                                           const std::string& code);

// Copies a home with a consistent state of every database, re-reads the copy and compares. Keys are not
// copied.
base::Status backup(Office& office, const std::string& to,
                    const std::function<void(std::int64_t, std::int64_t)>& tick);

}  // namespace evidence
