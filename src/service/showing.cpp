// What a screen shows of an item beside its text: pictures of pages, sound and film, tables.
#include "core.h"
#include "numbers.h"
#include "original.h"
#include "pages.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/show.h>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr std::uint32_t kWidth = 1400;  // pixels of a picture when nobody asks for another
constexpr std::size_t kRowsMax = 500, kHitRowsMax = 5000, kHitPagesMax = 5000;
constexpr std::size_t kColumnsMax = 1000, kCellBytesMax = 4000;
constexpr double kSittingSeconds = 600;  // of playing, told once to the ledger
constexpr std::size_t kSittingsKept = 10'000;

std::uint32_t asked_number(const Request& request, const char* key, std::uint32_t otherwise,
                           std::uint32_t most) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(number_in(request.query(key).value_or("")).value_or(otherwise), most));
}

base::Result<std::uint32_t> page_of(const Request& request) {
  const std::int64_t page = key_in(request.place("n"));
  if (page < 1 || page > UINT32_MAX) return not_found();
  return static_cast<std::uint32_t>(page);
}

// What cannot be shown as a picture is no fault of the request: said in a code of its own.
base::Result<Response> refused(const base::Error& e) {
  if (e.why == base::Refusal::not_found) return not_found();
  if (e.why == base::Refusal::denied)
    return Response::problem({422, "encrypted", "", "this item is encrypted: " + e.message, {}, {}});
  if (e.why == base::Refusal::damaged) return Response::problem({422, "not_drawn", "", e.message, {}, {}});
  return e;
}

class ShowingDesk {
 public:
  explicit ShowingDesk(Core& core) : core_(core), studio_(core.options.worker, core.clock) {}

  base::Result<Response> page(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const std::uint32_t page = TRY(page_of(request));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = studio_.page(*file, name.number, page, width_of(request), "words");
    if (!met.ok()) return refused(met.error());
    const evidence::PageView& v = *met;
    // The words as one text, so that phrases and neighbours are found as in the text of the page.
    std::string text;
    std::vector<std::size_t> begins;
    for (const evidence::WordBox& w : v.words) {
      begins.push_back(text.size());
      text.append(w.word).append(" ");
    }
    std::vector<std::pair<std::size_t, std::size_t>> marks;
    // Of a document that we set, the page of every hit, and of which page of the text it was made.
    std::vector<std::pair<std::int64_t, std::int64_t>> hit_pages;
    if (const auto id = request.query("search"))
      if (const auto asked = core_.asked(who, *id); asked && asked->case_id == name.in.id) {
        marks = asked->search->marks(text, v.languages);
        for (std::size_t p = 0; v.texts && p < v.texts->size(); ++p) {
          const evidence::PageText& one = (*v.texts)[p];
          for (std::size_t n = asked->search->marks(one.text, v.languages).size(); n > 0; --n)
            if (hit_pages.size() < kHitPagesMax)
              hit_pages.emplace_back(static_cast<std::int64_t>(p) + 1, one.part);
        }
      }
    std::string out;
    base::JsonWriter w(out);
    w.object().member("page", v.page).member("pages", v.pages);
    w.member("width", v.width).member("height", v.height).member("recognised", v.recognised);
    w.member("set", v.set).member("cut", v.cut);
    const auto box = [&](const evidence::WordBox& b) {
      w.value(b.x).value(b.y).value(b.width).value(b.height);
    };
    w.key("words").array();
    for (const evidence::WordBox& b : v.words) {
      w.array();
      box(b);
      w.value(b.word).end_array();
    }
    w.end_array().key("hits").array();
    for (const auto& [from, to] : marks) {
      w.array();
      const auto first = std::ranges::upper_bound(begins, from);
      for (auto at = static_cast<std::size_t>(first - begins.begin()) - (first != begins.begin());
           at < begins.size() && begins[at] < to; ++at) {
        w.array();
        box(v.words[at]);
        w.end_array();
      }
      w.end_array();
    }
    w.end_array().key("hit_pages").array();
    for (const auto& [p, part] : hit_pages) w.array().value(p).value(part).end_array();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> picture(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const std::uint32_t page = TRY(page_of(request));
    const auto file = TRY(core_.open(who, name.in));
    auto met = studio_.page(*file, name.number, page, width_of(request), "page");
    if (!met.ok()) return refused(met.error());
    return Response::text(std::move(met->jpeg), "image/jpeg");
  }

  base::Result<Response> peaks(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = studio_.sound(*file, name.number);
    if (!met.ok()) return refused(met.error());
    std::string out;
    base::JsonWriter w(out);
    w.object().member("seconds", met->seconds).key("peaks").array();
    for (const char p : met->peaks) w.value(static_cast<int>(static_cast<unsigned char>(p)));
    w.end_array().member("silent", met->silent).end_object();
    return Response::json(out);
  }

  base::Result<Response> media(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    Core::Lease file = TRY(core_.open(who, name.in));
    const auto met = evidence::take_media(*file, name.number, sits(who, request.place("id")));
    if (!met.ok()) return refused(met.error());
    sat(who, request.place("id"));
    const http::Content how{met->type, "\"" + met->sha256 + "\"", {}};
    return Response::content(std::make_unique<Original>(std::move(file), name.number, met->size), how);
  }

  base::Result<Response> table(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = evidence::view_text(*file, name.number);
    if (!met.ok()) {
      if (met.error().why == base::Refusal::not_found) return not_found();
      return met.error();
    }
    const std::vector<std::string_view> pages = base::split(met->text, '\f');
    const std::size_t page =
        std::clamp<std::size_t>(asked_number(request, "page", 1, 1u << 30), 1, pages.size());
    std::vector<std::string_view> rows = base::split(pages[page - 1], '\n');
    while (!rows.empty() && base::trim(rows.back()).empty()) rows.pop_back();
    std::size_t columns = 0;
    for (const std::string_view r : rows)
      columns = std::max(columns, static_cast<std::size_t>(std::ranges::count(r, '\t')) + 1);
    // A tab behind the last cell of every row begins no column.
    if (columns > 1 && std::ranges::all_of(rows, [&](std::string_view r) {
          return static_cast<std::size_t>(std::ranges::count(r, '\t')) + 1 < columns || r.ends_with('\t');
        }))
      --columns;
    std::vector<std::pair<std::size_t, std::size_t>> marks;
    if (const auto id = request.query("search"))
      if (const auto asked = core_.asked(who, *id); asked && asked->case_id == name.in.id)
        marks = asked->search->marks(met->text, met->languages);
    const std::size_t from = std::min<std::size_t>(asked_number(request, "offset", 0, 1u << 30), rows.size()),
                      to = std::min(rows.size(), from + asked_number(request, "limit", 100, kRowsMax));
    std::string out;
    base::JsonWriter w(out);
    w.object().member("page", static_cast<std::uint64_t>(page));
    w.member("pages", static_cast<std::uint64_t>(pages.size()));
    w.member("rows", static_cast<std::uint64_t>(rows.size()));
    w.member("columns", static_cast<std::uint64_t>(std::min(columns, kColumnsMax)));
    w.member("offset", static_cast<std::uint64_t>(from)).key("cells").array();
    const auto place = [&](std::string_view s) {
      return static_cast<std::size_t>(s.data() - met->text.data());
    };
    for (std::size_t r = from; r < to; ++r) {
      w.array();
      std::size_t cell_number = 0;
      for (const std::string_view whole : base::split(rows[r], '\t')) {
        if (++cell_number > std::min(columns, kColumnsMax)) break;
        const std::string_view cell = base::cut(whole, kCellBytesMax);
        const std::size_t begin = place(cell), end = begin + cell.size();
        std::vector<std::pair<std::size_t, std::size_t>> here;
        for (auto m =
                 std::ranges::lower_bound(marks, begin, {}, &std::pair<std::size_t, std::size_t>::second);
             m != marks.end() && m->first < end; ++m)
          if (m->second > begin)
            here.emplace_back(std::max(m->first, begin) - begin, std::min(m->second, end) - begin);
        w.value(marked(cell, here));
      }
      w.end_array();
    }
    w.end_array().key("hit_rows").array();
    std::size_t told = 0;
    auto m = marks.begin();
    for (std::size_t r = 0; r < rows.size() && told < kHitRowsMax; ++r) {
      const std::size_t begin = place(rows[r]), end = begin + rows[r].size();
      while (m != marks.end() && m->second <= begin) ++m;
      if (m == marks.end()) break;
      if (m->first < end) w.value(static_cast<std::uint64_t>(r)), ++told;
    }
    w.end_array().end_object();
    return Response::json(out);
  }

 private:
  static std::uint32_t width_of(const Request& request) {
    return asked_number(request, "width", kWidth, evidence::Studio::width_max);
  }
  // Whether this person has played this item a short while ago: a player asks for many pieces.
  bool sits(const Who& who, const std::string& item) {
    const std::lock_guard lock(mutex_);
    const auto at = sittings_.find({who.account.person, item});
    return at != sittings_.end() && core_.clock.seconds() - at->second <= kSittingSeconds;
  }
  // After it stands in the ledger.
  void sat(const Who& who, const std::string& item) {
    const std::lock_guard lock(mutex_);
    const double now = core_.clock.seconds();
    const auto over = [&](const auto& s) { return now - s.second > kSittingSeconds; };
    if (sittings_.size() > kSittingsKept) std::erase_if(sittings_, over);
    const auto at = sittings_.try_emplace({who.account.person, item}, now).first;
    if (over(*at)) at->second = now;
  }
  Core& core_;
  evidence::Studio studio_;
  std::mutex mutex_;
  std::map<std::pair<std::int64_t, std::string>, double> sittings_;
};

}  // namespace

std::vector<http::Route> showing_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<ShowingDesk>(core);
  const auto does = [desk](base::Result<Response> (ShowingDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  const auto add = [&](std::string path, http::Act act, http::Answer how) {
    out.push_back(
        {Method::get, std::move(path), act, "application/json", 0, http::Runs::in_pool, std::move(how)});
  };
  add("/items/{id}/pages/{n}", "item.page", does(&ShowingDesk::page));
  add("/items/{id}/pages/{n}/picture", "item.picture", does(&ShowingDesk::picture));
  add("/items/{id}/peaks", "item.peaks", does(&ShowingDesk::peaks));
  add("/items/{id}/media", "item.media", does(&ShowingDesk::media));
  add("/items/{id}/table", "item.table", does(&ShowingDesk::table));
  return out;
}

}  // namespace service
