#pragma once
// Places and times that a map or a track names, gathered while it is read: the first become gps properties,
// all widen the box and the span of time.

#include <extract/reader.h>

#include <memory>

namespace extract {

class Places {
 public:
  explicit Places(Sink& sink) : sink_(sink) {}
  // False when these are no coordinates on Earth.
  bool add(double latitude, double longitude, const double* altitude = nullptr);
  void time(std::string_view text);
  void finish();
  std::uint64_t count() const { return count_; }

 private:
  Sink& sink_;
  std::uint64_t count_ = 0, given_ = 0;
  double south_ = 90, north_ = -90, west_ = 180, east_ = -180;
  double last_latitude_ = 1000, last_longitude_ = 1000;
  std::string start_, end_;
};

// "2.35,48.85,35": numbers of a point with a separator; gives how many were read, at most three.
int read_point(std::string_view text, double out[3]);

// KML or GPX from windows of bytes; which of the two is told by its root element. The text goes to the sink.
class MapXml {
 public:
  MapXml(Sink& sink, const Limits& limits, Places& places);
  ~MapXml();
  MapXml(const MapXml&) = delete;
  void feed(std::string_view bytes);
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

void read_geojson(Source& source, const Limits& limits, Sink& sink, Places& places);

}  // namespace extract
