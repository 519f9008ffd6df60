// OpenDocument: texts, sheets and slides (OpenDocument 1.3, part 3). One pass over the content; styles first.
#include "odf_styles.h"
#include "overheard.h"
#include "typeset_from.h"
#include "typeset_sheet.h"
#include "types.h"
#include "under_password.h"
#include "zip_package.h"

#include <base/text.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;
using Kind = Block::Kind;

class Odf {
 public:
  Odf(const ZipPackage& zip, bool slides, Composer& out) : zip_(zip), out_(out), slides_(slides) {}

  void read(std::string_view content) {
    const auto styles = zip_.read("styles.xml", quiet_);
    if (styles) styles_.load(*styles);
    styles_.load(content);
    changes(content);
    if (!slides_) {
      Section s = styles_.page;
      if (s.width - s.margin.left - s.margin.right < 150) s.margin.left = s.margin.right = 20;
      out_.section(std::move(s));
      if (styles) masters(*styles);
    }
    story(content);
    gathered();
  }

 private:
  struct Element {
    std::string name;
    bool began = false;
  };

  // What was deleted while changes were tracked stands apart, and is shown where it was.
  void changes(std::string_view content) {
    const std::size_t from = content.find("<text:tracked-changes"),
                      to = content.find("</text:tracked-changes>");
    if (from == content.npos || to == content.npos || to < from) return;
    XmlScan xml(content.substr(from, to - from));
    std::string id;
    bool deletion = false;
    unsigned paragraphs = 0;
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      const std::string_view n = xml.full_name();
      if (e == Event::text) {
        if (deletion && paragraphs > 0) deleted_[id] += xml.text();
        continue;
      }
      if (e == Event::start && n == "text:changed-region") {
        id = xml.attribute("text:id");
        if (id.empty()) id = xml.attribute("xml:id");
      }
      if (n == "text:deletion") deletion = e == Event::start;
      if (n == "text:p" || n == "text:h")
        paragraphs = e == Event::start ? paragraphs + 1 : paragraphs - (paragraphs > 0);
      if (e == Event::end && deletion && n == "text:p") deleted_[id] += "\n";
      if (e == Event::start && n == "text:insertion") inserted_.insert(id);
    }
    for (auto& [key, words] : deleted_)
      while (words.ends_with('\n')) words.pop_back();
  }

  void masters(std::string_view styles) {
    const std::size_t k = styles.find("<office:master-styles");
    if (k == styles.npos) return;
    for (const std::string_view part : {"header", "footer"}) {
      const std::string open = "<style:" + std::string(part) + ">",
                        close = "</style:" + std::string(part) + ">";
      const std::size_t from = styles.find(open, k), to = styles.find(close, k);
      if (from == styles.npos || to == styles.npos || to < from) continue;
      auto blocks = out_.aside([&] { story(styles.substr(from, to - from)); });
      (part == "header" ? out_.here().header : out_.here().footer) = std::move(blocks);
    }
  }

  void story(std::string_view bytes) {
    XmlScan xml(bytes);
    const std::size_t base = out_.depth();
    std::vector<std::pair<bool, int>> lists;  // counts, and how many
    std::vector<std::string> list_names;
    std::vector<OdfLooks> spans;
    unsigned paragraphs = 0;
    bool whole = bytes.find("<office:body") != bytes.npos, body = !whole;
    for (Event e = xml.next(); e != Event::done && !out_.full(); e = xml.next()) {
      const std::string_view n = xml.full_name();
      if (n == "office:body") body = e == Event::start;
      if (!body) continue;
      if (e == Event::text) {
        if (paragraphs > 0) dress(spans), out_.text(collapsed(xml.text()));
        continue;
      }
      if (e == Event::end) {
        if (n == "text:p" || n == "text:h") {
          dress(spans);
          out_.end_paragraph(true);
          paragraphs -= paragraphs > 0;
          if (!spans.empty()) spans.pop_back();
        } else if (n == "text:span" || n == "text:a") {
          if (spans.size() > 1) spans.pop_back();
        } else if (n == "text:list") {
          if (!lists.empty()) lists.pop_back(), list_names.pop_back();
        } else if (n == "table:table") {
          end_table();
        } else if (n == "table:table-row") {
          if (!tables_.empty())
            while (out_.depth() > tables_.back()) out_.end();
        } else if (n == "table:table-cell") {
          if (!tables_.empty())
            while (out_.depth() > tables_.back() + 1) out_.end();
        } else if (n == "draw:text-box" || (slides_ && n == "draw:frame") || shape(n)) {
          if (opened_.size() > 0 && opened_.back().name == n) {
            if (opened_.back().began) out_.end();
            opened_.pop_back();
          }
        }
        continue;
      }
      if (n == "text:tracked-changes" || n == "office:forms" || n == "office:scripts" ||
          n == "presentation:settings" || n == "text:sequence-decls" || n == "office:settings") {
        xml.skip();
      } else if (n == "text:p" || n == "text:h") {
        ++paragraphs;
        OdfLooks l = styles_.of("paragraph", xml.attribute("text:style-name"), !slides_);
        if (n == "text:h" && !l.bold) l.bold = true;
        if (!spans.empty())
          l.over(spans.back());
        else if (slides_)
          l.over(frame_);
        if (slides_) l.over(styles_.of("paragraph", ""));
        spans.push_back(l);
        begin_paragraph(l, lists, list_names);
      } else if (n == "text:span") {
        OdfLooks l = styles_.of("text", xml.attribute("text:style-name"));
        if (!spans.empty()) l.over(spans.back());
        spans.push_back(l);
      } else if (n == "text:a") {
        OdfLooks l = spans.empty() ? OdfLooks{} : spans.back();
        l.underline = true, l.colour = 0x0645AD;
        spans.push_back(l);
      } else if (n == "text:tab") {
        dress(spans), out_.text("\t");
      } else if (n == "text:line-break") {
        dress(spans), out_.text("\n");
      } else if (n == "text:s") {
        const int many = std::clamp(std::atoi(xml.attribute("text:c").c_str()), 1, 200);
        dress(spans), out_.text(std::string(static_cast<std::size_t>(many), ' '));
      } else if (n == "text:soft-page-break") {
      } else if (n == "text:change") {
        if (const auto at = deleted_.find(xml.attribute("text:change-id")); at != deleted_.end()) {
          dress(spans);
          out_.style.deleted = true;
          out_.text(at->second);
        }
      } else if (n == "text:change-start") {
        inserting_ += inserted_.contains(xml.attribute("text:change-id"));
      } else if (n == "text:change-end") {
        if (inserted_.contains(xml.attribute("text:change-id"))) inserting_ -= inserting_ > 0;
      } else if (n == "text:note" || n == "office:annotation") {
        note(xml, n == "text:note", spans);
      } else if (n == "text:list") {
        const std::string name = xml.attribute("text:style-name");
        list_names.push_back(name.empty() && !list_names.empty() ? list_names.back() : name);
        lists.emplace_back(styles_.counts(list_names.back(), list_names.size()), 0);
      } else if (n == "text:list-item") {
        mark_ = !lists.empty();
      } else if (n == "table:table") {
        begin_table();
      } else if (n == "table:table-row") {
        if (!tables_.empty()) open_table(), row();
      } else if (n == "table:table-cell" || n == "table:covered-table-cell") {
        if (n == "table:table-cell")
          cell(xml);
        else
          xml.skip();
      } else if (n == "draw:page") {
        page(xml);
      } else if (n == "presentation:notes") {
        notes(xml);
      } else if (n == "draw:frame" || shape(n)) {
        frame(xml, n);
      } else if (n == "draw:text-box") {
        opened_.push_back({"draw:text-box", !slides_});
        if (!slides_) {
          Block box{.kind = Kind::box};
          box.frame(1, 0xAAAAAA), box.padding = {4, 6, 4, 6};
          out_.begin(std::move(box));
        }
      } else if (n == "draw:image") {
        dress(spans), image(xml.attribute("xlink:href"));
      } else if (n == "draw:object" || n == "draw:object-ole") {
        object(xml.attribute("xlink:href"));
      } else if (n == "svg:desc" || n == "svg:title" || n == "dc:creator" || n == "dc:date") {
        xml.skip();
      }
    }
    out_.end_paragraph();
    while (out_.depth() > base) out_.end();
    opened_.clear();
  }

  static std::string collapsed(std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!space)
        out += c;
      else if (out.empty() || out.back() != ' ')
        out += ' ';
    }
    return out;
  }
  static bool shape(std::string_view n) {
    return n == "draw:custom-shape" || n == "draw:rect" || n == "draw:ellipse";
  }

  void dress(const std::vector<OdfLooks>& spans) {
    const OdfLooks l = spans.empty() ? OdfLooks{} : spans.back();
    Style& s = out_.style;
    s = {};
    s.size = l.size.value_or(slides_ ? 24.f : 16.f);
    s.colour = l.colour.value_or(0), s.back = l.back.value_or(kNoColour),
    s.family = l.family.value_or(Family::serif);
    s.bold = l.bold.value_or(false), s.italic = l.italic.value_or(false),
    s.underline = l.underline.value_or(false);
    s.strike = l.strike.value_or(false), s.rise = l.rise.value_or(std::int8_t{0});
    s.hidden = l.hidden.value_or(false) || hidden_;
    s.inserted = inserting_ > 0;
    if (slides_ && !far_from(s.colour, ground_)) s.colour = far_from(0x222222, ground_) ? 0x222222 : 0xFFFFFF;
  }

  void begin_paragraph(const OdfLooks& l, std::vector<std::pair<bool, int>>& lists,
                       const std::vector<std::string>&) {
    if (l.leaf.value_or(false)) out_.leaf();
    Block b;
    b.align = l.align.value_or(Align::start);
    b.direction = l.rtl ? (*l.rtl ? Direction::rtl : Direction::ltr) : Direction::by_text;
    const float indent = static_cast<float>(lists.size()) * 24;
    b.margin = {l.top.value_or(0), l.right.value_or(0), l.bottom.value_or(0), l.left.value_or(0) + indent};
    b.first = lists.empty() ? l.first.value_or(0) : 0;
    if (b.first < 0) b.margin.left = std::max(0.f, b.margin.left + b.first);
    if (std::exchange(mark_, false) && !lists.empty()) {
      b.first = -22, b.margin.left = std::max(0.f, b.margin.left - 22);
      out_.paragraph = b;
      dress({l});
      out_.style.underline = out_.style.strike = false;
      out_.text((lists.back().first ? std::to_string(++lists.back().second) + "." : "•") + std::string("\t"));
    }
    out_.paragraph = b;
  }

  // A note or a comment: its mark here, its words behind the text.
  void note(XmlScan& xml, bool numbered, const std::vector<OdfLooks>& spans) {
    const std::string_view rest = xml.rest();
    xml.skip();
    const std::string_view within = rest.substr(0, rest.size() - xml.rest().size());
    std::string citation, author, date;
    XmlScan in(within);
    std::string* into = nullptr;
    for (Event e = in.next(); e != Event::done; e = in.next()) {
      if (e == Event::start)
        into = in.full_name() == "text:note-citation" ? &citation
               : in.full_name() == "dc:creator"       ? &author
               : in.full_name() == "dc:date"          ? &date
                                                      : nullptr;
      else if (e == Event::text && into)
        *into += in.text();
      else
        into = nullptr;
    }
    if (!numbered)
      citation = "c" + std::to_string(++comments_);
    else if (citation.empty())
      citation = "*";
    dress(spans);
    out_.style.rise = 1;
    out_.text("[" + citation + "]");
    const std::size_t body = within.find("<text:note-body");
    std::string mark = "[" + citation + "]" + (author.empty() ? "" : " " + author + " " + date + ":");
    if (notes_.size() < 5000)
      notes_.push_back({std::move(mark),
                        std::string(numbered && body != within.npos ? within.substr(body) : within),
                        numbered});
  }
  void gathered() {
    bool first = true;
    for (std::size_t k = 0; k < notes_.size() && !out_.full(); ++k) {
      const Note note = notes_[k];
      Block box{.kind = Kind::box};
      if (std::exchange(first, false)) box.margin.top = 16, box.border[0] = {1, 0x888888};
      if (!note.numbered)
        box.back = 0xFFF8DC, box.frame(1, 0xD8C47A), box.padding = {3, 6, 3, 6}, box.margin.bottom = 3;
      if (slides_ && k == 0) out_.section({});
      out_.begin(std::move(box));
      out_.paragraph = {}, out_.style = {};
      out_.style.size = 13, out_.style.bold = true;
      out_.text(note.mark);
      out_.end_paragraph();
      story(note.xml);
      out_.end();
    }
  }

  // Tables of texts and slides.
  void begin_table() {
    out_.end_paragraph();
    Block t{.kind = Kind::table};
    t.margin = {3, 0, 3, 0};
    out_.begin(std::move(t));
    tables_.push_back(out_.depth());
  }
  void open_table() {
    while (out_.depth() > tables_.back()) out_.end();
  }
  void row() { out_.begin({.kind = Kind::row}); }
  void end_table() {
    if (tables_.empty()) return;
    while (out_.depth() >= tables_.back() && out_.depth() > 0) out_.end();
    tables_.pop_back();
  }
  void cell(const XmlScan& xml) {
    if (tables_.empty()) return;
    while (out_.depth() > tables_.back() + 1) out_.end();
    if (out_.depth() < tables_.back() + 1) row();
    const OdfLooks l = styles_.of("table-cell", xml.attribute("table:style-name"));
    Block c{.kind = Kind::cell};
    c.padding = {2, 5, 2, 5}, c.back = l.ground.value_or(kNoColour);
    if (l.lines.value_or(true)) c.frame(0.6f, 0x888888);
    const auto span = [&](std::string_view key, int most) {
      return static_cast<std::uint16_t>(std::clamp(std::atoi(xml.attribute(key).c_str()), 1, most));
    };
    c.columns = span("table:number-columns-spanned", 500), c.rows = span("table:number-rows-spanned", 5000);
    out_.begin(std::move(c));
  }

  // Slides.
  void page(const XmlScan& xml) {
    end_all();
    ++part_;
    Section s = styles_.page;
    s.margin = {0, 0, 0, 0}, s.one_page = true, s.part = part_;
    const OdfLooks l = styles_.of("drawing-page", xml.attribute("draw:style-name"));
    ground_ = l.ground.value_or(0xFFFFFF);
    s.back = ground_;
    hidden_ = l.hidden.value_or(false);
    out_.section(std::move(s));
  }
  void end_all() {
    out_.end_paragraph();
    while (out_.depth() > 0) out_.end();
    opened_.clear(), tables_.clear();
  }
  void notes(XmlScan& xml) {
    const std::string_view rest = xml.rest();
    xml.skip();
    const std::string_view within = rest.substr(0, rest.size() - xml.rest().size());
    Overheard none;
    XmlScan in(within);
    std::string words;
    unsigned paragraphs = 0;
    for (Event e = in.next(); e != Event::done; e = in.next()) {
      const bool p = in.full_name() == "text:p";
      if (e == Event::start && p)
        ++paragraphs;
      else if (e == Event::text && paragraphs > 0)
        words += in.text();
      else if (e == Event::end && p)
        paragraphs -= paragraphs > 0, words += "\n";
    }
    if (base::trim(words).find_first_not_of("0123456789<># ") == std::string_view::npos) return;
    end_all();
    Section s = styles_.page;
    s.margin = {56, 56, 56, 56}, s.part = part_, s.back = 0xFAFAFA;
    out_.section(std::move(s));
    out_.style = {};
    compose_plain(base::trim(words), out_);
  }
  void frame(const XmlScan& xml, std::string_view n) {
    width_ = odf_length(xml, "svg:width").value_or(0), height_ = odf_length(xml, "svg:height").value_or(0);
    alt_ = xml.attribute("draw:name");
    Element el{std::string(n), false};
    if (slides_ && tables_.empty()) {
      while (out_.depth() > 0) out_.end();  // one within another has its own place too
      const OdfLooks l = styles_.of(
          n == "draw:frame" ? "presentation" : "graphic",
          xml.attribute(xml.attribute("presentation:style-name").empty() ? "draw:style-name"
                                                                         : "presentation:style-name"));
      Block box{.kind = Kind::box};
      box.fixed = true;
      box.x = odf_length(xml, "svg:x").value_or(20), box.y = odf_length(xml, "svg:y").value_or(20);
      box.width = std::max(width_, 30.f), box.height = std::max(height_, 0.f);
      box.padding = {3, 6, 3, 6}, box.back = l.ground.value_or(kNoColour);
      out_.begin(std::move(box));
      el.began = true;
      frame_ = l;
    }
    if (!xml.empty_element())
      opened_.push_back(std::move(el));
    else if (el.began)
      out_.end();
  }

  void image(const std::string& href) {
    const Section& s = out_.here();
    const float room = std::max(s.width - s.margin.left - s.margin.right, 50.f);
    const float w = std::clamp(width_, 0.f, 3000.f), h = std::clamp(height_, 0.f, 3000.f);
    std::string_view name = href;
    if (name.starts_with("./")) name.remove_prefix(2);
    if (name.starts_with("ObjectReplacements/")) return;
    if (out_.image(
            name, [&] { return zip_.read(name, quiet_); }, w, h, room))
      return;
    out_.missing_image((alt_.empty() ? "" : alt_ + " — ") + href, w, h);
  }
  void object(const std::string& href) {
    std::string name = href;
    if (name.starts_with("./")) name.erase(0, 2);
    const auto bytes = zip_.read(name + "/content.xml", quiet_);
    if (!bytes || objects_ >= 200) return;
    ++objects_;
    XmlScan in(*bytes);
    std::string words;
    unsigned paragraphs = 0;
    for (Event e = in.next(); e != Event::done && words.size() < 100'000; e = in.next()) {
      const bool p = in.full_name() == "text:p";
      if (e == Event::start && p)
        ++paragraphs;
      else if (e == Event::text && paragraphs > 0)
        words += in.text();
      else if (e == Event::end && p)
        paragraphs -= paragraphs > 0, words += " ";
    }
    if (!base::trim(words).empty()) compose_remark(base::trim(words), kNoColour, out_);
  }

  struct Note {
    std::string mark, xml;
    bool numbered = false;
  };
  const ZipPackage& zip_;
  Composer& out_;
  const bool slides_;
  Overheard quiet_;
  OdfStyles styles_;
  OdfLooks frame_;
  std::map<std::string, std::string, std::less<>> deleted_;
  std::set<std::string, std::less<>> inserted_;
  std::vector<Note> notes_;
  std::vector<Element> opened_;
  std::vector<std::size_t> tables_;  // the depth of each within the composer
  std::string alt_;
  std::uint32_t part_ = 0, ground_ = 0xFFFFFF;
  std::size_t comments_ = 0, objects_ = 0;
  unsigned inserting_ = 0;
  float width_ = 0, height_ = 0;
  bool mark_ = false, hidden_ = false;
};

}  // namespace

base::Result<Document> odf_document(Source& source, const Request& request) {
  ZipPackage zip = TRY(ZipPackage::open(source, request.limits));
  Overheard quiet;
  const auto manifest = zip.read("META-INF/manifest.xml", quiet);
  OdfSeal seal(manifest ? *manifest : "");
  if (const ZipPackage::Member* content = zip.find("content.xml"); content && seal.any()) {
    TRY(seal.unlock(content->name, zip.packed(*content), request.passwords));
    zip.unseal(seal);
  }
  const auto content = zip.read("content.xml", quiet);
  if (!content) return base::Error{base::Refusal::damaged, "content.xml is missing"};
  Document d;
  Composer c(d);
  if (request.type == types::kOds) {
    OdfStyles styles;
    if (const auto more = zip.read("styles.xml", quiet)) styles.load(*more);
    styles.load(*content);
    compose_odf_sheets(*content, styles, c);
  } else {
    Odf(zip, request.type != types::kOdt, c).read(*content);
  }
  return d;
}

}  // namespace extract::typeset
