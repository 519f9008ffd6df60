#include "mime.h"

#include "charset.h"

#include <base/text.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace extract::mime {
namespace {

constexpr std::size_t kFields = 2000, kParts = 100'000;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

constexpr std::array<signed char, 256> kBase64 = [] {
  std::array<signed char, 256> t{};
  t.fill(-1);
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < digits.size(); ++i)
    t[static_cast<unsigned char>(digits[i])] = static_cast<signed char>(i);
  return t;
}();

int hex_value(char c) {
  return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(s[i + 1]) << 4 | hex_value(s[i + 2]));
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

struct Word {
  std::string_view charset;
  char encoding = 0;
  std::string_view payload;
  std::size_t length = 0;  // 0: no encoded word here
};

// The encoded word at the start of `s`, which begins with "=?".
Word encoded_word(std::string_view s) {
  Word w;
  const std::size_t a = s.find('?', 2);
  if (a == s.npos || a > 60 || a + 2 >= s.size() || s[a + 2] != '?') return w;
  const char e = static_cast<char>(s[a + 1] | 32);
  if (e != 'b' && e != 'q') return w;
  const std::size_t end = s.find("?=", a + 3);
  if (end == s.npos || s.substr(a + 3, end - a - 3).find('\n') != s.npos) return w;
  w.charset = s.substr(2, a - 2);
  w.charset = w.charset.substr(0, w.charset.find('*'));  // RFC 2231 language
  w.encoding = e;
  w.payload = s.substr(a + 3, end - a - 3);
  w.length = end + 2;
  return w;
}

std::string word_bytes(const Word& w) {
  if (w.encoding == 'b') return from_base64(w.payload);
  std::string underscored(w.payload);
  std::replace(underscored.begin(), underscored.end(), '_', ' ');
  return from_quoted_printable(underscored);
}

std::string unfolded(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\r' || raw[i] == '\n') {
      while (i + 1 < raw.size() && is_space(raw[i + 1])) ++i;
      out += ' ';
    } else {
      out += raw[i];
    }
  }
  return out;
}

}  // namespace

std::string_view Headers::first(std::string_view name) const {
  for (const auto& [n, v] : fields)
    if (base::iequals_ascii(n, name)) return v;
  return {};
}

Headers headers(std::string_view s) {
  Headers h;
  std::size_t at = 0;
  while (at < s.size()) {
    const char* nl = static_cast<const char*>(std::memchr(s.data() + at, '\n', s.size() - at));
    const std::size_t next = nl ? static_cast<std::size_t>(nl - s.data()) + 1 : s.size();
    std::string_view line = s.substr(at, next - at);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty()) {
      at = next;
      if (h.fields.empty()) continue;  // blank lines before the first field
      break;
    }
    if ((line[0] == ' ' || line[0] == '\t') && !h.fields.empty()) {
      std::string_view& value = h.fields.back().second;
      value =
          std::string_view(value.data(), static_cast<std::size_t>(line.data() + line.size() - value.data()));
      at = next;
      continue;
    }
    const std::size_t colon = line.find(':');
    const bool from_line = h.fields.empty() && (line.starts_with("From ") || line.starts_with(">From "));
    std::string_view name = line.substr(0, colon == line.npos ? 0 : colon);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    const bool is_field = !name.empty() && name.find(' ') == name.npos && !from_line;
    if (!is_field && !from_line) {
      if (h.fields.empty()) break;  // no headers at all: a body
      // A line that is no field: the body began without its blank line, unless fields follow it.
      const std::string_view after = s.substr(next, 200);
      const std::size_t c = after.find(':'), space = after.find_first_of(" \n");
      if (c == after.npos || c > space || c == 0) break;
    }
    if (is_field && h.fields.size() < kFields) h.fields.emplace_back(name, line.substr(colon + 1));
    at = next;
  }
  h.body_at = at;
  return h;
}

std::string Field::parameter(std::string_view name) const {
  for (const auto& [n, v] : parameters)
    if (n == name) return v;
  return {};
}

Field field(std::string_view raw) {
  Field f;
  const std::string s = unfolded(raw);
  std::size_t at = std::min(s.find(';'), s.size());
  f.value = base::lower_ascii(base::trim(std::string_view(s).substr(0, at)));
  if (const std::size_t sp = f.value.find_first_of(" \t("); sp != f.value.npos) f.value.resize(sp);
  struct Piece {
    std::string name, value;
    unsigned index;
    bool extended;
  };
  std::vector<Piece> pieces;
  while (at < s.size() && f.parameters.size() + pieces.size() < 100) {
    while (at < s.size() && (s[at] == ';' || is_space(s[at]))) ++at;
    const std::size_t from = at;
    while (at < s.size() && s[at] != '=' && s[at] != ';') ++at;
    std::string name = base::lower_ascii(base::trim(std::string_view(s).substr(from, at - from)));
    if (at >= s.size() || s[at] == ';') continue;
    ++at;
    while (at < s.size() && is_space(s[at])) ++at;
    std::string value;
    if (at < s.size() && s[at] == '"') {
      for (++at; at < s.size() && s[at] != '"'; ++at) {
        if (s[at] == '\\' && at + 1 < s.size() && (s[at + 1] == '"' || s[at + 1] == '\\')) ++at;
        value += s[at];
      }
      while (at < s.size() && s[at] != ';') ++at;
    } else {
      const std::size_t start = at;
      while (at < s.size() && s[at] != ';') ++at;
      value = base::trim(std::string_view(s).substr(start, at - start));
    }
    const std::size_t star = name.find('*');
    if (star == name.npos) {
      f.parameters.emplace_back(std::move(name), std::move(value));
      continue;
    }
    Piece p{name.substr(0, star), std::move(value), 0, name.ends_with('*')};
    for (const char c : std::string_view(name).substr(star + 1))
      if (c >= '0' && c <= '9' && p.index < 1000) p.index = p.index * 10 + static_cast<unsigned>(c - '0');
    pieces.push_back(std::move(p));
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return std::pair(std::string_view(a.name), a.index) < std::pair(std::string_view(b.name), b.index);
  });
  for (std::size_t i = 0; i < pieces.size();) {
    std::string bytes, charset;
    const std::size_t first = i;
    for (; i < pieces.size() && pieces[i].name == pieces[first].name; ++i) {
      std::string_view v = pieces[i].value;
      if (i == first && pieces[i].extended) {
        const std::size_t q = v.find('\''), r = q == v.npos ? q : v.find('\'', q + 1);
        if (r != v.npos) charset = v.substr(0, q), v = v.substr(r + 1);
      }
      bytes += pieces[i].extended ? percent_decoded(v) : std::string(v);
    }
    f.parameters.insert(f.parameters.begin(),
                        {pieces[first].name, charset.empty() ? bytes : decode(bytes, charset).text});
  }
  for (auto& [n, v] : f.parameters)
    if (v.find("=?") != v.npos || !base::is_utf8(v)) v = decode_words(v);
  return f;
}

std::string decode_words(std::string_view raw, std::string_view hint) {
  while (!raw.empty() && is_space(raw.front())) raw.remove_prefix(1);
  while (!raw.empty() && is_space(raw.back())) raw.remove_suffix(1);
  std::string s = raw.find('\n') == raw.npos ? std::string(raw) : unfolded(raw);
  if (!base::is_utf8(s)) s = decode(s, hint).text;
  std::size_t k = s.find("=?");
  if (k == s.npos) return s;
  std::string out = s.substr(0, k);
  std::string pending, pending_charset;  // bytes of adjacent words: characters may be split between them
  const auto flush = [&] {
    if (!pending.empty()) out += decode(pending, pending_charset).text;
    pending.clear();
  };
  bool after_word = false;
  while (k < s.size()) {
    const Word w = s.compare(k, 2, "=?") == 0 ? encoded_word(std::string_view(s).substr(k)) : Word{};
    if (w.length) {
      // Words of charsets with shift states begin anew; characters are not split between them.
      if (!base::iequals_ascii(pending_charset, w.charset) || base::starts_with_ci(w.charset, "iso-2022"))
        flush();
      pending_charset = w.charset;
      pending += word_bytes(w);
      k += w.length;
      after_word = true;
      continue;
    }
    if (after_word && is_space(s[k])) {  // white space between two words is not shown
      const std::size_t next = s.find_first_not_of(" \t\r\n", k);
      if (next != s.npos && s.compare(next, 2, "=?") == 0 &&
          encoded_word(std::string_view(s).substr(next)).length) {
        k = next;
        continue;
      }
    }
    flush();
    after_word = false;
    const std::size_t next = std::min(s.find("=?", k + 1), s.size());
    out += s.substr(k, next - k);
    k = next;
  }
  flush();
  return out;
}

std::vector<std::string> addresses(std::string_view raw, std::string_view hint) {
  std::vector<std::string> out;
  const std::string s = raw.find('\n') == raw.npos ? std::string(raw) : unfolded(raw);
  const auto give = [&](std::string_view one) {
    one = base::trim(one);
    if (one.empty()) return;
    const std::size_t open = one.rfind('<');
    std::string name, address;
    if (open != one.npos) {
      const std::size_t close = one.find('>', open);
      address = base::trim(one.substr(open + 1, close == one.npos ? one.npos : close - open - 1));
      std::string_view n = base::trim(one.substr(0, open));
      if (n.size() >= 2 && n.front() == '"' && n.back() == '"') n = n.substr(1, n.size() - 2);
      for (std::size_t i = 0; i < n.size(); ++i) {
        if (n[i] == '\\' && i + 1 < n.size()) ++i;
        name += n[i];
      }
      name = decode_words(name, hint);
    } else {
      address = decode_words(one, hint);
    }
    out.push_back(name.empty() || name == address ? address : name + " <" + address + ">");
  };
  std::size_t from = 0;
  int parens = 0;
  bool quoted = false, angled = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (c == '\\') ++i;
    else if (c == '"' && !parens) quoted = !quoted;
    else if (quoted) continue;
    else if (c == '(') ++parens;
    else if (c == ')' && parens) --parens;
    else if (c == '<') angled = true;
    else if (c == '>') angled = false;
    else if ((c == ',' || c == ';') && !parens && !angled) {
      give(std::string_view(s).substr(from, i - from));
      from = i + 1;
    }
  }
  give(std::string_view(s).substr(std::min(from, s.size())));
  return out;
}

std::string message_ids(std::string_view raw) {
  std::string out;
  std::size_t at = 0;
  while ((at = raw.find('<', at)) != raw.npos) {
    const std::size_t end = raw.find('>', at);
    if (end == raw.npos) break;
    if (!out.empty()) out += ' ';
    for (const char c : raw.substr(at + 1, end - at - 1))
      if (!is_space(c)) out += c;
    at = end + 1;
  }
  return out.empty() ? std::string(base::trim(raw.substr(0, 1000))) : out;
}

std::string from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  const auto v = [&](std::size_t i) { return kBase64[static_cast<unsigned char>(text[i])]; };
  std::size_t n = 0, i = 0;
  std::uint32_t bits = 0;
  unsigned have = 0;
  while (i < text.size()) {
    if (have == 0 && i + 4 <= text.size()) {  // four at once, as nearly always
      const int a = v(i), b = v(i + 1), c = v(i + 2), d = v(i + 3);
      if ((a | b | c | d) >= 0) {
        const unsigned w = static_cast<unsigned>(a << 18 | b << 12 | c << 6 | d);
        out[n] = static_cast<char>(w >> 16), out[n + 1] = static_cast<char>(w >> 8),
        out[n + 2] = static_cast<char>(w);
        n += 3, i += 4;
        continue;
      }
    }
    const int x = v(i);
    if (x >= 0) {
      bits = bits << 6 | static_cast<unsigned>(x);
      if ((have += 6) >= 8) have -= 8, out[n++] = static_cast<char>(bits >> have);
      if (have == 0) bits = 0;
    } else if (text[i] == '=') {
      bits = 0, have = 0;  // padding; some join several encodings
    }
    ++i;
  }
  out.resize(n);
  return out;
}

std::string from_quoted_printable(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t eq = std::min(s.find('=', i), s.size());
    out += s.substr(i, eq - i);
    i = eq;
    if (i >= s.size()) break;
    if (i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(s[i + 1]) << 4 | hex_value(s[i + 2]));
      i += 3;
      continue;
    }
    std::size_t k = i + 1;  // a soft line end, perhaps after white space
    while (k < s.size() && (s[k] == ' ' || s[k] == '\t' || s[k] == '\r')) ++k;
    if (k < s.size() && s[k] == '\n') i = k + 1;
    else if (k >= s.size()) i = k;
    else out += '=', ++i;
  }
  return out;
}

std::string_view decode_body(std::string_view body, std::string_view encoding, std::string& storage) {
  encoding = base::trim(encoding.substr(0, encoding.find(';')));
  if (base::iequals_ascii(encoding, "base64")) return storage = from_base64(body);
  if (base::iequals_ascii(encoding, "quoted-printable")) return storage = from_quoted_printable(body);
  if (base::iequals_ascii(encoding, "x-uuencode") || base::iequals_ascii(encoding, "uuencode") ||
      base::iequals_ascii(encoding, "x-uue")) {
    Uuencoded u;
    if (find_uuencoded(body, 0, u)) return storage = std::move(u.bytes);
  }
  return body;
}

std::vector<std::string_view> split(std::string_view body, std::string_view boundary, bool& closed) {
  std::vector<std::string_view> parts;
  closed = false;
  const std::string mark = "--" + std::string(boundary);
  std::size_t at = 0, start = body.npos;
  while (parts.size() < kParts) {
    const void* hit = ::memmem(body.data() + at, body.size() - at, mark.data(), mark.size());
    if (!hit) break;
    const auto k = static_cast<std::size_t>(static_cast<const char*>(hit) - body.data());
    std::size_t end = k + mark.size();
    const bool last = body.substr(end).starts_with("--");
    std::size_t tail = end + (last ? 2 : 0);
    while (tail < body.size() && (body[tail] == ' ' || body[tail] == '\t' || body[tail] == '\r')) ++tail;
    const bool is_line = (k == 0 || body[k - 1] == '\n') && (tail >= body.size() || body[tail] == '\n');
    if (!is_line) {  // within a line, or of a longer boundary
      at = end;
      continue;
    }
    if (start != body.npos) {
      std::size_t stop = k;
      if (stop > start && body[stop - 1] == '\n') --stop;
      if (stop > start && body[stop - 1] == '\r') --stop;
      parts.push_back(body.substr(start, stop - start));
    }
    start = std::min(tail + 1, body.size());
    at = start;
    if (last) {
      closed = true;
      return parts;
    }
  }
  if (start != body.npos && start < body.size()) parts.push_back(body.substr(start));
  return parts;
}

bool find_uuencoded(std::string_view text, std::size_t from, Uuencoded& found) {
  for (std::size_t k = text.find("begin ", from); k != text.npos; k = text.find("begin ", k + 1)) {
    if (k && text[k - 1] != '\n') continue;
    const std::string_view rest = text.substr(k + 6);
    std::size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '7') ++digits;
    if (digits < 3 || digits > 4 || digits >= rest.size() || rest[digits] != ' ') continue;
    const std::size_t line_end = rest.find('\n');
    if (line_end == rest.npos || line_end > 300) continue;
    found = {};
    found.begin = k;
    found.name = base::trim(rest.substr(digits + 1, line_end - digits - 1));
    std::size_t at = k + 6 + line_end + 1;
    while (at < text.size()) {
      const std::size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
      const std::string_view line = base::trim(text.substr(at, next - at));
      if (line == "end") {
        at = next, found.closed = true;
        break;
      }
      const auto six = [&](std::size_t i) {
        return i < line.size() ? static_cast<unsigned>(line[i] - 32) & 63u : 0u;
      };
      const std::size_t n = line.empty() ? 0 : six(0);
      if (line.size() > 90 || (n && line.size() + 3 < (n + 2) / 3 * 4)) break;
      for (std::size_t i = 1, given = 0; given < n; i += 4) {
        const unsigned w = six(i) << 18 | six(i + 1) << 12 | six(i + 2) << 6 | six(i + 3);
        for (int shift = 16; shift >= 0 && given < n; shift -= 8, ++given)
          found.bytes += static_cast<char>(w >> shift);
      }
      at = next;
    }
    found.end = at;
    if (!found.bytes.empty()) return true;
  }
  return false;
}

}  // namespace extract::mime
