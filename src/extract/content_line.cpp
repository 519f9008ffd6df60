#include "content_line.h"

#include "charset.h"
#include "mime.h"

#include <base/text.h>

namespace extract {

std::string ContentLine::parameter(std::string_view n) const {
  for (const auto& [name_, v] : parameters)
    if (name_ == n) return v;
  return {};
}

std::string ContentLine::text() const {
  std::string raw = value;
  if (base::iequals_ascii(parameter("ENCODING"), "QUOTED-PRINTABLE"))
    raw = decode(mime::from_quoted_printable(raw), parameter("CHARSET")).text;
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\' && i + 1 < raw.size()) {
      ++i;
      out += raw[i] == 'n' || raw[i] == 'N' ? '\n' : raw[i];
    } else {
      out += raw[i] == ';' ? ' ' : raw[i];
    }
  }
  return std::string(base::trim(out));
}

bool next_content_line(std::string_view s, std::size_t& at, ContentLine& line) {
  std::string whole;
  bool quoted_printable = false;
  while (at < s.size()) {
    const std::size_t end = std::min(s.find('\n', at), s.size());
    std::string_view l = s.substr(at, end - at);
    at = std::min(end + 1, s.size());
    if (l.ends_with('\r')) l.remove_suffix(1);
    if (l.empty() && whole.empty()) continue;
    whole += l;
    if (whole.size() < 400 && !quoted_printable)
      quoted_printable = base::lower_ascii(whole).find("quoted-printable") != whole.npos;
    if (at < s.size() && (s[at] == ' ' || s[at] == '\t')) {
      ++at;  // folded
      continue;
    }
    if (quoted_printable && whole.ends_with('=')) {
      whole += "\r\n";
      continue;
    }
    break;
  }
  if (whole.empty()) return false;
  line = {};
  std::size_t k = 0;
  bool quoted = false;
  std::vector<std::string> head(1);
  for (; k < whole.size() && (quoted || whole[k] != ':'); ++k) {
    if (whole[k] == '"') quoted = !quoted;
    else if (whole[k] == ';' && !quoted) head.emplace_back();
    else head.back() += whole[k];
  }
  line.value = k < whole.size() ? whole.substr(k + 1) : "";
  std::string name = head[0].substr(head[0].rfind('.') + 1);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  line.name = name;
  for (std::size_t i = 1; i < head.size() && i < 50; ++i) {
    const std::size_t eq = head[i].find('=');
    std::string n = eq == head[i].npos ? "TYPE" : head[i].substr(0, eq),
                v = eq == head[i].npos ? head[i] : head[i].substr(eq + 1);
    for (char& c : n)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (base::iequals_ascii(v, "QUOTED-PRINTABLE") || base::iequals_ascii(v, "BASE64")) n = "ENCODING";
    line.parameters.emplace_back(std::move(n), std::move(v));
  }
  return true;
}

}  // namespace extract
