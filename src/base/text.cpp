#include <base/text.h>

namespace base {
namespace {

// Length of the well-formed sequence at `at` (Unicode table 3-7), 0 when ill-formed.
std::size_t sequence(std::string_view s, std::size_t at) {
  const auto u = [&](std::size_t i) { return static_cast<unsigned char>(s[at + i]); };
  const std::size_t left = s.size() - at;
  const unsigned a = u(0);
  const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return u(i) >= low && u(i) <= high;
  };
  if (a < 0x80) return 1;
  if (a >= 0xC2 && a <= 0xDF) return left >= 2 && tail(1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF)
    return left >= 3 && tail(1, a == 0xE0 ? 0xA0 : 0x80, a == 0xED ? 0x9F : 0xBF) && tail(2) ? 3 : 0;
  if (a >= 0xF0 && a <= 0xF4)
    return left >= 4 && tail(1, a == 0xF0 ? 0x90 : 0x80, a == 0xF4 ? 0x8F : 0xBF) && tail(2) && tail(3) ? 4
                                                                                                        : 0;
  return 0;
}

}  // namespace

bool is_utf8(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    if (static_cast<signed char>(s[i]) >= 0) {
      ++i;
      continue;
    }
    const std::size_t n = sequence(s, i);
    if (!n) return false;
    i += n;
  }
  return true;
}

void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 63));
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  }
}

std::string clean(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    const auto b = static_cast<unsigned char>(s[i]);
    if (b >= 0x20 && b < 0x7F) {
      std::size_t k = i + 1;
      while (k < s.size() && static_cast<unsigned char>(s[k]) >= 0x20 &&
             static_cast<unsigned char>(s[k]) < 0x7F)
        ++k;
      out.append(s, i, k - i);
      i = k;
    } else if (b == '\n' || b == '\t') {
      out += s[i++];
    } else if (b == '\r') {
      out += '\n';
      i += i + 1 < s.size() && s[i + 1] == '\n' ? 2 : 1;
    } else if (b < 0x20 || b == 0x7F) {
      out += ' ';
      ++i;
    } else if (const std::size_t n = sequence(s, i)) {
      out.append(s, i, n);
      i += n;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return out;
}

char32_t next_code_point(std::string_view s, std::size_t& at) {
  const std::size_t n = sequence(s, at);
  if (!n) {
    ++at;
    return 0xFFFD;
  }
  const auto u = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(s[at + i])); };
  char32_t c = n == 1 ? u(0) : n == 2 ? (u(0) & 31) : n == 3 ? (u(0) & 15) : (u(0) & 7);
  for (std::size_t i = 1; i < n; ++i) c = c << 6 | (u(i) & 63);
  at += n;
  return c;
}

std::u32string utf32(std::string_view s) {
  std::u32string out;
  for (std::size_t i = 0; i < s.size();) out += next_code_point(s, i);
  return out;
}

std::string lower_ascii(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool iequals_ascii(std::string_view a, std::string_view b) {
  return a.size() == b.size() && starts_with_ci(a, b);
}

bool starts_with_ci(std::string_view s, std::string_view prefix) {
  if (s.size() < prefix.size()) return false;
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (low(s[i]) != low(prefix[i])) return false;
  return true;
}

std::string_view trim(std::string_view s) {
  const auto space = [](char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
  };
  while (!s.empty() && space(s.front())) s.remove_prefix(1);
  while (!s.empty() && space(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string_view> split(std::string_view s, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t k = s.find(at);
    out.push_back(s.substr(0, k));
    if (k == std::string_view::npos) return out;
    s.remove_prefix(k + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += between;
    out += parts[i];
  }
  return out;
}

std::string_view cut(std::string_view s, std::size_t bytes_max) {
  if (s.size() <= bytes_max) return s;
  std::size_t n = bytes_max;
  while (n > 0 && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80) --n;
  return s.substr(0, n);
}

std::string with_commas(std::uint64_t n) {
  std::string s = std::to_string(n);
  for (std::size_t i = s.size(); i > 3; i -= 3) s.insert(i - 3, 1, ',');
  return s;
}

std::string name_as_text(std::string_view bytes) {
  bool plain = is_utf8(bytes);
  if (plain) return std::string(bytes);
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t n = sequence(bytes, i);
    if (n && bytes[i] != '%') {
      out.append(bytes, i, n);
      i += n;
    } else {
      const auto b = static_cast<unsigned char>(bytes[i++]);
      out += '%';
      out += digits[b >> 4];
      out += digits[b & 15];
    }
  }
  return out;
}

}  // namespace base
