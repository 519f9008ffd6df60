#pragma once
// The converters: what each format becomes as a document to be set (typeset.h). They tell the sink nothing
// but trouble with the file; limits are the composer's.

#include "typeset.h"

#include <functional>

namespace extract {
class ZipPackage;
}

namespace extract::typeset {

// The bytes of a picture that comes with the document: "cid:x" of a mail, a member of a book. Nothing: it is
// elsewhere, and its frame says where.
using FindImage = std::function<std::optional<std::string>(std::string_view address)>;

// A page of HTML in UTF-8. Scripts and forms do nothing; no address is followed.
void compose_html(std::string_view utf8, const FindImage& find, Composer& out);
// Rich text, also as a mail holds it.
void compose_rtf(std::string_view bytes, const Limits& limits, Composer& out);
// Text as it is: lines, tabs.
void compose_plain(std::string_view utf8, Composer& out);

// The parts of a package of Office Open XML.
void compose_word(const ZipPackage& zip, std::string_view main, Composer& out);
void compose_sheets(const ZipPackage& zip, std::string_view main, Composer& out);
void compose_slides(const ZipPackage& zip, std::string_view main, Composer& out);

base::Result<Document> html_document(Source& source, const Request& request);
base::Result<Document> epub_document(Source& source, const Request& request);
base::Result<Document> fb2_document(Source& source, const Request& request);
base::Result<Document> mail_document(Source& source, const Request& request);
base::Result<Document> ooxml_document(Source& source, const Request& request);
base::Result<Document> odf_document(Source& source, const Request& request);
// What its reader tells as text, page by page; lines with tabs are rows of a table.
base::Result<Document> text_document(Source& source, const Request& request);
base::Result<Document> rtf_document(Source& source, const Request& request);

}  // namespace extract::typeset
