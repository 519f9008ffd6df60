#pragma once
// What the three readers of Office Open XML share: relationships, properties, embedded files, runs of text.

#include "text_out.h"
#include "xml_scan.h"
#include "zip_package.h"

#include <map>

namespace extract::ooxml {

struct Relation {
  std::string target, type;  // target: a member's name, or an address when external
  bool external = false;
};
using Relations = std::map<std::string, Relation, std::less<>>;

// Those of a part: "word/document.xml".
Relations relations_of(const ZipPackage& zip, std::string_view part, Sink& sink);
// The member that holds the document itself.
std::string main_part(const ZipPackage& zip, std::string_view type, Sink& sink);
void tell_links(const Relations& relations, Sink& sink);
void tell_properties(const ZipPackage& zip, Sink& sink);
// Members below `folder`/media, /embeddings and the like.
void give_files(const ZipPackage& zip, std::string_view folder, Sink& sink);
// Text of DrawingML (slides, charts, shapes): a:t, a line a paragraph.
void drawing_text(std::string_view xml, TextOut& out);
// The member names that begin and end so, in the order of their numbers.
std::vector<std::string> numbered(const ZipPackage& zip, std::string_view begin, std::string_view end);
void tell_state(const XmlScan& xml, std::string_view part, Sink& sink);

void read_document(const ZipPackage& zip, std::string_view main, Sink& sink);
void read_workbook(const ZipPackage& zip, std::string_view main, const Limits& limits, Sink& sink);
void read_slides(const ZipPackage& zip, std::string_view main, const Limits& limits, Sink& sink);

}  // namespace extract::ooxml
