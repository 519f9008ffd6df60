#include <casework/proof.h>

#include <algorithm>

namespace casework {
namespace {

constexpr int kNotRated = -1000;

int rank_of(const std::string& rating, const Ranks& ranks) {
  const auto at = ranks.find(rating);
  return at == ranks.end() ? kNotRated : at->second;
}

struct Weakest {
  int rank = 1000;
  std::string rating;
  std::vector<std::string> codes;
  void take(const std::string& code, const std::optional<std::string>& level, const Ranks& ranks) {
    const int r = level ? rank_of(*level, ranks) : kNotRated;
    if (r < rank) rank = r, rating = level.value_or(""), codes.clear();
    if (r == rank) codes.push_back(code);
  }
};

}  // namespace

std::optional<std::string> level_of(const Element& e, const Ranks& ranks) {
  if (e.ratings.empty()) return {};
  return *std::ranges::min_element(e.ratings, {}, [&](const std::string& r) { return rank_of(r, ranks); });
}

Level level_of_count(const std::vector<Element>& elements, const std::vector<std::string>& modes,
                     const Ranks& ranks) {
  Level best;
  int reached = kNotRated - 1;
  std::vector<std::string> all = modes;
  if (all.empty()) all.emplace_back();
  for (const std::string& mode : all) {
    Weakest w;
    bool of_mode = mode.empty();
    for (const Element& e : elements) {
      if (!e.mandatory || (!e.mode.empty() && e.mode != mode)) continue;
      of_mode = of_mode || e.mode == mode;
      w.take(e.code, level_of(e, ranks), ranks);
    }
    if (!of_mode) w.take(mode, {}, ranks);
    if (w.codes.empty()) w.rank = kNotRated;
    if (w.rank <= reached) continue;
    reached = w.rank;
    best.mode = mode, best.weakest = std::move(w.codes);
    best.rating = w.rank == kNotRated ? std::nullopt : std::optional(w.rating);
  }
  return best;
}

Coverage coverage_of(const std::vector<Link>& links) {
  Coverage out;
  std::map<std::string, std::string> type_of;  // of each independent source
  std::set<std::string> open;
  for (const Link& l : links) {
    ++out.links;
    if (l.direction == "exonerating") ++out.exonerating;
    if (l.direction != "incriminating") continue;
    ++out.incriminating;
    std::vector<std::string> voices;
    if (!l.source.empty())
      voices.push_back("s" + l.source);
    else
      for (const std::string& i : l.items) voices.push_back("i" + i);
    for (const std::string& v : voices) {
      std::string& type = type_of[v];
      if (type.empty()) type = l.type;
      if (l.disclosable) open.insert(v);
    }
  }
  for (const auto& [source, type] : type_of) ++out.sources_by_type[type];
  out.sources = static_cast<std::int64_t>(type_of.size());
  out.disclosable_sources = static_cast<std::int64_t>(open.size());
  out.depends = out.sources > 0 && open.empty();
  return out;
}

std::vector<Gap> gaps_of(const Element& e, const Coverage& c, std::size_t propositions,
                         std::size_t unsearched) {
  std::vector<Gap> out;
  if (!propositions) out.push_back(Gap::no_proposition);
  if (propositions && !c.incriminating) out.push_back(Gap::no_proof);
  if (c.sources == 1) out.push_back(Gap::one_source);
  if (unsearched) out.push_back(Gap::no_exonerating_search);
  if (c.depends) out.push_back(Gap::depends);
  if (c.exonerating) out.push_back(Gap::exonerating);
  if (e.ratings.empty()) out.push_back(Gap::not_rated);
  if (!e.ratings.empty() &&
      std::ranges::any_of(e.ratings, [&](const std::string& r) { return r != e.ratings.front(); }))
    out.push_back(Gap::disputed);
  return out;
}

const char* name_of(Gap g) {
  static constexpr const char* kNames[] = {
      "no_proposition", "no_proof",    "one_source", "no_exonerating_search",
      "depends",        "exonerating", "not_rated",  "disputed"};
  return kNames[static_cast<std::size_t>(g)];
}

}  // namespace casework
