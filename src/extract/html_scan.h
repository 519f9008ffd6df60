#pragma once
// The marks of HTML as they are written, for those who read its text and those who set it as pages: one pass,
// no tree, no recursion. What stands between the marks is for the caller.

#include <string_view>

namespace extract::html {

inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline char low(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The character of the entity at the start of `s` (which begins with '&'), and its length; 0 when it is none.
std::size_t entity(std::string_view s, char32_t& c);
// The value of an attribute as it is written; "" when there is none.
std::string_view attribute(std::string_view attributes, std::string_view wanted);
bool has_attribute(std::string_view attributes, std::string_view wanted);  // with or without a value

class Scan {
 public:
  explicit Scan(std::string_view s) : s_(s) {}
  bool done() const { return at_ >= s_.size(); }
  std::string_view rest() const { return s_.substr(at_); }
  void pass(std::size_t n) { at_ += n; }

  // At '<': passes what stands there. `bare`: it was only a character.
  enum class Markup : unsigned char { none, bare, tag };
  Markup markup();
  // Of the last tag. The name is in lower case and cut at 16 bytes.
  std::string_view name() const { return {name_, name_bytes_}; }
  bool closing() const { return closing_; }
  std::string_view attributes() const { return attributes_; }
  std::string_view attribute(std::string_view wanted) const { return html::attribute(attributes_, wanted); }
  // Passes the end tag of the last tag (script, style) and gives what stood before it; without one, nothing
  // of the rest is lost.
  std::string_view raw_text();
  bool truncated() const { return truncated_; }  // the end came inside a tag

 private:
  void skip_past(std::string_view end, bool& missing);
  std::size_t tag_end(std::size_t from);
  std::string_view s_, attributes_;
  std::size_t at_ = 0, name_bytes_ = 0;
  char name_[16] = {};
  bool closing_ = false, truncated_ = false;
  bool no_comment_end_ = false, no_close_ = false, no_double_ = false, no_single_ = false,
       no_script_end_ = false, no_style_end_ = false;
};

}  // namespace extract::html
