#include "packed.h"
#include "zip_directory.h"

#include <base/bytes.h>

namespace extract {
namespace {

const std::vector<Packed> kThree{
    {"a.txt", "first"}, {"folder/b.txt", "second"}, {"c.bin", std::string(5000, '\x01')}};

const Recorded& named(const Recorded& r, std::string_view name) {
  for (const auto& p : r.parts)
    if (p->info.name == name) return *p;
  ADD_FAILURE() << "no part " << name;
  return r;
}

TEST(Archive, gives_each_member_with_its_bytes_and_time) {
  for (const char* format : {"zip", "ustar", "7zip", "cpio", "iso9660"}) {
    const auto sink = record(packed(format, "", kThree), "x");
    ASSERT_EQ(sink->root.parts.size(), 3u) << format << ' ' << sink->root.meta("type");
    EXPECT_EQ(*sink->root.expected, 3u);
    EXPECT_EQ(named(sink->root, "folder/b.txt").bytes, "second") << format;
    EXPECT_EQ(named(sink->root, "a.txt").info.modified, "2020-03-03T04:05:06Z") << format;
    EXPECT_TRUE(sink->root.findings.empty()) << format;
  }
}

TEST(Archive, names_the_one_member_of_a_packed_file_after_the_file) {
  const auto sink = record(packed("raw", "gzip", {{"x", "the text"}}), "folder/report.txt.gz");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->info.name, "report.txt");
  EXPECT_EQ(sink->root.parts[0]->bytes, "the text");
}

TEST(Archive, packed_zeros_are_a_part_and_not_a_tape_without_members) {
  const auto sink = record(packed("raw", "gzip", {{"x", std::string(100'000, '\0')}}), "zeros.gz");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->bytes.size(), 100'000u);
}

TEST(Archive, joins_the_members_of_a_gzip_file) {
  const std::string one = packed("raw", "gzip", {{"x", "one "}}), two = packed("raw", "gzip", {{"x", "two"}});
  const auto sink = record(one + two, "x.gz");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->bytes, "one two");
}

TEST(Archive, tells_what_follows_a_packed_stream) {
  const auto sink = record(packed("raw", "gzip", {{"x", "one"}}) + "garbage that is no member", "x.gz");
  EXPECT_EQ(sink->root.parts[0]->bytes, "one");
  EXPECT_TRUE(sink->root.found(Reason::damaged));
}

TEST(Archive, looks_through_the_packing_of_a_tar) {
  const auto sink = record(packed("ustar", "gzip", kThree), "x.tar.gz");
  EXPECT_EQ(sink->root.parts.size(), 3u);
}

TEST(Archive, keeps_hostile_names_as_data) {
  const auto sink = record(packed("ustar", "", {{"../../etc/passwd", "x"}, {"/absolute", "y"}}), "x.tar");
  EXPECT_EQ(sink->root.parts[0]->info.name, "../../etc/passwd");
  EXPECT_EQ(sink->root.parts[1]->info.name, "/absolute");
}

TEST(Archive, tells_a_member_it_cannot_decrypt) {
  const std::string bytes = packed("zip", "", kThree, "zip:encryption=aes256", "right");
  const auto sink = record(bytes, "x.zip", {"wrong"});
  ASSERT_EQ(sink->root.parts.size(), 3u);
  for (const auto& p : sink->root.parts) EXPECT_TRUE(p->lost && p->found(Reason::encrypted)) << p->info.name;
  EXPECT_EQ(*sink->root.expected, 3u);
}

TEST(Archive, opens_a_member_with_one_of_the_given_passwords) {
  for (const char* cipher : {"zip:encryption=aes256", "zip:encryption=zipcrypt"}) {
    const auto sink = record(packed("zip", "", kThree, cipher, "right"), "x.zip", {"wrong", "right"});
    ASSERT_EQ(sink->root.parts.size(), 3u);
    EXPECT_EQ(sink->root.parts[0]->bytes, "first") << cipher;
  }
}

// The old cipher of ZIP checks a password by one byte: of two thousand wrong ones several seem to fit.
TEST(Archive, opens_a_member_however_many_wrong_passwords_seem_to_fit) {
  std::vector<std::string> passwords;
  for (int n = 0; n < 2000; ++n) passwords.push_back("wrong " + std::to_string(n));
  passwords.push_back("right");
  const auto sink = record(packed("zip", "", kThree, "zip:encryption=zipcrypt", "right"), "x.zip", passwords);
  ASSERT_EQ(sink->root.parts.size(), 3u);
  EXPECT_EQ(sink->root.parts[0]->bytes, "first");
  for (const auto& p : sink->root.parts) EXPECT_FALSE(p->lost);
}

TEST(Archive, tells_what_no_password_of_many_opens_and_gives_the_rest) {
  std::vector<std::string> passwords;
  for (int n = 0; n < 2000; ++n) passwords.push_back("wrong " + std::to_string(n));
  const auto sink = record(packed("zip", "", kThree, "zip:encryption=zipcrypt", "right"), "x.zip", passwords);
  ASSERT_EQ(sink->root.parts.size(), 3u);
  for (const auto& p : sink->root.parts) EXPECT_FALSE(p->findings.empty()) << p->info.name;
}

TEST(Archive, stops_a_bomb_and_reads_what_follows) {
  Limits limits;
  limits.ratio_floor = 1 << 20;
  const std::string bytes = packed("zip", "", {{"zeros", std::string(20 << 20, '\0')}, {"ok", "fine"}});
  const auto sink = record(bytes, "x.zip", {}, limits);
  ASSERT_EQ(sink->root.parts.size(), 2u);
  EXPECT_TRUE(sink->root.parts[0]->found(Reason::bomb));
  EXPECT_LT(sink->root.parts[0]->bytes.size(), 8u << 20);
  EXPECT_EQ(sink->root.parts[1]->bytes, "fine");
}

TEST(Archive, tells_members_that_overlap_as_a_bomb) {
  std::string bytes = packed("zip", "", {{"a", std::string(300, 'a')}, {"b", std::string(300, 'b')}},
                             "zip:compression=store");
  // The second entry of the directory is made to point into the first member.
  const std::size_t first = bytes.find("PK\1\2"), second = bytes.find("PK\1\2", first + 4);
  ASSERT_NE(second, std::string::npos);
  const std::uint32_t at = 10;
  std::memcpy(&bytes[second + 42], &at, 4);
  const auto sink = record(bytes, "x.zip");
  ASSERT_EQ(sink->root.parts.size(), 2u);
  EXPECT_EQ(*sink->root.expected, 2u);
  EXPECT_TRUE(named(sink->root, "b").found(Reason::bomb));
}

TEST(Archive, tells_what_the_directory_names_and_nobody_yields) {
  std::string bytes = packed("zip", "", kThree, "zip:compression=store");
  const std::size_t second = bytes.find("PK\3\4", 4);
  ASSERT_NE(second, std::string::npos);
  bytes[second] = 'X';  // the local header of folder/b.txt
  const auto sink = record(bytes, "x.zip");
  EXPECT_EQ(*sink->root.expected, 3u);
  expect_account_closes(sink->root);
  EXPECT_FALSE(named(sink->root, "folder/b.txt").findings.empty());
}

TEST(Archive, tells_a_zip_whose_directory_is_cut_off) {
  const std::string bytes = packed("zip", "", kThree, "zip:compression=store");
  const auto sink = record(std::string_view(bytes).substr(0, bytes.find("PK\1\2")), "x.zip");
  EXPECT_TRUE(sink->root.found(Reason::truncated));
  EXPECT_EQ(named(sink->root, "a.txt").bytes, "first");
}

TEST(Archive, tells_a_tar_that_ends_early) {
  const std::string bytes = packed("ustar", "", kThree);
  const auto sink = record(std::string_view(bytes).substr(0, 512 * 5 + 1000), "x.tar");
  ASSERT_EQ(sink->root.parts.size(), 3u);
  EXPECT_TRUE(sink->root.parts[2]->found(Reason::truncated));
}

TEST(Archive, survives_a_cut_at_every_length) {
  for (const char* format : {"zip", "ustar", "7zip", "cpio"})
    expect_survives_cuts(packed(format, "", {{"a", "first"}, {"b", std::string(300, 'b')}}), "x", 7);
  expect_survives_cuts(packed("raw", "gzip", {{"x", std::string(300, 'b')}}), "x.gz");
}

TEST(Archive, tells_links_and_does_not_follow_them) {
  SAMPLE(bytes, "archives/libarchive/test_read_format_rar.rar");
  const auto sink = record(bytes, "x.rar");
  const Recorded& link = named(sink->root, "testlink");
  EXPECT_TRUE(link.lost);
  EXPECT_TRUE(link.found(Reason::symlink));
}

TEST(Archive, stays_linear_with_many_members) {
  std::vector<Packed> many;
  for (int i = 0; i < 50'000; ++i) many.push_back({"f/" + std::to_string(i), "x"});
  const auto sink = record(packed("zip", "", many, "zip:compression=store"), "x.zip");
  EXPECT_EQ(sink->root.parts.size(), many.size());
  EXPECT_EQ(*sink->root.expected, many.size());
}

TEST(ZipName, is_russian_or_western_when_it_is_not_utf8) {
  EXPECT_EQ(zip_name("\x8f\xe0\xa8\xa2\xa5\xe2.txt"), "Привет.txt");
  EXPECT_EQ(zip_name("caf\x82.txt"), "café.txt");
  EXPECT_EQ(zip_name("за.txt"), "за.txt");
}

}  // namespace
}  // namespace extract
