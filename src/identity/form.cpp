// What may be said of a person, and nothing else: the members are these, and a form with another is refused.
#include "state.h"

#include <base/text.h>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace identity {
namespace {

using base::Error;
using base::Refusal;

constexpr std::size_t kTextMax = 300, kListMax = 40;
constexpr std::string_view kContactKinds[] = {"telephone", "mail", "message", "through"};

Error wrong(std::string_view where, std::string_view what) {
  return {Refusal::invalid, std::string(where) + ": " + std::string(what)};
}

base::Result<std::string> plain_text(const value& v, std::string_view where) {
  if (!v.is_string()) return wrong(where, "a text is expected");
  const std::string given(v.get_string());
  if (given.size() > kTextMax) return wrong(where, "the text is too long; 300 bytes are enough");
  const std::string text(base::trim(base::clean(given)));
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = base::next_code_point(text, at);
    // They turn the order of letters around: what is shown would not be what is kept.
    if (c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
        (c >= 0x2066 && c <= 0x2069) || c == U'\n' || c == U'\t')
      return wrong(where, "it holds a mark of direction, a tab or a new line; type the words alone");
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString one = icu::Normalizer2::getNFCInstance(error)->normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(text)), error);
  std::string out;
  one.toUTF8String(out);
  return out;
}

bool is_date(std::string_view s) {  // 1970, 1970-02, 1970-02-03
  if (s.size() != 4 && s.size() != 7 && s.size() != 10) return false;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9') return false;
  std::string whole(s);
  whole += std::string("0000-01-01").substr(whole.size());
  return base::parse_rfc3339(whole).has_value();
}

base::Result<std::string> date(const value& v, std::string_view where) {
  std::string s = TRY(plain_text(v, where));
  if (!s.empty() && !is_date(s)) return wrong(where, "a date is written 1970-02-03, or 1970-02, or 1970");
  return s;
}

base::Status texts(base::JsonWriter& w, const value& v, std::string_view where, bool one_at_least) {
  const auto* list = v.if_array();
  if (!list || list->size() > kListMax) return wrong(where, "a list of at most 40 texts is expected");
  w.array();
  std::size_t n = 0;
  for (const value& one : *list) {
    const std::string s = TRY(plain_text(one, where));
    if (!s.empty()) w.value(s), ++n;
  }
  w.end_array();
  if (one_at_least && !n) return wrong(where, "at least one is needed");
  return base::Done{};
}

// Rows of a table: each with these columns and no others.
base::Status rows(base::JsonWriter& w, const value& v, std::string_view where,
                  std::initializer_list<std::string_view> columns) {
  const auto* list = v.if_array();
  if (!list || list->size() > kListMax) return wrong(where, "a list of at most 40 lines is expected");
  w.array();
  for (const value& line : *list) {
    const auto* o = line.if_object();
    if (!o) return wrong(where, "each line is an object");
    for (const auto& m : *o)
      if (std::ranges::find(columns, std::string_view(m.key())) == columns.end())
        return wrong(where, "a line has no \"" + std::string(m.key()) + "\"");
    w.object();
    for (const std::string_view column : columns) {
      const std::string at = std::string(where) + "." + std::string(column);
      const value& given = member(line, column);
      std::string s;
      if (!given.is_null()) s = column == "born" ? TRY(date(given, at)) : TRY(plain_text(given, at));
      if (column == "kind" && std::ranges::find(kContactKinds, s) == std::end(kContactKinds))
        return wrong(at, "it is telephone, mail, message or through");
      if (s.empty() && (column == "value" || column == "name")) return wrong(at, "it is empty");
      w.member(column, s);
    }
    w.end_object();
  }
  w.end_array();
  return base::Done{};
}

}  // namespace

base::Result<std::string> read_form(std::string_view json, bool partial) {
  boost::system::error_code broken;
  const value v = boost::json::parse(json, broken);
  const auto* o = v.if_object();
  if (broken || !o) return wrong("the form", "it is no JSON object");
  for (const auto& m : *o)
    if (std::ranges::find(register_fields(), std::string(m.key())) == register_fields().end())
      return wrong("the form", "there is no field \"" + std::string(m.key()) + "\" in the register");
  std::string out;
  base::JsonWriter w(out);
  w.object();
  for (const std::string& field : register_fields()) {
    static const value none = boost::json::array(), nothing = "";
    const auto* given = o->if_contains(field);
    if (!given && partial) continue;
    const value& said = given ? *given : field == "born" ? nothing : none;
    w.key(field);
    if (field == "born")
      w.value(TRY(date(said, field)));
    else if (field == "contacts")
      TRY(rows(w, said, field, {"kind", "value"}));
    else if (field == "household")
      TRY(rows(w, said, field, {"name", "relation", "born"}));
    else
      TRY(texts(w, said, field, field == "names"));
  }
  w.end_object();
  if (partial && out == "{}") return wrong("the form", "nothing is to be changed");
  return out;
}

std::vector<std::string> names_in(std::string_view form) {
  std::vector<std::string> out;
  boost::system::error_code broken;
  const value v = boost::json::parse(form, broken);
  for (const char* field : {"names", "aliases"})
    if (const auto* list = member(v, field).if_array())
      for (const value& one : *list)
        if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}
std::string born_in(std::string_view form) {
  boost::system::error_code broken;
  const value v = boost::json::parse(form, broken);
  const auto* born = member(v, "born").if_string();
  return born && born->size() == 10 ? std::string(*born) : std::string();
}

}  // namespace identity
