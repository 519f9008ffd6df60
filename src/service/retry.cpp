// Processing again what failed, for a reason, behind the requests.
#include "core.h"
#include "meter.h"

#include <base/json.h>
#include <extract/account.h>

#include <boost/json.hpp>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kJob = "retry";  // {"case","reason","actor"}, at the place of its case

base::Result<Response> begin(Core& core, Request& request) {
  const Who& who = Core::who(request);
  const evidence::CaseName name = TRY(core.case_for(who, request.place("id"), rights::Act::search, "item"));
  if (!core.may(who, rights::Act::add, "item", name.id)) return no_right();
  const std::string reason = TRY(base::text_of(TRY(request.json()), "reason"));
  if (!reason.empty() && !extract::reason_named(reason))
    return base::Error{base::Refusal::invalid,
                       "\"reason\" is no reason of the account; name one of those that the case shows"};
  std::string argument;
  base::JsonWriter(argument)
      .object()
      .member("case", name.id)
      .member("reason", reason)
      .member("actor", who.account.code)
      .end_object();
  TRY(core.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
    if (w.sql.number("select count(*) from job where kind = ? and place = ? and state <> 'done'", kJob,
                     std::string_view(name.id)))
      return base::Error{base::Refusal::conflict,
                         "a retry is running in this case; wait for it to end, then ask again"};
    w.change.later(kJob, argument, name.id);
    return base::Done{};
  }));
  core.jobs.wake();
  core.events.changed("jobs");
  return Response::json("{}", 202);
}

Jobs::End run(Core& core, const boost::json::value& asked, Jobs::Stop stop) {
  const auto text = [&](const char* member) { return std::string(asked.at(member).as_string()); };
  const auto name = core.book.case_of(text("case"));
  if (!name) return Jobs::End::done;
  evidence::RetryOptions o;
  o.reason = text("reason"), o.actor = text("actor"), o.worker = core.options.worker;
  Meter meter(core, name->id, 0);
  evidence::IngestWatch watch;
  watch.progress = &meter.progress, watch.stop = &stop;
  const auto ended = evidence::retry(core.office, *name, o, watch);
  if (!ended.ok() && core.options.log) core.options.log("a retry ended: " + ended.error().message);
  return ended.ok() && ended->interrupted ? Jobs::End::later : Jobs::End::done;
}

}  // namespace

void bring_retry(Core& core) {
  core.jobs.bring(std::string(kJob), [&core](const boost::json::value& asked, Jobs::Stop stop) {
    return run(core, asked, stop);
  });
}

std::vector<http::Route> retry_routes(Core& core) {
  std::vector<http::Route> out;
  out.push_back({http::Method::post, "/cases/{id}/retry", "case.retry", "application/json", 1024,
                 http::Runs::in_pool, http::Answer([&core](Request& r) { return begin(core, r); })});
  return out;
}

}  // namespace service
