// Every reader, a line each. The order has no meaning: a media type is read by exactly one of them.
#include "readers_list.h"

namespace extract {

extern const Reader archive_reader, geo_reader, image_reader, media_reader, pdf_reader, pst_reader,
    sqlite_reader, warc_reader;

namespace {

const Reader* const kReaders[] = {
    &plain_reader,
    &html_reader,
    &xml_reader,
    &json_reader,
    &csv_reader,
    &rtf_reader,
    &doc_reader,
    &xls_reader,
    &ppt_reader,
    &ole_reader,
    &msg_reader,
    &tnef_reader,
    &ooxml_reader,
    &odf_reader,
    &epub_reader,
    &fb2_reader,
    &mail_reader,
    &mbox_reader,
    &vcard_reader,
    &ical_reader,
    &chat_reader,
    &telegram_reader,
    &archive_reader,
    &geo_reader,
    &image_reader,
    &media_reader,
    &pdf_reader,
    &pst_reader,
    &sqlite_reader,
    &warc_reader,
};

}  // namespace

std::span<const Reader* const> readers() { return kReaders; }

const Reader* reader_of(std::string_view type) {
  for (const Reader* r : readers())
    for (const std::string_view t : r->types)
      if (t == type) return r;
  return nullptr;
}

}  // namespace extract
