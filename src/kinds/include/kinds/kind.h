#pragma once
// Kinds of records, as they are declared: docs/formats/records.md. A kind is data; the tables, lists, forms,
// histories and workflows of its records are made from it and from nothing else.

#include <access/policy.h>
#include <base/result.h>

#include <boost/json.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kinds {

using rights::Words;

enum class Type : std::uint8_t {
  text,
  long_,
  integer,
  number,
  yes_no,
  date,
  time,
  place,
  coded,
  reference,
  staff,
  person,
  items,
  graded,
  money,
  rows,
};
std::string_view name_of(Type t);

enum class Guard : std::uint8_t { open, restricted, sealed };

// What must hold of the values of a record.
struct Condition {
  enum class Is : std::uint8_t {
    always,
    filled,
    is,
    in,
    at_least,
    at_most,
    not_after,
    state,
    not_,
    all,
    any,
    of,  // of each record that the field names; none is named: it does not hold
  };
  Is is = Is::always;
  std::string field, other;  // `other`: the field of not_after, or "today"
  std::vector<boost::json::value> values;
  double bound = 0;
  std::vector<Condition> of;
};

struct Field {
  int number = 0;  // permanent, 1 to 63; a retired number is never given again
  std::string name;
  Words label, help;
  Type type = Type::text;
  Guard guard = Guard::open;
  bool required = false, many = false, list = false, unique = false, computed = false, retired = false;
  bool leaf = false;   // of a vocabulary only codes that have none below them
  bool names = false;  // names of a person, in any script; of a reference: those of the record it names
  Condition when;      // the field is there only while it holds
  std::string vocabulary, pattern, unit;
  std::vector<std::string> to;  // kinds that may be referred to
  std::optional<double> min{}, max{};
  std::vector<Field> columns;  // of rows
  bool has_names() const;      // itself or in a column
};

struct Rule {
  std::string id;
  Condition must;
  Words words;
};

struct State {
  std::string name;
  Words label;
  bool locked = false, final = false;
};

struct Need {
  Condition if_;
  Words words;
};

struct TaskRule {
  Words label;
  std::string field;               // of type staff: its holder does it
  std::vector<std::string> roles;  // else these
  int days = 0;                    // 0: no date
  std::string limit;               // else by this limit of the table of time limits
};

struct Transition {
  std::string name, to;
  Words label;
  std::vector<std::string> from;
  rights::Act act = rights::Act::change;
  bool four_eyes = false, reason = false;
  std::vector<Need> needs;
  std::vector<std::pair<std::string, boost::json::value>> set;  // "now", "today", "me", or a value
  std::optional<TaskRule> task{};
};

struct Workflow {
  std::string start;
  std::vector<State> states;
  std::vector<Transition> transitions;
  const State* state(std::string_view name) const;
  const Transition* transition(std::string_view name) const;
};

struct Kind {
  std::string name, module, source, rights, prefix, name_field;
  std::int64_t version = 1;
  Words label, plural;
  std::vector<Field> fields;  // in the order of the declaration, retired ones too
  std::vector<Rule> rules;
  Workflow workflow;
  boost::json::object declaration;  // as it was read
  const Field* field(std::string_view field_name) const;
  bool named() const;  // whether its records are found by a name in any script
  std::string table() const { return "kind_" + name; }
};

// Refuses: invalid; the message begins with the place: "lead.fields.title: ...".
base::Result<Kind> read_kind(std::string_view json);

struct Code {
  std::string code, parent;
  Words label;
  bool retired = false;
};

struct Vocabulary {
  std::string name, source;
  std::int64_t version = 1;
  Words label;
  std::vector<Code> codes;
  boost::json::object declaration;
  const Code* code(std::string_view code) const;
};
// Refuses: invalid, with the place.
base::Result<Vocabulary> read_vocabulary(std::string_view json);

// All that is declared, fitted together: references lead to kinds, codes to vocabularies, rights to the
// policy.
class Declared {
 public:
  // Refuses: invalid, with the file and the place.
  static base::Result<Declared> make(const rights::Policy& policy, const std::vector<std::string>& kinds,
                                     const std::vector<std::string>& vocabularies);
  static base::Result<Declared> shipped(const rights::Policy& policy);

  const Kind* kind(std::string_view name) const;
  const std::vector<std::shared_ptr<const Kind>>& kinds() const { return kinds_; }
  std::shared_ptr<const Vocabulary> vocabulary(std::string_view name) const;
  const std::map<std::string, std::shared_ptr<const Vocabulary>, std::less<>>& vocabularies() const {
    return vocabularies_;
  }
  void put(Vocabulary v);  // in the place of the one of its name

 private:
  std::vector<std::shared_ptr<const Kind>> kinds_;
  std::map<std::string, std::shared_ptr<const Vocabulary>, std::less<>> vocabularies_;
};

// The files of data/kinds, data/vocabularies and data/templates, carried within the program.
const std::vector<std::string>& shipped_kinds();
const std::vector<std::string>& shipped_vocabularies();
const std::vector<std::string>& shipped_templates();

// The committed picture of all kinds: kinds.lock. A line a field.
std::string lock_of(const Declared& declared);

}  // namespace kinds
