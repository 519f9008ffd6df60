// Classic and Big TIFF, either byte order. Counts and offsets are hostile: every one is bounded by the file.
#include "tiff.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

namespace extract {
namespace {

constexpr std::uint64_t kEntriesMax = 4096, kValuesMax = 4096;

class Parser {
 public:
  Parser(Source& source, const Limits& limits) : source_(source), limits_(limits) {}

  TiffPages run() {
    const std::string head(source_.read(0, 16));
    if (head.size() < 8) return std::move(out_);
    swapped_ = head.starts_with("MM");
    if (!swapped_ && !head.starts_with("II")) return std::move(out_);
    const auto magic = number<std::uint16_t>(head.data() + 2);
    big_ = magic == 43;
    if ((magic != 42 && magic != 43) || (big_ && head.size() < 16)) return std::move(out_);
    out_.tiff = true;
    std::uint64_t at = big_ ? number<std::uint64_t>(head.data() + 8) : number<std::uint32_t>(head.data() + 4);
    std::set<std::uint64_t> seen;
    while (at != 0 && out_.pages.size() <= limits_.pages_max) {
      if (!seen.insert(at).second) {
        out_.loops = true;
        break;
      }
      at = directory(at);
    }
    return std::move(out_);
  }

 private:
  template <class T>
  T number(const char* p) const {
    return swapped_ ? base::load_be<T>(p) : base::load_le<T>(p);
  }

  // Reads one directory; gives the offset of the next, 0 at the end.
  std::uint64_t directory(std::uint64_t at) {
    const std::size_t count_bytes = big_ ? 8 : 2, entry_bytes = big_ ? 20 : 12, next_bytes = big_ ? 8 : 4;
    const std::string head(source_.read(at, count_bytes));
    if (head.size() < count_bytes) return fail();
    const std::uint64_t count =
        big_ ? number<std::uint64_t>(head.data()) : number<std::uint16_t>(head.data());
    if (count == 0 || count > kEntriesMax) return fail();
    const std::string table(
        source_.read(at + count_bytes, static_cast<std::size_t>(count) * entry_bytes + next_bytes));
    TiffPage page;
    offsets_.clear(), sizes_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      if ((i + 1) * entry_bytes > table.size()) {
        out_.damaged = true;
        break;
      }
      entry(table.data() + i * entry_bytes, page);
    }
    for (std::size_t i = 0; i < std::min(offsets_.size(), sizes_.size()); ++i)
      if (offsets_[i] > static_cast<double>(source_.size()) ||
          offsets_[i] + sizes_[i] > static_cast<double>(source_.size()))
        page.complete = false;
    if (page.width && page.height) out_.pages.push_back(std::move(page));
    else out_.damaged = true;
    if (table.size() < count * entry_bytes + next_bytes) return fail();
    const char* next = table.data() + count * entry_bytes;
    return big_ ? number<std::uint64_t>(next) : number<std::uint32_t>(next);
  }

  std::uint64_t fail() {
    out_.damaged = true;
    return 0;
  }

  static std::size_t bytes_of(std::uint16_t type) {
    constexpr std::array<std::size_t, 19> kBytes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < kBytes.size() ? kBytes[type] : 0;
  }

  std::vector<double> values(std::uint16_t type, std::string_view bytes) const {
    std::vector<double> out;
    const std::size_t step = bytes_of(type);
    for (std::size_t i = 0; step && i + step <= bytes.size(); i += step) {
      const char* p = bytes.data() + i;
      switch (type) {
        case 1:
        case 7: out.push_back(static_cast<unsigned char>(*p)); break;
        case 3: out.push_back(number<std::uint16_t>(p)); break;
        case 4:
        case 13: out.push_back(number<std::uint32_t>(p)); break;
        case 5: {
          const auto below = number<std::uint32_t>(p + 4);
          out.push_back(below ? double(number<std::uint32_t>(p)) / below : 0);
          break;
        }
        case 11: out.push_back(static_cast<double>(std::bit_cast<float>(number<std::uint32_t>(p)))); break;
        case 12: out.push_back(std::bit_cast<double>(number<std::uint64_t>(p))); break;
        case 16:
        case 18: out.push_back(static_cast<double>(number<std::uint64_t>(p))); break;
        default: return out;
      }
    }
    return out;
  }

  void entry(const char* p, TiffPage& page) {
    const auto tag = number<std::uint16_t>(p), type = number<std::uint16_t>(p + 2);
    const std::uint64_t count = big_ ? number<std::uint64_t>(p + 4) : number<std::uint32_t>(p + 4);
    const std::size_t room = big_ ? 8 : 4;
    const char* inside = p + (big_ ? 12 : 8);
    const std::size_t step = bytes_of(type);
    if (step == 0) return;
    const std::uint64_t n = std::min(count, kValuesMax * (tag == 273 || tag == 324 ? 4 : 1));
    std::string bytes;
    if (count * step <= room && count <= room) bytes.assign(inside, static_cast<std::size_t>(count * step));
    else {
      const std::uint64_t at = big_ ? number<std::uint64_t>(inside) : number<std::uint32_t>(inside);
      bytes.assign(source_.read(at, static_cast<std::size_t>(n * step)));
      if (bytes.size() < n * step) out_.damaged = true;
    }
    const std::vector<double> v = values(type, bytes);
    const double first = v.empty() ? 0 : v[0];
    const auto whole = [&] { return first > 0 && first < 4e9 ? static_cast<std::uint64_t>(first) : 0; };
    switch (tag) {
      case 254: page.reduced = whole() & 1; break;
      case 256: page.width = whole(); break;
      case 257: page.height = whole(); break;
      case 258:
        page.pixel_bits = std::max<std::uint64_t>(1, whole()) * std::clamp<std::uint64_t>(count, 1, 64);
        break;
      case 282: page.dpi = static_cast<std::uint32_t>(std::min<std::uint64_t>(whole(), 10000)); break;
      case 273:
      case 324: offsets_ = v; break;
      case 279:
      case 325: sizes_ = v; break;
      case 33550: page.pixel_scale = v; break;
      case 33922: page.tie_points = v; break;
      case 34264: page.transformation = v; break;
      case 34735:
        for (const double d : v) page.geo_keys.push_back(static_cast<std::uint16_t>(d));
        break;
      case 34736: page.geo_doubles = v; break;
      case 34737: page.geo_text = bytes; break;
      case 42113: page.no_data = bytes; break;
      default: break;
    }
  }

  Source& source_;
  const Limits& limits_;
  TiffPages out_;
  std::vector<double> offsets_, sizes_;
  bool swapped_ = false, big_ = false;
};

std::string decimal(double v) {
  std::array<char, 48> room;
  const int n = std::snprintf(room.data(), room.size(), "%.7g", v);
  return {room.data(), static_cast<std::size_t>(n)};
}

std::string degrees(double v) {
  std::array<char, 48> room;
  const int n = std::snprintf(room.data(), room.size(), "%.7f", v);
  return {room.data(), static_cast<std::size_t>(n)};
}

}  // namespace

TiffPages tiff_pages(Source& source, const Limits& limits) { return Parser(source, limits).run(); }

void tell_geotiff(const TiffPage& page, Sink& sink) {
  if (page.geo_keys.empty() && page.tie_points.empty() && page.transformation.empty()) return;
  std::uint16_t model = 0, geographic = 0, projected = 0;
  for (std::size_t i = 4; i + 3 < page.geo_keys.size(); i += 4) {
    const std::uint16_t key = page.geo_keys[i], where = page.geo_keys[i + 1], value = page.geo_keys[i + 3];
    const std::size_t count = page.geo_keys[i + 2];
    if (where == 34737 && value < page.geo_text.size()) {
      std::string_view text(page.geo_text);
      text = text.substr(value, count);
      while (text.ends_with('|') || text.ends_with('\0')) text.remove_suffix(1);
      sink.meta("x.geotiff_citation", text);
    }
    if (where != 0) continue;
    if (key == 1024) model = value;
    if (key == 2048) geographic = value;
    if (key == 3072) projected = value;
  }
  if (model)
    sink.meta("x.geotiff_model", model == 1   ? "projected"
                                 : model == 2 ? "geographic"
                                              : std::to_string(model));
  if (const auto code = projected ? projected : geographic; code)
    sink.meta("x.geotiff_epsg", std::to_string(code));

  // Coordinates of a pixel, by tie point and scale or by the matrix.
  const auto at = [&](double i, double j, double& x, double& y) {
    if (page.tie_points.size() >= 6 && page.pixel_scale.size() >= 2) {
      x = page.tie_points[3] + (i - page.tie_points[0]) * page.pixel_scale[0];
      y = page.tie_points[4] - (j - page.tie_points[1]) * page.pixel_scale[1];
      return true;
    }
    if (page.transformation.size() >= 16) {
      x = page.transformation[0] * i + page.transformation[1] * j + page.transformation[3];
      y = page.transformation[4] * i + page.transformation[5] * j + page.transformation[7];
      return true;
    }
    return false;
  };
  double left = 0, top = 0, right = 0, bottom = 0;
  const auto width = static_cast<double>(page.width), height = static_cast<double>(page.height);
  if (!at(0, 0, left, top) || !at(width, height, right, bottom)) return;
  if (!std::isfinite(left + top + right + bottom)) return;
  sink.meta("x.geotiff_bounds",
            decimal(left) + "," + decimal(bottom) + "," + decimal(right) + "," + decimal(top));
  const double latitude = (top + bottom) / 2, longitude = (left + right) / 2;
  if (model == 2 && std::abs(latitude) <= 90 && std::abs(longitude) <= 180)
    sink.meta("gps", degrees(latitude) + "," + degrees(longitude));
}

}  // namespace extract
