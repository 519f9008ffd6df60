#include <extract/detect.h>

#include <gtest/gtest.h>

namespace extract {
namespace {

TEST(Detect, tells_the_language_of_a_sentence) {
  EXPECT_EQ(languages_of("All human beings are born free and equal in dignity and rights."), "en");
  EXPECT_EQ(languages_of("Tous les êtres humains naissent libres et égaux en dignité et en droits."), "fr");
  EXPECT_EQ(languages_of("Усі люди народжуються вільними і рівними у своїй гідності та правах."), "uk");
  EXPECT_EQ(languages_of("Все люди рождаются свободными и равными в своем достоинстве и правах."), "ru");
  EXPECT_EQ(languages_of("يولد جميع الناس أحرارا متساوين في الكرامة والحقوق."), "ar");
  EXPECT_EQ(languages_of("Watu wote wamezaliwa huru, hadhi na haki zao ni sawa."), "sw");
}

TEST(Detect, is_silent_about_what_is_too_short) {
  EXPECT_EQ(languages_of(""), "");
  EXPECT_EQ(languages_of("ok"), "");
  EXPECT_EQ(languages_of("1234 5678 9012 3456 7890 1234"), "");
}

TEST(Detect, takes_any_bytes) { static_cast<void>(languages_of(std::string(100'000, '\xff'))); }

}  // namespace
}  // namespace extract
