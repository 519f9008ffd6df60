#pragma once
// The records of corrections: what people read where a machine guessed. The guess itself is never
// overwritten; the newest correction of a page stands over it.

#include <kernel/module.h>
#include <record/describe.h>
#include <store/sql.h>

#include <string>

namespace evidence {

struct Correction {
  std::int64_t id{};
  std::int64_t item{}, page{}, version{};  // page and version: from 1
  std::string text;                        // of the whole page
  std::string author;
  std::int64_t at{};  // microseconds since 1970
  bool removed{};     // from here on the guess stands again
};

// The text of an item, pages separated by \f, with the newest corrections in their places.
std::string with_corrections(store::Sql& sql, std::int64_t item, std::string text);

}  // namespace evidence

#define EVIDENCE_CORRECTION_FIELD(NAME, N, LABEL) record::field<&evidence::Correction::NAME>(N, #NAME, LABEL)

template <>
inline constexpr auto record::description<evidence::Correction> = record::describe(
    "correction", EVIDENCE_CORRECTION_FIELD(id, 1, "Number").as_key(),
    EVIDENCE_CORRECTION_FIELD(item, 2, "Item").with_index(), EVIDENCE_CORRECTION_FIELD(page, 3, "Page"),
    EVIDENCE_CORRECTION_FIELD(version, 4, "Version"), EVIDENCE_CORRECTION_FIELD(text, 5, "Text"),
    EVIDENCE_CORRECTION_FIELD(author, 6, "Author"), EVIDENCE_CORRECTION_FIELD(at, 7, "Written"),
    EVIDENCE_CORRECTION_FIELD(removed, 8, "Removed"));
