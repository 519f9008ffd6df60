#pragma once
// For tests and tools: a Sink that keeps all it is told, as a tree of items.

#include <base/text.h>
#include <extract/memory.h>

#include <functional>
#include <memory>

namespace extract {

struct Recorded {
  PartInfo info;
  std::vector<std::pair<std::string, std::string>> metas;
  std::vector<std::string> pages{""};
  std::vector<std::pair<Reason, std::string>> findings;
  std::vector<std::pair<std::string, std::string>> derived;
  std::vector<std::string> machines;
  std::optional<std::uint64_t> expected;
  std::string bytes;  // of a part
  bool has_bytes = false, lost = false;
  std::vector<std::unique_ptr<Recorded>> parts;

  std::string text() const {
    std::string t;
    for (const std::string& p : pages) t += p + "\f";
    if (!t.empty()) t.pop_back();
    return t;
  }
  // The first value of a key, or "".
  std::string meta(std::string_view key) const {
    for (const auto& [k, v] : metas)
      if (k == key) return v;
    return {};
  }
  std::vector<std::string> all(std::string_view key) const {
    std::vector<std::string> out;
    for (const auto& [k, v] : metas)
      if (k == key) out.push_back(v);
    return out;
  }
  bool found(Reason r) const {
    for (const auto& f : findings)
      if (f.first == r) return true;
    return false;
  }
};

class RecordingSink final : public Sink {
 public:
  explicit RecordingSink(const Limits& limits = {}) : limits_(limits) { stack_.push_back(&root); }
  Recorded root;

  void meta(std::string_view k, std::string_view v) override { top().metas.emplace_back(k, base::clean(v)); }
  bool text(std::string_view t) override {
    if ((text_bytes_ += t.size()) > limits_.text_bytes_max) {
      if (!std::exchange(text_told_, true)) finding(Reason::too_large, "text");
      return false;
    }
    top().pages.back() += base::clean(t);
    return true;
  }
  void next_page() override { top().pages.emplace_back(); }
  void finding(Reason r, std::string_view d) override { top().findings.emplace_back(r, d); }
  void derived(std::string_view k, std::string_view b) override { top().derived.emplace_back(k, b); }
  void machine(std::string_view e, std::string_view v, std::string_view p) override {
    top().machines.push_back(std::string(e) + " " + std::string(v) + " " + std::string(p));
  }
  void expect(std::uint64_t n) override { top().expected = n; }
  bool begin_part(const PartInfo& i) override {
    if (++parts_ > limits_.parts_max) {
      finding(Reason::too_large, "parts");
      return false;
    }
    CHECK(!part_);
    part_ = add(i);
    part_->has_bytes = true;
    return true;
  }
  bool part_bytes(std::string_view b) override {
    CHECK(part_);
    if ((bytes_ += b.size()) > std::min<std::uint64_t>(limits_.parts_bytes_max, 1ull << 30)) return false;
    part_->bytes += b;
    return true;
  }
  void end_part() override {
    CHECK(part_);
    part_ = nullptr;
  }
  void fail_part(Reason r, std::string_view d) override {
    CHECK(part_);
    part_->findings.emplace_back(r, d);
    part_ = nullptr;
  }
  void lost_part(const PartInfo& i, Reason r, std::string_view d) override {
    Recorded* p = add(i);
    p->lost = true;
    p->findings.emplace_back(r, d);
  }
  bool begin_item(const PartInfo& i) override {
    CHECK(!part_);
    if (++parts_ > limits_.parts_max || stack_.size() > limits_.depth_max) return false;
    stack_.push_back(add(i));
    return true;
  }
  void end_item() override {
    CHECK(stack_.size() > 1 && !part_);
    stack_.pop_back();
  }
  bool balanced() const { return stack_.size() == 1 && !part_; }

 private:
  Recorded& top() { return *stack_.back(); }
  Recorded* add(const PartInfo& i) {
    top().parts.push_back(std::make_unique<Recorded>());
    top().parts.back()->info = i;
    return top().parts.back().get();
  }
  Limits limits_;
  std::vector<Recorded*> stack_;
  Recorded* part_ = nullptr;
  std::uint64_t text_bytes_ = 0, bytes_ = 0, parts_ = 0;
  bool text_told_ = false;
};

// Reads bytes as the worker would, outside the sandbox.
inline std::unique_ptr<RecordingSink> record(std::string_view bytes, std::string_view name = "",
                                             std::vector<std::string> passwords = {}, Limits limits = {},
                                             bool ocr = false) {
  auto sink = std::make_unique<RecordingSink>(limits);
  MemorySource source(bytes);
  const std::string type = type_of(source, name);
  sink->meta("type", type);
  if (const Reader* reader = reader_of(type)) {
    const base::Status s = reader->read(source, {name, type, passwords, ocr, limits}, *sink);
    if (!s.ok())
      sink->finding(s.error().why == base::Refusal::unsupported ? Reason::unsupported
                    : s.error().why == base::Refusal::exhausted ? Reason::too_large
                                                                : Reason::damaged,
                    s.error().message);
  } else {
    sink->finding(Reason::unsupported, type);
  }
  return sink;
}

}  // namespace extract
