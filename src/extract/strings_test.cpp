#include "recording.h"

#include <extract/strings.h>

#include <gtest/gtest.h>

using namespace extract;

namespace {
std::string strings_of(std::string_view bytes) {
  RecordingSink sink(Limits{});
  MemorySource source(bytes);
  read_strings(source, sink);
  return sink.root.text();
}
}  // namespace

TEST(Strings, are_the_runs_of_six_and_more_readable_characters) {
  using namespace std::string_view_literals;
  EXPECT_EQ(strings_of("\x01\x02password=hunter2\x00\xff\xfe short\x00 a\x01"sv),
            "password=hunter2\n short\n");
  EXPECT_EQ(strings_of("\x01 five\x02"sv), "");
}
TEST(Strings, are_found_in_any_script_of_utf8_and_broken_sequences_end_them) {
  EXPECT_EQ(strings_of("\x02Свидетель\x01"), "Свидетель\n");
  EXPECT_EQ(strings_of("\x02\xd0\xa1\xd0\xa1\xd0\xd0\x01"), "");
}
TEST(Strings, are_found_in_utf16_at_even_and_odd_places) {
  std::string wide;
  for (const char c : std::string_view("kernel32.dll")) wide += c, wide += '\0';
  EXPECT_EQ(strings_of(wide), "kernel32.dll\n");
  EXPECT_EQ(strings_of("\x01" + wide + "\x01"), "kernel32.dll\n");
}
TEST(Strings, cross_the_borders_of_windows) {
  std::string bytes((1 << 20) - 4, '\x01');
  EXPECT_EQ(strings_of(bytes + "across the border\x01"), "across the border\n");
}
TEST(Strings, are_marked_as_a_guess_of_the_machine) {
  RecordingSink sink(Limits{});
  MemorySource source("something");
  read_strings(source, sink);
  ASSERT_EQ(sink.root.machines.size(), 1u);
  EXPECT_TRUE(sink.root.machines[0].starts_with("custos-strings 1 "));
}
