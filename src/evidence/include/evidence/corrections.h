#pragma once
// Corrections of text that a machine guessed, page by page: a layer of their own, with author, time and all
// versions. What was recognised stays as it is, and is shown beside. Searches find what was corrected.

#include <evidence/ask.h>

#include <optional>

namespace evidence {

struct CorrectionView {
  std::int64_t page = 0, version = 0;
  std::string text, author, at;  // at: RFC 3339
  bool removed = false;
};
inline constexpr std::size_t correction_bytes_max = 200'000;

// The newest version of a page: when it is removed, the page stands as it was recognised. Nothing: there was
// never one.
std::optional<CorrectionView> correction_of(CaseFile& file, std::int64_t item, std::int64_t page);
// All versions of a page, oldest first; told to the ledger. Refuses: not_found (the item).
base::Result<std::vector<CorrectionView>> correction_history(CaseFile& file, std::int64_t item,
                                                             std::int64_t page);
// A new version made of version `before` (0: there was none); without `text` the guess stands again.
// Refuses: not_found (the item, the page), invalid (the text was read, not guessed; empty, too long),
// conflict (there is a newer version, or an ingest is running, which holds the index), damaged.
base::Result<CorrectionView> correct_page(CaseFile& file, std::int64_t item, std::int64_t page,
                                          std::int64_t before, const std::optional<std::string>& text);

}  // namespace evidence
