// Coordinates are kept only when they are on Earth; of millions of points of a track, the first thousand that
// differ.
#include "places.h"

#include "tag_dates.h"
#include "photo.h"

#include <base/text.h>
#include <base/time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace extract {

bool Places::add(double latitude, double longitude, const double* altitude) {
  constexpr std::uint64_t kGiven = 1000;
  if (!(std::abs(latitude) <= 90) || !(std::abs(longitude) <= 180)) return false;
  ++count_;
  south_ = std::min(south_, latitude), north_ = std::max(north_, latitude);
  west_ = std::min(west_, longitude), east_ = std::max(east_, longitude);
  if (given_ < kGiven && (latitude != last_latitude_ || longitude != last_longitude_)) {
    ++given_;
    tell_location(latitude, longitude, altitude, sink_);
  }
  last_latitude_ = latitude, last_longitude_ = longitude;
  return true;
}

void Places::time(std::string_view text) {
  std::string at = loose_date(text);
  if (at.empty()) return;
  // Compared as text: exact among times of one offset, and close enough to find the span among several.
  if (start_.empty() || at < start_) start_ = at;
  if (end_.empty() || at > end_) end_ = std::move(at);
}

void Places::finish() {
  if (count_ > 0) {
    std::array<char, 160> room;
    const int n =
        std::snprintf(room.data(), room.size(), "%.7f,%.7f,%.7f,%.7f", south_, west_, north_, east_);
    sink_.meta("x.bbox", {room.data(), static_cast<std::size_t>(n)});
    sink_.meta("x.points", std::to_string(count_));
  }
  if (!start_.empty()) sink_.meta("date.start", start_);
  if (!end_.empty()) sink_.meta("date.end", end_);
}

int read_point(std::string_view text, double out[3]) {
  int n = 0;
  for (std::size_t at = 0; n < 3 && at < text.size();) {
    if (text[at] == ' ' || text[at] == ',' || text[at] == '+' || text[at] == '\t') {
      ++at;
      continue;
    }
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), out[n]);
    if (error != std::errc()) break;
    at = static_cast<std::size_t>(end - text.data());
    ++n;
  }
  return n;
}

}  // namespace extract
