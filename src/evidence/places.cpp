#include "places.h"

#include <base/time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <unordered_set>

namespace evidence {
namespace {

constexpr std::size_t kAtOnce = 400;        // items asked of the records together
constexpr std::size_t kPlacesOfOne = 1000;  // of one item: a track has more
constexpr std::size_t kColumnsMax = 400;    // of a timeline that chooses its own step
constexpr std::size_t kClustersMax = 2000;  // told of at once; the rest are the smallest

void places_in(std::string_view metadata, const std::function<void(double, double)>& told) {
  constexpr std::string_view kKey = "[\"gps\",\"";
  std::size_t at = 0, n = 0;
  while (n++ < kPlacesOfOne && (at = metadata.find(kKey, at)) != std::string_view::npos) {
    at += kKey.size();
    const std::string value(metadata.substr(at, 64));
    char* end = nullptr;
    const double latitude = std::strtod(value.c_str(), &end);
    if (*end != ',') continue;
    const double longitude = std::strtod(end + 1, nullptr);
    if (std::abs(latitude) <= 90 && std::abs(longitude) <= 180) told(latitude, longitude);
  }
}

std::string day_of(std::int64_t seconds, std::string_view by) {
  const base::Civil c = base::civil(seconds);
  char room[48];
  std::snprintf(room, sizeof room, "%04d-%02d-%02d", c.year, c.month, c.day);
  const std::string whole = room;
  // Years of more than four digits keep all of them.
  const std::size_t day = whole.size() - 3, month = day - 3;
  return by == "day" ? whole : by == "month" ? whole.substr(0, day) : whole.substr(0, month);
}

}  // namespace

void each_place(CaseFile& file, const search::Columns& columns, std::vector<std::uint32_t> items,
                const std::function<void(std::uint32_t, double, double)>& told) {
  std::erase_if(
      items, [&](std::uint32_t i) { return i >= columns.items() || !(columns.flags[i] & search::has_gps); });
  std::ranges::sort(items);
  for (std::size_t from = 0; from < items.size(); from += kAtOnce) {
    std::string list;
    for (std::size_t k = from; k < std::min(items.size(), from + kAtOnce); ++k)
      list.append(list.empty() ? "" : ",").append(std::to_string(items[k]));
    file.records().each(
        "select number, metadata from item where number in (" + list + ") order by number",
        [&](store::Statement& s) {
          const auto number = static_cast<std::uint32_t>(s.integer(0));
          places_in(s.text(1), [&](double latitude, double longitude) { told(number, latitude, longitude); });
        });
  }
}

base::Result<Box> parse_box(const std::string& text) {
  Box b;
  char rest = 0;
  const int n = std::sscanf(text.c_str(), "%lf,%lf,%lf,%lf%c", &b.south, &b.west, &b.north, &b.east, &rest);
  if (n != 4 || !(std::abs(b.south) <= 90) || !(std::abs(b.north) <= 90) || !(std::abs(b.west) <= 180) ||
      !(std::abs(b.east) <= 180) || b.south > b.north || b.west > b.east)
    return base::Error{base::Refusal::invalid,
                       "\"" + text + "\" is no place; give south,west,north,east in degrees"};
  return b;
}

base::Status keep_places(CaseFile& file, const search::Columns& columns, std::vector<search::Match>& matches,
                         const std::vector<std::string>& values) {
  std::vector<Box> boxes;
  for (const std::string& v : values) boxes.push_back(TRY(parse_box(v)));
  std::vector<std::uint32_t> items;
  for (const search::Match& m : matches) items.push_back(m.item);
  std::unordered_set<std::uint32_t> inside;
  each_place(file, columns, std::move(items), [&](std::uint32_t item, double latitude, double longitude) {
    if (std::ranges::any_of(boxes, [&](const Box& b) { return b.holds(latitude, longitude); }))
      inside.insert(item);
  });
  std::erase_if(matches, [&](const search::Match& m) { return !inside.contains(m.item); });
  return base::Done{};
}

Timeline Search::timeline(CaseFile& file, std::string_view by) const {
  const search::Columns& columns = file.index().columns();
  Timeline out;
  std::map<std::int64_t, std::uint64_t> days;
  for (const std::uint32_t i : items_) {
    const std::int64_t at = i < columns.items() ? columns.date[i] : search::kNoDate;
    if (at == search::kNoDate)
      ++out.undated;
    else
      ++days[at >= 0 ? at / 86400 : -((86399 - at) / 86400)];
  }
  const auto gather = [&](std::string_view step) {
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    for (const auto& [day, n] : days) {
      std::string name = day_of(day * 86400, step);
      if (counts.empty() || counts.back().first != name) counts.emplace_back(std::move(name), 0);
      counts.back().second += n;
    }
    return counts;
  };
  out.by = by;
  if (by.empty()) {
    const std::int64_t span = days.empty() ? 0 : days.rbegin()->first - days.begin()->first;
    out.by = span < 90 ? "day" : span / 30 < static_cast<std::int64_t>(kColumnsMax) ? "month" : "year";
  }
  out.counts = gather(out.by);
  return out;
}

PlaceMap Search::places(CaseFile& file, const Box& within, double cell) const {
  PlaceMap out;
  std::map<std::pair<std::int64_t, std::int64_t>, Cluster> cells;
  const search::Columns& columns = file.index().columns();
  std::uint32_t last = 0, inside = 0;
  std::uint64_t with = 0;
  each_place(file, columns, items_, [&](std::uint32_t item, double latitude, double longitude) {
    if (item != last) ++with, last = item;
    if (!within.holds(latitude, longitude)) return;
    if (item != inside) ++out.placed, inside = item;
    Cluster& c = cells[{static_cast<std::int64_t>(std::floor(latitude / cell)),
                        static_cast<std::int64_t>(std::floor(longitude / cell))}];
    if (c.count++ == 0) c.item = item, c.box = {latitude, longitude, latitude, longitude};
    c.latitude += latitude, c.longitude += longitude;
    c.box.south = std::min(c.box.south, latitude), c.box.north = std::max(c.box.north, latitude);
    c.box.west = std::min(c.box.west, longitude), c.box.east = std::max(c.box.east, longitude);
  });
  out.without = items_.size() - with;
  for (auto& [at, c] : cells) {
    c.latitude /= static_cast<double>(c.count), c.longitude /= static_cast<double>(c.count);
    out.clusters.push_back(c);
  }
  std::ranges::stable_sort(out.clusters, std::greater{}, &Cluster::count);
  if (out.clusters.size() > kClustersMax) out.clusters.resize(kClustersMax);
  return out;
}

}  // namespace evidence
