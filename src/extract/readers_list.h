#pragma once
// The readers of documents, text and messages, each defined in the file of its name.

#include <extract/reader.h>

namespace extract {

extern const Reader plain_reader, html_reader, xml_reader, json_reader, csv_reader, rtf_reader, mail_reader,
    mbox_reader, vcard_reader, ical_reader, tnef_reader, ooxml_reader, odf_reader, epub_reader, fb2_reader,
    doc_reader, xls_reader, ppt_reader, msg_reader, ole_reader, chat_reader, telegram_reader;

}  // namespace extract
