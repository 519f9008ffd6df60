#include "charset.h"
#include "sniff.h"

#include <base/text.h>

#include <algorithm>
#include <array>

namespace extract::sniff {
namespace {

constexpr std::size_t kLookBytes = 4096;

enum Class : unsigned char { kOrdinary, kControl, kZero, kHigh };
constexpr std::array<unsigned char, 256> kClasses = [] {
  std::array<unsigned char, 256> t{};
  for (std::size_t b = 0; b < 256; ++b) {
    const bool white = b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == 0x1B || b == '\b';
    t[b] = b == 0 ? kZero : b >= 0x80 ? kHigh : (b < 0x20 && !white) || b == 0x7F ? kControl : kOrdinary;
  }
  return t;
}();

bool ends_with_ci(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && base::iequals_ascii(s.substr(s.size() - end.size()), end);
}

std::string_view skip_space(std::string_view s) {
  const std::size_t k = s.find_first_not_of(" \t\r\n\f\v");
  return k == s.npos ? std::string_view{} : s.substr(k);
}

// The name of the root element, without what precedes it.
std::string_view root_of(std::string_view s) {
  for (int i = 0; i < 64; ++i) {
    s = skip_space(s);
    if (!s.starts_with('<')) return {};
    if (s.starts_with("<!--")) {
      const std::size_t end = s.find("-->");
      if (end == s.npos) return {};
      s.remove_prefix(end + 3);
    } else if (s.starts_with("<?") || s.starts_with("<!")) {
      std::size_t end = s.find('>');
      if (s.starts_with("<!") && s.find('[') < end) end = s.find("]>");  // with an internal subset
      if (end >= s.size()) return {};
      s.remove_prefix(end + (s[end] == ']' ? 2 : 1));
    } else {
      return s.substr(1, s.find_first_of(" \t\r\n/>", 1) - 1);
    }
  }
  return {};
}

std::string_view xml(std::string_view s) {
  std::string_view root = root_of(s);
  const std::string_view whole = root;
  if (const std::size_t colon = root.find(':'); colon != root.npos) root.remove_prefix(colon + 1);
  if (root == "kml") return types::kKml;
  if (root == "gpx") return types::kGpx;
  if (root == "svg") return types::kSvg;
  if (root == "FictionBook") return types::kFb2;
  if (base::iequals_ascii(root, "html")) return types::kXhtml;
  if (whole == "office:document") return "application/vnd.oasis.opendocument.text-flat-xml";
  return types::kXml;
}

constexpr std::string_view kHtmlTags[] = {
    "html", "head", "body",   "title",  "meta",       "table", "div",   "p",        "br",      "a",
    "b",    "i",    "font",   "script", "style",      "h1",    "h2",    "h3",       "h4",      "center",
    "img",  "span", "tr",     "td",     "ul",         "ol",    "li",    "link",     "base",    "hr",
    "form", "pre",  "strong", "em",     "blockquote", "tt",    "input", "frameset", "bgsound", "th"};

bool is_html_tag(std::string_view name) {
  for (const std::string_view t : kHtmlTags)
    if (base::iequals_ascii(name, t)) return true;
  return false;
}

// Tags of HTML in the text: how many, up to `enough`.
int count_tags(std::string_view s, int enough) {
  int n = 0;
  for (std::size_t at = s.find('<'); at != s.npos && n < enough; at = s.find('<', at + 1)) {
    std::string_view tag = s.substr(at + 1, 16);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    std::size_t k = 0;
    while (k < tag.size() && std::isalnum(static_cast<unsigned char>(tag[k]))) ++k;
    if (k == tag.size() ||
        (tag[k] != '>' && tag[k] != ' ' && tag[k] != '\n' && tag[k] != '\r' && tag[k] != '/'))
      continue;
    n += is_html_tag(tag.substr(0, k));
  }
  return n;
}

bool is_html(std::string_view s, std::string_view name) {
  const std::string_view start = s.substr(0, 4096);
  if (base::starts_with_ci(s, "<!doctype html") || base::starts_with_ci(s, "<html") ||
      base::starts_with_ci(s, "<head"))
    return true;
  const bool named =
      ends_with_ci(name, ".html") || ends_with_ci(name, ".htm") || ends_with_ci(name, ".xhtml");
  if (s.starts_with('<') && !s.starts_with("<?php")) {
    if (count_tags(start, 2) >= (named ? 1 : 2)) return true;
    const std::string_view root = root_of(s);
    if (root.size() > 1 && is_html_tag(root)) return true;
  }
  return named && count_tags(s, 3) >= 1;
}

bool is_json(std::string_view s, std::string_view name) {
  if (!s.starts_with('{') && !s.starts_with('[')) return false;
  const std::string_view next = skip_space(s.substr(1));
  if (next.empty()) return ends_with_ci(name, ".json");
  if (s[0] == '{')
    return next[0] == '}' || (next[0] == '"' && next.find(':') != next.npos);
  if (ends_with_ci(name, ".json") || ends_with_ci(name, ".geojson") || ends_with_ci(name, ".jsonl"))
    return true;
  if (next[0] == '{' || next[0] == ']') return is_json(next, ".json") || next[0] == ']';
  if (next[0] == '"' || next[0] == '[') return next.find("\",") != next.npos || next.find("],") != next.npos;
  return (next[0] == '-' || (next[0] >= '0' && next[0] <= '9')) && next.find(',') != next.npos &&
         next.find_first_not_of("0123456789.eE+-, \r\n\t[]") == next.npos;
}

std::string_view json(std::string_view s, std::string_view name) {
  const auto has = [&](std::string_view what) { return s.find(what) != s.npos; };
  if (ends_with_ci(name, ".geojson") || has("\"FeatureCollection\"") ||
      (has("\"geometry\"") && has("\"coordinates\"") && has("\"Feature\"")))
    return types::kGeojson;
  const bool message =
      has("\"messages\"") && (has("\"date_unixtime\"") || (has("\"from_id\"") && has("\"text\"")));
  if (message && has("\"type\"")) return types::kTelegram;
  if (has("\"about\"") && has("\"chats\"") && has("Telegram")) return types::kTelegram;
  return types::kJson;
}

// Rows of equally many fields by one delimiter.
bool is_regular(std::string_view s, char delimiter) {
  std::size_t rows = 0, fields = 0;
  while (rows < 12 && !s.empty()) {
    const std::size_t end = s.find('\n');
    if (end == s.npos && rows) break;
    const std::string_view line = s.substr(0, end);
    s.remove_prefix(end == s.npos ? s.size() : end + 1);
    std::size_t n = 0;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      else if (c == delimiter && !quoted) ++n;
    }
    if (quoted) return rows >= 3;
    if (n == 0 || (rows && n != fields)) return false;
    if (line.size() / (n + 1) > 120) return false;
    fields = n, ++rows;
  }
  return rows >= 3 && fields >= (delimiter == ',' ? 2u : 1u);
}

bool is_mbox(std::string_view s) {
  if (!s.starts_with("From ")) return false;
  const std::size_t end = s.find('\n');
  if (end == s.npos || end > 400) return false;
  const std::string_view line = s.substr(0, end);
  // "From sender date": a year or a time stands in it.
  bool colon = false;
  for (std::size_t i = 1; i + 1 < line.size(); ++i)
    colon |= line[i] == ':' && std::isdigit(static_cast<unsigned char>(line[i - 1])) &&
             std::isdigit(static_cast<unsigned char>(line[i + 1]));
  std::string_view rest = s.substr(end + 1);
  while (rest.starts_with('>')) {  // ">From " lines that some add
    const std::size_t k = rest.find('\n');
    if (k == rest.npos) return colon;
    rest.remove_prefix(k + 1);
  }
  return colon || looks_like_headers(rest);
}

constexpr std::string_view kSureHeaders[] = {"received",
                                             "return-path",
                                             "delivered-to",
                                             "message-id",
                                             "mime-version",
                                             "x-mailer",
                                             "x-mozilla-status",
                                             "envelope-to",
                                             "x-originating-ip",
                                             "dkim-signature",
                                             "references",
                                             "in-reply-to",
                                             "content-type",
                                             "content-transfer-encoding",
                                             "resent-from",
                                             "x-uidl",
                                             "x-received",
                                             "authentication-results",
                                             "x-original-to",
                                             "list-id",
                                             "x-apparently-to",
                                             "arc-seal",
                                             "x-gmail-labels",
                                             "x-gm-thrid",
                                             "status",
                                             "sender",
                                             "errors-to",
                                             "reply-to",
                                             "x-sender",
                                             "x-from-line",
                                             "content-disposition"};
constexpr std::string_view kHeaders[] = {"from", "to", "cc", "bcc", "subject", "date", "sent"};

}  // namespace

bool looks_like_headers(std::string_view s) {
  int sure = 0, common = 0, lines = 0;
  for (; !s.empty() && lines < 60; ++lines) {
    const std::size_t end = s.find('\n');
    std::string_view line = s.substr(0, end);
    s.remove_prefix(end == s.npos ? s.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if (lines && (line[0] == ' ' || line[0] == '\t')) continue;
    const std::size_t colon = line.find(':');
    if (colon == line.npos || colon == 0 || colon > 76) {
      if (sure >= 2 && common >= 1) continue;  // a broken line among many good ones
      return false;
    }
    const std::string_view field = line.substr(0, colon);
    for (const char c : field)
      if (c <= ' ' || c > '~') {
        if (sure >= 2 && common >= 1) break;
        return false;
      }
    if (base::starts_with_ci(field, "x-")) ++sure;
    for (const std::string_view h : kSureHeaders)
      if (base::iequals_ascii(field, h)) ++sure;
    for (const std::string_view h : kHeaders)
      if (base::iequals_ascii(field, h)) ++common;
  }
  return sure + common >= 2 && (sure >= 1 || common >= 3);
}

bool looks_like_text(std::string_view head) {
  if (const std::string_view wide = wide_charset(head); !wide.empty()) return true;
  if (head.empty()) return false;
  head = head.substr(0, kLookBytes);
  std::array<std::size_t, 4> n{};
  for (const char c : head) ++n[kClasses[static_cast<unsigned char>(c)]];
  const std::size_t controls = n[kControl] + n[kZero], zeros = n[kZero];
  if (zeros * 1000 > head.size() || (zeros && head.size() < 1000)) return false;
  if (!n[kHigh]) return controls * 20 <= head.size();
  std::size_t bad = 0, good = 0;
  for (std::size_t i = skip_ascii(head, 0); i < head.size(); i = skip_ascii(head, i)) {
    const std::size_t before = i;
    const char32_t c = base::next_code_point(head, i);
    if (c == 0xFFFD && i == before + 1) bad += head.size() - before > 4;
    else good += i > before + 1;
  }
  if (bad * 20 <= good) return controls * 20 <= head.size();
  return controls * 200 <= head.size();
}

std::string_view text(std::string_view head, std::string_view name, bool whole) {
  std::string storage;
  if (const std::string_view wide = wide_charset(head); !wide.empty()) {
    const std::string_view bare = head.substr(mark_bytes(head, wide));
    if (wide == "utf-8") head = bare;
    else storage = decode_as(bare, wide), head = storage;
  }
  const std::string_view s = skip_space(head);
  if (s.empty()) return types::kPlain;
  if (s.starts_with("{\\rtf")) return types::kRtf;
  if (s.starts_with('<')) {
    const std::string_view t = xml(s);
    if (t != types::kXml && t != types::kXhtml) return t;
    if (s.starts_with("<?xml"))
      return t == types::kXml && root_of(s).size() > 1 && is_html_tag(root_of(s)) ? types::kHtml : t;
    if (is_html(s, name)) return types::kHtml;
    if (ends_with_ci(name, ".xml") || s.find("xmlns") != s.npos) return t;
  }
  if (s.starts_with('{') || s.starts_with('['))
    if (is_json(s, name)) return json(s, name);
  if (base::starts_with_ci(s, "BEGIN:VCARD")) return types::kVcard;
  if (base::starts_with_ci(s, "BEGIN:VCALENDAR")) return types::kCalendar;
  if (is_mbox(head)) {
    // One message that kept its separator is a message. The mail reader looks again in longer ones.
    const bool single =
        whole && head.find("\n\nFrom ", 5) == head.npos && head.find("\n\r\nFrom ", 5) == head.npos;
    return single || ends_with_ci(name, ".eml") ? types::kMail : types::kMbox;
  }
  if (looks_like_headers(s)) return types::kMail;
  if (s.starts_with("%!PS") || s.starts_with("\x04%!PS")) return types::kPostscript;
  if (looks_like_whatsapp(s)) return types::kWhatsapp;
  if (is_html(s, name)) return types::kHtml;
  if (ends_with_ci(name, ".tsv") || ends_with_ci(name, ".tab")) return types::kTsv;
  if (ends_with_ci(name, ".csv")) return types::kCsv;
  if (!ends_with_ci(name, ".txt") && !ends_with_ci(name, ".md") && !ends_with_ci(name, ".log"))
    for (const char d : {',', ';', '\t', '|'})
      if (is_regular(s, d)) return d == '\t' ? types::kTsv : types::kCsv;
  return types::kPlain;
}

}  // namespace extract::sniff
