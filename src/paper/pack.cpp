#include "pack.h"

#include <base/result.h>

#include <zip.h>

namespace paper {

std::string escaped(std::string_view text, std::string_view line) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += line; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
    }
  return out;
}

std::string packed(const std::vector<std::pair<std::string, std::string>>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* to = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (!to) base::fault("no memory for a document");
  zip_source_keep(to);
  zip_t* archive = zip_open_from_source(to, ZIP_TRUNCATE, &error);
  if (!archive) base::fault("the document could not be begun");
  for (const auto& [name, bytes] : files) {
    zip_source_t* from = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t i = zip_file_add(archive, name.c_str(), from, ZIP_FL_ENC_UTF_8);
    if (i < 0) base::fault("the document was not written");
    zip_file_set_mtime(archive, static_cast<zip_uint64_t>(i), 315532800 + 86400,
                       0);  // 1980: the same bytes each time
  }
  if (zip_close(archive) != 0)
    base::fault(std::string("the document was not written: ") + zip_strerror(archive));
  std::string out;
  zip_stat_t stat;
  zip_source_open(to);
  zip_source_stat(to, &stat);
  out.resize(stat.size);
  zip_source_read(to, out.data(), out.size());
  zip_source_close(to);
  zip_source_free(to);
  return out;
}

}  // namespace paper
