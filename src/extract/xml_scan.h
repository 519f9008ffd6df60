#pragma once
// A forward scanner of XML for readers: no DTD, no entities but the five and numbers, no recursion, no
// allocation a document could drive beyond its own size. It forgives what is not well-formed and says so.

#include <string>
#include <string_view>

namespace extract {

class XmlScan {
 public:
  enum class Event { start, end, text, done };
  explicit XmlScan(std::string_view utf8) : s_(utf8) {}

  Event next();
  std::string_view name() const { return local_; }       // without prefix, of start and end
  std::string_view full_name() const { return name_; }   // with it
  std::string_view text() const { return text_; }        // of text, decoded; until the next call
  std::size_t depth() const { return depth_; }           // of the element just started or ended
  std::string_view rest() const { return s_.substr(at_); }  // what is not scanned yet
  bool truncated() const { return truncated_; }          // the end came inside markup or elements
  bool damaged() const { return damaged_; }
  bool empty_element() const { return pending_end_; }    // the start just told is "<x/>"

  // The value of an attribute by its full or local name, decoded; "" when it has none.
  std::string attribute(std::string_view name) const;
  // Calls f(full name, decoded value) for each attribute.
  template <class F>
  void each_attribute(F&& f) const {
    std::size_t at = 0;
    std::string_view n, raw;
    std::string storage;
    while (next_attribute(at, n, raw)) f(n, decode(raw, storage));
  }
  // Moves past the element just started, whatever it holds.
  void skip();

  // Resolves entities; `storage` holds the text when there are any.
  static std::string_view decode(std::string_view raw, std::string& storage);

 private:
  bool next_attribute(std::size_t& at, std::string_view& name, std::string_view& raw) const;
  bool markup();
  bool skip_past(std::string_view end);
  void set_name(std::string_view n);
  std::string_view s_, name_, local_, attributes_, text_;
  std::string storage_;
  std::size_t at_ = 0, depth_ = 0;
  bool pending_end_ = false, leave_ = false, truncated_ = false, damaged_ = false;
  Event event_ = Event::done;
};

// The encoding that an XML declaration states, or "".
std::string_view xml_encoding(std::string_view head);

}  // namespace extract
