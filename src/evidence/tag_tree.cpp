#include "case_file.h"
#include "tag_tree.h"

#include <base/text.h>
#include <evidence/tags.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace evidence {
namespace {

constexpr std::size_t kFacetMax = 500;  // values

// "3.2" before "3.10".
bool before(std::string_view a, std::string_view b) {
  const auto parts = [](std::string_view s) { return base::split(s, '.'); };
  const auto x = parts(a), y = parts(b);
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    std::int64_t m = 0, n = 0;
    const bool numbers =
        std::from_chars(x[i].data(), x[i].data() + x[i].size(), m).ptr == x[i].data() + x[i].size() &&
        std::from_chars(y[i].data(), y[i].data() + y[i].size(), n).ptr == y[i].data() + y[i].size();
    if (numbers && m != n) return m < n;
    if (x[i] != y[i]) return x[i] < y[i];
  }
  return x.size() < y.size();
}

}  // namespace

std::string folded_name(std::string_view name) {
  const std::string all = search::caseless(name);
  return std::string(base::trim(all));
}
std::string facet_of(std::string_view kind) { return std::string(kind == kFolder ? "filed" : kind); }

TagTree::TagTree(store::Sql& sql, std::string_view kind) : kind_(kind) {
  std::map<std::int64_t, std::vector<Tag>> by_parent;
  for (Tag& t : store::select<Tag>(sql, "where kind = ? order by folded, id", kind))
    by_parent[t.parent].push_back(std::move(t));
  if (kind == kIssue)
    for (auto& [_, siblings] : by_parent)
      std::ranges::sort(siblings, [](const Tag& a, const Tag& b) { return before(a.folded, b.folded); });
  const std::function<void(std::int64_t)> take = [&](std::int64_t parent) {
    for (Tag& t : by_parent[parent]) {
      const std::int64_t id = t.id;
      places_[id] = all_.size();
      all_.push_back(std::move(t));
      take(id);
    }
  };
  take(0);
}
const Tag* TagTree::find(std::int64_t id) const {
  const auto at = places_.find(id);
  return at == places_.end() ? nullptr : &all_[at->second];
}
const Tag* TagTree::find(std::int64_t parent, std::string_view folded) const {
  for (const Tag& t : all_)
    if (t.folded == folded && (kind_ != kFolder || t.parent == parent)) return &t;
  return nullptr;
}
std::string TagTree::path(const Tag& t) const {
  if (kind_ == kIssue) return t.code;
  std::string out = t.name;
  for (const Tag* up = find(t.parent); up; up = find(up->parent)) out = up->name + "/" + out;
  return out;
}
std::vector<std::int64_t> TagTree::with_above(std::int64_t id) const {
  std::vector<std::int64_t> out;
  for (const Tag* t = find(id); t; t = find(t->parent)) out.push_back(t->id);
  return out;
}
std::vector<std::int64_t> TagTree::with_below(std::int64_t id) const {
  std::vector<std::int64_t> out;
  for (const Tag& t : all_)
    if (t.id == id || std::ranges::find(out, t.parent) != out.end()) out.push_back(t.id);
  return out;
}
// A folder is meant by its path, or by its name, wherever it lies.
std::vector<std::int64_t> TagTree::named(std::string_view name) const {
  const std::string folded = folded_name(name);
  std::vector<std::int64_t> out;
  const auto take = [&](const Tag& t) {
    for (const std::int64_t id : with_below(t.id)) out.push_back(id);
  };
  for (const Tag& t : all_)
    if (kind_ == kFolder ? folded_name(path(t)) == folded : t.folded == folded) take(t);
  if (kind_ == kFolder && out.empty())
    for (const Tag& t : all_)
      if (t.folded == folded) take(t);
  return out;
}

namespace {

std::vector<std::uint32_t> items_of(store::Sql& sql, const std::vector<std::int64_t>& tags) {
  std::vector<std::uint32_t> out;
  for (const std::int64_t tag : tags)
    sql.each(
        "select item from tagged where id >= ? and id < ? order by id",
        [&](store::Statement& s) { out.push_back(static_cast<std::uint32_t>(s.integer(0))); },
        tagged_key(tag, 0), tagged_key(tag + 1, 0));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::optional<std::vector<std::uint32_t>> items_tagged(store::Sql& sql, std::string_view kind,
                                                       std::string_view name) {
  const std::vector<std::int64_t> wanted = TagTree(sql, kind).named(name);
  if (wanted.empty()) return {};
  return items_of(sql, wanted);
}
std::optional<std::vector<std::uint32_t>> items_with(CaseFile& file, std::int64_t id) {
  const std::vector<Tag> met = store::select<Tag>(file.records(), "where id = ?", id);
  if (met.empty()) return {};
  return items_of(file.records(), TagTree(file.records(), met[0].kind).with_below(id));
}

std::map<std::int64_t, std::int64_t> counts_below(store::Sql& sql, const TagTree& tree,
                                                  const std::function<bool(std::uint32_t)>& wanted) {
  std::vector<std::pair<std::uint32_t, std::int64_t>> has;  // item, tag
  for (const Tag& t : tree.all())
    sql.each(
        "select item from tagged where id >= ? and id < ?",
        [&](store::Statement& s) {
          const auto item = static_cast<std::uint32_t>(s.integer(0));
          if (wanted(item))
            for (const std::int64_t id : tree.with_above(t.id)) has.emplace_back(item, id);
        },
        tagged_key(t.id, 0), tagged_key(t.id + 1, 0));
  std::ranges::sort(has);
  has.erase(std::unique(has.begin(), has.end()), has.end());
  std::map<std::int64_t, std::int64_t> out;
  for (const auto& [_, tag] : has) ++out[tag];
  return out;
}

std::vector<search::Facet> tag_facets(store::Sql& sql, const std::vector<search::Match>& matches) {
  std::vector<search::Facet> out;
  std::vector<bool> found;
  for (const std::string_view kind : {kTag, kIssue, kFolder}) {
    const TagTree tree(sql, kind);
    if (tree.all().empty()) continue;
    if (found.empty()) {  // every search comes by here, most cases have few tags
      for (const search::Match& m : matches) found.resize(std::max<std::size_t>(found.size(), m.item + 1));
      for (const search::Match& m : matches) found[m.item] = true;
    }
    const auto counts =
        counts_below(sql, tree, [&](std::uint32_t i) { return i < found.size() && found[i]; });
    search::Facet f{facet_of(kind), {}};
    for (const Tag& t : tree.all())
      if (const auto at = counts.find(t.id); at != counts.end())
        f.values.emplace_back(tree.path(t), static_cast<std::uint64_t>(at->second));
    std::ranges::stable_sort(f.values, [](const auto& a, const auto& b) { return a.second > b.second; });
    if (f.values.size() > kFacetMax) f.values.resize(kFacetMax);
    out.push_back(std::move(f));
  }
  return out;
}

bool keep_tagged(store::Sql& sql, std::vector<search::Match>& matches, std::string_view facet,
                 const std::vector<std::string>& values) {
  for (const std::string_view kind : {kTag, kIssue, kFolder}) {
    if (facet != facet_of(kind)) continue;
    std::vector<std::uint32_t> wanted;
    for (const std::string& v : values)
      if (const auto items = items_tagged(sql, kind, v))
        wanted.insert(wanted.end(), items->begin(), items->end());
    std::ranges::sort(wanted);
    std::erase_if(matches,
                  [&](const search::Match& m) { return !std::ranges::binary_search(wanted, m.item); });
    return true;
  }
  return false;
}

}  // namespace evidence
