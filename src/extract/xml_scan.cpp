#include "xml_scan.h"

#include <base/text.h>

namespace extract {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string_view XmlScan::decode(std::string_view raw, std::string& storage) {
  std::size_t amp = raw.find('&');
  if (amp == raw.npos) return raw;
  storage.assign(raw.substr(0, amp));
  while (amp < raw.size()) {
    const std::size_t end = raw.substr(amp, 16).find(';');
    const std::string_view name = end == raw.npos ? std::string_view{} : raw.substr(amp + 1, end - 1);
    char32_t c = 0;
    if (name == "amp") c = '&';
    else if (name == "lt") c = '<';
    else if (name == "gt") c = '>';
    else if (name == "quot") c = '"';
    else if (name == "apos") c = '\'';
    else if (name == "nbsp") c = 0xA0;
    else if (name.starts_with('#')) {
      const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      for (const char d : name.substr(hex ? 2 : 1)) {
        const int v = d >= '0' && d <= '9'   ? d - '0'
                      : d >= 'a' && d <= 'f' ? d - 'a' + 10
                      : d >= 'A' && d <= 'F' ? d - 'A' + 10
                                             : 99;
        if (v >= (hex ? 16 : 10)) {
          c = 0;
          break;
        }
        c = std::min<char32_t>(c * (hex ? 16 : 10) + static_cast<char32_t>(v), 0x110000);
      }
    }
    std::size_t from = amp;
    if (c) base::append_utf8(storage, c), from = amp + end + 1;
    else storage += '&', from = amp + 1;
    amp = std::min(raw.find('&', from), raw.size());
    storage += raw.substr(from, amp - from);
  }
  return storage;
}

void XmlScan::set_name(std::string_view n) {
  name_ = n;
  const std::size_t colon = n.find(':');
  local_ = colon == n.npos ? n : n.substr(colon + 1);
}

bool XmlScan::skip_past(std::string_view end) {
  const std::size_t k = s_.find(end, at_);
  if (k == s_.npos) {
    truncated_ = true;
    at_ = s_.size();
    return false;
  }
  at_ = k + end.size();
  return true;
}

// At '<': true when an event came of it.
bool XmlScan::markup() {
  const std::string_view rest = s_.substr(at_);
  if (rest.starts_with("<!--")) {
    at_ += 4;
    skip_past("-->");
    return false;
  }
  if (rest.starts_with("<![CDATA[")) {
    at_ += 9;
    const std::size_t from = at_;
    const bool whole = skip_past("]]>");
    text_ = s_.substr(from, at_ - from - (whole ? 3 : 0));
    event_ = Event::text;
    return true;
  }
  if (rest.starts_with("<?")) {
    skip_past("?>");
    return false;
  }
  if (rest.starts_with("<!")) {
    const std::size_t close = rest.find('>'), subset = rest.substr(0, close).find('[');
    skip_past(subset == rest.npos ? ">" : "]>");
    return false;
  }
  const bool closing = rest.starts_with("</");
  std::size_t k = closing ? 2 : 1;
  const std::size_t name_at = k;
  while (k < rest.size() && !is_space(rest[k]) && rest[k] != '>' && rest[k] != '/' && rest[k] != '<') ++k;
  if (k == name_at) {  // a bare '<'
    damaged_ = true;
    text_ = rest.substr(0, 1);
    ++at_;
    event_ = Event::text;
    return true;
  }
  const std::string_view name = rest.substr(name_at, k - name_at);
  const std::size_t attributes_at = k;
  for (char quote = 0; k < rest.size(); ++k) {
    const char c = rest[k];
    if (quote) quote = c == quote ? char{0} : quote;
    else if (c == '"' || c == '\'') quote = c;
    else if (c == '>') break;
    if (c == '<') damaged_ = true;
  }
  if (k >= rest.size()) {
    truncated_ = true;
    at_ = s_.size();
    return false;
  }
  at_ += k + 1;
  set_name(name);
  if (closing) {
    event_ = Event::end;
    if (depth_ == 0) damaged_ = true;
    leave_ = true;
  } else {
    pending_end_ = rest[k - 1] == '/';
    attributes_ = rest.substr(attributes_at, k - attributes_at - (pending_end_ && k > attributes_at ? 1 : 0));
    ++depth_;
    event_ = Event::start;
  }
  return true;
}

XmlScan::Event XmlScan::next() {
  if (leave_) {
    leave_ = false;
    if (depth_) --depth_;
  }
  if (pending_end_) {
    pending_end_ = false;
    leave_ = true;
    return event_ = Event::end;
  }
  while (at_ < s_.size()) {
    if (s_[at_] == '<') {
      if (markup()) return event_;
      continue;
    }
    const std::size_t end = std::min(s_.find('<', at_), s_.size());
    text_ = decode(s_.substr(at_, end - at_), storage_);
    at_ = end;
    return event_ = Event::text;
  }
  truncated_ |= depth_ > 0;
  return event_ = Event::done;
}

void XmlScan::skip() {
  if (event_ != Event::start) return;
  const std::size_t level = depth_;
  for (;;) {
    const Event e = next();
    if (e == Event::done || (e == Event::end && depth_ <= level)) return;
  }
}

bool XmlScan::next_attribute(std::size_t& at, std::string_view& name, std::string_view& raw) const {
  const std::string_view a = attributes_;
  while (at < a.size() && (is_space(a[at]) || a[at] == '/')) ++at;
  const std::size_t from = at;
  while (at < a.size() && a[at] != '=' && !is_space(a[at])) ++at;
  if (at == from && at >= a.size()) return false;
  name = a.substr(from, at - from);
  while (at < a.size() && is_space(a[at])) ++at;
  raw = {};
  if (at >= a.size() || a[at] != '=') return true;
  ++at;
  while (at < a.size() && is_space(a[at])) ++at;
  if (at >= a.size()) return true;
  if (a[at] == '"' || a[at] == '\'') {
    const std::size_t end = std::min(a.find(a[at], at + 1), a.size());
    raw = a.substr(at + 1, end - at - 1);
    at = std::min(end + 1, a.size());
  } else {
    const std::size_t start = at;
    while (at < a.size() && !is_space(a[at])) ++at;
    raw = a.substr(start, at - start);
  }
  return true;
}

std::string XmlScan::attribute(std::string_view wanted) const {
  std::size_t at = 0;
  std::string_view n, raw;
  while (next_attribute(at, n, raw)) {
    const std::size_t colon = n.find(':');
    if (n != wanted && (colon == n.npos || n.substr(colon + 1) != wanted)) continue;
    std::string storage;
    return std::string(decode(raw, storage));
  }
  return {};
}

std::string_view xml_encoding(std::string_view head) {
  head = head.substr(0, 256);
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  if (!head.starts_with("<?xml")) return {};
  head = head.substr(0, head.find("?>"));
  const std::size_t k = head.find("encoding");
  if (k == head.npos) return {};
  const std::size_t quote = head.find_first_of("\"'", k);
  if (quote == head.npos) return {};
  const std::size_t end = head.find(head[quote], quote + 1);
  return end == head.npos ? std::string_view{} : head.substr(quote + 1, end - quote - 1);
}

}  // namespace extract
