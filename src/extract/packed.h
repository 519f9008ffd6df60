#pragma once
// For tests: small containers made on the spot.

#include "sample.h"

#include <archive.h>
#include <archive_entry.h>

namespace extract {

struct Packed {
  std::string name, bytes;
};
// An archive by libarchive: format "zip", "ustar", "7zip", ...; filter "gzip" or "".
inline std::string packed(const char* format, const char* filter, const std::vector<Packed>& members,
                          const char* options = nullptr, const char* password = nullptr) {
  std::string out;
  ::archive* a = archive_write_new();
  archive_write_set_format_by_name(a, format);
  if (*filter) archive_write_add_filter_by_name(a, filter);
  archive_write_set_bytes_per_block(a, 0);
  if (options) archive_write_set_options(a, options);
  if (password) archive_write_set_passphrase(a, password);
  archive_write_open(
      a, &out, nullptr,
      [](::archive*, void* to, const void* bytes, std::size_t n) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), n);
        return static_cast<la_ssize_t>(n);
      },
      nullptr);
  for (const Packed& m : members) {
    archive_entry* e = archive_entry_new();
    archive_entry_set_pathname(e, m.name.c_str());
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, static_cast<la_int64_t>(m.bytes.size()));
    archive_entry_set_mtime(e, 1583208306, 0);
    archive_write_header(a, e);
    archive_write_data(a, m.bytes.data(), m.bytes.size());
    archive_entry_free(e);
  }
  archive_write_close(a);
  archive_write_free(a);
  return out;
}

// The container says as many parts as were given or told as lost.
inline void expect_account_closes(const Recorded& r) {
  if (r.expected) { EXPECT_EQ(*r.expected, r.parts.size()); }
}

// No length of a cut file may break a reader; the account closes at each.
inline void expect_survives_cuts(const std::string& bytes, const std::string& name, std::size_t step = 1) {
  for (std::size_t n = 1; n < bytes.size(); n += step) {
    const auto sink = record(std::string_view(bytes).substr(0, n), name);
    ASSERT_TRUE(sink->balanced()) << n;
    expect_account_closes(sink->root);
  }
}

}  // namespace extract
