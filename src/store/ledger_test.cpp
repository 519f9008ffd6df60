#include "suite.h"

#include <base/handle.h>
#include <store/ledger.h>

namespace {

std::uint64_t fill(store::Sql& sql, store::Ledger& ledger, int n) {
  store::Transaction t(sql);
  for (int i = 0; i < n; ++i)
    ledger.append({"sealed", "tester", "K-" + std::to_string(i), R"({"n":)" + std::to_string(i) + "}"},
                  1'700'000'000'000'000 + i);
  t.commit();
  return ledger.size();
}

}  // namespace

STORE_TEST(ledger_tree_is_that_of_rfc_9162_however_it_was_grown) {
  sql->script(store::Ledger::schema());
  store::Ledger ledger(*sql);
  store::Frontier plain;
  std::uint64_t rows = 0;
  for (const int n : {1, 2, 3, 250, 1, 255, 1, 300}) {
    store::Ledger again(*sql);  // another process takes up where the tables are
    rows = fill(*sql, again, n);
  }
  ledger.scan([&](const store::Ledger::Row& r) {
    EXPECT_TRUE(store::Ledger::check_row(r).ok());
    plain.add(store::leaf_hash(r.entry));
    return true;
  });
  EXPECT_EQ(plain.size(), rows);
  EXPECT_EQ(plain.root(), ledger.head("o").root);
}

STORE_TEST(two_connections_that_take_turns_write_one_ledger) {
  sql->script(store::Ledger::schema());
  store::Ledger one(*sql), other(*sql);
  for (const int n : {1, 2, 254, 1, 300, 5}) {
    one.again();
    fill(*sql, one, n);
    other.again();
    fill(*sql, other, n);
  }
  store::Frontier plain;
  one.scan([&](const store::Ledger::Row& r) {
    EXPECT_TRUE(store::Ledger::check_row(r).ok());
    plain.add(store::leaf_hash(r.entry));
    return true;
  });
  EXPECT_EQ(plain.size(), 2u * 563u);
  EXPECT_EQ(plain.root(), other.head("o").root);
}

STORE_TEST(a_rolled_back_change_leaves_no_row_and_no_hole) {
  sql->script(store::Ledger::schema());
  store::Ledger ledger(*sql);
  fill(*sql, ledger, 3);
  {
    store::Transaction t(*sql);
    ledger.append({"viewed", "tester", "", "{}"}, 0);
  }
  ledger.forget();
  EXPECT_EQ(fill(*sql, ledger, 1), 4u);
}

// RFC 6962's own leaves and roots, as used by Certificate Transparency implementations.
TEST(Tree, gives_the_published_roots) {
  const std::string leaves[] = {"",
                                std::string(1, '\0'),
                                "\x10",
                                "\x20\x21",
                                "\x30\x31",
                                "\x40\x41\x42\x43",
                                "\x50\x51\x52\x53\x54\x55\x56\x57",
                                "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  store::Frontier f;
  EXPECT_EQ(base::hex(base::view(f.root())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const std::string& l : leaves) f.add(store::leaf_hash(l));
  EXPECT_EQ(base::hex(base::view(f.root())),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Tree, proves_every_leaf_and_every_older_size_and_nothing_else) {
  const suite::Folder folder;
  const auto sql = store::open_sqlite(folder.path + "/t.db", {.durable = false});
  sql->script(store::Ledger::schema());
  store::Ledger ledger(*sql);
  fill(*sql, ledger, 70);
  std::vector<base::Digest> leaves;
  ledger.scan([&](const auto& r) { return leaves.push_back(store::leaf_hash(r.entry)), true; });
  for (std::uint64_t n = 1; n <= 70; ++n) {
    const store::Checkpoint c{"o", n, ledger.root_of(n)};
    for (std::uint64_t i = 0; i < n; ++i) {
      auto path = ledger.inclusion(i, n);
      EXPECT_TRUE(store::includes(c, i, leaves[i], path));
      EXPECT_FALSE(store::includes(c, i, leaves[(i + 1) % 70], path));
      EXPECT_FALSE(n > 1 && store::includes(c, (i + 1) % n, leaves[i], path));
      path.push_back({});
      EXPECT_FALSE(store::includes(c, i, leaves[i], path));
    }
    for (std::uint64_t m = 1; m <= n; ++m) {
      const store::Checkpoint old{"o", m, ledger.root_of(m)};
      auto proof = ledger.consistency(m, n);
      EXPECT_TRUE(store::same_history(old, c, proof)) << m << " " << n;
      store::Checkpoint forged = old;
      forged.root[0] ^= 1;
      EXPECT_FALSE(store::same_history(forged, c, proof));
    }
  }
}

TEST(Checkpoint, holds_only_in_its_one_spelling) {
  const base::SigningKey key = base::SigningKey::make();
  const store::Checkpoint c{"custos/x", 42, base::sha256("root")};
  const std::string note = store::sign_checkpoint(c, "custos/x", key);
  ASSERT_TRUE(store::open_checkpoint(note, "custos/x", key.public_key).ok());
  const std::string other = store::sign_checkpoint(c, "custos/y", base::SigningKey::make());
  EXPECT_TRUE(
      store::open_checkpoint(note + other.substr(other.find("\n\n") + 2), "custos/x", key.public_key).ok());
  EXPECT_FALSE(store::open_checkpoint(other, "custos/x", key.public_key).ok());
  int changed = 0;
  for (std::size_t i = 0; i < note.size(); ++i)
    for (const char x : {1, 32}) {
      std::string bad = note;
      bad[i] = static_cast<char>(bad[i] ^ x);
      changed += store::open_checkpoint(bad, "custos/x", key.public_key).ok();
      std::string shorter = note;
      shorter.erase(i, 1);
      changed += store::open_checkpoint(shorter, "custos/x", key.public_key).ok();
    }
  EXPECT_EQ(changed, 0);
}

TEST(Ledger, a_changed_row_is_told) {
  const suite::Folder folder;
  const auto sql = store::open_sqlite(folder.path + "/t.db", {.durable = false});
  sql->script(store::Ledger::schema());
  store::Ledger ledger(*sql);
  fill(*sql, ledger, 1);
  ledger.scan([&](const store::Ledger::Row& r) {
    const std::string entry(r.entry), payload(r.payload), salt(r.salt);
    EXPECT_TRUE(store::Ledger::check_row({0, entry, salt, payload}).ok());
    for (std::size_t i = 0; i < payload.size(); ++i) {
      std::string bad = payload;
      bad[i] = static_cast<char>(bad[i] ^ 1);
      EXPECT_FALSE(store::Ledger::check_row({0, entry, salt, bad}).ok());
    }
    EXPECT_FALSE(store::Ledger::check_row({1, entry, salt, payload}).ok());
    EXPECT_FALSE(store::Ledger::check_row({0, entry + " ", salt, payload}).ok());
    return true;
  });
}
