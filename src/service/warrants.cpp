// The public view of warrants, for a page and as a file.
#include "core.h"
#include "paper_of.h"

#include <base/time.h>
#include <casework/module.h>
#include <paper/workbook.h>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

base::Result<json::object> view(Core& core, const Who& who) {
  return core.read_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    return casework::public_warrants(all, asker, core.book.now() / 86'400,
                                     [&](std::string_view case_id) { return core.label_of(case_id); });
  });
}

base::Result<Response> read(Core& core, Request& r) {
  return Response::json(json::serialize(TRY(view(core, Core::who(r)))));
}

base::Result<Response> file(Core& core, Request& r) {
  const std::string format = r.query("format").value_or("pdf");
  if (format != "json" && format != "xlsx" && format != "docx" && format != "pdf")
    return base::Error{base::Refusal::invalid, "\"format\" is json, xlsx, docx or pdf"};
  const Who& who = Core::who(r);
  const bool french = who.account.language == "fr";
  const json::object found = TRY(view(core, who));
  TRY(core.read_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    return all.tell(asker, "exported", "suspect_case", "{\"public\":true}");
  }));
  const casework::Chart c = casework::public_chart(found, french);
  if (format == "json") return attached(json::serialize(found), c.code, format);
  if (format == "xlsx") return attached(TRY(paper::workbook(c.code, c.header, c.rows)), c.code, format);
  paper::Document d;
  d.title = c.title, d.language = french ? "fr" : "en", d.reference = d.office = c.code;
  // Nothing stands in it that the office has not made public.
  d.classification = rights::name_of(rights::Classification::public_);
  d.made = base::rfc3339(core.book.now()).substr(0, 10);
  if (c.rows.empty())
    d.blocks.push_back(paper::Paragraph{french ? "Rien n'a été rendu public." : "Nothing was made public."});
  else
    d.blocks.push_back(paper::Table{c.header, c.rows, {1.3, 1.2, 0.9, 1.1, 2, 1.8}});
  return attached(d, c.code, format);
}

}  // namespace

std::vector<http::Route> warrant_routes(Core& core) {
  using http::Method;
  return {{Method::get, "/warrants/public", "warrant.public", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return read(core, r); })},
          {Method::get, "/warrants/public/file", "warrant.public_file", "application/json", 0,
           http::Runs::in_pool, http::Answer([&core](Request& r) { return file(core, r); })}};
}

}  // namespace service
