#include "suite.h"

#include <base/handle.h>
#include <store/vault.h>

#include <random>

namespace {

struct Kept {
  suite::Folder folder;
  store::Vault vault{folder.path, std::string(32, 'k'), "case"};
};

}  // namespace

TEST(Vault, gives_back_what_was_put_at_every_length_around_a_chunk) {
  const Kept k;
  store::Vault::Appender a(k.vault);
  for (const std::size_t n : {0, 1, 16383, 16384, 16385, 32768, 100000}) {
    const std::string bytes = base::random_bytes(n);
    const store::Place p = a.put(bytes);
    a.sync();
    EXPECT_EQ(k.vault.read(p).value(), bytes);
    if (n > 10) { EXPECT_EQ(k.vault.read(p, n / 2, 5).value(), bytes.substr(n / 2, 5)); }
  }
}

TEST(Vault, a_streamed_object_is_the_same_as_one_put_at_once) {
  const Kept k;
  store::Vault::Appender a(k.vault);
  std::string all;
  a.begin();
  for (int i = 0; i < 300; ++i) {
    const std::string piece = base::random_bytes(static_cast<std::size_t>(i * 37 % 20000));
    a.add(piece);
    all += piece;
  }
  const store::Place p = a.finish();
  a.sync();
  EXPECT_EQ(k.vault.read(p).value(), all);
}

TEST(Vault, an_abandoned_object_leaves_its_neighbours_whole) {
  const Kept k;
  store::Vault::Appender a(k.vault);
  const store::Place first = a.put("first");
  for (const std::size_t n : {10ul, 5'000'000ul}) {
    a.begin();
    a.add(std::string(n, 'x'));
    a.abandon();
  }
  const store::Place last = a.put("last");
  a.sync();
  EXPECT_EQ(k.vault.read(first).value(), "first");
  EXPECT_EQ(k.vault.read(last).value(), "last");
}

TEST(Vault, an_object_taken_back_leaves_its_room_to_the_next) {
  const Kept k;
  store::Vault::Appender a(k.vault);
  const store::Place first = a.put("first"), second = a.put(std::string(3'000'000, 'x'));
  a.take_back(second);
  const store::Place third = a.put("third");
  a.sync();
  EXPECT_EQ(third.offset, second.offset);
  EXPECT_EQ(k.vault.read(first).value() + k.vault.read(third).value(), "firstthird");
}

TEST(Vault, keeps_every_object_whatever_is_streamed_taken_back_and_synced_between) {
  std::mt19937 dice(7);
  for (const char* place : {"", "/dev/shm"}) {  // the second takes no direct writes
    const suite::Folder folder(place);
    const store::Vault vault{folder.path, std::string(32, 'k'), "case"};
    store::Vault::Appender a(vault);
    std::vector<std::pair<store::Place, std::string>> kept;
    const std::string bytes = base::random_bytes(6'000'000);
    for (int i = 0; i < 400; ++i) {
      const std::size_t n = dice() % 3 ? dice() % 9000 : dice() % (i % 20 ? 60'000 : bytes.size());
      const std::string_view piece = std::string_view(bytes).substr(dice() % (bytes.size() - n), n);
      switch (dice() % 8) {
        case 0: a.sync(); break;
        case 1: a.begin(), a.add(piece), a.abandon(); break;
        case 2: a.take_back(a.put(piece)); break;
        case 3:
          a.begin();
          for (std::string_view rest = piece; !rest.empty();
               rest.remove_prefix(std::min(rest.size(), n / 3 + 1)))
            a.add(rest.substr(0, n / 3 + 1));
          kept.emplace_back(a.finish(), piece);
          break;
        default: kept.emplace_back(a.put(piece), piece);
      }
    }
    a.sync();
    for (const auto& [where, what] : kept) {
      EXPECT_TRUE(vault.read(where).value() == what);
      EXPECT_TRUE(vault.open(where).check_behind().ok());
    }
    EXPECT_GT(kept.size(), 100u);
  }
}

TEST(Vault, tells_every_changed_byte_of_an_object) {
  const Kept k;
  store::Place p;
  {
    store::Vault::Appender a(k.vault);
    p = a.put("a witness statement");
    a.sync();
  }
  const std::string path = k.vault.pack_path(p.pack), good = base::read_file(path);
  const auto from = static_cast<std::size_t>(p.offset), to = from + 16 + 24 + 32 + 19 + 16;
  ASSERT_EQ(good.size(), 4096u) << "behind the object the block is filled up";
  for (std::size_t i = from; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    base::replace_file(path, bad);
    EXPECT_EQ(k.vault.read(p).ok(), i >= to) << i;
    EXPECT_FALSE(k.vault.read(p).ok() && k.vault.open(p).check_behind().ok()) << i;
  }
  base::replace_file(path, good);
  EXPECT_TRUE(k.vault.read(p).ok() && k.vault.open(p).check_behind().ok());
  base::replace_file(path, good.substr(0, 4095));
  EXPECT_FALSE(k.vault.open(p).check_behind().ok());
}

TEST(Vault, an_object_does_not_open_under_another_key_or_in_another_case) {
  const Kept k;
  store::Vault::Appender a(k.vault);
  const store::Place p = a.put("x");
  a.sync();
  EXPECT_FALSE(store::Vault(k.folder.path, std::string(32, 'z'), "case").read(p).ok());
  EXPECT_FALSE(store::Vault(k.folder.path, std::string(32, 'k'), "other").read(p).ok());
}
