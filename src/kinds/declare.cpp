#include "tree.h"

#include <kinds/kind.h>

#include <algorithm>
#include <array>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 16> kTypes{
    "text",  "long",      "integer", "number", "yes_no", "date",   "time",  "place",
    "coded", "reference", "staff",   "person", "items",  "graded", "money", "rows"};

Condition read_condition(const json::value& v, const std::string& place) {
  const auto* o = v.if_object();
  if (!o || o->size() != 1)
    throw Wrongly(place + ": a condition has one member, for example {\"filled\": \"x\"}");
  const std::string_view word = o->begin()->key();
  const json::value& of = o->begin()->value();
  Condition c;
  const auto pair = [&]() -> const json::array& {
    const auto* a = of.if_array();
    if (!a || a->size() != 2 || !(*a)[0].is_string())
      throw Wrongly(place + ": \"" + std::string(word) + "\" takes a field and a value");
    c.field = (*a)[0].get_string();
    return *a;
  };
  if (word == "filled") {
    if (!of.is_string()) throw Wrongly(place + ": \"filled\" takes the name of a field");
    c.is = Condition::Is::filled, c.field = of.get_string();
  } else if (word == "is") {
    c.is = Condition::Is::is, c.values = {pair()[1]};
  } else if (word == "in") {
    const auto& a = pair();
    if (!a[1].is_array()) throw Wrongly(place + ": \"in\" takes a field and a list of values");
    c.is = Condition::Is::in, c.values.assign(a[1].get_array().begin(), a[1].get_array().end());
  } else if (word == "at_least" || word == "at_most") {
    const auto& a = pair();
    if (!a[1].is_number())
      throw Wrongly(place + ": \"" + std::string(word) + "\" takes a field and a number");
    c.is = word == "at_least" ? Condition::Is::at_least : Condition::Is::at_most;
    c.bound = a[1].to_number<double>();
  } else if (word == "not_after") {
    const auto& a = pair();
    if (!a[1].is_string())
      throw Wrongly(place + ": \"not_after\" takes two fields, or a field and \"today\"");
    c.is = Condition::Is::not_after, c.other = a[1].get_string();
  } else if (word == "state") {
    if (!of.is_array()) throw Wrongly(place + ": \"state\" takes a list of states");
    c.is = Condition::Is::state, c.values.assign(of.get_array().begin(), of.get_array().end());
  } else if (word == "not") {
    c.is = Condition::Is::not_, c.of = {read_condition(of, place + ".not")};
  } else if (word == "all" || word == "any") {
    if (!of.is_array()) throw Wrongly(place + ": \"" + std::string(word) + "\" takes a list of conditions");
    c.is = word == "all" ? Condition::Is::all : Condition::Is::any;
    for (const auto& each : of.get_array())
      c.of.push_back(read_condition(each, place + "." + std::string(word)));
  } else if (word == "of") {
    c.is = Condition::Is::of, c.of = {read_condition(pair()[1], place + ".of")};
  } else {
    throw Wrongly(place + ": no condition is named \"" + std::string(word) + "\"");
  }
  return c;
}

Field read_field(const json::value& v, const std::string& place, bool column) {
  Tree t(v, place);
  Field f;
  f.number = static_cast<int>(t.integer("n", 1, 63));
  f.name = t.text("name");
  if (!is_name(f.name)) t.refuse("a name is lower case letters, digits and _");
  f.retired = t.flag("retired");
  if (f.retired) {
    if (const auto* type = t.any("type"); type && type->is_string()) {
      const auto at = std::ranges::find(kTypes, std::string_view(type->get_string()));
      if (at != kTypes.end()) f.type = static_cast<Type>(at - kTypes.begin());
    }
    t.end();
    return f;
  }
  f.label = t.words();
  const std::string type = t.text("type");
  const auto at = std::ranges::find(kTypes, type);
  if (at == kTypes.end()) t.refuse("there is no type \"" + type + "\"");
  f.type = static_cast<Type>(at - kTypes.begin());
  if (t.any("help")) f.help = t.words("help");
  f.required = t.flag("required");
  f.computed = t.flag("computed");
  f.many = t.flag("many") || f.type == Type::items;
  f.list = t.flag("list");
  f.unique = t.flag("unique");
  f.leaf = t.flag("leaf");
  f.names = t.flag("names");
  if (const std::string guard = t.text_or("guard", "open"); guard == "restricted")
    f.guard = Guard::restricted;
  else if (guard == "sealed")
    f.guard = Guard::sealed;
  else if (guard != "open")
    t.refuse("\"guard\" is restricted or sealed");
  if (const auto* when = t.any("when")) f.when = read_condition(*when, place + ".when");
  f.vocabulary = t.text_or("vocabulary");
  f.pattern = t.text_or("pattern");
  f.unit = t.text_or("unit");
  f.to = t.texts("to");
  f.min = t.number("min"), f.max = t.number("max");
  for (const auto& c : t.list("columns"))
    f.columns.push_back(read_field(c, place + ".columns[" + std::to_string(f.columns.size()) + "]", true));
  t.end();
  const bool may_be_many = f.type == Type::coded || f.type == Type::reference || f.type == Type::staff ||
                           f.type == Type::person || f.type == Type::items;
  if (f.many && !may_be_many) t.refuse("a " + type + " has one value; \"rows\" hold several");
  if ((f.type == Type::coded) != !f.vocabulary.empty()) t.refuse("\"vocabulary\" belongs to the type coded");
  if (f.leaf && f.type != Type::coded) t.refuse("\"leaf\" belongs to the type coded");
  if (f.names &&
      (f.guard != Guard::open || (f.type != Type::text && (column || f.many || f.type != Type::reference))))
    t.refuse("\"names\" belongs to an open field of the type text or reference");
  if ((f.type == Type::reference) != !f.to.empty()) t.refuse("\"to\" belongs to the type reference");
  if ((f.type == Type::rows) != !f.columns.empty()) t.refuse("\"columns\" belong to the type rows");
  if (f.guard != Guard::open && (f.list || f.unique))
    t.refuse("what is guarded is in no list, and is not compared");
  if (column && (f.type == Type::rows || f.guard != Guard::open || f.list || f.unique))
    t.refuse("a column holds no rows, no guard, and is in no list");
  if (f.guard == Guard::sealed && f.type != Type::text && f.type != Type::long_)
    t.refuse("what is sealed is text or long");
  return f;
}

void check_fields(const std::vector<Field>& fields, const std::string& place) {
  std::set<int> numbers;
  std::set<std::string> names;
  for (const Field& f : fields) {
    if (!numbers.insert(f.number).second)
      throw Wrongly(place + ": number " + std::to_string(f.number) + " is given twice");
    if (!names.insert(f.name).second) throw Wrongly(place + ": \"" + f.name + "\" is there twice");
    check_fields(f.columns, place + "." + f.name);
  }
}

const Field* find(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& f : fields)
    if (f.name == name && !f.retired) return &f;
  return nullptr;
}

// `beyond`: it may ask something of records that a field names. What it asks is judged once all kinds are
// read.
void check_condition(const Condition& c, const std::vector<Field>& fields, const Kind& kind,
                     const std::string& place, bool beyond = false) {
  if (!c.field.empty() && !find(fields, c.field))
    throw Wrongly(place + ": there is no field \"" + c.field + "\"");
  if (c.is == Condition::Is::of) {
    if (!beyond) throw Wrongly(place + ": \"of\" stands only in what a transition needs");
    const Field* f = find(fields, c.field);
    if (f->type != Type::reference || f->guard != Guard::open)
      throw Wrongly(place + ": \"" + c.field + "\" is no open reference");
    return;
  }
  if (c.is == Condition::Is::not_after) {
    const Field* f = find(fields, c.field);
    const Field* g = find(fields, c.other);
    if (c.other != "today" && !g) throw Wrongly(place + ": there is no field \"" + c.other + "\"");
    for (const Field* each : {f, g})
      if (each && each->type != Type::date && each->type != Type::time)
        throw Wrongly(place + ": \"" + each->name + "\" is no date");
  }
  if (c.is == Condition::Is::state)
    for (const auto& s : c.values)
      if (!s.is_string() || !kind.workflow.state(s.get_string()))
        throw Wrongly(place + ": a state that is not declared");
  for (const Condition& each : c.of) check_condition(each, fields, kind, place, beyond);
}

Workflow read_workflow(const json::value& v, const std::string& place) {
  Tree t(v, place);
  Workflow w;
  w.start = t.text("start");
  for (const auto& each : t.list("states")) {
    Tree s(each, place + ".states[" + std::to_string(w.states.size()) + "]");
    State state{s.text("name"), s.words(), s.flag("locked"), s.flag("final")};
    s.end();
    if (!is_name(state.name) || w.state(state.name)) s.refuse("the name is not well formed, or there twice");
    w.states.push_back(std::move(state));
  }
  for (const auto& each : t.list("transitions")) {
    Tree s(each, place + ".transitions[" + std::to_string(w.transitions.size()) + "]");
    Transition x;
    x.name = s.text("name"), x.to = s.text("to"), x.label = s.words(), x.from = s.texts("from");
    if (!is_name(x.name) || w.transition(x.name)) s.refuse("the name is not well formed, or there twice");
    const std::string act = s.text_or("act", "change");
    const auto a = rights::act_named(act);
    if (!a) s.refuse("there is no act \"" + act + "\"");
    x.act = *a, x.four_eyes = s.flag("four_eyes"), x.reason = s.flag("reason");
    for (const auto& need : s.list("needs")) {
      Tree n(need, s.place() + ".needs[" + std::to_string(x.needs.size()) + "]");
      const auto* c = n.any("if");
      if (!c) n.refuse("\"if\" is missing");
      x.needs.push_back({read_condition(*c, n.place()), n.words()});
      n.end();
    }
    if (const auto* set = s.any("set")) {
      if (!set->is_object()) s.refuse("\"set\" must be an object");
      for (const auto& m : set->get_object()) x.set.emplace_back(std::string(m.key()), m.value());
    }
    if (const auto* task = s.any("task")) {
      Tree k(*task, s.place() + ".task");
      TaskRule r;
      r.label = k.words(), r.field = k.text_or("field"), r.roles = k.texts("roles");
      if (k.any("days")) r.days = static_cast<int>(k.integer("days", 1, 36500));
      r.limit = k.text_or("limit");
      k.end();
      if (r.field.empty() && r.roles.empty()) k.refuse("nobody is to do it: name a field or roles");
      x.task = std::move(r);
    }
    s.end();
    for (const std::string& from : x.from)
      if (!w.state(from)) s.refuse("there is no state \"" + from + "\"");
    if (x.from.empty() || !w.state(x.to)) s.refuse("it leads from declared states to a declared one");
    w.transitions.push_back(std::move(x));
  }
  t.end();
  if (!w.state(w.start)) t.refuse("\"start\" is no state");
  return w;
}

// How a kind is shown besides lists, maps and timelines. What is drawn is said; whether it can be is judged
// here.
void check_display(const json::value& v, const Kind& kind, const std::string& place) {
  Tree t(v, place);
  const std::string show = t.text("show");
  const auto dated = [&](const std::vector<Field>& fields, const char* member, bool must) {
    const std::string name = must ? t.text(member) : t.text_or(member);
    if (name.empty()) return;
    const Field* f = find(fields, name);
    if (!f || f->type != Type::date || f->guard != Guard::open)
      t.refuse("\"" + std::string(member) + "\": \"" + name + "\" is no open field of the type date");
  };
  const auto table = [&](const char* member) -> const std::vector<Field>* {
    const std::string name = t.text_or(member);
    if (name.empty()) return nullptr;
    const Field* f = kind.field(name);
    if (!f || f->type != Type::rows || f->guard != Guard::open)
      t.refuse("\"" + std::string(member) + "\": \"" + name + "\" is no open field of the type rows");
    return &f->columns;
  };
  if (show == "board") {
    if (kind.workflow.transitions.empty()) t.refuse("a board needs a workflow with transitions");
  } else if (show == "calendar" || show == "heat") {
    dated(kind.fields, "field", true);
  } else if (show == "gantt") {
    if (const auto* tasks = table("tasks")) {
      for (const char* member : {"code", "label", "days", "after", "done"})
        if (const std::string name = t.text(member); !find(*tasks, name))
          t.refuse("\"" + std::string(member) + "\": the tasks have no column \"" + name + "\"");
      dated(*tasks, "begin", true), dated(*tasks, "baseline", false), dated(*tasks, "actual", false);
      if (const auto* milestones = table("milestones"))
        for (const char* name : {"milestone", "baseline", "forecast", "actual"})
          if (!find(*milestones, name))
            t.refuse("the milestones have no column \"" + std::string(name) + "\"");
    } else {
      dated(kind.fields, "begin", true), dated(kind.fields, "end", true);
    }
  } else {
    t.refuse("there is no display named \"" + show + "\"");
  }
  t.end();
}

Kind kind_of(const json::value& v) {
  const auto* o = v.if_object();
  const auto* named = o ? o->if_contains("kind") : nullptr;
  if (!named || !named->is_string()) throw Wrongly("a declaration begins with \"kind\"");
  Tree t(v, std::string(named->get_string()));
  Kind k;
  k.name = t.text("kind"), k.module = t.text("module"), k.source = t.text("source");
  k.version = t.integer("version", 1, 1'000'000);
  k.label = t.words("label"), k.plural = t.words("plural");
  k.rights = t.text("rights"), k.prefix = t.text("prefix"), k.name_field = t.text("name");
  if (!is_name(k.name) || !is_name(k.module)) t.refuse("a name is lower case letters, digits and _");
  if (k.prefix.size() < 2 || k.prefix.size() > 4 ||
      !std::ranges::all_of(k.prefix, [](char c) { return c >= 'A' && c <= 'Z'; }))
    t.refuse("\"prefix\" is two to four capitals");
  for (const auto& f : t.list("fields")) {
    const auto* fo = f.if_object();
    const auto* name = fo ? fo->if_contains("name") : nullptr;
    k.fields.push_back(read_field(
        f, k.name + ".fields." + (name && name->is_string() ? std::string(name->get_string()) : "?"), false));
  }
  check_fields(k.fields, k.name + ".fields");
  if (const auto* w = t.any("workflow"))
    k.workflow = read_workflow(*w, k.name + ".workflow");
  else
    k.workflow = {"open", {{"open", {"Open", "Ouvert"}, false, false}}, {}};
  for (const auto& r : t.list("rules")) {
    Tree s(r, k.name + ".rules[" + std::to_string(k.rules.size()) + "]");
    const std::string id = s.text("id");
    const auto* must = s.any("must");
    if (!must) s.refuse("\"must\" is missing");
    k.rules.push_back({id, read_condition(*must, s.place()), s.words()});
    s.end();
  }
  for (const auto& section : t.list("sections")) {
    Tree s(section, k.name + ".sections");
    s.words();
    for (const std::string& f : s.texts("fields"))
      if (!k.field(f)) s.refuse("there is no field \"" + f + "\"");
    s.end();
  }
  for (const auto& view : t.list("views")) {
    Tree s(view, k.name + ".views");
    s.text("name"), s.words(), s.list("filter"), s.texts("sort"), s.text_or("words");
    s.end();
  }
  std::size_t displays = 0;
  for (const auto& d : t.list("displays"))
    check_display(d, k, k.name + ".displays[" + std::to_string(displays++) + "]");
  t.end();
  const Field* named_by = k.field(k.name_field);
  if (!named_by || named_by->type != Type::text || named_by->guard != Guard::open)
    t.refuse("\"name\" is an open field of the type text");
  for (const Field& f : k.fields) {
    check_condition(f.when, k.fields, k, k.name + ".fields." + f.name);
    for (const Field& c : f.columns) check_condition(c.when, f.columns, k, k.name + ".fields." + f.name);
  }
  for (const Rule& r : k.rules) check_condition(r.must, k.fields, k, k.name + ".rules." + r.id);
  for (const Transition& x : k.workflow.transitions) {
    const std::string place = k.name + ".workflow." + x.name;
    for (const Need& n : x.needs) check_condition(n.if_, k.fields, k, place, true);
    for (const auto& [f, value] : x.set)
      if (!k.field(f)) throw Wrongly(place + ": there is no field \"" + f + "\"");
    if (x.task && !x.task->field.empty())
      if (const Field* f = k.field(x.task->field); !f || f->type != Type::staff)
        throw Wrongly(place + ": \"" + x.task->field + "\" is no field of the type staff");
  }
  k.declaration = *o;
  return k;
}

// What is asked of other records, now that their kinds are known.
void check_beyond(const Condition& c, const Kind& kind, const Declared& declared, const std::string& place) {
  for (const Condition& each : c.of) {
    if (c.is != Condition::Is::of) {
      check_beyond(each, kind, declared, place);
      continue;
    }
    for (const std::string& to : kind.field(c.field)->to)
      if (const Kind* other = declared.kind(to)) {
        check_condition(each, other->fields, *other, place + ", of " + c.field, true);
        check_beyond(each, *other, declared, place);
      }
  }
}

Vocabulary vocabulary_of(const json::value& v) {
  const auto* o = v.if_object();
  const auto* named = o ? o->if_contains("vocabulary") : nullptr;
  if (!named || !named->is_string()) throw Wrongly("a vocabulary begins with \"vocabulary\"");
  Tree t(v, std::string(named->get_string()));
  Vocabulary out;
  out.name = t.text("vocabulary"), out.source = t.text("source"), out.label = t.words("label");
  out.version = t.integer("version", 1, 1'000'000'000);
  if (!is_name(out.name)) t.refuse("a name is lower case letters, digits and _");
  std::set<std::string, std::less<>> met;
  for (const auto& each : t.list("codes")) {
    Tree c(each, out.name + ".codes[" + std::to_string(out.codes.size()) + "]");
    Code code{c.text("code"), c.text_or("parent"), c.words(), c.flag("retired")};
    if (code.code.size() > 80 || code.code.find_first_of("|\n\r\t") != std::string::npos)
      c.refuse("a code has at most 80 characters, and no | or line break");
    // What else a code tells (notes, sources, weights) is the business of who reads the vocabulary.
    if (!met.insert(code.code).second) c.refuse("the code \"" + code.code + "\" is there twice");
    out.codes.push_back(std::move(code));
  }
  t.end();
  for (const Code& c : out.codes)
    if (!c.parent.empty() && !out.code(c.parent))
      throw Wrongly(out.name + "." + c.code + ": its parent \"" + c.parent + "\" is not there");
  out.declaration = *o;
  return out;
}

template <class F>
auto reading(std::string_view text, F&& f) -> base::Result<decltype(f(std::declval<const json::value&>()))> {
  boost::system::error_code broken;
  const json::value v = json::parse(json::string_view(text.data(), text.size()), broken);
  if (broken) return base::Error{base::Refusal::invalid, "not JSON: " + broken.message()};
  try {
    return f(v);
  } catch (const Wrongly& w) { return base::Error{base::Refusal::invalid, w.what()}; }
}

}  // namespace

bool is_name(std::string_view s) {
  if (s.empty() || s.size() > 40 || s[0] < 'a' || s[0] > 'z') return false;
  return std::ranges::all_of(
      s, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}
std::string_view name_of(Type t) { return kTypes[static_cast<std::size_t>(t)]; }

const State* Workflow::state(std::string_view name) const {
  for (const State& s : states)
    if (s.name == name) return &s;
  return nullptr;
}
const Transition* Workflow::transition(std::string_view name) const {
  for (const Transition& t : transitions)
    if (t.name == name) return &t;
  return nullptr;
}
const Field* Kind::field(std::string_view field_name) const { return find(fields, field_name); }
bool Field::has_names() const {
  if (retired || guard != Guard::open) return false;
  return (names && type == Type::text) ||
         std::ranges::any_of(columns, [](const Field& c) { return c.names && !c.retired; });
}
bool Kind::named() const {
  return std::ranges::any_of(fields, [](const Field& f) { return f.has_names() || (f.names && !f.retired); });
}
const Code* Vocabulary::code(std::string_view code) const {
  for (const Code& c : codes)
    if (c.code == code) return &c;
  return nullptr;
}

base::Result<Kind> read_kind(std::string_view text) { return reading(text, kind_of); }
base::Result<Vocabulary> read_vocabulary(std::string_view text) { return reading(text, vocabulary_of); }

const Kind* Declared::kind(std::string_view name) const {
  for (const auto& k : kinds_)
    if (k->name == name) return k.get();
  return nullptr;
}
std::shared_ptr<const Vocabulary> Declared::vocabulary(std::string_view name) const {
  const auto at = vocabularies_.find(name);
  return at == vocabularies_.end() ? nullptr : at->second;
}
void Declared::put(Vocabulary v) {
  const std::string name = v.name;
  vocabularies_.insert_or_assign(name, std::make_shared<const Vocabulary>(std::move(v)));
}

base::Result<Declared> Declared::make(const rights::Policy& policy, const std::vector<std::string>& kinds,
                                      const std::vector<std::string>& vocabularies) {
  Declared out;
  for (const std::string& text : vocabularies) {
    Vocabulary v = TRY(read_vocabulary(text));
    if (out.vocabulary(v.name))
      return base::Error{base::Refusal::invalid, v.name + ": two vocabularies have this name"};
    out.put(std::move(v));
  }
  std::set<std::string> prefixes;
  for (const std::string& text : kinds) {
    Kind k = TRY(read_kind(text));
    if (out.kind(k.name)) return base::Error{base::Refusal::invalid, k.name + ": two kinds have this name"};
    if (!prefixes.insert(k.prefix).second)
      return base::Error{base::Refusal::invalid, k.name + ": another kind has the prefix " + k.prefix};
    out.kinds_.push_back(std::make_shared<const Kind>(std::move(k)));
  }
  std::ranges::sort(out.kinds_, {}, [](const auto& k) { return std::pair(k->module, k->name); });
  const auto wrong = [](const Kind& k, const std::string& what) {
    return base::Error{base::Refusal::invalid, k.name + ": " + what};
  };
  for (const auto& k : out.kinds_) {
    const auto right = policy.kind(k->rights);
    if (!right) return wrong(*k, "the policy has no kind \"" + k->rights + "\"");
    if (policy.kinds()[*right].identity)
      return wrong(*k, "identities are in the register, never in a record");
    for (const Transition& t : k->workflow.transitions)
      if (t.task)
        for (const std::string& role : t.task->roles)
          if (!policy.role(role)) return wrong(*k, "the policy has no role \"" + role + "\"");
    std::vector<const Field*> all;
    for (const Field& f : k->fields) {
      all.push_back(&f);
      for (const Field& c : f.columns) all.push_back(&c);
    }
    for (const Field* f : all) {
      if (!f->vocabulary.empty() && !out.vocabulary(f->vocabulary))
        return wrong(*k, f->name + ": there is no vocabulary \"" + f->vocabulary + "\"");
      if (f->type == Type::graded && !out.vocabulary("grading"))
        return wrong(*k, f->name + ": there is no vocabulary \"grading\"");
      for (const std::string& to : f->to)
        if (!out.kind(to)) return wrong(*k, f->name + ": there is no kind \"" + to + "\"");
      for (const std::string& to : f->to)
        if (f->names && std::ranges::none_of(out.kind(to)->fields, &Field::has_names))
          return wrong(*k, f->name + ": \"" + to + "\" has no names");
    }
    try {
      for (const Transition& t : k->workflow.transitions)
        for (const Need& n : t.needs) check_beyond(n.if_, *k, out, k->name + ".workflow." + t.name);
    } catch (const Wrongly& w) { return base::Error{base::Refusal::invalid, w.what()}; }
  }
  return out;
}

base::Result<Declared> Declared::shipped(const rights::Policy& policy) {
  return make(policy, shipped_kinds(), shipped_vocabularies());
}

std::string lock_of(const Declared& declared) {
  std::string out;
  for (const auto& k : declared.kinds())
    for (const Field& f : k->fields) {
      out += k->name + " " + std::to_string(f.number) + " " + f.name + " " + std::string(name_of(f.type));
      if (f.many && f.type != Type::items) out += " many";
      if (f.guard == Guard::restricted) out += " restricted";
      if (f.guard == Guard::sealed) out += " sealed";
      if (f.retired) out += " retired";
      out += '\n';
    }
  return out;
}

}  // namespace kinds
