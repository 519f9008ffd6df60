#include <identity/names.h>

#include <gtest/gtest.h>

#include <algorithm>

using identity::Ear;
using identity::Traces;

namespace {

bool meet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const auto& one) { return std::ranges::find(b, one) != b.end(); });
}
bool sound_alike(const char* a, const char* b) {
  const Ear ear;
  return meet(ear.traces({a}, "").heard, ear.traces({b}, "").heard);
}
bool are_the_same(const char* a, const char* b) {
  const Ear ear;
  return meet(ear.traces({a}, "").same, ear.traces({b}, "").same);
}

}  // namespace

TEST(Ear, hears_one_name_in_three_scripts) {
  const Ear ear;
  const std::string one = ear.heard("Mohamed");
  for (const char* other : {"Muhammad", "Mohammed", "Mehmed", "Мухаммед", "محمد"})
    EXPECT_EQ(ear.heard(other), one) << other;
  EXPECT_EQ(ear.heard("Yusuf"), ear.heard("يوسف"));
  EXPECT_EQ(ear.heard("Khalid"), ear.heard("Halid"));
  EXPECT_EQ(ear.heard("خالد"), ear.heard("Khaled"));
  EXPECT_EQ(ear.heard("Чайковский"), ear.heard("Tchaikovsky"));
  EXPECT_EQ(ear.heard("Džemal"), ear.heard("Jamal"));
  EXPECT_NE(ear.heard("Mohamed"), ear.heard("Petar"));
}

TEST(Ear, knows_a_name_whatever_the_letters_the_case_and_the_order) {
  EXPECT_TRUE(are_the_same("Ђорђе Петровић", "Đorđe PETROVIĆ"));
  EXPECT_TRUE(are_the_same("Petrović, Đorđe", "đorđe petrović"));
  EXPECT_TRUE(are_the_same("Jean-Marie N'Dour", "N’Dour Jean Marie"));
  EXPECT_FALSE(are_the_same("Amina Hadžić", "Amina Begić"));
}

TEST(Ear, hears_names_that_are_written_together_apart_or_in_part) {
  EXPECT_TRUE(sound_alike("Abdullah Hassan", "عبد الله حسن"));
  EXPECT_TRUE(sound_alike("Fatima Ahmed Ali", "Fatma Ali"));
  EXPECT_TRUE(sound_alike("Hasan al-Bakri", "Hassan Bakri"));
  EXPECT_TRUE(sound_alike("حسن البكري", "Hassan al-Bakri"));
  EXPECT_FALSE(sound_alike("Milan Kovač", "Fatima Begović"));
  EXPECT_FALSE(sound_alike("Amina Hadžić", "Petar Nikolić"));
}

TEST(Ear, is_certain_only_with_the_day_of_birth) {
  const Ear ear;
  const Traces a = ear.traces({"Amina Hadžić"}, "1970-02-03");
  EXPECT_TRUE(meet(a.certain, ear.traces({"Hadzic Amina"}, "1970-02-03").certain));
  EXPECT_FALSE(meet(a.certain, ear.traces({"Amina Hadžić"}, "1970-02-04").certain));
  EXPECT_TRUE(ear.traces({"Amina Hadžić"}, "").certain.empty());
}
