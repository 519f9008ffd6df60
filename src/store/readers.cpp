#include <store/readers.h>

#include <utility>

namespace store {

Readers::Readers(std::function<std::unique_ptr<Sql>()> open, std::size_t most)
    : open_(std::move(open)), most_(most) {}

Readers::Lent Readers::lend() {
  std::unique_ptr<Sql> sql;
  {
    std::unique_lock lock(mutex_);
    back_.wait(lock, [&] { return out_ < most_; });
    ++out_;
    if (!idle_.empty()) {
      sql = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  try {
    if (sql) try {
        sql->snapshot();
      } catch (const base::Fault&) { sql.reset(); }  // lost meanwhile: PostgreSQL was restarted
    if (!sql) {
      sql = open_();
      sql->snapshot();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    --out_;
    back_.notify_one();
    throw;
  }
  return {*this, std::move(sql)};
}

Readers::Lent& Readers::Lent::operator=(Lent&& other) noexcept {
  give_back();
  from_ = std::exchange(other.from_, nullptr), sql_ = std::move(other.sql_);
  return *this;
}
void Readers::Lent::give_back() noexcept {
  if (!sql_) return;
  sql_->rollback();
  const std::lock_guard lock(from_->mutex_);
  from_->idle_.push_back(std::move(sql_));
  --from_->out_;
  from_->back_.notify_one();
}

}  // namespace store
