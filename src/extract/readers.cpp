// Every reader, a line each. The order has no meaning: a media type is read by exactly one of them.
#include <extract/reader.h>

namespace extract {

extern const Reader archive_reader, geo_reader, image_reader, media_reader, pdf_reader, pst_reader,
    sqlite_reader, warc_reader;

namespace {

const Reader* const kReaders[] = {
    &archive_reader, &geo_reader, &image_reader,  &media_reader,
    &pdf_reader,     &pst_reader, &sqlite_reader, &warc_reader,
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
