#pragma once
// What a camera or an editor wrote into a picture: EXIF, IPTC and XMP, through exiv2.

#include <extract/reader.h>

namespace extract {

struct Photo {
  int orientation = 1;  // EXIF's 1 to 8
};
Photo tell_photo(std::string_view bytes, Sink& sink);
// The same from a bare EXIF block, as HEIF holds it.
void tell_location(double latitude, double longitude, const double* altitude, Sink& sink);
void warm_photo();

}  // namespace extract
