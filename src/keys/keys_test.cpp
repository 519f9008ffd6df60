#include "lying.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <keys/doors.h>
#include <sandbox/door.h>

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using base::Refusal;
using keys::Duty;

constexpr const char* kOffice = "00112233";

// A ledger of leaves, as far as a signer asks.
struct Tree {
  std::vector<base::Digest> leaves{};
  void add(const std::string& row) { leaves.push_back(store::leaf_hash(row)); }
  base::Digest root(std::size_t from, std::size_t n) const {
    if (n == 0) return base::sha256("");
    if (n == 1) return leaves[from];
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    return store::node_hash(root(from, k), root(from + k, n - k));
  }
  store::Checkpoint head() const { return {"custos/00112233/office", leaves.size(), root(0, leaves.size())}; }
  // RFC 9162 §2.1.4.1, SUBPROOF.
  void way(std::size_t m, std::size_t from, std::size_t n, bool whole, std::vector<base::Digest>& out) const {
    if (m == n) {
      if (!whole) out.push_back(root(from, n));
      return;
    }
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    if (m <= k) {
      way(m, from, k, whole, out);
      out.push_back(root(from + k, n - k));
    } else {
      way(m - k, from + k, n - k, false, out);
      out.push_back(root(from, k));
    }
  }
  keys::Consistency since() const {
    return [this](std::uint64_t older) {
      std::vector<base::Digest> out;
      way(older, 0, leaves.size(), true, out);
      return out;
    };
  }
};

class Office : public testing::Test {
 protected:
  std::string folder =
      (fs::temp_directory_path() / ("custos-keys-" + base::hex(base::random_bytes(8)))).string();
  std::vector<pid_t> children;
  ~Office() override {
    for (const pid_t p : children) ::kill(p, SIGTERM), ::waitpid(p, nullptr, 0);
    fs::remove_all(folder);
  }
  std::vector<std::string> make(const keys::Sealing& how = {}) { return keys::make(folder, how).value(); }
  std::unique_ptr<keys::Keys> at_hand(const keys::Proof& proof = {}) {
    return std::move(keys::at_hand(folder, kOffice, proof).value());
  }
  // Both as processes, as a server starts them.
  void serve(const keys::Proof& proof = {}) {
    for (const Duty duty : {Duty::key_service, Duty::signer}) {
      const pid_t child = ::fork();
      if (child == 0) {
        static_cast<void>(keys::serve({duty, folder, kOffice, folder, {}, true, {}}, proof, {}));
        _exit(0);
      }
      children.push_back(child);
      for (int i = 0; i < 500 && !keys::state_of(folder, duty).ok(); ++i) ::usleep(10'000);
    }
  }
};

TEST_F(Office, makes_the_same_for_one_use_and_another_for_another) {
  make();
  const auto k = at_hand();
  EXPECT_EQ(*k->derived("pepper"), *at_hand()->derived("pepper"));
  EXPECT_NE(*k->derived("pepper"), *k->derived("incoming"));
  EXPECT_EQ(k->derived("pepper")->size(), 32u);
  const std::string wrapped = *k->wrapped("case 1", "secret of a case");
  EXPECT_EQ(*k->unwrapped("case 1", wrapped), "secret of a case");
  EXPECT_EQ(k->unwrapped("case 2", wrapped).error().why, Refusal::damaged);
}

TEST_F(Office, opens_its_files_by_the_right_passphrase_only_and_they_tell_nothing) {
  make({"a long passphrase", {}});
  EXPECT_EQ(keys::at_hand(folder, kOffice, {}).error().why, Refusal::denied);
  EXPECT_EQ(keys::at_hand(folder, kOffice, {"another", {}}).error().why, Refusal::denied);
  const auto k = at_hand({"a long passphrase", {}});
  EXPECT_EQ(base::read_file(folder + "/office.key").find("secret\""), std::string::npos);
  EXPECT_EQ(keys::how_they_lie(folder)->by, keys::By::passphrase);
  EXPECT_EQ(k->derived("pepper")->size(), 32u);
}

TEST_F(Office, opens_by_any_three_of_five_shares_and_by_no_two) {
  const auto shares = make({"", keys::Split{5, 3}});
  ASSERT_EQ(shares.size(), 5u);
  const auto k = at_hand({"", {shares[0], shares[2], shares[4]}});
  EXPECT_EQ(*at_hand({"", {shares[1], shares[2], shares[3]}})->derived("x"), *k->derived("x"));
  EXPECT_FALSE(keys::at_hand(folder, kOffice, {"", {shares[0], shares[1]}}).ok());
  EXPECT_EQ(keys::at_hand(folder, kOffice, {}).error().why, Refusal::denied);
}

TEST_F(Office, keeps_its_secrets_when_they_are_sealed_anew) {
  make();
  const std::string before = *at_hand()->derived("x"), signer = at_hand()->public_key();
  EXPECT_EQ(keys::confirm(folder, {}).error().why, Refusal::not_found);
  const auto shares = keys::seal_anew(folder, {}, {"", keys::Split{3, 2}}).value();
  const keys::Proof one{"", {shares[0]}}, two{"", {shares[0], shares[2]}};
  EXPECT_EQ(*at_hand()->derived("x"), before) << "a sheet that is lost now loses nothing";
  EXPECT_FALSE(keys::confirm(folder, one).ok());
  ASSERT_TRUE(keys::confirm(folder, two).ok());
  EXPECT_FALSE(keys::at_hand(folder, kOffice, {}).ok());
  EXPECT_EQ(*at_hand(two)->derived("x"), before);
  EXPECT_EQ(at_hand(two)->public_key(), signer);
  EXPECT_TRUE(keys::seal_anew(folder, two, {"a long passphrase", {}}).ok());
  EXPECT_EQ(*at_hand({"a long passphrase", {}})->derived("x"), before);
}

TEST_F(Office, opens_whatever_was_replaced_when_the_power_was_cut) {
  make({"the first passphrase", {}});
  const std::string before = *at_hand({"the first passphrase", {}})->derived("x");
  ASSERT_TRUE(keys::seal_anew(folder, {"the first passphrase", {}}, {"", keys::Split{3, 2}}).ok());
  // As far as the first of the two was replaced.
  const auto shares = keys::seal_anew(folder, {"the first passphrase", {}}, {"", keys::Split{3, 2}}).value();
  fs::rename(folder + "/office.key.next", folder + "/office.key");
  const keys::Proof two{"", {shares[0], shares[1]}};
  EXPECT_EQ(*at_hand(two)->derived("x"), before);
  ASSERT_TRUE(keys::confirm(folder, two).ok());
  EXPECT_EQ(*at_hand(two)->derived("x"), before);
}

TEST_F(Office, signs_what_continues_the_ledger_and_nothing_else) {
  make();
  const auto k = at_hand();
  Tree t;
  EXPECT_EQ(*k->last(t.head().origin), "");
  for (int n = 0; n < 40; ++n) {
    for (int i = 0; i <= n % 3; ++i) t.add("row " + std::to_string(t.leaves.size()));
    const auto note = k->sign(t.head(), t.since());
    ASSERT_TRUE(note.ok()) << note.error().message;
    EXPECT_EQ(store::open_checkpoint(*note, "custos/00112233", k->public_key())->root, t.head().root);
    EXPECT_EQ(*k->last(t.head().origin), *note);
    EXPECT_EQ(*k->sign(t.head(), t.since()), *note);  // the same head again
  }
  const std::string kept = *k->last(t.head().origin);
  Tree shorter = t, changed = t, forked = t;
  shorter.leaves.pop_back();
  EXPECT_EQ(k->sign(shorter.head(), shorter.since()).error().why, Refusal::conflict);
  changed.leaves[3] = store::leaf_hash("what was never said");
  EXPECT_EQ(k->sign(changed.head(), changed.since()).error().why, Refusal::conflict);
  forked.leaves.back() = store::leaf_hash("another row");
  forked.add("and one more");
  EXPECT_EQ(k->sign(forked.head(), forked.since()).error().why, Refusal::conflict);
  store::Checkpoint foreign = t.head();
  for (const char* origin : {"custos/ffff/office", "custos/00112233/", "custos/00112233/../x", "office"}) {
    foreign.origin = origin;
    EXPECT_EQ(k->sign(foreign, t.since()).error().why, Refusal::invalid) << origin;
  }
  EXPECT_EQ(*k->last(t.head().origin), kept);
}

TEST_F(Office, signs_nothing_over_a_kept_head_that_it_did_not_sign) {
  make();
  Tree t;
  t.add("one");
  const auto k = at_hand();
  ASSERT_TRUE(k->sign(t.head(), t.since()).ok());
  std::ofstream(folder + "/checkpoints/office.checkpoint") << "custos/00112233/office\n0\n\n";
  t.add("two");
  EXPECT_EQ(k->sign(t.head(), t.since()).error().why, Refusal::damaged);
  // Somebody says that this is what they want: it is set aside, kept, and the ledger is signed again.
  EXPECT_EQ(keys::set_aside(
                folder, [](const std::string&) { return true; }, 17),
            1);
  EXPECT_TRUE(base::file_exists(folder + "/checkpoints/office.checkpoint.17"));
  EXPECT_TRUE(k->sign(t.head(), t.since()).ok());
}

TEST_F(Office, asks_two_processes_and_gets_what_it_would_make_itself) {
  make();
  serve();
  const auto near = at_hand(), far = std::move(keys::behind(folder, kOffice).value());
  EXPECT_EQ(*far->derived("pepper"), *near->derived("pepper"));
  EXPECT_EQ(*near->unwrapped("case 1", *far->wrapped("case 1", std::string("\0\1\2", 3))),
            std::string("\0\1\2", 3));
  EXPECT_EQ(far->unwrapped("case 2", *far->wrapped("case 1", "x")).error().why, Refusal::damaged);
  EXPECT_EQ(far->public_key(), near->public_key());
  Tree t;
  for (int n = 0; n < 300; ++n) t.add("row " + std::to_string(n));
  ASSERT_TRUE(far->sign(t.head(), t.since()).ok());
  t.add("one more");
  ASSERT_TRUE(near->sign(t.head(), t.since()).ok());  // one memory of what was signed
  t.add("and one");
  const auto note = far->sign(t.head(), t.since());
  ASSERT_TRUE(note.ok()) << note.error().message;
  EXPECT_EQ(*near->last(t.head().origin), *note);
  t.leaves[7] = store::leaf_hash("changed"), t.add("later");
  EXPECT_EQ(far->sign(t.head(), t.since()).error().why, Refusal::conflict);
}

TEST_F(Office, gives_nothing_once_sealed_until_enough_shares_came) {
  const auto shares = make({"", keys::Split{3, 2}});
  serve();
  EXPECT_EQ(keys::behind(folder, kOffice).error().why, Refusal::denied);
  EXPECT_FALSE(keys::unseal(folder, {"", {shares[1]}})->open);
  EXPECT_EQ(keys::state_of(folder, Duty::key_service)->given, 1);
  EXPECT_FALSE(keys::unseal(folder, {"", {shares[1]}})->open);  // the same one is still one
  EXPECT_TRUE(keys::unseal(folder, {"", {shares[2]}})->open);
  const auto far = std::move(keys::behind(folder, kOffice).value());
  EXPECT_TRUE(far->derived("x").ok());
  ASSERT_TRUE(keys::seal(folder).ok());
  EXPECT_EQ(far->derived("x").error().why, Refusal::denied);
  Tree t;
  t.add("one");
  EXPECT_EQ(far->sign(t.head(), t.since()).error().why, Refusal::denied);
  EXPECT_TRUE(keys::unseal(folder, {"", {shares[0], shares[1]}})->open);
  EXPECT_TRUE(far->derived("x").ok());
}

TEST_F(Office, takes_a_wrong_share_for_what_it_is_and_begins_again) {
  const auto shares = make({"", keys::Split{3, 2}});
  const std::string other = folder + "-other";
  const auto foreign = keys::make(other, {"", keys::Split{3, 2}}).value();
  fs::remove_all(other);
  serve();
  EXPECT_FALSE(keys::unseal(folder, {"", {"1-2-NONSENSE"}}).ok());
  EXPECT_FALSE(keys::unseal(folder, {"", {shares[0], foreign[1]}}).ok());
  EXPECT_FALSE(keys::state_of(folder, Duty::key_service)->open);
  EXPECT_TRUE(keys::unseal(folder, {"", {shares[0], shares[1]}})->open);
}

// Laws of the two processes: whatever bytes come, an answer is one JSON object, and no secret is in it.
TEST_F(Office, answers_nonsense_with_a_refusal) {
  make();
  serve();
  const std::string secret = base::read_file(folder + "/office.key").substr(20, 40);
  for (const std::string& request :
       {std::string("{}"), std::string("["), std::string("null"), std::string("\0\xff", 2),
        std::string(R"({"op":"sign"})"), std::string(R"({"op":"secret"})"),
        std::string(R"({"op":"unwrapped","name":"x","bytes":"zz"})"),
        R"({"op":"derived","use":")" + std::string(100'000, 'x') + "\"}"})
    for (const char* door : {"/keys", "/signer"}) {
      const auto said = sandbox::ask_door("it", folder + door, request);
      ASSERT_TRUE(said.ok()) << request.substr(0, 40);
      EXPECT_EQ(said->front(), '{');
      EXPECT_EQ(said->find(secret), std::string::npos);
    }
  EXPECT_TRUE(keys::behind(folder, kOffice).ok());
}

}  // namespace
