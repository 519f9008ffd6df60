#pragma once
// Tags, issue codes and folders: what people put on items of a case. Codes and folders lie in trees. Many
// items are tagged by a job, which goes on after an interruption; its changes, their rows in the ledger and
// its progress are durable together, batch by batch.

#include <evidence/ask.h>

#include <atomic>
#include <optional>

namespace evidence {

inline constexpr std::string_view kTag = "tag", kIssue = "issue", kFolder = "folder";  // the kinds

struct TagView {
  std::int64_t id = 0;
  std::string name;
  std::int64_t count = 0;  // of items that have it
  std::string kind, code, french, description;
  std::int64_t parent = 0, version = 0;
  bool retired = false;
  std::string path;        // how a query and a facet name it: "needs review", "3.1", "Trial/Exhibits"
  std::int64_t below = 0;  // of items that have it or what lies below it
};
struct TagDraft {
  std::string name;  // of an issue code its label in English
  std::string_view kind = kTag;
  std::string code, french, description;  // of an issue code
  std::int64_t parent = 0;                // of an issue code or a folder; 0: none
  bool retired = false;
};
std::vector<TagView> tags(CaseFile& file, std::string_view kind = kTag);  // as a tree, by code or name
std::optional<TagView> tag_at(CaseFile& file, std::int64_t id);
// The items that have it or what lies below it, by number; nothing: there is no such tag.
std::optional<std::vector<std::uint32_t>> items_with(CaseFile& file, std::int64_t id);
// How an item names those of a kind that it has: by path.
std::vector<std::string> tags_of(CaseFile& file, std::int64_t item, std::string_view kind = kTag);
std::optional<TagView> tag_named(CaseFile& file, const std::string& name);  // a tag, whatever its case

// Its number. Refuses: invalid (empty, too long, with signs that hide, too deep, no such parent), conflict
// (there is one of that name or code, whatever its case).
base::Result<std::int64_t> add_tag(CaseFile& file, const TagDraft& draft);
// Name, code, labels, description, parent, retired; made of version `before`. Refuses: the same, not_found,
// conflict (there is a newer version).
base::Status change_tag(CaseFile& file, std::int64_t id, std::int64_t before, const TagDraft& draft);

// Jobs; run_tagging() does them. Items that have the tag already, or have it not, stay as they are.
// Refuses: not_found (the tag, an item), invalid (no item), conflict (it is retired, and would be put on).
base::Result<std::int64_t> begin_tagging(CaseFile& file, std::int64_t tag, bool on,
                                         std::vector<std::uint32_t> items);
// Takes back what the job changed and nobody has changed since, once only.
// Refuses: not_found, conflict (it still goes on, was undone, or is an undo itself).
base::Result<std::int64_t> begin_undo(CaseFile& file, std::int64_t job);

struct TagJob {
  std::int64_t id = 0, tag = 0;
  bool on = false;
  std::string who;  // began it
  std::int64_t undoes = 0, undone_by = 0;
  std::string state;                                 // waiting, running, done
  std::int64_t done = 0, expected = 0, changed = 0;  // items
};
std::optional<TagJob> tag_job(CaseFile& file, std::int64_t job);

// Does all that waits, and what an earlier run left: one program at a time in a case, the others wait for it.
// Returns early when `stop` is set. `ticked` hears of progress after each batch.
void run_tagging(
    CaseFile& file, const std::atomic<bool>* stop,
    const std::function<void(std::int64_t job, std::int64_t done, std::int64_t total)>& ticked = {});

}  // namespace evidence
