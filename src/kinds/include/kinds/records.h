#pragma once
// The records of an office: added, changed, moved along their workflow, found, read, linked, commented.
//
// Whoever calls says who asks. Every answer holds only what they may know: rows are counted, sorted and
// searched after the decision, which is made here, once for each label. What they may not see is not_found,
// in the same words as what is not there. Every change is a row in the ledger of the same transaction; every
// reading of a page is one before it is given. Answers are JSON as docs/formats/records.md has it.
//
// Many threads may ask at once: who reads holds a Reading of the desk, who changes something its Turn.

#include <access/decide.h>
#include <kernel/desk.h>
#include <kinds/newest.h>
#include <kinds/value.h>

#include <array>
#include <list>
#include <mutex>

namespace kinds {

struct Where;
struct Home;
struct TilePart;
struct Template;
struct Step;
struct Filled;
struct Likeness;

// What is to be decided of a record or of all records with one label.
struct Asked {
  rights::Act act = rights::Act::read;
  std::string_view rights;   // kind of the policy
  std::string_view case_id;  // empty: of no case
  rights::Label label{};
  std::uint64_t record = 0, author = 0, requester = 0;
  std::uint64_t fields = 0, sensitive = 0;  // by number
};

struct Asker {
  std::int64_t person = 0;
  std::string code;                // "P-7"
  std::vector<std::string> roles;  // that count in this session
  std::string purpose;             // for the ledger
  std::function<rights::Decision(const Asked&)> decide;
  std::function<bool(std::string_view id)> item;  // whether there is such an item that they may find
  struct Item {
    std::string code, path, type, sha256, case_id;
  };
  std::function<std::optional<Item>(std::string_view id)> told;  // such an item, as a document names it
  // What to tell them when an act on what they see is refused: what would be enough, in the words of the
  // house.
  std::function<base::Error(const Asked&, rights::Reason)> lacking;
};

// What the records need of the house around them.
struct Surroundings {
  std::function<std::string(std::string_view purpose, std::string_view secret)> seal;
  std::function<std::optional<std::string>(std::string_view purpose, std::string_view sealed)> unseal;
  struct Person {
    std::int64_t person;
    std::string code, name;
    std::vector<std::string> roles;
  };
  std::function<std::vector<Person>()> staff;  // of the office
  std::size_t reason_characters_min = 8;       // of a reason that an act asks for
  struct Case {
    std::string id, code, title;
  };
  std::function<std::vector<Case>()> cases;
  // A person of the office as they would ask, whether they are signed in or not; nothing when they may not.
  std::function<void(std::int64_t person, const std::function<void(const Asker&)>&)> as;
};

// Refused because values do not fit: the list, as "errors" of the answer.
struct Unfit {
  std::vector<Wrong> wrong;
};
boost::json::array errors_of(const std::vector<Wrong>& wrong);

template <class T>
using Answer = std::variant<T, Unfit, base::Error>;

class Records {
 public:
  ~Records();
  // Makes or extends the tables. Refuses: unsupported (a newer Custos), conflict (a field changed its type).
  static base::Result<std::unique_ptr<Records>> open(kernel::Desk& desk, Declared declared,
                                                     const base::Clock& clock, Surroundings around);

  // --- what there is
  std::shared_ptr<const Declared> declared();
  // Reads vocabularies and templates again, which another process has changed. Refuses: invalid (made by a
  // newer Custos).
  base::Status reload();
  boost::json::object kinds(const Asker& who);
  base::Result<boost::json::object> declaration(const Asker& who, std::string_view kind);

  // --- one record
  struct Stand {
    std::string code;
    std::int64_t version = 0;
    std::string state;
  };
  struct New {
    std::string case_id, classification;
    std::vector<std::int64_t> compartments;
    std::string once;  // the same key of the same person adds once
  };
  Answer<Stand> add(const Asker& who, std::string_view kind, const boost::json::object& values,
                    const New& with);
  // `version`: the one that was read. Refuses: conflict when it is another now.
  Answer<Stand> change(const Asker& who, std::string_view code, std::int64_t version,
                       const boost::json::object& values);
  Answer<Stand> move(const Asker& who, std::string_view code, std::int64_t version,
                     std::string_view transition, std::string_view reason, const boost::json::object* values);
  // What has to be decided of a record, whoever asks: for whoever decides, never for what is shown.
  std::optional<Asked> about(std::string_view code);
  base::Result<rights::Label> label(const Asker& who, std::string_view code);
  // Gives a record another label, and with `along` the records that name it in a field, those that name
  // these, and so on, as far as they may be read and belong to the same case: raised at least to this label;
  // lowered where they have the very label that is lowered. The caller has had the act itself allowed
  // (upgrade or downgrade); `also` happens in the same change, before. Refuses: not_found, conflict, and what
  // one of the others needs.
  struct Relabel {
    rights::Label to;
    std::string reason;
    bool along = false;
    std::function<base::Status(kernel::Change&, store::Sql&)> also;
  };
  struct Relabelled {
    Stand stand;
    std::uint64_t others = 0;
  };
  base::Result<Relabelled> relabel(const Asker& who, std::string_view code, std::int64_t version,
                                   const Relabel& how);
  // What would go along, before it is done: all of it that they may read. Refuses what relabel() would.
  struct Along {
    std::string code, title;
    const Kind* kind = nullptr;
  };
  base::Result<std::vector<Along>> along(const Asker& who, std::string_view code, const rights::Label& to);
  base::Result<boost::json::object> page(const Asker& who, std::string_view code,
                                         std::string_view as_of = {});
  base::Result<boost::json::object> history(const Asker& who, std::string_view code);
  base::Result<boost::json::object> readers(const Asker& who, std::string_view code);
  base::Result<std::string> open_sealed(const Asker& who, std::string_view code, std::string_view field,
                                        std::string_view reason);

  // A record as a document: its sections with labels in `language`, where it stands, what it rests on. In the
  // ledger before it is given. Refuses: not_found, invalid.
  struct Part {
    std::string heading;
    std::vector<std::pair<std::string, std::string>> values;  // label and text
    std::vector<std::string> header;                          // of a table, with
    std::vector<std::vector<std::string>> rows;
  };
  struct Paper {
    std::string title, code, classification, state, kind;
    std::vector<Part> parts;
    std::vector<std::string> sources;  // numbered: items and records
  };
  base::Result<Paper> paper(const Asker& who, std::string_view code, std::string_view language);

  // --- documents: templates that records are put into (kinds/template.h)
  // Those that the person may use, or keeps; of one kind, or of all when it is empty.
  boost::json::object templates(const Asker& who, std::string_view kind);
  // Refuses: not_found.
  base::Result<boost::json::object> template_page(const Asker& who, std::string_view name);
  base::Result<std::shared_ptr<const Template>> template_for(const Asker& who, std::string_view name);
  std::vector<std::string> template_names();  // of all that are kept
  // What somebody who keeps templates has written and not yet kept. Refuses: denied, invalid.
  base::Result<Template> template_draft(const Asker& who, std::string_view json);
  // `version`: the one that was read; 0 for a new one. Refuses: denied, conflict, invalid.
  base::Result<std::int64_t> put_template(const Asker& who, std::string_view name, std::int64_t version,
                                          std::string_view json);
  struct Filling {
    std::string code;               // of the main record; empty: a report
    std::string from, to, case_id;  // of a report: its days, and the case it is narrowed to
    std::string language, format;
    bool draft = false;
  };
  // Only what the person may read is put in, and in the ledger before it is given. Refuses: not_found,
  // invalid, exhausted (more than a document carries).
  base::Result<Filled> fill(const Asker& who, const Template& with, const Filling& asked);

  // --- around it
  base::Result<boost::json::object> comments(const Asker& who, std::string_view code);
  base::Result<std::int64_t> comment(const Asker& who, std::string_view code, std::string_view text);
  base::Status withdraw_comment(const Asker& who, std::int64_t id);
  base::Result<std::int64_t> link(const Asker& who, std::string_view code, std::string_view relation,
                                  std::string_view to);
  base::Status unlink(const Asker& who, std::int64_t id);
  boost::json::object inbox(const Asker& who);
  base::Status read_notice(const Asker& who, std::int64_t id);
  // Tasks that come near their date or have passed it are told to who does them; those long overdue to the
  // roles that the time limit "escalation" names. Each is told once a step. To be called now and then.
  void remind();
  // Whoever has notices that no mail has told of: how many, of what they may see. They then count as told.
  struct Unsent {
    std::string address;
    std::int64_t person = 0, notices = 0, overdue = 0;
  };
  std::vector<Unsent> unsent();
  base::Result<std::string> mail_address(const Asker& who);                   // empty: none
  base::Status set_mail_address(const Asker& who, std::string_view address);  // empty: no mail any more
  // Due dates of their tasks, as an iCalendar file without names.
  std::string calendar(const Asker& who);
  base::Status keep_feed(const Asker& who, std::string_view token_hash);  // in the place of an earlier one
  std::optional<std::int64_t> feed_of(std::string_view token_hash);

  // --- many records
  struct Query {
    boost::json::array filter;
    std::vector<std::string> sort;
    std::string words, case_id;
    std::string name;  // of a person, in any script
  };
  struct Found {
    std::string id;
    std::uint64_t total = 0;
    std::string asked;  // the id of the question; empty: nothing but the whole list was asked for
  };
  // Puts all kinds into the orders that their lists begin with; or who first asks for one waits for it.
  void warm();
  // Refuses: not_found, invalid (naming the field).
  base::Result<Found> find(const Asker& who, std::string_view kind, const Query& query);
  // What was asked under that id, by the same person: the newest 200 of each are kept. Refuses: not_found.
  base::Result<boost::json::object> question(const Asker& who, std::string_view id);
  base::Result<boost::json::object> rows(const Asker& who, std::string_view query, std::uint64_t offset,
                                         std::uint64_t limit);
  base::Result<boost::json::object> places(const Asker& who, std::string_view query);
  base::Result<boost::json::object> times(const Asker& who, std::string_view query);
  base::Result<boost::json::object> counts(const Asker& who, std::string_view query, std::string_view by);
  // What was found as a board: a column a state, with how many days each record has stood there; the first
  // 100.
  base::Result<boost::json::object> board(const Asker& who, std::string_view query);
  // On which days from `from` to `to` something of a date field lies, of what was found. Refuses: not_found,
  // invalid.
  base::Result<boost::json::object> days(const Asker& who, std::string_view query, std::string_view field,
                                         std::string_view from, std::string_view to);
  // A table of what was found: header and rows of cells, the open fields. In the ledger before it is given.
  struct Table {
    std::string kind;
    std::vector<std::string> names, labels;
    std::vector<std::vector<std::string>> rows;
  };
  base::Result<Table> table(const Asker& who, std::string_view query, std::string_view language);
  // All tiles of a home, of all cases or of one; `told`: what they tell of, by which a file of them is
  // classified. Refuses: not_found.
  struct TellsOf {
    std::set<std::string> cases;
    rights::Classification highest = rights::Classification::public_;  // of the records alone
  };
  base::Result<boost::json::object> home(const Asker& who, const Home& home, std::string_view case_id,
                                         TellsOf* told = nullptr);
  boost::json::object search(const Asker& who, std::string_view words, std::size_t limit);
  boost::json::object suggest(const Asker& who, const std::vector<std::string>& kinds, std::string_view text);
  boost::json::object suggest_staff(std::string_view text);

  struct Import {
    std::string case_id;
    bool dry = true, good_only = false, decimal_comma = false;
  };
  // Refuses: invalid (no table at all), not_found.
  base::Result<boost::json::object> import(const Asker& who, std::string_view kind, std::string_view csv,
                                           const Import& how);

  // --- for the modules: records as they may be read, their open fields alone
  struct Seen {
    std::string code, title, state, case_id;
    std::int64_t made = 0, changed = 0;
    boost::json::object values;
    rights::Label label{};  // its own, beside that of its case
  };
  std::optional<Seen> one(const Asker& who, std::string_view kind, std::string_view code);
  // Those of a kind that name one of `codes` in a field that refers to it, the oldest first.
  std::vector<Seen> naming(const Asker& who, std::string_view kind, std::string_view field,
                           const std::vector<std::string>& codes);
  // Those of a kind that they may read, the newest first, at most so many.
  std::vector<Seen> every(const Asker& who, std::string_view kind, std::int64_t most);
  // What a record that they may read has kept (Writing::keep); nothing: it has not.
  std::optional<std::string> kept(const Asker& who, std::string_view kind, std::string_view code,
                                  std::string_view name);
  // All records, for what must be whole whoever does it: never for what is shown.
  static Asker whole();
  // In the ledger, before what it tells of is given.
  base::Status tell(const Asker& who, std::string_view act, std::string_view object,
                    std::string_view payload);

  // --- views and vocabularies
  boost::json::object views(const Asker& who, std::string_view kind);
  base::Result<std::int64_t> add_view(const Asker& who, std::string_view kind, std::string_view name,
                                      const boost::json::object& query);
  base::Status drop_view(const Asker& who, std::int64_t id);
  boost::json::object vocabularies(const Asker& who);
  base::Result<boost::json::object> vocabulary(std::string_view name);
  base::Result<boost::json::object> vocabulary_versions(std::string_view name);
  // Refuses: denied, conflict (`version` is not the newest; or codes in use were dropped: `used`), invalid.
  base::Result<std::int64_t> put_vocabulary(const Asker& who, std::string_view name, std::int64_t version,
                                            std::string_view json, std::vector<std::string>& used);

  // --- for the modules: asked before a change is written, in its transaction. May set computed values and
  // add what is wrong. `before`: nothing for a new record.
  struct Writing {
    kernel::Change& change;
    const Kind& kind;
    std::string_view code, case_id, state;
    std::string_view was;  // the state before; empty for a new record
    const boost::json::object* before;
    boost::json::object& values;
    std::vector<Wrong>& wrong;
    std::string_view by;     // the code of who writes; empty: the program itself
    std::int64_t today = 0;  // days since 1970-01-01
    std::function<std::optional<boost::json::object>(std::string_view code)>
        read;  // values of another record
    // Codes of the records of a kind that name this record in a field, and are in a state that is not final.
    std::function<std::vector<std::string>(std::string_view kind, std::string_view field,
                                           std::string_view code)>
        having;
    // The same whatever state they are in, with it.
    std::function<std::vector<std::pair<std::string, std::string>>(
        std::string_view kind, std::string_view field, std::string_view code)>
        naming;
    // Makes another record in the same change, behind this one, with its label.
    std::function<void(std::string_view kind, boost::json::object values)> add;
    std::function<bool(std::string_view code)>
        found;  // whether who writes may find it: what is said names no other
    std::function<void(std::string_view code, const TaskRule& task)> task;  // leaves a task at another record
    // Keeps something beside the record as it is now, in the place of what it kept under that name.
    std::function<void(std::string_view name, std::string_view content)> keep;
  };
  using Hook = std::function<void(Writing&)>;
  void on_write(std::string kind, Hook hook);
  // Asked before a changed vocabulary is taken: what it refuses is told to who changed it.
  using Judge = std::function<base::Status(const Vocabulary&)>;
  void on_vocabulary(std::string name, Judge judge);

 private:
  struct LabelRow {
    std::int64_t id = 0;
    std::string case_id;
    rights::Label label{};
  };
  struct Stored {
    std::int64_t id = 0, version = 0, label = 0, author = 0, made = 0, changed = 0;
    const Kind* kind = nullptr;
    std::string code, state, title, changed_by;
    boost::json::object values;  // sealed ones as they are kept
  };
  struct Kept {
    std::int64_t person;
    std::string id;
    const Kind* kind;
    std::vector<std::int64_t> ids;
    std::string name;  // that was asked for
  };

  Records(kernel::Desk& desk, Declared declared, const base::Clock& clock, Surroundings around);
  base::Status make_tables();
  base::Status load_vocabularies();
  base::Status load_templates();
  base::Status keep_version(std::string_view what, const Asker& who, std::string_view name, std::int64_t was,
                            const boost::json::object* before, const boost::json::object& after);
  bool uses(const Asker& who, const Template& t);
  class Fill;

  store::Sql& sql() { return desk_.records(); }
  std::int64_t today() const { return clock_.unix_micros() / 86'400'000'000; }
  using Labels = std::shared_ptr<const std::vector<LabelRow>>;
  Labels know_labels();
  LabelRow label_row(std::int64_t id);
  std::int64_t label_of(std::string_view case_id, const rights::Label& label);
  Asked asked(const Kind& kind, const LabelRow& row, rights::Act act) const;
  bool sees(const Asker& who, const Kind& kind, const LabelRow& row, rights::Act act);
  std::vector<std::int64_t> visible(const Asker& who, const Kind& kind, rights::Act act);
  Asked asked(const Stored& r, rights::Act act);
  rights::Decision decide(const Asker& who, const Stored& r, rights::Act act);
  base::Error refusal(const Asker& who, const Stored& r, rights::Act act, const rights::Decision& d);
  bool short_of_reason(std::string_view reason) const;
  boost::json::array may_some(const Asker& who, const Kind& kind);
  bool sees_some(const Asker& who, const Kind& kind, rights::Act act);
  std::optional<Stored> load(std::string_view code);
  std::optional<Stored> load(std::int64_t id);
  std::optional<Stored> load_row(std::string_view where, const record::Cell& value);
  base::Result<Stored> met(const Asker& who, std::string_view code, rights::Act act = rights::Act::read);
  std::vector<Stored> naming_it(const Asker& who, const Stored& r);
  base::Result<std::vector<std::pair<Stored, rights::Label>>> going_along(const Asker& who, const Stored& r,
                                                                          const rights::Label& to);
  base::Status put_label(kernel::Change& c, const Asker& who, const Stored& before, const rights::Label& to,
                         const Relabel& how);
  std::string new_code(const Kind& kind);
  std::string seal_key(const Stored& r, const Field& f);
  Known known(const Asker& who, std::string_view state);
  boost::json::object merged(const Asker& who, const Stored& r, const boost::json::object& given,
                             std::uint64_t visible, std::vector<Wrong>& wrong);
  struct Note {  // of a change, for ledger and history
    std::string_view act, reason;
  };
  base::Status store(kernel::Change& c, const Asker& who, const Stored* before, Stored& after,
                     const Note& note, std::vector<Wrong>& wrong);
  void write_values(const Stored& r, bool fresh);
  void write_links(const Stored& r, std::int64_t author);
  void write_words(const Stored& r);
  void open_task(const Asker& who, const Stored& r, const TaskRule& rule);
  using Further = std::vector<std::pair<const Kind*, boost::json::object>>;  // to be made behind a record
  void equip(Writing& writing, const Asker& who, const Stored& after, Further& further);
  std::vector<std::pair<std::string, std::string>> states_naming(std::string_view kind,
                                                                 std::string_view field,
                                                                 std::string_view code);
  void notice(std::int64_t person, const Words& words, std::string_view code);
  std::int64_t days_of_limit(std::string_view name, std::vector<std::string>* roles = nullptr) const;
  boost::json::object values_shown(const Stored& r, std::uint64_t fields, boost::json::array& masked,
                                   boost::json::array& sealed) const;
  boost::json::array transitions_of(const Asker& who, const Stored& r);
  boost::json::array links_of(const Asker& who, const Stored& r);
  boost::json::array tasks_of(const Stored& r);
  boost::json::object names_in(const Asker& who, const Stored& r);
  boost::json::object person(std::string_view code);
  std::vector<Words> missing(const Stored& r, const Transition& t);
  std::shared_ptr<const Kept> kept(const Asker& who, std::string_view id);
  base::Result<Where> where(const Asker& who, const Kind& kind, const Query& query);
  boost::json::object places_of(const Asker& who, const Kept& found);
  boost::json::object times_of(const Asker& who, const Kept& found);
  struct TileOf;
  boost::json::object part_json(const TileOf& t, const TilePart& part);
  // By the values of `columns`; of those alone for which `also`, a condition in SQL, holds.
  base::Result<std::shared_ptr<class Tally>> tally(const TileOf& t, const TilePart& part,
                                                   const std::vector<std::string>& columns = {},
                                                   const std::string& also = {});
  base::Result<std::int64_t> count(const TileOf& t, const TilePart& part);
  // The first in an order ("-changed") of those that the part asks for.
  base::Result<std::vector<std::int64_t>> first_of(const TileOf& t, const TilePart& part,
                                                   const std::string& sort, std::size_t most,
                                                   const std::string& also = {});
  base::Result<boost::json::object> counts_tile(const TileOf& t);
  base::Result<boost::json::object> list_tile(const TileOf& t);
  base::Result<boost::json::object> table_tile(const TileOf& t);
  base::Result<boost::json::object> cases_tile(const TileOf& t);
  base::Result<boost::json::object> picture_tile(const TileOf& t);
  boost::json::object tasks_tile(const TileOf& t);
  boost::json::value label_of_value(const TileOf& t, const Kind& kind, const std::string& by,
                                    const std::string& value);
  std::string keep_question(const Asker& who, const Kind& kind, const Query& query);
  void by_name(const Asker& who, const Field& field, boost::json::value& value);
  static Stored stored_of(const store::Statement& s, const Kind& kind,
                          const std::vector<const Field*>& fields);
  std::vector<Seen> seen(const Asker& who, const Kind& kind, std::vector<Stored> records);
  std::vector<Stored> many(const Kind& kind, const std::vector<std::int64_t>& ids);
  // The records of a kind in an order ("-changed"). Refuses: invalid, naming the field.
  base::Result<std::shared_ptr<class Order>> ordered(const Kind& kind, const std::vector<std::string>& sort);
  // A word, or with `true` the beginning of one.
  class Marks with_words(std::vector<std::pair<std::string, bool>> words);
  // Records of the kind that are called so, the most alike first; those alone that they may find.
  std::vector<Likeness> called(const Asker& who, const Kind& kind, std::string_view name);
  boost::json::value likeness_of(const Asker& who, const Stored& r, std::string_view name);
  bool administers_vocabularies(const Asker& who) const;

  kernel::Desk& desk_;
  const base::Clock& clock_;
  Surroundings around_;
  Newest declared_;
  std::unique_ptr<class Orders> orders_;
  std::unique_ptr<class Tallies> tallies_;
  std::unique_ptr<class Callings> callings_;
  std::mutex mutex_;                              // of what follows
  Labels labels_;                                 // those of changes that were made
  std::list<std::shared_ptr<const Kept>> found_;  // newest first
  std::vector<std::pair<std::string, Hook>> hooks_;
  std::vector<std::pair<std::string, Judge>> judges_;
  struct Shelved {
    std::shared_ptr<const Template> now;
    std::string wrong;  // why the newest that was kept is not it
  };
  std::map<std::string, Shelved, std::less<>> templates_;  // under mutex_
};

}  // namespace kinds
