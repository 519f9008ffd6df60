#include "charset.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/text.h>

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>

#include <map>
#include <mutex>

namespace extract {
namespace {

using namespace std::string_view_literals;
using Table = std::array<char16_t, 256>;
using Converter = base::Handle<UConverter, ucnv_close>;
using Detector = base::Handle<std::remove_pointer_t<uchardet_t>, uchardet_delete>;

constexpr std::size_t kDetectBytes = 64 << 10;

// What is said in practice, and what is meant by it (WHATWG Encoding, 4.2).
constexpr std::pair<std::string_view, std::string_view> kMeant[] = {
    {"iso-8859-1", "windows-1252"}, {"latin1", "windows-1252"},       {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"}, {"cp1252", "windows-1252"},       {"latin-1", "windows-1252"},
    {"ansi_x3.4-1968", "us-ascii"}, {"ascii", "us-ascii"},            {"iso-8859-9", "windows-1254"},
    {"gb2312", "gb18030"},          {"gbk", "gb18030"},               {"gb_2312-80", "gb18030"},
    {"x-gbk", "gb18030"},           {"ks_c_5601-1987", "windows-949"}, {"euc-kr", "windows-949"},
    {"ksc5601", "windows-949"},     {"ks_c_5601", "windows-949"},     {"x-sjis", "windows-31j"},
    {"shift_jis", "windows-31j"},   {"shift-jis", "windows-31j"},     {"sjis", "windows-31j"},
    {"tis-620", "windows-874"},     {"iso-8859-11", "windows-874"},   {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-8-e", "iso-8859-8"}, {"iso-8859-6-i", "iso-8859-6"},   {"x-user-defined", "windows-1252"},
    {"utf8", "utf-8"},              {"unicode-1-1-utf-8", "utf-8"},   {"unicode-1-1-utf-7", "utf-7"},
    {"utf-16", "utf-16le"},         {"unicode", "utf-16le"},          {"ucs-2", "utf-16le"},
    {"iso-10646-ucs-2", "utf-16be"}, {"x-mac-roman", "macintosh"},    {"x-mac-ce", "x-mac-centraleurroman"},
    {"big5-hkscs", "big5-hkscs"},   {"cp-850", "cp850"},              {"x-unknown", ""},
    {"unknown-8bit", ""},           {"default", ""},                  {"x-windows-949", "windows-949"},
    {"iso-2022-jp", "iso-2022-jp"}, {"binary", ""},                   {"none", ""},
};

std::string meant_by(std::string_view declared) {
  declared = base::trim(declared);
  while (!declared.empty() && (declared.front() == '"' || declared.front() == '\''))
    declared.remove_prefix(1);
  while (!declared.empty() && (declared.back() == '"' || declared.back() == '\'' || declared.back() == ';'))
    declared.remove_suffix(1);
  std::string name = base::lower_ascii(declared.substr(0, 40));
  for (const auto& [said, meant] : kMeant)
    if (name == said) return std::string(meant);
  return name;
}

Converter open(const std::string& charset) {
  UErrorCode error = U_ZERO_ERROR;
  Converter c(ucnv_open(charset.c_str(), &error));
  if (U_FAILURE(error)) c.reset();
  return c;
}

// Tables of single-byte charsets, made once by ICU. They live as long as the process, as ICU's own do.
const Table* table_of(const std::string& charset) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Table>> tables;
  const std::lock_guard lock(mutex);
  const auto [it, fresh] = tables.try_emplace(charset);
  if (!fresh) return it->second.get();
  const Converter c = open(charset);
  if (!c || ucnv_getMaxCharSize(c.get()) != 1) return nullptr;
  auto table = std::make_unique<Table>();
  for (unsigned b = 0; b < 256; ++b) {
    const char in = static_cast<char>(b);
    UChar out[4] = {};
    UErrorCode error = U_ZERO_ERROR;
    const int n = ucnv_toUChars(c.get(), out, 4, &in, 1, &error);
    (*table)[b] = U_SUCCESS(error) && n == 1 ? out[0] : u'\xFFFD';
    // The C1 holes of Windows code pages stay what they were.
    if ((*table)[b] == 0xFFFD && b >= 0x80 && b < 0xA0) (*table)[b] = static_cast<char16_t>(b);
  }
  it->second = std::move(table);
  return it->second.get();
}

struct Utf8Count {
  std::size_t good = 0, bad = 0;  // sequences of more than a byte
};

Utf8Count count_utf8(std::string_view s) {
  Utf8Count n;
  for (std::size_t i = skip_ascii(s, 0); i < s.size(); i = skip_ascii(s, i)) {
    const std::size_t before = i;
    const char32_t c = base::next_code_point(s, i);
    if (c == 0xFFFD && i == before + 1) {
      if (s.size() - before < 4 && n.good) break;  // cut at the end of the window
      ++n.bad;
    } else {
      ++n.good;
    }
  }
  return n;
}

bool is_single_byte(const std::string& charset) {
  return charset.starts_with("windows-12") || charset.starts_with("iso-8859") ||
         charset.starts_with("koi8") || charset == "us-ascii" || charset == "macintosh";
}

std::string by_statistics(std::string_view bytes) {
  const Detector d(uchardet_new());
  if (!d) return "windows-1252";
  uchardet_handle_data(d.get(), bytes.data(), std::min(bytes.size(), kDetectBytes));
  uchardet_data_end(d.get());
  const std::string said = meant_by(uchardet_get_charset(d.get()));
  if (said.empty() || said == "us-ascii" || said == "utf-8") return "windows-1252";
  return open(said) ? said : "windows-1252";
}

struct WideCount {
  std::size_t spaces = 0, ascii = 0, odd = 0, blocks = 0;
};

// How much the units look like writing in this byte order.
WideCount count_wide(std::string_view s, bool big) {
  WideCount n;
  std::array<std::uint16_t, 256> high{};
  for (std::size_t i = 0; i + 1 < s.size(); i += 2) {
    const unsigned u = big ? base::load_be<std::uint16_t>(&s[i]) : base::load_le<std::uint16_t>(&s[i]);
    ++high[u >> 8];
    if (u == ' ' || u == '\n' || u == '\r' || u == '\t' || u == 0x3002 || u == 0x3001) ++n.spaces;
    if (u >= 0x20 && u < 0x7F) ++n.ascii;
    if ((u < 0x20 && u != '\n' && u != '\r' && u != '\t' && u != '\f') || (u >= 0xE000 && u < 0xF900) ||
        u >= 0xFFF0 || (u >= 0x7F && u < 0xA0))
      ++n.odd;
  }
  for (const std::uint16_t h : high) n.blocks += h != 0;
  return n;
}

}  // namespace

std::size_t skip_ascii(std::string_view s, std::size_t at) {
  while (at + 8 <= s.size() && !(base::load_le<std::uint64_t>(s.data() + at) & 0x8080808080808080)) at += 8;
  while (at < s.size() && static_cast<signed char>(s[at]) >= 0) ++at;
  return at;
}

std::string_view wide_charset(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return "utf-8";
  if (head.starts_with("\xFF\xFE\0\0"sv)) return "utf-32le";
  if (head.starts_with("\0\0\xFE\xFF"sv)) return "utf-32be";
  if (head.starts_with("\xFF\xFE")) return "utf-16le";
  if (head.starts_with("\xFE\xFF")) return "utf-16be";
  head = head.substr(0, 4096);
  if (head.size() < 4 || head.find('\0') == head.npos) return {};
  const std::size_t quads = head.size() / 4;
  std::size_t little = 0, big = 0;
  for (std::size_t i = 0; i + 3 < head.size(); i += 4) {
    const auto l = base::load_le<std::uint32_t>(&head[i]), b = base::load_be<std::uint32_t>(&head[i]);
    little += l >= 9 && l < 0x20000, big += b >= 9 && b < 0x20000;
  }
  if (quads >= 2 && little == quads) return "utf-32le";
  if (quads >= 2 && big == quads) return "utf-32be";
  const WideCount le = count_wide(head, false), be = count_wide(head, true);
  const std::size_t units = head.size() / 2;
  const auto fits = [&](const WideCount& n) {
    return n.odd * 50 <= units && (n.ascii * 10 > units * 7 || (n.spaces * 40 >= units && n.blocks < 60));
  };
  const bool fits_le = fits(le), fits_be = fits(be);
  if (fits_le && (!fits_be || le.spaces >= be.spaces)) return "utf-16le";
  if (fits_be) return "utf-16be";
  return {};
}

std::size_t mark_bytes(std::string_view head, std::string_view charset) {
  if (charset == "utf-8") return head.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (charset.starts_with("utf-16"))
    return head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF") ? 2 : 0;
  if (charset.starts_with("utf-32"))
    return head.starts_with("\xFF\xFE\0\0"sv) || head.starts_with("\0\0\xFE\xFF"sv) ? 4 : 0;
  return 0;
}

std::string charset_of(std::string_view bytes, std::string_view declared) {
  const std::string_view head = bytes.substr(0, kDetectBytes);
  if (const std::string_view wide = wide_charset(head); !wide.empty()) return std::string(wide);
  std::string said = meant_by(declared);
  if (said.starts_with("utf-16") || said.starts_with("utf-32") || said.starts_with("ucs-"))
    said = head.find('\0') == head.npos ? "" : said;  // an HTML file cannot say so of itself and be right
  if ((said.starts_with("iso-2022") || said == "hz-gb-2312" || said == "utf-7") && open(said)) return said;
  Utf8Count n = count_utf8(head);
  if (!n.good && !n.bad && bytes.size() > head.size()) n = count_utf8(bytes);
  if (!n.good && !n.bad) {
    if (head.find("\x1B$") != head.npos || head.find("\x1B(J") != head.npos) return "iso-2022-jp";
    return said.starts_with("utf-16") ? said : "us-ascii";
  }
  const bool declared_utf8 = said == "utf-8";
  if (!n.bad && (said.empty() || declared_utf8 || is_single_byte(said) || n.good > 8)) return "utf-8";
  if (n.bad && n.good > n.bad * (declared_utf8 ? 2 : 10)) return "utf-8";
  if (!said.empty() && !declared_utf8 && said != "us-ascii" && open(said)) return said;
  return by_statistics(bytes);
}

Decoder::Decoder(std::string_view charset) {
  const std::string name = meant_by(charset);
  big_ = name.ends_with("be");
  if (name == "utf-8" || name == "us-ascii" || name.empty()) return;
  if (name == "utf-16le" || name == "utf-16be") way_ = Way::wide16;
  else if (name == "utf-32le" || name == "utf-32be") way_ = Way::wide32;
  else if ((table_ = table_of(name))) way_ = Way::table;
  else if (Converter c = open(name)) way_ = Way::converter, converter_ = c.release();
  else if ((table_ = table_of("windows-1252"))) way_ = Way::table;
}
Decoder::~Decoder() {
  if (converter_) ucnv_close(static_cast<UConverter*>(converter_));
}
Decoder::Decoder(Decoder&& o) noexcept
    : way_(o.way_), big_(o.big_), table_(o.table_), converter_(std::exchange(o.converter_, nullptr)),
      waiting_(std::move(o.waiting_)) {}

void Decoder::add(std::string_view bytes, bool last, std::string& out) {
  switch (way_) {
    case Way::table:
      out.reserve(out.size() + bytes.size());
      for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        if (b < 0x80 && (*table_)[b] == b) out += c;
        else base::append_utf8(out, (*table_)[b]);
      }
      return;
    case Way::converter: return add_converted(bytes, last, out);
    case Way::utf8:
      out += std::exchange(waiting_, {});
      out += bytes;
      if (!last) {  // at most three bytes of a sequence that has begun
        std::size_t k = out.size();
        while (k > 0 && out.size() - k < 3 && (static_cast<unsigned char>(out[k - 1]) & 0xC0) == 0x80) --k;
        if (k > 0 && static_cast<unsigned char>(out[k - 1]) >= 0xC2) {
          const auto b = static_cast<unsigned char>(out[k - 1]);
          const std::size_t needs = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
          if (out.size() - (k - 1) < needs) waiting_ = out.substr(k - 1), out.resize(k - 1);
        }
      }
      return;
    case Way::wide16:
    case Way::wide32: return add_wide(bytes, last, out);
  }
}

void Decoder::add_wide(std::string_view bytes, bool last, std::string& out) {
  std::string joined;
  if (!waiting_.empty()) joined = std::exchange(waiting_, {}).append(bytes), bytes = joined;
  std::size_t i = 0;
  if (way_ == Way::wide32) {
    for (; i + 4 <= bytes.size(); i += 4)
      base::append_utf8(
          out, big_ ? base::load_be<std::uint32_t>(&bytes[i]) : base::load_le<std::uint32_t>(&bytes[i]));
  } else {
    const auto unit = [&](std::size_t at) -> char32_t {
      return big_ ? base::load_be<std::uint16_t>(&bytes[at]) : base::load_le<std::uint16_t>(&bytes[at]);
    };
    while (i + 2 <= bytes.size()) {
      char32_t c = unit(i);
      if (c >= 0xD800 && c < 0xDC00) {
        if (i + 4 > bytes.size() && !last) break;
        const char32_t low = i + 4 <= bytes.size() ? unit(i + 2) : 0;
        if (low >= 0xDC00 && low < 0xE000) c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), i += 2;
      }
      base::append_utf8(out, c);
      i += 2;
    }
  }
  if (i < bytes.size()) {
    if (last) out += "\xEF\xBF\xBD";
    else waiting_ = bytes.substr(i);
  }
}

void Decoder::add_converted(std::string_view bytes, bool last, std::string& out) {
  const char* in = bytes.data();
  const char* end = in + bytes.size();
  std::array<UChar, 2048> units;
  for (;;) {
    UChar* to = units.data();
    UErrorCode error = U_ZERO_ERROR;
    ucnv_toUnicode(static_cast<UConverter*>(converter_), &to, units.data() + units.size(), &in, end, nullptr,
                   last, &error);
    std::string pair;
    for (const UChar* u = units.data(); u < to; ++u) base::append_le<char16_t>(pair, *u);
    Decoder wide("utf-16le");
    wide.waiting_ = std::exchange(waiting_, {});
    wide.add_wide(pair, last && error != U_BUFFER_OVERFLOW_ERROR, out);
    waiting_ = wide.waiting_;
    if (error != U_BUFFER_OVERFLOW_ERROR) return;
  }
}

Decoded decode(std::string_view bytes, std::string_view declared) {
  Decoded d;
  std::string storage;
  const std::string_view text = decode_view(bytes, declared, storage, &d.charset);
  d.text = storage.empty() ? std::string(text) : std::move(storage);
  return d;
}

std::string_view decode_view(std::string_view bytes, std::string_view declared, std::string& storage,
                             std::string* charset) {
  const std::string used = charset_of(bytes, declared);
  if (charset) *charset = used;
  bytes.remove_prefix(mark_bytes(bytes, used));
  if (used == "utf-8" || used == "us-ascii") return bytes;
  storage.clear();
  Decoder(used).add(bytes, true, storage);
  return storage;
}

std::string decode_as(std::string_view bytes, std::string_view charset) {
  std::string out;
  Decoder(charset).add(bytes, true, out);
  return out;
}

std::string charset_of_code_page(unsigned code_page) {
  switch (code_page) {
    case 0: return {};
    case 932: return "windows-31j";
    case 936: return "gb18030";
    case 949: return "windows-949";
    case 950: return "big5";
    case 874: return "windows-874";
    case 1200: return "utf-16le";
    case 1201: return "utf-16be";
    case 10000: return "macintosh";
    case 10007: return "x-mac-cyrillic";
    case 20127: return "us-ascii";
    case 20866: return "koi8-r";
    case 21866: return "koi8-u";
    case 28591: return "windows-1252";
    case 50220:
    case 50221: return "iso-2022-jp";
    case 51932: return "euc-jp";
    case 54936: return "gb18030";
    case 65000: return "utf-7";
    case 65001: return "utf-8";
    default: break;
  }
  if (code_page >= 1250 && code_page <= 1258) return "windows-" + std::to_string(code_page);
  if (code_page >= 28592 && code_page <= 28606) return "iso-8859-" + std::to_string(code_page - 28590);
  if (code_page < 1000) return "cp" + std::to_string(code_page);
  return {};
}

std::string from_utf16le(std::string_view bytes) { return decode_as(bytes, "utf-16le"); }

}  // namespace extract
