#include "values.h"

#include <base/text.h>
#include <base/time.h>

#include <charconv>
#include <cmath>

namespace search {
namespace {

// Short names of groups of media types: what people call them.
struct Group {
  std::string_view name;
  std::vector<std::string_view> prefixes;
};
const std::vector<Group>& groups() {
  static const std::vector<Group> all{
      {"pdf", {"application/pdf"}},
      {"mail", {"message/", "application/vnd.ms-outlook"}},
      {"email", {"message/", "application/vnd.ms-outlook"}},
      {"image", {"image/"}},
      {"photo", {"image/jpeg", "image/heic", "image/heif", "image/tiff"}},
      {"video", {"video/"}},
      {"audio", {"audio/"}},
      {"text", {"text/"}},
      {"html", {"text/html", "application/xhtml+xml"}},
      {"word",
       {"application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml",
        "application/vnd.oasis.opendocument.text", "application/rtf", "text/rtf"}},
      {"sheet",
       {"application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml",
        "application/vnd.oasis.opendocument.spreadsheet", "text/csv"}},
      {"slides",
       {"application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.presentationml",
        "application/vnd.oasis.opendocument.presentation"}},
      {"archive",
       {"application/zip", "application/x-tar", "application/gzip", "application/x-7z-compressed",
        "application/vnd.rar", "application/x-bzip2", "application/x-xz", "application/zstd",
        "application/x-iso9660-image", "application/vnd.ms-cab-compressed"}},
      {"mailbox", {"application/mbox", "application/vnd.ms-outlook-pst"}},
      {"chat", {"application/x-chat", "application/x-whatsapp", "application/x-telegram"}},
      {"geo", {"application/vnd.google-earth", "application/gpx+xml", "application/geo+json"}},
      {"database", {"application/vnd.sqlite3"}},
  };
  return all;
}

std::optional<std::uint16_t> flag_named(std::string_view n) {
  static constexpr std::pair<std::string_view, std::uint16_t> names[] = {{"text", has_text},
                                                                         {"attachment", has_attachment},
                                                                         {"attachments", has_attachment},
                                                                         {"parts", has_attachment},
                                                                         {"gps", has_gps},
                                                                         {"ocr", has_ocr},
                                                                         {"finding", has_finding},
                                                                         {"failure", has_finding},
                                                                         {"duplicate", has_duplicate},
                                                                         {"date", has_date}};
  for (const auto& [name, flag] : names)
    if (name == n) return flag;
  return {};
}

base::Error wrong(const Node& n, const std::string& expected) {
  return {base::Refusal::invalid, "position " + std::to_string(n.at + 1) + ": expected " + expected};
}

// ">x", ">=x", "<x", "<=x" or a bare bound.
struct Bound {
  std::string_view value;
  bool strict = false;
};
Bound bound(std::string_view b) {
  if (!b.empty() && (b[0] == '>' || b[0] == '<'))
    return b.substr(1, 1) == "=" ? Bound{b.substr(2), false} : Bound{b.substr(1), true};
  return {b, false};
}

}  // namespace

std::optional<std::pair<std::int64_t, std::int64_t>> seconds_of(std::string_view d) {
  const auto number = [&](std::size_t at, std::size_t n) {
    int v = -1;
    if (at + n <= d.size()) {
      const auto r = std::from_chars(d.data() + at, d.data() + at + n, v);
      if (r.ptr != d.data() + at + n) v = -1;
    }
    return v;
  };
  const int y = number(0, 4);
  if (y < 0) return {};
  if (d.size() == 4)
    return {{base::days_from_civil(y, 1, 1) * 86400, base::days_from_civil(y + 1, 1, 1) * 86400 - 1}};
  if (d[4] != '-') return {};
  const int m = number(5, 2);
  if (m < 1 || m > 12) return {};
  if (d.size() == 7)
    return {
        {base::days_from_civil(y, m, 1) * 86400,
         (m == 12 ? base::days_from_civil(y + 1, 1, 1) : base::days_from_civil(y, m + 1, 1)) * 86400 - 1}};
  const auto s = base::parse_rfc3339(d);
  if (!s) return {};
  return {{*s, d.size() == 10 ? *s + 86399 : *s}};
}

std::optional<std::uint64_t> bytes_of(std::string_view t) {
  double v = 0;
  const auto r = std::from_chars(t.data(), t.data() + t.size(), v);
  if (r.ec != std::errc() || v < 0 || !std::isfinite(v)) return {};
  std::string unit = base::lower_ascii(t.substr(static_cast<std::size_t>(r.ptr - t.data())));
  if (unit.size() > 1 && unit.back() == 'b') unit.pop_back();
  static constexpr std::pair<std::string_view, double> units[] = {
      {"", 1},     {"b", 1},     {"k", 1e3},      {"m", 1e6},        {"g", 1e9},
      {"t", 1e12}, {"ki", 1024}, {"mi", 1048576}, {"gi", 1073741824}};
  for (const auto& [name, factor] : units)
    if (name == unit) return static_cast<std::uint64_t>(v * factor);
  return {};
}

base::Result<std::function<bool(std::uint32_t)>> predicate(const Node& n, const Columns& c,
                                                           ColumnStore& store, const Index::Lookup& lookup) {
  using Test = std::function<bool(std::uint32_t)>;
  const std::string value = base::lower_ascii(n.low);
  if (n.field == "date") {
    std::int64_t low = kNoDate + 1, high = INT64_MAX;
    if (!n.low.empty()) {
      const Bound b = bound(n.low);
      const auto s = seconds_of(b.value);
      if (!s) return wrong(n, "a date like 2019, 2019-03 or 2019-03-04 after date:");
      low = b.strict ? s->second + 1 : s->first;
    }
    if (!n.high.empty()) {
      const Bound b = bound(n.high);
      const auto s = seconds_of(b.value);
      if (!s) return wrong(n, "a date like 2019, 2019-03 or 2019-03-04 after date:");
      high = b.strict ? s->first - 1 : s->second;
    }
    return Test([&c, low, high](std::uint32_t i) {
      return c.date[i] >= low && c.date[i] <= high && c.date[i] != kNoDate;
    });
  }
  if (n.field == "size") {
    std::uint64_t low = 0, high = UINT64_MAX;
    if (!n.low.empty()) {
      const Bound b = bound(n.low);
      const auto s = bytes_of(b.value);
      if (!s) return wrong(n, "a size like 500, 10kB or 1.5GB after size:");
      low = *s + b.strict;
    }
    if (!n.high.empty()) {
      const Bound b = bound(n.high);
      const auto s = bytes_of(b.value);
      if (!s) return wrong(n, "a size like 500, 10kB or 1.5GB after size:");
      high = *s - (b.strict && *s > 0);
    }
    return Test([&c, low, high](std::uint32_t i) { return c.size[i] >= low && c.size[i] <= high; });
  }
  if (n.field == "has") {
    const auto flag = flag_named(value);
    if (!flag) return wrong(n, "text, attachment, gps, ocr, date, duplicate or finding after has:");
    return Test([&c, f = *flag](std::uint32_t i) { return (c.flags[i] & f) != 0; });
  }
  if (n.field == "type") {
    std::vector<bool> wanted;
    const std::vector<std::string> known = store.words(Dictionary::type);
    const Group* group = nullptr;
    for (const Group& g : groups())
      if (g.name == value) group = &g;
    for (const std::string& t : known) {
      bool is = t == value ||
                (value.find('/') == std::string::npos && t.size() > value.size() && t.ends_with("/" + value));
      if (group)
        for (const std::string_view p : group->prefixes) is |= t.starts_with(p);
      wanted.push_back(is);
    }
    return Test([&c, wanted](std::uint32_t i) {
      return c.type[i] && c.type[i] <= wanted.size() && wanted[c.type[i] - 1u];
    });
  }
  if (n.field == "lang") {
    const std::uint32_t code = store.number(Dictionary::language, value);
    return Test([&c, code](std::uint32_t i) {
      return code && (c.language[0][i] == code || c.language[1][i] == code || c.language[2][i] == code);
    });
  }
  if (n.field == "custodian") {
    std::vector<bool> wanted;
    for (const std::string& t : store.words(Dictionary::custodian))
      wanted.push_back(base::lower_ascii(t).find(value) != std::string::npos);
    return Test([&c, wanted](std::uint32_t i) {
      return c.custodian[i] && c.custodian[i] <= wanted.size() && wanted[c.custodian[i] - 1u];
    });
  }
  std::vector<std::uint32_t> items;
  if (n.field == "sha256") {
    if (value.size() != 64 || value.find_first_not_of("0123456789abcdef") != std::string::npos)
      return wrong(n, "64 hexadecimal digits after sha256:");
    items = lookup(n.field, value).value_or(std::vector<std::uint32_t>());
  } else if (n.field == "tag" || n.field == "issue" || n.field == "folder") {
    auto tagged = lookup(n.field, n.low);
    // A name written wrong must not pass for a tag that no item has.
    const std::string kind = n.field == "tag" ? "a tag" : n.field == "issue" ? "an issue code" : "a folder";
    if (!tagged) return wrong(n, kind + " of this case after " + n.field + ":, found \"" + n.low + "\"");
    items = std::move(*tagged);
  } else {  // item:
    const std::size_t dash = value.rfind('-');
    std::uint32_t number = 0;
    const std::string digits = dash == std::string::npos ? value : value.substr(dash + 1);
    const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (r.ec != std::errc() || r.ptr != digits.data() + digits.size())
      return wrong(n, "an item like KAR-000012 after item:");
    items.push_back(number);
  }
  std::ranges::sort(items);
  return Test([items](std::uint32_t i) { return std::ranges::binary_search(items, i); });
}

}  // namespace search
