#include "case_file.h"
#include "note.h"

#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <evidence/notes.h>

#include <cstdio>

namespace evidence {
namespace {

constexpr std::size_t kNameBytesMax = 200, kQueryBytesMax = 16'000, kSavedMax = 500;
constexpr std::int32_t kWhole = 10'000;  // of a page

base::Error no_note() { return {base::Refusal::not_found, "there is no such note in this case"}; }

std::string text_of(const std::optional<Region>& r) {
  if (!r) return {};
  return std::to_string(r->x) + " " + std::to_string(r->y) + " " + std::to_string(r->width) + " " +
         std::to_string(r->height);
}
std::optional<Region> region_in(const std::string& text) {
  Region r;
  if (std::sscanf(text.c_str(), "%d %d %d %d", &r.x, &r.y, &r.width, &r.height) != 4) return {};
  return r;
}
NoteView view_of(const Note& n) {
  return {n.note,
          n.version,
          n.item,
          n.page,
          region_in(n.region),
          n.quote,
          n.text,
          n.author,
          base::rfc3339_micros(n.at),
          n.removed};
}
std::optional<Note> newest(CaseFile& file, std::int64_t note) {
  std::vector<Note> rows =
      store::select<Note>(file.records(), "where note = ? order by version desc limit 1", note);
  if (rows.empty()) return {};
  return std::move(rows.front());
}
base::Status says(const std::string& text) {
  if (base::trim(text).empty()) return wrong("the note is empty; write something, or close it");
  if (text.size() > note_bytes_max)
    return wrong("the note is longer than " + std::to_string(note_bytes_max) + " bytes; write two");
  return base::Done{};
}

// The next version of a note of who acts. Refuses: not_found, denied, conflict.
base::Result<Note> next_version(CaseFile& file, std::int64_t note, std::int64_t before) {
  std::optional<Note> n = newest(file, note);
  if (!n || n->removed) return no_note();
  if (n->author != file.actor())
    return base::Error{base::Refusal::denied, "only who wrote a note changes it; add one of your own"};
  if (n->version != before)
    return base::Error{base::Refusal::conflict,
                       "this note was changed meanwhile; look at the newer version and change that"};
  ++n->version;
  n->at = file.desk().now();
  return std::move(*n);
}
base::Status write(CaseFile& file, Note& n, std::string_view act) {
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("note", n.note).member("version", n.version);
  if (n.page) w.member("page", n.page);
  w.end_object();
  n.id = file.records().number("select coalesce(max(id), 0) + 1 from note");
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    return c.add(n, {act, n.author, file.code_of(n.item), payload});
  });
}

}  // namespace

kernel::Violation a_note_says_something(const Note& n) {
  if (!n.removed && base::trim(n.text).empty()) return "a note must have a text";
  return {};
}
kernel::Violation a_saved_search_has_a_name(const SavedSearch& s) {
  if (s.folded.empty()) return "a saved search needs a name";
  return {};
}

base::Result<std::vector<NoteView>> notes_of(CaseFile& file, std::int64_t item) {
  TRY(file.item(item));
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"viewed", file.actor(), file.code_of(item), file.with_basis(R"({"what":"notes"})")});
    return base::Done{};
  }));
  std::vector<NoteView> out;
  for (const Note& n : store::select<Note>(
           file.records(),
           "where item = ? and version = (select max(version) from note o where o.note = note.note) "
           "order by note",
           item))
    if (!n.removed) out.push_back(view_of(n));
  return out;
}
base::Result<std::vector<NoteView>> note_history(CaseFile& file, std::int64_t note) {
  std::vector<NoteView> out;
  for (const Note& n : store::select<Note>(file.records(), "where note = ? order by version", note))
    out.push_back(view_of(n));
  if (out.empty()) return no_note();
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"viewed", file.actor(), file.code_of(out.front().item), file.with_basis(R"({"what":"notes"})")});
    return base::Done{};
  }));
  return out;
}
std::optional<NoteView> note_now(CaseFile& file, std::int64_t note) {
  const std::optional<Note> n = newest(file, note);
  if (!n || n->removed) return {};
  return view_of(*n);
}

base::Result<NoteView> add_note(CaseFile& file, std::int64_t item, const NoteDraft& draft) {
  TRY(file.item(item));
  Note n;
  n.text = base::clean(draft.text), n.quote = base::clean(draft.quote);
  TRY(says(n.text));
  if (n.quote.size() > quote_bytes_max)
    return wrong("the quotation is longer than " + std::to_string(quote_bytes_max) + " bytes; quote less");
  if (draft.page < 0 || draft.page > 1'000'000)
    return wrong("\"page\" is no page; count them from 1, or leave it out");
  if (const auto& r = draft.region)
    if (!draft.page || r->x < 0 || r->y < 0 || r->width < 1 || r->height < 1 || r->x > kWhole - r->width ||
        r->y > kWhole - r->height)
      return wrong(
          "\"region\" lies outside of the page, or the page is not told; give ten-thousandths of it");
  n.version = 1, n.item = item, n.page = draft.page, n.region = text_of(draft.region);
  n.author = file.actor(), n.at = file.desk().now();
  n.note = file.records().number("select coalesce(max(note), 0) + 1 from note");
  TRY(write(file, n, "note_added"));
  return view_of(n);
}
base::Result<NoteView> change_note(CaseFile& file, std::int64_t note, std::int64_t before,
                                   const std::string& text) {
  Note n = TRY(next_version(file, note, before));
  n.text = base::clean(text);
  TRY(says(n.text));
  TRY(write(file, n, "note_changed"));
  return view_of(n);
}
base::Status remove_note(CaseFile& file, std::int64_t note, std::int64_t before) {
  Note n = TRY(next_version(file, note, before));
  n.text.clear(), n.removed = true;
  return write(file, n, "note_removed");
}

std::vector<SavedSearchView> saved_searches(CaseFile& file) {
  std::vector<SavedSearchView> out;
  for (SavedSearch& s : store::select<SavedSearch>(file.records(), "where person = ? order by folded, id",
                                                   std::string_view(file.actor())))
    out.push_back({s.id, std::move(s.name), std::move(s.query), std::move(s.sort), std::move(s.facets),
                   base::rfc3339_micros(s.made)});
  return out;
}
base::Result<std::int64_t> save_search(CaseFile& file, const SavedSearchView& what) {
  SavedSearch s;
  const std::string clean = base::clean(what.name);
  s.name = base::trim(clean);
  const std::string caseless = search::caseless(s.name);
  s.folded = base::trim(caseless);
  if (s.folded.empty()) return wrong("the search needs a name by which you find it again");
  if (s.name.size() > kNameBytesMax || what.query.size() > kQueryBytesMax ||
      what.facets.size() > kQueryBytesMax)
    return wrong("the name or the query is too long to be kept; shorten it");
  s.person = file.actor(), s.query = what.query, s.sort = what.sort, s.facets = what.facets;
  s.made = file.desk().now();
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    std::size_t mine = 0;
    for (const SavedSearchView& o : saved_searches(file)) {
      ++mine;
      if (const std::string folded = search::caseless(o.name); base::trim(folded) == s.folded)
        return base::Error{base::Refusal::conflict, "you keep a search of that name; choose another name"};
    }
    if (mine >= kSavedMax)
      return base::Error{base::Refusal::exhausted,
                         "you keep " + std::to_string(kSavedMax) + " searches; remove one first"};
    s.id = file.records().number("select coalesce(max(id), 0) + 1 from saved_search");
    std::string payload;
    base::JsonWriter(payload).object().member("name", s.name).member("query", s.query).end_object();
    return c.add(s, {"search_saved", s.person, "", payload});
  }));
  return s.id;
}
base::Status forget_search(CaseFile& file, std::int64_t id) {
  const std::vector<SavedSearch> met = store::select<SavedSearch>(
      file.records(), "where id = ? and person = ?", id, std::string_view(file.actor()));
  if (met.empty()) return base::Error{base::Refusal::not_found, "there is no such search"};
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    std::string payload;
    base::JsonWriter(payload).object().member("name", met.front().name).end_object();
    c.tell({"search_forgotten", file.actor(), "", payload});
    c.remove<SavedSearch>(id);
    return base::Done{};
  });
}

}  // namespace evidence
