// The home of a person: everything that its tiles show, in one answer or as a document.
#include "core.h"
#include "paper_of.h"

#include <base/time.h>

#include <algorithm>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

json::object named(const kinds::Home& h) {
  return {{"home", h.name}, {"label", json::object{{"en", h.label.en}, {"fr", h.label.fr}}}};
}

// The home that was asked for, or the first of theirs; without one "home" is null.
base::Result<json::object> asked_home(Core& core, Request& request, kinds::Records::TellsOf* told = nullptr) {
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
          answer = TRY(all.home(asker, **chosen, case_id, told));
        else
          answer["home"] = nullptr;
        json::array others;
        for (const kinds::Home* h : homes) others.push_back(named(*h));
        answer["homes"] = std::move(others);
        return answer;
      }));
  out["silent"] = silent_cases(core, who);
  return out;
}

base::Result<Response> read(Core& core, Request& request) {
  return Response::json(json::serialize(TRY(asked_home(core, request))));
}

base::Result<Response> digest(Core& core, Request& request) {
  const std::string format = request.query("format").value_or("pdf");
  if (format != "pdf" && format != "docx")
    return base::Error{base::Refusal::invalid, "\"format\" is pdf or docx"};
  const Who& who = Core::who(request);
  kinds::Records::TellsOf told;
  const json::object home = TRY(asked_home(core, request, &told));
  if (!home.at("home").is_string()) return not_found();
  const std::string name(home.at("home").get_string());
  TRY(core.read_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    return all.tell(asker, "exported", name, "{\"digest\":true}");
  }));
  paper::Document d = digest_of(home, who.account.name, who.account.language == "fr");
  auto highest = told.highest;
  for (const std::string& id : told.cases) highest = std::max(highest, core.label_of(id).classification);
  d.classification = rights::name_of(highest);
  d.made = base::rfc3339(core.book.now()).substr(0, 10);
  return attached(d, "digest-" + name, format);
}

}  // namespace

json::array silent_cases(Core& core, const Who& who) {
  json::array out;
  for (const std::string& id : who.cases) {
    const auto met = core.book.case_of(id);
    const std::size_t open = met ? core.purposes_in(who, id).size() : 0;
    const auto chosen = std::ranges::find(who.purposes, id, &ChosenPurpose::case_id);
    // As records are decided (Core::decide): without a choice a purpose that serves is taken, unless it needs
    // a reason.
    const bool silent = chosen == who.purposes.end()
                            ? core.label_of(id).classification >= core.policy.limits().reason_from
                            : core.must_choose(std::to_address(chosen), id, open);
    if (open && silent) out.push_back(json::object{{"id", id}, {"code", met->code}, {"title", met->title}});
  }
  return out;
}

std::vector<http::Route> home_routes(Core& core) {
  return {{http::Method::get, "/home", "home.read", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return read(core, r); })},
          {http::Method::get, "/home/digest", "home.digest", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return digest(core, r); })}};
}

}  // namespace service
