// One item: what it is, its text with hits, its custody, its original.
#include "core.h"
#include "original.h"
#include "pages.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/corrections.h>
#include <evidence/show.h>
#include <http/request.h>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kPageBytes = 256 * 1024;  // a text without pages is shown in pieces of this size

std::string value_in(std::string_view machine, std::string_view key) {
  const std::size_t at = machine.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = machine.substr(at + key.size());
  return std::string(rest.substr(0, rest.find(';')));
}

class ItemDesk {
 public:
  explicit ItemDesk(Core& core) : core_(core) {}

  base::Result<Response> read(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = evidence::view_item(*file, name.number);
    if (!met.ok()) return not_found();
    const evidence::ItemView& v = *met;
    std::string out;
    base::JsonWriter w(out);
    const auto id = [&](std::int64_t n) { return Core::item_id(name.in.id, n); };
    const auto or_null = [&](std::string_view key, std::string_view value) {
      w.key(key);
      if (value.empty())
        w.null();
      else
        w.value(value);
    };
    const auto relatives = [&](std::string_view key, const std::vector<evidence::Relative>& all) {
      w.key(key).array();
      for (const evidence::Relative& r : all)
        w.object()
            .member("id", id(r.number))
            .member("path", r.path)
            .member("type", r.type)
            .member("depth", r.depth)
            .end_object();
      w.end_array();
    };
    const std::size_t slash = v.path.rfind('/');
    w.object()
        .member("id", id(v.number))
        .member("case", name.in.id)
        .member("code", v.code)
        .member("path", v.path);
    w.member("name", v.path.substr(slash == std::string::npos ? 0 : slash + 1)).member("type", v.kind);
    w.member("media_type", v.type).member("size", v.size).member("sha256", v.sha256);
    or_null("language", std::string_view(v.languages).substr(0, v.languages.find(' ')));
    or_null("date", v.date);
    or_null("date_origin", v.date_origin);
    or_null("author", v.author);
    or_null("title", v.title);
    w.key("addresses").object();
    if (!v.sender.empty()) w.key("from").array().value(v.sender).end_array();
    if (!v.receiver.empty()) {
      w.key("to").array();
      for (const std::string_view one : base::split(v.receiver, ';')) w.value(base::trim(one));
      w.end_array();
    }
    w.end_object().key("pages");
    if (v.pages)
      w.value(v.pages);
    else
      w.null();
    w.member("state", v.state).key("findings").array();
    for (const auto& [reason, detail] : v.findings)
      w.object().member("reason", reason).member("detail", detail).end_object();
    w.end_array().key("derived").array();
    if (!v.machine.empty()) derived(w, "text", v.machine);
    for (const std::string& kind : v.derived) derived(w, kind, v.machine);
    w.end_array().key("parent");
    if (v.parent)
      w.value(id(v.parent));
    else
      w.null();
    relatives("children", v.children);
    relatives("family", v.family);
    relatives("thread", v.thread);
    w.key("duplicates").array();
    for (const auto* all : {&v.same, &v.alike})
      for (const evidence::Relative& r : *all)
        w.object()
            .member("id", id(r.number))
            .member("path", r.path)
            .member("kind", all == &v.same ? "exact" : "near")
            .end_object();
    w.end_array().key("tags").array();
    for (const std::string& t : v.tags) w.value(t);
    w.end_array().key("issues").array();
    for (const std::string& t : v.issues) w.value(t);
    w.end_array().key("folders").array();
    for (const std::string& t : v.folders) w.value(t);
    w.end_array().key("fields").array();
    for (const auto& [key, value] : v.metadata)
      w.object().member("name", key).member("value", value).end_object();
    w.end_array().key("views").array();
    if (!v.sha256.empty() && v.size > 0)
      for (const std::string_view view : evidence::views_of(v.type)) w.value(view);
    w.value("text").end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> text(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto layer = request.query("layer").value_or("") == "recognised" ? evidence::Layer::recognised
                                                                           : evidence::Layer::corrected;
    const auto met = evidence::view_text(*file, name.number, layer);
    if (!met.ok()) {
      if (met.error().why == base::Refusal::not_found) return not_found();
      return met.error();
    }
    const std::vector<std::string_view> pages = pages_of(met->text);
    std::vector<std::pair<std::size_t, std::size_t>> marks;
    if (const auto id = request.query("search"))
      if (const auto asked = core_.asked(who, *id); asked && asked->case_id == name.in.id)
        marks = asked->search->marks(met->text, met->languages);
    const std::size_t last = std::max<std::size_t>(pages.size(), 1);
    const auto wanted =
        static_cast<std::size_t>(std::max(1l, std::atol(request.query("page").value_or("1").c_str())));
    const std::size_t page = std::min(wanted, last);
    std::string out;
    base::JsonWriter w(out);
    w.object()
        .member("pages", static_cast<std::uint64_t>(last))
        .member("page", static_cast<std::uint64_t>(page));
    std::vector<std::uint64_t> with_hits;
    std::string shown;
    std::size_t next = 0;
    for (std::size_t p = 0; p < pages.size(); ++p) {
      const auto begin = static_cast<std::size_t>(pages[p].data() - met->text.data()),
                 end = begin + pages[p].size();
      std::vector<std::pair<std::size_t, std::size_t>> here;
      for (; next < marks.size() && marks[next].first < end; ++next)
        here.emplace_back(marks[next].first - std::min(begin, marks[next].first),
                          std::min(marks[next].second, end) - begin);
      if (!here.empty()) with_hits.push_back(p + 1);
      if (p + 1 == page) shown = marked(pages[p], here);
    }
    w.member("text", shown).key("hits").array();
    for (const std::uint64_t p : with_hits) w.value(p);
    w.end_array().key("confidence");
    if (const std::string c = value_in(met->machine, "mean_confidence="); !c.empty())
      w.value(std::atoi(c.c_str()));
    else
      w.null();
    w.key("engine");
    if (met->machine.empty())
      w.null();
    else
      w.value(met->machine);
    w.key("correction");
    const auto corrected = met->machine.empty() || layer == evidence::Layer::recognised
                               ? std::nullopt
                               : evidence::correction_of(*file, name.number, static_cast<std::int64_t>(page));
    if (corrected)
      w.object()
          .member("version", corrected->version)
          .member("author", corrected->author)
          .member("at", corrected->at)
          .member("removed", corrected->removed)
          .end_object();
    else
      w.null();
    w.end_object();
    return Response::json(out);
  }

  base::Result<Response> custody(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = evidence::view_custody(*file, name.number);
    if (!met.ok()) return not_found();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("rows").array();
    for (const evidence::CustodyRow& r : met->rows)
      w.object()
          .member("at", r.at)
          .member("act", r.act)
          .member("who", r.who)
          .member("detail", r.detail)
          .member("row", r.row)
          .end_object();
    w.end_array().key("checkpoint").object().member("size", met->size).member("root", met->root);
    w.end_object().end_object();
    return Response::json(out);
  }

  base::Result<Response> original(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const Core::Ask ask{rights::Act::read_original, "item", name.in.id, request.place("id")};
    if (!core_.could(who, ask)) return no_right();
    const std::string reason = http::percent_decoded(request.header("x-reason")).value_or("");
    const int least = core_.policy.limits().reason_characters_min;
    if (base::trim(reason).size() < static_cast<std::size_t>(least))
      return base::Error{base::Refusal::invalid, "say in X-Reason, in at least " + std::to_string(least) +
                                                     " characters, why the original leaves"};
    const Core::Verdict verdict = TRY(core_.allowed(who, ask));
    Core::Lease file = TRY(core_.open(who, name.in));
    // The ledger of the case is another: what fails after this has cost the approval, and nothing left.
    if (!verdict.approval.empty())
      TRY(core_.book.write(who.account.code, [&](const Book::Write& w) { return core_.spend(w, verdict); }));
    const auto met = evidence::take_original(*file, name.number, std::string(base::cut(reason, 500)));
    if (!met.ok()) return not_found();
    // The name of the file may name a person: what is saved bears the code of the item.
    const http::Content how{"application/octet-stream", "\"" + met->sha256 + "\"", met->code + ".original"};
    return Response::content(std::make_unique<Original>(std::move(file), name.number, met->size), how);
  }

 private:
  static void derived(base::JsonWriter& w, std::string_view kind, std::string_view machine) {
    const std::size_t a = machine.find(' ');
    const std::string_view engine = machine.substr(0, a);
    const std::string_view rest = a == std::string_view::npos ? "" : machine.substr(a + 1);
    w.object()
        .member("kind", kind)
        .member("engine", engine)
        .member("version", rest.substr(0, rest.find(' ')));
    w.key("confidence");
    if (const std::string c = value_in(machine, "mean_confidence="); !c.empty())
      w.value(std::atoi(c.c_str()));
    else
      w.null();
    w.end_object();
  }
  Core& core_;
};

}  // namespace

std::vector<std::string_view> pages_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::string_view page : base::split(text, '\f')) {
    while (page.size() > kPageBytes) {
      std::string_view piece = base::cut(page, kPageBytes);
      if (const std::size_t line = piece.rfind('\n'); line != std::string_view::npos && line > kPageBytes / 2)
        piece = piece.substr(0, line + 1);
      out.push_back(piece);
      page.remove_prefix(piece.size());
    }
    out.push_back(page);
  }
  return out;
}

std::vector<http::Route> item_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<ItemDesk>(core);
  const auto does = [desk](base::Result<Response> (ItemDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/items/{id}", "item.read", "application/json", 0, http::Runs::in_pool,
                 does(&ItemDesk::read)});
  out.push_back({Method::get, "/items/{id}/text", "item.text", "application/json", 0, http::Runs::in_pool,
                 does(&ItemDesk::text)});
  out.push_back({Method::get, "/items/{id}/custody", "item.custody", "application/json", 0,
                 http::Runs::in_pool, does(&ItemDesk::custody)});
  out.push_back({Method::get, "/items/{id}/original", "item.original", "application/json", 0,
                 http::Runs::in_pool, does(&ItemDesk::original)});
  return out;
}

}  // namespace service
