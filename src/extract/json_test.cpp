#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Json, gives_keys_strings_and_numbers_a_line_each) {
  EXPECT_EQ(record(R"({"name":"Ann","age":41,"tags":["a","b"]})")->root.text(),
            "name: Ann\nage: 41\ntags: \na\nb\n");
}
TEST(Json, resolves_escapes_and_pairs) {
  EXPECT_NE(record(R"({"a":"\u00e9\ud83d\ude00\n\"q\""})")->root.text().find("é😀\n\"q\""), std::string::npos);
}
TEST(Json, reads_lines_of_json) { EXPECT_EQ(record("{\"a\":1}\n{\"a\":2}\n")->root.text(), "a: 1\na: 2\n"); }
TEST(Json, tells_what_is_left_open) {
  EXPECT_TRUE(record(R"({"a":["b)", "x.json")->root.found(Reason::truncated));
}
TEST(Json, loses_nothing_of_what_is_broken) {
  EXPECT_NE(record("{\"a\": oops, \"b\": 'c'}", "x.json")->root.text().find("oops"), std::string::npos);
}
TEST(Json, comes_back_from_every_length) {
  read_truncated(json_reader, R"({"a":"\u00e9\ud83d\ude00x\u12zz","b":[1,2,{"c":null}]})");
}
