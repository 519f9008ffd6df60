#pragma once
// The columns of the index: one value an item, in blocks of 4,096 items, in a sealed SQLite file beside the
// shards.

#include <search/index.h>
#include <store/sql.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace search {

enum class Dictionary : std::uint8_t { type, language, custodian, folder };

class ColumnStore {
 public:
  ColumnStore(const std::string& path, const std::string& key, unsigned shards_if_new);
  ~ColumnStore();

  unsigned shards() const { return shards_; }
  std::int64_t seen() const;
  void put(const Document& d, std::uint32_t words);  // from any thread; kept until commit()
  void commit(std::int64_t sequence);
  void load(Columns& to);
  std::string word(Dictionary d, std::uint32_t number);       // text of a dictionary number, "" for 0
  std::uint32_t number(Dictionary d, std::string_view text);  // 0 when unknown
  std::vector<std::string> words(Dictionary d);

 private:
  struct Block;
  Block& block(std::uint32_t number);
  std::uint32_t code(Dictionary d, std::string_view text);
  mutable std::mutex mutex_;
  std::unique_ptr<store::Sql> sql_;
  unsigned shards_ = 1;
  std::map<std::uint32_t, std::unique_ptr<Block>> dirty_;
  struct Words {
    std::vector<std::string> texts{""};
    std::unordered_map<std::string, std::uint32_t> numbers;
    std::size_t stored = 1;
  };
  std::array<Words, 4> dictionaries_;
};

}  // namespace search
