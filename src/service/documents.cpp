// Documents of records: one record as it stands, or a template with records put in.
// docs/formats/templates.md.
#include "core.h"
#include "paper_of.h"
#include "versions.h"

#include <base/text.h>
#include <base/time.h>
#include <kinds/template.h>
#include <paper/document.h>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;
using kinds::Records;

constexpr std::uint64_t kTemplateBytesMax = 256 << 10;

base::Result<std::string> format_of(const Request& r, bool screen) {
  std::string format = r.query("format").value_or("pdf");
  if (format == "pdf" || format == "docx" || (screen && format == "json")) return format;
  return base::Error{base::Refusal::invalid,
                     screen ? "\"format\" is pdf, docx or json" : "\"format\" is pdf or docx"};
}
base::Result<std::string> language_of(const std::string& said, const Who& who) {
  if (said.empty()) return who.account.language;
  if (said == "en" || said == "fr") return said;
  return base::Error{base::Refusal::invalid, "\"lang\" is en or fr"};
}

// One record, each of its sections as the declaration has them.
base::Result<Response> plain(Core& core, Request& r) {
  const std::string format = TRY(format_of(r, false));
  const Who& who = Core::who(r);
  const std::string language = TRY(language_of(r.query("lang").value_or(""), who));
  const Records::Paper p = TRY(core.read_records(who, [&](Records& all, const kinds::Asker& asker) {
    return all.paper(asker, r.place("code"), language);
  }));
  paper::Document d;
  d.title = p.title, d.language = language, d.classification = p.classification;
  d.reference = p.kind + " " + p.code, d.made = base::rfc3339(core.book.now()).substr(0, 10);
  d.office = p.kind + " " + p.code + " — " + p.state;
  for (const Records::Part& part : p.parts) {
    if (!part.heading.empty()) d.blocks.push_back(paper::Heading{1, part.heading});
    if (!part.header.empty()) d.blocks.push_back(paper::Table{part.header, part.rows, {}});
    for (const auto& [label, text] : part.values) {
      d.blocks.push_back(paper::Heading{2, label});
      d.blocks.push_back(paper::Paragraph{text});
    }
  }
  if (!p.sources.empty()) {
    d.blocks.push_back(paper::Heading{1, "Sources"});
    d.blocks.push_back(paper::List{true, p.sources});
  }
  return attached(d, p.code, format);
}

paper::Block paper_block(const kinds::Filled::Block& b) {
  using Is = kinds::Filled::Block::Is;
  switch (b.is) {
    case Is::heading: return paper::Heading{b.level, b.text};
    case Is::paragraph: return paper::Paragraph{b.text};
    case Is::list: return paper::List{b.numbered, b.items};
    case Is::table: return paper::Table{b.header, b.rows, b.widths};
    case Is::page_break: return paper::PageBreak{};
    case Is::signature: return paper::Signature{b.text};
  }
  return paper::Paragraph{};
}

// The records that went in, and the cases that they are of, say how it is classified.
Response given(Core& core, const Who& who, const kinds::Filled& f, const std::string& name,
               const std::string& format) {
  rights::Classification highest = f.classification;
  for (const std::string& id : f.cases) highest = std::max(highest, core.label_of(id).classification);
  if (format == "json")
    return Response::json(json::serialize(json::object{{"title", f.title},
                                                       {"about", f.about},
                                                       {"reference", f.reference},
                                                       {"language", f.language},
                                                       {"class", rights::name_of(highest)},
                                                       {"records", f.records.size()},
                                                       {"blocks", kinds::blocks_json(f)}}))
        .with("Cache-Control", "no-store");
  paper::Document d;
  d.title = f.title, d.language = f.language, d.classification = rights::name_of(highest);
  d.reference = f.reference, d.office = f.about;
  d.made = base::rfc3339(core.book.now()).substr(0, 10) + "  ·  " + who.account.name;
  for (const kinds::Filled::Block& b : f.blocks) d.blocks.push_back(paper_block(b));
  return attached(d, name, format);
}

// A report over all cases says of which it holds nothing: what is missing is not to be taken for nothing.
void tell_silent(Core& core, const Who& who, kinds::Filled& f) {
  std::string codes;
  for (const auto& c : silent_cases(core, who))
    codes += (codes.empty() ? "" : ", ") + std::string(c.at("code").get_string());
  if (codes.empty()) return;
  kinds::Filled::Block b;
  b.text = (f.language == "fr" ? "Sans les affaires pour lesquelles aucune finalité n'a été choisie : "
                               : "Without the cases for which no purpose was chosen: ") +
           codes + ".";
  f.blocks.insert(f.blocks.begin(), std::move(b));
}

base::Result<Response> filled(Core& core, Request& r, const std::string& name, const std::string& code) {
  const Who& who = Core::who(r);
  Records::Filling asked;
  asked.code = code, asked.format = TRY(format_of(r, true));
  asked.language = TRY(language_of(r.query("lang").value_or(""), who));
  asked.from = r.query("from").value_or(""), asked.to = r.query("to").value_or("");
  asked.case_id = r.query("case").value_or("");
  kinds::Filled f =
      TRY(core.read_records(who, [&](Records& all, const kinds::Asker& asker) -> base::Result<kinds::Filled> {
        const auto with = TRY(all.template_for(asker, name));
        if (with->kind.empty() != code.empty())
          return base::Error{base::Refusal::invalid,
                             code.empty() ? "this template is of a record: ask for it at the record"
                                          : "this template is a report over a period, of no record"};
        return all.fill(asker, *with, asked);
      }));
  if (code.empty() && asked.case_id.empty()) tell_silent(core, who, f);
  const std::string file_name = name + "-" + (code.empty() ? asked.from + "-" + asked.to : code);
  return given(core, who, f, file_name, asked.format);
}

base::Result<Response> of_record(Core& core, Request& r) {
  const std::string name = r.query("template").value_or("");
  return name.empty() ? plain(core, r) : filled(core, r, name, r.place("code"));
}
base::Result<Response> of_period(Core& core, Request& r) { return filled(core, r, r.place("name"), ""); }

base::Result<Response> list(Core& core, Request& r) {
  return Response::json(
      json::serialize(core.read_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
        return all.templates(who, r.query("kind").value_or(""));
      })));
}
base::Result<Response> read(Core& core, Request& r) {
  const json::object t = TRY(core.read_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
    return all.template_page(who, r.place("name"));
  }));
  return Response::json(json::serialize(t)).with("ETag", etag_of(t.at("version").get_int64()));
}
base::Result<Response> put(Core& core, Request& r) {
  const std::int64_t version = TRY(version_of(r));
  json::object current;
  const auto made = core.with_records(Core::who(r), [&](Records& all, const kinds::Asker& who) {
    auto answer = all.put_template(who, r.place("name"), version, r.body);
    if (!answer && answer.error().why == base::Refusal::conflict)
      if (auto now = all.template_page(who, r.place("name"))) current = *now;
    return answer;
  });
  if (made) core.events.changed("declared");
  if (made) return Response::json("{\"version\":" + std::to_string(*made) + "}").with("ETag", etag_of(*made));
  if (!current.empty()) return changed_since(made.error(), current);
  return made.error();
}

// What is written and not yet kept: whether it is good, and, with a record or a period, what becomes of it.
base::Result<Response> try_out(Core& core, Request& r) {
  const json::value body = TRY(r.json());
  const std::string declaration = TRY(base::text_of(body, "declaration"));
  const auto said = [&](const char* name) {
    const auto* v = body.get_object().if_contains(name);
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
  };
  const Who& who = Core::who(r);
  Records::Filling asked;
  asked.code = said("code"), asked.from = said("from"), asked.to = said("to"), asked.case_id = said("case");
  asked.language = TRY(language_of(said("lang"), who)), asked.format = "json", asked.draft = true;
  std::optional<kinds::Filled> f;
  TRY(core.read_records(who, [&](Records& all, const kinds::Asker& asker) -> base::Status {
    const kinds::Template draft = TRY(all.template_draft(asker, declaration));
    if (draft.kind.empty() ? !asked.from.empty() : !asked.code.empty())
      f = TRY(all.fill(asker, draft, asked));
    return base::Done{};
  }));
  return f ? given(core, who, *f, "", "json") : Response::json("{\"blocks\":null}");
}

}  // namespace

std::vector<http::Route> document_routes(Core& core) {
  using http::Method;
  std::vector<http::Route> out;
  const auto add = [&](Method m, std::string path, http::Act act,
                       base::Result<Response> (*f)(Core&, Request&), std::uint64_t bytes = 0) {
    out.push_back({m, std::move(path), act, "application/json", bytes, http::Runs::in_pool,
                   http::Answer([&core, f](Request& r) { return f(core, r); })});
  };
  add(Method::get, "/records/{code}/document", "record.print", &of_record);
  add(Method::get, "/templates", "template.list", &list);
  add(Method::get, "/templates/{name}", "template.read", &read);
  add(Method::put, "/templates/{name}", "template.put", &put, kTemplateBytesMax);
  add(Method::get, "/templates/{name}/document", "template.print", &of_period);
  add(Method::post, "/template-previews", "template.preview", &try_out, 2 * kTemplateBytesMax);
  return out;
}

}  // namespace service
