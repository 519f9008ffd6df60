#include "canonical.h"

#include <base/json.h>
#include <base/text.h>
#include <base/time.h>

namespace evidence::canonical {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  base::Result<Object> document() {
    Object o;
    if (text_.size() > (256u << 10) || !base::is_utf8(text_) || !object(0, &o) || at_ != text_.size())
      return base::Error{base::Refusal::invalid, "not in its canonical spelling"};
    return o;
  }

 private:
  static constexpr int kDepthMax = 32;
  bool eat(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool string(std::string& out) {
    const std::size_t begin = at_;
    if (!eat('"')) return false;
    while (at_ < text_.size() && text_[at_] != '"') {
      const auto c = static_cast<unsigned char>(text_[at_++]);
      if (c < 0x20) return false;
      if (c != '\\') {
        out += static_cast<char>(c);
        continue;
      }
      if (at_ >= text_.size()) return false;
      switch (text_[at_++]) {
        case '"': out += '"'; break;
        case '\\': out += '\\'; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u': {
          unsigned v = 0;
          for (int k = 0; k < 4; ++k, ++at_) {
            if (at_ >= text_.size()) return false;
            const char d = text_[at_];
            if (d >= '0' && d <= '9')
              v = v * 16 + static_cast<unsigned>(d - '0');
            else if (d >= 'a' && d <= 'f')
              v = v * 16 + static_cast<unsigned>(d - 'a') + 10;
            else
              return false;
          }
          if (v >= 0x20) return false;
          out += static_cast<char>(v);
          break;
        }
        default: return false;
      }
    }
    if (!eat('"')) return false;
    return base::json_string(out) == text_.substr(begin, at_ - begin);  // the shortest escapes and no others
  }
  bool integer(std::int64_t& out) {
    const bool minus = eat('-');
    const std::size_t begin = at_;
    while (at_ < text_.size() && at_ - begin < 18 && text_[at_] >= '0' && text_[at_] <= '9')
      out = out * 10 + (text_[at_++] - '0');
    const std::size_t digits = at_ - begin;  // a nineteenth is no value's end, and is refused there
    if (digits == 0 || (text_[begin] == '0' && (digits > 1 || minus))) return false;
    if (minus) out = -out;
    return true;
  }
  bool value(int depth, Value& v) {
    if (depth > kDepthMax || at_ >= text_.size()) return false;
    switch (text_[at_]) {
      case '"': v.kind = Value::Kind::string; return string(v.text);
      case '{': return object(depth, nullptr);
      case '[': return array(depth);
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: v.kind = Value::Kind::integer; return integer(v.integer);
    }
  }
  bool word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) return false;
    at_ += w.size();
    return true;
  }
  bool array(int depth) {
    if (!eat('[')) return false;
    if (eat(']')) return true;
    do {
      Value v;
      if (!value(depth + 1, v)) return false;
    } while (eat(','));
    return eat(']');
  }
  bool object(int depth, Object* out) {
    if (!eat('{')) return false;
    if (eat('}')) return true;
    std::string last;
    bool first = true;
    do {
      std::string name;
      Value v;
      if (!string(name) || !eat(':') || !value(depth + 1, v)) return false;
      if (!first && name <= last) return false;  // sorted by bytes, and no name twice
      first = false;
      last = name;
      if (out) out->emplace(std::move(name), std::move(v));
    } while (eat(','));
    return eat('}');
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

base::Result<Object> parse_object(std::string_view json) { return Reader(json).document(); }

bool is_time(std::string_view t) {
  if (t.size() != 27 || t[10] != 'T' || t[19] != '.' || t[26] != 'Z') return false;
  for (const std::size_t i : {20, 21, 22, 23, 24, 25})
    if (t[i] < '0' || t[i] > '9') return false;
  return base::parse_rfc3339(t).has_value() && t.substr(17, 2) != "60";
}

}  // namespace evidence::canonical
