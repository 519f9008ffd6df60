// Why a person works in a case: chosen by them, once for each session and case, from what their roles may
// name.
#include "core.h"

#include <base/json.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

class PurposeDesk {
 public:
  explicit PurposeDesk(Core& core) : core_(core) {}

  base::Result<Response> read(Request& request) {
    const Who& who = Core::who(request);
    const std::string& id = request.place("id");
    const auto chosen = std::ranges::find(who.purposes, id, &ChosenPurpose::case_id);
    return Response::json(
        TRY(shown(who, id, chosen == who.purposes.end() ? nullptr : std::to_address(chosen))));
  }

  base::Result<Response> choose(Request& request) {
    const Who& who = Core::who(request);
    const std::string& id = request.place("id");
    static_cast<void>(TRY(shown(who, id, nullptr)));  // it is there for them
    const std::string code = core_.book.case_of(id)->code;
    const boost::json::value body = TRY(request.json());
    ChosenPurpose c{
        who.session.id + " " + id, who.session.id, id, TRY(base::text_of(body, "purpose")), "", 0};
    const auto named = core_.policy.purpose(c.purpose);
    const std::vector<rights::PurposeId> open = core_.purposes_in(who, id);
    if (!named || std::ranges::find(open, *named) == open.end())
      return base::Error{base::Refusal::invalid, "\"purpose\" is none that your roles may name in this case"};
    const rights::Limits& limits = core_.policy.limits();
    const bool needed = core_.label_of(id).classification >= limits.reason_from;
    const auto* said = body.get_object().if_contains("reason");
    if (needed || (said && said->is_string() && !said->get_string().empty()))
      c.reason = TRY(reason_member(body, limits));
    c.until = who.session.began + limits.absolute;
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("case", id)
        .member("purpose", c.purpose)
        .member("reason", c.reason)
        .member("session", who.session.id)
        .end_object();
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      // What sessions that are over chose is in the ledger; here it is in the way.
      w.sql.run("delete from chosen_purpose where id = ? or until < ?", std::string_view(c.id),
                core_.book.now());
      return w.change.add(c, {"purpose_chosen", w.who, code, payload});
    }));
    return Response::json(TRY(shown(who, id, &c)));
  }

 private:
  base::Result<std::string> shown(const Who& who, const std::string& id, const ChosenPurpose* chosen) const {
    const std::vector<rights::PurposeId> open = core_.purposes_in(who, id);
    if (open.empty() || !core_.book.case_of(id)) return not_found();
    const rights::Limits& limits = core_.policy.limits();
    const bool reason = core_.label_of(id).classification >= limits.reason_from;
    std::string out;
    base::JsonWriter w(out);
    w.object().key("chosen");
    if (chosen)
      w.object()
          .member("purpose", chosen->purpose)
          .member("reason", chosen->reason)
          .member("until", base::rfc3339(chosen->until))
          .end_object();
    else
      w.null();
    w.key("break_glass_until");
    const auto glass = std::ranges::find_if(who.glasses.rbegin(), who.glasses.rend(),
                                            [&](const Glass& g) { return g.case_id == id; });
    if (std::ranges::find(who.cases, id) == who.cases.end() && glass != who.glasses.rend())
      w.value(base::rfc3339(glass->opened + limits.glass));
    else
      w.null();
    w.member("needed", core_.must_choose(chosen, id, open.size())).member("reason_needed", reason);
    w.member("reason_characters_min", limits.reason_characters_min).key("purposes").array();
    for (const rights::PurposeId p : open) {
      const rights::PurposeRule& rule = core_.policy.purposes()[p];
      w.object().member("id", rule.name).key("label").object();
      w.member("en", rule.label.en).member("fr", rule.label.fr).end_object().end_object();
    }
    w.end_array().end_object();
    return out;
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> purpose_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<PurposeDesk>(core);
  std::vector<http::Route> out;
  out.push_back({Method::get, "/cases/{id}/purpose", "case.purpose", "application/json", 0,
                 http::Runs::in_pool, http::Answer([desk](Request& r) { return desk->read(r); })});
  out.push_back({Method::put, "/cases/{id}/purpose", "case.choose_purpose", "application/json", 16 * 1024,
                 http::Runs::in_pool, http::Answer([desk](Request& r) { return desk->choose(r); })});
  return out;
}

}  // namespace service
