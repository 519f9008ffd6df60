// What is worked out from records and not kept: the last days of time limits, the schedule of a plan, the
// costs of a budget forecast, the matrix of an analysis of hypotheses, the patterns of incidents, the ranking
// of priorities, the manual in force.
#include "core.h"
#include "paper_of.h"

#include <casework/module.h>
#include <kinds/date.h>
#include <kinds/limit.h>
#include <paper/document.h>
#include <paper/workbook.h>
#include <protection/module.h>

#include <algorithm>
#include <charconv>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

// What `f` makes of the records that the person may read.
template <class F>
base::Result<Response> made(Core& core, Request& r, F f) {
  return Response::json(json::serialize(TRY(core.read_records(Core::who(r), f))));
}

// The last days of all limits for an event of that day.
base::Result<Response> time_limits(Core& core, Request& r) {
  const std::int64_t today = core.book.now() / 86'400;
  const kinds::Days day = TRY(kinds::days_of(r.query("from").value_or(kinds::date_of(today))));
  if (day.from != day.to) return base::Error{base::Refusal::invalid, "\"from\" is a day: 2026-03-05"};
  return made(core, r, [&](kinds::Records& all, const kinds::Asker&) -> base::Result<json::object> {
    return kinds::limits_from(TRY(all.vocabulary("time_limit")), TRY(all.vocabulary("non_working_day")),
                              day.from);
  });
}

base::Result<Response> schedule(Core& core, Request& r) {
  return made(core, r, [&](kinds::Records& all, const kinds::Asker& who) {
    return casework::schedule(all, who, r.place("code"), core.book.now() / 86'400);
  });
}

base::Result<Response> costs(Core& core, Request& r) {
  protection::WhatIf change;
  const std::string without(r.query("without").value_or(""));
  for (const std::string_view code : base::split(without, ' '))
    if (!code.empty()) change.without.emplace_back(code);
  if (const auto intake = r.query("intake")) {
    const auto [end, wrong] = std::from_chars(intake->data(), intake->data() + intake->size(), change.intake);
    if (wrong != std::errc{} || end != intake->data() + intake->size())
      return base::Error{base::Refusal::invalid, "\"intake\" is a number: 1.5"};
  }
  return made(core, r, [&](kinds::Records& all, const kinds::Asker& who) {
    return protection::cost_forecast(all, who, r.place("code"), change);
  });
}

base::Result<Response> hypotheses(Core& core, Request& r) {
  return made(core, r, [&](kinds::Records& all, const kinds::Asker& who) {
    return protection::hypotheses(all, who, r.place("code"), core.book.now() / 86'400);
  });
}

base::Result<Response> patterns(Core& core, Request& r) {
  const protection::PatternsOf asked{std::string(r.query("case").value_or("")),
                                     std::string(r.query("family").value_or(""))};
  return made(core, r, [&](kinds::Records& all, const kinds::Asker& who) {
    return protection::patterns(all, who, asked);
  });
}

base::Result<json::object> ranked(Core& core, Request& r) {
  return core.read_records(Core::who(r), [&](kinds::Records& all, const kinds::Asker& who) {
    return casework::ranking(all, who, r.query("case").value_or(""), core.book.now() / 86'400);
  });
}
base::Result<Response> ranking(Core& core, Request& r) {
  return Response::json(json::serialize(TRY(ranked(core, r))));
}

base::Result<Response> ranking_chart(Core& core, Request& r) {
  const std::string format = r.query("format").value_or("xlsx");
  if (format != "xlsx" && format != "docx" && format != "pdf")
    return base::Error{base::Refusal::invalid, "\"format\" is xlsx, docx or pdf"};
  const Who& who = Core::who(r);
  const bool french = who.account.language == "fr";
  const json::object found = TRY(ranked(core, r));
  casework::Chart c = casework::ranking_chart(found, french);
  TRY(core.read_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    return all.tell(asker, "exported", "priority", "{\"ranking\":true}");
  }));
  const std::string name = french ? "Priorites" : "Priorities";
  if (format == "xlsx") return attached(TRY(paper::workbook(name, c.header, c.rows)), name, format);
  paper::Document d;
  d.title = c.title, d.language = french ? "fr" : "en", d.reference = d.office = name;
  auto highest = core.label_of(r.query("case").value_or("")).classification;
  for (const auto& each : found.at("ranked").get_array())
    highest = std::max(highest, core.label_of(each.at("case").get_string()).classification);
  d.classification = rights::name_of(highest);
  d.made = base::rfc3339(core.book.now()).substr(0, 10);
  // What each assessor's criterion came to is in the workbook; a page has no room for it.
  constexpr std::size_t kColumns = 9;
  c.header.resize(kColumns);
  for (auto& row : c.rows) row.resize(kColumns);
  d.blocks.push_back(paper::Table{c.header, c.rows, {0.5, 2.2, 1.2, 0.6, 0.9, 0.8, 0.6, 1, 2.2}});
  return attached(d, name, format);
}

// Who has not read a chapter is named to those who keep the manual.
base::Result<Response> manual(Core& core, Request& r) {
  std::vector<casework::Staff> staff;
  core.book.read([&](store::Sql& sql) {
    sql.each("select person, code, name, roles from account where not disabled order by person",
             [&](store::Statement& s) {
               staff.push_back(
                   {s.integer(0), std::string(s.text(1)), std::string(s.text(2)), strings_of(s.text(3))});
             });
  });
  const bool keeps = core.may(Core::who(r), rights::Act::change, "manual") ||
                     core.may(Core::who(r), rights::Act::approve, "manual");
  return made(core, r, [&](kinds::Records& all, const kinds::Asker& who) {
    return casework::manual(all, who, staff, keeps, core.book.now() / 86'400);
  });
}

}  // namespace

std::vector<http::Route> reckoning_routes(Core& core) {
  using http::Method;
  return {{Method::get, "/time-limits", "time_limit.reckon", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return time_limits(core, r); })},
          {Method::get, "/schedules/{code}", "plan.schedule", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return schedule(core, r); })},
          {Method::get, "/budgets/{code}/costs", "budget.costs", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return costs(core, r); })},
          {Method::get, "/hypotheses/{code}", "ach.matrix", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return hypotheses(core, r); })},
          {Method::get, "/patterns", "incident.patterns", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return patterns(core, r); })},
          {Method::get, "/priorities", "priority.rank", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return ranking(core, r); })},
          {Method::get, "/priorities/chart", "priority.chart", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return ranking_chart(core, r); })},
          {Method::get, "/manual", "manual.read", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return manual(core, r); })}};
}

}  // namespace service
