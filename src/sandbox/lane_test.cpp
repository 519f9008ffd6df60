#include <base/bytes.h>
#include <base/crypto.h>
#include <base/text.h>
#include <sandbox/confine.h>
#include <sandbox/lane.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace {

struct Kept final : sandbox::FrameReader::Listener, extract::Sink {
  std::vector<std::string> calls;
  void begin(std::uint64_t i) override { calls.push_back("begin " + std::to_string(i)); }
  void done(std::uint64_t i) override { calls.push_back("done " + std::to_string(i)); }
  extract::Sink& sink() override { return *this; }
  void meta(std::string_view k, std::string_view v) override {
    calls.push_back("meta " + std::string(k) + "=" + std::string(v));
  }
  bool text(std::string_view t) override { return calls.push_back("text " + std::string(t)), true; }
  void next_page() override { calls.emplace_back("page"); }
  void finding(extract::Reason r, std::string_view) override {
    calls.push_back("finding " + std::string(extract::name_of(r)));
  }
  void derived(std::string_view k, std::string_view) override {
    calls.push_back("derived " + std::string(k));
  }
  void machine(std::string_view e, std::string_view, std::string_view) override {
    calls.push_back("machine " + std::string(e));
  }
  void expect(std::uint64_t n) override { calls.push_back("expect " + std::to_string(n)); }
  bool begin_part(const extract::PartInfo& i) override { return calls.push_back("part " + i.name), true; }
  bool part_bytes(std::string_view b) override {
    return calls.push_back("bytes " + std::to_string(b.size())), true;
  }
  void end_part() override { calls.emplace_back("end part"); }
  void fail_part(extract::Reason r, std::string_view) override {
    calls.push_back("fail " + std::string(extract::name_of(r)));
  }
  void lost_part(const extract::PartInfo& i, extract::Reason, std::string_view) override {
    calls.push_back("lost " + i.name);
  }
  bool begin_item(const extract::PartInfo& i) override { return calls.push_back("sub " + i.name), true; }
  void end_item() override { calls.emplace_back("end sub"); }
  bool met(const std::string& c) const { return std::find(calls.begin(), calls.end(), c) != calls.end(); }
};

sandbox::Task task(std::string name, std::string bytes) {
  sandbox::Task t;
  t.name = std::move(name), t.size = bytes.size();
  t.hold(std::make_shared<std::string>(std::move(bytes)));
  return t;
}

}  // namespace

TEST(Lane, reads_a_batch_in_a_confined_child) {
  sandbox::Lane lane({.worker = CUSTOS_BIN "/custos-worker"});
  Kept kept;
  const sandbox::JobEnd end = lane.run({task("a.bin", ""), task("b", std::string("\0\1\2\3", 4))}, kept);
  EXPECT_EQ(end.how, sandbox::Ended::well) << end.detail;
  EXPECT_EQ(end.items_done, 2u);
  EXPECT_TRUE(kept.met("meta type=inode/x-empty"));
  EXPECT_TRUE(kept.met("finding empty"));
  EXPECT_TRUE(kept.met("finding unsupported"));
}

// Libraries that hash addresses can abort while they load (Cairo 1.16 asserts that a 32-bit hash of a pointer
// is not 0); the next start has other addresses.
TEST(Lane, starts_a_worker_that_died_while_it_loaded_again_but_not_without_end) {
  std::string place = std::filesystem::temp_directory_path() / "custos-lane-XXXXXX";
  ASSERT_NE(::mkdtemp(place.data()), nullptr);
  const auto worker = [&](const std::string& name, int deaths) {
    const std::string path = place + "/" + name, starts = path + ".starts";
    std::ofstream(path) << "#!/bin/sh\necho x >> " << starts << "\nif [ $(wc -l < " << starts << ") -le "
                        << deaths << " ]; then kill -ABRT $$; fi\nexec " CUSTOS_BIN
                        << "/custos-worker \"$@\"\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  };
  Kept kept;
  sandbox::Lane once({.worker = worker("once", 1)});
  EXPECT_EQ(once.run({task("a.bin", "")}, kept).how, sandbox::Ended::well);
  sandbox::Lane never({.worker = worker("never", 1000)});
  EXPECT_THROW(never.run({task("a.bin", "")}, kept), base::Fault);
  EXPECT_EQ(std::filesystem::file_size(place + "/never.starts"), 3 * 2u);
  std::filesystem::remove_all(place);
}

TEST(Frames, hostile_bytes_are_refused_or_harmless) {
  for (int round = 0; round < 3000; ++round) {
    Kept kept;
    sandbox::FrameReader reader(kept, 1);
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
      const std::string random = base::random_bytes(40);
      base::append_le<std::uint32_t>(bytes, static_cast<unsigned char>(random[0]) % 32);
      bytes += static_cast<char>(static_cast<unsigned char>(random[1]) % 19);
      bytes += random.substr(2, static_cast<unsigned char>(random[0]) % 32);
    }
    static_cast<void>(reader.take(bytes, [](auto, auto, auto) -> base::Status { return base::Done{}; }));
    for (const std::string& c : kept.calls) EXPECT_TRUE(base::is_utf8(c));
  }
}
