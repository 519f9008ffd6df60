#include "filling.h"
#include "say.h"

#include <kinds/value.h>

#include <algorithm>

namespace kinds {

namespace json = boost::json;

void Records::Fill::blocks(const std::vector<TemplateBlock>& all, const Here& here) {
  for (const TemplateBlock& b : all) {
    if (failed_) return;
    block(b, here);
  }
}

void Records::Fill::paragraph(const std::string& text, bool numbered) {
  if (text.empty()) return;
  Filled::Block b;
  b.text = (numbered ? std::to_string(++paragraphs_) + ". " : "") + text;
  put(std::move(b));
}

void Records::Fill::heading(const std::string& text, std::int64_t level, bool numbered) {
  if (text.empty()) return;
  Filled::Block b;
  b.is = Filled::Block::Is::heading, b.level = static_cast<int>(level);
  if (numbered) {
    const auto at = static_cast<std::size_t>(level - 1);
    ++headings_[at];
    for (std::size_t i = at + 1; i < headings_.size(); ++i) headings_[i] = 0;
    for (std::size_t i = 0; i <= at; ++i)
      if (headings_[i]) b.text += std::to_string(headings_[i]) + ".";
    b.text += " ";
  }
  b.text += text;
  put(std::move(b));
}

void Records::Fill::block(const TemplateBlock& b, const Here& here) {
  using Show = TemplateBlock::Show;
  switch (b.show) {
    case Show::heading: {
      citing_ = false;
      const std::string text = say(b.text, here);
      citing_ = true;
      return heading(text, b.level, b.numbered);
    }
    case Show::paragraph: {
      Here counted = here;
      if (!b.of.empty()) counted.count = follow(b.of, here).size(), counted.counted = true;
      return paragraph(say(b.text, counted), b.numbered);
    }
    case Show::page_break:
    case Show::signature: {
      Filled::Block out;
      out.is = b.show == Show::signature ? Filled::Block::Is::signature : Filled::Block::Is::page_break;
      if (b.show == Show::signature) out.text = say(b.text, here);
      return put(std::move(out));
    }
    case Show::sources: sources_at_.emplace_back(out_.blocks.size(), b.as_table); return put({});
    case Show::values: return values(b, here);
    case Show::if_: return blocks(holds_here(b, here) ? b.blocks : b.otherwise, here);
    default: break;
  }
  const std::vector<Met> all = follow(b.of, here);
  if (failed_) return;
  if (all.empty()) {
    if (!b.none.en.empty()) paragraph(say(b.none, here), false);
    return;
  }
  std::size_t n = 0;
  Filled::Block out;
  switch (b.show) {
    case Show::each:
      for (const Met& m : all) blocks(b.blocks, here_of(m, ++n));
      return;
    case Show::list:
      out.is = Filled::Block::Is::list, out.numbered = b.numbered;
      for (const Met& m : all)
        if (std::string text = say(b.text, here_of(m, ++n)); !text.empty())
          out.items.push_back(std::move(text));
      break;
    case Show::counts: counts(b, all, out); break;
    default:
      out.is = Filled::Block::Is::table;
      for (const TemplateBlock::Column& c : b.columns)
        out.header.push_back(printing_.say(c.label)), out.widths.push_back(c.width);
      for (const Met& m : all) {
        const Here each = here_of(m, ++n);
        std::vector<std::string> row;
        for (const TemplateBlock::Column& c : b.columns) row.push_back(say(c.text, each));
        out.rows.push_back(std::move(row));
      }
  }
  put(std::move(out));
}

bool Records::Fill::holds_here(const TemplateBlock& b, const Here& here) {
  if (!b.of.empty()) return !follow(b.of, here).empty();
  if (!here.record) return false;
  if (b.field == "state" && !here.table && !here.record->kind->field("state"))
    return b.is.empty() || std::ranges::find(b.is, json::value(here.record->state)) != b.is.end();
  const json::object& values = here.row ? *here.row : here.record->values;
  const auto* v = values.if_contains(b.field);
  if (!v || v->is_null()) return false;
  if (b.is.empty()) return !(v->is_bool() && !v->get_bool());
  const auto one_of = [&](const json::value& x) { return std::ranges::find(b.is, x) != b.is.end(); };
  return one_of(*v) || (v->is_array() && std::ranges::any_of(v->get_array(), one_of));
}

void Records::Fill::counts(const TemplateBlock& b, const std::vector<Met>& all, Filled::Block& out) {
  std::vector<std::pair<std::string, std::size_t>> lines;  // in the order of the declaration
  const Kind& kind = *all.front().record->kind;
  const Field* f = kind.field(b.field);
  std::map<std::string, std::size_t> counted;
  for (const Met& m : all) {
    const auto* v = f ? m.record->values.if_contains(b.field) : nullptr;
    if (!f)
      ++counted[m.record->state];
    else if (!v)
      ++counted[""];
    else if (v->is_array())
      for (const auto& x : v->get_array()) ++counted[std::string(x.get_string())];
    else
      ++counted[to_cell(*f, *v)];
  }
  const auto line = [&](const std::string& key, const std::string& label) {
    if (const auto at = counted.find(key); at != counted.end()) {
      lines.emplace_back(label, at->second);
      counted.erase(at);
    }
  };
  const auto vocabulary = f && f->type == Type::coded ? declared_->vocabulary(f->vocabulary) : nullptr;
  if (!f)
    for (const State& s : kind.workflow.states) line(s.name, printing_.say(s.label));
  if (vocabulary)
    for (const Code& c : vocabulary->codes) line(c.code, printing_.say(c.label));
  const std::map<std::string, std::size_t> others = counted;
  for (const auto& [key, n] : others) {
    if (key.empty()) continue;
    citing_ = false;
    const bool names = f && (f->type == Type::reference || f->type == Type::staff);
    line(key, names                          ? printing_.text(*f, boost::json::value(key))
              : f && f->type == Type::yes_no ? printing_.text(*f, key == to_cell(*f, true))
                                             : key);
    citing_ = true;
  }
  line("", french_ ? "Non indiqué" : "Not said");
  out.is = Filled::Block::Is::table, out.widths = {4, 1};
  out.header = {printing_.say(b.text), french_ ? "Nombre" : "Number"};
  for (const auto& [label, n] : lines) out.rows.push_back({label, std::to_string(n)});
  out.rows.push_back({"Total", std::to_string(all.size())});
}

void Records::Fill::values(const TemplateBlock& b, const Here& here) {
  Filled::Block table;
  const auto flush = [&] {
    if (table.rows.empty()) return;
    table.is = Filled::Block::Is::table, table.widths = {1, 2.4};
    table.header = french_ ? std::vector<std::string>{"Rubrique", "Contenu"}
                           : std::vector<std::string>{"Entry", "Content"};
    put(std::move(table));
    table = {};
  };
  for (const std::string& name : b.fields) {
    const Field* f = field(name, here);
    if (!f) continue;
    if (f->type == Type::rows) {
      if (f->guard == Guard::open && here.record->values.contains(f->name))
        flush(), rows_of(*f, b.level, here);
      continue;
    }
    const std::string text = value(*f, here);
    if (text.empty()) continue;
    if (f->type != Type::long_) {
      table.rows.push_back({printing_.say(f->label), text});
      continue;
    }
    flush();
    heading(printing_.say(f->label), b.level, false);
    paragraph(text, false);
  }
  flush();
}

void Records::Fill::rows_of(const Field& f, std::int64_t level, const Here& here) {
  const auto* v = here.record->values.if_contains(f.name);
  if (!v || !v->is_array() || v->get_array().empty() || f.guard != Guard::open) return;
  Filled::Block out;
  out.is = Filled::Block::Is::table;
  for (const Field& c : f.columns)
    if (!c.retired) out.header.push_back(printing_.say(c.label));
  for (const auto& row : v->get_array()) {
    Here each = here;
    each.table = &f, each.row = &row.get_object();
    std::vector<std::string> cells;
    for (const Field& c : f.columns)
      if (!c.retired) cells.push_back(value(c, each));
    out.rows.push_back(std::move(cells));
  }
  heading(printing_.say(f.label), level, false);
  put(std::move(out));
}

}  // namespace kinds
