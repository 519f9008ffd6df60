#pragma once
// The media types that type_of() answers and readers register, by one name each. A type that no reader
// knows still has its name here when content tells it, so that the account can say what was not read.

#include <string_view>

namespace extract::types {

using Name = std::string_view;
inline constexpr Name kUnknown = "application/octet-stream", kEmpty = "inode/x-empty";

inline constexpr Name kPlain = "text/plain", kHtml = "text/html", kXhtml = "application/xhtml+xml",
                      kXml = "application/xml", kSvg = "image/svg+xml", kJson = "application/json",
                      kCsv = "text/csv", kTsv = "text/tab-separated-values", kRtf = "application/rtf",
                      kFb2 = "application/x-fictionbook+xml", kEpub = "application/epub+zip";
inline constexpr Name kMail = "message/rfc822", kMbox = "application/mbox", kVcard = "text/vcard",
                      kCalendar = "text/calendar", kTnef = "application/vnd.ms-tnef",
                      kMsg = "application/vnd.ms-outlook", kPst = "application/vnd.ms-outlook-pst";
inline constexpr Name kWhatsapp = "text/x-whatsapp-chat", kTelegram = "application/x-telegram-export+json";
inline constexpr Name kDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                      kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                      kPptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                      kOdt = "application/vnd.oasis.opendocument.text",
                      kOds = "application/vnd.oasis.opendocument.spreadsheet",
                      kOdp = "application/vnd.oasis.opendocument.presentation",
                      kOdg = "application/vnd.oasis.opendocument.graphics";
inline constexpr Name kDoc = "application/msword", kXls = "application/vnd.ms-excel",
                      kPpt = "application/vnd.ms-powerpoint", kOle = "application/x-ole-storage",
                      kOfficeEncrypted = "application/x-ole-encrypted-package";
inline constexpr Name kKml = "application/vnd.google-earth.kml+xml",
                      kKmz = "application/vnd.google-earth.kmz", kGpx = "application/gpx+xml",
                      kGeojson = "application/geo+json";
inline constexpr Name kPdf = "application/pdf", kZip = "application/zip", kTar = "application/x-tar",
                      kSqlite = "application/vnd.sqlite3", kWarc = "application/warc",
                      kPostscript = "application/postscript";

}  // namespace extract::types
