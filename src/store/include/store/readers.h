#pragma once
// Connections that only read, beside the one that writes: each lent to one thread at a time.

#include <store/sql.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace store {

class Readers {
 public:
  // `open` gives a connection; at most `most` are open at once.
  Readers(std::function<std::unique_ptr<Sql>()> open, std::size_t most);

  // A connection in the hands of one thread, showing one state of the records from the first look until it is
  // given back.
  class Lent {
   public:
    Lent() = default;
    Lent(Lent&& other) noexcept : from_(std::exchange(other.from_, nullptr)), sql_(std::move(other.sql_)) {}
    Lent& operator=(Lent&& other) noexcept;
    ~Lent() { give_back(); }
    explicit operator bool() const { return sql_ != nullptr; }
    Sql& operator*() const { return *sql_; }
    void give_back() noexcept;

   private:
    friend class Readers;
    Lent(Readers& from, std::unique_ptr<Sql> sql) : from_(&from), sql_(std::move(sql)) {}
    Readers* from_ = nullptr;
    std::unique_ptr<Sql> sql_;
  };
  Lent lend();  // waits while all are out

 private:
  const std::function<std::unique_ptr<Sql>()> open_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable back_;
  std::vector<std::unique_ptr<Sql>> idle_;  // the last given back is lent first: few caches are warm
  std::size_t out_ = 0;
};

}  // namespace store
