#include "correction.h"
#include "custody_records.h"
#include "item.h"
#include "note.h"
#include "tag.h"

#include <evidence/module.h>

namespace evidence {

kernel::Violation an_item_has_a_path(const Item& i) {
  if (i.path.empty()) return "an item must have a path";
  return {};
}
kernel::Violation a_failure_has_a_reason(const Item& i) {
  if ((i.state == kFailed || i.state == kSkipped) && !i.reason)
    return "what failed or was skipped must say why";
  return {};
}

// The table of contents of the module.
const kernel::Module module{
    "evidence", [](kernel::Registrar& r) {
      r.record<Item>();
      r.record<Delivery>();
      r.record<Derived>();
      r.record<Tag>();
      r.record<Tagged>();
      r.record<Tagging>();
      r.record<TagChange>();
      r.record<HandOver>();
      r.record<ListedItem>();
      r.record<CustodyAct>();
      r.record<CustodyOf>();
      r.record<Note>();
      r.record<SavedSearch>();
      r.record<Correction>();
      r.rule(an_item_has_a_path);
      r.rule(a_failure_has_a_reason);
      r.rule(a_tag_has_a_name);
      r.rule(an_act_of_custody_has_a_kind_and_a_reason);
      r.rule(a_note_says_something);
      r.rule(a_saved_search_has_a_name);
      r.job("ingest");
      r.job("tagging");
      r.operation({"case", "make a case, or list the cases"});
      r.operation({"ingest", "seal files and folders into a case and process them"});
      r.operation({"search", "find items by words, phrases, fields and ranges"});
      r.operation({"count", "count a list of search terms"});
      r.operation({"show", "show an item: record, text, custody or original"});
      r.operation({"tag", "put a tag on items or take it off, list the tags, undo"});
      r.operation({"report", "the processing account of a case"});
      r.operation({"verify", "prove that vault, ledger, account and checkpoints hold"});
      r.operation({"proof", "write what a stranger needs to check one item"});
      r.operation({"retry", "process again what failed or is named"});
      r.operation({"reindex", "build the text index anew from the vault"});
      r.operation({"backup", "copy an office to another folder, verified"});
      r.operation({"restore", "open an office from a backup, verified"});
    }};

}  // namespace evidence
