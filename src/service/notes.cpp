// Notes that people write on items.
#include "core.h"
#include "versions.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/notes.h>

#include <boost/json.hpp>

namespace service {
namespace {

using http::Request;
using http::Response;

base::Result<std::int64_t> number_member(const boost::json::value& v, std::string_view name) {
  if (v.is_int64()) return v.get_int64();
  return base::Error{base::Refusal::invalid, "\"" + std::string(name) + "\" is no whole number"};
}

class NoteDesk {
 public:
  explicit NoteDesk(Core& core) : core_(core) {}

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = evidence::notes_of(*file, name.number);
    if (!met.ok()) return not_found();
    return all(name.in.id, *met);
  }

  base::Result<Response> add(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    if (!core_.may(who, rights::Act::annotate, "item", name.in.id)) return no_right();
    const boost::json::value body = TRY(request.json());
    evidence::NoteDraft draft;
    draft.text = TRY(base::text_of(body, "text"));
    const auto& o = body.get_object();
    if (const auto* v = o.if_contains("page"); v && !v->is_null())
      draft.page = TRY(number_member(*v, "page"));
    if (const auto* v = o.if_contains("quote"); v && v->is_string())
      draft.quote = std::string(v->get_string());
    if (const auto* v = o.if_contains("region"); v && !v->is_null()) {
      const auto* a = v->if_array();
      if (!a || a->size() != 4)
        return base::Error{base::Refusal::invalid, "\"region\" is [x, y, width, height] in ten-thousandths"};
      std::int32_t n[4];
      for (std::size_t k = 0; k < 4; ++k) {
        const std::int64_t each = TRY(number_member((*a)[k], "region"));
        n[k] = static_cast<std::int32_t>(std::clamp<std::int64_t>(each, -1, 20'000));
      }
      draft.region = evidence::Region{n[0], n[1], n[2], n[3]};
    }
    const auto file = TRY(core_.open(who, name.in));
    const auto made = evidence::add_note(*file, name.number, draft);
    if (!made.ok() && made.error().why == base::Refusal::not_found) return not_found();
    return one(name.in.id, TRY(made), 201);
  }

  base::Result<Response> change(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(annotated(who, request));
    const std::string text = TRY(base::text_of(TRY(request.json()), "text"));
    const auto file = TRY(core_.open(who, name.in));
    const auto made = evidence::change_note(*file, name.number, version_asked(request), text);
    if (made.ok()) return one(name.in.id, *made, 200);
    return refused(*file, name, made.error());
  }

  base::Result<Response> remove(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(annotated(who, request));
    const auto file = TRY(core_.open(who, name.in));
    const auto done = evidence::remove_note(*file, name.number, version_asked(request));
    if (done.ok()) return Response::empty();
    return refused(*file, name, done.error());
  }

  base::Result<Response> history(Request& request) {
    const Who& who = Core::who(request);
    const Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    const auto file = TRY(core_.open(who, name.in));
    const auto met = evidence::note_history(*file, name.number);
    if (!met.ok()) return not_found();
    return all(name.in.id, *met);
  }

 private:
  // A note's id is "<case>-<number>", like an item's.
  base::Result<Core::ItemName> annotated(const Who& who, const Request& request) {
    Core::ItemName name = TRY(core_.item_for(who, request.place("id"), rights::Act::read));
    if (!core_.may(who, rights::Act::annotate, "item", name.in.id)) return no_right();
    return name;
  }
  base::Result<Response> refused(evidence::CaseFile& file, const Core::ItemName& name, const base::Error& e) {
    if (e.why == base::Refusal::not_found) return not_found();
    if (e.why != base::Refusal::conflict) return e;
    http::Problem p{412, "changed_meanwhile", "", e.message, {}, {}};
    if (const auto now = evidence::note_now(file, name.number)) {
      std::string json;
      base::JsonWriter w(json);
      write(w, name.in.id, *now);
      p.members.emplace_back("current", json);
    }
    return Response::problem(p);
  }
  static void write(base::JsonWriter& w, const std::string& in, const evidence::NoteView& n) {
    w.object().member("id", Core::item_id(in, n.note)).member("item", Core::item_id(in, n.item));
    w.member("etag", etag_of(n.version)).member("version", n.version).key("page");
    if (n.page)
      w.value(n.page);
    else
      w.null();
    w.key("region");
    if (n.region)
      w.array()
          .value(n.region->x)
          .value(n.region->y)
          .value(n.region->width)
          .value(n.region->height)
          .end_array();
    else
      w.null();
    w.member("quote", n.quote).member("text", n.text).member("author", n.author).member("at", n.at);
    w.member("removed", n.removed).end_object();
  }
  static Response one(const std::string& in, const evidence::NoteView& n, int status) {
    std::string out;
    base::JsonWriter w(out);
    write(w, in, n);
    return Response::json(out, status);
  }
  static Response all(const std::string& in, const std::vector<evidence::NoteView>& notes) {
    std::string out;
    base::JsonWriter w(out);
    w.object().key("notes").array();
    for (const evidence::NoteView& n : notes) write(w, in, n);
    w.end_array().end_object();
    return Response::json(out);
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> note_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<NoteDesk>(core);
  const auto does = [desk](base::Result<Response> (NoteDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/items/{id}/notes", "note.list", "application/json", 0, http::Runs::in_pool,
                 does(&NoteDesk::list)});
  out.push_back({Method::post, "/items/{id}/notes", "note.add", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&NoteDesk::add)});
  out.push_back({Method::put, "/notes/{id}", "note.change", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&NoteDesk::change)});
  out.push_back({Method::delete_, "/notes/{id}", "note.remove", "application/json", 1024, http::Runs::in_pool,
                 does(&NoteDesk::remove)});
  out.push_back({Method::get, "/notes/{id}/history", "note.history", "application/json", 0,
                 http::Runs::in_pool, does(&NoteDesk::history)});
  return out;
}

}  // namespace service
