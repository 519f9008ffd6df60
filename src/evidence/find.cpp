#include "case_file.h"
#include "correction.h"
#include "places.h"
#include "tag_tree.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <evidence/ask.h>
#include <evidence/tags.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace evidence {
namespace {

std::vector<std::uint32_t> items_with_hash(store::Sql& sql, std::string_view hex) {
  std::vector<std::uint32_t> out;
  const std::string bytes = base::unhex(hex).value_or("");
  sql.each(
      "select number from item where sha256 = ?",
      [&](store::Statement& s) { out.push_back(static_cast<std::uint32_t>(s.integer(0))); },
      record::Cell::blob(bytes));
  return out;
}

// The connection of a case belongs to one thread, and the shards ask from their own. What the first of them
// is told is told to all: tags may change meanwhile.
search::Index::Lookup lookup_in(CaseFile& file) {
  using Items = std::optional<std::vector<std::uint32_t>>;
  struct Told {
    std::mutex mutex;
    std::unique_ptr<store::Sql> sql;
    std::map<std::pair<std::string, std::string>, Items> answers;
  };
  return [&file, told = std::make_shared<Told>()](std::string_view field, std::string_view value) -> Items {
    const std::lock_guard lock(told->mutex);
    const std::pair key{std::string(field), std::string(value)};
    if (const auto at = told->answers.find(key); at != told->answers.end()) return at->second;
    if (!told->sql) told->sql = file.another_connection();
    return told->answers[key] = field == "sha256" ? items_with_hash(*told->sql, value)
                                                  : items_tagged(*told->sql, field, value);
  };
}

// A search is an act: what was asked stays between the asker and whoever may open the payload.
void tell(CaseFile& file, std::string_view act, const std::string& payload, std::string_view item = {}) {
  const base::Status s = file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({act, file.actor(), item, file.with_basis(payload)});
    return base::Done{};
  });
  if (!s.ok()) base::fault(s.error().message);
}

std::vector<std::string> languages_of(const Item& i) {
  std::vector<std::string> out;
  for (const std::string_view l : base::split(i.languages, ' ')) out.emplace_back(l);
  return out;
}

}  // namespace

void act_as(CaseFile& file, const std::string& person, const std::string& basis) {
  file.act_as(person, basis);
}
base::Result<std::shared_ptr<CaseFile>> open_case(Office& office, const CaseName& name) {
  return std::shared_ptr<CaseFile>(TRY(CaseFile::open(office, name)));
}
base::Result<std::pair<std::shared_ptr<CaseFile>, std::int64_t>> open_item(Office& office,
                                                                           const std::string& code) {
  const auto parsed = TRY(parse_code(code));
  const base::Result<CaseName> name = office.find_case(parsed.first);
  if (!name.ok()) return base::Error{base::Refusal::not_found, "there is no item " + code};
  std::shared_ptr<CaseFile> file = TRY(open_case(office, *name));
  if (const auto item = file->item(parsed.second); !item.ok())
    return base::Error{base::Refusal::not_found, "there is no item " + code};
  return std::pair{file, parsed.second};
}

base::Result<std::shared_ptr<const Search>> Search::run(CaseFile& file, const Asked& asked) {
  std::shared_ptr<Search> out(new Search);
  out->tree_ = TRY(search::parse_query(asked.query));
  search::Index& index = file.index();
  std::vector<search::Match> matches = TRY(index.search(*out->tree_, lookup_in(file)));
  for (const auto& [facet, values] : asked.facets)
    if (facet == "place")
      TRY(keep_places(file, index.columns(), matches, values));
    else if (!keep_tagged(file.records(), matches, facet, values) && !index.keep(matches, facet, values))
      return base::Error{base::Refusal::invalid, "there is no facet \"" + facet + "\""};
  const search::Columns& columns = index.columns();
  for (const search::Match& m : matches) ++out->families_[columns.family[m.item]];
  out->facets_ = index.facets(matches);
  for (search::Facet& f : tag_facets(file.records(), matches)) out->facets_.push_back(std::move(f));
  if (asked.sort == search::Sort::relevance) {
    search::Index::rank(matches, asked.ranked ? asked.ranked : matches.size());
  } else if (asked.sort == search::Sort::date) {
    std::ranges::sort(matches, [&](const auto& a, const auto& b) {
      const auto x = columns.date[a.item], y = columns.date[b.item];
      if ((x == search::kNoDate) != (y == search::kNoDate)) return y == search::kNoDate;
      return x != y ? x < y : a.item < b.item;
    });
  } else {
    std::unordered_set<std::uint32_t> wanted;
    for (const search::Match& m : matches) wanted.insert(m.item);
    std::vector<search::Match> ordered;
    file.records().each("select number from item order by path, number", [&](store::Statement& s) {
      const auto n = static_cast<std::uint32_t>(s.integer(0));
      if (wanted.contains(n)) ordered.push_back({n, 0});
    });
    matches = std::move(ordered);
  }
  out->items_.reserve(matches.size());
  for (const search::Match& m : matches) out->items_.push_back(m.item);
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("query", asked.query).member("total", out->total());
  for (const auto& [facet, values] : asked.facets) {
    w.key(facet).array();
    for (const std::string& v : values) w.value(v);
    w.end_array();
  }
  w.end_object();
  tell(file, "searched", payload);
  return std::shared_ptr<const Search>(std::move(out));
}

base::Result<std::vector<Hit>> Search::hits(CaseFile& file, std::size_t offset, std::size_t limit) const {
  std::vector<Hit> out;
  const std::size_t last = std::min(items_.size(), offset + std::min(limit, items_.size()));
  for (std::size_t n = offset; n < last; ++n) {
    const Item i = TRY(file.item(items_[n]));
    const auto family = families_.find(static_cast<std::uint32_t>(i.family));
    Hit h{file.code_of(i.number),
          i.path,
          i.type,
          i.title,
          i.date_text.value_or(""),
          i.sender,
          1,
          0,
          "",
          {},
          family == families_.end() ? 1 : family->second,
          0,
          i.size,
          i.languages,
          i.family};
    std::string text = TRY(file.text_of(i));
    if (i.machine) text = with_corrections(file.records(), i.number, std::move(text));
    const std::vector<std::string> languages = languages_of(i);
    if (text.size() <= counted_bytes_max) h.matches = search::hits_in(*tree_, text, languages).size();
    search::Excerpt e = search::excerpt(*tree_, text, languages);
    h.page = e.page, h.offset = e.offset, h.snippet = std::move(e.snippet), h.marks = std::move(e.marks);
    out.push_back(std::move(h));
  }
  return out;
}

std::vector<std::pair<std::size_t, std::size_t>> Search::marks(std::string_view text,
                                                               const std::string& languages) const {
  std::vector<std::string> each;
  for (const std::string_view l : base::split(languages, ' ')) each.emplace_back(l);
  return search::hits_in(*tree_, text, each);
}

base::Result<Found> find(CaseFile& file, const std::string& query, const SearchOptions& o) {
  const auto s = TRY(Search::run(file, {query, o.sort, {}, o.offset + o.limit}));
  Found out{s->total(), s->families(), TRY(s->hits(file, o.offset, o.limit)), {}};
  if (o.facets) out.facets = s->facets();
  return out;
}

base::Result<std::vector<TermCount>> count_terms(CaseFile& file, const std::vector<std::string>& terms) {
  search::Index& index = file.index();
  std::vector<TermCount> out;
  std::vector<std::vector<std::uint32_t>> items(terms.size());
  const search::Columns& columns = index.columns();
  std::vector<std::uint32_t> hits_of(columns.items()), family_size(columns.items());
  for (std::size_t i = 0; i < columns.items(); ++i)
    if (columns.family[i]) ++family_size[columns.family[i]];
  for (std::size_t t = 0; t < terms.size(); ++t) {
    TermCount c;
    c.term = terms[t];
    auto tree = search::parse_query(terms[t]);
    if (!tree.ok()) {
      c.error = tree.error().message;
      out.push_back(std::move(c));
      continue;
    }
    auto matches = index.search(**tree, lookup_in(file));
    if (!matches.ok()) {
      c.error = matches.error().message;
      out.push_back(std::move(c));
      continue;
    }
    std::unordered_set<std::uint32_t> families;
    for (const search::Match& m : *matches) {
      items[t].push_back(m.item);
      ++hits_of[m.item];
      if (families.insert(columns.family[m.item]).second)
        c.with_families += family_size[columns.family[m.item]];
    }
    c.items = matches->size();
    c.families = families.size();
    out.push_back(std::move(c));
  }
  for (std::size_t t = 0; t < terms.size(); ++t)
    for (const std::uint32_t i : items[t]) out[t].unique += hits_of[i] == 1;
  std::string payload;
  base::JsonWriter(payload).object().member("terms", static_cast<std::int64_t>(terms.size())).end_object();
  tell(file, "terms_counted", payload);
  return out;
}

namespace {

void item_json(base::JsonWriter& w, CaseFile& file, const Item& i) {
  const auto code = [&](std::int64_t n) { return file.code_of(n); };
  w.object()
      .member("item", code(i.number))
      .member("path", i.path)
      .member("type", i.type)
      .member("kind", i.kind)
      .member("size", i.size);
  w.key("parent");
  if (i.parent)
    w.value(code(i.parent));
  else
    w.null();
  w.member("family", code(i.family)).member("state", i.state);
  w.key("reason");
  if (i.reason)
    w.value(*i.reason);
  else
    w.null();
  w.key("sha256");
  if (i.sha256)
    w.value(base::hex(i.sha256->bytes));
  else
    w.null();
  if (i.sha1) w.member("sha1", base::hex(i.sha1->bytes)).member("md5", base::hex(i.md5->bytes));
  if (i.same_as && i.same_as != i.number) w.member("same_as", code(i.same_as));
  if (i.like) w.member("near_duplicate_of", code(i.like));
  if (i.origin) w.member("origin", *i.origin);
  if (i.name_bytes) w.member("name_bytes", base::hex(i.name_bytes->bytes));
  if (i.modified) w.member("modified", *i.modified);
  w.member("received", base::rfc3339_micros(i.received));
  w.key("languages").array();
  for (const std::string_view l : base::split(i.languages, ' '))
    if (!l.empty()) w.value(l);
  w.end_array();
  if (i.date_text) w.member("date", *i.date_text).member("date_origin", i.date_origin.value_or(""));
  if (!i.title.empty()) w.member("title", i.title);
  if (!i.author.empty()) w.member("author", i.author);
  if (!i.sender.empty()) w.member("from", i.sender);
  if (!i.receiver.empty()) w.member("to", i.receiver);
  if (i.message_id) w.member("message_id", *i.message_id);
  if (i.thread) w.member("thread", *i.thread);
  w.member("pages", i.pages).member("text_bytes", i.text_bytes).member("words", i.words);
  if (i.machine) w.member("machine", *i.machine);
  for (const auto& [key, kind] : {std::pair{"tags", kTag}, {"issues", kIssue}, {"folders", kFolder}}) {
    w.key(key).array();
    for (const std::string& t : tags_of(file, i.number, kind)) w.value(t);
    w.end_array();
  }
  w.key("findings").raw(i.findings).key("metadata").raw(i.metadata);
  if (i.expected)
    w.key("account")
        .object()
        .member("expected", i.expected)
        .member("extracted", i.part_extracted)
        .member("failed", i.part_failed)
        .member("skipped", i.part_skipped)
        .end_object();
  w.key("parts").array();
  file.records().each(
      "select number from item where parent = ? order by place, number limit 10000",
      [&](store::Statement& s) { w.value(code(s.integer(0))); }, i.number);
  w.end_array();
  w.end_object();
}

}  // namespace

base::Result<std::string> show_json(CaseFile& file, std::int64_t n) {
  const Item i = TRY(file.item(n));
  tell(file, "viewed", R"({"what":"record"})", file.code_of(n));
  std::string out;
  base::JsonWriter w(out);
  item_json(w, file, i);
  return out;
}
base::Result<std::string> show_plain(CaseFile& file, std::int64_t n) {
  const Item i = TRY(file.item(n));
  tell(file, "viewed", R"({"what":"record"})", file.code_of(n));
  std::string out;
  const auto line = [&](std::string_view k, const std::string& v) {
    if (!v.empty())
      out.append(k).append(std::string(k.size() < 16 ? 16 - k.size() : 1, ' ')).append(v).append("\n");
  };
  line("item", file.code_of(i.number));
  line("path", i.path);
  line("type", i.type);
  line("size", base::with_commas(static_cast<std::uint64_t>(i.size)) + " bytes");
  line("sha256", i.sha256 ? base::hex(i.sha256->bytes) : "");
  line("state", i.state + (i.reason ? " (" + *i.reason + ")" : ""));
  for (const auto& [reason, detail] : pairs_of(i.findings)) line("finding", reason + ": " + detail);
  if (i.parent) line("found in", file.code_of(i.parent));
  if (i.same_as && i.same_as != i.number) line("same bytes as", file.code_of(i.same_as));
  if (i.like) line("near-duplicate", file.code_of(i.like));
  if (i.expected)
    line("parts", std::to_string(i.expected) + " expected = " + std::to_string(i.part_extracted) +
                      " extracted + " + std::to_string(i.part_failed) + " failed + " +
                      std::to_string(i.part_skipped) + " skipped");
  line("origin", i.origin.value_or(""));
  line("received", base::rfc3339_micros(i.received));
  line("date", i.date_text ? *i.date_text + " (" + i.date_origin.value_or("") + ")" : "");
  line("languages", i.languages);
  if (i.machine) line("machine text", *i.machine);
  line("tags", base::join(tags_of(file, n), ", "));
  line("issue codes", base::join(tags_of(file, n, kIssue), ", "));
  line("folders", base::join(tags_of(file, n, kFolder), ", "));
  for (const auto& [k, v] : pairs_of(i.metadata)) line(k, v);
  return out;
}
base::Result<std::string> show_text(CaseFile& file, std::int64_t n) {
  const Item i = TRY(file.item(n));
  tell(file, "viewed", R"({"what":"text"})", file.code_of(n));
  return file.text_of(i);
}
base::Result<std::string> show_custody(CaseFile& file, std::int64_t n, bool json) {
  TRY(file.item(n));
  tell(file, "viewed", R"({"what":"custody"})", file.code_of(n));
  std::string out = json ? "[" : "";
  file.desk().ledger().of_item(
      file.code_of(n),
      [&](const store::Ledger::Row& r) {
        if (json)
          out.append(out.size() > 1 ? "," : "")
              .append(R"({"entry":)")
              .append(r.entry)
              .append(R"(,"payload":)")
              .append(r.payload)
              .append("}");
        else
          out.append(r.entry).append("\n    ").append(r.payload).append("\n");
      },
      tag_entries(file, n));
  return json ? out + "]" : out;
}
base::Status show_original(CaseFile& file, std::int64_t n, const std::function<void(std::string_view)>& out) {
  const Item i = TRY(file.item(n));
  if (i.pack == 0)
    return base::Error{base::Refusal::not_found,
                       file.code_of(n) + " has no bytes of its own; `custos show --text` gives its text"};
  tell(file, "copied_out", R"({"what":"original"})", file.code_of(n));
  store::Opener opener = file.vault().open(CaseFile::bytes_place(i));
  for (std::uint64_t k = 0; k < opener.chunks(); ++k) out(TRY(opener.chunk(k)));
  return base::Done{};
}

void list_items(CaseFile& file, const std::function<void(const std::string&)>& line) {
  tell(file, "listed", "{}");
  file.records().each(
      "select number, path, parent, type, state, reason, sha256, size, findings, ocr from item order by "
      "number",
      [&](store::Statement& s) {
        std::string out;
        base::JsonWriter w(out);
        w.object().member("item", file.code_of(s.integer(0))).member("path", s.text(1));
        w.key("parent");
        if (s.integer(2))
          w.value(file.code_of(s.integer(2)));
        else
          w.null();
        w.member("type", s.text(3)).member("state", s.text(4));
        w.key("reason");
        if (s.cell(5).is == record::Cell::Is::text)
          w.value(s.text(5));
        else
          w.null();
        w.key("sha256");
        if (s.cell(6).is == record::Cell::Is::blob)
          w.value(base::hex(s.text(6)));
        else
          w.null();
        w.member("size", s.integer(7)).key("findings").raw(s.text(8)).end_object();
        line(out);
      });
}
void list_texts(CaseFile& file, const std::function<void(const std::string&)>& line) {
  tell(file, "copied_out", R"({"what":"all texts"})");
  std::int64_t from = 0;
  for (;;) {
    const std::vector<Item> items = store::select<Item>(
        file.records(), "where number > ? and text_pack > 0 order by number limit 200", from);
    if (items.empty()) return;
    for (const Item& i : items) {
      from = i.number;
      const base::Result<std::string> text = file.text_of(i);
      if (!text.ok()) base::fault(file.code_of(i.number) + ": " + text.error().message);
      std::string out;
      base::JsonWriter(out)
          .object()
          .member("item", file.code_of(i.number))
          .member("path", i.path)
          .member("text", *text)
          .end_object();
      line(out);
    }
  }
}

}  // namespace evidence
