#pragma once
// As much of CSS 2.1 as the look of a mail needs: rules by element, class and id, descendants and children.
// Rules for other media, with conditions or with selectors that need a tree are passed over, and nothing is
// ever fetched.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace extract::css {

struct Element {
  std::string_view name, id, classes;  // classes as the attribute has them
};

class Sheet {
 public:
  void add(std::string_view text);
  bool empty() const { return rules_.empty(); }
  // What the sheet says of the last of these open elements: blocks of declarations, the strongest last.
  std::vector<std::string_view> of(std::span<const Element> open) const;

 private:
  struct Compound {
    std::string_view name, id;
    std::vector<std::string_view> classes;
    bool child = false;  // of what stands before it
  };
  struct Rule {
    std::vector<Compound> selector;
    std::string_view declarations;
    unsigned weight = 0;
  };
  void rules(std::string_view text, unsigned depth);
  void rule(std::string_view selectors, std::string_view declarations);
  static std::optional<std::vector<Compound>> parse(std::string_view selector);
  static bool fits(const Compound& c, const Element& e);
  static bool fits(const Rule& r, std::span<const Element> open);
  std::deque<std::string> texts_;
  std::vector<Rule> rules_;
  std::map<std::string_view, std::vector<std::size_t>> by_key_;  // id, class or name of the last compound
};

// Each "name: value" of a block; names in lower case, values without "!important".
void each_declaration(std::string_view block,
                      const std::function<void(std::string_view name, std::string_view value)>& f);

std::optional<std::uint32_t> colour(std::string_view value);  // 0xRRGGBB; nothing for "transparent" too
struct Length {
  float value = 0;
  bool share = false;  // of something else: 0.5 for 50%
};
// In pixels; `em` is the size of the font.
std::optional<Length> length(std::string_view value, float em);

}  // namespace extract::css
