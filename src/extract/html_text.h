#pragma once
// HTML to text, for pages and for the bodies of mail: one pass, no tree, no recursion; memory is bounded
// by the input. What a browser would show as separate lines comes out as separate lines.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace extract {

struct HtmlText {
  std::string text, title, charset;
  std::vector<std::pair<std::string, std::string>> metas;  // metadata keys of the house
  std::vector<std::string> links;                          // the first ones, as written
  bool truncated = false;                                  // the end came inside a tag
};

HtmlText html_text(std::string_view bytes, std::string_view declared_charset = {});
// The charset that a page states in its first kilobytes, or "".
std::string html_charset(std::string_view bytes);
// Resolves entities: "&eacute;&#8211;" -> "é–".
void append_html_decoded(std::string& out, std::string_view raw);

}  // namespace extract
