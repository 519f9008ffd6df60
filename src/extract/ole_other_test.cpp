#include "ole.h"
#include "readers_list.h"
#include "sample.h"

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
