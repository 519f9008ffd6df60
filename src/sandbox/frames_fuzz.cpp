#include <base/text.h>
#include <sandbox/frames.h>

#include <algorithm>

namespace {

bool is_text(std::string_view s) { return base::is_utf8(s) && s.find('\0') == std::string_view::npos; }

// Writes down what it is told, and insists on what the program outside relies on.
struct Watching final : sandbox::FrameReader::Listener, extract::Sink {
  std::string told;
  std::uint64_t items = 0;
  int depth = 0;
  bool open = false, in_part = false;

  void note(std::string_view call, std::string_view a = {}, std::string_view b = {}) {
    CHECK(open);
    told.append(call).append(" ").append(a).append(" ").append(b).append("\n");
  }
  void note(std::string_view call, const extract::PartInfo& i) {
    CHECK(is_text(i.name) && is_text(i.type) && is_text(i.modified) && static_cast<int>(i.kind) <= 3);
    note(call, i.name, i.type + i.modified + std::to_string(i.order));
  }
  void begin(std::uint64_t index) override {
    CHECK(!open && index == items);
    open = true;
    note("begin");
  }
  void done(std::uint64_t index) override {
    CHECK(index == items && depth == 0 && !in_part);
    note("done");
    open = false, ++items;
  }
  extract::Sink& sink() override { return *this; }

  void meta(std::string_view k, std::string_view v) override {
    CHECK(is_text(k) && is_text(v) && !k.empty());
    note("meta", k, v);
  }
  bool text(std::string_view t) override {
    CHECK(is_text(t) && t.find('\f') == std::string_view::npos);
    note("text", t);
    return true;
  }
  void next_page() override { note("page"); }
  void finding(extract::Reason r, std::string_view d) override {
    CHECK(is_text(d) && static_cast<std::size_t>(r) < extract::kReasonNames.size());
    note("finding", d);
  }
  void derived(std::string_view k, std::string_view b) override {
    CHECK(is_text(k) && !in_part);
    note("derived", k, b);
  }
  void machine(std::string_view e, std::string_view v, std::string_view p) override {
    CHECK(is_text(e) && is_text(v) && is_text(p) && !in_part);
    note("machine", e, v);
  }
  void expect(std::uint64_t n) override { note("expect", std::to_string(n)); }
  bool begin_part(const extract::PartInfo& i) override {
    CHECK(!std::exchange(in_part, true));
    note("part", i);
    return true;
  }
  bool part_bytes(std::string_view b) override {
    CHECK(in_part);
    note("bytes", b);
    return true;
  }
  void end_part() override {
    CHECK(std::exchange(in_part, false));
    note("end part");
  }
  void fail_part(extract::Reason r, std::string_view d) override {
    CHECK(std::exchange(in_part, false));
    finding(r, d);
  }
  void lost_part(const extract::PartInfo& i, extract::Reason r, std::string_view d) override {
    CHECK(!in_part);
    note("lost", i);
    finding(r, d);
  }
  bool begin_item(const extract::PartInfo& i) override {
    CHECK(!in_part);
    ++depth;
    note("item", i);
    return true;
  }
  void end_item() override {
    CHECK(!in_part && depth-- > 0);
    note("end item");
  }
};

// Cuts after as many bytes as `cuts` says, over and over; all at once where it says nothing.
std::string told(std::string_view bytes, std::string_view cuts) {
  Watching watching;
  sandbox::FrameReader reader(watching, 3);
  const auto read = [&](std::uint64_t item, std::uint64_t offset, std::uint32_t n) -> base::Status {
    CHECK(watching.open && item == watching.items && n <= sandbox::kWindow);
    watching.note("read", std::to_string(offset), std::to_string(n));
    return base::Done{};
  };
  for (std::size_t turn = 0; !bytes.empty(); ++turn) {
    const std::size_t n =
        cuts.empty() ? bytes.size() : 1u + static_cast<unsigned char>(cuts[turn % cuts.size()]);
    const base::Status s = reader.take(bytes.substr(0, n), read);
    if (!s.ok()) return watching.told + s.error().message;
    bytes.remove_prefix(std::min(n, bytes.size()));
  }
  CHECK(reader.next() == watching.items && reader.between_items() == !watching.open);
  return watching.told;
}

}  // namespace

// Any bytes are frames or are refused, and arrive the same however they are cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view cuts = all.substr(0, 4), bytes = all.substr(cuts.size());
  CHECK(told(bytes, cuts) == told(bytes, {}));
  return 0;
}
