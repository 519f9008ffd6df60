// Making and changing tags, issue codes and folders; looking at them.
#include "case_file.h"
#include "tag_tree.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/tags.h>

#include <algorithm>

namespace evidence {
namespace {

constexpr std::size_t kNameMax = 80, kCodeMax = 20, kDescriptionMax = 2000;  // code points
constexpr std::size_t kDepthMax = 12, kOfAKindMax = 5000;

// Signs that no eye sees, or that turn the text around them; joiners stay, which Persian and Hindi need.
bool hides(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200b || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xfffd;
}
std::string called(std::string_view kind) {
  return kind == kIssue ? "an issue code" : kind == kFolder ? "a folder" : "a tag";
}
kernel::Violation wrong_words(const std::string& what, const std::string& text, std::size_t most) {
  const std::u32string letters = base::utf32(text);
  if (letters.size() > most)
    return what + " has at most " + std::to_string(most) + " letters; this one has " +
           std::to_string(letters.size());
  if (!base::is_utf8(text) || std::ranges::any_of(letters, [](char32_t c) { return c != '\n' && hides(c); }))
    return what + " has a sign that cannot be seen, or that turns the text around; leave it out";
  return {};
}

TagView view_of(const Tag& t, const TagTree& tree) {
  return {t.id,          t.name,   0,         t.kind,    t.code,       t.french,
          t.description, t.parent, t.version, t.retired, tree.path(t), 0};
}
std::int64_t count_of(CaseFile& file, std::int64_t tag) {
  return file.records().number("select count(*) from tagged where id >= ? and id < ?", tagged_key(tag, 0),
                               tagged_key(tag + 1, 0));
}

std::string told(const Tag& t) {
  std::string out;
  base::JsonWriter w(out);
  w.object().member("tag", t.kind == kIssue ? t.code : t.name);
  if (t.kind != kTag) w.member("kind", t.kind).member("id", t.id).member("parent", t.parent);
  if (t.kind == kIssue) w.member("en", t.name).member("fr", t.french).member("description", t.description);
  if (t.retired) w.member("retired", true);
  w.end_object();
  return out;
}

// Takes over what a draft says. Refuses: invalid, conflict.
base::Status take(const TagTree& tree, Tag& t, const TagDraft& draft) {
  const auto wrong = [](std::string why) { return base::Error{base::Refusal::invalid, std::move(why)}; };
  t.name = base::trim(draft.name), t.retired = draft.retired, t.parent = draft.parent;
  t.code = base::trim(draft.code), t.french = base::trim(draft.french);
  t.description = base::trim(draft.description);
  t.folded = folded_name(t.kind == kIssue ? t.code : t.name);
  if (t.kind == kTag && t.parent) return wrong("a tag lies under nothing; make a folder or an issue code");
  if (t.kind != kIssue && !(t.code + t.french + t.description).empty())
    return wrong("only an issue code has a code, a French label and a description");
  if (t.parent) {
    const std::vector<std::int64_t> above = tree.with_above(t.parent);
    if (above.empty()) return wrong("what it is to lie under is not there; look at the tree again");
    if (std::ranges::find(above, t.id) != above.end())
      return wrong("nothing lies under itself; choose another place");
    if (above.size() >= kDepthMax)
      return wrong("the tree is " + std::to_string(kDepthMax) + " deep at most; choose a place further up");
  }
  if (const Tag* same = tree.find(t.parent, t.folded); same && same->id != t.id && !t.folded.empty())
    return base::Error{base::Refusal::conflict,
                       "there is " + called(t.kind) + " \"" + (t.kind == kIssue ? same->code : same->name) +
                           "\" " + (t.kind == kFolder ? "there" : "in this case") + " already"};
  return base::Done{};
}

}  // namespace

kernel::Violation a_tag_has_a_name(const Tag& t) {
  if (t.kind != kTag && t.kind != kIssue && t.kind != kFolder) return "a tag is of kind tag, issue or folder";
  const std::string the = "the name of " + called(t.kind);
  if (folded_name(t.name).empty()) return called(t.kind) + " needs a name";
  if (const auto why = wrong_words(the, t.name, kNameMax)) return why;
  if (t.name.find('\n') != std::string::npos) return the + " is one line";
  if (t.name.find('"') != std::string::npos)
    return the + " has no quotation mark: " + t.kind + ":\"...\" could not find it";
  if (t.kind == kFolder && t.name.find('/') != std::string::npos)
    return the + " has no slash: it stands between the folders of a path";
  if (t.kind != kIssue) return {};
  if (t.code.empty() || t.code.size() > kCodeMax ||
      !std::ranges::all_of(t.code, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '-'; }))
    return "the code of an issue code is letters, digits, dots and hyphens, " + std::to_string(kCodeMax) +
           " at most, as 3.1";
  if (t.french.empty()) return "an issue code needs a label in French as well";
  if (const auto why = wrong_words("the French label of an issue code", t.french, kNameMax)) return why;
  return wrong_words("the description of an issue code", t.description, kDescriptionMax);
}

std::vector<TagView> tags(CaseFile& file, std::string_view kind) {
  const TagTree tree(file.records(), kind);
  const auto below = counts_below(file.records(), tree, [](std::uint32_t) { return true; });
  std::vector<TagView> out;
  for (const Tag& t : tree.all()) {
    out.push_back(view_of(t, tree));
    out.back().count = count_of(file, t.id);
    if (const auto at = below.find(t.id); at != below.end()) out.back().below = at->second;
  }
  return out;
}
std::optional<TagView> tag_at(CaseFile& file, std::int64_t id) {
  const std::vector<Tag> met = store::select<Tag>(file.records(), "where id = ?", id);
  if (met.empty()) return {};
  for (TagView& v : tags(file, met[0].kind))
    if (v.id == id) return std::move(v);
  return {};
}
std::vector<std::string> tags_of(CaseFile& file, std::int64_t item, std::string_view kind) {
  std::vector<std::int64_t> has;
  file.records().each(
      "select tag from tagged where item = ?", [&](store::Statement& s) { has.push_back(s.integer(0)); },
      item);
  std::vector<std::string> out;
  if (has.empty()) return out;
  const TagTree tree(file.records(), kind);
  for (const Tag& t : tree.all())
    if (std::ranges::find(has, t.id) != has.end()) out.push_back(tree.path(t));
  return out;
}
std::optional<TagView> tag_named(CaseFile& file, const std::string& name) {
  const TagTree tree(file.records(), kTag);
  const Tag* met = tree.find(0, folded_name(name));
  if (!met) return {};
  TagView out = view_of(*met, tree);
  out.count = out.below = count_of(file, met->id);
  return out;
}

base::Result<std::int64_t> add_tag(CaseFile& file, const TagDraft& draft) {
  Tag t;
  t.kind = draft.kind, t.version = 1;
  t.made = file.desk().now(), t.made_by = file.actor();
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    const TagTree tree(file.records(), t.kind);
    TRY(take(tree, t, draft));
    if (tree.all().size() >= kOfAKindMax)
      return base::Error{base::Refusal::exhausted,
                         "there are " + std::to_string(kOfAKindMax) + " of them in this case; use those"};
    t.id = file.records().number("select coalesce(max(id), 0) + 1 from tag");
    return c.add(t, {"tag_made", t.made_by, "", told(t)});
  }));
  return t.id;
}
base::Status change_tag(CaseFile& file, std::int64_t id, std::int64_t before, const TagDraft& draft) {
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    std::vector<Tag> met = store::select<Tag>(file.records(), "where id = ?", id);
    if (met.empty()) return base::Error{base::Refusal::not_found, "there is no such tag in this case"};
    Tag& t = met[0];
    if (t.version != before)
      return base::Error{base::Refusal::conflict,
                         "this was changed meanwhile; look at the newer version and change that"};
    const std::string was = told(t);
    ++t.version;
    TRY(take(TagTree(file.records(), t.kind), t, draft));
    std::string payload;
    base::JsonWriter(payload).object().key("before").raw(was).key("after").raw(told(t)).end_object();
    return c.edit(t, {"tag_changed", file.actor(), "", payload});
  });
}

}  // namespace evidence
