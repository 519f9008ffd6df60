// Records of declared kinds over HTTP: docs/formats/records.md. What may be known is decided in
// kinds::Records.
#include "core.h"
#include "paper_of.h"
#include "versions.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/text.h>
#include <kinds/csv.h>
#include <kinds/records.h>
#include <paper/workbook.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;
using kinds::Records;

constexpr std::uint64_t kImportBytesMax = 64 << 20;

Response unfit(const kinds::Unfit& u) {
  http::Problem p;
  p.status = 422, p.code = "unfit", p.detail = "some fields cannot be as they are: see \"errors\"";
  p.members.emplace_back("errors", json::serialize(kinds::errors_of(u.wrong)));
  return Response::problem(p);
}

std::string hashed(std::string_view token) { return base::hex(rights::token_hash(token).bytes); }

class RecordDesk {
 public:
  explicit RecordDesk(Core& core) : core_(core) {}

  base::Result<Response> kinds(Request& r) {
    return with(r, [&](Records& all, const kinds::Asker& who) { return all.kinds(who); });
  }
  base::Result<Response> kind(Request& r) {
    return tried(
        r, [&](Records& all, const kinds::Asker& who) { return all.declaration(who, r.place("kind")); });
  }
  base::Result<Response> find(Request& r) {
    const json::value body = TRY(r.json());
    Records::Query q;
    if (const auto* o = body.if_object()) {
      if (const auto* f = o->if_contains("filter"); f && f->is_array()) q.filter = f->get_array();
      if (o->contains("sort")) q.sort = TRY(list_member(body, "sort"));
      if (o->contains("words")) q.words = TRY(base::text_of(body, "words"));
      if (o->contains("name")) q.name = base::trim(TRY(base::text_of(body, "name")));
      if (const auto* c = o->if_contains("case"); c && c->is_string()) q.case_id = c->get_string();
    }
    if (q.filter.size() > 100 || q.sort.size() > 10 || q.words.size() > 2000 || q.name.size() > 1000)
      return base::Error{base::Refusal::exhausted,
                         "a query has at most 100 filters, 10 sorts and 2,000 characters, a name 1,000"};
    return tried(r, [&](Records& all, const kinds::Asker& who) -> base::Result<json::object> {
      const Records::Found found = TRY(all.find(who, r.place("kind"), q));
      json::object out{{"query", found.id}, {"total", found.total}};
      if (!found.asked.empty()) out["asked"] = found.asked;
      return out;
    });
  }
  base::Result<Response> question(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) { return all.question(who, r.place("id")); });
  }
  base::Result<Response> rows(Request& r) {
    const auto number = [&](const char* name, std::uint64_t otherwise) {
      const std::string v = r.query(name).value_or("");
      return v.empty() ? otherwise : static_cast<std::uint64_t>(std::max(0ll, std::atoll(v.c_str())));
    };
    return tried(r, [&](Records& all, const kinds::Asker& who) {
      return all.rows(who, r.place("id"), number("offset", 0), number("limit", 100));
    });
  }
  base::Result<Response> places(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) { return all.places(who, r.place("id")); });
  }
  base::Result<Response> times(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) { return all.times(who, r.place("id")); });
  }
  base::Result<Response> counts(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) {
      return all.counts(who, r.place("id"), r.query("by").value_or("state"));
    });
  }
  base::Result<Response> board(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) { return all.board(who, r.place("id")); });
  }
  base::Result<Response> days(Request& r) {
    const auto said = [&](const char* name) { return r.query(name).value_or(""); };
    return tried(r, [&](Records& all, const kinds::Asker& who) {
      return all.days(who, r.place("id"), said("field"), said("from"), said("to"));
    });
  }
  base::Result<Response> export_(Request& r) {
    const Who& who = Core::who(r);
    const std::string format = r.query("format").value_or("csv");
    if (format != "csv" && format != "json" && format != "xlsx")
      return base::Error{base::Refusal::invalid, "\"format\" is csv, xlsx or json"};
    const Records::Table t = TRY(core_.read_records(who, [&](Records& all, const kinds::Asker& asker) {
      return all.table(asker, r.place("id"), who.account.language);
    }));
    std::string out;
    if (format == "csv") {
      kinds::write_csv_line(out, t.names);
      for (const auto& row : t.rows) kinds::write_csv_line(out, row);
    } else if (format == "json") {
      json::array rows;
      for (const auto& row : t.rows) {
        json::object o;
        for (std::size_t i = 0; i < row.size(); ++i) o[t.names[i]] = row[i];
        rows.push_back(std::move(o));
      }
      out = json::serialize(json::object{{"kind", t.kind}, {"rows", std::move(rows)}});
    } else {
      out = TRY(paper::workbook(t.kind, t.labels, t.rows));
    }
    return attached(std::move(out), t.kind, format);
  }

  base::Result<Response> add(Request& r) {
    const json::value body = TRY(r.json());
    const auto* o = body.if_object();
    const auto* values = o ? o->if_contains("values") : nullptr;
    if (!values || !values->is_object())
      return base::Error{base::Refusal::invalid, "\"values\" is missing, or no object"};
    Records::New with;
    if (const auto* c = o->if_contains("case"); c && c->is_string()) with.case_id = c->get_string();
    if (const auto* c = o->if_contains("class"); c && c->is_string()) with.classification = c->get_string();
    with.once = std::string(r.header("idempotency-key"));
    if (with.once.size() > 200)
      return base::Error{base::Refusal::invalid, "Idempotency-Key has at most 200 characters"};
    auto answer = core_.with_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
      return all.add(who, r.place("kind"), values->get_object(), with);
    });
    return stand(std::move(answer), 201, r);
  }
  base::Result<Response> page(Request& r) {
    const std::string as_of = r.query("as_of").value_or("");
    const json::object page =
        TRY(core_.read_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
          return all.page(who, r.place("code"), as_of);
        }));
    return Response::json(json::serialize(page)).with("ETag", etag_of(page.at("version").get_int64()));
  }
  base::Result<Response> change(Request& r) {
    const std::int64_t version = TRY(version_of(r));
    const json::value body = TRY(r.json());
    const auto* o = body.if_object();
    const auto* values = o ? o->if_contains("values") : nullptr;
    if (!values || !values->is_object())
      return base::Error{base::Refusal::invalid, "\"values\" is missing, or no object"};
    auto answer = core_.with_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
      return all.change(who, r.place("code"), version, values->get_object());
    });
    return stand(std::move(answer), 200, r);
  }
  base::Result<Response> move(Request& r) {
    const std::int64_t version = TRY(version_of(r));
    const json::value body = TRY(r.json());
    const auto* o = body.if_object();
    const auto* reason = o ? o->if_contains("reason") : nullptr;
    const auto* values = o ? o->if_contains("values") : nullptr;
    const std::string why = reason && reason->is_string() ? std::string(reason->get_string()) : std::string();
    auto answer = core_.with_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
      return all.move(who, r.place("code"), version, r.place("name"), why,
                      values && values->is_object() ? &values->get_object() : nullptr);
    });
    if (const auto* u = std::get_if<kinds::Unfit>(&answer);
        u && std::ranges::all_of(u->wrong, [](const kinds::Wrong& w) { return w.code == "missing"; })) {
      http::Problem p;
      p.status = 409, p.code = "missing",
      p.detail = "something is missing before this can be done: see \"missing\"";
      json::array missing;
      for (const kinds::Wrong& w : u->wrong)
        missing.push_back(json::object{{"en", w.words.en}, {"fr", w.words.fr}});
      p.members.emplace_back("missing", json::serialize(missing));
      return Response::problem(p);
    }
    return stand(std::move(answer), 200, r);
  }
  base::Result<Response> history(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) { return all.history(who, r.place("code")); });
  }
  base::Result<Response> readers(Request& r) {
    return tried(r, [&](Records& all, const kinds::Asker& who) { return all.readers(who, r.place("code")); });
  }
  base::Result<Response> sealed(Request& r) {
    const json::value body = TRY(r.json());
    const std::string reason = TRY(base::text_of(body, "reason"));
    return acted(r, [&](Records& all, const kinds::Asker& who) -> base::Result<json::object> {
      return json::object{{"value", TRY(all.open_sealed(who, r.place("code"), r.place("field"), reason))}};
    });
  }
  base::Result<Response> comments(Request& r) {
    return tried(r,
                 [&](Records& all, const kinds::Asker& who) { return all.comments(who, r.place("code")); });
  }
  base::Result<Response> comment(Request& r) {
    const json::value body = TRY(r.json());
    const std::string text = TRY(base::text_of(body, "text"));
    return made(
        r, [&](Records& all, const kinds::Asker& who) { return all.comment(who, r.place("code"), text); });
  }
  base::Result<Response> withdraw(Request& r) {
    const std::int64_t id = TRY(number(r, "id"));
    return done(r, [&](Records& all, const kinds::Asker& who) { return all.withdraw_comment(who, id); });
  }
  base::Result<Response> link(Request& r) {
    const json::value body = TRY(r.json());
    const std::string relation = TRY(base::text_of(body, "relation")), to = TRY(base::text_of(body, "to"));
    return made(r, [&](Records& all, const kinds::Asker& who) {
      return all.link(who, r.place("code"), relation, to);
    });
  }
  base::Result<Response> unlink(Request& r) {
    const std::int64_t id = TRY(number(r, "id"));
    return done(r, [&](Records& all, const kinds::Asker& who) { return all.unlink(who, id); });
  }
  base::Result<Response> import(Request& r) {
    Records::Import how;
    how.case_id = r.query("case").value_or("");
    how.dry = r.query("dry").value_or("") == "1";
    how.good_only = r.query("good_only").value_or("") == "1";
    how.decimal_comma = r.query("decimal").value_or("") == "comma";
    return acted(r, [&](Records& all, const kinds::Asker& who) {
      return all.import(who, r.place("kind"), r.body, how);
    });
  }
  // Words that are searched travel in bodies: an address is written down in many places.
  base::Result<Response> search(Request& r) {
    const json::value body = TRY(r.json());
    const std::string words = TRY(base::text_of(body, "words"));
    const auto* n = body.get_object().if_contains("limit");
    const std::int64_t limit = n && n->is_int64() ? std::clamp<std::int64_t>(n->get_int64(), 1, 100) : 20;
    return with(r, [&](Records& all, const kinds::Asker& who) {
      return all.search(who, words, static_cast<std::size_t>(limit));
    });
  }
  base::Result<Response> suggest(Request& r) {
    const json::value body = TRY(r.json());
    std::vector<std::string> names = TRY(list_member(body, "to"));
    const std::string words = TRY(base::text_of(body, "words"));
    if (names.size() > 50) names.resize(50);
    return with(r, [&](Records& all, const kinds::Asker& who) { return all.suggest(who, names, words); });
  }
  base::Result<Response> suggest_staff(Request& r) {
    const json::value body = TRY(r.json());
    const std::string words = TRY(base::text_of(body, "words"));
    return with(r, [&](Records& all, const kinds::Asker&) { return all.suggest_staff(words); });
  }
  base::Result<Response> inbox(Request& r) {
    return with(r, [&](Records& all, const kinds::Asker& who) { return all.inbox(who); });
  }
  // The address is the key: random, kept hashed, and the only thing that a calendar program holds.
  base::Result<Response> make_calendar(Request& r) {
    const Who& who = Core::who(r);
    const std::string token = base::hex(base::random_bytes(24));
    TRY(core_.with_records(
        who, [&](Records& all, const kinds::Asker& asker) { return all.keep_feed(asker, hashed(token)); }));
    return Response::json(
        "{\"address\":" + base::json_string(r.origin() + "/api/v1/calendar/" + token + ".ics") + "}", 201);
  }
  base::Result<Response> calendar(Request& r) {
    std::string_view token = r.place("token");
    if (token.ends_with(".ics")) token.remove_suffix(4);
    const std::optional<std::int64_t> person = core_.feed_of(hashed(token));
    const std::shared_ptr<Who> who = person ? core_.who_without_session(*person) : nullptr;
    if (!who) return not_found();
    return Response::text(
        core_.read_records(*who,
                           [&](Records& all, const kinds::Asker& asker) { return all.calendar(asker); }),
        "text/calendar; charset=utf-8");
  }
  base::Result<Response> mail(Request& r) {
    const std::string address = TRY(core_.read_records(
        Core::who(r), [&](Records& all, const kinds::Asker& who) { return all.mail_address(who); }));
    return Response::json(
        json::serialize(json::object{{"address", address}, {"available", core_.mail().has_value()}}));
  }
  base::Result<Response> set_mail(Request& r) {
    const json::value body = TRY(r.json());
    const std::string address = TRY(base::text_of(body, "address"));
    return done(r, [&](Records& all, const kinds::Asker& who) { return all.set_mail_address(who, address); });
  }
  base::Result<Response> read_notice(Request& r) {
    const std::int64_t id = TRY(number(r, "id"));
    return done(r, [&](Records& all, const kinds::Asker& who) { return all.read_notice(who, id); });
  }
  base::Result<Response> views(Request& r) {
    return with(r, [&](Records& all, const kinds::Asker& who) {
      return all.views(who, r.query("kind").value_or(""));
    });
  }
  base::Result<Response> add_view(Request& r) {
    const json::value body = TRY(r.json());
    const std::string kind = TRY(base::text_of(body, "kind")), name = TRY(base::text_of(body, "name"));
    const auto* query = body.get_object().if_contains("query");
    if (!query || !query->is_object())
      return base::Error{base::Refusal::invalid, "\"query\" is missing, or no object"};
    return made(r, [&](Records& all, const kinds::Asker& who) {
      return all.add_view(who, kind, name, query->get_object());
    });
  }
  base::Result<Response> drop_view(Request& r) {
    const std::int64_t id = TRY(number(r, "id"));
    return done(r, [&](Records& all, const kinds::Asker& who) { return all.drop_view(who, id); });
  }
  base::Result<Response> vocabularies(Request& r) {
    return with(r, [&](Records& all, const kinds::Asker& who) { return all.vocabularies(who); });
  }
  base::Result<Response> vocabulary(Request& r) {
    const json::object v = TRY(core_.read_records(
        Core::who(r), [&](Records& all, const kinds::Asker&) { return all.vocabulary(r.place("name")); }));
    return Response::json(json::serialize(v)).with("ETag", etag_of(v.at("version").get_int64()));
  }
  base::Result<Response> vocabulary_versions(Request& r) {
    return tried(r,
                 [&](Records& all, const kinds::Asker&) { return all.vocabulary_versions(r.place("name")); });
  }
  base::Result<Response> put_vocabulary(Request& r) {
    const std::int64_t version = TRY(version_of(r));
    std::vector<std::string> used;
    json::object current;
    auto put = core_.with_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
      auto answer = all.put_vocabulary(who, r.place("name"), version, r.body, used);
      if (!answer && used.empty() && answer.error().why == base::Refusal::conflict)
        if (auto now = all.vocabulary(r.place("name"))) current = *now;
      return answer;
    });
    if (put) core_.events.changed("declared");
    if (put) return Response::json("{\"version\":" + std::to_string(*put) + "}").with("ETag", etag_of(*put));
    if (!used.empty()) {
      http::Problem p = http::problem_of(put.error());
      p.code = "used";
      p.members.emplace_back("used", json::serialize(json::value_from(used)));
      return Response::problem(p);
    }
    if (!current.empty()) return changed_since(put.error(), current);
    return put.error();
  }

 private:
  template <class F>
  base::Result<Response> with(Request& r, F&& f) {
    return Response::json(json::serialize(core_.read_records(Core::who(r), f)));
  }
  template <class F>
  base::Result<Response> tried(Request& r, F&& f) {
    const json::object o = TRY(core_.read_records(Core::who(r), f));
    return Response::json(json::serialize(o));
  }
  template <class F>
  base::Result<Response> acted(Request& r, F&& f) {
    const json::object o = TRY(core_.with_records(Core::who(r), f));
    return Response::json(json::serialize(o));
  }
  template <class F>
  base::Result<Response> made(Request& r, F&& f) {
    const std::int64_t id = TRY(core_.with_records(Core::who(r), f));
    return Response::json("{\"id\":" + std::to_string(id) + "}", 201);
  }
  template <class F>
  base::Result<Response> done(Request& r, F&& f) {
    TRY(core_.with_records(Core::who(r), f));
    return Response::empty();
  }
  static base::Result<std::int64_t> number(const Request& r, std::string_view place) {
    const std::int64_t n = key_in(r.place(place));
    if (!n) return not_found();
    return n;
  }
  base::Result<Response> stand(kinds::Answer<Records::Stand>&& answer, int status, Request& r) {
    if (const auto* u = std::get_if<kinds::Unfit>(&answer)) return unfit(*u);
    if (const auto* e = std::get_if<base::Error>(&answer)) {
      if (e->why == base::Refusal::conflict && status == 200) {
        const auto now = core_.read_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
          return all.page(who, r.place("code"));
        });
        if (now) return changed_since(*e, *now);
      }
      return *e;
    }
    const Records::Stand& s = std::get<Records::Stand>(answer);
    return Response::json(
               json::serialize(json::object{{"code", s.code}, {"version", s.version}, {"state", s.state}}),
               status)
        .with("ETag", etag_of(s.version));
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> record_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<RecordDesk>(core);
  std::vector<http::Route> out;
  const auto add = [&](Method m, std::string path, http::Act act,
                       base::Result<Response> (RecordDesk::*f)(Request&), std::uint64_t bytes = 0,
                       std::string takes = "application/json") {
    out.push_back({m, std::move(path), act, std::move(takes), bytes, http::Runs::in_pool,
                   http::Answer([desk, f](Request& r) { return ((*desk).*f)(r); })});
  };
  const auto get = Method::get, post = Method::post, put = Method::put, drop = Method::delete_;
  using D = RecordDesk;
  constexpr std::uint64_t kBody = 4 << 20;
  add(get, "/kinds", "kind.list", &D::kinds);
  add(get, "/kinds/{kind}", "kind.read", &D::kind);
  add(post, "/kinds/{kind}/queries", "record.find", &D::find, kBody);
  add(get, "/record-questions/{id}", "record.question", &D::question);
  add(get, "/record-queries/{id}/rows", "record.rows", &D::rows);
  add(get, "/record-queries/{id}/places", "record.places", &D::places);
  add(get, "/record-queries/{id}/times", "record.times", &D::times);
  add(get, "/record-queries/{id}/counts", "record.counts", &D::counts);
  add(get, "/record-queries/{id}/board", "record.board", &D::board);
  add(get, "/record-queries/{id}/days", "record.days", &D::days);
  add(get, "/record-queries/{id}/export", "record.export", &D::export_);
  add(post, "/kinds/{kind}/records", "record.add", &D::add, kBody);
  add(post, "/kinds/{kind}/import", "record.import", &D::import, kImportBytesMax, "text/csv");
  add(get, "/records/{code}", "record.read", &D::page);
  add(put, "/records/{code}", "record.change", &D::change, kBody);
  add(post, "/records/{code}/transitions/{name}", "record.move", &D::move, kBody);
  add(post, "/me/calendar", "calendar.make", &D::make_calendar, 1024);
  add(get, "/me/mail", "mail.read", &D::mail);
  add(put, "/me/mail", "mail.set", &D::set_mail, 4096);
  add(get, "/calendar/{token}", "sign_in.calendar", &D::calendar);
  add(get, "/records/{code}/history", "record.history", &D::history);
  add(get, "/records/{code}/readers", "record.readers", &D::readers);
  add(post, "/records/{code}/sealed/{field}", "record.open_sealed", &D::sealed, 8192);
  add(get, "/records/{code}/comments", "record.comments", &D::comments);
  add(post, "/records/{code}/comments", "record.comment", &D::comment, 1 << 17);
  add(drop, "/comments/{id}", "record.withdraw_comment", &D::withdraw);
  add(post, "/records/{code}/links", "record.link", &D::link, 8192);
  add(drop, "/record-links/{id}", "record.unlink", &D::unlink);
  add(post, "/record-search", "record.search", &D::search, 8192);
  add(post, "/suggest", "record.suggest", &D::suggest, 16384);
  add(post, "/suggest-staff", "record.suggest_staff", &D::suggest_staff, 8192);
  add(get, "/inbox", "inbox.read", &D::inbox);
  add(post, "/notices/{id}/read", "inbox.seen", &D::read_notice, 1024);
  add(get, "/views", "view.list", &D::views);
  add(post, "/views", "view.add", &D::add_view, 1 << 17);
  add(drop, "/views/{id}", "view.drop", &D::drop_view);
  add(get, "/vocabularies", "vocabulary.list", &D::vocabularies);
  add(get, "/vocabularies/{name}", "vocabulary.read", &D::vocabulary);
  add(put, "/vocabularies/{name}", "vocabulary.put", &D::put_vocabulary, kBody);
  add(get, "/vocabularies/{name}/versions", "vocabulary.versions", &D::vocabulary_versions);
  return out;
}

}  // namespace service
