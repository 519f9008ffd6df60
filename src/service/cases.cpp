// Cases, their home, and searches in them.
#include "core.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/view.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr char kMarkOpen = 2, kMarkClose = 3;

void counts(base::JsonWriter& w, std::string_view key, const evidence::Counts& all, std::string_view name) {
  w.key(key).array();
  for (const auto& [value, n] : all) w.object().member(name, value).member("count", n).end_object();
  w.end_array();
}
void facets(base::JsonWriter& w, const std::vector<search::Facet>& all) {
  w.key("facets").object();
  for (const search::Facet& f : all) {
    w.key(f.name).array();
    std::size_t given = 0;
    for (const auto& [value, n] : f.values) {
      if (++given > 50) break;
      w.object().member("value", value).member("count", n).end_object();
    }
    w.end_array();
  }
  w.end_object();
}

class CaseDesk {
 public:
  explicit CaseDesk(Core& core) : core_(core) {}

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    std::string out;
    base::JsonWriter w(out);
    w.object().key("cases").array();
    for (const evidence::CaseName& c : core_.book.cases()) {
      if (!core_.could(who, {rights::Act::search, seen_as(who, c.id), c.id})) continue;
      const auto file = TRY(core_.open(who, c));
      const auto [items, last] = evidence::brief(*file);
      w.object().member("id", c.id).member("code", c.code).member("title", c.title).member("items", items);
      w.key("label").raw(core_.label_json(c.id));
      w.key("last_received");
      if (last.empty())
        w.null();
      else
        w.value(last);
      w.end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> add(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.may(who, rights::Act::change, "account")) return not_found();
    const boost::json::value body = TRY(request.json());
    const std::string code = TRY(base::text_of(body, "code")), title = TRY(base::text_of(body, "title"));
    const evidence::CaseName made =
        TRY(core_.book.with_office([&](evidence::Office& office) { return office.add_case(code, title); }));
    // Whoever opens a case needs to know it. The rights of the session stay those of now: nothing was taken.
    Account account = who.account;
    std::vector<std::string> cases = who.cases;
    cases.push_back(made.id);
    account.cases = json_of(cases);
    ++account.version;
    TRY(core_.book.write(who.account.code,
                         [&](const Book::Write& w) { return w.edit(account, "assigned", account.code); }));
    std::string out;
    base::JsonWriter(out).object().member("id", made.id).end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> home(Request& request) {
    const Who& who = Core::who(request);
    const std::string id = request.place("id");
    const evidence::CaseName name = TRY(core_.case_for(who, id, rights::Act::read, seen_as(who, id)));
    const auto file = TRY(core_.open(who, name));
    const evidence::Overview o = evidence::overview(*file);
    std::string out;
    base::JsonWriter w(out);
    w.object().member("id", name.id).member("code", name.code).member("title", name.title);
    w.key("label").raw(core_.label_json(name.id));
    w.key("account")
        .object()
        .member("expected", o.totals.expected)
        .member("extracted", o.totals.extracted)
        .member("failed", o.totals.failed)
        .member("skipped", o.totals.skipped)
        .member("pending", o.totals.pending)
        .end_object();
    w.member("bytes", o.bytes).key("deliveries").array();
    for (const evidence::DeliveryView& d : o.deliveries)
      w.object()
          .member("id", std::to_string(d.id))
          .member("received", d.received)
          .member("source", d.source)
          .member("collector", d.collector)
          .member("note", d.note)
          .member("items", d.items)
          .end_object();
    w.end_array();
    counts(w, "types", o.types, "value");
    counts(w, "languages", o.languages, "value");
    counts(w, "years", o.years, "value");
    counts(w, "failures", o.failures, "reason");
    w.key("duplicates")
        .object()
        .member("exact", o.exact_duplicates)
        .member("near", o.near_duplicates)
        .end_object();
    w.member("threads", o.threads).key("processing");
    if (const std::string now = core_.events.processing_of(name.id); now.empty())
      w.null();
    else
      w.raw(now);
    w.end_object();
    return Response::json(out);
  }

  base::Result<Response> search(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name =
        TRY(core_.case_for(who, request.place("id"), rights::Act::search, "item"));
    const boost::json::value body = TRY(request.json());
    evidence::Search::Asked asked;
    asked.query = TRY(base::text_of(body, "query"));
    if (base::trim(asked.query).empty()) asked.query = "*";
    const std::string sort = TRY(base::text_of(body, "sort"));
    asked.sort = TRY(Core::sort_named(sort));
    if (const auto* chosen = body.get_object().if_contains("facets"); chosen && chosen->is_object())
      for (const auto& [facet, values] : chosen->get_object()) {
        if (!values.is_array() || values.get_array().empty()) continue;
        asked.facets.emplace_back(facet, TRY(list_member(*chosen, facet)));
      }
    const auto file = TRY(core_.open(who, name));
    const double began = core_.clock.seconds();
    auto found = evidence::Search::run(*file, asked);
    if (!found.ok()) return wrong_query(found.error());
    const std::string id = core_.keep({who.account.person, name.id, asked, sort, *found});
    std::string out;
    base::JsonWriter w(out);
    w.object().member("search", id);
    answer(w, **found);
    w.member("took_ms", static_cast<std::int64_t>((core_.clock.seconds() - began) * 1000)).end_object();
    return Response::json(out);
  }

  base::Result<Response> named(Request& request) {
    const auto asked = core_.asked(Core::who(request), request.place("id"));
    if (!asked) return not_found();
    std::string out;
    base::JsonWriter w(out);
    w.object()
        .member("search", request.place("id"))
        .member("query", asked->what.query)
        .member("sort", asked->sort);
    w.member("took_ms", 0).key("chosen").object();
    for (const auto& [facet, values] : asked->what.facets) {
      w.key(facet).array();
      for (const std::string& v : values) w.value(v);
      w.end_array();
    }
    w.end_object();
    answer(w, *asked->search);
    w.end_object();
    return Response::json(out);
  }

  base::Result<Response> hits(Request& request) {
    const Who& who = Core::who(request);
    const auto asked = core_.asked(who, request.place("id"));
    if (!asked) return not_found();
    const evidence::CaseName name = TRY(core_.case_for(who, asked->case_id, rights::Act::search, "item"));
    const auto number = [&](const char* key, long otherwise, long most) {
      const std::string v = request.query(key).value_or("");
      return static_cast<std::size_t>(std::clamp(v.empty() ? otherwise : std::atol(v.c_str()), 0l, most));
    };
    const auto file = TRY(core_.open(who, name));
    const std::vector<evidence::Hit> window =
        TRY(asked->search->hits(*file, number("offset", 0, 1l << 40), number("limit", 50, 200)));
    std::string out;
    base::JsonWriter w(out);
    w.object().member("total", asked->search->total()).key("hits").array();
    for (const evidence::Hit& h : window) {
      const std::string language = h.languages.substr(0, h.languages.find(' '));
      w.object()
          .member("item", Core::item_id(name.id, std::atoll(h.item.substr(h.item.rfind('-') + 1).c_str())))
          .member("code", h.item)
          .member("path", h.path)
          .member("title", h.title)
          .member("type", h.type);
      const auto or_null = [&](std::string_view key, const std::string& v) {
        w.key(key);
        if (v.empty())
          w.null();
        else
          w.value(v);
      };
      or_null("date", h.date);
      or_null("language", language);
      w.member("size", h.size).member("page", static_cast<std::uint64_t>(h.page));
      w.member("snippet", marked(h.snippet, h.marks));
      w.member("family", Core::item_id(name.id, h.family)).member("family_hits", h.family_items);
      w.member("matches", h.matches).end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> events(Request& request) {
    auto stream = http::EventStream::make();
    core_.events.listen(Core::who(request), stream);
    return Response::events(stream);
  }

 private:
  // A case is there for who may see its casework, and for who may see its items alone: they keep them.
  const char* seen_as(const Who& who, const std::string& id) const {
    return core_.could(who, {rights::Act::search, "case", id}) ? "case" : "item";
  }
  static void answer(base::JsonWriter& w, const evidence::Search& found) {
    w.member("total", found.total());
    facets(w, found.facets());
  }
  // A query that is refused says where, in characters from 1, and what was expected there.
  static Response wrong_query(const base::Error& e) {
    http::Problem p = http::problem_of(e);
    if (e.why == base::Refusal::invalid) {
      p.code = "query";
      constexpr std::string_view kAt = "position ";
      std::string_view said = e.message;
      if (said.starts_with(kAt)) {
        p.position = static_cast<std::size_t>(std::atol(e.message.c_str() + kAt.size()));
        said = said.substr(std::min(said.size(), said.find(": ") + 2));
      }
      p.members.emplace_back("expected", base::json_string(said));
    }
    return Response::problem(p);
  }
  Core& core_;
};

}  // namespace

std::string marked(std::string_view text, const std::vector<std::pair<std::size_t, std::size_t>>& marks) {
  std::string out;
  std::size_t at = 0;
  for (const auto& [from, to] : marks) {
    if (from < at || to > text.size()) continue;
    out.append(text.substr(at, from - at)) += kMarkOpen;
    out.append(text.substr(from, to - from)) += kMarkClose;
    at = to;
  }
  return out.append(text.substr(at));
}

std::vector<http::Route> case_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<CaseDesk>(core);
  const auto does = [desk](base::Result<Response> (CaseDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/cases", "case.list", "application/json", 0, http::Runs::in_pool,
                 does(&CaseDesk::list)});
  out.push_back({Method::post, "/cases", "case.add", "application/json", 8192, http::Runs::in_pool,
                 does(&CaseDesk::add)});
  out.push_back({Method::get, "/cases/{id}", "case.read", "application/json", 0, http::Runs::in_pool,
                 does(&CaseDesk::home)});
  out.push_back({Method::post, "/cases/{id}/searches", "case.search", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&CaseDesk::search)});
  out.push_back({Method::get, "/searches/{id}", "search.read", "application/json", 0, http::Runs::in_pool,
                 does(&CaseDesk::named)});
  out.push_back({Method::get, "/searches/{id}/hits", "search.hits", "application/json", 0,
                 http::Runs::in_pool, does(&CaseDesk::hits)});
  out.push_back({Method::get, "/events", "events.read", "application/json", 0, http::Runs::in_pool,
                 does(&CaseDesk::events)});
  return out;
}

}  // namespace service
