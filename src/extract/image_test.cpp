#include "packed.h"

#include "image_size.h"
#include "tiff.h"

#include <base/bytes.h>

#include <leptonica/allheaders.h>

#include <array>

namespace extract {
namespace {

std::string png(std::uint32_t width, std::uint32_t height) {
  std::string out("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
  for (const std::uint32_t v : {width, height})
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(v >> shift);
  return out + std::string("\x08\0\0\0\0....\0\0\0\0IEND....", 21);
}

// A picture written by leptonica: of real bytes, in any of its formats.
std::string written(l_int32 format, int width = 300, int height = 200) {
  Pix* pix = pixCreate(width, height, format == IFF_TIFF_G4 ? 1 : 8);
  l_uint8* bytes = nullptr;
  std::size_t n = 0;
  EXPECT_EQ(pixWriteMem(&bytes, &n, pix, format), 0);
  std::string out(reinterpret_cast<char*>(bytes), n);
  lept_free(bytes);
  pixDestroy(&pix);
  return out;
}

TEST(Image, tells_width_and_height) {
  for (const l_int32 format :
       {IFF_PNG, IFF_JFIF_JPEG, IFF_TIFF_ZIP, IFF_TIFF_G4, IFF_BMP, IFF_PNM, IFF_GIF, IFF_WEBP}) {
    const auto sink = record(written(format), "x");
    EXPECT_EQ(sink->root.meta("width"), "300") << format;
    EXPECT_EQ(sink->root.meta("height"), "200") << format;
    EXPECT_TRUE(sink->root.findings.empty()) << format;
  }
}

TEST(Image, refuses_a_huge_picture_without_decoding_it) {
  const auto sink = record(png(60'000, 60'000), "x.png");
  EXPECT_EQ(sink->root.meta("width"), "60000");
  EXPECT_TRUE(sink->root.found(Reason::too_large));
  EXPECT_EQ(sink->root.meta(kWantsOcr), "");
}

TEST(Image, wants_recognition_for_pages_and_not_for_icons) {
  EXPECT_EQ(record(png(1000, 800), "x.png")->root.meta(kWantsOcr), "1");
  EXPECT_EQ(record(png(32, 32), "x.png")->root.meta(kWantsOcr), "");
  EXPECT_EQ(record(png(2000, 8), "x.png")->root.meta(kWantsOcr), "");
}

TEST(Image, tells_a_picture_that_ends_early) {
  for (const l_int32 format : {IFF_PNG, IFF_JFIF_JPEG, IFF_WEBP, IFF_TIFF_ZIP}) {
    const std::string whole = written(format);
    const auto sink = record(std::string_view(whole).substr(0, whole.size() - 4), "x");
    EXPECT_FALSE(sink->root.findings.empty()) << format;
  }
}

TEST(Image, tells_what_the_camera_wrote) {
  SAMPLE(bytes, "images/exif-samples/jpg/gps/DSCN0010.jpg");
  const auto sink = record(bytes, "x.jpg");
  EXPECT_EQ(sink->root.meta("camera"), "NIKON COOLPIX P6000");
  EXPECT_EQ(sink->root.meta("date.taken"), "2008-10-22T16:28:39");
  EXPECT_TRUE(sink->root.meta("gps").starts_with("43.467448"));
}

TEST(Tiff, counts_its_pages) {
  std::string two = written(IFF_TIFF_ZIP);
  const TiffPages pages = [&] {
    MemorySource source(two);
    return tiff_pages(source, Limits{});
  }();
  ASSERT_EQ(pages.pages.size(), 1u);
  EXPECT_EQ(pages.pages[0].width, 300u);
}

TEST(Tiff, does_not_follow_pages_in_a_circle) {
  std::string bytes = written(IFF_TIFF_ZIP);
  const std::uint32_t first = base::load_le<std::uint32_t>(bytes.data() + 4);
  const std::uint16_t entries = base::load_le<std::uint16_t>(bytes.data() + first);
  std::memcpy(&bytes[first + 2 + entries * 12u], &first, 4);
  const auto sink = record(bytes, "x.tif");
  EXPECT_TRUE(sink->root.found(Reason::damaged));
  EXPECT_EQ(sink->root.meta("pages"), "1");
}

TEST(Tiff, tells_the_place_of_a_map) {
  TiffPage page;
  page.width = 100, page.height = 50;
  page.tie_points = {0, 0, 0, 30, 60, 0};
  page.pixel_scale = {0.1, 0.1, 0};
  page.geo_keys = {1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326};
  RecordingSink sink;
  tell_geotiff(page, sink);
  EXPECT_EQ(sink.root.meta("gps"), "57.5000000,35.0000000");
  EXPECT_EQ(sink.root.meta("x.geotiff_epsg"), "4326");
}

TEST(Image, survives_a_cut_at_every_length) {
  for (const l_int32 format : {IFF_PNG, IFF_JFIF_JPEG, IFF_TIFF_G4, IFF_BMP, IFF_GIF, IFF_WEBP})
    expect_survives_cuts(written(format, 40, 30), "x");
}

}  // namespace
}  // namespace extract
