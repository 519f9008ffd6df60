#pragma once
// The encrypted file layer under SQLite: every file it writes (database, write-ahead log, journal, temporary)
// is a header and sealed blocks. Format: docs/formats/pages.md.

#include <string>

namespace store {

inline constexpr const char* kPagesVfs = "custos";
// Registers the layer once. Files whose path begins with `path` are sealed under `key` from now on.
void use_key(const std::string& path, const std::string& key);

}  // namespace store
