#pragma once
// Prepared statements by their text; of many, those longest unused are given up.

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace store {

template <class S>
class KeptStatements {
 public:
  static constexpr std::size_t kMost = 256;
  // The one of this text, or what `make` makes of it. What is being stepped through is never given up.
  template <class Make>
  S& of(std::string_view text, Make&& make) {
    if (const auto at = by_text_.find(text); at != by_text_.end()) {
      all_.splice(all_.begin(), all_, at->second);
      return *all_.front().second;
    }
    for (auto last = all_.end(); all_.size() >= kMost && last != all_.begin();)
      if (!(--last)->second->busy()) {
        by_text_.erase(last->first);
        last = all_.erase(last);
      }
    all_.emplace_front(std::string(text), make());
    by_text_.emplace(all_.front().first, all_.begin());
    return *all_.front().second;
  }
  void reset() {
    for (auto& [text, s] : all_) s->reset();
  }
  std::size_t size() const { return all_.size(); }

 private:
  using List = std::list<std::pair<std::string, std::unique_ptr<S>>>;
  List all_;  // newest first
  std::unordered_map<std::string_view, typename List::iterator> by_text_;
};

}  // namespace store
