// A template with records put in. All of it is read as the person may read it: what they may not see is
// passed over before anything is counted or numbered.
#include "filling.h"
#include "say.h"

#include <base/json.h>
#include <base/text.h>
#include <kinds/date.h>
#include <kinds/home.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kRecordsMax = 2000, kBlocksMax = 20'000;

bool is_word(std::string_view s) {
  return std::ranges::any_of(s, [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || (u >= '0' && u <= '9') || ((u | 32) >= 'a' && (u | 32) <= 'z');
  });
}

}  // namespace

Records::Fill::Fill(Records& of, const Asker& who, const Template& with, const Filling& asked)
    : of_(of),
      declared_(of.declared_.get()),
      who_(who),
      template_(with),
      asked_(asked),
      french_(asked.language == "fr"),
      printing_(*declared_, asked.language, naming(), true) {
  for (const auto& p : of.around_.staff()) people_[p.code] = p.name;
  for (const auto& c : of.around_.cases()) cases_[c.id] = c.code;
}

base::Result<Filled> Records::Fill::all() {
  Here here;
  out_.language = french_ ? "fr" : "en";
  std::string of_what = printing_.say(template_.label);
  if (!template_.kind.empty()) {
    auto r = TRY(of_.met(who_, asked_.code));
    if (r.kind->name != template_.kind) return not_there();
    out_.classification = rights::Classification::public_;
    const Met main = met_of(std::make_shared<const Stored>(std::move(r)));
    case_ = of_.label_row(main.record->label).case_id;
    carry(*main.record);
    main_ = {main.record.get(), main.fields};
    here = main_;
    const State* state = main.record->kind->workflow.state(main.record->state);
    out_.about = printing_.say(main.record->kind->label) + " " + main.record->code +
                 (state ? " — " + printing_.say(state->label) : "");
    out_.reference = main.record->code + " · " + of_what;
    return finish(here);
  }
  TRY(check_case());
  case_ = asked_.case_id;
  if (!case_.empty()) out_.cases.insert(case_);
  out_.about = !case_.empty()
                   ? (french_ ? "Affaire " : "Case ") + cases_[case_]
                   : (french_ ? "Toutes les affaires ouvertes à " : "All cases open to ") + person(who_.code);
  out_.reference = std::move(of_what);
  return finish(here);
}

Records::Fill::Here Records::Fill::here_of(const Met& m, std::size_t n) {
  return {m.record.get(), m.fields, m.table, m.table ? &m.row : nullptr, m.item ? &*m.item : nullptr, n};
}

base::Result<Filled> Records::Fill::finish(const Here& here) {
  if (!template_.periods.empty()) TRY(check_period());
  citing_ = false;
  out_.title = say(template_.title, here);
  citing_ = true;
  blocks(template_.blocks, here);
  if (failed_) return *failed_;
  if (!sources_.empty() && sources_at_.empty()) {
    Filled::Block h;
    h.is = Filled::Block::Is::heading, h.text = "Sources";
    put(std::move(h));
    sources_at_.emplace_back(out_.blocks.size(), false);
    put({});
  }
  for (const auto& [at, as_table] : sources_at_) out_.blocks[at] = told_sources(as_table);
  out_.reference += ", version " + std::to_string(template_.version);
  if (!template_.ratified)
    out_.reference += french_ ? " (par défaut, non ratifié)" : " (default, not ratified)";
  if (failed_) return *failed_;
  tell();
  return std::move(out_);
}

base::Status Records::Fill::check_period() const {
  const auto day = [](const std::string& s) { return s.size() == 10 && days_of(s); };
  if (!day(asked_.from) || !day(asked_.to) || asked_.from > asked_.to)
    return base::Error{base::Refusal::invalid,
                       "\"from\" and \"to\" are the days of the period, such as 2026-11-16 and 2026-11-22, "
                       "the earlier first"};
  return base::Done{};
}

base::Status Records::Fill::check_case() {
  if (asked_.case_id.empty()) return base::Done{};
  const bool known = std::ranges::any_of(template_.kinds, [&](const std::string& name) {
    const LabelRow row{0, asked_.case_id, {rights::Classification::internal, {}}};
    return of_.sees(who_, *declared_->kind(name), row, rights::Act::read);
  });
  if (!known || !cases_.contains(asked_.case_id)) return not_there();
  return base::Done{};
}

Records::Fill::Met Records::Fill::met_of(std::shared_ptr<const Stored> r) const {
  const rights::Decision read = of_.decide(who_, *r, rights::Act::read);
  const rights::Decision more = of_.decide(who_, *r, rights::Act::read_sensitive);
  return {std::move(r), read.fields | (more.allowed ? more.fields : 0)};
}

void Records::Fill::raise(const Stored& r) {
  const LabelRow label = of_.label_row(r.label);
  out_.classification = std::max(out_.classification, label.label.classification);
  if (!label.case_id.empty()) out_.cases.insert(label.case_id);
}

void Records::Fill::carry(const Stored& r) {
  if (!carried_.try_emplace(r.code).second) return;
  raise(r);
  out_.records.push_back(r.code);
  if (out_.records.size() > kRecordsMax)
    fail("it would carry more than 2,000 records: take a shorter period, or one case");
}

void Records::Fill::fail(const std::string& what) {
  if (!failed_) failed_ = base::Error{base::Refusal::exhausted, "this document is too long: " + what};
}

void Records::Fill::put(Filled::Block b) {
  out_.blocks.push_back(std::move(b));
  if (out_.blocks.size() > kBlocksMax) fail("it would have more than 20,000 paragraphs and tables");
}

void Records::Fill::tell() {
  const auto about = [&](base::JsonWriter& j) {
    j.member("template", template_.name).member("version", template_.version);
    if (asked_.draft) j.member("draft", true);
    j.member("language", out_.language).member("format", asked_.format);
    if (!who_.purpose.empty()) j.member("purpose", who_.purpose);
  };
  std::string whole;
  base::JsonWriter j(whole);
  j.object();
  about(j);
  if (!template_.periods.empty()) j.member("from", asked_.from).member("to", asked_.to);
  if (!asked_.code.empty()) j.member("record", asked_.code);
  if (!case_.empty()) j.member("case", case_);
  j.key("records").array();
  for (const std::string& code : out_.records) j.value(code);
  j.end_array().end_object();
  of_.desk_.together([&](kernel::Change& c) {
    c.tell({"printed", who_.code, template_.name, whole});
    // At each record as well, where whoever keeps it looks for its readers; what else went along is not for
    // them.
    for (const auto& [code, sensitive] : carried_) {
      std::string one;
      base::JsonWriter w(one);
      w.object();
      about(w);
      w.key("sensitive").array();
      for (const std::string& f : sensitive) w.value(f);
      w.end_array().end_object();
      c.tell({"printed", who_.code, code, one});
    }
  });
}

Printing::Naming Records::Fill::naming() {
  Printing::Naming n;
  n.named = [this](const Field& f, std::string_view code) -> std::optional<std::string> {
    if (f.type == Type::staff) return person(code);
    const Stored* r = named(code);
    if (!r) return {};
    raise(*r);
    const std::string text = r->title + " (" + r->code + ")";
    return text + cite(r->code, {text, "", ""});
  };
  n.item = [this](std::string_view id) -> std::optional<std::string> {
    const auto item = told(id);
    if (!item) return {};
    return item->code + cite_item(*item);
  };
  return n;
}

std::string Records::Fill::person(std::string_view code) const {
  const auto at = people_.find(code);
  return at == people_.end() ? std::string(code) : at->second;
}

const Records::Stored* Records::Fill::named(std::string_view code) {
  const auto at = named_.find(code);
  if (at != named_.end()) return at->second ? &*at->second : nullptr;
  std::optional<Stored> r = of_.load(code);
  if (r && !of_.decide(who_, *r, rights::Act::search).allowed) r.reset();
  const auto& kept = named_.emplace(std::string(code), std::move(r)).first->second;
  return kept ? &*kept : nullptr;
}

std::optional<Asker::Item> Records::Fill::told(std::string_view id) {
  const auto at = items_.find(id);
  if (at != items_.end()) return at->second;
  std::optional<Asker::Item> item;
  if (who_.told)
    item = who_.told(id);
  else if (who_.item && who_.item(id))
    item = Asker::Item{std::string(id), "", "", "", ""};
  return items_.emplace(std::string(id), std::move(item)).first->second;
}

std::string Records::Fill::cite(const std::string& key, Source source) {
  if (!citing_) return {};
  const auto [at, fresh] = source_number_.try_emplace(key, sources_.size() + 1);
  if (fresh) sources_.push_back(std::move(source));
  return " [" + std::to_string(at->second) + "]";
}

std::string Records::Fill::cite_item(const Asker::Item& item) {
  if (!item.case_id.empty()) out_.cases.insert(item.case_id);
  return cite(item.code, {(french_ ? "Pièce " : "Item ") + item.code, item.path, item.sha256});
}

Filled::Block Records::Fill::told_sources(bool as_table) const {
  Filled::Block b;
  if (sources_.empty()) {
    b.text = french_ ? "Aucune source n'est citée." : "No source is cited.";
  } else if (as_table) {
    b.is = Filled::Block::Is::table, b.widths = {0.6, 2, 3.4, 3};
    b.header = french_ ? std::vector<std::string>{"N°", "Source", "Chemin d'origine", "SHA-256"}
                       : std::vector<std::string>{"No.", "Source", "Forensic path", "SHA-256"};
    for (std::size_t i = 0; i < sources_.size(); ++i)
      b.rows.push_back({std::to_string(i + 1), sources_[i].text, sources_[i].path, sources_[i].sha256});
  } else {
    b.is = Filled::Block::Is::list, b.numbered = true;
    for (const Source& s : sources_) b.items.push_back(s.text + (s.path.empty() ? "" : " — " + s.path));
  }
  return b;
}

std::string Records::Fill::value(const Field& f, const Here& here) {
  const json::object& values = here.row ? *here.row : here.record->values;
  const auto* v = values.if_contains(f.name);
  if (!v || v->is_null()) return {};
  if (!here.row && f.guard != Guard::open) {
    if (f.guard == Guard::sealed || !(here.fields >> f.number & 1))
      return french_ ? "[non reproduit]" : "[not reproduced]";
    carried_[here.record->code].insert(f.name);
  }
  return printing_.text(f, *v);
}

const Field* Records::Fill::field(std::string_view name, const Here& here) {
  if (here.item || !here.record) return nullptr;
  const auto& fields = here.table ? here.table->columns : here.record->kind->fields;
  const auto at = std::ranges::find(fields, name, &Field::name);
  return at == fields.end() || at->retired ? nullptr : &*at;
}

std::string Records::Fill::day(std::int64_t day) const { return date_in_words(date_of(day), french_); }

std::string Records::Fill::placeholder(std::string_view name, const Here& here) {
  if (name == "count" && here.counted) return std::to_string(here.count);
  if (const Field* f = field(name, here)) return value(*f, here);
  if (name == "today") return day(of_.today());
  if (name == "me") return person(who_.code);
  if (name == "from" || name == "to") return date_in_words(name == "from" ? asked_.from : asked_.to, french_);
  if (name == "n") return std::to_string(here.n);
  if (name.starts_with("main.")) return placeholder(name.substr(5), main_);
  if (here.item) {
    const Asker::Item& i = *here.item;
    if (name == "item") return i.code + cite_item(i);
    return name == "code" ? i.code : name == "path" ? i.path : name == "type" ? i.type : i.sha256;
  }
  if (!here.record) return {};
  if (here.table) return {};
  const Stored& r = *here.record;
  if (name == "code") return r.code;
  if (name == "title") return r.title;
  if (name == "kind") return printing_.say(r.kind->label);
  if (name == "class") return std::string(rights::name_of(of_.label_row(r.label).label.classification));
  if (name == "made" || name == "changed") return day((name == "made" ? r.made : r.changed) / 86'400'000'000);
  if (name == "author") return person("P-" + std::to_string(r.author));
  if (name == "state") {
    const State* s = r.kind->workflow.state(r.state);
    return s ? printing_.say(s->label) : r.state;
  }
  if (name == "case")
    if (const auto at = cases_.find(of_.label_row(r.label).case_id); at != cases_.end()) return at->second;
  return {};
}

std::string Records::Fill::say(const Words& words, const Here& here) {
  std::vector<std::pair<bool, std::string>> pieces;  // of a placeholder, or as it stands
  bool word = false, plainly = false;
  static_cast<void>(each_piece(
      printing_.say(words),
      [&](std::string_view plain) {
        word = word || is_word(plain), plainly = plainly || !base::trim(plain).empty();
        pieces.emplace_back(false, plain);
      },
      [&](std::string_view name) { pieces.emplace_back(true, placeholder(name, here)); }));
  std::string out;
  bool any = word;
  for (const auto& [put_in, text] : pieces) {
    any = any || (put_in && !text.empty());
    out += put_in && text.empty() && plainly ? "—" : text;
  }
  return any ? std::string(base::trim(out)) : std::string();
}

base::Result<Filled> Records::fill(const Asker& who, const Template& with, const Filling& asked) {
  know_labels();
  return Fill(*this, who, with, asked).all();
}

}  // namespace kinds
