// Custody as people record it: acts with their form, and lists by which items are handed over.
#include "paper_of.h"
#include "scope.h"
#include "versions.h"

#include <base/json.h>
#include <evidence/custody.h>
#include <evidence/view.h>

#include <boost/json.hpp>

namespace service {
namespace {

using http::Request;
using http::Response;

class CustodyDesk {
 public:
  explicit CustodyDesk(Core& core) : core_(core) {}

  base::Result<Response> record(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(keeps(who, request.place("id")));
    const boost::json::value body = TRY(request.json());
    const std::vector<std::uint32_t> items = TRY(items_asked(core_, who, name, body));
    evidence::CustodyDraft d;
    for (const auto& [key, into] : {std::pair{"kind", &d.kind},
                                    {"at", &d.at},
                                    {"to", &d.to},
                                    {"place", &d.place},
                                    {"condition", &d.condition}})
      *into = TRY(base::text_of(body, key));
    for (const auto& [key, into] : {std::pair{"from", &d.from}, {"seal", &d.seal}})
      if (body.get_object().contains(key)) *into = TRY(base::text_of(body, key));
    d.reason = TRY(reason_member(body, core_.policy.limits()));
    const auto acts = acts_of_custody();
    const kinds::Code* code = acts->code(d.kind);
    if (!code || code->retired)
      return base::Error{base::Refusal::invalid,
                         "\"kind\" is no act of custody; the vocabulary custody_act has them"};
    d.given = !nobody_gives(*acts, d.kind);
    const auto file = TRY(core_.open(who, name));
    const auto made = evidence::record_custody(*file, d, items);
    if (!made.ok() && made.error().why == base::Refusal::not_found) return not_found();
    return id_of(name, TRY(made));
  }

  base::Result<Response> acts(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName at = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, at.in));
    if (!evidence::has_item(*file, at.number)) return not_found();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("acts").array();
    for (const evidence::CustodyActView& a : evidence::custody_acts(*file, at.number)) {
      w.object().member("id", Core::item_id(at.in.id, a.id)).member("kind", a.says.kind);
      w.member("at", a.says.at).member("from", a.says.from).member("to", a.says.to);
      w.member("place", a.says.place).member("condition", a.says.condition).member("seal", a.says.seal);
      w.member("reason", a.says.reason).member("recorded", a.recorded).member("by", a.recorded_by);
      w.member("row", a.row).member("items", a.items).end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> form(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName at = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, at.in));
    const auto f = evidence::print_custody(*file, at.number);
    if (!f.ok()) return not_found();
    return custody_form(*f, *acts_of_custody(), made(who, at.in.id));
  }

  base::Result<Response> lists(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(core_.case_for(who, request.place("id"), rights::Act::read, "item"));
    const auto file = TRY(core_.open(who, name));
    std::string out;
    base::JsonWriter w(out);
    w.object().key("lists").array();
    for (const evidence::HandOverView& v : evidence::hand_overs(*file)) write(w, name, v), w.end_object();
    w.end_array().member("may_keep", core_.may(who, rights::Act::transfer, "item", name.id)).end_object();
    return Response::json(out);
  }

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName at = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, at.in));
    const auto v = evidence::hand_over(*file, at.number);
    if (!v.ok()) return not_found();
    const auto number = [&](const char* key, long otherwise, long most) {
      const std::string n = request.query(key).value_or("");
      return static_cast<std::size_t>(std::clamp(n.empty() ? otherwise : std::atol(n.c_str()), 0l, most));
    };
    std::string out;
    base::JsonWriter w(out);
    write(w, at.in, *v);
    w.key("lines").array();
    for (const evidence::HandOverLine& l : evidence::hand_over_lines(
             *file, at.number, number("offset", 0, 1 << 30), number("limit", 200, 1000)))
      w.object()
          .member("number", l.number)
          .member("item", Core::item_id(at.in.id, l.item))
          .member("code", l.code)
          .member("path", l.path)
          .member("size", l.size)
          .member("sha256", l.sha256)
          .member("sources", l.sources)
          .end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> add(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(keeps(who, request.place("id")));
    const boost::json::value body = TRY(request.json());
    const evidence::HandOverDraft says = TRY(draft_in(body));
    const std::vector<std::uint32_t> items = TRY(items_asked(core_, who, name, body));
    const auto file = TRY(core_.open(who, name));
    const auto made = evidence::add_hand_over(*file, says, items);
    if (!made.ok() && made.error().why == base::Refusal::not_found) return not_found();
    return id_of(name, TRY(made));
  }
  base::Result<Response> change(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName at = TRY(list_kept(who, request));
    const boost::json::value body = TRY(request.json());
    evidence::HandOverChange change{TRY(draft_in(body)), {}, {}};
    for (const auto& [key, into] : {std::pair{"add", &change.add}, {"remove", &change.remove}})
      if (const auto* v = body.get_object().if_contains(key)) *into = TRY(items_asked(core_, who, at.in, *v));
    const auto file = TRY(core_.open(who, at.in));
    return done(evidence::change_hand_over(*file, at.number, version_asked(request), change));
  }
  base::Result<Response> remove(Request& request) {
    const Core::ItemName at = TRY(list_kept(Core::who(request), request));
    const auto file = TRY(core_.open(Core::who(request), at.in));
    return done(evidence::remove_hand_over(*file, at.number, version_asked(request)));
  }
  base::Result<Response> issue(Request& request) {
    const Core::ItemName at = TRY(list_kept(Core::who(request), request));
    const auto file = TRY(core_.open(Core::who(request), at.in));
    return done(evidence::issue_hand_over(*file, at.number, version_asked(request)));
  }
  base::Result<Response> print(Request& request) {
    const std::string format = request.query("format").value_or("pdf");
    if (format != "pdf" && format != "docx" && format != "xlsx" && format != "csv")
      return base::Error{base::Refusal::invalid, "\"format\" is pdf, docx, xlsx or csv"};
    const Who& who = Core::who(request);
    const Core::ItemName at = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, at.in));
    const auto met = evidence::print_hand_over(*file, at.number, format);
    if (!met.ok()) return not_found();
    return hand_over_paper(met->first, met->second, format, made(who, at.in.id));
  }

 private:
  std::shared_ptr<const kinds::Vocabulary> acts_of_custody() { return core_.vocabulary("custody_act"); }
  static bool nobody_gives(const kinds::Vocabulary& acts, std::string_view kind) {
    for (const auto& c : acts.declaration.at("codes").as_array())
      if (const auto* o = c.if_object(); o && o->at("code").as_string() == kind)
        if (const auto* says = o->if_contains("nobody_gives")) return says->is_bool() && says->get_bool();
    return false;
  }
  // The case, if they keep its custody. Refuses: not_found, denied.
  base::Result<evidence::CaseName> keeps(const Who& who, std::string_view case_id) {
    evidence::CaseName name = TRY(core_.case_for(who, case_id, rights::Act::search, "item"));
    const Core::Ask ask{rights::Act::transfer, "item", name.id};
    if (!core_.could(who, ask)) return no_right();
    TRY(core_.allowed(who, ask));
    return name;
  }
  base::Result<Core::ItemName> list_kept(const Who& who, const Request& request) {
    const Core::ItemName at = TRY(core_.item_for(who, request.place("id"), rights::Act::search));
    TRY(keeps(who, at.in.id));
    return at;
  }
  Made made(const Who& who, const std::string& case_id) const {
    return {who.account.language == "fr",
            std::string(rights::name_of(core_.label_of(case_id).classification)), core_.book.now()};
  }
  static base::Result<evidence::HandOverDraft> draft_in(const boost::json::value& body) {
    return evidence::HandOverDraft{TRY(base::text_of(body, "title")), TRY(base::text_of(body, "recipient")),
                                   TRY(base::text_of(body, "purpose"))};
  }
  static Response id_of(const evidence::CaseName& name, std::int64_t number) {
    std::string out;
    base::JsonWriter(out).object().member("id", Core::item_id(name.id, number)).end_object();
    return Response::json(out, 201);
  }
  static base::Result<Response> done(const base::Status& s) {
    if (s.ok()) return Response::empty();
    if (s.error().why == base::Refusal::not_found) return not_found();
    return s.error();
  }
  static void write(base::JsonWriter& w, const evidence::CaseName& name, const evidence::HandOverView& v) {
    w.object()
        .member("id", Core::item_id(name.id, v.id))
        .member("number", v.id)
        .member("title", v.says.title);
    w.member("recipient", v.says.recipient).member("purpose", v.says.purpose).member("items", v.items);
    w.member("issued", v.issued).member("made", v.made).member("made_by", v.made_by).member("at", v.at);
    w.member("by", v.by).member("sha256", v.sha256).member("etag", etag_of(v.version));
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> custody_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<CustodyDesk>(core);
  std::vector<http::Route> out;
  const auto does = [desk](base::Result<Response> (CustodyDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  out.push_back({Method::post, "/cases/{id}/custody-acts", "custody.record", "application/json", 4 << 20,
                 http::Runs::in_pool, does(&CustodyDesk::record)});
  out.push_back({Method::get, "/items/{id}/custody-acts", "custody.acts", "application/json", 0,
                 http::Runs::in_pool, does(&CustodyDesk::acts)});
  out.push_back({Method::get, "/items/{id}/custody-form", "custody.form", "application/json", 0,
                 http::Runs::in_pool, does(&CustodyDesk::form)});
  out.push_back({Method::get, "/cases/{id}/hand-overs", "hand_over.list", "application/json", 0,
                 http::Runs::in_pool, does(&CustodyDesk::lists)});
  out.push_back({Method::post, "/cases/{id}/hand-overs", "hand_over.add", "application/json", 4 << 20,
                 http::Runs::in_pool, does(&CustodyDesk::add)});
  out.push_back({Method::get, "/hand-overs/{id}", "hand_over.read", "application/json", 0,
                 http::Runs::in_pool, does(&CustodyDesk::list)});
  out.push_back({Method::put, "/hand-overs/{id}", "hand_over.change", "application/json", 4 << 20,
                 http::Runs::in_pool, does(&CustodyDesk::change)});
  out.push_back({Method::delete_, "/hand-overs/{id}", "hand_over.remove", "application/json", 0,
                 http::Runs::in_pool, does(&CustodyDesk::remove)});
  out.push_back({Method::post, "/hand-overs/{id}/issue", "hand_over.issue", "application/json", 1024,
                 http::Runs::in_pool, does(&CustodyDesk::issue)});
  out.push_back({Method::get, "/hand-overs/{id}/paper", "hand_over.print", "application/json", 0,
                 http::Runs::in_pool, does(&CustodyDesk::print)});
  return out;
}

}  // namespace service
