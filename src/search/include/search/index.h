#pragma once
// The text index of one case: FTS5 in shards, and columns for what is filtered and counted. Derived: it may
// be deleted and is rebuilt from the records and the vault. Format: docs/formats/index.md.

#include <search/query.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace search {

inline constexpr std::int64_t kNoDate = INT64_MIN;

enum Flag : std::uint16_t {
  has_text = 1,
  has_attachment = 2,
  has_gps = 4,
  has_ocr = 8,
  has_finding = 16,
  has_duplicate = 32,
  has_date = 64
};

// What the index knows of one item.
struct Document {
  std::int64_t sequence = 0;  // of its last processing: what the index has seen, it has seen in this order
  std::uint32_t item = 0;     // number in the case, from 1
  std::uint32_t family = 0;   // number of the item its family begins with
  std::uint32_t same_as = 0;  // first item with the same bytes; itself if none
  std::string type, custodian, folder;
  std::vector<std::string> languages;  // most frequent first
  std::int64_t date = kNoDate;         // seconds since 1970
  std::uint64_t size = 0;
  std::uint16_t flags = 0;
  std::string title, from, to, author, path, body;
  // What was indexed before for the same item, when it is processed again.
  std::unique_ptr<Document> before;
};

struct Columns {  // one entry an item number; entry 0 unused
  std::vector<std::uint32_t> length, family, folder, same_as;
  std::vector<std::uint16_t> type, custodian, flags;
  std::array<std::vector<std::uint16_t>, 3> language;
  std::vector<std::int64_t> date;
  std::vector<std::uint64_t> size;
  std::size_t items() const { return length.size(); }
};

struct Match {
  std::uint32_t item;
  float score;
};

enum class Sort { relevance, date, path };
struct Facet {
  std::string name;  // "type", "year", "language", "custodian", "folder"
  std::vector<std::pair<std::string, std::uint64_t>> values;  // most frequent first
};

// Where in a text a query hits.
struct Excerpt {
  std::size_t page = 1;    // from 1; pages are separated by \f in stored texts
  std::size_t offset = 0;  // bytes from the start of the text
  std::string snippet;
  std::vector<std::pair<std::size_t, std::size_t>> marks;  // of the snippet, begin and end in bytes
  bool hit = false;
};

class Writer;

class Index {
 public:
  struct Options {
    std::string folder;   // made when absent
    std::string key;      // 32 bytes
    unsigned shards = 2;  // of a new index; an old one keeps its own
  };
  explicit Index(Options options);
  ~Index();
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  // What every part of the index has durably seen.
  std::int64_t seen() const;
  // One thread adds; shards write on threads of their own.
  void add(Document d);
  void commit();    // waits; durable enough that seen() never runs ahead of it
  void optimize();  // merges segments: smaller and faster

  // What the index does not hold is asked of the records: the items that have a value in `field`, "sha256"
  // (in hexadecimal) or "tag", "issue", "folder" (its name); nothing: no such value. Every shard asks,
  // from a thread of its own: one search must be answered the same to all.
  using Lookup = std::function<std::optional<std::vector<std::uint32_t>>(std::string_view field,
                                                                         std::string_view value)>;
  // All matches, by item number. Refuses: invalid, exhausted.
  base::Result<std::vector<Match>> search(const Node& query, const Lookup& lookup);
  std::vector<Facet> facets(const std::vector<Match>& matches);
  // Keeps the matches that have one of the values of a facet. False: there is no such facet.
  bool keep(std::vector<Match>& matches, std::string_view facet, const std::vector<std::string>& values);
  const Columns& columns();  // as of the last commit
  // Orders a page of hits out of all matches. Path order needs the records and is not the index's.
  static void rank(std::vector<Match>& matches, std::size_t first_n);
  std::uint64_t bytes_on_disk() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Every place where a text shows what a query asks for, begin and end in bytes, in order.
std::vector<std::pair<std::size_t, std::size_t>> hits_in(const Node& query, std::string_view text,
                                                         const std::vector<std::string>& languages);

// The first hit of a query in a text, with its surroundings.
Excerpt excerpt(const Node& query, std::string_view text, const std::vector<std::string>& languages,
                std::size_t snippet_bytes = 240);

}  // namespace search
