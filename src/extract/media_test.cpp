#include "packed.h"

#include <cstring>

namespace extract {
namespace {

std::string wave(std::size_t samples) {
  const auto size = static_cast<std::uint32_t>(samples);
  std::string out("RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data....", 44);
  const std::uint32_t whole = size + 36;
  std::memcpy(&out[4], &whole, 4);
  std::memcpy(&out[40], &size, 4);
  return out + std::string(samples, '\x80');
}

TEST(Media, tells_how_long_a_sound_is) {
  const auto sink = record(wave(16'000), "x.wav");
  EXPECT_EQ(sink->root.meta("duration"), "2.000");
  EXPECT_EQ(sink->root.meta("x.audio_codec"), "pcm_u8");
  EXPECT_TRUE(sink->root.findings.empty());
}

TEST(Media, tells_a_sound_that_ends_early) {
  const std::string whole = wave(16'000);
  EXPECT_TRUE(record(std::string_view(whole).substr(0, 8000), "x.wav")->root.found(Reason::truncated));
}

TEST(Media, tells_tags_and_gives_the_cover) {
  SAMPLE(bytes, "av/mutagen/silence-44-s.flac");
  const auto sink = record(bytes, "x.flac");
  EXPECT_EQ(sink->root.meta("author"), "piman;jzig");
  EXPECT_EQ(sink->root.meta("title"), "Silence");
  EXPECT_EQ(sink->root.meta("duration"), "3.685");
}

TEST(Media, gives_the_cover_as_a_part) {
  SAMPLE(bytes, "av/mutagen/covr-with-name.m4a");
  const auto sink = record(bytes, "x.m4a");
  expect_account_closes(sink->root);
  ASSERT_FALSE(sink->root.parts.empty());
  EXPECT_TRUE(sink->root.parts[0]->has_bytes);
}

TEST(Media, opens_nothing_a_film_refers_to) {
  const std::string_view film("RIFF\x20\0\0\0AVI LIST....file:///etc/passwd", 38);
  const auto sink = record(film, "x.avi");
  EXPECT_FALSE(sink->root.findings.empty());
}

TEST(Media, survives_a_cut_at_many_lengths) {
  expect_survives_cuts(wave(200), "x.wav");
  SAMPLE(bytes, "av/mutagen/has-tags.m4a");
  expect_survives_cuts(bytes, "x.m4a", 211);
}

}  // namespace
}  // namespace extract
