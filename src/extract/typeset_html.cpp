// HTML as mail programs write it: one pass over its marks with a stack of open elements, no tree.
#include "css.h"
#include "html_scan.h"
#include "typeset_from.h"
#include "html_image.h"
#include "typeset_look.h"

#include <base/text.h>

#include <algorithm>
#include <map>
#include <set>

namespace extract::typeset {
namespace {

using html::is_space;
using Kind = Block::Kind;

constexpr std::size_t kOpenMax =
    400;  // elements within elements; deeper ones are passed over, their text is not
constexpr float kLine = 1.2f;
constexpr float kFrameWidth = 110, kFrameHeight = 24;  // of the smallest frame with an address in it

struct Open {
  Does does = Does::nothing;
  Look look;
  bool began = false;  // a block of the composer
  int number = 0;      // of the item of a list that comes
  bool counts = false;
};

class Html {
 public:
  Html(std::string_view s, const FindImage& find, Composer& out) : scan_(s), find_(find), out_(out) {
    Open root;
    root.look.style.family = Family::serif;
    const Section& here = out.here();
    room_ = here.width - here.margin.left - here.margin.right;
    open_.push_back(root), elements_.push_back({"html", "", ""});
    base_depth_ = out.depth();
  }

  void read() {
    while (!scan_.done() && !out_.full()) {
      const std::string_view rest = scan_.rest();
      if (rest[0] == '<') {
        const html::Scan::Markup met = scan_.markup();
        if (met == html::Scan::Markup::bare) characters("<");
        if (met != html::Scan::Markup::tag) continue;
        if (scan_.closing())
          close(does_of(scan_.name()), scan_.name());
        else
          start(does_of(scan_.name()), scan_.name());
        continue;
      }
      const std::size_t end = std::min(rest.find('<'), rest.size());
      characters(rest.substr(0, end));
      scan_.pass(end);
    }
    while (open_.size() > 1) pop();
    out_.end_paragraph();
    while (out_.depth() > base_depth_) out_.end();
    addresses();
  }

 private:
  Look& look() { return open_.back().look; }

  // The pictures that are not there and had no room to say so.
  void addresses() {
    if (small_.empty()) return;
    Block box{.kind = Kind::box};
    box.frame(1, 0x999999);
    box.back = 0xF6F6F6, box.padding = {4, 6, 4, 6}, box.margin = {16, 0, 0, 0};
    out_.begin(std::move(box));
    for (std::size_t n = 0; n < small_.size(); ++n) {
      out_.paragraph = {}, out_.style = {};
      out_.paragraph.first = -26, out_.style.size = 10, out_.style.colour = 0x444444;
      out_.text("[" + std::to_string(n + 1) + "]\t" + *small_[n]);
      out_.end_paragraph();
    }
    out_.end();
  }

  void characters(std::string_view raw) {
    if (in_head_) {
      if (titled_ || base::trim(raw).empty()) return;
      in_head_ = false;  // words in the head belong to the body
    }
    std::string storage;
    if (raw.find('&') != raw.npos) {
      // A space that must not break is no space that may be left out.
      for (std::size_t i = 0; i < raw.size();) {
        char32_t c = 0;
        if (const std::size_t n = raw[i] == '&' ? html::entity(raw.substr(i), c) : 0) {
          base::append_utf8(storage, c);
          i += n;
        } else {
          storage += raw[i++];
        }
      }
      raw = storage;
    }
    if (look().pre) {
      std::string kept;
      for (const char c : raw)
        if (c != '\r') kept += c;
      if (fresh_pre_ && kept.starts_with('\n')) kept.erase(0, 1);
      fresh_pre_ = false;
      if (!kept.empty()) write(kept);
      return;
    }
    std::string run;
    for (const char c : raw) {
      if (!is_space(c)) {
        if (space_ && (out_.in_paragraph() || !run.empty()) && breaks_ == 0) run += ' ';
        space_ = false;
        if (breaks_ > 0) flush_breaks();
        run += c;
      } else {
        space_ = true;
      }
    }
    if (!run.empty()) write(run);
  }

  void flush_breaks() {
    if (out_.in_paragraph()) {
      out_.style = look().style;
      out_.text(std::string(static_cast<std::size_t>(breaks_), '\n'));
    } else {
      gap_ += static_cast<float>(breaks_) * look().style.size * kLine;
    }
    breaks_ = 0;
  }

  void write(std::string_view text) {
    if (breaks_ > 0) flush_breaks();
    place();
    out_.style = look().style;
    Style& s = out_.style;
    if (!look().pictured && !far_from(s.colour, s.back != kNoColour ? s.back : look().ground))
      s.hidden = true;
    out_.text(text);
  }

  // Before anything is put into the line: the paragraph's looks, a cell around it, the mark of a list.
  void place() {
    if (out_.in_paragraph()) return;
    if (!tables_.empty() && tables_.back() != Kind::cell) {
      // Words between the cells of a table stand in a row of their own.
      if (tables_.back() == Kind::table) begin_row({});
      begin_cell({});
    }
    Block& p = out_.paragraph;
    p = {};
    p.align = look().align, p.direction = look().direction, p.leading = look().leading;
    p.margin.top = std::exchange(gap_, 0.f);
    if (!mark_.empty()) {
      p.first = -22;
      out_.style = look().style;
      out_.style.underline = false;
      const std::string mark = std::exchange(mark_, {});
      out_.text(mark + "\t");
    }
  }

  void need_gap(float g) { gap_ = std::max(gap_, g); }
  void end_line() {
    if (breaks_ > 0 && !out_.in_paragraph())
      flush_breaks();
    else if (breaks_ > 1)
      gap_ += static_cast<float>(breaks_ - 1) * look().style.size * kLine;
    breaks_ = 0, space_ = false;
    out_.end_paragraph();
  }

  std::string_view kept(std::string_view name) { return *names_.emplace(name).first; }

  void start(Does d, std::string_view name) {
    if (d == Does::head) {
      in_head_ = true;
      return;
    }
    if (d == Does::raw) {
      const bool style = name == "style";
      const std::string_view within = scan_.raw_text();
      if (style && sheet_bytes_ < (2u << 20)) sheet_bytes_ += within.size(), sheet_.add(within);
      return;
    }
    if (d == Does::title) {
      titled_ = in_head_ || open_.size() == 1;
      if (titled_) was_head_ = in_head_, in_head_ = true;
      return;
    }
    if (in_head_ && (breaks_lines(d) || d == Does::image || d == Does::font || d == Does::link))
      in_head_ = false;
    implied(d, name);
    if (d == Does::br) {
      ++breaks_, space_ = false;
      return;
    }
    if (breaks_lines(d)) end_line();
    if (open_.size() >= kOpenMax && !is_void(d)) return;
    Open o;
    o.does = d;
    o.look = look();
    Look& l = o.look;
    l.margin = l.padding = {}, l.border = {}, l.back = kNoColour, l.width = l.height = 0;
    l.left_gives = l.right_gives = l.in_line = l.leaf = false;
    if (d != Does::nothing || !scan_.attributes().empty()) {
      look_of_element(d, name, scan_.attributes(), l);
      if (d == Does::list) list(name, o);
      elements_.push_back({kept(name), scan_.attribute("id"), scan_.attribute("class")});
      look_of_attributes(d, scan_.attributes(), l);
      for (const std::string_view block : sheet_.of(elements_)) declare(block, l);
      if (const std::string_view own = scan_.attribute("style"); !own.empty()) declare(html::decoded(own), l);
    } else {
      elements_.push_back({kept(name), "", ""});
    }
    if (l.leaf && tables_.empty()) out_.leaf();
    if (l.back != kNoColour) l.ground = l.back, l.pictured = false;
    if (!breaks_lines(d) && l.back != kNoColour) l.style.back = l.back;
    if (is_void(d) || d == Does::frame) {
      if (d == Does::image)
        image(l);
      else if (d == Does::frame)
        frame(l);
      else if (d == Does::hr)
        rule(l);
      else
        input(l);
      elements_.pop_back();
      return;
    }
    begin(d, o);
    open_.push_back(std::move(o));
  }

  void begin(Does d, Open& o) {
    Look& l = o.look;
    fresh_pre_ = d == Does::pre;
    if (d == Does::body) {
      if (l.back != kNoColour) out_.here().back = l.back;
      return;
    }
    if (d == Does::table) {
      if (!tables_.empty() && tables_.back() != Kind::cell) {
        if (tables_.back() == Kind::table) begin_row({});
        begin_cell({});
      }
      Block t;
      t.kind = Kind::table;
      t.margin = l.margin, t.border = l.border, t.back = l.back, t.width = l.width;
      t.margin.top = std::max(std::exchange(gap_, 0.f), std::max(l.margin.top, 0.f));
      t.margin.left = std::max(t.margin.left, 0.f), t.margin.right = std::max(t.margin.right, 0.f);
      t.direction = l.direction;
      t.place = l.left_gives && l.right_gives ? Align::centre : around(l);
      // What a table stands in is not how its cells are set.
      l.align = Align::start, l.width = l.height = 0;
      out_.begin(std::move(t));
      tables_.push_back(Kind::table);
      o.began = true;
      return;
    }
    if (d == Does::row) {
      if (tables_.empty()) return;
      Block r;
      r.back = l.back, r.height = std::max(l.height, 0.f);
      begin_row(std::move(r));
      o.began = true;
      return;
    }
    if (d == Does::cell) {
      if (tables_.empty()) return;
      while (tables_.back() == Kind::cell) out_.end(), tables_.pop_back();  // one that words had made
      if (tables_.back() == Kind::table) begin_row({});
      Block c;
      c.back = l.back, c.padding = l.padding, c.border = l.border, c.width = l.width,
      c.height = std::max(l.height, 0.f);
      const auto span = [&](std::string_view key, std::size_t most) {
        const std::string n(scan_.attribute(key).substr(0, 6));
        return static_cast<std::uint16_t>(std::clamp<long>(std::atol(n.c_str()), 1, static_cast<long>(most)));
      };
      c.columns = span("colspan", kColumnsMax), c.rows = span("rowspan", 5000);
      begin_cell(std::move(c));
      o.began = true;
      return;
    }
    if (d == Does::group || l.in_line || !breaks_lines(d)) return;
    if (d == Does::item) {
      Open& list = list_around();
      mark_ = list.counts ? std::to_string(++list.number) + "." : "•";
    }
    need_gap(l.margin.top);
    if (!l.boxed()) return;
    if (!tables_.empty() && tables_.back() != Kind::cell) place();
    Block b;
    b.kind = Kind::box;
    b.margin = l.margin, b.margin.top = std::exchange(gap_, 0.f), b.margin.bottom = 0;
    b.margin.left = std::clamp(b.margin.left, 0.f, room_ / 2),
    b.margin.right = std::clamp(b.margin.right, 0.f, room_ / 2);
    b.padding = l.padding, b.border = l.border, b.back = l.back, b.width = l.width,
    b.height = std::max(l.height, 0.f);
    if (b.width == 0 && b.back == kNoColour) b.height = 0;
    b.place = l.left_gives && l.right_gives ? Align::centre : l.left_gives ? Align::right : Align::start;
    out_.begin(std::move(b));
    o.began = true;
  }

  void begin_row(Block r) {
    while (!tables_.empty() && tables_.back() != Kind::table) out_.end(), tables_.pop_back();
    r.kind = Kind::row;
    out_.begin(std::move(r));
    tables_.push_back(Kind::row);
    gap_ = 0;
  }
  void begin_cell(Block c) {
    c.kind = Kind::cell;
    out_.begin(std::move(c));
    tables_.push_back(Kind::cell);
    gap_ = 0;
  }
  // Ends the innermost cell, row or table and what an author forgot to end in it.
  void end_table_part(Kind k) {
    while (!tables_.empty()) {
      const Kind last = tables_.back();
      if ((k == Kind::cell && last != Kind::cell) || (k == Kind::row && last == Kind::table)) return;
      out_.end();
      tables_.pop_back();
      gap_ = 0;
      if (last == k) return;
    }
  }

  void pop() {
    const Open o = std::move(open_.back());
    if (breaks_lines(o.does)) end_line();
    open_.pop_back();
    elements_.pop_back();
    if (o.does == Does::item) mark_.clear();
    if (o.does == Does::table && o.began)
      end_table_part(Kind::table), need_gap(o.look.margin.bottom);
    else if (o.does == Does::row && o.began)
      end_table_part(Kind::row);
    else if (o.does == Does::cell && o.began)
      end_table_part(Kind::cell);
    else if (o.began)
      out_.end(), gap_ = std::max(o.look.back == kNoColour ? gap_ : 0, o.look.margin.bottom);
    else if (breaks_lines(o.does) && !o.look.in_line)
      need_gap(o.look.margin.bottom);
  }

  // The place of the innermost open element that `wanted` says, not beyond the cell or table around; 0: none.
  template <class F>
  std::size_t find(F&& wanted, bool beyond_cells = false) const {
    for (std::size_t k = open_.size() - 1; k > 0; --k) {
      if (wanted(open_[k], elements_[k].name)) return k;
      const Does d = open_[k].does;
      if (d == Does::table || (!beyond_cells && d == Does::cell)) return 0;
    }
    return 0;
  }
  void pop_to(std::size_t k) {
    if (k == 0) return;
    while (open_.size() > k) pop();
  }

  // What the beginning of an element ends although its author did not.
  void implied(Does d, std::string_view name) {
    const auto is = [](Does wanted) {
      return [wanted](const Open& o, std::string_view) { return o.does == wanted; };
    };
    if (d == Does::cell)
      pop_to(find(is(Does::cell), true));
    else if (d == Does::row || d == Does::group) {
      pop_to(find(is(Does::row), true));
      if (d == Does::group) pop_to(find(is(Does::group), true));
    } else if (d == Does::item) {
      const std::size_t k =
          find([](const Open& o, std::string_view) { return o.does == Does::item || o.does == Does::list; });
      if (k && open_[k].does == Does::item) pop_to(k);
    } else if (name == "dd" || name == "dt" || name == "option") {
      const std::size_t k = find([](const Open&, std::string_view n) {
        return n == "dd" || n == "dt" || n == "dl" || n == "option" || n == "select";
      });
      if (k && elements_[k].name != "dl" && elements_[k].name != "select") pop_to(k);
    }
    if (breaks_lines(d) && d != Does::cell && d != Does::row && d != Does::group)
      pop_to(find([](const Open&, std::string_view n) { return n == "p"; }));
  }

  void close(Does d, std::string_view name) {
    if (d == Does::head || d == Does::title) {
      if (d == Does::head)
        in_head_ = false;
      else if (std::exchange(titled_, false))
        in_head_ = was_head_;
      return;
    }
    if (d == Does::body || name == "html") return;  // what stands behind is read too
    if (d == Does::br) ++breaks_;
    if (name == "p" && !find([](const Open&, std::string_view n) { return n == "p"; })) return end_line();
    const bool part = d == Does::table || d == Does::row || d == Does::group || d == Does::cell;
    pop_to(find([&](const Open&, std::string_view n) { return n == name; }, part));
  }

  void list(std::string_view name, Open& o) {
    o.counts = name == "ol";
    if (const std::string_view n = scan_.attribute("start"); !n.empty())
      o.number = std::atoi(std::string(n.substr(0, 6)).c_str()) - 1;
    if (list_around().does == Does::nothing) o.look.margin.top = o.look.margin.bottom = o.look.style.size;
  }
  Open& list_around() {
    for (std::size_t k = open_.size(); k > 1; --k)
      if (open_[k - 1].does == Does::list) return open_[k - 1];
    return open_.front();
  }
  Align around(const Look& l) {
    if (const std::string a = base::lower_ascii(scan_.attribute("align")); a == "center")
      return Align::centre;
    else if (a == "right")
      return Align::right;
    return l.align == Align::centre || l.align == Align::right ? l.align : Align::start;
  }

  void image(Look& l) {
    std::string address = html::decoded(base::trim(scan_.attribute("src").substr(0, 40u << 20)));
    const std::string alt = html::decoded(scan_.attribute("alt"));
    if (space_ && out_.in_paragraph() && breaks_ == 0) out_.text(" ");
    space_ = false;
    if (breaks_ > 0) flush_breaks();
    const float width = l.width < 0 ? -l.width * room_ : l.width;
    place();
    out_.style = look().style;
    const bool own = base::starts_with_ci(address, "data:");
    const auto fetch = [&]() -> std::optional<std::string> {
      if (own) return html::from_data_url(address);
      return find_ ? find_(address) : std::nullopt;
    };
    if (!address.empty() && out_.image(address, fetch, std::max(width, 0.f), l.height, room_)) return;
    if (address.empty() && alt.empty()) return;
    out_.style.hidden = l.style.hidden;
    // A place too small for an address has a number, and the address stands at the end.
    if ((width > 0 && width < kFrameWidth) || (l.height > 0 && l.height < kFrameHeight)) {
      const auto [at, fresh] =
          numbers_.try_emplace(html::words_of_missing(alt, address), numbers_.size() + 1);
      if (fresh) small_.push_back(&at->first);
      Style& s = out_.style;
      s = {};
      s.size = 8, s.colour = 0x444444, s.back = 0xE8E8E8, s.hidden = l.style.hidden;
      return out_.text("[" + std::to_string(at->second) + "]");
    }
    const std::string words = html::words_of_missing(alt, address);
    out_.missing_image(words, std::max(width, 0.f), l.height);
  }
  void frame(Look& l) {
    end_line();
    place();
    const std::string address = html::decoded(base::trim(scan_.attribute("src")));
    if (!address.empty())
      out_.missing_image(html::words_of_missing(html::decoded(scan_.attribute("title")), address),
                         std::max(l.width, 0.f), std::min(l.height, 200.f));
  }
  void rule(Look& l) {
    place();
    Block b;
    b.kind = Kind::box;
    b.margin = {8, 0, 8, 0};
    b.border[0] = {1, l.style.colour == 0 ? 0x999999 : l.style.colour};
    b.height = 1;
    out_.begin(std::move(b));
    out_.end();
  }
  void input(Look& l) {
    const std::string type = base::lower_ascii(scan_.attribute("type"));
    std::string words = html::decoded(scan_.attribute("value"));
    if (words.empty()) words = html::decoded(scan_.attribute("placeholder"));
    if (type == "hidden") l.style.hidden = true;
    if (type == "checkbox" || type == "radio")
      words = html::has_attribute(scan_.attributes(), "checked") ? "☑" : "☐";
    if (base::trim(words).empty()) return;
    place();
    out_.style = l.style;
    out_.style.back = 0xEEEEEE;
    if (out_.in_paragraph()) out_.text(" ");
    out_.text(words);
    space_ = true;
  }

  html::Scan scan_;
  const FindImage& find_;
  Composer& out_;
  css::Sheet sheet_;
  std::size_t sheet_bytes_ = 0, base_depth_ = 0;
  std::set<std::string, std::less<>> names_;
  std::vector<Open> open_;
  std::vector<css::Element> elements_;          // beside open_
  std::vector<Kind> tables_;                    // the tables, rows and cells that are begun
  std::map<std::string, std::size_t> numbers_;  // of pictures that are not there
  std::vector<const std::string*> small_;
  std::string mark_;
  float gap_ = 0, room_ = 0;
  int breaks_ = 0;
  bool space_ = false, in_head_ = false, was_head_ = false, titled_ = false, fresh_pre_ = false;
};

}  // namespace

void compose_html(std::string_view utf8, const FindImage& find, Composer& out) {
  Html(utf8, find, out).read();
}

}  // namespace extract::typeset
