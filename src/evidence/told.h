#pragma once
// What the worker told of an item, gathered outside of the sandbox: the sink behind the frames.

#include <base/crypto.h>
#include <extract/sink.h>
#include <store/vault.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace evidence {

struct Told {
  extract::PartInfo info;
  std::vector<std::pair<std::string, std::string>> metas;
  std::vector<std::pair<std::string, std::string>> findings;  // reason, detail
  std::vector<std::pair<std::string, std::string>> derived;   // kind, bytes
  std::string machine;
  std::string text;  // pages separated by \f
  std::int64_t pages = 1;
  bool expects = false;
  std::uint64_t expected = 0;
  std::vector<std::unique_ptr<Told>> parts;
  std::uint64_t parts_sent = 0;  // given away before the item ended
  // Of a part:
  bool has_bytes = false, item = false;  // item: told as fields, not as bytes
  std::shared_ptr<std::string> bytes;    // small ones
  store::Place place;                    // large ones: already in the vault, pack > 0
  std::string sha256;
  std::uint64_t size = 0;
  std::string failure, failure_detail;  // why it gave no bytes, or not all
  std::string first(std::string_view key) const {
    for (const auto& [k, v] : metas)
      if (k == key) return v;
    return {};
  }
};

// Large parts go to the vault as they stream; the appender belongs to the lane.
class Gatherer final : public extract::Sink {
 public:
  static constexpr std::size_t kSmall = 4 << 20;
  using Known = std::function<std::optional<store::Place>(const std::string& sha256)>;
  Gatherer(store::Vault::Appender& appender, std::function<void(Told&)> parts_waiting, Known known)
      : appender_(appender), parts_waiting_(std::move(parts_waiting)), known_(std::move(known)) {}
  ~Gatherer();
  void start(Told& root);
  void abandon();  // the job ended badly: a stream in progress is dropped

  void meta(std::string_view k, std::string_view v) override;
  bool text(std::string_view t) override;
  void next_page() override;
  void finding(extract::Reason r, std::string_view d) override;
  void derived(std::string_view k, std::string_view b) override;
  void machine(std::string_view e, std::string_view v, std::string_view p) override;
  void expect(std::uint64_t n) override;
  bool begin_part(const extract::PartInfo& i) override;
  bool part_bytes(std::string_view b) override;
  void end_part() override;
  void fail_part(extract::Reason r, std::string_view d) override;
  void lost_part(const extract::PartInfo& i, extract::Reason r, std::string_view d) override;
  bool begin_item(const extract::PartInfo& i) override;
  void end_item() override;

 private:
  Told& top() { return *stack_.back(); }
  Told& add(const extract::PartInfo& i);
  void close_part();
  void maybe_send();
  store::Vault::Appender& appender_;
  std::function<void(Told&)> parts_waiting_;  // empty: parts wait for the end of the job
  Known known_;                               // where large bytes lie that the case has already
  std::vector<Told*> stack_;
  Told* part_ = nullptr;
  base::Hasher hasher_;
  bool streaming_ = false;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace evidence
