// The label of a single record: raised by one person, lowered by two (labels.cpp has those of cases).
#include "labels.h"
#include "versions.h"

#include <base/bytes.h>
#include <base/text.h>

#include <boost/json.hpp>

namespace service {
namespace {

using http::Request;
using http::Response;

// Compartments as they are named, of those that the person stands within: who sees a record stands in all of
// its own.
std::string label_json(const Core& core, const Who& who, const rights::Label& label, bool raise, bool lower) {
  std::string out;
  base::JsonWriter w(out);
  w.object().member("classification", rights::name_of(label.classification)).key("compartments").array();
  for (const Compartment& c : compartments_of(core, who.account.person))
    if (const auto n = static_cast<std::size_t>(c.number); label.compartments.words[n / 64] >> n % 64 & 1)
      w.object().member("id", c.id).member("name", c.name).end_object();
  w.end_array().key("may_raise").value(raise).key("may_lower").value(lower).end_object();
  return out;
}

base::Result<Response> read(Core& core, Request& r) {
  const Who& who = Core::who(r);
  const rights::Label label = TRY(core.read_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    return all.label(asker, r.place("code"));
  }));
  const auto about = core.about_record(r.place("code"));
  if (!about) return not_found();
  const auto could = [&](rights::Act act) {
    Core::Ask ask{act, std::string(about->rights), std::string(about->case_id)};
    ask.object = r.place("code"), ask.label = label, ask.label_after = label;
    return core.could(who, ask);
  };
  return Response::json(
      label_json(core, who, label, could(rights::Act::upgrade), could(rights::Act::downgrade)));
}

// What would go along with a record that gets this label: asked before one says yes to it.
base::Result<Response> along(Core& core, Request& r) {
  constexpr std::size_t most = 20;  // are named
  const Who& who = Core::who(r);
  const std::string code = r.place("code");
  const Core::Ask ask = TRY(ask_for_record_label(core, who, code, TRY(r.json())));
  using Going = std::vector<kinds::Records::Along>;
  const Going all = TRY(
      core.read_records(who, [&](kinds::Records& records, const kinds::Asker& asker) -> base::Result<Going> {
        Going going = TRY(records.along(asker, code, *ask.label_after));
        TRY(records.tell(asker, "label_along_viewed", code,
                         "{\"others\":" + std::to_string(going.size()) + "}"));
        return going;
      }));
  boost::json::array first;
  for (const kinds::Records::Along& a : all)
    if (first.size() < most)
      first.push_back(boost::json::object{
          {"code", a.code},
          {"title", a.title},
          {"kind_label", boost::json::object{{"en", a.kind->label.en}, {"fr", a.kind->label.fr}}}});
  return Response::json(
      boost::json::serialize(boost::json::object{{"others", all.size()}, {"first", std::move(first)}}));
}

base::Result<Response> set(Core& core, Request& r) {
  const Who& who = Core::who(r);
  const std::int64_t version = TRY(version_of(r));
  const std::string code = r.place("code");
  const boost::json::value body = TRY(r.json());
  kinds::Records::Relabel how;
  how.reason = TRY(reason_member(body, core.policy.limits()));
  const Core::Ask ask = TRY(ask_for_record_label(core, who, code, body));
  how.along = along_in(body);
  const Core::Verdict verdict = TRY(core.allowed(who, ask));
  how.to = *ask.label_after;
  how.also = [&](kernel::Change& c, store::Sql& sql) -> base::Status {
    return core.spend({c, sql, who.account.code}, verdict);
  };
  std::optional<rights::Label> current;
  const auto made = core.with_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    auto answer = all.relabel(asker, code, version, how);
    if (!answer && answer.error().why == base::Refusal::conflict)
      if (const auto now = all.label(asker, code)) current = *now;
    return answer;
  });
  if (!made && current) {
    boost::json::object now = boost::json::parse(label_json(core, who, *current, false, false)).get_object();
    now.erase("may_raise"), now.erase("may_lower");
    return changed_since(made.error(), now);
  }
  if (!made) return made.error();
  return Response::json(boost::json::serialize(boost::json::object{{"code", made->stand.code},
                                                                   {"version", made->stand.version},
                                                                   {"state", made->stand.state},
                                                                   {"others", made->others}}))
      .with("ETag", etag_of(made->stand.version));
}

}  // namespace

std::vector<http::Route> record_label_routes(Core& core) {
  using http::Method;
  return {{Method::get, "/records/{code}/label", "record.label", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return read(core, r); })},
          {Method::post, "/records/{code}/label/along", "record.label_along", "application/json", 16 * 1024,
           http::Runs::in_pool, http::Answer([&core](Request& r) { return along(core, r); })},
          {Method::put, "/records/{code}/label", "record.set_label", "application/json", 16 * 1024,
           http::Runs::in_pool, http::Answer([&core](Request& r) { return set(core, r); })}};
}

}  // namespace service
