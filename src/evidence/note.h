#pragma once
// The records of what people write beside evidence: notes, in all their versions, and searches they keep.

#include <kernel/module.h>
#include <record/describe.h>

#include <string>

namespace evidence {

// One version of a note. The newest is the note; the others are its history. Nothing of it is overwritten.
struct Note {
  std::int64_t id{};
  std::int64_t note{}, version{};  // version: from 1
  std::int64_t item{};
  std::int64_t page{};  // 0: of the whole item
  std::string region;   // "x y width height" in ten-thousandths of the page, or empty
  std::string quote;    // words of the item it is about, or empty
  std::string text;
  std::string author;
  std::int64_t at{};  // microseconds since 1970
  bool removed{};     // the last version of a note that was taken away
};

// A query that a person keeps under a name, for themselves.
struct SavedSearch {
  std::int64_t id{};
  std::string person;
  std::string name, folded;         // folded: no two of one person share it
  std::string query, sort, facets;  // facets: JSON object of lists
  std::int64_t made{};
};

kernel::Violation a_note_says_something(const Note& n);
kernel::Violation a_saved_search_has_a_name(const SavedSearch& s);

}  // namespace evidence

#define EVIDENCE_NOTE_FIELD(R, N, NAME, LABEL) record::field<&evidence::R::NAME>(N, #NAME, LABEL)

template <>
inline constexpr auto record::description<evidence::Note> = record::describe(
    "note", EVIDENCE_NOTE_FIELD(Note, 1, id, "Number").as_key(),
    EVIDENCE_NOTE_FIELD(Note, 2, note, "Note").with_index(), EVIDENCE_NOTE_FIELD(Note, 3, version, "Version"),
    EVIDENCE_NOTE_FIELD(Note, 4, item, "Item").with_index(), EVIDENCE_NOTE_FIELD(Note, 5, page, "Page"),
    EVIDENCE_NOTE_FIELD(Note, 6, region, "Region"), EVIDENCE_NOTE_FIELD(Note, 7, quote, "Quote"),
    EVIDENCE_NOTE_FIELD(Note, 8, text, "Text"), EVIDENCE_NOTE_FIELD(Note, 9, author, "Author"),
    EVIDENCE_NOTE_FIELD(Note, 10, at, "Written"), EVIDENCE_NOTE_FIELD(Note, 11, removed, "Removed"));

template <>
inline constexpr auto record::description<evidence::SavedSearch> = record::describe(
    "saved_search", EVIDENCE_NOTE_FIELD(SavedSearch, 1, id, "Number").as_key(),
    EVIDENCE_NOTE_FIELD(SavedSearch, 2, person, "Person").with_index(),
    EVIDENCE_NOTE_FIELD(SavedSearch, 3, name, "Name"),
    EVIDENCE_NOTE_FIELD(SavedSearch, 4, folded, "Name without case"),
    EVIDENCE_NOTE_FIELD(SavedSearch, 5, query, "Query"), EVIDENCE_NOTE_FIELD(SavedSearch, 6, sort, "Order"),
    EVIDENCE_NOTE_FIELD(SavedSearch, 7, facets, "Facets"),
    EVIDENCE_NOTE_FIELD(SavedSearch, 8, made, "Saved"));
