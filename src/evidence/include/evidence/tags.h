#pragma once
// Tags: names that people put on items of a case. Many items are tagged by a job, which goes on after an
// interruption; its changes, their rows in the ledger and its progress are durable together, batch by batch.

#include <evidence/ask.h>

#include <atomic>
#include <optional>

namespace evidence {

struct TagView {
  std::int64_t id = 0;
  std::string name;
  std::int64_t count = 0;  // of items that have it
};
std::vector<TagView> tags(CaseFile& file);                                  // by name
std::vector<std::string> tags_of(CaseFile& file, std::int64_t item);        // names
std::optional<TagView> tag_named(CaseFile& file, const std::string& name);  // whatever its case

// Its number. Refuses: invalid (empty, too long, with signs that hide), conflict (there is one of that name,
// whatever its case).
base::Result<std::int64_t> add_tag(CaseFile& file, const std::string& name);

// Jobs; run_tagging() does them. Items that have the tag already, or have it not, stay as they are.
// Refuses: not_found (the tag, an item), invalid (no item).
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
