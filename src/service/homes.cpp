// The home of a person: everything that its tiles show, in one answer.
#include "core.h"

#include <algorithm>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

json::object named(const kinds::Home& h) {
  return {{"home", h.name}, {"label", json::object{{"en", h.label.en}, {"fr", h.label.fr}}}};
}

base::Result<Response> read(Core& core, Request& request) {
  const Who& who = Core::who(request);
  const std::string of = request.query("of").value_or(""), case_id = request.query("case").value_or("");
  json::object out = TRY(core.read_records(
      who, [&](kinds::Records& all, const kinds::Asker& asker) -> base::Result<json::object> {
        const std::vector<const kinds::Home*> homes = core.homes().of(asker.roles);
        const auto chosen = of.empty()
                                ? homes.begin()
                                : std::ranges::find(homes, of, [](const kinds::Home* h) { return h->name; });
        if (chosen == homes.end() && !of.empty()) return not_found();
        json::object answer;
        if (chosen != homes.end())
          answer = TRY(all.home(asker, **chosen, case_id));
        else
          answer["home"] = nullptr;
        json::array others;
        for (const kinds::Home* h : homes) others.push_back(named(*h));
        answer["homes"] = std::move(others);
        return answer;
      }));
  out["silent"] = silent_cases(core, who);
  return Response::json(json::serialize(out));
}

}  // namespace

json::array silent_cases(Core& core, const Who& who) {
  json::array out;
  for (const std::string& id : who.cases) {
    const auto met = core.book.case_of(id);
    const std::size_t open = met ? core.purposes_in(who, id).size() : 0;
    const auto chosen = std::ranges::find(who.purposes, id, &ChosenPurpose::case_id);
    if (open && core.must_choose(chosen == who.purposes.end() ? nullptr : std::to_address(chosen), id, open))
      out.push_back(json::object{{"id", id}, {"code", met->code}, {"title", met->title}});
  }
  return out;
}

std::vector<http::Route> home_routes(Core& core) {
  return {{http::Method::get, "/home", "home.read", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return read(core, r); })}};
}

}  // namespace service
