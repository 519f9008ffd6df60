#pragma once
// What people write beside evidence: notes on an item or a place in it, and searches they keep for
// themselves. Every change is an act in the ledger.

#include <evidence/ask.h>

#include <optional>

namespace evidence {

struct Region {
  std::int32_t x = 0, y = 0, width = 0, height = 0;  // in ten-thousandths of the page
};
struct NoteView {
  std::int64_t note = 0, version = 0, item = 0;
  std::int64_t page = 0;  // 0: of the whole item
  std::optional<Region> region;
  std::string quote, text, author, at;  // at: RFC 3339
  bool removed = false;
};
struct NoteDraft {
  std::int64_t page = 0;
  std::optional<Region> region;  // of that page
  std::string quote, text;
};
inline constexpr std::size_t note_bytes_max = 20'000, quote_bytes_max = 2'000;

// The notes of an item as they are now, oldest first; told to the ledger. Refuses: not_found.
base::Result<std::vector<NoteView>> notes_of(CaseFile& file, std::int64_t item);
// All versions of a note, oldest first, those of a removed one too. Refuses: not_found.
base::Result<std::vector<NoteView>> note_history(CaseFile& file, std::int64_t note);
std::optional<NoteView> note_now(CaseFile& file, std::int64_t note);  // nothing: none, or removed
// Refuses: not_found (the item), invalid (no text, too long, a region outside of the page).
base::Result<NoteView> add_note(CaseFile& file, std::int64_t item, const NoteDraft& draft);
// A new version of a note of one's own, made of version `before`.
// Refuses: not_found, denied (of somebody else), conflict (there is a newer version), invalid.
base::Result<NoteView> change_note(CaseFile& file, std::int64_t note, std::int64_t before,
                                   const std::string& text);
base::Status remove_note(CaseFile& file, std::int64_t note, std::int64_t before);  // refuses the same

struct SavedSearchView {
  std::int64_t id = 0;
  std::string name, query, sort, facets, made;  // facets: JSON; made: RFC 3339
};
std::vector<SavedSearchView> saved_searches(CaseFile& file);  // of who acts, by name
// Refuses: invalid (no name, too long), conflict (there is one of that name), exhausted (too many).
base::Result<std::int64_t> save_search(CaseFile& file, const SavedSearchView& what);
base::Status forget_search(CaseFile& file, std::int64_t id);  // Refuses: not_found (or of somebody else)

}  // namespace evidence
