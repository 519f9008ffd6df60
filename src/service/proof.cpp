// The proof matrix of a person in a case or of a count, and its chart as a file.
#include "core.h"
#include "paper_of.h"

#include <base/time.h>
#include <casework/module.h>
#include <paper/document.h>
#include <paper/workbook.h>

#include <algorithm>

namespace service {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

base::Result<json::object> matrix(Core& core, Request& r) {
  return core.read_records(Core::who(r), [&](kinds::Records& all, const kinds::Asker& who) {
    return casework::matrix(all, who, r.place("code"), r.query("standard").value_or(""));
  });
}

base::Result<Response> read(Core& core, Request& r) {
  return Response::json(json::serialize(TRY(matrix(core, r))));
}

base::Result<Response> chart(Core& core, Request& r) {
  const std::string format = r.query("format").value_or("xlsx");
  if (format != "xlsx" && format != "docx" && format != "pdf")
    return base::Error{base::Refusal::invalid, "\"format\" is xlsx, docx or pdf"};
  const Who& who = Core::who(r);
  const bool french = who.account.language == "fr";
  const json::object m = TRY(matrix(core, r));
  const casework::Chart c = casework::chart_of(m, french);
  TRY(core.read_records(who, [&](kinds::Records& all, const kinds::Asker& asker) {
    return all.tell(asker, "exported", c.code, "{\"chart\":true}");
  }));
  if (format == "xlsx")
    return attached(TRY(paper::workbook(french ? "Analyse" : "Analysis", c.header, c.rows)), c.code, format);
  paper::Document d;
  d.title = (french ? "Tableau d'analyse approfondie : " : "In-depth analysis chart: ") + c.title;
  d.language = french ? "fr" : "en", d.reference = c.code, d.office = c.code;
  d.classification = rights::name_of(std::max(
      core.label_of(m.at("case").get_string()).classification,
      rights::classification_named(m.at("class").get_string()).value_or(rights::Classification::secret)));
  d.made = base::rfc3339(core.book.now()).substr(0, 10);
  // A count a heading, an element a heading below it, its links as a table.
  const std::vector<std::string> header(c.header.begin() + 3, c.header.end());
  for (std::size_t i = 0; i < c.rows.size();) {
    const auto& first = c.rows[i];
    if (!i || c.rows[i - 1][0] != first[0]) d.blocks.push_back(paper::Heading{1, first[0]});
    d.blocks.push_back(paper::Heading{2, first[1]});
    d.blocks.push_back(paper::Paragraph{c.header[2] + ": " + (first[2].empty() ? "—" : first[2])});
    paper::Table t{header, {}, {2, 1, 2.4, 1, 0.6, 0.9, 1, 1, 0.8, 1, 1}};
    for (; i < c.rows.size() && c.rows[i][0] == first[0] && c.rows[i][1] == first[1]; ++i)
      if (!c.rows[i][3].empty()) t.rows.emplace_back(c.rows[i].begin() + 3, c.rows[i].end());
    if (!t.rows.empty()) d.blocks.push_back(std::move(t));
  }
  return attached(d, c.code, format);
}

}  // namespace

std::vector<http::Route> proof_routes(Core& core) {
  using http::Method;
  return {{Method::get, "/proof-matrix/{code}", "proof.read", "application/json", 0, http::Runs::in_pool,
           http::Answer([&core](Request& r) { return read(core, r); })},
          {Method::get, "/proof-matrix/{code}/chart", "proof.chart", "application/json", 0,
           http::Runs::in_pool, http::Answer([&core](Request& r) { return chart(core, r); })}};
}

}  // namespace service
