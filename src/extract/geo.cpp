// Maps and tracks: KML, KMZ, GPX and GeoJSON. Names and descriptions are text, coordinates are properties. A
// KMZ is read as a zip whose first KML is the map itself; all else in it are parts.
#include "places.h"

#include <base/text.h>

namespace extract {

extern const Reader archive_reader;

namespace {

constexpr std::string_view kGeoTypes[] = {
    "application/vnd.google-earth.kml+xml",
    "application/vnd.google-earth.kmz",
    "application/gpx+xml",
    "application/geo+json",
};

// Passes on what the reader of archives says, but for the first KML, which it reads.
class KmzSink final : public Sink {
 public:
  KmzSink(Sink& to, MapXml& map) : to_(to), map_(map) {}
  bool found() const { return found_; }
  void meta(std::string_view k, std::string_view v) override { to_.meta(k, v); }
  bool text(std::string_view t) override { return to_.text(t); }
  void next_page() override { to_.next_page(); }
  void finding(Reason r, std::string_view d) override { to_.finding(r, d); }
  void derived(std::string_view k, std::string_view b) override { to_.derived(k, b); }
  void machine(std::string_view e, std::string_view v, std::string_view p) override { to_.machine(e, v, p); }
  void expect(std::uint64_t n) override { to_.expect(found_ && n > 0 ? n - 1 : n); }
  bool begin_part(const PartInfo& info) override {
    mine_ = !found_ && base::lower_ascii(info.name).ends_with(".kml");
    found_ = found_ || mine_;
    return mine_ || to_.begin_part(info);
  }
  bool part_bytes(std::string_view b) override {
    if (!mine_) return to_.part_bytes(b);
    map_.feed(b);
    return true;
  }
  void end_part() override {
    if (!std::exchange(mine_, false)) to_.end_part();
  }
  void fail_part(Reason r, std::string_view d) override {
    if (std::exchange(mine_, false)) to_.finding(r, d);
    else to_.fail_part(r, d);
  }
  void lost_part(const PartInfo& i, Reason r, std::string_view d) override { to_.lost_part(i, r, d); }
  bool begin_item(const PartInfo& info) override { return to_.begin_item(info); }
  void end_item() override { to_.end_item(); }

 private:
  Sink& to_;
  MapXml& map_;
  bool found_ = false, mine_ = false;
};

base::Status read_geo(Source& source, const Request& request, Sink& sink) {
  Places places(sink);
  if (request.type == "application/geo+json") {
    read_geojson(source, request.limits, sink, places);
    return base::Done{};
  }
  MapXml map(sink, request.limits, places);
  if (request.type == "application/vnd.google-earth.kmz") {
    KmzSink kmz(sink, map);
    const Request as_zip{request.name, "application/zip", request.passwords, false, request.limits};
    static_cast<void>(TRY(archive_reader.read(source, as_zip, kmz)));
    if (kmz.found()) map.finish();
    else sink.finding(Reason::missing_part, "no KML in this KMZ");
    return base::Done{};
  }
  for (std::uint64_t at = 0; at < source.size();) {
    const std::string_view window = source.read(at, 256 * 1024);
    if (window.empty()) break;
    map.feed(window);
    at += window.size();
  }
  map.finish();
  return base::Done{};
}

}  // namespace

extern const Reader geo_reader;
const Reader geo_reader{{"libxml2+boost.json", "1"}, kGeoTypes, read_geo};

}  // namespace extract
