// Rich Text Format: characters, paragraphs, tables, pictures (RTF 1.9.1). What its reader passes over is
// passed over here too.
#include "charset.h"
#include "rtf.h"
#include "typeset_from.h"

#include <base/text.h>

#include <algorithm>
#include <unordered_map>

namespace extract::typeset {
namespace {

using Kind = Block::Kind;

constexpr std::size_t kGroupsMax = 400, kPictureMax = 64 << 20;
constexpr float kTwip = 1.f / 15;

enum class Into : std::uint8_t { text, nothing, fonts, colours, picture };

struct Group {
  Into into = Into::text;
  int uc = 1;
  unsigned code_page = 1252;
  Style style;
};
struct Font {
  unsigned code_page = 0;
  std::string name;
};

int hex_value(char c) {
  return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

class Rtf {
 public:
  Rtf(std::string_view s, Composer& out) : s_(s), out_(out) {
    Group first;
    first.style.size = 16, first.style.family = Family::serif;
    stack_.push_back(first);
  }

  void read() {
    while (at_ < s_.size() && !out_.full()) {
      const char c = s_[at_++];
      if (c == '{')
        open();
      else if (c == '}')
        close();
      else if (c == '\\')
        control();
      else if (c != '\r' && c != '\n')
        byte(c);
    }
    flush();
    out_.end_paragraph();
    end_row();
    end_table();
  }

 private:
  Group& top() { return stack_.back(); }

  void open() {
    flush();
    skip_ = 0;
    if (stack_.size() >= kGroupsMax)
      ++beyond_;
    else
      stack_.push_back(top());
    fresh_ = true;
  }
  void close() {
    flush();
    skip_ = 0, fresh_ = false;
    if (beyond_ > 0) {
      --beyond_;
      return;
    }
    if (stack_.size() < 2) return;
    const Into ended = top().into;
    stack_.pop_back();
    if (ended == Into::picture && top().into != Into::picture) picture();
  }

  void control() {
    if (at_ >= s_.size()) return;
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
    if (skip_ > 0 && word != "u" && word != "bin") {
      --skip_;
      return;
    }
    act(word, has, n);
    if (word != "uc") fresh_ = false;
  }

  void symbol(char c) {
    ++at_;
    if (c == '\'') {
      const int a = at_ < s_.size() ? hex_value(s_[at_]) : -1,
                b = at_ + 1 < s_.size() ? hex_value(s_[at_ + 1]) : -1;
      if (a < 0 || b < 0) return;
      at_ += 2;
      return byte(static_cast<char>(a << 4 | b));
    }
    if (c == '*')
      starred_ = fresh_;
    else if (c == '~')
      give("\xC2\xA0");
    else if (c == '_')
      byte('-');
    else if (c == '\r' || c == '\n')
      paragraph();
    else if (c == '\\' || c == '{' || c == '}')
      byte(c);
  }

  void act(std::string_view w, bool has, std::int64_t n) {
    const bool on = !has || n != 0;
    const auto px = [&] { return std::clamp(static_cast<float>(n) * kTwip, -1000.f, 1000.f); };
    if (w == "u") return unicode(n);
    if (w == "bin") {
      const std::size_t bytes =
          std::min<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(n, 0)), s_.size() - at_);
      if (top().into == Into::picture && bytes <= kPictureMax) binary_ = s_.substr(at_, bytes);
      at_ += bytes;
      return;
    }
    if (fresh_ && destination(w)) return;
    if (top().into == Into::fonts) return font_table(w, n);
    if (top().into == Into::colours) return colour_table(w, n);
    if (top().into == Into::picture) return picture_word(w, n);
    if (top().into == Into::nothing) return;
    flush();
    Style& s = top().style;
    if (w == "uc")
      top().uc = static_cast<int>(std::clamp<std::int64_t>(n, 0, 16));
    else if (w == "ansicpg")
      document_page_ = top().code_page = static_cast<unsigned>(std::clamp<std::int64_t>(n, 0, 65535));
    else if (w == "f")
      font(n);
    else if (w == "fs")
      s.size = std::clamp(static_cast<float>(n) * 2 / 3, 4.f, 190.f);
    else if (w == "b")
      s.bold = on;
    else if (w == "i")
      s.italic = on;
    else if (w == "ulnone")
      s.underline = false;
    else if (w == "ul" || w == "uldb" || w == "ulw" || w == "uld")
      s.underline = on;
    else if (w == "strike" || w == "striked")
      s.strike = on;
    else if (w == "v")
      s.hidden = on;
    else if (w == "deleted")
      s.deleted = on;
    else if (w == "revised")
      s.inserted = on;
    else if (w == "super")
      s.rise = on ? 1 : 0;
    else if (w == "sub")
      s.rise = on ? -1 : 0;
    else if (w == "nosupersub")
      s.rise = 0;
    else if (w == "cf")
      s.colour = colour(n).value_or(0);
    else if (w == "cb" || w == "highlight" || w == "chcbpat")
      s.back = n == 0 ? kNoColour : colour(n).value_or(kNoColour);
    else if (w == "plain")
      plain();
    else if (w == "pard")
      p_ = {}, in_table_ = false;
    else if (w == "ql")
      p_.align = Align::left;
    else if (w == "qr")
      p_.align = Align::right;
    else if (w == "qc")
      p_.align = Align::centre;
    else if (w == "qj")
      p_.align = Align::justify;
    else if (w == "rtlpar")
      p_.direction = Direction::rtl;
    else if (w == "ltrpar")
      p_.direction = Direction::by_text;
    else if (w == "li")
      p_.margin.left = std::clamp(px(), 0.f, 400.f);
    else if (w == "ri")
      p_.margin.right = std::clamp(px(), 0.f, 400.f);
    else if (w == "fi")
      p_.first = px();
    else if (w == "sb")
      p_.margin.top = std::max(px(), 0.f);
    else if (w == "sa")
      p_.margin.bottom = std::max(px(), 0.f);
    else if (w == "intbl")
      in_table_ = true;
    else if (w == "trowd")
      edges_.clear();
    else if (w == "cellx" && edges_.size() < kColumnsMax)
      edges_.push_back(px());
    else if (w == "par")
      paragraph();
    else if (w == "sect")
      paragraph();
    else if (w == "page")
      out_.end_paragraph(), out_.leaf();
    else if (w == "line" || w == "softline")
      give("\n");
    else if (w == "tab")
      give("\t");
    else if (w == "cell" || w == "nestcell")
      cell();
    else if (w == "row" || w == "nestrow")
      end_row();
    else
      for (const auto& [word, text] : kSigns)
        if (w == word) give(text);
  }
  static constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
      {"emdash", "—"},  {"endash", "–"},    {"bullet", "•"},    {"lquote", "‘"},
      {"rquote", "’"},  {"ldblquote", "“"}, {"rdblquote", "”"}, {"zwj", "\xE2\x80\x8D"},
      {"emspace", " "}, {"enspace", " "},   {"qmspace", " "},   {"zwnj", "\xE2\x80\x8C"}};

  bool destination(std::string_view w) {
    const bool starred = std::exchange(starred_, false);
    Group& g = top();
    if (g.into == Into::nothing) return true;
    if (w == "fonttbl")
      g.into = Into::fonts;
    else if (w == "colortbl")
      g.into = Into::colours;
    else if (w == "pict")
      g.into = Into::picture, hex_.clear(), binary_ = {}, width_ = height_ = 0;
    else if (w == "info" || w == "objdata" || rtf_is_silent(w))
      g.into = Into::nothing;
    else if (starred && !rtf_speaks(w))
      g.into = Into::nothing;
    else if (w == "footnote" || w == "annotation" || w.starts_with("header") || w.starts_with("footer"))
      paragraph();
    else
      return false;
    return true;
  }

  void font_table(std::string_view w, std::int64_t n) {
    if (w == "f")
      font_ = n;
    else if (w == "fcharset" && fonts_.size() < 40'000)
      fonts_[font_].code_page = rtf_code_page(static_cast<int>(n));
  }
  void colour_table(std::string_view w, std::int64_t n) {
    const auto v = static_cast<std::uint32_t>(std::clamp<std::int64_t>(n, 0, 255));
    if (w == "red")
      mixed_ = (mixed_ & 0x00FFFF) | v << 16, mixes_ = true;
    else if (w == "green")
      mixed_ = (mixed_ & 0xFF00FF) | v << 8, mixes_ = true;
    else if (w == "blue")
      mixed_ = (mixed_ & 0xFFFF00) | v, mixes_ = true;
  }
  std::optional<std::uint32_t> colour(std::int64_t n) const {
    if (n < 0 || static_cast<std::size_t>(n) >= colours_.size()) return {};
    return colours_[static_cast<std::size_t>(n)];
  }
  void picture_word(std::string_view w, std::int64_t n) {
    if (w == "picwgoal")
      width_ = std::clamp(static_cast<float>(n) * kTwip, 0.f, 3000.f);
    else if (w == "pichgoal")
      height_ = std::clamp(static_cast<float>(n) * kTwip, 0.f, 3000.f);
    else if (w == "emfblip" || w == "wmetafile" || w == "macpict")
      kind_ = w;
    else if (w == "pngblip" || w == "jpegblip" || w == "dibitmap")
      kind_ = {};
  }
  void picture() {
    std::string bytes(binary_);
    int high = -1;
    for (const char c : hex_) {
      const int v = hex_value(c);
      if (v < 0) continue;
      if (high < 0)
        high = v;
      else
        bytes += static_cast<char>(high << 4 | v), high = -1;
    }
    hex_.clear(), binary_ = {};
    if (bytes.size() < 16) return;
    place();
    const Section& s = out_.here();
    if (!out_.image(std::move(bytes), width_, height_, s.width - s.margin.left - s.margin.right))
      out_.missing_image(kind_.empty() ? "image" : kind_, width_, height_);
  }

  void font(std::int64_t n) {
    const auto f = fonts_.find(n);
    top().code_page = f != fonts_.end() && f->second.code_page ? f->second.code_page : document_page_;
    if (f != fonts_.end() && !f->second.name.empty()) top().style.family = family_of(f->second.name);
  }
  void plain() {
    Style s;
    s.size = 16, s.family = Family::serif;
    top().style = s, top().code_page = document_page_;
  }

  void byte(char c) {
    fresh_ = starred_ = false;
    if (skip_ > 0) {
      --skip_;
      return;
    }
    Group& g = top();
    if (g.into == Into::text)
      pending_ += c;
    else if (g.into == Into::picture)
      hex_ += c;
    else if (g.into == Into::fonts) {
      std::string& name = fonts_[font_].name;
      if (c != ';' && name.size() < 80) name += c;
    } else if (g.into == Into::colours && c == ';' && colours_.size() < 4000) {
      colours_.push_back(mixes_ ? std::optional(mixed_) : std::nullopt);
      mixed_ = 0, mixes_ = false;
    }
  }
  void unicode(std::int64_t n) {
    flush();
    if (n < 0) n += 65536;
    const auto c = static_cast<char32_t>(n & 0x1FFFFF);
    skip_ = top().uc;
    if (c >= 0xD800 && c < 0xDC00) {
      high_ = c;
      return;
    }
    std::string t;
    if (c >= 0xDC00 && c < 0xE000 && high_)
      base::append_utf8(t, 0x10000 + ((high_ - 0xD800) << 10) + (c - 0xDC00));
    else
      base::append_utf8(t, c >= 0xF020 && c <= 0xF0FF ? c - 0xF000 : c);
    high_ = 0;
    give(t);
  }
  void flush() {
    if (pending_.empty()) return;
    const std::string text = decode_as(pending_, charset_of_code_page(top().code_page));
    pending_.clear();
    give(text);
  }
  void give(std::string_view text) {
    if (top().into != Into::text) return;
    place();
    out_.style = top().style;
    out_.text(text);
  }

  // A paragraph in a table stands in a cell of the row that is being written.
  void place() {
    if (out_.in_paragraph()) return;
    if (in_table_) {
      if (!table_) {
        out_.begin({.kind = Kind::table});
        table_ = true;
      }
      if (!row_) {
        out_.begin({.kind = Kind::row});
        row_ = true;
      }
      if (!cell_) {
        Block c{.kind = Kind::cell};
        c.padding = {1, 5, 1, 5};
        c.frame(0.6f, 0x999999);
        out_.begin(std::move(c));
        cell_ = true;
      }
    } else {
      end_table();
    }
    out_.paragraph = p_;
    if (p_.first < 0) out_.paragraph.margin.left = std::max(0.f, p_.margin.left + p_.first);
    if (in_table_) out_.paragraph.margin.left = out_.paragraph.margin.right = 0, out_.paragraph.first = 0;
  }
  void paragraph() {
    flush();
    if (top().into != Into::text) return;
    place();
    out_.style = top().style;
    out_.end_paragraph(true);
  }
  void cell() {
    if (top().into != Into::text) return;
    in_table_ = true;
    place();
    out_.end_paragraph();
    if (cell_) out_.end(), cell_ = false;
  }
  void end_row() {
    flush();
    if (cell_) out_.end(), cell_ = false;
    if (row_) out_.end(), row_ = false;
  }
  void end_table() {
    if (!table_) return;
    end_row();
    out_.end();
    table_ = false;
  }

  std::string_view s_;
  Composer& out_;
  std::size_t at_ = 0, beyond_ = 0;
  std::vector<Group> stack_;
  std::unordered_map<std::int64_t, Font> fonts_;
  std::vector<std::optional<std::uint32_t>> colours_;
  std::vector<float> edges_;
  std::int64_t font_ = 0;
  std::string pending_, hex_;
  std::string_view binary_, kind_;
  unsigned document_page_ = 1252;
  std::uint32_t mixed_ = 0;
  char32_t high_ = 0;
  Block p_;
  int skip_ = 0;
  float width_ = 0, height_ = 0;
  bool fresh_ = false, starred_ = false, mixes_ = false, in_table_ = false, table_ = false, row_ = false,
       cell_ = false;
};

}  // namespace

void compose_rtf(std::string_view bytes, const Limits&, Composer& out) { Rtf(bytes, out).read(); }

base::Result<Document> rtf_document(Source& source, const Request&) {
  const std::string_view bytes = TRY(source.all());
  Document d;
  Composer c(d);
  Rtf(bytes, c).read();
  return d;
}

}  // namespace extract::typeset
