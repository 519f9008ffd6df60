// Templates as they are declared, and what is wrong with them.
#include "asked.h"
#include "tree.h"

#include <kinds/home.h>
#include <kinds/template.h>

#include <algorithm>
#include <array>

namespace kinds {
namespace {

namespace json = boost::json;
using Block = TemplateBlock;

constexpr int kDeepest = 8;
constexpr std::size_t kBlocksMax = 500, kBlockTextMax = 4000;
constexpr std::array<std::string_view, 11> kShows{"heading", "paragraph",  "list",     "table",
                                                  "counts",  "values",     "each",     "if",
                                                  "sources", "page_break", "signature"};
constexpr std::array<std::string_view, 4> kPeriods{"week", "month", "year", "any"};
constexpr std::array<std::string_view, 9> kHeads{"code", "title",   "state",  "case", "class",
                                                 "made", "changed", "author", "kind"};
constexpr std::array<std::string_view, 5> kOfItems{"item", "code", "path", "type", "sha256"};

template <class List>
std::string listed(const List& all) {
  std::string out;
  for (const auto& each : all) out += (out.empty() ? "" : ", ") + std::string(each);
  return out;
}
std::string fields_of(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& f : fields)
    if (!f.retired) names.push_back(f.name);
  return listed(names);
}
template <class List>
bool in(const List& all, std::string_view name) {
  return std::ranges::find(all, name) != all.end();
}

// What the blocks at one place speak of.
struct Scope {
  const Kind* kind = nullptr;
  const Field* rows = nullptr;
  bool items = false, repeated = false, counted = false;
};

class Reading {
 public:
  Reading(const Declared& declared, const json::value& v) : declared_(declared), v_(v) {}

  Template all() {
    const auto* o = v_.if_object();
    const auto* named = o ? o->if_contains("template") : nullptr;
    if (!named || !named->is_string()) throw Wrongly("a template begins with \"template\", its name");
    Tree t(v_, "template " + std::string(named->get_string()));
    out_.name = t.text("template"), out_.source = t.text("source"), out_.label = t.words();
    if (!is_name(out_.name)) t.refuse("a name is lower case letters, digits and _");
    out_.version = t.integer("version", 1, 1'000'000), out_.ratified = t.flag("ratified");
    Scope scope;
    if (t.any("kind")) {
      out_.kind = t.text("kind");
      scope.kind = main_ = &kind(out_.kind, t.place());
    }
    out_.periods = t.texts("periods");
    for (const std::string& p : out_.periods)
      if (!in(kPeriods, p)) t.refuse("there is no period \"" + p + "\": take " + listed(kPeriods));
    if (!main_ && out_.periods.empty())
      t.refuse(
          "it has neither a \"kind\" nor \"periods\": name the kind of record that it is made of, or the "
          "periods of a report");
    out_.title = t.words("title");
    check_text(out_.title, scope, t.place() + ".title");
    out_.blocks = blocks(t, "blocks", scope, 1);
    t.end();
    if (out_.blocks.empty()) t.refuse("it has no blocks");
    out_.declaration = *o;
    return std::move(out_);
  }

 private:
  const Kind& kind(const std::string& name, const std::string& place) {
    const Kind* k = declared_.kind(name);
    if (!k) throw Wrongly(place + ": there is no kind \"" + name + "\"");
    out_.kinds.insert(name);
    return *k;
  }
  static const Field& field(const Scope& scope, const std::string& name, const std::string& place) {
    if (scope.rows) {
      for (const Field& c : scope.rows->columns)
        if (c.name == name && !c.retired) return c;
      throw Wrongly(place + ": the table " + scope.rows->name + " has no column \"" + name + "\"; it has " +
                    fields_of(scope.rows->columns));
    }
    if (!scope.kind)
      throw Wrongly(place + ": \"" + name +
                    "\" is a field of nothing: fields are named inside of a repetition over records");
    const Field* f = scope.kind->field(name);
    if (!f || f->retired)
      throw Wrongly(place + ": " + scope.kind->name + " has no field \"" + name + "\"; it has " +
                    fields_of(scope.kind->fields));
    return *f;
  }
  static const Field& open(const Scope& scope, const std::string& name, const std::string& place) {
    const Field& f = field(scope, name, place);
    if (f.guard != Guard::open)
      throw Wrongly(place + ": \"" + name +
                    "\" is guarded: what depends on it would tell of it; print it instead");
    return f;
  }

  static bool has(const Scope& scope, const std::string& name) {
    if (scope.items || (!scope.rows && !scope.kind)) return false;
    const auto& fields = scope.rows ? scope.rows->columns : scope.kind->fields;
    return std::ranges::any_of(fields, [&](const Field& f) { return f.name == name && !f.retired; });
  }
  // A field of what is spoken of comes before the words of the language of templates.
  void check_name(const std::string& name, const Scope& scope, const std::string& place) const {
    if (name == "count" && scope.counted) return;
    if (has(scope, name)) return check_field(name, scope, place);
    if (name == "today" || name == "me") return;
    if (name == "from" || name == "to") {
      if (out_.periods.empty())
        throw Wrongly(place + ": {" + name +
                      "} is the end of a period; this template has none: give it \"periods\"");
      return;
    }
    if (name == "n" || name == "count") {
      if (name == "n" ? scope.repeated : scope.counted) return;
      throw Wrongly(place + (name == "n" ? ": {n} counts within a repetition; this is in none"
                                         : ": {count} is how many \"of\" leads to; there is no \"of\" here"));
    }
    if (name.starts_with("main.")) {
      if (!main_) throw Wrongly(place + ": a report has no main record: {" + name + "} is nothing");
      Scope of_main;
      of_main.kind = main_;
      check_name(name.substr(5), of_main, place);
      return;
    }
    if (scope.items) {
      if (!in(kOfItems, name))
        throw Wrongly(place + ": an item has no {" + name + "}; it has " + listed(kOfItems));
      return;
    }
    if (scope.kind && !scope.rows && in(kHeads, name)) return;
    check_field(name, scope, place);
  }
  static void check_field(const std::string& name, const Scope& scope, const std::string& place) {
    if (const Field& f = field(scope, name, place); f.type == Type::rows)
      throw Wrongly(place + ": \"" + name + "\" is a table: show it by a block with \"of\": {\"rows\": \"" +
                    name + "\"}");
  }
  void check_text(const Words& words, const Scope& scope, const std::string& place) const {
    for (const std::string* text : {&words.en, &words.fr}) {
      const std::string at = place + (text == &words.en ? ".en" : ".fr");
      if (text->size() > kBlockTextMax) throw Wrongly(at + ": a text has at most 4,000 bytes: divide it");
      const base::Status good = each_piece(
          *text, [](std::string_view) {},
          [&](std::string_view name) { check_name(std::string(name), scope, at); });
      if (!good.ok()) throw Wrongly(at + ": " + good.error().message);
    }
  }

  // Where a step leads is the scope of what follows.
  Step step(const json::value& v, const std::string& place, Scope& scope) {
    Tree t(v, place);
    Step s;
    if (t.any("rows")) {
      s.is = Step::Is::rows, s.field = t.text("rows");
      const Field& f = open(scope, s.field, place);
      if (f.type != Type::rows) t.refuse("\"" + s.field + "\" is no table");
      scope = {scope.kind, &f};
    } else if (t.any("items")) {
      s.is = Step::Is::items, s.field = t.text("items");
      if (open(scope, s.field, place).type != Type::items) t.refuse("\"" + s.field + "\" names no items");
      scope = {.items = true};
    } else if (t.any("kind")) {
      s.kind = t.text("kind"), s.field = t.text_or("field"), s.filter = t.list("filter"),
      s.sort = t.texts("sort");
      const Kind& k = kind(s.kind, place);
      Scope next;
      next.kind = &k;
      if (!s.field.empty()) {
        s.is = Step::Is::naming;
        if (!scope.kind || scope.rows || scope.items)
          t.refuse("nothing is there that " + s.kind +
                   " could name: leave \"field\" out, or put it in a repetition");
        const Field& f = open(next, s.field, place);
        if (f.type != Type::reference || !in(f.to, scope.kind->name))
          t.refuse(s.kind + "." + s.field + " does not refer to " + scope.kind->name);
      }
      check_filter(declared_, k, asked_between(k, s.filter, place), place);
      check_sort(k, s.sort, place);
      scope = next;
    } else {
      s.is = Step::Is::field, s.field = t.text("field");
      if (scope.items) t.refuse("an item has no fields");
      const Field& f = open(scope, s.field, place);
      if (f.type != Type::reference || f.to.size() != 1)
        t.refuse("\"" + s.field + "\" does not refer to records of one kind");
      if (scope.rows) t.refuse("columns lead nowhere: only fields of a record do");
      Scope next;
      next.kind = &kind(f.to.front(), place);
      scope = next;
    }
    t.end();
    return s;
  }
  json::array asked_between(const Kind& k, const json::array& filter, const std::string& place) const {
    json::array out = filter;
    for (auto& each : out)
      if (auto* o = each.if_object())
        if (auto* value = o->if_contains("value"); value && (*value == "from" || *value == "to")) {
          const auto* named = o->if_contains("field");
          const Field* f = named && named->is_string() ? k.field(named->get_string()) : nullptr;
          const bool day = f ? f->type == Type::date || f->type == Type::time
                             : named && (*named == "made" || *named == "changed");
          if (!day) continue;
          if (out_.periods.empty())
            throw Wrongly(place + ": \"from\" and \"to\" are the ends of a period; this template has none");
          *value = "2026-01-01";
        }
    return asked_today(k, out, "P-1", 20'000);
  }
  std::vector<Step> steps(Tree& t, Scope& scope) {
    const auto* v = t.any("of");
    std::vector<Step> out;
    if (!v) t.refuse("\"of\" is missing: it says over what this repeats");
    if (!v->is_array()) {
      out.push_back(step(*v, t.place() + ".of", scope));
    } else {
      for (const auto& each : v->get_array())
        out.push_back(step(each, t.place() + ".of[" + std::to_string(out.size()) + "]", scope));
      if (out.empty() || out.size() > 5) t.refuse("\"of\" has one to five steps");
    }
    scope.repeated = true;
    return out;
  }

  std::vector<Block> blocks(Tree& t, const char* member, const Scope& scope, int depth) {
    if (depth > kDeepest) t.refuse("blocks are nested at most eight deep");
    std::vector<Block> out;
    for (const auto& each : t.list(member))
      out.push_back(
          block(each, t.place() + "." + member + "[" + std::to_string(out.size()) + "]", scope, depth));
    return out;
  }
  Block block(const json::value& v, const std::string& place, const Scope& outer, int depth) {
    if (++blocks_ > kBlocksMax) throw Wrongly(place + ": a template has at most 500 blocks");
    Tree t(v, place);
    const std::string show = t.text("block");
    const auto at = std::ranges::find(kShows, show);
    if (at == kShows.end()) t.refuse("there is no block \"" + show + "\": take one of " + listed(kShows));
    Block b;
    b.show = static_cast<Block::Show>(at - kShows.begin());
    Scope scope = outer;
    using Show = Block::Show;
    const auto text = [&](const Scope& of) {
      b.text = t.words();
      check_text(b.text, of, place);
    };
    const auto repeated = [&] {
      b.of = steps(t, scope);
      if (!t.any("none")) return;
      b.none = t.words("none");
      check_text(b.none, outer, place + ".none");
    };
    switch (b.show) {
      case Show::heading:
        b.level = t.any("level") ? t.integer("level", 1, 4) : 1, b.numbered = t.flag("numbered");
        text(scope);
        break;
      case Show::paragraph:
        b.numbered = t.flag("numbered");
        if (t.any("of")) {
          Scope reached = scope;
          b.of = steps(t, reached), scope.counted = true;
        }
        text(scope);
        break;
      case Show::list:
        b.numbered = t.flag("numbered");
        repeated();
        text(scope);
        break;
      case Show::table: repeated(), columns(t, b, scope); break;
      case Show::counts:
        repeated();
        b.field = t.text("by"), b.text = t.words();
        if (!scope.kind || scope.rows ||
            !(can_count_by(*scope.kind, b.field) || coded(*scope.kind, b.field)) || b.field == "case")
          t.refuse("\"" + b.field + "\" cannot be counted by: take state, or an open field with codes");
        break;
      case Show::values:
        b.fields = t.texts("fields");
        b.level = t.any("level") ? t.integer("level", 1, 4) : 3;
        if (b.fields.empty()) t.refuse("\"fields\" names none");
        if (scope.items) t.refuse("an item has no fields");
        for (const std::string& name : b.fields) static_cast<void>(field(scope, name, place + ".fields"));
        break;
      case Show::each:
        repeated();
        b.blocks = blocks(t, "blocks", scope, depth + 1);
        if (b.blocks.empty()) t.refuse("a repetition is not closed: it needs \"blocks\", what is repeated");
        break;
      case Show::if_: condition(t, b, scope, depth); break;
      case Show::sources: b.as_table = t.text_or("as", "list") == "table"; break;
      case Show::page_break: break;
      case Show::signature: text(scope); break;
    }
    t.end();
    return b;
  }
  static bool coded(const Kind& k, const std::string& name) {
    const Field* f = open_field(k, name);
    return f && f->type == Type::coded;
  }
  void columns(Tree& t, Block& b, const Scope& scope) {
    for (const auto& each : t.list("columns")) {
      Tree c(each, t.place() + ".columns[" + std::to_string(b.columns.size()) + "]");
      Block::Column out;
      out.label = c.words();
      const auto* show = c.any("show");
      out.text = show && show->is_string() ? Words{c.text("show"), c.text("show")} : c.words("show");
      out.width = c.number("width").value_or(1);
      if (!(out.width > 0 && out.width <= 100)) c.refuse("\"width\" is a share above 0, at most 100");
      check_text(out.text, scope, c.place() + ".show");
      c.end();
      b.columns.push_back(std::move(out));
    }
    if (b.columns.empty() || b.columns.size() > 12) t.refuse("a table has 1 to 12 \"columns\"");
  }
  void condition(Tree& t, Block& b, const Scope& scope, int depth) {
    if (t.any("of")) {
      Scope reached = scope;
      b.of = steps(t, reached);
    } else {
      b.field = t.text("field");
      const auto* is = t.any("is");
      if (is)
        b.is = is->is_array() ? std::vector<json::value>(is->get_array().begin(), is->get_array().end())
                              : std::vector<json::value>{*is};
      const bool state = b.field == "state" && scope.kind && !scope.rows && !scope.kind->field("state");
      if (scope.items) t.refuse("an item has no fields");
      if (!state) static_cast<void>(open(scope, b.field, t.place()));
      if (scope.kind && !scope.rows)
        for (const json::value& v : b.is) check_codes(declared_, *scope.kind, b.field, v, t.place());
    }
    b.blocks = blocks(t, "blocks", scope, depth + 1);
    b.otherwise = blocks(t, "otherwise", scope, depth + 1);
    if (b.blocks.empty() && b.otherwise.empty())
      t.refuse("a condition is not closed: it needs \"blocks\", what is shown while it holds");
  }

  const Declared& declared_;
  const json::value& v_;
  const Kind* main_ = nullptr;
  Template out_;
  std::size_t blocks_ = 0;
};

// "line 3, column 7" of a byte.
std::string line_and_column(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  const std::size_t begin = text.substr(0, at).rfind('\n');
  return "line " + std::to_string(line) + ", column " +
         std::to_string(at - (begin == std::string_view::npos ? 0 : begin + 1) + 1);
}

}  // namespace

base::Status each_piece(std::string_view text, const std::function<void(std::string_view)>& plain,
                        const std::function<void(std::string_view)>& named) {
  const auto wrong = [](const std::string& what) { return base::Error{base::Refusal::invalid, what}; };
  while (!text.empty()) {
    const std::size_t at = text.find_first_of("{}");
    if (at != 0) plain(text.substr(0, at));
    if (at == std::string_view::npos) break;
    const char brace = text[at];
    text.remove_prefix(at);
    if (text.size() > 1 && text[1] == brace) {
      plain(text.substr(0, 1));
      text.remove_prefix(2);
      continue;
    }
    if (brace == '}') return wrong("a \"}\" closes nothing: write \"}}\" for a brace");
    const std::size_t end = text.find_first_of("{}", 1);
    if (end == std::string_view::npos || text[end] == '{')
      return wrong("\"" + std::string(text.substr(0, 20)) +
                   "\" is not closed: end it with \"}\", or write \"{{\" for a brace");
    named(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
  return base::Done{};
}

base::Result<Template> read_template(const Declared& declared, std::string_view text) {
  json::stream_parser parser;
  boost::system::error_code broken;
  const std::size_t read = parser.write_some(text.data(), text.size(), broken);
  if (!broken && read == text.size()) parser.finish(broken);
  if (!broken && read < text.size()) broken = json::error::extra_data;
  if (broken)
    return base::Error{base::Refusal::invalid,
                       "not JSON at " + line_and_column(text, read) + ": " + broken.message()};
  const json::value v = parser.release();
  try {
    return Reading(declared, v).all();
  } catch (const Wrongly& w) { return base::Error{base::Refusal::invalid, w.what()}; }
}

json::array blocks_json(const Filled& filled) {
  constexpr std::array<std::string_view, 6> names{"heading", "paragraph",  "list",
                                                  "table",   "page_break", "signature"};
  json::array out;
  for (const Filled::Block& b : filled.blocks) {
    using Is = Filled::Block::Is;
    json::object o{{"block", names.at(static_cast<std::size_t>(b.is))}};
    if (b.is == Is::heading) o["level"] = b.level;
    if (b.is == Is::heading || b.is == Is::paragraph || b.is == Is::signature) o["text"] = b.text;
    if (b.is == Is::list) o["numbered"] = b.numbered, o["items"] = json::value_from(b.items);
    if (b.is == Is::table) o["header"] = json::value_from(b.header), o["rows"] = json::value_from(b.rows);
    out.push_back(std::move(o));
  }
  return out;
}

}  // namespace kinds
