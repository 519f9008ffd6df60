#include "ocr.h"

#include "packed.h"

#include <leptonica/allheaders.h>

namespace extract {
namespace {

constexpr const char* kModels = "/usr/share/tesseract-ocr/5/tessdata";

// Part of the letters and digits of `truth` that stand in `found`, by words.
double words_found(const std::string& truth, const std::string& found) {
  double all = 0, met = 0;
  for (const std::string_view line : base::split(truth, '\n'))
    for (const std::string_view word : base::split(line, ' ')) {
      if (word.size() < 4) continue;
      ++all;
      met += found.find(word) != std::string::npos;
    }
  return all > 0 ? met / all : 0;
}

class Ocr : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!Recognition::ready()) warm_ocr(kModels);
  }
  void SetUp() override {
    if (!Recognition::ready()) GTEST_SKIP() << "no models in " << kModels;
  }
};

TEST_F(Ocr, reads_a_clean_page_in_the_script_it_is_in) {
  for (const std::string language : {"eng", "fra", "rus", "arb"}) {
    SAMPLE(bytes, "ocr-truth/" + language + "_clean.png");
    SAMPLE(truth, "ocr-truth/" + language + ".txt");
    const auto sink = record(bytes, "x.png", {}, {}, true);
    EXPECT_GT(words_found(truth, sink->root.text()), 0.9) << language << "\n" << sink->root.text();
    ASSERT_EQ(sink->root.machines.size(), 1u);
    EXPECT_GT(std::stoi(sink->root.meta("x.ocr_confidence")), 60) << language;
  }
}

TEST_F(Ocr, says_when_it_read_a_language_by_the_model_of_its_script) {
  SAMPLE(sango, "ocr-truth/sag_clean.png");
  SAMPLE(fax, "ocr-truth/sag_fax_g4_100dpi.tif");
  SAMPLE(noisy, "ocr-truth/sag_scan_skew2_noise.jpg");
  SAMPLE(english, "ocr-truth/eng_clean.png");
  EXPECT_TRUE(record(sango, "x.png", {}, {}, true)->root.found(Reason::unsupported));
  EXPECT_TRUE(record(fax, "x.tif", {}, {}, true)->root.found(Reason::unsupported));
  EXPECT_TRUE(record(noisy, "x.jpg", {}, {}, true)->root.found(Reason::unsupported));
  EXPECT_FALSE(record(english, "x.png", {}, {}, true)->root.found(Reason::unsupported));
}

TEST_F(Ocr, turns_a_page_that_lies_on_its_side) {
  SAMPLE(bytes, "ocr-truth/eng_rot90.jpg");
  SAMPLE(truth, "ocr-truth/eng.txt");
  EXPECT_GT(words_found(truth, record(bytes, "x.jpg", {}, {}, true)->root.text()), 0.9);
}

TEST_F(Ocr, tells_each_word_with_its_place) {
  SAMPLE(bytes, "ocr-truth/eng_clean.png");
  const auto sink = record(bytes, "x.png", {}, {}, true);
  ASSERT_EQ(sink->root.derived.size(), 1u);
  EXPECT_EQ(sink->root.derived[0].first, "ocr.words");
  EXPECT_TRUE(sink->root.derived[0].second.starts_with("{\"pages\":[{\"page\":1,\"width\":"));
  EXPECT_NE(sink->root.derived[0].second.find("\"t\":\"Nations\""), std::string::npos);
}

TEST_F(Ocr, recognises_nothing_unless_asked) {
  SAMPLE(bytes, "ocr-truth/eng_clean.png");
  const auto sink = record(bytes, "x.png");
  EXPECT_EQ(sink->root.text(), "");
  EXPECT_EQ(sink->root.meta(kWantsOcr), "1");
}

TEST_F(Ocr, is_not_sure_of_an_empty_page) {
  Pix* pix = pixCreate(600, 400, 8);
  pixSetAll(pix);
  RecordingSink sink;
  Recognition recognition(sink, Limits{});
  recognition.page(1, pix, 0);
  recognition.finish();
  pixDestroy(&pix);
  EXPECT_EQ(sink.root.meta("x.ocr_low"), "yes");
}

TEST(Picture, is_set_upright_as_the_camera_says) {
  const std::string grey = {'\x00', '\x40', '\x80', '\xc0', '\xff', '\x10'};  // 3 x 2
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Picture p = upright(grey_picture(grey.data(), 3, 2, 3), orientation);
    EXPECT_EQ(pixGetWidth(p.get()), orientation < 5 ? 3 : 2) << orientation;
  }
  // 6: the first row of the sensor is the right side of the picture.
  const Picture six = upright(grey_picture(grey.data(), 3, 2, 3), 6);
  l_uint32 value = 0;
  pixGetPixel(six.get(), 1, 0, &value);
  EXPECT_EQ(value, 0x00u);
  pixGetPixel(six.get(), 0, 0, &value);
  EXPECT_EQ(value, 0xc0u);
  const Picture five = upright(grey_picture(grey.data(), 3, 2, 3), 5);
  pixGetPixel(five.get(), 1, 0, &value);
  EXPECT_EQ(value, 0xc0u);  // mirrored along the diagonal
}

}  // namespace
}  // namespace extract
