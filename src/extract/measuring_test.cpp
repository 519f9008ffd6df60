#include "packed.h"

#include <extract/show.h>

#include <base/bytes.h>

#include <cmath>

namespace extract {
namespace {

// 16 bits, one channel, 8,000 samples a second.
std::string wav(const std::vector<std::int16_t>& samples) {
  std::string data;
  for (const std::int16_t s : samples) base::append_le(data, s);
  std::string out = "RIFF";
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(36 + data.size()));
  out += "WAVEfmt ";
  base::append_le<std::uint32_t>(out, 16), base::append_le<std::uint16_t>(out, 1);
  base::append_le<std::uint16_t>(out, 1), base::append_le<std::uint32_t>(out, 8000);
  base::append_le<std::uint32_t>(out, 16000), base::append_le<std::uint16_t>(out, 2);
  base::append_le<std::uint16_t>(out, 16);
  out += "data";
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(data.size()));
  return out + data;
}
std::string peaks_of(std::string_view bytes, std::string_view type, base::Refusal* why = nullptr) {
  MemorySource source(bytes);
  RecordingSink sink;
  constexpr Limits limits;
  const base::Status s = measure(source, {"x", type, {}, false, limits}, sink);
  if (!s.ok() && why) *why = s.error().why;
  for (const auto& [k, v] : sink.root.derived)
    if (k == kPeaks) return v;
  return {};
}

TEST(Measuring, silence_is_nothing_and_the_loudest_moment_is_found) {
  std::vector<std::int16_t> samples(8000 * 3);
  for (std::size_t i = 8000; i < 16000; ++i)
    samples[i] = static_cast<std::int16_t>(16000 * std::sin(static_cast<double>(i) * 0.3));
  samples[20000] = 32767;
  const std::string p = peaks_of(wav(samples), "audio/wav");
  ASSERT_EQ(p.size(), 3 * kPeaksASecond);
  const auto at = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(p[i])); };
  EXPECT_EQ(at(10), 0);
  EXPECT_NEAR(at(75), 16000 * 255 / 32768, 3);
  EXPECT_EQ(at(125), 255);
  EXPECT_EQ(at(140), 0);
}

TEST(Measuring, compressed_sound_and_the_sound_of_a_film_are_decoded) {
  SAMPLE(bytes, "av/whisper/jfk.mp3");
  EXPECT_GT(peaks_of(bytes, "audio/mpeg").size(), 10u);
}

TEST(Measuring, what_has_no_sound_says_so) {
  base::Refusal why{};
  EXPECT_TRUE(peaks_of("words", "text/plain", &why).empty());
  EXPECT_EQ(why, base::Refusal::unsupported);
  EXPECT_TRUE(peaks_of("RIFF....WAVE", "audio/wav", &why).empty());
  EXPECT_NE(why, base::Refusal::not_found);
}

TEST(Measuring, a_recording_that_is_cut_is_measured_as_far_as_it_goes) {
  const std::string whole = wav(std::vector<std::int16_t>(16000, 8000));
  const std::string p = peaks_of(std::string_view(whole).substr(0, whole.size() / 2), "audio/wav");
  EXPECT_GT(p.size(), 40u);
  EXPECT_LT(p.size(), 60u);
}

}  // namespace
}  // namespace extract
