#include "drawn.h"
#include "packed.h"

#include <extract/show.h>

#include <leptonica/allheaders.h>

namespace extract {
namespace {

std::string written(Pix* pix, l_int32 format) {
  l_uint8* bytes = nullptr;
  std::size_t n = 0;
  EXPECT_EQ(pixWriteMem(&bytes, &n, pix, format), 0);
  std::string out(reinterpret_cast<char*>(bytes), n);
  lept_free(bytes);
  return out;
}
// Left half red, right half blue.
std::string two_colours(l_int32 format, int width, int height) {
  Pix* pix = pixCreate(width, height, 32);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      pixSetRGBPixel(pix, x, y, x < width / 2 ? 255 : 0, 0, x < width / 2 ? 0 : 255);
  std::string out = written(pix, format);
  pixDestroy(&pix);
  return out;
}
std::string pdf(int rotate = 0) {
  return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
         "2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>endobj\n"
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Rotate " +
         std::to_string(rotate) +
         "/Contents 4 0 R/Resources<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
         "4 0 obj<</Length 52>>stream\nBT /F 30 Tf 40 100 Td (quarry road) Tj ET        \nendstream endobj\n"
         "trailer<</Root 1 0 R>>\n%%EOF\n";
}

TEST(Drawing, a_page_of_a_pdf_has_the_width_that_was_asked_for_and_its_words_lie_on_its_ink) {
  for (const int rotate : {0, 90, 180, 270}) {
    const Drawn d = drawn(pdf(rotate), "application/pdf", 2, 800);
    ASSERT_TRUE(d.status.ok()) << d.status.error().message;
    EXPECT_EQ(d.sink.root.meta("pages"), "2");
    EXPECT_EQ(d.width, 800) << rotate;
    EXPECT_EQ(d.height, rotate % 180 ? 1600 : 400) << rotate;
    const auto words = boost::json::parse(d.words()).as_array();
    ASSERT_EQ(words.size(), 2u) << d.words();
    EXPECT_EQ(words[0].at(4).as_string(), "quarry");
    const auto first = ink(d, words[0].as_array()), second = ink(d, words[1].as_array());
    EXPECT_GT(first.first, 200) << rotate;
    EXPECT_GT(second.first, 100) << rotate;
    // All the ink lies in one of the two boxes.
    EXPECT_EQ(first.first, second.second) << rotate;
  }
}

TEST(Drawing, a_page_that_is_not_there_is_refused) {
  EXPECT_EQ(drawn(pdf(), "application/pdf", 3, 800).status.error().why, base::Refusal::not_found);
  EXPECT_EQ(drawn(pdf(), "application/pdf", 0, 800).status.error().why, base::Refusal::not_found);
  EXPECT_EQ(drawn(two_colours(IFF_PNG, 30, 20), "image/png", 2, 800).status.error().why,
            base::Refusal::not_found);
}

TEST(Drawing, pictures_of_every_format_keep_their_colours_and_are_made_smaller_never_larger) {
  for (const auto& [format, type] : {std::pair{IFF_PNG, "image/png"},
                                     {IFF_JFIF_JPEG, "image/jpeg"},
                                     {IFF_TIFF_ZIP, "image/tiff"},
                                     {IFF_BMP, "image/bmp"},
                                     {IFF_PNM, "image/x-portable-pixmap"},
                                     {IFF_WEBP, "image/webp"}}) {
    const Drawn d = drawn(two_colours(format, 600, 400), type, 1, 300);
    ASSERT_TRUE(d.status.ok()) << type << d.status.error().message;
    EXPECT_EQ(d.width, 300) << type;
    EXPECT_EQ(d.height, 200) << type;
    EXPECT_GT(d.at(50, 100, 0), 200) << type;
    EXPECT_LT(d.at(50, 100, 2), 60) << type;
    EXPECT_GT(d.at(250, 100, 2), 200) << type;
    EXPECT_EQ(drawn(two_colours(format, 600, 400), type, 1, 2000).width, 600) << type;
  }
}

TEST(Drawing, what_is_transparent_is_shown_on_white) {
  Pix* pix = pixCreate(100, 100, 32);
  pixSetSpp(pix, 4);
  pixSetRGBPixel(pix, 1, 1, 0, 0, 0);
  const std::string bytes = written(pix, IFF_PNG);
  pixDestroy(&pix);
  const Drawn d = drawn(bytes, "image/png", 1, 100);
  ASSERT_TRUE(d.status.ok());
  EXPECT_EQ(d.at(50, 50, 0), 255);
}

TEST(Drawing, a_scan_of_one_bit_becomes_grey_when_it_is_made_smaller) {
  Pix* pix = pixCreate(1600, 1200, 1);
  for (int y = 0; y < 1200; ++y)
    for (int x = y % 2; x < 1600; x += 2) pixSetPixel(pix, x, y, 1);
  const std::string bytes = written(pix, IFF_TIFF_G4);
  pixDestroy(&pix);
  const Drawn d = drawn(bytes, "image/tiff", 1, 400);
  ASSERT_TRUE(d.status.ok());
  EXPECT_NEAR(d.at(200, 150, 0), 128, 30);
}

TEST(Drawing, the_pages_of_a_tiff_are_drawn_each) {
  Pix* first = pixCreate(200, 100, 8);
  Pix* second = pixCreate(100, 300, 8);
  char name[] = "/tmp/custos-drawing-XXXXXX";
  close(mkstemp(name));
  pixWriteTiff(name, first, IFF_TIFF_ZIP, "w");
  pixWriteTiff(name, second, IFF_TIFF_ZIP, "a");
  const std::string bytes = base::read_file(name);
  unlink(name);
  pixDestroy(&first), pixDestroy(&second);
  EXPECT_EQ(drawn(bytes, "image/tiff", 1, 1000).height, 100);
  const Drawn d = drawn(bytes, "image/tiff", 2, 1000);
  EXPECT_EQ(d.height, 300);
  EXPECT_EQ(d.sink.root.meta("pages"), "2");
  EXPECT_EQ(drawn(bytes, "image/tiff", 3, 1000).status.error().why, base::Refusal::not_found);
}

TEST(Drawing, a_picture_with_too_many_pixels_is_refused_before_it_is_decoded) {
  Limits limits;
  limits.pixels_max = 1000;
  const Drawn d = drawn(two_colours(IFF_PNG, 600, 400), "image/png", 1, 300, limits);
  EXPECT_EQ(d.status.error().why, base::Refusal::exhausted);
  EXPECT_TRUE(d.rgb.empty());
}

TEST(Drawing, a_very_long_page_is_bounded_on_both_sides) {
  std::string bytes = pdf();
  const std::string box = "[0 0 400 200]", longer = "[0 0 40 9999]";
  bytes.replace(bytes.find(box), box.size(), longer);
  const Drawn d = drawn(bytes, "application/pdf", 1, 4000);
  ASSERT_TRUE(d.status.ok());
  EXPECT_LE(d.height, static_cast<int>(kPictureSideMax));
  EXPECT_LE(static_cast<std::uint64_t>(d.width) * static_cast<std::uint64_t>(d.height), kPicturePixelsMax);
}

TEST(Drawing, text_is_not_drawn) {
  EXPECT_EQ(drawn("words", "text/plain", 1, 800).status.error().why, base::Refusal::unsupported);
}

TEST(Drawing, a_photograph_is_set_upright) {
  SAMPLE(bytes, "images/exif-samples/jpg/orientation/landscape_6.jpg");
  const Drawn d = drawn(bytes, "image/jpeg", 1, 600);
  ASSERT_TRUE(d.status.ok());
  EXPECT_GT(d.width, d.height);
}

TEST(Drawing, a_photograph_of_a_telephone_is_drawn) {
  SAMPLE(bytes, "images/exif-samples/heic/mobile/HMD_Nokia_8.3_5G_hdr.heif");
  const Drawn d = drawn(bytes, "image/heif", 1, 600);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(d.width, 600);
}

}  // namespace
}  // namespace extract
