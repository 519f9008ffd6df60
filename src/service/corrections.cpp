// Corrections of recognised text, page by page.
#include "core.h"
#include "versions.h"

#include <base/json.h>
#include <evidence/corrections.h>

#include <boost/json.hpp>

namespace service {
namespace {

using http::Request;
using http::Response;

class CorrectionDesk {
 public:
  explicit CorrectionDesk(Core& core) : core_(core) {}

  base::Result<Response> history(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = evidence::correction_history(*file, name.number, key_in(request.place("n")));
    if (!met.ok()) return not_found();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("versions").array();
    for (const evidence::CorrectionView& c : *met) write(w, c);
    w.end_array().end_object();
    return Response::json(out);
  }
  base::Result<Response> correct(Request& request) { return change(request, true); }
  base::Result<Response> remove(Request& request) { return change(request, false); }

 private:
  base::Result<Response> change(Request& request, bool corrects) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    if (!core_.may(who, rights::Act::annotate, "item", name.in.id)) return no_right();
    std::optional<std::string> text;
    if (corrects) text = TRY(base::text_of(TRY(request.json()), "text"));
    const std::int64_t before = version_asked(request);
    const std::int64_t page = key_in(request.place("n"));
    const auto file = TRY(core_.open(who, name.in));
    const auto made = evidence::correct_page(*file, name.number, page, before, text);
    if (made.ok()) {
      if (!corrects) return Response::empty();
      std::string out;
      base::JsonWriter w(out);
      write(w, *made);
      return Response::json(out);
    }
    if (made.error().why == base::Refusal::not_found) return not_found();
    const auto now = evidence::correction_of(*file, name.number, page);
    const std::int64_t version = now ? now->version : 0;
    if (made.error().why != base::Refusal::conflict || version == before) return made.error();
    http::Problem p{412, "changed_meanwhile", "", made.error().message, {}, {}};
    if (now) {
      std::string json;
      base::JsonWriter w(json);
      write(w, *now);
      p.members.emplace_back("current", json);
    }
    return Response::problem(p);
  }
  static void write(base::JsonWriter& w, const evidence::CorrectionView& c) {
    w.object().member("page", c.page).member("version", c.version);
    w.member("etag", etag_of(c.version)).member("text", c.text);
    w.member("author", c.author).member("at", c.at).member("removed", c.removed).end_object();
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> correction_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<CorrectionDesk>(core);
  const auto does = [desk](base::Result<Response> (CorrectionDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  const std::string path = "/items/{id}/pages/{n}/correction";
  std::vector<http::Route> out;
  out.push_back({Method::get, path, "correction.history", "application/json", 0, http::Runs::in_pool,
                 does(&CorrectionDesk::history)});
  out.push_back({Method::put, path, "correction.write", "application/json", 512 * 1024, http::Runs::in_pool,
                 does(&CorrectionDesk::correct)});
  out.push_back({Method::delete_, path, "correction.remove", "application/json", 1024, http::Runs::in_pool,
                 does(&CorrectionDesk::remove)});
  return out;
}

}  // namespace service
