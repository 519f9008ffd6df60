#include "rtf.h"

#include "charset.h"
#include "dates.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>
#include <unordered_map>

namespace extract {
namespace {

enum class Into : std::uint8_t { text, nothing, fonts, picture, object, info, date };

struct Group {
  Into into = Into::text;
  int uc = 1;
  unsigned code_page = 1252;
  std::string_view key{};  // of the metadata that this group holds
};

// Destinations whose content is no text of the document.
constexpr std::string_view kSilent[] = {"aftncn",
                                        "aftnsep",
                                        "aftnsepc",
                                        "atnid",
                                        "atndate",
                                        "atnicn",
                                        "atnparent",
                                        "atnref",
                                        "atntime",
                                        "atrfend",
                                        "atrfstart",
                                        "background",
                                        "bkmkend",
                                        "bkmkstart",
                                        "blipuid",
                                        "buptim",
                                        "colorschememapping",
                                        "colortbl",
                                        "datafield",
                                        "datastore",
                                        "docvar",
                                        "falt",
                                        "fchars",
                                        "ffdeftext",
                                        "ffentrymcr",
                                        "ffexitmcr",
                                        "ffformat",
                                        "ffhelptext",
                                        "ffl",
                                        "ffname",
                                        "ffstattext",
                                        "file",
                                        "filetbl",
                                        "fldinst",
                                        "fontemb",
                                        "fontfile",
                                        "formfield",
                                        "ftncn",
                                        "ftnsep",
                                        "ftnsepc",
                                        "generator",
                                        "gridtbl",
                                        "htmltag",
                                        "latentstyles",
                                        "lchars",
                                        "levelnumbers",
                                        "leveltext",
                                        "linkval",
                                        "list",
                                        "listlevel",
                                        "listname",
                                        "listoverride",
                                        "listoverridetable",
                                        "listpicture",
                                        "liststylename",
                                        "listtable",
                                        "lsdlockedexcept",
                                        "macc",
                                        "mhtmltag",
                                        "nonesttables",
                                        "nonshppict",
                                        "objalias",
                                        "objclass",
                                        "objname",
                                        "objsect",
                                        "objtime",
                                        "oldcprops",
                                        "oldpprops",
                                        "oldsprops",
                                        "oldtprops",
                                        "panose",
                                        "passwordhash",
                                        "password",
                                        "pgdsctbl",
                                        "pgp",
                                        "pgptbl",
                                        "picprop",
                                        "pn",
                                        "pntxta",
                                        "pntxtb",
                                        "protusertbl",
                                        "revtbl",
                                        "rsidtbl",
                                        "rxe",
                                        "sn",
                                        "stylesheet",
                                        "sp",
                                        "tc",
                                        "template",
                                        "themedata",
                                        "txe",
                                        "upr",
                                        "userprops",
                                        "wgrffmtfilter",
                                        "xe",
                                        "xmlattrname",
                                        "xmlattrvalue",
                                        "xmlnstbl",
                                        "xform",
                                        "mmathPr"};
// Those that hold text although they are marked as to be ignored by the ignorant.
constexpr std::string_view kSpeaking[] = {"annotation", "shpinst", "shppict", "footnote",
                                          "atnauthor",  "ud",      "do",      "shptxt"};

struct Special {
  std::string_view word, text;
};
constexpr Special kSpecials[] = {
    {"par", "\n"},      {"line", "\n"},     {"row", "\n"},           {"sect", "\n"},
    {"page", "\n"},     {"column", "\n"},   {"nestrow", "\n"},       {"tab", "\t"},
    {"cell", "\t"},     {"nestcell", "\t"}, {"emdash", "—"},         {"endash", "–"},
    {"bullet", "•"},    {"lquote", "‘"},    {"rquote", "’"},         {"ldblquote", "“"},
    {"rdblquote", "”"}, {"emspace", " "},   {"enspace", " "},        {"qmspace", " "},
    {"softline", "\n"}, {"softpage", "\n"}, {"zwj", "\xE2\x80\x8D"}, {"zwnj", "\xE2\x80\x8C"}};

constexpr std::pair<std::string_view, std::string_view> kInfo[] = {
    {"title", "title"}, {"author", "author"}, {"operator", "x.last_saved_by"}, {"subject", "x.subject"},
    {"keywords", "keywords"}, {"doccomm", "comment"}, {"company", "company"}, {"manager", "manager"},
    {"category", "category"}, {"creatim", "date.created"}, {"revtim", "date.modified"}};

unsigned code_page_of_font_charset(int charset) {
  switch (charset) {
    case 77: return 10000;
    case 128: return 932;
    case 129: return 949;
    case 134: return 936;
    case 136: return 950;
    case 161: return 1253;
    case 162: return 1254;
    case 163: return 1258;
    case 177: return 1255;
    case 178: return 1256;
    case 186: return 1257;
    case 204: return 1251;
    case 222: return 874;
    case 238: return 1250;
    case 254: return 437;
    case 255: return 850;
    default: return 0;  // ANSI, default, symbol: as the document
  }
}

}  // namespace

bool rtf_is_silent(std::string_view word) {
  return std::find(std::begin(kSilent), std::end(kSilent), word) != std::end(kSilent);
}
bool rtf_speaks(std::string_view word) {
  return std::find(std::begin(kSpeaking), std::end(kSpeaking), word) != std::end(kSpeaking);
}
unsigned rtf_code_page(int charset) { return code_page_of_font_charset(charset); }

namespace {

int hex_value(char c) {
  return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

class Rtf {
 public:
  Rtf(std::string_view s, const Limits& limits, Sink& sink)
      : s_(s), limits_(limits), sink_(sink), out_(sink) {}

  void read() {
    stack_.push_back({});
    while (at_ < s_.size() && !out_.full()) {
      const char c = s_[at_];
      if (c == '{') {
        ++at_;
        open();
      } else if (c == '}') {
        ++at_;
        close();
      } else if (c == '\\') {
        control();
      } else if (c == '\r' || c == '\n') {
        ++at_;
      } else {
        ++at_;
        byte(c);
      }
    }
    flush();
    out_.flush();
    if (depth_ > 0 && !out_.full()) sink_.finding(Reason::truncated, "groups are left open");
    if (deep_) sink_.finding(Reason::too_deep, "groups");
  }

 private:
  Group& top() { return stack_.back(); }

  void open() {
    ++depth_;
    skip_ = 0;
    if (stack_.size() > limits_.depth_max * 4ull) {
      deep_ = true;
      ++beyond_;
      return;
    }
    flush();
    stack_.push_back(top());
    fresh_ = true, starred_ = false;
  }
  void close() {
    skip_ = 0;
    if (depth_) --depth_;
    if (beyond_) {
      --beyond_;
      return;
    }
    flush();
    if (stack_.size() < 2) return;
    const Group ended = top();
    stack_.pop_back();
    if (ended.into != top().into || !(ended.key == top().key)) {
      if (ended.into == Into::picture) give_picture();
      else if (ended.into == Into::object) give_object();
      else if ((ended.into == Into::info || ended.into == Into::date) && !ended.key.empty()) give_info(ended);
    }
  }

  void control() {
    if (++at_ >= s_.size()) return;
    const char c = s_[at_];
    if ((c | 32) < 'a' || (c | 32) > 'z') return symbol(c);
    const std::size_t from = at_;
    while (at_ < s_.size() && at_ - from < 40 && (s_[at_] | 32) >= 'a' && (s_[at_] | 32) <= 'z') ++at_;
    const std::string_view word = s_.substr(from, at_ - from);
    bool negative = false, has = false;
    std::int64_t n = 0;
    if (at_ < s_.size() && s_[at_] == '-') negative = true, ++at_;
    while (at_ < s_.size() && s_[at_] >= '0' && s_[at_] <= '9' && n < 100'000'000'000)
      n = n * 10 + (s_[at_++] - '0'), has = true;
    if (negative) n = -n;
    if (at_ < s_.size() && s_[at_] == ' ') ++at_;
    if (skip_ && word != "u" && word != "bin") {
      --skip_;
      return;
    }
    act(word, has, n);
    fresh_ = false;
  }

  void symbol(char c) {
    ++at_;
    switch (c) {
      case '\'': {
        const int a = at_ < s_.size() ? hex_value(s_[at_]) : -1,
                  b = at_ + 1 < s_.size() ? hex_value(s_[at_ + 1]) : -1;
        if (a < 0 || b < 0) return;
        at_ += 2;
        return byte(static_cast<char>(a << 4 | b));
      }
      case '*': starred_ = true; return;
      case '~': return byte(' ');
      case '_': return byte('-');
      case '-': return;
      case '\r':
      case '\n': return special("\n");
      case '\\':
      case '{':
      case '}': return byte(c);
      default: return;
    }
  }

  void act(std::string_view w, bool has, std::int64_t n) {
    if (w == "u") return unicode(n);
    if (w == "bin") {
      at_ += std::min<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(n, 0)), s_.size() - at_);
      return;
    }
    if (w == "uc") top().uc = static_cast<int>(std::clamp<std::int64_t>(n, 0, 16));
    else if (w == "ansicpg")
      flush(),
          document_page_ = top().code_page = static_cast<unsigned>(std::clamp<std::int64_t>(n, 0, 65535));
    else if (w == "mac") document_page_ = top().code_page = 10000;
    else if (w == "pc") document_page_ = top().code_page = 437;
    else if (w == "pca") document_page_ = top().code_page = 850;
    else if (w == "deff") return;
    else if (w == "f" || w == "af") font(w, n);
    else if (w == "fcharset" && top().into == Into::fonts && fonts_.size() < 40'000)
      fonts_[font_] = code_page_of_font_charset(static_cast<int>(n));
    else if (w == "plain") flush(), top().code_page = document_page_;
    else if (w == "htmlrtf") hidden_by_html_ = !has || n != 0;
    else if (fresh_ || starred_) destination(w);
    if (top().into == Into::picture) picture_kind(w);
    if (top().into == Into::date) date_field(w, n);
    for (const Special& s : kSpecials)
      if (w == s.word) return special(s.text);
  }

  void font(std::string_view w, std::int64_t n) {
    if (top().into == Into::fonts) {
      font_ = n;
    } else if (w == "f") {
      const auto f = fonts_.find(n);
      const unsigned page = f != fonts_.end() && f->second ? f->second : document_page_;
      if (page != top().code_page) flush(), top().code_page = page;
    }
  }

  void destination(std::string_view w) {
    const bool starred = std::exchange(starred_, false);
    Group& g = top();
    if (g.into == Into::nothing) return;
    if (w == "fonttbl") g.into = Into::fonts;
    else if (w == "pict") g.into = Into::picture, hex_.clear(), picture_ = "bin";
    else if (w == "objdata") g.into = Into::object, hex_.clear();
    else if (w == "info") g.into = Into::info, g.key = {};
    else if (g.into == Into::info) {
      g.key = {};
      value_.clear(), date_ = {};
      for (const auto& [word, key] : kInfo)
        if (w == word) g.key = key, g.into = key.starts_with("date.") ? Into::date : Into::info;
    } else if (rtf_is_silent(w)) {
      g.into = Into::nothing;
    } else if (starred && !rtf_speaks(w)) {
      g.into = Into::nothing;
    } else if (w == "header" || w == "footer" || w == "headerl" || w == "headerr" || w == "headerf" ||
               w == "footerl" || w == "footerr" || w == "footerf" || w == "footnote" || w == "annotation" ||
               w == "shptxt") {
      special("\n");
    }
  }

  void picture_kind(std::string_view w) {
    if (w == "pngblip") picture_ = "png";
    else if (w == "jpegblip") picture_ = "jpg";
    else if (w == "emfblip") picture_ = "emf";
    else if (w == "wmetafile") picture_ = "wmf";
    else if (w == "dibitmap") picture_ = "bmp";
  }
  void date_field(std::string_view w, std::int64_t n) {
    const int v = static_cast<int>(std::clamp<std::int64_t>(n, 0, 9999));
    if (w == "yr") date_.year = v;
    else if (w == "mo") date_.month = v;
    else if (w == "dy") date_.day = v;
    else if (w == "hr") date_.hour = v;
    else if (w == "min") date_.minute = v;
    else if (w == "sec") date_.second = v;
  }

  void byte(char c) {
    fresh_ = starred_ = false;
    if (skip_) {
      --skip_;
      return;
    }
    switch (top().into) {
      case Into::text:
        if (!hidden_by_html_) pending_ += c;
        return;
      case Into::info: pending_ += c; return;
      case Into::picture:
      case Into::object: hex_ += c; return;
      default: return;
    }
  }
  void special(std::string_view text) {
    flush();
    if (top().into == Into::text && !hidden_by_html_) out_.add(text);
  }
  void unicode(std::int64_t n) {
    flush();
    if (n < 0) n += 65536;
    const auto c = static_cast<char32_t>(n & 0x1FFFFF);
    skip_ = top().uc;
    std::string t;
    if (c >= 0xD800 && c < 0xDC00) {
      high_ = c;
      return;
    }
    if (c >= 0xDC00 && c < 0xE000 && high_)
      base::append_utf8(t, 0x10000 + ((high_ - 0xD800) << 10) + (c - 0xDC00));
    else if (c >= 0xF020 && c <= 0xF0FF) base::append_utf8(t, c - 0xF000);  // symbol fonts
    else base::append_utf8(t, c);
    high_ = 0;
    give(t);
  }
  void flush() {
    if (pending_.empty()) return;
    bool plain = true;
    for (const char c : pending_) plain &= static_cast<signed char>(c) >= 0;
    if (plain) give(pending_);
    else give(decode_as(pending_, charset_of_code_page(top().code_page)));
    pending_.clear();
  }
  void give(std::string_view t) {
    if (top().into == Into::text && !hidden_by_html_) out_.add(t);
    else if (top().into == Into::info && value_.size() < 4096) value_ += t;
  }

  void give_info(const Group& g) {
    const std::string v = g.into == Into::date ? date_text(date_, "") : std::string(base::trim(value_));
    if (!v.empty()) sink_.meta(g.key, v);
    value_.clear();
  }
  std::string unhexed() {
    std::string bytes;
    int high = -1;
    for (const char c : hex_) {
      const int v = hex_value(c);
      if (v < 0) continue;
      if (high < 0) high = v;
      else bytes += static_cast<char>(high << 4 | v), high = -1;
    }
    hex_.clear();
    return bytes;
  }
  void give_part(const std::string& name, std::string_view bytes) {
    if (bytes.empty() || stopped_) return;
    PartInfo info;
    info.name = name, info.order = parts_;
    if (!sink_.begin_part(info)) {
      stopped_ = true;
      return;
    }
    sink_.part_bytes(bytes);
    sink_.end_part();
  }
  void give_picture() {
    const std::string bytes = unhexed();
    if (bytes.size() < 16) return;
    ++parts_;
    give_part("image-" + std::to_string(parts_) + "." + picture_, bytes);
  }
  // An OLE 1 object: what its program wrote lies behind three counted strings.
  void give_object() {
    const std::string bytes = unhexed();
    if (bytes.empty()) return;
    ++parts_;
    base::Cursor c(bytes);
    c.take(8);
    const std::string kind(c.take(c.le<std::uint32_t>()));
    c.take(c.le<std::uint32_t>());
    c.take(c.le<std::uint32_t>());
    const auto n = c.le<std::uint32_t>();
    std::string_view native = c.take(std::min<std::size_t>(n, c.left()));
    if (!c.ok() || native.empty()) native = bytes;
    give_part("object-" + std::to_string(parts_) + ".bin", native);
  }

  std::string_view s_;
  const Limits& limits_;
  Sink& sink_;
  TextOut out_;
  std::size_t at_ = 0;
  std::vector<Group> stack_;
  std::uint64_t depth_ = 0, beyond_ = 0, parts_ = 0;
  std::unordered_map<std::int64_t, unsigned> fonts_;
  std::int64_t font_ = 0;
  std::string pending_, hex_, value_, picture_;
  DateFields date_;
  unsigned document_page_ = 1252;
  char32_t high_ = 0;
  int skip_ = 0;
  bool fresh_ = false, starred_ = false, deep_ = false, hidden_by_html_ = false, stopped_ = false;
};

base::Status read_rtf(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  read_rtf(bytes, request.limits, sink);
  return base::Done{};
}

constexpr std::string_view kRtfTypes[] = {types::kRtf};

}  // namespace

void read_rtf(std::string_view bytes, const Limits& limits, Sink& sink) { Rtf(bytes, limits, sink).read(); }

const Reader rtf_reader{{"custos.rtf", "1"}, kRtfTypes, read_rtf};

}  // namespace extract
