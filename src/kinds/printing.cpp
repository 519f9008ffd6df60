#include "printing.h"

#include <kinds/date.h>
#include <kinds/value.h>

#include <array>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 12> kEnglish{"January",   "February", "March",    "April",
                                                    "May",       "June",     "July",     "August",
                                                    "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 12> kFrench{"janvier",   "février", "mars",     "avril",
                                                   "mai",       "juin",    "juillet",  "août",
                                                   "septembre", "octobre", "novembre", "décembre"};

std::string one_date(std::string_view s, bool french) {
  std::string before, after;
  if (!s.empty() && (s.back() == '~' || s.back() == '%')) before = french ? "vers " : "about ";
  if (!s.empty() && (s.back() == '?' || s.back() == '%')) after = french ? " (incertain)" : " (uncertain)";
  if (!before.empty() || !after.empty()) s.remove_suffix(1);
  if (s.find('X') != std::string_view::npos || !days_of(s)) return before + std::string(s) + after;
  std::string out(s.substr(0, 4));
  if (s.size() >= 7) {
    const auto month = static_cast<std::size_t>((s[5] - '0') * 10 + s[6] - '1');
    out = std::string((french ? kFrench : kEnglish).at(month)) + " " + out;
  }
  if (s.size() == 10) {
    const int day = (s[8] - '0') * 10 + s[9] - '0';
    out = std::to_string(day) + (french && day == 1 ? "er " : " ") + out;
  }
  return before + out + after;
}

}  // namespace

std::string date_in_words(std::string_view date, bool french) {
  const auto end = [&](std::string_view s) { return s == ".." ? std::string("…") : one_date(s, french); };
  const std::size_t slash = date.find('/');
  if (slash == std::string_view::npos) return one_date(date, french);
  return end(date.substr(0, slash)) + " – " + end(date.substr(slash + 1));
}
std::string time_in_words(std::string_view time, bool french) {
  if (time.size() < 16) return date_in_words(time, french);
  return date_in_words(time.substr(0, 10), french) + (french ? " à " : ", ") +
         std::string(time.substr(11, 5)) + " UTC";
}

std::string Printing::text(const Field& f, const json::value& v) const {
  if (!v.is_array() || f.type == Type::rows) return one(f, v);
  std::string out;
  for (const auto& x : v.get_array())
    if (const std::string said = one(f, x); !said.empty()) out += (out.empty() ? "" : "; ") + said;
  return out;
}

std::string Printing::of_list(const json::value& scheme, const char* list, const json::value& code) const {
  if (const auto* codes = scheme.get_object().if_contains(list); codes && codes->is_array())
    for (const auto& c : codes->get_array())
      if (c.at("code") == code) return std::string(c.at(french_ ? "fr" : "en").get_string());
  return {};
}

std::string Printing::one(const Field& f, const json::value& v) const {
  switch (f.type) {
    case Type::yes_no: return v.get_bool() ? (french_ ? "oui" : "yes") : (french_ ? "non" : "no");
    case Type::coded: {
      const auto vocabulary = declared_.vocabulary(f.vocabulary);
      const Code* c = vocabulary ? vocabulary->code(v.get_string()) : nullptr;
      return c ? say(c->label) : std::string(v.get_string());
    }
    case Type::staff:
    case Type::reference: return naming_.named(f, v.get_string()).value_or("");
    case Type::items: return naming_.item(v.get_string()).value_or("");
    case Type::date: return in_words_ ? date_in_words(v.get_string(), french_) : to_cell(f, v);
    case Type::time: return in_words_ ? time_in_words(v.get_string(), french_) : to_cell(f, v);
    case Type::place: {
      const auto* name = in_words_ && v.is_object() ? v.get_object().if_contains("name") : nullptr;
      return name && name->is_string() && !name->get_string().empty() ? std::string(name->get_string())
                                                                      : to_cell(f, v);
    }
    case Type::graded: {
      const auto grading = declared_.vocabulary("grading");
      for (const auto& scheme : grading->declaration.at("codes").get_array())
        if (scheme.at("code") == v.at("scheme"))
          return std::string(v.at("source").get_string()) + std::string(v.at("information").get_string()) +
                 " (" + std::string(scheme.at(french_ ? "fr" : "en").get_string()) + ": " +
                 of_list(scheme, "sources", v.at("source")) + "; " +
                 of_list(scheme, "information", v.at("information")) + ")";
      return to_cell(f, v);
    }
    case Type::integer:
    case Type::number: return to_cell(f, v) + (f.unit.empty() ? "" : " " + f.unit);
    default: return to_cell(f, v);
  }
}

}  // namespace kinds
