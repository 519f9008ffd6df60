#pragma once
// The records of tags, issue codes and folders: their names, which item has which, and every change of that,
// by which job. They are one thing of three kinds (docs/adr/0018).

#include <kernel/module.h>
#include <record/describe.h>

#include <string>

namespace evidence {

struct Tag {
  std::int64_t id{};
  std::string name, folded;  // folded: no two tags or codes share it, nor two folders of one parent
  std::int64_t made{};       // microseconds since 1970
  std::string made_by;
  std::string kind;                 // tag, issue, folder
  std::int64_t parent{};            // of the same kind; 0: none
  std::string code;                 // of an issue code: "3.1"
  std::string french, description;  // of an issue code; its name is the English label
  bool retired{};                   // nothing new is put on
  std::int64_t version{};           // counts the changes
};

// An item has a tag. The key is both, so that it cannot have it twice: tag * 2^32 + item.
struct Tagged {
  std::int64_t id{};
  std::int64_t item{}, tag{};
  std::int64_t at{};
  std::string who;
};
constexpr std::int64_t tagged_key(std::int64_t tag, std::int64_t item) { return (tag << 32) + item; }

// A job that puts a tag on items, or takes it off.
struct Tagging {
  std::int64_t job{};  // its number among the jobs of the case
  std::int64_t tag{};
  bool puts{};
  std::string who;
  std::int64_t began{};
  std::string items;                   // "1-500 503"; of an undo none: what the other job changed
  std::int64_t undoes{}, undone_by{};  // jobs; 0: none
};

// What a job changed, an item a row. Whose tag it was and since when: the undo of taking off gives it back.
struct TagChange {
  std::int64_t id{};
  std::int64_t job{}, item{}, tag{};
  std::int64_t entry{};  // row of the ledger that tells of it
  std::int64_t at{};
  std::string who;
};

kernel::Violation a_tag_has_a_name(const Tag& t);

}  // namespace evidence

#define EVIDENCE_TAG_FIELD(R, N, NAME, LABEL) record::field<&evidence::R::NAME>(N, #NAME, LABEL)

template <>
inline constexpr auto record::description<evidence::Tag> = record::describe(
    "tag", EVIDENCE_TAG_FIELD(Tag, 1, id, "Number").as_key(), EVIDENCE_TAG_FIELD(Tag, 2, name, "Name"),
    EVIDENCE_TAG_FIELD(Tag, 3, folded, "Name without case").with_index(),
    EVIDENCE_TAG_FIELD(Tag, 4, made, "Made"), EVIDENCE_TAG_FIELD(Tag, 5, made_by, "Made by"),
    EVIDENCE_TAG_FIELD(Tag, 6, kind, "Kind"), EVIDENCE_TAG_FIELD(Tag, 7, parent, "Under"),
    EVIDENCE_TAG_FIELD(Tag, 8, code, "Code"), EVIDENCE_TAG_FIELD(Tag, 9, french, "Label in French"),
    EVIDENCE_TAG_FIELD(Tag, 10, description, "Description"), EVIDENCE_TAG_FIELD(Tag, 11, retired, "Retired"),
    EVIDENCE_TAG_FIELD(Tag, 12, version, "Version"));

template <>
inline constexpr auto record::description<evidence::Tagged> = record::describe(
    "tagged", EVIDENCE_TAG_FIELD(Tagged, 1, id, "Number").as_key(),
    EVIDENCE_TAG_FIELD(Tagged, 2, item, "Item").with_index(), EVIDENCE_TAG_FIELD(Tagged, 3, tag, "Tag"),
    EVIDENCE_TAG_FIELD(Tagged, 4, at, "Put on"), EVIDENCE_TAG_FIELD(Tagged, 5, who, "By"));

template <>
inline constexpr auto record::description<evidence::Tagging> = record::describe(
    "tagging", EVIDENCE_TAG_FIELD(Tagging, 1, job, "Job").as_key(),
    EVIDENCE_TAG_FIELD(Tagging, 2, tag, "Tag"), EVIDENCE_TAG_FIELD(Tagging, 3, puts, "Puts it on"),
    EVIDENCE_TAG_FIELD(Tagging, 4, who, "Asked by"), EVIDENCE_TAG_FIELD(Tagging, 5, began, "Began"),
    EVIDENCE_TAG_FIELD(Tagging, 6, items, "Items"), EVIDENCE_TAG_FIELD(Tagging, 7, undoes, "Undoes"),
    EVIDENCE_TAG_FIELD(Tagging, 8, undone_by, "Undone by"));

template <>
inline constexpr auto record::description<evidence::TagChange> = record::describe(
    "tag_change", EVIDENCE_TAG_FIELD(TagChange, 1, id, "Number").as_key(),
    EVIDENCE_TAG_FIELD(TagChange, 2, job, "Job").with_index(),
    EVIDENCE_TAG_FIELD(TagChange, 3, item, "Item").with_index(), EVIDENCE_TAG_FIELD(TagChange, 4, tag, "Tag"),
    EVIDENCE_TAG_FIELD(TagChange, 5, entry, "Row of the ledger"),
    EVIDENCE_TAG_FIELD(TagChange, 6, at, "Tagged since"), EVIDENCE_TAG_FIELD(TagChange, 7, who, "Tagged by"));
