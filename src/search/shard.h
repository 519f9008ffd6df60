#pragma once
// One FTS5 table in a sealed SQLite file. Rows are item numbers. A shard has one writer thread; readers open
// their own.

#include "stem.h"

#include <search/index.h>
#include <store/sql.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace search {

// What FTS5 sees of a query: names that stand for lists of indexed forms.
struct Forms {
  std::vector<std::vector<std::string>> lists;
  std::string name(std::vector<std::string> forms);  // "\x7f12"
};

class Shard {
 public:
  enum class Use { write, read };
  Shard(const std::string& path, const std::string& key, Use use);
  ~Shard();

  bool made();  // its tables are there
  std::int64_t seen();
  void begin();
  std::uint32_t add(const Document& d);  // returns the number of words of the body
  void remove(const Document& d);        // with the texts it was added with
  void commit(std::int64_t sequence);
  void optimize();

  // Appends item and score of every match, ascending by item. `lengths` are words an item.
  void match(const std::string& fts, const Forms& forms, const std::vector<std::uint32_t>& lengths,
             double mean_length, std::vector<Match>& out);
  // Indexed words (not stems) from `low` up to below `high` (no bound when empty), until false.
  void words(std::string_view low, std::string_view high, const std::function<bool(std::string_view)>& word);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace search
