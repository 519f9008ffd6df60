// Around a search: what a person keeps of it, lists of terms, and its items over time and on the map.
#include "core.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/notes.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kTermsMax = 500, kTermBytesMax = 2000;
constexpr double kCellMin = 0.0005, kCellMax = 45;  // degrees

class WorkspaceDesk {
 public:
  explicit WorkspaceDesk(Core& core) : core_(core) {}

  base::Result<Response> saved(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(searched(who, request.place("id")));
    const auto file = TRY(core_.open(who, name));
    std::string out;
    base::JsonWriter w(out);
    w.object().key("searches").array();
    for (const evidence::SavedSearchView& s : evidence::saved_searches(*file))
      w.object()
          .member("id", Core::item_id(name.id, s.id))
          .member("name", s.name)
          .member("query", s.query)
          .member("sort", s.sort)
          .key("facets")
          .raw(s.facets)
          .member("made", s.made)
          .end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> save(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(searched(who, request.place("id")));
    const boost::json::value body = TRY(request.json());
    const std::string given = TRY(base::text_of(body, "name"));
    const auto asked = core_.asked(who, TRY(base::text_of(body, "search")));
    if (!asked || asked->case_id != name.id) return not_found();
    std::string facets;
    base::JsonWriter w(facets);
    w.object();
    for (const auto& [facet, values] : asked->what.facets) {
      w.key(facet).array();
      for (const std::string& v : values) w.value(v);
      w.end_array();
    }
    w.end_object();
    const auto file = TRY(core_.open(who, name));
    const std::int64_t id =
        TRY(evidence::save_search(*file, {0, given, asked->what.query, asked->sort, facets, ""}));
    std::string out;
    base::JsonWriter(out).object().member("id", Core::item_id(name.id, id)).end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> forget(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::search));
    const auto file = TRY(core_.open(who, name.in));
    if (!evidence::forget_search(*file, name.number).ok()) return not_found();
    return Response::empty();
  }

  base::Result<Response> terms(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(searched(who, request.place("id")));
    const std::vector<std::string> given = TRY(list_member(TRY(request.json()), "terms"));
    if (given.empty()) return wrong("there is no term; give at least one, a line each");
    if (given.size() > kTermsMax)
      return wrong("these are " + std::to_string(given.size()) + " terms; a report counts up to " +
                   std::to_string(kTermsMax) + ", or use `custos count`");
    for (std::size_t i = 0; i < given.size(); ++i)
      if (given[i].size() > kTermBytesMax)
        return wrong("line " + std::to_string(i + 1) + " is longer than " + std::to_string(kTermBytesMax) +
                     " bytes; shorten it");
    const auto file = TRY(core_.open(who, name));
    std::string out;
    base::JsonWriter w(out);
    w.object().key("terms").array();
    for (const evidence::TermCount& c : TRY(evidence::count_terms(*file, given))) {
      w.object().member("term", c.term).member("items", c.items).member("families", c.families);
      w.member("unique", c.unique).member("with_families", c.with_families).key("error");
      if (c.error.empty())
        w.null();
      else
        w.value(c.error);
      w.end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> timeline(Request& request) {
    const Who& who = Core::who(request);
    const auto asked = core_.asked(who, request.place("id"));
    if (!asked) return not_found();
    const std::string by = request.query("by").value_or("");
    if (!by.empty() && by != "day" && by != "month" && by != "year")
      return wrong("\"by\" is day, month or year; or leave it out");
    const auto file = TRY(core_.open(who, TRY(searched(who, asked->case_id))));
    const evidence::Timeline t = asked->search->timeline(*file, by);
    std::string out;
    base::JsonWriter w(out);
    w.object().member("by", t.by).member("undated", t.undated).key("counts").array();
    for (const auto& [at, n] : t.counts) w.object().member("at", at).member("count", n).end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> places(Request& request) {
    const Who& who = Core::who(request);
    const auto asked = core_.asked(who, request.place("id"));
    if (!asked) return not_found();
    const evidence::CaseName name = TRY(searched(who, asked->case_id));
    const std::string cell = request.query("cell").value_or("2");
    char* end = nullptr;
    const double degrees = std::strtod(cell.c_str(), &end);
    if (*end || !std::isfinite(degrees)) return wrong("\"cell\" is no number of degrees");
    evidence::Box within;
    if (const auto box = request.query("box")) within = TRY(evidence::parse_box(*box));
    const auto file = TRY(core_.open(who, name));
    const evidence::PlaceMap m =
        asked->search->places(*file, within, std::clamp(degrees, kCellMin, kCellMax));
    std::string out;
    base::JsonWriter w(out);
    w.object().member("placed", m.placed).member("without", m.without).key("clusters").array();
    for (const evidence::Cluster& c : m.clusters)
      w.object()
          .member("latitude", c.latitude)
          .member("longitude", c.longitude)
          .member("count", c.count)
          .member("item", Core::item_id(name.id, c.item))
          .key("box")
          .array()
          .value(c.box.south)
          .value(c.box.west)
          .value(c.box.north)
          .value(c.box.east)
          .end_array()
          .end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

 private:
  static base::Error wrong(std::string message) { return {base::Refusal::invalid, std::move(message)}; }
  base::Result<evidence::CaseName> searched(const Who& who, std::string_view case_id) {
    return core_.case_for(who, case_id, rights::Act::search, "item");
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> workspace_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<WorkspaceDesk>(core);
  const auto does = [desk](base::Result<Response> (WorkspaceDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/cases/{id}/saved-searches", "search.saved", "application/json", 0,
                 http::Runs::in_pool, does(&WorkspaceDesk::saved)});
  out.push_back({Method::post, "/cases/{id}/saved-searches", "search.save", "application/json", 8192,
                 http::Runs::in_pool, does(&WorkspaceDesk::save)});
  out.push_back({Method::delete_, "/saved-searches/{id}", "search.forget", "application/json", 1024,
                 http::Runs::in_pool, does(&WorkspaceDesk::forget)});
  out.push_back({Method::post, "/cases/{id}/term-reports", "case.terms", "application/json", 1 << 20,
                 http::Runs::in_pool, does(&WorkspaceDesk::terms)});
  out.push_back({Method::get, "/searches/{id}/timeline", "search.timeline", "application/json", 0,
                 http::Runs::in_pool, does(&WorkspaceDesk::timeline)});
  out.push_back({Method::get, "/searches/{id}/places", "search.places", "application/json", 0,
                 http::Runs::in_pool, does(&WorkspaceDesk::places)});
  return out;
}

}  // namespace service
