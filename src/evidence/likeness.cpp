// Near-duplicates: items whose sketches agree in most places. A sketch is a one-permutation MinHash of 64
// bins of 16 bits over runs of four words (made in the worker); items that agree in a whole band of four bins
// are compared.
#include "pipeline.h"

#include <base/bytes.h>
#include <base/json.h>

#include <algorithm>
#include <bit>

namespace evidence {
namespace {

constexpr std::size_t kBins = 64, kBand = 4;
constexpr std::size_t kAlikeBins = 48;    // of 64: a likeness (Jaccard) of about 0.75 and more
constexpr std::size_t kBucketMax = 2000;  // compared with the first of a bucket beyond this

std::size_t equal_bins(const std::string& a, const std::string& b) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < kBins; ++i) n += a[2 * i] == b[2 * i] && a[2 * i + 1] == b[2 * i + 1];
  return n;
}

}  // namespace

void group_likeness(CaseFile& file, Progress& progress) {
  progress.phase = "grouping near-duplicates";
  std::vector<std::int64_t> numbers, likes;
  std::vector<std::string> sketches;
  file.records().each("select number, sketch, \"like\" from item where sketch is not null order by number",
                      [&](store::Statement& s) {
                        if (s.text(1).size() != 2 * kBins) return;
                        numbers.push_back(s.integer(0));
                        sketches.emplace_back(s.text(1));
                        likes.push_back(s.integer(2));
                      });
  std::vector<std::uint32_t> root(numbers.size());
  for (std::uint32_t i = 0; i < root.size(); ++i) root[i] = i;
  const auto find = [&](std::uint32_t i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
  };
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys(numbers.size());
  for (std::size_t band = 0; band < kBins / kBand; ++band) {
    for (std::uint32_t i = 0; i < keys.size(); ++i)
      keys[i] = {base::load_le<std::uint64_t>(sketches[i].data() + band * kBand * 2), i};
    std::ranges::sort(keys);
    for (std::size_t from = 0; from < keys.size();) {
      std::size_t to = from;
      while (to < keys.size() && keys[to].first == keys[from].first) ++to;
      for (std::size_t i = from + 1; i < to; ++i) {
        // With the neighbour and the first: chains join through either.
        for (const std::size_t k : {i - 1, from}) {
          const std::uint32_t a = find(keys[i].second), b = find(keys[k].second);
          if (a != b && (i - from < kBucketMax || k == from) &&
              equal_bins(sketches[keys[i].second], sketches[keys[k].second]) >= kAlikeBins)
            root[std::max(a, b)] = std::min(a, b);
        }
      }
      from = to;
    }
  }
  std::vector<std::uint32_t> size(numbers.size());
  for (std::uint32_t i = 0; i < root.size(); ++i) ++size[find(i)];
  // Derived and recomputed each time: the ledger keeps that it was done, not every row.
  std::int64_t changed = 0;
  static_cast<void>(file.desk().change([&](kernel::Change& c) -> base::Status {
    for (std::uint32_t i = 0; i < root.size(); ++i) {
      const std::uint32_t r = find(i);
      const std::int64_t like = size[r] > 1 ? numbers[r] : 0;
      if (like == likes[i]) continue;
      file.records().run("update item set \"like\" = ? where number = ?", like, numbers[i]);
      ++changed;
    }
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("method", "one-permutation minhash v1")
        .member("bins", static_cast<std::int64_t>(kBins))
        .member("alike", static_cast<std::int64_t>(kAlikeBins))
        .member("changed", changed)
        .end_object();
    c.tell({"near_duplicates_grouped", "custos", "", payload});
    return base::Done{};
  }));
}

}  // namespace evidence
