#pragma once
// The tags of one kind as a tree. A kind has few, so all are read at once.

#include "tag.h"

#include <search/index.h>
#include <store/sql.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace evidence {

class TagTree {
 public:
  TagTree(store::Sql& sql, std::string_view kind);
  const std::vector<Tag>& all() const { return all_; }  // parents before what is below, siblings in order
  const Tag* find(std::int64_t id) const;
  const Tag* find(std::int64_t parent, std::string_view folded) const;
  std::string path(const Tag& t) const;                         // "Trial/Exhibits"; of an issue code its code
  std::vector<std::int64_t> with_above(std::int64_t id) const;  // itself first
  std::vector<std::int64_t> with_below(std::int64_t id) const;
  // The tags that a query means by a name; none: there is no such tag.
  std::vector<std::int64_t> named(std::string_view name) const;

 private:
  std::string kind_;
  std::vector<Tag> all_;
  std::map<std::int64_t, std::size_t> places_;
};

std::string folded_name(std::string_view name);
std::string facet_of(std::string_view kind);  // "folder" is a facet of the path already

// How many of the wanted items have each tag, or one below it; by the number of the tag.
std::map<std::int64_t, std::int64_t> counts_below(store::Sql& sql, const TagTree& tree,
                                                  const std::function<bool(std::uint32_t)>& wanted);
// How many of the matches have each tag, or one below it. Facets in the order of their kinds.
std::vector<search::Facet> tag_facets(store::Sql& sql, const std::vector<search::Match>& matches);
// Keeps the matches that have one of the values. False: it is no facet of tags.
bool keep_tagged(store::Sql& sql, std::vector<search::Match>& matches, std::string_view facet,
                 const std::vector<std::string>& values);

}  // namespace evidence
