// exiv2 throws on damage; that ends here, as a finding. Each property is told once: EXIF before IPTC before
// XMP.
#include "photo.h"

#include "tag_dates.h"

#include <base/text.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <exiv2/exiv2.hpp>
#include <set>

namespace extract {
namespace {

class Telling {
 public:
  Telling(const Exiv2::Image& image, Sink& sink)
      : exif_(image.exifData()), iptc_(image.iptcData()), xmp_(image.xmpData()), sink_(sink) {}

  int run() {
    std::string camera = exif("Exif.Image.Make"), model = exif("Exif.Image.Model");
    if (!camera.empty() && base::starts_with_ci(model, camera)) camera = model;
    else if (!model.empty()) camera += (camera.empty() ? "" : " ") + model;
    tell("camera", camera);
    tell("software", exif("Exif.Image.Software"));
    tell("software", xmp("Xmp.xmp.CreatorTool"));
    tell("x.serial_number", exif("Exif.Photo.BodySerialNumber"));
    tell("x.lens", exif("Exif.Photo.LensModel"));
    tell("x.copyright", exif("Exif.Image.Copyright"));
    for (const char* key : {"Exif.Image.Artist", "Exif.Image.XPAuthor"}) tell("author", exif(key));
    tell_iptc("Iptc.Application2.Byline", "author");
    tell("author", xmp("Xmp.dc.creator"));
    for (const char* key : {"Exif.Image.XPTitle"}) tell("title", exif(key));
    for (const char* key : {"Iptc.Application2.ObjectName", "Iptc.Application2.Headline"})
      tell_iptc(key, "title");
    tell("title", xmp("Xmp.dc.title"));
    tell("title", exif("Exif.Image.ImageDescription"));
    for (const char* key : {"Exif.Photo.UserComment", "Exif.Image.XPComment"}) tell("comment", exif(key));
    tell_iptc("Iptc.Application2.Caption", "comment");
    tell("comment", xmp("Xmp.dc.description"));
    tell_iptc("Iptc.Application2.Keywords", "keywords");
    tell("keywords", exif("Exif.Image.XPKeywords"));
    tell("keywords", xmp("Xmp.dc.subject"));
    tell_iptc("Iptc.Application2.City", "x.city");
    tell_iptc("Iptc.Application2.CountryName", "x.country");
    tell_dates();
    tell_place();
    const std::string orientation = exif("Exif.Image.Orientation", Raw);
    tell("x.orientation", orientation == "1" ? "" : orientation);
    return orientation.size() == 1 ? orientation[0] - '0' : 1;
  }

 private:
  enum As { Shown, Raw };
  std::string exif(const char* key, As as = Shown) {
    const auto at = exif_.findKey(Exiv2::ExifKey(key));
    if (at == exif_.end()) return {};
    return bounded(as == Raw ? at->toString() : at->print(&exif_));
  }
  std::string xmp(const char* key) {
    const auto at = xmp_.findKey(Exiv2::XmpKey(key));
    if (at == xmp_.end()) return {};
    std::string value = at->toString(0);
    if (value.starts_with("lang=")) value.erase(0, std::min(value.find(' '), value.size()));
    return bounded(value);
  }
  static std::string bounded(std::string value) {
    while (!value.empty() && value.back() == '\0') value.pop_back();
    return std::string(base::cut(base::trim(value), 64 * 1024));
  }
  void tell(std::string_view key, std::string_view value) {
    if (value.empty() || value.starts_with("(Binary value suppressed)")) return;
    if (!told_.insert(std::string(key) + '=' + std::string(value)).second) return;
    sink_.meta(key, value);
  }
  void tell_iptc(const char* key, std::string_view as) {
    const Exiv2::IptcKey wanted(key);
    std::size_t count = 0;
    for (const auto& datum : iptc_)
      if (datum.tag() == wanted.tag() && datum.record() == wanted.record() && ++count <= 1000)
        tell(as, bounded(datum.toString()));
  }
  void tell_dates() {
    std::string offset = exif("Exif.Photo.OffsetTimeOriginal");
    std::string taken = exif_date(exif("Exif.Photo.DateTimeOriginal"), offset);
    if (taken.empty())
      taken = exif_date(exif("Exif.Photo.DateTimeDigitized"), exif("Exif.Photo.OffsetTimeDigitized"));
    if (taken.empty()) taken = loose_date(xmp("Xmp.photoshop.DateCreated"));
    tell("date.taken", taken);
    tell("date.modified", exif_date(exif("Exif.Image.DateTime"), exif("Exif.Photo.OffsetTime")));
    const std::string day = exif("Exif.GPSInfo.GPSDateStamp");
    const auto time = exif_.findKey(Exiv2::ExifKey("Exif.GPSInfo.GPSTimeStamp"));
    if (day.empty() || time == exif_.end() || time->count() < 3) return;
    std::array<char, 24> room;
    const int n = std::snprintf(room.data(), room.size(), " %02d:%02d:%02d", part(*time, 0), part(*time, 1),
                                part(*time, 2));
    if (n == 9) tell("x.gps_time", exif_date(day + std::string(room.data(), 9), "Z"));
  }
  static int part(const Exiv2::Exifdatum& datum, long i) {
    const auto [above, below] = datum.toRational(i);
    const double v = below ? double(above) / below : 0;
    return v >= 0 && v < 100 ? static_cast<int>(v) : 0;
  }
  bool coordinate(const char* key, const char* side_key, char negative, double& out) {
    const auto at = exif_.findKey(Exiv2::ExifKey(key));
    if (at == exif_.end() || at->count() < 1) return false;
    out = 0;
    double unit = 1;
    for (long i = 0; i < std::min<long>(3, static_cast<long>(at->count())); ++i, unit /= 60) {
      const auto [above, below] = at->toRational(i);
      if (below == 0 && above == 0 && i > 0) continue;
      if (below == 0) return false;
      out += double(above) / below * unit;
    }
    const std::string side = exif(side_key, Raw);
    if (!side.empty() && side[0] == negative) out = -out;
    return true;
  }
  void tell_place() {
    double latitude = 0, longitude = 0, altitude = 0;
    if (coordinate("Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef", 'S', latitude) &&
        coordinate("Exif.GPSInfo.GPSLongitude", "Exif.GPSInfo.GPSLongitudeRef", 'W', longitude)) {
      const bool high = coordinate("Exif.GPSInfo.GPSAltitude", "Exif.GPSInfo.GPSAltitudeRef", '1', altitude);
      tell_location(latitude, longitude, high ? &altitude : nullptr, sink_);
    }
    const auto at = exif_.findKey(Exiv2::ExifKey("Exif.GPSInfo.GPSImgDirection"));
    if (at == exif_.end() || at->count() < 1) return;
    const auto [above, below] = at->toRational(0);
    if (below) tell("x.gps_direction", std::to_string(double(above) / below));
  }

  const Exiv2::ExifData& exif_;
  const Exiv2::IptcData& iptc_;
  const Exiv2::XmpData& xmp_;
  Sink& sink_;
  std::set<std::string> told_;
};

}  // namespace

void tell_location(double latitude, double longitude, const double* altitude, Sink& sink) {
  if (!(std::abs(latitude) <= 90) || !(std::abs(longitude) <= 180)) return;
  if (latitude == 0 && longitude == 0) return;  // what cameras write when they know nothing
  std::array<char, 96> room;
  int n = 0;
  if (altitude && std::isfinite(*altitude) && std::abs(*altitude) < 1e6)
    n = std::snprintf(room.data(), room.size(), "%.7f,%.7f,%.1f", latitude, longitude, *altitude);
  else n = std::snprintf(room.data(), room.size(), "%.7f,%.7f", latitude, longitude);
  sink.meta("gps", {room.data(), static_cast<std::size_t>(n)});
}

Photo tell_photo(std::string_view bytes, Sink& sink) {
  Photo out;
  Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
  try {
    const auto image = Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte*>(bytes.data()),
                                                 static_cast<long>(bytes.size()));
    if (!image.get()) return out;
    image->readMetadata();
    out.orientation = Telling(*image, sink).run();
  } catch (const Exiv2::AnyError& e) {
    sink.finding(Reason::damaged, "properties of the picture: " + std::string(base::cut(e.what(), 200)));
  } catch (const std::out_of_range&) {
    sink.finding(Reason::damaged, "properties of the picture");
  }
  return out;
}

void warm_photo() {
  Exiv2::XmpParser::initialize();
  Exiv2::enableBMFF(true);
}

}  // namespace extract
