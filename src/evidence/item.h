#pragma once
// The records of evidence. An item is one thing received, or found inside of one: its bytes never change,
// what is known of it does. Text and dates as docs/formats/metadata.md tells them.

#include <kernel/module.h>
#include <record/describe.h>

#include <optional>
#include <string>

namespace evidence {

using record::Octets;

// Where an item stands. Stored as text; the account counts by it.
inline constexpr std::string_view kPending = "pending", kExtracted = "extracted", kFailed = "failed",
                                  kSkipped = "skipped";

struct Item {
  std::int64_t number{};  // in the case, from 1; "KAR-000012" is its code
  std::int64_t parent{};  // 0: received itself
  std::int64_t family{};  // number of the received thing it hangs on
  std::int64_t place{};   // order in the parent
  std::int64_t depth{};
  std::int64_t delivery{};
  std::string path;                     // forensic path: "disk/box.pst/Inbox/00017/att.zip/a.pdf"
  std::string kind;                     // file, attachment, message, record
  std::optional<std::string> origin;    // where it was taken from: absolute path
  std::optional<Octets> name_bytes;     // of a name that is not UTF-8
  std::optional<std::string> stamp;     // size, times and inode at taking: to know it again without reading
  std::optional<std::string> modified;  // by the file system or the container
  std::int64_t received{};              // microseconds since 1970
  std::optional<Octets> sha256;         // absent when there are no bytes of its own
  std::optional<Octets> sha1, md5;      // on request
  std::int64_t size{};
  std::int64_t pack{}, pack_offset{};  // place in the vault; pack 0: no bytes
  std::optional<Octets> commitment;
  std::int64_t same_as{};  // first item of the case with the same bytes; itself if none

  std::string state;
  std::optional<std::string> reason;  // why failed or skipped
  std::string findings;               // JSON: [["truncated","..."],...]
  std::string type;
  std::string languages;                              // "en fr", most frequent first
  std::optional<std::int64_t> date;                   // seconds since 1970
  std::optional<std::string> date_text, date_origin;  // as the source gives it, and which of its dates it is
  std::string title, author, sender, receiver;        // receiver: to, cc, bcc
  std::optional<std::string> message_id, thread;
  std::string metadata;  // JSON: [["key","value"],...], all that was told
  std::int64_t pages{};
  std::int64_t text_pack{}, text_offset{}, text_stored{},
      text_bytes{};  // compressed text in the vault; stored: compressed
  std::optional<Octets> text_commitment;
  std::int64_t words{};
  std::optional<std::string> machine;  // engine, version and parameters when a machine guessed the text
  std::int64_t ocr{};                  // 0 no need, 1 wanted, 2 done
  std::optional<Octets> sketch;        // for likeness
  std::int64_t like{};                 // first item of its cluster of near-duplicates; 0: alone
  std::int64_t expected{}, part_extracted{}, part_failed{}, part_skipped{};  // of a container: its account
  std::int64_t sequence{};  // order of processing: what the index follows
  std::int64_t runs{};      // times processed
};

// One ingest: who brought what, from where.
struct Delivery {
  std::int64_t id{};
  std::string source, collector, note, actor, places;  // places: JSON array of the paths given
  std::int64_t began{};
  std::optional<std::int64_t> ended;
};

// An object a machine made of an item: word boxes of recognition.
struct Derived {
  std::int64_t id{};
  std::int64_t item{};
  std::string kind;
  std::int64_t pack{}, pack_offset{}, size{};
  Octets commitment;
};

kernel::Violation an_item_has_a_path(const Item& i);
kernel::Violation a_failure_has_a_reason(const Item& i);

}  // namespace evidence

#define EVIDENCE_FIELD(R, N, NAME, LABEL) record::field<&evidence::R::NAME>(N, #NAME, LABEL)

template <>
inline constexpr auto record::description<evidence::Item> = record::describe(
    "item", EVIDENCE_FIELD(Item, 1, number, "Number").as_key(),
    EVIDENCE_FIELD(Item, 2, parent, "Found in").with_index(), EVIDENCE_FIELD(Item, 3, family, "Family"),
    EVIDENCE_FIELD(Item, 4, place, "Order"), EVIDENCE_FIELD(Item, 5, depth, "Depth"),
    EVIDENCE_FIELD(Item, 6, delivery, "Delivery"), EVIDENCE_FIELD(Item, 7, path, "Path"),
    EVIDENCE_FIELD(Item, 8, kind, "Kind"), EVIDENCE_FIELD(Item, 9, origin, "Taken from").with_index(),
    EVIDENCE_FIELD(Item, 10, name_bytes, "Name in bytes"),
    EVIDENCE_FIELD(Item, 11, stamp, "State when taken"), EVIDENCE_FIELD(Item, 12, modified, "Modified"),
    EVIDENCE_FIELD(Item, 13, received, "Received"), EVIDENCE_FIELD(Item, 14, sha256, "SHA-256").with_index(),
    EVIDENCE_FIELD(Item, 15, sha1, "SHA-1"), EVIDENCE_FIELD(Item, 16, md5, "MD5"),
    EVIDENCE_FIELD(Item, 17, size, "Size"), EVIDENCE_FIELD(Item, 18, pack, "Pack"),
    EVIDENCE_FIELD(Item, 19, pack_offset, "Place in pack"),
    EVIDENCE_FIELD(Item, 20, commitment, "Key commitment"),
    EVIDENCE_FIELD(Item, 21, same_as, "Same bytes as"), EVIDENCE_FIELD(Item, 22, state, "State").with_index(),
    EVIDENCE_FIELD(Item, 23, reason, "Reason"), EVIDENCE_FIELD(Item, 24, findings, "Findings"),
    EVIDENCE_FIELD(Item, 25, type, "Type"), EVIDENCE_FIELD(Item, 26, languages, "Languages"),
    EVIDENCE_FIELD(Item, 27, date, "Date"), EVIDENCE_FIELD(Item, 28, date_text, "Date as given"),
    EVIDENCE_FIELD(Item, 29, date_origin, "Origin of the date"), EVIDENCE_FIELD(Item, 30, title, "Title"),
    EVIDENCE_FIELD(Item, 31, author, "Author"), EVIDENCE_FIELD(Item, 32, sender, "From"),
    EVIDENCE_FIELD(Item, 33, receiver, "To"), EVIDENCE_FIELD(Item, 34, message_id, "Message id").with_index(),
    EVIDENCE_FIELD(Item, 35, thread, "Thread").with_index(), EVIDENCE_FIELD(Item, 36, metadata, "Metadata"),
    EVIDENCE_FIELD(Item, 37, pages, "Pages"), EVIDENCE_FIELD(Item, 38, text_pack, "Text: pack"),
    EVIDENCE_FIELD(Item, 39, text_offset, "Text: place"),
    EVIDENCE_FIELD(Item, 40, text_stored, "Text: bytes compressed"),
    EVIDENCE_FIELD(Item, 41, text_bytes, "Text: bytes"),
    EVIDENCE_FIELD(Item, 42, text_commitment, "Text: key commitment"),
    EVIDENCE_FIELD(Item, 43, words, "Words"), EVIDENCE_FIELD(Item, 44, machine, "Made by machine"),
    EVIDENCE_FIELD(Item, 45, ocr, "Recognition"), EVIDENCE_FIELD(Item, 46, sketch, "Sketch"),
    EVIDENCE_FIELD(Item, 47, like, "Near-duplicate of"), EVIDENCE_FIELD(Item, 48, expected, "Parts expected"),
    EVIDENCE_FIELD(Item, 49, part_extracted, "Parts extracted"),
    EVIDENCE_FIELD(Item, 50, part_failed, "Parts failed"),
    EVIDENCE_FIELD(Item, 51, part_skipped, "Parts skipped"),
    EVIDENCE_FIELD(Item, 52, sequence, "Sequence").with_index(), EVIDENCE_FIELD(Item, 53, runs, "Runs"));

template <>
inline constexpr auto record::description<evidence::Delivery> = record::describe(
    "delivery", EVIDENCE_FIELD(Delivery, 1, id, "Number").as_key(),
    EVIDENCE_FIELD(Delivery, 2, source, "Source"), EVIDENCE_FIELD(Delivery, 3, collector, "Collector"),
    EVIDENCE_FIELD(Delivery, 4, note, "Note"), EVIDENCE_FIELD(Delivery, 5, actor, "Received by"),
    EVIDENCE_FIELD(Delivery, 6, places, "Places"), EVIDENCE_FIELD(Delivery, 7, began, "Began"),
    EVIDENCE_FIELD(Delivery, 8, ended, "Ended"));

template <>
inline constexpr auto record::description<evidence::Derived> = record::describe(
    "derived", EVIDENCE_FIELD(Derived, 1, id, "Number").as_key(),
    EVIDENCE_FIELD(Derived, 2, item, "Item").with_index(), EVIDENCE_FIELD(Derived, 3, kind, "Kind"),
    EVIDENCE_FIELD(Derived, 4, pack, "Pack"), EVIDENCE_FIELD(Derived, 5, pack_offset, "Place in pack"),
    EVIDENCE_FIELD(Derived, 6, size, "Size"), EVIDENCE_FIELD(Derived, 7, commitment, "Key commitment"));
