#include "ole.h"
#include "readers_list.h"
#include "sample.h"
#include "under_password.h"

using namespace extract;

TEST(Ole, gives_the_streams_of_an_unknown_program_as_parts) {
  SAMPLE(pub, "production/native/01768_57-SWAP_Calendar.pub");
  const auto sink = record(pub);
  EXPECT_FALSE(sink->root.parts.empty());
  EXPECT_EQ(sink->root.expected, sink->root.parts.size());
}
TEST(Ole, copies_a_storage_into_a_file_that_reads_the_same) {
  const std::string bytes = base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/msg/sample.msg");
  MemorySource source(bytes);
  const Limits limits;
  const auto ole = Ole::open(source, limits);
  ASSERT_TRUE(ole.ok());
  const std::string copy = ole_copy(*ole, "__attach_version1.0_#00000001/__substg1.0_3701000D");
  MemorySource again(copy);
  const auto inner = Ole::open(again, limits);
  ASSERT_TRUE(inner.ok());
  EXPECT_EQ(inner->read("__substg1.0_10090102"),
            ole->read("__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_10090102"));
}
TEST(Ole, opens_a_package_of_office_with_one_of_the_given_passwords) {
  for (const char* name : {"agile.docx", "standard.docx", "standard.xlsx"}) {
    const std::string sealed = base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/ole_other/" + name);
    const auto closed = record(sealed, name, {"wrong"});
    EXPECT_TRUE(closed->root.found(Reason::encrypted)) << name;
    EXPECT_TRUE(closed->root.parts.empty()) << name;
    const auto open = record(sealed, name, {"wrong", "kamen-47"});
    EXPECT_TRUE(open->root.findings.empty()) << name;
    ASSERT_EQ(open->root.parts.size(), 1u) << name;
    const auto inside = record(open->root.parts[0]->bytes, name);
    EXPECT_NE(inside->root.text().find("quarry"), std::string::npos) << name;
  }
}
TEST(Ole, says_that_a_package_was_cut_before_its_end) {
  const std::string whole = base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/ole_other/agile.docx");
  const auto cut = record(whole.substr(0, whole.size() / 2), "x.docx", {"kamen-47"});
  EXPECT_FALSE(cut->root.findings.empty());
}
