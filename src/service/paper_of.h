#pragma once
// What is taken away as a file: a home as a digest; and custody on paper, the list by which items are handed
// over, and the chain of custody of an item.

#include <evidence/custody.h>
#include <http/response.h>
#include <kinds/kind.h>
#include <paper/document.h>

namespace service {

// A file that a browser keeps: pdf, docx, xlsx, csv or json.
http::Response attached(std::string bytes, const std::string& name, const std::string& format);
http::Response attached(const paper::Document& d, const std::string& name, const std::string& format);

struct Made {  // for whom and when
  bool french = false;
  std::string classification;
  std::int64_t now = 0;  // seconds since 1970
};
// As pdf, docx, xlsx or csv. Refuses: exhausted.
base::Result<http::Response> hand_over_paper(const evidence::HandOverView& list,
                                             const std::vector<evidence::HandOverLine>& lines,
                                             const std::string& format, const Made& made);
// `acts`: what the kinds of acts are called.
http::Response custody_form(const evidence::CustodyForm& form, const kinds::Vocabulary& acts,
                            const Made& made);

// A home as GET /home gives it, a heading for each tile; `whose`: the name of who sees it so. Date and
// classification are for the caller to say.
paper::Document digest_of(const boost::json::object& home, const std::string& whose, bool french);

}  // namespace service
