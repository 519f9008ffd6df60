#pragma once
// The directories of a TIFF, read by ourselves: pages, sizes, and the georeference, without decoding a pixel.

#include <extract/reader.h>

namespace extract {

struct TiffPage {
  std::uint64_t width = 0, height = 0, pixel_bits = 1;
  std::uint32_t dpi = 0;
  bool reduced = false;               // a preview of another page
  std::vector<double> tie_points, pixel_scale, transformation, geo_doubles;
  std::vector<std::uint16_t> geo_keys;
  std::string geo_text, no_data;
  bool complete = true;               // its strips and tiles lie within the file
};
struct TiffPages {
  std::vector<TiffPage> pages;
  bool tiff = false, damaged = false, loops = false;
};
TiffPages tiff_pages(Source& source, const Limits& limits);

// x.geotiff_* of a page that has a georeference, and the centre as gps when its coordinates are degrees.
void tell_geotiff(const TiffPage& page, Sink& sink);

}  // namespace extract
